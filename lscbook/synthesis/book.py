"""The book of one snapshot: everything that pages, figures and exported files draw on, read once and passed along."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from lscbook import addresses, corpus, paths, screening, standing, vocabulary, yaml_nodes
from lscbook.corpus import Corpus
from lscbook.evidence import blind_reading, prose, reviewing, store
from lscbook.evidence.blind_reading import BlindReading
from lscbook.evidence.reviewing import Reading
from lscbook.evidence.store import Evidence
from lscbook.harvest.updating import Difference
from lscbook.pubmed.record import Notice, Record
from lscbook.screening import Decision, Search, queue
from lscbook.screening.queue import Backlog, Ranked
from lscbook.standing import Standing
from lscbook.synthesis import changes, conflicts, counts, exclusive, flow, neighbours, order
from lscbook.synthesis.conflicts import Conflict
from lscbook.vocabulary import Vocabulary, Word, approvals, spoken, things
from lscbook.vocabulary.approvals import Approval
from lscbook.vocabulary.spoken import Spoken
from lscbook.vocabulary.things import Thing

CITATION = yaml_nodes.Kept(64 * 1024, 8, "take it from git again")
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Citation:
    """What `CITATION.cff` says of the book."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    version: str
    keywords: tuple[str, ...]

    @classmethod
    def read(cls, file: Path = paths.ROOT / "CITATION.cff") -> "Citation":
        """Read the file; every scalar is a string."""
        raw: Any = yaml_nodes.read_file(file, CITATION).plain()
        authors = tuple(a.get("name") or f"{a['given-names']} {a['family-names']}" for a in raw["authors"])
        return cls(raw["title"], raw["abstract"], authors, raw["version"], tuple(raw["keywords"]))


@dataclass(frozen=True)
class Book:
    """Everything that is published. `base` is the address of the site, or empty where none is configured.

    Nothing above this room reads data by itself: two books in one process never see each other's.
    """

    corpus: Corpus
    evidence: Evidence
    vocabulary: Vocabulary
    decisions: tuple[Decision, ...]
    readings: tuple[Reading, ...]
    harvests: dict[str, Difference]
    notices: dict[str, Any]
    trials: dict[str, Any]
    citation: Citation
    base: str = ""
    searches: tuple[Search, ...] = ()
    glossary: dict[str, Word] = field(default_factory=dict)
    approvals: tuple[Approval, ...] = ()
    blind_readings: tuple[BlindReading, ...] = ()
    ranked: tuple[Ranked, ...] = ()
    civic: tuple[neighbours.Item, ...] = ()
    spoken: Spoken = field(default_factory=Spoken)
    cited: tuple[prose.Sentence, ...] = ()
    judgements: tuple[prose.Judgement, ...] = ()
    # What `open` gives in a kernel that was forked from the build of the site, which has read all of it
    of_build: ClassVar["Book | None"] = None

    @classmethod
    def open(cls, base: str = "") -> "Book":
        """The committed data, read once; in a kernel of a build, what that build has read.

        Raises:
            CorpusInvalid, EntryInvalid, LedgerInvalid, VocabularyInvalid: a file of `data/` is not what it must be.
        """
        if cls.of_build:
            return replace(cls.of_build, base=_ended(base))
        known = corpus.read()
        return cls.load(known, store.read(corpus=known), base)

    @classmethod
    def load(cls, corpus: Corpus, evidence: Evidence, base: str = "") -> "Book":
        """The committed data beside `corpus` and `evidence`."""
        known, glossary = vocabulary.load(), vocabulary.glossary()
        return cls(
            corpus,
            evidence,
            known,
            tuple(screening.read()),
            tuple(reviewing.read()),
            changes.read_harvests(),
            standing.known("notices"),
            standing.known("trials"),
            Citation.read(),
            _ended(base),
            tuple(screening.searches()),
            glossary,
            approvals.read(known),
            tuple(blind_reading.read()),
            tuple(queue.read()),
            neighbours.read(),
            spoken.read(known, glossary.values()),
            tuple(prose.sentences()),
            tuple(prose.read()),
        )

    @property
    def as_of(self) -> str:
        """Date of the snapshot, or of the newest entry where the corpus tells none."""
        return self.corpus.as_of or max((e.added for e in self.evidence.entries.values()), default="1970-01-01")

    @cached_property
    def days(self) -> list[changes.Day]:
        """What changed, the newest day first."""
        return changes.days(self.evidence, self.harvests, self.notices, self.trials, self.readings)

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """Findings that contradict each other, those on the same proposition first."""
        return conflicts.find(self.evidence.counted)

    @cached_property
    def beside_civic(self) -> list[neighbours.Comparison]:
        """Each item of CIViC beside our findings of its paper."""
        return neighbours.compare(self.civic, self.evidence, self.corpus, self.vocabulary)

    @cached_property
    def order_of_lesions(self) -> order.Order:
        """In which order lesions come.

        Raises:
            NotEstimable: the data bear no order.
        """
        return order.of_evidence(self.evidence)

    @cached_property
    def exclusive_lesions(self) -> list[exclusive.Exclusive]:
        """Which lesions exclude each other, and what speaks against it."""
        return exclusive.of_evidence(self.evidence)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Every count that prose may print, by name."""
        told = counts.numbers(self.corpus, self.evidence, [d.decision for d in self.decisions], self.readings)
        cited = prose.numbers(self.cited, self.evidence, self.judgements)
        return dict(sorted({**told, **self.flow.numbers(), **cited}.items()))

    @cached_property
    def flow(self) -> flow.Flow:
        """Where each paper stands on its way from a record to findings."""
        return flow.flow(self.corpus, self.evidence, self.decisions)

    @cached_property
    def backlog(self) -> Backlog:
        """What waits for a reader, the likeliest first, and what can be said of it."""
        return queue.backlog(self.corpus, self.decisions, self.evidence.days, self.ranked)

    @property
    def searched(self) -> str:
        """The day on which PubMed was last asked for all that the query finds; '' where it never was."""
        return self.as_of if self.corpus.manifest.get("complete") else ""

    @cached_property
    def second_readings(self) -> dict[str, list[Reading]]:
        """Readings of each finding as it stands: one of an older claim has lapsed, and counts no more."""
        found: dict[str, list[Reading]] = defaultdict(list)
        for reading in self.readings:
            located = self.evidence.by_reference.get(reading.finding)
            if located and reviewing.current(reading, located.finding):
                found[reading.finding].append(reading)
        return dict(found)

    @cached_property
    def read_twice(self) -> frozenset[str]:
        """References of the findings that a second person has read as they stand."""
        return frozenset(self.second_readings)

    def standing(self, record: Record) -> Standing:
        """The worst current state of a paper."""
        return standing.standing_of(record, self.notices)

    def asked(self, record: Record) -> str:
        """The last day of which a source is known to have said how a paper stands; '' where nobody asked."""
        return standing.asked_on(record, self.notices, self.searched)

    def was_asked(self, record: Record) -> bool:
        """Whether anybody asked how a paper stands."""
        return standing.asked(record, self.notices)

    def notices_of(self, record: Record) -> list[Notice]:
        """Every notice that bears on a paper."""
        return standing.notices_of(record, self.notices)

    @cached_property
    def approved(self) -> tuple[Approval, ...]:
        """The approvals that stand."""
        return approvals.in_force(self.approvals)

    def trial_status(self, nct: str) -> str:
        """What ClinicalTrials.gov last said of a trial, with its day; '' where it was never asked."""
        told = self.trials.get(nct)
        if not told:
            return ""
        stopped = f", {told['why_stopped']}" if told.get("why_stopped") else ""
        return f"{told['status'].replace('_', ' ').lower()}{stopped} (asked {told['told']})"

    @cached_property
    def things(self) -> Mapping[tuple[str, str], Thing]:
        """Which terms are one thing to a reader, by kind and id of each."""
        return things.by_key(self.vocabulary)

    def page_of(self, kind: str, identifier: str) -> str:
        """The page of a term, as `../targets/cd123.html` for the gene IL3RA; of no other vocabulary than `ENTITIES`."""
        return addresses.entity(*self.things[kind, identifier].lead.key)

    def address(self, from_the_pages: str) -> str:
        """The address of a page: whole where the site's own is known, else from the root of the site.

        `from_the_pages` is what `lscbook.addresses` gives, as `../papers/22932223.html`.
        """
        return self.base + from_the_pages.removeprefix(addresses.UP)

    def cite(self) -> str:
        """How to cite the book, in one line."""
        return (
            f"{', '.join(self.citation.authors)}. {self.citation.title}, version {self.citation.version}, "
            f"snapshot of {self.as_of}. Cite also the papers that its findings rest on."
        )


def _ended(base: str) -> str:
    """The address of a site with one slash at its end; none stays none."""
    return base and base.rstrip("/") + "/"
