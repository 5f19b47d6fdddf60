"""A harvest from the query to the corpus, in this process, on forty records: nothing lost, nothing believed too soon."""

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest

from lscbook import corpus, vocabulary
from lscbook.corpus import abstracts
from lscbook.errors import CorpusInvalid, HarvestIncomplete, HarvestRefused
from lscbook.evidence import drafting
from lscbook.harvest import resolving
from lscbook.pubmed.record import Record
from lscbook.vocabulary.annotate import Annotator
from tests.harvest_place import add, spoil


def test_a_harvest_brings_all_and_proves_it_and_a_second_fetches_nothing(place):
    done = place.run()
    assert len(done.difference.new) == 40
    manifest = place.known.manifest
    assert manifest["complete"] is True
    assert sum(s["stored"] for s in manifest["slices"]) == sum(s["expected"] for s in manifest["slices"]) == 40
    assert len({s["created_from"] for s in manifest["slices"]}) > 1
    place.double.fetched.clear()
    # the double says that nothing was revised in the window
    place.sql("UPDATE article SET mdat = '2020/01/02'")
    assert not place.run(today=date(2026, 11, 25)).difference
    assert place.double.fetched == []
    assert place.known.as_of == "2026-11-24"  # a quiet day is no new snapshot


def test_an_empty_answer_empties_nothing(place):
    place.run()
    before = {p: p.read_bytes() for p in place.places.corpus.rglob("*.json*")}
    place.forget()
    with pytest.raises(HarvestIncomplete, match="finds nothing"):
        place.run(today=date(2026, 11, 25))
    assert before == {p: p.read_bytes() for p in place.places.corpus.rglob("*.json*")}


@pytest.mark.parametrize(("gone", "refused"), [(40, None), (20, True), (10, True), (4, True), (3, False), (1, False)])
def test_a_large_withdrawal_needs_a_word_of_a_person(place, gone, refused):
    """Three, or one in twenty, may be; all of them may not, even with the flag."""
    place.run()
    place.forget(f"pmid > {140 - gone}")
    if refused is None:
        with pytest.raises(HarvestIncomplete, match="finds nothing"):
            place.run(today=date(2026, 11, 25), allow_withdrawals=True)
        return
    if refused:
        with pytest.raises(HarvestRefused, match="--allow-withdrawals"):
            place.run(today=date(2026, 11, 25))
        assert len(place.known.records) == 40
    done = place.run(today=date(2026, 11, 25), allow_withdrawals=refused)
    assert len(done.difference.withdrawn) == gone
    assert len(place.known.records) == 40 - gone


def test_time_never_runs_backwards(place):
    place.run()
    with pytest.raises(HarvestRefused, match="mend the clock"):
        place.run(today=date(2026, 11, 23))
    with pytest.raises(HarvestRefused, match="after today"):
        place.run(since=date(2027, 1, 1))
    assert len(place.known.records) == 40


def test_a_query_that_matches_nothing_is_no_complete_corpus(place):
    with pytest.raises(HarvestIncomplete, match="finds nothing"):
        place.run(term="leukozyten[tiab]")
    assert not place.known.manifest


def test_a_fresh_clone_gets_the_abstracts_of_what_is_curated(place):
    place.run()
    place.entry(105)
    place.sql("UPDATE article SET mdat = '2020/01/02'")
    other = replace(place.places, abstracts=place.folder / "runner.sqlite")
    place.double.fetched.clear()
    place.run(today=date(2026, 11, 25), places=other)
    assert abstracts.get("105", other.abstracts)
    assert place.double.fetched == ["105"]


def test_make_new_gets_an_abstract_that_the_corpus_knows_and_the_cache_lacks(place, monkeypatch):
    monkeypatch.setattr(abstracts, "get", lambda *_: "")
    known = corpus.Corpus({"105": Record("105", "T", abstract={"sha256": "0" * 16, "sentences": 1})}, {})
    assert drafting.obtain("105", known, place.client(), object()).text == "Marrow of case 105 was studied."
    assert drafting.obtain("105", known, None, None).text == ""


def test_a_new_word_reaches_records_that_are_there_with_or_without_a_cache(place):
    place.run()
    more = {**place.words.terms["genes"], "MARROW1": vocabulary.Term("genes", "MARROW1", "marrow", ("marrow",))}
    place.words = replace(place.words, terms={**place.words.terms, "genes": more})
    place.sql("UPDATE article SET mdat = '2020/01/02'")
    place.double.fetched.clear()
    place.run(today=date(2026, 11, 25))
    assert all("MARROW1" in r.concepts["genes"] for r in place.known.records.values())
    assert place.double.fetched == []
    place.words = vocabulary.load()
    place.run(today=date(2026, 11, 26), places=replace(place.places, abstracts=place.folder / "runner.sqlite"))
    assert not any("genes" in r.concepts for r in place.known.records.values())


def test_what_others_put_in_meanwhile_stays(place):
    """`make new` beside a harvest: the corpus that the harvest read at its start is not the one that it writes onto."""
    place.run()
    spoil(place, 105, lambda xml: xml.replace(b"Leukemia and", b"Leukemia with"))
    place.sql("UPDATE article SET mdat = '2026/11/25' WHERE pmid = 105")

    def progress(_done, _all):
        known = corpus.read(place.places.corpus)
        corpus.write(place.places.corpus, {**known.records, "9": Record("9", "New", date="2020")}, known.manifest)

    done = place.run(today=date(2026, 11, 25), progress=progress)
    assert "105" in done.difference.changed
    assert "9" in place.known.records


def test_a_run_that_was_stopped_before_another_ended_withdraws_nothing(place):
    """A plan of Tuesday in one cache, the corpus of Thursday from another machine: what came between stays."""
    with pytest.raises(HarvestIncomplete):
        place.run(max_minutes=0)
    add(place, 201, "2026/11/25")
    elsewhere = replace(place.places, cache=place.folder / "elsewhere")
    place.run(today=date(2026, 11, 26), places=elsewhere)
    done = place.run(today=date(2026, 11, 26))
    assert done.difference.withdrawn == []
    assert "201" in place.known.records
    assert place.known.as_of == "2026-11-26"


def test_a_harvest_that_ends_after_one_of_a_later_day_writes_nothing(place):
    def progress(_done, _all):
        corpus.write(place.places.corpus, {"9": Record("9", "New", date="2020")}, {"as_of": "2026-11-30"})

    with pytest.raises(HarvestIncomplete, match="of 2026-11-30, ended meanwhile"):
        place.run(progress=progress)
    assert list(place.known.records) == ["9"]


def edit(place):
    """A title that somebody changed by hand."""
    shard = place.places.corpus / "records" / "2014.jsonl"
    shard.write_text(shard.read_text().replace("its stem cells", "his stem cells", 1))
    return place.places.corpus / "manifest.json"


def test_nobody_puts_his_seal_under_a_shard_that_was_edited(place, tmp_path):
    place.run()
    manifest = edit(place)
    before = manifest.read_bytes()
    with pytest.raises(CorpusInvalid, match=r"2014\.jsonl.*git checkout"):
        place.run(today=date(2026, 11, 25))
    known = place.known
    with pytest.raises(CorpusInvalid, match="git checkout"):
        drafting.keep(Record("3", "N", date="2020"), known, place.places.corpus, Annotator(place.words))
    found = resolving.Resolved(records=[Record("3", "N", date="2020")])
    with pytest.raises(CorpusInvalid, match="git checkout"):
        resolving.apply(found, place.places.corpus, None, None)
    assert manifest.read_bytes() == before


def test_a_snapshot_is_not_begun_with_a_day_of_another_time(place):
    """`make new` before the first harvest: the corpus says what it is, and the harvest makes it whole."""
    drafting.keep(Record("3", "N", date="2020"), place.known, place.places.corpus, Annotator(place.words))
    said = place.known.manifest
    assert said["complete"] is False
    assert "one by one" in said["statement"]
    assert date.fromisoformat(said["as_of"])


def test_a_manifest_that_lost_its_day_is_no_traceback(place):
    place.run()
    file = place.places.corpus / "manifest.json"
    kept = json.loads(file.read_text())
    for name in ("as_of", "slices"):
        del kept[name]
    file.write_text(json.dumps(kept))
    place.run(today=date(2026, 11, 25))
    assert place.known.as_of == "2026-11-25"
    assert place.known.manifest["slices"]


def test_three_records_that_are_all_there_were_are_not_withdrawn_without_a_word(place):
    place.forget("pmid > 103")
    place.run()
    shutil.copyfile(place.master, place.double.index)
    place.forget("pmid <= 103")
    with pytest.raises(HarvestRefused, match="3 of 3"):
        place.run(today=date(2026, 11, 25))
    assert set(place.known.records) == {"101", "102", "103"}
