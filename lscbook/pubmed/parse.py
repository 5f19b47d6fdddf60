"""Read PubMed XML as a stream, a record at a time, with entities and the network off.

Source of the element names: NLM's PubMed DTD of 2025.
"""

import gzip
import html
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap
from pathlib import Path
from typing import IO, cast

from lxml import etree

from lscbook.errors import PubMedMalformed
from lscbook.pubmed.record import Author, Heading, Notice, Record
from lscbook.text import one_line, subscript, superscript

Element = etree._Element

# RefTypes that bear on whether a paper stands, or link a preprint with its article.
STANDING_TYPES = frozenset(
    {
        "RetractionIn",
        "RetractionOf",
        "PartialRetractionIn",
        "PartialRetractionOf",
        "ExpressionOfConcernIn",
        "ExpressionOfConcernFor",
        "ErratumIn",
        "ErratumFor",
        "CorrectedandRepublishedIn",
        "CorrectedandRepublishedFrom",
        "RetractedandRepublishedIn",
        "RetractedandRepublishedFrom",
        "UpdateIn",
        "UpdateOf",
        "ReinstatementIn",
        "ReinstatementOf",
    }
)

_MONTHS = {
    m: i
    for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_CHARACTER_REFERENCE = re.compile(r"&#(?:\d+|x[0-9a-fA-F]+);")
_FIRST = 65_536  # bytes in which the root element stands
_PARTS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_ROOTS = {"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"}


@dataclass(frozen=True, slots=True)
class Deletion:
    """A PMID that PubMed has withdrawn (DeleteCitation)."""

    pmid: str


def parse_path(path: Path) -> Iterator[Record | Deletion]:
    """Records and deletions of one `.xml` or `.xml.gz` file, in its order.

    Raises:
        PubMedMalformed: the file is not whole PubMed XML; the message says what it is instead.
    """
    for element in path_elements(path):
        try:
            yield from parse_element(element)
        except PubMedMalformed as error:
            raise PubMedMalformed(f"{path}: {error}") from error


def path_elements(path: Path) -> Iterator[Element]:
    """As `elements`, of one file.

    Raises:
        PubMedMalformed: as `parse_path`.
    """
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            # GzipFile is a binary stream in all but its declared type.
            yield from elements(cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if zipped else raw)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise PubMedMalformed(f"{path}: the gzip stream is broken or ends early: {error}") from error
        except PubMedMalformed as error:
            raise PubMedMalformed(f"{path}: {error}") from error


def parse_stream(stream: IO[bytes]) -> Iterator[Record | Deletion]:
    """Records and deletions of one stream of PubMed XML; memory stays flat.

    Raises:
        PubMedMalformed: not well-formed, cut short, or another kind of document.
    """
    for element in elements(stream):
        yield from parse_element(element)


def elements(stream: IO[bytes]) -> Iterator[Element]:
    """Articles, book articles and deletions of one stream, each valid until the next is asked for.

    Raises:
        PubMedMalformed: not well-formed, cut short, or another kind of document.
    """
    start = _start(stream)
    context = etree.iterparse(
        cast("IO[bytes]", _Rest(start, stream)),
        events=("end",),
        tag=_PARTS,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in context:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise PubMedMalformed(f"not whole XML: {error}") from error


class _Rest:
    """A stream of which the start was read already."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start, self._stream = start, stream

    def read(self, size: int = -1) -> bytes:
        """As a binary stream reads."""
        if self._start:
            start, self._start = self._start, b""
            return start
        return self._stream.read(size)


def _start(stream: IO[bytes]) -> bytes:
    """The first bytes, which show that the root is one of ours: a whole other document is never built.

    Raises:
        PubMedMalformed: another root, or no element at all.
    """
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True, load_dtd=False)
    start = b""
    try:
        while part := stream.read(_FIRST):
            start += part
            parser.feed(part)
            for _, event in parser.read_events():
                root = cast("Element", event)
                if root.tag in _ROOTS:
                    return start
                raise PubMedMalformed(_what_else(root))
            if len(start) > 16 * _FIRST:
                raise PubMedMalformed("no element in its first megabyte")
        parser.close()
    except etree.XMLSyntaxError as error:
        raise PubMedMalformed(f"not whole XML: {error}") from error
    raise PubMedMalformed("not whole XML: no element")


def _what_else(root: Element) -> str:
    message = root.findtext(".//ERROR") or root.findtext(".//Error") or ""
    return f"the document is <{root.tag}>, not PubmedArticleSet" + (message and f": {message}")


def parse_element(element: Element) -> Iterator[Record | Deletion]:
    """What one element of `elements` says."""
    if element.tag == "DeleteCitation":
        yield from (Deletion(pmid.text.strip()) for pmid in element.findall("PMID") if pmid.text)
    elif element.tag == "PubmedBookArticle":
        yield _book(element)
    else:
        yield _article(element)


def plain(element: Element | None) -> str:
    """Text of an element on one line: markup dropped, `sup` and `sub` as Unicode."""
    if element is None:
        return ""
    if not len(element) and (text := element.text or "").isascii() and "&#" not in text:
        return " ".join(text.split())  # what most fields are
    return one_line(_CHARACTER_REFERENCE.sub(lambda m: html.unescape(m.group()), _text(element)))


def _text(element: Element | None) -> str:
    if element is None:
        return ""
    if not len(element):
        own = element.text or ""
        return {"sup": superscript, "sub": subscript}.get(str(element.tag), str)(own)
    inner = element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            inner += _text(child)
        inner += child.tail or ""
    return {"sup": superscript, "sub": subscript}.get(str(element.tag), str)(inner)


def _article(root: Element) -> Record:
    parts = _children(root)
    citation, data = _children(parts.get("MedlineCitation")), _children(parts.get("PubmedData"))
    article = _children(citation.get("Article"))
    if not article:
        raise PubMedMalformed("a PubmedArticle without MedlineCitation/Article")
    identity = citation.get("PMID")
    if identity is None or not (identity.text or "").strip():
        raise PubMedMalformed("a PubmedArticle without PMID")
    ours = parts["MedlineCitation"].get("Owner") != "NOTNLM"  # else language, types and dates are placeholders
    ids = _ids(data.get("ArticleIdList"))
    journal = _children(article.get("Journal"))
    authors = article.get("AuthorList")
    return Record(
        pmid=str(identity.text).strip(),
        version=int(identity.get("Version") or 1),
        title=plain(article.get("ArticleTitle")) or plain(article.get("VernacularTitle")),
        journal=plain(_children(citation.get("MedlineJournalInfo")).get("MedlineTA"))
        or plain(journal.get("ISOAbbreviation"))
        or plain(journal.get("Title")),
        date=_ymd(_children(journal.get("JournalIssue")).get("PubDate")) or _ymd(article.get("ArticleDate")),
        authors=_authors(authors),
        authors_complete=authors is None or authors.get("CompleteYN") != "N",
        doi=_doi(citation["Article"], ids) if "ELocationID" in article else ids.get("doi", "").lower(),
        pmcid=ids.get("pmc", ""),
        types=tuple(map(plain, _list(article.get("PublicationTypeList"), "PublicationType"))) if ours else (),
        mesh=_mesh(citation.get("MeshHeadingList")),
        # an article may have several lists of keywords, one an owner
        keywords=tuple(filter(None, map(plain, parts["MedlineCitation"].findall("KeywordList/Keyword"))))
        if "KeywordList" in citation
        else (),
        language=plain(article.get("Language")) if ours else "",
        created=_created(data.get("History")),
        revised=_ymd(citation.get("DateRevised")) if ours else "",
        standing=_notices(citation.get("CommentsCorrectionsList")),
        origin="pubmed" if ours else "list",
        text=_abstract(article.get("Abstract")),
    )


def _children(parent: Element | None) -> dict[str, Element]:
    """The first child of each name. One pass is cheaper than a search for each field."""
    return {} if parent is None else {str(child.tag): child for child in parent.iterchildren(reversed=True)}


def _list(parent: Element | None, name: str) -> Iterable[Element]:
    return () if parent is None else parent.iterchildren(name)


def _book(root: Element) -> Record:
    document = root.find("BookDocument")
    if document is None or not (pmid := document.findtext("PMID", "").strip()):
        raise PubMedMalformed("a PubmedBookArticle without BookDocument/PMID")
    ids = _ids(document.find("ArticleIdList"))
    lists = [*document.findall("AuthorList"), *document.findall("Book/AuthorList")]
    authors = next((item for item in lists if item.get("Type") != "editors"), None)
    return Record(
        pmid=pmid,
        title=plain(document.find("ArticleTitle")) or plain(document.find("Book/BookTitle")),
        journal=plain(document.find("Book/BookTitle")),
        date=_ymd(document.find("Book/PubDate")),
        authors=_authors(authors),
        doi=ids.get("doi", "").lower(),
        types=tuple(map(plain, document.findall("PublicationType"))),
        keywords=tuple(filter(None, map(plain, document.findall("KeywordList/Keyword")))),
        language=plain(document.find("Language")),
        created=_created(root.find("PubmedBookData/History")),
        revised=_ymd(document.find("DateRevised")),
        text=_abstract(document.find("Abstract")),
        book=True,
    )


def _ids(parent: Element | None) -> dict[str, str]:
    """The paper's own identifiers; the lists inside its references are not asked."""
    found: dict[str, str] = {}
    for item in _list(parent, "ArticleId"):
        if item.text and item.text.strip():
            found.setdefault(item.get("IdType", ""), item.text.strip())
    return found


def _doi(article: Element, ids: dict[str, str]) -> str:
    for location in article.iterchildren("ELocationID"):
        if location.get("EIdType") == "doi" and location.get("ValidYN", "Y") == "Y" and location.text:
            return location.text.strip().lower()
    return ids.get("doi", "").lower()


def _authors(parent: Element | None) -> tuple[Author, ...]:
    authors = []
    for item in _list(parent, "Author"):
        if item.get("ValidYN", "Y") != "Y":
            continue
        family = initials = collective = ""
        for part in item:
            if part.tag == "LastName":
                family = family or plain(part)
            elif part.tag == "Initials":
                initials = initials or plain(part)
            elif part.tag == "CollectiveName":
                collective = collective or plain(part)
        if family or initials or collective:
            authors.append(Author(family, initials, collective))
    return tuple(authors)


def _mesh(parent: Element | None) -> tuple[Heading, ...]:
    """The descriptors in order; one is major where it is, or a qualifier of it."""
    if parent is None:
        return ()
    found: list[tuple[str, str, bool]] = []
    for part in parent.iter("DescriptorName", "QualifierName"):
        major = part.get("MajorTopicYN") == "Y"
        if part.tag == "DescriptorName":
            found.append((part.get("UI", ""), plain(part), major))
        elif major and found:
            found[-1] = (*found[-1][:2], True)
    if len(found) != len(parent):
        raise PubMedMalformed("a MeshHeading without DescriptorName")
    return tuple(starmap(_known_heading, found))


@lru_cache(maxsize=65_536)
def _known_heading(ui: str, name: str, major: bool) -> Heading:  # noqa: FBT001
    """One object for a descriptor that thousands of records share."""
    return Heading(ui, name, major)


def _notices(parent: Element | None) -> tuple[Notice, ...]:
    return tuple(
        Notice(item.get("RefType", ""), (item.findtext("PMID") or "").strip(), plain(item.find("RefSource")))
        for item in _list(parent, "CommentsCorrections")
        if item.get("RefType") in STANDING_TYPES
    )


def _abstract(parent: Element | None) -> str:
    return "\n".join(filter(None, map(plain, _list(parent, "AbstractText"))))


def _created(history: Element | None) -> str:
    return next((_ymd(date) for date in _list(history, "PubMedPubDate") if date.get("PubStatus") == "entrez"), "")


def _ymd(item: Element | None) -> str:
    """`2012-08-29`, `2012-08` or `2012`, as much as is given; MedlineDate gives its first year."""
    if item is None:
        return ""
    parts = {part.tag: (part.text or "").strip() for part in item}
    if not (year := parts.get("Year", "")):
        found = re.search(r"\b(1[5-9]|20)\d\d\b", parts.get("MedlineDate", ""))
        return found.group() if found else ""
    month, day = parts.get("Month", ""), parts.get("Day", "")
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    if not 1 <= number <= 12:
        return year
    return f"{year}-{number:02}-{int(day):02}" if day.isdigit() else f"{year}-{number:02}"
