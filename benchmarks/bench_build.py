"""The whole build at 10,000 findings, and at as many as there are: seconds of the clock and of the processor, memory.

Our own entries and records, again and again under other PMIDs, in a scratch clone that is built as a person builds
it: `scripts/build.py`, no picture kept, then once more after one entry has changed. Memory is that of the largest
process.

    python -m benchmarks.bench_build [findings …]
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

from lscbook import paths
from lscbook.corpus import store as corpus_store
from lscbook.evidence import store, yaml_canonical, yaml_text
from lscbook.synthesis.book import Book


def clone(folder: Path) -> None:
    """The last commit, with the interpreter that runs this."""
    subprocess.run(["git", "clone", "-q", str(paths.ROOT), str(folder)], check=True)


def grow(folder: Path, own: Book, size: int) -> None:
    """Write our entries and records again under other PMIDs, until a clone has so many findings."""
    records, total = dict(own.corpus.records), len(own.evidence.findings)
    entries = [yaml_text.read_file(file).plain() for file in sorted(paths.EVIDENCE.glob("*.yaml"))]
    for number in count():
        if total >= size:
            break
        copy, entry = number // len(entries) + 1, dict(entries[number % len(entries)])
        pmid = str(100_000_000 + number)
        record = replace(own.evidence.records[entry.pop("pmid", None) or entry.pop("doi").lower()], pmid=pmid)
        entry["pmid"] = pmid
        entry["findings"] = [{**f, "claim": f"Copy {copy}. {f['claim']}"} for f in entry["findings"]]
        records[pmid] = record
        text = yaml_canonical.dump(entry)
        (folder / "data" / "evidence" / store.file_name(record)).write_text(text, encoding="utf-8")
        total += len(entry["findings"])
    corpus_store.write(folder / "data" / "corpus", records, dict(own.corpus.manifest))


def built(folder: Path) -> tuple[float, float]:
    """Seconds of the clock and of the processor of one build."""
    began, before = time.perf_counter(), used()
    here = {**os.environ, "PYTHONPATH": str(folder)}  # else the library, and so the data, of the tree that asks
    command = [sys.executable, "scripts/build.py"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=here)
    return time.perf_counter() - began, used() - before


def used() -> float:
    """Seconds of the processor of all processes that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main() -> None:
    own = Book.open()
    print("| findings | all anew, s (processor) | after one entry, s (processor) | peak MB | MB of the site |")
    print("|---:|---:|---:|---:|---:|", flush=True)
    for size in [int(given) for given in sys.argv[1:]] or [len(own.evidence.findings), 10_000]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "book"
            clone(folder)
            grow(folder, own, size)
            anew, of_processor = built(folder)
            entry = min((folder / "data" / "evidence").glob("*.yaml"))
            text = entry.read_text(encoding="utf-8")
            entry.write_text(text.replace("    claim: >-\n", "    claim: >-\n      It is said:\n", 1), encoding="utf-8")
            again, processor_again = built(folder)
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            weight = sum(f.stat().st_size for f in (folder / "_build" / "html").rglob("*") if f.is_file()) / 1e6
        told = f"{anew:.0f} ({of_processor:.0f}) | {again:.0f} ({processor_again:.0f})"
        print(f"| {size:,} | {told} | {peak:.0f} | {weight:.0f} |", flush=True)


if __name__ == "__main__":
    main()
