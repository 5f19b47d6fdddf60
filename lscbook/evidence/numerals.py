"""Figures and signs as people write them in abstracts, read so that two texts can be compared."""

import re
from dataclasses import dataclass
from decimal import Decimal

from lscbook.text import normalise

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_UNITS += ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: i for i, word in enumerate(_UNITS)} | {word: 20 + 10 * i for i, word in enumerate(_TENS)}
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_NUMBER_WORD = re.compile(rf"\b(?:({'|'.join(_TENS)})[- ])?({_WORD})\b")
# A number word of a claim is a figure only where it counts something.
_COUNTED = re.compile(
    rf"\b((?:(?:{'|'.join(_TENS)})[- ])?(?:{_WORD}))\s+(?:of|out of|in|patients?|cases?|people|adults|children|"
    r"samples|mice|donors?|individuals|trials|studies|cohorts|mutations|months|years|weeks|days|cycles|centres)\b"
)
_OF = re.compile(rf"\b(?:of|in|out of)\s+(?:the\s+)?({_WORD})\b")
_FIGURE = re.compile(
    r"(?P<cmp><=|>=|[<>≤≥])?\s*(?P<sign>(?<![\w.)\]%])[-+])?(?<![\w.^])"
    r"(?P<num>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<power>\^-?\d+)?"
    r"(?![a-z]?\d|\w*[a-z]\d)"
)
_LESS = re.compile(r"(less than|fewer than|below|under|lower than|at most|up to|no more than)\s*$")
_MORE = re.compile(r"(more than|greater than|over|above|higher than|at least|exceeding|no less than)\s*$")
_ROMAN = re.compile(r"(?<=\bphase )i{1,3}\b|(?<=\bphase i/)i{1,3}\b|(?<=\bphase ii/)i{1,3}\b")
_SYMBOL = {"<=": "<", "≤": "<", ">=": ">", "≥": ">"}


@dataclass(frozen=True)
class Figure:
    """A number with what changes its meaning: comparison, sign, power of ten.

    `shown` is how the text prints it.
    """

    value: Decimal
    comparison: str
    sign: str
    shown: str


def figures(text: str, *, counted_words_only: bool = False) -> list[Figure]:
    """Every figure of a text, words included.

    >>> [str(f.value) for f in figures("Three of seven (43%), p < .001, 1 in 10⁶, 0·52 [4.7–15]")]
    ['43', '0.001', '1', '1E+6', '0.52', '4.7', '15', '3', '7']
    >>> figures("CD34+ CD38- FLT3 cells at day 8")[0].value
    Decimal('8')
    """
    flat = _ROMAN.sub(lambda m: str(len(m.group())), normalise(text).lower())
    found = [_figure(flat, match) for match in _FIGURE.finditer(flat) if not _in_name(flat, match)]
    found += _word_figures(flat, counted_only=counted_words_only)
    return found


def _figure(flat: str, match: re.Match[str]) -> Figure:
    number = match["num"].replace(",", "")
    value = Decimal("0" + number if number.startswith(".") else number)
    if match["power"]:
        power = int(match["power"][1:])
        value = Decimal(10) ** power if value == 10 else value.scaleb(power)
    before = flat[max(0, match.start() - 16) : match.start()]
    comparison = _SYMBOL.get(match["cmp"] or "", match["cmp"] or "")
    if not comparison and _LESS.search(before):
        comparison = "<"
    elif not comparison and _MORE.search(before):
        comparison = ">"
    return Figure(value.normalize(), comparison, match["sign"] or "", match.group().strip())


def _in_name(flat: str, match: re.Match[str]) -> bool:
    """`IDH1/2`, `C/EBP-2` and `t(8;21)`: digits that belong to a name."""
    before = flat[max(0, match.start("num") - 12) : match.start("num")]
    return bool(re.search(r"[a-z]\d*[/-]$|[a-z]\d+(/\d+)+$|(?:\bt|inv|del)\([\dpq;]*$", before))


def _word_figures(flat: str, *, counted_only: bool) -> list[Figure]:
    result = []
    if counted_only:
        words = [m[1] for m in _COUNTED.finditer(flat)] + [m[1] for m in _OF.finditer(flat)]
    else:
        words = [m.group() for m in _NUMBER_WORD.finditer(flat)]
    for word in words:
        parts = re.split(r"[- ]", word)
        value = sum(WORDS[part] for part in parts if part in WORDS)
        if not (counted_only and word == "one"):  # "one of", "one in": more often a pronoun
            result.append(Figure(Decimal(value).normalize(), "", "", word))
    return result


def missing(claimed: list[Figure], source: list[Figure]) -> list[tuple[Figure, str]]:
    """Figures of a claim that the source does not bear out, each with the reason.

    >>> missing(figures("p>0.05"), figures("p<0.05"))[0][1]
    'stands in the source with < and not with >'
    """
    values: dict[Decimal, list[Figure]] = {}
    for figure in source:
        values.setdefault(figure.value, []).append(figure)
    bad = []
    for figure in claimed:
        same = values.get(figure.value)
        if same is None:
            bad.append((figure, "does not stand in the sentences that the finding points at"))
        elif figure.comparison and not any(s.comparison == figure.comparison for s in same):
            if opposite := next((s.comparison for s in same if s.comparison), ""):
                bad.append((figure, f"stands in the source with {opposite} and not with {figure.comparison}"))
        elif not figure.comparison and all(s.comparison for s in same):
            bad.append((figure, f"stands in the source with {same[0].comparison}, which the claim leaves out"))
        elif figure.sign and not any(s.sign == figure.sign for s in same) and any(s.sign for s in same):
            bad.append((figure, "stands in the source with the other sign"))
    return bad


_SPACED_SIGN = re.compile(r"\b(cd\d+) ([+-])(?=cd|\s|$|,|\.)")  # CD34 +CD38-
_SIGNED = re.compile(
    r"\b(cd\d+[a-z]?|lin|sca-?1|c-?kit|flt3-itd|npm1|mrd|kit|gpr56|tim-?3)([+-])(?!(?!cd\d)[a-z0-9])"  # not CD38-CAR
)
_SIGNED_WORD = re.compile(
    r"\b(cd\d+[a-z]?|lin|flt3-itd|npm1|mrd)(?:-| | was | is )(positiv|negativ|undetectab|detectab)"
)
_WORD_SIGNED = re.compile(r"\b(positive|negative) (?:for )?(?:[\w-]+[- ])?(mrd|cd\d+)\b")
_SIGN = {"positiv": "+", "negativ": "-", "detectab": "+", "undetectab": "-", "positive": "+", "negative": "-"}


def signs(text: str) -> set[tuple[str, str]]:
    """Markers with their sign.

    >>> sorted(signs("CD34⁺CD38− cells, MRD-negative, CD33-directed, CD123-CAR"))
    [('cd34', '+'), ('cd38', '-'), ('mrd', '-')]
    """
    flat = _SPACED_SIGN.sub(r"\1\2", normalise(text).lower())
    found = {(m[1], m[2]) for m in _SIGNED.finditer(flat)}
    found |= {(m[1], _SIGN[m[2]]) for m in _SIGNED_WORD.finditer(flat)}
    return found | {(m[2], _SIGN[m[1]]) for m in _WORD_SIGNED.finditer(flat)}
