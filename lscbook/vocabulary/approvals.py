"""Approvals: facts of regulators, each read on the page that it names. A paper's abstract never makes one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lscbook import paths
from lscbook.errors import VocabularyInvalid
from lscbook.vocabulary import reading
from lscbook.vocabulary.terms import Vocabulary

AGENCIES = {"FDA": "U.S. Food and Drug Administration", "EMA": "European Medicines Agency"}
STATUSES = ("approved", "accelerated approval", "conditional approval", "withdrawn")
_KEYS = ("agent", "target", "disease", "population", "agency", "status", "date", "page", "seen")


@dataclass(frozen=True)
class Approval:
    """What a regulator decided of one agent against one disease, on one day."""

    agent: str
    target: str
    disease: str
    population: str
    agency: str
    status: str
    date: str
    page: str
    seen: str


def read(known: Vocabulary, folder: Path = paths.VOCABULARY) -> tuple[Approval, ...]:
    """The decisions of `approvals.yaml`, in its order; none where there is no file.

    Raises:
        VocabularyInvalid: an unknown or missing key or word, a term that the vocabulary lacks, or no date.
    """
    file = folder / "approvals.yaml"
    return tuple(_approval(item, known) for item in reading.items(file)) if file.exists() else ()


def in_force(decisions: tuple[Approval, ...]) -> tuple[Approval, ...]:
    """The decisions that stand: what an agency withdrew of an agent against a disease, it had approved before."""
    last: dict[tuple[str, str, str], str] = {}
    for decision in sorted(decisions, key=lambda d: d.date):
        if decision.status == "withdrawn":
            last[decision.agent, decision.disease, decision.agency] = decision.date
    return tuple(
        d for d in decisions if d.status != "withdrawn" and d.date > last.get((d.agent, d.disease, d.agency), "")
    )


def _approval(item: reading.Item, known: Vocabulary) -> Approval:
    raw, place = item.raw, f"approvals.yaml:{item.line}"
    if set(raw) != set(_KEYS):
        raise VocabularyInvalid(f"{place}: needs {', '.join(_KEYS)}, and nothing else")
    for key, kind in (("agent", "therapies"), ("target", "targets"), ("disease", "diseases")):
        if known.get((kind,), raw[key]) is None:
            raise VocabularyInvalid(f"{place}: {key}: {raw[key]!r} is no id of {kind}.yaml; take one from there")
    for key, words in (("agency", tuple(AGENCIES)), ("status", STATUSES)):
        if raw[key] not in words:
            raise VocabularyInvalid(f"{place}: {key}: {raw[key]!r}; allowed are {', '.join(words)}")
    for key in ("date", "seen"):
        try:
            date.fromisoformat(raw[key])
        except ValueError as error:
            raise VocabularyInvalid(f"{place}: {key}: {raw[key]!r} is no day; write YYYY-MM-DD") from error
    if not raw["page"].startswith(("https://", "http://")):
        raise VocabularyInvalid(f"{place}: page: {raw['page']!r}; give the address where it was read")
    return Approval(**raw)
