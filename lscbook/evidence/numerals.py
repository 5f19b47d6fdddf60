"""Figures and signs as papers print them, read so that two texts can be compared in both directions.

A figure is a number with what changes its meaning: comparison, sign, power of ten, and what it counts
or measures. `1e-5`, `10⁻⁵` and `10(-5)` are one figure; `43 patients` and `43%` are two.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from lscbook.evidence import quantities
from lscbook.evidence.number_words import worded
from lscbook.text import normalise

# 1 234 with a thin, hair, figure or no-break space; a plain space parts two figures more often
_THIN_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[\u00a0\u2005-\u200a\u202f]\d{3})+)(?!\d)")
_THIN = re.compile(r"[\u00a0\u2005-\u200a\u202f]")
_TEN_IN_BRACKETS = re.compile(r"\b10\((-?\d{1,3})\)")  # 10(6), as older abstracts print 10⁶
_ROMAN = re.compile(r"(?<=\bphase )i{1,3}\b|(?<=\bphase i/)i{1,3}\b|(?<=\bphase ii/)i{1,3}\b")
_FIGURE = re.compile(
    r"(?P<num>\d{1,3}(?:,\d{3})++(?!\d)(?:\.\d++)?|\d++(?:\.\d++)?|(?<!\d)\.\d++)"
    r"(?:(?P<exp>e[-+]?\d{1,3})(?![\w.])|\s?[x×*]\s?10\^(?P<ten>-?\d{1,3})(?!\d)|(?P<power>\^-?\d++))?"
)
_BEFORE = re.compile(r"(?P<cmp><=|>=|[<>≤≥])?\s*(?P<sign>(?<![\w.)\]%])[-+])?$")
# Letters that touch a figure from the left: of a measure (n83, HR0.12, day-28), or of a name (CD34, HL-60).
_GLUED = re.compile(r"(?<![a-z0-9])([a-zα-ω][a-zα-ω0-9]*(?:[-/+][a-zα-ω0-9]+)*?)([-/]?)$")
_MEASURE = re.compile(
    r"(?:n|p|hr|or|rr|shr|ahr|aor|irr|ci|auc|vaf|os|efs|rfs|dfs|pfs|cr|rate|ratio|age|aged|day|days|week|weeks|month|"
    r"months|year|years|grade|median|mean|about|of|to|and|vs)"
)
_KARYOTYPE = re.compile(r"(?:\bt|inv|del|dup|ins|add|der)\([\dpqxy;.]*$")
_NAME_AFTER = re.compile(r"[a-z]{1,3}\d")  # 11q23, 2f5
_SCALED = re.compile(r" (?:hundred|thousand|million|billion|dozen)s?\b")
_MANY_SLASHED = re.compile(r"[a-z]\d+(?:/\d+)*/$")  # IDH1/2
_LESS = re.compile(
    r"(?:(?<!\bno )(?<!\bnot )(?:less|fewer|lower) than|below|under|at most|up to|"
    r"\bnot? (?:more|greater|higher) than)\s*$"
)
_MORE = re.compile(
    r"(?:(?:more|greater|higher) than|over|above|at least|exceeding|\bnot? (?:less|fewer|lower) than)\s*$"
)
_OR_MORE = re.compile(
    r"[^.;<>]{0,12}?\bor (?:(?P<more>more|older|longer|higher|above|greater|later)|less|younger|fewer|shorter|lower|"
    r"below)\b"
)
_SYMBOL = {"<=": "≤", ">=": "≥"}
_WAY = {"≤": "<", "≥": ">"}  # of a comparison, whether its bound is taken in or not
_NEAR = 32  # characters around a figure that can say something of it
_VAST = Decimal("Infinity")  # a power of ten that nobody means; equal to itself only


@dataclass(frozen=True)
class Figure:
    """A number with what changes its meaning: comparison, sign, power of ten, unit.

    `shown` is how the text prints it; `unit` is one of `quantities`, or '' where the text does not say.
    `printed` tells that the comparison stands as a symbol, and not in words, which take `≥` and `>` lightly.
    """

    value: Decimal
    comparison: str
    sign: str
    shown: str
    unit: str = ""
    printed: bool = False


def figures(text: str, *, counted_words_only: bool = False) -> list[Figure]:
    """Every figure of a text, words included.

    >>> [str(f.value) for f in figures("Three of seven (43%), p < .001, 1 in 10⁶, 0·52 [4.7–15], 2 × 10⁻⁸")]
    ['43', '0.001', '1', '1E+6', '0.52', '4.7', '15', '2E-8', '3', '7']
    >>> figures("CD34+ CD38- FLT3 cells at day 8")[0].value
    Decimal('8')
    >>> [(str(f.value), f.unit) for f in figures("n83, HR0.12 and 1\u202f234 patients, a hundred and six months")]
    [('83', ''), ('0.12', ''), ('1234', 'people'), ('106', 'month')]
    """
    flat = plain(text)
    words = worded(flat, counted_only=counted_words_only)
    return [figure for _, _, figure in places(flat)] + [
        Figure(w.value, _words_around(flat, w.start, w.end), "", w.shown, quantities.unit(flat, w.end) or w.unit)
        for w in words
    ]


def places(flat: str) -> list[tuple[int, int, Figure]]:
    """Figures in digits of a text that `plain` made, each with its place."""
    found = [(m, figure) for m in _FIGURE.finditer(flat) if (figure := _figure(flat, m))]
    figures_ = _inherit(flat, found)
    return [(match.start(), match.end(), figure) for (match, _), figure in zip(found, figures_, strict=True)]


def plain(text: str) -> str:
    """The text as figures are looked for in it: small letters, one form of thousands and of powers of ten."""
    joined = _THIN_THOUSANDS.sub(lambda m: m[1] + _THIN.sub("", m[2]), text)
    flat = _TEN_IN_BRACKETS.sub(r"10^\1", normalise(joined).lower())
    return _ROMAN.sub(lambda m: str(len(m.group())), flat)


def _figure(flat: str, match: re.Match[str]) -> Figure | None:
    """The figure at a place, or None where its digits belong to a name (`IDH1/2`, `HL-60`, `t(8;21)`)."""
    before = flat[max(0, match.start() - _NEAR) : match.start()]
    if before.endswith("^") or (before[-1:] == "." and before[-2:-1].isdigit()) or _KARYOTYPE.search(before):
        return None
    glued = _GLUED.search(before)
    decimal = "." in match["num"]
    if glued and not decimal and not _MEASURE.fullmatch(glued[1]):
        # a word of small letters and a figure are no name: `rate-83`; of one letter more often than not: `p53`
        return None
    if glued and _MANY_SLASHED.search(before):
        return None
    if _SCALED.match(flat, match.end()):  # "1.2 million" is read with the words
        return None
    if _NAME_AFTER.match(flat, match.end()) or (
        glued and not glued[2] and flat[match.end() : match.end() + 1].isalpha()
    ):
        return None
    around = _BEFORE.search(before)
    symbol = around["cmp"] if around else None
    sign = (around["sign"] if around else None) or ""
    comparison = _SYMBOL.get(symbol or "", symbol or "")
    value = _value(match)
    return Figure(
        value,
        comparison or _words_around(flat, match.start(), match.end()),
        sign,
        ((symbol or "") + sign + match.group()).strip(),
        quantities.unit(flat, match.end()),
        bool(symbol),
    )


def _of_whole(unit: str, value: Decimal) -> str:
    """The unit, but that nobody counts parts of people and animals."""
    return "" if unit in quantities.COUNTED and value != value.to_integral_value() else unit


def _value(match: re.Match[str]) -> Decimal:
    number = match["num"].replace(",", "")
    value = Decimal("0" + number if number.startswith(".") else number)
    if match["power"]:
        power = match["power"][1:]
        if len(power.lstrip("-")) > 3:
            return _VAST
        value = Decimal(10) ** int(power) if value == 10 else value.scaleb(int(power))
    elif match["exp"] or match["ten"]:
        value = value.scaleb(int(match["ten"] or match["exp"][1:]))
    try:
        return value.normalize()
    except InvalidOperation:
        return _VAST


def _words_around(flat: str, start: int, end: int) -> str:
    """`<` or `>` where words before or after a figure say so: `at least 8`, `8 weeks or longer`."""
    before = flat[max(0, start - 20) : start]
    if _LESS.search(before):
        return "<"
    if _MORE.search(before):
        return ">"
    after = _OR_MORE.match(flat, end, end + _NEAR)
    return ("> "[not after["more"]].strip() or "<") if after else ""


def _inherit(flat: str, found: list[tuple[re.Match[str], Figure]]) -> list[Figure]:
    """Figures of a list take the unit that stands after its last one: `4.2 and 6.4 months`, `12 of 34 patients`."""
    made: list[Figure] = []
    unit, begin = "", len(flat)
    for match, figure in reversed(found):
        between = flat[match.end() : begin] if begin - match.end() <= _NEAR else "?"
        kept = figure
        # a percentage says nothing of the count before it: `15 (5.2%)`, `21% in 12 against 74%`
        if not figure.unit and unit != "%" and quantities.LIST.fullmatch(between):
            kept = replace(figure, unit=_of_whole(unit, figure.value))
        made.append(kept)
        unit, begin = kept.unit, match.start()
    return made[::-1]


def missing(claimed: Iterable[Figure], source: Iterable[Figure]) -> list[tuple[Figure, str]]:
    """Figures of a claim that the source does not bear out, each with the reason.

    >>> missing(figures("p>0.05"), figures("p<0.05"))[0][1]
    'stands in the source with < and not with >'
    >>> missing(figures("43 patients"), figures("43% responded"))[0][1]
    'stands in the source as 43 % and not as 43 people'
    """
    known = list(source)
    values: dict[Decimal, list[Figure]] = {}
    for figure in known:
        values.setdefault(figure.value, []).append(figure)
        for other in quantities.elsewise(figure.value, figure.unit):
            values.setdefault(other.value, []).append(replace(figure, value=other.value, unit=other.unit))
    return [(figure, why) for figure in claimed if (why := _unborne(figure, values, known))]


_LINK = re.compile(r" ?(?:of|/|out of|in) ?(?:the |all |these )?")


def shares(text: str) -> list[tuple[Decimal, Decimal]]:
    """Counts of a whole that a text states as such: `17 of 20`, `308/1234`.

    >>> [(f"{part:f}", f"{whole:f}") for part, whole in shares("17 of 20 patients, 3/10, and 5 to 6")]
    [('17', '20'), ('3', '10')]
    """
    flat = plain(text)
    return [
        (one.value, other.value)
        for (_, end, one), (start, _, other) in pairwise(places(flat))
        if _LINK.fullmatch(flat[end:start]) and 0 <= one.value <= other.value and other.value > 1
    ]


def borne_by_shares(figure: Figure, counts: Iterable[tuple[Decimal, Decimal]]) -> bool:
    """Whether a percentage is what counts of the source come to, to its last digit.

    >>> borne_by_shares(figures("85%")[0], shares("17 of 20")), borne_by_shares(figures("85.1%")[0], shares("17 of 20"))
    (True, False)
    """
    if figure.unit != "%" or not figure.value.is_finite():
        return False
    digits = Decimal(1).scaleb(min(0, int(figure.value.as_tuple().exponent)))
    return any(abs(100 * part / whole - figure.value) <= digits / 2 for part, whole in counts)


def _unborne(figure: Figure, values: dict[Decimal, list[Figure]], known: list[Figure]) -> str:
    """Why the source does not bear a figure out, or ''."""
    same = values.get(figure.value, [])
    if figure.unit == "fold" and not same:
        return "" if _borne_by_ratio(figure.value, known) else f"{NOWHERE}, nor do two figures of that ratio"
    if not same:
        return NOWHERE
    alike = [s for s in same if quantities.alike(figure.unit, s.unit)]
    if not alike:
        return f"stands in the source as {same[0].value:f} {same[0].unit} and not as {figure.value:f} {figure.unit}"
    return _otherwise(figure, alike)


def _otherwise(figure: Figure, alike: list[Figure]) -> str:
    """How comparison or sign of a figure differ from those of the same figure in the source, or ''."""
    if figure.comparison and not any(_as_strict(figure, s) for s in alike):
        other = next((s.comparison for s in alike if s.comparison), "")
        return f"stands in the source with {other} and not with {figure.comparison}" if other else ""
    if not figure.comparison and all(s.comparison and s.printed for s in alike):
        return f"stands in the source with {alike[0].comparison}{LEFT_OUT}"
    if figure.sign and not any(s.sign == figure.sign for s in alike) and any(s.sign for s in alike):
        return "stands in the source with the other sign"
    return ""


def _as_strict(one: Figure, other: Figure) -> bool:
    """Whether two comparisons are one: to the symbol where both are symbols, else by the way they go."""
    if one.printed and other.printed:
        return one.comparison == other.comparison
    return _WAY.get(one.comparison, one.comparison) == _WAY.get(other.comparison, other.comparison)


LEFT_OUT = ", which the claim leaves out"
NOWHERE = "does not stand in the sentences that the finding points at"


def _borne_by_ratio(fold: Decimal, known: list[Figure]) -> bool:
    """Whether two figures of one unit are in this ratio, as 30% and 15% are twofold."""
    given = [f for f in known if f.value.is_finite() and f.value > 0 and not f.printed]
    return any(
        a.unit == b.unit and fold * Decimal("0.85") <= a.value / b.value <= fold * Decimal("1.18")
        for a in given
        for b in given
        if a is not b
    )


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
