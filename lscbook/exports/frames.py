"""The book as tidy frames of pandas: `from lscbook import open_book; book = open_book(); book.findings()`.

The columns are those of the exported tables (`columns.py`), typed: words are `string`, counts and years `Int64`,
figures `Float64`, yes and no `boolean`, days `datetime64[ns]`; what is not told is missing, and a list is a tuple,
empty where nothing is told. `explode` gives a row for each word of a list instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from lscbook.exports import columns
from lscbook.exports.columns import Column, Kind, Table
from lscbook.synthesis import counts
from lscbook.synthesis.book import Book
from lscbook.synthesis.entities import Entity, gather

DTYPES = {
    Kind.STRING: "string",
    Kind.INTEGER: "Int64",
    Kind.NUMBER: "Float64",
    Kind.BOOLEAN: "boolean",
    Kind.YEAR: "Int64",
    Kind.DATE: "datetime64[ns]",
    Kind.ARRAY: "object",
}


@dataclass(frozen=True)
class OpenBook:
    """One snapshot of the book; `book` is what figures and tables of a chapter take."""

    book: Book

    @cached_property
    def _made(self) -> dict[str, Table]:
        return {}

    def _table(self, name: str) -> Table:
        """A table by its name, made once: a notebook asks again and again."""
        if name not in self._made:
            self._made[name] = _TABLES[name](self.book)
        return self._made[name]

    def findings(self, explode: str | Iterable[str] = ()) -> pd.DataFrame:
        """One row a finding, or one row a word of the list columns named.

        Raises:
            KeyError: there is no such list column; the message names those that there are.
        """
        return _exploded(self._table("findings"), explode)

    def papers(self, explode: str | Iterable[str] = ()) -> pd.DataFrame:
        """One row a curated paper."""
        return _exploded(self._table("papers"), explode)

    def corpus(self, explode: str | Iterable[str] = ()) -> pd.DataFrame:
        """One row a record of the snapshot, curated or not."""
        return _exploded(self._table("corpus"), explode)

    def terms(self, explode: str | Iterable[str] = ()) -> pd.DataFrame:
        """One row a term of the vocabulary, with how many findings are about it."""
        return _exploded(self._table("terms"), explode)

    def columns(self, name: str = "findings") -> pd.DataFrame:
        """What each column of `findings`, `papers`, `corpus` or `terms` means, its dtype and its allowed words."""
        table = self._table(name)
        rows = [(c.name, "tuple" if c.kind is Kind.ARRAY else DTYPES[c.kind], c.help, c.allowed) for c in table.columns]
        return pd.DataFrame(rows, columns=["column", "dtype", "meaning", "allowed"])


def open_book() -> OpenBook:
    """The committed data, read once.

    Raises:
        CorpusInvalid, EntryInvalid, LedgerInvalid, VocabularyInvalid: a file of `data/` is not what it must be.
    """
    return OpenBook(Book.open())


def corpus(book: Book) -> Table:
    """One row a record of the snapshot."""
    curated = {record.key for record in book.evidence.records.values()}
    judged = {decision.pmid: decision.decision for decision in book.decisions}
    text, many = Kind.STRING, Kind.ARRAY
    own = (
        Column("paper", text, "PMID, or DOI while the PMID is pending.", lambda r: r.key, required=True),
        *columns.facts(book),
        Column("origin", text, "pubmed, list or doi: who says so.", lambda r: r.origin),
        Column("language", text, "Language, as PubMed has it.", lambda r: r.language),
        Column("created", text, "Day on which PubMed took it up.", lambda r: r.created),
        Column("mesh", many, "MeSH descriptors.", lambda r: [h.name for h in r.mesh]),
        Column("keywords", many, "Keywords of the authors.", lambda r: r.keywords),
        Column(
            "terms",
            many,
            "Terms of the vocabulary that title or abstract name, as genes/TP53.",
            lambda r: [f"{kind}/{name}" for kind, found in sorted(r.concepts.items()) for name in sorted(found)],
        ),
        Column(
            "abstract_sentences",
            Kind.INTEGER,
            "Sentences of its abstract.",
            lambda r: (r.abstract or {}).get("sentences"),
        ),
        Column("screened", text, "include, exclude, or empty: not judged.", lambda r: judged.get(r.pmid)),
        Column("curated", Kind.BOOLEAN, "true: findings were written from it.", lambda r: r.key in curated),
    )
    records = sorted(book.corpus.records.values(), key=lambda r: r.key)
    return Table.of("corpus", "One row a record", own, records, "paper")


def terms(book: Book) -> Table:
    """One row a term of the vocabulary that has a page."""

    def stance(word: str) -> Any:
        return lambda entity: counts.stances(entity.findings)[word]

    number = Kind.INTEGER
    own = (
        Column("kind", Kind.STRING, "targets, markers, genes …", lambda e: e.kind, required=True),
        Column("id", Kind.STRING, "The word by which findings name it.", lambda e: e.id, required=True),
        Column("name", Kind.STRING, "Its name in full.", lambda e: e.term.name),
        Column("synonyms", Kind.ARRAY, "Other names.", lambda e: [s for s in e.term.synonyms if s != e.id]),
        Column("findings", number, "Findings about it, background among them.", lambda e: len(e.findings)),
        *(Column(word, number, f"Of them {word.replace('_', ' ')}.", stance(word)) for word in columns.STANCES),
        Column("papers", number, "Papers that they come from.", lambda e: e.papers),
        Column(
            "page",
            Kind.STRING,
            "Its page here; target, marker and gene share one.",
            lambda e: book.address(book.page_of(e.kind, e.id)),
        ),
    )
    gathered = gather(book.evidence, book.vocabulary)
    entities: list[Entity] = [e for members in gathered.values() for e in members.values()]
    return Table.of("terms", "One row a term", own, sorted(entities, key=lambda e: (e.kind, e.id)), "id")


_TABLES = {"findings": columns.findings, "papers": columns.papers, "corpus": corpus, "terms": terms}


def frame(table: Table) -> pd.DataFrame:
    """A table of the book, typed."""
    made = {}
    for place, column in enumerate(table.columns):
        values = [row[place] for row in table.rows]
        if column.kind is Kind.ARRAY:
            made[column.name] = pd.Series([tuple(v or ()) for v in values], dtype="object")
        elif column.kind is Kind.NUMBER:
            made[column.name] = pd.Series([None if v is None else float(v) for v in values], dtype="Float64")
        elif column.kind is Kind.DATE:
            made[column.name] = pd.to_datetime(pd.Series(values, dtype="object")).astype("datetime64[ns]")
        else:
            made[column.name] = pd.Series(values, dtype=DTYPES[column.kind])
    return pd.DataFrame(made)


def _exploded(table: Table, names: str | Iterable[str]) -> pd.DataFrame:
    made = frame(table)
    lists = {c.name for c in table.columns if c.kind is Kind.ARRAY}
    for name in [names] if isinstance(names, str) else names:
        if name not in lists:
            raise KeyError(f"{name!r} is no list column of {table.name}; these are: {', '.join(sorted(lists))}")
        made = made.explode(name, ignore_index=True).astype({name: "string"})
    return made
