"""The book as one SQLite file: the exported tables, and the lists of their cells as tables of their own."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from lscbook.evidence import fields
from lscbook.evidence.fields import Type
from lscbook.exports.columns import Kind, Table
from lscbook.exports.documents import line
from lscbook.synthesis.book import Book

_AFFINITY = {Kind.INTEGER: "INTEGER", Kind.YEAR: "INTEGER", Kind.BOOLEAN: "INTEGER", Kind.NUMBER: "REAL"}
# What the flat tables cannot say: a finding has several terms, a paper several notices.
_MORE = """
CREATE TABLE finding_terms (
    reference TEXT NOT NULL REFERENCES findings(reference), field TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (reference, field, kind, id)) WITHOUT ROWID;
CREATE INDEX finding_terms_id ON finding_terms(id);
CREATE TABLE notices (
    paper TEXT NOT NULL REFERENCES papers(paper), type TEXT NOT NULL, pmid TEXT, source TEXT, date TEXT);
CREATE TABLE vocabulary (
    kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, synonyms TEXT NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


def database(book: Book, tables: Iterable[Table]) -> bytes:
    """`tables` and the lists of their cells as one file.

    Made in memory, packed, and without a clock, so that the same data give the same bytes.
    """
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("PRAGMA page_size = 4096")
        for table in tables:
            _write(connection, table)
        connection.executescript(_MORE)
        _insert(connection, "finding_terms", 4, terms(book))
        _insert(connection, "notices", 5, _notices(book))
        _insert(connection, "vocabulary", 5, _vocabulary(book))
        _insert(connection, "about", 2, _about(book))
        connection.commit()
        connection.execute("VACUUM")
        return connection.serialize()
    finally:
        connection.close()


def _write(connection: sqlite3.Connection, table: Table) -> None:
    declared = ", ".join(
        f'"{c.name}" {_AFFINITY.get(c.kind, "TEXT")}'
        + (" PRIMARY KEY" if c.name == table.key else "")
        + (" NOT NULL" if c.required else "")
        for c in table.columns
    )
    connection.execute(f'CREATE TABLE "{table.name}" ({declared})')
    _insert(connection, table.name, len(table.columns), ([_stored(v) for v in row] for row in table.rows))


def _insert(connection: sqlite3.Connection, table: str, width: int, rows: Iterable[Iterable[Any]]) -> None:
    marks = ", ".join("?" * width)
    connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', (tuple(row) for row in rows))  # noqa: S608  our names


def _stored(value: Any) -> Any:
    """A value as SQLite holds it: lists as JSON (`json_each` reads them), words as they are."""
    if isinstance(value, tuple | list):
        return line(list(value))
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def terms(book: Book) -> list[tuple[str, str, str, str]]:
    """Reference, field, vocabulary and id, for each term that a finding names."""
    found = []
    for located in book.evidence.findings:
        for field in fields.fields_of(located.finding.theme):
            value = getattr(located.finding, field.name)
            if field.type in {Type.TERM, Type.TERMS} and value:
                for identifier in [value] if isinstance(value, str) else value:
                    term = book.vocabulary.get(field.vocabularies, identifier)
                    kind = term.kind if term else field.vocabularies[0]
                    found.append((located.reference, field.name, kind, identifier))
    return sorted(set(found))


def _notices(book: Book) -> list[tuple[str, ...]]:
    return [
        (key, n.type, n.pmid, n.source, n.date)
        for key, record in sorted(book.evidence.records.items())
        for n in book.notices_of(record)
    ]


def _vocabulary(book: Book) -> list[tuple[str, ...]]:
    return sorted((t.kind, t.id, t.name or t.id, _stored(t.synonyms), line(t.facts)) for t in book.vocabulary)


def _about(book: Book) -> list[tuple[str, str]]:
    return [
        ("as_of", book.as_of),
        ("cite", book.cite()),
        ("statement", str(book.corpus.manifest.get("statement", ""))),
        ("title", book.citation.title),
        ("version", book.citation.version),
    ]
