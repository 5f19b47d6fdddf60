"""Genes that share a part of their name in a text: `IDH1/2`, `DNMT3A/B`, `N/KRAS`."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from lscbook.vocabulary.terms import Term

M = TypeVar("M")
_NUMBERS = re.compile(r"\b([A-Z][A-Za-z]{1,5}-?)([0-9]{1,2})((?:/-?[0-9]{1,2}(?![0-9.]))+)")
_LETTERS = re.compile(r"\b([A-Z]{2,5}[0-9])([A-Z])((?:/[A-Z](?![A-Za-z]))+)")
_HEADS = re.compile(r"\b([A-Z])-?(?:/| and | or )([A-Z])-?([A-Z]{2,4}[0-9]?)\b")


def mentions(cased: str, forms: dict[str, list[Term]], make: Callable[[Term, str, int, int], M]) -> Iterator[M]:
    """The genes that are named by what they do not share: in `IDH1/2` the second, in `N/KRAS` the first.

    `make` builds a mention of a term, its form, and where the part of its own stands.
    """
    for match in (*_NUMBERS.finditer(cased), *_LETTERS.finditer(cased)):
        stem = match.group(1)
        for part in re.finditer(r"/-?([0-9]{1,2}|[A-Z])", match.group(3)):
            at = match.start(3) + part.start(1)
            yield from _of(f"{stem}{part.group(1)}".lower(), at, at + len(part.group(1)), forms, make)
    for match in _HEADS.finditer(cased):
        own, other, rest = match.groups()
        if any(term.kind == "genes" for term in forms.get(f"{other}{rest}".lower(), ())):
            yield from _of(f"{own}{rest}".lower(), match.start(1), match.end(1), forms, make)


def _of(
    form: str, start: int, end: int, forms: dict[str, list[Term]], make: Callable[[Term, str, int, int], M]
) -> Iterator[M]:
    for term in forms.get(form, ()):
        if term.kind == "genes" and form not in term.ambiguous:
            yield make(term, form, start, end)
