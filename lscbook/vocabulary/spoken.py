"""How readers ask: further names of terms, families, trials and places of the book. The search and the browser read it.

Nothing here is annotated in a corpus or counted: a loose name costs no false mention.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from lscbook import paths
from lscbook.errors import VocabularyInvalid
from lscbook.vocabulary import families, reading
from lscbook.vocabulary.reading import Item
from lscbook.vocabulary.terms import Vocabulary
from lscbook.vocabulary.words import Word

Key = tuple[str, str]
WORDS, TRIALS = "words", "trials"  # kinds beside those of the vocabulary
_REGISTRY = re.compile(r"NCT[0-9]{8}|ISRCTN[0-9]+")
_PAGE = re.compile(r"[a-z]+/[a-z-]+\.html(#[a-z0-9=-]+)?")


@dataclass(frozen=True)
class Family:
    """One name for several terms of a kind; the first leads."""

    id: str
    members: tuple[Key, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """A trial by its name, its registry number where it was read, and the papers that report it (PMID or DOI)."""

    id: str
    registry: str
    names: tuple[str, ...]
    papers: tuple[str, ...]
    page: str


@dataclass(frozen=True)
class Place:
    """A page of the book or a heading on it, what stands there, and what readers call it."""

    id: str
    page: str
    about: str
    names: tuple[str, ...]


_Made = TypeVar("_Made", Trial, Place)


@dataclass(frozen=True)
class Spoken:
    """All of it: names by kind and id, families, trials and places by id, in the order of the files."""

    names: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    trials: dict[str, Trial] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    @cached_property
    def trials_of(self) -> dict[str, tuple[Trial, ...]]:
        """By PMID or DOI, the trials that the paper reports."""
        papers = dict.fromkeys(paper for trial in self.trials.values() for paper in trial.papers)
        return {paper: tuple(t for t in self.trials.values() if paper in t.papers) for paper in papers}


def read(known: Vocabulary, glossary: Iterable[Word] = (), folder: Path = paths.VOCABULARY) -> Spoken:
    """The four files.

    Raises:
        VocabularyInvalid: an unknown or missing key, an id twice, or one that nothing has; with file and line.
    """
    trials = _by_id(folder / "trials.yaml", _trial)
    ids = {kind: set(of_kind) for kind, of_kind in known.terms.items()}
    ids |= {WORDS: {word.id for word in glossary}, TRIALS: set(trials)}
    names: dict[Key, tuple[str, ...]] = {}
    for item in reading.items(folder / "names.yaml"):
        place = f"names.yaml:{item.line}"
        _has(place, item, {"kind", "id", "names"})
        key = _known(place, item.raw["kind"], item.raw["id"], ids)
        if key in names:
            raise VocabularyInvalid(f"{place}: {key[0]} {key[1]!r} twice; put the names together")
        names[key] = tuple(item.raw["names"])
    known_families = {family.id: _family(family, ids) for family in families.read(folder)}
    return Spoken(names, known_families, trials, _by_id(folder / "pages.yaml", _place))


def _by_id(path: Path, make: Callable[[str, Item], _Made]) -> dict[str, _Made]:
    found: dict[str, _Made] = {}
    for item in reading.items(path):
        place = f"{path.name}:{item.line}"
        made = make(place, item)
        if made.id in found:
            raise VocabularyInvalid(f"{place}: the id {made.id!r} twice; keep one")
        found[made.id] = made
    return found


def _has(place: str, item: Item, needs: set[str], may: frozenset[str] = frozenset()) -> None:
    if not needs <= set(item.raw) <= needs | may:
        more = f", may have {', '.join(sorted(may))}" if may else ""
        raise VocabularyInvalid(f"{place}: needs {', '.join(sorted(needs))}{more}, and nothing else")


def _known(place: str, kind: str, identifier: str, ids: dict[str, set[str]]) -> Key:
    if identifier not in ids.get(kind, ()):
        raise VocabularyInvalid(f"{place}: no {identifier!r} among {kind}; allowed kinds are {', '.join(sorted(ids))}")
    return kind, identifier


def _family(family: families.Family, ids: dict[str, set[str]]) -> Family:
    members = tuple(_known(family.place, family.kind, member, ids) for member in family.members)
    return Family(family.id, members, family.names)


def _trial(place: str, item: Item) -> Trial:
    _has(place, item, {"id", "papers"}, frozenset({"registry", "synonyms", "page"}))
    raw = item.raw
    registry = raw.get("registry", "")
    if registry and not _REGISTRY.fullmatch(registry):
        raise VocabularyInvalid(f"{place}: registry: {registry!r}; write NCT and eight digits, or ISRCTN and digits")
    if not raw["papers"]:
        raise VocabularyInvalid(f"{place}: papers: name a paper of the corpus by PMID or DOI, or leave the trial out")
    return Trial(raw["id"], registry, tuple(raw.get("synonyms", ())), tuple(raw["papers"]), raw.get("page", ""))


def _place(place: str, item: Item) -> Place:
    _has(place, item, {"id", "page", "about", "names"})
    raw = item.raw
    if not _PAGE.fullmatch(raw["page"]):
        raise VocabularyInvalid(f"{place}: page: {raw['page']!r}; write it as book/methods.html#limits")
    return Place(raw["id"], raw["page"], raw["about"], tuple(raw["names"]))
