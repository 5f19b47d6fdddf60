"""The names under which a reader may look for a thing: CD123 is IL3RA, VEN is venetoclax, RAS is NRAS and KRAS."""

import re
from collections.abc import Iterator
from typing import Any

from lscbook import addresses
from lscbook.site.glossary import anchor
from lscbook.site.search.tokens import form, words
from lscbook.synthesis.book import Book
from lscbook.vocabulary import Term, Word
from lscbook.vocabulary.spoken import TRIALS, WORDS, Key, Place
from lscbook.vocabulary.terms import NAMED_FAMILIES
from lscbook.vocabulary.things import Thing, genes_of

# Words of a question that say nothing of what is asked; a question of one word keeps it.
_SAYING_NOTHING = """
    a about an and any are as at be been being best between by can could define did do does done
    evidence for from get had has have having how i if in into is it its know known me mean meaning
    means my not of on or our please should show so than that the their them then there these they this
    those to under us versus via vs was we were what when where which while who whom whose why will with
    work works would you your
"""
_ARM = re.compile(r"(\b\d+[pq])-(?=$|\s)")  # of a chromosome, lost
LSC = "LSC"
_SHORT = re.compile(rf"\b{LSC}\b")
STOP = frozenset(_SAYING_NOTHING.split())
# How surely a name means the thing: its id, a name of its own in any role, of its family, of its gene. What is a
# word of the glossary alone comes after all that has findings.
ITSELF, OWN, OF_FAMILY, BORROWED, GLOSSED = 100, 80, 70, 60, 50


def own(term: Term, book: Book) -> list[str]:
    """The names of the thing that a term is, in all its roles, in the vocabulary and as readers ask; its own first."""
    roles = (term, *(role for role in book.things[term.key].roles if role is not term))
    called = [name for role in roles for name in (*role.surface_forms, *book.spoken.names.get(role.key, ()))]
    return list(dict.fromkeys((*called, *(other for name in called for other in _said_otherwise(name, book)))))


def _said_otherwise(name: str, book: Book) -> Iterator[str]:
    """How else a name is said: 5q- syndrome as 5q minus syndrome, and LSC score with what LSC is short for."""
    if _ARM.search(name):
        yield _ARM.sub(r"\1 minus", name)
    if _SHORT.search(name) and " " in name:
        for other in book.spoken.names.get((WORDS, LSC), ()):
            yield _SHORT.sub(other, name)


def names_of(term: Term, book: Book) -> list[str]:
    """Those, and the names of the genes that it is not but names, each once.

    >>> book = Book.open()
    >>> "IL3RA" in names_of(book.vocabulary.terms["targets"]["CD123"], book)
    True
    """
    genes = [book.vocabulary.terms["genes"][symbol] for symbol in genes_of(term)]
    return list(dict.fromkeys((*own(term, book), *(name for gene in genes for name in own(gene, book)))))


def heads(thing: Thing, book: Book) -> dict[str, int]:
    """By form, how surely a question that is this form means the thing."""
    families = [family for family in book.spoken.families.values() if thing.keys & set(family.members)]
    weighed = {form(name): BORROWED for role in thing.roles for name in names_of(role, book)}
    weighed |= {form(name): OF_FAMILY for family in families for name in (family.id, *family.names)}
    weighed |= {form(name): OWN for name in own(thing.lead, book)}
    return {**weighed, form(thing.lead.id): ITSELF}


def words_of(word: Word, book: Book) -> list[str]:
    """The names of a word of the glossary."""
    return list(dict.fromkeys(filter(None, (word.id, word.name, *book.spoken.names.get((WORDS, word.id), ())))))


def place_heads(place: Place) -> dict[str, int]:
    """By form, how surely a question means a place: its name whole, others without the words that say nothing."""
    return {**{said(name): OWN for name in place.names}, form(place.id): ITSELF}


def said(question: str) -> str:
    """The form of a question without the words that say nothing; of one that has no other, all of them.

    >>> said("How were the papers screened?")
    'paperscreened'
    """
    asked = list(words(question))
    return form(" ".join([word for word in asked if word not in STOP] or asked))


def gloss(identifier: str) -> str:
    """Where a word of the glossary stands, below the root of the site."""
    return f"book/glossary.html#{anchor(identifier)}"


def table(book: Book) -> dict[str, Any]:
    """What both scripts know: the names of each thing beside its id, by kind; families; words that say nothing."""
    terms: dict[str, dict[str, list[str]]] = {
        kind: {term.id: _beside(term.id, names_of(term, book)) for term in book.vocabulary.terms[kind].values()}
        for kind in addresses.ENTITIES
    }
    # a family as texts name it has no page; a search for its name finds the texts
    named = book.vocabulary.terms[NAMED_FAMILIES].values()
    terms[NAMED_FAMILIES] = {f.id: _beside(f.id, list(f.surface_forms)) for f in named}
    terms[WORDS] = {
        word.id: _beside(word.id, words_of(word, book)) for word in book.glossary.values() if not word.group
    }
    terms[TRIALS] = {t.id: _beside(t.id, [t.registry, *t.names]) for t in book.spoken.trials.values()}
    families = {f.id: [list(f.names), [label(member) for member in f.members]] for f in book.spoken.families.values()}
    return {"terms": terms, "families": families, "stop": sorted(STOP)}


def label(key: Key) -> str:
    """A thing as the index knows it: `genes:NRAS`."""
    return ":".join(key)


def _beside(identifier: str, names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name and name != identifier]
