"""Abbreviations that a text itself defines, by Schwartz and Hearst's algorithm (package `abbreviations`)."""

import logging
import re

# the package sets up the root logger when it is imported; that is for a program to do, and not for a library
_root = logging.getLogger()
_handlers, _level = _root.handlers[:], _root.level
from abbreviations import schwartz_hearst  # type: ignore[import-untyped]  # noqa: E402

_root.handlers[:] = _handlers
_root.setLevel(_level)

LONGEST = 10  # characters of an abbreviation, as the algorithm has it
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9(\[])|\n")
_INSIDE = re.compile(r"\(([^()]{2,90})\)")
_SHORT_BEFORE = re.compile(r"([A-Za-z][A-Za-z0-9/+-]{1,9}) $")


def definitions(text: str) -> dict[str, str]:
    """Each abbreviation that the text defines, with what it stands for there; of two definitions the first.

    Both orders are read: `stem cells (SC)` and `SC (stem cells)`.

    >>> definitions("Multidimensional scaling (MDS) of AML (acute myeloid leukemia) cells.")
    {'MDS': 'Multidimensional scaling', 'AML': 'acute myeloid leukemia'}
    """
    found: dict[str, str] = {}
    for sentence in _SENTENCE.split(text):
        for match in _INSIDE.finditer(sentence):
            for long, short in _candidates(sentence, match):
                if short not in found and (told := _defined(long, short)):
                    found[short] = told
    return found


def _candidates(sentence: str, match: re.Match[str]) -> list[tuple[str, str]]:
    """What may be long and short at one pair of brackets, in either order."""
    inside = re.split(r"[;,]", match.group(1))[0].strip("'\" ")
    before = sentence[: match.start()]
    if len(inside) <= LONGEST and len(inside.split()) <= 2 and before.endswith(" "):
        # the algorithm gives a line up whose brackets do not match, so that it is given none but these
        return [(re.sub(r"[()\[\]]", " ", before[-200:]), inside)]
    if (short := _SHORT_BEFORE.search(before)) and sum(map(str.isupper, short.group(1))) > 1:
        return [(inside + " ", short.group(1))]
    return []


def _defined(long: str, short: str) -> str:
    pairs = schwartz_hearst.extract_abbreviation_definition_pairs(doc_text=f"{long}({short})")
    return str(pairs.get(short, ""))
