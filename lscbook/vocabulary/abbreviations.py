"""The abbreviations of a text: which of them the book explains, and which it does not.

What is explained is a word of the glossary with a long form, a disease whose id is short, or a term of the vocabulary,
which has a page. Everything else that is written in capitals is found by `unknown`, so that none is forgotten.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lscbook.vocabulary.terms import Vocabulary
from lscbook.vocabulary.words import Word

# What everybody reads without help.
EVERYDAY = frozenset({"DNA", "RNA", "mRNA", "UK", "US", "MB", "ID", "IDs", "DuckDB"})
_CHUNK = re.compile(r"[^\s,;()\[\]{}“”\"'’|=<>≥≤…]+")
_PART = re.compile(r"[^\W_]+")
# A change of an amino acid (R140Q), a code of a compound or a record, a Roman numeral, a family name or a product.
_OTHER = re.compile(r"[A-Z]\d+[A-Z]|[A-Z]{1,4}\d{4,}|[IVX]+[ab]?|[A-Z][a-z]+(?:[A-Z][a-z]+)+")
_BEGIN = re.compile(r"(?<!\w)(?=[a-z]{0,3}-?[A-Zα]|\d\w?[A-Z+])\w")  # where a short form may begin
# in the names of diseases, which registers give in US spelling
_BRITISH = {"leukem": "leukaem", "hemat": "haemat", "hemop": "haemop", "tumor": "tumour", "anem": "anaem"}
_MOST = 4  # parts of one term
_CAPITALS = re.compile(r"[A-Z].*[A-Z]")


@dataclass(frozen=True)
class Explained:
    """A short form in a text, and its word."""

    start: int
    end: int
    word: Word


class Abbreviations:
    """What a book explains: words of the glossary, then diseases by their short ids."""

    def __init__(self, glossary: Mapping[str, Word], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._asked: dict[str, bool] = {}
        self.words = {w.id: w for w in glossary.values() if w.is_short}
        for term in vocabulary.terms["diseases"].values():
            if term.name != term.id and _CAPITALS.search(term.id) and term.id not in self.words and " " not in term.id:
                self.words[term.id] = Word(term.id, _british(term.name), "", "disease")

    @cached_property
    def _by_first(self) -> dict[str, tuple[re.Pattern[str], tuple[Word, ...]]]:
        """By the first sign of a form: one expression, the longest form first, and the word of each of its groups."""
        forms = [
            (first, form, word)
            for word in self.words.values()
            for first, form in zip(_firsts(word), word.forms, strict=True)
        ]
        made = {}
        for sign in sorted({first for first, _, _ in forms}):
            some = sorted(((form, w) for first, form, w in forms if first == sign), key=lambda f: (-len(f[0]), f[0]))
            each = "|".join(f"(?P<w{place}>{form})" for place, (form, _) in enumerate(some))
            made[sign] = re.compile(rf"(?:{each})(?!\w)"), tuple(word for _, word in some)
        return made

    def explained(self, text: str) -> Iterator[Explained]:
        """The short forms of a text that have a word, from left to right."""
        end = 0
        for begin in _BEGIN.finditer(text):
            pattern, words = self._by_first.get(begin.group()[0], (None, ()))
            if begin.start() < end or pattern is None or not (found := pattern.match(text, begin.start())):
                continue
            end = found.end()
            yield Explained(found.start(), end, words[int(str(found.lastgroup)[1:])])

    def unknown(self, text: str) -> list[str]:
        """Abbreviations of a text that neither the glossary nor the vocabulary has, in their order."""
        covered = [(e.start, e.end) for e in self.explained(text)]
        found: dict[str, None] = {}
        for chunk in _CHUNK.finditer(text):
            if not _CAPITALS.search(chunk.group()):
                continue
            parts = [(chunk.start() + p.start(), chunk.start() + p.end()) for p in _PART.finditer(chunk.group())]
            # a term may be made of several parts (TIM-3), beside others (anti-TIM-3)
            spans = ((a, b) for i, (a, _) in enumerate(parts) for _, b in parts[i : i + _MOST])
            terms = [(a, b) for a, b in spans if self._known(text[a:b])]
            for start, end in parts:
                inside = any(a <= start and end <= b for a, b in (*covered, *terms))
                cut = text[end : end + 1] == "…"  # a label of a figure, for want of room
                if not inside and not cut and _is_short(text[start:end]):
                    found[text[start:end]] = None
        return list(found)

    def _known(self, word: str) -> bool:
        """Whether the vocabulary has it, or everybody knows it; a page asks of the same words again and again."""
        if word not in self._asked:
            forms = {word, word.removesuffix("s")}
            self._asked[word] = bool(forms & EVERYDAY) or any(map(self._vocabulary.has_form, sorted(forms)))
        return self._asked[word]


def _british(name: str) -> str:
    """A name of a register, which has US spelling, as this book spells it."""
    for american, british in _BRITISH.items():
        name = name.replace(american, british)
    return name


def _firsts(word: Word) -> list[str]:
    """The sign with which each form of a word begins."""
    return [(w.lstrip("(?:") or w)[0] for w in (word.id, *word.also, *([word.pattern] if word.pattern else []))]


def _is_short(word: str) -> bool:
    """Whether a word is an abbreviation: at least two capitals, and none of the other things written so."""
    return bool(_CAPITALS.search(word)) and not _OTHER.fullmatch(word)


def without(text: str, foreign: Iterable[str]) -> str:
    """The text without what others wrote: titles, journals, official names.

    >>> without("Cited: A TITLE OF OTHERS. Ours: MRD.", ["A TITLE OF OTHERS"])
    'Cited:  . Ours: MRD.'
    """
    for one in sorted(set(foreign), key=lambda o: (-len(o), o)):
        if one and one in text:
            text = text.replace(one, " ")
    return text
