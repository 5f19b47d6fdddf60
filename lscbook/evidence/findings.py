"""The types of a finding, by theme, counted or context. `python scripts/schema.py` writes this file."""

# ruff: noqa: E501
# fmt: off

from typing import Literal

from pydantic import Field

from lscbook.evidence.values import (
    Before,
    Count,
    Couple,
    Direction,
    EffectBase,
    FindingBase,
    Flag,
    Grounding,
    Id,
    Number,
    PValue,
    Strict,
    SupportBase,
    Text,
)


class Effect(EffectBase):
    """A figure with its uncertainty, as printed."""

    measure: Literal["HR", "OR", "RR", "SHR", "rate difference", "median difference", "percent", "ratio", "AUC", "other"]
    value: Number
    ci: tuple[Number, Number] | None = None
    ci_level: Literal["80", "90", "95", "99"] | None = "95"
    p: PValue | None = None
    unit: Text | None = None
    comparison: Text | None = None


class Contrast(Strict):
    """What was set against what."""

    kind: Literal["test", "treatment by test", "per unit"]
    of: Text
    against: Text | None = None


class Support(SupportBase):
    """Where the finding stands in its paper."""

    sentences: tuple[Count, ...] = ()
    title: Flag = False
    full_text: Text | None = None
    grounding: Grounding | None = None


class Finding(FindingBase):
    """What every finding has, counted or context."""

    theme: str
    id: Id
    claim: Text
    role: Literal["context"] | None = None
    direction: Direction | None = None
    reason: Literal["no effect shown", "harm", "limited to a subtype", "not replicated", "opposite shown"] | None = None
    directness: Literal["direct", "indirect"] | None = None
    diseases: tuple[Text, ...] = Field(min_length=1)
    study: Literal["individual-patient meta-analysis", "meta-analysis", "phase 3", "phase 2/3", "phase 2", "phase 1/2", "phase 1", "trial", "cohort", "case series", "case report", "primary samples", "single cell", "ex vivo", "PDX", "mouse", "zebrafish", "iPSC", "cell line", "computational", "review", "guideline"]
    n: Count | None = None
    n_unit: Text | None = None
    effect: Effect | None = None
    level: Literal["A", "B", "C", "D", "E"] | None = None
    rating: Literal["1", "2", "3", "4", "5"] | None = None
    genes: tuple[Text, ...] = ()
    markers: tuple[Text, ...] = ()
    therapies: tuple[Text, ...] = ()
    cohort: tuple[Text, ...] = ()
    note: Text | None = None
    support: Support


class EvolutionFinding(Finding):
    """A counted finding on evolution: The lesion is acquired at this stage, in this cell, or before that other lesion, or excludes that one."""

    theme: Literal["evolution"]
    role: None = None
    direction: Direction
    directness: Literal["direct", "indirect"]
    level: Literal["A", "B", "C", "D", "E"]
    lesions: tuple[Text, ...] = Field(min_length=1)
    order: Literal["founding", "early", "late", "relapse-acquired"] | None = None
    cells: tuple[Literal["HSC", "MPP", "LMPP", "CMP", "GMP", "MEP", "HSPC", "CD34+ cells", "blast", "monocytic cell", "myeloid cell", "erythroid cell", "B cell", "T cell", "NK cell", "lymphoid cell", "bulk marrow", "bulk blood", "germline"], ...] = ()
    before: tuple[Before, ...] = ()
    exclusive: tuple[Couple, ...] = ()
    exclusive_in: Literal["clone", "patient"] | None = None


class EvolutionContext(Finding):
    """Background on evolution, without a direction."""

    theme: Literal["evolution"]
    role: Literal["context"]
    direction: None = None
    reason: None = None
    lesions: tuple[Text, ...] = ()
    order: Literal["founding", "early", "late", "relapse-acquired"] | None = None
    cells: tuple[Literal["HSC", "MPP", "LMPP", "CMP", "GMP", "MEP", "HSPC", "CD34+ cells", "blast", "monocytic cell", "myeloid cell", "erythroid cell", "B cell", "T cell", "NK cell", "lymphoid cell", "bulk marrow", "bulk blood", "germline"], ...] = ()
    before: tuple[Before, ...] = ()
    exclusive: tuple[Couple, ...] = ()
    exclusive_in: Literal["clone", "patient"] | None = None


class IdentityFinding(Finding):
    """A counted finding on identity: The marker or signature tells stem cells of the disease from the other cells of its contrast."""

    theme: Literal["identity"]
    role: None = None
    direction: Direction
    directness: Literal["direct", "indirect"]
    level: Literal["A", "B", "C", "D", "E"]
    subjects: tuple[Text, ...] = Field(min_length=1)
    contrast: Literal["LSC against normal HSC", "LSC against blasts", "LSC against normal progenitors", "MDS stem cells against normal HSC"]
    relative: Literal["higher", "similar", "lower"] | None = None
    expression: dict[Literal["LSC", "HSC", "blasts", "MDS stem cells", "normal myeloid cells"], Literal["high", "present", "variable", "low", "absent"]] = Field(default_factory=dict)
    assay: Literal["limiting-dilution xenograft", "serial xenograft", "xenograft", "mouse transplantation", "LTC-IC", "CFU", "flow cytometry", "single-cell RNA", "gene-expression score", "clinical outcome", "other"] | None = None
    fraction: Text | None = None
    frequency: Text | None = None


class IdentityContext(Finding):
    """Background on identity, without a direction."""

    theme: Literal["identity"]
    role: Literal["context"]
    direction: None = None
    reason: None = None
    subjects: tuple[Text, ...] = ()
    contrast: Literal["LSC against normal HSC", "LSC against blasts", "LSC against normal progenitors", "MDS stem cells against normal HSC"] | None = None
    relative: Literal["higher", "similar", "lower"] | None = None
    expression: dict[Literal["LSC", "HSC", "blasts", "MDS stem cells", "normal myeloid cells"], Literal["high", "present", "variable", "low", "absent"]] = Field(default_factory=dict)
    assay: Literal["limiting-dilution xenograft", "serial xenograft", "xenograft", "mouse transplantation", "LTC-IC", "CFU", "flow cytometry", "single-cell RNA", "gene-expression score", "clinical outcome", "other"] | None = None
    fraction: Text | None = None
    frequency: Text | None = None


class ResistanceFinding(Finding):
    """A counted finding on resistance: Cells with the mechanism survive the therapy."""

    theme: Literal["resistance"]
    role: None = None
    direction: Direction
    directness: Literal["direct", "indirect"]
    level: Literal["A", "B", "C", "D", "E"]
    mechanism: Text
    escaped: tuple[Text, ...] = ()
    acquisition: Literal["primary", "acquired"] | None = None
    process: Literal["selected", "induced"] | None = None


class ResistanceContext(Finding):
    """Background on resistance, without a direction."""

    theme: Literal["resistance"]
    role: Literal["context"]
    direction: None = None
    reason: None = None
    mechanism: Text | None = None
    escaped: tuple[Text, ...] = ()
    acquisition: Literal["primary", "acquired"] | None = None
    process: Literal["selected", "induced"] | None = None


class SurveillanceFinding(Finding):
    """A counted finding on surveillance: The test, at this time, predicts the end point; or acting on it changes the end point."""

    theme: Literal["surveillance"]
    role: None = None
    direction: Direction
    directness: Literal["direct", "indirect"]
    level: Literal["A", "B", "C", "D", "E"]
    assay: Literal["flow cytometry MRD", "LSC flow cytometry", "NGS MRD", "PCR MRD", "MRD, any method", "clone sequencing (CHIP)", "gene-expression score", "single gene or antigen", "mutation or karyotype", "donor chimerism", "cytogenetics", "plasma or marrow protein", "circulating DNA or vesicles", "tissue imaging", "risk score", "other"]
    contrast: Contrast
    time_point: Literal["before disease", "diagnosis", "during treatment", "after induction", "after consolidation", "before transplant", "after transplant", "follow-up", "relapse"] | None = None
    threshold: Text | None = None
    end_point: Literal["overall survival", "relapse", "relapse-free survival", "event-free survival", "disease-free survival", "progression-free survival", "progression to MDS/AML", "haematological cancer", "therapy-related myeloid neoplasm", "remission", "response to therapy", "non-relapse mortality", "detection", "not told"]


class SurveillanceContext(Finding):
    """Background on surveillance, without a direction."""

    theme: Literal["surveillance"]
    role: Literal["context"]
    direction: None = None
    reason: None = None
    assay: Literal["flow cytometry MRD", "LSC flow cytometry", "NGS MRD", "PCR MRD", "MRD, any method", "clone sequencing (CHIP)", "gene-expression score", "single gene or antigen", "mutation or karyotype", "donor chimerism", "cytogenetics", "plasma or marrow protein", "circulating DNA or vesicles", "tissue imaging", "risk score", "other"] | None = None
    contrast: Contrast | None = None
    time_point: Literal["before disease", "diagnosis", "during treatment", "after induction", "after consolidation", "before transplant", "after transplant", "follow-up", "relapse"] | None = None
    threshold: Text | None = None
    end_point: Literal["overall survival", "relapse", "relapse-free survival", "event-free survival", "disease-free survival", "progression-free survival", "progression to MDS/AML", "haematological cancer", "therapy-related myeloid neoplasm", "remission", "response to therapy", "non-relapse mortality", "detection", "not told"] | None = None


class TargetFinding(Finding):
    """A counted finding on target: Hitting the target, at this stage of testing, does what its aspect and end point say."""

    theme: Literal["target"]
    role: None = None
    direction: Direction
    directness: Literal["direct", "indirect"]
    level: Literal["A", "B", "C", "D", "E"]
    target: Text
    agents: tuple[Text, ...] = ()
    partners: tuple[Text, ...] = ()
    comparator: Text | None = None
    modality: Literal["antibody", "antibody-drug conjugate", "fusion toxin", "bispecific engager", "cell therapy", "vaccine", "small molecule", "degrader", "oligonucleotide", "genetic perturbation", "gene editing of HSC", "ligand trap", "none"] | None = None
    aspect: Literal["expression", "efficacy", "safety", "selectivity"]
    stage: Literal["expression", "dependency", "PDX", "phase 1", "phase 2", "phase 3"]
    end_point: Literal["overall survival", "event-free survival", "relapse-free survival", "relapse", "remission", "response", "transfusion independence", "leukaemia burden", "LSC activity", "killing or growth in vitro", "differentiation", "immune activation", "other"] | None = None
    outcome: Literal["end point met", "end point not met", "stopped for futility", "stopped for toxicity", "activity seen", "no activity", "tolerable", "not tolerable", "ongoing"] | None = None
    hsc_effect: Literal["spared", "partly spared", "harmed"] | None = None


class TargetContext(Finding):
    """Background on target, without a direction."""

    theme: Literal["target"]
    role: Literal["context"]
    direction: None = None
    reason: None = None
    target: Text | None = None
    agents: tuple[Text, ...] = ()
    partners: tuple[Text, ...] = ()
    comparator: Text | None = None
    modality: Literal["antibody", "antibody-drug conjugate", "fusion toxin", "bispecific engager", "cell therapy", "vaccine", "small molecule", "degrader", "oligonucleotide", "genetic perturbation", "gene editing of HSC", "ligand trap", "none"] | None = None
    aspect: Literal["expression", "efficacy", "safety", "selectivity"] | None = None
    stage: Literal["expression", "dependency", "PDX", "phase 1", "phase 2", "phase 3"] | None = None
    end_point: Literal["overall survival", "event-free survival", "relapse-free survival", "relapse", "remission", "response", "transfusion independence", "leukaemia burden", "LSC activity", "killing or growth in vitro", "differentiation", "immune activation", "other"] | None = None
    outcome: Literal["end point met", "end point not met", "stopped for futility", "stopped for toxicity", "activity seen", "no activity", "tolerable", "not tolerable", "ongoing"] | None = None
    hsc_effect: Literal["spared", "partly spared", "harmed"] | None = None


# The type of a counted finding, by theme.
COUNTED: dict[str, type[Finding]] = {
    "evolution": EvolutionFinding,
    "identity": IdentityFinding,
    "resistance": ResistanceFinding,
    "surveillance": SurveillanceFinding,
    "target": TargetFinding,
}


# The type of a context finding, by theme.
CONTEXT: dict[str, type[Finding]] = {
    "evolution": EvolutionContext,
    "identity": IdentityContext,
    "resistance": ResistanceContext,
    "surveillance": SurveillanceContext,
    "target": TargetContext,
}
