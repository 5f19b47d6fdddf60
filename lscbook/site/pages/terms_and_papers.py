"""Pages of papers and of what findings are about: plain templates, written when the book is built.

They stand outside the notebook machinery, because a page of the book grows the sidebar of every
other page; two thousand of these take seconds.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from lscbook import addresses, screening
from lscbook.evidence import fields
from lscbook.evidence.fields import RUNGS
from lscbook.evidence.store import Located
from lscbook.exports import references
from lscbook.exports.book import Book
from lscbook.figures import tables
from lscbook.pubmed.record import Record
from lscbook.standing import FALLEN, Standing, notices_of, standing_of
from lscbook.synthesis import profiles
from lscbook.synthesis.entities import ALWAYS, Entity, gather

TEMPLATES = Path(__file__).parent / "templates"
SHARED = Path(__file__).parent.parent / "templates"  # the head, which the pages of the book have too
ONE_OF = {"targets": "target", "markers": "marker", "genes": "gene", "lesions": "lesion", "therapies": "therapy",
          "mechanisms": "resistance mechanism", "diseases": "disease"}  # fmt: skip
PLURAL = {"targets": "Targets", "markers": "Markers and signatures", "genes": "Genes", "lesions": "Lesions",
          "therapies": "Therapies", "mechanisms": "Resistance mechanisms", "diseases": "Diseases"}  # fmt: skip
HEADINGS = {"evolution": "Clonal evolution", "identity": "LSC identity", "resistance": "Resistance",
            "surveillance": "Surveillance", "target": "As a target"}  # fmt: skip
_REGISTRY = {"hgnc": "HGNC", "ncbi_gene": "NCBI gene", "mesh": "MeSH", "chebi": "ChEBI", "mondo": "MONDO",
             "doid": "DOID", "ncit": "NCIt", "oncotree": "OncoTree"}  # fmt: skip


Cited = dict[str, dict[str, str]]  # by paper: the pages of the book that cite it, title and address


def write_all(out: Path, book: Book, cited: Cited) -> int:
    """Write every page below `out`; the number of pages."""
    environment = _environment(book)
    pages = [_door(), *_papers(book, cited), *_entities(book)]
    for address, template, context in pages:
        target = out / address
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(environment.get_template(template).render(context), encoding="utf-8")
    return len(pages)


Page = tuple[str, str, dict[str, Any]]  # address below the site's root, template, context


def _door() -> Page:
    """The root of the site, which leads to the first page of the book."""
    return "index.html", "moved.html", {"address": "book/start-here.html", "name": "LSC Evidence Book"}


def _environment(book: Book) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([TEMPLATES, SHARED]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        up=addresses.UP,
        as_of=book.as_of,
        chapters=[(HEADINGS[t] if t != "target" else "Targets", addresses.chapter(t)) for t in addresses.CHAPTERS],
        previous=None,
        next=None,
        anchor=addresses.anchor,
        address=addresses.finding,
        paper=addresses.paper,
        pubmed=addresses.pubmed,
        trial=addresses.trial,
        chapter=addresses.chapter,
        entity_address=addresses.entity,
        trial_status=profiles.trial_status,
        cite=tables.cite,
        reading=tables.reading,
        place=tables.place,
        mentions=_mentions,
        one_of=ONE_OF,
        headings=HEADINGS,
        propositions={t.name: t.proposition for t in fields.THEMES},
        direction=_markup(tables.direction),
        level=_markup(tables.level),
        standing=_markup(tables.standing),
        term=_markup(tables.term),
        details=lambda located: [(Markup(n), Markup(v)) for n, v in tables.details(located)],  # noqa: S704  escaped there
    )
    return environment


def _markup(function: Any) -> Any:
    """A helper of `tables`, whose HTML is escaped already."""
    return lambda *arguments: Markup(function(*arguments))  # noqa: S704


def _mentions(finding: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Genes, markers and therapies that a finding names beside its own fields."""
    return [(kind, ids) for kind in ("genes", "markers", "therapies") if (ids := getattr(finding, kind))]


def _papers(book: Book, cited: Cited) -> Iterator[Page]:
    by_key: dict[str, list[Located]] = defaultdict(list)
    for located in book.evidence.findings:
        by_key[located.entry.key].append(located)
    ordered = sorted(book.evidence.records.items(), key=lambda r: (tables.cite(r[1]).casefold(), r[0]))
    links = [(tables.cite(record), addresses.paper(record.key)) for _, record in ordered]
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
            moved = {"address": addresses.paper(record.key), "name": tables.cite(record)}
            yield _below(addresses.paper(record.doi)), "moved.html", moved
    rows = [(record, len(by_key[key])) for key, record in ordered]
    description = f"The {len(rows)} papers that are curated, by first author."
    yield (
        "papers/index.html",
        "papers.html",
        {
            "title": "Papers",
            "description": description,
            "rows": rows,
            "crumbs": [("Book", f"{addresses.UP}book/start-here.html"), ("Papers", "")],
        },
    )


def _below(address: str) -> str:
    return address.removeprefix(addresses.UP)


def _paper(book: Book, entry: Any, record: Record, findings: list[Located]) -> dict[str, Any]:
    state = standing_of(record, book.notices)
    name = tables.cite(record)
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
        "authors": ", ".join(a.name for a in record.authors) + ("" if record.authors_complete else " et al."),
        "state": state,
        "standing_sentence": _standing_sentence(record, state),
        "notices": notices_of(record, book.notices),
        "trials": [
            (c, addresses.trial(c) if c.startswith(profiles.TRIAL) else "", profiles.trial_status(c)) for c in cohorts
        ],
        "bibtex": references.bibtex(record).strip(),
        "ris": references.ris(record).strip(),
        "json": f"{addresses.UP}data/papers/{addresses.slug(record.key)}.json",
        "cite_page": _cite_page(book, name, addresses.paper(record.key)),
    }


def _standing_sentence(record: Record, state: Standing) -> str:
    if state in FALLEN:
        return f"No: it is under {state.value}." if state is Standing.CONCERN else f"No: it is {state.value}."
    if record.origin != "pubmed":
        return "Not known yet: this record came without PubMed's notices. The next harvest asks for them."
    if state is Standing.STANDS:
        return "Yes, as far as PubMed's record of this snapshot tells."
    return f"Yes; it is marked as {state.value}."


def _cite_page(book: Book, name: str, address: str) -> str:
    return f"LSC Evidence Book, {name} ({_below(address)}), snapshot of {book.as_of}."


def _entities(book: Book) -> Iterator[Page]:
    entities = gather(book.evidence, book.vocabulary)
    for kind, members in entities.items():
        ordered = sorted(members.values(), key=lambda e: (e.id.casefold(), e.id))
        links = [(e.id, addresses.entity(kind, e.id)) for e in ordered]
        for number, entity in enumerate(ordered):
            context = _entity(book, entity, entities)
            context["previous"] = links[number - 1] if number else None
            context["next"] = links[number + 1] if number + 1 < len(links) else None
            yield _below(addresses.entity(kind, entity.id)), "entity.html", context
        yield f"{kind}/index.html", "kind.html", _kind(kind, ordered)


def _entity(book: Book, entity: Entity, entities: profiles.Entities) -> dict[str, Any]:
    supports, against = _directions(entity)
    name = ONE_OF[entity.kind]
    return {
        "title": f"{entity.id} ({name})",
        "description": f"{entity.id}, {name}: {supports} findings for, {against} against, from {entity.papers} papers.",
        "crumbs": [
            ("Book", f"{addresses.UP}book/start-here.html"),
            (PLURAL[entity.kind], f"{addresses.UP}{entity.kind}/index.html"),
            (entity.id, ""),
        ],
        "entity": entity,
        "what": _what(entity),
        "synonyms": [s for s in entity.term.synonyms if s != entity.id],
        "related": profiles.related(entity, entities),
        "supports": supports,
        "against": against,
        "filter_name": name if name in {"target", "marker", "gene", "lesion", "therapy", "disease"} else "mechanism",
        "view": addresses.view(**{name.split()[-1]: entity.id}),
        "searched": [s for s in _searches() if (s.kind, s.term) == entity.term.key],
        "levels": profiles.expression(entity, entities) if entity.kind in {"targets", "markers", "genes"} else [],
        "rungs": profiles.ladder(entity) if entity.kind == "targets" and entity.findings else [],
        "agents": profiles.agents(entity) if entity.kind == "targets" else [],
        "themes": profiles.by_theme(entity),
        "missing": profiles.missing(entity, entities, book.read_twice),
        "entered": profiles.entered(entity.findings),
        "cite_page": _cite_page(book, entity.id, addresses.entity(entity.kind, entity.id)),
    }


@cache
def _searches() -> list[screening.Search]:
    """What was searched for and not found, read once a build."""
    return screening.searches()


def _directions(entity: Entity) -> tuple[int, int]:
    supports = sum(f.finding.direction.value == "supports" for f in entity.findings)
    return supports, len(entity.findings) - supports


def _what(entity: Entity) -> str:
    """What the vocabulary says of a term, in a sentence or two."""
    facts = entity.term.facts
    told = [f"{entity.term.name}." if entity.term.name and entity.term.name != entity.id else ""]
    told.append(f"{str(facts['definition']).rstrip('.')}." if facts.get("definition") else "")
    kind = facts.get("class") or facts.get("type")
    told.append(f"{str(kind)[0].upper()}{str(kind)[1:]}." if kind else "")
    told.append(f"Gene: {facts['gene']}." if facts.get("gene") else "")
    told += [f"{label}: {facts[name]}." for name, label in _REGISTRY.items() if facts.get(name)]
    return " ".join(filter(None, told)) or f"A {ONE_OF[entity.kind]} of our vocabulary."


def _kind(kind: str, ordered: list[Entity]) -> dict[str, Any]:
    rows = sorted(ordered, key=lambda e: (-len(e.findings), e.id.casefold()))
    all_listed = "whether or not anything is curated about them" if kind in ALWAYS else "that a finding names"
    return {
        "title": PLURAL[kind],
        "description": f"{PLURAL[kind]} of the vocabulary, {all_listed}.",
        "crumbs": [("Book", f"{addresses.UP}book/start-here.html"), (PLURAL[kind], "")],
        "rows": [(e, *_directions(e), _furthest(e)) for e in rows],
    }


def _furthest(entity: Entity) -> str:
    rungs = [f.finding.stage for f in entity.findings if f.finding.theme == "target"]
    return max(rungs, key=RUNGS.index, default="")
