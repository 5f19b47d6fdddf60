"""Figures, parts, signs and karyotypes of a finding, held against the text that it points at."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from lscbook.evidence import numerals
from lscbook.evidence.ground_source import written
from lscbook.evidence.number_words import Fraction, fractions_of
from lscbook.evidence.numerals import Figure
from lscbook.evidence.store import Parsed, Problem
from lscbook.text import normalise

_KARYOTYPE = re.compile(r"\b(?:t|inv|del|dup|ins|add|der|i)\(\s?[\dXYpq;.]{1,24}\s?\)", re.IGNORECASE)
_CUT_OFFS = ("threshold", "frequency")  # a bare figure there is a bound
_PLACES = "correct the figure, or add the sentence that has it to support"


def figures(item: Parsed, where: tuple[Any, ...], finding: Any, text: str) -> Iterable[Problem]:
    """Figures of the claim, of every other text of the finding, of number and effect, that the text has not."""
    have = numerals.figures(text)
    counts = [*numerals.shares(text), *((part.share, Decimal(1)) for part in fractions_of(numerals.plain(text)))]
    for name, wanted in _claimed(finding):
        for figure, why in numerals.missing(wanted, have):
            if why == numerals.NOWHERE and numerals.borne_by_shares(figure, counts):
                continue
            if why.endswith(numerals.LEFT_OUT) and name in _CUT_OFFS:
                continue
            yield item.problem((*where, name), f"{figure.shown} {why}", _PLACES)
    flat = numerals.plain(text)
    for name, told in written(finding):
        for part in fractions_of(numerals.plain(told)):
            if why := _unborne(part, have, flat):
                yield item.problem((*where, name), f"{part.shown!r} {why}", _PLACES, "warning")


def _claimed(finding: Any) -> Iterator[tuple[str, list[Figure]]]:
    for name, told in written(finding):
        yield name, numerals.figures(told, counted_words_only=True)
    if finding.n:
        yield "n", numerals.figures(f"{finding.n} {finding.n_unit}")
    if finding.effect:
        effect = finding.effect
        parts = [str(effect.value), *map(str, effect.ci or ()), effect.p]
        yield "effect", numerals.figures(" ; ".join(filter(None, parts)))
        # what is told of the figure: its unit beside the value, and figures of what was compared
        unit = "%" if effect.measure == "percent" else effect.unit or ""
        yield "effect", numerals.figures(f"{effect.value} {unit}")
        yield "effect", numerals.figures(effect.comparison or "", counted_words_only=True)


def _unborne(part: Fraction, have: list[Figure], flat: str) -> str:
    """Why a part (`two thirds`) is not what the source says in words, per cent or counts; or ''."""
    if any(abs(other.share - part.share) < Decimal("0.001") for other in fractions_of(flat)):
        return ""
    margin = max(Decimal("0.035"), part.share / 10)
    counts = [f.value for f in have if f.unit in {"", "people", "animals"} and f.value.is_finite() and f.value >= 1]
    shares = [f.value / 100 for f in have if f.unit in {"%", ""} and f.value.is_finite()]
    shares += [a / b for a in counts for b in counts if b >= 2 and a < b]
    parts = [f.value for f in have if f.unit == "%" and f.value > 0]
    shares += [a / b for a in parts for b in parts if a < b]  # 5.1% is a third of 15.3%
    if any(abs(share - part.share) <= margin for share in shares):
        return ""
    return "is no share that its sentences have, in words, per cent or counts"


def _bare(karyotype: str) -> str:
    return karyotype.replace(" ", "").lower()


def signs(item: Parsed, where: tuple[Any, ...], finding: Any, text: str) -> Iterable[Problem]:
    """Karyotypes, and markers with their sign, that the finding has and the text has not."""
    have = {_bare(found) for found in _KARYOTYPE.findall(normalise(text))}
    signed = numerals.signs(text)
    for name, told in written(finding):
        for found in _KARYOTYPE.findall(normalise(told)):
            if _bare(found) not in have:
                yield item.problem(
                    (*where, name),
                    f"{found} does not stand in its sentences",
                    "check the karyotype, or point at the sentence that has it",
                )
        for marker, sign in sorted(numerals.signs(told) - signed):
            yield item.problem(
                (*where, name),
                f"{marker.upper()}{sign} does not stand in its sentences",
                "check the sign, or point at the sentence that has it",
            )
