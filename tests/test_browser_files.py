"""What a reader takes along from the evidence browser, in Chromium. Slow."""

import csv
import io
import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from lscbook.evidence.store import Evidence
from lscbook.site import scripts
from lscbook.site.browser import page as browser_page
from lscbook.site.browser import parts
from lscbook.site.opened import Site
from lscbook.synthesis.counts import strongest_first
from tests.browsing import download, expected, hostile, journey, settled
from tests.pages import open_page


def ris(text):
    """Tag to values of one record; a line that has no tag is an error."""
    found = {}
    for line in text.strip().splitlines():
        tag, _, value = line.partition("  - ")
        assert len(tag) == 2, line
        found.setdefault(tag, []).append(value)
    return found


@journey
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_what_is_shown_can_be_taken_along(chromium, server, built, evidence, scheme):
    import pybtex.database

    root = server if scheme == "http" else f"file://{built}"
    fits = expected(evidence, lambda f: f.finding.theme == "evolution")
    papers = {f.record.key for f in fits}
    with open_page(chromium, root) as (page, faults):
        page.goto(f"{root}/book/evidence.html#theme=evolution")
        settled(page, f"{len(fits)} findings from {len(papers)} papers")
        text = download(page, "csv")
        whole = (built / "data/findings.csv").read_text("utf-8").splitlines()
        assert text.splitlines()[0] == whole[0]
        assert set(text.splitlines()) <= set(whole)
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["claim"] for row in rows] == [f.finding.claim for f in fits]
        assert [json.loads(row["lesions"] or "[]") for row in rows] == [list(f.finding.lesions) for f in fits]
        told = json.loads(download(page, "json"))
        assert [(t["reference"], t["study"], t["diseases"]) for t in told] == [
            (f.reference, f.finding.study, list(f.finding.diseases)) for f in fits
        ]
        bibliography = pybtex.database.parse_string(download(page, "bib"), "bibtex")
        assert {e.fields.get("pmid") or e.fields["doi"] for e in bibliography.entries.values()} == papers
        listed = [ris(record) for record in download(page, "ris").split("ER  - \n") if record.strip()]
        by_key = {(record.get("AN") or record["DO"])[0]: record for record in listed}
        assert set(by_key) == papers
        for f in fits:
            assert len(by_key[f.record.key].get("AU", [])) == len(f.record.authors)
            assert by_key[f.record.key]["TI"] == [f.record.title.rstrip(".")]
        assert faults == []


@journey
def test_no_cell_of_the_csv_runs_and_karyotypes_stay(chromium, server, book):
    bad = hostile(book).evidence
    first = strongest_first(book.evidence.findings)[0].entry.key
    planted = {}
    cells = ("=1+1", "+8", "-7/del(7q) in MDS", "@SUM(A1)", "-1+cmd|' /C calc'!A0", "a;=2+2")
    entry = bad.entries[first]
    for n, text in enumerate(cells):
        key = f"9990{n}"
        planted[key] = entry.model_copy(update={"pmid": key, "findings": tuple(
            f.model_copy(update={"claim": text, "note": text}) for f in entry.findings[:1])})  # fmt: skip
    records = {key: replace(bad.records[first], pmid=key) for key in planted}
    both = Evidence({**bad.entries, **planted}, {**bad.records, **records})
    site = Site(replace(book, evidence=both))
    served = {f"{name}.js": scripts.member("lscParts", name, items) for name, items in parts.parts(site)}
    served["evidence-data.js"] = scripts.assignment("lscEvidence", browser_page.script_data(site))

    def answer(route):
        body = served[urlsplit(route.request.url).path.rpartition("/")[2]]
        route.fulfill(body=body, content_type="text/javascript; charset=utf-8")

    with open_page(chromium, server) as (page, faults):
        page.route(re.compile("evidence-data[.]js|browser-parts/"), answer)
        page.goto(f"{server}/book/evidence.html#sort=year")
        settled(page, f"{len(both.findings)} findings")
        assert page.locator("#evidence-browser :is(img, script, iframe)").count() == 0
        rows = list(csv.DictReader(io.StringIO(download(page, "csv"))))
        notes = {row["pmid"]: row["note"] for row in rows if row["pmid"] in planted}
        guarded = ["'=1+1", "+8", "-7/del(7q) in MDS", "'@SUM(A1)", "'-1+cmd|' /C calc'!A0", "a;'=2+2"]
        assert [notes[f"9990{n}"] for n in range(len(cells))] == guarded
        assert faults == []
