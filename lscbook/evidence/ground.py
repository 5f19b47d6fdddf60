"""Hold a finding against the sentences that it points at, keeping every sign and comparison.

A machine with the abstract proves figures and names; one without it proves that nothing changed
since somebody did. What neither can judge is listed for the second reader. Spans are anchored in
`ground_spans`, and held are figures, names and doubts in the modules of these names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lscbook.evidence import ground_doubts, ground_figures, ground_names, ground_spans
from lscbook.evidence.ground_copies import copied, copies
from lscbook.evidence.ground_refresh import left, refresh, write
from lscbook.evidence.ground_source import NAMED, Source
from lscbook.evidence.ground_spans import anchor, pointed_at
from lscbook.evidence.store import Parsed, Problem
from lscbook.pubmed.record import Record
from lscbook.text import digest, split_sentences

__all__ = [
    "NAMED", "Grounding", "Source", "anchor", "check", "copied", "held", "left", "pointed_at", "refresh", "write",
]  # fmt: skip


@dataclass(frozen=True)
class Grounding:
    """What came of holding one file against its source."""

    problems: list[Problem] = field(default_factory=list)
    grounded: int = 0
    skipped: int = 0


def check(item: Parsed, source: Source) -> Grounding:
    """Ground every finding of a file that points at sentences or at the title."""
    if item.entry is None or (record := source.corpus.find(item.entry.key)) is None:
        return Grounding()
    problems: list[Problem] = []
    abstract = source.abstract(item.entry.key)
    have = bool(abstract) and (source.given or digest(abstract) == (record.abstract or {}).get("sha256"))
    sentences = split_sentences(abstract) if have else []
    grounded = skipped = 0
    for index, finding in enumerate(item.entry.findings):
        where = ("findings", index)
        if have:
            problems.extend(copies(item, where, finding, abstract))
        if not (finding.support.sentences or finding.support.title):
            problems.extend(ground_spans.without_sentences(item, where, finding))
            continue
        problems.extend(ground_spans.unchanged(item, where, finding, record, at_hand=have and not source.given))
        if have:
            problems.extend(ground_spans.as_stored(item, where, finding, record, abstract, sentences))
            problems.extend(held(item, where, finding, record, abstract, source))
            grounded += 1
        else:
            skipped += 1
    return Grounding(problems, grounded, skipped)


def held(
    item: Parsed, where: tuple[Any, ...], finding: Any, record: Record, abstract: str, source: Source
) -> Iterable[Problem]:
    """What is wrong with a finding beside its abstract: errors for facts, warnings for what a person must judge."""
    text = pointed_at(finding, record, abstract)
    yield from ground_figures.figures(item, where, finding, text)
    yield from ground_names.names(item, where, finding, text, abstract, source)
    yield from ground_names.strangers(item, where, finding, f"{abstract}\n{record.title}", source)
    yield from ground_figures.signs(item, where, finding, text)
    yield from ground_doubts.doubts(item, where, finding, text, source)
