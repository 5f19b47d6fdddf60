"""Notices and trials: what the registries say, what stays when they are silent, what a reader sees."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from lscbook import corpus, paths
from lscbook.errors import RegistryUnavailable
from lscbook.pubmed.parse import parse_path
from lscbook.pubmed.record import Notice, Record
from lscbook.standing import FALLEN, Standing, asked_on, registries, sentence, standing_of
from tests.entries import entry, finding

ENTRY = entry(
    1,
    finding(study="phase 3", level="A", cohort="[NCT00000001]", stage="phase 3", end_point="response"),
    read="abstract",
)


@pytest.fixture
def place(tmp_path):
    corpus.write(tmp_path / "corpus", {"1": Record("1", "A work", doi="10.1000/1", date="2020")}, {"as_of": "2026"})
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "unknown-2020-1.yaml").write_text(ENTRY)
    return tmp_path


def command(place, registry, today, cache="cache"):
    return (
        [sys.executable, str(paths.ROOT / "scripts" / "standing.py"), "--email", "a@example.org",
         "--corpus", str(place / "corpus"), "--evidence", str(place / "evidence"), "--out", str(place / "out"),
         "--cache", str(place / f"{cache}.sqlite"), "--crossref-url", registry.address,
         "--trials-url", registry.address, "--tries", "1", "--today", today]
    )  # fmt: skip


def run(*given, **named):
    return subprocess.run(command(*given, **named), capture_output=True, text=True, check=False, timeout=60)


def ledger(place, name):
    return json.loads((place / "out" / f"{name}.json").read_text())


@pytest.mark.parametrize(
    ("notices", "state"),
    [
        ([], Standing.STANDS),
        ([("ErratumIn", "2020"), ("RetractionIn", "2021"), ("UpdateIn", "2022")], Standing.RETRACTED),
        ([("RetractionIn", "2021"), ("ReinstatementIn", "2022")], Standing.REINSTATED),
        ([("RetractionIn", "2021"), ("ReinstatementIn", "2022"), ("RetractionIn", "2023")], Standing.RETRACTED),
        ([("RetractionIn", ""), ("ReinstatementIn", "")], Standing.REINSTATED),
        ([("ErratumIn", "2020"), ("RetractionIn", "2021"), ("ReinstatementIn", "2022")], Standing.CORRECTED),
        ([("ExpressionOfConcernIn", "2021"), ("ReinstatementIn", "2022")], Standing.REINSTATED),
        ([("PartialRetractionIn", "2021")], Standing.PARTLY_RETRACTED),
        ([("RetractionOf", "2021")], Standing.STANDS),
    ],
)
def test_the_worst_current_notice_decides(notices, state):
    record = Record("1", "", standing=tuple(Notice(kind, date=date) for kind, date in notices))
    assert standing_of(record, {}) is state


def test_the_retracted_records_of_pubmed(shared):
    records = {
        r.pmid: r
        for file in sorted((shared / "pubmed" / "xml").glob("*.xml.gz"))
        for r in parse_path(file)
        if isinstance(r, Record)
    }
    retracted = ["400712", "423962", "27602157", "31031480", "32743968", "33104149"]
    assert [standing_of(records[p], {}) for p in retracted] == [Standing.RETRACTED] * 6
    assert standing_of(records["32090497"], {}) is Standing.CONCERN
    assert standing_of(records["34013271"], {}) is Standing.PREPRINT  # a preprint that has an update as well
    assert standing_of(records["34086515"], {}) is Standing.UPDATED


def test_a_notice_and_a_trial_are_written_with_their_day(place, registry):
    registry.update("10.1000/1", "correction", "2023-01-05", source="publisher")
    registry.update("10.1000/1", "retraction", "2024-02-03")
    registry.study("NCT00000001", "TERMINATED", whyStopped="Futility")
    done = run(place, registry, "2026-11-24")
    assert done.returncode == 0, done.stderr
    assert "stands -> retracted" in done.stdout
    told = ledger(place, "notices")["1"]
    assert [n["type"] for n in told["notices"]] == ["ErratumIn", "RetractionIn"]
    assert told["told"] == "2026-11-24"
    assert ledger(place, "trials")["NCT00000001"] == {
        "status": "TERMINATED", "updated": "2026-01-02", "why_stopped": "Futility", "told": "2026-11-24"}  # fmt: skip
    assert all("mailto:a@example.org" in agent for _, agent in registry.asked)


def test_reinstatement_clears(place, registry):
    registry.update("10.1000/1", "retraction", "2024-02-03")
    run(place, registry, "2026-11-23")
    registry.update("10.1000/1", "reinstatement", "2025-02-03")
    done = run(place, registry, "2026-11-24", cache="another-day")
    assert "retracted -> reinstated" in done.stdout
    assert len(ledger(place, "notices")["1"]["notices"]) == 2


def test_outage_keeps_the_last_known_state_with_its_date(place, registry):
    registry.update("10.1000/1", "retraction", "2024-02-03")
    registry.study("NCT00000001", "RECRUITING")
    run(place, registry, "2026-10-01")
    before = (place / "out" / "notices.json").read_bytes(), (place / "out" / "trials.json").read_bytes()
    registry.failing = 100
    done = run(place, registry, "2026-11-24", cache="another-day")
    assert done.returncode == 1
    assert "the state of 2026-10-01 stays" in done.stderr
    assert before == ((place / "out" / "notices.json").read_bytes(), (place / "out" / "trials.json").read_bytes())


def test_a_passing_failure_is_tried_again_and_an_answer_is_cached(place, registry):
    registry.study("NCT00000001", "COMPLETED")
    registry.works["10.1000/1"] = {"title": ["A work"]}
    registry.failing = 1
    assert run(place, registry, "2026-11-24").returncode == 0
    asked = len(registry.asked)
    assert asked == 4  # the work, once more after its failure; what updates it; the trial
    assert run(place, registry, "2026-11-24").returncode == 0
    assert len(registry.asked) == asked


def test_another_thing_in_a_good_answer_is_an_error(tmp_path, registry):
    service = registries.Registries("a@example.org", tmp_path / "c", crossref=registry.address, tries=0)
    registry.body = b"<html>maintenance</html>"
    with pytest.raises(RegistryUnavailable, match="JSON"):
        service.notices("10.1000/1")
    registry.body = json.dumps({"message": {"DOI": "10.1000/2"}}).encode()
    with pytest.raises(RegistryUnavailable, match="another work"):
        service.notices("10.1000/3")


def test_facts_of_a_paper_with_only_a_doi(tmp_path, registry):
    registry.works["10.1000/9"] = {
        "title": ["Stem <i>cells</i>"], "container-title": ["Journal of Tests"],
        "author": [{"family": "Doe", "given": "Jane B."}, {"name": "A Group"}],
        "published": {"date-parts": [[2021, 3]]},
        "relation": {"is-preprint-of": [{"id": "10.1000/10", "id-type": "doi"}]},
    }  # fmt: skip
    service = registries.Registries("a@example.org", tmp_path / "c", crossref=registry.address)
    record = service.record("10.1000/9")
    assert (record.title, record.journal, record.date) == ("Stem cells", "Journal of Tests", "2021-03")
    assert [a.name for a in record.authors] == ["Doe JB", "A Group"]
    assert [n.type for n in service.notices("10.1000/9")] == ["PublishedIn"]
    assert service.record("10.1000/unknown") is None


def service(tmp_path, registry, **own):
    return registries.Registries("a@example.org", tmp_path / "c", crossref=registry.address, trials=registry.address,
                                 **{"tries": 0, **own})  # fmt: skip


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Retraction", "RetractionIn"), ("RETRACTION ", "RetractionIn"), ("expression-of-concern", "ExpressionOfConcernIn"),
     ("Expression of Concern", "ExpressionOfConcernIn"), ("partial retraction", "PartialRetractionIn"),
     ("erratum", "ErratumIn"), ("reinstatement", "ReinstatementIn")],
)  # fmt: skip
def test_a_notice_is_read_in_any_spelling(tmp_path, registry, word, kind):
    registry.update("10.1000/1", word, "2024-02-03")
    assert [n.type for n in service(tmp_path, registry).notices("10.1000/1")] == [kind]


def test_an_unknown_kind_of_notice_is_told_and_counts_for_nothing(place, registry):
    registry.update("10.1000/1", "tortured phrases", "2024-02-03")
    registry.study("NCT00000001", "COMPLETED")
    done = run(place, registry, "2026-11-24")
    assert "'tortured phrases'" in done.stderr
    assert ledger(place, "notices")["1"]["notices"] == []


def test_crossref_is_asked_both_ways(tmp_path, registry):
    """A notice whose work says that it updates the paper, while the paper's own record does not say so yet."""
    registry.works["10.1000/1"] = {"title": ["A work"]}
    registry.updating["10.1000/1"] = [
        {"DOI": "10.1000/Notice", "update-to": [{"DOI": "10.1000/1", "type": "retraction", "updated": {"date-parts": [[2024, 2]]}},
                                                {"DOI": "10.1000/2", "type": "erratum"}]}]  # fmt: skip
    (notice,) = service(tmp_path, registry).notices("10.1000/1")
    assert (notice.type, notice.date) == ("RetractionIn", "2024-02")
    assert "10.1000/notice" in notice.source


def test_an_alias_is_used_where_the_titles_agree(tmp_path, registry):
    registry.works["10.1000/old"] = {"DOI": "10.1000/prime", "title": ["Stem cells in AML."],
                                     "updated-by": [{"DOI": "10.1000/n", "type": "retraction"}]}  # fmt: skip
    books = service(tmp_path, registry)
    assert [n.type for n in books.notices("10.1000/old", "Stem cells in AML")] == ["RetractionIn"]
    with pytest.raises(RegistryUnavailable, match="another work"):
        books.notices("10.1000/old", "Mast cells in the mouse")


@pytest.mark.parametrize(
    "odd",
    [{"updated-by": {"DOI": "10.1000/n", "type": "retraction"}}, {"updated-by": "retraction"}, {"updated-by": ["x", 7, None]},
     {"relation": {"is-preprint-of": ["10.1000/9"]}}, {"relation": "x"},
     {"updated-by": [{"type": "retraction", "updated": "2024"}]}, {"updated-by": [{"type": ["retraction"]}]},
     {"updated-by": [{"type": "retraction", "updated": {"date-parts": [["2024", None, -1]]}}]}],
)  # fmt: skip
def test_an_answer_of_another_shape_is_no_traceback(tmp_path, registry, odd):
    registry.works["10.1000/1"] = {"title": ["A work"], **odd}
    assert all(isinstance(n, Notice) for n in service(tmp_path, registry).notices("10.1000/1"))


@pytest.mark.parametrize(
    "odd", [{"title": "T"}, {"title": []}, {"title": [7]}, {"author": {"family": "A"}}, {"author": ["x"]}, {"published": []},
            {"author": [{"family": 7, "given": None}]}, {"container-title": [None]}, {"volume": 7, "page": None}],
)  # fmt: skip
def test_facts_of_another_shape_are_no_traceback(tmp_path, registry, odd):
    registry.works["10.1000/1"] = odd
    assert isinstance(service(tmp_path, registry).record("10.1000/1"), Record)


def test_a_plain_run_after_one_of_all_keeps_the_notices_of_the_others(place, registry):
    both = {
        "1": Record("1", "A work", doi="10.1000/1", date="2020"),
        "2": Record("2", "B", doi="10.1000/2", date="2020"),
    }
    corpus.write(place / "corpus", both, {"as_of": "2026"})
    registry.study("NCT00000001", "COMPLETED")
    for doi in ("10.1000/1", "10.1000/2"):
        registry.update(doi, "retraction", "2024-02-03")
    names = ["--all"], []
    for more in names:
        done = subprocess.run(
            [*command(place, registry, "2026-11-24"), *more], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert set(ledger(place, "notices")) == {"1", "2"}


def test_a_registry_that_knows_a_paper_no_more_forgets_no_retraction(place, registry):
    registry.update("10.1000/1", "retraction", "2024-02-03")
    registry.study("NCT00000001", "COMPLETED")
    run(place, registry, "2026-11-23")
    del registry.works["10.1000/1"]
    done = run(place, registry, "2026-11-24", cache="another-day")
    assert "does not know it any more; the state of 2026-11-23 stays" in done.stderr
    assert "-> stands" not in done.stdout
    assert ledger(place, "notices")["1"]["notices"][0]["type"] == "RetractionIn"


def test_a_page_in_place_of_an_answer_is_not_kept_for_a_day(tmp_path, registry):
    registry.body = b"<html>maintenance</html>"
    with pytest.raises(RegistryUnavailable):
        service(tmp_path, registry).notices("10.1000/1")
    registry.body = None
    registry.update("10.1000/1", "retraction", "2024-02-03")
    assert [n.type for n in service(tmp_path, registry).notices("10.1000/1")] == ["RetractionIn"]


@pytest.mark.parametrize(
    ("asked", "waits"), [("3600", 30.0), ("9999999999999", 30.0), ("25", 25.0), ("soon", None), ("", None)]
)
def test_a_registry_may_ask_for_half_a_minute_and_no_more(asked, waits):
    from urllib3 import HTTPResponse

    answer = HTTPResponse(status=429, headers={"Retry-After": asked} if asked else {})
    assert registries._Patient(total=1).get_retry_after(answer) == waits


def test_a_broken_cache_of_answers_is_told_and_begun_anew(tmp_path, registry, capsys):
    (tmp_path / "c.sqlite").write_bytes(b"no database at all, and rather long so that it is read as one" * 20)
    registry.update("10.1000/1", "retraction", "2024-02-03")
    assert service(tmp_path, registry).notices("10.1000/1")
    assert "begun anew" in capsys.readouterr().err


LISTED = Record("9", "A work", journal="Blood", origin="list", authors_complete=False)


@pytest.mark.parametrize(
    ("record", "told", "harvested", "state", "day"),
    [
        (LISTED, {}, "2026-11-24", Standing.NOT_ASKED, ""),  # a harvest that left it from a list did not ask
        (LISTED, {"9": {"told": "2026-11-20", "notices": []}}, "", Standing.STANDS, "2026-11-20"),
        (Record("9", "", revised="2021-03-04"), {}, "", Standing.STANDS, "2021-03-04"),
        (Record("9", "", revised="2021-03-04"), {}, "2026-11-24", Standing.STANDS, "2026-11-24"),
        (replace(LISTED, doi="10.1101/2020.01.02.123"), {}, "", Standing.PREPRINT, ""),
        (replace(LISTED, doi="10.1101/gr.123"), {}, "", Standing.NOT_ASKED, ""),  # Genome Research
        (replace(LISTED, journal="bioRxiv : the preprint server for biology"), {}, "", Standing.PREPRINT, ""),
    ],
)
def test_what_nobody_asked_is_not_known(record, told, harvested, state, day):
    assert standing_of(record, told) is state
    assert asked_on(record, told, harvested) == day


def test_every_state_has_a_sentence():
    said = {state: sentence(state, "2026-11-24") for state in Standing}
    assert len(set(said.values())) == len(Standing)
    assert [s for s, text in said.items() if text.startswith("No: ")] == sorted(FALLEN, key=list(Standing).index)
    assert all("2026-11-24" in text for state, text in said.items() if state is not Standing.NOT_ASKED)
    assert "nobody has asked" in sentence(Standing.PREPRINT, "")


@pytest.mark.parametrize(
    ("doi", "preprint"),
    [("10.1101/2020.01.02.123456", True), ("10.1101/123456", True), ("10.64898/2025.12.01.1", True), ("10.21203/rs.3.rs-1234/v1", True),
     ("10.48550/arXiv.2001.00001", True), ("10.2139/ssrn.3550000", True), ("10.20944/preprints202001.0001.v1", True), ("10.22541/au.1600000.1/v1", True),
     ("10.1101/gad.123", False), ("10.21203/other", False), ("10.2139/journal.1", False), ("10.20944/other", False), ("10.1182/blood.2020", False),
     ("x10.1101/2020.01.02.1", False), ("", False)],
)  # fmt: skip
def test_the_servers_of_preprints_by_doi(doi, preprint):
    assert (standing_of(Record("", "T", doi=doi, origin="list"), {}) is Standing.PREPRINT) is preprint


@pytest.mark.parametrize(
    ("journal", "preprint"),
    [("bioRxiv", True), ("medRxiv", True), ("arXiv", True), ("Res Sq", True), ("Research Square", True), ("SSRN", True), ("Preprints", True),
     ("bioRxiv [Preprint]", True), ("medRxiv : the preprint server for health sciences", True), ("Blood", False), ("Preprints of Blood", False), ("", False)],
)  # fmt: skip
def test_the_servers_of_preprints_by_name(journal, preprint):
    assert (standing_of(Record("1", "T", journal=journal), {}) is Standing.PREPRINT) is preprint


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (Standing.RETRACTED, "No: it is retracted (asked on 2026-11-24)."), (Standing.PARTLY_RETRACTED, "No: it is partly retracted (asked on 2026-11-24)."),
        (Standing.CONCERN, "No: it is under expression of concern (asked on 2026-11-24)."), (Standing.CORRECTED, "Yes; it is marked as corrected (asked on 2026-11-24)."),
        (Standing.UPDATED, "Yes; it is marked as updated (asked on 2026-11-24)."), (Standing.STANDS, "Yes: asked on 2026-11-24, and no notice was there."),
        (Standing.REINSTATED, "Yes: it was withdrawn, and reinstated (asked on 2026-11-24)."),
        (Standing.PREPRINT, "It is a preprint, which no journal is known to have reviewed; asked on 2026-11-24, no notice against it was there."),
        (Standing.NOT_ASKED, "Not known: this record came from a public list, and nobody has asked PubMed or Crossref yet."),
    ],
)  # fmt: skip
def test_the_answer_to_whether_it_still_stands(state, answer):
    assert sentence(state, "2026-11-24") == answer
    if state not in {Standing.NOT_ASKED, Standing.PREPRINT}:
        assert "asked on an unrecorded day" in sentence(state, "")


def test_states_stand_from_best_to_worst_and_three_of_them_have_fallen():
    assert [state.value for state in Standing] == [
        "not asked", "stands", "updated", "reinstated", "corrected", "preprint", "expression of concern", "partly retracted", "retracted",
    ]  # fmt: skip
    assert {Standing.CONCERN, Standing.PARTLY_RETRACTED, Standing.RETRACTED} == FALLEN


@pytest.mark.parametrize(
    ("kind", "state"),
    [("RetractionIn", "retracted"), ("RetractedandRepublishedIn", "retracted"), ("PartialRetractionIn", "partly retracted"), ("ErratumIn", "corrected"),
     ("ExpressionOfConcernIn", "expression of concern"), ("CorrectedandRepublishedIn", "corrected"), ("UpdateIn", "updated"), ("ReinstatementIn", "reinstated"),
     ("PublishedIn", "stands"), ("PreprintIn", "stands"), ("CommentIn", "stands"), ("RetractionOf", "stands"), ("ErratumFor", "stands")],
)  # fmt: skip
def test_what_each_notice_does_wherever_it_was_told(kind, state):
    assert standing_of(Record("1", "T", standing=(Notice(kind, "2"),)), {}).value == state
    assert standing_of(Record("1", "T"), {"1": {"notices": [{"type": kind}], "told": "2026-01-01"}}).value == state
