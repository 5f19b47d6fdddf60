"""In which order lesions come: Bradley-Terry over pairs of which one was acquired before the other.

A pair has one vote of each independent study. It comes from `before`, or from two lesions that one study places at
different stages, or from two studies that place them, each its own: then the votes of all are scaled to as
many as there are independent comparisons (the fewer of the two numbers of studies). What does not support is no vote:
that A is not before B says nothing of B before A, except where the opposite was shown.

The strengths are those of `choix` (Maystre's spectral algorithm, with a little regularisation, without which a lesion
that never came second has none). How sure the order is comes from resampling the studies and fitting again, and from
simultaneous sets of ranks.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from lscbook.errors import NotEstimable
from lscbook.evidence.fields import BY_THEME
from lscbook.evidence.findings import EvolutionFinding
from lscbook.evidence.store import Evidence, LocatedIn
from lscbook.synthesis import ranks
from lscbook.synthesis.studies import independent

STAGES = next(f for f in BY_THEME["evolution"].fields if f.name == "order").allowed
Votes = Mapping[tuple[str, str], float]  # (earlier, later): votes
REGULARISED = 0.1
RESAMPLES = 400
LEAST_LESIONS = 3
WHOLE = 1 - 1e-9  # a vote of one independent study
# Diseases of another course, whose founding lesion says nothing of the order in MDS and AML.
APART = frozenset({"CML", "BPDCN"})


@dataclass(frozen=True)
class Placed:
    """What one independent study says: pairs that it orders, and the mean stage of each lesion that it places."""

    study: str
    before: frozenset[tuple[str, str]]
    stage: Mapping[str, float]
    references: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """Lesions, the earliest first, with their sets of ranks; those left out; the pairs that say the contrary."""

    lesions: tuple[str, ...]
    strength: tuple[float, ...]
    sets: ranks.RankSets
    studies: int
    left_out: tuple[str, ...]
    votes: Votes

    @property
    def contrary(self) -> list[tuple[str, str, float, float]]:
        """Pairs with a whole vote each way: earlier by the order, later, votes with it, votes against it."""
        found = []
        for one, other in combinations(self.lesions, 2):
            with_, against = self.votes.get((one, other), 0.0), self.votes.get((other, one), 0.0)
            if min(with_, against) >= WHOLE:
                found.append((one, other, with_, against))
        return sorted(found, key=lambda p: (-p[3], p[0], p[1]))


def placed(findings: Iterable[LocatedIn[EvolutionFinding]]) -> list[Placed]:
    """What each independent study says of the order of lesions; the order of the findings is of no matter."""
    made = []
    for study, of in independent(findings).items():
        before: set[tuple[str, str]] = set()
        stages: dict[str, set[int]] = defaultdict(set)
        for located in of:
            f = located.finding
            turned = f.stance == "does_not_support" and f.reason == "opposite shown"
            if f.stance == "supports" or turned:
                pairs = ((p.then, p.first) if turned else (p.first, p.then) for p in f.before)
                before |= set(pairs)
            if f.stance == "supports" and f.order:
                for lesion in f.lesions:
                    stages[lesion].add(STAGES.index(f.order))
        both = {p for p in before if p[::-1] in before}  # one study that says both says neither
        if before or stages:
            middle = {lesion: mean(told) for lesion, told in sorted(stages.items())}
            made.append(Placed(study, frozenset(before - both), middle, tuple(f.reference for f in of)))
    return made


class Ballots:
    """The votes of all studies, ready to be counted again and again under the weights of a resample."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        named = {lesion for p in placed for pair in p.before for lesion in pair}
        self.lesions = sorted(named | {lesion for p in placed for lesion in p.stage})
        at = {lesion: i for i, lesion in enumerate(self.lesions)}
        # a study whose stages order two lesions as its own words do has one vote for it, not two
        pairs = [
            (row, at[first], at[then])
            for row, p in enumerate(placed)
            for first, then in sorted(p.before)
            if not (first in p.stage and then in p.stage and p.stage[first] < p.stage[then])
        ]
        self._pairs = np.array(pairs, dtype=int).reshape(-1, 3)
        stages = sorted({stage for p in placed for stage in p.stage.values()})
        self._staged = np.zeros((len(stages), len(self.lesions), len(placed)))
        for row, p in enumerate(placed):
            for lesion, stage in p.stage.items():
                self._staged[stages.index(stage), at[lesion], row] = 1
        self.studies = len(placed)

    def count(self, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Votes that the row's lesion is earlier than the column's, each study as often as a resample has it."""
        each = np.ones(self.studies) if weights is None else weights
        table = np.zeros((len(self.lesions), len(self.lesions)))
        study, first, then = self._pairs.T
        np.add.at(table, (first, then), each[study])
        if len(self._staged):
            told = self._staged @ each  # by stage and lesion: studies that place it there
            after = told[::-1].cumsum(axis=0)[::-1] - told
            number = told.sum(axis=0)
            independent_ = np.maximum(number[:, None], number[None, :])
            table += np.divide(told.T @ after, independent_, out=np.zeros_like(table), where=independent_ > 0)
        return table

    def votes(self) -> dict[tuple[str, str], float]:
        """Pairs (earlier, later) with a vote, each study counted once."""
        table = self.count()
        return {(self.lesions[i], self.lesions[j]): float(table[i, j]) for i, j in zip(*table.nonzero(), strict=True)}


def connected(votes: Votes) -> tuple[list[str], list[str]]:
    """The lesions that pairs join into the largest group, and the others, which cannot be held against them.

    Of groups alike in size, that with more votes is taken, then that of the first name.
    """
    neighbours: dict[str, set[str]] = defaultdict(set)
    for one, other in votes:
        neighbours[one].add(other)
        neighbours[other].add(one)
    groups: list[set[str]] = []
    left = sorted(neighbours)
    while left:
        group, front = set(), [left[0]]
        while front:
            lesion = front.pop()
            if lesion not in group:
                group.add(lesion)
                front += neighbours[lesion]
        groups.append(group)
        left = [lesion for lesion in left if lesion not in group]
    weight = {id(g): sum(v for pair, v in votes.items() if pair[0] in g) for g in groups}
    groups.sort(key=lambda g: (-len(g), -weight[id(g)], min(g)))
    return sorted(groups[0]) if groups else [], sorted(lesion for g in groups[1:] for lesion in g)


def strengths(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bradley-Terry's strength of each lesion, of votes that the row's is earlier: the larger, the earlier."""
    import choix  # noqa: PLC0415  brings scipy.stats: more than a second for whoever draws another figure

    return np.asarray(choix.ilsr_pairwise_dense(table, alpha=REGULARISED, max_iter=1000), dtype=np.float64)


def of(findings: Iterable[LocatedIn[EvolutionFinding]], seed: int = ranks.SEED) -> Order:
    """The order of the lesions that pairs join, and how sure it is.

    Raises:
        NotEstimable: pairs join fewer than three lesions, or all come from one study.
    """
    said = placed(findings)
    ballots = Ballots(said)
    cast = ballots.votes()
    joined, _ = connected(cast)
    if len(joined) < LEAST_LESIONS:
        raise NotEstimable(f"pairs join {len(joined)} lesions; an order needs {LEAST_LESIONS} at least")
    if len(said) < 2:
        raise NotEstimable("all pairs come from one study; nothing tells how sure their order is")
    rows = np.array([ballots.lesions.index(lesion) for lesion in joined])
    among = np.ix_(rows, rows)
    estimates = strengths(ballots.count()[among])
    chance = np.random.default_rng(seed)
    share = [1 / len(said)] * len(said)
    draws = np.array(
        [
            strengths(ballots.count(chance.multinomial(len(said), share).astype(float))[among]) - estimates
            for _ in range(RESAMPLES)
        ]
    )
    estimates = estimates.round(9)  # what only the last digits part is alike
    sets = ranks.rank_sets(estimates, draws)
    first = sorted(range(len(joined)), key=lambda i: (-estimates[i], joined[i]))
    return Order(
        tuple(joined[i] for i in first),
        tuple(float(estimates[i]) for i in first),
        ranks.RankSets(sets.rank[first], sets.best[first], sets.worst[first]),
        len(said),
        tuple(sorted(set(ballots.lesions) - set(joined))),
        cast,
    )


def of_evidence(evidence: Evidence) -> Order:
    """The order in MDS, AML and what comes before them: findings on a disease of another course alone stay out.

    Raises:
        NotEstimable: see `of`.
    """
    return of(f for f in evidence.of_type(EvolutionFinding) if not set(f.finding.diseases) <= APART)


def of_cases(pairs: Iterable[tuple[str, str, str]], least: int = 1) -> dict[str, float]:
    """Strengths of the lesions of a cohort whose cases are told one by one: (case, earlier, later), once a case.

    Left out are lesions that fewer than `least` cases place, and those that no pair joins to the others.
    """
    cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    of_lesion: dict[str, set[str]] = defaultdict(set)
    for case, first, then in pairs:
        if first != then:
            cases[first, then].add(case)
            of_lesion[first].add(case)
            of_lesion[then].add(case)
    cast = {p: float(len(c)) for p, c in cases.items() if min(len(of_lesion[lesion]) for lesion in p) >= least}
    joined, _ = connected(cast)
    table = np.array([[cast.get((one, other), 0.0) for other in joined] for one in joined])
    return dict(zip(joined, strengths(table).tolist(), strict=True))


def agreement(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[float, int]:
    """Kendall's tau (b, for ties) of two orders over the lesions that both have, and how many these are.

    Raises:
        NotEstimable: they share fewer than three lesions.
    """
    from scipy.stats import kendalltau  # noqa: PLC0415  slow to import, and only here

    shared = sorted(set(one) & set(other))
    if len(shared) < LEAST_LESIONS:
        raise NotEstimable(f"the two orders share {len(shared)} lesions; {LEAST_LESIONS} are needed")
    tau = kendalltau([one[lesion] for lesion in shared], [other[lesion] for lesion in shared])
    return float(tau.statistic), len(shared)
