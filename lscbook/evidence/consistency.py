"""Rules that join the fields of a finding, and the finding with its record: what cannot be true together.

Each rule gives the field to look at and a message `what was found; how to mend it`.
"""

import re
from collections.abc import Iterator

from lscbook.errors import PropositionMissing
from lscbook.evidence import proposition
from lscbook.evidence.fields import LEVELS_OF_STUDY, STUDIES_OF_TYPE, TRIALS
from lscbook.evidence.findings import (
    EvolutionFinding,
    Finding,
    IdentityFinding,
    SurveillanceFinding,
    TargetFinding,
)
from lscbook.pubmed.record import Record
from lscbook.vocabulary import Vocabulary

Fault = tuple[str, str]
FEW = 4  # fewer patients are cases
_PATIENTS = re.compile(r"\b(patients?|cases?|children|adults|individuals|women|men|people)\b")
_GOOD = frozenset({"end point met", "activity seen", "tolerable"})
_BAD = frozenset({"end point not met", "stopped for futility", "stopped for toxicity", "no activity", "not tolerable"})
_POOLED = frozenset({"individual-patient meta-analysis", "meta-analysis", "cohort", "case series", "case report"})


def faults(finding: Finding, record: Record | None, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Everything that does not fit together; nothing of a context finding but its kind of study."""
    yield from _study(finding, record)
    if finding.role is not None:
        return
    yield from _direction(finding)
    if isinstance(finding, EvolutionFinding):
        yield from _evolution(finding)
    elif isinstance(finding, IdentityFinding):
        yield from _identity(finding)
    elif isinstance(finding, SurveillanceFinding):
        yield from _surveillance(finding)
    elif isinstance(finding, TargetFinding):
        yield from _target(finding, vocabulary)
    try:
        proposition.of(finding, vocabulary)
    except PropositionMissing as missing:
        yield missing.field, f"missing; {missing.remedy}"


def _study(finding: Finding, record: Record | None) -> Iterator[Fault]:
    allowed = LEVELS_OF_STUDY[finding.study]
    if finding.level and finding.level not in allowed:
        yield (
            "level",
            f"{finding.level} of a study {finding.study!r}; allowed are {', '.join(allowed)}, or it is another study",
        )
    few = finding.n is not None and finding.n < FEW and _PATIENTS.search(finding.n_unit or "")
    if few and finding.level in {"A", "B"} and finding.role is None:
        yield "level", f"{finding.level} with {finding.n} {finding.n_unit}; fewer than {FEW} patients are level C"
    for kind in record.types if record and finding.role is None else ():
        studies = STUDIES_OF_TYPE.get(kind)
        if studies and finding.study not in studies:
            told = f"{finding.study!r}, and PubMed calls the paper {kind!r}"
            yield "study", f"{told}; write one of {', '.join(studies)}, or role: context for background"


def _direction(finding: Finding) -> Iterator[Fault]:
    against = finding.direction is not None and finding.direction.value == "does_not_support"
    if against and finding.reason is None:
        yield "reason", "missing; say why it does not support: no effect shown, harm, limited to a subtype, …"
    if finding.reason and not against:
        yield "reason", f"{finding.reason!r} of a finding that does not speak against; take it out"


def _evolution(finding: EvolutionFinding) -> Iterator[Fault]:
    if "germline" in finding.cells and finding.order:
        yield "order", f"{finding.order!r} of a germline lesion; germline is no order, leave order out"
    named = set(finding.lesions)
    for pair in finding.before:
        if not named & {pair.first, pair.then}:
            yield "before", f"neither {pair.first!r} nor {pair.then!r} is among the lesions; add the one it is about"


def _identity(finding: IdentityFinding) -> Iterator[Fault]:
    if finding.relative == "similar" and finding.stance == "supports":
        yield "relative", "similar on both sides, and the finding supports; a marker that is alike tells nothing apart"
    low_and_high = {"low": 0, "absent": 0, "variable": 1, "present": 2, "high": 3}
    first, second = finding.expression.get("LSC"), finding.expression.get("HSC")
    if finding.contrast == "LSC against normal HSC" and first and second and finding.relative:
        difference = low_and_high[first] - low_and_high[second]
        if (finding.relative == "higher" and difference < 0) or (finding.relative == "lower" and difference > 0):
            yield "relative", f"{finding.relative}, and expression has LSC {first}, HSC {second}; one of them is wrong"


def _surveillance(finding: SurveillanceFinding) -> Iterator[Fault]:
    contrast = finding.contrast
    if contrast.kind == "test" and not contrast.against:
        yield "contrast", "a test has two results; say the other one in `against`"
    if contrast.kind == "per unit" and contrast.against:
        yield "contrast", f"per unit, against {contrast.against!r}; a step of a measure stands against nothing"


def _target(finding: TargetFinding, vocabulary: Vocabulary) -> Iterator[Fault]:
    trial = finding.stage.startswith("phase")
    if (finding.aspect == "expression") != (finding.stage == "expression"):
        yield "stage", f"{finding.stage!r} with aspect {finding.aspect!r}; expression stands on its own rung, alone"
    if trial and finding.study not in {*TRIALS, *_POOLED}:
        yield "stage", f"{finding.stage!r} on a study {finding.study!r}; a trial stands there, and nothing else"
    if finding.stage == "PDX" and finding.study not in {"PDX", "ex vivo"}:
        yield "stage", f"PDX on a study {finding.study!r}; only patients' cells in animals stand there: dependency"
    if finding.stage == "dependency" and finding.study in TRIALS:
        yield "stage", f"dependency on a study {finding.study!r}; a trial stands on its phase"
    if finding.outcome and not trial:
        yield "outcome", f"{finding.outcome!r} on rung {finding.stage!r}; outcomes are of trials"
    if finding.outcome in _GOOD and finding.stance == "does_not_support":
        yield "outcome", f"{finding.outcome!r} of a finding that does not support; one of them is wrong"
    if finding.outcome in _BAD and finding.stance == "supports":
        yield "outcome", f"{finding.outcome!r} of a finding that supports; one of them is wrong"
    if finding.aspect == "safety" and finding.reason not in {None, "harm"}:
        yield "reason", f"{finding.reason!r} of a finding on safety; what speaks against safety is harm"
    yield from _agents(finding, vocabulary)


def _agents(finding: TargetFinding, vocabulary: Vocabulary) -> Iterator[Fault]:
    """An agent that is known to hit another target of ours is a partner."""
    targets = vocabulary.terms["targets"]
    by_name = {name: t.id for t in targets.values() for name in (t.id, str(t.facts.get("gene", "")))}
    for agent in finding.agents:
        term = vocabulary.terms["therapies"].get(agent)
        hits = str(term.facts.get("target", "")) if term else ""
        known = {by_name[part] for part in (hits, *re.split(r"[;/-]", hits)) if part and part in by_name}
        if known and finding.target not in known:
            told = f"{agent} hits {' and '.join(sorted(known))}, and the target is {finding.target}"
            yield "agents", f"{told}; write it under partners"
