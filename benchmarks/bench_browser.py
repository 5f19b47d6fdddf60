"""Filter, sort and page 10,000 findings in Chromium; prints a table, asserts nothing.

Our own findings, copied under other PMIDs until there are enough. Needs a built site (make book). A
time runs from the action to the second frame after it, when the reader sees the result.
"""

import functools
import gzip
import http.server
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import grown
from playwright.sync_api import Page, sync_playwright

from lscbook import paths
from lscbook.corpus import Corpus
from lscbook.site import scripts
from lscbook.site.browser import facets
from lscbook.synthesis.book import Book

SITE = paths.ROOT / "_build" / "html"
SIZES = (0, 2_500, 10_000)  # 0: as they are
REPEATS = 9

TIMED = """async act => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame(); await frame();
  const began = performance.now();
  const changed = new Promise(done => new MutationObserver(done).observe(
    document.querySelector('#evidence-browser tbody'), {childList: true}));
  eval(act);
  await changed; await frame(); await frame();
  return performance.now() - began;
}"""


def tick(name: str, word: str) -> str:
    return f"document.querySelector('input[name={name}][value={word}]').click()"


def enter(field: str, value: str) -> str:
    put = f"field.value = '{value}'; field.dispatchEvent(new Event('input', {{bubbles: true}}))"
    return f"{{ const field = document.querySelector('#evidence-browser {field}'); {put} }}"


def press(act: str) -> str:
    return f"document.querySelector('[data-act={act}]').click()"


ACTIONS = {
    "filter by theme": (tick("theme", "target"),) * 2,
    "filter by disease and direction": (tick("disease", "AML"), tick("direction", "does_not_support")) * 2,
    "sort": (enter("select", "author"), enter("select", "strength")),
    "turn the page": (press("next"), press("previous")),
}
PAUSE = 120  # ms, for which the text filter waits for more letters


def serve() -> str:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def given(page: Page, file: str, name: str, data: Any) -> int:
    """Let the page find this data; returns its bytes, gzipped."""
    body = scripts.assignment(name, data)
    page.route(f"**/{file}", lambda route: route.fulfill(body=body, content_type="text/javascript; charset=utf-8"))
    return len(gzip.compress(body.encode(), 9))


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def browse(page: Page, root: str) -> list[str]:
    page.goto(f"{root}/book/evidence.html")
    first = page.evaluate(TIMED, tick("theme", "identity"))
    page.evaluate(TIMED, tick("theme", "identity"))
    times = [[page.evaluate(TIMED, act) for _ in range(REPEATS) for act in acts] for acts in ACTIONS.values()]
    words = [enter("input[name=q]", word) for word in ("venetoclax", "")]
    times.append([page.evaluate(TIMED, act) - PAUSE for _ in range(REPEATS) for act in words])
    return [f"{first:.0f}", *(f"{median(found):.0f} ({min(found):.0f})" for found in times)]


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |\n|" + "---:|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium or not Path(SITE / "search.html").exists():
        print("bench_browser: needs chromium (apt-get install chromium) and a built site (make book)")
        return
    own, root = Book.open(), serve()
    browsed = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for size in SIZES:
            evidence = grown.multiplied(own.evidence, size)
            known = Corpus({**own.corpus.records, **evidence.records}, own.corpus.manifest)
            book = replace(own, evidence=evidence, corpus=known)
            # the clock below evaluates an action, which the pages' policy forbids to everybody else
            page = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True).new_page()
            weight = given(page, "evidence-data.js", "lscEvidence", facets.data(book))
            browsed.append([f"{len(evidence.findings):,}", f"{weight / 1000:.0f}", *browse(page, root)])
            page.context.close()
        browser.close()
    table(["findings", "kB gz", "load and first filter, ms", *ACTIONS, "type a word"], browsed)


if __name__ == "__main__":
    main()
