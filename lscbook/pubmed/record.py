"""A bibliographic record: the facts that PubMed states about a paper, and no text of its abstract."""

import re
from dataclasses import dataclass, field, fields
from typing import Any

from lscbook.text import digest, split_sentences

PMID = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Author:
    """A person (family, initials, suffix as Jr) or a group (collective)."""

    family: str = ""
    initials: str = ""
    collective: str = ""
    suffix: str = ""

    @property
    def name(self) -> str:
        """`Ding L`, `Doe A Jr`, or the name of the group."""
        return self.collective or " ".join(filter(None, (self.family, self.initials, self.suffix)))


@dataclass(frozen=True, slots=True)
class Heading:
    """A MeSH descriptor as PubMed gave it to the paper."""

    ui: str = ""
    name: str = ""
    major: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A link to another record that bears on whether the paper stands (CommentsCorrections).

    `type` is PubMed's RefType (RetractionIn, ExpressionOfConcernIn, ErratumIn, UpdateIn, …), `pmid`
    that of the notice where PubMed gives one, `source` the citation of the notice, `date` its day
    where the source tells it (Crossref does, PubMed does not).
    """

    type: str = ""
    pmid: str = ""
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One paper. Lists keep PubMed's order.

    `version` is that of the PMID; `origin` is `pubmed` for NLM's own XML, `list` for facts gathered
    from public lists, whose language, types and dates are unknown, and `doi` for a paper whose PMID
    nobody has looked up. `text` (the abstract, one section a line) lives in memory only.
    """

    pmid: str
    title: str
    journal: str = ""
    date: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    authors: tuple[Author, ...] = ()
    authors_complete: bool = True
    doi: str = ""
    pmcid: str = ""
    types: tuple[str, ...] = ()
    mesh: tuple[Heading, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str = ""
    created: str = ""
    revised: str = ""
    standing: tuple[Notice, ...] = ()
    version: int = 1
    origin: str = "pubmed"
    book: bool = False
    abstract: dict[str, Any] | None = None
    concepts: dict[str, dict[str, int]] = field(default_factory=dict)
    text: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """PMID, or the DOI while no PMID is known."""
        return self.pmid or self.doi

    @property
    def year(self) -> str:
        """Four digits, or '' where the date does not begin with a year: files are named after it."""
        year = self.date[:4]
        return year if len(year) == 4 and year.isascii() and year.isdigit() else ""

    @property
    def first_author(self) -> str:
        """Family name or group name of the first author, or ''."""
        return (self.authors[0].family or self.authors[0].collective) if self.authors else ""

    def as_json(self) -> dict[str, Any]:
        """What is stored: no empty field, no abstract text."""
        raw: dict[str, Any] = {name: getattr(self, name) for name in _STORED}
        for name, default in (("authors_complete", True), ("version", 1), ("origin", "pubmed")):
            if raw[name] == default:
                del raw[name]
        for name in ("authors", "mesh", "standing"):
            raw[name] = [_filled(item) for item in raw[name]]
        return {
            key: value
            for key, value in raw.items()
            if value not in ("", (), [], {}, None, False) or key == "authors_complete"
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Record":
        """Read what `as_json` wrote."""
        raw = dict(raw)
        for name in ("pmid", "title", "journal", "date", "volume", "issue", "pages", "doi", "pmcid"):
            if not isinstance(raw.get(name, ""), str):
                raise TypeError(f"{name} is {raw[name]!r}, and not a text")
        raw["authors"] = tuple(Author(**a) for a in raw.get("authors", ()))
        raw["mesh"] = tuple(Heading(**h) for h in raw.get("mesh", ()))
        raw["standing"] = tuple(Notice(**n) for n in raw.get("standing", ()))
        for name in ("types", "keywords"):
            raw[name] = tuple(raw.get(name, ()))
        return cls(**{"pmid": "", "title": "", **raw})  # PubMed has papers without a title


# dataclasses.asdict copies deeply, and takes ten times as long
_STORED = tuple(field.name for field in fields(Record) if field.name != "text")


def _filled(part: Author | Heading | Notice) -> dict[str, Any]:
    """The fields of a part that say something."""
    return {name: value for name in part.__slots__ if (value := getattr(part, name))}


def describe_abstract(text: str) -> dict[str, Any] | None:
    """What may be kept of an abstract: digest, length and number of sentences.

    >>> describe_abstract("One case died. The other did not.")["sentences"]
    2
    """
    if not text:
        return None
    return {"sha256": digest(text), "characters": len(text), "sentences": len(split_sentences(text))}
