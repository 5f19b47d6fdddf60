"""The complete result of a query, proved complete, or nothing.

A run is a plan of date slices, each under ESearch's cap, whose counts add up to the whole; batches
of records whose PMIDs are exactly those asked for; and a last count. All of it lies in the state of the run
until it is whole, so that a run that was killed goes on where it stopped, and the corpus is written
once, at the end.
"""

import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lscbook.errors import HarvestIncomplete, PubMedMalformed
from lscbook.harvest.run_state import RunState
from lscbook.pubmed.client import CAP, Client, NoSuchRecords, Transient
from lscbook.pubmed.parse import Deletion, parse_stream
from lscbook.pubmed.record import Record

BATCH = 200  # the number of ids up to which NCBI's manual takes a request for an ordinary one
FETCHERS = 4  # an answer of PubMed takes longer than the pause between two calls
ALONE = 3  # times that a record missing from its batch is asked for alone; unreadable ones that a batch may have
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
    """What a run brought: the plan it followed, up to its last day `until`, and the records."""

    term: str
    until: str
    translation: str
    slices: list[Slice]
    ids: dict[str, list[str]]
    records: dict[str, Record] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)  # PMIDs whose record cannot be read, and why
    complaints: list[str] = field(default_factory=list)  # what PubMed ignored in the query, or did not find

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
    today: date,
    state: RunState,
    *,
    have: frozenset[str] = frozenset(),
    take: Callable[[Record], Record] = lambda record: record,
    cap: int = CAP,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Harvest:
    """Bring every record of `term` created up to today, or up to the last day of an unfinished run.

    Those in `have` are listed, not fetched. `take` is applied to each record while the next ones are
    on their way; `progress` is told how many records are done of how many.

    Raises:
        HarvestIncomplete: what was stored is not what PubMed counted; the message says what is missing.
        PubMedUnavailable, PubMedMalformed: the service did not answer, or not with records.
    """
    harvest = _listed(client, term, today, state, cap)
    wanted = harvest.pmids - have
    for record in state.records(wanted):
        harvest.records[record.pmid] = take(record)
    left = sorted(wanted - set(harvest.records), key=int)
    parts = [left[start : start + batch] for start in range(0, len(left), batch)]
    with _fetchers() as pool:
        for found in _fetched(pool, client, parts, harvest.until, state):
            harvest.records.update((pmid, take(record)) for pmid, record in found.records.items())
            harvest.unreadable |= found.unreadable
            harvest.missing += found.missing
            progress(len(harvest.records) + len(harvest.unreadable) + len(harvest.missing), len(wanted))
    if missing := harvest.missing:
        raise HarvestIncomplete(f"PubMed lists {len(missing)} records that it does not give: {', '.join(missing[:20])}")
    _prove(client, harvest, state)
    return harvest


def named(
    client: Client, pmids: Iterable[str], until: str, state: RunState, batch: int = BATCH
) -> tuple[dict[str, Record], list[str]]:
    """Records by PMID, whatever the query says of them, and the PMIDs for which PubMed gives none.

    Raises:
        PubMedUnavailable, PubMedMalformed: the service did not answer, or not with records.
    """
    wanted = sorted(pmids, key=int)
    records: dict[str, Record] = {}
    gone: list[str] = []
    for start in range(0, len(wanted), batch):
        found = _batch(client, wanted[start : start + batch], until, state, foreign_is_gone=True)
        records |= found.records
        gone += sorted({*found.missing, *found.unreadable}, key=int)
    return records, gone


def _listed(client: Client, term: str, today: date, state: RunState, cap: int) -> Harvest:
    """The plan and the PMIDs of each slice, from the state where an unfinished run wrote them."""
    if raw := state.plan(today):
        planned = [Slice(**s) for s in raw["slices"]]
        return Harvest(term, raw["until"], raw["translation"], planned, raw["ids"], complaints=raw["complaints"])
    slices = plan(client, term, today, cap)
    ids: dict[str, list[str]] = {}
    for part in slices:
        found = client.search(term, retmax=cap, window=("crdt", part.low, part.high))
        ids[part.name] = sorted(set(found["idlist"]), key=int)
        if len(ids[part.name]) != found["count"] or found["count"] != part.expected:
            raise HarvestIncomplete(
                f"slice {part.low} to {part.high}: {len(ids[part.name])} PMIDs listed, "
                f"{part.expected} expected; run it again"
            )
    whole = client.search(term)
    harvest = Harvest(term, today.isoformat(), str(whole.get("querytranslation", "")), slices, ids)
    harvest.complaints = whole["complaints"]
    if not ids:
        told = "; ".join(harvest.complaints) or "it names no complaint"
        raise HarvestIncomplete(f"PubMed finds nothing for the query ({told}); a query without result is no corpus")
    about = {"until": harvest.until, "translation": harvest.translation, "complaints": harvest.complaints, "ids": ids}
    state.keep_plan({**about, "slices": [vars(s) for s in slices]})
    return harvest


@contextmanager
def _fetchers() -> Iterator[ThreadPoolExecutor]:
    """Threads that fetch. At an error, what is under way is waited for and kept; at Ctrl-C it is not."""
    pool = ThreadPoolExecutor(FETCHERS)
    patient = True
    try:
        yield pool
    except KeyboardInterrupt:
        patient = False
        raise
    finally:
        pool.shutdown(wait=patient, cancel_futures=True)


@dataclass
class Batch:
    """What came of one batch: its records, those that cannot be read and why, and the PMIDs that never came."""

    records: dict[str, Record] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def _fetched(
    pool: ThreadPoolExecutor, client: Client, parts: list[list[str]], until: str, state: RunState
) -> Iterator[Batch]:
    """What came of each batch, in order; the next batches are fetched meanwhile."""
    under_way: deque[Future[Batch]] = deque()
    for part in parts:
        under_way.append(pool.submit(_batch, client, part, until, state))
        if len(under_way) > FETCHERS:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def _batch(client: Client, pmids: list[str], until: str, state: RunState, *, foreign_is_gone: bool = False) -> Batch:
    """Records of one batch; halved where its answer cannot be read, each asked for alone where it did not come.

    With `foreign_is_gone`, a PMID for which PubMed sends another record, or none, is gone: merged away or deleted.
    """
    whole = Batch()
    for asked in (pmids, *([pmid] for pmid in pmids for _ in range(ALONE))):
        if whole.records.keys() | whole.unreadable.keys() >= set(asked):
            continue
        _ask(client, asked, until, state, whole, foreign_is_gone=foreign_is_gone)
    whole.missing = [pmid for pmid in pmids if pmid not in whole.records and pmid not in whole.unreadable]
    return whole


def _ask(client: Client, pmids: list[str], until: str, state: RunState, whole: Batch, *, foreign_is_gone: bool) -> None:
    try:
        found, unreadable, body = client.fetch(
            pmids, lambda body: (*_checked(body, pmids, foreign_is_gone=foreign_is_gone), body)
        )
    except NoSuchRecords:
        return
    except PubMedMalformed as error:
        if not getattr(error.__cause__, "halve", False) or len(whole.unreadable) >= ALONE:
            raise
        if len(pmids) == 1:
            whole.unreadable[pmids[0]] = str(error)
            return
        middle = len(pmids) // 2
        for half in (pmids[:middle], pmids[middle:]):
            _ask(client, half, until, state, whole, foreign_is_gone=foreign_is_gone)
        return
    whole.records |= found
    whole.unreadable |= unreadable
    if found:
        state.keep(body, until)


def _checked(body: bytes, pmids: list[str], *, foreign_is_gone: bool) -> tuple[dict[str, Record], dict[str, str]]:
    """The records of a body, if it is whole XML with records that were asked for, each once; and what is unreadable."""
    unreadable: dict[str, str] = {}
    try:
        stream = parse_stream(io.BytesIO(body), unreadable.__setitem__)
        found = [r for r in stream if not isinstance(r, Deletion)]
    except PubMedMalformed as error:
        raise Transient(f"not records: {error}", malformed=True, halve="not whole XML" in str(error)) from error
    records = {record.pmid: record for record in found}
    if len(found) != len(records):
        raise Transient("a record came twice", malformed=True)
    if foreign := (records.keys() | unreadable.keys()) - set(pmids):
        if not (foreign_is_gone and len(pmids) == 1):
            told = f"records that were not asked for: {', '.join(sorted(foreign)[:5])}"
            raise Transient(told, malformed=True, halve=foreign_is_gone)
        return {}, {}
    return records, unreadable


def _prove(client: Client, harvest: Harvest, state: RunState) -> None:
    """Count once more; what changed while we fetched makes the plan void."""
    until = _text(date.fromisoformat(harvest.until))
    now = client.search(harvest.term, window=("crdt", _text(FIRST_DAY), until))["count"]
    if now != len(harvest.pmids):
        state.drop_plan()
        raise HarvestIncomplete(
            f"PubMed counts {now} records now, {len(harvest.pmids)} were listed; "
            "it changed meanwhile: run it again, what was fetched is kept"
        )


def manifest_about(harvest: Harvest) -> dict[str, Any]:
    """What the manifest says of a complete harvest."""
    return {
        "statement": (
            "The result of the query on the day of the snapshot, but for records that cannot be read; they are named."
            if harvest.unreadable
            else "The complete result of the query on the day of the snapshot, as PubMed counted it."
        ),
        "complete": not harvest.unreadable,
        "as_of": harvest.until,
        "source": "PubMed E-utilities",
        "query": harvest.term,
        "query_translation": harvest.translation,
        "complaints": harvest.complaints,
        "unreadable": sorted(harvest.unreadable, key=int),
        "slices": [
            {
                "created_from": s.low,
                "created_to": s.high,
                "expected": s.expected,
                "stored": len(set(harvest.ids[s.name]) - harvest.unreadable.keys()),
            }
            for s in harvest.slices
        ],
    }
