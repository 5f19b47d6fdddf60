#!/usr/bin/env python
"""Make the corpus from PubMed's baseline files, by the rule of query.yaml, on any Dask cluster.

python scripts/mirror.py --baseline DIR|URL [--updates DIR|URL] [--out DIR] [--kept DIR]
    [--scheduler tcp://host:8786] [--workers 2]

Each file is downloaded (where an address is given), filtered, and done once for all; at the end what
was kept is merged into the corpus. An address is that of an index page which links the *.xml.gz files.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import paths, vocabulary
from lscbook.corpus import abstracts
from lscbook.errors import LscbookError
from lscbook.evidence import store
from lscbook.harvest import importing, mirror
from lscbook.harvest.command import date_of
from lscbook.pubmed import baseline
from lscbook.vocabulary.annotate import Annotator


def main(arguments: list[str] | None = None) -> int:
    """Filter every file and merge; 0 all done, 1 some failed (they are named, nothing is merged), 130 interrupted."""
    options = _parser().parse_args(arguments)
    query_file = options.query or options.out / "query.yaml"
    try:
        # updates come after the baseline: their numbers go on from it, and their deletions apply
        files = [
            file for place in filter(None, (options.baseline, options.updates)) for file in baseline.sources(place)
        ]
        if _filter(files, query_file, options):
            return 1
        kept = [mirror.target_of(file.rsplit("/", 1)[-1], options.kept, query_file) for file in files]
        ours = options.out.resolve() == paths.CORPUS
        report = importing.import_files(
            kept,
            options.out,
            Annotator(vocabulary.load()),
            as_of=options.as_of.isoformat(),
            say=lambda line: None if line.endswith(" kept") else print(f"mirror: {line}", file=sys.stderr),
            cache_file=abstracts.file_of(options.out, options.cache),
            curated=store.keys() if ours else frozenset(),
        )
    except (LscbookError, OSError) as error:
        print(f"mirror: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("mirror: interrupted; finished files stay, the next run goes on", file=sys.stderr)
        return 130
    print(f"The corpus holds {report.records} records; changed: {', '.join(report.changed) or 'nothing'}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--baseline", required=True, metavar="DIR|URL", help="the baseline files (*.xml.gz)")
    parser.add_argument("--updates", metavar="DIR|URL", help="the update files that came after them")
    parser.add_argument("--out", type=Path, default=paths.CORPUS, metavar="DIR", help="folder of the corpus")
    parser.add_argument("--kept", type=Path, default=paths.CACHE / "mirror" / "kept", metavar="DIR")
    parser.add_argument("--cache", type=Path, default=paths.CACHE / "mirror", metavar="DIR", help="for downloads")
    parser.add_argument("--query", type=Path, metavar="FILE", help="query file (default: that of the corpus)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler (default: a cluster on this machine)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the cluster on this machine")
    parser.add_argument("--as-of", type=date_of, default=datetime.now(UTC).date(), metavar="YYYY-MM-DD")
    return parser


def _filter(files: list[str], query_file: Path, options: argparse.Namespace) -> int:
    """Filter the files that were not done before; how many failed."""
    try:
        from dask.distributed import Client, LocalCluster, as_completed  # noqa: PLC0415  not needed for the book
    except ImportError:
        raise OSError("Dask is missing; make test installs it, or: pip install 'dask[distributed]'") from None
    options.kept.mkdir(parents=True, exist_ok=True)
    cluster = options.scheduler or LocalCluster(
        n_workers=options.workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    )
    failed = read = kept = reused = 0
    try:
        with Client(cluster) as client:
            futures = client.map(
                mirror.filter_source,
                files,
                downloads=options.cache / "downloads",
                folder=options.kept,
                query_file=query_file,
                pure=False,
            )
            for future in tqdm.tqdm(as_completed(futures), total=len(files), unit=" files", disable=None):
                try:
                    done = future.result()
                except (LscbookError, OSError) as error:
                    failed += 1
                    print(f"mirror: {type(error).__name__}: {error}", file=sys.stderr)
                    continue
                for why in done.unreadable:
                    print(f"mirror: {done.file}: left out, {why}", file=sys.stderr)
                read, kept, reused = read + done.records, kept + done.kept, reused + done.reused
    finally:
        if not options.scheduler:
            cluster.close()
    print(f"{len(files)} files: {read} records read, {kept} kept, {reused} files done before, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
