"""The living map of gaps: each target and mechanism against the kinds of evidence, and of each empty place why.

An empty place is one of three, and they are never mixed:

- *searched and empty*: a search for the term is kept (`data/screening/searches.tsv`), nothing was to be curated, and no
  more records name the term now than it found;
- *written about*: records of the snapshot name the target, by annotation, and nobody has curated them or judged them
  out. Of what kind their evidence is, annotation cannot say, so it holds for the whole row;
- *not searched*: neither. Nobody has looked, and that says nothing of the literature.

Mechanisms are not annotated, and so are never *written about*.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lscbook.evidence.fields import RUNGS
from lscbook.evidence.findings import Finding, ResistanceFinding, TargetFinding
from lscbook.evidence.store import Evidence, Located, LocatedIn
from lscbook.pubmed.record import Record
from lscbook.screening import Decision, Search
from lscbook.synthesis import frames
from lscbook.synthesis.coverage import TRIAL_STAGES, UNTOLD
from lscbook.synthesis.strength import PATIENTS, PATIENTS_CELLS, TIER_OF
from lscbook.synthesis.trends import names_of, names_target
from lscbook.vocabulary import Vocabulary

CURATED, SEARCHED, WRITTEN, NOT_SEARCHED = "curated", "searched and empty", "written about", "not searched"
STATES = (CURATED, SEARCHED, WRITTEN, NOT_SEARCHED)
NOTHING = "nothing curated"
NO_TRIAL = "preclinical without a trial"
NO_STEM_CELLS = "trial without a stem-cell read-out"
STEM_CELLS = "trial with a stem-cell read-out"
NOT_IN_PATIENTS, IN_PATIENTS = "not seen in patients", "seen in patients"
STANDINGS = {
    "targets": (NO_TRIAL, NO_STEM_CELLS, STEM_CELLS, NOTHING),
    "mechanisms": (NOT_IN_PATIENTS, IN_PATIENTS, NOTHING),
}
READ_OUT, NORMAL = "stem cells read out in a trial", "normal HSCs"


def _stage(rung: str) -> Callable[[Finding], bool]:
    return lambda f: isinstance(f, TargetFinding) and f.stage == rung


def in_trial(f: Finding) -> bool:
    """Whether a finding on a target stands on a rung of trials."""
    return isinstance(f, TargetFinding) and f.stage in TRIAL_STAGES


def read_out(f: Finding) -> bool:
    """Whether stem cells were looked at in a trial: not only that its target is on them."""
    return isinstance(f, TargetFinding) and in_trial(f) and frames.on_stem_cells(f)


def _normal(f: Finding) -> bool:
    return isinstance(f, TargetFinding) and bool(f.hsc_effect or f.aspect == "selectivity")


def _tier(low: int, high: int) -> Callable[[Finding], bool]:
    return lambda f: f.study != "PDX" and low <= TIER_OF.get(f.study, -1) < high


KINDS: dict[str, dict[str, Callable[[Finding], bool]]] = {
    "targets": {**{rung: _stage(rung) for rung in RUNGS}, READ_OUT: read_out, NORMAL: _normal},
    "mechanisms": {
        "models": _tier(0, PATIENTS_CELLS),
        "xenograft": lambda f: f.study == "PDX",
        "patients' cells": _tier(PATIENTS_CELLS, PATIENTS),
        "patients": _tier(PATIENTS, len(TIER_OF)),
    },
}


@dataclass(frozen=True)
class Cell:
    """One kind of evidence on one term: what is curated, or why the place is empty."""

    state: str
    findings: tuple[Located, ...] = ()

    def directed(self, direction: str) -> int:
        """Findings of a direction."""
        return sum(f.finding.stance == direction for f in self.findings)


@dataclass(frozen=True)
class Row:
    """A term against every kind of evidence, where it stands, and the records that name it."""

    kind: str
    id: str
    group: str
    cells: dict[str, Cell]
    standing: str
    search: Search | None
    waiting: tuple[str, ...]  # records that name it, neither curated on it nor judged out
    out: tuple[str, ...]  # that name it, and were judged out
    annotated: bool  # whether annotation could find it

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The states of its places, each once, in their order."""
        return tuple(s for s in STATES if any(c.state == s for c in self.cells.values()))


def rows(
    evidence: Evidence,
    vocabulary: Vocabulary,
    records: Iterable[Record],
    decisions: Iterable[Decision],
    searches: Iterable[Search],
) -> list[Row]:
    """Every target, then every mechanism, in the order of the vocabulary."""
    known = sorted(records, key=lambda r: r.key)
    names = names_of(vocabulary)
    out = {d.pmid for d in decisions if d.decision == "exclude"}
    kept = {(s.kind, s.term): s for s in searches}
    targets = _by(evidence.of_type(TargetFinding), "target")
    made = []
    for identifier, term in vocabulary.terms["targets"].items():
        own = targets.get(identifier, [])
        curated = {f.record.key for f in own}
        naming = [r.key for r in known if names_target(names[identifier], r) and r.key not in curated]
        made.append(
            _row("targets", identifier, str(term.facts.get("class", "")), own, kept,
                 [k for k in naming if k not in out], [k for k in naming if k in out],
                 annotated=bool(names[identifier]))
        )  # fmt: skip
    mechanisms = _by(evidence.of_type(ResistanceFinding), "mechanism")
    made += [
        _row("mechanisms", identifier, "", mechanisms.get(identifier, []), kept, [], [], annotated=False)
        for identifier in vocabulary.terms["mechanisms"]
        if identifier != UNTOLD
    ]
    return made


def _by(findings: Iterable[LocatedIn[Any]], name: str) -> dict[str, list[Located]]:
    found: dict[str, list[Located]] = defaultdict(list)
    for f in sorted(findings, key=lambda f: f.reference):
        found[getattr(f.finding, name)].append(f)
    return found


def _row(
    kind: str,
    identifier: str,
    group: str,
    own: Sequence[Located],
    kept: dict[tuple[str, str], Search],
    waiting: Sequence[str],
    out: Sequence[str],
    *,
    annotated: bool,
) -> Row:
    search = kept.get((kind, identifier))
    since = search and len(waiting) <= int(search.found)  # no more name it than the search found
    empty = SEARCHED if since else WRITTEN if waiting else NOT_SEARCHED
    cells = {}
    for name, takes in KINDS[kind].items():
        found = tuple(f for f in own if takes(f.finding))
        cells[name] = Cell(CURATED, found) if found else Cell(empty)
    standing = _standing(kind, own)
    return Row(kind, identifier, group, cells, standing, search, tuple(waiting), tuple(out), annotated)


def _standing(kind: str, own: Sequence[Located]) -> str:
    if not own:
        return NOTHING
    if kind == "mechanisms":
        return IN_PATIENTS if any(KINDS[kind]["patients"](f.finding) for f in own) else NOT_IN_PATIENTS
    if not any(in_trial(f.finding) for f in own):
        return NO_TRIAL
    return STEM_CELLS if any(read_out(f.finding) for f in own) else NO_STEM_CELLS
