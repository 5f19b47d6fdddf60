"""Second readings: who held which claim against its sentences, and what came of it.

`data/reviews.tsv` has one line a reading: finding, verdict, ORCID, date, note, digest; sorted, each
reader once for a finding. The digest is that of claim and fields as they were read: a reading lapses
when they change. The entry itself lists its reviewers.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lscbook import paths
from lscbook.errors import EntryInvalid
from lscbook.evidence import model, rules, store, yaml_canonical
from lscbook.evidence.store import Located
from lscbook.files import write_whole
from lscbook.screening.ledger import Ledger
from lscbook.text import digest

FILE = paths.DATA / "reviews.tsv"
VERDICTS = ("agree", "disagree", "amended")


@dataclass(frozen=True, order=True)
class Reading:
    """One finding read by a second person; `digest` is of what was read, and `record` fills it."""

    finding: str
    verdict: str
    reviewer: str
    date: str
    note: str = ""
    digest: str = field(default="", compare=False)


def digest_of(finding: Any) -> str:
    """Digest of what a reader judges: claim, fields and sentences, without the grounding and the curator's note.

    A field that is left out counts for nothing, so that a new field of the table lapses no reading.
    """
    told = finding.model_dump(mode="json", exclude={"note": True, "support": {"grounding"}})
    return digest(json.dumps(_filled(told), ensure_ascii=False, sort_keys=True))


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := _filled(item)) not in (None, "", [], {}, False)}
    return [_filled(item) for item in value] if isinstance(value, list) else value


def current(reading: Reading, finding: Any) -> bool:
    """Whether claim and fields are still those that the reader judged."""
    return reading.digest == digest_of(finding)


def _reading(row: Reading) -> Iterator[tuple[str, str, str]]:
    """What one line alone can break."""
    if not re.fullmatch(r"[^\s/]+(/[^\s/]+)*/[^\s/]+", row.finding):
        yield "finding", repr(row.finding), "write PMID/number, as 22932223/1"
    if row.verdict not in VERDICTS:
        yield "verdict", repr(row.verdict), f"allowed are {', '.join(VERDICTS)}"
    elif row.verdict != "agree" and not row.note:
        yield "note", "empty", f"say what was wrong: the verdict is {row.verdict}"
    for name, kind in (("reviewer", "ORCID"), ("date", "date")):
        yield from ((name, *fault) for fault in rules.broken(kind, getattr(row, name)))
    if row.digest and not re.fullmatch(r"[0-9a-f]{16}", row.digest):
        yield "digest", repr(row.digest), "it is written by: python scripts/curate.py review"


LEDGER = Ledger(Reading, lambda row: (row.finding, row.reviewer), _reading)


def read(file: Path = FILE) -> list[Reading]:
    """Every reading, by finding; none where nobody has read yet.

    Raises:
        LedgerInvalid: a line is not a reading; the message names it.
    """
    return LEDGER.read(file) if file.exists() else []


def reader(given: str) -> str:
    """The ORCID id of a reader, out of its address too; refused before anything is read where it cannot be right.

    >>> reader("https://orcid.org/0000-0002-1825-0097")
    '0000-0002-1825-0097'

    Raises:
        EntryInvalid: what is wrong with it.
    """
    try:
        return rules.hold("ORCID", rules.bare_orcid(given))
    except ValueError as error:
        raise EntryInvalid(f"reviewer: {error}") from error


def sample(findings: Iterable[Located], seed: int, size: int, read_already: Iterable[Reading] = ()) -> list[Located]:
    """A random sample of the findings that nobody has read a second time as they stand; the same for the same seed."""
    done: dict[str, set[str]] = {}
    for reading in read_already:
        done.setdefault(reading.finding, set()).add(reading.digest)
    open_ = [f for f in findings if f.reference not in done or digest_of(f.finding) not in done[f.reference]]
    left = sorted(open_, key=lambda f: f.reference)
    return random.Random(seed).sample(left, min(size, len(left)))  # noqa: S311  a draw, no secret


def record(path: Path, reading: Reading, file: Path = FILE) -> None:
    """Write a reading beside the others, and its reader into the entry at `path`.

    Raises:
        EntryInvalid: the reader is a curator of the entry, or has no valid ORCID; nothing is written.
    """
    item = store.parse(path)
    if item.entry is None or item.node is None:
        raise EntryInvalid("\n".join(map(str, item.problems)))
    for name, found, remedy in _reading(reading):
        raise EntryInvalid(f"{name}: {found}; {remedy}")
    if re.search(r"[\t\r\n]", reading.note):
        raise EntryInvalid("note: a tab or a line break; write it on one line")
    read_now = next((f for f in item.entry.findings if f"{item.entry.key}/{f.id}" == reading.finding), None)
    if read_now is None:
        raise EntryInvalid(f"finding: {reading.finding} is not in {store.shown(path)}; correct the number")
    reading = replace(reading, digest=digest_of(read_now))
    plain: Any = item.node.plain()
    if reading.reviewer not in item.entry.reviewers:
        plain["reviewers"] = [*item.entry.reviewers, reading.reviewer]
    try:
        model.Entry.model_validate({**plain, "findings": item.entry.findings})
    except ValueError as error:
        raise EntryInvalid(f"{store.shown(path)}: reviewers: {error}") from error
    others = [r for r in read(file) if (r.finding, r.reviewer) != (reading.finding, reading.reviewer)]
    write_whole(file, LEDGER.text([*others, reading]))
    # an entry counts as read twice once all its findings were
    known = {r.finding for r in (*others, reading)}
    if all(f"{item.entry.key}/{f.id}" in known for f in item.entry.findings):
        write_whole(path, yaml_canonical.dump(plain))


def rates(findings: Iterable[Located], readings: Iterable[Reading]) -> dict[str, int]:
    """How many findings were read twice as they stand, and in how many a reader did not agree at first."""
    present = {f.reference: f.finding for f in findings}
    known = [reading for reading in readings if reading.finding in present]
    return {
        "findings.read_twice": len({r.finding for r in known if current(r, present[r.finding])}),
        "findings.disputed": len({r.finding for r in known if r.verdict != "agree"}),
    }


def credit(findings: Iterable[Located], readings: Iterable[Reading]) -> dict[str, tuple[int, int]]:
    """By ORCID: how many findings a person has curated, and how many read as a second reader."""
    curated = Counter(who for located in findings for who in located.entry.curators)
    read_twice = Counter(reading.reviewer for reading in readings)
    return {who: (curated[who], read_twice[who]) for who in sorted({*curated, *read_twice})}
