"""Figures of one text that cannot all be right: a count and its per cent, an estimate and its interval.

No source is needed for that. Both figures stand in the sentences where two have changed places, so nothing else tells.
"""

import re
from collections.abc import Iterator

from lscbook.evidence import numerals

_WIDTH = 60  # characters between a count and its per cent; a second count between them has the per cent to itself
_PART = r"(?<![\d.,])(?P<part>\d{1,6})"
_WHOLE = r"(?:(?:the|all|these|those) )*(?P<whole>\d{1,6})(?![\d.,]*\d)"
_COUNT = rf"{_PART} (?:(?:out )?of|/) {_WHOLE}"
_SHARE = r"(?P<share>\d{1,3}(?:\.\d+)?)%"
_SUMS = (
    re.compile(rf"{_COUNT}[^.;()%\d]{{0,{_WIDTH}}}\({_SHARE}\)"),
    re.compile(rf"{_SHARE} \({_COUNT}\)"),
    re.compile(rf"{_PART} \({_SHARE}\) of {_WHOLE}"),
)
_INTERVAL = re.compile(
    r"(?<![\d.,±-])(?P<value>\d+(?:\.\d+)?)%?(?: months?| years?)? \((?:95% ci[,:]? )?(?P<low>\d+(?:\.\d+)?)%?"
    r"(?:-| to )(?P<high>\d+(?:\.\d+)?)%?\)"
)


def contradictions(text: str) -> Iterator[str]:
    """Pairs of figures of the text that contradict each other, as it prints them.

    >>> list(contradictions("In 29 of 43 (34%) and 24 of 71 (34%), survival 34.5% (70.5-86.9)"))
    ['29 of 43 (34%)', '34.5% (70.5-86.9)']
    """
    flat = numerals.plain(text)
    for pattern in _SUMS:
        for found in pattern.finditer(flat):
            part, whole = int(found["part"]), int(found["whole"])
            # papers round, and some to the next five hundredths
            if not 0 < part <= whole or abs(100 * part / whole - float(found["share"])) > 1:
                yield found[0]
    for found in _INTERVAL.finditer(flat):
        if not float(found["low"]) <= float(found["value"]) <= float(found["high"]):
            yield found[0]
