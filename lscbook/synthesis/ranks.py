"""How sure a ranking is: simultaneous confidence sets of ranks.

A percentile interval of bootstrapped ranks is wrong where items lie near each other: resampled ranks scatter about the
ranks that chance gave, not about the true ones. Sets of ranks come from pairwise differences instead: whoever is
surely above an item, all comparisons taken together, stands above it in each rank of its set (Mogstad, Romano,
Shaikh, Wilhelm: Inference for Ranks with Applications to Mobility across Neighbourhoods and Academic Achievement
across Countries, Review of Economic Studies 2024, 91:476).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lscbook.errors import NotEstimable

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
DRAWS = 1000
LEVEL = 0.95
SEED = 20260101


@dataclass(frozen=True)
class RankSets:
    """For each item its rank, the best and the worst of its set; 1 is the largest estimate.

    Equal estimates share the best of their ranks.
    """

    rank: Ints
    best: Ints
    worst: Ints


def rank_sets(estimates: Floats, draws: Floats, level: float = LEVEL) -> RankSets:
    """Sets that hold every item's true rank at once with probability `level`.

    Args:
        estimates: one number an item.
        draws: what the estimates did in each resample, less the estimates: rows are resamples.
        level: of the sets taken together, not of each one.

    Raises:
        NotEstimable: fewer than two items, or fewer resamples than the level needs.
    """
    items = len(estimates)
    if items < 2:
        raise NotEstimable("a ranking needs two items at least")
    if len(draws) < 1 / (1 - level):
        raise NotEstimable(f"{len(draws)} resamples are too few for sets at {level:.0%}")
    spread = np.array([(draws - draws[:, [i]]).std(axis=0) for i in range(items)])
    spread[spread == 0] = np.inf  # a difference that never varies is known of no resample: it decides nothing
    largest = np.zeros(len(draws))
    for i in range(items):
        np.maximum(largest, np.abs((draws - draws[:, [i]]) / spread[i]).max(axis=1), out=largest)
    critical = np.quantile(largest, level)
    above = (estimates[None, :] - estimates[:, None]) / spread  # [i, j]: by how much j lies above i
    best = 1 + (above > critical).sum(axis=1)
    worst = items - (above < -critical).sum(axis=1)
    rank = 1 + (estimates[None, :] > estimates[:, None]).sum(axis=1)
    return RankSets(rank, best, worst)


def of_sums(parts: Floats, level: float = LEVEL, draws: int = DRAWS, seed: int = SEED) -> RankSets:
    """Sets for items whose estimates are the sums of what independent studies bring: rows studies, columns items.

    Both how many studies there are and what they bring varies, as in a compound Poisson sum; each study is weighted
    by a normal multiplier.
    """
    noise = np.random.default_rng(seed).standard_normal((draws, len(parts)))
    return rank_sets(parts.sum(axis=0), noise @ parts, level)


def percentile_intervals(samples: Floats, level: float = LEVEL, draws: int = DRAWS, seed: int = SEED) -> RankSets:
    """What not to do, kept to show it: percentiles of the ranks of resampled means; rows samples, columns items."""
    chance = np.random.default_rng(seed)
    rows = len(samples)
    means = np.array([samples[chance.integers(rows, size=rows)].mean(axis=0) for _ in range(draws)])
    ranks = 1 + (-means).argsort(axis=1).argsort(axis=1)
    tail = (1 - level) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=0, method="nearest")
    own = 1 + (-samples.mean(axis=0)).argsort().argsort()
    return RankSets(own, low.astype(int), high.astype(int))
