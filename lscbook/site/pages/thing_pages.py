"""The page of each thing that findings are about, in all its roles; the lists of each kind; and what leads to a page.

A page holds at most `SHOWN` findings, the strongest of each theme, as many of them open as `OPEN_LINES` have room for,
and leads to the others in the evidence browser: a page of seven hundred is read by nobody, on a phone least of all.
Every other list is cut alike (`ROOM`), so that no page grows with the book: what stands open is the same for thirty
findings and for a thousand, and tests/test_heights.py holds a thing of 240 long ones to it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lscbook import addresses
from lscbook.evidence.fields import RUNGS
from lscbook.evidence.findings import TargetFinding
from lscbook.evidence.store import Located, of_type
from lscbook.synthesis import conflicts, counts, profiles, subjects, summaries
from lscbook.synthesis.book import Book
from lscbook.synthesis.entities import ALWAYS, Entity, gather
from lscbook.synthesis.literature import Shelf
from lscbook.synthesis.subjects import Subject
from lscbook.vocabulary import Term
from lscbook.vocabulary.terms import FAMILIES

ONE_OF = {"targets": "target", "markers": "marker", "genes": "gene", "families": "family of genes", "lesions": "lesion",
          "therapies": "therapy", "mechanisms": "resistance mechanism", "diseases": "disease"}  # fmt: skip
PLURAL = {"targets": "Targets", "markers": "Markers and signatures", "genes": "Genes", "families": "Families of genes",
          "lesions": "Lesions", "therapies": "Therapies", "mechanisms": "Resistance mechanisms",
          "diseases": "Diseases"}  # fmt: skip
_REGISTRY = {"hgnc": "HGNC", "ncbi_gene": "NCBI gene", "mesh": "MeSH", "chebi": "ChEBI", "mondo": "MONDO",
             "doid": "DOID", "ncit": "NCIt", "oncotree": "OncoTree"}  # fmt: skip
OPEN_LINES = 190  # of a phone, which the open findings of a page fill, over all themes
LINE = 42  # letters of a line there
AROUND = 9  # lines of a finding beside its claim and note: marks, proposition, source
SHOWN = 30  # findings that are there, folded
LISTED = 20  # papers that are not curated; the first of them stand open
# How much of each other list stands open; the rest is folded, or one click away.
ROOM = {"cited": 3, "agents": 6, "approvals": 5, "trials": 4, "conflicts": 3, "mentions": 4, "mentions_folded": 6,
        "days": 5, "papers": 6, "names": 24}  # fmt: skip

Page = tuple[str, str, dict[str, Any]]  # address below the site's root, template, context


@dataclass(frozen=True)
class Shown:
    """The findings of a theme on a page: open, folded, how many there are, and where all of them are."""

    theme: str
    open: list[Located]
    folded: list[Located]
    total: int
    whole: str


class ThingPages:
    """The pages of one book, made from what is gathered once."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._shelf = Shelf(book)

    @cached_property
    def _entities(self) -> Mapping[str, Mapping[str, Entity]]:
        return gather(self.book.evidence, self.book.vocabulary)

    @cached_property
    def subjects(self) -> list[Subject]:
        """Everything that has a page."""
        return subjects.gather(self._entities, self.book.things)

    def pages(self) -> Iterator[Page]:
        """Each thing under its name, its other roles as pages that lead there, and the lists."""
        for kind, members in self._entities.items():
            own = [s for s in self.subjects if s.kind == kind]
            ordered = sorted(own, key=lambda s: (s.id.casefold(), s.id))
            links = [(s.id, self.book.page_of(kind, s.id)) for s in ordered]
            for number, subject in enumerate(ordered):
                context = self._page(subject)
                context["previous"] = links[number - 1] if number else None
                context["next"] = links[number + 1] if number + 1 < len(links) else None
                yield _below(links[number][1]), "entity.html", context
                yield from self._moved(subject)
            yield f"{kind}/index.html", "kind.html", self._kind(kind, list(members.values()))

    def _moved(self, subject: Subject) -> Iterator[Page]:
        """The addresses that the other roles had before they shared a page, or have in exported files."""
        to = {"address": self.book.page_of(*subject.term.key), "name": subject.id}
        for term in subject.thing.roles:
            if term is not subject.term:
                yield _below(addresses.entity(*term.key)), "moved.html", to

    def _page(self, subject: Subject) -> dict[str, Any]:
        book = self.book
        told = counts.stances(subject.findings)
        roles = "; ".join(_role(role.term, subject) for role in subject.roles)
        missing = profiles.missing(subject, book.read_twice)
        disputed = conflicts.of_entity(book.conflicts, subject.findings)
        themes = profiles.by_theme(subject)
        literature = self._shelf.of(subject)
        members, families = profiles.family(subject, self.subjects)
        keys = subject.thing.keys.union(*(member.thing.keys for member in members))
        approvals = [a for a in book.approvals if {("targets", a.target), ("therapies", a.agent)} & keys]
        aimed_at = bool({"targets", "families"} & subject.kinds) and bool(of_type(subject.findings, TargetFinding))
        return {
            "title": f"{subject.id} ({roles})",
            "description": f"{subject.id}, {roles}: {told['supports']} findings for, {told['does_not_support']} "
            f"against, {told['inconclusive']} not decided, from {subject.papers} papers.",
            "crumbs": [
                ("Book", f"{addresses.UP}book/start-here.html"),
                (PLURAL[subject.kind], f"{addresses.UP}{subject.kind}/index.html"),
                (subject.id, ""),
            ],
            "subject": subject,
            "room": ROOM,
            "filters": _filters(subject, "target"),
            "roles": roles,
            "what": [(ONE_OF[t.kind], t.id, _what(t)) for t in subject.thing.roles],
            "synonyms": [name for name in subject.thing.names if name != subject.id],
            "related": profiles.related(subject, self.subjects),
            "members": [(s, counts.stances(s.findings)) for s in members],
            "silent": [gene for gene in subject.term.facts.get("members", ()) if gene not in self._entities["genes"]],
            "families": families,
            "tallied": told,
            "view": addresses.view(**_filters(subject)),
            "searched": [s for s in book.searches if (s.kind, s.term) in keys],
            "levels": profiles.expression(subject),
            "rungs": profiles.ladder(subject) if aimed_at or ("targets" in subject.kinds and subject.findings) else [],
            "agents": profiles.agents(subject) if aimed_at else [],
            "approvals": approvals,
            "themes": self._themes(subject, themes),
            "anchored": {f.reference for found in profiles.shared_out(themes, SHOWN).values() for f in found},
            "conflicts": disputed[: ROOM["conflicts"]],
            "disputes": len(disputed),
            "mentions_total": len(subject.mentions),
            "told_mentions": counts.strongest_first(subject.mentions)[: ROOM["mentions"] + ROOM["mentions_folded"]],
            "summary": summaries.summary(subject, [a for a in approvals if a in book.approved], missing),
            "missing": missing,
            "entered": profiles.entered(subject.findings),
            "literature": literature,
            "listed": (literature.waiting[: ROOM["papers"]], literature.waiting[ROOM["papers"] : LISTED]),
            "cite_page": cite_page(book, subject.id, book.page_of(*subject.term.key)),
        }

    def _themes(self, subject: Subject, themes: dict[str, list[Located]]) -> list[Shown]:
        """What the page has of each theme."""
        held = profiles.shared_out(themes, SHOWN)
        open_ = profiles.shared_out(held, OPEN_LINES, _lines)
        return [
            Shown(t, open_[t], held[t][len(open_[t]) :], len(all_), addresses.view(**_filters(subject, t), theme=t))
            for t, all_ in themes.items()
        ]

    def _kind(self, kind: str, members: list[Entity]) -> dict[str, Any]:
        rows = sorted(members, key=lambda e: (-len(e.findings), e.id.casefold()))
        all_listed = "whether or not anything is curated on them" if kind in ALWAYS else "named in at least one finding"
        return {
            "title": PLURAL[kind],
            "description": f"{PLURAL[kind]} of the vocabulary, {all_listed}.",
            "crumbs": [("Book", f"{addresses.UP}book/start-here.html"), (PLURAL[kind], "")],
            "kind": kind,
            "rows": [(e, counts.stances(e.findings), _furthest(e)) for e in rows],
        }


def _lines(located: Located) -> int:
    """About how many lines of a phone a finding fills."""
    said = f"{located.finding.claim} {located.finding.note or ''}"
    return AROUND + math.ceil(len(said) / LINE)


def _below(address: str) -> str:
    return address.removeprefix(addresses.UP)


def _role(term: Term, subject: Subject) -> str:
    """`marker CD135`, or `marker` where it has the name of the page."""
    return ONE_OF[term.kind] if term.id == subject.id else f"{ONE_OF[term.kind]} {term.id}"


def _filters(subject: Subject, theme: str = "") -> dict[str, str]:
    """The filter of the evidence browser that shows a subject: that of its one role, or its name among the words."""
    speaking = [r for r in subject.roles if any(not theme or f.finding.theme == theme for f in r.findings)]
    if len(speaking) == 1 and subject.kind != FAMILIES:  # whose name is that of its members there
        return {ONE_OF[speaking[0].kind].split()[-1]: speaking[0].id}
    return {"q": subject.id}


def _what(term: Term) -> str:
    """What the vocabulary says of a term, in a sentence or two."""
    facts = term.facts
    told = [f"{term.name}." if term.name and term.name != term.id else ""]
    told.append(f"{str(facts['definition']).rstrip('.')}." if facts.get("definition") else "")
    kind = facts.get("class") or facts.get("type")
    told.append(f"{str(kind)[0].upper()}{str(kind)[1:]}." if kind else "")
    told.append(f"Gene: {facts['gene']}." if facts.get("gene") else "")
    told += [f"{label}: {facts[name]}." for name, label in _REGISTRY.items() if facts.get(name)]
    return " ".join(filter(None, told))


def _furthest(entity: Entity) -> str:
    rungs = [f.finding.stage for f in of_type(entity.findings, TargetFinding)]
    return max(rungs, key=RUNGS.index, default="")


def cite_page(book: Book, name: str, address: str) -> str:
    """How to cite one page."""
    return f"LSC Evidence Book, {name} ({_below(address)}), snapshot of {book.as_of}."
