"""The words: terms with their identifiers and synonyms, the glossary, and where they stand in a text."""

from lscbook.vocabulary.terms import (
    ANNOTATED,
    KINDS,
    Term,
    Vocabulary,
    fold,
    fold_cased,
    load,
)
from lscbook.vocabulary.words import GROUPS, Word, glossary

__all__ = [
    "ANNOTATED",
    "GROUPS",
    "KINDS",
    "Term",
    "Vocabulary",
    "Word",
    "fold",
    "fold_cased",
    "glossary",
    "load",
]
