#!/usr/bin/env python
"""Take the facts of CIViC's evidence items into data/neighbours/civic.tsv.

python scripts/neighbours.py ../shared/civic/civic_aml_mds.tsv    a release of accepted items (TSV), CC0
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook.errors import LscbookError
from lscbook.files import write_whole
from lscbook.synthesis import neighbours


def main() -> int:
    """0 written, 3 the file is no release, or breaks the rules of the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("--out", type=Path, default=neighbours.FILE)
    options = parser.parse_args()
    try:
        items = neighbours.from_release(options.release)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(options.out, neighbours.LEDGER.text(items))
        print(f"{len(neighbours.read(options.out))} items on {len({i.pmid for i in items})} papers.")
    except (LscbookError, OSError) as error:
        print(f"neighbours: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
