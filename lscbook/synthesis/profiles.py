"""What is known of one target, marker, gene or mechanism, and what is missing: facts for its page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lscbook.evidence.fields import BY_THEME, DIRECTIONS, POPULATIONS, RUNGS
from lscbook.evidence.findings import IdentityFinding, TargetFinding
from lscbook.evidence.store import Located, LocatedIn, of_type
from lscbook.synthesis.counts import strongest_first
from lscbook.synthesis.entities import Entity

Entities = dict[str, dict[str, Entity]]
TRIAL = "NCT"


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


def by_theme(entity: Entity) -> dict[str, list[Located]]:
    """Its findings by theme, in the order of the chapters, strongest first."""
    ordered = strongest_first(entity.findings)
    return {t: found for t in BY_THEME if (found := [f for f in ordered if f.finding.theme == t])}


def ladder(entity: Entity) -> list[Tally]:
    """Findings on a target by rung, the furthest rung first."""
    found = of_type(strongest_first(entity.findings), TargetFinding)
    return [_tally(rung, [f for f in found if f.finding.stage == rung]) for rung in reversed(RUNGS)]


def _tally(name: str, found: Sequence[Located]) -> Tally:
    return Tally(name, *(tuple(f for f in found if f.finding.stance == direction) for direction in DIRECTIONS))


def related(entity: Entity, entities: Entities) -> list[Entity]:
    """The same molecule as marker, target or gene, what a drug hits, and which drugs hit a target."""
    facts = entity.term.facts
    genes = {facts.get("gene"), *facts.get("genes", ())} - {None}
    genes |= {entity.id} if entity.kind == "genes" else set()
    found: dict[tuple[str, str], Entity] = {}
    for kind in ("targets", "markers", "genes"):
        for other in entities[kind].values():
            own = {other.term.facts.get("gene"), *other.term.facts.get("genes", ())} - {None}
            own |= {other.id} if kind == "genes" else set()
            if other.term.key != entity.term.key and (genes & own or (other.id == entity.id and kind != entity.kind)):
                found[other.term.key] = other
    for located in of_type(entity.findings, TargetFinding):
        hit, agents = located.finding.target, located.finding.agents
        if entity.kind == "therapies" and entity.id in agents and hit in entities["targets"]:
            found["targets", hit] = entities["targets"][hit]
    return list(found.values())


def expression(entity: Entity, entities: Entities) -> list[Level]:
    """Levels by population that identity findings tell of the marker, as itself or by its gene."""
    same = [entity, *(e for e in related(entity, entities) if e.kind in {"markers", "genes"})]
    told: dict[tuple[str, str], dict[str, Located]] = defaultdict(dict)
    for one in same:
        for located in of_type(one.findings, IdentityFinding):
            if one.id in located.finding.subjects:
                for population, level in located.finding.expression.items():
                    told[population, level][located.reference] = located
    return [
        Level(population, level, tuple(told[population, level].values()))
        for population in POPULATIONS
        for level in sorted(lv for p, lv in told if p == population)
    ]


def agents(entity: Entity) -> list[Agent]:
    """What the target was hit with, those that came furthest first."""
    found: dict[str, list[LocatedIn[TargetFinding]]] = defaultdict(list)
    for located in of_type(entity.findings, TargetFinding):
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


def missing(entity: Entity, entities: Entities, read_twice: frozenset[str]) -> list[str]:
    """What a reader could expect and would not find, in sentences; only what the data shows."""
    if not entity.findings:
        return ["Nothing is curated yet. That is a gap of ours and says nothing about the literature."]
    gaps = []
    if entity.kind == "targets":
        rungs = {f.finding.stage for f in of_type(entity.findings, TargetFinding)}
        empty = [rung for rung in RUNGS if rung not in rungs]
        if empty:
            gaps.append(f"No finding is curated on: {', '.join(empty)}.")
        if not any(f.finding.hsc_effect for f in of_type(entity.findings, TargetFinding)):
            gaps.append("No curated finding tells what hitting it does to normal stem cells.")
        if entity.term.facts.get("class") == "surface antigen" and not expression(entity, entities):
            gaps.append("No curated finding compares its level on LSCs, HSCs and blasts.")
    if not any(f.finding.stance == "does_not_support" for f in entity.findings):
        gaps.append("No finding against it is curated; failures are reported less often than successes.")
    if not any(f.reference in read_twice for f in entity.findings):
        gaps.append("No finding on this page has been read by a second person yet.")
    return gaps


def entered(findings: tuple[Located, ...]) -> list[tuple[str, int]]:
    """Day on which findings were entered, and how many, the newest first."""
    days: dict[str, int] = defaultdict(int)
    for located in findings:
        days[located.entry.added] += 1
    return sorted(days.items(), reverse=True)
