"""Findings as columns of words, and the filters over them.

Columns and filters follow the one table of fields, so that a new field is a new column and, where
its words are given, a new filter.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from lscbook.evidence import fields
from lscbook.evidence.fields import Field, Type
from lscbook.evidence.findings import Contrast
from lscbook.evidence.store import Located
from lscbook.figures import telling
from lscbook.pubmed.record import Record
from lscbook.standing import Standing
from lscbook.synthesis.book import Book
from lscbook.synthesis.counts import strongest_first
from lscbook.vocabulary import Vocabulary

READINGS = ("once", "twice", "disputed")
_KINDS = {
    "disease": "diseases",
    "target": "targets",
    "marker": "markers",
    "gene": "genes",
    "lesion": "lesions",
    "therapy": "therapies",
    "mechanism": "mechanisms",
}
# These fields list terms of several kinds, and all of them answer to the filter of one kind.
_WHOLE = {"lesions": "lesions", "subjects": "markers"}
_MAIN = ("theme", "direction", "level", "study", *_KINDS, "standing", "reading")
_SINGULAR = {"diseases": "disease", "cells": "cell"}
_LABELS = {"reading": "second reading", "hsc_effect": "effect on HSC"}


@dataclass(frozen=True)
class Column:
    """Distinct words, and for each finding the numbers of its words."""

    words: list[str]
    rows: list[list[int]]

    def as_json(self) -> dict[str, Any]:
        """Numbers count from 1: 0 stands for no word, a bare number for one."""
        flat = [0 if not row else row[0] + 1 if len(row) == 1 else [i + 1 for i in row] for row in self.rows]
        return {"words": self.words, "rows": flat}

    def counts(self) -> list[int]:
        """Findings by word."""
        counted = Counter(chain.from_iterable(self.rows))
        return [counted[i] for i in range(len(self.words))]


@dataclass(frozen=True)
class Facet:
    """A filter: its name in the address, its words in the order in which they are offered."""

    name: str
    column: str
    words: tuple[str, ...]
    counts: tuple[int, ...]
    themes: tuple[str, ...] = ()

    @property
    def offered(self) -> list[tuple[str, int]]:
        """Each word with its count."""
        return list(zip(self.words, self.counts, strict=True))

    @property
    def label(self) -> str:
        """The name as a reader sees it."""
        return _LABELS.get(self.name, self.name.replace("_", " "))


def table_fields() -> dict[str, Field]:
    """Every field of a finding by name; one that two themes have takes the words of both."""
    table: dict[str, Field] = {}
    for field in chain(fields.COMMON, *(theme.fields for theme in fields.THEMES)):
        known = table.get(field.name)
        if field.type in fields.NESTED and known:
            continue  # a mapping in one theme, a word in another: the word is what is filtered
        allowed = tuple(dict.fromkeys((*known.allowed, *field.allowed))) if known else field.allowed
        table[field.name] = replace(field, allowed=allowed)
    return table


def themes_of(name: str) -> tuple[str, ...]:
    """The themes that have the field as their own."""
    return tuple(theme.name for theme in fields.THEMES if any(f.name == name for f in theme.fields))


def in_order(book: Book) -> list[Located]:
    """Every finding, the strongest first: the order of the rows."""
    return strongest_first(book.evidence.findings)


def columns(book: Book, found: list[Located]) -> dict[str, Column]:
    """A column for each filter, and the trials, which words are sought in."""
    made = {
        field.name: _column([words(f, field) for f in found], field.allowed)
        for field in table_fields().values()
        if field.type in {Type.WORD, Type.WORDS} or field.name in (*_KINDS, *_SINGULAR, "cohort")
    }
    for name, kind in _KINDS.items():
        if name not in made:
            made[name] = _column([_terms(f, kind, book.vocabulary) for f in found])
    made["year"] = _column([[f.record.year] if f.record.year else [] for f in found])
    made["standing"] = _column([[book.standing(f.record).value] for f in found], tuple(s.value for s in Standing))
    made["added"] = _column([[f.entry.added] for f in found])
    made["reading"] = _column([list(telling.readings(book, f)) for f in found], READINGS)
    return made


def words(located: Located, field: Field) -> list[str]:
    """What a finding says in a field, as words."""
    value = located.finding.told(field.name)
    if value is None or value in ("", (), {}) or isinstance(value, Contrast):
        return []
    return [str(item) for item in value] if isinstance(value, tuple) else [str(value)]


def _terms(located: Located, kind: str, vocabulary: Vocabulary) -> list[str]:
    """What a finding names of a kind, in any of its fields."""
    found: list[str] = []
    for field in fields.fields_of(located.finding.theme):
        if kind in field.vocabularies:
            whole = _WHOLE.get(field.name) == kind
            found += [w for w in words(located, field) if whole or w in vocabulary.terms[kind]]
    return list(dict.fromkeys(found))


def _column(rows: list[list[str]], order: Iterable[str] = ()) -> Column:
    present = set(chain.from_iterable(rows))
    known = [word for word in order if word in present]
    known += sorted(present - set(known))
    number = {word: i for i, word in enumerate(known)}
    return Column(known, [[number[word] for word in row] for row in rows])


def facets(made: dict[str, Column]) -> list[Facet]:
    """The filters: those of every finding, then the words of single themes."""
    table = table_fields()
    own = [f.name for theme in fields.THEMES for f in theme.fields if f.type in {Type.WORD, Type.WORDS}]
    plural = {singular: name for name, singular in _SINGULAR.items()}
    main = [_facet(name, plural.get(name, name), made, table) for name in _MAIN]
    return main + [_facet(_SINGULAR.get(name, name), name, made, table) for name in dict.fromkeys(own)]


def _facet(name: str, column: str, made: dict[str, Column], table: dict[str, Field]) -> Facet:
    counted = dict(zip(made[column].words, made[column].counts(), strict=True))
    field = table.get(column)
    if field is not None and field.allowed:
        offered = list(field.allowed)  # in the order of the table, with the words that nothing has yet
    elif name == "standing":
        offered = [state.value for state in Standing]  # one that no paper has answers *none*
    elif name == "reading":
        offered = list(READINGS)
    else:
        offered = sorted(counted, key=lambda word: (-counted[word], word.lower()))
    themes = () if name in _MAIN else themes_of(column)
    return Facet(name, column, tuple(offered), tuple(counted.get(word, 0) for word in offered), themes)


def paper_keys(book: Book) -> list[str]:
    """The papers of the findings, in the order in which the script counts them."""
    return sorted({f.entry.key for f in book.evidence.findings})


def data(book: Book) -> dict[str, Any]:
    """All that the page's script filters and sorts by: columns, papers, claims, and how each filter is called."""
    found = in_order(book)
    made = columns(book, found)
    keys = paper_keys(book)
    number = {key: i for i, key in enumerate(keys)}
    return {
        "claims": [f.finding.claim for f in found],
        "columns": {name: column.as_json() for name, column in made.items()},
        "facets": [[facet.name, facet.column, facet.label] for facet in facets(made)],
        "kinds": _KINDS,
        "paper": [number[f.entry.key] for f in found],
        "papers": [_paper(book, book.evidence.records[key]) for key in keys],
    }


def _paper(book: Book, record: Record) -> list[str]:
    """By what it is sorted, then all that words are sought in: also the trials that it reports."""
    told = book.spoken.trials_of
    trials = dict.fromkeys((*told.get(record.pmid, ()), *told.get(record.doi, ())))
    about = (record.title, *(a.name for a in record.authors), record.journal, record.pmid, record.doi)
    return [telling.cite(record), " ".join(filter(None, (*about, *(f"{t.id} {t.registry}" for t in trials))))]
