"""The data of the repository keeps its own rules; each message says how to mend a breach."""

import re
import subprocess
import tomllib

import pytest
import yaml

import lscbook
from lscbook import corpus, paths, screening, standing
from lscbook.evidence import check, store
from lscbook.text import normalise, split_sentences


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


def committed_of(abstracts):
    """Sentences of more than 60 characters that stand in a tracked text, whatever its case, dashes and breaks."""
    sentences = set()
    for text in abstracts:
        sentences |= {normalise(text[a:b]).lower() for a, b in split_sentences(text) if b - a > 60}
    text = normalise(" ".join(f.read_text(encoding="utf-8", errors="replace") for f in tracked()
                              if f.suffix in {".yaml", ".jsonl", ".md", ".py"} and f.exists())).lower()  # fmt: skip
    return [s for s in sentences if s in text]


def test_a_sentence_that_is_committed_is_found():
    """This very sentence is the one: it stands here, longer than sixty characters, and nowhere in an abstract."""
    planted = " ".join("this very sentence is the one: it stands HERE, longer than sixty characters, and".split())
    assert committed_of([f"It is short. {planted} nowhere in an abstract."]) == [f"{planted} nowhere in an abstract.".lower()]
    assert committed_of(["A sentence that nobody wrote anywhere, of which only the half stands in " + "a test of this."]) == []


def test_no_abstract_sentence_is_committed(shared):
    from lscbook.pubmed.parse import Deletion, parse_path

    known = corpus.read().records
    records = parse_path(shared / "pubmed" / "records.xml.gz")
    assert committed_of(r.text for r in records if not isinstance(r, Deletion) and r.pmid in known and r.text) == []


def read(name):
    return (paths.ROOT / name).read_text(encoding="utf-8")


def test_the_version_stands_in_one_place_and_what_repeats_it_agrees():
    project = tomllib.loads(read("pyproject.toml"))
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "lscbook.__version__"}
    cited = yaml.safe_load(read("CITATION.cff"))
    released = re.findall(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", read("CHANGELOG.md"), re.MULTILINE)
    assert released[0] == (lscbook.__version__, str(cited["date-released"])), "docs/maintaining.md: Release"
    assert cited["version"] == lscbook.__version__
    assert released == sorted(released, key=lambda r: tuple(map(int, r[0].split("."))), reverse=True)


def test_a_tag_on_this_commit_says_the_version():
    done = subprocess.run(["git", "tag", "--points-at", "HEAD"], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    tags = [tag for tag in done.stdout.split() if re.fullmatch(r"v\d.*", tag)]
    assert tags in ([], [f"v{lscbook.__version__}"])


def test_editors_and_ruff_agree_on_the_length_of_a_line():
    python = read(".editorconfig").partition("[*.py]")[2].partition("\n[")[0]
    length = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]["line-length"]
    assert f"max_line_length = {length}\n" in python
    assert "indent_size = 4\n" in python


@pytest.mark.parametrize("name", ["SECURITY.md", "CODE_OF_CONDUCT.md", "docs/maintaining.md", "CONTRIBUTING.md", "README.md"])
def test_what_a_page_for_people_points_at_is_there_and_names_nobody(name):
    text = read(name)
    folder = (paths.ROOT / name).parent
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    files = re.findall(r"`((?:lscbook|tests|scripts|docs|\.github)/[\w./-]+\.\w+)`", text)
    assert [link for link in links if not (folder / link).exists()] == []
    assert [file for file in files if not (paths.ROOT / file).exists()] == []
    assert re.findall(r"[\w.]+@(?!example\.org)\w+\.\w+", text) == []
