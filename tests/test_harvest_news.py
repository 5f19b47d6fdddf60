"""The news of a harvest: told once, whatever ends the run that brought them."""

import json
from datetime import date

import pytest

from lscbook import corpus
from lscbook.errors import CorpusInvalid, HarvestIncomplete, PubMedUnavailable
from lscbook.harvest import resolving, updating, whole_run
from lscbook.harvest.updating import Difference
from tests.harvest_place import DAY


def test_news_survive_the_second_harvest_of_a_day_and_a_look_up_that_fails(place, monkeypatch):
    place.run()
    place.sql("DELETE FROM article WHERE pmid > 138")
    assert json.loads((place.places.changes / f"{DAY}.json").read_text())["new"][:2] == ["101", "102"]
    later = date(2026, 11, 26)
    monkeypatch.setattr(updating, "update", lambda *_a, **_k: Difference(new=["11", "13"], changed=["7"]))
    place.run(today=later)
    monkeypatch.setattr(updating, "update", lambda *_a, **_k: Difference(new=["12"], changed=["7", "11"]))
    monkeypatch.setattr(resolving, "find", lambda *_: (_ for _ in ()).throw(PubMedUnavailable("gone")))
    with pytest.raises(PubMedUnavailable):
        place.run(today=later)
    told = Difference.read(place.places.changes / f"{later}.json")
    assert (told.new, told.changed) == (["11", "12", "13"], ["7"])


def test_news_of_a_run_that_died_after_it_wrote_are_told_by_the_next(place, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(whole_run, "tell_news", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            place.run()
    assert len(place.known.records) == 40
    assert not list(place.places.changes.glob("*")) if place.places.changes.exists() else True
    place.run(today=date(2026, 11, 25))
    told = Difference.read(place.places.changes / "2026-11-25.json")
    assert told.new == [str(n) for n in range(101, 141)]
    place.run(today=date(2026, 11, 26))
    assert not (place.places.changes / "2026-11-26.json").exists()


def test_news_that_were_never_written_are_not_told(place, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(corpus, "write", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            place.run()
    place.forget("pmid = 140")
    with pytest.raises(HarvestIncomplete, match="changed meanwhile"):  # the plan of the run that died
        place.run()
    place.run()
    assert "140" not in Difference.read(place.places.changes / f"{DAY}.json").new


def test_a_file_of_news_that_cannot_be_read_is_told(place, tmp_path):
    place.places.cache.mkdir()
    (place.places.cache / "untold-news.json").write_text("[")
    place.run()
    assert any("is forgotten" in line for line in place.told)
    for text in ("[]", '{"new": "101"}', '{"new": [1]}', "", "{"):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(CorpusInvalid, match=r"x\.json"):
            Difference.read(tmp_path / "x.json")


def test_what_comes_and_goes_in_a_day_is_no_news():
    first = Difference(new=["1", "2"], withdrawn=["8", "9"], changed=["5"])
    then = Difference(new=["8"], withdrawn=["2", "5"], changed=["1"])
    both = then.after(first)
    assert (both.new, both.withdrawn, both.changed) == (["1"], ["5", "9"], ["8"])


def test_two_harvests_of_a_day_are_told_in_order_of_number():
    names = ("new", "changed", "withdrawn", "gone")
    for name in names:
        both = Difference(**{name: ["100", "9"]}).after(Difference(**{name: ["20"]}))
        assert getattr(both, name) == ["9", "20", "100"]
