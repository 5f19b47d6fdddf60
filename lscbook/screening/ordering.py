"""The order in which papers are best read: the chance that a curator includes each, and why.

Two linear classifiers read a paper, and their scores are added, each in units of its own spread over the papers that it
learned from: one has its words and pairs of words, as ASReview's ELAS u4 has; the other its single words without stop
words, and what our domain says of it (`features`). A sum of linear scores stays a sum of words and terms, so that the
reasons are the model itself and no story about it. The score becomes a probability by a logistic curve (Platt), fitted
on scores that each labelled paper had from models that had not seen it.

scikit-learn is imported here and nowhere else: `requirements-triage.txt` has it, the book is built without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from lscbook.errors import NotEstimable
from lscbook.screening.features import Features

SEED = 16
FEWEST = 10  # labels of each kind, below which nothing is learned
FOLDS = 5
REASONS = 5
STRENGTH, RATIO = 0.5, 2.0  # of the classifiers: how closely they follow the labels; weight of papers out to papers in
Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Space:
    """The two matrices of a set of papers, a row a paper."""

    matrices: tuple[Any, Any]

    def rows(self, chosen: Any) -> tuple[Any, Any]:
        """Rows of both."""
        return self.matrices[0][chosen], self.matrices[1][chosen]


@dataclass(frozen=True)
class Vectoriser:
    """How papers become rows; learned from the texts of some, and from no label."""

    pairs: Any
    words: Any
    terms: Any

    @classmethod
    def of(cls, papers: Sequence[Features]) -> "Vectoriser":
        """Learn words and terms."""
        texts = [paper.words for paper in papers]
        return cls(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95).fit(texts),
            TfidfVectorizer(stop_words=sorted(ENGLISH_STOP_WORDS), sublinear_tf=True, max_df=0.95).fit(texts),
            DictVectorizer().fit([paper.terms for paper in papers]),
        )

    def space(self, papers: Sequence[Features]) -> Space:
        """The rows of these papers."""
        texts = [paper.words for paper in papers]
        domain = sparse.hstack([self.words.transform(texts), self.terms.transform([p.terms for p in papers])])
        return Space((self.pairs.transform(texts), domain.tocsr()))

    @cached_property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The name of each column of both matrices."""
        return (
            tuple(self.pairs.get_feature_names_out()),
            (*self.words.get_feature_names_out(), *self.terms.get_feature_names_out()),
        )


@dataclass(frozen=True)
class Scorer:
    """Two fitted classifiers: coefficients, already divided by the spread of their scores, and intercepts."""

    coefficients: tuple[Vector, Vector]
    intercept: float

    @classmethod
    def fit(cls, rows: tuple[Any, Any], included: Flags) -> "Scorer":
        """Learn from papers and whether each is in."""
        weights = np.where(included, 1.0, included.sum() / (RATIO * (~included).sum()))
        weights *= len(weights) / weights.sum()
        coefficients, intercept = [], 0.0
        for matrix in rows:
            model = LinearSVC(C=STRENGTH, random_state=SEED).fit(matrix, included, sample_weight=weights)
            spread = float(model.decision_function(matrix).std()) or 1.0
            coefficients.append(model.coef_.ravel() / spread)
            intercept += float(model.intercept_[0]) / spread
        return cls((coefficients[0], coefficients[1]), intercept)

    def scores(self, rows: tuple[Any, Any]) -> Vector:
        """One number a paper; more means sooner."""
        one, other = (matrix @ coefficient for matrix, coefficient in zip(rows, self.coefficients, strict=True))
        return np.asarray(one + other + self.intercept, dtype=np.float64)


@dataclass(frozen=True)
class Ranker:
    """A model that has learned from labels; it gives a probability and reasons."""

    vectoriser: Vectoriser
    scorer: Scorer
    slope: float
    offset: float

    @classmethod
    def fit(
        cls,
        papers: Sequence[Features],
        included: Sequence[bool],
        typical: Sequence[bool] | None = None,
    ) -> "Ranker":
        """Learn from labelled papers.

        Args:
            papers: what was read.
            included: whether each is in.
            typical: which of them are like those to be ranked; probabilities are fitted on these alone, because
                papers that were looked up on purpose are in more often than what a harvest brings.

        Raises:
            NotEstimable: fewer than ten typical papers in, or out.
        """
        known = np.asarray(included, dtype=bool)
        like = np.ones(len(known), dtype=bool) if typical is None else np.asarray(typical, dtype=bool)
        for name, number in (("in", (known & like).sum()), ("out", (~known & like).sum())):
            if number < FEWEST:
                raise NotEstimable(f"{number} papers were judged {name}; fewer than {FEWEST} teach nothing")
        vectoriser = Vectoriser.of(papers)
        space = vectoriser.space(papers)
        curve = LogisticRegression().fit(_unseen(space, known)[like].reshape(-1, 1), known[like])
        scorer = Scorer.fit(space.matrices, known)
        return cls(vectoriser, scorer, float(curve.coef_[0, 0]), float(curve.intercept_[0]))

    def probabilities(self, papers: Sequence[Features]) -> Vector:
        """The chance that each is included."""
        scores = self.scorer.scores(self.vectoriser.space(papers).matrices)
        return np.asarray(1 / (1 + np.exp(-(self.slope * scores + self.offset))), dtype=np.float64)

    def reasons(self, papers: Sequence[Features], most: int = REASONS) -> list[tuple[str, ...]]:
        """The weightiest words and terms of each paper, with their sign: `+` speaks for reading, `−` against."""
        told: list[dict[str, float]] = [{} for _ in papers]
        matrices = self.vectoriser.space(papers).matrices
        for matrix, weights, names in zip(matrices, self.scorer.coefficients, self.vectoriser.names, strict=True):
            cells = matrix.tocoo()
            for row, column, weight in zip(cells.row, cells.col, cells.data * weights[cells.col], strict=True):
                if weight:
                    told[row][names[column]] = told[row].get(names[column], 0.0) + float(weight)
        return [_weightiest(weighed, most) for weighed in told]


@dataclass(frozen=True)
class Themer:
    """Which chapter a paper feeds, learned from the words of papers whose findings stand in one."""

    words: Any
    model: Any

    @classmethod
    def fit(cls, papers: Sequence[Features], themes: Sequence[str]) -> "Themer":
        """Learn from papers and the theme of most of their findings.

        Raises:
            NotEstimable: all papers have one theme.
        """
        if len(set(themes)) < 2:
            raise NotEstimable("papers of two chapters at least are needed to tell chapters apart")
        words = TfidfVectorizer(stop_words=sorted(ENGLISH_STOP_WORDS), sublinear_tf=True)
        matrix = words.fit_transform([paper.words for paper in papers])
        return cls(words, LinearSVC(random_state=SEED, class_weight="balanced").fit(matrix, themes))

    def themes(self, papers: Sequence[Features]) -> list[str]:
        """The likeliest chapter of each."""
        return [str(theme) for theme in self.model.predict(self.words.transform([paper.words for paper in papers]))]


def _unseen(space: Space, known: Flags) -> Vector:
    """The score of each paper by a model that had learned from others."""
    scores = np.zeros(len(known))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for learned, held in folds.split(space.matrices[0], known):
        scores[held] = Scorer.fit(space.rows(learned), known[learned]).scores(space.rows(held))
    return scores


def _weightiest(weighed: dict[str, float], most: int) -> tuple[str, ...]:
    named = [(name, weight) for name, weight in weighed.items() if not _stop(name)]
    first = sorted(named, key=lambda item: (-abs(item[1]), item[0]))[:most]
    return tuple(f"{'+' if weight > 0 else '−'} {name}" for name, weight in first)


def _stop(name: str) -> bool:
    """Whether a word, or each of two, says nothing by itself."""
    return all(part in ENGLISH_STOP_WORDS for part in name.split())
