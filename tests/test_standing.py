"""Notices and trials: what the registries say, what stays when they are silent, what a reader sees."""

import json
import subprocess
import sys

import pytest

from lscbook import corpus, paths
from lscbook.errors import RegistryUnavailable
from lscbook.pubmed.parse import parse_path
from lscbook.pubmed.record import Notice, Record
from lscbook.standing import Standing, registries, standing_of
from tests.registry_doubles import Registry

ENTRY = """pmid: "1"
read: abstract
added: 2026-11-24
findings:
  - id: "1"
    theme: target
    claim: A drug was tried.
    direction: supports
    diseases: [AML]
    study: phase 3
    cohort: [NCT00000001]
    target: BCL2
    stage: phase 3
    support: {full_text: page 1}
"""


@pytest.fixture
def registry():
    server = Registry()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def place(tmp_path):
    corpus.write(tmp_path / "corpus", {"1": Record("1", "A work", doi="10.1000/1", date="2020")}, {"as_of": "2026"})
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "unknown-2020-1.yaml").write_text(ENTRY)
    return tmp_path


def run(place, registry, today, cache="cache"):
    return subprocess.run(
        [sys.executable, str(paths.ROOT / "scripts" / "standing.py"), "--email", "a@example.org",
         "--corpus", str(place / "corpus"), "--evidence", str(place / "evidence"), "--out", str(place / "out"),
         "--cache", str(place / f"{cache}.sqlite"), "--crossref-url", registry.address,
         "--trials-url", registry.address, "--tries", "1", "--today", today],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def ledger(place, name):
    return json.loads((place / "out" / f"{name}.json").read_text())


@pytest.mark.parametrize(
    ("notices", "state"),
    [
        ([], Standing.STANDS),
        ([("ErratumIn", "2020"), ("RetractionIn", "2021"), ("UpdateIn", "2022")], Standing.RETRACTED),
        ([("RetractionIn", "2021"), ("ReinstatementIn", "2022")], Standing.STANDS),
        ([("RetractionIn", "2021"), ("ReinstatementIn", "2022"), ("RetractionIn", "2023")], Standing.RETRACTED),
        ([("RetractionIn", ""), ("ReinstatementIn", "")], Standing.STANDS),
        ([("ErratumIn", "2020"), ("RetractionIn", "2021"), ("ReinstatementIn", "2022")], Standing.CORRECTED),
        ([("ExpressionOfConcernIn", "2021"), ("ReinstatementIn", "2022")], Standing.STANDS),
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
    assert "retracted -> stands" in done.stdout
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
    assert asked == 3
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
