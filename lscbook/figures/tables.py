"""Tables of findings as HTML: a row a finding, cards on a phone, readable without a script."""

from dataclasses import dataclass

from markupsafe import Markup

from lscbook import addresses
from lscbook.evidence.store import Located
from lscbook.figures import place
from lscbook.figures.html import Html
from lscbook.synthesis.book import Book
from lscbook.synthesis.conflicts import Conflict
from lscbook.synthesis.counts import strongest_first

SHOWN = 20
CARDS = 3
AGAINST = "does_not_support"


@dataclass(frozen=True)
class Table:
    """HTML that a notebook displays."""

    html: Markup

    def _repr_html_(self) -> str:
        return place.dressed(str(self.html))


def findings(book: Book, theme: str) -> Table:
    """The strongest counted findings of a theme; those against stand in `contradictions`, the rest in the browser."""
    found = [f for f in book.evidence.of_theme(theme) if f.finding.stance != AGAINST]
    return _strongest(book, found, f"Findings on {theme}", theme=theme)


def contradictions(book: Book, theme: str) -> Table:
    """The strongest findings of a theme that do not support their propositions, but those on the cards beside them."""
    against = [f for f in book.evidence.of_theme(theme) if f.finding.stance == AGAINST]
    if not against:
        return Table(Markup("<p>No finding against is curated yet. That is a gap of ours, not a proof.</p>"))
    told = {f.reference for conflict in on_cards(book, theme) for f in (conflict.pairs[0].one, conflict.pairs[0].other)}
    others = [f for f in against if f.reference not in told]
    return _strongest(book, others, f"Findings against, on {theme}", theme=theme, direction=AGAINST)


def _strongest(book: Book, found: list[Located], caption: str, **filters: str) -> Table:
    """As many rows as a reader of a page looks at, and a link to all of them."""
    rows = strongest_first(found)[:SHOWN]
    return Table(Html(book).marks.table(rows, caption, total=len(found), whole=addresses.view(**filters)))


def background(book: Book, theme: str) -> Table:
    """What papers say around a theme without testing it: premises, open questions; counted nowhere."""
    found = strongest_first(book.evidence.context_of(theme))
    return Table(Html(book).marks.background(found))


def conflicts(book: Book, theme: str) -> Table:
    """Cards of the weightiest conflicts of a theme; the page *Strength and conflict* has all of them."""
    return Table(Html(book).macros("conflicts.html").first(on_cards(book, theme), len(_conflicts(book, theme))))


def on_cards(book: Book, theme: str) -> list[Conflict]:
    """The conflicts that a chapter shows, the weightiest first."""
    return _conflicts(book, theme)[:CARDS]


def _conflicts(book: Book, theme: str) -> list[Conflict]:
    return [c for c in book.conflicts if c.findings[0].finding.theme == theme]
