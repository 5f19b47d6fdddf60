"""Bring the corpus up to date with PubMed: harvest, merge, prove, write, and say what changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lscbook import corpus as corpora
from lscbook.corpus import abstracts
from lscbook.errors import HarvestIncomplete, HarvestRefused
from lscbook.harvest import slices
from lscbook.harvest.difference import Difference
from lscbook.harvest.run_state import RunState
from lscbook.pubmed.client import CAP, Client
from lscbook.pubmed.record import Record
from lscbook.vocabulary.annotate import Annotator

__all__ = ["Difference", "update"]

OVERLAP = timedelta(days=30)  # a record may enter the index days after its date of creation
WITHDRAWN = (3, 0.05)  # more records than these, and a larger share of the result: a person must say so


def update(
    client: Client,
    term: str,
    folder: Path,
    annotator: Annotator,
    *,
    today: date,
    home: Path,
    since: date | None = None,
    curated: frozenset[str] = frozenset(),
    cap: int = CAP,
    batch: int = slices.BATCH,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    cache_file: Path = abstracts.FILE,
    allow_withdrawals: bool = False,
    say: Callable[[str], None] = lambda _line: None,
    announce: Callable[[Difference], None] = lambda _difference: None,
) -> Difference:
    """Make the corpus the complete result of `term`, and keep what it holds beside it.

    After a snapshot only records that are new to us, or that PubMed revised since (MDAT, with 30 days of
    overlap), are fetched; every PMID of the result is listed each time. Fetched again are also records whose
    concepts were found with another vocabulary, and curated papers whose abstract this machine lacks. Papers on
    which entries stand (`curated`, by PMID or DOI) are asked for also where the query does not find them, and are
    never dropped: one that PubMed has deleted or merged away is told. `announce` hears of the difference before it is
    written.

    Raises:
        HarvestRefused: it would withdraw more than a small share, or end before the snapshot that is there.
        HarvestIncomplete, PubMedUnavailable, PubMedMalformed: and the corpus is as it was.
        CorpusInvalid: a file of the corpus was edited by hand.
    """
    known = corpora.read(folder)
    corpora.refuse_strangers(known, folder)
    _refuse_the_past(known, since, today)
    curated = frozenset(_pmid_of(key, known) for key in curated)
    # what another query brought says nothing about this one, and is kept beside it
    same = known.manifest.get("query") == term
    held = set(known.manifest.get("in_query", [])) if same else set()
    words = annotator.digest
    stale = _revised(client, term, known, since, today) if held else set()
    texts = abstracts.get_all(known.records, cache_file)
    lacking = {key for key, record in known.records.items() if record.pmid and record.abstract and key not in texts}
    same_words = known.manifest.get("vocabulary") == words
    stale |= lacking & curated if same_words else lacking
    have = frozenset(p for p in held - stale if p in known.records)
    state = RunState(home, term, cap, say)
    take = partial(corpora.described, annotator=annotator)
    brought = slices.run(
        client, term, today, state, have=have, take=take, cap=cap, batch=batch, progress=progress,
        not_before=known.day, spare=curated,
    )  # fmt: skip
    _tell(brought, say)
    result, arrived = brought.pmids - brought.unreadable.keys(), brought.records
    withdrawn = sorted(held - brought.pmids - curated, key=int)
    if not allow_withdrawals:
        _refuse_withdrawals(withdrawn, held)
    asked_alone = {p for p in curated | (stale & known.records.keys()) if p.isdigit()} - result
    beside, gone = slices.named(client, asked_alone, brought.until, state, batch)
    gone = [pmid for pmid in gone if pmid in curated]
    arrived |= {pmid: take(record) for pmid, record in beside.items()}
    abstracts.keep((r for r in arrived.values() if r.text), cache_file)
    with corpora.locked(folder):
        now = corpora.read(folder)  # what others put in meanwhile stays
        corpora.refuse_strangers(now, folder)
        if now.day > max(date.fromisoformat(brought.until), known.day):
            raise HarvestIncomplete(f"another harvest, of {now.as_of}, ended meanwhile; run it again")
        records = {k: r for k, r in now.records.items() if k not in withdrawn}
        if not same_words:
            texts = abstracts.get_all(records, cache_file)
            records = {k: _annotated(r, annotator, texts) for k, r in records.items()}
        records = corpora.merge({k: r for k, r in records.items() if k not in arrived}, arrived.values())
        if lost := sorted(result - set(records), key=int):
            raise HarvestIncomplete(f"{len(lost)} records of the result are not stored: {', '.join(lost[:20])}")
        difference = Difference(
            new=sorted(result - set(known.records), key=int),
            changed=sorted((p for p in arrived if p in now.records and now.records[p] != arrived[p]), key=int),
            withdrawn=withdrawn,
            gone=gone,
        )
        about: dict[str, Any] = slices.manifest_about(brought)
        about["in_query"] = sorted(result, key=int)
        about["beside_query"] = len(records) - len(result)
        about["vocabulary"] = words
        if not difference and now.as_of and now.manifest.get("in_query") == about["in_query"]:
            about["as_of"] = now.as_of  # nothing changed: the snapshot keeps its date
            about["slices"] = now.manifest.get("slices", about["slices"])
        announce(difference)
        corpora.write(folder, records, about)
    state.forget()
    return difference


def _tell(brought: slices.Harvest, say: Callable[[str], None]) -> None:
    for complaint in brought.complaints:
        say(f"PubMed says of the query: {complaint}")
    for pmid, why in sorted(brought.unreadable.items()):
        say(f"PMID {pmid} cannot be read and is left out: {why}")


def _pmid_of(key: str, known: corpora.Corpus) -> str:
    """The PMID of a paper that an entry names by its DOI, where it has one; else the key."""
    record = known.find(key)
    return record.pmid if record and record.pmid else key


def _refuse_the_past(known: corpora.Corpus, since: date | None, today: date) -> None:
    """Time never runs backwards: a wrong clock would call every later record withdrawn."""
    if today < known.day:
        raise HarvestRefused(
            f"the snapshot is of {known.as_of}, and today would be {today}; mend the clock, or give --today"
        )
    if since and since > today:
        raise HarvestRefused(f"--since {since} lies after today, {today}; nothing can have been revised since")


def _refuse_withdrawals(withdrawn: list[str], held: set[str]) -> None:
    number, share = WITHDRAWN
    if withdrawn and (len(withdrawn) == len(held) or len(withdrawn) > max(number, share * len(held))):
        raise HarvestRefused(
            f"PubMed no longer lists {len(withdrawn)} of {len(held)} records ({', '.join(withdrawn[:5])} …): more "
            "likely a fault than the truth. Look at the query at PubMed; if it is so, add --allow-withdrawals"
        )


def _annotated(record: Record, annotator: Annotator, texts: dict[str, str]) -> Record:
    """The record with the concepts of this vocabulary, where the text is at hand in which they are found."""
    text = texts.get(record.key, "")
    if record.abstract and not text:
        return record
    return replace(record, concepts=annotator.concepts(record.title, text))


def _revised(client: Client, term: str, known: corpora.Corpus, since: date | None, today: date) -> set[str]:
    since = since or max(known.day, slices.FIRST_DAY + OVERLAP) - OVERLAP
    window = ("mdat", f"{since:%Y/%m/%d}", f"{today:%Y/%m/%d}")
    found = client.search(term, retmax=CAP, window=window)
    if found["count"] > len(found["idlist"]):  # more than one answer holds: fetch everything again
        return set(known.records)
    return set(found["idlist"])
