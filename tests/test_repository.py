"""The data of the repository keeps its own rules; each message says how to mend a breach."""

import subprocess

import pytest

from lscbook import corpus, paths, screening, standing
from lscbook.evidence import check, store
from lscbook.text import normalise


@pytest.fixture(scope="module")
def evidence():
    return store.read()


def test_every_entry_passes_the_check():
    report = check.run([paths.EVIDENCE])
    assert report.good, "\n".join(str(p) for p in report.problems if p.severity == "error")
    assert report.checked >= 110


def test_the_base_is_large_enough_and_keeps_what_contradicts(evidence):
    assert len(evidence.entries) >= 110
    assert len(evidence.findings) >= 160
    for theme in ("evolution", "identity", "resistance", "surveillance", "target"):
        directions = {f.finding.stance for f in evidence.of_theme(theme)}
        assert directions >= {"supports", "does_not_support"}, theme


def test_no_entry_rests_on_a_retracted_paper(evidence):
    fallen = {standing.Standing.RETRACTED, standing.Standing.PARTLY_RETRACTED}
    assert [k for k, r in evidence.records.items() if standing.standing_of(r, standing.known("notices")) in fallen] == []


def test_papers_known_by_doi_are_pending(evidence):
    pending = [k for k, e in evidence.entries.items() if e.pmid is None]
    assert pending
    assert all(evidence.records[k].origin == "doi" for k in pending)


def test_manifest_matches_the_shards():
    import hashlib

    manifest = corpus.read().manifest
    assert manifest["complete"] is False
    for name, shard in manifest["shards"].items():
        text = (paths.CORPUS / "records" / name).read_bytes()
        assert hashlib.sha256(text).hexdigest() == shard["sha256"], f"{name}: run the import again, never edit a shard"


def test_screening_reads_and_agrees_with_the_evidence(evidence):
    out = {d.pmid for d in screening.read() if d.decision == "exclude"}
    assert out & set(evidence.entries) == set(), "a paper is curated and excluded; change its line in decisions.tsv"


def test_retraction_in_the_real_snapshot_is_seen():
    states = {standing.standing_of(r, standing.known("notices")) for r in corpus.read().records.values()}
    assert standing.Standing.STANDS in states


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    return [paths.ROOT / name for name in listed.splitlines()]


def test_no_large_file_and_no_notebook_is_committed():
    assert [f.name for f in tracked() if f.exists() and f.stat().st_size > 1_000_000] == []
    assert [f.name for f in tracked() if f.suffix == ".ipynb"] == []


def test_no_abstract_sentence_is_committed(shared):
    from lscbook.pubmed.parse import Deletion, parse_path
    from lscbook.text import split_sentences

    known = corpus.read().records
    sentences = set()
    for record in parse_path(shared / "pubmed" / "records.xml.gz"):
        if not isinstance(record, Deletion) and record.pmid in known and record.text:
            spans = split_sentences(record.text)
            sentences |= {normalise(record.text[a:b]).lower() for a, b in spans if b - a > 60}
    text = normalise(" ".join(f.read_text(encoding="utf-8", errors="replace") for f in tracked()
                              if f.suffix in {".yaml", ".jsonl", ".md", ".py"} and f.exists())).lower()  # fmt: skip
    assert [s for s in sentences if s in text] == []
