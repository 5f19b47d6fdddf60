"""What the search finds: things, findings, papers and the sections of the pages, each with what it is found by.

Synonyms are settled here: every document carries the terms that it names under whatever name, so that a reader who
asks for one name finds them all. `shards` makes the index of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html
from sphinx.application import Sphinx

from lscbook import addresses
from lscbook.figures.telling import cite
from lscbook.pubmed.record import Record
from lscbook.site import scripts
from lscbook.site.pages.thing_pages import ONE_OF
from lscbook.site.search import names, shards
from lscbook.site.search.naming import ITSELF, Naming, authors, facts
from lscbook.site.search.shards import Found
from lscbook.site.search.tokens import form
from lscbook.standing import Standing
from lscbook.synthesis import entities, subjects
from lscbook.synthesis.book import Book
from lscbook.synthesis.counts import strongest_first
from lscbook.synthesis.subjects import Subject
from lscbook.vocabulary.spoken import WORDS
from lscbook.vocabulary.things import Thing

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


def without_sphinx_search(app: Sphinx) -> None:
    """Sphinx makes no index and no page of its own; called once the builder is there."""
    app.builder.search = False  # type: ignore[attr-defined]


def search_page(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Our page under the address to which the theme's search fields send."""
    yield "search", {}, "search.html"


def write(out: Path, pages: Iterable[str], book: Book) -> None:
    """Write what is searched, and take away what Sphinx would have searched with."""
    sections = [section for page in sorted(pages) for section in sections_of(out, page)]
    scripts.write(out, "lscNames", "names-data.js", names.table(book))
    folder = out / shards.FOLDER
    folder.mkdir(exist_ok=True)
    for name, held in shards.laid_out(data(book, sections)):
        if name:
            (folder / f"{name}.js").write_text(scripts.member("lscSearchParts", name, held), "utf-8", newline="\n")
        else:
            scripts.write(out, "lscSearch", "search-data.js", held)
    for unused in ("searchtools.js", "language_data.js"):
        (out / "_static" / unused).unlink(missing_ok=True)


def data(book: Book, sections: list[Section]) -> dict[str, list[list[Any]]]:
    """Documents by group, as lists of cells; the last of each, `Found`, is what it is found by, and is not shown."""
    naming = Naming(book)
    return {
        "entities": [*_things(book), *_words(book), *_places(book)],
        "findings": _findings(book, naming),
        "papers": _papers(book, naming),
        "sections": [_section(section, naming) for section in sections],
    }


def _things(book: Book) -> list[list[Any]]:
    """Roles, name, what it is, number of findings, address: of a kind first what has most findings."""
    found = subjects.gather(entities.gather(book.evidence, book.vocabulary), book.things)
    order = sorted(found, key=lambda s: (addresses.ENTITIES.index(s.kind), -len(s.findings)))
    return [
        [_roles(s), s.id, _about(s), len(s.findings), _below_root(book.page_of(*s.term.key)), _thing(s.thing, book)]
        for s in order
    ]


def _thing(thing: Thing, book: Book) -> Found:
    called = [name for role in thing.roles for name in names.names_of(role, book) if name != thing.lead.id]
    return Found(
        {"title": thing.lead.id, "names": "\n".join(dict.fromkeys(called))},
        terms={names.label(key): ITSELF for key in sorted(thing.keys)},
        heads=names.heads(thing, book),
    )


def _roles(subject: Subject) -> str:
    """`target; marker CD135; gene`, as the page calls it."""
    return "; ".join(ONE_OF[r.kind] if r.id == subject.id else f"{ONE_OF[r.kind]} {r.id}" for r in subject.roles)


def _about(subject: Subject) -> str:
    for role in subject.thing.roles:
        facts = role.facts
        if told := facts.get("definition") or role.name or facts.get("class") or facts.get("type"):
            return str(told)
    return ""


def _words(book: Book) -> list[list[Any]]:
    """Words of the glossary, with their meaning; where they are a term too, that comes first."""
    rows = []
    for word in (w for w in book.glossary.values() if not w.group):  # abbreviations stand on their page
        called = names.words_of(word, book)
        found = Found(
            {"title": word.id, "names": "\n".join(called[1:])},
            terms={names.label((WORDS, word.id)): ITSELF},
            heads={form(name): names.GLOSSED for name in called},
        )
        rows.append(["in the glossary", word.id, word.meaning, None, names.gloss(word.id), found])
    return rows


def _places(book: Book) -> list[list[Any]]:
    """Pages of the book and headings on them, by what readers call them."""
    return [
        ["in this book", place.id, place.about, None, place.page,
         Found({"title": place.id, "names": "\n".join(place.names)}, heads=names.place_heads(place))]
        for place in book.spoken.places.values()
    ]  # fmt: skip


def _findings(book: Book, naming: Naming) -> list[list[Any]]:
    """Claim, direction, level, source, address: the strongest finding first, as in the evidence browser."""
    rows = []
    for located in strongest_first(book.evidence.findings):
        finding, record = located.finding, located.record
        trials = naming.trials(record, finding.cohort)
        source = f"{cite(record)}{_told(book, record)}"
        found = Found(
            {
                "text": finding.claim,
                "source": " ".join((source, *finding.cohort)),
                "authors": authors(record),
                "facts": facts(finding),
            },
            terms=naming.of_finding(finding, trials),
            ids=(record.key, *finding.cohort, *(t.registry for t in trials)),
        )
        address = _below_root(addresses.finding(located.reference))
        rows.append([finding.claim, finding.stance, finding.level or "", source, address, found])
    return rows


def _told(book: Book, record: Record) -> str:
    """What a source told of the standing of a paper, as a hit shows it and words find it."""
    state = book.standing(record)
    return "" if state in {Standing.STANDS, Standing.NOT_ASKED} else f" · {state.value}"


def _papers(book: Book, naming: Naming) -> list[list[Any]]:
    """Title, source, journal, PMID, DOI, number of findings, page (where curated)."""
    curated = {record.key: key for key, record in book.evidence.records.items()}
    rows = []
    for key, record in sorted(book.corpus.records.items()):
        own = curated.get(key)
        trials = naming.trials(record, ())
        journal = f"{record.journal}{_told(book, record)}"
        found = Found(
            {"title": record.title, "source": f"{cite(record)} {journal}", "authors": authors(record)},
            terms=naming.of_paper(record, trials),
            ids=(record.pmid, record.doi, *(t.registry for t in trials)),
        )
        findings = len(book.evidence.entries[own].findings) if own else 0
        page = _below_root(addresses.paper(own)) if own else ""
        rows.append([record.title, cite(record), journal, record.pmid, record.doi, findings, page, found])
    return rows


def _section(section: Section, naming: Naming) -> list[Any]:
    return [
        section.page, section.heading, section.address, section.text,
        Found({"title": section.heading, "text": section.text}, terms=naming.of_text(section.heading, section.text)),
    ]  # fmt: skip


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
