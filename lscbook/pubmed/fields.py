"""The fields that articles and books share: dates, identifiers, people, headings, notices, abstract.

Whatever a field holds, it gives a value that can be kept, or the value that says *unknown*.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

from lscbook.pubmed.document import Element
from lscbook.pubmed.plain_text import clean, plain
from lscbook.pubmed.record import PMID, Author, Heading, Notice

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
CUT = frozenset({0, 1, 6})  # numbers of authors at which public lists stop

_MONTHS = {
    m: i
    for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_DOI = re.compile(r"(?:doi[:\s]\s*)?(10\.[0-9]+(?:\.[0-9]+)*/\S+)", re.IGNORECASE)
_PMC = re.compile(r"(?:PMC)?([1-9][0-9]{0,9})(?:\.[0-9]+)?", re.IGNORECASE)


def children(parent: Element | None) -> dict[str, Element]:
    """The first child of each name. One pass is cheaper than a search for each field."""
    return {} if parent is None else {child.tag: child for child in reversed(parent)}


def named(parent: Element | None, name: str) -> list[Element]:
    """The children of that name."""
    return [] if parent is None else [child for child in parent if child.tag == name]


def pmid_of(element: Element | None) -> str:
    """A PMID, or '' where the element holds none.

    A PMID is a positive number of nine digits at most.
    """
    text = "" if element is None else (element.text or "").strip()
    return text if PMID.fullmatch(text) else ""


def version_of(element: Element) -> int:
    """The version of a PMID, up to a full stop; 1 where the attribute is no number."""
    found = re.match(r"[0-9]{1,9}", element.get("Version", ""))
    return int(found.group()) if found else 1


def ids(parent: Element | None) -> dict[str, str]:
    """The paper's own identifiers by their type; the lists inside its references are not asked."""
    found: dict[str, str] = {}
    for item in named(parent, "ArticleId"):
        if text := (item.text or "").strip():
            found.setdefault(item.get("IdType", ""), text)
    return found


def bare_doi(text: str) -> str:
    """The DOI without the address of a resolver before it; '' where the text is no DOI.

    >>> bare_doi("https://doi.org/10.1000%2FXYZ"), bare_doi("doi: 10.1000/xyz"), bare_doi("S0022-1")
    ('10.1000/xyz', '10.1000/xyz', '')
    """
    bare = text.strip()
    if address := _RESOLVER.match(bare):
        bare = unquote(bare[address.end() :])
    found = _DOI.fullmatch(bare)
    return found.group(1).lower() if found else ""


def pmcid(text: str) -> str:
    """The id of a full text without its version; '' where the text is none.

    >>> pmcid("PMC2762775.2"), pmcid("NIHMS1234")
    ('PMC2762775', '')
    """
    found = _PMC.fullmatch(text)
    return f"PMC{found.group(1)}" if found else ""


def date_of(item: Element | None) -> str:
    """`2012-08-29`, `2012-08` or `2012`, as much as is sure; MedlineDate gives its first year."""
    return "" if item is None else _date(tuple([(part.tag, part.text) for part in item]))


@lru_cache(maxsize=16_384)
def _date(given: tuple[tuple[str, str | None], ...]) -> str:
    """A date from the names and texts of its parts; thousands of records share one."""
    parts = {name: (text or "").strip() for name, text in given}
    year = parts.get("Year", "")
    if not _YEAR.fullmatch(year):
        found = re.search(rf"\b{_YEAR.pattern}\b", parts.get("MedlineDate", ""))
        return found.group() if found else ""
    month, day = parts.get("Month", ""), parts.get("Day", "")
    number = int(month) if re.fullmatch(r"[0-9]{1,2}", month) else _MONTHS.get(month[:3].lower(), 0)
    if not 1 <= number <= 12:
        return year
    sure = re.fullmatch(r"[0-9]{1,2}", day) and 1 <= int(day) <= 31
    return f"{year}-{number:02}-{int(day):02}" if sure else f"{year}-{number:02}"


def created(history: Element | None) -> str:
    """The day on which the record came into PubMed."""
    for date in () if history is None else reversed(history):  # it stands last, mostly
        if date.get("PubStatus") == "entrez":
            return date_of(date)
    return ""


def people(parent: Element | None, *, ours: bool = True) -> tuple[tuple[Author, ...], bool]:
    """The authors, and whether they are all of them.

    They are not where PubMed says that the list stops, or names one without any name. A record from a public
    list (not `ours`) with nobody, one or six may have been cut there: it is not said to be whole.
    """
    if parent is None:
        return (), ours
    authors: list[Author] = []
    nameless = False
    for item in parent:
        if item.tag == "Author" and item.get("ValidYN", "Y") == "Y":
            if author := _author(item):
                authors.append(author)
            else:
                nameless = True
    cut = nameless or parent.get("CompleteYN") == "N" or (not ours and len(authors) in CUT)
    return tuple(authors), not cut


def _author(item: Element) -> Author | None:
    """One author, or None where the element names nobody."""
    names = children(item)
    family, initials = plain(names.get("LastName")), plain(names.get("Initials"))
    suffix = plain(names["Suffix"]) if "Suffix" in names else ""
    if family and initials and "CollectiveName" not in names:
        return Author(family, initials, "", suffix)  # as nearly all are
    given, collective = plain(names.get("ForeName")), plain(names.get("CollectiveName"))
    if given and not family and not collective:
        family, given, initials = given, "", ""  # some people have one name
    if given and not initials:
        initials = "".join(word[0] for word in re.split(r"[\s.-]+", given) if word)
    if not (family or initials or collective):
        return None
    return Author(family, initials, collective, suffix)


def headings(parent: Element | None) -> tuple[Heading, ...]:
    """The MeSH descriptors in order; one is major where it is, or a qualifier of it."""
    if parent is None:
        return ()
    found: list[Heading] = []
    for part in parent.iter("DescriptorName", "QualifierName"):
        if part.tag == "DescriptorName":
            found.append(_heading(part.get("UI"), part.text, part.get("MajorTopicYN")))
        elif found and part.get("MajorTopicYN") == "Y":
            found[-1] = _heading(found[-1].ui, found[-1].name, "Y")
    return tuple(found)


@lru_cache(maxsize=65_536)
def _heading(ui: str | None, name: str | None, major: str | None) -> Heading:
    """One object for a descriptor that thousands of records share."""
    return Heading(ui or "", clean(name), major == "Y")


def notices(parent: Element | None) -> tuple[Notice, ...]:
    """The links to other records that bear on whether the paper stands."""
    return tuple(
        Notice(item.get("RefType", ""), pmid_of(item.find("PMID")), plain(item.find("RefSource")))
        for item in named(parent, "CommentsCorrections")
        if item.get("RefType") in STANDING_TYPES
    )


def texts(found: Iterable[Element]) -> tuple[str, ...]:
    """The plain text of each element that has one."""
    return tuple(filter(None, map(plain, found)))


def abstract_of(parent: Element | None) -> str:
    """The abstract, one section a line."""
    return "\n".join(texts(named(parent, "AbstractText")))
