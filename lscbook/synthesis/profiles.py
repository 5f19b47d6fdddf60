"""What is known of one target, marker, gene or mechanism, and what is missing: facts for its page."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lscbook.evidence.fields import BY_THEME, DIRECTIONS, POPULATIONS, RUNGS
from lscbook.evidence.findings import IdentityFinding, TargetFinding
from lscbook.evidence.store import Located, LocatedIn, of_type
from lscbook.synthesis.counts import strongest_first
from lscbook.synthesis.subjects import Subject
from lscbook.vocabulary.things import genes_of

TRIAL = "NCT"
READ_ONCE = "No finding on this page has been read by a second person yet."
NONE_AGAINST = "No finding against it is curated; failures are reported less often than successes."


@dataclass(frozen=True)
class Tally:
    """Findings for, against and not decided, strongest first."""

    name: str
    supports: tuple[Located, ...]
    against: tuple[Located, ...]
    undecided: tuple[Located, ...]


@dataclass(frozen=True)
class Agent:
    """A drug or cell product that hits the target: how far it came, and in which trials."""

    name: str
    findings: tuple[Located, ...]
    stages: tuple[str, ...]
    outcomes: tuple[str, ...]
    trials: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """How a marker is expressed on a population, and the findings that say so."""

    population: str
    level: str
    findings: tuple[Located, ...]


def by_theme(subject: Subject) -> dict[str, list[Located]]:
    """Its findings by theme, in the order of the chapters, strongest first."""
    ordered = strongest_first(subject.findings)
    return {t: found for t in BY_THEME if (found := [f for f in ordered if f.finding.theme == t])}


def shared_out(
    themes: dict[str, list[Located]], most: int, cost: Callable[[Located], int] = lambda _: 1
) -> dict[str, list[Located]]:
    """The first findings of each theme that cost at most `most` together: one theme's turn after the other.

    A theme with few gives what it leaves to the others. Each keeps its order, so that the strongest are those that are
    shown; the first of each is shown whatever it costs.
    """
    room: dict[str, int] = dict.fromkeys(themes, 0)
    left, open_ = most, list(themes)
    while open_:
        for theme in list(open_):
            found = themes[theme]
            price = cost(found[room[theme]]) if room[theme] < len(found) else most + 1
            if left < price and (room[theme] or not found):
                open_.remove(theme)
            else:
                room[theme] += 1
                left -= price
    return {theme: found[: room[theme]] for theme, found in themes.items()}


def ladder(subject: Subject) -> list[Tally]:
    """Findings on a target by rung, the furthest rung first."""
    found = of_type(strongest_first(subject.findings), TargetFinding)
    return [_tally(rung, [f for f in found if f.finding.stage == rung]) for rung in reversed(RUNGS)]


def _tally(name: str, found: Sequence[Located]) -> Tally:
    return Tally(name, *(tuple(f for f in found if f.finding.stance == direction) for direction in DIRECTIONS))


def related(subject: Subject, subjects: Sequence[Subject]) -> list[Subject]:
    """Other things that name a gene of it (a signature, a family, an isoform), and what a drug hits."""
    genes = _genes(subject)
    found = {s.term.key: s for s in subjects if s.term.key != subject.term.key and genes & _genes(s)}
    if subject.kind == "therapies":
        hit = {f.finding.target for f in of_type(subject.findings, TargetFinding) if subject.id in f.finding.agents}
        keys = {("targets", target) for target in hit}
        found.update({s.term.key: s for s in subjects if keys & s.thing.keys})
    return list(found.values())


def family(subject: Subject, subjects: Sequence[Subject]) -> tuple[list[Subject], list[Subject]]:
    """Of a family, those of its members that have a page, in its order; of a member, the families that it is of."""
    by_id = {term.id: s for s in subjects for term in s.thing.roles if term.kind == "genes"}
    members = dict.fromkeys(subject.term.facts.get("members", ()))
    found = {by_id[gene].term.key: by_id[gene] for gene in members if gene in by_id}
    own = {term.id for term in subject.thing.roles if term.kind == "genes"}
    return list(found.values()), [s for s in subjects if own & set(s.term.facts.get("members", ()))]


def _genes(subject: Subject) -> set[str]:
    """Every gene that a role names or is."""
    of = {gene for term in subject.thing.roles for gene in genes_of(term)}
    return of | {term.id for term in subject.thing.roles if term.kind == "genes"}


def expression(subject: Subject) -> list[Level]:
    """Levels by population that identity findings tell of it, under whichever of its names."""
    ids = {role.id for role in subject.roles}
    told: dict[tuple[str, str], dict[str, Located]] = defaultdict(dict)
    for located in of_type(subject.findings, IdentityFinding):
        if ids & set(located.finding.subjects):
            for population, level in located.finding.expression.items():
                told[population, level][located.reference] = located
    return [
        Level(population, level, tuple(told[population, level].values()))
        for population in POPULATIONS
        for level in sorted(lv for p, lv in told if p == population)
    ]


def agents(subject: Subject) -> list[Agent]:
    """What the target was hit with, those that came furthest first."""
    found: dict[str, list[LocatedIn[TargetFinding]]] = defaultdict(list)
    for located in of_type(subject.findings, TargetFinding):
        for name in located.finding.agents:
            found[name].append(located)
    made = [_agent(name, findings) for name, findings in found.items()]
    return sorted(made, key=lambda a: (-RUNGS.index(a.stages[0]), a.name))


def _agent(name: str, findings: list[LocatedIn[TargetFinding]]) -> Agent:
    stages = sorted({f.finding.stage for f in findings}, key=RUNGS.index, reverse=True)
    return Agent(
        name,
        tuple(strongest_first(findings)),
        tuple(stages),
        tuple(sorted({f.finding.outcome for f in findings if f.finding.outcome})),
        tuple(sorted({c for f in findings for c in f.finding.cohort if c.startswith(TRIAL)})),
    )


def missing(subject: Subject, read_twice: frozenset[str]) -> list[str]:
    """What a reader could expect and would not find, in sentences; only what the data shows."""
    if not subject.findings:
        return ["Nothing is curated yet. That is a gap in this book and says nothing about the literature."]
    gaps = []
    if "targets" in subject.kinds:
        rungs = {f.finding.stage for f in of_type(subject.findings, TargetFinding)}
        empty = [rung for rung in RUNGS if rung not in rungs]
        if empty:
            gaps.append(f"No finding is curated on: {', '.join(empty)}.")
        if not any(f.finding.hsc_effect for f in of_type(subject.findings, TargetFinding)):
            gaps.append("No curated finding reports the effect on normal stem cells.")
        if any(r.term.facts.get("class") == "surface antigen" for r in subject.roles) and not expression(subject):
            gaps.append("No curated finding compares its level on LSCs, HSCs and blasts.")
    if not any(f.finding.stance == "does_not_support" for f in subject.findings):
        gaps.append(NONE_AGAINST)
    if not any(f.reference in read_twice for f in subject.findings):
        gaps.append(READ_ONCE)
    return gaps


def entered(findings: tuple[Located, ...]) -> list[tuple[str, int]]:
    """Day on which findings were entered, and how many, the newest first."""
    days: dict[str, int] = defaultdict(int)
    for located in findings:
        days[located.entry.added] += 1
    return sorted(days.items(), reverse=True)
