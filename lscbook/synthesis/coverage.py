"""What is covered: the questions and the vocabulary against what is curated or was searched for, with what is missing.

It counts curation and not truth. Independent studies are those of `studies.py`. What the counts should reach stands in
`goals.py`; what in a finding's fields is *in a graft* or *clone followed* is said here, at `FUNCTIONAL`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lscbook.evidence.fields import BY_THEME
from lscbook.evidence.findings import (
    EvolutionFinding,
    Finding,
    IdentityFinding,
    ResistanceFinding,
    SurveillanceFinding,
    TargetFinding,
)
from lscbook.evidence.store import Evidence, Located, LocatedIn
from lscbook.screening import BY, CELLS, Search
from lscbook.synthesis import studies
from lscbook.vocabulary import Vocabulary, things

STEM_CELLS = frozenset({"HSC", "MPP", "LMPP", "HSPC", "CD34+ cells"})
TRIAL_STAGES = ("phase 1", "phase 2", "phase 3")
# Mechanisms by which a stem cell persists, as against those by which it changes.
PERSISTING = frozenset({"stemness programme", "quiescence or senescence like state", "preexisting resistant clone"})
ENGRAFTED = frozenset({"limiting-dilution xenograft", "serial xenograft", "xenograft", "mouse transplantation"})
FOLLOWED = frozenset({"NGS MRD", "clone sequencing (CHIP)"})
UNTOLD = "not told"


def _evolved(f: Finding) -> bool:
    return isinstance(f, EvolutionFinding) and bool(f.order or f.before or set(f.cells) & STEM_CELLS)


def _persists(f: Finding) -> bool:
    relapsed = isinstance(f, EvolutionFinding) and f.order == "relapse-acquired"
    return relapsed or (isinstance(f, ResistanceFinding) and f.mechanism in PERSISTING)


def _of(theme: str) -> Callable[[Finding], bool]:
    return lambda f: f.theme == theme


def _clinical(f: Finding) -> bool:
    return isinstance(f, TargetFinding) and f.stage in TRIAL_STAGES


def _preclinical(f: Finding) -> bool:
    return isinstance(f, TargetFinding) and f.stage not in TRIAL_STAGES


# The six subjects of the review that the book grew out of, each with the findings that it takes, in words and in code.
SUBJECTS: tuple[tuple[str, str, Callable[[Finding], bool]], ...] = (
    ("Drivers acquired one after another in stem cells",
     "evolution: a stage, a pair, or a stem cell is told", _evolved),
    ("Relapse from stem cells that persist",
     "evolution: acquired at relapse; resistance: quiescent, stem-like or there before", _persists),
    ("How they resist", "resistance: all", _of("resistance")),
    ("Surveillance of stem cells and of residual disease", "surveillance: all", _of("surveillance")),
    ("Telling stem cells from other cells", "identity: all", _of("identity")),
    ("Targets, preclinical", "target: expression, dependency, PDX", _preclinical),
    ("Targets, clinical", "target: phase 1 to 3", _clinical),
)  # fmt: skip


def in_a_graft(f: Finding) -> bool:
    """Cells were put into an animal and grew or did not: a study or stage PDX, or an assay of engraftment."""
    return f.study == "PDX" or getattr(f, "stage", None) == "PDX" or getattr(f, "assay", None) in ENGRAFTED


def clone_followed(f: Finding) -> bool:
    """A clone was followed: single cells, sequencing of residual or early clones, selection, or what relapse added."""
    return (
        f.study == "single cell"
        or (isinstance(f, SurveillanceFinding) and f.assay in FOLLOWED)
        or (isinstance(f, ResistanceFinding) and f.process == "selected")
        or (isinstance(f, EvolutionFinding) and f.order == "relapse-acquired")
    )


FUNCTIONAL = {"xenograft": in_a_graft, "clone followed": clone_followed}


@dataclass(frozen=True)
class Count:
    """How much is counted on something: findings, papers, and independent studies; and those not for it."""

    name: str
    rule: str
    findings: tuple[Located, ...]

    @property
    def papers(self) -> int:
        """Papers behind the findings."""
        return len({f.entry.key for f in self.findings})

    @property
    def studies(self) -> int:
        """Independent studies behind them."""
        return studies.number(self.findings)

    def directed(self, direction: str) -> int:
        """Findings of a direction."""
        return sum(f.finding.stance == direction for f in self.findings)


@dataclass(frozen=True)
class Target:
    """A target of the vocabulary: what is counted on it, and the search for it where one is kept."""

    count: Count
    search: Search | None

    @property
    def covered(self) -> bool:
        """Two independent studies, or a search that left nothing more to curate."""
        return self.count.studies >= 2 or self.search is not None

    @property
    def tried(self) -> bool:
        """Whether it came to a trial."""
        return any(_clinical(f.finding) for f in self.count.findings)

    @property
    def failures(self) -> int:
        """Findings against it, of harm, or not decided."""
        return len(self.count.findings) - self.count.directed("supports")


@dataclass(frozen=True)
class Mechanism:
    """A mechanism against every class of therapy: findings of a class, classes searched for in vain, and the others."""

    name: str
    counted: dict[str, tuple[Located, ...]]
    searched: dict[str, Search]
    open: tuple[str, ...]

    @property
    def findings(self) -> int:
        """Findings on it that name what was survived."""
        return len({f.reference for found in self.counted.values() for f in found})


@dataclass(frozen=True)
class Marker:
    """A marker and the findings that tell of it on stem cells of the disease, and on normal ones."""

    name: str
    on_lsc: tuple[Located, ...]
    on_hsc: tuple[Located, ...]


def subjects(evidence: Evidence) -> list[Count]:
    """The subjects of the review with what is counted on each; a finding may stand in more than one."""
    return [Count(name, rule, tuple(f for f in evidence.counted if takes(f.finding))) for name, rule, takes in SUBJECTS]


def targets(evidence: Evidence, vocabulary: Vocabulary, searches: Iterable[Search]) -> list[Target]:
    """Every target of the vocabulary, in its order."""
    kept = {s.term: s for s in searches if s.kind == "targets"}
    found: dict[str, list[Located]] = defaultdict(list)
    for f in evidence.of_type(TargetFinding):
        found[f.finding.target].append(f)
    return [Target(Count(t, "", tuple(found[t])), kept.get(t)) for t in vocabulary.terms["targets"]]


def mechanisms(evidence: Evidence, vocabulary: Vocabulary, searches: Iterable[Search]) -> list[Mechanism]:
    """Every mechanism of the vocabulary against every class of its therapies, each in its order.

    A search for a mechanism holds for all its classes that have no finding.
    """
    classes = vocabulary.classes("therapies")
    kept = {(s.kind, s.term): s for s in searches}
    cells: dict[tuple[str, str], dict[str, Located]] = defaultdict(dict)
    of_class = {therapy: name for name, ids in classes.items() for therapy in ids}
    for f in evidence.of_type(ResistanceFinding):
        for therapy in f.finding.escaped:
            if therapy in of_class:
                cells[f.finding.mechanism, of_class[therapy]][f.reference] = f
    made = []
    for name in vocabulary.terms["mechanisms"]:
        if name == UNTOLD:
            continue
        counted = {c: tuple(cells[name, c].values()) for c in classes if cells[name, c]}
        sought = {c: kept.get((CELLS, f"{name}{BY}{c}")) or kept.get(("mechanisms", name)) for c in classes}
        searched = {c: s for c, s in sought.items() if s and c not in counted}
        rest = tuple(c for c in classes if c not in counted and c not in searched)
        made.append(Mechanism(name, counted, searched, rest))
    return made


def markers(evidence: Evidence, vocabulary: Vocabulary) -> list[Marker]:
    """Every marker of the vocabulary, by itself or by its gene: told on LSCs, and told on normal HSCs.

    A level on the cells tells of them, and so does a comparison of the two, whichever way it went.
    """
    found: dict[str, list[LocatedIn[IdentityFinding]]] = defaultdict(list)
    for f in evidence.of_type(IdentityFinding):
        for subject in f.finding.subjects:
            found[subject].append(f)
    made = []
    known = things.by_key(vocabulary)
    for name, term in vocabulary.terms["markers"].items():
        words = sorted({identifier for kind, identifier in known[term.key].keys if kind in {"markers", "genes"}})
        on = {f.reference: f for word in words for f in found[word]}
        sick = tuple(f for f in on.values() if _tells(f.finding, "LSC", "MDS stem cells"))
        normal = tuple(f for f in on.values() if _tells(f.finding, "HSC"))
        made.append(Marker(name, sick, normal))
    return made


def _tells(finding: IdentityFinding, *populations: str) -> bool:
    one, _, other = finding.contrast.partition(" against ")
    sides = {one, other.removeprefix("normal ")}
    return bool(set(populations) & set(finding.expression)) or (
        finding.relative is not None and bool(set(populations) & sides)
    )


def functional(evidence: Evidence) -> dict[str, dict[str, tuple[Located, ...]]]:
    """Findings with functional evidence, by theme and kind of it."""
    return {
        theme: {kind: tuple(f for f in evidence.of_theme(theme) if has(f.finding)) for kind, has in FUNCTIONAL.items()}
        for theme in BY_THEME
    }


def with_interval(evidence: Evidence, theme: str) -> list[Located]:
    """Findings of a theme whose effect is printed with its interval."""
    return [f for f in evidence.of_theme(theme) if f.finding.effect and f.finding.effect.ci]


def since(evidence: Evidence, year: int) -> list[str]:
    """Papers published in a year or after it."""
    return [key for key, record in evidence.records.items() if record.year and int(record.year) >= year]


def directed_away(findings: Iterable[LocatedIn[Any]]) -> list[Located]:
    """Findings that speak against their proposition, or did not decide."""
    return [f for f in findings if f.finding.stance != "supports"]
