"""Whether a text states, denies or hedges what it names: the words of the field, in reach of a place.

*Dispensable*, *failed to*, *lacked*, *not enriched*, *rarely*: no light library has them. A cue reaches over its own
clause: forwards (`lacked CD38`), backwards to its subject (`CD38 was dispensable`), or both. This marks a place; what a
sentence as a whole claims is for a person.
"""

import re
from dataclasses import dataclass

STATED, DENIED, HEDGED = "stated", "denied", "hedged"

# The bare words of denial; `evidence.ground_denials` reads them too.
DENIES = r"not|no|nor|none|never|neither|cannot|without|unable|lack\w*|absen\w*|fail(?:s|ed|ing)?"
_REACH = 9  # words that a cue reaches over


@dataclass(frozen=True)
class _Cue:
    pattern: re.Pattern[str]
    kind: str
    forwards: bool
    backwards: bool


def _cue(words: str, kind: str, *, forwards: bool = False, backwards: bool = False) -> _Cue:
    return _Cue(re.compile(rf"(?<![\w-])(?:{words})(?![\w-])"), kind, forwards, backwards)


_CUES = (
    # what denies the subject before it
    _cue(r"(?:is|are|was|were|be|being|been|remain(?:s|ed)?|seem(?:s|ed)?|proved)? ?(?:largely |completely |entirely )?"
         r"(?:dispensable|undetect\w+|negligible|unaffected|unaltered|unchanged|missing|lost|absent)",
         DENIED, backwards=True),
    _cue(r"(?:(?:is|are|was|were|do|does|did|has|have|had|could|can|would|will) (?:also |still )?not|cannot|never|"
         r"fail(?:s|ed)? to|(?:is|are|was|were) unable to|no longer|(?:has|have|had|show(?:s|ed)?|exert(?:s|ed)?) no)",
         DENIED, forwards=True, backwards=True),
    # what denies what comes after it
    _cue(rf"(?:{DENIES}|non|devoid of|free of|independent(?:ly)? of|irrespective of|regardless of|dispensable for|"
         r"depleted of|negative for|rather than|instead of|except(?: for)?|excluding|spar(?:e|es|ed|ing))",
         DENIED, forwards=True),
    _cue("rarely|seldom|infrequently|hardly|barely|occasionally|sporadically", HEDGED, forwards=True, backwards=True),
    _cue(r"(?:may|might|could|would|should|can|likely|probably|possibly|perhaps|potentially|presumably|apparently|"
         r"seem(?:s|ed|ingly)?|appear(?:s|ed)? to|suggest(?:s|ed|ing)?|tend(?:s|ed)? to|trend(?:s|ed)? (?:to|towards))",
         HEDGED, forwards=True, backwards=True),
    _cue(r"(?:putative|potential|possible|presumed|suspected|hypothesi[sz]ed?|whether|if|unclear|unknown|"
         r"uncertain|candidate|proposed)", HEDGED, forwards=True),
)  # fmt: skip
# "not only" asserts, "no doubt" too; "cannot be excluded" leaves open.
_NO_CUE = re.compile(r"not only|not just|not merely|no doubt|without doubt|if any|no more than|no less than|not until")
_LEAVES_OPEN = re.compile(r"(?:cannot|could not|can not) be (?:excluded|ruled out)|not (?:yet )?(?:known|clear|fully)")
_CLAUSE = re.compile(
    r"[.;:!?](?=\s|$)|, (?:but|whereas|while|although|however|and (?:is|are|was|were|has|had)|which)\b|"
    r"\b(?:but|whereas|while|although|however|though|because|so that|thereby|despite|in contrast)\b"
)


def assertion(folded: str, start: int, end: int) -> str:
    """How the clause around a place asserts what stands there: `stated`, `denied` or `hedged`.

    A denial outweighs a hedge: what *may not be required* is denied, with care.

    Args:
        folded: the text as `vocabulary.fold` gives it.
        start: where the named thing begins.
        end: where it ends.

    >>> text = "cd38 was dispensable, whereas cd123 may be needed and cd47 was found"
    >>> [assertion(text, text.find(w), text.find(w) + len(w)) for w in ("cd38", "cd123", "cd47")]
    ['denied', 'hedged', 'stated']
    """
    before, after = _clause(folded, start, end)
    found = {_kind(cue, match, text) for text, cue, match in _cues(before, after)}
    return DENIED if DENIED in found else HEDGED if HEDGED in found else STATED


def _clause(folded: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after the place, within its clause."""
    low = max((m.end() for m in _CLAUSE.finditer(folded, max(0, start - 300), start)), default=max(0, start - 300))
    stop = _CLAUSE.search(folded, end)
    return folded[low:start], folded[end : stop.start() if stop else end + 300]


def _cues(before: str, after: str) -> list[tuple[str, _Cue, re.Match[str]]]:
    """The cues that reach the place, each with the text in which it stands."""
    ahead = [(before, cue, m, before[m.end() :]) for cue in _CUES if cue.forwards for m in cue.pattern.finditer(before)]
    behind = [
        (after, cue, m, after[: m.start()]) for cue in _CUES if cue.backwards for m in cue.pattern.finditer(after)
    ]
    return [
        (text, cue, match)
        for text, cue, match, between in (*ahead, *behind)
        if _near(between) and not _NO_CUE.match(text, match.start()) and not (text is before and _anew(between, after))
    ]


_OTHER_VERB = re.compile(
    r"\band (?:\w+ ){0,4}(?:was|were|is|are|had|has)\b|"
    r"\band (?:\w+ly )?(?!mutated|rearranged|related|associated|relapsed|treated|enriched|impaired|reduced)[a-z]+ed\b"
)


_JOINED = re.compile(r"\w \w.*\band (?:the |its )?$")  # something said, and then the place
_VERB = re.compile(r" (?:was|were|is|are|had|has|did|does)\b")


def _anew(between: str, after: str) -> bool:
    """Whether the place is the subject of a clause of its own: `may be needed and CD47 was found`."""
    return bool(_VERB.match(after) and _JOINED.search(between)) and "between" not in between


def _near(between: str) -> bool:
    """Few words between, and no other verb's clause: `and` starts one where a finite verb follows."""
    return len(between.split()) <= _REACH and not _OTHER_VERB.search(between)


def _kind(cue: _Cue, match: re.Match[str], text: str) -> str:
    """The kind of a cue; one that leaves open only sounds like a denial."""
    return HEDGED if _LEAVES_OPEN.search(text, max(0, match.start() - 12), match.end() + 24) else cue.kind
