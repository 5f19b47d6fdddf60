"""Files that should never land: each gets its message, none crashes the check, none hides another's."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from lscbook import corpus, paths, vocabulary
from lscbook.evidence import check
from lscbook.pubmed.parse import parse_path
from lscbook.pubmed.record import describe_abstract

HERE = paths.ROOT / "tests" / "hostile"
EXPECTED = list(csv.reader((HERE / "expected.tsv").open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


@pytest.fixture(scope="module")
def context():
    record = next(iter(parse_path(HERE / "abstract.xml")))
    known = corpus.Corpus({"1": replace(record, abstract=describe_abstract(record.text))}, {})
    return check.Context(known, vocabulary.load(), {"1": record.text})


def relevant(report):
    """Errors but those that every file here has: its name, its form, and that it was never grounded."""
    return [p for p in report.problems if p.severity == "error" and p.code != "form"
            and not p.found.startswith(("the file is called", "not grounded"))]  # fmt: skip


def test_there_are_enough():
    assert len(EXPECTED) >= 120
    assert sorted(name for name, _ in EXPECTED) == sorted(p.name for p in (HERE / "files").iterdir())


@pytest.mark.parametrize(("name", "message"), EXPECTED)
def test_each_file_gets_its_message(context, name, message):
    problems = relevant(check.run([HERE / "files" / name], context=context))
    if message == "OK":
        assert problems == []
        return
    assert problems
    assert any(message in str(p) for p in problems), [str(p) for p in problems]
    assert all(p.line >= 1 and p.remedy and name in p.path for p in problems)


def test_together_none_hides_another(tmp_path):
    record = next(iter(parse_path(HERE / "abstract.xml")))
    corpus.write(tmp_path, {"1": record}, {"as_of": "2026-11-24"})
    done = subprocess.run(
        [sys.executable, str(paths.ROOT / "scripts" / "check.py"), str(HERE / "files"), "--format", "json",
         "--corpus", str(tmp_path), "--abstracts", str(HERE / "abstract.xml")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["summary"]["checked"] == len(EXPECTED)
    named = {m["path"].rpartition("/")[2] for m in told["messages"]}
    assert named == {name for name, _ in EXPECTED}
    assert all(set(m) == {"path", "line", "field", "code", "severity", "message", "remedy"} for m in told["messages"])


def test_github_annotations_start_no_command_of_their_own():
    done = subprocess.run(
        [sys.executable, str(paths.ROOT / "scripts" / "check.py"), str(HERE / "files"), "--format", "github"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert all(line.startswith(("::error file=", "::warning file=")) for line in done.stdout.splitlines())


def test_sizes_links_and_names_that_are_made_here(tmp_path, context):
    good = (HERE / "files" / next(n for n, m in EXPECTED if m == "OK")).read_text()
    (tmp_path / "ten-megabytes.yaml").write_text(good + "#" * 10_000_000)
    (tmp_path / "link.yaml").symlink_to("/etc/passwd")
    (tmp_path / "lost.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.yaml").mkdir()
    for name in ("a\nb.yaml", "::error::x.yaml", "-rf.yaml", "$(id).yaml", "ｊan-2012-1.yaml", "x" * 200 + ".yaml"):
        (tmp_path / name).write_text(good)
    report = check.run([tmp_path], context=context)
    assert report.checked == report.failed == 10
    found = {p.path.rpartition("/")[2]: str(p) for p in report.problems if p.severity == "error"}
    assert len(found) == 10
    assert "bytes" in found["ten-megabytes.yaml"]
    assert "a symbolic link" in found["link.yaml"]
    assert all("\n" not in check.github_line(p) for p in report.problems)


@pytest.mark.skipif(os.name == "nt", reason="pipes are of POSIX")
def test_a_path_that_is_not_there_is_wrong_use():
    done = subprocess.run([sys.executable, str(paths.ROOT / "scripts" / "check.py"), "no-such"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 2
    assert "no such file" in done.stderr


@pytest.mark.parametrize(
    ("make", "code", "told"),
    [
        (lambda p: (p / "notes.md").write_text("x"), 2, "not a YAML file"),
        (lambda p: (p / "empty").mkdir(), 1, "0 entries checked"),
        (lambda p: (p / "loop.yaml").symlink_to(p / "loop.yaml"), 1, "a symbolic link"),
        (lambda p: os.mkfifo(p / "pipe.yaml"), 1, "no regular file"),
        (lambda p: (p / "outside.yaml").write_text("a: b\n"), 1, "no such field"),
    ],
    ids=["another kind", "nothing in it", "a link to itself", "a pipe", "outside the repository"],
)
def test_what_is_no_entry_gets_a_message_and_never_hangs(tmp_path, make, code, told):
    make(tmp_path)
    done = subprocess.run([sys.executable, str(paths.ROOT / "scripts" / "check.py"), str(next(tmp_path.iterdir()))],
                          capture_output=True, text=True, check=False, timeout=60)  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


NAMES = ("..yaml", "...yaml", "..%2f..%2fetc.yaml", "..\\..\\windows.yaml", "jan-2012-1.yaml.txt", "jan-2012-1.YAML",
         "\u202elmay.1-2102-naj.yaml", "jan\u200b-2012-1.yaml", "jan-2012-1\r.yaml", "%0A::error::x.yaml",
         "<img src=x>.yaml", "a'b\"c.yaml", "ÿ" * 100 + ".yaml", " .yaml", "~.yaml", "--fix.yaml", "CON.yaml")  # fmt: skip


def test_a_name_is_told_without_its_tricks(tmp_path, context):
    """Every file is counted and refused by its name; no character of a name acts on a terminal or a runner."""
    good = (HERE / "files" / next(n for n, m in EXPECTED if m == "OK")).read_text()
    for name in NAMES:
        (tmp_path / name).write_text(good)
    report = check.run([tmp_path], context=context)
    assert report.checked == report.failed == len(NAMES)
    named = [p for p in report.problems if "the file is called" in p.found or "no YAML file" in p.found]
    assert len(named) == len(NAMES)
    for problem in report.problems:
        assert str(problem).isprintable(), repr(str(problem))
        assert check.github_line(problem).isprintable()


def test_a_name_that_looks_like_an_option_is_a_file(tmp_path):
    (tmp_path / "-rf.yaml").write_text("a: b\n")
    done = subprocess.run([sys.executable, str(paths.ROOT / "scripts" / "check.py"), "--", "-rf.yaml"],
                          capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)  # fmt: skip
    assert done.returncode == 1
    assert "-rf.yaml:1:" in done.stdout
