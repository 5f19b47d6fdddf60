"""The complete result of a query, proved complete, or nothing.

A run is a plan of date slices, each under ESearch's cap, whose counts add up to the whole; batches
of records whose PMIDs are exactly those asked for; and a last count. All of it lies in an ignored
cache until it is whole, so that a run that was killed goes on where it stopped, and the corpus is
written once, at the end.
"""

import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lscbook.corpus import write_whole
from lscbook.errors import HarvestIncomplete, PubMedMalformed
from lscbook.pubmed.client import CAP, Client, Transient
from lscbook.pubmed.parse import Deletion, parse_stream
from lscbook.pubmed.record import Record

BATCH = 200
ALONE = 3  # times that a record missing from its batch is asked for alone
FIRST_DAY = date(1809, 1, 1)  # before the oldest record of PubMed


@dataclass(frozen=True)
class Slice:
    """Records created (CRDT) from `low` to `high`, both included, and how many PubMed counts."""

    low: str
    high: str
    expected: int

    @property
    def name(self) -> str:
        """As a file name."""
        return f"{self.low}-{self.high}".replace("/", "")


@dataclass
class Harvest:
    """What a run brought."""

    term: str
    translation: str
    slices: list[Slice]
    ids: dict[str, list[str]]
    records: dict[str, Record] = field(default_factory=dict)
    fetched: int = 0
    reused: int = 0

    @property
    def pmids(self) -> set[str]:
        """Every PMID of the result."""
        return {pmid for ids in self.ids.values() for pmid in ids}


def plan(client: Client, term: str, until: date, cap: int = CAP) -> list[Slice]:
    """Slices by date of creation, each with fewer records than `cap`, that add up to the whole.

    Raises:
        HarvestIncomplete: one day alone reaches the cap, or the slices do not add up.
    """
    low, high = _text(FIRST_DAY), _text(until)
    whole = client.search(term, window=("crdt", low, high))["count"]
    slices = list(_split(client, term, FIRST_DAY, until, whole, cap))
    total = sum(part.expected for part in slices)
    if total != whole:
        raise HarvestIncomplete(f"the slices hold {total} records, PubMed counts {whole}; run it again")
    return slices


def _split(client: Client, term: str, low: date, high: date, count: int, cap: int) -> Iterator[Slice]:
    if count == 0:
        return
    if count < cap:
        yield Slice(_text(low), _text(high), count)
        return
    if low == high:
        raise HarvestIncomplete(f"{count} records were created on {low}; narrow the query, a day cannot be split")
    # Most of PubMed is recent: cut by days, not by counts, and let the empty halves fall away.
    middle = low + (high - low) // 2
    left = client.search(term, window=("crdt", _text(low), _text(middle)))["count"]
    yield from _split(client, term, low, middle, left, cap)
    right = client.search(term, window=("crdt", _text(middle + timedelta(days=1)), _text(high)))["count"]
    yield from _split(client, term, middle + timedelta(days=1), high, right, cap)


def _text(day: date) -> str:
    return f"{day:%Y/%m/%d}" if day.year >= 1000 else f"{day.year:04}/{day:%m/%d}"


def run(
    client: Client,
    term: str,
    until: date,
    cache: Path,
    *,
    have: frozenset[str] = frozenset(),
    cap: int = CAP,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Harvest:
    """Bring every record of `term` created up to `until`; those in `have` are listed, not fetched.

    `progress` is told how many records are done of how many.

    Raises:
        HarvestIncomplete: what was stored is not what PubMed counted; the message says what is missing.
        PubMedUnavailable, PubMedMalformed: the service did not answer, or not with records.
    """
    home = cache / hashlib.sha256(f"{term}|{until}|{cap}".encode()).hexdigest()[:16]
    home.mkdir(parents=True, exist_ok=True)
    harvest = _listed(client, term, until, home, cap)
    wanted = sorted(harvest.pmids - have, key=int)
    missing: list[str] = []
    done = 0
    for start in range(0, len(wanted), batch):
        part = wanted[start : start + batch]
        records, lacking, reused = _batch(client, part, home)
        harvest.records.update(records)
        harvest.reused += len(records) if reused else 0
        harvest.fetched += 0 if reused else len(records)
        missing += lacking
        done += len(part)
        progress(done, len(wanted))
    if missing:
        raise HarvestIncomplete(f"PubMed lists {len(missing)} records that it does not give: {', '.join(missing[:20])}")
    _prove(client, harvest, until, home)
    return harvest


def _listed(client: Client, term: str, until: date, home: Path, cap: int) -> Harvest:
    """The plan and the PMIDs of each slice, from the journal where an earlier run wrote them."""
    journal = home / "plan.json"
    if journal.exists():
        raw = json.loads(journal.read_text("utf-8"))
        return Harvest(term, raw["translation"], [Slice(**s) for s in raw["slices"]], raw["ids"])
    slices = plan(client, term, until, cap)
    ids: dict[str, list[str]] = {}
    translation = ""
    for part in slices:
        found = client.search(term, retmax=cap, window=("crdt", part.low, part.high))
        translation = found.get("querytranslation", "")
        ids[part.name] = sorted(set(found["idlist"]), key=int)
        if len(ids[part.name]) != found["count"] or found["count"] != part.expected:
            raise HarvestIncomplete(
                f"slice {part.low} to {part.high}: {len(ids[part.name])} PMIDs listed, "
                f"{part.expected} expected; run it again"
            )
    raw = {"translation": translation, "slices": [vars(s) for s in slices], "ids": ids}
    write_whole(journal, json.dumps(raw))
    return Harvest(term, translation, slices, ids)


def _batch(client: Client, pmids: list[str], home: Path) -> tuple[dict[str, Record], list[str], bool]:
    """Records of one batch: from the cache, or fetched, checked and then kept there."""
    file = home / (hashlib.sha256(",".join(pmids).encode()).hexdigest()[:20] + ".xml.gz")
    if file.exists():
        try:
            records = _read(gzip.decompress(file.read_bytes()))
            if set(records) == set(pmids):
                return records, [], True
        except (OSError, EOFError, PubMedMalformed):
            pass  # an older, broken file: fetch again over it
    bodies = [client.fetch(pmids, lambda body: _checked(body, pmids))]
    records = _read(bodies[0])
    lacking = []
    for pmid in (p for p in pmids if p not in records):
        for _ in range(ALONE):
            body = client.fetch([pmid], lambda body, one=pmid: _checked(body, [one]))  # type: ignore[misc]
            if found := _read(body):
                records.update(found)
                bodies.append(body)
                break
        else:
            lacking.append(pmid)
    if not lacking:
        _keep(file, bodies)
    return records, lacking, False


def _keep(file: Path, bodies: list[bytes]) -> None:
    """One document of all articles, compressed, put in place by renaming."""
    inside = b"".join(
        body[body.index(b"<PubmedArticleSet>") + 18 : body.rindex(b"</PubmedArticleSet>")] for body in bodies
    )
    whole = b"<PubmedArticleSet>" + inside + b"</PubmedArticleSet>"
    partial = file.with_suffix(".partial")
    partial.write_bytes(gzip.compress(whole, mtime=0))
    partial.replace(file)


def _checked(body: bytes, pmids: list[str]) -> bytes:
    """The body, if it is whole XML with records that were asked for, each once."""
    try:
        found = [r.pmid for r in parse_stream(io.BytesIO(body)) if not isinstance(r, Deletion)]
    except PubMedMalformed as error:
        raise Transient(f"not records: {error}", malformed=True) from error
    if foreign := set(found) - set(pmids):
        raise Transient(f"records that were not asked for: {', '.join(sorted(foreign)[:5])}", malformed=True)
    if len(found) != len(set(found)):
        raise Transient("a record came twice", malformed=True)
    return body


def _read(body: bytes) -> dict[str, Record]:
    return {r.pmid: r for r in parse_stream(io.BytesIO(body)) if not isinstance(r, Deletion)}


def _prove(client: Client, harvest: Harvest, until: date, home: Path) -> None:
    """Count once more; what changed while we fetched makes the journal void."""
    now = client.search(harvest.term, window=("crdt", _text(FIRST_DAY), _text(until)))["count"]
    if now != len(harvest.pmids):
        (home / "plan.json").unlink(missing_ok=True)
        raise HarvestIncomplete(
            f"PubMed counts {now} records now, {len(harvest.pmids)} were listed; "
            "it changed meanwhile: run it again, what was fetched is kept"
        )


def manifest_about(harvest: Harvest, as_of: str) -> dict[str, Any]:
    """What the manifest says of a complete harvest."""
    return {
        "statement": "The complete result of the query on the day of the snapshot, as PubMed counted it.",
        "complete": True,
        "as_of": as_of,
        "source": "PubMed E-utilities",
        "query": harvest.term,
        "query_translation": harvest.translation,
        "slices": [
            {"created_from": s.low, "created_to": s.high, "expected": s.expected, "stored": len(harvest.ids[s.name])}
            for s in harvest.slices
        ],
    }
