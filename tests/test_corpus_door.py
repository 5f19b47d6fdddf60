"""One door to the corpus: writers one after the other, readers that take nothing away, files that are what was written."""

import json
import multiprocessing
import threading
import time

import pytest

from lscbook import corpus, vocabulary
from lscbook.corpus import abstracts, store
from lscbook.errors import CacheUnusable, CorpusBusy, CorpusInvalid
from lscbook.evidence import check, drafting
from lscbook.pubmed.record import Record
from lscbook.vocabulary.annotate import Annotator

DAY = {"as_of": "2026-01-01"}
LINE = {"doi": "10.1000/x", "title": "T", "journal": "J", "year": 2020, "abstract": "First.\u2028Second."}


def records(*numbers):
    return {str(n): Record(str(n), "A", date=str(1990 + n % 30)) for n in numbers}


def test_a_reader_takes_nothing_away_from_a_writer_at_work(tmp_path, monkeypatch):
    corpus.write(tmp_path, records(1), DAY)
    real, seen = store.write_whole, []

    def slow(path, text):
        real(path, text)
        if path.parent.name == ".staging" and not seen:
            seen.append(len(corpus.read(tmp_path).records))  # as `make check` beside `make harvest`

    monkeypatch.setattr(store, "write_whole", slow)
    corpus.write(tmp_path, records(*range(1, 9)), DAY)
    assert seen == [1]
    assert len(corpus.read(tmp_path).records) == 8


def _add(folder, numbers):
    for number in numbers:
        with corpus.locked(folder):
            known = corpus.read(folder)
            corpus.write(folder, {**known.records, **records(number)}, DAY)


def test_two_writers_lose_nothing_of_each_other(tmp_path):
    corpus.write(tmp_path, {}, DAY)
    halves = [range(1, 11), range(11, 21)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(_add, [(tmp_path, list(half)) for half in halves])
    assert len(corpus.read(tmp_path).records) == 20


def test_readers_beside_a_writer_see_whole_snapshots(tmp_path):
    corpus.write(tmp_path, records(*range(1, 31)), DAY)
    sizes, faults, done = set(), [], threading.Event()

    def read():
        while not done.is_set():
            try:
                sizes.add(len(corpus.read(tmp_path).records))
            except Exception as error:  # noqa: BLE001  told below
                faults.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for size in (60, 30, 60, 30, 60):
        corpus.write(tmp_path, records(*range(1, size + 1)), DAY)
    done.set()
    reader.join()
    assert faults == []
    assert sizes <= {30, 60}


def test_a_corpus_that_stays_locked_says_so(tmp_path):
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_hold, args=(tmp_path, marker := tmp_path / "held"))
    process.start()
    while not marker.exists():
        time.sleep(0.02)
    with pytest.raises(CorpusBusy, match="wait for it"), corpus.locked(tmp_path, wait=0.1):
        pass
    process.kill()
    process.join()


def _hold(folder, marker):
    with corpus.locked(folder):
        marker.write_text("")
        threading.Event().wait(60)


def test_what_a_dead_writer_laid_ready_is_put_in_place(tmp_path, monkeypatch):
    corpus.write(tmp_path, records(1), DAY)

    def die(folder):
        if (folder / ".staging" / "READY").exists():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "_recover", die)
        with pytest.raises(KeyboardInterrupt):
            corpus.write(tmp_path, records(1, 2), DAY)
    assert len(corpus.read(tmp_path).records) == 2
    assert not (tmp_path / ".staging").exists()


def test_what_a_dead_writer_had_not_finished_is_forgotten(tmp_path):
    corpus.write(tmp_path, records(1), DAY)
    (tmp_path / ".staging").mkdir()
    (tmp_path / ".staging" / "0").write_text("half")
    assert len(corpus.read(tmp_path).records) == 1
    corpus.write(tmp_path, records(1, 2), DAY)
    assert not (tmp_path / ".staging").exists()


def test_make_new_undoes_no_harvest(tmp_path, monkeypatch):
    monkeypatch.setattr(abstracts, "keep", lambda *_: None)
    corpus.write(tmp_path, records(1), DAY)
    known = corpus.read(tmp_path)
    corpus.write(tmp_path, records(1, 2), {"as_of": "2026-01-02"})
    drafting.keep(Record("3", "new", date="2020"), known, tmp_path, Annotator(vocabulary.load()))
    now = corpus.read(tmp_path)
    assert sorted(now.records) == ["1", "2", "3"]
    assert now.as_of == "2026-01-02"


def test_a_line_separator_is_no_end_of_line(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(LINE, ensure_ascii=False) + "\n", encoding="utf-8")
    (record,) = corpus.iterate_list(file)
    corpus.write(tmp_path / "c", {record.key: Record("", "T", "J\u2028of tests", doi=record.doi)}, DAY)
    assert corpus.read(tmp_path / "c").records[record.key].journal == "J\u2028of tests"


@pytest.mark.parametrize(
    "change",
    [lambda b: b.replace(b"\n", b"\r\n"), lambda b: b.replace(b'"A"', b'"B"'), lambda b: b + b"\n",
     lambda b: b"", lambda b: b.split(b"\n", 1)[1]],
    ids=["CRLF", "a title", "a line more", "emptied", "a record less"],
)  # fmt: skip
def test_a_shard_that_was_edited_is_a_stranger(tmp_path, change):
    corpus.write(tmp_path, records(1, 31), DAY)
    assert corpus.strangers(corpus.read(tmp_path), tmp_path) == []
    shard = tmp_path / "records" / "1991.jsonl"
    shard.write_bytes(change(shard.read_bytes()))
    (told,) = corpus.strangers(corpus.read(tmp_path), tmp_path)
    assert told.endswith("1991.jsonl")


@pytest.mark.parametrize(
    ("name", "body"),
    [("records/1991.jsonl", b'{"pmid": "1", "title": "caf\xe9"}\n'), ("records/1991.jsonl", b'{"pmid": 1, "title": "T"}\n'),
     ("records/1991.jsonl", b'["1"]\n'), ("manifest.json", b'{"as_of": "20'), ("manifest.json", b"[]"), ("manifest.json", b"\xff"),
     ("manifest.json", b'{"as_of": "yesterday"}'), ("manifest.json", b'{"as_of": "20260101"}'), ("manifest.json", b'{"as_of": 7}'),
     ("manifest.json", b'{"in_query": ["x"]}'), ("manifest.json", b'{"in_query": 5}'), ("manifest.json", b'{"shards": {"a": 1}}')],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, body):
    corpus.write(tmp_path, records(1), DAY)
    (tmp_path / name).write_bytes(body)
    with pytest.raises(CorpusInvalid, match=name.rpartition("/")[2]):
        corpus.read(tmp_path)


@pytest.mark.parametrize("year", ["20/../../x", "../x", "x", "999", "²⁰²⁰"])
def test_no_date_names_a_file_outside(tmp_path, year):
    corpus.write(tmp_path / "c", {"1": Record("1", "A", date=year)}, DAY)
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.jsonl")] == ["c/records/undated.jsonl"]
    assert corpus.read(tmp_path / "c").records


def test_a_broken_cache_is_told_and_begun_anew(tmp_path, capsys):
    file = tmp_path / "abstracts.sqlite"
    file.write_bytes(b"no database at all, and rather long so that it is read as one" * 20)
    assert abstracts.get("1", file) == ""
    abstracts.keep([Record("1", "A", text="A text.")], file)
    assert abstracts.get("1", file) == "A text."
    assert "begun anew" in capsys.readouterr().err
    assert file.with_suffix(".broken").exists()


def test_a_locked_cache_is_a_typed_error(tmp_path, monkeypatch):
    import sqlite3

    monkeypatch.setattr(abstracts, "_WAIT", 0.05)
    file = tmp_path / "abstracts.sqlite"
    abstracts.keep([Record("1", "A", text="A text.")], file)
    with sqlite3.connect(file) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CacheUnusable, match="locked"):
            abstracts.keep([Record("2", "A", text="A text.")], file)


def test_check_tells_a_shard_that_was_edited(tmp_path):
    corpus.write(tmp_path, records(1), DAY)
    shard = tmp_path / "records" / "1991.jsonl"
    shard.write_bytes(shard.read_bytes().replace(b'"A"', b'"B"'))
    (problem,) = check.edited(corpus.read(tmp_path), tmp_path)
    assert "1991.jsonl:1:" in str(problem)
    assert "git checkout" in problem.remedy


def test_a_reader_that_finds_a_shard_gone_reads_again(tmp_path, monkeypatch):
    """Between the list of shards and their reading a writer takes one away, whose last record it moved."""
    corpus.write(tmp_path, records(1, 2), DAY)
    real, done = store.Path.read_bytes, []

    def read(path):
        if path.name == "1992.jsonl" and not done:
            done.append(path)
            corpus.write(tmp_path, records(1, 3), DAY)
        return real(path)

    monkeypatch.setattr(store.Path, "read_bytes", read)
    assert set(corpus.read(tmp_path).records) == {"1", "3"}
    assert done


def test_a_mark_that_cannot_be_read_is_told(tmp_path):
    corpus.write(tmp_path, records(1), DAY)
    (tmp_path / ".staging").mkdir()
    for text in ("", "[]", '{"files": 7}'):
        (tmp_path / ".staging" / "READY").write_text(text)
        with pytest.raises(CorpusInvalid, match="remove "):
            corpus.read(tmp_path)


def test_a_cache_that_breaks_behind_its_first_page_is_told_and_begun_anew(tmp_path, capsys):
    file = tmp_path / "abstracts.sqlite"
    abstracts.keep([Record(str(n), "A", text=f"Text {n}. " * 500) for n in range(1, 60)], file)
    body = bytearray(file.read_bytes())
    body[4096:] = b"\xa5" * (len(body) - 4096)
    file.write_bytes(body)
    assert abstracts.get_all(map(str, range(1, 60)), file) == {}
    abstracts.keep([Record("1", "A", text="A text.")], file)
    assert abstracts.get("1", file) == "A text."
    assert "begun anew" in capsys.readouterr().err


@pytest.mark.parametrize(
    "form",
    ["CREATE TABLE abstract (pmid TEXT, text TEXT)", "CREATE TABLE abstract (key TEXT PRIMARY KEY, text TEXT, at TEXT)",
     "CREATE TABLE abstract (key TEXT, text TEXT)"],
)  # fmt: skip
def test_a_cache_of_another_form_is_told_and_begun_anew(tmp_path, capsys, form):
    import sqlite3

    file = tmp_path / "abstracts.sqlite"
    with sqlite3.connect(file) as base:
        base.execute(form)
    file.with_name(file.name + "-journal").write_bytes(b"")
    abstracts.keep([Record("1", "A", text="A text.")], file)
    abstracts.keep([Record("1", "A", text="Another.")], file)
    assert abstracts.get("1", file) == "Another."
    assert "another form" in capsys.readouterr().err


def test_a_full_disk_inside_the_cache_is_a_typed_error(tmp_path, monkeypatch):
    import sqlite3

    file = tmp_path / "abstracts.sqlite"
    abstracts.keep([Record("1", "A", text="A text.")], file)
    real = sqlite3.connect

    def small(*given, **named):
        base = real(*given, **named)
        base.execute("PRAGMA max_page_count = 3")  # sqlite says of it what it says of a full disk
        return base

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(CacheUnusable, match="full"):
        abstracts.keep([Record(str(n), "A", text="A text. " * 999) for n in range(9)], file)
    monkeypatch.undo()
    assert abstracts.get("1", file) == "A text."
