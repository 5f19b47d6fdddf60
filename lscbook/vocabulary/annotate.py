"""Find the words of the vocabulary in a text, by Aho-Corasick."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ahocorasick_rs import AhoCorasick, MatchKind

from lscbook.vocabulary.terms import ANNOTATED, Term, Vocabulary, fold, fold_cased

# What may not touch a term from outside: letters and digits. A sign may follow (CD34+), but a form
# that ends in a sign must not be followed by another character of the same run.
_WORD = re.compile(r"[a-z0-9α-ω]")
_SENTENCE_END = re.compile(r"[.;!?]\s")


@dataclass(frozen=True)
class Mention:
    """A place in a folded text where a term is named."""

    term: Term
    form: str
    start: int
    end: int


class Annotator:
    """Finds terms in texts; built once, used for many."""

    def __init__(self, vocabulary: Vocabulary, kinds: tuple[str, ...] = ANNOTATED) -> None:
        self._vocabulary = vocabulary
        self._forms: dict[str, list[Term]] = {}
        for term in vocabulary:
            if term.kind in kinds:
                for form in {fold(f) for f in term.surface_forms}:
                    self._forms.setdefault(form, []).append(term)

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits that change when a text could be annotated otherwise."""
        words = sorted(
            (form, sorted((*term.key, *sorted(term.ambiguous)) for term in terms))
            for form, terms in self._forms.items()
        )
        told = repr((words, sorted(self._vocabulary.context.items()), self._vocabulary.window))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @cached_property
    def _machine(self) -> tuple[AhoCorasick, list[str]]:
        forms = sorted(self._forms)
        return AhoCorasick(forms, matchkind=MatchKind.Standard), forms

    def mentions(self, text: str, *, anywhere: bool = False) -> list[Mention]:
        """Terms that `text` names, in order; the longest form wins where forms overlap.

        Ambiguous forms count in context only, or `anywhere` where the text is known to be ours.
        """
        cased = fold_cased(text)
        folded = cased.lower()
        machine, forms = self._machine
        found = [
            (start, end, forms[number])
            for number, start, end in machine.find_matches_as_indexes(folded, overlapping=True)
            if _stands_alone(folded, start, end)
        ]
        return [
            Mention(term, form, start, end)
            for start, end, form in _longest(found)
            for term in self._forms[form]
            if form not in term.ambiguous
            # an ambiguous word in small letters ("kit", "max") is plain English
            or (cased[start:end] != form and (anywhere or self._in_context(folded, start, end, term.kind)))
        ]

    def concepts(self, *texts: str) -> dict[str, dict[str, int]]:
        """Number of mentions by kind and id, over several texts; ids in order."""
        counts: Counter[tuple[str, str]] = Counter()
        for text in texts:
            counts.update(mention.term.key for mention in self.mentions(text))
        grouped = groupby(sorted(counts.items()), key=lambda item: item[0][0])
        return {kind: {key[1]: n for key, n in items} for kind, items in grouped}

    def _in_context(self, text: str, start: int, end: int, kind: str) -> bool:
        """Whether a context word of the kind stands near, in the same sentence."""
        window = self._vocabulary.window
        before = _SENTENCE_END.split(text[max(0, start - window) : start])[-1]
        after = _SENTENCE_END.split(text[end : end + window])[0]
        near = f"{before} | {after}"
        return any(re.search(rf"\b{re.escape(word)}\b", near) for word in self._vocabulary.context.get(kind, ()))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """No letter or digit touches the form; `-7` is a karyotype only after a space or a comma."""
    form = text[start:end]
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if form[0] in "+-" and form[1:].isdigit():
        return before in " ,(/;" and after in " ,.;)/:" and not _is_range_or_value(text, start, end)
    if _WORD.match(form[0]) and _WORD.match(before):
        return False
    if _WORD.match(form[-1]):
        return not _WORD.match(after) or (after == "s" and not _WORD.match(text[end + 1 : end + 2] or " "))
    return not (form[-1] in "+-" and _WORD.match(after) and not text[end:].startswith("cd"))


def _is_range_or_value(text: str, start: int, end: int) -> bool:
    """`5 -7` and `-7 %` are figures."""
    return bool(re.search(r"\d\s*$", text[:start]) or re.match(r"\s*(%|°|fold|mv|days|\d)", text[end:]))


def _longest(found: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    reach = -1
    for start, end, form in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= reach:
            yield start, end, form
            reach = end
