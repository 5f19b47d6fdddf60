#!/usr/bin/env python
"""Bring PubMed records into data/corpus.

python scripts/harvest.py import PATH…    from files of PubMed XML
python scripts/harvest.py status          what the committed snapshot is
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import corpus, paths, vocabulary
from lscbook.annotate import Annotator
from lscbook.errors import LscbookError
from lscbook.pubmed import importing


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
    verbs.add_parser("status", help="say what the committed snapshot is")
    options = parser.parse_args(arguments)
    try:
        return {"import": _import, "status": _status}[options.verb](options)
    except LscbookError as error:
        print(f"harvest: {error}", file=sys.stderr)
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


def _status(options: argparse.Namespace) -> int:
    manifest = corpus.read(options.corpus).manifest
    print(f"{manifest['statement']} As of {manifest['as_of']}; complete: {manifest['complete']}.")
    for name, count in manifest["counts"].items():
        print(f"  {name}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
