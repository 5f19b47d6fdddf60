"""Run the notebooks of the book and make what its other pages show, side by side, before its pages are read.

Outputs of notebooks go to the cache from which MyST-NB takes them. A cache by itself would keep stale
output when data or code changes, so ours carries a fingerprint of everything that a notebook can
read, and is thrown away when that is another. What `{show}` gives is kept beside them, and so are the exported files.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from functools import partial
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
from lscbook.site import kernels, opened, side_by_side
from lscbook.site.show_directive import calls, made_of
from lscbook.synthesis.book import Book

log = logging.getLogger(__name__)
READS = (
    "data",
    "lscbook",
    "requirements.txt",
    "CITATION.cff",
)  # below the root; pages themselves are compared by the cache


def from_cache(_app: Sphinx, config: Any) -> None:
    """Let MyST-NB take outputs from the cache that `run` fills."""
    os.environ[place.SITE] = "1"  # the kernels make what the site shows, and not what JupyterLab can
    config.nb_execution_mode = "cache"


def run(app: Sphinx, _env: BuildEnvironment, names: list[str]) -> None:
    """Run each notebook whose output is not in the cache and make what is shown, on every core.

    A notebook that fails is left to MyST-NB, which runs it again and stops the build with its traceback.
    """
    folder, site = opened.kept_in(app), opened.of_app(app)
    print_of = f"{fingerprint(paths.ROOT)} {site.book.base} {site.repository}"
    mark, shown = folder / "fingerprint", folder / "shown.json"
    if not mark.exists() or mark.read_text(encoding="utf-8") != print_of:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(print_of, encoding="utf-8")
    cache = get_cache(folder)
    if shown.exists():
        site.shown.update(json.loads(shown.read_text(encoding="utf-8")))
    pages = [Path(app.env.doc2path(name)) for name in sorted(names)]
    notebooks = [page for page in pages if _unknown(cache, page)]
    wanted = [[c for c in calls(page.read_text("utf-8")) if c not in site.shown] for page in pages]
    # the page that lists the exported files has them made, which takes longest: it begins, after the notebooks
    wanted.sort(key=lambda some: "downloads.index" not in some)
    showing = [partial(made_of, site, some) for some in wanted if some]
    if not notebooks and not showing:
        return
    log.info("running %d notebooks, making what %d pages show, on every core", len(notebooks), len(showing))
    kernels.warm()
    running = [partial(_executed, page, app.config.nb_execution_timeout, site.book) for page in notebooks]
    done = side_by_side.done([*running, *showing])
    for page, notebook in zip(notebooks, done, strict=False):
        if notebook is not None:
            cache.cache_notebook_bundle(CacheBundleIn(notebook, str(page)), check_validity=False, overwrite=True)
    for given in done[len(notebooks) :]:
        site.shown.update(given)
    shown.write_text(json.dumps(site.shown, sort_keys=True), encoding="utf-8")


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


def _executed(page: Path, timeout: int, book: Book) -> Any:
    """The notebook with its outputs, or None where a cell failed."""
    return kernels.run(read_myst_markdown_notebook(page.read_text(encoding="utf-8")), page.parent, timeout, book)


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
