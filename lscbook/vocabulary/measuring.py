"""How well an annotator finds what others say of the same documents: counts, precision and recall with intervals.

A document is a set of terms, not of places: neither MeSH nor CIViC says where in a text a term stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from scipy.stats import binomtest

LEAST = 10  # of fewer cases a rate says nothing, and none is given


@dataclass(frozen=True)
class Rate:
    """A share of `of` cases with its 95 % interval after Wilson."""

    of: int
    value: float
    low: float
    high: float


def rate(right: int, of: int) -> Rate | None:
    """The share, or None of fewer than `LEAST` cases.

    >>> rate(81, 263)
    Rate(of=263, value=0.308, low=0.255, high=0.366)
    >>> rate(9, 9) is None
    True
    """
    if of < LEAST:
        return None
    low, high = binomtest(right, of).proportion_ci(0.95, method="wilson")
    return Rate(of, round(right / of, 3), round(float(low), 3), round(float(high), 3))


@dataclass(frozen=True)
class Judgement:
    """What others say of a document: the terms that it `names`, and those that it `may` name, held against nobody."""

    names: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Score:
    """Document and term, each pair once: found and named, named and missed, found and not named."""

    documents: int
    right: frozenset[tuple[str, str]]
    missed: frozenset[tuple[str, str]]
    wrong: frozenset[tuple[str, str]]

    @cached_property
    def recall(self) -> Rate | None:
        """Of what is named, the share that was found."""
        return rate(len(self.right), len(self.right) + len(self.missed))

    @cached_property
    def precision(self) -> Rate | None:
        """Of what was found, the share that is named."""
        return rate(len(self.right), len(self.right) + len(self.wrong))


def score(judgements: Mapping[str, Judgement], found: Mapping[str, Iterable[str]], judged: frozenset[str]) -> Score:
    """Hold what was found in each document against its judgement; terms outside `judged` count nowhere.

    >>> told = {"1": Judgement(frozenset({"AML"})), "2": Judgement(may=frozenset({"AML"})), "3": Judgement()}
    >>> s = score(told, {"1": ["AML", "TP53"], "2": ["AML"], "3": ["AML"]}, frozenset({"AML"}))
    >>> sorted(s.right), sorted(s.missed), sorted(s.wrong)
    ([('1', 'AML')], [], [('3', 'AML')])
    """
    right, missed, wrong = set(), set(), set()
    for key, judgement in judgements.items():
        here = frozenset(found.get(key, ())) & judged
        named = judgement.names & judged
        right |= {(key, term) for term in here & named}
        missed |= {(key, term) for term in named - here}
        wrong |= {(key, term) for term in here - named - judgement.may}
    return Score(len(judgements), frozenset(right), frozenset(missed), frozenset(wrong))
