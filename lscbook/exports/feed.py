"""What changed as an Atom feed (RFC 4287), one entry a day, dated by the data."""

import uuid

from lxml import etree

from lscbook.addresses import UP, finding, paper
from lscbook.evidence import fields
from lscbook.evidence.store import Located
from lscbook.exports.book import CC_BY, Book
from lscbook.figures import tables
from lscbook.synthesis import changes
from lscbook.synthesis.changes import Day, counted, whats_new
from lscbook.text import escape_html as esc

ATOM = "http://www.w3.org/2005/Atom"
LATEST = 30  # days; the page lists every one
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
    for day in book.days[:LATEST]:
        _entry(root, book, day)
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _entry(root: etree._Element, book: Book, day: Day) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _put(entry, "title", f"{day.date}: {'; '.join(day.summary())}")
    _put(entry, "id", identity(whats_new(day)))
    _put(entry, "updated", _instant(day.date))
    etree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=book.address(whats_new(day)))
    _put(entry, "content", _html(book, day), {"type": "html"})


def _instant(date: str) -> str:
    """The data have days; the feed wants an instant."""
    return f"{date}T00:00:00Z"


def _put(parent: etree._Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = text


SHOWN = 40  # papers of a chapter; a feed reader is no library


def _html(book: Book, day: Day) -> str:
    """The day as a feed reader shows it: standing first, then what was entered, chapter by chapter."""
    parts = [
        f"<p>{_link(book, paper(r.key), tables.cite(r.record))}: {esc(r.state.value)}. "
        f"{esc('; '.join(changes.told(n) for n in r.notices))}</p>"
        for r in day.standing
    ]
    parts += [f"<p>Trial {esc(t.nct)}: {esc(t.status)}. {esc(t.why_stopped)}</p>" for t in day.trials]
    for theme, found in day.by_chapter().items():
        chapter = fields.BY_THEME[theme].chapter.replace("-", " ")
        items = "".join(f"<li>{_said(book, f)}</li>" for f in found[:SHOWN])
        more = f"<p>And {len(found) - SHOWN:,} more.</p>" if len(found) > SHOWN else ""
        parts.append(f"<h3>{esc(chapter)}: {counted(len(found), 'finding')}</h3><ul>{items}</ul>{more}")
    if day.harvest is not None:
        parts.append(f"<p>{esc(changes.harvested(day.harvest))}.</p>")
    if day.readings:
        parts.append(f"<p>{counted(len(day.readings), 'finding')} read a second time.</p>")
    return "".join(parts)


def _said(book: Book, located: Located) -> str:
    direction = tables.WORD[located.finding.direction.value]
    cited = _link(book, finding(located.reference), tables.cite(located.record))
    return f"{direction}: {esc(located.finding.claim)} {cited}"


def _link(book: Book, address: str, text: str) -> str:
    return f'<a href="{esc(book.address(address))}">{esc(text)}</a>'
