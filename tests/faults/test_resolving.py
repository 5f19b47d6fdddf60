"""A paper known by its DOI takes the PMID that PubMed has for it, with its entry and its citations."""

import json
import sqlite3

import pytest

from lscbook import corpus
from lscbook.evidence import store
from lscbook.pubmed.record import Author, Record
from tests.entries import entry, finding

pytestmark = pytest.mark.slow


@pytest.fixture
def paper(double):
    """PMID, title and DOI of a record of the double."""
    with sqlite3.connect(double.index) as base:
        return base.execute("SELECT pmid, title, doi FROM article WHERE doi != '' ORDER BY pmid LIMIT 1").fetchone()


WORK = {
    "title": ["A <i>title</i> of a preprint"],
    "short-container-title": ["bioRxiv"],
    "published": {"date-parts": [[2021, 3, 4]]},
    "author": [{"given": "Ada B", "family": "Lovelace"}, {"name": "A Group"}],
}


@pytest.fixture
def crossref(place, registry):
    place.crossref = registry.address
    return registry


def prepare(place, doi, title):
    bare = Record("", title, doi=doi, date="2020", origin="doi", authors_complete=False)
    corpus.write(place.corpus, {doi: bare}, {"as_of": "2026-01-01"})
    for name in ("evidence", "book"):
        (place.folder / name).mkdir()
    path = place.folder / "evidence" / f"unknown-2020-{store.ascii_words(doi)}.yaml"
    path.write_text(entry("", finding(number=2), read="abstract").replace("pmid: ", f"doi: {doi}"))
    (place.folder / "book" / "page.md").write_text(f"So ({{paper}}`{doi}/2, {doi}`), not {{paper}}`{doi}0/2`; {doi}.\n")
    return path


def run(place):
    return place.run("--json", "--evidence", str(place.folder / "evidence"), "--book", str(place.folder / "book"),
                     "--changes", str(place.folder / "changes"))  # fmt: skip


def test_entry_file_and_citations_follow(place, paper, crossref):
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


def test_bare_facts_come_from_crossref_and_the_entry_takes_its_name(place, crossref):
    doi = "10.1101/2020.01.01.000001"
    entry = prepare(place, doi, "A title of a preprint")
    crossref.works[doi] = WORK
    done = run(place)
    assert done.returncode == 0, done.stderr
    record = corpus.read(place.corpus).records[doi]
    assert record.authors == (Author("Lovelace", "AB"), Author(collective="A Group"))
    assert (record.journal, record.date, record.authors_complete) == ("bioRxiv", "2021-03-04", True)
    assert store.parse(place.folder / "evidence" / f"lovelace-2021-{store.ascii_words(doi)}.yaml").entry.doi == doi
    assert not entry.exists()
    asked = len(crossref.asked)
    assert run(place).returncode == 0
    assert len(crossref.asked) == asked  # what is stated is not asked for again


@pytest.mark.parametrize(
    ("state", "said"),
    [("busy", "503"), ("unknown", "does not know"), ("another", "another title"), ("nameless", "names no author")],
)
def test_an_outage_or_another_work_only_warns(place, crossref, state, said):
    doi = "10.1101/2020.01.01.000001"
    entry = prepare(place, doi, "A title of a preprint")
    if state == "busy":
        crossref.failing = 50
    elif state != "unknown":
        crossref.works[doi] = {**WORK, "title": ["Of the sea"]} if state == "another" else {**WORK, "author": []}
    done = run(place)
    assert done.returncode == 0, done.stderr
    assert "warning" in done.stderr
    assert said in done.stderr
    assert entry.exists()
    assert not corpus.read(place.corpus).records[doi].authors_complete


def test_another_title_is_another_paper(place, paper, crossref):
    _, _, doi = paper
    entry = prepare(place, doi, "Something wholly different about the sea")
    done = run(place)
    assert done.returncode == 0, done.stderr
    assert "another title" in done.stderr
    assert entry.exists()
    assert doi in corpus.read(place.corpus).records
