"""The documents in JSON of one small book, word for word, as somebody would write it by hand who knows the format."""

import json

import pytest

from lscbook.exports import documents
from tests import books, whole_book
from tests.whole_book import BASE, CC_BY, CITE, CURATOR, READER, holds

ABOUT = {
    "title": "Test Book", "version": "0.0.1", "as_of": "2026-01-03", "complete": False, "statement": "", "licence": CC_BY,
    "cite": CITE,
}  # fmt: skip


PAPER_JSON = {
    "key": "77", "pmid": "77", "doi": "10.1000/x", "pmcid": "PMC7", "title": "A trial.", "journal": "J Test",
    "date": "2014-03-02", "authors": [{"family": "Doe", "initials": "JS", "suffix": "Jr"}, {"collective": "The Group"}],
    "types": ["Journal Article"], "keywords": ["clone"], "mesh": [{"ui": "D1", "name": "Humans"}], "language": "eng",
    "created": "2014-03-03", "revised": "2015-01-01", "authors_complete": True, "standing": "corrected", "standing_asked": "2015-01-01",
    "abstract": {"sha256": "a" * 16, "characters": 90, "sentences": 3},
    "notices": [{"type": "ErratumIn", "pmid": "78", "source": "J Test. 2015", "date": "2015-01-01"}],
    "source": "https://pubmed.ncbi.nlm.nih.gov/77/", "page": f"{BASE}papers/77.html",
}  # fmt: skip


PENDING_JSON = {
    "key": "10.1000/p.1", "doi": "10.1000/p.1", "title": "A preprint", "authors_complete": False, "origin": "doi",
    "standing": "retracted", "standing_asked": "2026-01-09", "notices": [{"type": "RetractionIn", "source": "Crossref"}],
    "source": "https://doi.org/10.1000/p.1", "page": f"{BASE}papers/10-1000-p-1.html",
}  # fmt: skip


ENTRY_JSON = {"read": "abstract", "curators": [CURATOR], "reviewers": [READER], "added": "2026-01-02"}
BESIDE_1 = {
    "reference": "77/1", "page": f"{BASE}papers/77.html#f-77-1", "read_twice": True,
    "second_readings": [{"verdict": "agree", "reviewer": READER, "date": "2026-02-03"}],
}  # fmt: skip


BESIDE_2 = {"reference": "77/2", "page": f"{BASE}papers/77.html#f-77-2", "read_twice": False, "second_readings": []}
OWN_1 = {
    "claim": "It came first.", "theme": "evolution", "direction": "supports", "level": "B", "note": "Small.",
    "cohort": ["NCT00000001"], "lesions": ["+8"], "genes": ["TP53"],
}  # fmt: skip


@pytest.fixture(scope="module")
def book():
    return whole_book.book()


def test_findings_as_json(book):
    told = json.loads(documents.findings_json(book))
    assert told["book"] == ABOUT
    three, one, two = told["findings"]  # by key: DOIs first
    for found, beside in ((one, BESIDE_1), (two, BESIDE_2)):
        holds(found, {**beside, "entry": ENTRY_JSON, "paper": PAPER_JSON})
    holds(one, OWN_1)
    assert (two["claim"], two["support"]["full_text"]) == ("It failed.", "page 4")
    assert three["paper"] == PENDING_JSON
    assert three["reference"] == "10.1000/p.1/1"
    assert not {"text", "effect", "n"} & set(one)  # what is not set is not there
    assert not any(value in (None, [], {}) for name, value in one.items() if name != "second_readings")


def test_lines_are_the_findings_and_have_no_space_to_spare(book):
    lines = documents.findings_lines(book).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(documents.findings_json(book))["findings"]
    assert all(
        line == json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for line in lines
    )


def test_a_file_of_json_reads_well_in_a_diff(book):
    text = documents.vocabulary(book)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    first, head, *found, last = documents.findings_json(book).decode().splitlines()
    assert (first[:8], head, last) == ('{"book":', '"findings":[', "]}")
    assert [line.removesuffix(",") for line in found] == documents.findings_lines(book).splitlines()
    for _, text in documents.paper_documents(book):
        members = json.loads(text)
        assert list(members) == ["book", "entry", "findings", "paper"]
        assert text.count(b"\n") == len(members) + len(members["findings"]) + 1  # a finding a line, and the end of all


def test_a_book_without_findings_is_json_all_the_same():
    empty = books.book()
    assert json.loads(documents.findings_json(empty))["findings"] == []
    assert json.loads(documents.document(found=iter(()), more=1)) == {"found": [], "more": 1}


def test_a_paper_as_json(book):
    made = {name: json.loads(text) for name, text in documents.paper_documents(book)}
    assert list(made) == ["10-1000-p-1.json", "77.json"]
    paper = made["77.json"]
    assert set(paper) == {"book", "paper", "entry", "findings"}
    assert (paper["book"], paper["paper"], paper["entry"]) == (ABOUT, PAPER_JSON, ENTRY_JSON)
    holds(paper["findings"][0], {**OWN_1, **BESIDE_1})
    holds(paper["findings"][1], BESIDE_2)
    assert "paper" not in paper["findings"][0]


def test_the_vocabulary_as_json(book):
    told = json.loads(documents.vocabulary(book))
    assert told["book"] == ABOUT
    by_id = {term["id"]: term for term in told["kinds"]["diseases"]}
    assert by_id["AML"]["name"] == "acute myeloid leukemia"
    assert by_id["AML"]["mondo"] == "MONDO:0018874"
    assert "acute myelogenous leukemia" in by_id["AML"]["synonyms"]
    bcl2 = next(term for term in told["kinds"]["targets"] if term["id"] == "BCL2")
    assert bcl2["name"] == "BCL2"  # a term without another name is called by its id
    assert [term["id"] for term in told["kinds"]["genes"]] == sorted(term["id"] for term in told["kinds"]["genes"])
