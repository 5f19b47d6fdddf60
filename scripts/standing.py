#!/usr/bin/env python
"""Ask Crossref, Retraction Watch and ClinicalTrials.gov whether what the book rests on still stands.

python scripts/standing.py --email A          every curated paper, and every trial that a finding names
python scripts/standing.py --email A --all    every record of the corpus
"""

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import corpus, paths, standing
from lscbook.errors import LscbookError
from lscbook.evidence import store
from lscbook.pubmed.record import Notice
from lscbook.standing import registries


def main(arguments: list[str] | None = None) -> int:
    """Refresh data/standing; 0 all told, 1 a registry was silent (the last known state stays)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--email", required=True, help="your address; Crossref asks for it")
    parser.add_argument("--all", action="store_true", help="every record of the corpus, not the curated ones only")
    parser.add_argument("--corpus", type=Path, default=paths.CORPUS)
    parser.add_argument("--evidence", type=Path, default=paths.EVIDENCE)
    parser.add_argument("--out", type=Path, default=paths.STANDING, help="folder of the answers")
    parser.add_argument("--cache", type=Path, default=paths.CACHE / "registries.sqlite")
    parser.add_argument("--crossref-url", default=registries.CROSSREF)
    parser.add_argument("--trials-url", default=registries.TRIALS)
    parser.add_argument("--timeout", type=float, default=20.0, help="seconds for one answer")
    parser.add_argument("--tries", type=int, default=4, help="more tries after the first")
    parser.add_argument("--today", default=datetime.now(UTC).date().isoformat(), metavar="YYYY-MM-DD")
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", options.email):
        parser.error(f"{options.email!r} is not an email address; write --email you@example.org")
    try:
        return _refresh(options)
    except (LscbookError, OSError) as error:
        print(f"standing: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("standing: interrupted; data/standing is as it was", file=sys.stderr)
        return 130


def _refresh(options: argparse.Namespace) -> int:
    known = corpus.read(options.corpus)
    evidence = store.read(options.evidence, known)
    service = registries.Registries(
        options.email,
        options.cache,
        crossref=options.crossref_url,
        trials=options.trials_url,
        timeout=options.timeout,
        tries=options.tries,
    )
    papers = known.records if options.all else evidence.records
    keys = sorted(key for key, record in papers.items() if record.doi)
    trials = sorted({t for f in evidence.findings for t in f.finding.cohort if re.fullmatch(r"NCT\d{8}", t)})
    then = standing.known("notices", options.out)
    before = {key: standing.standing_of(papers[key], then) for key in keys}

    def notices(key: str) -> dict[str, object] | None:
        found = service.notices(papers[key].doi, papers[key].title)
        if found is None:
            return None
        return {"notices": [{k: v for k, v in vars_of(n).items() if v} for n in found]}

    changed, silent = standing.refresh("notices", _shown(keys, "papers"), notices, options.today, options.out)
    moved, quiet = standing.refresh("trials", _shown(trials, "trials"), service.trial, options.today, options.out)
    now = standing.known("notices", options.out)
    for key in keys:
        after = standing.standing_of(papers[key], now)
        if after is not before[key]:
            print(f"{key}: {before[key].value} -> {after.value}: {papers[key].title}")
    print(
        f"{len(keys)} papers asked, {len(changed)} with new notices; {len(trials)} trials asked, {len(moved)} changed"
    )
    for word in sorted(service.unknown):
        print(f"standing: a kind of notice that we do not know, from {word}; it counts for nothing", file=sys.stderr)
    for line in (*silent, *quiet):
        print(f"standing: {line}", file=sys.stderr)
    return 1 if silent or quiet else 0


def vars_of(notice: Notice) -> dict[str, str]:
    """The fields of a notice."""
    return {"type": notice.type, "pmid": notice.pmid, "source": notice.source, "date": notice.date}


def _shown(keys: list[str], what: str) -> "tqdm.tqdm[str]":
    return tqdm.tqdm(keys, desc=what, unit="", file=sys.stderr, disable=not sys.stderr.isatty())


if __name__ == "__main__":
    sys.exit(main())
