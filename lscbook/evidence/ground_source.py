"""What a finding is held against: the abstracts of this machine, and the words by which terms are named."""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from lscbook.corpus import Corpus, abstracts
from lscbook.evidence import fields
from lscbook.vocabulary import Term, Vocabulary, fold
from lscbook.vocabulary.annotate import Annotator

# What a curator says beside the paper (`note`), or takes from a registry (`cohort`), is not held against it.
_ASIDE = {"id", "note", "cohort", "n_unit"}
NAMED = ("genes", "markers", "therapies", "diseases", "lesions")
_SHARED_DIGIT = re.compile(r"\b([A-Z][A-Z]+)(\d)/(\d)\b")


class Source:
    """Abstracts of the cache and the words by which terms are named."""

    def __init__(self, corpus: Corpus, vocabulary: Vocabulary, abstracts: dict[str, str] | None = None) -> None:
        self.corpus, self.vocabulary = corpus, vocabulary
        self._abstracts = abstracts
        self.annotator = Annotator(vocabulary, NAMED)
        # a paper's findings are held one after the other against the same few texts
        self.mentions = lru_cache(maxsize=256)(partial(self.annotator.mentions, anywhere=True))

    @property
    def given(self) -> bool:
        """Whether abstracts were handed over, and are not those of the cache."""
        return self._abstracts is not None

    def abstract(self, key: str) -> str:
        """The abstract, or '' where this machine has none."""
        if self._abstracts is not None:
            return self._abstracts.get(key, "")
        return abstracts.get(key)

    def named(self, text: str, kind: str) -> dict[str, Term]:
        """Terms of a kind that the text names, context or not."""
        spread = _SHARED_DIGIT.sub(r"\1\2/\1\3", text)
        return {m.term.id: m.term for m in self.mentions(spread) if m.term.kind == kind}


def squeezed(text: str) -> str:
    """A text as names are looked for in it: folded, nothing but letters and digits.

    >>> squeezed("TIM-3 (HL 60)")
    'tim3hl60'
    """
    return re.sub(r"[^a-z0-9α-ω]", "", fold(text))


def written(finding: Any) -> Iterator[tuple[str, str]]:
    """Every text of a finding that says something of its paper, with the name of its field: the claim first.

    The table of fields decides: a free text (`frequency`, `threshold`) or a list of such.
    """
    for column in fields.fields_of(finding.theme):
        if (
            column.name not in _ASIDE
            and not column.vocabularies
            and column.type in {fields.Type.TEXT, fields.Type.TEXTS}
        ):
            yield from ((column.name, text) for text in strings(getattr(finding, column.name)))


def strings(value: Any) -> Iterator[str]:
    """The words of a value, whatever holds them: a text, a list, pairs, a model of its own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from strings(item)
    elif hasattr(value, "model_dump"):
        yield from strings(value.model_dump())
