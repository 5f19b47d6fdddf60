"""A copy of the checkout in which tests are run in forks, and which test touches which line of the library there."""

import compileall
import fnmatch
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from py_compile import PycInvalidationMode

import coverage
import pytest

from tests.mutating import ROOT

TOOLS = ("tests/mutants.py", "tests/mutating.py", "tests/mutant_runs.py")


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


class Nothing:
    """A run that is told nothing and asked nothing."""

    def end(self):
        pass


def file_of(test):
    """The file of tests that a test stands in."""
    return test.partition("::")[0]


def contents(place):
    """Git's digest of every file of a copy but the tool's own, by name: those of tests, and those that all tests share."""
    listed = subprocess.run(["git", "ls-tree", "-rz", "HEAD"], cwd=place, capture_output=True, check=True, text=True)
    lines = (line.split("\t") for line in listed.stdout.split("\0") if line)
    known = {name: told.split()[2] for told, name in lines}  # mode, type, digest
    for tool in TOOLS:
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
