"""Records from PubMed XML, one at a time. Any value in any field gives a record, or an error that names its PMID."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lscbook.errors import PubMedMalformed
from lscbook.pubmed.article import article, book
from lscbook.pubmed.document import Element, elements, path_elements
from lscbook.pubmed.fields import named, pmid_of
from lscbook.pubmed.record import Record

Unreadable = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Deletion:
    """A PMID that PubMed has withdrawn (DeleteCitation)."""

    pmid: str


def parse_path(path: Path, unreadable: Unreadable | None = None) -> Iterator[Record | Deletion]:
    """Records and deletions of one `.xml` or `.xml.gz` file, in its order; `unreadable` as in `parse_stream`.

    Raises:
        PubMedMalformed: the file is not whole PubMed XML; the message says what it is instead.
    """
    for element in path_elements(path):
        try:
            yield from _parsed(element, unreadable)
        except PubMedMalformed as error:
            raise PubMedMalformed(f"{path}: {error}") from error


def parse_stream(stream: IO[bytes], unreadable: Unreadable | None = None) -> Iterator[Record | Deletion]:
    """Records and deletions of one stream of PubMed XML; memory stays flat.

    A record that cannot be read ends the stream, or, where `unreadable` is given, is told to it by PMID ('?' where
    it has none) with what is wrong, and the others go on.

    Raises:
        PubMedMalformed: not well-formed, cut short, another kind of document, or a record that cannot be read.
    """
    for element in elements(stream):
        yield from _parsed(element, unreadable)


def _parsed(element: Element, unreadable: Unreadable | None) -> list[Record | Deletion]:
    try:
        return parse_element(element)
    except PubMedMalformed as error:
        if unreadable is None:
            raise
        unreadable(_pmid_in(element), str(error))
        return []


def _pmid_in(element: Element) -> str:
    return pmid_of(element.find("MedlineCitation/PMID")) or pmid_of(element.find("BookDocument/PMID")) or "?"


def parse_element(element: Element) -> list[Record | Deletion]:
    """What one element of `elements` says.

    Raises:
        PubMedMalformed: it says nothing that can be kept; the message names its PMID.
    """
    if element.tag == "DeleteCitation":
        return [Deletion(pmid) for pmid in map(pmid_of, named(element, "PMID")) if pmid]
    try:
        return [book(element) if element.tag == "PubmedBookArticle" else article(element)]
    except PubMedMalformed as error:
        raise PubMedMalformed(f"PMID {_pmid_in(element)}: {error}") from error
