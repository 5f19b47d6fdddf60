"""The table of ranked papers: what `triage.py rank` writes, and what the page *Help us read* shows of the snapshot.

The committed one is made from committed facts alone (titles, never abstracts), so that every clone makes the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lscbook import addresses, paths
from lscbook.corpus import Corpus
from lscbook.pubmed.record import Record
from lscbook.screening import stopping
from lscbook.screening.decisions import Decision
from lscbook.screening.labels import by_abstract, gather, unread
from lscbook.screening.ledger import Ledger, is_key, order_of
from lscbook.text import escape_markdown

QUEUE_FILE = paths.SCREENING / "queue.tsv"
_CHANCE = re.compile(r"[01]\.[0-9]{3}")
REASONS_TOLD = 3  # of a paper in a pull request


@dataclass(frozen=True)
class Ranked:
    """One paper: PMID, or DOI while that is pending; chance of inclusion; chapter; weightiest words and terms."""

    pmid: str
    probability: str
    theme: str
    reasons: str


def read(path: Path = QUEUE_FILE) -> list[Ranked]:
    """Every row, the likeliest first.

    Raises:
        LedgerInvalid: a line breaks the rules of the file; the message names it.
    """
    return QUEUE.read(path)


def first(rows: Iterable[Ranked], records: Mapping[str, Record], known: Iterable[str], number: int) -> str:
    """The first rows as Markdown for a pull request: chance, paper, title, three reasons; those `known` are not new."""
    ranked, before = sorted(rows, key=QUEUE.key), frozenset(known)
    told = []
    for n, row in enumerate(ranked[:number], start=1):
        name, title = escape_markdown(row.pmid), escape_markdown(records[row.pmid].title)
        paper = f"[{name}](<{addresses.pubmed(row.pmid)}>) {title}"
        why = escape_markdown("; ".join(row.reasons.split("; ")[:REASONS_TOLD]))
        told.append(f"{n}. {row.probability} {paper} ({'' if row.pmid in before else 'new; '}{why})")
    new = sum(row.pmid not in before for row in ranked)
    head = f"{len(ranked)} papers wait for a reader, {new} of them new in the queue."
    if not told:
        return head
    which = "The likeliest to be included" if len(told) == 1 else f"The {len(told)} likeliest to be included"
    return "\n".join((f"{head} {which}, by title and terms, with chance and reasons:", "", *told))


@dataclass(frozen=True)
class Waiting:
    """A paper that waits: its record, why it waits (`reason` of the ledger, '' where nobody looked), and its rank."""

    record: Record
    reason: str
    ranked: Ranked | None


@dataclass(frozen=True)
class Backlog:
    """Every unread paper of a snapshot, and what can be said of them: of `read` papers `found` were relevant."""

    waiting: tuple[Waiting, ...]
    read: int
    found: int

    @property
    def expected(self) -> float:
        """Relevant papers to be expected among those ranked: the sum of their chances."""
        return sum(float(w.ranked.probability) for w in self.waiting if w.ranked)

    def at_most(self, confidence: float = 0.95) -> int:
        """Relevant papers that may be unread, were the read ones a random sample of all.

        Raises:
            NotEstimable: too few were read.
        """
        return stopping.unordered(self.found, self.read, self.read + len(self.waiting), confidence)


def backlog(
    corpus: Corpus, decisions: Iterable[Decision], curated: Mapping[str, str], ranked: Iterable[Ranked]
) -> Backlog:
    """What is unread, the likeliest first, those that no ranking knows last. `curated` is as in `labels.gather`.

    Left out of what was read are papers that were looked up on purpose, chosen for being relevant, and those that a
    title alone decided, because no title decided of those that wait.
    """
    decisions = list(decisions)
    known = {row.pmid: row for row in ranked}
    unjudged = unread(corpus, decisions, curated)
    waiting = [Waiting(corpus.records[key], why, known.get(key)) for key, why in unjudged.items()]
    waiting.sort(key=lambda w: QUEUE.key(w.ranked) if w.ranked else (1.0, order_of(w.record.key)))
    read = [label for label in gather(corpus, decisions, curated) if by_abstract(label)]
    return Backlog(tuple(waiting), len(read), sum(label.included for label in read))


def _rules(row: Ranked) -> Iterator[tuple[str, str, str]]:
    if not is_key(row.pmid):
        yield "pmid", repr(row.pmid[:80]), "make the file again with scripts/triage.py queue"
    if not _CHANCE.fullmatch(row.probability) or float(row.probability) > 1:
        yield "probability", repr(row.probability[:80]), "make the file again with scripts/triage.py queue"


QUEUE = Ledger(Ranked, lambda row: (-float(row.probability), order_of(row.pmid)), _rules)
