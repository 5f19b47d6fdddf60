#!/usr/bin/env python
"""Build the site into _build/html, warnings as errors, and say where to look."""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main(arguments: list[str] | None = None) -> int:
    """Build the book of `ROOT` or of the folder given; 0 done, 1 failed, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else arguments
    folder = Path(given[0]).resolve() if given else ROOT
    # A half-built or older site is no site: all is made anew, but for the outputs of notebooks, which
    # carry a fingerprint of what they were made from (lscbook/site/executing.py).
    for stale in ("html", ".doctrees"):
        shutil.rmtree(folder / "_build" / stale, ignore_errors=True)
    began = time.monotonic()
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [str(jupyter_book), "build", str(folder), "--all", "-W", "--keep-going"]
    try:
        code = _run(command)
    except KeyboardInterrupt:
        shutil.rmtree(folder / "_build", ignore_errors=True)
        print("build: interrupted; nothing half-built was left", file=sys.stderr)
        return 130
    page = folder / "_build" / "html" / "index.html"
    if code or not page.exists():
        print("build: failed; the first WARNING or ERROR above says where", file=sys.stderr)
        return 1
    print(f"Built in {time.monotonic() - began:.0f} s. Open {page}")
    print("or serve it: make serve (http://localhost:8000/)")
    return 0


def _run(command: list[str]) -> int:
    """Run, and pass its lines on as they come, but for one that warns of nothing."""
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env={**os.environ, **fixed()}, **told) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101
        for line in process.stdout:
            if "Kernel is running over TCP" not in line and line.strip():  # loopback only
                print(line, end="", flush=True)
    return process.returncode


def fixed() -> dict[str, str]:
    """The same commit builds the same bytes: no hash seed, no time zone, and no clock but the snapshot's date."""
    manifest = json.loads((ROOT / "data" / "corpus" / "manifest.json").read_text(encoding="utf-8"))
    as_of = datetime.fromisoformat(manifest["as_of"]).replace(tzinfo=UTC)
    return {"PYTHONHASHSEED": "0", "TZ": "UTC", "SOURCE_DATE_EPOCH": f"{as_of.timestamp():.0f}"}


if __name__ == "__main__":
    sys.exit(main())
