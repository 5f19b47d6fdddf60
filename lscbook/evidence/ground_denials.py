"""A *not* that the claim lost, or that its sentences do not have."""

import re
from collections.abc import Iterator

from lscbook.evidence.plain_words import carries, stem, tokens
from lscbook.vocabulary.assertions import DENIES

_DENIES = re.compile(DENIES)
_SCOPE = 4  # so many words after a denial, and three before, are what is denied
# What a claim may say in the place of a *not*.
_KEPT = re.compile(
    r"\b(?:not|no|nor|none|nothing|never|neither|cannot|without|unable|lack\w*|absen\w+|fail(?:s|ed|ing)?|"
    r"un(?:affected|altered|changed|harmed|touched|fit)|spar(?:e|es|ed|ing)|except\w*|free|rather|missing|"
    r"comparable|similar\w*|same|alike|equal\w*|as \w+ as|as (?:it|they) w\w+|"
    r"in(?:dependent|sensitive|effective|eligible)\w*|irrespective|regardless|unlike|hardly|too \w+|little|few|"
    r"los[ts]\w*)\b|-(?:free|less|deficient)"
)
# A claim that denies; "no animal data are given" says what the paper does not tell, and denies nothing.
_SAID = re.compile(
    r"\b(?:not|no|nor|none|never|neither|cannot|nobody|nothing|fail(?:s|ed)? to)\b"
    r"(?! (?:[a-z]+ ){0,5}(?:data|shown|given|told|stated|tested|reported|known)\b)"
)
# What in a sentence may be the ground of a claim that denies: words of denial, of lack, of equality, of exception.
_GROUND = re.compile(
    r"\b(?:not|no|nor|none|never|neither|cannot|without|nothing|absen\w+|lack\w*|los[st]\w*|loses|fail\w*|unable|"
    r"un[a-z]{4,}|non-?[a-z]+|in(?:dependen|effective|sufficient|significant|activ|sensitiv|eligible)\w*|impervious|"
    r"impair\w*|negligible|devoid|free|except\w*|exclu\w+|spar(?:e|es|ed|ing)|rather|instead|only|few|little|limited|"
    r"comparable|similar\w*|equal\w*|same|irrespective|regardless|negativ\w*|defici\w+|knock-?out\w*|ko|deplet\w*|null|"
    r"minimal\w*|rare\w*|eliminat\w*|abrogat\w*|abolish\w*|disappear\w*|intact|preserv\w*|retain\w*|bare\w*|beyond|"
    r"dispensable|lower|less|fewer|contrast|inferior|superior)\b|-(?:/-|negative|free|null)"
)
_CLAUSE = re.compile(r"[;:,]|\bbut\b|\bwhile\b|\bwhereas\b")


def lost(said: str, sentences: list[str]) -> str:
    """What a sentence denies and the claim says without a *not*, or ''.

    >>> lost("the drug lengthened survival", ["it did not prolong survival"])
    'not prolong survival'
    """
    if not sentences:
        return ""
    clauses = _CLAUSE.split(said)
    carried = [_carried(clause) for clause in clauses]
    known = [_carried(sentence) for sentence in sentences]
    for number, sentence in enumerate(sentences):
        for shown, after, before in _denials(sentence):
            for place, words in enumerate(carried):
                if not words & after or _KEPT.search(clauses[place]):
                    continue
                here = len(words & known[number])
                # another sentence says as much and more of it: that one is meant
                if not any(len(words & other) > here for at, other in enumerate(known) if at != number):
                    return shown
                if len(words & (after | before)) > 3:
                    return shown
    whole = _carried(said)
    nearest = max(range(len(known)), key=lambda at: len(whole & known[at]))
    denied = next(_denials(sentences[nearest]), None)
    # the claim denies nothing at all, and the sentence that is most like it does
    return denied[0] if denied and len(whole & known[nearest]) > 2 and not _KEPT.search(said) else ""


def added(said: str, sentences: list[str]) -> str:
    """What the claim denies and no sentence of the same matter does, or ''.

    >>> added("the drug did not help", ["the drug helped all of them"])
    'not help'
    """
    denials = list(_SAID.finditer(said))
    if not denials:
        return ""
    scopes = [_CLAUSE.split(said[match.end() : match.end() + 90])[0] for match in denials]
    matter = {word for scope in scopes for word in _in_order(scope)[:5]}
    if not matter:  # "5% and not 15%": figures, which are held elsewhere
        return ""
    near = [s for s in sentences if matter & _carried(s)] or sentences
    if any(_GROUND.search(sentence) for sentence in near):
        return ""
    return f"{denials[0].group()} {' '.join(scopes[0].split()[:4])}".strip()


def _denials(sentence: str) -> Iterator[tuple[str, set[str], set[str]]]:
    """Each denial of a sentence: as it reads, and the stems after and before it."""
    words = tokens(sentence)
    for at, word in enumerate(words):
        if _DENIES.fullmatch(word):
            after = _until(words[at + 1 : at + 10], ";:.")
            before = _until(list(reversed(words[max(0, at - 6) : at])), ";:.,")
            if word.startswith("absen"):  # what is absent stands before it
                after, before = [*after, *before], []
            shown = " ".join([word, *_until(words[at + 1 : at + 6], ";:.,")])
            yield shown, set(_stems(after)[:_SCOPE]), set(_stems(before)[:3])


def _until(words: list[str], marks: str) -> list[str]:
    end = next((i for i, word in enumerate(words) if word in marks), len(words))
    return words[:end]


def _stems(words: list[str]) -> list[str]:
    return [stem(word) for word in words if carries(word) and not _DENIES.fullmatch(word)]


def _in_order(text: str) -> list[str]:
    return _stems(tokens(text))


def _carried(text: str) -> set[str]:
    return set(_in_order(text))
