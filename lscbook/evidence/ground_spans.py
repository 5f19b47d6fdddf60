"""Where a finding stands: spans of its sentences in the abstract, and digests, written beside it and compared."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from lscbook.evidence import rules
from lscbook.evidence.store import Parsed, Problem, shown
from lscbook.pubmed.record import Record
from lscbook.text import SPLITTER, digest, split_sentences

Spans = list[tuple[int, int]]
_GAP = 3  # more characters than this between two neighbouring sentences would be a sentence


def pointed_at(finding: Any, record: Record, abstract: str) -> str:
    """The text that a finding points at: its sentences, and always the title."""
    spans = split_sentences(abstract)
    chosen = [abstract[slice(*spans[n - 1])] for n in finding.support.sentences if n <= len(spans)]
    return "\n".join([*chosen, record.title])


def anchor(finding: Any, abstract: str, spans: Spans | None = None) -> dict[str, Any]:
    """What is written beside a finding: digest of the abstract, spans, digest of their text, and who split it.

    `spans` are those of all sentences of the abstract; without them the abstract is split here.
    """
    known = split_sentences(abstract) if spans is None else spans
    chosen = [known[n - 1] for n in finding.support.sentences]
    return {
        "abstract": digest(abstract),
        "spans": [[str(a), str(b)] for a, b in chosen],
        "sha256": digest("\n".join(abstract[a:b] for a, b in chosen)),
        "by": SPLITTER,
    }


def in_range(finding: Any, spans: Spans) -> bool:
    """Whether the finding points at sentences, and the abstract has all of them."""
    return bool(finding.support.sentences) and max(finding.support.sentences) <= len(spans)


def agrees(stored: Any, made: dict[str, Any]) -> bool:
    """Whether a stored grounding is the one that was made anew, whoever split the sentences."""
    spans = [[str(a), str(b)] for a, b in stored.spans]
    return bool((stored.abstract, stored.sha256, spans) == (made["abstract"], made["sha256"], made["spans"]))


def without_sentences(item: Parsed, where: tuple[Any, ...], finding: Any) -> Iterable[Problem]:
    """A grounding of nothing: no machine wrote that."""
    if finding.support.grounding is not None and not finding.support.sentences:
        yield item.problem(
            (*where, "support", "grounding"), "a grounding, and no sentences", "delete it, or name the sentences"
        )


def unchanged(
    item: Parsed, where: tuple[Any, ...], finding: Any, record: Record, *, at_hand: bool
) -> Iterable[Problem]:
    """Without the abstract: sentences exist, the abstract is the one that was read, and the spans can be theirs.

    Nobody can ground without the abstract; where it is not at hand, that is left to a maintainer, and
    the pages say so until it is done.
    """
    place = (*where, "support")
    length = int((record.abstract or {}).get("sentences", 0))
    for number in finding.support.sentences:
        if number > length:
            yield item.said((*place, "sentences"), rules.BEYOND.format(number=number, length=length, key=record.key))
    yield from without_sentences(item, where, finding)
    if not finding.support.sentences:
        return
    stored = finding.support.grounding
    if stored is None:
        yield item.problem(
            place,
            "not grounded" if at_hand else "not grounded: no machine has held it against the abstract yet",
            f"run: python scripts/curate.py ground {shown(item.path)}"
            + ("" if at_hand else ", where the abstract is; a maintainer does it for you"),
            "error" if at_hand else "warning",
        )
    elif record.abstract and stored.abstract != record.abstract["sha256"]:
        yield item.problem(
            (*place, "grounding"),
            "PubMed has another abstract than the one that was read",
            f"run: python scripts/curate.py ground --refresh {shown(item.path)}",
        )
    elif why := _impossible(finding.support.sentences, stored.spans, record):
        yield item.problem((*place, "grounding"), why, _AGAIN.format(path=shown(item.path)))


_AGAIN = "read its sentences again, then run, where the abstract is: python scripts/curate.py ground {path}"


def _impossible(numbers: tuple[int, ...], spans: tuple[tuple[int, int], ...], record: Record) -> str:
    """Why these spans cannot be those of these sentences, or ''; told from lengths and order alone."""
    if len(spans) != len(numbers):
        return f"{len(spans)} spans for {len(numbers)} sentences"
    described = record.abstract or {}
    characters, length = int(described.get("characters", 0)), int(described.get("sentences", 0))
    # before the first sentence and after the last one there is nothing; every other sentence takes room
    fixed = [(0, (0, 0)), *sorted(zip(numbers, spans, strict=True)), (length + 1, (characters, characters))]
    for (before, (_, end)), (number, (start, stop)) in pairwise(fixed):
        between = number - before - 1
        if number <= length and not start < stop:
            return f"the span [{start}, {stop}] is empty"
        if not (start - end >= between and (between or start - end <= _GAP)):
            return f"the spans are not those of the sentences {', '.join(map(str, numbers))}"
    return ""


def as_stored(
    item: Parsed, where: tuple[Any, ...], finding: Any, record: Record, abstract: str, spans: Spans
) -> Iterable[Problem]:
    """With the abstract: whether the grounding in the file is what its sentences give, spans and digest alike."""
    stored, place = finding.support.grounding, (*where, "support", "grounding")
    if stored is None or not in_range(finding, spans):
        return
    made = anchor(finding, abstract, spans)
    if agrees(stored, made):
        return
    numbers = ", ".join(map(str, finding.support.sentences))
    if stored.abstract != made["abstract"]:
        if stored.abstract == (record.abstract or {}).get("sha256"):  # else `unchanged` has told it
            yield item.problem(
                place,
                "another grounding than the given abstract yields",
                f"read it again, then run: python scripts/curate.py ground --refresh {shown(item.path)}",
            )
    elif stored.by and stored.by != SPLITTER:
        yield item.problem(
            place,
            f"grounded by {stored.by}; {SPLITTER} splits otherwise, and sentence {numbers} is another text",
            f"run: python scripts/curate.py ground --refresh {shown(item.path)}",
        )
    else:
        yield item.problem(
            place,
            f"span and digest are not those of sentence {numbers}: changed after it was grounded",
            f"read its sentences again, then run: python scripts/curate.py ground {shown(item.path)}",
        )
