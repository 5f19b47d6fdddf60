"""What findings are about: each target, marker, gene, lesion, therapy, mechanism and disease.

A term of the vocabulary with the findings that bear on it. All but genes are listed whether or not anything is curated
about them, because a gap is an answer too; genes only where a finding names them. The findings of a family of genes are
those of its members, in whatever role (NRAS the gene, IDH2 the target).
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lscbook.addresses import ENTITIES, slug
from lscbook.errors import VocabularyInvalid
from lscbook.evidence import fields
from lscbook.evidence.store import Evidence, Located
from lscbook.vocabulary import Term, Vocabulary, things

# has a page whether or not a finding names it; a disease is also led to where a page abbreviates it
ALWAYS = frozenset(ENTITIES) - {"genes"}
# A field says what the finding is about; these say only what its paper mentions,
MENTIONED = frozenset({"genes", "markers", "therapies"})
# except where they say what was tested (LSC17 foretells survival) or which cells survive (NRAS clones, venetoclax).
TESTED = {"surveillance": frozenset({"genes", "markers"}), "resistance": frozenset({"genes", "markers"})}

Found = dict[tuple[str, str], list[Located]]


@dataclass(frozen=True)
class Entity:
    """A term, the findings whose own fields name it, and those that only mention it."""

    term: Term
    findings: tuple[Located, ...]
    mentions: tuple[Located, ...]

    @property
    def kind(self) -> str:
        """The vocabulary of the term, as `targets`."""
        return self.term.kind

    @property
    def id(self) -> str:
        """The id of the term, which is its name on every page."""
        return self.term.id

    @cached_property
    def papers(self) -> int:
        """Number of papers behind its findings."""
        return len({f.entry.key for f in self.findings})


def gather(evidence: Evidence, vocabulary: Vocabulary) -> dict[str, dict[str, Entity]]:
    """Every entity by kind and id, ids in the order of the vocabulary.

    Raises:
        VocabularyInvalid: two ids of a kind would share a page.
    """
    about: Found = defaultdict(list)
    mentioned: Found = defaultdict(list)
    for located in evidence.findings:
        named = terms_of(located.finding, vocabulary)
        for key, main in named.items():
            (about if main else mentioned)[key].append(located)
    _add_families(about, mentioned, vocabulary)
    found: dict[str, dict[str, Entity]] = {}
    for kind in ENTITIES:
        found[kind] = {}
        for identifier, term in vocabulary.terms[kind].items():
            key = (kind, identifier)
            if kind in ALWAYS or about[key] or mentioned[key]:
                found[kind][identifier] = Entity(term, tuple(about[key]), tuple(mentioned[key]))
        _refuse_shared_pages(kind, found[kind])
    return found


def _add_families(about: Found, mentioned: Found, vocabulary: Vocabulary) -> None:
    """The union of what is said of the members of each family; what is about one of them is no mention."""
    known = things.by_key(vocabulary)
    for term in vocabulary.terms["families"].values():
        keys = sorted(key for member in things.members(term, known) for key in member.keys)
        own = {f.reference: f for key in keys for f in about.get(key, ())}
        aside = {f.reference: f for key in keys for f in mentioned.get(key, ()) if f.reference not in own}
        about[term.key], mentioned[term.key] = list(own.values()), list(aside.values())


def terms_of(finding: Any, vocabulary: Vocabulary) -> dict[tuple[str, str], bool]:
    """Kind and id of each term that a finding names, and whether the finding is about it."""
    named: dict[tuple[str, str], bool] = {}
    mentioned = MENTIONED - TESTED.get(finding.theme, frozenset())
    for column in fields.fields_of(finding.theme):
        for identifier in fields.terms_in(column, getattr(finding, column.name)):
            term = vocabulary.get(column.vocabularies, identifier)
            if term is not None:
                named[term.key] = named.get(term.key, False) or column.name not in mentioned
    return named


def _refuse_shared_pages(kind: str, entities: dict[str, Entity]) -> None:
    pages: dict[str, str] = {}
    for identifier in entities:
        other = pages.setdefault(slug(identifier), identifier)
        if other != identifier or not slug(identifier):
            raise VocabularyInvalid(
                f"data/vocabulary/{kind}.yaml: {identifier!r} and {other!r} would share the page "
                f"{kind}/{slug(identifier)}.html; rename one"
            )
