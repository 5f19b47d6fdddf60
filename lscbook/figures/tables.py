"""Tables of findings as HTML: a row a finding, cards on a phone, readable without a script."""

from dataclasses import dataclass

from markupsafe import Markup

from lscbook.figures.html import Html
from lscbook.synthesis.book import Book
from lscbook.synthesis.counts import strongest_first


@dataclass(frozen=True)
class Table:
    """HTML that a notebook displays."""

    html: Markup

    def _repr_html_(self) -> str:
        return str(self.html)


def findings(book: Book, theme: str) -> Table:
    """Every finding of a theme, the strongest first."""
    found = strongest_first(book.evidence.of_theme(theme))
    return Table(Html(book).marks.table(found, f"Findings on {theme}", with_ids=True))


def contradictions(book: Book, theme: str) -> Table:
    """The findings of a theme that do not support its proposition."""
    against = [f for f in book.evidence.of_theme(theme) if f.finding.direction.value == "does_not_support"]
    if not against:
        return Table(Markup("<p>No finding against is curated yet. That is a gap of ours, not a proof.</p>"))
    return Table(Html(book).marks.table(strongest_first(against), f"Findings against, on {theme}"))
