"""Harvest against the double at real rate limits: wall time over the time that the limit alone costs.

Then a second, incremental run over the first, and the merge of 1k, 10k and 100k records. The double
runs in a process of its own, as PubMed does.
"""

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from lscbook import corpus, paths, vocabulary
from lscbook.harvest import slices, updating
from lscbook.pubmed.client import Client
from lscbook.pubmed.record import Record
from lscbook.vocabulary.annotate import Annotator
from tests.eutils_double import index

TERM = "cell*[tiab] OR blood[tiab]"  # 10,445 of the double's records
TODAY = date(2026, 11, 24)
PORT = 8897


@contextlib.contextmanager
def double(limit: float, base: Path) -> Iterator[str]:
    command = [
        sys.executable,
        "-m",
        "tests.eutils_double",
        "--port",
        str(PORT),
        "--limit",
        str(limit),
        "--index",
        str(base),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        while "serving" not in (line := process.stdout.readline()):
            assert line, "the double did not start"
        yield f"http://127.0.0.1:{PORT}/entrez/eutils/"
    finally:
        process.terminate()
        process.wait()


def run(limit: float, key: str, folder: Path, base: Path, annotator: Annotator) -> tuple[float, int, int]:
    with double(limit, base) as address:
        client = Client("a@example.org", address, key=key)
        began = time.perf_counter()
        updating.update(client, TERM, folder / "corpus", annotator, today=TODAY, home=folder,
                        cache_file=folder / "abstracts.sqlite")  # fmt: skip
        wall = time.perf_counter() - began
    return wall, client.calls, len(corpus.read(folder / "corpus").records)


def main() -> None:
    base = index.build(paths.CACHE / "eutils_double.sqlite", index.wheel_files())
    annotator = Annotator(vocabulary.load())
    annotator.concepts("warm")
    print(f"batches of {slices.BATCH}")
    print("| run | records | requests | seconds | over the limit's own time |")
    print("|---|---:|---:|---:|---:|")
    for limit, key in ((3, ""), (10, "a-key")):
        folder = Path(tempfile.mkdtemp())
        (folder / "corpus").mkdir()
        full, calls, records = run(limit, key, folder, base, annotator)
        print(f"| full, {limit}/s | {records:,} | {calls} | {full:.1f} | {full / (calls / limit):.2f} |")
        wall, calls, records = run(limit, key, folder, base, annotator)
        print(f"| again, {limit}/s | {records:,} | {calls} | {wall:.1f} | {wall / full:.2f} of the full run |")
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
