"""The summary of findings that opens a page: best evidence for and against, how far, on which cells, what lacks.

It says what the curated findings say and nothing wider: where none is from people, the nearest kind of study stands
there and is called so; where nothing is told, it says that nothing is.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lscbook.evidence.fields import CELLS, POPULATIONS, RUNGS
from lscbook.evidence.findings import EvolutionFinding, IdentityFinding, TargetFinding
from lscbook.evidence.store import Located, of_type
from lscbook.synthesis import profiles
from lscbook.synthesis.counts import strongest_first
from lscbook.synthesis.strength import PATIENTS, TIER_OF
from lscbook.synthesis.subjects import Subject
from lscbook.vocabulary.approvals import Approval

_ALWAYS_ASKED, NOT_TOLD = ("LSC", "HSC", "blasts"), ("not reported",)  # what a target must be and must not be on
# by the row *against*, and at the foot of every page
_TOLD_ELSEWHERE = frozenset({profiles.NONE_AGAINST, profiles.READ_ONCE})
GAPS = 2  # told in the summary; the section has them all


@dataclass(frozen=True)
class Best:
    """The strongest finding of a side, whether it is from people, and how many more there are on that side."""

    located: Located
    human: bool
    more: int


@dataclass(frozen=True)
class Summary:
    """What a reader takes along in one screen. `cells` and `contrasts` are empty where nothing is told."""

    supports: Best | None
    against: Best | None
    undecided: int
    furthest: str  # the highest rung that was tried, '' where none
    worked: str  # the highest rung with a finding for, '' where none
    approved: tuple[tuple[str, tuple[str, ...]], ...]  # agent, agencies
    cells: tuple[tuple[str, tuple[str, ...]], ...]  # population, levels told of it
    contrasts: tuple[tuple[str, int, int], ...]  # what it is told apart by, findings for, findings against
    seen_in: tuple[tuple[str, int], ...]  # cells in which a lesion was seen, findings
    gaps: tuple[str, ...]


def summary(subject: Subject, approvals: Iterable[Approval], gaps: Iterable[str]) -> Summary:
    """The summary of a subject's page."""
    hits = of_type(subject.findings, TargetFinding)
    return Summary(
        best(subject.findings, "supports"),
        best(subject.findings, "does_not_support"),
        sum(f.finding.stance == "inconclusive" for f in subject.findings),
        max((f.finding.stage for f in hits), key=RUNGS.index, default=""),
        max((f.finding.stage for f in hits if f.finding.stance == "supports"), key=RUNGS.index, default=""),
        _approved(approvals),
        _levels(subject),
        _contrasts(subject),
        _seen_in(subject),
        tuple(gap for gap in gaps if gap not in _TOLD_ELSEWHERE)[:GAPS],
    )


def human(located: Located) -> bool:
    """Whether a finding comes from people, observed or treated."""
    return TIER_OF.get(located.finding.study, -1) >= PATIENTS


def best(findings: Iterable[Located], direction: str) -> Best | None:
    """The strongest finding of a side: one from people where there is any."""
    found = strongest_first(f for f in findings if f.finding.stance == direction)
    if not found:
        return None
    people = [f for f in found if human(f)]
    return Best((people or found)[0], bool(people), len(found) - 1)


def _approved(approvals: Iterable[Approval]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    agencies: dict[str, set[str]] = {}
    for approval in approvals:
        agencies.setdefault(approval.agent, set()).add(approval.agency)
    return tuple((agent, tuple(sorted(of))) for agent, of in sorted(agencies.items()))


def _levels(subject: Subject) -> tuple[tuple[str, tuple[str, ...]], ...]:
    told = profiles.expression(subject)
    levels = {p: tuple(one.level for one in told if one.population == p) for p in POPULATIONS}
    if not any(levels.values()):
        return ()
    asked = {**dict.fromkeys(_ALWAYS_ASKED, NOT_TOLD), **{p: found for p, found in levels.items() if found}}
    return tuple((population, asked[population]) for population in POPULATIONS if population in asked)


def _contrasts(subject: Subject) -> tuple[tuple[str, int, int], ...]:
    ids = {role.id for role in subject.roles}
    told: Counter[tuple[str, str]] = Counter()
    for located in of_type(subject.findings, IdentityFinding):
        if ids & set(located.finding.subjects) and located.finding.stance in {"supports", "does_not_support"}:
            relative = located.finding.relative or "distinguished"
            told[f"{relative}, {located.finding.contrast}", located.finding.stance] += 1
    names = sorted({name for name, _ in told})
    return tuple((name, told[name, "supports"], told[name, "does_not_support"]) for name in names)


def _seen_in(subject: Subject) -> tuple[tuple[str, int], ...]:
    seen: Counter[str] = Counter(
        cell
        for f in of_type(subject.findings, EvolutionFinding)
        if f.finding.stance == "supports"
        for cell in f.finding.cells
    )
    return tuple((cell, seen[cell]) for cell in CELLS if seen[cell])
