"""Texts in words as the index holds them; `words.js` does the same in a browser, and a test holds both together."""

import re
from collections.abc import Iterator

from lscbook.vocabulary import fold

_WORD = re.compile(r"(?:[^\W_]|[+\-.^])+")
_JOINT = re.compile(r"(?<=[^\W_])[- ](?=[^\W_])")
_SIGNS = re.compile(r"[-+]+")
_HISSING = re.compile(r"(ss|sh|ch|x|z)es$")


def squeeze(folded: str) -> str:
    """CD-123 and CD123 are one; a sign at the end of a marker stays.

    >>> squeeze("cd-123 cells"), squeeze("cd34+cd38-")
    ('cd123cells', 'cd34+cd38-')
    """
    return _JOINT.sub("", folded)


def words(text: str) -> Iterator[str]:
    """The words of a text, folded, with the signs and points inside them."""
    for found in _WORD.findall(fold(text)):
        word = found.strip(".^")
        if any(map(str.isalnum, word)):
            yield word


def tokens(text: str) -> Iterator[str]:
    """What is indexed of a text: each word as one, and its pieces between signs.

    >>> list(tokens("CD-123 in 10⁶ CD34⁺CD38− cells."))
    ['cd123', 'cd', '123', 'in', '10^6', 'cd34+cd38-', 'cd34', 'cd38', 'cells']
    """
    for word in words(text):
        if word.isalnum():  # as most are
            yield word
        else:
            yield from dict.fromkeys([squeeze(word), *filter(None, _SIGNS.split(word))])


def singular(word: str) -> str:
    """A word of letters without the ending of a plural; rough, and the same for what is asked and what is named.

    >>> [singular(word) for word in ("cells", "therapies", "classes", "ratios", "oxphos", "kras", "lscs", "mds")]
    ['cell', 'therapy', 'class', 'ratio', 'oxphos', 'kras', 'lsc', 'mds']
    """
    if len(word) < 4 or not word.endswith("s") or not word.isascii() or not word.isalpha():
        return word
    if word.endswith(("ss", "us", "is")) or re.search("[^i]os$", word) or (len(word) == 4 and word.endswith("as")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if _HISSING.search(word) else word[:-1]


def form(text: str) -> str:
    """The form under which names are compared: no case, space, hyphen, bracket or plural.

    >>> form("del(5q)"), form("Leukaemic stem cells"), form("IL-3Rα"), form("CD34+CD38-"), form("-7")
    ('del5q', 'leukemicstemcell', 'il3rα', 'cd34+cd38-', '-7')
    """
    return squeeze(" ".join(map(singular, words(text))))
