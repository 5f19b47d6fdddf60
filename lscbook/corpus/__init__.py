"""The corpus: what PubMed says of each paper, on disk; and the abstracts, in the ignored cache."""

from lscbook.corpus.store import PENDING, Corpus, iterate_doi_records, locked, merge, read, strangers, write

__all__ = ["PENDING", "Corpus", "iterate_doi_records", "locked", "merge", "read", "strangers", "write"]
