"""Find the words of the vocabulary in a text, by Aho-Corasick, and settle what each of them means there."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ahocorasick_rs import AhoCorasick, MatchKind

from lscbook.vocabulary import shared_names, signs
from lscbook.vocabulary.assertions import DENIED, assertion
from lscbook.vocabulary.meanings import Meanings
from lscbook.vocabulary.terms import ANNOTATED, Term, Vocabulary, fold, fold_cased

RULES = 2  # raise it when the same words find other terms in a text
# What may not touch a term from outside: letters and digits. A sign may follow (CD34+), but a form
# that ends in a sign must not be followed by another character of the same run.
_WORD = re.compile(r"[a-z0-9α-ω]")
_LETTER = re.compile(r"[a-zα-ω]")
_SENTENCE_END = re.compile(r"[.;!?]\s")
_ANTIGEN = re.compile(r"cd[0-9]+[a-z]{0,2}")
_JOINED = frozenset({"diseases", "therapies", "lesions"})  # kinds whose words a hyphen or a space may join
_PARTS = re.compile(r"(?<=\w)[- ](?=\w)")
# Kinds of which a sure term makes a text one of our field.
_OF_THE_FIELD = frozenset({"genes", "markers", "lesions"})

Found = tuple[int, int, str]  # where a form begins and ends, and the form


@dataclass(frozen=True)
class Mention:
    """A place in a folded text where a term is named; `sign` is that of a marker: `+`, `-`, `low` or nothing."""

    term: Term
    form: str
    start: int
    end: int
    sign: str = ""


class Annotator:
    """Finds terms in texts; built once, used for many."""

    def __init__(self, vocabulary: Vocabulary, kinds: tuple[str, ...] = ANNOTATED) -> None:
        self._vocabulary = vocabulary
        self._forms: dict[str, list[Term]] = {}
        self._written: dict[str, set[str]] = {}
        self._phenotypes: dict[frozenset[tuple[str, str]], Term] = {}
        for term in vocabulary:
            if term.kind in kinds:
                self._learn(term)
        self._meanings = Meanings(vocabulary, self._forms)

    def _learn(self, term: Term) -> None:
        for spelling in term.surface_forms:
            if signed := signs.phenotype(fold(spelling)):
                self._phenotypes[signed] = term
                continue
            for written in (spelling, *_joined_otherwise(term, spelling)):
                form = fold(written)
                self._written.setdefault(form, set()).add(fold_cased(written))
                if term not in self._forms.setdefault(form, []):
                    self._forms[form].append(term)

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits that change when a text could be annotated otherwise."""
        words = sorted(
            (form, sorted((*t.key, *sorted(t.ambiguous), "", *sorted(t.if_defined)) for t in terms))
            for form, terms in self._forms.items()
        )
        phenotypes = sorted((sorted(signed), term.key) for signed, term in self._phenotypes.items())
        context = (
            sorted(self._vocabulary.context.items()),
            self._vocabulary.window,
            sorted(self._vocabulary.whole_text),
        )
        written = sorted((form, sorted(forms)) for form, forms in self._written.items())
        told = repr((RULES, words, phenotypes, context, written))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @cached_property
    def _machine(self) -> tuple[AhoCorasick, list[str]]:
        forms = sorted(self._forms)
        return AhoCorasick(forms, matchkind=MatchKind.Standard), forms

    def mentions(self, text: str, *, anywhere: bool = False) -> list[Mention]:
        """Terms that `text` names, in order; the longest form wins where forms overlap.

        What the text itself defines an abbreviation to mean goes before the vocabulary. Ambiguous forms count in
        context only, or `anywhere` where the text is known to be ours.
        """
        cased = fold_cased(text)
        folded = cased.lower()
        found = self._found(folded)
        defined = self._meanings.of_text(cased, self._terms_at_end)
        found += defined.places(folded, {(start, end) for start, end, _ in found})
        places = list(_longest(found))
        sure = self._sure(cased, places, defined.foreign)
        kept = []
        for start, end, form in places:
            meant = defined.meant.get(form, [])
            for term in (*meant, *(t for t in self._forms.get(form, ()) if t not in meant)):
                if anywhere:
                    held = not self._doubtful(term, form) or cased[start:end] != form or not _LETTER.search(form)
                elif (form, term.key) in defined.foreign:
                    held = False
                elif self._doubtful(term, form) and term not in meant:
                    held = self._settled(term, cased, folded, (start, end, form), sure)
                else:
                    held = self._spelled(term, form, cased[start:end])
                if held:
                    kept.append(self._mention(term, form, start, end, folded))
        kept += shared_names.mentions(cased, self._forms, Mention)
        kept += self._composed(folded, kept)
        return sorted(kept, key=lambda m: (m.start, m.end, m.term.key))

    def concepts(self, *texts: str) -> dict[str, dict[str, int]]:
        """Number of mentions by kind and id, over several texts read as one; ids in order."""
        return _counted(self.mentions("\n".join(texts)))

    def denied(self, *texts: str) -> dict[str, dict[str, int]]:
        """The terms that the texts name under a denial alone, as `concepts` counts them: `lacked CD38`."""
        text = "\n".join(texts)
        folded = fold(text)
        found = self.mentions(text)
        stated = {m.term.key for m in found if m.sign != "-" and assertion(folded, m.start, m.end) != DENIED}
        return _counted(m for m in found if m.term.key not in stated)

    def _found(self, folded: str) -> list[Found]:
        machine, forms = self._machine
        return [
            (start, end, forms[number])
            for number, start, end in machine.find_matches_as_indexes(folded, overlapping=True)
            if _stands_alone(folded, start, end)
        ]

    def _terms_at_end(self, folded: str) -> list[Term]:
        """The terms that a definition names at its end, where the noun stands that it is about."""
        last = [(start, end, form) for start, end, form in _longest(self._found(folded)) if len(folded) - end <= 1]
        return [term for _, _, form in last for term in self._forms[form] if not term.if_defined & {form}]

    def _doubtful(self, term: Term, form: str) -> bool:
        return form in term.ambiguous or form in term.if_defined

    def _sure(self, cased: str, places: list[Found], foreign: set[tuple[str, tuple[str, str]]]) -> set[tuple[str, str]]:
        """Keys of the terms that the text names beyond doubt."""
        return {
            term.key
            for start, end, form in places
            for term in self._forms.get(form, ())
            if not self._doubtful(term, form)
            and (form, term.key) not in foreign
            and self._spelled(term, form, cased[start:end])
        }

    def _settled(self, term: Term, cased: str, folded: str, place: Found, sure: set[tuple[str, str]]) -> bool:
        """Whether the text settles a doubtful form: spelt as we spell it, and named otherwise or in context."""
        start, end, form = place
        if not self._as_written(form, cased[start:end]):
            return False
        if term.key in sure:
            return True
        return form not in term.if_defined and self._in_context(folded, start, end, term.kind, sure)

    def _as_written(self, form: str, here: str) -> bool:
        """An ambiguous word in small letters ("kit", "max") is plain English, and "ChIP" is no CHIP."""
        written = self._written.get(form, set())
        return here in written or (form in written and here[1:] == form[1:])

    def _spelled(self, term: Term, form: str, here: str) -> bool:
        """A symbol of letters alone ("TERT") is not meant by a word in small letters ("tert-butyl")."""
        plain = term.kind == "genes" and form.isalpha() and here == form
        return not plain or form in self._written.get(form, set())

    def _in_context(self, text: str, start: int, end: int, kind: str, sure: set[tuple[str, str]]) -> bool:
        """Whether a context word of the kind stands near, in the same sentence; or in the text, where that does."""
        words = self._context.get(kind)
        if words is None:
            return False
        if kind in self._vocabulary.whole_text:
            return any(key[0] in _OF_THE_FIELD for key in sure) or bool(words.search(text))
        window = self._vocabulary.window
        before = _SENTENCE_END.split(text[max(0, start - window) : start])[-1]
        after = _SENTENCE_END.split(text[end : end + window])[0]
        return bool(words.search(f"{before} | {after}"))

    @cached_property
    def _context(self) -> dict[str, re.Pattern[str]]:
        return {
            kind: re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")
            for kind, words in self._vocabulary.context.items()
            if words
        }

    def _mention(self, term: Term, form: str, start: int, end: int, folded: str) -> Mention:
        sign = signs.sign_at(folded, end)[0] if term.kind in {"markers", "genes"} and _ANTIGEN.fullmatch(form) else ""
        return Mention(term, form, start, end, sign)

    def _composed(self, folded: str, kept: list[Mention]) -> Iterator[Mention]:
        """Phenotypes that markers make up side by side, in any order: `CD38-CD34+`, `CD34+ CD38low/-`."""
        if not self._phenotypes:
            return
        run: list[Mention] = []
        antigens = [m for m in sorted(kept, key=lambda m: m.start) if m.term.kind == "markers" and m.sign]
        for mention in [*antigens, None]:
            reach = signs.sign_at(folded, run[-1].end)[1] if run else 0
            if run and (mention is None or not signs.BETWEEN.fullmatch(folded[reach : mention.start])):
                here = frozenset((m.form, m.sign) for m in run)
                for signed, term in self._phenotypes.items():
                    if signed <= here and not any((name, "+" if sign == "-" else "-") in here for name, sign in signed):
                        yield Mention(term, folded[run[0].start : reach], run[0].start, reach)
                run = []
            if mention is not None:
                run.append(mention)


def _joined_otherwise(term: Term, spelling: str) -> Iterator[str]:
    """`FLT3 ITD` for FLT3-ITD and `cytosine-arabinoside` for the drug in two words; nothing of a doubtful spelling.

    Nor of a disease by its gene: `TP53 mutated` names the gene, of which a longer form would take it away.
    """
    doubtful = fold(spelling) in term.ambiguous | term.if_defined
    by_gene = term.kind == "diseases" and any(map(str.isdigit, spelling))
    if term.kind in _JOINED and not doubtful and not by_gene and _PARTS.search(spelling):
        yield from {_PARTS.sub(by, spelling) for by in "- "} - {spelling}


def _counted(mentions: Iterable[Mention]) -> dict[str, dict[str, int]]:
    counts = Counter(mention.term.key for mention in mentions)
    grouped = groupby(sorted(counts.items()), key=lambda item: item[0][0])
    return {kind: {key[1]: n for key, n in items} for kind, items in grouped}


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
        if not _WORD.match(after) or (after == "s" and not _WORD.match(text[end + 1 : end + 2] or " ")):
            return True
        return bool(_ANTIGEN.fullmatch(form) and signs.GLUED.match(text, end))  # CD38low
    return not (form[-1] in "+-" and _WORD.match(after) and not text[end:].startswith("cd"))


def _is_range_or_value(text: str, start: int, end: int) -> bool:
    """`5 -7` and `-7 %` are figures."""
    return bool(re.search(r"\d\s*$", text[:start]) or re.match(r"\s*(%|°|fold|mv|days|\d)", text[end:]))


def _longest(found: list[Found]) -> Iterator[Found]:
    reach = -1
    for start, end, form in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= reach:
            yield start, end, form
            reach = end
