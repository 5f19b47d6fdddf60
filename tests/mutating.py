"""Changes of meaning in a module of the library: the operators of mutmut that a person could commit, and a few of ours."""

import fnmatch
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).resolve().parent.parent
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
