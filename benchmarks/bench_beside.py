"""What a build writes beside the pages of the book, at 2,500 and 10,000 findings: seconds and memory, all processes.

Run as it is in a build: exported files one by one, then the rest side by side, then the finish of every page.
"""

import resource
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks import grown
from lscbook.site import downloads, finishing, side_by_side
from lscbook.site.browser import page as browser_page
from lscbook.site.extension import _dressed
from lscbook.site.form import page as form_page
from lscbook.site.opened import Site
from lscbook.site.pages import terms_and_papers
from lscbook.site.search import index as search_index
from lscbook.synthesis.book import Book

STEPS = ("exported files", "side by side", "finish")


def used() -> float:
    """Seconds of the processor of this process and of all that have ended."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in spent)


def peak() -> int:
    """MB of the largest process so far."""
    return max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024


def measure(own: Book, size: int) -> None:
    """One line of the table."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "html"
        (out / "_static").mkdir(parents=True)
        site = Site(grown.book(own, 0, size), kept=Path(name) / "files")
        before = peak()
        beside = [
            partial(terms_and_papers.write_all, out, site, {}),
            partial(search_index.write, out, (), site.book),
            partial(browser_page.write, out, site),
            partial(form_page.write, out, site),
        ]
        told = []
        for step in (
            lambda: downloads.write(out, site),
            lambda: side_by_side.done(beside),
            lambda: finishing.finish(out, _dressed(site)),
        ):
            began, clock = used(), time.perf_counter()
            step()
            told.append(f"{used() - began:.1f} ({time.perf_counter() - clock:.0f})")
        weight = sum(f.stat().st_size for f in out.rglob("*") if f.is_file()) / 1e6
    print(f"| {size:,} | {' | '.join(told)} | {before} | {peak()} | {weight:.0f} |", flush=True)


def main() -> None:
    print(f"| findings | {' | '.join(STEPS)} | MB before | peak MB | MB of files |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    own = Book.open()
    for size in (2_500, 10_000):
        measure(own, size)


if __name__ == "__main__":
    main()
