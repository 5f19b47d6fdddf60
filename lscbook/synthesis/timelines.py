"""When a question was opened, and when it was last spoken to: years of papers, as far as they are curated.

The first paper here is the first that is *curated*, and not the first there was: a book of a partial snapshot cannot
know that one. So nothing here is said of priority.

A *landmark* is chosen by a rule and by nobody: a paper since 1994 whose counted finding on stem cells is the first on
its question (a lesion, marker, mechanism, test or target), where at least one later independent study took the question
up. A question that was opened before 1994 is left out, and named.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lscbook.evidence.fields import BY_THEME, RUNGS
from lscbook.evidence.findings import (
    EvolutionFinding,
    Finding,
    IdentityFinding,
    ResistanceFinding,
    SurveillanceFinding,
    TargetFinding,
)
from lscbook.evidence.store import Evidence, Located, LocatedIn
from lscbook.synthesis import frames, studies
from lscbook.synthesis.coverage import TRIAL_STAGES, UNTOLD
from lscbook.vocabulary.approvals import Approval

SINCE = 1994  # the first graft of human leukaemic stem cells
LEAST = 2  # independent studies on a question, and on a target that came to no trial
_UNNAMED = frozenset({"other", UNTOLD})


@dataclass(frozen=True)
class Question:
    """What findings of a theme have in common, and every finding on it, by year."""

    theme: str
    name: str
    findings: tuple[Located, ...]

    @property
    def opened(self) -> Located:
        """The first finding: of the first year, the strongest."""
        return self.findings[0]

    @property
    def first(self) -> int:
        """The year that opened it."""
        return year_of(self.findings[0])

    @property
    def last(self) -> int:
        """The year that last spoke to it."""
        return max(map(year_of, self.findings))

    @cached_property
    def studies(self) -> int:
        """Independent studies."""
        return studies.number(self.findings)


@dataclass(frozen=True)
class Course:
    """A target from its first curated finding to its last trial, with the days on which a regulator approved for it."""

    target: str
    findings: tuple[LocatedIn[TargetFinding], ...]
    approvals: tuple[Approval, ...]

    @property
    def first(self) -> int:
        """The first year."""
        return min(map(year_of, self.findings))

    @property
    def trials(self) -> list[int]:
        """Years of its trials, with repeats."""
        return sorted(year_of(f) for f in self.findings if f.finding.stage in TRIAL_STAGES)

    @property
    def last(self) -> int:
        """The last trial, or the last paper where there was none."""
        return self.trials[-1] if self.trials else max(map(year_of, self.findings))

    @property
    def before(self) -> list[int]:
        """Years of what was found before any patient was treated."""
        return sorted(year_of(f) for f in self.findings if f.finding.stage not in TRIAL_STAGES)


def year_of(located: LocatedIn[Any]) -> int:
    """The year of its paper; 0 where the record tells none."""
    return int(located.record.year or 0)


def subjects_of(finding: Finding) -> tuple[str, ...]:
    """What a finding is on: its lesions, markers, mechanism, test or target; nothing where none is named."""
    if isinstance(finding, EvolutionFinding):
        return finding.lesions
    if isinstance(finding, IdentityFinding):
        return finding.subjects
    word = ""
    if isinstance(finding, ResistanceFinding):
        word = finding.mechanism
    elif isinstance(finding, SurveillanceFinding):
        word = finding.assay
    elif isinstance(finding, TargetFinding):
        word = finding.target
    return () if not word or word in _UNNAMED else (word,)


def questions(evidence: Evidence) -> list[Question]:
    """Every question on stem cells that a dated finding speaks to, by theme, then the year that opened it."""
    found: dict[tuple[str, str], list[Located]] = defaultdict(list)
    for f in evidence.counted:
        if year_of(f) and frames.speaks_of_stem_cells(f.finding):
            for subject in subjects_of(f.finding):
                found[f.finding.theme, subject].append(f)
    made = [Question(theme, name, tuple(_in_time(on))) for (theme, name), on in found.items()]
    return sorted(made, key=lambda q: (list(BY_THEME).index(q.theme), q.first, q.name))


def landmarks(evidence: Evidence) -> list[Question]:
    """The questions whose opening paper is a landmark by the rule above."""
    return [q for q in questions(evidence) if q.first >= SINCE and q.studies >= LEAST]


def opened_before(evidence: Evidence) -> list[Question]:
    """Questions that would be shown and were opened before the rule begins."""
    return [q for q in questions(evidence) if q.first < SINCE and q.studies >= LEAST]


def courses(evidence: Evidence, approved: Iterable[Approval] = ()) -> list[Course]:
    """Major targets, those with the first trial first: with a trial, or with two independent studies."""
    days = list(approved)
    found: dict[str, list[LocatedIn[TargetFinding]]] = defaultdict(list)
    for f in evidence.of_type(TargetFinding):
        if year_of(f):
            found[f.finding.target].append(f)
    made = [
        Course(target, tuple(_in_time(on)), tuple(a for a in days if a.target == target))
        for target, on in found.items()
        if studies.number(on) >= LEAST or any(f.finding.stage in TRIAL_STAGES for f in on)
    ]
    return sorted(made, key=lambda c: (not c.trials, c.trials[:1] or [c.first], c.first, c.target))


def marks(course: Course) -> list[tuple[int, str, str, tuple[LocatedIn[TargetFinding], ...]]]:
    """Year, direction, the highest rung reached with it in that year, and the findings, in order of time."""
    found: dict[tuple[int, str], list[LocatedIn[TargetFinding]]] = defaultdict(list)
    for f in course.findings:
        found[year_of(f), f.finding.stance].append(f)
    return [
        (year, stance, max((f.finding.stage for f in on), key=RUNGS.index), tuple(on))
        for (year, stance), on in sorted(found.items())
    ]


def _in_time(findings: Iterable[LocatedIn[Any]]) -> list[Any]:
    """By year, then the strongest level, then the reference."""
    return sorted(findings, key=lambda f: (year_of(f), f.finding.level, f.reference))
