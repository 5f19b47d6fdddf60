#!/usr/bin/env python
"""Bring PubMed records into data/corpus.

python scripts/harvest.py plan --email A   counts, requests and minutes, before anything is fetched
python scripts/harvest.py run --email A    the complete result of the query, from PubMed
python scripts/harvest.py import PATH…    from files of PubMed XML
python scripts/harvest.py status          what the committed snapshot is
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import filelock
import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import corpus, paths, vocabulary
from lscbook.corpus import abstracts
from lscbook.errors import (
    CorpusInvalid,
    EntryInvalid,
    HarvestIncomplete,
    LscbookError,
    PubMedMalformed,
    QueryInvalid,
    VocabularyInvalid,
)
from lscbook.evidence import store
from lscbook.files import write_whole
from lscbook.harvest import importing, resolving, slices, updating
from lscbook.pubmed import client, query
from lscbook.standing import registries
from lscbook.vocabulary.annotate import Annotator


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 complete, 1 incomplete (run it again), 2 wrong use, 3 refused input, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return {"import": _import, "status": _status, "plan": _plan, "run": _run}[options.verb](options)
    except (QueryInvalid, CorpusInvalid, EntryInvalid, VocabularyInvalid) as error:
        print(f"harvest: {type(error).__name__}: {error}", file=sys.stderr)
        return 3
    except PubMedMalformed as error:
        print(f"harvest: {type(error).__name__}: {error}", file=sys.stderr)
        return 3 if options.verb == "import" else 1
    except LscbookError as error:
        print(f"harvest: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"harvest: {error}; the corpus is as it was", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("harvest: interrupted; the corpus is as it was", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--out", type=Path, default=paths.CORPUS, metavar="DIR", help="folder of the corpus")
    shared.add_argument("--json", action="store_true", help="print the manifest as JSON")
    asking = argparse.ArgumentParser(add_help=False, parents=[shared])
    asking.add_argument("--query", type=Path, metavar="FILE", help="query file (default: DIR/query.yaml)")
    asking.add_argument("--email", required=True, help="your address; NCBI asks for it")
    asking.add_argument("--cache", type=Path, default=paths.CACHE / "harvest", metavar="DIR")
    asking.add_argument("--base-url", default=client.NCBI, metavar="URL", help="another E-utilities address")
    asking.add_argument("--crossref-url", default=registries.CROSSREF, metavar="URL", help="another Crossref address")
    asking.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="fetch again what was revised since")
    asking.add_argument("--max-minutes", type=float, metavar="N", help="stop after so long; the next run goes on")
    asking.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date(), metavar="DATE")
    asking.add_argument("--evidence", type=Path, metavar="DIR", help="entries that follow a DOI to its PMID")
    asking.add_argument("--book", type=Path, metavar="DIR", help="pages whose citations follow them")
    asking.add_argument("--changes", type=Path, metavar="DIR", help="folder of the differences, for What's new")
    asking.add_argument("--cap", type=int, default=client.CAP, help=argparse.SUPPRESS)
    asking.add_argument("--batch", type=int, default=slices.BATCH, help=argparse.SUPPRESS)
    asking.add_argument("--timeout", type=float, default=30.0, help="seconds for one answer")
    asking.add_argument("--deadline", type=float, default=300.0, help="seconds for all tries of one call")
    asking.add_argument("--rate", type=float, default=0.0, help="calls a second (default: NCBI's limit)")
    verbs.add_parser("run", parents=[asking], help="harvest")
    verbs.add_parser("plan", parents=[asking], help="print counts, requests and minutes, and fetch nothing")
    verbs.add_parser("status", parents=[asking_not_required(shared)], help="say what the snapshot is")
    imported = verbs.add_parser("import", parents=[shared], help="merge files of PubMed XML into the corpus")
    imported.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    imported.add_argument(
        "--as-of",
        default=datetime.now(UTC).date().isoformat(),
        metavar="YYYY-MM-DD",
        help="date of the snapshot (default: today)",
    )
    return parser


def asking_not_required(shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """`status` takes the options of `run`, so that a script can pass one list, and needs none."""
    parser = argparse.ArgumentParser(add_help=False, parents=[shared])
    for name in ("--query", "--email", "--cache", "--base-url", "--crossref-url", "--since", "--max-minutes"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    return parser


def _import(options: argparse.Namespace) -> int:
    annotator = Annotator(vocabulary.load())
    report = importing.import_files(options.paths, options.out, annotator, as_of=options.as_of)
    print(f"{report.read} records read, {report.kept} kept by the rule; the corpus holds {report.records}.")
    print(f"Changed: {', '.join(report.changed) or 'nothing'}.")
    return 0


def _client(options: argparse.Namespace) -> client.Client:
    if "@" not in options.email:
        raise QueryInvalid(
            f"{options.email!r} is not an email address; NCBI asks for one: make harvest EMAIL=you@example.org"
        )
    return client.Client(
        options.email,
        options.base_url,
        options.timeout,
        options.deadline,
        rate=options.rate,
        quarantine=options.cache / "quarantine",
    )


def _plan(options: argparse.Namespace) -> int:
    service = _client(options)
    told: Callable[[str], None] = (lambda _line: None) if options.json else print
    asked = query.load(_query_file(options))
    term = asked.query
    for name, search in asked.themes.items():
        count = service.search(f"({asked.blocks['disease']}) AND ({search})")["count"]
        told(f"{count:>9,}  {name}")
    before = service.calls
    parts = slices.plan(service, term, options.today, options.cap)
    for part in parts:
        told(f"{part.expected:>9,}  created {part.low} to {part.high}")
    total = sum(part.expected for part in parts)
    # a run plans too, lists each slice, fetches its batches, and asks for the translation and the last count
    requests = service.calls - before + len(parts) + -(-total // options.batch) + 2
    rate = options.rate or (9.5 if service.key else 2.8)
    minutes = requests / rate / 60
    if options.json:
        print(
            json.dumps(
                {
                    "records": total,
                    "slices": [vars(s) for s in parts],
                    "requests": requests,
                    "minutes": round(minutes, 1),
                }
            )
        )
        return 0
    print(f"{total:>9,}  records in {len(slices)} slices")
    print(f"about {requests:,} requests, {minutes:.1f} minutes at {rate:g} a second")
    return 0


def _run(options: argparse.Namespace) -> int:
    service = _client(options)
    term = query.load(_query_file(options)).query
    options.cache.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(options.cache / "harvest.lock")
    try:
        with lock.acquire(timeout=0):
            return _harvest(service, term, options)
    except filelock.Timeout:
        raise HarvestIncomplete(f"another harvest is at work here ({lock.lock_file}); wait for it") from None


def _harvest(service: client.Client, term: str, options: argparse.Namespace) -> int:
    """Update the corpus, look up pending DOIs, and tell the difference."""
    ours = options.out.resolve() == paths.CORPUS
    annotator = Annotator(vocabulary.load())
    evidence = options.evidence or (paths.EVIDENCE if ours else None)
    difference = updating.update(
        service,
        term,
        options.out,
        annotator,
        today=options.today,
        home=options.cache,
        since=options.since,
        curated=store.pmids(evidence) if evidence else frozenset(),
        cap=options.cap,
        batch=options.batch,
        progress=_within(options.max_minutes, _bar()),
        cache_file=abstracts.FILE if ours else options.cache / "abstracts.sqlite",
    )
    pending = {k: r for k, r in corpus.read(options.out).records.items() if not r.pmid}
    resolved = resolving.find(service, pending, annotator)
    crossref = registries.Registries(options.email, options.cache / "registries.sqlite", crossref=options.crossref_url)
    resolving.complete(resolved, crossref, pending)
    book = options.book or (paths.BOOK if ours else None)
    resolving.apply(resolved, options.out, evidence, book)
    difference.resolved = resolved.pmids
    for doi, why in resolved.pending.items():
        print(f"harvest: {doi} stays without PMID: {why}", file=sys.stderr)
    for doi in resolved.stated:
        print(f"harvest: journal, date and authors of {doi} are Crossref's now", file=sys.stderr)
    for doi, why in resolved.bare.items():
        print(f"harvest: warning: the facts of {doi} stay as they are: {why}", file=sys.stderr)
    for old, new in resolved.renamed:
        print(f"harvest: entry {old} is now {new}", file=sys.stderr)
    changes = options.changes or (paths.CHANGES if ours else None)
    if changes and difference:
        changes.mkdir(parents=True, exist_ok=True)
        write_whole(changes / f"{options.today}.json", difference.as_json() + "\n")
    if options.json:
        manifest = corpus.read(options.out).manifest
        print(json.dumps({**manifest, "difference": vars(difference)}, ensure_ascii=False, indent=2))
    else:
        print(difference.as_text())
    return 0


def _query_file(options: argparse.Namespace) -> Path:
    file: Path = options.query or options.out / "query.yaml"
    if not file.is_file():
        raise QueryInvalid(f"{file}: no such file; give the query with --query FILE")
    return file


def _within(minutes: float | None, bar: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """The bar, until the time is up; what was fetched is kept, and the next run goes on from it."""
    end = time.monotonic() + 60 * minutes if minutes is not None else float("inf")

    def tell(done: int, whole: int) -> None:
        bar(done, whole)
        if done < whole and time.monotonic() >= end:
            raise HarvestIncomplete(f"{minutes:g} minutes are over with {done} of {whole} records; run it again")

    return tell


def _bar() -> Callable[[int, int], None]:
    """A bar with rate and time left on a terminal, a plain line now and then elsewhere."""
    if sys.stderr.isatty():
        bar = tqdm.tqdm(unit=" records", file=sys.stderr)

        def draw(done: int, whole: int) -> None:
            bar.total = whole
            bar.update(done - bar.n)

        return draw

    def say(done: int, whole: int) -> None:
        if done == whole or done % 5000 < slices.BATCH:
            print(f"{done} of {whole} records", file=sys.stderr, flush=True)

    return say


def _status(options: argparse.Namespace) -> int:
    manifest = corpus.read(options.out).manifest
    if options.json:
        print(json.dumps(manifest, ensure_ascii=False, indent=2))
        return 0
    print(f"{manifest['statement']} As of {manifest['as_of']}; complete: {manifest['complete']}.")
    for name, count in manifest["counts"].items():
        print(f"  {name}: {count}")
    return 0


if __name__ == "__main__":
    code = main()
    if code == 130:  # a call may still be under way in its thread, and an ordinary exit would wait for it
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
