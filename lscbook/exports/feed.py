"""What changed as Atom feeds (RFC 4287), dated by the data: one with an entry a day, one with an entry a finding."""

import uuid
from pathlib import Path

from lxml import etree

from lscbook import addresses
from lscbook.addresses import UP
from lscbook.evidence import fields
from lscbook.evidence.store import Located
from lscbook.figures import telling
from lscbook.figures.html import Html
from lscbook.synthesis import changes
from lscbook.synthesis.book import CC_BY, Book
from lscbook.synthesis.changes import Day, counted, whats_new
from lscbook.synthesis.counts import strongest_first

ATOM = "http://www.w3.org/2005/Atom"
DAYS, FINDINGS = "feed.xml", "findings.xml"
LATEST = 30  # days; the page lists every one
NEWEST = 200  # findings; the browser filters by the day of entry, without end
SHOWN = 40  # papers of a chapter; a feed reader is no library
TEMPLATES = Path(__file__).parent / "templates"
# An id must never change, whatever host the book moves to: so it is made from the address inside the
# site, which does not change, and not from the host.
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:lsc-evidence-book")


def identity(address: str) -> str:
    """The permanent id of an address inside the site."""
    return uuid.uuid5(_SPACE, address.removeprefix(UP)).urn


def feed(book: Book) -> bytes:
    """One entry a day. Links are relative to it where the site's address is not configured."""
    root = _head(book, DAYS, f"{book.citation.title}: what's new", "../book/whats-new.html")
    html = Html(book, TEMPLATES)
    for day in book.days[:LATEST]:
        _day(root, html, day)
    return _text(root)


def findings(book: Book) -> bytes:
    """One entry a finding, the newest first; of one day, the strongest first."""
    root = _head(book, FINDINGS, f"{book.citation.title}: new findings", "../book/evidence.html")
    html = Html(book, TEMPLATES)
    newest = sorted(strongest_first(book.evidence.findings), key=lambda f: f.entry.added, reverse=True)
    for located in newest[:NEWEST]:
        _finding(root, html, located)
    return _text(root)


def _head(book: Book, path: str, title: str, page: str) -> etree._Element:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en-GB")
    _put(root, "title", title)
    _put(root, "subtitle", book.citation.abstract)
    _put(root, "id", identity(path))
    _put(root, "updated", _instant(book.days[0].date if book.days else book.as_of))
    if book.base:
        etree.SubElement(root, f"{{{ATOM}}}link", rel="self", type="application/atom+xml", href=f"{book.base}{path}")
    etree.SubElement(root, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=book.address(page))
    for name in book.citation.authors:
        _put(etree.SubElement(root, f"{{{ATOM}}}author"), "name", name)
    _put(root, "rights", f"Claims: CC BY 4.0, {CC_BY}")
    return root


def _text(root: etree._Element) -> bytes:
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _day(root: etree._Element, html: Html, day: Day) -> None:
    address = html.book.address(whats_new(day))
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _put(entry, "title", f"{day.date}: {'; '.join(day.summary())}")
    _put(entry, "id", identity(whats_new(day)))
    _put(entry, "updated", _instant(day.date))
    etree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=address)
    told = html.fill(
        "feed-day.html",
        day=day,
        shown=SHOWN,
        chapter=lambda theme: fields.BY_THEME[theme].chapter.replace("-", " "),
        counted=counted,
        told=changes.told,
        harvested=changes.harvested,
    )
    _put(entry, "content", told.strip(), {"type": "html"})


def _finding(root: etree._Element, html: Html, located: Located) -> None:
    address = addresses.finding(located.reference)
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    said = telling.WORD[located.finding.stance]
    _put(entry, "title", f"{telling.cite(located.record)}, {said}: {located.finding.claim}")
    _put(entry, "id", identity(address))
    _put(entry, "updated", _instant(located.entry.added))
    etree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=html.book.address(address))
    etree.SubElement(entry, f"{{{ATOM}}}category", term=located.finding.theme)
    _put(entry, "content", html.fill("feed-finding.html", located=located).strip(), {"type": "html"})


def _instant(date: str) -> str:
    """The data have days; the feed wants an instant."""
    return f"{date}T00:00:00Z"


def _put(parent: etree._Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = text
