"""What the coverage of the book should reach, what it has reached, and which of it must never be lost again.

One table, read by the page *What is covered* and by the guard (`tests/test_coverage.py`). `met` says whether the goal
holds today. The guard asks for both: a goal that holds must go on holding, and one that came to hold must be said so
here, by whoever brought it there. `kept` is how much of a goal that does not hold yet must stay.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from lscbook.evidence.fields import BY_THEME
from lscbook.evidence.findings import ResistanceFinding
from lscbook.synthesis import coverage, pooling, strength
from lscbook.synthesis.book import Book


@dataclass(frozen=True)
class Goal:
    """A sentence of what should be, how much is enough, and whether it is reached.

    `least` is a number of things, or a share of all of them where `share` is set; then 1 means every one.
    """

    id: str
    says: str
    least: float
    met: bool
    share: bool = False
    kept: int = 0

    @property
    def asks(self) -> str:
        """How much is enough, in words."""
        if not self.share:
            return f"{self.least:g}"
        return "every one" if self.least == 1 else f"{self.least:.0%}"


@dataclass(frozen=True)
class Measured:
    """A goal as the book stands: how many, of how many where it is a share, and what is short by name."""

    goal: Goal
    number: int
    of: int = 0
    short: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether enough is there; a share of nothing is not."""
        if self.goal.share:
            return self.of > 0 and self.number >= self.goal.least * self.of
        return self.number >= self.goal.least

    @cached_property
    def told(self) -> str:
        """What is there, in words."""
        if not self.goal.share:
            return f"{self.number:,}"
        return f"{self.number:,} of {self.of:,}" + (f" ({self.number / self.of:.1%})" if self.of else "")


GOALS: tuple[Goal, ...] = (
    Goal("papers", "Papers with findings", 260, met=True),
    Goal("findings", "Findings that count", 520, met=True),
    Goal("screened", "Papers judged in or out", 600, met=True),
    Goal("subjects", "Subjects of the seed review with 20 findings from 10 independent studies", 1, met=True,
         share=True),
    Goal("targets", "Targets with two independent studies, or a search that left nothing more to curate", 1, met=True,
         share=True),
    Goal("failures", "Targets that came to a trial, with a finding against, of harm or not decided", 1, met=False,
         share=True, kept=25),
    Goal("mechanisms", "Mechanisms with a finding, or a search that left nothing more to curate", 1, met=True,
         share=True),
    Goal("cells", "Mechanisms × classes of therapy with a finding, or a search that left nothing more to curate", 1,
         met=True, share=True),
    Goal("markers", "Markers told on LSCs and on normal HSCs", 1, met=False, share=True, kept=20),
    Goal("MDS", "Papers with a finding on MDS, of all papers", 0.25, met=True, share=True),
    Goal("against", "Findings against or not decided, of all that count", 0.20, met=True, share=True),
    Goal("recent", "Papers since 2022, of all papers", 0.30, met=True, share=True),
    Goal("functional", "Chapters with functional evidence: a xenograft, or a clone that was followed", 1, met=True,
         share=True),
    Goal("effects of surveillance", "Effects with an interval in surveillance", 25, met=True),
    Goal("effects of targets", "Effects with an interval in targets", 25, met=True),
    Goal("pooled", "Cells of test, time, end point and contrast that could be pooled", 1, met=False),
)  # fmt: skip
SINCE = 2022
SUBJECT_FINDINGS, SUBJECT_STUDIES = 20, 10  # enough on a subject; a choice of ours


def measure(book: Book) -> list[Measured]:
    """Every goal against the book, in the order of the table."""
    return [_MEASURES[goal.id](book, goal) for goal in GOALS]


def _papers(book: Book, goal: Goal) -> Measured:
    return Measured(goal, len(book.evidence.entries))


def _findings(book: Book, goal: Goal) -> Measured:
    return Measured(goal, len(book.evidence.counted))


def _screened(book: Book, goal: Goal) -> Measured:
    return Measured(goal, len(book.decisions))


def _subjects(book: Book, goal: Goal) -> Measured:
    told = coverage.subjects(book.evidence)
    return _every(goal, {s.name: len(s.findings) >= SUBJECT_FINDINGS and s.studies >= SUBJECT_STUDIES for s in told})


def _targets(book: Book, goal: Goal) -> Measured:
    told = coverage.targets(book.evidence, book.vocabulary, book.searches)
    return _every(goal, {t.count.name: t.covered for t in told})


def _failures(book: Book, goal: Goal) -> Measured:
    told = coverage.targets(book.evidence, book.vocabulary, book.searches)
    return _every(goal, {t.count.name: t.failures > 0 for t in told if t.tried})


def _mechanisms(book: Book, goal: Goal) -> Measured:
    told = coverage.mechanisms(book.evidence, book.vocabulary, book.searches)
    named = {f.finding.mechanism for f in book.evidence.of_type(ResistanceFinding)}
    return _every(goal, {m.name: m.name in named or not m.open for m in told})


def _cells(book: Book, goal: Goal) -> Measured:
    told = coverage.mechanisms(book.evidence, book.vocabulary, book.searches)
    here = sum(len(m.counted) + len(m.searched) for m in told)
    return Measured(goal, here, here + sum(len(m.open) for m in told))


def _markers(book: Book, goal: Goal) -> Measured:
    told = coverage.markers(book.evidence, book.vocabulary)
    return _every(goal, {m.name: bool(m.on_lsc and m.on_hsc) for m in told})


def _mds(book: Book, goal: Goal) -> Measured:
    papers = {f.entry.key for f in book.evidence.counted if "MDS" in strength.parts_of(f, book.vocabulary)}
    return Measured(goal, len(papers), len(book.evidence.entries))


def _against(book: Book, goal: Goal) -> Measured:
    return Measured(goal, len(coverage.directed_away(book.evidence.counted)), len(book.evidence.counted))


def _recent(book: Book, goal: Goal) -> Measured:
    return Measured(goal, len(coverage.since(book.evidence, SINCE)), len(book.evidence.records))


def _functional(book: Book, goal: Goal) -> Measured:
    told = coverage.functional(book.evidence)
    return _every(goal, {BY_THEME[theme].chapter: any(kinds.values()) for theme, kinds in told.items()})


def _effects(theme: str) -> Callable[[Book, Goal], Measured]:
    return lambda book, goal: Measured(goal, len(coverage.with_interval(book.evidence, theme)))


def _pooled(book: Book, goal: Goal) -> Measured:
    return Measured(goal, sum(a.ratio is not None for a in pooling.answers(book.evidence)))


def _every(goal: Goal, there: dict[str, bool]) -> Measured:
    return Measured(goal, sum(there.values()), len(there), tuple(sorted(n for n, is_ in there.items() if not is_)))


_MEASURES: dict[str, Callable[[Book, Goal], Measured]] = {
    "papers": _papers,
    "findings": _findings,
    "screened": _screened,
    "subjects": _subjects,
    "targets": _targets,
    "failures": _failures,
    "mechanisms": _mechanisms,
    "cells": _cells,
    "markers": _markers,
    "MDS": _mds,
    "against": _against,
    "recent": _recent,
    "functional": _functional,
    "effects of surveillance": _effects("surveillance"),
    "effects of targets": _effects("target"),
    "pooled": _pooled,
}
