"""The way from records to findings: every paper stands in exactly one place, and the places add up.

A paper on which an entry stands is curated, whatever was judged before; one judged in waits for its curator; one
judged out has its reason; one of the snapshot that was put aside because its abstract could not be had is unread, and
judged by nobody; every other record of the snapshot waits to be judged.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lscbook.corpus import Corpus
from lscbook.evidence.store import Evidence
from lscbook.screening import Decision
from lscbook.screening.labels import UNREAD


@dataclass(frozen=True)
class Flow:
    """Papers by where they stand; `unread` and `excluded` by reason, the most frequent first."""

    origins: dict[str, int]  # of the records, and of papers that were judged and are not in the snapshot
    unjudged: frozenset[str]
    unread: dict[str, frozenset[str]]  # of the snapshot, looked at, and not to be judged for want of an abstract
    excluded: dict[str, frozenset[str]]
    included: frozenset[str]  # judged in, and not curated yet
    curated: frozenset[str]
    findings: int
    background: int
    reversed: frozenset[str]  # curated although judged out before

    @property
    def found(self) -> int:
        """Every paper."""
        return sum(self.origins.values())

    @property
    def out(self) -> int:
        """Papers judged out."""
        return sum(map(len, self.excluded.values()))

    @property
    def judged(self) -> int:
        """Papers judged; who curates has judged."""
        return self.out + len(self.included) + len(self.curated)

    @property
    def waiting(self) -> int:
        """Papers that nobody has read to the end: not judged, or judged in and not curated; those of *Help us read*."""
        return len(self.unjudged) + self.without_abstract + len(self.included)

    @property
    def without_abstract(self) -> int:
        """Papers that wait because their abstract, or a part of it, could not be had."""
        return sum(map(len, self.unread.values()))

    def numbers(self) -> dict[str, int]:
        """The counts by the names under which prose prints them."""
        return {
            "flow.found": self.found,
            "flow.unjudged": len(self.unjudged) + self.without_abstract,
            "flow.without_abstract": self.without_abstract,
            "flow.judged": self.judged,
            "flow.excluded": self.out,
            "flow.included": len(self.included) + len(self.curated),
            "flow.to_curate": len(self.included),
            "flow.curated": len(self.curated),
            "flow.waiting": self.waiting,
            "flow.reversed": len(self.reversed),
            "flow.away": self.origins[AWAY],
        }


ORIGINS = {"pubmed": "NLM's own XML", "list": "public lists, by PMID", "doi": "public lists, by DOI"}
AWAY = "judged, not in snapshot"


def flow(corpus: Corpus, evidence: Evidence, decisions: Iterable[Decision]) -> Flow:
    """Where each paper stands."""
    curated = frozenset(record.key for record in evidence.records.values())
    judged = {decision.pmid: decision for decision in decisions}
    records = {**corpus.records, **{r.key: r for r in evidence.records.values()}}
    origins = Counter(ORIGINS[record.origin] for record in records.values())
    away = judged.keys() - records.keys()
    unread: dict[str, set[str]] = {}
    excluded: dict[str, set[str]] = {}
    for pmid, decision in judged.items():
        if decision.decision == "exclude" and pmid not in curated:
            kept = unread if decision.reason in UNREAD and pmid in corpus.records else excluded
            kept.setdefault(decision.reason, set()).add(pmid)
    return Flow(
        {**{name: origins[name] for name in ORIGINS.values()}, AWAY: len(away)},
        frozenset(records.keys() - judged.keys() - curated),
        _by_number(unread),
        _by_number(excluded),
        frozenset(p for p, d in judged.items() if d.decision == "include" and p not in curated),
        curated,
        len(evidence.counted),
        len(evidence.findings) - len(evidence.counted),
        frozenset(p for p, d in judged.items() if d.decision == "exclude" and p in curated),
    )


def _by_number(of: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {reason: frozenset(of[reason]) for reason in sorted(of, key=lambda r: (-len(of[r]), r))}
