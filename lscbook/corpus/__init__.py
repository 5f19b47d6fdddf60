"""The corpus: what PubMed says of each paper, on disk; and the abstracts, in the ignored cache."""

from lscbook.corpus.lists import iterate_list
from lscbook.corpus.merging import described, merge
from lscbook.corpus.store import PENDING, Corpus, about, locked, read, refuse_strangers, strangers, write

__all__ = [
    "PENDING",
    "Corpus",
    "about",
    "described",
    "iterate_list",
    "locked",
    "merge",
    "read",
    "refuse_strangers",
    "strangers",
    "write",
]
