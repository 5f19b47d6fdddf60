"""What a page is about: a thing in all its roles, with what is said of it in any of them, each finding once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lscbook.evidence.store import Located
from lscbook.synthesis.entities import Entity
from lscbook.vocabulary import Term
from lscbook.vocabulary.things import Thing

Entities = Mapping[str, Mapping[str, Entity]]


@dataclass(frozen=True)
class Subject:
    """A thing, and its roles as far as the book lists them; the roles of a thing that has a page are never empty."""

    thing: Thing
    roles: tuple[Entity, ...]

    @property
    def term(self) -> Term:
        """The term that names it."""
        return self.thing.lead

    @property
    def id(self) -> str:
        """Its name on every page."""
        return self.term.id

    @property
    def kind(self) -> str:
        """The vocabulary of its name, which is the folder of its page."""
        return self.term.kind

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The vocabularies in which it has a role that the book lists."""
        return frozenset(role.kind for role in self.roles)

    @cached_property
    def findings(self) -> tuple[Located, ...]:
        """The findings about it in any role."""
        return _once(f for role in self.roles for f in role.findings)

    @cached_property
    def mentions(self) -> tuple[Located, ...]:
        """The findings that name it and are about something else."""
        about = {f.reference for f in self.findings}
        return _once(f for role in self.roles for f in role.mentions if f.reference not in about)

    @cached_property
    def papers(self) -> int:
        """Number of papers behind its findings."""
        return len({f.entry.key for f in self.findings})


def gather(entities: Entities, things: Mapping[tuple[str, str], Thing]) -> list[Subject]:
    """Every subject that has a page, in the order of the entities; things share what no page of theirs would say."""
    found: dict[tuple[str, str], Subject] = {}
    for members in entities.values():
        for entity in members.values():
            thing = things[entity.term.key]
            if thing.lead.key not in found:
                roles = tuple(e for t in thing.roles if (e := entities[t.kind].get(t.id)) is not None)
                found[thing.lead.key] = Subject(thing, roles)
    return list(found.values())


def _once(findings: Iterable[Located]) -> tuple[Located, ...]:
    return tuple({f.reference: f for f in findings}.values())
