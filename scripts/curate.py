#!/usr/bin/env python
"""Write and ground entries of data/evidence.

python scripts/curate.py show PMID        title and numbered sentences of the abstract
python scripts/curate.py ground [FILE…]   write where each finding stands (default: all files)
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import corpus, paths
from lscbook.errors import LscbookError, SupportNotFound
from lscbook.evidence import ground, store
from lscbook.pubmed import cache
from lscbook.text import split_sentences


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 done, 1 refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="print a paper with numbered sentences")
    show.add_argument("key", metavar="PMID", help="PMID, or DOI where the PMID is pending")
    grounding = verbs.add_parser("ground", help="write spans and digests beside each finding")
    grounding.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    try:
        return {"show": _show, "ground": _ground}[options.verb](options)
    except (LscbookError, OSError) as error:
        print(f"curate: {error}", file=sys.stderr)
        return 1


def _show(options: argparse.Namespace) -> int:
    record = corpus.read().find(options.key)
    if record is None:
        raise SupportNotFound(f"{options.key} is not in the corpus; check the number")
    abstract = cache.abstract(record.key)
    print(f"{record.title}\n{record.journal} {record.date}  {record.key}\n")
    for number, (start, end) in enumerate(split_sentences(abstract), start=1):
        print(f"[{number}] {abstract[start:end]}")
    if not abstract:
        print("The cache of this machine has no abstract of it.")
    return 0


def _ground(options: argparse.Namespace) -> int:
    known = corpus.read()
    changed = skipped = 0
    files = options.files or sorted(paths.EVIDENCE.glob("*.yaml"))
    for path in files:
        item = store.parse(path)
        record = known.find(item.entry.key) if item.entry else None
        abstract = cache.abstract(record.key) if record else ""
        if item.entry is None or record is None or not abstract:
            skipped += 1
            continue
        changed += ground.write(path, item, abstract)
    print(f"{len(files)} entries: {changed} written, {skipped} skipped (not valid, or no abstract in the cache)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
