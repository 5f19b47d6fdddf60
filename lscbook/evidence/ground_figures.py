"""Figures, signs and karyotypes of a finding, held against the text that it points at."""

import re
from collections.abc import Iterable
from typing import Any

from lscbook.evidence import numerals
from lscbook.evidence.store import Parsed, Problem
from lscbook.text import normalise

_KARYOTYPE = re.compile(r"\b(?:t|inv|del|dup|ins|add|der|i)\(\s?[\dXYpq;.]+\s?\)", re.IGNORECASE)


def _bare(karyotype: str) -> str:
    return karyotype.replace(" ", "").lower()


def figures(item: Parsed, where: tuple[Any, ...], finding: Any, text: str) -> Iterable[Problem]:
    """Figures of claim, number and effect that the text has not."""
    have = numerals.figures(text)
    claimed = {"claim": numerals.figures(finding.claim, counted_words_only=True)}
    if finding.n:
        claimed["n"] = numerals.figures(str(finding.n))
    if finding.effect:
        e = finding.effect
        claimed["effect"] = numerals.figures(" ; ".join(map(str, filter(None, (e.value, *(e.ci or ()), e.p)))))
    for name, wanted in claimed.items():
        for figure, why in numerals.missing(wanted, have):
            yield item.problem(
                (*where, name),
                f"{figure.shown} {why}",
                "correct the figure, or add the sentence that has it to support",
            )


def signs(item: Parsed, where: tuple[Any, ...], finding: Any, text: str) -> Iterable[Problem]:
    """Karyotypes, and markers with their sign, that the claim has and the text has not."""
    have = {_bare(found) for found in _KARYOTYPE.findall(normalise(text))}
    for found in _KARYOTYPE.findall(normalise(finding.claim)):
        if _bare(found) not in have:
            yield item.problem(
                (*where, "claim"),
                f"{found} does not stand in its sentences",
                "check the karyotype, or point at the sentence that has it",
            )
    for marker, sign in sorted(numerals.signs(finding.claim) - numerals.signs(text)):
        yield item.problem(
            (*where, "claim"),
            f"{marker.upper()}{sign} does not stand in its sentences",
            "check the sign, or point at the sentence that has it",
        )
