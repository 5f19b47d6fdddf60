"""Bring the corpus up to date with PubMed: harvest, merge, prove, write, and say what changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lscbook import corpus as corpora
from lscbook.corpus import abstracts
from lscbook.errors import HarvestIncomplete
from lscbook.harvest import slices
from lscbook.harvest.run_state import Journal
from lscbook.pubmed.client import CAP, Client
from lscbook.pubmed.record import Record, describe_abstract
from lscbook.vocabulary.annotate import Annotator

OVERLAP = timedelta(days=30)  # a record may enter the index days after its date of creation


@dataclass
class Difference:
    """What a harvest changed, by PMID."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # entries stand on them, and PubMed gives no record any more
    resolved: dict[str, str] = field(default_factory=dict)  # DOI to the PMID that PubMed gave it

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return any(vars(self).values())

    def as_text(self) -> str:
        """One line a kind."""
        lines = []
        for name in ("new", "changed", "withdrawn"):
            pmids: list[str] = getattr(self, name)
            shown = ", ".join(pmids[:10]) + (" …" if len(pmids) > 10 else "")
            lines.append(f"{name}: {len(pmids)}" + (f" ({shown})" if pmids else ""))
        if self.gone:
            lines.append(
                f"gone: {len(self.gone)} ({', '.join(self.gone)}): curated here, and PubMed has no such record"
            )
        lines += [f"DOI {doi} has PMID {pmid}" for doi, pmid in self.resolved.items()]
        return "\n".join(lines)

    def as_json(self) -> str:
        """As JSON, PMIDs in order."""
        return json.dumps(vars(self), indent=2)


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
) -> Difference:
    """Make the corpus the complete result of `term`, and keep what it holds beside it.

    After a complete snapshot only records that are new to us, or that PubMed revised since (MDAT,
    with 30 days of overlap), are fetched; every PMID of the result is listed each time. Papers on which
    entries stand (`curated`, by PMID) are asked for also where the query does not find them, and are
    never dropped: one that PubMed has deleted or merged away is told.

    Raises:
        HarvestIncomplete, PubMedUnavailable, PubMedMalformed: and the corpus is as it was.
    """
    known = corpora.read(folder)
    # what another query brought says nothing about this one, and is kept beside it
    same = known.manifest.get("complete") and known.manifest.get("query") == term
    held = set(known.manifest.get("in_query", [])) if same else set()
    stale = _revised(client, term, known, since, today) if held else set()
    have = frozenset(p for p in held - stale if p in known.records)
    journal = Journal(home, term, cap)
    take = partial(described, annotator=annotator)
    brought = slices.run(client, term, today, journal, have=have, take=take, cap=cap, batch=batch, progress=progress)
    result, arrived = brought.pmids, brought.records
    beside, gone = slices.named(client, curated - result, brought.until, journal, batch)
    arrived |= {pmid: take(record) for pmid, record in beside.items()}
    withdrawn = sorted(held - result - curated, key=int)
    records = {k: r for k, r in known.records.items() if k not in withdrawn}
    records = corpora.merge({k: r for k, r in records.items() if k not in arrived}, arrived.values())
    if lost := sorted(result - set(records), key=int):
        raise HarvestIncomplete(f"{len(lost)} records of the result are not stored: {', '.join(lost[:20])}")
    difference = Difference(
        new=sorted(result - set(known.records), key=int),
        changed=sorted((p for p in arrived if p in known.records and known.records[p] != arrived[p]), key=int),
        withdrawn=withdrawn,
        gone=gone,
    )
    about: dict[str, Any] = slices.manifest_about(brought)
    about["in_query"] = sorted(result, key=int)
    about["beside_query"] = len(records) - len(result)
    if not difference and known.manifest.get("in_query") == about["in_query"]:
        about["as_of"] = known.manifest["as_of"]  # nothing changed: the snapshot keeps its date
        about["slices"] = known.manifest["slices"]
    abstracts.keep((r for r in arrived.values() if r.text), cache_file)
    corpora.write(folder, records, about)
    journal.forget()
    return difference


def _revised(client: Client, term: str, known: corpora.Corpus, since: date | None, today: date) -> set[str]:
    since = since or date.fromisoformat(known.as_of) - OVERLAP
    window = ("mdat", f"{since:%Y/%m/%d}", f"{today:%Y/%m/%d}")
    found = client.search(term, retmax=CAP, window=window)
    if found["count"] > len(found["idlist"]):  # more than one answer holds: fetch everything again
        return set(known.records)
    return set(found["idlist"])


def described(record: Record, annotator: Annotator) -> Record:
    """The record with what the corpus keeps of its abstract: digest and concepts."""
    return replace(
        record, abstract=describe_abstract(record.text), concepts=annotator.concepts(record.title, record.text)
    )
