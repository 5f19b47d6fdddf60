#!/usr/bin/env python
"""Hold data/evidence against its rules, offline: `check.py [PATH…] [--format text|json|github]`.

Exit 0: nothing wrong. 1: problems found. 2: could not run.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import paths
from lscbook.errors import LscbookError
from lscbook.evidence import check


def main(arguments: list[str] | None = None) -> int:
    """Run the check and print its problems and counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="entries (default: all)")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text")
    parser.add_argument("--fix", action="store_true", help="write files in canonical form first")
    options = parser.parse_args(arguments)
    try:
        report = check.run(options.paths or [paths.EVIDENCE], fix=options.fix)
    except (LscbookError, OSError) as error:
        print(f"check: could not run: {error}", file=sys.stderr)
        return 2
    if options.format == "json":
        print(json.dumps({**asdict(report), "problems": [asdict(p) for p in report.problems]}, indent=2))
    else:
        for problem in report.problems:
            print(check.github_line(problem) if options.format == "github" else problem)
        print(report.summary(), file=sys.stderr if options.format == "github" else sys.stdout)
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
