"""Which papers were judged, in or out, and why: data/screening/decisions.tsv."""

import csv
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lscbook import paths
from lscbook.errors import EntryInvalid

COLUMNS = ("pmid", "decision", "reason", "date", "note")
DECISIONS = ("include", "exclude")
REASONS = {
    "include": ("answers a theme",),
    "exclude": (
        "no stem-cell, resistance, surveillance or target question",
        "review without new synthesis",
        "abstract truncated at the source",
        "other disease",
        "case report without clonal data",
        "technique or resource only",
        "signature without validation",
        "predisposition only",
    ),
}


@dataclass(frozen=True)
class Decision:
    """One paper judged."""

    pmid: str
    decision: str
    reason: str
    date: str
    note: str


def read(path: Path = paths.SCREENING / "decisions.tsv") -> list[Decision]:
    """Read and check the file.

    Raises:
        EntryInvalid: wrong header, unknown decision or reason, not sorted, or a paper twice.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise EntryInvalid(f"{path}:1: columns {rows.fieldnames}; allowed are {', '.join(COLUMNS)}")
        decisions = [_decision(path, number, row) for number, row in enumerate(rows, start=2)]
    numbers = [int(decision.pmid) for decision in decisions]
    for line, (before, after) in enumerate(pairwise(numbers), start=3):
        if before >= after:
            raise EntryInvalid(f"{path}:{line}: pmid: {after} after {before}; sort by PMID, each once")
    return decisions


def _decision(path: Path, line: int, row: dict[str, str]) -> Decision:
    if not (row["pmid"] or "").isdigit():
        raise EntryInvalid(f"{path}:{line}: pmid: {row['pmid']!r}; write digits only")
    if row["decision"] not in DECISIONS:
        raise EntryInvalid(f"{path}:{line}: decision: {row['decision']!r}; allowed are {', '.join(DECISIONS)}")
    if row["reason"] not in REASONS[row["decision"]]:
        allowed = "; ".join(REASONS[row["decision"]])
        raise EntryInvalid(f"{path}:{line}: reason: {row['reason']!r}; allowed are {allowed}")
    return Decision(**{name: row[name] or "" for name in COLUMNS})
