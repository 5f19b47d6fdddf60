"""Words that explain themselves: ``{gloss}`LSC``` in prose, and the page that lists them all."""

import re
from functools import cache

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from lscbook import addresses, vocabulary
from lscbook.figures.tables import Table
from lscbook.site.cards import with_card
from lscbook.text import escape_html as esc

_TITLED = re.compile(r"(.+?)\s*<(.+)>")


@cache
def words() -> dict[str, vocabulary.Word]:
    """The glossary, read once a build."""
    return vocabulary.glossary()


class GlossRole(SphinxRole):
    """A word with its meaning; ``{gloss}`stem cells <LSC>``` shows other words than the id."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The link and its card; an unknown word is a warning, and so an error of the build."""
        titled = _TITLED.fullmatch(self.text)
        shown, identifier = (titled[1], titled[2]) if titled else (self.text, self.text)
        word = words().get(identifier)
        if word is None:
            message = self.inliner.reporter.warning(
                f"{{gloss}} {identifier}: no such word; add it to data/vocabulary/glossary.yaml", line=self.lineno
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        href = f"{addresses.UP}book/glossary.html#{anchor(identifier)}"
        card = f'<span class="claim">{_name(word)}{esc(word.meaning)}</span>'
        return [
            nodes.raw("", with_card(esc(href), esc(shown), card, self.env.new_serialno("card"), "gloss"), format="html")
        ], []


def anchor(identifier: str) -> str:
    """The HTML id of a word on the glossary page."""
    return f"word-{addresses.slug(identifier)}"


def _name(word: vocabulary.Word) -> str:
    return f"<b>{esc(word.name)}</b>: " if word.name else ""


def listed() -> Table:
    """Every word with its meaning."""
    items = "".join(
        f'<dt id="{anchor(word.id)}">{esc(word.id)}</dt><dd>{_name(word)}{esc(word.meaning)}</dd>'
        for word in words().values()
    )
    return Table(f'<dl class="glossary">{items}</dl>')
