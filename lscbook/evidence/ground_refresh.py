"""Write the grounding of findings into their file; move it only onto the same text, else leave it to a person."""

from collections.abc import Iterator
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from lscbook.evidence import yaml_canonical
from lscbook.evidence.ground_source import Source
from lscbook.evidence.ground_spans import Spans, anchor, in_range
from lscbook.evidence.store import Parsed, Problem, shown
from lscbook.files import write_whole
from lscbook.pubmed.record import Record
from lscbook.text import SPLITTER, digest, split_sentences

_TRIES = 5_000  # so many choices of sentences are held against a digest before a person is asked


def write(path: Path, item: Parsed, abstract: str) -> bool:
    """Write the grounding of every finding that may be grounded in this abstract; whether the file changed.

    A finding that was grounded in another abstract, or whose sentences another splitter told apart
    and ours does not find again, is left as it stands (`left` says which): only `refresh` moves it.
    """
    if item.node is None or item.entry is None:
        return False
    spans = split_sentences(abstract)
    plain: Any = item.node.plain()
    for raw, finding in zip(plain["findings"], item.entry.findings, strict=True):
        if in_range(finding, spans) and not _another(finding, abstract, spans):
            raw["support"]["grounding"] = anchor(finding, abstract, spans)
    return _rewritten(path, plain)


def left(item: Parsed, abstract: str) -> list[Problem]:
    """Findings that `write` does not touch: they stand on another text than the one that is here now."""
    spans = split_sentences(abstract)
    findings = item.entry.findings if item.entry else ()
    return [
        item.problem(
            ("findings", index, "support", "grounding"),
            "grounded in another text than the abstract that is here now",
            f"run: python scripts/curate.py ground --refresh {shown(item.path)}",
        )
        for index, finding in enumerate(findings)
        if finding.support.sentences and _another(finding, abstract, spans)
    ]


def _another(finding: Any, abstract: str, spans: Spans) -> bool:
    """Whether a finding was grounded in a text that these sentences are not."""
    stored = finding.support.grounding
    if stored is None:
        return False
    if stored.abstract != digest(abstract):
        return True
    if not stored.by or stored.by == SPLITTER:  # a person named other sentences
        return False
    return not (in_range(finding, spans) and stored.sha256 == anchor(finding, abstract, spans)["sha256"])


def refresh(path: Path, item: Parsed, record: Record, source: Source) -> tuple[bool, list[Problem]]:
    """Re-anchor findings after PubMed changed the abstract or the splitter changed, where their very text is found.

    A finding keeps its sentences, or takes those to which their text has moved. Where the text itself
    is another, nobody but a person can say that the claim still stands.

    Returns:
        Whether the file was written, and one problem for each finding that a person must read again.
    """
    if item.node is None or item.entry is None:
        return False, item.problems
    abstract = source.abstract(record.key)
    spans = split_sentences(abstract)
    plain: Any = item.node.plain()
    lost: list[Problem] = []
    for index, finding in enumerate(item.entry.findings):
        stored = finding.support.grounding
        if not finding.support.sentences:
            continue
        if stored is None or not _another(finding, abstract, spans):
            if in_range(finding, spans):
                plain["findings"][index]["support"]["grounding"] = anchor(finding, abstract, spans)
            continue
        moved = _moved(finding, abstract, spans)
        if moved is None:
            lost.append(
                item.problem(
                    ("findings", index, "support"),
                    "its sentences are not found again, word for word, in the abstract that PubMed has now",
                    f"read it: python scripts/curate.py show {record.key}; number its sentences, delete its "
                    f"grounding, and run: python scripts/curate.py ground {shown(path)}",
                )
            )
            continue
        support = plain["findings"][index]["support"]
        support["sentences"] = [str(n) for n in moved.support.sentences]
        support["grounding"] = anchor(moved, abstract, spans)
    return _rewritten(path, plain), lost


def _rewritten(path: Path, plain: Any) -> bool:
    text = yaml_canonical.dump(plain)
    if text == path.read_text(encoding="utf-8"):
        return False
    write_whole(path, text)
    return True


def _moved(finding: Any, abstract: str, spans: Spans) -> Any | None:
    """The finding with the sentences of this abstract that have its very text, or None."""
    for numbers in _choices(finding.support.sentences, len(spans)):
        moved = finding.model_copy(update={"support": finding.support.model_copy(update={"sentences": numbers})})
        if anchor(moved, abstract, spans)["sha256"] == finding.support.grounding.sha256:
            return moved
    return None


def _choices(old: tuple[int, ...], length: int) -> Iterator[tuple[int, ...]]:
    """Sentences to try: the old ones, all moved alike (the nearest first), any run, any choice of as many."""
    shifts = sorted(range(1 - min(old), length - max(old) + 1), key=lambda s: (abs(s), s))
    yield from (tuple(n + shift for n in old) for shift in shifts)
    # another splitter parts one sentence into two, or joins two
    yield from (tuple(range(a, b + 1)) for a in range(1, length + 1) for b in range(a, length + 1))
    yield from islice(combinations(range(1, length + 1), len(old)), _TRIES)
