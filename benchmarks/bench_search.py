"""What a question to the search sends (kB, gzip) and takes, as the book grows; prints a table, asserts nothing.

Real records and our findings multiplied (`grown.py`). Needs a built site (make book) and Chromium. The build's part is
the time of the index itself, with the memory of the process when it is done.
"""

import gzip
import re
import resource
import shutil
import time

import grown
from bench_browser import SITE, serve, table
from playwright.sync_api import sync_playwright

from lscbook.site import scripts
from lscbook.site.search import index as search_index
from lscbook.site.search import shards
from lscbook.synthesis.book import Book

SIZES = ((0, 0), (10_000, 2_000), (51_000, 10_000))  # papers, findings
QUESTIONS = ("CD123", "venetoclaks", "haematopoietic", "22932223", "leukemia", "acute myeloid leukaemia", "pro",
             "relapse after transplantation", "expression of proteins in patients with cancer", "Kantarjian H",
             "RAS")  # fmt: skip


SEARCHED = """async question => {
  const input = document.querySelector('#search-page input');
  const status = document.querySelector('#search-page [data-part=status]');
  const frame = () => new Promise(requestAnimationFrame);
  const began = performance.now();
  input.value = question;
  input.dispatchEvent(new Event('input', {bubbles: true}));
  while (!status.textContent.includes(question)) await frame();
  await frame();
  return performance.now() - began - 150;
}"""


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium or not (SITE / "search.html").exists():
        print("bench_search: needs chromium (apt-get install chromium) and a built site (make book)")
        return
    own, root = Book.open(), serve()
    sections = [
        s
        for page in sorted((SITE / "book").glob("*.html"))
        for s in search_index.sections_of(SITE, f"book/{page.stem}")
    ]
    built, asked = [], []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for papers, findings in SIZES:
            book = grown.book(own, papers, findings)
            began = time.perf_counter()
            data = search_index.data(book, sections)
            whole = time.perf_counter()
            files = {
                name: scripts.member("lscSearchParts", name, held) if name else scripts.assignment("lscSearch", held)
                for name, held in shards.laid_out(data)
            }
            took = time.perf_counter() - whole
            shown = {group: [cells[:-1] for cells in rows] for group, rows in data.items()}
            all_at_once = len(gzip.compress(scripts.assignment("lscSearch", shown).encode(), 9))
            weight = {name: len(gzip.compress(text.encode(), 6)) for name, text in files.items()}
            counts = [f"{len(book.corpus.records):,}", f"{len(book.evidence.findings):,}"]
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            total, largest = sum(weight.values()) / 1e6, max(weight.values()) / 1000
            sizes = [f"{all_at_once / 1000:.0f}", f"{len(files):,}", f"{total:.1f}", f"{largest:.0f}"]
            built.append([*counts, *sizes, f"{whole - began:.1f}", f"{took:.1f}", f"{memory:.0f}"])
            row = []
            for question in QUESTIONS:
                page = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True).new_page()
                sent = []

                def answer(route):
                    name = route.request.url.rpartition("/")[2].removesuffix(".js")
                    name = "" if name == "search-data" else name
                    sent.append(weight[name])  # noqa: B023  read before the next page
                    route.fulfill(body=files[name], content_type="text/javascript; charset=utf-8")  # noqa: B023

                page.route(re.compile("search-data[.]js|search-parts/"), answer)
                page.goto(f"{root}/search.html")
                milliseconds = page.evaluate(SEARCHED, question)
                row.append(f"{sum(sent) / 1000:.0f} in {len(sent)}, {milliseconds:.0f} ms")
                page.context.close()
            asked.append([*counts, *row])
        browser.close()
    sizes = ["kB gz in one file", "files", "MB gz of all", "kB gz of the largest"]
    table(["papers", "findings", *sizes, "documents, s", "index, s", "peak MB"], built)
    print()
    table(["papers", "findings", *QUESTIONS], asked)


if __name__ == "__main__":
    main()
