"""The Frictionless data package: each table with its size, its hash and its whole Table Schema."""

import hashlib
from typing import Any

from lscbook.exports.columns import Column, Kind, Table
from lscbook.exports.documents import dump
from lscbook.synthesis.book import CC_BY, Book

LICENCE = {"name": "CC-BY-4.0", "path": CC_BY, "title": "Creative Commons Attribution 4.0 International"}


def package(book: Book, files: dict[str, tuple[Table, bytes]]) -> str:
    """`datapackage.json`; `files` are its tables by file name, with their bytes."""
    return dump(
        {
            "profile": "data-package",
            "name": "lsc-evidence-book",
            "title": book.citation.title,
            "description": f"{book.citation.abstract} {book.corpus.manifest.get('statement', '')}".strip(),
            "version": book.citation.version,
            "created": f"{book.as_of}T00:00:00Z",
            "keywords": list(book.citation.keywords),
            "licenses": [LICENCE],
            "contributors": [{"title": name, "role": "author"} for name in book.citation.authors],
            "sources": [
                {"title": "PubMed, U.S. National Library of Medicine", "path": "https://pubmed.ncbi.nlm.nih.gov/"}
            ],
            "resources": [_resource(name, table, data) for name, (table, data) in files.items()],
        }
    )


def _resource(file: str, table: Table, data: bytes) -> dict[str, Any]:
    kind = file.rpartition(".")[2]
    return {
        "profile": "tabular-data-resource",
        "name": file.replace(".", "-"),
        "path": file,
        "title": table.title,
        "format": kind,
        "mediatype": {"csv": "text/csv", "tsv": "text/tab-separated-values"}[kind],
        "encoding": "utf-8",
        "dialect": {
            "delimiter": {"csv": ",", "tsv": "\t"}[kind],
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
        },
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "licenses": [LICENCE],
        "schema": schema(table),
    }


def schema(table: Table) -> dict[str, Any]:
    """The Table Schema of a table."""
    return {
        "fields": [_field(column, key=column.name == table.key) for column in table.columns],
        "primaryKey": table.key,
        "missingValues": [""],
    }


def _field(column: Column, *, key: bool) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.kind.value, "description": column.help}
    rules: dict[str, Any] = {}
    if column.required:
        rules["required"] = True
    if key:
        rules["unique"] = True
    if column.allowed and column.kind is Kind.ARRAY:
        field["arrayItem"] = {"type": "string", "constraints": {"enum": list(column.allowed)}}
    elif column.allowed:
        rules["enum"] = list(column.allowed)
    return {**field, "constraints": rules} if rules else field
