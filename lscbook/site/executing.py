"""Run the notebooks of the book, side by side, before its pages are read.

Their outputs go to the cache from which MyST-NB takes them. A cache by itself would keep stale
output when data or code changes, so ours carries a fingerprint of everything that a notebook can
read, and is thrown away when that is another.
"""

import hashlib
import logging
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from lscbook import paths

READS = ("data", "lscbook", "requirements.txt")  # below the root; pages themselves are compared by the cache


def from_cache(_app: Sphinx, config: Any) -> None:
    """Let MyST-NB take outputs from the cache that `run` fills."""
    config.nb_execution_mode = "cache"


def run(app: Sphinx, _env: BuildEnvironment, names: list[str]) -> None:
    """Run each notebook whose output is not in the cache, on every core.

    One that fails is left to MyST-NB, which runs it again and stops the build with its traceback.
    """
    folder = Path(app.config.nb_execution_cache_path or Path(app.outdir).parent / ".jupyter_cache")
    print_of = fingerprint(paths.ROOT)
    mark = folder / "fingerprint"
    if not mark.exists() or mark.read_text(encoding="utf-8") != print_of:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    cache = get_cache(folder)
    for name in sorted(names):
        page = Path(app.env.doc2path(name))
        if "```{code-cell}" in page.read_text(encoding="utf-8"):
            cache.add_nb_to_project(str(page), read_data={"name": "myst_nb_md", "type": "plugin"})
    mark.write_text(print_of, encoding="utf-8")
    quiet = logging.getLogger("lscbook.executing")
    quiet.setLevel(logging.ERROR)
    load_executor("local-parallel", cache, quiet).run_and_cache(timeout=app.config.nb_execution_timeout)


def fingerprint(root: Path) -> str:
    """SHA-256 over names and bytes of all that a notebook can read, but for itself."""
    digest = hashlib.sha256()
    for file in _files(root):
        digest.update(f"{file.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> Iterable[Path]:
    for name in READS:
        place = root / name
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (f for f in inside if f.is_file() and "__pycache__" not in f.parts)
