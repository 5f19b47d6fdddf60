"""The words of the book: genes, markers, therapies, diseases, mechanisms, targets, lesions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from lscbook import paths
from lscbook.errors import VocabularyInvalid
from lscbook.text import normalise
from lscbook.vocabulary import families, reading
from lscbook.vocabulary.spelling import american

# A family of genes is a term twice: of FAMILIES it has a page, of NAMED_FAMILIES texts are annotated with it.
FAMILIES, NAMED_FAMILIES = "families", "gene_families"
KINDS = (
    "genes", "markers", "therapies", "diseases", "lesions", "mechanisms", "targets", "mesh", FAMILIES, NAMED_FAMILIES,
)  # fmt: skip
ANNOTATED = ("genes", "markers", "therapies", "diseases", "lesions", NAMED_FAMILIES)

_KEYS = {
    "id",
    "name",
    "synonyms",
    "synonyms_in_context",
    "synonyms_if_defined",
    "id_in_context",
    "note",
    "hgnc",
    "ncbi_gene",
    "mesh",
    "chebi",
    "mondo",
    "doid",
    "ncit",
    "oncotree",
    "ui",
    "parent",
    "genes",
    "gene",
    "type",
    "class",
    "target",
    "definition",
    "narrower",
    "phrase",
    "apart",
}


@dataclass(frozen=True)
class Term:
    """One word of the vocabulary.

    `synonyms` count wherever they stand; `ambiguous` (which may hold the id itself) only beside a
    word of `context.yaml`; `if_defined` only where the text says what it means, or names the term
    otherwise. `facts` holds identifiers and what else the file says.
    """

    kind: str
    id: str
    name: str
    synonyms: tuple[str, ...] = ()
    ambiguous: frozenset[str] = frozenset()
    if_defined: frozenset[str] = frozenset()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def surface_forms(self) -> tuple[str, ...]:
        """Every way in which a text may name the term."""
        own = (self.id, self.name, *self.synonyms)
        return tuple(dict.fromkeys(form for form in own if form))

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id, unique in the vocabulary."""
        return self.kind, self.id


@dataclass(frozen=True)
class Vocabulary:
    """All terms, by kind and id.

    `context` has the words that settle an ambiguous form, by kind; they stand within `window` characters of it, or of
    the kinds in `whole_text` anywhere in the text.
    """

    terms: dict[str, dict[str, Term]]
    context: dict[str, tuple[str, ...]]
    window: int
    whole_text: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Term]:
        """Every term, kind after kind."""
        for kind in self.terms.values():
            yield from kind.values()

    def get(self, kinds: tuple[str, ...], identifier: str) -> Term | None:
        """The term of the first of `kinds` that has the id, or None where no kind has it."""
        for kind in kinds:
            if term := self.terms[kind].get(identifier):
                return term
        return None

    def classes(self, kind: str) -> dict[str, tuple[str, ...]]:
        """The classes of a kind in alphabetical order, each with its ids."""
        found: dict[str, list[str]] = {}
        for term in self.terms[kind].values():
            if term.facts.get("class"):
                found.setdefault(str(term.facts["class"]), []).append(term.id)
        return {name: tuple(found[name]) for name in sorted(found)}

    @cached_property
    def _forms(self) -> frozenset[str]:
        return frozenset(fold(form) for term in self for form in term.surface_forms)

    def has_form(self, word: str) -> bool:
        """Whether some term of some kind is written so."""
        return fold(word) in self._forms

    def suggest(self, kinds: tuple[str, ...], word: str) -> list[str]:
        """Ids that a mistyped or foreign `word` may have meant, the likeliest first."""
        wanted = fold(word)
        exact = [t.id for k in kinds for t in self.terms[k].values() if wanted in map(fold, t.surface_forms)]
        if exact:
            return list(dict.fromkeys(exact))
        from difflib import get_close_matches  # noqa: PLC0415  only on the way to an error

        return get_close_matches(word, {i: None for k in kinds for i in self.terms[k]}, n=3, cutoff=0.6)


def fold(text: str) -> str:
    """The form under which words are compared: normalised, lower case, US spelling.

    >>> fold("Acute Myeloid Leukaemia"), fold("CD34⁺")
    ('acute myeloid leukemia', 'cd34+')
    """
    return fold_cased(text).lower()


def fold_cased(text: str) -> str:
    """As `fold`, but with capitals; of the same length, so that places agree."""
    return american(normalise(text))


@cache
def load(folder: Path = paths.VOCABULARY) -> Vocabulary:
    """Read and check the folder.

    Raises:
        VocabularyInvalid: a file that is none of ours, an unknown key, a duplicate id, or one synonym of two terms
            of a kind; with file and line.
    """
    terms: dict[str, dict[str, Term]] = {}
    for kind in KINDS:
        if kind in {FAMILIES, NAMED_FAMILIES}:
            terms[kind] = _families(kind, folder)
        else:
            terms[kind] = _of_file(kind, folder)
        _refuse_collisions(kind, terms[kind])
    context = reading.mapping(folder / "context.yaml", "window")
    window = context.pop("window", "")
    if not re.fullmatch("[1-9][0-9]{0,3}", window):
        raise VocabularyInvalid(f"context.yaml:1: window is {window!r}; write how many characters are near, as 80")
    whole_text = frozenset(context.pop("whole_text", ()))
    if unknown := (set(context) | whole_text) - set(KINDS):
        raise VocabularyInvalid(f"context.yaml:1: no kind {', '.join(sorted(unknown))}; kinds are {', '.join(KINDS)}")
    words = {kind: tuple(map(fold, near)) for kind, near in context.items()}
    vocabulary = Vocabulary(terms, words, int(window), whole_text)
    _refuse_dangling(vocabulary)
    return vocabulary


def _of_file(kind: str, folder: Path) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for item in reading.items(folder / f"{kind}.yaml"):
        term = _term(kind, item)
        if term.id in terms:
            raise VocabularyInvalid(f"{kind}.yaml:{item.line}: the id {term.id!r} twice; keep one")
        terms[term.id] = term
    return terms


def _families(kind: str, folder: Path) -> dict[str, Term]:
    """Families of genes, with what a page or the annotation takes of them (families.yaml says what)."""
    found = [family for family in families.read(folder) if family.kind == families.OF_GENES]
    if kind == FAMILIES:
        facts = {f.id: {"members": list(f.members), "definition": f.definition} for f in found}
        return {f.id: Term(kind, f.id, "", f.names, facts=facts[f.id]) for f in found}
    return {
        f.id: Term(
            kind, f.id, f.name, f.in_texts, frozenset({fold(f.id)} if f.id_in_context else ()),
            facts={"genes": list(f.members)},
        )
        for f in found if f.in_texts
    }  # fmt: skip


def _term(kind: str, item: reading.Item) -> Term:
    raw, place = item.raw, f"{kind}.yaml:{item.line}"
    if unknown := set(raw) - _KEYS:
        raise VocabularyInvalid(
            f"{place}: {raw.get('id')}: unknown key {', '.join(sorted(unknown))}; "
            f"allowed are {', '.join(sorted(_KEYS))}"
        )
    if not raw.get("id"):
        raise VocabularyInvalid(f"{place}: a term without id; give it one")
    in_context = tuple(raw.get("synonyms_in_context", ()))
    if_defined = tuple(raw.get("synonyms_if_defined", ()))
    ambiguous = {fold(s) for s in in_context}
    if raw.get("id_in_context") == "true":
        ambiguous.add(fold(raw["id"]))
    known = {"id", "name", "synonyms", "synonyms_in_context", "synonyms_if_defined", "id_in_context"}
    return Term(
        kind,
        raw["id"],
        raw.get("name", ""),
        (*raw.get("synonyms", ()), *in_context, *if_defined),
        frozenset(ambiguous),
        frozenset(map(fold, if_defined)),
        {k: v for k, v in raw.items() if k not in known},
    )


def _refuse_collisions(kind: str, terms: dict[str, Term]) -> None:
    owner: dict[str, str] = {}
    for term in terms.values():
        for form in {fold(f) for f in term.surface_forms}:
            if owner.setdefault(form, term.id) != term.id:
                raise VocabularyInvalid(
                    f"{kind}.yaml: {form!r} names both {owner[form]} and {term.id}; take it from one"
                )


def _refuse_dangling(vocabulary: Vocabulary) -> None:
    """A gene or parent that a term names must be a term itself."""
    for term in vocabulary:
        facts = term.facts
        for gene in (*facts.get("genes", ()), *facts.get("members", ()), *filter(None, [facts.get("gene")])):
            if gene not in vocabulary.terms["genes"]:
                file = "families" if term.kind == NAMED_FAMILIES else term.kind
                raise VocabularyInvalid(f"{file}.yaml: {term.id}: no gene {gene!r} in genes.yaml")
        parent = term.facts.get("parent")
        if parent and parent not in vocabulary.terms[term.kind]:
            raise VocabularyInvalid(f"{term.kind}.yaml: {term.id}: no parent {parent!r}")
