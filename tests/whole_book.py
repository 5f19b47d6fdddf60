"""One small book for the exported files: a paper with every fact, a preprint, and what a file says of them."""

from lscbook.evidence import reviewing
from lscbook.evidence.reviewing import Reading
from lscbook.harvest.updating import Difference
from lscbook.pubmed.record import Author, Heading, Notice, Record
from lscbook.screening import Decision
from tests import books

CURATOR, READER = "0000-0002-1825-0097", "0000-0001-5109-3700"
BASE = "https://example.org/b/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
CITE = "The testers. Test Book, version 0.0.1, snapshot of 2026-01-03. Cite also the papers that its findings rest on."
PAPER = Record(
    "77", "A trial.", journal="J Test", date="2014-03-02", doi="10.1000/x", pmcid="PMC7", volume="3", issue="2",
    pages="10-12", authors=(Author("Doe", "JS", suffix="Jr"), Author(collective="The Group")), types=("Journal Article",),
    keywords=("clone",), mesh=(Heading("D1", "Humans"),), language="eng", created="2014-03-03", revised="2015-01-01",
    abstract={"sha256": "a" * 16, "characters": 90, "sentences": 3},
    standing=(Notice("ErratumIn", "78", "J Test. 2015", "2015-01-01"), Notice("CommentIn", "79")),
)  # fmt: skip

# Media types as IANA registers them, or as the format's own documentation names them; who may use it how.
OFFERED = {
    "data/findings.csv": ("text/csv", "CC BY 4.0"), "data/findings.tsv": ("text/tab-separated-values", "CC BY 4.0"),
    "data/findings.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "CC BY 4.0"),
    "data/papers.csv": ("text/csv", "facts from PubMed, NLM"), "data/screening.tsv": ("text/tab-separated-values", "CC BY 4.0"),
    "data/evidence.sqlite": ("application/vnd.sqlite3", "CC BY 4.0"), "data/findings.json": ("application/json", "CC BY 4.0"),
    "data/findings.jsonl": ("application/jsonl", "CC BY 4.0"), "data/vocabulary.json": ("application/json", "CC BY 4.0"),
    "data/book.jsonld": ("application/ld+json", "CC BY 4.0"), "data/datapackage.json": ("application/json", "CC BY 4.0"),
    "data/references.bib": ("application/x-bibtex", "facts from PubMed, NLM"),
    "data/references.ris": ("application/x-research-info-systems", "facts from PubMed, NLM"), "feed.xml": ("application/atom+xml", "CC BY 4.0"),
    "findings.xml": ("application/atom+xml", "CC BY 4.0"), "llms.txt": ("text/plain", "CC BY 4.0"),
}  # fmt: skip


PENDING = Record("", "A preprint", doi="10.1000/p.1", origin="doi", authors_complete=False)
TOLD = {"10.1000/p.1": {"notices": [{"type": "RetractionIn", "source": "Crossref"}], "told": "2026-01-09"}}


def holds(whole, part):
    assert {name: whole.get(name) for name in part} == part


def book():
    """The book, as a snapshot holds it."""
    first = books.finding(
        1, lesions=["+8"], genes=["TP53"], claim="It came first.", note="Small.", cohort=["NCT00000001"], level="B",
        support={"sentences": ["2"], "grounding": {"abstract": "a" * 16, "spans": [["1", "9"]], "sha256": "b" * 16}},
    )  # fmt: skip
    second = books.finding(
        2, "target", claim="It failed.", direction="does_not_support", support={"full_text": "page 4"}
    )
    third = books.finding(1, lesions=["-7"], claim="It came last.")
    readings = (
        Reading("77/1", "agree", READER, "2026-02-03", digest=reviewing.digest_of(first)),
        Reading("77/2", "agree", READER, "2026-02-03", digest="0" * 16),  # of an older claim
    )
    pending = books.entry("1", [third]).model_copy(update={"pmid": None, "doi": "10.1000/p.1"})
    return books.book(
        (books.entry("77", [first, second], curators=[CURATOR], reviewers=[READER]), PAPER), (pending, PENDING),
        base=BASE, readings=readings, notices=TOLD, harvests={"2026-01-05": Difference(new=["3"], changed=["77"])},
        trials={"NCT00000001": {"status": "TERMINATED", "why_stopped": "futility", "told": "2026-01-07"}},
        decisions=(Decision("77", "include", "answers a theme", "2026-01-01", ""),
                   Decision("78", "exclude", "other disease", "2026-01-02", "CLL")),
    )  # fmt: skip
