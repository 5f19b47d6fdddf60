"""Grounding, measured on our own claims and the same claims with one change each."""

import pytest

from lscbook import corpus, vocabulary
from lscbook.evidence import ground, store
from lscbook.pubmed.parse import parse_path
from lscbook.pubmed.record import Record
from tests import labelled


@pytest.fixture(scope="module")
def counts(shared):
    """Counts by kind of change, against the abstracts of shared/."""
    files = [shared / "pubmed" / "records.xml.gz", *sorted((shared / "pubmed" / "xml").glob("*.xml.gz"))]
    abstracts = {r.pmid: r.text for f in files for r in parse_path(f) if isinstance(r, Record) and r.text}
    abstracts |= {r.key: r.text for r in corpus.iterate_doi_records(shared / "pubmed" / "doi_records.jsonl")}
    known = corpus.read()
    evidence = store.read(corpus=known)
    source = ground.Source(known, vocabulary.load(), abstracts)
    return labelled.measure(labelled.read(), evidence, source)[0]


@pytest.mark.parametrize("kind", ["figure", "sign", "gene", "drug", "disease"])
def test_every_altered_fact_is_caught(counts, kind):
    assert counts[kind]["claims"] > 20
    assert counts[kind]["unseen"] == 0
    assert counts[kind]["refused"] >= 0.8 * counts[kind]["claims"]


def test_fewer_than_2_percent_of_true_claims_are_refused(counts):
    assert counts["true"]["claims"] > 200
    assert counts["true"]["refused"] < 0.02 * counts["true"]["claims"]


@pytest.mark.parametrize("kind", ["not dropped", "comparison", "other figure"])
def test_most_of_what_needs_a_person_is_shown_to_one(counts, kind):
    assert counts[kind]["unseen"] < 0.5 * counts[kind]["claims"]
