"""Rules that join the fields of a finding, and the finding with its record: what cannot be true together.

Each rule gives the field to look at and a message `what was found; how to mend it`.
"""

import re
from collections.abc import Iterator

from lscbook.errors import PropositionMissing
from lscbook.evidence import proposition, rules
from lscbook.evidence.fields import LEVELS_OF_STUDY, RATIOS, STUDIES_OF_TYPE, TRIALS
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
# in any unit that holds one of these words
PATIENTS = r"(?<![A-Za-z0-9_])(?:patients?|cases?|children|adults|individuals|women|men|people)(?![A-Za-z0-9_])"
_PATIENTS = re.compile(PATIENTS)
GOOD = frozenset({"end point met", "activity seen", "tolerable"})
BAD = frozenset({"end point not met", "stopped for futility", "stopped for toxicity", "no activity", "not tolerable"})
POOLED = frozenset({"individual-patient meta-analysis", "meta-analysis", "cohort", "case series", "case report"})
NO_EFFECT = (0.7, 1.43)  # a ratio whose interval lies in here leaves no room for a gain or a harm of three tenths
HEIGHT = {"low": 0, "absent": 0, "variable": 1, "present": 2, "high": 3}  # of an expression


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
        yield missing.field, _said("no sentence", remedy=missing.remedy)


def of_form(vocabulary: Vocabulary) -> dict[str, object]:
    """The tables that these rules look into, for a browser."""
    return {
        "levels": LEVELS_OF_STUDY,
        "types": STUDIES_OF_TYPE,
        "trials": TRIALS,
        "few": FEW,
        "patients": PATIENTS,
        "good": sorted(GOOD),
        "bad": sorted(BAD),
        "pooled": sorted(POOLED),
        "ratios": sorted(RATIOS),
        "no_effect": NO_EFFECT,
        "height": HEIGHT,
        "hits": hit_by(vocabulary),
    }


def _said(rule: str, **values: object) -> str:
    return rules.TOGETHER[rule].format(**values)


def _study(finding: Finding, record: Record | None) -> Iterator[Fault]:
    allowed = LEVELS_OF_STUDY[finding.study]
    if finding.level and finding.level not in allowed:
        yield (
            "level",
            _said("level of study", level=finding.level, study=repr(finding.study), allowed=", ".join(allowed)),
        )
    few = finding.n is not None and finding.n < FEW and _PATIENTS.search(finding.n_unit or "")
    if few and finding.level in {"A", "B"} and finding.role is None:
        yield "level", _said("level of few", level=finding.level, n=finding.n, n_unit=finding.n_unit, few=FEW)
    for kind in record.types if record and finding.role is None else ():
        studies = STUDIES_OF_TYPE.get(kind)
        if studies and finding.study not in studies:
            told = {"study": repr(finding.study), "kind": repr(kind), "studies": ", ".join(studies)}
            yield "study", _said("study of type", **told)


def _direction(finding: Finding) -> Iterator[Fault]:
    against = finding.direction is not None and finding.direction.value == "does_not_support"
    if against and finding.reason is None:
        yield "reason", _said("no reason")
    if finding.reason and not against:
        yield "reason", _said("reason", reason=repr(finding.reason))
    yield from _interval(finding)


def _interval(finding: Finding) -> Iterator[Fault]:
    """A ratio whose interval takes in one supports nothing, and speaks against a thing only where it is narrow."""
    effect = finding.effect
    if effect is None or effect.ci is None or effect.measure not in RATIOS or not effect.ci[0] < 1 < effect.ci[1]:
        return
    told = {"measure": effect.measure, "low": effect.ci[0], "high": effect.ci[1]}
    if finding.stance == "supports":
        yield "direction", _said("null supports", **told)
    wide = effect.ci[0] < NO_EFFECT[0] or effect.ci[1] > NO_EFFECT[1]
    if finding.stance == "does_not_support" and finding.reason == "no effect shown" and wide:
        yield "direction", _said("wide null", **told)


def _evolution(finding: EvolutionFinding) -> Iterator[Fault]:
    if "germline" in finding.cells and finding.order:
        yield "order", _said("germline", order=repr(finding.order))
    named = set(finding.lesions)
    for pair in finding.before:
        if not named & {pair.first, pair.then}:
            yield "before", _said("pair", first=rules.quoted(pair.first), then=rules.quoted(pair.then))
    yield from _exclusive(finding, named)


def _exclusive(finding: EvolutionFinding, named: set[str]) -> Iterator[Fault]:
    """Each pair once, of a lesion that is named, and not in an order as well; where they do so is told with a pair."""
    ordered = {frozenset(pair.terms) for pair in finding.before}
    known: set[frozenset[str]] = set()
    for couple in finding.exclusive:
        both = frozenset(couple.terms)
        told = {"one": rules.quoted(couple.one), "other": rules.quoted(couple.other)}
        if not named & both:
            yield "exclusive", _said("pair", first=told["one"], then=told["other"])
        if both in known:
            yield "exclusive", _said("couple twice", **told)
        if both in ordered:
            yield "exclusive", _said("couple in order", **told)
        known.add(both)
    if finding.exclusive_in and not finding.exclusive:
        yield "exclusive_in", _said("nothing excludes", scope=finding.exclusive_in)


def _identity(finding: IdentityFinding) -> Iterator[Fault]:
    if finding.relative == "similar" and finding.stance == "supports":
        yield "relative", _said("similar")
    first, second = finding.expression.get("LSC"), finding.expression.get("HSC")
    if finding.contrast == "LSC against normal HSC" and first and second and finding.relative:
        difference = HEIGHT[first] - HEIGHT[second]
        if (finding.relative == "higher" and difference < 0) or (finding.relative == "lower" and difference > 0):
            yield "relative", _said("relative", relative=finding.relative, first=first, second=second)


def _surveillance(finding: SurveillanceFinding) -> Iterator[Fault]:
    contrast = finding.contrast
    if contrast.kind == "test" and not contrast.against:
        yield "contrast", _said("no other result")
    if contrast.kind == "per unit" and contrast.against:
        yield "contrast", _said("step against", against=rules.quoted(contrast.against))


def _target(finding: TargetFinding, vocabulary: Vocabulary) -> Iterator[Fault]:
    trial = finding.stage.startswith("phase")
    if (finding.aspect == "expression") != (finding.stage == "expression"):
        yield "stage", _said("expression", stage=repr(finding.stage), aspect=repr(finding.aspect))
    if trial and finding.study not in {*TRIALS, *POOLED}:
        yield "stage", _said("trial", stage=repr(finding.stage), study=repr(finding.study))
    if finding.stage == "PDX" and finding.study not in {"PDX", "ex vivo"}:
        yield "stage", _said("PDX", study=repr(finding.study))
    if finding.stage == "dependency" and finding.study in TRIALS:
        yield "stage", _said("dependency", study=repr(finding.study))
    if finding.outcome and not trial:
        yield "outcome", _said("outcome", outcome=repr(finding.outcome), stage=repr(finding.stage))
    if finding.outcome in GOOD and finding.stance == "does_not_support":
        yield "outcome", _said("good outcome", outcome=repr(finding.outcome))
    if finding.outcome in BAD and finding.stance == "supports":
        yield "outcome", _said("bad outcome", outcome=repr(finding.outcome))
    if finding.aspect == "safety" and finding.reason not in {None, "harm"}:
        yield "reason", _said("safety", reason=repr(finding.reason))
    yield from _agents(finding, vocabulary)


def _agents(finding: TargetFinding, vocabulary: Vocabulary) -> Iterator[Fault]:
    """An agent that is known to hit another target of ours is a partner."""
    hits = hit_by(vocabulary) if finding.agents else {}
    for agent in finding.agents:
        known = hits.get(agent)
        if known and finding.target not in known:
            yield "agents", _said("agent", agent=agent, known=" and ".join(known), target=finding.target)


def hit_by(vocabulary: Vocabulary) -> dict[str, list[str]]:
    """The targets of ours that each therapy is known to hit, where it hits any."""
    targets = vocabulary.terms["targets"]
    by_name = {name: t.id for t in targets.values() for name in (t.id, str(t.facts.get("gene", "")))}
    found = {}
    for therapy in vocabulary.terms["therapies"].values():
        hits = str(therapy.facts.get("target", ""))
        parts = {hits, *re.split(r"[;/-]", hits)} - {""}
        found[therapy.id] = sorted({by_name[part] for part in parts & set(by_name)})
    return {therapy: known for therapy, known in found.items() if known}
