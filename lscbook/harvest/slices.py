"""The complete result of a query, proved complete, or nothing.

A run is a plan of date slices, each under ESearch's cap, whose counts add up to the whole; batches
of records whose PMIDs are exactly those asked for; and a last count. All of it lies in the state of the run
until it is whole, so that a run that was killed goes on where it stopped, and the corpus is written
once, at the end.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lscbook.errors import HarvestIncomplete
from lscbook.harvest.batches import FETCHERS, batch_of, fetched, fetchers
from lscbook.harvest.run_state import RunState, Slice
from lscbook.pubmed.client import CAP, Client
from lscbook.pubmed.record import Record

__all__ = ["BATCH", "FETCHERS", "FIRST_DAY", "Harvest", "Slice", "manifest_about", "named", "plan", "run"]

BATCH = 200  # the number of ids up to which NCBI's manual takes a request for an ordinary one
FIRST_DAY = date(1809, 1, 1)  # before the oldest record of PubMed


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
        yield Slice(low=_text(low), high=_text(high), expected=count)
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
    not_before: date = date.min,
    spare: frozenset[str] = frozenset(),
) -> Harvest:
    """Bring every record of `term` created up to today, or up to the last day of an unfinished run.

    Those in `have` are listed, not fetched. `take` is applied to each record while the next ones are
    on their way; `progress` is told how many records are done of how many. An unfinished run whose last day lies
    before `not_before` is not gone on with. A record of `spare` that is listed and not given ends no run.

    Raises:
        HarvestIncomplete: what was stored is not what PubMed counted; the message says what is missing.
        PubMedUnavailable, PubMedMalformed: the service did not answer, or not with records.
    """
    harvest = _listed(client, term, today, state, cap, not_before)
    wanted = harvest.pmids - have
    for record in state.records(wanted):
        harvest.records[record.pmid] = take(record)
    left = sorted(wanted - set(harvest.records), key=int)
    parts = [left[start : start + batch] for start in range(0, len(left), batch)]
    with fetchers() as pool:
        for found in fetched(pool, client, parts, harvest.until, state):
            harvest.records.update((pmid, take(record)) for pmid, record in found.records.items())
            harvest.unreadable |= found.unreadable
            harvest.missing += found.missing
            progress(len(harvest.records) + len(harvest.unreadable) + len(harvest.missing), len(wanted))
    for pmid in spare.intersection(harvest.missing):
        harvest.unreadable[pmid] = "PubMed lists it, and gives no record"
    if missing := [pmid for pmid in harvest.missing if pmid not in spare]:
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
        found = batch_of(client, wanted[start : start + batch], until, state, foreign_is_gone=True)
        records |= found.records
        gone += sorted({*found.missing, *found.unreadable}, key=int)
    return records, gone


def _listed(client: Client, term: str, today: date, state: RunState, cap: int, not_before: date) -> Harvest:
    """The plan and the PMIDs of each slice, from the state where an unfinished run wrote them."""
    if kept := state.plan(today, not_before):
        return Harvest(term, kept.until, kept.translation, kept.slices, kept.ids, complaints=kept.complaints)
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
    state.keep_plan({**about, "slices": [s.model_dump() for s in slices]})
    return harvest


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
