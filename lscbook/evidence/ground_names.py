"""Genes, markers, therapies and diseases of a finding, held against the text that it points at."""

import re
from collections.abc import Iterable
from typing import Any

from lscbook.evidence import fields
from lscbook.evidence.ground_source import NAMED, Source
from lscbook.evidence.store import Parsed, Problem
from lscbook.vocabulary import Term, Vocabulary, fold


def names(
    item: Parsed, where: tuple[Any, ...], finding: Any, text: str, abstract: str, source: Source
) -> Iterable[Problem]:
    """Terms that claim or fields name and the text does not."""
    for kind in NAMED:
        here = source.named(text, kind)
        told = {
            i: t
            for i, t in source.named(finding.claim, kind).items()
            if t.facts.get("type") in {None, "surface antigen"}
        }
        listed = _listed(finding, kind, source.vocabulary)
        whole = source.named(f"{abstract}\n{record_title(text)}", kind) if kind == "diseases" else here
        for identifier, term in sorted({**listed, **told}.items()):
            # a disease may stand in another sentence, where those of the claim name none
            scope = whole if kind == "diseases" and (identifier not in told or not here) else here
            if _is_named(term, scope, text, source.vocabulary):
                continue
            if kind == "diseases" and not scope:
                continue  # the sentences name no disease at all: nothing to hold against
            field_name = "claim" if identifier in told else kind
            yield item.problem(
                (*where, field_name),
                f"{identifier} is not named in its sentences or title",
                f"take it out, point at the sentence that names it, or add the synonym to data/vocabulary/{kind}.yaml",
            )


def record_title(text: str) -> str:
    """The title, which `pointed_at` puts last."""
    return text.rsplit("\n", 1)[-1]


def _listed(finding: Any, kind: str, known: Vocabulary) -> dict[str, Term]:
    """Terms of the fields that a finding fills: genes, markers, therapies, agents, subjects."""
    found: dict[str, Term] = {}
    for column in fields.fields_of(finding.theme):
        if kind in column.vocabularies:
            value = getattr(finding, column.name)
            for identifier in [value] if isinstance(value, str) else (value or ()):
                term = known.get(column.vocabularies, identifier)
                # a signature or a phenotype has many spellings: the second reader judges it
                if term and term.kind == kind and term.facts.get("type") in {None, "surface antigen"}:
                    found[term.id] = term
    return found


def _is_named(term: Term, here: dict[str, Term], text: str, known: Vocabulary) -> bool:
    if term.id in here:
        return True
    flat = fold(text)
    if any(re.search(rf"(?<![a-z0-9]){re.escape(fold(form))}(?![a-z0-9])", flat) for form in term.surface_forms):
        return True
    relatives = {
        term.facts.get("parent"),
        *(t.id for t in known.terms[term.kind].values() if t.facts.get("parent") == term.id),
    }
    if term.kind == "diseases":
        return bool(relatives & set(here))
    genes = set(term.facts.get("genes", ()))
    if term.kind == "markers" and genes:
        return any(re.search(rf"(?<![a-z0-9]){re.escape(fold(g))}(?![a-z0-9])", flat) for g in genes)
    return False
