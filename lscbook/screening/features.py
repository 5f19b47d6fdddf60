"""What triage reads of a paper: its words, and what our own domain says of it. Nothing that a judgement left behind.

The domain's part: whether the query of `data/corpus/query.yaml` finds it, the terms of our vocabulary in the title,
the publication types, and the wording by which reviews and case reports name themselves. No feature tells whether an
abstract is there, how long it is, or who gave the record: these go with the label for reasons that are not the
paper's.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from math import log1p

from lscbook import vocabulary
from lscbook.pubmed import query
from lscbook.pubmed.query import Query, Rule, compile_search
from lscbook.pubmed.record import Record
from lscbook.vocabulary.annotate import Annotator

# Weight of each kind of domain term beside the words, whose vector has length 1; docs/screening.md: what was tried
QUERY, WORDING, TYPE, VOCABULARY = 0.3, 0.5, 0.5, 0.3
TYPES = ("Case Reports", "Clinical Trial", "Comment", "Editorial", "Letter", "Meta-Analysis", "Review")
_REVIEW = re.compile(
    r"\b(?:this|the present|our|in this) (?:\w+ )?review\b|\bwe (?:\w+ )?(?:review|summari[sz]e|discuss|highlight)\b"
    r"|\bhere(?:in)?,? we (?:review|discuss|summari[sz]e)\b|\breviewed\b|\brecent advances|perspective|in this article",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"\bcase report\b|\bwe report (?:a|the) case|\byear-old\b|\ba case of\b|\bcase series\b", re.IGNORECASE
)
WORDINGS = {"review": _REVIEW, "case report": _CASE}


@dataclass(frozen=True)
class Features:
    """What is read of one paper: `words` as text, `terms` by name with their weight."""

    words: str
    terms: dict[str, float]


@dataclass(frozen=True)
class Reader:
    """Reads papers by the query and the vocabulary of the project."""

    query: Query
    annotator: Annotator

    @classmethod
    def open(cls) -> "Reader":
        """The committed query and vocabulary."""
        return cls(query.load(), Annotator(vocabulary.load()))

    @cached_property
    def _blocks(self) -> dict[str, Rule]:
        return {name: compile_search(self.query.blocks[name], self.query.mesh_narrower)
                for name in ("disease", "stem_cell")}  # fmt: skip

    @cached_property
    def _themes(self) -> dict[str, Rule]:
        return {name: compile_search(s, self.query.mesh_narrower) for name, s in self.query.themes.items()}

    def features(self, record: Record) -> Features:
        """Words and terms of a paper, with its abstract where `record.text` has it."""
        words = f"{record.title} {record.text}"
        terms = {"found by our query": QUERY * self.asked(record)}
        for name, wording in WORDINGS.items():
            terms[f"worded as a {name}"] = WORDING * log1p(len(wording.findall(words)))
            terms[f"titled as a {name}"] = WORDING * bool(wording.search(record.title))
        terms |= {f"type {kind}": TYPE for kind in TYPES if kind in record.types}
        found = self.annotator.concepts(record.title)
        # a vector of length 1, as that of the words
        named = [*(f"title names one of our {kind}" for kind in found),
                 *(f"title names {term}" for ids in found.values() for term in ids)]  # fmt: skip
        terms |= {name: VOCABULARY / len(named) ** 0.5 for name in named}
        return Features(words, {name: weight for name, weight in terms.items() if weight})

    def asked(self, record: Record) -> bool:
        """Whether the query finds a paper: our diseases, with stem cells or one of the themes."""
        blocks = self._blocks
        themed = blocks["stem_cell"](record) or any(rule(record) for rule in self._themes.values())
        return blocks["disease"](record) and themed

    def parts(self, record: Record) -> int:
        """How many parts of the query find a paper: the order of whoever goes by keywords alone."""
        return sum(rule(record) for rule in (*self._blocks.values(), *self._themes.values()))
