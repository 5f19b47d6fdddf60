"""What the page *The literature* shows: the snapshot and its bias, years, terms, pairs, and the living map of gaps."""

from collections import Counter
from collections.abc import Callable

from markupsafe import Markup

from lscbook.errors import NotEstimable
from lscbook.figures import literature as figures
from lscbook.figures.charts import Figure
from lscbook.figures.html import Macros
from lscbook.site.opened import Site
from lscbook.site.strength import shown
from lscbook.synthesis import gaps
from lscbook.synthesis import trends as snapshot
from lscbook.synthesis.book import Book
from lscbook.synthesis.gaps import Row

HEADS = {"targets": "Target", "mechanisms": "Mechanism"}
THEME = {"targets": ("target", "target"), "mechanisms": ("resistance", "mechanism")}  # of the browser
SIGNS = {gaps.SEARCHED: "∅", gaps.WRITTEN: "✎", gaps.NOT_SEARCHED: "?"}


def _macros(site: Site) -> Macros:
    return site.html.macros("snapshot.html", signs=SIGNS, states=gaps.STATES, heads=HEADS, theme_of=THEME)


def _rows(site: Site) -> list[Row]:
    book = site.book
    return gaps.rows(book.evidence, book.vocabulary, book.corpus.records.values(), book.decisions, book.searches)


def bias(site: Site) -> Markup:
    """Where the records come from, by origin."""
    return _macros(site).bias(snapshot.bias(site.book.corpus.records.values()))


def years(site: Site) -> Markup:
    """Papers by year and theme."""
    return _made(site, figures.years)


def trends(site: Site) -> Markup:
    """Terms that rise or fade."""
    return _made(site, figures.trends)


def together(site: Site) -> Markup:
    """Targets and therapies that are named together."""
    return _made(site, figures.together)


def _made(site: Site, draw: Callable[[Book], Figure]) -> Markup:
    try:
        return shown(draw(site.book))
    except NotEstimable as error:
        return shown(str(error))


def standings(site: Site) -> Markup:
    """Targets by how far they came, and mechanisms by where they were seen, with names."""
    found = _rows(site)
    groups = {
        kind: [(name, [r for r in found if r.kind == kind and r.standing == name]) for name in names]
        for kind, names in gaps.STANDINGS.items()
    }
    return _macros(site).standings(groups)


def gap_map(site: Site) -> Markup:
    """The map: a filter that scripts bring, and a table a kind of term."""
    found = _rows(site)
    counted = Counter(r.standing for r in found)
    parts = {kind: [r for r in found if r.kind == kind] for kind in gaps.KINDS}
    standings_ = [(name, counted[name]) for names in gaps.STANDINGS.values() for name in dict.fromkeys(names)]
    return _macros(site).gap_map(parts, gaps.KINDS, list(dict.fromkeys(standings_)))
