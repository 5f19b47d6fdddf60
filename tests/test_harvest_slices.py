"""Slices and plans of a harvest: each day in one slice, a stopped run goes on, a plan that is out of date is made anew."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from lscbook.errors import HarvestIncomplete
from lscbook.harvest import run_state, slices, whole_run
from lscbook.pubmed import client, query
from tests.harvest_place import DAY, TERM, add


def test_a_run_that_is_stopped_goes_on_with_what_it_has(place):
    with pytest.raises(HarvestIncomplete, match="0 minutes are over"):
        place.run(max_minutes=0)
    assert not place.known.manifest
    already = len(place.double.fetched)
    assert already
    place.run()
    assert len(place.double.fetched) == 40


PLAN = ('{"form": 2, "until": "2026-11-24", "translation": "", "complaints": [], "ids": {"20260101-20260102": [%s]}, '
        '"slices": [{"low": "2026/01/01", "high": "2026/01/02", "expected": %d}]}')  # fmt: skip


@pytest.mark.parametrize(
    "plan",
    ["", "{", "[]", '{"until": "2026-11-24"}', '{"form": 1, "until": "2026-11-24", "slices": [], "ids": {}}',
     '{"form": 2, "until": "2026-11-24", "translation": "", "complaints": [], "slices": [{"low": "x"}], "ids": {}}',
     '{"form": 2, "until": 7, "translation": "", "complaints": [], "slices": [], "ids": {}}',
     PLAN % ('"x"', 1), PLAN % ('"1"', 2), PLAN % ("1", 1)],
)  # fmt: skip
def test_a_plan_of_another_version_is_told_and_made_anew(place, plan):
    with pytest.raises(HarvestIncomplete):
        place.run(max_minutes=0)
    (file,) = place.places.cache.rglob("plan.json")
    file.write_text(plan)
    (file.parent / "notes.xml.gz").write_bytes(b"what is this")
    (file.parent / "2026-11-24-odd.xml.gz").write_bytes(b"what is this")
    place.run()
    assert len(place.known.records) == 40
    assert any("made anew" in line for line in place.told)


def test_a_plan_over_a_week_old_is_dropped(tmp_path):
    state = run_state.RunState(tmp_path, "x", 10)
    part = {"low": "2026/01/01", "high": "2026/11/01", "expected": 1}
    given = {
        "until": "2026-11-01",
        "translation": "",
        "complaints": [],
        "slices": [part],
        "ids": {"20260101-20261101": ["7"]},
    }
    for today, kept in ((date(2026, 11, 8), True), (date(2026, 11, 9), False), (date(2026, 10, 31), False)):
        state.keep_plan(given)
        assert bool(state.plan(today)) is kept
    state.keep_plan(given)
    assert state.plan(date(2026, 11, 2), not_before=date(2026, 11, 2)) is None


def test_a_plan_tells_costs_and_what_pubmed_ignored(place):
    asked = query.Query(TERM, TERM, {"disease": TERM}, {"all": TERM}, {}, {})
    planned = whole_run.plan(
        place.client(rate=2, sleep=lambda _seconds: None), asked, DAY, whole_run.Limits(cap=25, batch=10)
    )
    assert planned.themes == {"all": 40}
    assert planned.records == 40
    assert planned.requests > len(planned.slices) + 4
    assert planned.minutes == planned.requests / 2 / 60


def test_slices_part_the_days_and_lose_none(place):
    for cap in (5, 17, 39, 41):
        parts = slices.plan(place.client(), TERM, DAY, cap)
        assert sum(p.expected for p in parts) == 40
        assert all(p.expected < cap for p in parts)
        days = [(p.low, p.high) for p in parts]
        assert days == sorted(days)
        assert all(high < low for (_, high), (low, _) in pairwise(days))
    with pytest.raises(HarvestIncomplete, match="cannot be split"):
        slices.plan(place.client(), TERM, DAY, 1)


def test_the_windows_of_two_harvests_overlap_by_thirty_days(place, monkeypatch):
    place.run()
    asked = []
    real = client.Client.search

    def spy(self, term, *, retmax=0, window=None):
        asked.append(window)
        return real(self, term, retmax=retmax, window=window)

    monkeypatch.setattr(client.Client, "search", spy)
    place.run(today=date(2026, 12, 1))
    assert ("mdat", "2026/10/25", "2026/12/01") in asked


def test_a_record_that_comes_while_we_fetch_makes_the_plan_void(place):
    def progress(_done, _all):
        if not place.sql("SELECT 1 FROM article WHERE pmid = 201"):
            add(place, 201, "2020/01/01")

    with pytest.raises(HarvestIncomplete, match="counts 41 records now, 40 were listed"):
        place.run(progress=progress)
    assert not place.known.manifest
    place.run()
    assert len(place.known.records) == 41


def test_a_record_that_goes_between_count_and_list_is_noticed(place, monkeypatch):
    real = client.Client.search

    def search(self, term, *, retmax=0, window=None):
        if retmax:
            place.forget("pmid = 117")
        return real(self, term, retmax=retmax, window=window)

    monkeypatch.setattr(client.Client, "search", search)
    with pytest.raises(HarvestIncomplete, match="PMIDs listed"):
        place.run()


def test_a_day_belongs_to_one_half_only(place):
    """Forty records on forty days in a row, so that wherever the window is cut, a record lies on the cut."""
    for n in range(40):
        place.sql(
            "UPDATE article SET crdt = ? WHERE pmid = ?", (DAY - timedelta(days=39 - n)).strftime("%Y/%m/%d"), 101 + n
        )
    for cap in (3, 8):
        assert sum(part.expected for part in slices.plan(place.client(), TERM, DAY, cap)) == 40


def test_the_first_slice_begins_with_the_year_of_the_oldest_records(place):
    """PubMed's oldest carry 1809: one of its first day is planned and brought like any other."""
    place.sql("UPDATE article SET crdt = '1809/01/01' WHERE pmid = 101")
    parts = slices.plan(place.client(), TERM, DAY, 41)
    assert [(part.low, part.high, part.expected) for part in parts] == [("1809/01/01", "2026/11/24", 40)]
    assert slices.plan(place.client(), TERM, DAY, 25)[0].low == "1809/01/01"
