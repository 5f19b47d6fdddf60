"""What a person types: plan, run, import and status, their options, their lines and their exit codes."""

import argparse
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import tqdm

from lscbook import corpus, paths, vocabulary
from lscbook.corpus import abstracts
from lscbook.errors import (
    CorpusInvalid,
    EntryInvalid,
    HarvestRefused,
    LscbookError,
    PubMedMalformed,
    QueryInvalid,
    VocabularyInvalid,
)
from lscbook.evidence import store
from lscbook.harvest import importing, slices, whole_run
from lscbook.pubmed import client, query
from lscbook.standing import registries
from lscbook.vocabulary.annotate import Annotator

REFUSED = (QueryInvalid, CorpusInvalid, EntryInvalid, VocabularyInvalid, HarvestRefused)


def main(arguments: list[str] | None = None, description: str | None = None) -> int:
    """Run one verb; 0 complete, 1 incomplete (run it again), 2 wrong use, 3 refused, 130 interrupted."""
    options = _parser(description).parse_args(arguments)
    before = _fingerprint(options.out)
    try:
        return {"import": _import, "status": _status, "plan": _plan, "run": _run}[options.verb](options)
    except LscbookError as error:
        print(f"harvest: {type(error).__name__}: {error}", file=sys.stderr)
        refused = isinstance(error, REFUSED) or (options.verb == "import" and isinstance(error, PubMedMalformed))
        return 3 if refused else 1
    except (OSError, sqlite3.Error) as error:
        print(f"harvest: {error}; {_state_of(options.out, before)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"harvest: interrupted; {_state_of(options.out, before)}", file=sys.stderr)
        return 130


def _fingerprint(folder: Path) -> str:
    file = folder / "manifest.json"
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _state_of(folder: Path, before: str) -> str:
    """What became of the corpus: it is written whole, once, before DOIs are looked up."""
    try:
        corpus.read(folder)  # what lay ready when we were interrupted is put in place first
        written = _fingerprint(folder) != before
    except (LscbookError, OSError) as error:
        return f"the corpus cannot be read: {error}"
    return "the corpus is written, run it again for what follows it" if written else "the corpus is as it was"


def _parser(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
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
    asking.add_argument("--since", type=date_of, metavar="YYYY-MM-DD", help="fetch again what was revised since")
    asking.add_argument(
        "--allow-withdrawals", action="store_true", help="take it as true that much is no longer listed"
    )
    asking.add_argument("--max-minutes", type=float, metavar="N", help="stop after so long; the next run goes on")
    asking.add_argument("--today", type=date_of, default=datetime.now(UTC).date(), metavar="YYYY-MM-DD")
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
    verbs.add_parser("status", parents=[_all_optional(shared)], help="say what the snapshot is")
    imported = verbs.add_parser("import", parents=[shared], help="merge PubMed XML or lists (.jsonl) into the corpus")
    imported.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    imported.add_argument("--all", action="store_true", help="keep every record of the files, whatever the rule says")
    imported.add_argument("--cache", type=Path, default=paths.CACHE / "harvest", metavar="DIR")
    imported.add_argument("--evidence", type=Path, metavar="DIR", help="entries whose papers are never dropped")
    imported.add_argument(
        "--as-of",
        type=date_of,
        default=datetime.now(UTC).date(),
        metavar="YYYY-MM-DD",
        help="date of the snapshot (default: today)",
    )
    return parser


def date_of(text: str) -> date:
    """A day that a person typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write YYYY-MM-DD, as 2026-11-24") from None


def _all_optional(shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """`status` takes the options of `run`, so that a script can pass one list, and needs none."""
    parser = argparse.ArgumentParser(add_help=False, parents=[shared])
    for name in ("--query", "--email", "--cache", "--base-url", "--crossref-url", "--since", "--max-minutes"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    return parser


def _import(options: argparse.Namespace) -> int:
    annotator = Annotator(vocabulary.load())
    ours = options.out.resolve() == paths.CORPUS
    evidence = options.evidence or (paths.EVIDENCE if ours else None)
    report = importing.import_files(
        options.paths,
        options.out,
        annotator,
        as_of=options.as_of.isoformat(),
        cache_file=abstracts.file_of(options.out, options.cache),
        curated=store.keys(evidence) if evidence else frozenset(),
        everything=options.all,
    )
    by = "" if options.all else " by the rule"
    print(f"{report.read} records read, {report.kept} kept{by}; the corpus holds {report.records}.")
    print(f"Changed: {', '.join(report.changed) or 'nothing'}.")
    return 0


def _client(options: argparse.Namespace) -> client.Client:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", options.email):
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
        say=_aside,
    )


def _aside(line: str) -> None:
    print(f"harvest: {line}", file=sys.stderr, flush=True)


def _limits(options: argparse.Namespace) -> whole_run.Limits:
    return whole_run.Limits(
        options.since, options.cap, options.batch, options.max_minutes, allow_withdrawals=options.allow_withdrawals
    )


def _plan(options: argparse.Namespace) -> int:
    planned = whole_run.plan(_client(options), query.load(_query_file(options)), options.today, _limits(options))
    for complaint in planned.complaints:
        _aside(f"PubMed says of the query: {complaint}")
    if options.json:
        told = {
            "records": planned.records,
            "slices": [s.model_dump() for s in planned.slices],
            "requests": planned.requests,
        }
        print(json.dumps({**told, "minutes": round(planned.minutes, 1), "complaints": planned.complaints}))
        return 0
    for name, count in planned.themes.items():
        print(f"{count:>9,}  {name}")
    for part in planned.slices:
        print(f"{part.expected:>9,}  created {part.low} to {part.high}")
    print(f"{planned.records:>9,}  records in {len(planned.slices)} slices")
    print(f"about {planned.requests:,} requests, {planned.minutes:.1f} minutes at {planned.rate:g} a second")
    return 0


def _run(options: argparse.Namespace) -> int:
    ours = options.out.resolve() == paths.CORPUS
    places = whole_run.Places(
        options.out,
        options.cache,
        abstracts.file_of(options.out, options.cache),
        options.evidence or (paths.EVIDENCE if ours else None),
        options.book or (paths.BOOK if ours else None),
        options.changes or (paths.CHANGES if ours else None),
    )
    term = query.load(_query_file(options)).query
    tools = whole_run.Tools(
        _client(options),
        registries.Registries(options.email, options.cache / "registries.sqlite", crossref=options.crossref_url),
        Annotator(vocabulary.load()),
    )
    telling = whole_run.Telling(_bar(), _aside)
    done = whole_run.run(term, tools, places, options.today, _limits(options), telling)
    for line in done.told:
        _aside(line)
    if options.json:
        manifest = corpus.read(options.out).manifest
        print(json.dumps({**manifest, "difference": vars(done.difference)}, ensure_ascii=False, indent=2))
    else:
        print(done.difference.as_text())
    return 0


def _query_file(options: argparse.Namespace) -> Path:
    file: Path = options.query or options.out / "query.yaml"
    if not file.is_file():
        raise QueryInvalid(f"{file}: no such file; give the query with --query FILE")
    return file


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
    if not manifest:
        print(f"No snapshot in {options.out} yet; make one: make harvest EMAIL=you@example.org")
        return 0
    complete = manifest.get("complete", False)
    print(f"{manifest.get('statement', '')} As of {manifest.get('as_of') or 'no day'}; complete: {complete}.".strip())
    for name, count in manifest.get("counts", {}).items():
        print(f"  {name}: {count}")
    return 0
