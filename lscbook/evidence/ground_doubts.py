"""What only a person can judge about a claim beside its sentences: warnings for the second reader.

A warning that always comes is read by nobody. Each rule here speaks only where claim and sentences differ in
something that both would have to say: a *not*, the way of a comparison, one of two opposites, who got what.
"""

from collections.abc import Iterable
from typing import Any

from lscbook.evidence import ground_denials, numerals, opposites
from lscbook.evidence.ground_arms import swapped
from lscbook.evidence.ground_source import Source, written
from lscbook.evidence.ground_sums import contradictions
from lscbook.evidence.store import Parsed, Problem
from lscbook.vocabulary import fold


def doubts(item: Parsed, where: tuple[Any, ...], finding: Any, text: str, source: Source) -> Iterable[Problem]:
    """What only a person can judge, as warnings; the last line of `text` is the title."""
    sentences = [fold(line) for line in text.split("\n")]
    said, body = fold(finding.claim), sentences[:-1] or sentences
    told: list[tuple[str, str]] = []
    if denied := ground_denials.lost(said, body):
        told.append((f"a sentence denies ({denied!r}), the claim does not", "is a 'not' lost?"))
    if denied := ground_denials.added(said, body):
        told.append((f"the claim denies ({denied!r}), its sentences do not", "is it borne out?"))
    turned = opposites.turned(said, " . ".join(sentences))
    told += [(f"the claim says {mine!r}, its sentences {yours!r}", "which of the two is it?") for mine, yours in turned]
    crossed = swapped(finding.claim, text, source)
    told += [(f"{pair} stand crossed beside the source", "who got what?") for pair in crossed]
    for found, remedy in told:
        yield item.problem((*where, "claim"), found, f"second reader: {remedy}", "warning")
    for name, own in written(finding):
        for pair in contradictions(own):
            yield item.problem(
                (*where, name),
                f"{pair!r} cannot all be right",
                "second reader: have two figures changed places?",
                "warning",
            )
    yield from _both_signs(item, where, finding, text)


def _both_signs(item: Parsed, where: tuple[Any, ...], finding: Any, text: str) -> Iterable[Problem]:
    """A marker that the sentences have with both signs."""
    said, source = numerals.signs(finding.claim), numerals.signs(text)
    for marker in sorted({marker for marker, _ in said}):
        if len({sign for name, sign in source if name == marker}) == 2:
            yield item.problem(
                (*where, "claim"),
                f"{marker.upper()} stands with + and with - in its sentences",
                "second reader: is each sign where it belongs?",
                "warning",
            )
