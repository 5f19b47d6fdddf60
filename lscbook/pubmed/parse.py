"""Records from PubMed XML, one at a time. Any value in any field gives a record, or an error that names its PMID.

Source of the element names: NLM's PubMed DTD of 2025.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap
from pathlib import Path
from typing import IO

from lscbook.errors import PubMedMalformed
from lscbook.pubmed.document import Element, elements, path_elements
from lscbook.pubmed.record import Author, Heading, Notice, Record
from lscbook.text import one_line, subscript, superscript

Unreadable = Callable[[str, str], None]

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
LISTED = 6  # authors at which public lists stop
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_PMID = re.compile(r"[1-9][0-9]{0,8}")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_NO_TITLE = re.compile(r"\[?not available\]?\.?", re.IGNORECASE)


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


def _parsed(element: Element, unreadable: Unreadable | None) -> Iterator[Record | Deletion]:
    try:
        yield from list(parse_element(element))
    except PubMedMalformed as error:
        if unreadable is None:
            raise
        unreadable(_pmid_in(element), str(error))


def _pmid_in(element: Element) -> str:
    found = (element.findtext("MedlineCitation/PMID") or element.findtext("BookDocument/PMID") or "").strip()
    return found if _PMID.fullmatch(found) else "?"


def parse_element(element: Element) -> Iterator[Record | Deletion]:
    """What one element of `elements` says.

    Raises:
        PubMedMalformed: it says nothing that can be kept; the message names its PMID.
    """
    if element.tag == "DeleteCitation":
        yield from (Deletion(pmid.text.strip()) for pmid in element.findall("PMID") if pmid.text)
        return
    try:
        yield _book(element) if element.tag == "PubmedBookArticle" else _article(element)
    except PubMedMalformed as error:
        raise PubMedMalformed(f"PMID {_pmid_in(element)}: {error}") from error


def plain(element: Element | None) -> str:
    """Text of an element on one line: markup dropped, `sup` and `sub` as Unicode."""
    if element is None:
        return ""
    if not len(element) and (text := element.text or "").isascii() and "&#" not in text:
        return " ".join(text.split())  # what most fields are
    return one_line(_CHARACTER_REFERENCE.sub(lambda m: html.unescape(m.group()), _text(element)))


_RAISED = {"sup": superscript, "sub": subscript}
# MathML whose last part is raised, lowered or divided by: `msup` of 10 and 6 is 10⁶.
_MATHS: dict[str, tuple[str, Callable[[str], str]]] = {
    "msup": ("", superscript),
    "msub": ("", subscript),
    "mfrac": ("/", str),
}


def _text(element: Element) -> str:
    name = str(element.tag).rpartition("}")[2]
    if name in _MATHS and len(element) == 2:
        between, last = _MATHS[name]
        power = last("".join(_text(element[1]).split()))
        # what has no raised form keeps a sign that it is raised
        mark = "^" if name == "msup" and power == "".join(_text(element[1]).split()) else between
        return "".join(_text(element[0]).split()) + mark + power
    inner = element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            inner += _text(child)
        inner += child.tail or ""
    return _RAISED.get(name, str)(inner)


def _article(root: Element) -> Record:
    parts = _children(root)
    citation, data = _children(parts.get("MedlineCitation")), _children(parts.get("PubmedData"))
    article = _children(citation.get("Article"))
    if not article:
        raise PubMedMalformed("a PubmedArticle without MedlineCitation/Article")
    identity = citation.get("PMID")
    pmid = ("" if identity is None else identity.text or "").strip()
    if identity is None or not _PMID.fullmatch(pmid):
        raise PubMedMalformed(f"a PubmedArticle whose PMID is {pmid!r}")
    ours = parts["MedlineCitation"].get("Owner") != "NOTNLM"  # else language, types and dates are placeholders
    ids = _ids(data.get("ArticleIdList"))
    journal = _children(article.get("Journal"))
    issue = _children(journal.get("JournalIssue"))
    return Record(
        pmid=pmid,
        version=_version(identity.get("Version")),
        title=_title(article),
        journal=plain(_children(citation.get("MedlineJournalInfo")).get("MedlineTA"))
        or plain(journal.get("ISOAbbreviation"))
        or plain(journal.get("Title")),
        date=_ymd(issue.get("PubDate")) or _ymd(article.get("ArticleDate")),
        volume=plain(issue.get("Volume")),
        issue=plain(issue.get("Issue")),
        pages=_pages(_children(article.get("Pagination"))),
        authors=_authors(article.get("AuthorList")),
        authors_complete=_complete(article.get("AuthorList"), ours=ours),
        doi=_doi(citation["Article"], ids) if "ELocationID" in article else _bare_doi(ids.get("doi", "")),
        pmcid=_pmcid(ids.get("pmc", "")),
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
    pmid = "" if document is None else document.findtext("PMID", "").strip()
    if document is None or not _PMID.fullmatch(pmid):
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
        doi=_bare_doi(ids.get("doi", "")),
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
            return _bare_doi(location.text)
    return _bare_doi(ids.get("doi", ""))


def _bare_doi(text: str) -> str:
    """The DOI without the address of a resolver before it.

    >>> _bare_doi("https://doi.org/10.1000/XYZ")
    '10.1000/xyz'
    """
    return _DOI_PREFIX.sub("", text.strip()).lower()


def _pmcid(text: str) -> str:
    """The id of a full text without its version.

    >>> _pmcid("PMC2762775.2")
    'PMC2762775'
    """
    return re.sub(r"\.[0-9]+$", "", text)


def _version(text: str | None) -> int:
    """The number before a full stop, if any; 1 where there is none.

    >>> _version("2"), _version("1.0"), _version("new")
    (2, 1, 1)
    """
    found = re.match(r"[0-9]{1,9}", text or "")
    return int(found.group()) if found else 1


def _title(article: dict[str, Element]) -> str:
    """The title, or that in the paper's own language where PubMed has only `[Not Available].` for it."""
    title, vernacular = plain(article.get("ArticleTitle")), plain(article.get("VernacularTitle"))
    return vernacular if vernacular and (not title or _NO_TITLE.fullmatch(title)) else title


def _pages(pagination: dict[str, Element]) -> str:
    if medline := plain(pagination.get("MedlinePgn")):
        return medline
    return "-".join(filter(None, (plain(pagination.get("StartPage")), plain(pagination.get("EndPage")))))


def _complete(authors: Element | None, *, ours: bool) -> bool:
    """Whether every author is named: PubMed says when a list stops, and one without any name is not whole.

    A record from a public list (not `ours`) names nobody, or stops at six: neither is said to be whole.
    """
    if authors is None:
        return ours
    if not ours and len(authors) == LISTED:
        return False
    named = ("LastName", "ForeName", "Initials", "CollectiveName")
    valid = [a for a in authors.iterchildren("Author") if a.get("ValidYN", "Y") == "Y"]
    return authors.get("CompleteYN") != "N" and all(any(p.tag in named and plain(p) for p in a) for a in valid)


def _authors(parent: Element | None) -> tuple[Author, ...]:
    authors = []
    for item in _list(parent, "Author"):
        if item.get("ValidYN", "Y") != "Y":
            continue
        family = initials = given = collective = suffix = ""
        for part in item:
            if part.tag == "LastName":
                family = family or plain(part)
            elif part.tag == "Initials":
                initials = initials or plain(part)
            elif part.tag == "ForeName":
                given = given or plain(part)
            elif part.tag == "CollectiveName":
                collective = collective or plain(part)
            elif part.tag == "Suffix":
                suffix = suffix or plain(part)
        if not family and given and not collective:
            family, given = given, ""  # some people have one name
        initials = initials or "".join(word[0] for word in re.split(r"[\s.-]+", given) if word)
        if family or initials or collective:
            authors.append(Author(family, initials, collective, suffix))
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
    year = parts.get("Year", "")
    if not _YEAR.fullmatch(year):
        found = re.search(rf"\b{_YEAR.pattern}\b", parts.get("MedlineDate", ""))
        return found.group() if found else ""
    month, day = (parts.get(name, "") for name in ("Month", "Day"))
    number = int(month) if re.fullmatch(r"[0-9]{1,2}", month) else _MONTHS.get(month[:3].lower(), 0)
    if not 1 <= number <= 12:
        return year
    valid = re.fullmatch(r"[0-9]{1,2}", day) and 1 <= int(day) <= 31
    return f"{year}-{number:02}-{int(day):02}" if valid else f"{year}-{number:02}"
