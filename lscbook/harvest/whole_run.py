"""One harvest from the query to the news: corpus, DOIs that got a PMID, entries renamed, what changed told."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import filelock

from lscbook import corpus
from lscbook.corpus import abstracts
from lscbook.errors import CorpusInvalid, HarvestIncomplete
from lscbook.evidence import store
from lscbook.files import write_whole
from lscbook.harvest import resolving, slices, updating
from lscbook.harvest.difference import Difference
from lscbook.harvest.resolving import Resolved
from lscbook.pubmed.client import CAP, Client
from lscbook.pubmed.query import Query
from lscbook.standing.registries import Registries
from lscbook.vocabulary.annotate import Annotator


@dataclass(frozen=True)
class Places:
    """Where a harvest reads and writes; what is None is left alone."""

    corpus: Path
    cache: Path
    abstracts: Path = abstracts.FILE
    evidence: Path | None = None
    book: Path | None = None
    changes: Path | None = None


@dataclass(frozen=True)
class Tools:
    """What a harvest works with: who is asked, and what finds the words of the vocabulary."""

    pubmed: Client
    crossref: Registries
    annotator: Annotator


@dataclass(frozen=True)
class Limits:
    """How a harvest asks: `cap` of one result, `batch` of one fetch, and what a person allowed."""

    since: date | None = None
    cap: int = CAP
    batch: int = slices.BATCH
    max_minutes: float | None = None
    allow_withdrawals: bool = False


@dataclass(frozen=True)
class Telling:
    """How a harvest speaks while it is at work: records done of all, and lines for a person."""

    progress: Callable[[int, int], None] = lambda _done, _all: None
    say: Callable[[str], None] = lambda _line: None


@dataclass
class Outcome:
    """What a harvest changed, and what it could not do, in lines for a person."""

    difference: Difference
    resolved: Resolved
    told: list[str] = field(default_factory=list)


def run(
    term: str, tools: Tools, places: Places, today: date, limits: Limits = Limits(), telling: Telling = Telling()
) -> Outcome:
    """Update the corpus, write the news at once, then look up the papers that have a DOI only.

    Raises:
        HarvestIncomplete: another harvest is at work here, or PubMed's answers do not add up; run it again.
        HarvestRefused: what PubMed says would empty the corpus, or turn time back.
        PubMedUnavailable, PubMedMalformed: PubMed did not answer, or not with what was asked.
    """
    places.cache.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(places.cache / "harvest.lock")
    try:
        with lock.acquire(timeout=0):
            return _run(term, tools, places, today, limits, telling)
    except filelock.Timeout:
        raise HarvestIncomplete(f"another harvest is at work here ({lock.lock_file}); wait for it") from None


def _run(term: str, tools: Tools, places: Places, today: date, limits: Limits, telling: Telling) -> Outcome:
    untold = places.cache / "untold-news.json"
    left = _left(untold, telling.say)
    difference = updating.update(
        tools.pubmed,
        term,
        places.corpus,
        tools.annotator,
        today=today,
        home=places.cache,
        since=limits.since,
        curated=store.keys(places.evidence) if places.evidence else frozenset(),
        cap=limits.cap,
        batch=limits.batch,
        progress=_within(limits.max_minutes, telling.progress),
        cache_file=places.abstracts,
        allow_withdrawals=limits.allow_withdrawals,
        say=telling.say,
        announce=lambda news: write_whole(untold, news.after(left).as_json()),
    )
    # the corpus is written: its news are too, whatever becomes of what follows
    known = corpus.read(places.corpus)
    with corpus.locked(places.corpus):  # a harvest with another cache may tell the same day
        tell_news(difference.after(left.within(known)), places.changes, today)
    untold.unlink(missing_ok=True)
    pending = {key: record for key, record in known.records.items() if not record.pmid}
    resolved = resolving.find(tools.pubmed, pending, tools.annotator)
    resolving.complete(resolved, tools.crossref, pending)
    difference.resolved = resolved.pmids
    with corpus.locked(places.corpus):
        tell_news(difference, places.changes, today)
    resolving.apply(resolved, places.corpus, places.evidence, places.book)
    return Outcome(difference, resolved, _lines(resolved))


def _left(file: Path, say: Callable[[str], None]) -> Difference:
    """What an earlier run was about to put into the corpus when it was ended by force, and told nobody."""
    try:
        return Difference.read(file)
    except CorpusInvalid:
        say(f"{file}: cannot be read, and is forgotten")
        file.unlink()
        return Difference()


def tell_news(difference: Difference, folder: Path | None, today: date) -> None:
    """Add a difference to what the day has brought already."""
    if folder is None or not difference:
        return
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{today}.json"
    write_whole(file, difference.after(Difference.read(file)).as_json() + "\n")


def _lines(resolved: Resolved) -> list[str]:
    return [
        *(f"{doi} stays without PMID: {why}" for doi, why in resolved.pending.items()),
        *(f"journal, date and authors of {doi} are Crossref's now" for doi in resolved.stated),
        *(f"warning: the facts of {doi} stay as they are: {why}" for doi, why in resolved.bare.items()),
        *(f"entry {old} is now {new}" for old, new in resolved.renamed),
    ]


def _within(minutes: float | None, progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """The progress, until the time is up; what was fetched is kept, and the next run goes on from it."""
    end = time.monotonic() + 60 * minutes if minutes is not None else float("inf")

    def tell(done: int, whole: int) -> None:
        progress(done, whole)
        if done < whole and time.monotonic() >= end:
            raise HarvestIncomplete(f"{minutes:g} minutes are over with {done} of {whole} records; run it again")

    return tell


@dataclass(frozen=True)
class Plan:
    """What a harvest would cost: records by theme, slices, requests, minutes; and what PubMed ignored of the query."""

    themes: dict[str, int]
    slices: list[slices.Slice]
    requests: int
    minutes: float
    rate: float
    complaints: list[str]

    @property
    def records(self) -> int:
        """Records of the whole result."""
        return sum(part.expected for part in self.slices)


def plan(client: Client, asked: Query, today: date, limits: Limits) -> Plan:
    """Counts, requests and minutes, before anything is fetched.

    Raises:
        HarvestIncomplete: the counts do not add up.
        PubMedUnavailable, PubMedMalformed: as `Client.call`.
    """
    themes = {
        name: client.search(f"({asked.blocks['disease']}) AND ({search})")["count"]
        for name, search in asked.themes.items()
    }
    complaints = client.search(asked.query)["complaints"]
    before = client.calls
    parts = slices.plan(client, asked.query, today, limits.cap)
    total = sum(part.expected for part in parts)
    # a run plans too, lists each slice, fetches its batches, and asks for the translation and the last count
    requests = client.calls - before + len(parts) + -(-total // limits.batch) + 2
    return Plan(themes, parts, requests, requests / client.rate / 60, client.rate, complaints)
