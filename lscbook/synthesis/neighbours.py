"""CIViC beside us: on papers that both have, where its items and our findings agree, disagree, or ask other things.

CIViC (civicdb.org) is CC0. We keep facts of its items (`data/neighbours/civic.tsv`: numbers, names, words of its
lists), never its statements, which are other people's sentences: an item is linked to. `scripts/neighbours.py` makes
the table from a release. Two are compared only where they ask the same of the same: a prognosis by a gene, a response
or a resistance to a therapy. Everything else is told as *asks something else*, and is no agreement.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lscbook import paths
from lscbook.corpus import Corpus
from lscbook.errors import LscbookError
from lscbook.evidence.findings import Finding, ResistanceFinding, SurveillanceFinding, TargetFinding
from lscbook.evidence.store import Evidence, Located
from lscbook.pubmed.record import PMID
from lscbook.screening.ledger import Ledger
from lscbook.vocabulary import Vocabulary

FILE = paths.DATA / "neighbours" / "civic.tsv"
TYPES = ("Diagnostic", "Oncogenic", "Predictive", "Predisposing", "Prognostic")
DIRECTIONS = ("Supports", "Does Not Support")
LEVELS = ("A", "B", "C", "D", "E")
LONGEST = 200  # characters of a name: what is longer is a sentence
AGREES, DISAGREES, OTHER = "agrees", "disagrees", "asks something else"
UNCURATED, ABSENT = "not curated here", "not in the snapshot"

# Columns of a release that we read.
_READ = frozenset({
    "evidence_id", "citation_id", "source_type", "evidence_status", "evidence_type", "evidence_direction",
    "significance", "evidence_level", "molecular_profile", "therapies", "disease",
})  # fmt: skip


class ReleaseRefused(LscbookError):
    """A file is no release of CIViC's evidence items."""


@dataclass(frozen=True)
class Item:
    """One evidence item of CIViC: facts, in CIViC's own words."""

    civic_id: str
    pmid: str
    type: str
    direction: str
    significance: str
    level: str
    profile: str
    therapies: str  # names, parted by commas as CIViC does
    disease: str

    @property
    def address(self) -> str:
        """Where CIViC shows it."""
        return f"https://civicdb.org/links/evidence_items/{self.civic_id}"


@dataclass(frozen=True)
class Position:
    """An answer to a question on genes and therapies: yes or no. Names are folded, so that *Venetoclax* is ours."""

    question: str
    genes: frozenset[str]
    therapies: frozenset[str]
    says: bool

    def meets(self, other: "Position") -> bool:
        """Whether the two answer one question on one thing.

        A prognosis needs a gene in common. A response or a resistance needs a therapy, and a gene where both name one.
        """
        if self.question != other.question:
            return False
        gene = bool(self.genes & other.genes)
        if self.question == "prognosis":
            return gene
        return bool(self.therapies & other.therapies) and (gene or not (self.genes and other.genes))


@dataclass(frozen=True)
class Comparison:
    """An item beside the findings of its paper that answer the same question."""

    item: Item
    verdict: str
    findings: tuple[Located, ...] = ()


def read(path: Path = FILE) -> tuple[Item, ...]:
    """The committed table; nothing where there is none.

    Raises:
        LedgerInvalid: a line breaks the rules of the table; the message names it.
    """
    return tuple(LEDGER.read(path)) if path.exists() else ()


def from_release(file: Path) -> list[Item]:
    """Facts of the accepted items of a release that stand on a PubMed record, by number.

    Raises:
        ReleaseRefused: a column that we read is missing.
    """
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        if missing := _READ - set(rows.fieldnames or ()):
            lacking = ", ".join(sorted(missing))
            raise ReleaseRefused(f"{file}: no column {lacking}; give a release of evidence items (TSV)")
        return sorted(
            (
                Item(r["evidence_id"], r["citation_id"], r["evidence_type"], r["evidence_direction"],
                     r["significance"], r["evidence_level"], r["molecular_profile"], r["therapies"], r["disease"])
                for r in rows
                if r["source_type"] == "PubMed" and r["evidence_status"] == "accepted"
            ),
            key=lambda item: int(item.civic_id),
        )  # fmt: skip


def compare(items: Iterable[Item], evidence: Evidence, corpus: Corpus, words: Vocabulary) -> list[Comparison]:
    """Each item beside our findings of its paper, by PMID and number; the order of input does not matter."""
    ours: dict[str, list[Located]] = defaultdict(list)
    for located in evidence.findings:
        ours[located.record.pmid].append(located)
    ordered = sorted(items, key=lambda i: (int(i.pmid), int(i.civic_id)))
    return [_compared(item, ours.get(item.pmid), corpus, words) for item in ordered]


def beyond(comparisons: Iterable[Comparison], evidence: Evidence) -> list[Located]:
    """Our counted findings on papers that CIViC has too, to which no item of it answers."""
    listed = list(comparisons)
    answered = {located.reference for one in listed for located in one.findings}
    shared = {one.item.pmid for one in listed}
    return [f for f in evidence.counted if f.record.pmid in shared and f.reference not in answered]


@dataclass(frozen=True)
class Question:
    """One question that both answer, on any paper: how many items and findings say yes, and how many no."""

    about: str
    theirs: tuple[int, int]
    ours: tuple[int, int]

    @property
    def opposite(self) -> bool:
        """Whether all of one side say yes and all of the other no."""
        (yes, no), (our_yes, our_no) = self.theirs, self.ours
        return (not no and not our_yes) or (not yes and not our_no)


def questions(items: Iterable[Item], evidence: Evidence, words: Vocabulary) -> list[Question]:
    """What both answer, whatever the paper: a prognosis by a gene, a response or a resistance to a therapy.

    Coarser than `compare`: another variant, disease or line of therapy may stand behind each answer.
    """
    theirs, ours = Counter[tuple[str, bool]](), Counter[tuple[str, bool]]()
    for item in items:
        if position := of_item(item):
            theirs.update((about, position.says) for about in _abouts(position))
    for located in evidence.counted:
        ours.update({(about, p.says) for p in of_finding(located.finding, words) for about in _abouts(p)})
    both = {about for about, _ in theirs} & {about for about, _ in ours}
    return [
        Question(about, (theirs[about, True], theirs[about, False]), (ours[about, True], ours[about, False]))
        for about in sorted(both)
    ]


def _abouts(position: Position) -> list[str]:
    if position.question == "prognosis":
        return [f"prognosis by {gene}" for gene in sorted(position.genes)]
    return [f"{position.question} to {therapy}" for therapy in sorted(position.therapies)]


def numbers(comparisons: Iterable[Comparison]) -> dict[str, tuple[int, int]]:
    """Items and papers by verdict, each verdict once."""
    listed = list(comparisons)
    items = Counter(one.verdict for one in listed)
    return {
        verdict: (items[verdict], len({one.item.pmid for one in listed if one.verdict == verdict}))
        for verdict in (AGREES, DISAGREES, OTHER, UNCURATED, ABSENT)
    }


def _compared(item: Item, ours: list[Located] | None, corpus: Corpus, words: Vocabulary) -> Comparison:
    if ours is None:
        return Comparison(item, UNCURATED if item.pmid in corpus.records else ABSENT)
    theirs = of_item(item)
    met = [
        (located, position)
        for located in ours
        for position in of_finding(located.finding, words)
        if theirs and theirs.meets(position)
    ]
    if not theirs or not met:
        return Comparison(item, OTHER)
    against = any(position.says != theirs.says for _, position in met)
    found = {located.reference: located for located, _ in met}
    return Comparison(item, DISAGREES if against else AGREES, tuple(found[r] for r in sorted(found)))


def of_item(item: Item) -> Position | None:
    """What an item answers; None where our themes do not ask it (what a variant diagnoses, say)."""
    question = {"Prognostic": "prognosis"}.get(item.type)
    if item.type == "Predictive":
        question = {"Sensitivity/Response": "response", "Resistance": "resistance"}.get(item.significance)
    if question is None:
        return None
    therapies = (name.strip().casefold() for name in item.therapies.split(",") if name.strip())
    return Position(question, genes_of(item.profile), frozenset(therapies), item.direction == "Supports")


def genes_of(profile: str) -> frozenset[str]:
    """Gene symbols of a molecular profile; of a fusion both.

    >>> sorted(genes_of("FLT3 ITD AND FLT3 D835Y")), sorted(genes_of("PML::RARA Fusion OR v::FGFR1 Fusion"))
    (['FLT3'], ['FGFR1', 'PML', 'RARA'])
    """
    first = (part.strip("() ").split(" ")[0] for part in re.split(r"(?: (?:AND|OR|NOT))+ ", profile))
    return frozenset(symbol for name in first for symbol in name.split("::") if symbol and symbol != "v")


def of_finding(finding: Finding, words: Vocabulary) -> Iterator[Position]:
    """What a finding of ours answers; nothing where it did not decide, or is background."""
    if finding.role is not None or finding.stance not in {"supports", "does_not_support"}:
        return
    says = finding.stance == "supports"
    named = _genes(finding, words)
    if isinstance(finding, SurveillanceFinding) and finding.contrast.kind == "test":
        if finding.end_point not in {"detection", "response to therapy"}:
            yield Position("prognosis", named, frozenset(), says)
    elif isinstance(finding, ResistanceFinding):
        yield Position("resistance", named, _folded(finding.escaped), says)
    elif isinstance(finding, TargetFinding) and finding.aspect == "efficacy":
        target = words.get(("targets",), finding.target)
        hit = frozenset(filter(None, [target.facts.get("gene") if target else None]))
        yield Position("response", named | hit, _folded(finding.agents), says)


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _genes(finding: Finding, words: Vocabulary) -> frozenset[str]:
    """Genes that a finding names, and those of the markers that it names."""
    of_markers = (g for m in finding.markers if m in words.terms["markers"]
                  for g in words.terms["markers"][m].facts.get("genes", ()))  # fmt: skip
    return frozenset((*finding.genes, *of_markers))


def _rules(row: Item) -> Iterator[tuple[str, str, str]]:
    if not re.fullmatch(r"[1-9][0-9]{0,6}", row.civic_id):
        yield "civic_id", repr(row.civic_id[:40]), "write the number of the evidence item"
    if not PMID.fullmatch(row.pmid):
        yield "pmid", repr(row.pmid[:40]), "write digits only"
    for name, allowed in (("type", TYPES), ("direction", DIRECTIONS), ("level", LEVELS)):
        if getattr(row, name) not in allowed:
            yield name, repr(getattr(row, name)[:40]), f"allowed are {', '.join(allowed)}"
    for name in ("profile", "therapies", "disease", "significance"):
        if (long := len(getattr(row, name))) > LONGEST:
            yield name, f"{long} characters", "names only: a statement of CIViC is linked to, never copied"


LEDGER = Ledger(Item, lambda row: int(row.civic_id), _rules)
