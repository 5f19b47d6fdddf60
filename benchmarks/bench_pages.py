"""Build time with 0, 200 and 2,000 pages of papers and entities, written beside the book and finished with it."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from lscbook import corpus
from lscbook.evidence import store
from lscbook.evidence.store import Evidence
from lscbook.site import finishing
from lscbook.site.opened import Site
from lscbook.site.pages import terms_and_papers as term_pages
from lscbook.synthesis.book import Book


def book_of(size: int) -> Book:
    """A book with about `size` pages: our own papers again under other numbers, and the entities."""
    known = corpus.read()
    ours = store.read(corpus=known)
    entries, records = {}, {}
    originals = sorted(ours.entries)
    for number in range(size):
        key = str(50_000_000 + number)
        original = originals[number % len(originals)]
        entries[key] = ours.entries[original].model_copy(update={"pmid": key, "doi": None})
        records[key] = replace(ours.records[original], pmid=key, doi="")
    return Book.load(known, Evidence(entries, records))


def main() -> None:
    print("| papers | pages | write, s | finish, s | MB |")
    print("|---:|---:|---:|---:|---:|")
    for size in (0, 200, 2_000):
        book = book_of(size)
        with tempfile.TemporaryDirectory() as name:
            out = Path(name)
            (out / "_static").mkdir()
            began = time.perf_counter()
            written = term_pages.write_all(out, Site(book), {})
            wrote = time.perf_counter()
            finishing.finish(out, lambda _address, page: page)
            ended = time.perf_counter()
            weight = sum(f.stat().st_size for f in out.rglob("*") if f.is_file()) / 1e6
        print(f"| {size:,} | {written:,} | {wrote - began:.1f} | {ended - wrote:.1f} | {weight:.1f} |")


if __name__ == "__main__":
    main()
