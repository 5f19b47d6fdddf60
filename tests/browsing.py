"""What the tests of the evidence browser share: its data, and a reader's ways through its page."""

from dataclasses import replace

import pytest

from lscbook.evidence.store import Evidence
from lscbook.pubmed.record import Author
from lscbook.synthesis.counts import strongest_first

HOSTILE = "</script><!--<img src=x onerror=alert(1)>\u2028\u2029 & \"'>"


def hostile(book):
    """Our evidence, with text in a claim, a note, a title and an author that the model would refuse."""
    evidence = book.evidence
    key = strongest_first(evidence.findings)[0].entry.key
    entry, record = evidence.entries[key], evidence.records[key]
    bad = [f.model_copy(update={"claim": HOSTILE, "note": HOSTILE, "n": 5, "n_unit": HOSTILE}) for f in entry.findings]
    return replace(book, evidence=Evidence(
        {**evidence.entries, key: entry.model_copy(update={"findings": tuple(bad)})},
        {**evidence.records, key: replace(record, title=HOSTILE, journal=HOSTILE, authors=(Author(HOSTILE, "X"),))},
    ))  # fmt: skip


slow = [pytest.mark.slow, pytest.mark.xdist_group("site")]


def journey(function):
    for mark in slow:
        function = mark(function)
    return function


def settled(page, start):
    """Wait until the live region says something that begins so."""
    page.wait_for_function(
        "start => document.querySelector('#evidence-browser [data-part=status]').textContent.startsWith(start)",
        arg=start,
    )


def expected(evidence, test):
    return [f for f in strongest_first(evidence.findings) if test(f)]


def download(page, kind):
    with page.expect_download() as waiting:
        page.locator(f"[data-download={kind}]").click()
    return waiting.value.path().read_text(encoding="utf-8")
