"""The words that a reader may not know: those that need a sentence, and abbreviations that need their long form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lscbook import paths
from lscbook.errors import VocabularyInvalid
from lscbook.vocabulary import reading

# Kinds of abbreviations, as the page Glossary heads them.
GROUPS = {
    "clinic": "Clinic and trials",
    "cells": "Cells, mice and cell lines",
    "molecules": "Genes, proteins and pathways without a page of their own",
    "methods": "Laboratory and methods",
    "compounds": "Compounds without a page of their own",
    "trials": "Trials, groups and cohorts",
    "data": "Registers, identifiers and files",
}
_ALLOWED = {
    "glossary.yaml": ({"id", "meaning"}, {"id", "name", "meaning"}),
    "abbreviations.yaml": ({"id", "name", "group"}, {"id", "name", "group", "also", "pattern"}),
}


@dataclass(frozen=True)
class Word:
    """A word that a reader may not know: its long form (`name`), what it means here, or both.

    `also` are other ways of writing it, `pattern` those that cannot be counted (CD and a number); `group` is set
    for what is only an abbreviation.
    """

    id: str
    name: str
    meaning: str
    group: str = ""
    also: tuple[str, ...] = ()
    pattern: str = ""

    @property
    def is_short(self) -> bool:
        """Whether it is written in capitals for a longer name, so that a text is to explain it."""
        return bool(self.name) and bool(self.group or self.id.lower() != self.id)

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """Regular expressions of the ways in which a text writes it, a plural in s among them."""
        written = (re.escape(form) for form in (self.id, *self.also))
        return (*(f"{form}s?" for form in written), *([self.pattern] if self.pattern else []))


def glossary(folder: Path = paths.VOCABULARY) -> dict[str, Word]:
    """The words of `glossary.yaml` and `abbreviations.yaml` by id, in alphabetical order.

    Raises:
        VocabularyInvalid: an unknown or missing key, a group or pattern that is none, or an id twice.
    """
    words: dict[str, Word] = {}
    for file in _ALLOWED:
        for word, place in _words(folder / file):
            if word.id in words:
                raise VocabularyInvalid(f"{place}: {word.id!r} twice; each id once")
            words[word.id] = word
    return dict(sorted(words.items(), key=lambda item: (item[0].casefold(), item[0])))


def _words(path: Path) -> Iterator[tuple[Word, str]]:
    needed, allowed = _ALLOWED[path.name]
    for item in reading.items(path):
        raw, place = item.raw, f"{path.name}:{item.line}"
        if not needed <= set(raw) <= allowed:
            may = ", ".join(sorted(allowed - needed))
            raise VocabularyInvalid(f"{place}: needs {' and '.join(sorted(needed))}, may have {may}, each id once")
        _refuse(raw, place)
        yield (
            Word(
                raw["id"], raw.get("name", ""), raw.get("meaning", ""), raw.get("group", ""),
                tuple(raw.get("also", ())), raw.get("pattern", ""),
            ),
            place,
        )  # fmt: skip


def _refuse(raw: dict[str, Any], place: str) -> None:
    if raw.get("group", "clinic") not in GROUPS:
        raise VocabularyInvalid(f"{place}: group is {raw['group']!r}; allowed are {', '.join(GROUPS)}")
    try:
        re.compile(raw.get("pattern", ""))
    except re.error as error:
        raise VocabularyInvalid(f"{place}: pattern {raw['pattern']!r} is no regular expression: {error}") from error
