"""The one table of theme -> fields -> allowed values.

The pydantic models, the JSON Schema, the contributor's form, the documentation page and the
messages of `make check` all read this table; nothing about a field is written anywhere else.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Type(StrEnum):
    """How the string in the YAML file is read."""

    TEXT = "text"
    WORD = "word"  # one of `allowed`
    WORDS = "words"  # a list of `allowed`
    TERM = "term"  # one id of a vocabulary of `vocabularies`
    TERMS = "terms"  # a list of such ids
    COUNT = "count"
    TEXTS = "texts"  # a list of free texts
    EFFECT = "effect"
    CONTRAST = "contrast"  # what was set against what
    PAIRS = "pairs"  # a list of [earlier, later], or [earlier, later, number]
    COUPLES = "couples"  # a list of [one, other], in no order
    SUPPORT = "support"
    POPULATIONS = "populations"  # mapping of population to expression level
    PMID = "PMID"
    DOI = "DOI"
    ORCIDS = "ORCIDs"  # a list of ORCID ids
    DATE = "date"
    NUMBER = "number"
    INTERVAL = "interval"  # two numbers
    P_VALUE = "p value"
    COUNTS = "counts"  # a list of numbers from 1 on
    FLAG = "flag"
    ID = "id"  # the number of a finding within its file
    GROUNDING = "grounding"  # written by `curate.py ground`, never by hand


@dataclass(frozen=True)
class Field:
    """One field of a finding."""

    name: str
    type: Type
    help: str
    required: bool = False
    counted: bool = False  # required too, where the finding is counted: a context finding may leave it out
    allowed: tuple[str, ...] = ()
    vocabularies: tuple[str, ...] = ()
    example: str = ""
    default: str = ""  # what a field that is left out means, where it means something

    @property
    def hint(self) -> str:
        """What it is for, with an example where there is one.

        >>> Field("n_unit", Type.TEXT, "Of what.", example="patients").hint
        'Of what, as patients'
        """
        return f"{self.help.rstrip('.')}, as {self.example}" if self.example else self.help


@dataclass(frozen=True)
class Theme:
    """One theme: the chapter that it feeds, what a finding of it asserts, and its own fields."""

    name: str
    chapter: str
    proposition: str
    fields: tuple[Field, ...]


# Kind of study, and the levels that a finding of it may have. A cell line is never B.
LEVELS_OF_STUDY: dict[str, tuple[str, ...]] = {
    "individual-patient meta-analysis": ("A", "B"),
    "meta-analysis": ("A", "B"),
    "phase 3": ("A", "B"),
    "phase 2/3": ("A", "B"),
    "phase 2": ("B",),
    "phase 1/2": ("B",),
    "phase 1": ("B",),
    "trial": ("A", "B"),
    "cohort": ("A", "B"),
    "case series": ("C",),
    "case report": ("C",),
    "primary samples": ("B", "C", "D"),
    "single cell": ("B", "C", "D"),
    "ex vivo": ("B", "C", "D"),
    "PDX": ("D",),
    "mouse": ("D",),
    "zebrafish": ("D",),
    "iPSC": ("D",),
    "cell line": ("D",),
    "computational": ("D", "E"),
    "review": ("E",),
    "guideline": ("A", "E"),
}
STUDIES = tuple(LEVELS_OF_STUDY)
TRIALS = ("phase 3", "phase 2/3", "phase 2", "phase 1/2", "phase 1", "trial")
# What PubMed's publication types say of a paper, and the studies that its findings may then rest on.
STUDIES_OF_TYPE: dict[str, tuple[str, ...]] = {
    "Case Reports": ("case report", "case series", "ex vivo", "primary samples", "single cell", "PDX", "review"),
    "Review": ("review", "guideline", "meta-analysis", "individual-patient meta-analysis"),
}
LEVELS = ("A", "B", "C", "D", "E")
LEVEL_MEANING = {
    "A": "validated: proven or consensus association in people",
    "B": "clinical: trial or cohort of patients, or their primary samples",
    "C": "case study: individual patients",
    "D": "preclinical: xenograft, mouse, primary cells ex vivo or cell line",
    "E": "inferential: indirect evidence, prediction or review",
}
DIRECTIONS = ("supports", "does_not_support", "inconclusive")
# A finding without a direction: background, premise, open question. Shown, and counted nowhere.
CONTEXT = "context"
REASONS = ("no effect shown", "harm", "limited to a subtype", "not replicated", "opposite shown")
DIRECTNESS = ("direct", "indirect")
CELLS = (
    "HSC", "MPP", "LMPP", "CMP", "GMP", "MEP", "HSPC", "CD34+ cells", "blast", "monocytic cell",
    "myeloid cell", "erythroid cell", "B cell", "T cell", "NK cell", "lymphoid cell", "bulk marrow",
    "bulk blood", "germline",
)  # fmt: skip
POPULATIONS = ("LSC", "HSC", "blasts", "MDS stem cells", "normal myeloid cells")
EXPRESSION = ("high", "present", "variable", "low", "absent")
RUNGS = ("expression", "dependency", "PDX", "phase 1", "phase 2", "phase 3")
CONTRASTS = (
    "LSC against normal HSC", "LSC against blasts", "LSC against normal progenitors",
    "MDS stem cells against normal HSC",
)  # fmt: skip
# End point of a target finding, and what hitting the target does where the finding supports.
DOES = {
    "overall survival": "prolongs overall survival",
    "event-free survival": "prolongs event-free survival",
    "relapse-free survival": "prolongs relapse-free survival",
    "relapse": "prevents relapse",
    "remission": "induces remission",
    "response": "induces a response",
    "transfusion independence": "brings transfusion independence",
    "leukaemia burden": "reduces the leukaemia in animals",
    "LSC activity": "abolishes the activity of leukaemic stem cells",
    "killing or growth in vitro": "kills leukaemic cells or stops their growth in culture",
    "differentiation": "induces leukaemic cells to mature",
    "immune activation": "turns immune cells against the leukaemia",
    "other": "has the effect stated in the claim",
}

RATIOS = ("HR", "OR", "RR", "SHR")  # one of them says no difference where it is one
EFFECT: tuple[Field, ...] = (
    Field("measure", Type.WORD, "What the figure measures.", required=True,
          allowed=(*RATIOS, "rate difference", "median difference", "percent", "ratio", "AUC", "other")),
    Field("value", Type.NUMBER, "The figure, with the digits that the paper prints.", required=True, example="1.9"),
    Field("ci", Type.INTERVAL, "Its interval: lower and upper bound.", example='["1.2", "3.0"]'),
    Field("ci_level", Type.WORD, "Level of the interval in per cent; 95 where it is left out.",
          allowed=("80", "90", "95", "99"), default="95"),
    Field("p", Type.P_VALUE, "The p value, as printed.", example="<0.001"),
    Field("unit", Type.TEXT, "Unit of the figure.", example="months"),
    Field("comparison", Type.TEXT, "What was compared with what.", example="MRD positive against negative"),
)  # fmt: skip

# Of a surveillance finding. A ratio stands as printed; the figure turns it, by the words of `of` and `against`.
CONTRAST: tuple[Field, ...] = (
    Field(
        "kind",
        Type.WORD,
        "test: one result of the test against the other. treatment by test: acting on the "
        "test, or a treatment among those with a result. per unit: for each step of a measure.",
        required=True,
        allowed=("test", "treatment by test", "per unit"),
    ),
    Field(
        "of",
        Type.TEXT,
        "The group that stands above in the printed ratio, or that the sentence is about.",
        required=True,
        example="positive",
    ),
    Field("against", Type.TEXT, "The group it is set against.", example="negative"),
)

SUPPORT: tuple[Field, ...] = (
    Field("sentences", Type.COUNTS, "Numbers of the sentences in the abstract.", example="[3, 4]"),
    Field("title", Type.FLAG, "Whether the title itself says it (true)."),
    Field("full_text", Type.TEXT, "Page, figure or table of the full text.", example="Figure 2B"),
    Field("grounding", Type.GROUNDING, "Written by `python scripts/curate.py ground`."),
)  # fmt: skip

COMMON: tuple[Field, ...] = (
    Field("id", Type.ID, "Number of the finding within its file. Never reused, because pages "
          "and other people's links point at it.", required=True, example="1"),
    Field("theme", Type.WORD, "The chapter that the finding answers to; decides the fields below.",
          required=True, allowed=("evolution", "identity", "resistance", "surveillance", "target")),
    Field("claim", Type.TEXT, "One or two sentences in your own words: what was found, in whom or "
          "what, with its figures. Eight words in a row of the abstract are refused.",
          required=True),
    Field("role", Type.WORD, "context: background, a premise, an open question. It has no direction and is counted "
          "nowhere. Left out: a finding that is counted.", allowed=(CONTEXT,)),
    Field("direction", Type.WORD, "Does the finding speak for or against its proposition, as it is read back? "
          "inconclusive: tested, and not decided. A half-and-half finding becomes two.", allowed=DIRECTIONS,
          counted=True),
    Field("reason", Type.WORD, "Why it does not support. Only with does_not_support.", allowed=REASONS),
    Field("directness", Type.WORD, "direct: shown on the cells, patients or end point that the proposition names. "
          "indirect: by proxy.", allowed=DIRECTNESS, counted=True),
    Field("diseases", Type.TERMS, "Diseases studied.", required=True, vocabularies=("diseases",),
          example="[AML]"),
    Field("study", Type.WORD, "Kind of study that this finding rests on.", allowed=STUDIES,
          required=True),
    Field("n", Type.COUNT, "How many, as the paper gives it, for this finding.", example="94"),
    Field("n_unit", Type.TEXT, "Of what.", example="patients"),
    Field("effect", Type.EFFECT, "The figure: measure, value, ci (two bounds), p.",
          example='{measure: HR, value: "1.9", ci: ["1.2", "3.0"], p: "0.003"}'),
    Field("level", Type.WORD, "CIViC evidence level. " + "; ".join(
          f"{k}, {v}" for k, v in LEVEL_MEANING.items()) + ".", allowed=LEVELS, counted=True),
    Field("rating", Type.WORD, "1 (weak) to 5 (strong), of this unit of evidence and not of the "
          "paper. Leave it out unless you have read the full text.", allowed=("1", "2", "3", "4", "5")),
    Field("genes", Type.TERMS, "Genes that the finding names.", vocabularies=("genes",)),
    Field("markers", Type.TERMS, "Surface antigens and signatures that the finding names.",
          vocabularies=("markers",)),
    Field("therapies", Type.TERMS, "Therapies that the finding names.", vocabularies=("therapies",)),
    Field("cohort", Type.TEXTS, "Trial registry ids (NCT…) or cohort names, so that the same "
          "patients count once.", example="[NCT01074086]"),
    Field("note", Type.TEXT, "A doubt or a limit that a reader should see."),
    Field("support", Type.SUPPORT, "Where it stands: sentences (numbers in the abstract), or a "
          "full_text locator (page, figure, table).", required=True, example="{sentences: [3, 4]}"),
)  # fmt: skip

THEMES: tuple[Theme, ...] = (
    Theme("evolution", "clonal-evolution",
          "The lesion is acquired at this stage, in this cell, or before that other lesion, or excludes that one.", (
        Field("lesions", Type.TERMS, "Genes or lesions whose place is told. With order, cells, before or exclusive, at "
              "least one of them.", counted=True, vocabularies=("genes", "lesions"), example="[DNMT3A]"),
        Field("order", Type.WORD, "founding: in the first clone; early: before overt disease; late: "
              "in a subclone of overt disease or at progression; relapse-acquired: seen at relapse "
              "or selected by therapy. Only where the paper tells the time; germline is no order.",
              allowed=("founding", "early", "late", "relapse-acquired")),
        Field("cells", Type.WORDS, "Cells in which the lesion was seen.", allowed=CELLS,
              example="[HSC]"),
        Field("before", Type.PAIRS, "Pairs of which the first was acquired before the second, with the number of "
              "patients where it is told.", vocabularies=("genes", "lesions"), example="[[DNMT3A, NPM1]]"),
        Field("exclusive", Type.COUPLES, "Pairs of lesions that exclude each other: together never, or less often than "
              "by chance. Whether they were found together is asked, not which comes first.",
              vocabularies=("genes", "lesions"), example="[[SF3B1, SRSF2]]"),
        Field("exclusive_in", Type.WORD, "With exclusive. clone: not in one cell or clone, as single cells or trees of "
              "clones show. patient: not in one patient, as a cohort that was sequenced in bulk shows.",
              allowed=("clone", "patient")),
    )),
    Theme("identity", "lsc-identity",
          "The marker or signature tells stem cells of the disease from the other cells of its contrast.", (
        Field("subjects", Type.TERMS, "Markers, signatures or genes that the finding is about.",
              counted=True, vocabularies=("markers", "genes"), example="[CD123]"),
        Field("contrast", Type.WORD, "Which cells were set against which.", allowed=CONTRASTS, counted=True),
        Field("relative", Type.WORD, "Level on the first cells of the contrast, relative to the second.",
              allowed=("higher", "similar", "lower")),
        Field("expression", Type.POPULATIONS, "Level by population, only where told.",
              allowed=EXPRESSION, example="{LSC: high, HSC: low}"),
        Field("assay", Type.WORD, "Functional assay that shows stemness, or the read-out used.",
              allowed=("limiting-dilution xenograft", "serial xenograft", "xenograft",
                       "mouse transplantation", "LTC-IC", "CFU", "flow cytometry", "single-cell RNA",
                       "gene-expression score", "clinical outcome", "other")),
        Field("fraction", Type.TEXT, "Sorted fraction that held the activity.",
              example="CD34+CD38-"),
        Field("frequency", Type.TEXT, "Frequency of LSCs, as the paper gives it.",
              example="1 in 10⁶"),
    )),
    Theme("resistance", "resistance",
          "Cells with the mechanism survive the therapy.", (
        Field("mechanism", Type.TERM, "Class of mechanism; `not told` where the paper shows survival and no mechanism. "
              "Never the nearest class.", counted=True, vocabularies=("mechanisms",)),
        Field("escaped", Type.TERMS, "Therapies that were survived, as studied; what a trial demands of those who "
              "enter it was not.", vocabularies=("therapies",), example="[venetoclax]"),
        Field("acquisition", Type.WORD, "primary: before exposure; acquired: under it.",
              allowed=("primary", "acquired")),
        Field("process", Type.WORD, "selected: cells that were there; induced: a new state.",
              allowed=("selected", "induced")),
    )),
    Theme("surveillance", "surveillance",
          "The test, at this time, predicts the end point; or acting on it changes the end point.", (
        Field("assay", Type.WORD, "How residual or emerging disease was measured.", counted=True,
              allowed=("flow cytometry MRD", "LSC flow cytometry", "NGS MRD", "PCR MRD",
                       "MRD, any method", "clone sequencing (CHIP)", "gene-expression score",
                       "single gene or antigen", "mutation or karyotype",
                       "donor chimerism", "cytogenetics", "plasma or marrow protein",
                       "circulating DNA or vesicles", "tissue imaging", "risk score", "other")),
        Field("contrast", Type.CONTRAST, "What was set against what.", counted=True,
              example="{kind: test, of: positive, against: negative}"),
        Field("time_point", Type.WORD, "When it was measured.",
              allowed=("before disease", "diagnosis", "during treatment", "after induction",
                       "after consolidation", "before transplant", "after transplant", "follow-up",
                       "relapse")),
        Field("threshold", Type.TEXT, "What counts as positive.", example="VAF ≥ 0.1%"),
        Field("end_point", Type.WORD, "What was predicted; detection: disease, clone or stem cells are seen, and "
              "nothing is foretold.", counted=True,
              allowed=("overall survival", "relapse", "relapse-free survival",
                       "event-free survival", "disease-free survival", "progression-free survival",
                       "progression to MDS/AML", "haematological cancer", "therapy-related myeloid neoplasm",
                       "remission", "response to therapy", "non-relapse mortality", "detection", "not told")),
    )),
    Theme("target", "targets",
          "Hitting the target, at this stage of testing, does what its aspect and end point say.", (
        Field("target", Type.TERM, "What is hit.", counted=True, vocabularies=("targets",)),
        Field("agents", Type.TERMS, "What hits the target; what is given with it stands under partners.",
              vocabularies=("therapies",)),
        Field("partners", Type.TERMS, "Partners and backbone that hit something else.", vocabularies=("therapies",)),
        Field("comparator", Type.TEXT, "What it was held against.", example="placebo with azacitidine"),
        Field("modality", Type.WORD, "Kind of agent.",
              allowed=("antibody", "antibody-drug conjugate", "fusion toxin", "bispecific engager",
                       "cell therapy", "vaccine", "small molecule", "degrader", "oligonucleotide",
                       "genetic perturbation", "gene editing of HSC", "ligand trap", "none")),
        Field("aspect", Type.WORD, "expression: is it there, on which cells. efficacy: does hitting it work. safety: "
              "is it tolerated. selectivity: are normal stem cells spared.", counted=True,
              allowed=("expression", "efficacy", "safety", "selectivity")),
        Field("stage", Type.WORD, "Rung of the ladder on which this finding stands. PDX: patients' cells in animals. "
              "Approval comes from regulators (data/vocabulary/approvals.yaml), never from a paper.", counted=True,
              allowed=RUNGS),
        Field("end_point", Type.WORD, "What hitting it should do.",
              allowed=tuple(DOES)),
        Field("outcome", Type.WORD, "What came of it, for trials.",
              allowed=("end point met", "end point not met", "stopped for futility",
                       "stopped for toxicity", "activity seen", "no activity", "tolerable", "not tolerable",
                       "ongoing")),
        Field("hsc_effect", Type.WORD, "Effect on normal haematopoietic stem cells, if tested.",
              allowed=("spared", "partly spared", "harmed")),
    )),
)  # fmt: skip

# Fields that hold fields of their own.
NESTED = {Type.EFFECT: EFFECT, Type.CONTRAST: CONTRAST, Type.SUPPORT: SUPPORT}
OF_TWO = frozenset({Type.PAIRS, Type.COUPLES})  # lists of two terms each
BY_THEME = {theme.name: theme for theme in THEMES}

ENTRY: tuple[Field, ...] = (
    Field("pmid", Type.PMID, "PubMed id of the paper, digits only (a PMC id is another thing).",
          example="22932223"),
    Field("doi", Type.DOI, "Only where no PMID is known yet: the DOI, without https://doi.org/.",
          example="10.1038/nature10738"),
    Field("read", Type.WORD, "What you read.", required=True, allowed=("abstract", "full text")),
    Field("curators", Type.ORCIDS, "ORCID ids of those who wrote this file; may be empty."),
    Field("reviewers", Type.ORCIDS, "ORCID ids of those who read claim and source against each "
          "other; never a curator of the same file."),
    Field("added", Type.DATE, "Date of entry, YYYY-MM-DD.", required=True, example="2026-11-24"),
)  # fmt: skip


def fields_of(theme: str) -> tuple[Field, ...]:
    """All fields of a finding of `theme`: the theme's own after those that every finding has.

    >>> [f.name for f in fields_of("evolution")][-4:]
    ['cells', 'before', 'exclusive', 'exclusive_in']
    """
    return COMMON + BY_THEME[theme].fields


def terms_in(field: Field, value: Any) -> list[str]:
    """The ids of the vocabulary in a value of a field, in order: of one term, of a list, or of two each.

    >>> terms_in(BY_THEME["evolution"].fields[0], ("DNMT3A", "TET2"))
    ['DNMT3A', 'TET2']
    """
    if not field.vocabularies or not value:
        return []
    if field.type in OF_TWO:
        return [term for pair in value for term in pair.terms]
    return [value] if isinstance(value, str) else list(value)
