"""The names under which a reader may look for a term: CD123 is IL3RA, VEN is venetoclax."""

from lscbook.addresses import ENTITIES, entity
from lscbook.vocabulary import Term, Vocabulary


def names_of(term: Term, vocabulary: Vocabulary) -> list[str]:
    """The term's own names, those of the target or marker of the same id, and those of its genes, each once.

    >>> from lscbook.vocabulary import load
    >>> "IL3RA" in names_of(load().terms["targets"]["CD123"], load())
    True
    """
    names = list(term.surface_forms)
    for kind in {"targets": ("markers",), "markers": ("targets",)}.get(term.kind, ()):
        if same := vocabulary.terms[kind].get(term.id):
            names += same.surface_forms
    for symbol in [*term.facts.get("genes", ()), *filter(None, [term.facts.get("gene")])]:
        names += vocabulary.terms["genes"][symbol].surface_forms
    return list(dict.fromkeys(names))


def table(vocabulary: Vocabulary) -> dict[str, dict[str, list[str]]]:
    """By kind and id: the page of the term below the site's root, then its names beside the id."""
    return {
        kind: {
            term.id: [
                entity(kind, term.id).removeprefix("../"),
                *(n for n in names_of(term, vocabulary) if n != term.id),
            ]
            for term in vocabulary.terms[kind].values()
        }
        for kind in ENTITIES
    }
