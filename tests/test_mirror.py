import functools
import gzip
import hashlib
import itertools
import json
import random
import signal
import subprocess
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
from lxml import etree

from lscbook import corpus, paths
from lscbook.errors import PubMedMalformed, PubMedUnavailable
from lscbook.harvest import mirror
from lscbook.pubmed import baseline
from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.pubmed.patience import Patience
from tests.eutils_double import index
from tests.records import article, zipped
from tests.scripted_server import script
from tests.test_corpus import QUERY


@pytest.fixture
def query_file(tmp_path):
    file = tmp_path / "query.yaml"
    file.write_text(QUERY)
    return file


def test_a_file_gives_what_the_rule_keeps_and_is_not_read_twice(tmp_path, query_file):
    out = tmp_path / "out"
    out.mkdir()
    deleted = "<DeleteCitation><PMID>9</PMID></DeleteCitation>"
    file = zipped(tmp_path / "pubmed26n0001.xml.gz", article("1"), article("2", title="Limbal"), deleted)
    assert mirror.filter_file(file, out, query_file) == mirror.Filtered(file.name, 2, 2, reused=False)
    kept = list(parse_path(mirror.target_of(file.name, out, query_file)))
    assert [r.pmid for r in kept] == ["1", "9"]
    assert isinstance(kept[1], Deletion)
    assert mirror.filter_file(file, out, query_file).reused


def test_a_broken_file_is_named_and_leaves_nothing(tmp_path, query_file):
    file = zipped(tmp_path / "a.xml.gz", article("1"))
    file.write_bytes(file.read_bytes()[:-15])
    with pytest.raises(PubMedMalformed, match=r"a\.xml\.gz"):
        mirror.filter_file(file, tmp_path, query_file)
    assert list(tmp_path.rglob("*.kept*")) == []


class Server(ThreadingHTTPServer):
    """A folder over HTTP, with Python's own index page and ranges; the next `cut` bodies break off half-way."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        self.cut, self.asked = 0, []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/baseline/"


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        path, wanted = Path(self.translate_path(self.path)), self.headers["Range"]
        self.server.asked.append((self.path.rpartition("/")[2], wanted))
        if not wanted or not path.exists():
            return super().do_GET()
        body = path.read_bytes()[int(wanted.removeprefix("bytes=").removesuffix("-")) :]
        self.send_response(206 if body else 416)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.cut:
            self.server.cut -= 1
            body = body[: len(body) // 2]
            self.close_connection = True
        return self.wfile.write(body)


@pytest.fixture
def served(tmp_path):
    folder = tmp_path / "served" / "baseline"
    folder.mkdir(parents=True)
    server = Server(folder.parent)
    server.folder = folder
    yield server
    server.shutdown()
    server.server_close()


def put(folder, number, *parts):
    """A file as NLM publishes it, with its MD5 beside it."""
    file = zipped(folder / f"pubmed26n{number:04}.xml.gz", *parts)
    digest = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
    file.with_name(file.name + ".md5").write_text(f"MD5({file.name})= {digest}\n")
    return file


def test_an_index_page_gives_the_files_beside_it_and_no_other(served):
    put(served.folder, 2, article("2"))
    put(served.folder, 1, article("1"))
    (served.folder / "README.txt").write_text("x")
    assert baseline.sources(served.address) == [f"{served.address}pubmed26n000{n}.xml.gz" for n in (1, 2)]
    (served.folder / "index.html").write_text(
        "<a href='pubmed26n0001.xml.gz'>1</a><a href='../pubmed26n0003.xml.gz'>3</a>"
        "<a href='https://elsewhere.example/pubmed26n0004.xml.gz'>4</a><a href='pubmed26n0001.xml.gz.md5'>m</a>"
    )
    assert baseline.sources(served.address) == [f"{served.address}pubmed26n0001.xml.gz"]
    (served.folder / "index.html").write_text("")
    with pytest.raises(PubMedMalformed, match="index page"):
        baseline.sources(served.address)


def test_a_download_that_breaks_off_goes_on_where_it_was(served, tmp_path):
    source = put(served.folder, 1, article("1", title=random.Random(1).randbytes(400_000).hex()))
    served.cut = 2
    file = baseline.fetch(f"{served.address}{source.name}", tmp_path / "downloads")
    assert file.read_bytes() == source.read_bytes()
    starts = [int(r[6:-1]) for name, r in served.asked if name == source.name]
    assert starts[0] == 0 < starts[1] < starts[2]
    assert len(starts) == 3
    asked = len(served.asked)
    baseline.fetch(f"{served.address}{source.name}", tmp_path / "downloads")
    assert len(served.asked) == asked


def test_a_file_with_another_checksum_is_refused(served, tmp_path):
    source = put(served.folder, 1, article("1"))
    source.with_name(source.name + ".md5").write_text(f"MD5({source.name})= {'0' * 32}\n")
    with pytest.raises(PubMedMalformed, match="MD5"):
        baseline.fetch(f"{served.address}{source.name}", tmp_path / "downloads")
    assert list((tmp_path / "downloads").iterdir()) == []
    source.with_name(source.name + ".md5").unlink()  # a server that states none
    assert baseline.fetch(f"{served.address}{source.name}", tmp_path / "downloads").exists()


def test_no_server_and_no_file(tmp_path):
    with pytest.raises(PubMedMalformed, match=r"no \*\.xml\.gz"):
        baseline.sources(str(tmp_path))


def test_a_missing_file_is_named(served, tmp_path):
    with pytest.raises(PubMedUnavailable, match="404"):
        baseline.fetch(f"{served.address}pubmed26n0009.xml.gz", tmp_path)


@pytest.fixture
def home(tmp_path, query_file):
    """A corpus to merge into."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "query.yaml").write_text(query_file.read_text())
    return folder


def command(home, place, *more):
    return [sys.executable, str(paths.ROOT / "scripts" / "mirror.py"), "--baseline", str(place), "--out", str(home),
            "--kept", str(home.parent / "kept"), "--cache", str(home.parent / "cache"), "--as-of", "2026-11-24", *more]  # fmt: skip


def run(*arguments):
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
def test_from_an_index_page_into_the_corpus_with_updates_and_again(served, home):
    for number in range(3):
        put(served.folder, number, article(str(number + 1)), article(str(number + 50), title="x"))
    updates = served.folder.parent / "updates"
    updates.mkdir()
    deleted = "<DeleteCitation><PMID>2</PMID></DeleteCitation>"
    newer = "<DateRevised><Year>2026</Year><Month>01</Month><Day>02</Day></DateRevised>"
    put(updates, 3, article("1", title="Stem cells in leukaemia, revised", revised=newer), deleted)
    more = ("--updates", served.address.replace("baseline", "updates"))
    first = run(home, served.address, *more)
    assert "4 files: 7 records read, 5 kept, 0 files done before, 0 failed" in first.stdout, first.stderr
    known = corpus.read(home)
    assert {k: r.title for k, r in known.records.items()} == {
        "1": "Stem cells in leukaemia, revised",
        "3": "Stem cells in leukaemia",
    }
    asked = len(served.asked)
    second = run(home, served.address, *more)
    assert "4 files done before" in second.stdout
    assert "changed: nothing" in second.stdout
    assert len(served.asked) == asked + 2  # the index pages


@pytest.mark.slow
def test_a_broken_file_is_named_and_nothing_is_merged(home, tmp_path):
    source = tmp_path / "baseline"
    source.mkdir()
    put(source, 1, article("1"))
    put(source, 2, article("2")).write_bytes(b"\x1f\x8b broken")
    done = run(home, source)
    assert done.returncode == 1
    assert "1 failed" in done.stdout
    assert "pubmed26n0002" in done.stderr
    assert not (home / "manifest.json").exists()


@pytest.fixture(scope="module")
def twenty(tmp_path_factory):
    """Twenty files of real records, from both files of the wheel."""
    folder = tmp_path_factory.mktemp("twenty")
    for half, file in enumerate(index.wheel_files()):
        with gzip.open(file) as stream:
            parts = []
            for _, element in etree.iterparse(stream, tag="PubmedArticle"):
                parts.append(etree.tostring(element, encoding="unicode", with_tail=False))
                element.clear()
                if len(parts) == 2000:
                    break
        for number in range(10):
            zipped(folder / f"pubmed26n{half * 10 + number:04}.xml.gz", *parts[number * 200 :])
    return folder


def result(home):
    return {p.name: p.read_bytes() for p in [*home.glob("records/*"), home / "manifest.json",
                                             *(home.parent / "kept").rglob("*.gz")]}  # fmt: skip


def fresh(home, name):
    other = home.parent / name / "corpus"
    other.mkdir(parents=True)
    (other / "query.yaml").write_bytes((paths.CORPUS / "query.yaml").read_bytes())
    return other


@pytest.mark.slow
def test_a_killed_worker_costs_only_its_file(home, twenty):
    whole = fresh(home, "whole")
    done = run(whole, twenty, "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert len(json.loads((whole / "manifest.json").read_text())["sources"]) > 1

    struck = fresh(home, "struck")
    process = subprocess.Popen(command(struck, twenty, "--workers", "2"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)  # fmt: skip
    deadline = time.monotonic() + 120
    while not list((struck.parent / "kept").rglob("*.gz")) and time.monotonic() < deadline:
        time.sleep(0.02)
    # a worker names itself where setproctitle is installed
    named = ("spawn_main", "dask worker")
    children = psutil.Process(process.pid).children(recursive=True)
    workers = [p for p in children if any(name in " ".join(p.cmdline()) for name in named)]
    assert len(workers) == 2
    workers[0].send_signal(signal.SIGKILL)
    said, complained = process.communicate(timeout=300)
    assert process.returncode == 0, complained
    assert "20 files" in said
    assert "0 failed" in said
    assert result(struck) == result(whole)


@pytest.mark.slow
def test_the_two_real_files_whole_and_on_a_scheduler_of_its_own(home):
    from dask.distributed import LocalCluster

    there = fresh(home, "real")
    folder = there.parent / "baseline"
    folder.mkdir()
    for file in index.wheel_files():
        (folder / file.name).symlink_to(file)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        done = run(there, folder, "--scheduler", cluster.scheduler_address)
    assert done.returncode == 0, done.stderr
    assert "2 files: 50788 records read, 321 kept, 0 files done before, 0 failed" in done.stdout
    kept = itertools.chain.from_iterable(
        mirror.path_elements(mirror.target_of(f.name, there.parent / "kept", there / "query.yaml"))
        for f in index.wheel_files()
    )
    articles = {e.findtext("MedlineCitation/PMID") for e in kept if e.tag == "PubmedArticle"}
    assert set(corpus.read(there).records) == articles


def test_another_rule_filters_anew(tmp_path, query_file):
    """A folder of kept files under the rule that was, and a rule that is wider now."""
    file = zipped(tmp_path / "a.xml.gz", article("1"), article("2", title="Limbal"))
    assert mirror.filter_file(file, tmp_path, query_file).kept == 1
    query_file.write_text(QUERY.replace("leuk*[tiab]", "leuk*[tiab] OR limbal[ti]"))
    assert mirror.filter_file(file, tmp_path, query_file) == mirror.Filtered("a.xml.gz", 2, 2, reused=False)
    assert mirror.filter_file(file, tmp_path, query_file).reused


def test_narrower_headings_of_another_kind_filter_anew_too(tmp_path, query_file):
    query_file.write_text(QUERY.replace("leuk*[tiab]", "Leukemia[mh]"))
    before = mirror.target_of("a.xml.gz", tmp_path, query_file)
    query_file.write_text(
        query_file.read_text().replace("mesh_narrower: {}", "mesh_narrower: {Leukemia: [Preleukemia]}")
    )
    assert mirror.target_of("a.xml.gz", tmp_path, query_file) != before


@pytest.mark.parametrize(
    "spoil", [lambda b: b"", lambda b: b[:-12], lambda b: b"<html/>", lambda b: gzip.compress(b"<PubmedArticleSet>")]
)
def test_a_kept_file_that_is_broken_is_made_anew(tmp_path, query_file, spoil):
    file = zipped(tmp_path / "a.xml.gz", article("1"))
    mirror.filter_file(file, tmp_path / "kept", query_file)
    target = mirror.target_of(file.name, tmp_path / "kept", query_file)
    whole = target.read_bytes()
    target.write_bytes(spoil(whole))
    assert mirror.filter_source(str(file), tmp_path, tmp_path / "kept", query_file).kept == 1
    assert target.read_bytes() == whole
    assert mirror.filter_source(str(file), tmp_path, tmp_path / "kept", query_file).reused


def test_a_file_that_was_put_there_again_is_filtered_anew(tmp_path, query_file):
    import os

    file = zipped(tmp_path / "a.xml.gz", article("1"))
    mirror.filter_file(file, tmp_path / "kept", query_file)
    zipped(file, article("1"), article("2"))
    later = mirror.target_of(file.name, tmp_path / "kept", query_file).stat().st_mtime + 5
    os.utime(file, (later, later))
    assert mirror.filter_source(str(file), tmp_path, tmp_path / "kept", query_file).kept == 2


def test_a_record_that_cannot_be_read_is_named_and_stops_no_file(tmp_path, query_file):
    bare = "<PubmedArticle><MedlineCitation><PMID>9</PMID></MedlineCitation></PubmedArticle>"
    file = zipped(tmp_path / "a.xml.gz", article("1"), bare, article("2"))
    done = mirror.filter_file(file, tmp_path, query_file)
    assert (done.records, done.kept) == (2, 2)
    assert len(done.unreadable) == 1
    assert "PMID 9" in done.unreadable[0]


@pytest.mark.parametrize("body", [b"<html>Log in to the network</html>", b"\x1f\x8b broken"])
@pytest.mark.parametrize("portal", [True, False])
def test_a_file_that_is_mended_at_the_server_is_fetched_anew(served, tmp_path, query_file, body, portal):
    """A page of a captive portal, or a broken file without a checksum, is not kept for ever."""
    source = served.folder / "pubmed26n0001.xml.gz"
    source.write_bytes(body)
    if portal:
        source.with_name(source.name + ".md5").write_bytes(body)
    given = (f"{served.address}{source.name}", tmp_path / "downloads", tmp_path / "kept", query_file)
    with pytest.raises(PubMedMalformed, match=r"pubmed26n0001\.xml\.gz"):
        mirror.filter_source(*given)
    put(served.folder, 1, article("1"))
    assert mirror.filter_source(*given).kept == 1
    asked = len(served.asked)
    assert mirror.filter_source(*given).reused
    assert len(served.asked) == asked


def patient(deadline=60.0):
    slept, told = [], []
    return Patience(deadline, sleep=slept.append, clock=lambda: sum(slept), say=told.append), slept, told


@pytest.mark.parametrize("asked", ["61", "3600", "9999999999999"])
def test_the_server_of_the_baseline_is_waited_for_until_the_deadline_only(asked):
    patience, slept, _ = patient()
    told = r"503; it asks to wait [\d,]+ s"
    with script((503, {"Retry-After": asked}, "busy")) as server, pytest.raises(PubMedUnavailable, match=told):
        baseline.sources(server.address, patience)
    assert sum(slept) <= 60


def test_a_pause_that_the_server_of_the_baseline_asks_for_is_kept_and_told():
    patience, slept, told = patient()
    page = "<a href='pubmed26n0001.xml.gz'>1</a>"
    with script((429, {"Retry-After": "25"}, ""), (502, {}, ""), (200, {}, page)) as server:
        assert baseline.sources(server.address, patience) == [f"{server.address}pubmed26n0001.xml.gz"]
    assert 25 in slept
    assert any("trying again in 25 s" in line for line in told)


def test_no_network_is_said_soon_and_a_refusal_at_once():
    patience, slept, _ = patient(300)
    with pytest.raises(PubMedUnavailable, match=r"no connection to 127\.0\.0\.1:9.*online"):
        baseline.sources("http://127.0.0.1:9/", patience)
    assert sum(slept) < 20
    with script((403, {}, "no")) as server, pytest.raises(PubMedUnavailable, match="403"):
        baseline.sources(server.address, patience)
    assert len(server.asked) == 1


def test_a_download_of_which_nothing_comes_ends(tmp_path):
    patience, slept, _ = patient()
    with script((404, {}, ""), (500, {}, "")) as server, pytest.raises(PubMedUnavailable, match="HTTP 500"):
        baseline.fetch(f"{server.address}pubmed26n0001.xml.gz", tmp_path, patience)
    assert sum(slept) <= 60
