"""Data for machines: every file that the site offers beside its pages, under addresses that stay.

`everything` makes them in memory, from the data alone; `write_all` writes them into a built site.
"""

import hashlib
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
    tables = {table.name: table for table in columns.tables_of(book)}
    flat = {
        "findings.csv": (tables["findings"], ","),
        "findings.tsv": (tables["findings"], "\t"),
        "papers.csv": (tables["papers"], ","),
        "screening.tsv": (tables["screening"], "\t"),
    }
    written = {name: (t, spreadsheet.separated(t, mark).encode()) for name, (t, mark) in flat.items()}
    records = [book.evidence.records[key] for key in sorted(book.evidence.entries)]
    made: dict[str, str | bytes] = {
        **{f"data/{name}": data for name, (_, data) in written.items()},
        "data/findings.xlsx": spreadsheet.workbook(tuple(tables.values()), _about(book), book.as_of),
        "data/evidence.sqlite": database.database(book, tables.values()),
        "data/findings.json": documents.findings_json(book),
        "data/findings.jsonl": documents.findings_lines(book),
        "data/vocabulary.json": documents.vocabulary(book),
        "data/datapackage.json": package.package(book, written),
        "data/references.bib": references.bibliography(book, records),
        "data/references.ris": references.reference_list(book, records),
        feed.DAYS: feed.feed(book),
        feed.FINDINGS: feed.findings(book),
        "llms.txt": site_root.llms_txt(book, [(f.path, f.purpose) for f in FILES]),
        **{PAPERS + name: text for name, text in documents.paper_documents(book).items()},
        **{f"{CHANGES}{date}.json": brought.as_json() + "\n" for date, brought in book.harvests.items()},
        **{SCHEMAS + file.name: file.read_bytes() for file in sorted(schemas.glob("*")) if file.is_file()},
    }
    whole = {path: text.encode() if isinstance(text, str) else text for path, text in made.items()}
    whole["data/book.jsonld"] = linked.linked_data(book, _distributions(whole)).encode()
    return whole


def _about(book: Book) -> list[tuple[str, str]]:
    said = documents.about(book)
    return [(name, str(said[name])) for name in ("title", "version", "as_of", "statement", "licence", "cite")]


def _distributions(whole: dict[str, bytes]) -> list[dict[str, Any]]:
    """The files of the dataset as schema.org tells them, each by its address from `data/`."""
    return [
        {
            "@type": "DataDownload",
            "contentUrl": f"../{file.path}",
            "encodingFormat": file.media,
            "description": file.purpose,
            "contentSize": str(len(whole[file.path])),
            "sha256": hashlib.sha256(whole[file.path]).hexdigest(),
        }
        for file in FILES
        if file.path in whole
    ]


def write_all(folder: Path, book: Book) -> list[Path]:
    """Make every file and write it into the built site at `folder`; return what was written."""
    return write_files(folder, book, everything(book))


def write_files(folder: Path, book: Book, made: dict[str, bytes]) -> list[Path]:
    """Write the files of `everything` into the built site at `folder`, and return what was written.

    Without a configured address (`book.base`) there is neither robots.txt nor a site map: both must
    name the site's own address, and none is invented.
    """
    whole = dict(made)
    if book.base:
        pages = [
            p.relative_to(folder).as_posix()
            for p in folder.rglob("*.html")
            if "_static" not in p.parts and _MOVED not in p.read_bytes()[:1000]
        ]
        whole["robots.txt"] = site_root.robots_txt(book).encode()
        whole["sitemap.xml"] = site_root.sitemap(book, pages)
    for path, data in whole.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return [folder / path for path in sorted(whole)]
