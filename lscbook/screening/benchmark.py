"""The frozen labels: a public benchmark of triage for AML, MDS and their stem cells. It never changes.

Bibliographic facts and judgements only; who wants abstracts asks PubMed. `data/screening/README.md` says how it was
made and what it cannot tell; its sha256 stands there and in a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lscbook import paths
from lscbook.pubmed.record import Record
from lscbook.screening.labels import WAYS, Label
from lscbook.screening.ledger import Ledger, order_of

BENCHMARK_FILE = paths.SCREENING / "benchmark.tsv"
NOT_READ = "outside of the query; nobody read it"


@dataclass(frozen=True)
class Row:
    """One paper of the benchmark; `pmid` is a DOI while the PMID is pending."""

    pmid: str
    doi: str
    title: str
    year: str
    decision: str
    reason: str
    date: str
    way: str
    view: str
    source: str

    @property
    def label(self) -> Label:
        """What was judged."""
        return Label(self.pmid, self.decision == "include", self.reason, self.date, self.way, self.view)


def row_of(label: Label, record: Record) -> Row:
    """The line of a labelled paper."""
    decision = "include" if label.included else "exclude"
    title = " ".join(record.title.split())
    return Row(
        record.key, record.doi, title, record.year, decision, label.reason, label.date, label.way, label.view,
        record.origin,
    )  # fmt: skip


def read(path: Path = BENCHMARK_FILE) -> list[Row]:
    """Every row, by PMID.

    Raises:
        LedgerInvalid: a line breaks the rules of the file; the message names it.
    """
    return BENCHMARK.read(path)


def _rules(row: Row) -> Iterator[tuple[str, str, str]]:
    allowed = {"decision": ("include", "exclude"), "way": WAYS, "view": ("abstract", "title", "nothing"),
               "source": ("pubmed", "list", "doi")}  # fmt: skip
    for field, words in allowed.items():
        if getattr(row, field) not in words:
            yield field, repr(getattr(row, field)[:80]), f"allowed are {', '.join(words)}"


BENCHMARK = Ledger(Row, lambda row: order_of(row.pmid), _rules)
