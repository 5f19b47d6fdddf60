"""Harvest against the double at real rate limits: wall time over the time that the limit alone costs.

Then a second, incremental run over the first, and the merge of 1k, 10k and 100k records.
"""

import shutil
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from lscbook import corpus, paths, vocabulary
from lscbook.annotate import Annotator
from lscbook.pubmed import updating
from lscbook.pubmed.client import Client
from lscbook.pubmed.record import Record
from tests.eutils_double import index
from tests.eutils_double.server import Double

TERM = "leuk*[tiab] OR marrow[tiab] OR stem[tiab]"
TODAY = date(2026, 11, 24)


def harvest(limit: float, key: str, folder: Path, base: Path, annotator: Annotator) -> tuple[float, int, int]:
    double = Double(base, limit=limit).start()
    client = Client("a@example.org", double.address, key=key)
    began = time.perf_counter()
    updating.update(client, TERM, folder / "corpus", annotator, today=TODAY, home=folder,
                    cache_file=folder / "abstracts.sqlite")  # fmt: skip
    wall = time.perf_counter() - began
    double.shutdown()
    return wall, client.calls, len(corpus.read(folder / "corpus").records)


def main() -> None:
    base = index.build(paths.CACHE / "eutils_double.sqlite", index.wheel_files())
    annotator = Annotator(vocabulary.load())
    annotator.concepts("warm")
    print("| run | records | requests | seconds | over the limit's own time |")
    print("|---|---:|---:|---:|---:|")
    full = 1.0
    for limit, key in ((3, ""), (10, "a-key")):
        folder = Path(tempfile.mkdtemp())
        (folder / "corpus").mkdir()
        wall, calls, records = harvest(limit, key, folder, base, annotator)
        full = wall
        print(f"| full, {limit}/s | {records} | {calls} | {wall:.1f} | {wall / (calls / limit):.2f} |")
        if limit == 10:
            shutil.rmtree(next(p for p in folder.iterdir() if (p / "plan.json").exists()))
            wall, calls, records = harvest(limit, key, folder, base, annotator)
            print(f"| again, {limit}/s | {records} | {calls} | {wall:.1f} | {wall / full:.2f} of the full run |")
        shutil.rmtree(folder)
    print("\n| merge into a corpus of | seconds | per record, against 1,000 |")
    print("|---|---:|---:|")
    first = 0.0
    seed = Record(
        "1", "A title of usual length about stem cells", date="2014", abstract={"sha256": "0", "sentences": 1}
    )
    for size in (1_000, 10_000, 100_000):
        folder = Path(tempfile.mkdtemp())
        made = {str(n): replace(seed, pmid=str(n), date=str(1990 + n % 30)) for n in range(1, size + 1)}
        corpus.write(folder, dict(list(made.items())[: size // 2]), {"as_of": "2026-11-24"})
        began = time.perf_counter()
        known = corpus.read(folder)
        corpus.write(folder, corpus.merge(known.records, made.values()), {"as_of": "2026-11-24"})
        each = (time.perf_counter() - began) / size
        first = first or each
        print(f"| {size:,} | {each * size:.2f} | {each / first:.2f} |")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
