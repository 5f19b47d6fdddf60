"""What only a person can judge about a claim beside its sentences: warnings for the second reader."""

import re
from collections.abc import Iterable
from typing import Any

from lscbook.evidence import numerals
from lscbook.evidence.store import Parsed, Problem
from lscbook.vocabulary import fold

_NEGATION = re.compile(
    r"\b(no|not|nor|none|never|neither|without|fail(?:s|ed|ure|ing)?|lack(?:s|ed|ing)?|absen(?:t|ce)|unable|cannot|"
    r"non-?significant|insignificant|futility|unchanged|un(?:affected|altered)|negligible|devoid|independent of|"
    r"spar(?:es?|ed|ing)|except|rather than)\b"
)
# Two ways in which a comparison can go; a claim that goes a way which its source never goes is doubtful.
_COMPARISONS = {
    "up": re.compile(
        r">|≥|\b(higher|more|greater|longer|better|superior|increas\w*|rais\w*|rose|ris(?:es|ing)|improv\w*|enrich\w*|"
        r"elevat\w*|prolong\w*|lengthen\w*|over-?express\w*|up-?regulat\w*|expan\w*|gain\w*|above|over|older|most|"
        r"high|exceed\w*|larger|stronger|greatest|earlier|worsen\w*|accelerat\w*|enhanc\w*|promot\w*)\b"
    ),
    "down": re.compile(
        r"<|≤|\b(lower|less|fewer|shorter|worse|inferior|decreas\w*|reduc\w*|deplet\w*|diminish\w*|declin\w*|fell|"
        r"fall\w*|down-?regulat\w*|below|under|younger|low|small(?:er)?|weak(?:er)?|poor\w*|adverse\w*|suppress\w*|"
        r"inhibit\w*|impair\w*|delay\w*|cut|loss|lost|short|unfavou?rable|eliminat\w*|abrogat\w*|abolish\w*)\b"
    ),
}


def doubts(item: Parsed, where: tuple[Any, ...], finding: Any, text: str) -> Iterable[Problem]:
    """What only a person can judge, as warnings for the second reader."""
    place = (*where, "claim")
    body = text.rsplit("\n", 1)[0]
    said, source = fold(finding.claim), fold(body)
    lost, kept = _NEGATION.findall(source), _NEGATION.findall(said)
    if len(lost) > len(kept):
        yield item.problem(
            place,
            f"the source negates {len(lost)} times ({', '.join(dict.fromkeys(lost))}), the claim {len(kept)} times",
            "second reader: is a 'not' lost?",
            "warning",
        )
    if kept and not lost:
        yield item.problem(
            place, "the claim negates and its sentences do not", "second reader: is it borne out?", "warning"
        )
    ways = {way for way, cue in _COMPARISONS.items() if cue.search(source)}
    told = {way for way, cue in _COMPARISONS.items() if cue.search(said)}
    if ways and not told:
        yield item.problem(
            place, "the source compares and the claim does not", "second reader: is the comparison kept?", "warning"
        )
    for way in sorted(told - ways):
        cue = _COMPARISONS[way].search(said)
        yield item.problem(
            place,
            f"the claim says {cue.group()!r} and its sentences compare the other way"
            if cue and ways
            else f"the claim says {cue.group() if cue else way!r} and its sentences do not compare",
            "second reader: which way does it go?",
            "warning",
        )
    both = {
        marker for marker, sign in numerals.signs(text) if (marker, "-" if sign == "+" else "+") in numerals.signs(text)
    }
    for marker in sorted(both & {marker for marker, _ in numerals.signs(finding.claim)}):
        yield item.problem(
            place,
            f"{marker.upper()} stands with + and with - in its sentences",
            "second reader: is each sign where it belongs?",
            "warning",
        )
