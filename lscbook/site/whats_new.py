"""The page What's new: day by day, the newest first, folded by chapter."""

from dataclasses import dataclass

from markupsafe import Markup

from lscbook.evidence import fields
from lscbook.evidence.store import Located
from lscbook.figures.html import Macros
from lscbook.site.opened import Site
from lscbook.synthesis import changes
from lscbook.synthesis.changes import Day, counted
from lscbook.synthesis.counts import stances

OPEN = 6  # papers of a chapter that are shown unfolded
SHOWN = 15  # papers of a fold; the data hold every one


@dataclass(frozen=True)
class Chapter:
    """What one day brought to one chapter: its papers by author, each with its findings."""

    name: str
    papers: list[list[Located]]

    @property
    def findings(self) -> int:
        """Number of findings."""
        return sum(map(len, self.papers))

    @property
    def tallied(self) -> dict[str, int]:
        """Its findings by what they say."""
        return stances(f for members in self.papers for f in members)


def whats_new(site: Site) -> Markup:
    """Every day on which something changed, with an anchor each."""
    book = site.book
    return _macros(site).page(book.days, changes.undated(book.evidence, book.notices))


def day(site: Site, shown: Day) -> Markup:
    """One day: its summary, what stands otherwise, what was entered, what was harvested."""
    return _macros(site).day_section(shown)


def _macros(site: Site) -> Macros:
    return site.html.macros(
        "whats_new.html",
        open_papers=OPEN,
        shown=SHOWN,
        counted=counted,
        told=changes.told,
        harvested=changes.harvested,
        sentence=_sentence,
        chapters_of=_chapters,
    )


def _sentence(day: Day) -> str:
    text = "; ".join(day.summary())
    return text[:1].upper() + text[1:] + "."


def _chapters(day: Day) -> list[Chapter]:
    """The chapters in which findings were entered on the day."""
    return [Chapter(_name(theme), _by_paper(found)) for theme, found in day.by_chapter().items()]


def _name(theme: str) -> str:
    name = fields.BY_THEME[theme].chapter.replace("-", " ").capitalize()
    return name.replace("Lsc", "LSC")


def _by_paper(found: list[Located]) -> list[list[Located]]:
    papers: dict[str, list[Located]] = {}
    for located in sorted(found, key=lambda f: (f.record.first_author.lower(), f.record.year, f.reference)):
        papers.setdefault(located.entry.key, []).append(located)
    return list(papers.values())
