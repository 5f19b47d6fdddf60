"""How strong the evidence on a question is, and what stands against it: one documented pure function a question.

It measures what is curated, not what is true: what is studied much has much evidence. The rule, whole:

1. *Independent studies.* Findings that share a paper, a trial or a cohort are one study (`studies.independent`), which
   speaks once.
2. *What a study says.* Its findings on the highest tier decide: for, against, or divided where they disagree there. A
   study that only tested and did not decide is undecided. Reviews and guidelines speak of other people's studies: they
   are listed and have no points.
3. *Points.* `POINTS` of the level, half where the finding is indirect; a study brings the most that one of its findings
   on its side brings. What models alone bring for a question is cut at `MODELS_AT_MOST`, under the least of *moderate*.
4. *Outranking.* The tiers of `TIERS` stand one above the other. What a higher tier says stands over what a lower one
   says, in either direction.
5. *Label.* `label` has the rule.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lscbook.errors import NotEstimable
from lscbook.evidence.findings import IdentityFinding, ResistanceFinding, TargetFinding
from lscbook.evidence.store import Evidence, Located
from lscbook.synthesis import ranks, studies
from lscbook.vocabulary import Vocabulary

POINTS = {"A": 6.0, "B": 3.0, "C": 1.5, "D": 1.0, "E": 0.5}
INDIRECT = 0.5  # of the points of a direct finding
# Kinds of study by tier, the highest last; a kind that stands in none has no data of its own.
TIERS: dict[str, tuple[str, ...]] = {
    "computation": ("computational",),
    "models": ("cell line", "iPSC", "zebrafish", "mouse"),
    "patients' cells": ("ex vivo", "PDX", "single cell", "primary samples"),
    "patients, observed": ("case report", "case series", "cohort"),
    "phase 1": ("phase 1",),
    "phase 2": ("phase 1/2", "trial", "phase 2"),
    "phase 3": ("phase 2/3", "phase 3", "meta-analysis", "individual-patient meta-analysis"),
}
TIER_OF = {kind: tier for tier, kinds in enumerate(TIERS.values()) for kind in kinds}
TIER_NAMES = tuple(TIERS)
PATIENTS_CELLS, PATIENTS = TIER_NAMES.index("patients' cells"), TIER_NAMES.index("patients, observed")
MODERATE, STRONG = 6.0, 12.0  # least points of the two labels
MODELS_AT_MOST = 5.0
STUDIES_OF_STRONG = 3
NO_EVIDENCE, REFUTED, DISPUTED, LIMITED, MODERATELY, STRONGLY = (
    "no evidence", "refuted", "disputed", "limited", "moderate", "strong",
)  # fmt: skip
LABELS = (NO_EVIDENCE, REFUTED, DISPUTED, LIMITED, MODERATELY, STRONGLY)
PARTS = ("AML", "MDS")  # told apart: what holds in one is no evidence in the other
FOR, AGAINST, DIVIDED, UNDECIDED, SECOND_HAND = "for", "against", "divided", "undecided", "review or guideline"
SPARED, PARTLY, HARMED = "spared", "partly spared", "harmed"


@dataclass(frozen=True)
class Voice:
    """What one independent study says on a question: its side, tier and points, and the findings behind them."""

    study: str
    side: str
    tier: int
    points: float
    findings: tuple[Located, ...]

    @cached_property
    def lead(self) -> Located:
        """The finding that speaks for the study: on its side, its tier and its points."""
        wanted = {FOR: "supports", AGAINST: "does_not_support"}.get(self.side)
        return min(
            self.findings,
            key=lambda f: (f.finding.stance != wanted, -TIER_OF.get(f.finding.study, -1), -points_of(f), f.reference),
        )


@dataclass(frozen=True)
class Strength:
    """The studies for, against and neither, what they weigh, and the label with its reason in words."""

    item: str
    question: str
    voices: tuple[Voice, ...]
    label: str
    why: str
    points_for: float
    points_against: float

    def of(self, *sides: str) -> tuple[Voice, ...]:
        """The studies of a side, the highest tier first."""
        found = [v for v in self.voices if v.side in sides]
        return tuple(sorted(found, key=lambda v: (-v.tier, -v.points, v.study)))

    @property
    def net(self) -> float:
        """Points for less points against, by which items are ranked."""
        return sum(v.points * _SIGN.get(v.side, 0) for v in self.voices)

    @property
    def contested(self) -> float:
        """How much stands on the lighter side: most where both sides weigh much."""
        return min(self.points_for, self.points_against)


_SIGN = {FOR: 1, AGAINST: -1}


@dataclass(frozen=True)
class Question:
    """One question of the book: which findings answer it, for which item, and from which tier on people answer."""

    name: str
    asks: str
    kind: str
    items: Callable[[Any], tuple[str, ...]]
    people_from: int = PATIENTS


def _target(aspect: str) -> Callable[[Any], tuple[str, ...]]:
    return lambda f: (f.target,) if isinstance(f, TargetFinding) and f.aspect == aspect else ()


def _marker(*contrasts: str) -> Callable[[Any], tuple[str, ...]]:
    return lambda f: tuple(f.subjects) if isinstance(f, IdentityFinding) and f.contrast in contrasts else ()


def _mechanism(f: Any) -> tuple[str, ...]:
    return (f.mechanism,) if isinstance(f, ResistanceFinding) and f.mechanism != "not told" else ()


EFFICACY = Question("efficacy", "Does targeting it work?", "targets", _target("efficacy"))
TOLERANCE = Question("tolerance", "Is targeting it tolerated?", "targets", _target("safety"))
PRESENCE = Question(
    "presence", "Is the target on the cells that a therapy must reach?", "targets", _target("expression"),
    PATIENTS_CELLS,
)  # fmt: skip
FROM_NORMAL = Question(
    "from normal", "Does the marker tell the stem cells of the disease from normal ones?", "markers",
    _marker("LSC against normal HSC", "MDS stem cells against normal HSC", "LSC against normal progenitors"),
    PATIENTS_CELLS,
)  # fmt: skip
FROM_BLASTS = Question(
    "from blasts", "Does the marker tell leukaemic stem cells from other leukaemic cells?", "markers",
    _marker("LSC against blasts"), PATIENTS_CELLS,
)  # fmt: skip
SURVIVAL = Question(
    "survival", "Do cells with the mechanism survive the therapy?", "mechanisms", _mechanism, PATIENTS_CELLS
)
QUESTIONS = {q.name: q for q in (EFFICACY, TOLERANCE, PRESENCE, FROM_NORMAL, FROM_BLASTS, SURVIVAL)}


def points_of(located: Located) -> float:
    """What a finding weighs: its level, halved where it is indirect; nothing where it has no data of its own."""
    finding = located.finding
    if finding.study not in TIER_OF:
        return 0.0
    return POINTS[str(finding.level)] * (INDIRECT if finding.directness == "indirect" else 1)


def voice(study: str, findings: Iterable[Located]) -> Voice:
    """What one study says: the side of its findings on their highest tier, and the most that one of it weighs."""
    listed = tuple(findings)
    own = [f for f in listed if f.finding.study in TIER_OF]
    if not own:
        return Voice(study, SECOND_HAND, -1, 0.0, listed)
    decided = [f for f in own if f.finding.stance in {"supports", "does_not_support"}]
    top = max(TIER_OF[f.finding.study] for f in decided or own)
    said = {f.finding.stance for f in decided if TIER_OF[f.finding.study] == top}
    if len(said) != 1:
        return Voice(study, DIVIDED if said else UNDECIDED, top, 0.0, listed)
    stance = said.pop()
    most = max(points_of(f) for f in decided if f.finding.stance == stance)
    return Voice(study, FOR if stance == "supports" else AGAINST, top, most, listed)


def label(voices: Sequence[Voice], people_from: int = PATIENTS) -> tuple[str, str]:
    """The label of a question, and why, in words.

    * *no evidence*: no study has decided;
    * *refuted*: two independent studies in people speak against on tiers above the highest that supports;
    * *disputed*: a study speaks against on a tier above the highest that supports, or on that tier those against weigh
      half of those for, or more; or the only studies that decided found both;
    * else what is for, less what is against on the same tier (what is outranked does not count), makes *strong* from 12
      points and three independent studies in people on, *moderate* from 6 points on, and *limited* below.
    """
    for_, against = ([v for v in voices if v.side == side] for side in (FOR, AGAINST))
    if not for_ and not against:
        both = sum(v.side == DIVIDED for v in voices)
        if both:
            return DISPUTED, f"{_studies(both)} found for and against on one tier, and no other decided."
        return NO_EVIDENCE, "No study has decided for or against."
    return _overruled(for_, against, people_from) or _upheld(for_, against, people_from)


def _overruled(for_: list[Voice], against: list[Voice], people_from: int) -> tuple[str, str] | None:
    """Refuted or disputed, or None where neither holds."""
    top = max((v.tier for v in for_), default=-1)
    above = [v for v in against if v.tier > top]
    people = sum(v.tier >= people_from for v in above)
    if above:
        highest = TIER_NAMES[max(v.tier for v in above)]
        than = f"above the highest that supports ({TIER_NAMES[top]})" if for_ else "and none supports"
        why = f"{_studies(len(above))} against, up to the tier “{highest}”, {than}"
        if people >= 2:
            return REFUTED, f"{why}; {people} of them in people, and two are enough."
        return DISPUTED, f"{why}; two in people would refute."
    beside = sum(v.points for v in against if v.tier == top)
    there = sum(v.points for v in for_ if v.tier == top)
    if beside and beside * 2 >= there:
        why = f"On the highest tier that supports ({TIER_NAMES[top]}) stand {beside:g} points against and {there:g} for"
        return DISPUTED, f"{why}: half or more."
    return None


def _upheld(for_: list[Voice], against: list[Voice], people_from: int) -> tuple[str, str]:
    """Limited, moderate or strong."""
    top = max(v.tier for v in for_)
    beside = sum(v.points for v in against if v.tier == top)
    weight = _weight(for_, people_from)
    net = weight - beside
    in_people = sum(v.tier >= people_from for v in for_)
    sum_ = f"{weight:g} points for" + (f", less {beside:g} against on the same tier," if beside else "")
    sum_ += f" from {_studies(len(for_))}, {in_people} of them in people"
    if net >= STRONG and in_people >= STUDIES_OF_STRONG:
        return STRONGLY, f"{sum_}: {STRONG:g} points and {STUDIES_OF_STRONG} studies in people are enough."
    if net >= MODERATE:
        return MODERATELY, f"{sum_}: {MODERATE:g} points or more."
    return LIMITED, f"{sum_}: under {MODERATE:g} points."


def _weight(voices: Sequence[Voice], people_from: int) -> float:
    """Points, those from below the tiers of people cut at `MODELS_AT_MOST`."""
    people = sum(v.points for v in voices if v.tier >= people_from)
    return people + min(MODELS_AT_MOST, sum(v.points for v in voices if v.tier < people_from))


def _studies(number: int) -> str:
    return f"{number} independent {'study' if number == 1 else 'studies'}"


def weigh(item: str, question: Question, findings: Iterable[Located]) -> Strength:
    """The strength of the evidence on one item: its studies, label and points, whatever their order."""
    counted = [f for f in findings if f.finding.role is None]
    voices = tuple(voice(study, of) for study, of in studies.independent(counted).items())
    named, why = label(voices, question.people_from)
    for_, against = (sum(v.points for v in voices if v.side == side) for side in (FOR, AGAINST))
    return Strength(item, question.name, voices, named, why, for_, against)


def does_hitting_it_work(target: str, findings: Iterable[Located]) -> Strength:
    """Findings on efficacy alone: that a target is there, or that its drug is tolerated, is no proof that it works."""
    return _answer(EFFICACY, target, findings)


def is_it_tolerated(target: str, findings: Iterable[Located]) -> Strength:
    """Findings on safety; what happens to normal stem cells has a column of its own (`harm`)."""
    return _answer(TOLERANCE, target, findings)


def is_it_on_the_cells(target: str, findings: Iterable[Located]) -> Strength:
    """Findings on expression of a target."""
    return _answer(PRESENCE, target, findings)


def does_it_tell_from_normal(marker: str, findings: Iterable[Located]) -> Strength:
    """Findings that set stem cells of the disease against normal stem or progenitor cells."""
    return _answer(FROM_NORMAL, marker, findings)


def does_it_tell_from_blasts(marker: str, findings: Iterable[Located]) -> Strength:
    """Findings that set leukaemic stem cells against other cells of the leukaemia."""
    return _answer(FROM_BLASTS, marker, findings)


def do_cells_with_it_survive(mechanism: str, findings: Iterable[Located]) -> Strength:
    """Findings on resistance by a mechanism."""
    return _answer(SURVIVAL, mechanism, findings)


def _answer(question: Question, item: str, findings: Iterable[Located]) -> Strength:
    return weigh(item, question, (f for f in findings if item in question.items(f.finding)))


def harm(target: str, findings: Iterable[Located]) -> dict[str, int]:
    """What hitting a target does to normal haematopoietic stem cells: independent studies by what they saw.

    The worst that a study saw counts, and it counts for the target however it is hit. A finding on selectivity that
    names no effect is taken by its direction.
    """
    of_target = [f for f in findings if isinstance(f.finding, TargetFinding) and f.finding.target == target]
    told = [f for f in of_target if f.finding.role is None and _seen(f)]
    counted = dict.fromkeys((SPARED, PARTLY, HARMED), 0)
    for of in studies.independent(told).values():
        counted[max((_seen(f) for f in of), key=list(counted).index)] += 1
    return counted


def _seen(located: Located) -> str:
    f = located.finding
    assert isinstance(f, TargetFinding)  # noqa: S101  filtered above
    by_direction = {"supports": SPARED, "does_not_support": HARMED}.get(f.stance, "")
    return f.hsc_effect or (by_direction if f.aspect == "selectivity" else "")


def parts_of(located: Located, vocabulary: Vocabulary) -> frozenset[str]:
    """The parts of `PARTS` that a finding is on, by its diseases and what stands above them; `MDS/AML` is both."""
    found: set[str] = set()
    for disease in located.finding.diseases:
        name: str | None = disease
        while name:
            found |= set(name.replace("/", " ").split()) & set(PARTS)
            term = vocabulary.terms["diseases"].get(name)
            name = str(term.facts["parent"]) if term and term.facts.get("parent") else None
    return frozenset(found)


def table(evidence: Evidence, vocabulary: Vocabulary, question: Question, part: str) -> list[Strength]:
    """Every item with a finding on a question in one disease, the most net points first."""
    by_item: dict[str, list[Located]] = {}
    for located in evidence.counted:
        items = question.items(located.finding)
        if items and part in parts_of(located, vocabulary):
            for item in items:
                by_item.setdefault(item, []).append(located)
    weighed = [weigh(item, question, found) for item, found in by_item.items()]
    return sorted(weighed, key=lambda s: (-s.net, -LABELS.index(s.label), s.item.casefold(), s.item))


def ranked(weighed: Sequence[Strength]) -> tuple[list[Strength], ranks.RankSets]:
    """Those items of a table that a study speaks on, by net points, with simultaneous sets of their ranks.

    Raises:
        NotEstimable: fewer than two items have a study with a clear result.
    """
    rows = [s for s in weighed if s.of(FOR, AGAINST)]
    if len(rows) < 2:
        raise NotEstimable("fewer than two items have a study with a clear result")
    names = sorted({v.study for s in rows for v in s.of(FOR, AGAINST)})
    at = {name: row for row, name in enumerate(names)}
    parts = np.zeros((len(names), len(rows)))
    for column, strength in enumerate(rows):
        for v in strength.of(FOR, AGAINST):
            parts[at[v.study], column] += v.points * _SIGN[v.side]
    return rows, ranks.of_sums(parts)
