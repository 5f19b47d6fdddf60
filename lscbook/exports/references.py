"""Papers as BibTeX and RIS, for a reference manager. Facts only: no abstract, no text of ours."""

import io
import re
from collections.abc import Iterable
from typing import TextIO

import rispy
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer
from rispy.writer import RisWriter

from lscbook import addresses
from lscbook.addresses import key_slug
from lscbook.pubmed import reference
from lscbook.pubmed.record import Author, Record
from lscbook.standing import Standing
from lscbook.synthesis.book import Book

# What TeX would take for a command. Letters beyond ASCII stay: biber and BibTeX 0.99d+ read UTF-8.
_TEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: f"\\{sign}" for sign in "%&$#_"},
    }
)


_SPECIAL = re.compile(f"[{re.escape(''.join(map(chr, _TEX)))}]")


def _tex(text: str) -> str:
    """A text without commands; most have no sign of one, and to look is quicker than to translate."""
    return text.translate(_TEX) if _SPECIAL.search(text) else text


class _Writer(Writer):  # type: ignore[misc]
    """Pybtex's writer, whose own escaping knows neither braces nor fields that take none."""

    def _encode(self, text: str) -> str:
        return text

    def _write_field(self, stream: TextIO, type: str, value: str) -> None:  # noqa: A002  pybtex's name
        stream.write(f",\n    {type} = {{{value}}}")


def citation_key(record: Record) -> str:
    """`pmid-22932223`, or `doi-…`: no corrected year, name or title changes what manuscripts cite.

    >>> citation_key(Record(pmid="1", title="", date="2014"))
    'pmid-1'
    """
    return f"pmid-{record.pmid}" if record.pmid else f"doi-{key_slug(record.doi)}"


def bibtex(book: Book, record: Record) -> str:
    """One paper as a BibTeX entry."""
    return bibliography(book, [record])


def bibliography(book: Book, records: Iterable[Record]) -> str:
    """Papers as a BibTeX file, in the order given."""
    out = io.StringIO()
    _Writer().write_stream(BibliographyData({citation_key(r): _bibtex(book, r) for r in records}), out)
    return out.getvalue()


def _bibtex(book: Book, record: Record) -> Entry:
    found = {
        # braces keep the capitals of genes and drugs
        "title": f"{{{_tex(record.title.rstrip('.'))}}}",
        "journal": _tex(record.journal),
        "year": record.year,
        "date": record.date,
        "volume": _tex(record.volume),
        "number": _tex(record.issue),
        "pages": _tex(record.pages.replace("-", "--")),
        "doi": "" if set("{}\\") & set(record.doi) else record.doi,
        "pmid": record.pmid,
        "pmcid": record.pmcid,
        "url": addresses.pubmed(record.key),
        "note": _tex(_fallen(book, record)),  # styles print it
        "annote": _tex(" ".join(_caveats(book, record))),  # and not this
    }
    people = [_person(author) for author in record.authors]
    if people and not record.authors_complete:
        people.append(Person(last="others"))
    kind = "book" if record.book else "article"
    return Entry(kind, {k: v for k, v in found.items() if v}, {"author": people} if people else {})


def _person(author: Author) -> Person:
    person = Person()
    if author.collective:
        person.last_names = [f"{{{_tex(author.collective)}}}"]
        return person
    family = _tex(author.family)
    # a name of several words stays one name, whatever case they have
    person.last_names = [f"{{{family}}}" if " " in family else family]
    person.first_names = [_tex(_initials(author))]
    person.lineage_names = [_tex(author.suffix)] if author.suffix else []
    return person


def _initials(author: Author) -> str:
    """`J S` of `JS`; `J-M` stays."""
    return " ".join(author.initials) if author.initials.isalpha() else author.initials


def _fallen(book: Book, record: Record) -> str:
    """What a source told of its standing, where that is not that it stands."""
    state = book.standing(record)
    return "" if state in {Standing.STANDS, Standing.NOT_ASKED} else state.value.capitalize()


def ris(book: Book, record: Record) -> str:
    """One paper as a RIS record."""
    return reference_list(book, [record])


def reference_list(book: Book, records: Iterable[Record]) -> str:
    """Papers as a RIS file, in the order given."""
    text: str = rispy.dumps([_ris(book, record) for record in records], implementation=_Ris)
    return text


class _Ris(RisWriter):  # type: ignore[misc]
    """rispy's writer without the running number before each record, which not every program skips."""

    def set_header(self, count: int) -> str:  # noqa: ARG002
        return ""


def _ris(book: Book, record: Record) -> dict[str, object]:
    found: dict[str, object] = {
        "type_of_reference": "BOOK" if record.book else "JOUR",
        "id": citation_key(record),
        "title": record.title.rstrip("."),
        "authors": [_ris_name(a) for a in record.authors],
        "secondary_title": record.journal,
        "year": record.year,
        "date": record.date.replace("-", "/"),
        "volume": record.volume,
        "number": record.issue,
        "start_page": record.pages.partition("-")[0],
        "end_page": record.pages.partition("-")[2],
        "doi": record.doi,
        "accession_number": record.pmid,
        "name_of_database": "PubMed" if record.pmid else "",
        "urls": [addresses.pubmed(record.key)],
        "notes": [note for note in (_fallen(book, record), *_caveats(book, record)) if note],
    }
    return {name: value for name, value in found.items() if value}


def _ris_name(author: Author) -> str:
    return author.collective or ", ".join(filter(None, (author.family, _initials(author), author.suffix)))


def _caveats(book: Book, record: Record) -> list[str]:
    """That nobody asked whether it stands, and what the reference lacks: *and others* where the source stops."""
    others = f"{reference.OTHERS.capitalize()}." if record.authors and not record.authors_complete else ""
    asked = "" if book.was_asked(record) else "Nobody has asked yet whether it still stands."
    return [note for note in (asked, others, reference.caveat(record)) if note]
