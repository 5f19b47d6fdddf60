"""Words that explain themselves: ``{gloss}`LSC``` in prose, and the page that lists them all."""

import re

from docutils import nodes
from markupsafe import Markup
from sphinx.util.docutils import SphinxRole

from lscbook import addresses
from lscbook.site import opened
from lscbook.site.opened import Site
from lscbook.vocabulary import GROUPS, Word

_TITLED = re.compile(r"(.+?)\s*<(.+)>")


class GlossRole(SphinxRole):
    """A word with its meaning; ``{gloss}`stem cells <LSC>``` shows other words than the id."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The link and its card; an unknown word is a warning, and so an error of the build."""
        titled = _TITLED.fullmatch(self.text)
        shown, identifier = (titled[1], titled[2]) if titled else (self.text, self.text)
        site = opened.of_env(self.env)
        word = site.book.glossary.get(identifier)
        if word is None:
            message = self.inliner.reporter.warning(
                f"{{gloss}} {identifier}: no such word; add it to data/vocabulary/glossary.yaml", line=self.lineno
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        href = f"{addresses.UP}book/glossary.html#{anchor(identifier)}"
        made = site.html.macros("citations.html").word(href, shown, word, self.env.new_serialno("card"))
        return [nodes.raw("", str(made), format="html")], []


def anchor(identifier: str) -> str:
    """The HTML id of a word on the glossary page."""
    return f"word-{addresses.slug(identifier)}"


def listed(site: Site) -> Markup:
    """Every word with its meaning, then every abbreviation with its long form, by what it is of."""
    words = site.book.glossary.values()

    def anchored(group: str) -> list[tuple[str, Word]]:
        return [(anchor(word.id), word) for word in words if word.group == group]

    groups = [(heading, found) for group, heading in GROUPS.items() if (found := anchored(group))]
    return site.html.macros("citations.html").glossary(anchored(""), groups)
