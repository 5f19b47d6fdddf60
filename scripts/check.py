#!/usr/bin/env python
"""Hold data/evidence against its rules, offline: `check.py [PATH…] [--format text|json|github]`.

With --abstracts grounding is recomputed from that PubMed XML, without network.

Without PATH all entries, and the ledgers beside them: decisions, searches, second readings.
Exit 0: nothing wrong. 1: problems found, or nothing to check. 2: could not run.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import corpus, paths, vocabulary
from lscbook.errors import LscbookError
from lscbook.evidence import check
from lscbook.pubmed.parse import parse_path
from lscbook.pubmed.record import Record


def main(arguments: list[str] | None = None) -> int:
    """Run the check and print its problems and counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="entries (default: all)")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text")
    parser.add_argument("--corpus", type=Path, default=paths.CORPUS, metavar="DIR")
    parser.add_argument(
        "--abstracts", type=Path, nargs="+", default=[], metavar="FILE.xml[.gz]", help="ground against this PubMed XML"
    )
    parser.add_argument("--fix", action="store_true", help="write files in canonical form first")
    parser.add_argument("--explain", action="store_true", help="read back each finding: what its direction speaks to")
    options = parser.parse_args(arguments)
    try:
        context = check.Context(corpus.read(options.corpus), vocabulary.load(), _abstracts(options.abstracts))
        given = options.paths or [paths.EVIDENCE]
        report = check.run(given, fix=options.fix, context=context, with_ledgers=not options.paths)
        if options.explain:
            for line in check.explained(given, context.vocabulary):
                print(line)
        edited = [] if options.paths else check.edited(context.corpus, options.corpus)
        report.problems += edited
        report.failed += len(edited)
    except (LscbookError, OSError) as error:
        print(f"check: could not run: {error}", file=sys.stderr)
        return 2
    if options.format == "json":
        print(json.dumps(check.as_json(report), ensure_ascii=False, indent=2))
    else:
        for problem in report.problems:
            print(check.github_line(problem) if options.format == "github" else problem)
        print(report.summary(), file=sys.stderr if options.format == "github" else sys.stdout)
    return 0 if report.good else 1


def _abstracts(files: list[Path]) -> dict[str, str] | None:
    """Abstracts by PMID of PubMed XML; None where no file is given, and the cache is read."""
    if not files:
        return None
    return {r.pmid: r.text for file in files for r in parse_path(file) if isinstance(r, Record) and r.text}


if __name__ == "__main__":
    sys.exit(main())
