"""A paper known by its DOI takes the PMID that PubMed has for it, with its entry and its citations."""

import json
import sqlite3

import pytest

from lscbook import corpus
from lscbook.evidence import store
from lscbook.pubmed.record import Record

pytestmark = pytest.mark.slow
ENTRY = """doi: {doi}
read: abstract
added: 2026-11-24
findings:
  - id: 2
    theme: target
    claim: >-
      A thing was tried.
    direction: supports
    diseases: [AML]
    study: mouse
    target: BCL2
    stage: dependency
    support:
      full_text: page 1
"""


@pytest.fixture
def paper(double):
    """PMID, title and DOI of a record of the double."""
    with sqlite3.connect(double.index) as base:
        return base.execute("SELECT pmid, title, doi FROM article WHERE doi != '' ORDER BY pmid LIMIT 1").fetchone()


def prepare(place, doi, title):
    corpus.write(place.corpus, {doi: Record("", title, doi=doi, date="2020", origin="doi")}, {"as_of": "2026-01-01"})
    for name in ("evidence", "book"):
        (place.folder / name).mkdir()
    entry = place.folder / "evidence" / f"unknown-2020-{store.slug(doi)}.yaml"
    entry.write_text(ENTRY.format(doi=doi))
    (place.folder / "book" / "page.md").write_text(f"So ({{paper}}`{doi}/2, {doi}`), not {{paper}}`{doi}0/2`; {doi}.\n")
    return entry


def run(place):
    return place.run("--json", "--evidence", str(place.folder / "evidence"), "--book", str(place.folder / "book"),
                     "--changes", str(place.folder / "changes"))  # fmt: skip


def test_entry_file_and_citations_follow(place, paper):
    pmid, title, doi = paper
    entry = prepare(place, doi, title.upper())
    done = run(place)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["difference"]["resolved"] == {doi: str(pmid)}
    known = corpus.read(place.corpus)
    assert doi not in known.records
    assert known.records[str(pmid)].doi == doi
    renamed = place.folder / "evidence" / store.file_name(known.records[str(pmid)])
    assert not entry.exists()
    assert store.parse(renamed).entry.pmid == str(pmid)
    page = (place.folder / "book" / "page.md").read_text()
    assert page == f"So ({{paper}}`{pmid}/2, {pmid}`), not {{paper}}`{doi}0/2`; {doi}.\n"
    change = json.loads((place.folder / "changes" / "2026-11-24.json").read_text())
    assert change["resolved"] == {doi: str(pmid)}


def test_another_title_is_another_paper(place, paper):
    _, _, doi = paper
    entry = prepare(place, doi, "Something wholly different about the sea")
    done = run(place)
    assert done.returncode == 0, done.stderr
    assert "another title" in done.stderr
    assert entry.exists()
    assert doi in corpus.read(place.corpus).records
