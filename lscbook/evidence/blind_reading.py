"""Blind readings: findings of a drawn sample, each read beside its abstract by somebody who saw neither before.

`data/readings/blind.tsv` keeps one line a finding and reading (3 was the first of the new model): five questions, each
yes or no (does the source say the claim; is the proposition what the source addresses; are direction, study with level,
and population right), and whether a reader who sees the fields alone would be misled (`material`). A finding that was
mended since, or taken out, keeps its line: the rate is that of the day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lscbook import paths
from lscbook.evidence import rules
from lscbook.evidence.fields import BY_THEME
from lscbook.screening.ledger import Ledger

FILE = paths.DATA / "readings" / "blind.tsv"
QUESTIONS = ("claim", "proposition", "direction", "study", "population")
ANSWERS = ("yes", "no")
LEFT = "left the book"  # so begins the note of a finding that was taken out since


@dataclass(frozen=True, order=True)
class BlindReading:
    """What a reader answered of one finding in one reading of a drawn sample."""

    reading: str
    date: str
    finding: str
    theme: str
    claim: str
    proposition: str
    direction: str
    study: str
    population: str
    material: str
    note: str = ""


@dataclass(frozen=True)
class Rate:
    """So many wrong of so many, with the 95 % interval of Wilson."""

    what: str
    wrong: int
    read: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Wrong of read, from 0 to 1."""
        return self.wrong / self.read


def _rules(row: BlindReading) -> Iterator[tuple[str, str, str]]:
    for name in (*QUESTIONS, "material"):
        if getattr(row, name) not in ANSWERS:
            yield name, repr(getattr(row, name)), f"allowed are {', '.join(ANSWERS)}"
    if row.theme not in BY_THEME:
        yield "theme", repr(row.theme), f"allowed are {', '.join(BY_THEME)}"
    if row.material == "yes" and not row.note:
        yield "note", "empty", "say what would mislead, and the right value"
    if not row.reading.isdecimal():
        yield "reading", repr(row.reading), "its number, such as 3"
    yield from (("date", *fault) for fault in rules.broken("date", row.date))


LEDGER = Ledger(BlindReading, lambda row: (int(row.reading), row.finding), _rules)


def read(path: Path = FILE) -> list[BlindReading]:
    """Every blind reading, in the order of the file.

    Raises:
        LedgerInvalid: a line breaks the rules of the file; the message names it.
    """
    return LEDGER.read(path)


def rates(readings: Iterable[BlindReading]) -> list[Rate]:
    """Material errors in all, by theme in the order of the chapters, and wrong answers by question.

    >>> one = BlindReading("3", "2026-01-01", "1/1", "target", "yes", "no", "yes", "yes", "yes", "yes", "another arm")
    >>> [(r.what, r.wrong, r.read) for r in rates([one])][:3]
    [('material errors', 1, 1), ('target', 1, 1), ('claim', 0, 1)]
    """
    rows = list(readings)
    if not rows:
        return []
    by_theme = {theme: [r.material == "yes" for r in rows if r.theme == theme] for theme in BY_THEME}
    return [
        _rate("material errors", [r.material == "yes" for r in rows]),
        *(_rate(theme, told) for theme, told in by_theme.items() if told),
        *(_rate(question, [getattr(r, question) == "no" for r in rows]) for question in QUESTIONS),
    ]


def _rate(what: str, wrong: list[bool]) -> Rate:
    from scipy.stats import binomtest  # noqa: PLC0415  takes a second to load, and one page asks

    interval = binomtest(sum(wrong), len(wrong)).proportion_ci(method="wilson")
    return Rate(what, sum(wrong), len(wrong), float(interval.low), float(interval.high))
