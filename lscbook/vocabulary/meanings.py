"""What the abbreviations of one text mean: a term of ours under a form of its own, or something else than our term."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lscbook.vocabulary.abbreviating import definitions
from lscbook.vocabulary.terms import Term, Vocabulary, fold

Key = tuple[str, str]

# Words that say nothing of which gene, disease or drug it is. Stems of `_STEM` letters.
_STEM = 7
_GENERIC = frozenset(
    word[:_STEM]
    for word in (
        "protein", "factor", "receptor", "gene", "cell", "cells", "syndrome", "disease", "acute", "chronic", "therapy",
        "treatment", "associated", "antigen", "human", "group", "member", "type", "family", "domain", "containing",
        "molecule", "binding", "subunit", "related", "inhibitor", "activated", "activating", "alpha", "beta", "gamma",
        "like", "transcription", "regulator", "homolog", "class", "with",
    )
)  # fmt: skip
_WORD = re.compile(r"[a-z0-9]{3,}")
_SAFE_LENGTH = 5  # a gene form of so many letters is defined as something else so rarely that a synonym is likelier


@dataclass
class Defined:
    """What a text defines: terms by abbreviation (folded), and forms that are not our term there."""

    meant: dict[str, list[Term]] = field(default_factory=dict)
    foreign: set[tuple[str, Key]] = field(default_factory=set)

    def places(self, folded: str, known: set[tuple[int, int]]) -> list[tuple[int, int, str]]:
        """Where abbreviations stand that only the text knows."""
        return [
            (match.start(), match.end(), short)
            for short in self.meant
            for match in re.finditer(rf"(?<![a-z0-9-]){re.escape(short)}(?![a-z0-9])", folded)
            if (match.start(), match.end()) not in known
        ]


class Meanings:
    """Reads the definitions of a text against the vocabulary."""

    def __init__(self, vocabulary: Vocabulary, forms: dict[str, list[Term]]) -> None:
        self._vocabulary = vocabulary
        self._forms = forms
        self._stems: dict[Key, frozenset[str]] = {}

    def of_text(self, cased: str, named: Callable[[str], list[Term]]) -> Defined:
        """What the text defines.

        Args:
            cased: the text, normalised, with its capitals.
            named: the terms that a folded definition names at its end.
        """
        defined = Defined()
        if "(" not in cased:
            return defined
        for short, long in definitions(cased).items():
            form = fold(short)
            terms = named(fold(long))
            if terms:
                defined.meant[form] = terms
            keys = {term.key for term in terms}
            for term in self._forms.get(form, ()):
                if term.key not in keys and self._may_be_foreign(term, form) and not self._related(term, fold(long)):
                    defined.foreign.add((form, term.key))
        return defined

    def _may_be_foreign(self, term: Term, form: str) -> bool:
        """A symbol with a digit is what it is, under whatever older name a text explains it."""
        if form in term.ambiguous or form in term.if_defined:
            return True
        if any(map(str.isdigit, form)):
            return False
        return term.kind in {"diseases", "therapies", "lesions"} or len(form) < _SAFE_LENGTH

    def _related(self, term: Term, long: str) -> bool:
        if term.key not in self._stems:
            names = [*term.surface_forms, *(self._gene(g) for g in term.facts.get("genes", ()))]
            self._stems[term.key] = frozenset(s for name in names for s in _stems(fold(name)))
        return bool(self._stems[term.key] & _stems(long))

    def _gene(self, symbol: str) -> str:
        gene = self._vocabulary.terms["genes"][symbol]
        return " ".join(gene.surface_forms)


def _stems(text: str) -> frozenset[str]:
    return frozenset(w[:_STEM] for w in _WORD.findall(text) if w[0].isalpha() and len(w) > 3) - _GENERIC
