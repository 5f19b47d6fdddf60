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
from lscbook.errors import CorpusInvalid, HarvestIncomplete, HarvestRefused
from lscbook.harvest import slices
from lscbook.harvest.run_state import RunState
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

    def after(self, earlier: "Difference") -> "Difference":
        """What both harvests of a day changed: the news of the first are not lost with the second."""

        def both(name: str) -> list[str]:
            return sorted({*getattr(earlier, name), *getattr(self, name)}, key=_by_number)

        new = both("new")
        return Difference(
            new,
            [pmid for pmid in both("changed") if pmid not in new],
            both("withdrawn"),
            both("gone"),
            {**earlier.resolved, **self.resolved},
        )

    @classmethod
    def read(cls, file: Path) -> "Difference":
        """The difference that a file holds, or an empty one where there is none.

        Raises:
            CorpusInvalid: the file cannot be read.
        """
        try:
            return cls(**json.loads(file.read_text("utf-8"))) if file.exists() else cls()
        except (ValueError, TypeError) as error:
            raise CorpusInvalid(f"{file}: {error}; take the file from git again") from error


WITHDRAWN = (10, 0.05)  # more records than these, and a larger share of the result: a person must say so


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
) -> Difference:
    """Make the corpus the complete result of `term`, and keep what it holds beside it.

    After a snapshot only records that are new to us, or that PubMed revised since (MDAT, with 30 days of
    overlap), are fetched; every PMID of the result is listed each time. Fetched again are also records whose
    concepts were found with another vocabulary, and curated papers whose abstract this machine lacks. Papers on
    which entries stand (`curated`, by PMID) are asked for also where the query does not find them, and are never
    dropped: one that PubMed has deleted or merged away is told.

    Raises:
        HarvestRefused: it would withdraw more than a small share, or end before the snapshot that is there.
        HarvestIncomplete, PubMedUnavailable, PubMedMalformed: and the corpus is as it was.
    """
    known = corpora.read(folder)
    _refuse_the_past(known, since, today)
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
    take = partial(described, annotator=annotator)
    brought = slices.run(client, term, today, state, have=have, take=take, cap=cap, batch=batch, progress=progress)
    for complaint in brought.complaints:
        say(f"PubMed says of the query: {complaint}")
    for pmid, why in sorted(brought.unreadable.items()):
        say(f"PMID {pmid} cannot be read and is left out: {why}")
    result, arrived = brought.pmids - brought.unreadable.keys(), brought.records
    withdrawn = sorted(held - brought.pmids - curated, key=int)
    if not allow_withdrawals:
        _refuse_withdrawals(withdrawn, held)
    asked_alone = {p for p in curated | (stale & known.records.keys()) if p.isdigit()} - brought.pmids
    beside, gone = slices.named(client, asked_alone, brought.until, state, batch)
    gone = [pmid for pmid in gone if pmid in curated]
    arrived |= {pmid: take(record) for pmid, record in beside.items()}
    abstracts.keep((r for r in arrived.values() if r.text), cache_file)
    with corpora.locked(folder):
        now = corpora.read(folder)  # what others put in meanwhile stays
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
        if not difference and now.manifest.get("in_query") == about["in_query"]:
            about["as_of"] = now.manifest["as_of"]  # nothing changed: the snapshot keeps its date
            about["slices"] = now.manifest["slices"]
        corpora.write(folder, records, about)
    state.forget()
    return difference


def _refuse_the_past(known: corpora.Corpus, since: date | None, today: date) -> None:
    """Time never runs backwards: a wrong clock would call every later record withdrawn."""
    if known.as_of and today.isoformat() < known.as_of:
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


def _by_number(pmid: str) -> tuple[int, str]:
    return (int(pmid), "") if pmid.isdigit() else (0, pmid)
