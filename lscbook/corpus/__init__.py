"""The corpus: what PubMed says of each paper, on disk; and the abstracts, in the ignored cache."""

from lscbook.corpus.store import PENDING, Corpus, iterate_doi_records, merge, read, recover, write

__all__ = ["PENDING", "Corpus", "iterate_doi_records", "merge", "read", "recover", "write"]
