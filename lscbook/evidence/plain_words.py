"""The words of a sentence that carry its meaning, as stems under which two wordings of one thing meet."""

import re

# Words that deny, one by one; each weighs in a comparison as much as two others.
DENIAL = frozenset({"not", "no", "none", "without", "never", "neither", "nor", "cannot"})
_EMPTY = (
    "the a an of in to for with and or on by at from that which this these those was were is are be been had "
    "has have as than their its it they them there between among under any "
)
_STOP = frozenset(_EMPTY.split())
_LENGTH = 5  # of a stem: "survival", "survived" and "survive" are one
# Wordings that curators use for each other; each line is one stem.
_ALIKE = (
    "prolong lengthen longer extend",
    "improve better superior benefit gain help",
    "increase raise rise higher more elevat greater enhanc",
    "reduce lower decreas fewer less diminish",
    "associat correlat predict foretel tell link relat went",
    "surviv os",
    "relaps recurr",
    "express carry carri found",
    "confer give",
    "remiss cr",
    "change alter",
    "affect influenc impact effect",
    "leukaemia leukemia aml",
    "toxic harm adverse",
    "healthy normal",
    "marrow bone",
    "growth proliferate",
    "kill eliminate eradicate",
)
_SYNONYMS = {word[:_LENGTH]: f"={words.split()[0]}" for words in _ALIKE for word in words.split()}
# Names that abstracts write out and claims do not.
_SHORT = (
    (re.compile(r"hematopoietic stem(?: and progenitor)? cells?|\bhscs\b"), "hsc"),
    (re.compile(r"leukemi[ac][- ](?:stem|initiating) cells?|\blscs\b"), "lsc"),
    (re.compile(r"(?:minimal|measurable) residual disease"), "mrd"),
    (re.compile(r"complete (?:\w+ )?remissions?|complete responses?"), "cr"),
    (re.compile(r"overall survival"), "survival"),
)
_TOKEN = re.compile(r"[a-z0-9]+(?:[+-](?![a-z0-9]))?|[,;:.()]")
_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*[+-]?")


def tokens(flat: str) -> list[str]:
    """Words and punctuation of a folded text.

    >>> tokens("no cd34+ cell, however")
    ['no', 'cd34+', 'cell', ',', 'however']
    """
    return _TOKEN.findall(_shortened(flat))


def _shortened(flat: str) -> str:
    for written, short in _SHORT:
        flat = written.sub(short, flat)
    return flat


def stem(word: str) -> str:
    """The stem under which a word is compared.

    >>> stem("survival") == stem("survived"), stem("lengthened") == stem("prolonged")
    (True, True)
    """
    short = word[:_LENGTH]
    return _SYNONYMS.get(short, short)


def carries(word: str) -> bool:
    """Whether a word carries meaning of its own."""
    return word not in _STOP and word not in DENIAL and len(word) > 2 and word[0].isalpha()


def stems(flat: str) -> set[str]:
    """Stems of the words of a folded text that carry meaning, and what denies in it."""
    parts = [
        part for word in _WORD.findall(_shortened(flat)) for part in ([word] if word in DENIAL else word.split("-"))
    ]
    return {part if part in DENIAL else stem(part) for part in parts if part in DENIAL or (part and carries(part))}
