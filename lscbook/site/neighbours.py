"""What the page *Methods* shows of CIViC: its items beside our findings of the same papers."""

from itertools import groupby

from markupsafe import Markup

from lscbook.site.opened import Site
from lscbook.synthesis import neighbours
from lscbook.synthesis.neighbours import ABSENT, AGREES, DISAGREES, OTHER, UNCURATED

# What a verdict says in the table.
TOLD = {
    AGREES: "agree",
    DISAGREES: "disagree",
    OTHER: "ask different things",
    UNCURATED: "CIViC alone: no finding here yet",
}


def beside_civic(site: Site) -> Markup:
    """How many items agree, disagree, or ask something else; then each of a paper that the snapshot has."""
    listed = site.book.beside_civic
    shown = [one for one in listed if one.verdict != ABSENT]
    papers = [(pmid, list(found)) for pmid, found in groupby(shown, key=lambda one: one.item.pmid)]
    records = {pmid: site.book.corpus.records[pmid] for pmid, _ in papers if pmid in site.book.corpus.records}
    return site.html.macros("neighbours.html").beside(
        neighbours.numbers(listed), papers, records, TOLD, len(neighbours.beyond(listed, site.book.evidence)),
        len({one.item.pmid for one in listed}),
    )  # fmt: skip


def questions(site: Site) -> Markup:
    """What both answer on any paper, with how many say yes and no."""
    book = site.book
    return site.html.macros("neighbours.html").questions(
        neighbours.questions(book.civic, book.evidence, book.vocabulary)
    )
