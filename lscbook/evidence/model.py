"""What an entry is, once read: one paper and its findings, whose types are made from the table in `fields`."""

import json
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lscbook.evidence import rules
from lscbook.evidence.findings import CONTEXT, COUNTED, Effect, Finding, Support
from lscbook.evidence.values import Day, Direction, Doi, Grounding, Orcid, Pmid, Strict
from lscbook.text import digest

__all__ = [
    "CONTEXT",
    "COUNTED",
    "Direction",
    "Effect",
    "Entry",
    "Finding",
    "Grounding",
    "Support",
    "digest_of",
    "model_of",
]


def model_of(theme: str, role: object) -> type[Finding]:
    """The type of a finding of this theme: counted, or context."""
    return (CONTEXT if role == "context" else COUNTED)[theme]


class Entry(Strict):
    """One paper, as one file of `data/evidence` tells it."""

    pmid: Annotated[Pmid | None, Field(default=None)]
    doi: Annotated[Doi | None, Field(default=None)]
    read: Literal["abstract", "full text"]
    curators: Annotated[tuple[Orcid, ...], Field(default=())]
    reviewers: Annotated[tuple[Orcid, ...], Field(default=())]
    added: Day
    findings: Annotated[tuple[Finding, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_identity(self) -> Self:
        if (self.pmid is None) == (self.doi is None):
            raise ValueError(rules.ONE_IDENTITY)
        if both := set(self.curators) & set(self.reviewers):
            raise ValueError(rules.OWN_READER.format(who=", ".join(sorted(both))))
        return self

    @property
    def key(self) -> str:
        """PMID, or DOI while no PMID is known."""
        return self.pmid or str(self.doi)


def digest_of(finding: Finding) -> str:
    """What a reader judges of a finding: claim, fields and sentences, and not what the tool wrote beside them.

    A reading carries it, and lapses when it changes.
    """
    told = finding.model_dump(mode="json", exclude={"support": {"grounding"}}, exclude_defaults=True)
    return digest(json.dumps(told, sort_keys=True, ensure_ascii=False))[:16]
