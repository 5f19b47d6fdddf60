"""Pairs of findings that say opposite things of the same proposition, and what differs between them.

The same proposition: what it is about is the same, whatever the disease, agent, assay or time, which are then what
differs. Two kinds are told apart: findings of one tier of study, which truly disagree, and *nearly the same*, where a
model stands against patients or a lower phase against a higher one, so that both may be right. Findings of one paper
are no conflict: a half-and-half result is written as two. What is not decided contradicts nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from lscbook.evidence.findings import (
    EvolutionFinding,
    Finding,
    IdentityFinding,
    ResistanceFinding,
    SurveillanceFinding,
    TargetFinding,
)
from lscbook.evidence.store import Located
from lscbook.synthesis.counts import STUDY_ORDER, strongest_first
from lscbook.synthesis.strength import PATIENTS, TIER_OF
from lscbook.synthesis.studies import independent

SAME, NEARLY = "the same proposition", "nearly the same proposition"
_STAGES = ("founding", "early", "late", "relapse-acquired")


@dataclass(frozen=True)
class Statement:
    """What a finding is about, and whether it says yes or no to it, once turned to one form."""

    theme: str
    about: tuple[str, ...]
    says: bool

    @property
    def sentence(self) -> str:
        """In words, as the heading of a card."""
        return " · ".join(self.about)


@dataclass(frozen=True)
class Difference:
    """One thing in which two findings differ: its name, and what stands on each side."""

    name: str
    one: str
    other: str


@dataclass(frozen=True)
class Pair:
    """A finding for and one against, of which kind, and what differs."""

    one: Located
    other: Located
    kind: str
    why: str

    @cached_property
    def differs(self) -> tuple[Difference, ...]:
        """What differs between the two; asked only of those that are shown."""
        return differences(self.one.finding, self.other.finding)


@dataclass(frozen=True)
class Conflict:
    """All pairs on one proposition, the strongest first."""

    about: str
    kind: str
    pairs: tuple[Pair, ...]

    @cached_property
    def sides(self) -> tuple[list[Located], list[Located]]:
        """The findings for, and those against, each once."""
        sides = ({p.one.reference: p.one for p in self.pairs}, {p.other.reference: p.other for p in self.pairs})
        return strongest_first(sides[0].values()), strongest_first(sides[1].values())

    @property
    def findings(self) -> list[Located]:
        """Every finding of it."""
        return [*self.sides[0], *self.sides[1]]


def statements(finding: Finding) -> Iterator[Statement]:
    """What a finding says, each proposition once; none where it did not decide."""
    if finding.role is not None or finding.stance not in {"supports", "does_not_support"}:
        return
    yes = finding.stance == "supports"
    for about, turned in _ABOUT[finding.theme](finding):
        yield Statement(finding.theme, about, yes != turned)


_About = Iterator[tuple[tuple[str, ...], bool]]  # what it is about, and whether a yes to it is a no to the one form


def _evolution(f: Finding) -> _About:
    assert isinstance(f, EvolutionFinding)  # noqa: S101  chosen by theme
    if f.order:
        for lesion in f.lesions:
            yield (lesion, f"is {f.order}"), False
    for pair in f.before:
        first, then = sorted((pair.first, pair.then))
        yield (f"{first} comes before {then}",), (first, then) != (pair.first, pair.then)
    for couple in f.exclusive:
        one, other = sorted(couple.terms)
        yield (f"{one} and {other}", f"exclude each other in one {f.exclusive_in}"), False


def _identity(f: Finding) -> _About:
    """*Lower* is the opposite of *higher*; *alike* speaks against *tells apart*."""
    assert isinstance(f, IdentityFinding)  # noqa: S101
    for subject in f.subjects:
        if f.relative in {"higher", "lower"}:
            yield (subject, f"higher, {f.contrast}"), f.relative == "lower"
        else:
            yield (subject, f"distinguishes, {f.contrast}"), f.relative == "similar" and f.stance == "supports"


def _resistance(f: Finding) -> _About:
    assert isinstance(f, ResistanceFinding)  # noqa: S101
    if f.mechanism != "not told":
        for therapy in f.escaped or ("therapy not stated",):
            yield (f.mechanism, f"survives {therapy}"), False


_NAMELESS = frozenset({"other", "mutation or karyotype", "single gene or antigen", "gene-expression score",
                       "plasma or marrow protein", "risk score"})  # fmt: skip


def _surveillance(f: Finding) -> _About:
    """A test that says nothing without its subject is one by its markers and genes, or by the words of its contrast."""
    assert isinstance(f, SurveillanceFinding)  # noqa: S101
    if f.end_point == "not told":
        return
    of = ", ".join((*f.markers, *f.genes)) or f.contrast.of.casefold()
    test = f"{f.assay} ({of})" if f.assay in _NAMELESS else f.assay
    asked = {"test": "predicts", "treatment by test": "acted on, changes"}.get(
        f.contrast.kind, "by its measure, predicts"
    )
    yield (test, f"{asked} {f.end_point}"), False


def _target(f: Finding) -> _About:
    assert isinstance(f, TargetFinding)  # noqa: S101
    if f.aspect == "efficacy":
        yield (f"targeting {f.target}", f"efficacy: {f.end_point}"), False
    else:
        yield (
            (f.target, {"expression": "is expressed there", "safety": "is tolerated"}.get(f.aspect, "spares HSCs")),
            False,
        )


_ABOUT: dict[str, Callable[[Finding], _About]] = {
    "evolution": _evolution, "identity": _identity, "resistance": _resistance, "surveillance": _surveillance,
    "target": _target,
}  # fmt: skip

# What a reader wants to know of two findings that disagree, in this order.
_COMPARED = (
    "diseases", "study", "agents", "partners", "comparator", "modality", "stage", "escaped", "acquisition", "process",
    "cells", "assay", "fraction", "time_point", "threshold", "end_point", "contrast", "genes", "markers", "therapies",
    "directness", "level", "n",
)  # fmt: skip


def differences(one: Finding, other: Finding) -> tuple[Difference, ...]:
    """The fields in which they differ, with what each says; what neither or only one tells is told so."""
    found = []
    for name in _COMPARED:
        sides = [_said(getattr(f, name, None)) for f in (one, other)]
        if sides[0] != sides[1]:
            found.append(Difference(name.replace("_", " "), *(side or "not stated" for side in sides)))
    return tuple(found)


def _said(value: object) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        return ", ".join(sorted(map(str, value)))
    of, against = getattr(value, "of", None), getattr(value, "against", None)
    return (f"{of} versus {against}" if against else str(of)) if of else str(value)


def kind_of(one: Finding, other: Finding) -> tuple[str, str]:
    """Which kind of conflict two findings on one proposition are, and why."""
    tiers = sorted(TIER_OF.get(f.study, -1) for f in (one, other))
    if tiers[0] < PATIENTS <= tiers[1]:
        return NEARLY, "models or cells against patients"
    if PATIENTS < tiers[0] < tiers[1]:
        return NEARLY, "a lower phase against a higher"
    if tiers[0] != tiers[1]:
        return NEARLY, "another kind of study"
    named = [{*f.genes, *f.markers} for f in (one, other)]
    if all(named) and not named[0] & named[1]:
        return NEARLY, "other genes or markers"
    return SAME, "the same kind of study"


def find(findings: Iterable[Located]) -> list[Conflict]:
    """Every conflict, those on the same proposition first, then the strongest pair; whatever the order of input."""
    listed = [f for f in findings if f.finding.role is None]
    sides: dict[tuple[str, tuple[str, ...]], tuple[dict[str, Located], dict[str, Located]]] = defaultdict(
        lambda: ({}, {})
    )
    for located in listed:
        for statement in statements(located.finding):
            sides[statement.theme, statement.about][not statement.says][located.reference] = located
    study = {f.reference: name for name, of in independent(listed).items() for f in of}
    found: dict[tuple[str, str, str], list[Pair]] = defaultdict(list)
    for (theme, words), (yes, no) in sides.items():
        for one, other in product(yes.values(), no.values()):
            if one.entry.key != other.entry.key:
                kind, why = kind_of(one.finding, other.finding)
                same = ", from one cohort" if study[one.reference] == study[other.reference] else ""
                pair = Pair(one, other, kind, why + same)
                found[theme, ": ".join(words), kind].append(pair)
    # a pair that disagrees on several therapies at once is told once
    told: dict[tuple[str, ...], tuple[list[str], list[Pair]]] = {}
    for (_, about, kind), pairs in sorted(found.items(), key=lambda item: item[0]):
        pairs.sort(key=_weight)
        names = (kind, *(f"{p.one.reference} {p.other.reference}" for p in pairs))
        told.setdefault(names, ([], pairs))[0].append(about)
    made = [Conflict(_joined(abouts), names[0], tuple(pairs)) for names, (abouts, pairs) in told.items()]
    return sorted(made, key=lambda c: (c.kind != SAME, _weight(c.pairs[0]), c.about))


def _joined(abouts: list[str]) -> str:
    """`niche protection: survives cytarabine; survives venetoclax`."""
    first, *rest = abouts
    head = first.partition(": ")[0]
    return "; ".join([first, *(a.removeprefix(f"{head}: ") for a in rest)])


def of_entity(conflicts: Iterable[Conflict], findings: Iterable[Located]) -> list[Conflict]:
    """Those made of findings about one term alone, for its page."""
    own = {f.reference for f in findings}
    return [c for c in conflicts if all(f.reference in own for f in c.findings)]


def _weight(pair: Pair) -> tuple[str, int, str, str]:
    """The strongest first: by the weaker level of the two, then by kind of study."""
    levels = max(str(pair.one.finding.level), str(pair.other.finding.level))
    kinds = max(STUDY_ORDER[f.finding.study] for f in (pair.one, pair.other))
    return levels, kinds, pair.one.reference, pair.other.reference
