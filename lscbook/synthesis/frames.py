"""The tidy frames behind the figures: one row a finding and mark, made of counted findings only."""

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from lscbook.evidence.fields import BY_THEME, DOES, RATIOS, RUNGS, TRIALS
from lscbook.evidence.findings import (
    Contrast,
    EvolutionFinding,
    Finding,
    IdentityFinding,
    ResistanceFinding,
    SurveillanceFinding,
    TargetFinding,
)
from lscbook.evidence.store import Evidence, LocatedIn
from lscbook.vocabulary import Vocabulary

ORDER = next(f for f in BY_THEME["evolution"].fields if f.name == "order").allowed
CELLS = next(f for f in BY_THEME["evolution"].fields if f.name == "cells").allowed
# Therapies that the resistance figure gives a column; the classes of the vocabulary, rare ones pooled.
THERAPIES = {
    "BH3 mimetic": "BH3 mimetics",
    "hypomethylating agent": "hypomethylating agents",
    "chemotherapy": "chemotherapy",
    "kinase inhibitor": "kinase inhibitors",
    "IDH inhibitor": "IDH inhibitors",
}
OTHER, NOT_TOLD = "other therapies", "therapy not stated"
# What a mark on the ladder of targets says.
WORKED, FAILED, HARM, UNDECIDED = "worked", "failed", "harm", "not decided"
# Outcomes that are good for the patient: a ratio above 1 is then better, and is turned.
GOOD = frozenset({"remission", "response to therapy", "response", "transfusion independence"})
# Assays that say nothing without their result.
_NAMED_BY_RESULT = frozenset({"other", "mutation or karyotype", "cytogenetics", "single gene or antigen", "risk score"})
# Assays of what is left of a disease, or of its stem cells; the others tell what a disease or a person is.
_RESIDUAL = frozenset(
    {
        "flow cytometry MRD",
        "LSC flow cytometry",
        "NGS MRD",
        "PCR MRD",
        "MRD, any method",
        "donor chimerism",
        "circulating DNA or vesicles",
    }
)
# The side of a test that is good: a ratio of it over the other is turned.
_GOOD_SIDE = re.compile(
    r"\b(?:negative|absent|absence|low|lower|cleared|clearance|undetectable|no|not|without|wild type|unmutated)\b",
    re.IGNORECASE,
)
# A transplant of stem cells does not speak of them.
_STEM = re.compile(
    r"\b(?:LSCs?|HSCs?|HSPCs?|LICs?)\b|\bstem(?![- ]cell (?:transplant|graft|donor))|initiating|progenitor",
    re.IGNORECASE,
)


def _frame(rows: Iterable[dict[str, Any]], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def _said(f: LocatedIn[Any]) -> dict[str, Any]:
    return {"direction": f.finding.stance, "level": f.finding.level, "reference": f.reference, "paper": f.entry.key}


def evolution(evidence: Evidence) -> pd.DataFrame:
    """Lesion and the stage at which a finding says that it is acquired."""
    return _frame(
        (
            {"lesion": lesion, "stage": f.finding.order, "place": ORDER.index(f.finding.order), **_said(f)}
            for f in evidence.of_type(EvolutionFinding)
            if f.finding.order
            for lesion in f.finding.lesions
        ),
        "lesion", "stage", "place", "direction", "level", "reference", "paper",
    )  # fmt: skip


def cells(evidence: Evidence) -> pd.DataFrame:
    """Lesion and each cell in which a finding says that it was seen."""
    return _frame(
        (
            {"lesion": lesion, "cell": cell, **_said(f)}
            for f in evidence.of_type(EvolutionFinding)
            for cell in f.finding.cells
            for lesion in f.finding.lesions
        ),
        "lesion", "cell", "direction", "level", "reference", "paper",
    )  # fmt: skip


def identity(evidence: Evidence) -> pd.DataFrame:
    """Marker, contrast and what was measured in it: higher, similar, lower, or told apart by other means."""
    return _frame(
        (
            {
                "marker": subject,
                "contrast": f.finding.contrast,
                "relative": f.finding.relative or ("distinguishes" if f.finding.stance == "supports" else "does not"),
                **_said(f),
            }
            for f in evidence.of_type(IdentityFinding)
            for subject in f.finding.subjects
        ),
        "marker", "contrast", "relative", "direction", "level", "reference", "paper",
    )  # fmt: skip


def expression(evidence: Evidence) -> pd.DataFrame:
    """Marker, population and the level that a finding tells of it there."""
    return _frame(
        (
            {"marker": subject, "population": population, "expression": level, **_said(f)}
            for f in evidence.of_type(IdentityFinding)
            for subject in f.finding.subjects
            for population, level in f.finding.expression.items()
        ),
        "marker", "population", "expression", "direction", "level", "reference", "paper",
    )  # fmt: skip


def resistance(evidence: Evidence, vocabulary: Vocabulary) -> pd.DataFrame:
    """Mechanism against class of therapy survived; a mechanism that is not told has no row."""
    classes = {t.id: str(t.facts.get("class", "")) for t in vocabulary.terms["therapies"].values()}

    def pooled(finding: ResistanceFinding) -> list[str]:
        named = (THERAPIES.get(classes.get(therapy, ""), OTHER) for therapy in finding.escaped)
        return list(dict.fromkeys(named)) or [NOT_TOLD]

    return _frame(
        (
            {"mechanism": f.finding.mechanism, "therapy": therapy, **_said(f)}
            for f in evidence.of_type(ResistanceFinding)
            if f.finding.mechanism != "not told"
            for therapy in pooled(f.finding)
        ),
        "mechanism", "therapy", "direction", "level", "reference", "paper",
    )  # fmt: skip


def mark_of(finding: Finding) -> str:
    """What a finding on a target says of the attempt.

    >>> from types import SimpleNamespace as Say
    >>> mark_of(Say(stance="does_not_support", reason="harm"))
    'harm'
    """
    if finding.stance == "does_not_support":
        return HARM if finding.reason == "harm" else FAILED
    return WORKED if finding.stance == "supports" else UNDECIDED


def on_stem_cells(finding: TargetFinding) -> bool:
    """Whether a finding on a target speaks of stem cells: as end point, as what is spared, or in its claim."""
    return bool(
        finding.end_point == "LSC activity"
        or finding.hsc_effect
        or finding.aspect == "selectivity"
        or _STEM.search(finding.claim)
    )


def speaks_of_stem_cells(finding: Finding) -> bool:
    """Whether a finding of any theme speaks of stem cells: by its theme or fields, or in its claim."""
    if isinstance(finding, TargetFinding):
        return on_stem_cells(finding)
    tested = isinstance(finding, SurveillanceFinding) and finding.assay == "LSC flow cytometry"
    return finding.theme == "identity" or tested or bool(_STEM.search(finding.claim))


def targets(evidence: Evidence, vocabulary: Vocabulary) -> pd.DataFrame:
    """Target, rung, what came of it there, and whether stem cells were looked at, there or as a marker."""
    looked_at = {subject for f in evidence.of_type(IdentityFinding) for subject in f.finding.subjects}
    known = {t.id: {t.id, t.facts.get("gene")} for t in vocabulary.terms["targets"].values()}
    return _frame(
        (
            {
                "target": f.finding.target,
                "stage": f.finding.stage,
                "rung": RUNGS.index(f.finding.stage),
                "mark": mark_of(f.finding),
                "stem": on_stem_cells(f.finding) or bool(known[f.finding.target] & looked_at),
                "study": f.finding.study,
                **_said(f),
            }
            for f in evidence.of_type(TargetFinding)
        ),
        "target", "stage", "rung", "mark", "stem", "study", "direction", "level", "reference", "paper",
    )  # fmt: skip


_EFFECT = (
    "panel", "label", "printed", "turned", "measure", "value", "low", "high", "comparison", "end_point", "direction",
    "level", "reference", "paper",
)  # fmt: skip
TESTS = {
    "test": "Residual disease or stem cells, positive against negative",
    "trait": "Mutation, clone or class, present against absent",
    "before": "Clone in blood before disease",
    "acting": "Acting on the test",
}


def effects_of_tests(evidence: Evidence) -> pd.DataFrame:
    """Ratios of surveillance findings with their intervals, turned so that worse stands right of 1.

    Right of 1: worse with a positive test, or worse where the test was acted on. Left out: indirect findings, and
    ratios per step of a measure, which have no two sides.
    """
    rows = []
    for f in evidence.of_type(SurveillanceFinding):
        contrast = f.finding.contrast
        if contrast.kind == "per unit" or f.finding.directness == "indirect" or not _has_ratio(f.finding):
            continue
        acting = contrast.kind == "treatment by test"
        panel = "acting" if acting else _panel_of_test(f.finding)
        sides = f"{contrast.of} against {contrast.against}" if contrast.against else contrast.of
        when = f", {f.finding.time_point}" if f.finding.time_point and panel != "before" else ""
        what = contrast.of if acting or f.finding.assay in _NAMED_BY_RESULT else f"{f.finding.assay}"
        what += "" if acting else when
        row = _ratio(f, turned=turned(f.finding.end_point, contrast))
        rows.append({"panel": TESTS[panel], "label": f"{what}: {f.finding.end_point}", "comparison": sides, **row})
    return _sorted(rows, list(TESTS.values()))


def _panel_of_test(finding: SurveillanceFinding) -> str:
    if finding.time_point == "before disease":
        return "before"
    # before therapy a karyotype is a class, and what is left of it only after
    treated = finding.time_point not in {None, "diagnosis"}
    left = finding.assay in _RESIDUAL or (finding.assay == "cytogenetics" and treated)
    return "test" if left else "trait"


def turned(end_point: str, contrast: Contrast | None = None) -> bool:
    """Whether a forest shows a ratio inverted, so that worse stands right of 1: rows and diamonds ask here.

    Its end point is a good one, or the good side of its test is above; where both are so, it stands as it is. Without
    a contrast, the bad side, or the agent of a trial, is above.

    >>> turned("remission"), turned("remission", Contrast(kind="test", of="MRD negative", against="MRD positive"))
    (True, False)
    """
    return (end_point in GOOD) != (contrast is not None and good_side_first(contrast))


def good_side_first(contrast: Contrast) -> bool:
    """Whether a printed ratio of a test has its good side above: it is turned, so that all are of one kind.

    >>> good_side_first(Contrast(kind="test", of="MRD negative", against="MRD positive"))
    True
    """
    return contrast.kind == "test" and bool(_GOOD_SIDE.search(contrast.of))


TRIAL_ENDS = {
    "overall survival": "Overall survival",
    "event-free survival": "Events and relapse",
    "relapse-free survival": "Events and relapse",
    "relapse": "Events and relapse",
}
RESPONSES = "Remission and response"


def effects_of_trials(evidence: Evidence) -> pd.DataFrame:
    """Ratios of trials that hit a target, turned so that better with the agent stands left of 1."""
    rows = []
    for f in evidence.of_type(TargetFinding):
        ends = f.finding.end_point
        pooled = f.finding.study.endswith("meta-analysis")
        if ends not in DOES or not _has_ratio(f.finding) or not (pooled or f.finding.study in TRIALS):
            continue
        panel = RESPONSES if ends in GOOD else TRIAL_ENDS.get(ends)
        if panel is None:
            continue
        agents = " with ".join(filter(None, (", ".join(f.finding.agents), ", ".join(f.finding.partners))))
        against = f" against {f.finding.comparator}" if f.finding.comparator else ""
        row = _ratio(f, turned=turned(ends))
        label = f"{f.finding.target} · {agents}: {ends}"
        rows.append({"panel": panel, "label": label, "comparison": f"{agents}{against}", **row})
    return _sorted(rows, [*dict.fromkeys(TRIAL_ENDS.values()), RESPONSES])


def _has_ratio(finding: Finding) -> bool:
    return bool(finding.effect and finding.effect.measure in RATIOS and finding.effect.ci)


def _ratio(f: LocatedIn[Any], *, turned: bool) -> dict[str, Any]:
    """The ratio as a figure shows it, and as its paper prints it."""
    effect = f.finding.effect
    value, low, high = (float(number) for number in (effect.value, *effect.ci))
    if turned:
        value, low, high = (1 / number for number in (value, high, low))
    printed = f"{effect.measure} {effect.value} ({effect.ci[0]}–{effect.ci[1]})"
    shown = {"measure": effect.measure, "value": value, "low": low, "high": high}
    return {"printed": printed, "turned": turned, **shown, "end_point": f.finding.end_point, **_said(f)}


def _sorted(rows: list[dict[str, Any]], panels: list[str]) -> pd.DataFrame:
    rows.sort(key=lambda row: (panels.index(row["panel"]), row["label"], row["value"], row["reference"]))
    return _frame(rows, *_EFFECT)
