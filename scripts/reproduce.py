#!/usr/bin/env python
"""Build the site twice, in two folders and two time zones, and compare every byte.

Exit 0: equal. 1: not equal, or a build failed; the files are named.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (
    "book/",
    "data/",
    "lscbook/",
    "scripts/",
    "_config",
    "_toc",
    "requirements",
    "CITATION.cff",
    "LICENSE",
    "README.md",
)


def main() -> int:
    """Build, build again, compare."""
    with tempfile.TemporaryDirectory() as name:
        places = [Path(name) / "one", Path(name) / "another place" / "two"]
        for place, zone in zip(places, ("UTC", "Pacific/Auckland"), strict=True):
            print(f"reproduce: building in {place.name} ({zone})", flush=True)
            done = build(copy(place), TZ=zone)
            if done.returncode:
                print(done.stdout[-3000:] + done.stderr[-3000:], file=sys.stderr)
                print("reproduce: a build failed", file=sys.stderr)
                return 1
        one, two = (digests(place / "_build" / "html") for place in places)
    different = sorted(file for file in one.keys() | two.keys() if one.get(file) != two.get(file))
    for file in different:
        print(f"reproduce: {file} differs", file=sys.stderr)
    print(f"{len(one)} files, {len(different)} differ")
    return 1 if different or not one else 0


def copy(target: Path) -> Path:
    """The tracked sources of a build, as they are in the working tree."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    for name in listed.splitlines():
        if name.startswith(SOURCES) and (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    return target


def build(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build the copy with the packages of this environment and the code of the copy."""
    place = {"PYTHONPATH": str(folder), "HOME": str(folder)}
    return subprocess.run(  # noqa: S603
        [sys.executable, str(folder / "scripts" / "build.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], **place, **environment},
    )


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file by its path."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


if __name__ == "__main__":
    sys.exit(main())
