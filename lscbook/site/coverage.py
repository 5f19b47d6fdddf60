"""What the page *What is covered* shows: goals, subjects, and every word of the vocabulary with what is behind it."""

from markupsafe import Markup

from lscbook.figures.html import Macros
from lscbook.site.opened import Site
from lscbook.synthesis import coverage, goals

CHAPTERS = {
    "evolution": "Clonal evolution",
    "identity": "LSC identity",
    "resistance": "Resistance",
    "surveillance": "Surveillance",
    "target": "Targets",
}


def _macros(site: Site) -> Macros:
    return site.html.macros("coverage.html")


def table(site: Site) -> Markup:
    """Every goal with what is there."""
    return _macros(site).goals(goals.measure(site.book))


def subjects(site: Site) -> Markup:
    """The subjects of the review that the book grew out of."""
    return _macros(site).subjects(coverage.subjects(site.book.evidence))


def functional(site: Site) -> Markup:
    """Xenografts and followed clones, by chapter."""
    return _macros(site).functional(coverage.functional(site.book.evidence), CHAPTERS)


def targets(site: Site) -> Markup:
    """Every target, and by name those that are short."""
    book = site.book
    return _macros(site).targets(coverage.targets(book.evidence, book.vocabulary, book.searches))


def mechanisms(site: Site) -> Markup:
    """Every mechanism against every class of therapy."""
    book = site.book
    told = coverage.mechanisms(book.evidence, book.vocabulary, book.searches)
    return _macros(site).mechanisms(told, len(book.vocabulary.classes("therapies")))


def markers(site: Site) -> Markup:
    """Every marker, on LSCs and on normal HSCs."""
    return _macros(site).markers(coverage.markers(site.book.evidence, site.book.vocabulary))
