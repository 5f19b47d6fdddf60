#!/usr/bin/env python
"""Bring PubMed records into data/corpus.

python scripts/harvest.py import PATH…    from files of PubMed XML
python scripts/harvest.py status          what the committed snapshot is
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import filelock
import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import corpus, paths, vocabulary
from lscbook.annotate import Annotator
from lscbook.errors import HarvestIncomplete, LscbookError, QueryInvalid
from lscbook.pubmed import cache, client, harvest, importing, query, updating


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 done, 1 refused, 130 interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=paths.CORPUS, help="folder of the corpus")
    verbs = parser.add_subparsers(dest="verb", required=True)
    imported = verbs.add_parser("import", help="merge files of PubMed XML into the corpus")
    imported.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    imported.add_argument(
        "--as-of",
        default=datetime.now(UTC).date().isoformat(),
        metavar="YYYY-MM-DD",
        help="date of the snapshot (default: today)",
    )
    for verb, help_ in (("plan", "print counts, requests and minutes"), ("run", "harvest")):
        asking = verbs.add_parser(verb, help=help_)
        asking.add_argument("--email", required=True, help="your address; NCBI asks for it")
        asking.add_argument("--base-url", default=client.NCBI, help="another E-utilities address")
        asking.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
        asking.add_argument("--cache", type=Path, default=paths.CACHE / "harvest")
        asking.add_argument("--query", help="another query than that of query.yaml")
        asking.add_argument("--cap", type=int, default=client.CAP, help=argparse.SUPPRESS)
        asking.add_argument("--timeout", type=float, default=30.0, help="seconds for one answer")
        asking.add_argument("--deadline", type=float, default=300.0, help="seconds for all tries of one call")
        asking.add_argument("--rate", type=float, default=0.0, help="calls a second (default: NCBI's limit)")
        asking.add_argument("--json", action="store_true", help="print the difference as JSON")
    verbs.add_parser("status", help="say what the committed snapshot is")
    options = parser.parse_args(arguments)
    try:
        return {"import": _import, "status": _status, "plan": _plan, "run": _run}[options.verb](options)
    except LscbookError as error:
        print(f"harvest: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"harvest: {error}; the corpus is as it was", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("harvest: interrupted; the corpus is as it was", file=sys.stderr)
        return 130


def _import(options: argparse.Namespace) -> int:
    annotator = Annotator(vocabulary.load())
    report = importing.import_files(options.paths, options.corpus, annotator, as_of=options.as_of)
    print(f"{report.read} records read, {report.kept} kept by the rule; the corpus holds {report.records}.")
    print(f"Changed: {', '.join(report.changed) or 'nothing'}.")
    return 0


def _client(options: argparse.Namespace) -> client.Client:
    if "@" not in options.email:
        raise QueryInvalid(
            f"{options.email!r} is not an email address; NCBI asks for one: make harvest EMAIL=you@example.org"
        )
    return client.Client(options.email, options.base_url, options.timeout, options.deadline, rate=options.rate)


def _plan(options: argparse.Namespace) -> int:
    service = _client(options)
    asked = query.load(options.corpus / "query.yaml")
    term = options.query or asked.query
    for name, search in ({} if options.query else asked.themes).items():
        count = service.search(f"({asked.blocks['disease']}) AND ({search})")["count"]
        print(f"{count:>9,}  {name}")
    slices = harvest.plan(service, term, options.today, options.cap)
    for part in slices:
        print(f"{part.expected:>9,}  created {part.low} to {part.high}")
    total = sum(part.expected for part in slices)
    requests = len(slices) + -(-total // harvest.BATCH) + 2
    rate = options.rate or (9.5 if service.key else 2.8)
    minutes = requests / rate / 60
    print(f"{total:>9,}  records in {len(slices)} slices")
    print(f"about {requests:,} requests, {minutes:.1f} minutes at {rate:g} a second")
    return 0


def _run(options: argparse.Namespace) -> int:
    service = _client(options)
    term = options.query or query.load(options.corpus / "query.yaml").query
    options.cache.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(options.cache / "harvest.lock")
    try:
        with lock.acquire(timeout=0):
            bar = _bar()
            difference = updating.update(
                service,
                term,
                options.corpus,
                Annotator(vocabulary.load()),
                today=options.today,
                home=options.cache,
                cap=options.cap,
                progress=bar,
                cache_file=options.cache / "abstracts.sqlite"
                if options.cache != paths.CACHE / "harvest"
                else cache.FILE,
            )
    except filelock.Timeout:
        raise HarvestIncomplete(f"another harvest is at work here ({lock.lock_file}); wait for it") from None
    print(difference.as_json() if options.json else difference.as_text())
    return 0


def _bar() -> Callable[[int, int], None]:
    """A bar with rate and time left on a terminal, a plain line now and then elsewhere."""
    if sys.stderr.isatty():
        bar = tqdm.tqdm(unit=" records", file=sys.stderr)

        def draw(done: int, whole: int) -> None:
            bar.total = whole
            bar.update(done - bar.n)

        return draw

    def say(done: int, whole: int) -> None:
        if done == whole or done % 5000 < harvest.BATCH:
            print(f"{done} of {whole} records", file=sys.stderr, flush=True)

    return say


def _status(options: argparse.Namespace) -> int:
    manifest = corpus.read(options.corpus).manifest
    print(f"{manifest['statement']} As of {manifest['as_of']}; complete: {manifest['complete']}.")
    for name, count in manifest["counts"].items():
        print(f"  {name}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
