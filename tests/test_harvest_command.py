"""What a person types and reads: verbs, lines, exit codes, and what is said of the corpus when a run ends early."""

import json
import re

import pytest

from lscbook import corpus
from lscbook.evidence import store
from lscbook.harvest import command, resolving
from lscbook.harvest.difference import Difference
from lscbook.pubmed import client
from tests.entries import entry
from tests.harvest_place import TERM, Place, spoil
from tests.records import article, zipped

QUERY = f"""
blocks: {{disease: {{purpose: all, search: "{TERM}"}}}}
themes: {{all: {{purpose: all of it, search: "{TERM}"}}}}
query: "#disease"
mesh_narrower: {{}}
"""


@pytest.fixture
def place(tmp_path, forty):
    here = Place(tmp_path, forty)
    (here.places.corpus / "query.yaml").write_text(QUERY)
    yield here
    here.close()


def run(place, *more, verb="run", today="2026-11-24", address=None):
    given = [verb, "--out", str(place.places.corpus), "--email", "a@example.org", "--cache", str(place.places.cache),
             "--base-url", address or place.double.address, "--crossref-url", place.crossref.address, "--today", today,
             "--cap", "25", "--batch", "10", "--rate", "1000", "--evidence", str(place.places.evidence),
             "--book", str(place.places.book), "--changes", str(place.places.changes)]  # fmt: skip
    return command.main([*given, *more])


def files(place):
    return {p: p.read_bytes() for p in place.places.corpus.rglob("*.json*")}


def test_before_the_first_harvest_status_says_how_to_make_one(tmp_path, capsys):
    assert command.main(["status", "--out", str(tmp_path)]) == 0
    assert "make harvest EMAIL=" in capsys.readouterr().out
    assert command.main(["status", "--out", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {}
    corpus.write(tmp_path, {}, {"as_of": ""})  # a manifest that says nothing
    assert command.main(["status", "--out", str(tmp_path)]) == 0


def test_plan_run_and_status_tell_the_same(place, capsys):
    assert run(place, verb="plan") == 0
    planned = capsys.readouterr().out
    assert re.search(r"^ +40  records in \d slices$", planned, flags=re.MULTILINE)
    assert re.search(r"about \d+ requests, [\d.]+ minutes", planned)
    assert run(place, "--json", verb="plan") == 0
    assert json.loads(capsys.readouterr().out)["records"] == 40
    assert run(place) == 0
    assert capsys.readouterr().out.startswith("new: 40 (101, 102,")
    assert run(place, "--json", today="2026-11-25") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["difference"]["new"] == []
    assert command.main(["status", "--out", str(place.places.corpus)]) == 0
    said = capsys.readouterr().out
    assert "complete: True" in said
    assert "records: 40" in said


def test_what_pubmed_ignored_is_told_in_plan_and_run_and_kept(place, capsys):
    (place.places.corpus / "query.yaml").write_text(
        QUERY.replace('query: "#disease"', 'query: "#disease OR leukozyten[tiab]"')
    )
    assert run(place, verb="plan") == 0
    assert "phrasesnotfound: leukozyten" in capsys.readouterr().err
    assert run(place) == 0
    assert "phrasesnotfound: leukozyten" in capsys.readouterr().err
    assert any("leukozyten" in line for line in place.known.manifest["complaints"])


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--email", "@"], 3, "not an email address"),
        (["--email", "a b@c"], 3, "not an email address"),
        (["--email", "a@example.org\n"], 3, "not an email address"),
        (["--query", "nowhere.yaml"], 3, "no such file"),
        (["--since", "2099-01-01"], 3, "after today"),
        (["--base-url", "eutils.example"], 1, "https://"),
    ],
)
def test_wrong_input_is_said_and_changes_nothing(place, capsys, more, code, said):
    assert run(place, *more) == code
    assert said in capsys.readouterr().err
    assert files(place) == {}


def test_a_day_is_written_in_one_way(place, capsys):
    with pytest.raises(SystemExit) as ended:
        run(place, "--since", "2026/01/01")
    assert ended.value.code == 2
    assert "write YYYY-MM-DD" in capsys.readouterr().err


def test_a_refusal_has_an_exit_code_of_its_own(place, capsys):
    assert run(place) == 0
    before = files(place)
    place.forget("pmid > 120")
    assert run(place, today="2026-11-25") == 3
    assert "--allow-withdrawals" in capsys.readouterr().err
    assert run(place, today="2026-11-23") == 3
    assert "mend the clock" in capsys.readouterr().err
    assert files(place) == before
    assert run(place, "--allow-withdrawals", today="2026-11-25") == 0


def stop(*_given, **_named):
    raise KeyboardInterrupt


def test_what_is_said_after_an_interruption_is_true(place, capsys, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(client.Client, "fetch", stop)
        assert run(place) == 130
    assert "the corpus is as it was" in capsys.readouterr().err
    assert files(place) == {}
    with monkeypatch.context() as patch:
        patch.setattr(resolving, "find", stop)
        assert run(place) == 130
    assert "the corpus is written, run it again for what follows it" in capsys.readouterr().err
    assert len(place.known.records) == 40
    with monkeypatch.context() as patch:
        patch.setattr(resolving, "find", stop)
        assert run(place, today="2026-11-25") == 130  # nothing was new, and nothing was written
    assert "the corpus is as it was" in capsys.readouterr().err


def test_an_interruption_while_files_are_put_in_place_is_finished_before_it_is_told(place, capsys, monkeypatch):
    real, calls = corpus.store.Path.replace, []

    def replace(path, target):
        if path.parent.name == ".staging" and path.name.isdigit() and not calls:
            calls.append(path)
            raise KeyboardInterrupt
        return real(path, target)

    monkeypatch.setattr(corpus.store.Path, "replace", replace)
    done = run(place)
    assert (done, len(calls)) == (130, 1)
    assert "the corpus is written" in capsys.readouterr().err
    assert len(place.known.records) == 40
    assert run(place, today="2026-11-25") == 0
    assert Difference.read(place.places.changes / "2026-11-25.json").new == [str(n) for n in range(101, 141)]


def test_a_disk_that_is_full_is_told_with_the_state_of_the_corpus(place, capsys, monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(corpus.store, "write_whole", full)
    assert run(place) == 1
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "the corpus is as it was" in said


def test_a_cache_of_crossref_that_is_locked_is_no_traceback(place, capsys, monkeypatch):
    import sqlite3

    def locked(*_given):
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(resolving, "complete", locked)
    assert run(place) == 1
    assert "database is locked; the corpus is written" in capsys.readouterr().err


def test_a_time_limit_is_told_and_the_next_run_goes_on(place, capsys):
    assert run(place, "--max-minutes", "0") == 1
    assert "run it again" in capsys.readouterr().err
    assert run(place) == 0
    assert len(place.double.fetched) == len(set(place.double.fetched)) == 40


def test_import_keeps_what_is_curated_and_names_what_it_leaves_out(place, tmp_path, capsys):
    given = [
        "import",
        "--out",
        str(place.places.corpus),
        "--evidence",
        str(place.places.evidence),
        "--as-of",
        "2026-11-24",
    ]
    (place.places.evidence / "a.yaml").write_text(entry(1))
    bare = "<PubmedArticle><MedlineCitation><PMID>9</PMID></MedlineCitation></PubmedArticle>"
    gone = "<DeleteCitation><PMID>1</PMID><PMID>2</PMID></DeleteCitation>"
    title = {"title": "Leukemia"}
    first = zipped(tmp_path / "1.xml.gz", article("1", **title), article("2", **title), article("3", **title), bare)
    assert command.main([*given, str(first)]) == 0
    assert "PMID 9" in capsys.readouterr().out
    assert command.main([*given, str(zipped(tmp_path / "2.xml.gz", gone))]) == 0
    assert "gone: PMID 1" in capsys.readouterr().out
    assert set(place.known.records) == {"1", "3"}
    (tmp_path / "b.xml").write_text("<html/>")
    assert command.main([*given, str(tmp_path / "b.xml")]) == 3
    assert command.main([*given, str(tmp_path / "nothing.xml")]) == 3
    assert command.main([*given[:-1], "2026-11-23", str(first)]) == 3


def test_a_retraction_reaches_the_news_and_the_entry_stays(place, capsys):
    place.entry(105)
    assert run(place) == 0
    notice = (b"<CommentsCorrectionsList><CommentsCorrections RefType='RetractionIn'><RefSource>X</RefSource><PMID>1</PMID>"
              b"</CommentsCorrections></CommentsCorrectionsList></MedlineCitation>")  # fmt: skip
    spoil(place, 105, lambda xml: xml.replace(b"</MedlineCitation>", notice))
    place.sql("UPDATE article SET mdat = '2020/01/02'")
    place.sql("UPDATE article SET mdat = '2026/11/25' WHERE pmid = 105")
    capsys.readouterr()
    assert run(place, today="2026-11-25") == 0
    assert "changed: 1 (105)" in capsys.readouterr().out
    assert [n.type for n in place.known.records["105"].standing] == ["RetractionIn"]
    assert store.keys(place.places.evidence) == {"105"}


def test_two_harvests_in_one_cache_are_one_too_many(place, capsys):
    import filelock

    place.places.cache.mkdir()
    with filelock.FileLock(place.places.cache / "harvest.lock"):
        assert run(place) == 1
    assert "another harvest is at work" in capsys.readouterr().err


def test_a_bar_says_now_and_then_how_far_it_is(capsys):
    tell = command._bar()
    for done in range(0, 10_001, 200):
        tell(done, 10_000)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "10000 of 10000 records"
    assert len(lines) < 10
