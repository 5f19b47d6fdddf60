"""Pooled effects: per assay, time point, end point and contrast, and only where three independent cohorts bear it.

Random effects: tau² by restricted maximum likelihood, the interval after Hartung and Knapp (never narrower than the
ordinary one, which it can be where few cohorts agree by chance), and the interval in which the next cohort would lie.
Where a cell does not qualify, the forest stands without a diamond and says why.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from lscbook.errors import NotEstimable
from lscbook.evidence.fields import RATIOS
from lscbook.evidence.findings import SurveillanceFinding
from lscbook.evidence.store import Evidence, LocatedIn
from lscbook.synthesis.frames import good_side_first, turned
from lscbook.synthesis.studies import independent

LEAST = 3
Floats = NDArray[np.float64]
# Normal quantiles of the levels that an interval may have, to turn its width into a standard error.
QUANTILE = {"80": 1.2815515655, "90": 1.6448536270, "95": 1.9599639845, "99": 2.5758293035}
LEVEL = 0.95


@dataclass(frozen=True)
class Pooled:
    """A pooled effect on the scale it was given in, with its interval and that of the next cohort."""

    estimate: float
    low: float
    high: float
    next_low: float
    next_high: float
    tau2: float
    number: int

    def inverse(self) -> "Pooled":
        """Of ratios: those of the other side over this one; low stays the lower end."""
        low, high, next_low, next_high = 1 / self.high, 1 / self.low, 1 / self.next_high, 1 / self.next_low
        return Pooled(1 / self.estimate, low, high, next_low, next_high, self.tau2, self.number)


def pooled(effects: Sequence[float], variances: Sequence[float], level: float = LEVEL) -> Pooled:
    """Random effects by REML with Hartung and Knapp's interval and the prediction interval (t with k - 2).

    Raises:
        NotEstimable: fewer than three effects, or one without a positive variance.
    """
    from scipy.stats import t  # noqa: PLC0415  slow to import, and only here

    y, v = np.asarray(effects, dtype=float), np.asarray(variances, dtype=float)
    k = len(y)
    if k < LEAST:
        raise NotEstimable(f"{k} independent cohorts; pooling needs {LEAST} at least")
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise NotEstimable("an effect has no standard error")
    tau2 = _tau2(y, v)
    w = 1 / (v + tau2)
    mean = float((w * y).sum() / w.sum())
    scatter = float((w * (y - mean) ** 2).sum() / (k - 1))
    error = sqrt(max(1.0, scatter) / w.sum())
    wide = float(t.ppf((1 + level) / 2, k - 1)) * error
    next_ = float(t.ppf((1 + level) / 2, k - 2)) * sqrt(tau2 + error**2)
    return Pooled(mean, mean - wide, mean + wide, mean - next_, mean + next_, tau2, k)


def _tau2(y: Floats, v: Floats) -> float:
    """The variance between cohorts that makes the restricted likelihood largest, 0 where it is largest at 0."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415

    def lost(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        return float((np.log(v + tau2).sum() + np.log(w.sum()) + (w * (y - mean) ** 2).sum()) / 2)

    most = 10 * (y.var(ddof=1) + v.max())
    found = minimize_scalar(lost, bounds=(0, most), method="bounded", options={"xatol": 1e-10 * max(1.0, most)})
    return 0.0 if lost(0.0) <= found.fun else float(found.x)


@dataclass(frozen=True)
class Cell:
    """What may be pooled together: one measure of one test at one time for one end point and contrast."""

    assay: str
    time_point: str
    end_point: str
    contrast: str
    measure: str

    @property
    def name(self) -> str:
        """In words, as the line of a forest has it."""
        return f"{self.assay}, {self.time_point}: {self.end_point} ({self.contrast}, {self.measure})"


@dataclass(frozen=True)
class Answer:
    """A cell with the effects that it holds, one a cohort, and the pooled ratio or why there is none.

    `ratio` is of the sides as the cell names them, the bad side of a test first.
    """

    cell: Cell
    used: tuple[LocatedIn[SurveillanceFinding], ...]
    ratio: Pooled | None
    why: str

    @property
    def turned(self) -> bool:
        """Whether a forest shows the ratio inverted, as it does the effects of the cell."""
        return turned(self.cell.end_point)

    @property
    def shown(self) -> Pooled | None:
        """The ratio as a forest shows it: worse right of 1."""
        return self.ratio.inverse() if self.ratio and self.turned else self.ratio


NOT_TOLD = "time not told"
_UNNAMED = frozenset({"other", "MRD, any method"})


def cell_of(located: LocatedIn[SurveillanceFinding]) -> Cell:
    """The cell of a finding, the bad side of its test first; a test is one by its markers and genes too."""
    f = located.finding
    named = ", ".join(sorted((*f.markers, *f.genes)))
    sides = [f.contrast.of, f.contrast.against or "not told"]
    if good_side_first(f.contrast):
        sides.reverse()
    kind = "" if f.contrast.kind == "test" else f"{f.contrast.kind}: "
    measure = f.effect.measure if f.effect else ""
    test = f"{f.assay} of {named}" if named else f.assay
    return Cell(test, f.time_point or NOT_TOLD, f.end_point, kind + " against ".join(sides).casefold(), measure)


def answers(evidence: Evidence, among: frozenset[str] | None = None) -> list[Answer]:
    """Every cell with a ratio and its interval: pooled where it qualifies, else with the reason in words.

    Left out are indirect findings and ratios per step of a measure; `among` keeps those of these references. A cohort
    with several effects in a cell gives the one of the most people, then the most precise.
    """
    cells: dict[Cell, list[LocatedIn[SurveillanceFinding]]] = defaultdict(list)
    for located in evidence.of_type(SurveillanceFinding):
        f = located.finding
        usable = f.effect and f.effect.measure in RATIOS and f.effect.ci and f.directness == "direct"
        if usable and f.contrast.kind != "per unit" and (among is None or located.reference in among):
            cells[cell_of(located)].append(located)
    return [_answer(cell, found) for cell, found in sorted(cells.items(), key=lambda item: item[0].name)]


def _answer(cell: Cell, found: list[LocatedIn[SurveillanceFinding]]) -> Answer:
    used = tuple(
        min(of, key=lambda f: (-int(f.finding.n or 0), variance(f) or float("inf"), f.reference))
        for of in independent(found).values()
    )
    if cell.time_point == NOT_TOLD:
        return Answer(cell, used, None, "not pooled: when it was measured is not told")
    if cell.assay in _UNNAMED:
        return Answer(cell, used, None, "not pooled: which test it was is not told")
    if len(used) < LEAST:
        return Answer(
            cell, used, None, f"not pooled: {len(used)} independent cohort{'s' * (len(used) > 1)}, three are needed"
        )
    sized = [(f, v) for f in used if (v := variance(f))]
    if len(sized) < len(used):
        return Answer(cell, used, None, "not pooled: an effect has no standard error")
    try:
        found_ = pooled([log(_value(f)) for f, _ in sized], [v for _, v in sized])
    except NotEstimable as error:
        return Answer(cell, used, None, f"not pooled: {error}")
    return Answer(cell, used, _ratio(found_), f"pooled from {found_.number} independent cohorts")


def _ratio(p: Pooled) -> Pooled:
    """From logarithms to ratios; tau² stays that of the logarithms."""
    return Pooled(exp(p.estimate), exp(p.low), exp(p.high), exp(p.next_low), exp(p.next_high), p.tau2, p.number)


def _value(located: LocatedIn[SurveillanceFinding]) -> float:
    assert located.finding.effect is not None  # noqa: S101  chosen so
    value = float(located.finding.effect.value)
    return 1 / value if good_side_first(located.finding.contrast) else value


def variance(located: LocatedIn[SurveillanceFinding]) -> float | None:
    """Of the logarithm of a ratio, from its interval; None where the interval cannot bear it."""
    effect = located.finding.effect
    if effect is None or effect.ci is None:
        return None
    low, high = map(float, effect.ci)
    if not 0 < low < high:
        return None
    return ((log(high) - log(low)) / (2 * QUANTILE[effect.ci_level or "95"])) ** 2
