"""The words: terms with their identifiers and synonyms, the glossary, and where they stand in a text."""

from lscbook.vocabulary.terms import (
    AMERICAN,
    ANNOTATED,
    KINDS,
    Term,
    Vocabulary,
    Word,
    fold,
    fold_cased,
    glossary,
    load,
)

__all__ = ["AMERICAN", "ANNOTATED", "KINDS", "Term", "Vocabulary", "Word", "fold", "fold_cased", "glossary", "load"]
