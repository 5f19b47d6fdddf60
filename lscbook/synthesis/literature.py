"""Papers of the snapshot that name a thing and are not curated: what a reader would otherwise never see.

A record names a thing by the terms that were found in its title and abstract when it came, or by its title alone
(targets and mechanisms are sought there now; abstracts are not kept). A target is also named by a drug that hits it.
Papers that were judged out for what they are (another disease, a review without new synthesis …) are counted and not
listed; those whose abstract could not be had are listed, because somebody who has it can curate them.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lscbook.evidence.findings import TargetFinding
from lscbook.evidence.store import of_type
from lscbook.pubmed.record import Record
from lscbook.screening import Decision
from lscbook.screening.labels import UNREAD
from lscbook.synthesis.book import Book
from lscbook.synthesis.subjects import Subject
from lscbook.vocabulary import things
from lscbook.vocabulary.annotate import Annotator
from lscbook.vocabulary.terms import FAMILIES, KINDS, NAMED_FAMILIES
from lscbook.vocabulary.things import genes_of

_SEPARATORS = re.compile(r"[;/]|(?<=[A-Z0-9])-(?=[A-Z])")

Key = tuple[str, str]


@dataclass(frozen=True)
class Waiting:
    """A paper that waits to be curated, and the reason why nobody could yet, where one was told."""

    record: Record
    reason: str


@dataclass(frozen=True)
class Literature:
    """The papers that name a thing and are not curated, the newest first; and how many were judged out."""

    waiting: tuple[Waiting, ...]
    judged_out: int


class Shelf:
    """The records of a book that are not curated, by the terms that they name; made once, asked for every page."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._judged: Mapping[str, Decision] = {d.pmid: d for d in book.decisions}

    @cached_property
    def _by_term(self) -> Mapping[Key, list[Record]]:
        curated = {record.key for record in self._book.evidence.records.values()}
        annotator = Annotator(self._book.vocabulary, tuple(kind for kind in KINDS if kind != "mesh"))
        found: dict[Key, list[Record]] = defaultdict(list)
        newest = sorted(self._book.corpus.records.values(), key=lambda r: r.key)
        for record in sorted(newest, key=lambda r: r.date or "", reverse=True):
            if record.key in curated:
                continue
            named = {(kind, term) for kind, terms in record.concepts.items() for term in terms}
            for key in sorted(named | {mention.term.key for mention in annotator.mentions(record.title)}):
                found[key].append(record)
        return found

    def of(self, subject: Subject) -> Literature:
        """What names the subject in any role, a drug that hits it, or one of a family that it is."""
        found: dict[str, Record] = {}
        for key in sorted({*subject.thing.keys, *self.drugs(subject), *self._of_family(subject)}):
            found.update({record.key: record for record in self._by_term.get(key, ())})
        listed, out = [], 0
        for record in sorted(sorted(found.values(), key=lambda r: r.key), key=lambda r: r.date or "", reverse=True):
            decision = self._judged.get(record.pmid or "")
            excluded = decision is not None and decision.decision == "exclude"
            if decision is not None and excluded and decision.reason not in UNREAD:
                out += 1
            else:
                listed.append(Waiting(record, decision.reason if decision is not None and excluded else ""))
        return Literature(tuple(listed), out)

    def _of_family(self, subject: Subject) -> list[Key]:
        """Of a family, the roles of its members, and the family as texts name it."""
        if subject.kind != FAMILIES:
            return []
        own = things.members(subject.term, self._book.things)
        return [(NAMED_FAMILIES, subject.id), *(key for member in own for key in member.keys)]

    def drugs(self, subject: Subject) -> list[Key]:
        """The therapies that hit a target, by the vocabulary (its target, or a gene of it) and by the findings."""
        if "targets" not in subject.kinds:
            return []
        own = {term.id for term in subject.thing.roles if term.kind == "targets"}
        own |= {gene for term in subject.thing.roles for gene in genes_of(term)}
        by_name = [
            term.key
            for term in self._book.vocabulary.terms["therapies"].values()
            if own & set(_SEPARATORS.split(str(term.facts.get("target", ""))))
        ]
        shown = {agent for f in of_type(subject.findings, TargetFinding) for agent in f.finding.agents}
        known = self._book.vocabulary.terms["therapies"]
        return sorted({*by_name, *(("therapies", agent) for agent in shown if agent in known)})
