#!/usr/bin/env python
"""Build the book twice, with Jupyter Book and with plain Sphinx 9, and compare what a reader gets: `make sphinx9`.

Both build copies of the checkout, from the configuration that Jupyter Book generates from `_config.yml`. Without the
wrapper its own extensions go. Exit 0: the same files, pages with the same text. 1: a build failed, or they differ.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from lxml import html

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts import build, reproduce

# Jupyter Book's own, and what it brings that the book does not use
WRAPPER = ("jupyter_book", "sphinx_thebe", "sphinx_comments", "sphinx_jupyterbook_latex")


def main() -> int:
    """Build, build otherwise, compare."""
    with tempfile.TemporaryDirectory() as name:
        wrapped, plain = (reproduce.copy(Path(name) / folder) for folder in ("wrapped", "plain"))
        print("sphinx9: building with Jupyter Book", flush=True)
        done = reproduce.build(wrapped)
        if done.returncode == 0:
            print("sphinx9: building without it", flush=True)
            done = without_wrapper(plain)
        if done.returncode:
            print(done.stdout[-3000:] + done.stderr[-3000:], file=sys.stderr)
            print("sphinx9: the build failed", file=sys.stderr)
            return 1
        return compared(wrapped / "_build" / "html", plain / "_build" / "html")


def without_wrapper(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the copy with the packages of `.venv-sphinx9` and the code of the copy."""
    subprocess.run(  # noqa: S603
        [Path(sys.executable).with_name("jupyter-book"), "config", "sphinx", folder], check=True, capture_output=True
    )
    conf = folder / "conf.py"
    conf.write_text(
        re.sub(rf"'(?:{'|'.join(WRAPPER)})'(?:, )?", "", conf.read_text(encoding="utf-8")), encoding="utf-8"
    )
    sphinx_build = ROOT / ".venv-sphinx9" / "bin" / "sphinx-build"
    place = {"PATH": f"{sphinx_build.parent}:{os.environ['PATH']}", "PYTHONPATH": str(folder), "HOME": str(folder)}
    return subprocess.run(  # noqa: S603
        [sphinx_build, "-W", "--keep-going", "-q", "-b", "html", folder, folder / "_build" / "html"],
        capture_output=True,
        text=True,
        check=False,
        env={**place, **build.fixed()},
    )


def compared(one: Path, other: Path) -> int:
    """Whether two sites have the same pages and data, and each page the same text."""
    names, others = (files(site) for site in (one, other))
    for name in sorted(names ^ others):
        print(f"sphinx9: only {'with' if name in names else 'without'} Jupyter Book: {name}", file=sys.stderr)
    both = names & others
    unequal = {name for name in both if (one / name).read_bytes() != (other / name).read_bytes()}
    differ = [name for name in unequal if not name.endswith(".html") or text(one / name) != text(other / name)]
    for name in sorted(differ):
        print(f"sphinx9: another text without Jupyter Book: {name}", file=sys.stderr)
    equal, odd = len(both - unequal), len(differ)
    print(f"{len(both)} pages and files of data, {equal} equal to the byte, {odd} say something else")
    return 1 if differ or names != others else 0


def files(site: Path) -> set[str]:
    """Pages, data and pictures of a site, without what the theme and Sphinx bring."""
    found = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    return {name for name in found if not name.startswith(("_static/", "_sphinx_design_static/", "."))}


def text(page: Path) -> tuple[str, list[str], set[str]]:
    """What a reader reads of a page, where its links lead, and to which of its places others can link.

    A heading with a label has both names; which of them its own link shows, docutils decides.
    """
    root = html.fromstring(page.read_bytes())
    article = next(iter(root.xpath("//article")), root)
    links = [str(href) for href in article.xpath(".//a[not(contains(@class, 'headerlink'))]/@href")]
    return " ".join(article.text_content().split()), links, {str(name) for name in root.xpath("//@id")}


if __name__ == "__main__":
    sys.exit(main())
