"""Filtering baseline files with one worker and with two: the two real files of the wheel, ten times each.

Prints files and records a second, the ratio, and what PubMed's 1,300 files would cost at that rate.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lscbook import paths
from tests.eutils_double import index

COPIES = 10
RECORDS = 50_788  # of both files
ALL = 1_300 * 30_000  # a baseline file holds 30,000 records


def run(source: Path, workers: int) -> float:
    home = Path(tempfile.mkdtemp())
    (home / "corpus").mkdir()
    shutil.copy(paths.CORPUS / "query.yaml", home / "corpus")
    command = [sys.executable, str(paths.ROOT / "scripts" / "mirror.py"), "--baseline", str(source)]
    command += ["--out", str(home / "corpus"), "--kept", str(home / "kept"), "--cache", str(home / "cache")]
    began = time.perf_counter()
    done = subprocess.run([*command, "--workers", str(workers)], capture_output=True, text=True, check=True)
    wall = time.perf_counter() - began
    assert "0 failed" in done.stdout
    shutil.rmtree(home)
    return wall


def main() -> None:
    source = Path(tempfile.mkdtemp())
    files = index.wheel_files()
    for number in range(COPIES * len(files)):
        (source / f"pubmed26n{number:04}.xml.gz").symlink_to(files[number % len(files)])
    print("| workers | files | records | seconds | records/s | against one |")
    print("|---:|---:|---:|---:|---:|---:|")
    walls = {}
    for workers in (1, 2):
        walls[workers] = wall = run(source, workers)
        done = COPIES * RECORDS
        print(f"| {workers} | {COPIES * 2} | {done:,} | {wall:.0f} | {done / wall:,.0f} | {walls[1] / wall:.2f} |")
    hours = ALL / (COPIES * RECORDS / walls[1]) / 3600
    print(f"\n1,300 files at the rate of one worker: {hours:.1f} hours of one processor")
    shutil.rmtree(source)


if __name__ == "__main__":
    main()
