"""Screening replayed: had papers been read in this order, after how many would 95 of 100 relevant ones be found?

Nothing of the future is known: models learn from papers published before those that they rank, and then from each
paper of these once it was read, as in a screening that goes on. WSS@95, work saved over sampling (Cohen et al. 2006),
is the share of papers that nobody had to read when 95 % were found, less the 5 % that chance would save.

How sure a figure is comes from halves: each seed draws half of the papers to be ranked, every contender has the same
half, and so differences are paired. The spread over halves drawn without replacement is that of the whole sample
(delete-half jackknife, Shao and Wu 1989), which the spread over seeds of one fixed sample is not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from lscbook.errors import NotEstimable
from lscbook.screening.features import Features
from lscbook.screening.ordering import SEED, Flags, Scorer, Vector, Vectoriser

FEWEST = 10  # relevant papers in a pool, below which nothing is said
Places = npt.NDArray[np.int64]
Order = list[int]


@dataclass(frozen=True)
class Papers:
    """The papers of a replay; everything is aligned. `asked` is how many of our query's parts find each."""

    keys: tuple[str, ...]
    included: Flags
    texts: tuple[str, ...]
    features: tuple[Features, ...]
    asked: Vector


@dataclass(frozen=True)
class Split:
    """What is known at the start, and what is then to be read: places among the papers, earlier and later ones."""

    name: str
    prior: Places
    pool: Places

    def half(self, seed: int) -> "Split":
        """Half of what is to be read, drawn without replacement."""
        drawn = np.random.default_rng(seed).permutation(self.pool)[: len(self.pool) // 2]
        return Split(self.name, self.prior, np.sort(drawn))


@dataclass(frozen=True)
class Measured:
    """WSS@95 of one contender: of the whole pool, and of each half, by seed."""

    whole: float
    halves: Vector

    def interval(self) -> tuple[float, float]:
        """The middle 95 % of the halves."""
        return between(self.halves)


Contender = Callable[[Papers, Split, int], Order]


def temporal(name: str, years: Sequence[int], first: int, last: int, keep: Flags, fewest: int = FEWEST) -> Split:
    """Papers of the years `first` to `last` are ranked by what was published before; `keep` says which are asked for.

    Raises:
        NotEstimable: too few papers.
    """
    when = np.asarray(years)
    split = Split(name, np.flatnonzero(when < first), np.flatnonzero((when >= first) & (when <= last) & keep))
    if len(split.prior) < fewest or len(split.pool) < 2 * fewest:
        raise NotEstimable(f"{name}: {len(split.prior)} papers before and {len(split.pool)} after are too few")
    return split


def wss(found: Sequence[bool] | Flags, recall: float = 0.95) -> float:
    """Work saved over sampling: `found` is whether each paper was relevant, in the order in which they were read.

    >>> wss([True] * 19 + [False] * 81, recall=1.0)
    0.81

    Raises:
        NotEstimable: nothing relevant is there to be found.
    """
    labels = np.asarray(found, dtype=bool)
    if not labels.any():
        raise NotEstimable("no paper is relevant; there is nothing to find")
    needed = ceil(recall * int(labels.sum()) - 1e-9)
    read = int(np.flatnonzero(labels.cumsum() >= needed)[0]) + 1
    return (len(labels) - read) / len(labels) - (1 - recall)


def best(included: Flags, recall: float = 0.95) -> float:
    """WSS where every relevant paper stands first."""
    return wss(np.sort(included)[::-1], recall)


def chance(_papers: Papers, split: Split, seed: int) -> Order:
    """Papers in no order."""
    return [int(place) for place in np.random.default_rng([seed, SEED]).permutation(split.pool)]


def keywords(papers: Papers, split: Split, _seed: int) -> Order:
    """Those that most parts of our query find first; nothing is learned."""
    return [int(place) for place in split.pool[np.argsort(-papers.asked[split.pool], kind="stable")]]


def elas_u4(papers: Papers, split: Split, _seed: int) -> Order:
    """ASReview's ELAS u4, rebuilt from its published settings: what our own must beat."""
    places = np.concatenate([split.prior, split.pool])
    matrix = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95).fit_transform(
        [papers.texts[place] for place in places]
    )
    row = {int(place): number for number, place in enumerate(places)}

    def scores(known: Order, included: Flags, unread: Order) -> Vector:
        weights = np.where(included, 1.0, included.sum() / (9.8 * (~included).sum()))
        model = LinearSVC(C=0.11, random_state=SEED)
        model.fit(matrix[[row[p] for p in known]], included, sample_weight=weights * len(weights) / weights.sum())
        return np.asarray(model.decision_function(matrix[[row[p] for p in unread]]))

    return replayed(papers, split, scores)


def ours(papers: Papers, split: Split, _seed: int) -> Order:
    """Our model, which learns as it goes."""
    places = [int(place) for place in (*split.prior, *split.pool)]
    read = [papers.features[place] for place in places]
    space = Vectoriser.of(read).space(read)
    row = {place: number for number, place in enumerate(places)}

    def scores(known: Order, included: Flags, unread: Order) -> Vector:
        return Scorer.fit(space.rows([row[p] for p in known]), included).scores(space.rows([row[p] for p in unread]))

    return replayed(papers, split, scores)


def ours_once(papers: Papers, split: Split, _seed: int) -> Order:
    """Our model as `rank` uses it: it learns from what was known at the start, and then no more."""
    vectoriser = Vectoriser.of([papers.features[place] for place in split.prior])
    known = vectoriser.space([papers.features[place] for place in split.prior])
    scorer = Scorer.fit(known.matrices, papers.included[split.prior])
    scores = scorer.scores(vectoriser.space([papers.features[place] for place in split.pool]).matrices)
    return [int(place) for place in split.pool[np.argsort(-scores, kind="stable")]]


def replayed(papers: Papers, split: Split, scores: Callable[[Order, Flags, Order], Vector]) -> Order:
    """Read the paper with the highest score, learn from it, and go on until nothing relevant is left unread."""
    known = [int(place) for place in split.prior]
    unread = [int(place) for place in split.pool]
    order: Order = []
    while unread and papers.included[unread].any():
        at = int(np.argmax(scores(known, papers.included[known], unread)))
        order.append(unread[at])
        known.append(unread.pop(at))
    return order + unread


def measured(papers: Papers, split: Split, contender: Contender, seeds: int, recall: float = 0.95) -> Measured:
    """WSS of one contender.

    Raises:
        NotEstimable: fewer than ten relevant papers are there to be found.
    """
    if (number := int(papers.included[split.pool].sum())) < FEWEST:
        raise NotEstimable(f"{split.name}: {number} relevant papers are too few to say how soon they are found")
    parts = [split, *(split.half(seed) for seed in range(seeds))]
    return of_orders(papers, [contender(papers, part, seed) for seed, part in enumerate(parts)], recall)


def of_orders(papers: Papers, orders: Sequence[Order], recall: float = 0.95) -> Measured:
    """WSS of orders that somebody made: of the whole pool first, then of each half."""
    saved = [wss(papers.included[order], recall) for order in orders]
    return Measured(saved[0], np.asarray(saved[1:]))


def between(values: Vector) -> tuple[float, float]:
    """The middle 95 % of values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def reliability(chances: Vector, included: Flags, bins: int = 5) -> list[tuple[float, float, int]]:
    """Mean chance told, share that was included, and number of papers, from the lowest fifth to the highest."""
    order = np.argsort(chances, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [(float(chances[p].mean()), float(included[p].mean()), len(p)) for p in parts]


def brier(chances: Vector, included: Flags) -> float:
    """Mean squared distance of the chances told from what came: 0 is perfect.

    >>> brier(np.array([1.0, 0.5]), np.array([True, False]))
    0.125
    """
    return float(np.mean((chances - included) ** 2))


CONTENDERS: Mapping[str, Contender] = {
    "random order": chance,
    "keyword order": keywords,
    "ELAS u4, rebuilt": elas_u4,
    "ours, learning as it goes": ours,
    "ours, learned once": ours_once,
}
