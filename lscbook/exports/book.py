"""What every exported file draws on: the data of the book, what the book is, and where its pages stand."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml

from lscbook import addresses, paths, screening, vocabulary
from lscbook.corpus import Corpus
from lscbook.evidence import reviewing
from lscbook.evidence.reviewing import Reading
from lscbook.evidence.store import Evidence
from lscbook.harvest.updating import Difference
from lscbook.screening import Decision
from lscbook.standing import known
from lscbook.synthesis import changes
from lscbook.vocabulary import Vocabulary

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Citation:
    """What `CITATION.cff` says of the book."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    version: str
    keywords: tuple[str, ...]

    @classmethod
    def read(cls, file: Path = paths.ROOT / "CITATION.cff") -> "Citation":
        """Read the file; every scalar is a string."""
        raw = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  no tags, strings only
        authors = tuple(a.get("name") or f"{a['given-names']} {a['family-names']}" for a in raw["authors"])
        return cls(raw["title"], raw["abstract"], authors, raw["version"], tuple(raw["keywords"]))


@dataclass(frozen=True)
class Book:
    """Everything that is exported. `base` is the address of the site, or empty where none is configured."""

    corpus: Corpus
    evidence: Evidence
    vocabulary: Vocabulary
    decisions: tuple[Decision, ...]
    readings: tuple[Reading, ...]
    harvests: dict[str, Difference]
    notices: dict[str, Any]
    trials: dict[str, Any]
    citation: Citation
    base: str = ""

    @classmethod
    def load(cls, corpus: Corpus, evidence: Evidence, base: str = "") -> "Book":
        """The committed data beside `corpus` and `evidence`."""
        return cls(
            corpus,
            evidence,
            vocabulary.load(),
            tuple(screening.read()),
            tuple(reviewing.read()),
            changes.read_harvests(),
            known("notices"),
            known("trials"),
            Citation.read(),
            base and base.rstrip("/") + "/",
        )

    @property
    def as_of(self) -> str:
        """Date of the snapshot, or of the newest entry where the corpus tells none."""
        return self.corpus.as_of or max((e.added for e in self.evidence.entries.values()), default="1970-01-01")

    @cached_property
    def days(self) -> list[changes.Day]:
        """What changed, the newest day first."""
        return changes.days(self.evidence, self.harvests, self.notices, self.trials, self.readings)

    @cached_property
    def second_readings(self) -> dict[str, list[Reading]]:
        """Readings by the finding that was read."""
        found: dict[str, list[Reading]] = defaultdict(list)
        for reading in self.readings:
            found[reading.finding].append(reading)
        return dict(found)

    @cached_property
    def read_twice(self) -> frozenset[str]:
        """References of the findings that a second person has read."""
        read = self.second_readings
        return frozenset(f.reference for f in self.evidence.findings if f.entry.reviewers or f.reference in read)

    def address(self, from_the_pages: str) -> str:
        """The address of a page: whole where the site's own is known, else from the root of the site.

        `from_the_pages` is what `lscbook.addresses` gives, as `../papers/22932223.html`.
        """
        return urljoin(self.base, from_the_pages.removeprefix(addresses.UP))

    def cite(self) -> str:
        """How to cite the book, in one line."""
        return (
            f"{', '.join(self.citation.authors)}. {self.citation.title}, version {self.citation.version}, "
            f"snapshot of {self.as_of}. Cite also the papers that its findings rest on."
        )
