"""The count of mutants: which tests are tried on one, in which order, and what is kept of a run and what is not."""

import json
from collections import Counter

import pytest

from tests import mutant_runs, mutants
from tests.mutants import End
from tests.mutating import Mutant

TESTS = {"took": {"a.py::one": 1, "a.py::two": 30, "b.py::three": 4, "c.py::four": 16}, "own": {}, "shared": {}}
LINES = {
    "m.py": {"1": ["a.py::one", "b.py::three"], "2": ["c.py::four"], "3": ["a.py::two"]},
    "n.py": {"1": ["b.py::three"]},
}
KNOWN = {
    **TESTS,
    "lines": LINES,
    "reach": Counter({"a.py::one": 5, "a.py::two": 90, "b.py::three": 9, "c.py::four": 2}),
}


def test_a_mutant_is_tried_by_the_tests_of_its_line_or_of_its_module_within_the_budget():
    assert mutants.tests_of(KNOWN, Mutant("m.py", 1, "")) == ["a.py::one", "b.py::three"]
    assert mutants.tests_of(KNOWN, Mutant("m.py", 3, "")) == []  # slower than a mutant may cost
    assert mutants.tests_of(KNOWN, Mutant("m.py", 9, "")) == [
        "a.py::one",
        "b.py::three",
    ]  # run on import; 1 + 4 + 16 > 20
    assert mutants.tests_of(KNOWN, Mutant("none.py", 1, "")) == []


def test_the_files_that_touch_least_else_come_first_and_no_test_is_left_out():
    tests = [f"{name}.py::{n}" for n, name in enumerate("abcde")]
    known = {"reach": Counter({test: 10 - n for n, test in enumerate(tests)})}
    assert mutants.in_turns(known, tests) == [["e.py", "d.py", "c.py"], ["b.py", "a.py"]]
    assert mutants.in_turns(known, tests[:2]) == [["b.py", "a.py"]]
    assert mutants.in_turns(known, []) == []
    # a file is as specific as its most specific test
    assert mutants.in_turns(
        {"reach": Counter({"a.py::1": 9, "a.py::2": 1, "b.py::3": 5})}, ["a.py::1", "b.py::3", "a.py::2"]
    ) == [["a.py", "b.py"]]


def test_coverage_of_a_changed_file_is_taken_from_the_newer_run_alone():
    new = {"took": {"b.py::five": 2}, "lines": {"n.py": {"1": ["b.py::five"], "7": ["b.py::five"]}}}
    assert mutant_runs.merged(KNOWN, new, {"b.py", "c.py"}) == {
        "took": {"a.py::one": 1, "a.py::two": 30, "b.py::five": 2},
        "lines": {"m.py": {"1": ["a.py::one"], "3": ["a.py::two"]}, "n.py": {"1": ["b.py::five"], "7": ["b.py::five"]}},
    }


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A measurement of a checkout with these files of tests, whose run ends so; and the files that it ran."""
    asked = []

    def measured(own, code=0, shared="1"):
        def pytest_in(place, log, plugin, files, patience, keep=False):
            asked.append(files)
            log.write_text("one failed")
            told = {
                "took": {f"{file}::t": 1 for file in files or own},
                "lines": {"m.py": {"1": [f"{file}::t" for file in files or own]}},
            }
            plugin.out.write_text(json.dumps(told))
            return code

        monkeypatch.setattr(mutant_runs, "contents", lambda place: (own, {"lscbook/a.py": shared}))
        monkeypatch.setattr(mutant_runs, "Watch", lambda place, out: type("Watch", (), {"out": out})())
        monkeypatch.setattr(mutant_runs, "pytest_in", pytest_in)
        return mutant_runs.measured(tmp_path, tmp_path)

    measured.asked, measured.folder = asked, tmp_path
    return measured


def test_of_a_red_run_nothing_is_kept(run, capsys):
    """Its red tests would fail beside every mutant, and be counted as having noticed it."""
    assert run({"a.py": "1"}, code=1) is None
    assert list(run.folder.glob("coverage*")) == []
    assert "the tests fail without any" in capsys.readouterr().err
    assert run({"a.py": "1"})["took"] == {"a.py::t": 1}
    assert run({"a.py": "2"}, code=1) is None
    assert run({"a.py": "1"})["took"] == {"a.py::t": 1}  # what a green run left is there
    assert run.asked == [[], [], ["a.py"]]


def test_only_files_of_tests_that_changed_are_run_again(run):
    assert run({"a.py": "1", "b.py": "1"})["reach"] == {"a.py::t": 1, "b.py::t": 1}
    run({"a.py": "1", "b.py": "1"})
    assert run.asked == [[]]
    assert run({"a.py": "1", "b.py": "2", "c.py": "1"})["reach"] == {"a.py::t": 1, "b.py::t": 1, "c.py::t": 1}
    assert run.asked[1:] == [["b.py", "c.py"]]
    assert run({"c.py": "1"})["lines"] == {"m.py": {"1": ["c.py::t"]}}  # gone: not run, and not known
    assert run.asked[2:] == []
    run({"c.py": "1"}, shared="2")  # the library changed: everything
    assert run.asked[2:] == [[]]


def test_results_are_gone_on_from_where_they_are_of_the_same_sample(tmp_path):
    assert mutants.earlier(tmp_path, "x") == {}
    (tmp_path / "results-0.jsonl").write_text('[0, "killed", "a.py::one"]\n[2, "survived", ""]\n')
    assert mutants.earlier(tmp_path, "x") == {0: End("killed", "a.py::one"), 2: End("survived")}
    assert mutants.earlier(tmp_path, "y") == {}
    assert mutants.earlier(tmp_path, "y") == {}
    assert not (tmp_path / "results-0.jsonl").exists()


def test_what_a_test_that_fails_anyway_has_noticed_is_tried_without_it(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(
        mutants,
        "ran",
        lambda place, known, tests, files: asked.append((tests, files)) or (1, [t for t in tests if "flaky" in t]),
    )
    monkeypatch.setattr(
        mutants,
        "tried",
        lambda place, mutant, known, without: End("survived") if mutant.line == 1 else End("killed", "b.py::good"),
    )
    ends = {
        0: End("killed", "a.py::flaky"),
        1: End("killed", "a.py::flaky"),
        2: End("killed", "a.py::sound"),
        3: End("killed"),
        4: End("untested"),
    }
    made = mutants.settled(tmp_path, [Mutant("m.py", n + 1, "") for n in range(5)], ends, KNOWN)
    assert made == {0: End("survived"), 1: End("killed", "b.py::good"), 2: ends[2], 3: ends[3], 4: ends[4]}
    assert asked == [(["a.py::flaky", "a.py::sound"], ["a.py"]), (["b.py::good"], ["b.py"])]


@pytest.mark.parametrize(
    ("killed", "of", "planned", "code", "score"),
    [(170, 200, 200, 0, "170 of 200 mutants killed: 85 % (95 % interval 79 to 89 %)"), (169, 200, 200, 1, "169 of 200 mutants killed: 84 %"),
     (10, 10, 200, 1, "10 of 10 mutants killed: 100 % (95 % interval 72 to 100 %)")],
)  # fmt: skip
def test_the_score_is_of_what_was_tried_with_the_interval_of_wilson(
    killed, of, planned, code, score, monkeypatch, capsys
):
    monkeypatch.setattr(mutants, "shown", lambda mutant: "    the line")
    ends = [(Mutant("lscbook/text/m.py", n, ""), "killed" if n < killed else "survived") for n in range(of)]
    assert mutants.told(ends, planned) == code
    told = capsys.readouterr().out
    assert score in told
    assert told.count("survived: ") == of - killed
    assert ("190 of 200 mutants were not tried" in told) is (of == 10)
    assert mutants.told([], 0) == 1


@pytest.mark.parametrize(
    ("runs", "code", "failed", "asked"),
    [
        ([("chosen 2\npassed a.py::one\npassed a.py::two\n", 0)], 0, [], 1),
        ([("chosen 2\npassed a.py::one\nfailed a.py::two\n", 1)], 1, ["a.py::two"], 1),
        ([("chosen 2\npassed a.py::one\npassed a.py::two\n", None)], 0, [], 1),  # every test passed, and the process hangs
        ([("chosen 2\npassed a.py::one\n", None), ("chosen 2\npassed a.py::one\npassed a.py::two\n", 0)], 0, [], 2),
        ([("chosen 2\npassed a.py::one\n", None)] * 2, None, [], 2),
        ([("", None), ("chosen 2\nfailed a.py::one\n", None)], None, ["a.py::one"], 2),
        ([("", 4)], 4, [], 1),  # the module cannot be imported
    ],
)  # fmt: skip
def test_a_machine_that_is_busy_notices_no_mutant(runs, code, failed, asked, tmp_path, monkeypatch):
    waited = []

    def pytest_in(place, log, plugin, arguments, patience):
        told, ended = runs[len(waited)]
        waited.append(patience)
        plugin.said.write_text(told)
        return ended

    monkeypatch.setattr(mutants, "pytest_in", pytest_in)
    assert mutants.ran(tmp_path, KNOWN, ["a.py::one", "b.py::three"], ["a.py"], "-x") == (code, failed)
    assert waited == [64, 192][:asked]
