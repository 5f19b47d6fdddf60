"""Plant changes of meaning in the library, one at a time, and count how many the fast tests notice: `make mutants`.

The operators are mutmut's, and a few of ours. mutmut's own runner reaches undecorated functions only, and half of what
this library means stands elsewhere: in tables and patterns of a module, in properties, in classes. So this one writes
the whole module anew in a copy of the checkout, and runs there the tests that touch the changed line, by coverage: first
those of the files that touch least else, which need little time to collect and notice most. docs/maintaining.md says how
a mutant counts. Exit 0: enough were noticed. 1: too few. 2: the tests fail without any mutant.
"""

import argparse
import compileall
import difflib
import fnmatch
import hashlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from py_compile import PycInvalidationMode

import coverage
import pytest
from scipy.stats import binomtest

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


def copied(target):
    """The checkout as it is, compiled in a way that notices every change of a source."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    (target / ".venv").symlink_to(ROOT / ".venv")
    me = ["-c", "user.name=mutants", "-c", "user.email=mutants@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*me, "commit", "-qm", "copy"]):  # some tests ask git
        subprocess.run(["git", *command], cwd=target, check=True)
    compileall.compile_dir(target / "lscbook", quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    return target


def pytest_in(place, log, plugin, arguments, patience, keep=False):
    """Run pytest in a fork of this process; its exit code, or None where it outlasted our patience."""
    child = os.fork()
    if child == 0:
        os.setsid()
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.chdir(place)
        sys.path.insert(0, str(place))
        sys.dont_write_bytecode = not keep
        os.environ.update(PYTHONDONTWRITEBYTECODE="1", PYTHONPATH=str(place))
        for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "lscbook"}]:
            del sys.modules[name]
        code = 3
        try:
            code = int(
                pytest.main(
                    ["-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-m", "not slow", *arguments],
                    plugins=[plugin],
                )
            )
            plugin.end()
        finally:
            sys.stdout.flush()
            os._exit(code)
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


class Watch:
    """Which test touches which line. What a shared fixture touches, every test that uses it touches."""

    def __init__(self, place, out):
        self.place, self.out = place, out
        self.took, self.uses = Counter(), defaultdict(set)
        self.coverage = coverage.Coverage(data_file=None, source=[str(place / "lscbook")], config_file=False)
        self.coverage.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        for name in item.fixturenames:
            self.uses[f"fixture {name}"].add(item.nodeid)
        self.coverage.switch_context(item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef, request):
        if fixturedef.scope == "function":
            return (yield)
        self.coverage.switch_context(f"fixture {fixturedef.argname}")
        try:
            return (yield)
        finally:
            self.coverage.switch_context(getattr(request.node, "nodeid", "") or "")

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item):
        self.coverage.switch_context("")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item):
        self.coverage.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report):
        self.took[report.nodeid] += report.duration

    def end(self):
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {}
        for file in data.measured_files():
            touched = {
                line: sorted({test for c in contexts if c for test in self.uses.get(c, [c])})
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            lines[Path(file).relative_to(self.place).as_posix()] = touched
        self.out.write_text(json.dumps({"took": self.took, "lines": lines}), encoding="utf-8")


class Only:
    """These tests, file by file in the order given, the quickest of a file first; writes down which of them fail."""

    def __init__(self, tests, files, took, failed):
        self.tests, self.took, self.failed = set(tests), took, failed
        self.rank = {file: n for n, file in enumerate(files)}
        failed.write_text("", encoding="utf-8")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        chosen = [item for item in items if item.nodeid in self.tests]
        items[:] = sorted(chosen, key=lambda i: (self.rank[file_of(i.nodeid)], self.took.get(i.nodeid, 0)))

    def pytest_runtest_logreport(self, report):
        if report.failed:
            with self.failed.open("a", encoding="utf-8") as out:
                out.write(report.nodeid + "\n")

    def end(self):
        pass


class Nothing:
    """A run that is told nothing and asked nothing."""

    def end(self):
        pass


@dataclass(frozen=True)
class End:
    """What became of a mutant (killed, survived or untested), and the test that noticed it; none where it was no test."""

    end: str
    by: str = ""


def file_of(test):
    """The file of tests that a test stands in."""
    return test.partition("::")[0]


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
    """Exit code of a run of some tests, those of `files`, and which of them failed."""
    own = [test for test in tests if file_of(test) in set(files)]
    spent, failed = sum(known["took"].get(test, 1) for test in own), place.parent / "failed.txt"
    only = Only(own, files, known["took"], failed)
    code = pytest_in(place, place.parent / "run.log", only, [*options, *files], 60 + 4 * spent)
    return code, failed.read_text(encoding="utf-8").splitlines()


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


def contents(place):
    """Git's digest of every file of a copy but the tool's own, by name: those of tests, and those that all tests share."""
    listed = subprocess.run(["git", "ls-tree", "-rz", "HEAD"], cwd=place, capture_output=True, check=True, text=True)
    lines = (line.split("\t") for line in listed.stdout.split("\0") if line)
    known = {name: told.split()[2] for told, name in lines}  # mode, type, digest
    for tool in ("tests/mutants.py", "tests/mutating.py"):
        known.pop(tool)
    own = {name: blob for name, blob in known.items() if fnmatch.fnmatch(name, "tests/test_*.py")}
    return own, {name: blob for name, blob in known.items() if name not in own}


def measured(place, keep):
    """Coverage of a run without mutants, or nothing where a test fails.

    What `keep` has of the same checkout is taken; where nothing but files of tests changed, these alone are run again.
    """
    kept, made, log = keep / "coverage.json", keep / "coverage.part", keep / "clean.log"
    own, shared = contents(place)
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if known.get("shared") != shared:
        known = {"took": {}, "lines": {}, "own": {}, "shared": shared}
    changed = {name for name in own.keys() | known["own"].keys() if own.get(name) != known["own"].get(name)}
    again = sorted(changed & own.keys())
    if again and pytest_in(place, log, Watch(place, made), again if known["own"] else [], 3600, keep=True) != 0:
        made.unlink(missing_ok=True)  # of a red run nothing is kept: its red tests would notice every mutant
        print(log.read_text(encoding="utf-8", errors="replace")[-3000:], file=sys.stderr)
        print("mutants: the tests fail without any", file=sys.stderr)
        return None
    if changed:
        new = json.loads(made.read_text(encoding="utf-8")) if again else {"took": {}, "lines": {}}
        known |= merged(known, new, changed) | {"own": own}
        kept.write_text(json.dumps(known), encoding="utf-8")
        made.unlink(missing_ok=True)
    known["reach"] = Counter(t for lines in known["lines"].values() for tests in lines.values() for t in tests)
    return known


def merged(old, new, changed):
    """What is known of tests from an older run, but for those of changed files, and from a newer one."""
    took = {test: seconds for test, seconds in old["took"].items() if file_of(test) not in changed} | new["took"]
    lines = {path: dict(of) for path, of in new["lines"].items()}
    for path, of in old["lines"].items():
        into = lines.setdefault(path, {})
        for line, tests in of.items():
            if left := [test for test in tests if file_of(test) not in changed]:
                into[line] = sorted({*left, *into.get(line, ())})
    return {"took": took, "lines": lines}


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
