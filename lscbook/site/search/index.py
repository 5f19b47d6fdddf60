"""What the search finds: terms, findings, papers and the sections of the pages, each with its terms.

Synonyms are settled here: every document carries the ids of the terms that it names under whatever
name, so that a reader who asks for one name finds them all. `shards` makes the index of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html
from sphinx.application import Sphinx

from lscbook import addresses
from lscbook.evidence.store import Evidence
from lscbook.figures.telling import cite
from lscbook.pubmed.record import Record
from lscbook.site import scripts
from lscbook.site.search import names, shards
from lscbook.standing import Standing
from lscbook.synthesis import entities
from lscbook.synthesis.book import Book
from lscbook.vocabulary import Vocabulary
from lscbook.vocabulary.annotate import Annotator

# Rows and lists that stand in the search as findings, papers or terms already, and what is not prose.
_NOT_PROSE = (
    "script", "style", "svg", "noscript", "pre", "table", "form", "figcaption", "details",
    "*[contains(concat(' ', @class, ' '), ' references ')]", "*[contains(@class, 'headerlink')]",
    "*[contains(@class, 'card-of')]", "*[contains(@class, 'browser')]",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A part of a page under its own heading."""

    page: str
    heading: str
    address: str
    text: str


class Terms:
    """Numbers the terms that documents name, so that a document can carry numbers."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._annotator = Annotator(vocabulary)
        self.numbers: dict[tuple[str, str], int] = {}

    def of(self, keys: Iterable[tuple[str, str]]) -> list[int]:
        """Numbers of terms that have a name to be sought by."""
        known = sorted({key for key in keys if key[0] in addresses.ENTITIES})
        return [self.numbers.setdefault(key, len(self.numbers)) for key in known]

    def named(self, text: str) -> list[tuple[str, str]]:
        """The terms that a text of ours names."""
        return [mention.term.key for mention in self._annotator.mentions(text, anywhere=True)]


def without_sphinx_search(app: Sphinx) -> None:
    """Sphinx makes no index and no page of its own; called once the builder is there."""
    app.builder.search = False  # type: ignore[attr-defined]


def search_page(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Our page under the address to which the theme's search fields send."""
    yield "search", {}, "search.html"


def write(out: Path, pages: Iterable[str], book: Book) -> None:
    """Write what is searched, and take away what Sphinx would have searched with."""
    sections = [section for page in sorted(pages) for section in sections_of(out, page)]
    known = names.table(book.vocabulary)
    scripts.write(out, "lscNames", "names-data.js", known)
    folder = out / shards.FOLDER
    folder.mkdir(exist_ok=True)
    for name, held in shards.laid_out(data(book, sections), known):
        if name:
            (folder / f"{name}.js").write_text(scripts.member("lscSearchParts", name, held), "utf-8", newline="\n")
        else:
            scripts.write(out, "lscSearch", "search-data.js", held)
    for unused in ("searchtools.js", "language_data.js"):
        (out / "_static" / unused).unlink(missing_ok=True)


def data(book: Book, sections: list[Section]) -> dict[str, Any]:
    """Documents by group, as lists of cells."""
    terms = Terms(book.vocabulary)
    found = {
        "entities": _entities(book.evidence, book.vocabulary),
        "findings": _findings(book, terms),
        "papers": _papers(book, terms),
        "sections": [
            [s.page, s.heading, s.address, s.text, terms.of(terms.named(f"{s.heading}. {s.text}"))] for s in sections
        ],
    }
    return {**found, "terms": [list(key) for key in terms.numbers]}


def _entities(evidence: Evidence, vocabulary: Vocabulary) -> list[list[Any]]:
    """Kind, id, what it is, and how many findings it has."""
    return [
        [kind, entity.id, _about(entity), len(entity.findings)]
        for kind, of_kind in entities.gather(evidence, vocabulary).items()
        for entity in of_kind.values()
    ]


def _about(entity: entities.Entity) -> str:
    facts = entity.term.facts
    return str(facts.get("definition") or entity.term.name or facts.get("class") or facts.get("type") or "")


def _findings(book: Book, terms: Terms) -> list[list[Any]]:
    """Claim, direction, level, source, PMID (DOI) and trials, address, terms."""
    return [
        [
            located.finding.claim,
            located.finding.stance,
            located.finding.level or "",
            f"{cite(located.record)}{_told(book, located.record)}",
            [located.record.key, *located.finding.cohort],
            _below_root(addresses.finding(located.reference)),
            terms.of([*entities.terms_of(located.finding, book.vocabulary), *terms.named(located.finding.claim)]),
        ]
        for located in book.evidence.findings
    ]


def _told(book: Book, record: Record) -> str:
    """What a source told of the standing of a paper, as a hit shows it and words find it."""
    state = book.standing(record)
    return "" if state in {Standing.STANDS, Standing.NOT_ASKED} else f" · {state.value}"


def _papers(book: Book, terms: Terms) -> list[list[Any]]:
    """Title, source, journal, PMID, DOI, number of findings, page (where curated), terms."""
    curated = {record.key: key for key, record in book.evidence.records.items()}
    rows = []
    for key, record in sorted(book.corpus.records.items()):
        own = curated.get(key)
        rows.append(
            [
                record.title,
                cite(record),
                f"{record.journal}{_told(book, record)}",
                record.pmid,
                record.doi,
                len(book.evidence.entries[own].findings) if own else 0,
                _below_root(addresses.paper(own)) if own else "",
                terms.of((kind, term) for kind, ids in record.concepts.items() for term in ids),
            ]
        )
    return rows


def _below_root(address: str) -> str:
    return address.removeprefix(addresses.UP)


def sections_of(out: Path, page: str) -> Iterator[Section]:
    """The sections of a built page: prose only, each without the sections inside it."""
    root = html.parse(str(out / f"{page}.html"), html.HTMLParser(encoding="utf-8")).getroot()
    articles = root.xpath("//article")
    for unwanted in root.xpath("|".join(f"//article//{name}" for name in _NOT_PROSE)):
        unwanted.drop_tree()
    title = _text(root.xpath("//article//h1"))
    for section in articles[0].xpath(".//section[@id]") if articles else ():
        heading = _text(section.xpath("./*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]"))
        inner = [child for child in section if child.tag != "section" and not str(child.tag).startswith("h")]
        text = _text(inner)
        if text:
            anchor = "" if heading == title else f"#{section.get('id')}"
            yield Section(title, heading, f"{page}.html{anchor}", text)


def _text(elements: Iterable[Any]) -> str:
    return " ".join(" ".join(element.text_content() for element in elements).split())
