"""Plant changes of meaning in the library, one at a time, and count how many the fast tests notice: `make mutants`.

The operators are mutmut's, and a few of ours. mutmut's own runner reaches undecorated functions only, and half of what
this library means stands elsewhere: in tables and patterns of a module, in properties, in classes. So this one writes
the whole module anew in a copy of the checkout, and runs there the tests that touch the changed line, by coverage.
docs/maintaining.md says how a mutant counts. Exit 0: enough were noticed. 1: too few. 2: the tests fail without any mutant.
"""

import argparse
import compileall
import difflib
import fnmatch
import json
import os
import random
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
import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

# what takes long to import and is none of ours: loaded once, before a process is forked for each mutant
for _name in ("hypothesis.strategies", "hypothesis.internal.conjecture.engine", "lxml.html", "pydantic", "pandas", "altair",
              "requests_cache", "sqlalchemy", "jinja2", "lark", "yaml", "pybtex.database.output.bibtex", "rispy.writer",
              "xlsxwriter", "openpyxl", "frictionless", "pyld", "sentencex", "jsonschema", "Bio.Entrez", "tenacity",
              "fontTools.subset", "sphinx.application", "myst_nb", "nbformat", "jupyter_cache", "markdown_it",
              "vl_convert", "ahocorasick_rs", "filelock", "tqdm"):  # fmt: skip
    __import__(_name)

ROOT = Path(__file__).resolve().parent.parent
MEANING = (
    "lscbook/evidence/ground*.py", "lscbook/evidence/numerals.py", "lscbook/evidence/quantities.py",
    "lscbook/evidence/check*.py", "lscbook/standing/*.py", "lscbook/corpus/merging.py", "lscbook/corpus/manifest.py",
    "lscbook/harvest/slices.py", "lscbook/harvest/updating.py", "lscbook/harvest/resolving.py",
    "lscbook/harvest/difference.py", "lscbook/vocabulary/annotate.py", "lscbook/synthesis/*.py", "lscbook/exports/*.py",
)  # fmt: skip
GOAL = 85
BUDGET = 20  # seconds of tests that a mutant may cost, the quickest first; what a slower one alone sees, survives
# how bytes become text and back is the same with and without these words, on every machine of ours
SAME = {"encoding", "errors", "strict", "newline", "ensure_ascii"}


def negated(node):
    """The condition turned round."""
    yield node.with_changes(
        test=cst.UnaryOperation(cst.Not(), node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))
    )


def swapped(node):
    """One for all, least for most."""
    other = {"any": "all", "all": "any", "min": "max", "max": "min"}
    if isinstance(node.func, cst.Name) and node.func.value in other:
        yield node.with_changes(func=cst.Name(other[node.func.value]))


def shorter(node):
    """A table or a list of words without its first or its last."""
    if len(node.elements) > 2 and not any(isinstance(getattr(e, "value", None), cst.Name) for e in node.elements):
        yield node.with_changes(elements=node.elements[1:])
        yield node.with_changes(elements=node.elements[:-1])


def another(node):
    """Another word, key, pattern or message. Only of another case is the same prose, and often the same pattern."""
    mark = '"' if node.value.endswith('"') else "'"
    start = node.value.index(mark) + 1
    if mark * 3 not in node.value:
        yield node.with_changes(value=f"{node.value[:start]}XX{node.value[start:-1]}XX{mark}")


def halved(node):
    """One side of a condition alone."""
    yield node.left.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.right.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def unasked(node):
    """A call without one of the arguments that it names: the default serves."""
    for number, argument in enumerate(node.args):
        if argument.keyword and argument.keyword.value not in SAME:
            yield node.with_changes(args=[*node.args[:number], *node.args[number + 1 :]])


# An argument that is missing or None, and a value that is None: nobody could commit them, for strict typing in
# `make lint` refuses them, and a test that only runs the line kills them. They would lend us a score.
CHEAP = {"operator_arg_removal", "operator_assignment", "operator_lambda", "operator_dict_arguments", "operator_string"}
OPERATORS = [
    *((kind, operator) for kind, operator in mutation_operators if operator.__name__ not in CHEAP),
    (cst.If, negated), (cst.CompIf, negated), (cst.IfExp, negated), (cst.Call, swapped), (cst.Call, unasked),
    (cst.BooleanOperation, halved), (cst.SimpleString, another),
    (cst.List, shorter), (cst.Set, shorter), (cst.Dict, shorter), (cst.Tuple, shorter),
]  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One changed module."""

    path: str
    line: int
    code: str


class Finder(cst.CSTVisitor):
    """Every change that an operator offers, by line; not in types, imports, decorators and docstrings."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self):
        self.found = defaultdict(list)

    def on_visit(self, node):
        if isinstance(node, (cst.Annotation, cst.Import, cst.ImportFrom, cst.Decorator)):
            return False
        if isinstance(node, cst.Expr) and isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString)):
            return False
        if isinstance(node, cst.Arg) and node.keyword and node.keyword.value in SAME:
            return False
        if isinstance(node, cst.Assign) and getattr(node.targets[0].target, "value", "") == "__all__":
            return False
        if isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING":
            return False
        if (place := self.get_metadata(PositionProvider, node, None)) is not None:
            for kind, operator in OPERATORS:
                if isinstance(node, kind):
                    self.found[place.start.line] += [(node, new) for new in operator(node) if not new.deep_equals(node)]
        return True


def sample(patterns, count, seed):
    """So many lines, each with one of its mutants; the same for a seed and a state of the library."""
    chance, trees, places = random.Random(seed), {}, []
    for path in sorted(ROOT.glob("lscbook/**/*.py")):
        name = path.relative_to(ROOT).as_posix()
        if any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
            wrapper = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")), unsafe_skip_copy=True)
            finder = Finder()
            wrapper.visit(finder)
            trees[name] = wrapper.module
            places += [(name, line, changes) for line, changes in sorted(finder.found.items()) if changes]
    print(f"{sum(len(c) for *_, c in places)} mutants on {len(places)} lines of {len(trees)} modules", flush=True)
    for name, line, changes in chance.sample(places, min(count, len(places))):
        node, new = chance.choice(changes)
        code = trees[name].deep_replace(node, new).code
        try:
            compile(code, name, "exec")
        except SyntaxError:
            continue  # no mutant: nobody could commit it
        yield Mutant(name, line, code)


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
    """These tests, those of the quickest file first."""

    def __init__(self, tests, took):
        self.tests, self.took = set(tests), took

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        spent = Counter()
        chosen = [item for item in items if item.nodeid in self.tests]
        for item in chosen:
            spent[item.nodeid.partition("::")[0]] += self.took.get(item.nodeid, 1)
        items[:] = sorted(chosen, key=lambda item: spent[item.nodeid.partition("::")[0]])

    def end(self):
        pass


def tests_of(known, mutant):
    """The tests that touch the line; of a line that runs on import only, those that touch its module."""
    lines = known["lines"].get(mutant.path, {})
    touching = lines.get(str(mutant.line)) or {test for tests in lines.values() for test in tests}
    quickest = sorted(touching, key=lambda test: (known["took"].get(test, 0), test))
    spent = accumulate(known["took"].get(test, 0) for test in quickest)
    return [test for test, seconds in zip(quickest, spent, strict=True) if seconds <= BUDGET]


def tried(place, mutant, known):
    """What became of one mutant: killed, survived or untested."""
    tests = tests_of(known, mutant)
    if not tests:
        return "untested"
    file = place / mutant.path
    before = file.read_text(encoding="utf-8")
    file.write_text(mutant.code, encoding="utf-8")
    spent = sum(known["took"].get(test, 1) for test in tests)
    try:
        files = sorted({test.partition("::")[0] for test in tests})
        code = pytest_in(
            place, place.parent / f"{place.name}.log", Only(tests, known["took"]), ["-x", *files], 60 + 4 * spent
        )
    finally:
        file.write_text(before, encoding="utf-8")
    return "survived" if code in {0, 5} else "killed"


def shown(mutant):
    """The changed lines."""
    before = (ROOT / mutant.path).read_text(encoding="utf-8").splitlines()
    changed = [
        line for line in difflib.unified_diff(before, mutant.code.splitlines(), lineterm="", n=0) if line[:1] in "+-"
    ]
    return "\n".join("    " + line for line in changed[2:])


def measured(place, known):
    """Coverage of a run without mutants, or nothing where a test fails."""
    log = place.parent / "clean.log"
    if pytest_in(place, log, Watch(place, known), [], 3600, keep=True) != 0:
        print(log.read_text(encoding="utf-8", errors="replace")[-3000:], file=sys.stderr)
        print("mutants: the tests fail without any", file=sys.stderr)
        return None
    return json.loads(known.read_text(encoding="utf-8"))


def main(arguments=None):
    """Sample, measure, plant, count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--only", action="append", help="pattern of modules, instead of all modules of meaning")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for coverage and results, to go on from")
    options = parser.parse_args(arguments)
    mutants = list(sample(options.only or MEANING, options.count, options.seed))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        work, keep = Path(folder), options.keep or Path(folder)
        keep.mkdir(parents=True, exist_ok=True)
        places = [copied(work / f"copy{number}" / "checkout") for number in range(options.workers)]
        kept = keep / "coverage.json"
        known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else measured(places[0], kept)
        if known is None:
            return 2
        for place in places:  # lets pytest keep what it makes of the test files
            pytest_in(place, keep / "collected.log", Only([], {}), ["--collect-only"], 600, keep=True)
        workers = []
        for number, place in enumerate(places):
            if (pid := os.fork()) == 0:
                with (keep / f"results-{number}.jsonl").open("w", encoding="utf-8") as out:
                    for index in range(number, len(mutants), len(places)):
                        out.write(json.dumps([index, tried(place, mutants[index], known)]) + "\n")
                        out.flush()
                os._exit(0)
            workers.append(pid)
        for pid in workers:
            os.waitpid(pid, 0)
        results = {}
        for number in range(len(places)):
            results |= dict(json.loads(line) for line in (keep / f"results-{number}.jsonl").read_text().splitlines())
        (keep / "mutants.json").write_text(
            json.dumps([asdict(m) | {"end": results.get(i, "lost")} for i, m in enumerate(mutants)])
        )
    return told(mutants, results)


def told(mutants, results):
    """Survivors, a line for each room, the score."""
    rooms = defaultdict(Counter)
    for index, mutant in enumerate(mutants):
        end = results.get(index, "lost")
        rooms[mutant.path.split("/")[1]][end] += 1
        if end != "killed":
            print(f"{end}: {mutant.path}:{mutant.line}\n{shown(mutant)}")
    for room, ends in sorted(rooms.items()):
        print(f"{room:12} {ends['killed']:4} of {ends.total():4} killed")
    killed = sum(ends["killed"] for ends in rooms.values())
    score = 100 * killed / max(len(mutants), 1)
    print(f"{killed} of {len(mutants)} mutants killed: {score:.0f} %")
    return 0 if score >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
