"""Labels: what a person said of a paper after reading it, in or out; what triage learns from and is measured on.

A paper put aside because its abstract could not be had was not judged for what it says, and has no label: it is
unread. An abstract that one clone holds and another lacks must not decide, so a label says nothing of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lscbook.corpus import Corpus
from lscbook.screening.decisions import Decision
from lscbook.screening.ledger import order_of

UNREAD = ("abstract not to be had", "abstract truncated at the source")
SCREENED, LOOKED_UP, DRAWN = "screened", "looked up", "drawn at random"
WAYS = (SCREENED, LOOKED_UP, DRAWN)
ENTRY_WRITTEN = "an entry was written"
TITLE_ONLY = "title only"  # how the note of a decision begins where no abstract was there to read


@dataclass(frozen=True)
class Label:
    """One paper judged by what it says.

    `way` is how it came to be judged: `screened` like any other record of the snapshot, `looked up` on purpose (an
    entry stands and no decision does: nearly all of these are landmarks), or `drawn at random` outside of the query and
    not read. `view` is what was read: the abstract, or the title alone.
    """

    key: str
    included: bool
    reason: str
    date: str
    way: str
    view: str = "abstract"


def gather(corpus: Corpus, decisions: Iterable[Decision], curated: Mapping[str, str]) -> list[Label]:
    """Every label on a record of the snapshot, by key.

    Args:
        corpus: the snapshot; a paper that it lacks has no title, and so no label.
        decisions: the ledger.
        curated: date of the entry by key of the paper. Who curates has judged, whatever the ledger says.
    """
    labels = {}
    for row in decisions:
        if row.pmid in corpus.records and (row.pmid in curated or row.reason not in UNREAD):
            included = row.decision == "include" or row.pmid in curated
            reason = row.reason if included == (row.decision == "include") else ENTRY_WRITTEN
            view = "title" if row.note.startswith(TITLE_ONLY) and not included else "abstract"
            labels[row.pmid] = Label(row.pmid, included, reason, row.date, SCREENED, view)
    for key, added in curated.items():
        if key not in labels and key in corpus.records:
            labels[key] = Label(key, included=True, reason=ENTRY_WRITTEN, date=added, way=LOOKED_UP)
    return sorted(labels.values(), key=lambda label: order_of(label.key))


def unread(corpus: Corpus, decisions: Iterable[Decision], curated: Mapping[str, str]) -> dict[str, str]:
    """Every record that waits for a reader, with the reason why: '' where nobody looked at it at all.

    Waiting are papers that nobody judged by what they say, and those that were judged in and have no entry.
    """
    judged = {row.pmid: row for row in decisions}
    found = {}
    for key in sorted(corpus.records, key=order_of):
        row = judged.get(key)
        if key not in curated and (row is None or row.decision == "include" or row.reason in UNREAD):
            found[key] = row.reason if row else ""
    return found


def by_abstract(label: Label) -> bool:
    """Whether a paper was screened by its abstract: no title had decided, as none did of those that wait."""
    return label.way == SCREENED and label.view == "abstract"
