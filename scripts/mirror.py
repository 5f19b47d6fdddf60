#!/usr/bin/env python
"""Filter PubMed baseline files by the rule of query.yaml, on a local Dask cluster or any scheduler.

python scripts/mirror.py FOLDER --out kept/ [--scheduler tcp://host:8786] [--workers 2]
python scripts/harvest.py import kept/
"""

import argparse
import sys
from pathlib import Path

import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import paths
from lscbook.errors import LscbookError
from lscbook.pubmed import mirror


def main(arguments: list[str] | None = None) -> int:
    """Filter every file; 0 all done, 1 some failed (they are named), 130 interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds the baseline files (*.xml.gz)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--query", type=Path, default=paths.CORPUS / "query.yaml")
    parser.add_argument("--scheduler", help="address of a Dask scheduler (default: a cluster on this machine)")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    files = sorted(options.folder.glob("*.xml.gz"))
    if not files:
        print(f"mirror: no *.xml.gz in {options.folder}", file=sys.stderr)
        return 1
    try:
        from dask.distributed import Client, LocalCluster, as_completed  # noqa: PLC0415
    except ImportError:
        print("mirror: Dask is missing; make test installs it, or: pip install 'dask[distributed]'", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    cluster = options.scheduler or LocalCluster(
        n_workers=options.workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    )
    failed = read = kept = reused = 0
    try:
        with Client(cluster) as client:
            futures = client.map(mirror.filter_file, files, folder=options.out, query_file=options.query, pure=False)
            for future in tqdm.tqdm(as_completed(futures), total=len(files), unit=" files", disable=None):
                try:
                    done = future.result()
                except (LscbookError, OSError) as error:
                    failed += 1
                    print(f"mirror: {error}", file=sys.stderr)
                    continue
                read, kept, reused = read + done.records, kept + done.kept, reused + done.reused
    except KeyboardInterrupt:
        print("mirror: interrupted; finished files stay, the next run goes on", file=sys.stderr)
        return 130
    finally:
        if not options.scheduler:
            cluster.close()
    print(f"{len(files)} files: {read} records read, {kept} kept, {reused} files done before, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
