"""Words of an abstract that were copied: eight in a row are refused, in whatever a curator wrote freely."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from lscbook.evidence import fields
from lscbook.evidence.store import Parsed, Problem
from lscbook.text import normalise

RUN = 8  # so many words in a row of an abstract are a copy


def copies(item: Parsed, where: tuple[Any, ...], finding: Any, abstract: str) -> Iterable[Problem]:
    """Eight words in a row of the abstract, in whatever a curator wrote freely."""
    free = [f.name for f in fields.fields_of(finding.theme) if f.type is fields.Type.TEXT]
    told: dict[tuple[str, ...], Any] = {(name,): getattr(finding, name) for name in free}
    told |= {("support", "full_text"): finding.support.full_text}
    told |= {("effect", name): getattr(finding.effect, name, None) for name in ("unit", "comparison")}
    for place, text in told.items():
        if text and (run := copied(text, abstract)):
            yield item.problem(
                (*where, *place), f"{RUN} words in a row of the abstract: {run!r}", "say it in your own words"
            )


def copied(claim: str, abstract: str) -> str:
    """The first run of eight words that the claim shares with the abstract, or nothing."""
    words, runs = _words(claim), _runs(abstract)
    for i in range(len(words) - RUN + 1):
        if tuple(words[i : i + RUN]) in runs:
            return " ".join(words[i : i + RUN])
    return ""


@lru_cache(maxsize=16)  # a paper's findings are held one after the other against one abstract
def _runs(abstract: str) -> frozenset[tuple[str, ...]]:
    words = _words(abstract)
    return frozenset(tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def _words(text: str) -> list[str]:
    runs = re.findall(r"[\w+\-/.%]+", normalise(text).lower())
    return [word for run in runs if re.search(r"\w", word := run.rstrip("."))]
