"""What a finding is held against: the abstracts of this machine, and the words by which terms are named."""

import re

from lscbook.corpus import Corpus, abstracts
from lscbook.vocabulary import Term, Vocabulary
from lscbook.vocabulary.annotate import Annotator

NAMED = ("genes", "markers", "therapies", "diseases", "lesions")
_SHARED_DIGIT = re.compile(r"\b([A-Z][A-Z]+)(\d)/(\d)\b")


class Source:
    """Abstracts of the cache and the words by which terms are named."""

    def __init__(self, corpus: Corpus, vocabulary: Vocabulary, abstracts: dict[str, str] | None = None) -> None:
        self.corpus, self.vocabulary = corpus, vocabulary
        self._abstracts = abstracts
        self.annotator = Annotator(vocabulary, NAMED)

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
        return {m.term.id: m.term for m in self.annotator.mentions(spread, anywhere=True) if m.term.kind == kind}
