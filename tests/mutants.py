"""Plant changes of meaning in the library, one at a time, and count how many the fast tests notice: `make mutants`.

The operators are mutmut's, and a few of ours. mutmut's own runner reaches undecorated functions only, and half of what
this library means stands elsewhere: in tables and patterns of a module, in properties, in classes. So this one writes
the whole module anew in a copy of the checkout, and runs there the tests that touch the changed line, by coverage: first
those of the files that touch least else, which need little time to collect and notice most. docs/maintaining.md says how
a mutant counts. Exit 0: enough were noticed. 1: too few. 2: the tests fail without any mutant.
"""

import argparse
import difflib
import hashlib
import importlib
import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

import pytest
from scipy.stats import binomtest

from tests.mutant_runs import Nothing, copied, file_of, measured, pytest_in
from tests.mutating import ROOT, sample

# what takes long to import and is none of ours: loaded once, before a process is forked for each mutant
HEAVY = (
    "hypothesis.strategies", "hypothesis.internal.conjecture.engine", "lxml.html", "pydantic", "pandas", "altair",
    "requests_cache", "sqlalchemy", "jinja2", "lark", "yaml", "pybtex.database.output.bibtex", "rispy.writer",
    "xlsxwriter", "openpyxl", "frictionless", "pyld", "sentencex", "jsonschema", "Bio.Entrez", "tenacity",
    "fontTools.subset", "sphinx.application", "myst_nb", "nbformat", "jupyter_cache", "markdown_it", "vl_convert",
    "ahocorasick_rs", "filelock", "tqdm", "jupyter_cache.base", "myst_nb.core.read",
)  # fmt: skip
MEANING = (
    "lscbook/evidence/ground*.py", "lscbook/evidence/numerals.py", "lscbook/evidence/quantities.py",
    "lscbook/evidence/check*.py", "lscbook/standing/*.py", "lscbook/corpus/merging.py", "lscbook/corpus/manifest.py",
    "lscbook/harvest/slices.py", "lscbook/harvest/updating.py", "lscbook/harvest/resolving.py",
    "lscbook/harvest/difference.py", "lscbook/vocabulary/annotate.py", "lscbook/synthesis/*.py", "lscbook/exports/*.py",
)  # fmt: skip
GOAL = 85
BUDGET = 20  # seconds of tests that a mutant may cost, the quickest first; what a slower one alone sees, survives
FIRST = 3  # files of tests that are tried before the others are collected


class Only:
    """These tests, file by file in the order given, the quickest of a file first; writes down how each of them ended."""

    def __init__(self, tests, files, took, said):
        self.tests, self.took, self.said = set(tests), took, said
        self.rank = {file: n for n, file in enumerate(files)}
        said.write_text("", encoding="utf-8")

    def _say(self, *words):
        with self.said.open("a", encoding="utf-8") as out:
            out.write(" ".join(map(str, words)) + "\n")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        chosen = [item for item in items if item.nodeid in self.tests]
        items[:] = sorted(chosen, key=lambda i: (self.rank[file_of(i.nodeid)], self.took.get(i.nodeid, 0)))
        self._say("chosen", len(items))

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self._say("failed", report.nodeid)
        elif report.when == "call" or report.skipped:
            self._say("passed", report.nodeid)

    def end(self):
        pass


@dataclass(frozen=True)
class End:
    """What became of a mutant (killed, survived or untested), and the test that noticed it; none where it was no test."""

    end: str
    by: str = ""


def tests_of(known, mutant):
    """The tests that touch the line; of a line that runs on import only, those that touch its module."""
    lines = known["lines"].get(mutant.path, {})
    touching = lines.get(str(mutant.line)) or {test for tests in lines.values() for test in tests}
    quickest = sorted(touching, key=lambda test: (known["took"].get(test, 0), test))
    spent = accumulate(known["took"].get(test, 0) for test in quickest)
    return [test for test, seconds in zip(quickest, spent, strict=True) if seconds <= BUDGET]


def in_turns(known, tests):
    """The files of some tests in two turns, the most specific first: its test that touches least touches little."""
    least = {}
    for test in tests:
        least[file_of(test)] = min(least.get(file_of(test), known["reach"][test]), known["reach"][test])
    files = sorted(least, key=lambda file: (least[file], file))
    return [turn for turn in (files[:FIRST], files[FIRST:]) if turn]


def ran(place, known, tests, files, *options):
    """Exit code of a run of some tests, those of `files`, and which of them failed; None: it had no end in time.

    A run that passed every test and then does not end, for a thread that waits or a machine that is busy, has passed.
    One that comes to no end is given three times as long, once: a busy machine notices no mutant.
    """
    own, said = [test for test in tests if file_of(test) in set(files)], place.parent / "said.txt"
    patience = 60 + 4 * sum(known["took"].get(test, 1) for test in own)
    for longer in (1, 3):
        only = Only(own, files, known["took"], said)
        code = pytest_in(place, place.parent / "run.log", only, [*options, *files], longer * patience)
        ends = [line.partition(" ")[::2] for line in said.read_text(encoding="utf-8").splitlines()]
        failed = [test for how, test in ends if how == "failed"]
        chosen, passed = [n for how, n in ends if how == "chosen"], sum(how == "passed" for how, _ in ends)
        if code is None and not failed and chosen == [str(passed)]:
            code = 0
        if code is not None or failed:
            break
    return code, failed


def tried(place, mutant, known, without=frozenset()):
    """What became of one mutant, tested by all tests but some."""
    tests = [test for test in tests_of(known, mutant) if test not in without]
    file = place / mutant.path
    before = file.read_text(encoding="utf-8")
    file.write_text(mutant.code, encoding="utf-8")
    try:
        for files in in_turns(known, tests):
            code, failed = ran(place, known, tests, files, "-x")
            if code not in {0, 5}:
                return End("killed", failed[0] if failed else "")
    finally:
        file.write_text(before, encoding="utf-8")
    return End("survived" if tests else "untested")


def settled(place, mutants, ends, known):
    """The ends, without those of tests that fail also where nothing is planted: such a mutant is tried without them."""
    unsound, asked = set(), set()
    while by := {end.by for end in ends.values() if end.by} - asked:
        tests = sorted(by)
        unsound |= set(ran(place, known, tests, sorted(set(map(file_of, tests))))[1])
        asked |= by
        again = [index for index, end in sorted(ends.items()) if end.by in unsound]
        ends = ends | {index: tried(place, mutants[index], known, unsound) for index in again}
    for test in sorted(unsound):
        print(f"fails without a mutant too, and counts for nothing: {test}", file=sys.stderr)
    return ends


def shown(mutant):
    """The changed lines."""
    before = (ROOT / mutant.path).read_text(encoding="utf-8").splitlines()
    changed = [
        line for line in difflib.unified_diff(before, mutant.code.splitlines(), lineterm="", n=0) if line[:1] in "+-"
    ]
    return "\n".join("    " + line for line in changed[2:])


def earlier(folder, of):
    """Ends by number that runs of the same checkout and sample have left in a folder; what others left is removed."""
    mark, ends = folder / "of.txt", {}
    files = sorted(folder.glob("results-*.jsonl"))
    if not mark.exists() or mark.read_text(encoding="utf-8") != of:
        for file in files:
            file.unlink()
        mark.write_text(of, encoding="utf-8")
        return ends
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            index, end, by = json.loads(line)
            ends[index] = End(end, by)
    return ends


def main(arguments=None):
    """Sample, measure, plant, count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--only", action="append", help="pattern of modules, instead of all modules of meaning")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for coverage and results, to go on from")
    parser.add_argument(
        "--minutes", type=float, default=1e6, help="begin no mutant after so many; the rest is not tried"
    )
    options = parser.parse_args(arguments)
    for name in HEAVY:
        importlib.import_module(name)
    ends_at = time.monotonic() + 60 * options.minutes
    mutants = list(sample(options.only or MEANING, options.count, options.seed))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        work, keep = Path(folder), options.keep or Path(folder)
        keep.mkdir(parents=True, exist_ok=True)
        places = [copied(work / f"copy{number}" / "checkout") for number in range(options.workers)]
        known = measured(places[0], keep)
        if known is None:
            return 2
        sampled = hashlib.sha256(
            json.dumps([known["own"], known["shared"], *map(asdict, mutants)]).encode()
        ).hexdigest()
        ends = earlier(keep, sampled)
        left = [index for index in range(len(mutants)) if index not in ends]
        for place in places:  # lets pytest keep what it makes of the test files
            pytest_in(place, keep / "collected.log", Nothing(), ["--collect-only"], 600, keep=True)
        workers = []
        for number, place in enumerate(places):
            if (pid := os.fork()) == 0:
                with (keep / f"results-{number}.jsonl").open("a", encoding="utf-8") as out:
                    for index in left[number :: len(places)]:
                        if time.monotonic() > ends_at:
                            break
                        end = tried(place, mutants[index], known)
                        out.write(json.dumps([index, end.end, end.by]) + "\n")
                        out.flush()
                os._exit(0)
            workers.append(pid)
        for pid in workers:
            os.waitpid(pid, 0)
        ends = settled(places[0], mutants, earlier(keep, sampled), known)
        (keep / "mutants.json").write_text(
            json.dumps([asdict(m) | asdict(ends.get(i, End("not tried"))) for i, m in enumerate(mutants)])
        )
    return told([(mutants[index], end.end) for index, end in sorted(ends.items())], len(mutants))


def told(ends, planned):
    """Survivors, a line for each room, the score with the 95 % interval of Wilson; of the mutants that were tried."""
    rooms = defaultdict(Counter)
    for mutant, end in ends:
        rooms[mutant.path.split("/")[1]][end] += 1
        if end != "killed":
            print(f"{end}: {mutant.path}:{mutant.line}\n{shown(mutant)}")
    for room, counts in sorted(rooms.items()):
        print(f"{room:12} {counts['killed']:4} of {counts.total():4} killed")
    killed, of = sum(counts["killed"] for counts in rooms.values()), len(ends)
    if of < planned:
        print(f"{planned - of} of {planned} mutants were not tried")
    if not of:
        return 1
    low, high = (100 * bound for bound in binomtest(killed, of).proportion_ci(method="wilson"))
    print(f"{killed} of {of} mutants killed: {100 * killed / of:.0f} % (95 % interval {low:.0f} to {high:.0f} %)")
    return 0 if of == planned and 100 * killed / of >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
