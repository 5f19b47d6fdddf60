"""Data for machines: every file that the site offers beside its pages, under addresses that stay.

`one_by_one` makes them from the data alone, `everything` all in memory; `write_all` writes them into a built site.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lscbook import paths
from lscbook.exports import columns, database, documents, feed, linked, package, references, site_root, spreadsheet
from lscbook.synthesis.book import Book

CLAIMS = "CC BY 4.0"
FACTS = "facts from PubMed, NLM"


@dataclass(frozen=True)
class File:
    """One file that is offered: its path in the site, its media type, what it is for, its licence."""

    path: str
    media: str
    purpose: str
    licence: str = CLAIMS


# In the order in which a reader meets them on the page Data.
FILES = (
    File("data/findings.csv", "text/csv", "Every finding, one row each: for pandas, R, a script"),
    File("data/findings.tsv", "text/tab-separated-values", "The same, split at tabs"),
    File(
        "data/findings.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Findings, papers and screening as a workbook: the one to open in Excel or LibreOffice",
    ),
    File("data/papers.csv", "text/csv", "Every curated paper, with its standing and its counts", FACTS),
    File("data/screening.tsv", "text/tab-separated-values", "Every paper screened, included or excluded, and why"),
    File("data/evidence.sqlite", "application/vnd.sqlite3", "Everything as one database, for SQL"),
    File("data/findings.json", "application/json", "Every finding, structured, with its paper and its standing"),
    File("data/findings.jsonl", "application/jsonl", "The same, one finding a line, to read as a stream"),
    File("data/vocabulary.json", "application/json", "The vocabulary: ids, synonyms, identifiers elsewhere"),
    File("data/book.jsonld", "application/ld+json", "Linked data: schema.org, and provenance for each finding"),
    File("data/datapackage.json", "application/json", "Frictionless data package: what each column means and allows"),
    File("data/references.bib", "application/x-bibtex", "Every curated paper, for BibTeX and biblatex", FACTS),
    File(
        "data/references.ris",
        "application/x-research-info-systems",
        "Every curated paper, for Zotero, EndNote, Mendeley",
        FACTS,
    ),
    File("feed.xml", "application/atom+xml", "What changed, day by day, for a feed reader (Atom)"),
    File("findings.xml", "application/atom+xml", "New findings, one entry each, for a feed reader (Atom)"),
    File("llms.txt", "text/plain", "A guide to the book for language models: data, fields, limits"),
)
# Folders with a file for each paper, day or schema.
PAPERS = "data/papers/"
CHANGES = "data/changes/"
SCHEMAS = "data/schema/"

_MOVED = b'http-equiv="refresh"'  # a page that leads to another is none of its own


def everything(book: Book, schemas: Path = paths.DATA / "schema") -> dict[str, bytes]:
    """Each file by its path in the site. The same data give the same bytes."""
    return dict(one_by_one(book, schemas))


def one_by_one(book: Book, schemas: Path = paths.DATA / "schema") -> Iterator[tuple[str, bytes]]:
    """Each file with its path in the site, so that whoever writes them need not hold them all."""
    told: dict[str, tuple[int, str]] = {}
    for path, content in _made(book, schemas):
        data = content.encode() if isinstance(content, str) else content
        told[path] = len(data), hashlib.sha256(data).hexdigest()
        yield path, data
    yield "data/book.jsonld", linked.linked_data(book, _distributions(told))


def _made(book: Book, schemas: Path) -> Iterator[tuple[str, str | bytes]]:
    tables = {table.name: table for table in columns.tables_of(book)}
    flat = {
        "findings.csv": (tables["findings"], ","),
        "findings.tsv": (tables["findings"], "\t"),
        "papers.csv": (tables["papers"], ","),
        "screening.tsv": (tables["screening"], "\t"),
    }
    written = {name: (t, spreadsheet.separated(t, mark).encode()) for name, (t, mark) in flat.items()}
    records = [book.evidence.records[key] for key in sorted(book.evidence.entries)]
    yield from ((f"data/{name}", data) for name, (_, data) in written.items())
    yield "data/datapackage.json", package.package(book, written)
    written.clear()
    yield "data/findings.xlsx", spreadsheet.workbook(tuple(tables.values()), _about(book), book.as_of)
    yield "data/evidence.sqlite", database.database(book, tables.values())
    tables.clear()
    flat.clear()
    yield "data/findings.json", documents.findings_json(book)
    yield "data/findings.jsonl", documents.findings_lines(book)
    yield "data/vocabulary.json", documents.vocabulary(book)
    yield "data/references.bib", references.bibliography(book, records)
    yield "data/references.ris", references.reference_list(book, records)
    yield feed.DAYS, feed.feed(book)
    yield feed.FINDINGS, feed.findings(book)
    yield "llms.txt", site_root.llms_txt(book, [(f.path, f.purpose) for f in FILES])
    yield from ((PAPERS + name, text) for name, text in documents.paper_documents(book))
    yield from ((f"{CHANGES}{date}.json", brought.as_json() + "\n") for date, brought in book.harvests.items())
    yield from ((SCHEMAS + file.name, file.read_bytes()) for file in sorted(schemas.glob("*")) if file.is_file())


def _about(book: Book) -> list[tuple[str, str]]:
    said = documents.about(book)
    return [(name, str(said[name])) for name in ("title", "version", "as_of", "statement", "licence", "cite")]


def _distributions(told: dict[str, tuple[int, str]]) -> list[dict[str, Any]]:
    """The files of the dataset as schema.org tells them, each by its address from `data/`; `told`: size, SHA-256."""
    return [
        {
            "@type": "DataDownload",
            "contentUrl": f"../{file.path}",
            "encodingFormat": file.media,
            "description": file.purpose,
            "contentSize": str(told[file.path][0]),
            "sha256": told[file.path][1],
        }
        for file in FILES
        if file.path in told
    ]


def write_all(folder: Path, book: Book) -> list[Path]:
    """Make every file and write it into the built site at `folder`; return what was written."""
    return [*write_files(folder, everything(book)), *write_maps(folder, book)]


def write_files(folder: Path, made: Mapping[str, bytes]) -> list[Path]:
    """Write the files of `everything` into the built site at `folder`, and return what was written."""
    for path, data in made.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return [folder / path for path in sorted(made)]


def write_maps(folder: Path, book: Book) -> list[Path]:
    """Write robots.txt and the map of the site, whose pages are all there, and return what was written.

    Without a configured address (`book.base`) there is neither: both must name the site's own address, and none is
    invented.
    """
    if not book.base:
        return []
    pages = [
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*.html")
        if "_static" not in p.parts and _MOVED not in p.read_bytes()[:1000]
    ]
    made = {"robots.txt": site_root.robots_txt(book).encode(), "sitemap.xml": site_root.sitemap(book, pages)}
    return write_files(folder, made)
