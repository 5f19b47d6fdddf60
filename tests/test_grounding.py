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
    abstracts |= {r.key: r.text for r in corpus.iterate_list(shared / "pubmed" / "doi_records.jsonl")}
    known = corpus.read()
    evidence = store.read(corpus=known)
    source = ground.Source(known, vocabulary.load(), abstracts)
    return labelled.measure(labelled.read(), evidence, source)[0]


@pytest.mark.parametrize("kind", ["figure", "sign", "gene", "drug", "disease", "unit", "worded"])
def test_every_altered_fact_is_caught(counts, kind):
    assert counts[kind]["claims"] > 20
    # the altered figure of these two may stand elsewhere in the sentences, as another thing
    assert counts[kind]["unseen"] <= (0.05 * counts[kind]["claims"] if kind in {"unit", "worded"} else 0)
    assert counts[kind]["refused"] >= 0.8 * counts[kind]["claims"]


def test_no_true_claim_is_refused_and_few_are_warned_of(counts):
    assert counts["true"]["claims"] > 200
    assert counts["true"]["refused"] == 0
    assert counts["true"]["warned"] < 0.15 * counts["true"]["claims"]


@pytest.mark.parametrize("kind", ["opposite", "not dropped", "not added", "comparison", "other figure"])
def test_most_of_what_needs_a_person_is_shown_to_one(counts, kind):
    assert counts[kind]["unseen"] < 0.5 * counts[kind]["claims"]


def test_two_figures_in_each_others_place_are_shown_where_words_stand_close_by_them(counts):
    """`60% vs 17%` in a row says not which is whose: there nobody but a reader can tell."""
    assert counts["crossed"]["unseen"] < 0.65 * counts["crossed"]["claims"]
