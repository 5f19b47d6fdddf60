"""Pages of papers and of what findings are about: plain templates, written when the book is built.

They stand outside the notebook machinery, because a page of the book grows the sidebar of every
other page; two thousand of these take seconds.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lscbook import addresses, standing
from lscbook.evidence.fields import RUNGS
from lscbook.evidence.findings import TargetFinding
from lscbook.evidence.store import Located, of_type
from lscbook.exports import references
from lscbook.figures.telling import cite
from lscbook.pubmed import reference
from lscbook.pubmed.record import Record
from lscbook.site.opened import Site
from lscbook.synthesis import conflicts, counts, profiles
from lscbook.synthesis.book import Book
from lscbook.synthesis.entities import ALWAYS, Entity, gather

ONE_OF = {"targets": "target", "markers": "marker", "genes": "gene", "lesions": "lesion", "therapies": "therapy",
          "mechanisms": "resistance mechanism", "diseases": "disease"}  # fmt: skip
PLURAL = {"targets": "Targets", "markers": "Markers and signatures", "genes": "Genes", "lesions": "Lesions",
          "therapies": "Therapies", "mechanisms": "Resistance mechanisms", "diseases": "Diseases"}  # fmt: skip
HEADINGS = {"evolution": "Clonal evolution", "identity": "LSC identity", "resistance": "Resistance",
            "surveillance": "Surveillance", "target": "As a target"}  # fmt: skip
_REGISTRY = {"hgnc": "HGNC", "ncbi_gene": "NCBI gene", "mesh": "MeSH", "chebi": "ChEBI", "mondo": "MONDO",
             "doid": "DOID", "ncit": "NCIt", "oncotree": "OncoTree"}  # fmt: skip


Cited = dict[str, dict[str, str]]  # by paper: the pages of the book that cite it, title and address


def write_all(out: Path, site: Site, cited: Cited) -> int:
    """Write every page below `out`; the number of pages."""
    pages = [_door(), *_papers(site.book, cited), *_entities(site.book)]
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


Page = tuple[str, str, dict[str, Any]]  # address below the site's root, template, context


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
    ordered = sorted(book.evidence.records.items(), key=lambda r: (cite(r[1]).casefold(), r[0]))
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
            "rows": rows,
            "crumbs": [("Book", f"{addresses.UP}book/start-here.html"), ("Papers", "")],
        },
    )


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
        "cite_page": _cite_page(book, name, addresses.paper(record.key)),
    }


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
    told = counts.stances(entity.findings)
    name = ONE_OF[entity.kind]
    return {
        "title": f"{entity.id} ({name})",
        "description": f"{entity.id}, {name}: {told['supports']} findings for, {told['does_not_support']} against, "
        f"{told['inconclusive']} not decided, from {entity.papers} papers.",
        "crumbs": [
            ("Book", f"{addresses.UP}book/start-here.html"),
            (PLURAL[entity.kind], f"{addresses.UP}{entity.kind}/index.html"),
            (entity.id, ""),
        ],
        "entity": entity,
        "what": _what(entity),
        "synonyms": [s for s in entity.term.synonyms if s != entity.id],
        "related": profiles.related(entity, entities),
        "tallied": told,
        "filter_name": name if name in {"target", "marker", "gene", "lesion", "therapy", "disease"} else "mechanism",
        "view": addresses.view(**{name.split()[-1]: entity.id}),
        "searched": [s for s in book.searches if (s.kind, s.term) == entity.term.key],
        "levels": profiles.expression(entity, entities) if entity.kind in {"targets", "markers", "genes"} else [],
        "rungs": profiles.ladder(entity) if entity.kind == "targets" and entity.findings else [],
        "agents": profiles.agents(entity) if entity.kind == "targets" else [],
        "approvals": [a for a in book.approvals if entity.term.key in (("targets", a.target), ("therapies", a.agent))],
        "themes": profiles.by_theme(entity),
        "conflicts": conflicts.of_entity(book.conflicts, entity.findings),
        "missing": profiles.missing(entity, entities, book.read_twice),
        "entered": profiles.entered(entity.findings),
        "cite_page": _cite_page(book, entity.id, addresses.entity(entity.kind, entity.id)),
    }


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
        "rows": [(e, counts.stances(e.findings), _furthest(e)) for e in rows],
    }


def _furthest(entity: Entity) -> str:
    rungs = [f.finding.stage for f in of_type(entity.findings, TargetFinding)]
    return max(rungs, key=RUNGS.index, default="")
