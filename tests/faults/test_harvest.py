"""Fault matrix: the finished corpus equals the fault-free one byte for byte, or the run ended
non-zero, named the fault, and the old corpus is intact."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import time

import pytest

from lscbook import corpus
from lscbook.harvest import slices
from lscbook.pubmed import client

pytestmark = pytest.mark.slow

PASSING = [
    ("429", {}), ("429", {"retry_after": 1}), ("500", {}), ("502", {}), ("503", {"retry_after": 1}), ("504", {}),
    ("reset", {}), ("truncated", {}), ("html", {}), ("plain", {}), ("empty", {}), ("wrong type", {}), ("fewer", {}),
    ("repeated", {}), ("reordered", {}), ("foreign", {}), ("drip", {}), ("hang", {"seconds": 4}), ("expired", {}),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "more"), PASSING, ids=[f"{f}-{m}" for f, m in PASSING])
def test_a_fault_that_passes_leaves_no_trace(place, double, whole, fault, more):
    double.fault(fault, on="efetch", times=2, **more)
    done = place.run()
    assert done.returncode == 0, done.stderr
    assert place.files() == whole


@pytest.mark.parametrize("fault", ["429", "500", "reset", "html", "plain", "empty", "backend", "truncated"])
def test_the_same_in_the_search(place, double, whole, fault):
    double.fault(fault, on="esearch", times=2)
    done = place.run()
    assert done.returncode == 0, done.stderr
    assert place.files() == whole


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("500", "PubMedUnavailable"),
        ("html", "PubMedMalformed"),
        ("truncated", "PubMedMalformed"),
        ("empty", "PubMedMalformed"),
    ],
)
def test_a_fault_that_stays_ends_the_run_and_spares_the_old_corpus(place, double, whole, fault, named):
    other = place.folder / "other.yaml"
    other.write_text((place.corpus / "query.yaml").read_text().replace("OR marrow[tiab]", ""))
    assert place.run("--query", str(other)).returncode == 0
    before = place.files()
    assert before
    double.fault(fault, on="efetch", times=500)
    done = place.run("--deadline", "3")
    assert done.returncode == 1
    assert named in done.stderr
    assert place.files() == before


def test_counts_and_slices_are_in_the_manifest(whole):
    manifest = json.loads(whole["manifest.json"])
    assert manifest["complete"] is True
    assert len(manifest["slices"]) > 1
    assert all(s["expected"] == s["stored"] < 80 for s in manifest["slices"])
    assert sum(s["stored"] for s in manifest["slices"]) == len(manifest["in_query"])


def test_a_record_that_is_listed_and_not_given_is_named(place, double):
    import sqlite3

    with sqlite3.connect(double.index) as base:
        pmid = base.execute("SELECT max(rowid) FROM words WHERE words MATCH 'tiab : leukemia'").fetchone()[0]
        base.execute("UPDATE article SET xml = ? WHERE pmid = ?", (__import__("zlib").compress(b""), pmid))
    done = place.run()
    assert done.returncode == 1
    assert "HarvestIncomplete" in done.stderr
    assert str(pmid) in done.stderr
    assert place.files() == {}


def test_counts_that_change_between_search_and_fetch(place, double, whole):
    # a plan of a run that was stopped, and a record less since
    import sqlite3

    assert place.run("--max-minutes", "0", "--batch", "20").returncode == 1
    with sqlite3.connect(double.index) as base:
        pmid = base.execute("SELECT max(rowid) FROM words WHERE words MATCH 'tiab : leukemia'").fetchone()[0]
        base.execute("DELETE FROM words WHERE rowid = ?", (pmid,))
    done = place.run()
    assert done.returncode == 1
    assert "it changed meanwhile" in done.stderr
    assert place.files() == {}
    assert place.run().returncode == 0
    manifest = json.loads(place.files()["manifest.json"])
    assert len(manifest["in_query"]) == len(json.loads(whole["manifest.json"])["in_query"]) - 1
    assert len(double.fetched) == len(set(double.fetched))


def test_a_run_that_is_resumed_after_midnight_keeps_its_plan_and_holds_up_no_other(place, double, whole):
    import sqlite3
    import zlib

    assert place.run("--max-minutes", "0", "--batch", "20", today="2026-11-24").returncode == 1
    searched = double.asked["esearch"]
    resumed = place.run("--batch", "50", today="2026-11-25")
    assert resumed.returncode == 0, resumed.stderr
    assert double.asked["esearch"] == searched + 1  # the plan is not made again, only proved
    assert len(double.fetched) == len(set(double.fetched))
    assert place.files() == whole  # as of the day on which it began
    with sqlite3.connect(double.index) as base:  # a record is added on the second day
        pmid, xml = base.execute("SELECT pmid, xml FROM article JOIN words ON pmid = words.rowid "
                                 "WHERE words MATCH 'tiab : marrow' LIMIT 1").fetchone()  # fmt: skip
        xml = zlib.decompress(xml).replace(f">{pmid}</PMID>".encode(), b">99999999</PMID>", 1)
        base.execute("INSERT INTO article SELECT 99999999, ?, dp, '2026/11/25', edat, mdat, title, doi FROM article "
                     "WHERE pmid = ?", (zlib.compress(xml), pmid))  # fmt: skip
        base.execute("INSERT INTO words (rowid, ti, tiab, mh, pt, au, la) "
                     "SELECT 99999999, ti, tiab, mh, pt, au, la FROM words WHERE rowid = ?", (pmid,))  # fmt: skip
    following = place.run("--json", today="2026-11-25")
    assert following.returncode == 0, following.stderr
    told = json.loads(following.stdout)
    assert (told["as_of"], told["difference"]["new"]) == ("2026-11-25", ["99999999"])


def test_a_plan_of_last_month_is_made_anew(place, double, whole):
    assert place.run("--max-minutes", "0", "--batch", "20", today="2026-10-20").returncode == 1
    assert place.run().returncode == 0
    assert place.files() == whole


@pytest.mark.parametrize(("fault", "begins"), [("html", b"<html>"), ("truncated", b"<?xml"), ("foreign", b"<?xml")])
def test_a_body_that_was_not_asked_for_is_kept_for_a_person_to_look_at(place, double, whole, fault, begins):
    double.fault(fault, on="efetch")
    assert place.run().returncode == 0
    (body,) = (place.cache / "quarantine").glob("*.body")
    assert body.read_bytes().startswith(begins)
    said = body.with_suffix(".txt").read_text()
    assert "efetch" in said
    assert "a@example.org" not in said
    assert place.files() == whole


@pytest.mark.parametrize("kind", ["refused", "black hole"])
def test_no_service(place, kind):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if kind == "refused":
            server.close()
        done = place.run("--timeout", "1", "--deadline", "3", base=f"http://127.0.0.1:{port}/")
    assert done.returncode == 1
    assert "PubMedUnavailable" in done.stderr


def test_a_second_run_fetches_nothing_and_changes_no_byte(place, double, whole):
    assert place.run().returncode == 0
    fetched = len(double.fetched)
    done = place.run(today="2026-11-25")
    assert done.returncode == 0, done.stderr
    assert len(double.fetched) == fetched
    assert place.files() == whole


def test_new_changed_and_withdrawn_are_told(place, double):
    import sqlite3
    import zlib

    with sqlite3.connect(double.index) as base:
        rows = base.execute("SELECT rowid FROM words WHERE words MATCH 'tiab : leukemia' ORDER BY rowid").fetchall()
        hidden, changed, gone = rows[0][0], rows[1][0], rows[2][0]
        kept = base.execute("SELECT ti, tiab, mh, pt, au, la FROM words WHERE rowid = ?", (hidden,)).fetchone()
        base.execute("DELETE FROM words WHERE rowid = ?", (hidden,))
    assert place.run().returncode == 0
    with sqlite3.connect(double.index) as base:
        base.execute(
            "INSERT INTO words (rowid, ti, tiab, mh, pt, au, la) VALUES (?, ?, ?, ?, ?, ?, ?)", (hidden, *kept)
        )
        base.execute("DELETE FROM words WHERE rowid = ?", (gone,))
        xml = zlib.decompress(base.execute("SELECT xml FROM article WHERE pmid = ?", (changed,)).fetchone()[0])
        notice = (b"<CommentsCorrectionsList><CommentsCorrections RefType='RetractionIn'><RefSource>X</RefSource><PMID>1</PMID>"
                  b"</CommentsCorrections></CommentsCorrectionsList></MedlineCitation>")  # fmt: skip
        xml = xml.replace(b"</MedlineCitation>", notice)
        base.execute("UPDATE article SET xml = ?, mdat = '2026/11/24' WHERE pmid = ?", (zlib.compress(xml), changed))
    fetched = len(double.fetched)
    done = place.run("--json", today="2026-11-25")
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)
    told = {"new": [str(hidden)], "changed": [str(changed)], "withdrawn": [str(gone)], "gone": [], "resolved": {}}
    assert manifest.pop("difference") == told
    assert manifest == json.loads((place.corpus / "manifest.json").read_text())
    assert manifest["complete"] is True
    assert len(double.fetched) - fetched == 2


def test_a_curated_paper_is_brought_and_kept_whatever_the_query_finds(place, double):
    import sqlite3
    import zlib

    query = place.corpus / "query.yaml"
    query.write_text(query.read_text().replace("OR marrow[tiab]", ""))
    with sqlite3.connect(double.index) as base:
        found = "SELECT rowid FROM words WHERE words MATCH "
        (pmid,) = base.execute(f"{found} 'tiab : marrow' EXCEPT {found} 'tiab : leuk*' LIMIT 1").fetchone()
    entries = place.folder / "evidence"
    entries.mkdir()
    (entries / "a.yaml").write_text(
        f"pmid: {pmid}\nread: abstract\nadded: 2026-11-24\nfindings:\n  - {{id: 1, theme: target, claim: Tried., direction: "
        "supports, directness: direct, diseases: [AML], study: mouse, level: D, target: BCL2, aspect: safety, "
        "stage: dependency, support: {full_text: page 1}}\n"
    )
    assert place.run("--evidence", str(entries)).returncode == 0
    known = corpus.read(place.corpus)
    assert str(pmid) in known.records
    assert str(pmid) not in known.manifest["in_query"]
    before = place.files()
    with sqlite3.connect(double.index) as base:
        base.execute("UPDATE article SET xml = ? WHERE pmid = ?", (zlib.compress(b""), pmid))
    done = place.run("--evidence", str(entries), today="2026-11-25")
    assert done.returncode == 0, done.stderr
    assert f"gone: 1 ({pmid})" in done.stdout
    assert corpus.read(place.corpus).records[str(pmid)] == known.records[str(pmid)]
    assert {n: b for n, b in place.files().items() if n != "manifest.json"} == {
        n: b for n, b in before.items() if n != "manifest.json"
    }


def test_two_harvests_at_once(place, double, whole):
    double.fault("hang", on="efetch", times=1, seconds=2)
    first = subprocess.Popen(place.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while double.asked["esearch"] < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    second = place.run()
    first.communicate(timeout=60)
    assert second.returncode == 1
    assert "another harvest is at work" in second.stderr
    assert first.returncode == 0
    assert place.files() == whole


def test_a_full_disk(place, whole):
    limited = ["prlimit", "--fsize=20000", *place.command()]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert place.files() == {}
    assert place.run().returncode == 0
    assert place.files() == whole


def test_a_read_only_directory(place):
    place.corpus.chmod(0o500)
    # root writes everywhere, so root puts its own privilege away for the run
    plain = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]
    done = subprocess.run(
        [*(plain if os.geteuid() == 0 else []), *place.command()],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    place.corpus.chmod(0o700)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert "the corpus is as it was" in done.stderr
    assert place.files() == {}


def test_kill_9_at_50_random_moments(place, double, whole):
    chance = random.Random(20261124)
    killed = 0
    for _ in range(200):
        process = subprocess.Popen(place.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(0.4, 1.6))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        corpus.read(place.corpus)  # any reader finishes what lies ready
        assert place.files() in ({}, whole)
        if killed == 50:
            break
        if place.files() or chance.random() < 0.1:  # start anew, so that every stage is hit
            shutil.rmtree(place.corpus / "records", ignore_errors=True)
            (place.corpus / "manifest.json").unlink(missing_ok=True)
            shutil.rmtree(place.cache, ignore_errors=True)
    assert killed == 50
    done = place.run()
    assert done.returncode == 0, done.stderr
    assert place.files() == whole


def test_interrupt_leaves_nothing_half_written(place, double, whole):
    double.fault("hang", on="efetch", times=1, seconds=3)
    # a shell lets what it starts in the background ignore SIGINT; this process must not inherit that
    command = ["env", "--default-signal=INT", *place.command()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while not double.asked["efetch"] and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in said
    assert place.files() == {}
    assert place.run().returncode == 0
    assert place.files() == whole


def test_a_time_limit_ends_the_run_and_the_next_goes_on(place, double, whole):
    done = place.run("--max-minutes", "0", "--batch", "20")
    assert done.returncode == 1
    assert "run it again" in done.stderr
    assert place.files() == {}
    assert 20 <= len(double.fetched) <= 20 * (slices.FETCHERS + 1)
    assert place.run("--batch", "50").returncode == 0
    assert place.files() == whole
    assert len(double.fetched) == len(set(double.fetched))


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        (["--email", "nobody"], 3, "not an email"),
        (["--query", "no-such-file"], 3, "no such file"),
        (["--cap", "x"], 2, "invalid"),
    ],
)
def test_wrong_use_and_refused_input(place, change, code, named):
    done = place.run(*change)
    assert done.returncode == code
    assert named in done.stderr


@pytest.mark.parametrize("field", ["crdt", "mdat"])
def test_a_window_in_the_term_is_what_the_double_takes_as_parameters(double, field):
    service = client.Client("a@example.org", double.address, rate=1000)
    inside = service.search("marrow[tiab] OR leuk*[tiab]", retmax=500, window=(field, "1970/01/01", "2019/01/01"))
    named = {"term": "marrow[tiab] OR leuk*[tiab]", "retmode": "json", "retmax": 500, "datetype": field,
             "mindate": "1970/01/01", "maxdate": "2019/01/01"}  # fmt: skip
    assert inside["idlist"] == service.call("esearch", named, json.loads)["esearchresult"]["idlist"]
    assert 0 < inside["count"] < service.search("marrow[tiab] OR leuk*[tiab]")["count"]
