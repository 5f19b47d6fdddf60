"""Run the notebooks of the book, side by side, before its pages are read.

Their outputs go to the cache from which MyST-NB takes them. A cache by itself would keep stale
output when data or code changes, so ours carries a fingerprint of everything that a notebook can
read, and is thrown away when that is another.
"""

import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from lscbook import paths
from lscbook.figures import place
from lscbook.site import kernels

log = logging.getLogger(__name__)
READS = ("data", "lscbook", "requirements.txt")  # below the root; pages themselves are compared by the cache


def from_cache(_app: Sphinx, config: Any) -> None:
    """Let MyST-NB take outputs from the cache that `run` fills."""
    os.environ[place.SITE] = "1"  # the kernels make what the site shows, and not what JupyterLab can
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
    waiting = [page for name in sorted(names) if _unknown(cache, page := Path(app.env.doc2path(name)))]
    mark.write_text(print_of, encoding="utf-8")
    if not waiting:
        return
    log.info("running %d notebooks on every core", len(waiting))
    kernels.warm()
    # each worker forks a kernel before it opens a socket, and so runs one notebook
    with multiprocessing.get_context("fork").Pool(maxtasksperchild=1) as pool:
        jobs = [(page, app.config.nb_execution_timeout) for page in waiting]
        for page, notebook in zip(waiting, pool.starmap(_executed, jobs, chunksize=1), strict=True):
            if notebook is not None:
                cache.cache_notebook_bundle(CacheBundleIn(notebook, str(page)), check_validity=False, overwrite=True)


def _unknown(cache: Any, page: Path) -> bool:
    """Whether the page is a notebook without outputs in the cache."""
    text = page.read_text(encoding="utf-8")
    if "```{code-cell}" not in text:
        return False
    try:
        cache.match_cache_notebook(read_myst_markdown_notebook(text))
    except KeyError:
        return True
    return False


def _executed(page: Path, timeout: int) -> Any:
    """The notebook with its outputs, or None where a cell failed."""
    return kernels.run(read_myst_markdown_notebook(page.read_text(encoding="utf-8")), page.parent, timeout)


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
