"""Crossref and ClinicalTrials.gov: every fact and every refusal, word for word, in this process."""

import json

import pytest

from lscbook.errors import CorpusInvalid, RegistryUnavailable
from lscbook.pubmed.record import Author, Notice, Record
from lscbook.standing import notices, registries


def test_every_fact_of_a_work(registry, service, tmp_path):
    registry.works["10.1000/A b"] = {
        "title": ["A <i>b</i>\n c"], "short-container-title": ["J T"], "container-title": ["Journal"], "volume": "7", "issue": "2",
        "page": "1-9", "article-number": "e5", "published": {"date-parts": [[2021, 3, 4]]}, "issued": {"date-parts": [[2020]]},
        "author": [{"family": "Doe", "given": "Jane-B. C", "suffix": "Jr"}, {"name": "A  Group"}, {"family": "", "given": ""}],
    }  # fmt: skip
    assert service.record("10.1000/A b") == Record(
        "", "A b c", doi="10.1000/a b", journal="J T", date="2021-03-04", volume="7", issue="2", pages="1-9", origin="doi",
        authors=(Author("Doe", "JBC", suffix="Jr"), Author(collective="A Group")),
    )  # fmt: skip
    registry.works["10.1000/2"] = {
        "title": "T",
        "container-title": ["Journal"],
        "article-number": "e5",
        "issued": {"date-parts": [[987]]},
    }
    assert service.record("10.1000/2") == Record(
        "", "T", doi="10.1000/2", journal="Journal", pages="e5", date="0987", origin="doi"
    )
    assert service.record("10.1000/none") is None
    assert (tmp_path / "deep" / "c.sqlite").exists()
    assert {path for path, _ in registry.asked} == {"/works/10.1000/A b", "/works/10.1000/2", "/works/10.1000/none"}
    assert all(
        agent.startswith("lscbook/") and agent.endswith(" (mailto:a@example.org)") for _, agent in registry.asked
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [("retraction", "RetractionIn"), ("withdrawal", "RetractionIn"), ("removal", "RetractionIn"), ("partial_retraction", "PartialRetractionIn"),
     ("expression_of_concern", "ExpressionOfConcernIn"), ("correction", "ErratumIn"), ("corrigendum", "ErratumIn"), ("erratum", "ErratumIn"),
     ("addendum", "UpdateIn"), ("clarification", "UpdateIn"), ("new_edition", "UpdateIn"), ("new_version", "UpdateIn"),
     ("reinstatement", "ReinstatementIn")],
)  # fmt: skip
def test_each_word_of_crossref_for_a_notice(registry, service, word, kind):
    registry.update("10.1000/1", word, "2024-02-03", notice="10.1000/Notice")
    assert service.notices("10.1000/1") == (
        Notice(kind, "", "Crossref, retraction-watch: 10.1000/notice", "2024-02-03"),
    )
    assert service.unknown == set()


def test_notices_come_by_date_each_once_with_both_ways_and_the_preprint(registry, service):
    registry.update("10.1000/1", "retraction", "2024-02-03", source=None)
    registry.update("10.1000/1", "correction", "2023-01-01")
    registry.update("10.1000/1", "guess", "2023-01-01", notice="10.1000/odd")
    registry.works["10.1000/1"]["relation"] = {
        "is-preprint-of": [{"id": "10.1000/2"}],
        "has-preprint": {"id": "10.1000/0"},
    }
    registry.updating["10.1000/1"] = [
        {"DOI": "10.1000/notice", "update-to": [{"DOI": "10.1000/1", "type": "retraction", "updated": {"date-parts": [[2024, 2, 3]]}}]},
        {"DOI": "10.1000/other", "update-to": [{"DOI": "10.1000/9", "type": "retraction"}]},
    ]  # fmt: skip
    assert service.notices("10.1000/1") == (
        Notice("PreprintIn", source="Crossref: 10.1000/0"), Notice("PublishedIn", source="Crossref: 10.1000/2"),
        Notice("ErratumIn", source="Crossref, retraction-watch: 10.1000/notice", date="2023-01-01"),
        Notice("RetractionIn", source="Crossref, publisher: 10.1000/notice", date="2024-02-03"),
    )  # fmt: skip
    assert service.unknown == {"10.1000/odd: 'guess'"}
    assert service.notices("10.1000/none") is None


def test_a_trial_and_what_is_none(registry, service):
    registry.study("NCT1", "TERMINATED", whyStopped=" No\nmoney ")
    registry.study("NCT2", "COMPLETED", lastUpdatePostDateStruct="soon")
    assert service.trial("NCT1") == {"status": "TERMINATED", "updated": "2026-01-02", "why_stopped": "No money"}
    assert service.trial("NCT2") == {"status": "COMPLETED"}
    assert service.trial("NCT3") is None
    assert {path for path, _ in registry.asked} == {f"/api/v2/studies/NCT{n}" for n in (1, 2, 3)}


@pytest.mark.parametrize("end", ["", "/", "//"])
def test_an_address_with_a_slash_at_its_end_asks_the_same_address(registry, tmp_path, end):
    """The slash goes, and no letter with it: a mirror may lie in a folder of any name."""
    own = dict.fromkeys(("crossref", "trials"), f"{registry.address}/X{end}")
    asked = registries.Registries("a@example.org", tmp_path / "c", tries=0, **own)
    assert asked.trial("NCT1") is None
    assert asked.record("10.1000/1") is None
    assert [path for path, _ in registry.asked] == ["/X/api/v2/studies/NCT1", "/X/works/10.1000/1"]


@pytest.mark.parametrize(
    "odd", [{}, {"protocolSection": 3}, {"protocolSection": {}}, {"protocolSection": {"statusModule": {}}}]
)
def test_a_study_without_a_state_is_no_answer(registry, service, odd):
    registry.body = json.dumps(odd).encode()
    with pytest.raises(RegistryUnavailable, match="no overallStatus for NCT1"):
        service.trial("NCT1")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"message": "text"}, "is no work"),
        ({"message": {"DOI": "10.1000/2"}}, "is about another work"),
        ([1], "not an object"),
    ],
)
def test_an_answer_about_another_thing_is_none(registry, service, body, why):
    registry.body = json.dumps(body).encode()
    with pytest.raises(RegistryUnavailable, match=why):
        service.record("10.1000/1")


def test_a_registry_is_waited_for_as_long_as_was_said(registry, service, monkeypatch):
    asked = []
    real = service._session.get
    monkeypatch.setattr(service._session, "get", lambda url, **own: asked.append(own["timeout"]) or real(url, **own))
    service.timeout = 7.5
    service.trial("NCT9")
    assert asked == [(7.5, 7.5)]


def test_a_doi_is_one_in_any_case(registry, service):
    registry.works["10.1000/ABC"] = {"DOI": "10.1000/abc", "title": ["T"]}
    assert service.record("10.1000/ABC").doi == "10.1000/abc"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Stem cells in AML", "Stem cells in AML.", True), ("STEM–CELLS", "Stem-cells", True),
     ("", "", False), ("", "A", False), ("Leukaemia of children", "Leukemia of children", True),
     ("Clonal evolution in leukemia of children", "Clonal evolution in leukemia of mice", False), ("abcdefghij", "abcdefghiX", True),
     ("abcdefghi", "abcdefgXY", False)],
)  # fmt: skip
def test_two_titles_of_one_paper(one, other, same):
    assert registries.agree(one, other) is same


@pytest.mark.parametrize(
    ("raw", "day"),
    [({"date-parts": [[2012, 8, 29]]}, "2012-08-29"), ({"date-parts": [[2012, 8]]}, "2012-08"), ({"date-parts": [[2012]]}, "2012"),
     ({"date-parts": [[2012, 8, 29, 7]]}, "2012-08-29"), ({"date-parts": []}, ""), ({"date-parts": [[None]]}, ""), ("2012", ""), (None, "")],
)  # fmt: skip
def test_a_day_of_crossref(raw, day):
    assert registries._date(raw) == day


def test_what_is_told_and_what_stays(tmp_path):
    (tmp_path / "notices.json").write_text(json.dumps({
        "1": {"notices": [], "told": "2026-01-01"}, "2": {"notices": [{"type": "RetractionIn"}], "told": "2026-01-02"},
        "3": {"notices": [], "told": "2026-01-03"}, "4": {"notices": [], "told": "2026-01-04"}}))  # fmt: skip

    def answer(key):
        if key in {"3", "5"}:
            raise RegistryUnavailable("no answer")
        return {"1": {"notices": []}, "2": None, "6": {"notices": [{"type": "ErratumIn"}]}, "7": None, "4": None}[key]

    changed, silent = notices.refresh("notices", ["1", "2", "3", "4", "5", "6", "7"], answer, "2026-02-01", tmp_path)
    assert changed == ["6"]
    assert silent == [
        "2: the registry does not know it any more; the state of 2026-01-02 stays", "3: no answer; the state of 2026-01-03 stays",
        "5: no answer; its state is not known",
    ]  # fmt: skip
    told = notices.known("notices", tmp_path)
    assert told["1"] == {"notices": [], "told": "2026-01-01"}  # a quiet day changes no date
    assert told["6"] == {"notices": [{"type": "ErratumIn"}], "told": "2026-02-01"}
    assert set(told) == {"1", "2", "3", "4", "6"}
    before = (tmp_path / "notices.json").read_bytes()
    assert notices.refresh("notices", ["6"], answer, "2026-03-01", tmp_path) == ([], [])
    assert (tmp_path / "notices.json").read_bytes() == before
    assert notices.refresh("trials", [], answer, "2026-03-01", tmp_path / "new") == ([], [])
    assert (tmp_path / "new" / "trials.json").read_text() == "{}\n"
    assert notices.known("nothing", tmp_path) == {}
    (tmp_path / "notices.json").write_text("{")
    with pytest.raises(
        CorpusInvalid, match=r"notices\.json: .*; take the file from git again, it is never edited by hand"
    ):
        notices.known("notices", tmp_path)


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_registry_that_is_busy_is_asked_again(tmp_path, registry, code):
    registry.works["10.1000/1"] = {"title": ["A work"]}
    registry.failing, registry.busy = 1, code
    asked = registries.Registries("a@example.org", tmp_path / "c", crossref=registry.address, tries=1, pause=0)
    assert asked.record("10.1000/1").title == "A work"
    assert len(registry.asked) == 2


@pytest.mark.parametrize(
    ("told", "title"),
    [(["A"], "A"), (["A", "B"], "A"), ("A", "A"), ([], ""), (None, ""), ([7], ""), (["<i>A</i>\n b"], "A b"), (["a <b"], "a <b")],
)  # fmt: skip
def test_the_title_of_a_work(told, title):
    assert registries._title({"title": told}) == title
