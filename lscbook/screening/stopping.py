"""When may a reader of ranked papers stop: how many relevant ones are probably still unread, at what confidence.

The test is that of Callaghan and Müller-Hansen, *Statistical stopping criteria for automated screening in systematic
reviews* (Syst Rev 2020, 9:273; their package is called buscar). The papers read last are taken for a sample without
replacement of all that were then unread. A reader who follows a ranking finds more than such a sample would, so the
answer errs towards reading on. That holds only while the ranking is no worse than chance. The smallest p over all
windows is taken, as they do; it is not corrected for having looked at several.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lscbook.errors import NotEstimable

FEWEST = 20  # papers read, below which we say nothing


def missed(found: Sequence[bool], total: int, recall: float = 0.95) -> float:
    """The p-value of having missed the recall that is aimed at; stop where it is below 0.05.

    Args:
        found: whether each paper was relevant, in the order in which they were read.
        total: number of papers, read and unread.
        recall: share of the relevant papers that must be found.

    Raises:
        NotEstimable: fewer than 20 papers were read, or numbers that cannot be.
    """
    labels = _read(found, total)
    if not 0 < recall <= 1:
        raise NotEstimable(f"a recall of {recall:g} cannot be aimed at; give one above 0 and up to 1")
    # the fewest relevant papers that there must be in all for the aim to be missed; 1e-9: 19 of 20 are 0.95
    needed = int(np.floor(labels.sum() / recall + 1e-9)) + 1
    return _p(labels, total, needed - int(labels.sum()))


def unread_at_most(found: Sequence[bool], total: int, confidence: float = 0.95) -> int:
    """The most relevant papers that may still be unread, at this confidence.

    Arguments and refusals are those of `missed`.
    """
    labels = _read(found, total)
    _sure(confidence)
    low, high = 0, total - len(labels)  # p falls as more are supposed unread
    while low < high:
        middle = (low + high + 1) // 2
        if _p(labels, total, middle) >= 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return low


def unordered(found: int, read: int, total: int, confidence: float = 0.95) -> int:
    """The same where papers were read in no order that matters: one sample, `found` relevant among `read` of `total`.

    Raises:
        NotEstimable: as `missed`.
    """
    if not 0 <= found <= read:
        raise NotEstimable(f"{found} relevant papers among {read} read cannot be")
    _sure(confidence)
    _enough(read, total)
    unread = np.arange(total - read + 1)
    from scipy.stats import hypergeom  # noqa: PLC0415  takes a second to load, and one page asks

    p = hypergeom.cdf(found, total, found + unread, read)
    return int(unread[p >= 1 - confidence].max())


def _p(labels: npt.NDArray[np.int64], total: int, unread: int) -> float:
    """The smallest probability, over windows that end now, of so few finds if so many were unread."""
    if unread > total - len(labels):
        return 0.0  # there are not so many papers left
    from scipy.stats import hypergeom  # noqa: PLC0415  as above

    before = np.arange(len(labels))  # papers read before the window
    window = labels[::-1].cumsum()[::-1]  # relevant papers found in it
    return float(hypergeom.cdf(window, total - before, window + unread, len(labels) - before).min())


def _read(found: Sequence[bool], total: int) -> npt.NDArray[np.int64]:
    labels = np.asarray(found, dtype=np.int64)
    if labels.ndim != 1 or not np.isin(labels, (0, 1)).all():
        raise NotEstimable("what was found must be one yes or no a paper")
    _enough(len(labels), total)
    return labels


def _enough(read: int, total: int) -> None:
    if read > total:
        raise NotEstimable(f"{read} papers read of {total} cannot be")
    if read < FEWEST:
        raise NotEstimable(f"{read} papers were read; below {FEWEST} we say nothing of the others")


def _sure(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise NotEstimable(f"a confidence of {confidence:g} cannot be; give one between 0 and 1")
