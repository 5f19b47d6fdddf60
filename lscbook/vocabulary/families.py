"""Families: one name for several terms, from the one file `families.yaml`, whose head says which reader takes what."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lscbook.errors import VocabularyInvalid
from lscbook.vocabulary import reading

FILE = "families.yaml"
OF_GENES = "genes"  # the kind of members of a family that has a page, and that texts may name
_NEEDED = frozenset({"id", "kind", "members"})
_FOR_TEXTS = frozenset({"in_texts", "id_in_context"})
_ALLOWED = _NEEDED | _FOR_TEXTS | {"definition", "name", "synonyms"}


@dataclass(frozen=True)
class Family:
    """One name for several terms of a kind; the first leads.

    `in_texts` are names that a text may have for it as one, `id_in_context` whether its id counts there only beside a
    word of `context.yaml`; `synonyms` are for whoever asks. `definition` says on its page what it is. `place` is file
    and line.
    """

    id: str
    kind: str
    members: tuple[str, ...]
    definition: str
    name: str
    in_texts: tuple[str, ...]
    id_in_context: bool
    synonyms: tuple[str, ...]
    place: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every name but the id, as those who ask may write it."""
        return tuple(dict.fromkeys(filter(None, (self.name, *self.in_texts, *self.synonyms))))


def read(folder: Path) -> list[Family]:
    """The families, in the order of the file.

    Raises:
        VocabularyInvalid: an unknown or missing key, an id twice, no member, or names for texts of what is no gene.
    """
    found: dict[str, Family] = {}
    for family in _families(folder):
        if family.id in found:
            raise VocabularyInvalid(f"{family.place}: the id {family.id!r} twice; keep one")
        found[family.id] = family
    return list(found.values())


def _families(folder: Path) -> Iterator[Family]:
    for item in reading.items(folder / FILE):
        raw, place = item.raw, f"{FILE}:{item.line}"
        if not _NEEDED <= set(raw) <= _ALLOWED:
            may = ", ".join(sorted(_ALLOWED - _NEEDED))
            raise VocabularyInvalid(f"{place}: needs {', '.join(sorted(_NEEDED))}, may have {may}, and nothing else")
        if not raw["members"]:
            raise VocabularyInvalid(f"{place}: {raw['id']}: no member; name those that it stands for")
        if raw["kind"] != OF_GENES and _FOR_TEXTS & set(raw):
            raise VocabularyInvalid(
                f"{place}: {raw['id']}: texts are annotated with families of genes alone, and this is one of "
                f"{raw['kind']}; write its names under synonyms"
            )
        yield Family(
            raw["id"], raw["kind"], tuple(raw["members"]), raw.get("definition", ""), raw.get("name", ""),
            tuple(raw.get("in_texts", ())), raw.get("id_in_context") == "true", tuple(raw.get("synonyms", ())), place,
        )  # fmt: skip
