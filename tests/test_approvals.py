"""Approvals: read from the vocabulary, each with its page; a withdrawal ends what was approved before it."""

import pytest

from lscbook import vocabulary
from lscbook.errors import VocabularyInvalid
from lscbook.vocabulary import approvals

WORDS = vocabulary.load()
GOOD = {
    "agent": "gemtuzumab ozogamicin", "target": "CD33", "disease": "AML", "population": "adults", "agency": "FDA",
    "status": "approved", "date": "2017-09-01", "page": "https://example.org/x", "seen": "2026-11-26",
}  # fmt: skip


def read(folder, *rows):
    text = "".join("- " + "\n  ".join(f"{k}: {v}" for k, v in row.items()) + "\n" for row in rows)
    (folder / "approvals.yaml").write_text(text)
    return approvals.read(WORDS, folder)


def test_what_was_withdrawn_does_not_stand_and_what_came_after_does(tmp_path):
    rows = [{**GOOD, "date": "2000-05-17"}, {**GOOD, "date": "2011-11-28", "status": "withdrawn"}, GOOD]
    assert [a.date for a in approvals.in_force(read(tmp_path, *rows))] == ["2017-09-01"]


def test_another_agency_keeps_its_own(tmp_path):
    rows = [{**GOOD, "agency": "EMA", "date": "2001-01-01"}, {**GOOD, "date": "2011-11-28", "status": "withdrawn"}]
    assert [a.agency for a in approvals.in_force(read(tmp_path, *rows))] == ["EMA"]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [("agent", "nonsense", "no id of therapies.yaml"), ("target", "CD34567", "no id of targets.yaml"),
     ("disease", "gout", "no id of diseases.yaml"), ("agency", "NICE", "allowed are FDA, EMA"),
     ("status", "liked", "allowed are approved"), ("date", "2017-13-01", "write YYYY-MM-DD"),
     ("page", "example.org", "give the address")],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path, key, value, told):
    with pytest.raises(VocabularyInvalid, match=r"approvals\.yaml:1: .*" + told):
        read(tmp_path, {**GOOD, key: value})


def test_a_key_that_is_missing_is_told(tmp_path):
    with pytest.raises(VocabularyInvalid, match="needs agent"):
        read(tmp_path, {k: v for k, v in GOOD.items() if k != "page"})


def test_each_decision_of_the_book_has_its_page(book):
    assert {a.target for a in book.approved} >= {"BCL2", "FLT3", "IDH2", "CD33", "menin"}
    assert all(a.page for a in book.approvals)
