"""Pages of papers, and the writing of all pages outside the book: plain templates, when the book is built.

They stand outside the notebook machinery, because a page of the book grows the sidebar of every
other page; two thousand of these take seconds.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from lscbook import addresses, standing
from lscbook.evidence.store import Located
from lscbook.exports import references
from lscbook.figures.telling import cite
from lscbook.pubmed import reference
from lscbook.pubmed.record import Record
from lscbook.site.opened import Site
from lscbook.site.pages.thing_pages import ONE_OF, Page, ThingPages, cite_page
from lscbook.synthesis import profiles
from lscbook.synthesis.book import Book

HEADINGS = {"evolution": "Clonal evolution", "identity": "LSC identity", "resistance": "Resistance",
            "surveillance": "Surveillance", "target": "As a target"}  # fmt: skip

Cited = dict[str, dict[str, str]]  # by paper: the pages of the book that cite it, title and address


def write_all(out: Path, site: Site, cited: Cited) -> int:
    """Write every page below `out`; the number of pages."""
    pages = [_door(), *_papers(site.book, cited), *ThingPages(site.book).pages()]
    frame = {
        "chapters": [(HEADINGS[t] if t != "target" else "Targets", addresses.chapter(t)) for t in addresses.CHAPTERS],
        "one_of": ONE_OF,
        "headings": HEADINGS,
        "mentions": _mentions,
        "previous": None,
        "next": None,
    }
    for address, template, context in pages:
        target = out / address
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(site.html.fill(template, **{**frame, **context}), encoding="utf-8")
    return len(pages)


def _door() -> Page:
    """The root of the site, which leads to the first page of the book."""
    return "index.html", "moved.html", {"address": "book/start-here.html", "name": "LSC Evidence Book"}


def _mentions(finding: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Genes, markers and therapies that a finding names beside its own fields."""
    return [(kind, ids) for kind in ("genes", "markers", "therapies") if (ids := getattr(finding, kind))]


def _papers(book: Book, cited: Cited) -> Iterator[Page]:
    by_key: dict[str, list[Located]] = defaultdict(list)
    for located in book.evidence.findings:
        by_key[located.entry.key].append(located)
    ordered = sorted(book.evidence.records.items(), key=lambda r: (_letter(r[1]), cite(r[1]).casefold(), r[0]))
    links = [(cite(record), addresses.paper(record.key)) for _, record in ordered]
    for number, (key, record) in enumerate(ordered):
        context = _paper(book, book.evidence.entries[key], record, by_key[key])
        context["cited"] = sorted(cited.get(record.key, {}).items())
        context |= {
            "previous": links[number - 1] if number else None,
            "next": links[number + 1] if number + 1 < len(links) else None,
        }
        yield _below(addresses.paper(record.key)), "paper.html", context
        if record.pmid and record.doi:
            # the address that the paper had while its PMID was pending
            moved = {"address": addresses.paper(record.key), "name": cite(record)}
            yield _below(addresses.paper(record.doi)), "moved.html", moved
    rows = [(record, len(by_key[key])) for key, record in ordered]
    description = f"The {len(rows)} papers that are curated, by first author."
    yield (
        "papers/index.html",
        "papers.html",
        {
            "title": "Papers",
            "description": description,
            "groups": [(letter, list(members)) for letter, members in groupby(rows, key=lambda row: _letter(row[0]))],
            "crumbs": [("Book", f"{addresses.UP}book/start-here.html"), ("Papers", "")],
        },
    )


def _letter(record: Record) -> str:
    """The letter under which a paper is listed; `Others` for what begins with none of A to Z."""
    plain = unicodedata.normalize("NFKD", cite(record).lstrip("“")).upper()
    return plain[:1] if "A" <= plain[:1] <= "Z" else "Others"


def _below(address: str) -> str:
    return address.removeprefix(addresses.UP)


def _paper(book: Book, entry: Any, record: Record, findings: list[Located]) -> dict[str, Any]:
    state = book.standing(record)
    name = cite(record)
    cohorts = sorted({c for f in findings for c in f.finding.cohort})
    return {
        "title": name,
        "description": f"{record.title} {len(findings)} findings curated, and whether the paper still stands.",
        "crumbs": [
            ("Book", f"{addresses.UP}book/start-here.html"),
            ("Papers", f"{addresses.UP}papers/index.html"),
            (name, ""),
        ],
        "record": record,
        "entry": entry,
        "findings": findings,
        "authors": reference.authors(record, len(record.authors)),
        "state": state,
        "standing_sentence": standing.sentence(state, book.asked(record)),
        "notices": book.notices_of(record),
        "trials": [
            (c, addresses.trial(c) if c.startswith(profiles.TRIAL) else "", book.trial_status(c)) for c in cohorts
        ],
        "bibtex": references.bibtex(book, record).strip(),
        "ris": references.ris(book, record).strip(),
        "json": f"{addresses.UP}data/papers/{addresses.key_slug(record.key)}.json",
        "cite_page": cite_page(book, name, addresses.paper(record.key)),
    }
