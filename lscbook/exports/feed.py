"""What changed as an Atom feed (RFC 4287), one entry a day, dated by the data."""

import uuid
from pathlib import Path

from lxml import etree

from lscbook.addresses import UP
from lscbook.evidence import fields
from lscbook.figures.html import Html
from lscbook.synthesis import changes
from lscbook.synthesis.book import CC_BY, Book
from lscbook.synthesis.changes import Day, counted, whats_new

ATOM = "http://www.w3.org/2005/Atom"
LATEST = 30  # days; the page lists every one
SHOWN = 40  # papers of a chapter; a feed reader is no library
TEMPLATES = Path(__file__).parent / "templates"
# An id must never change, whatever host the book moves to: so it is made from the address inside the
# site, which does not change, and not from the host.
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:lsc-evidence-book")


def identity(address: str) -> str:
    """The permanent id of an address inside the site."""
    return uuid.uuid5(_SPACE, address.removeprefix(UP)).urn


def feed(book: Book) -> bytes:
    """The feed. Links are relative to it where the site's address is not configured."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en-GB")
    _put(root, "title", f"{book.citation.title}: what's new")
    _put(root, "subtitle", book.citation.abstract)
    _put(root, "id", identity("feed.xml"))
    _put(root, "updated", _instant(book.days[0].date if book.days else book.as_of))
    if book.base:
        etree.SubElement(root, f"{{{ATOM}}}link", rel="self", type="application/atom+xml", href=f"{book.base}feed.xml")
    etree.SubElement(
        root, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=book.address("../book/whats-new.html")
    )
    for name in book.citation.authors:
        _put(etree.SubElement(root, f"{{{ATOM}}}author"), "name", name)
    _put(root, "rights", f"Claims: CC BY 4.0, {CC_BY}")
    html = Html(book, TEMPLATES)
    for day in book.days[:LATEST]:
        _entry(root, html, day)
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _entry(root: etree._Element, html: Html, day: Day) -> None:
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


def _instant(date: str) -> str:
    """The data have days; the feed wants an instant."""
    return f"{date}T00:00:00Z"


def _put(parent: etree._Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = text
