"""Numbers written in words: `twenty-one`, `a hundred and six`, `two thirds`, `tenfold`, `twice`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_UNITS += ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: i for i, word in enumerate(_UNITS)} | {word: 20 + 10 * i for i, word in enumerate(_TENS)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
_MULTIPLES = {"twice": 2, "double": 2, "thrice": 3, "triple": 3, "treble": 3, "quadruple": 4}
_SMALL = 12  # a smaller number word is a figure of a claim only where it counts something

_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_SCALE = "|".join(_SCALES)
_NUMBER = re.compile(
    rf"(?<![\w-])(?:(?P<digits>\d{{1,6}}(?:\.\d{{1,6}})?) (?P<of>{_SCALE})s?|"
    rf"(?P<words>(?:a (?=(?:{_SCALE})\b)|(?:{_WORD}|{_SCALE})\b(?:-| and | )?){{1,12}}))(?P<fold>-?fold\b)?"
)
_FOLD = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(w for w in WORDS)})fold\b|\b(?P<multiple>{'|'.join(_MULTIPLES)})[sd]?\b"
)
_COUNTED = re.compile(
    r"[- ]?(?:%|per ?cent\b|fold\b|times\b|(?:of|out of|in|patients?|cases?|people|adults|children|samples|mice|"
    r"donors?|individuals|participants|women|men|trials|studies|cohorts|mutations|months?|years?|weeks?|days?|hours?|cycles|"
    r"centres)\b)"
)
_OF = re.compile(r"\b(?:of|in|out of) (?:the )?$")
_FRACTION = re.compile(
    r"(?<![\w-])(?:(?P<half>half)(?![- ](?:life|lives|dose|maximal|hour|year|day|matched|siblings?))|"
    rf"(?P<count>a|one|{_WORD})[- ](?P<part>half|third|quarter|fifth|sixth|seventh|eighth|tenth)(?P<s>s?))\b"
)


@dataclass(frozen=True)
class Worded:
    """A number in words, its place in the text, and `fold` where it multiplies."""

    value: Decimal
    start: int
    end: int
    shown: str
    unit: str = ""


def worded(flat: str, *, counted_only: bool = False) -> list[Worded]:
    """Numbers in words of a normalised text in small letters.

    With `counted_only`, as for a claim, small ones only where they count something: `one` is more
    often a pronoun.

    >>> [(str(w.value), w.unit) for w in worded("two hundred and six of a dozen; twofold, 1.2 million")]
    [('206', ''), ('12', ''), ('2', 'fold'), ('1.2E+6', '')]
    """
    found = [*_numbers(flat), *_multiples(flat)]
    fractions = [(f.start, f.end) for f in fractions_of(flat)]
    apart = [w for w in found if not any(a <= w.start < b for a, b in fractions)]
    return sorted((w for w in apart if not counted_only or _counts(flat, w)), key=lambda w: w.start)


def _numbers(flat: str) -> Iterator[Worded]:
    for match in _NUMBER.finditer(flat):
        shown = re.sub(r"(?:-| and| )+$", "", match.group())
        if match["digits"]:
            value = Decimal(match["digits"]) * _SCALES[match["of"]]
        else:
            value = Decimal(_sum(re.findall(r"[a-z]+", re.sub(r"-?fold$", "", shown))))
        unit = "fold" if match["fold"] else ""
        yield Worded(value.normalize(), match.start(), match.start() + len(shown), shown, unit)


def _sum(words: list[str]) -> int:
    """`two hundred and six` as 206; words that make no one number (`two three`) as the last of them."""
    total = current = 0
    for word in words:
        if word in WORDS:
            value = WORDS[word]
            fits = not current or (current % 100 == 0 and value < 100) or (current % 100 >= 20 and current % 10 == 0)
            current = current + value if fits and not (current % 100 >= 20 and value >= 10) else value
        elif word in _SCALES:
            scale = _SCALES[word]
            if scale >= 1000:
                total, current = total + (current or 1) * scale, 0
            else:
                current = (current or 1) * scale
    return total + current


def _multiples(flat: str) -> Iterator[Worded]:
    for match in _FOLD.finditer(flat):
        value = WORDS[match["word"]] if match["word"] else _MULTIPLES[match["multiple"]]
        if match["word"] or re.match(r" (?:as|that|the|of)\b|d\b", flat[match.end() :][:6]) or match.group()[-1] == "d":
            yield Worded(Decimal(value).normalize(), match.start(), match.end(), match.group(), "fold")


def _counts(flat: str, word: Worded) -> bool:
    if word.unit or word.value > _SMALL:
        return True
    if word.shown == "one":
        return False
    return bool(_COUNTED.match(flat, word.end) or _OF.search(flat[max(0, word.start - 12) : word.start]))


@dataclass(frozen=True)
class Fraction:
    """A part in words, its place in the text, and the share that it is."""

    share: Decimal
    start: int
    end: int
    shown: str


def fractions_of(flat: str) -> list[Fraction]:
    """Parts of a whole in words.

    >>> [(f.shown, round(f.share, 2)) for f in fractions_of("half of them, two thirds; a third trial; a third had")]
    [('half', Decimal('0.50')), ('two thirds', Decimal('0.67')), ('a third', Decimal('0.33'))]
    """
    found = []
    for match in _FRACTION.finditer(flat):
        if match["half"]:
            found.append(Fraction(Decimal("0.5"), match.start(), match.end(), match.group()))
            continue
        count = WORDS.get(match["count"], 1)
        # "a third trial" is the next one after two
        ordinal = match["count"] == "a" and not re.match(
            r" (?:of|had|were|was|did|died|carried|\(|with)|[,;:.]", flat[match.end() :][:9] or "."
        )
        plural = bool(match["s"]) or match["part"] == "half"
        if not ordinal and (count == 1 or plural):
            found.append(Fraction(Decimal(count) / _PARTS[match["part"]], match.start(), match.end(), match.group()))
    return found
