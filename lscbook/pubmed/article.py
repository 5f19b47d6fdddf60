"""The record of an article, and of a book or chapter, from its element.

Source of the element names: NLM's PubMed DTD of 2025.
"""

import re

from lscbook.errors import PubMedMalformed
from lscbook.pubmed.document import Element
from lscbook.pubmed.fields import (
    abstract_of,
    bare_doi,
    children,
    created,
    date_of,
    headings,
    ids,
    named,
    notices,
    people,
    pmcid,
    pmid_of,
    texts,
    version_of,
)
from lscbook.pubmed.plain_text import plain
from lscbook.pubmed.record import Record

_NO_TITLE = re.compile(r"\[?not available\]?\.?", re.IGNORECASE)


def article(root: Element) -> Record:
    """The record of a `PubmedArticle`.

    Raises:
        PubMedMalformed: it has no article or no PMID.
    """
    parts = children(root)
    citation, data = children(parts.get("MedlineCitation")), children(parts.get("PubmedData"))
    about = children(citation.get("Article"))
    if not about:
        raise PubMedMalformed("a PubmedArticle without MedlineCitation/Article")
    identity = citation.get("PMID")
    pmid = pmid_of(identity)
    if identity is None or not pmid:
        raise PubMedMalformed(f"a PubmedArticle whose PMID is {plain(identity)!r}")
    ours = parts["MedlineCitation"].get("Owner") != "NOTNLM"  # else language, types and dates are placeholders
    journal = children(about.get("Journal"))
    issue = children(journal.get("JournalIssue"))
    authors, complete = people(about.get("AuthorList"), ours=ours)
    known = ids(data.get("ArticleIdList"))
    return Record(
        pmid=pmid,
        version=version_of(identity),
        title=_title(about),
        journal=plain(children(citation.get("MedlineJournalInfo")).get("MedlineTA"))
        or plain(journal.get("ISOAbbreviation"))
        or plain(journal.get("Title")),
        date=date_of(issue.get("PubDate")) or date_of(about.get("ArticleDate")),
        volume=plain(issue.get("Volume")),
        issue=plain(issue.get("Issue")),
        pages=_pages(about.get("Pagination")),
        authors=authors,
        authors_complete=complete,
        doi=(_doi(citation["Article"]) if "ELocationID" in about else "") or bare_doi(known.get("doi", "")),
        pmcid=pmcid(known.get("pmc", "")),
        types=texts(named(about.get("PublicationTypeList"), "PublicationType")) if ours else (),
        mesh=headings(citation.get("MeshHeadingList")),
        # an article may have several lists of keywords, one an owner
        keywords=texts(parts["MedlineCitation"].findall("KeywordList/Keyword")) if "KeywordList" in citation else (),
        language=plain(about.get("Language")) if ours else "",
        created=created(data.get("History")),
        revised=date_of(citation.get("DateRevised")) if ours else "",
        standing=notices(citation.get("CommentsCorrectionsList")),
        origin="pubmed" if ours else "list",
        text=abstract_of(about.get("Abstract")),
    )


def book(root: Element) -> Record:
    """The record of a `PubmedBookArticle`.

    Raises:
        PubMedMalformed: it has no PMID.
    """
    document = root.find("BookDocument")
    pmid = "" if document is None else pmid_of(document.find("PMID"))
    if document is None or not pmid:
        raise PubMedMalformed("a PubmedBookArticle without BookDocument/PMID")
    lists = [*document.findall("AuthorList"), *document.findall("Book/AuthorList")]
    authors, complete = people(next((item for item in lists if item.get("Type") != "editors"), None))
    return Record(
        pmid=pmid,
        title=plain(document.find("ArticleTitle")) or plain(document.find("Book/BookTitle")),
        journal=plain(document.find("Book/BookTitle")),
        date=date_of(document.find("Book/PubDate")),
        volume=plain(document.find("Book/Volume")),
        pages=_pages(document.find("Pagination")),
        authors=authors,
        authors_complete=complete,
        doi=bare_doi(ids(document.find("ArticleIdList")).get("doi", "")),
        types=texts(document.findall("PublicationType")),
        keywords=texts(document.findall("KeywordList/Keyword")),
        language=plain(document.find("Language")),
        created=created(root.find("PubmedBookData/History")),
        revised=date_of(document.find("DateRevised")),
        text=abstract_of(document.find("Abstract")),
        book=True,
    )


def _doi(about: Element) -> str:
    """The first DOI that PubMed holds valid."""
    for location in named(about, "ELocationID"):
        valid = location.get("EIdType") == "doi" and location.get("ValidYN", "Y") == "Y"
        if valid and (doi := bare_doi(location.text or "")):
            return doi
    return ""


def _title(about: dict[str, Element]) -> str:
    """The title, or that in the paper's own language where PubMed has only `[Not Available].` for it."""
    title, vernacular = plain(about.get("ArticleTitle")), plain(about.get("VernacularTitle"))
    return vernacular if vernacular and (not title or _NO_TITLE.fullmatch(title)) else title


def _pages(pagination: Element | None) -> str:
    """As PubMed prints them, else from the first to the last."""
    parts = children(pagination)
    if medline := plain(parts.get("MedlinePgn")):
        return medline
    return "-".join(filter(None, (plain(parts.get("StartPage")), plain(parts.get("EndPage")))))
