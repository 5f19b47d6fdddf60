"""The workflows: pinned, linted, and their own script run on recorded events, benign and hostile."""

import json
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from lscbook import corpus, paths
from lscbook.pubmed.record import Record

GITHUB = paths.ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
BIN = paths.ROOT / ".venv" / "bin"
EVENTS = json.loads((paths.ROOT / "tests" / "events" / "suggestions.json").read_text(encoding="utf-8"))


def tool(name):
    found = BIN / name if (BIN / name).exists() else shutil.which(name)
    if not found:
        pytest.fail(f"{name} is missing; it is in requirements-dev.txt")
    return str(found)


def test_zizmor_finds_nothing():
    done = subprocess.run(
        [tool("zizmor"), "--offline", "--no-progress", str(GITHUB)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "No findings" in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("schema", "files"),
    [("vendor.github-workflows", WORKFLOWS), ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
     ("vendor.github-issue-forms", [p for p in sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) if p.stem != "config"]),
     ("vendor.github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"])],
)  # fmt: skip
def test_files_fit_githubs_schemas(schema, files):
    assert files
    done = subprocess.run([tool("check-jsonschema"), "--builtin-schema", schema, *map(str, files)],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_actions_are_pinned_and_no_script_sees_an_expression(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), step
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


def test_a_pull_request_from_a_fork_gets_no_write_and_no_secret():
    text = (GITHUB / "workflows" / "check.yml").read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert "secrets." not in text
    assert ": write" not in text


@pytest.fixture
def place(tmp_path):
    (tmp_path / "evidence").mkdir()
    record = Record("402763", "A record of the corpus", date="1977", doi="10.1000/x")
    corpus.write(tmp_path / "corpus", {"402763": record}, {"as_of": "2026-11-24"})
    return tmp_path


def suggest(place, event):
    (place / "event.json").write_text(json.dumps(event), encoding="utf-8")
    output = place / "output"
    output.write_text("")
    done = subprocess.run(
        [sys.executable, str(paths.ROOT / "scripts" / "suggest.py"), "--email", "a@example.org",
         "--answer", str(place / "answer.md"), "--corpus", str(place / "corpus"), "--evidence", str(place / "evidence"),
         "--cache", str(place / "cache.sqlite"), "--base-url", "http://127.0.0.1:9/", "--crossref-url", "http://127.0.0.1:9"],
        capture_output=True, text=True, check=False, timeout=60,
        env={"GITHUB_EVENT_PATH": str(place / "event.json"), "GITHUB_OUTPUT": str(output), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return done, output.read_text()


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e["name"])
def test_a_suggestion_is_drafted_or_answered_and_nothing_else(place, event):
    body = event["body"].replace("{LONG}", "x" * 1_000_000)
    done, output = suggest(place, {"issue": {"number": 7, "body": body, "created_at": "2026-11-24T10:00:00Z"}})
    assert done.returncode == 0, done.stderr
    files = sorted(p.name for p in (place / "evidence").iterdir())
    answer = (place / "answer.md").read_text(encoding="utf-8")
    assert re.fullmatch(r"branch=[a-z0-9-]*\n", output)
    assert answer.count("\n") == 1
    assert len(answer) < 1500
    if event["drafted"]:
        assert files == ["unknown-1977-402763.yaml"]
        assert output == "branch=suggest-unknown-1977-402763\n"
    else:
        assert files == []
        assert output == "branch=\n"
        assert event["answer"] in answer
        assert not re.search(r"(?<!\\)[<@\[`]", answer)
    assert {p.name for p in place.iterdir()} <= {"event.json", "output", "answer.md", "corpus", "evidence", "cache.sqlite",
           "cache.sqlite-wal", "cache.sqlite-shm"}  # fmt: skip


@pytest.mark.parametrize("event", [{}, {"issue": None}, {"issue": {"body": 3}}, [], "text"])
def test_what_is_no_issue_event_is_wrong_use(place, event):
    done, output = suggest(place, event)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert output == ""
