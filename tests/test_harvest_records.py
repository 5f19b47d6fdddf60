"""Records of a harvest that cannot be read, or come as others: each named, and no other stopped."""

import pytest

from lscbook.errors import PubMedMalformed
from tests.harvest_place import spoil


@pytest.mark.parametrize(
    "change",
    [lambda xml: xml.replace(b"<ArticleTitle>", b"<ArticleTitle>\x01"),
     lambda xml: b"<PubmedArticle><MedlineCitation><PMID>117</PMID></MedlineCitation></PubmedArticle>"],
    ids=["no XML", "no article"],
)  # fmt: skip
def test_a_record_that_cannot_be_read_is_named_and_stops_no_other(place, change):
    spoil(place, 117, change)
    place.run()
    assert len(place.known.records) == 39
    assert place.known.manifest["unreadable"] == ["117"]
    assert place.known.manifest["complete"] is False
    assert any("117 cannot be read" in line for line in place.told)


def test_a_service_that_sends_pages_ends_the_run_and_is_not_taken_apart(place):
    place.double.fault("html", times=200)
    with pytest.raises(PubMedMalformed):
        place.run()
    assert len(place.double.fetched) < 2000
    assert not place.known.manifest


def test_several_records_of_one_batch_that_cannot_be_read_are_all_named(place):
    bad = ("101", "102", "103", "104", "109")
    for pmid in bad:
        spoil(place, int(pmid), lambda xml: xml.replace(b"<ArticleTitle>", b"<ArticleTitle>\x01"))
    place.run()
    assert place.known.manifest["unreadable"] == list(bad)
    assert len(place.known.records) == 35


def test_a_pmid_for_which_another_record_comes_is_named_and_stops_no_other(place):
    spoil(place, 117, lambda xml: xml.replace(b">117</PMID>", b">999</PMID>"))
    place.run()
    assert place.known.manifest["unreadable"] == ["117"]
    assert "999" not in place.known.records
    assert len(place.known.records) == 39


@pytest.mark.parametrize("fault", ["truncated", "empty", "foreign"])
def test_a_service_that_breaks_every_answer_names_no_record_and_ends_soon(place, fault):
    place.double.fault(fault, times=5000)
    with pytest.raises(PubMedMalformed):
        place.run()
    assert not place.known.manifest
    assert place.double.asked["efetch"] < 200
