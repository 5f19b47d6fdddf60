"""Second readings: who held which claim against its sentences, and what came of it.

`data/reviews.tsv` has one line a reading: finding, verdict, ORCID, date, note; sorted, each reader
once for a finding. The entry itself lists its reviewers.
"""

import csv
import io
import random
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from lscbook import corpus as corpora
from lscbook import paths
from lscbook.errors import EntryInvalid
from lscbook.evidence import model, store, yaml_canonical
from lscbook.evidence.store import Located

FILE = paths.DATA / "reviews.tsv"
COLUMNS = ("finding", "verdict", "reviewer", "date", "note")
VERDICTS = ("agree", "disagree", "amended")


@dataclass(frozen=True, order=True)
class Reading:
    """One finding read by a second person."""

    finding: str
    verdict: str
    reviewer: str
    date: str
    note: str = ""


def read(file: Path = FILE) -> list[Reading]:
    """Every reading, by finding.

    Raises:
        EntryInvalid: a line is not a reading; the message names it.
    """
    if not file.exists():
        return []
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise EntryInvalid(f"{file}:1: columns {rows[:1]}; allowed are {', '.join(COLUMNS)}")
    found = []
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS) or row[1] not in VERDICTS:
            raise EntryInvalid(f"{file}:{line}: {row}; needs {', '.join(COLUMNS)}, verdict {', '.join(VERDICTS)}")
        found.append(Reading(*row))
    if found != sorted(found) or len({(r.finding, r.reviewer) for r in found}) != len(found):
        raise EntryInvalid(f"{file}: not sorted by finding, or one reader twice; write it with curate.py review")
    return found


def sample(findings: Iterable[Located], seed: int, size: int, read_already: Iterable[Reading] = ()) -> list[Located]:
    """A random sample of the findings that nobody has read a second time; the same for the same seed."""
    done = {r.finding for r in read_already}
    left = sorted((f for f in findings if f.reference not in done), key=lambda f: f.reference)
    return random.Random(seed).sample(left, min(size, len(left)))  # noqa: S311  a draw, no secret


def record(path: Path, reading: Reading, file: Path = FILE) -> None:
    """Write a reading beside the others, and its reader into the entry at `path`.

    Raises:
        EntryInvalid: the reader is a curator of the entry, or has no valid ORCID; nothing is written.
    """
    item = store.parse(path)
    if item.entry is None or item.node is None:
        raise EntryInvalid("\n".join(map(str, item.problems)))
    if reading.verdict not in VERDICTS:
        raise EntryInvalid(f"verdict {reading.verdict!r}; allowed are {', '.join(VERDICTS)}")
    if re.search(r"[\t\r\n]", reading.note):
        raise EntryInvalid("the note has a tab or a line break; write it on one line")
    plain: Any = item.node.plain()
    if reading.reviewer not in item.entry.reviewers:
        plain["reviewers"] = [*item.entry.reviewers, reading.reviewer]
    try:
        model.Entry.model_validate({**plain, "findings": item.entry.findings})
    except ValueError as error:
        raise EntryInvalid(f"{store.shown(path)}: reviewers: {error}") from error
    others = [r for r in read(file) if (r.finding, r.reviewer) != (reading.finding, reading.reviewer)]
    rows = [COLUMNS, *map(astuple, sorted([*others, reading]))]
    corpora.write_whole(file, "".join("\t".join(row) + "\n" for row in rows))
    # an entry counts as read twice once all its findings were
    known = {r.finding for r in (*others, reading)}
    if all(f"{item.entry.key}/{f.id}" in known for f in item.entry.findings):
        corpora.write_whole(path, yaml_canonical.dump(plain))


def rates(findings: Iterable[Located], readings: Iterable[Reading]) -> dict[str, int]:
    """How many findings were read twice, and in how many a reader did not agree at first."""
    present = {f.reference for f in findings}
    by_finding: dict[str, set[str]] = {}
    for reading in readings:
        if reading.finding in present:
            by_finding.setdefault(reading.finding, set()).add(reading.verdict)
    return {
        "findings.read_twice": len(by_finding),
        "findings.disputed": sum(bool(verdicts - {"agree"}) for verdicts in by_finding.values()),
    }
