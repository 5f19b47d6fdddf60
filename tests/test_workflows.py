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
        assert output == "branch=suggest-7-unknown-1977-402763\n"
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


@pytest.fixture
def runner(tmp_path):
    """A runner as GitHub has it: a checkout without .cache/, `make` and `gh` that answer what the test says."""
    tools = tmp_path / "bin"
    tools.mkdir()

    def program(path, body):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    program(tools / "gh", "exit 0")
    program(tmp_path / "checkout" / ".venv" / "bin" / "python", "exit 0")
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname=a\nemail=a@example.org\n[init]\ndefaultBranch=main\n[safe]\ndirectory=*\n")
    env = {
        "PATH": f"{tools}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": str(config),
        "EMAIL": "a@e.org",
    }

    def run(*command, cwd=tmp_path, check=True):
        return subprocess.run([*map(str, command)], cwd=cwd, env=env, check=check, capture_output=True, text=True)

    run.program = lambda name, body: program(tools / name, body)  # a whole path stays itself
    return run


def harvest_step(name="Harvest and standing"):
    steps = yaml.safe_load((GITHUB / "workflows" / "harvest.yml").read_text())["jobs"]["harvest"]["steps"]
    return next(step for step in steps if step.get("name") == name)


@pytest.mark.parametrize(
    ("make", "good"),
    [
        ("echo done", True),
        ('[ "$1" != harvest ] || exit 1', False),
        ('[ "$1" != standing ] || exit 1', True),  # a registry that is silent is told, and the harvest goes on
        ('[ "$1" != check ] || exit 1', False),
    ],
)
def test_the_step_of_the_harvest_fails_with_the_harvest(runner, tmp_path, make, good):
    runner.program("make", make)
    done = runner("bash", "-e", "-c", harvest_step()["run"], cwd=tmp_path / "checkout", check=False)
    assert (done.returncode == 0) is good, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("make", "python", "queue", "body"),
    [
        ("exit 0", "echo better > $QUEUE; echo '164 papers wait'", "better\n", "new: 1\n\n164 papers wait\n"),
        ("exit 0", "echo half > $QUEUE; echo '164 pap'; exit 1", "old\n", "new: 1\n\nThe triage did not run: "),
        ('[ "$1" != triage-environment ] || exit 2', "exit 0", "old\n", "new: 1\n\nThe triage did not run: "),
    ],
)
def test_the_pull_request_says_what_to_read_first_or_that_nothing_was_ranked(
    runner, tmp_path, make, python, queue, body
):
    """A fault of the triage leaves the queue and the harvest as they are."""
    place = tmp_path / "checkout"
    file = place / "data" / "screening" / "queue.tsv"
    file.parent.mkdir(parents=True)
    file.write_text("old\n")
    runner("git", "init", cwd=place)
    runner("git", "add", "data", cwd=place)
    runner("git", "commit", "-m", "start", cwd=place)
    (place / ".cache").mkdir()
    (place / ".cache" / "difference.txt").write_text("new: 1\n")
    runner.program("make", make)
    runner.program(place / ".venv" / "bin" / "python", python.replace("$QUEUE", str(file)))
    step = harvest_step("Rank what waits")
    done = runner("bash", "-e", "-c", step["run"], cwd=place, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert step["continue-on-error"] is True  # a step that outlasts its minutes is a fault that no script can catch
    assert file.read_text() == queue
    assert (place / ".cache" / "difference.txt").read_text().startswith(body)


@pytest.mark.slow
def test_the_ranking_runs_in_a_clean_clone(runner, tmp_path):
    """As the runner has it: nothing but what is committed, and the Python of this test for that of the environment."""
    place = tmp_path / "clone"
    runner("git", "clone", "--depth=1", paths.ROOT.as_uri(), place)
    (place / ".cache").mkdir()
    runner.program("make", "exit 0")
    runner.program(place / ".venv" / "bin" / "python", f'PYTHONPATH="$PWD" exec "{sys.executable}" "$@"')
    file = place / "data" / "screening" / "queue.tsv"
    head, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(head + "".join(rows[5:]), encoding="utf-8")
    done = runner("bash", "-e", "-c", harvest_step("Rank what waits")["run"], cwd=place)
    told = (place / ".cache" / "difference.txt").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^(\d+)\. [01]\.\d{3} \[", told) == [str(n) for n in range(1, 11)], done.stderr
    kept = {row.split("\t")[0] for row in rows[5:]}
    now = {row.split("\t")[0] for row in file.read_text(encoding="utf-8").splitlines()[1:]}
    assert f"{len(now - kept)} of them new in the queue" in told
    assert len(now - kept) >= 3, "which rows of the committed queue are judged by now? run: python scripts/triage.py queue"


def test_what_was_ranked_goes_into_the_pull_request():
    """The steps hang together: ranked after the harvest, before the request, and told in the file that it is made of."""
    steps = yaml.safe_load((GITHUB / "workflows" / "harvest.yml").read_text())["jobs"]["harvest"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    assert ["triage.py queue" in run for run in runs].index(True) == ["make harvest" in run for run in runs].index(True) + 1
    assert "difference.txt" in runs[-1]


@pytest.fixture
def origin(runner, tmp_path):
    bare, first = tmp_path / "origin.git", tmp_path / "first"
    runner("git", "init", "--bare", bare)
    runner("git", "clone", bare, first)
    (first / "data").mkdir()
    (first / "book").mkdir()
    (first / "data" / "old.yaml").write_text("old\n")
    (first / "book" / "page.md").write_text("page\n")
    runner("git", "add", ".", cwd=first)
    runner("git", "commit", "-m", "start", cwd=first)
    runner("git", "push", "origin", "main", cwd=first)
    (tmp_path / "body.md").write_text("What changed.\n")
    return bare


def propose(runner, origin, name, text):
    """One run of the workflow: a checkout of the newest commit only, a changed file, the script."""
    place = origin.parent / name
    runner("git", "clone", "--depth=1", origin.as_uri(), place)
    (place / "data" / "new.yaml").write_text(text)
    return runner("bash", GITHUB / "open-pull-request.sh", "proposal", "A title", origin.parent / "body.md", cwd=place)


def test_a_second_run_renews_the_branch_of_the_first(runner, origin):
    propose(runner, origin, "one", "draft\n")
    propose(runner, origin, "two", "better draft\n")
    assert runner("git", "show", "proposal:data/new.yaml", cwd=origin).stdout == "better draft\n"


def test_a_second_run_leaves_a_branch_on_which_a_person_worked(runner, origin, tmp_path):
    propose(runner, origin, "one", "draft\n")
    curator = tmp_path / "curator"
    runner("git", "clone", "--branch", "proposal", origin, curator)
    (curator / "data" / "new.yaml").write_text("an hour of work\n")
    runner("git", "commit", "-am", "fill in", cwd=curator)
    runner("git", "push", "origin", "proposal", cwd=curator)
    done = propose(runner, origin, "two", "draft\n")
    assert runner("git", "show", "proposal:data/new.yaml", cwd=origin).stdout == "an hour of work\n"
    assert "commits of a person" in done.stdout
