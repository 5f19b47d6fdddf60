"""What changed since a date: days from the data, the page that shows them, the feed, the age of the snapshot."""

import re
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from lxml import etree, html

from lscbook import paths
from lscbook.errors import CorpusInvalid
from lscbook.evidence.reviewing import Reading
from lscbook.exports import feed
from lscbook.harvest.updating import Difference
from lscbook.pubmed.record import Notice
from lscbook.site import start_page, whats_new
from lscbook.site.opened import Site
from lscbook.synthesis import changes
from tests import books
from tests.pages import serve

NOTICES = {
    "1": {"notices": [{"type": "RetractionIn", "date": "2025-05-01", "source": "Crossref"}], "told": "2026-03-05"}
}
TRIALS = {
    "NCT01074086": {"status": "TERMINATED", "why_stopped": "futility", "told": "2026-04-01"},
    "NCT99999999": {"status": "COMPLETED", "told": "2026-04-01"},  # of no curated paper
}
HARVEST = Difference(new=["3", "4"], changed=["2", "5"], withdrawn=["6"], resolved={"10.1000/a": "1"})


def made(**own):
    first = books.entry(
        "1", [books.finding(cohort=["NCT01074086"]), books.finding(2, "target", direction="does_not_support")]
    )
    second = books.entry("2", added="2026-02-01")
    given = {"notices": NOTICES, "trials": TRIALS, "harvests": {"2026-03-01": HARVEST},
             "readings": (Reading("2/1", "agree", "0000-0002-1825-0097", "2026-05-01"),), **own}  # fmt: skip
    return books.book(
        (first, books.record("1")), (second, books.record("2", "<script>alert(1)</script> & cells")), **given
    )


def test_days_come_from_the_data_and_the_newest_is_first():
    days = made().days
    assert [(d.date, d.summary()) for d in days] == [
        ("2026-05-01", ["1 finding read a second time"]),
        ("2026-04-01", ["status of 1 trial changed"]),
        ("2026-03-05", ["standing of 1 paper changed"]),
        ("2026-03-01", ["harvest from PubMed: 2 new, 2 changed, 1 withdrawn, 1 PMID found for a DOI"]),
        ("2026-02-01", ["1 finding from 1 paper entered"]),
        ("2026-01-02", ["2 findings from 1 paper entered"]),
    ]
    (paper,) = days[2].standing
    assert (paper.key, paper.state.value) == ("1", "retracted")
    (trial,) = days[1].trials
    assert (trial.nct, trial.papers) == ("NCT01074086", ("1",))
    assert list(days[5].by_chapter()) == ["evolution", "target"]
    assert days[3].curated(HARVEST.changed, made().evidence) == ["2"]


def test_notices_of_pubmed_have_no_date_and_are_told_apart():
    record = books.record("1", standing=(Notice("ErratumIn", "7"), Notice("RetractionOf", "8")))
    made_with = books.book((books.entry("1"), record))
    assert [d.date for d in made_with.days] == ["2026-01-02"]
    (paper,) = changes.undated(made_with.evidence, {})
    assert (paper.state.value, [n.type for n in paper.notices]) == ("corrected", ["ErratumIn"])


def test_harvests_are_read_as_they_were_written(tmp_path):
    assert changes.read_harvests(tmp_path / "none") == {}
    (tmp_path / "2026-03-01.json").write_text(HARVEST.as_json() + "\n")
    assert changes.read_harvests(tmp_path) == {"2026-03-01": HARVEST}
    (tmp_path / "2026-03-02.json").write_text('{"newer": []}')
    with pytest.raises(CorpusInvalid, match=r"2026-03-02\.json.*take the file from git"):
        changes.read_harvests(tmp_path)


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def page():
    def show(book):
        site = Site(book)
        return html.fromstring("<div>" + "".join(whats_new.day(site, d) for d in book.days) + "</div>")

    return show


def test_each_day_has_an_anchor_and_what_fell_comes_first(page):
    root = page(made())
    assert [h.get("id") for h in root.iter("h2")] == [
        f"d-{d}" for d in ("2026-05-01", "2026-04-01", "2026-03-05", "2026-03-01", "2026-02-01", "2026-01-02")
    ]
    standing = root.xpath("//section[h2/@id='d-2026-03-05']")[0]
    assert "retracted" in standing.text_content()
    assert "RetractionIn 2025-05-01" in standing.text_content()
    assert standing.xpath(".//a/@href") == ["../papers/1.html"]
    trial = root.xpath("//section[h2/@id='d-2026-04-01']")[0].text_content()
    assert "NCT01074086: terminated. futility" in trial
    harvest = root.xpath("//section[h2/@id='d-2026-03-01']")[0]
    assert "../data/changes/2026-03-01.json" in harvest.xpath(".//a/@href")
    assert "Curated papers changed in PubMed: 1" in harvest.text_content()


def test_chapters_fold_and_link_each_finding(page):
    day = page(made()).xpath("//section[h2/@id='d-2026-01-02']")[0]
    assert [s.text_content() for s in day.iter("summary")] == [
        "Clonal evolution: 1 finding from 1 paper (●\xa01 for, ○\xa00 against)",
        "Targets: 1 finding from 1 paper (●\xa00 for, ○\xa01 against)",
    ]
    assert "../papers/1.html#f-1-2" in day.xpath(".//a/@href")


@pytest.mark.parametrize(("papers", "opened"), [(whats_new.OPEN, True), (whats_new.OPEN + 1, False)])
def test_a_long_list_is_folded(page, papers, opened):
    root = page(books.book(*[(books.entry(str(n)), books.record(str(n))) for n in range(1, papers + 1)]))
    assert [("open" in d.attrib) for d in root.iter("details")] == [opened]


def test_a_very_long_list_is_cut_and_says_where_the_rest_is(page):
    many = whats_new.SHOWN + 3
    root = page(books.book(*[(books.entry(str(n)), books.record(str(n))) for n in range(1, many + 1)]))
    assert len(root.xpath("//details//li")) == whats_new.SHOWN
    assert "And 3 more, in findings.csv" in root.text_content()
    assert f"{many} findings from {many} papers" in root.text_content()


def test_hostile_titles_are_text(page):
    root = page(made())
    assert "<script>alert(1)</script> & cells" in root.text_content()
    assert list(root.iter("script")) == []


def test_the_page_of_this_book_is_skimmable(book):
    root = html.fromstring(f"<div>{whats_new.whats_new(Site(book))}</div>")
    dates = [h.get("id") for h in root.iter("h2") if h.get("id", "").startswith("d-")]
    assert dates == sorted(dates, reverse=True) != []
    assert root.xpath("//a[@href='../feed.xml']")
    for fold in root.iter("details"):
        assert len(fold.findall(".//li")) <= whats_new.OPEN or "open" not in fold.attrib


# --- the feed -------------------------------------------------------------------------------------

A = "{http://www.w3.org/2005/Atom}"


def instant(text):
    return datetime.fromisoformat(text).isoformat()


@pytest.mark.parametrize("base", ["", "https://example.org/lsc/"])
def test_the_feed_has_what_rfc_4287_requires(base):
    """§4.1.1 and §4.1.2: exactly one id, title and updated; an author; alternate or content; unique ids."""
    book = made(base=base)
    root = etree.fromstring(feed.feed(book))
    assert root.tag == f"{A}feed"
    for element in (root, *root.iter(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(A + name)) == 1, name
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", element.findtext(f"{A}id"))
        assert instant(element.findtext(f"{A}updated"))
        alternates = [li for li in element.findall(f"{A}link") if li.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert alternates[0].get("href").startswith(base or "book/")
    assert root.find(f"{A}author/{A}name") is not None
    assert len({e.text for e in root.iter(f"{A}id")}) == len(book.days) + 1
    assert [e.findtext(f"{A}updated")[:10] for e in root.iter(f"{A}entry")] == [d.date for d in book.days]
    assert root.findtext(f"{A}updated") == "2026-05-01T00:00:00Z"
    selfs = [li.get("href") for li in root.findall(f"{A}link") if li.get("rel") == "self"]
    assert selfs == ([f"{base}feed.xml"] if base else [])
    known = {
        f"{A}{n}"
        for n in ("feed", "entry", "id", "title", "subtitle", "updated", "link", "author", "name", "rights", "content")
    }
    assert {e.tag for e in root.iter()} <= known
    for content in root.iter(f"{A}content"):
        assert content.get("type") == "html"
        assert list(html.fromstring(f"<div>{content.text}</div>").iter("script")) == []


def test_ids_of_the_feed_never_change():
    """Not with the host, not with newer days: a reader would be told everything again."""
    ids = lambda book: [e.text for e in etree.fromstring(feed.feed(book)).iter(f"{A}id")]
    before = ids(made())
    assert before[0] == "urn:uuid:f28378d8-02f6-5ed0-ae45-0cc58aa49c54"
    assert before == ids(made(base="https://example.org/"))
    assert ids(made(harvests={"2026-03-01": HARVEST, "2026-12-01": HARVEST}))[2:] == before[1:]


def test_the_feed_tells_the_day():
    text = feed.feed(made()).decode()
    assert "2026-03-05: standing of 1 paper changed" in text
    assert "RetractionIn 2025-05-01" in text
    assert feed.feed(made()) == feed.feed(made())
    nothing = replace(made(), evidence=books.evidence(), harvests={}, notices={}, trials={}, readings=())
    assert etree.fromstring(feed.feed(nothing)).findtext(f"{A}updated") == "2026-01-03T00:00:00Z"


# --- the age of the snapshot ----------------------------------------------------------------------


@pytest.mark.slow
def test_the_readers_browser_warns_once_the_snapshot_is_old(tmp_path, chromium, book):
    shutil.copy(paths.ROOT / "lscbook/site/assets/book.js", tmp_path)
    note = start_page.snapshot_age(Site(book))
    as_of = date.fromisoformat(html.fromstring(note).get("data-as-of"))
    policy = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'\">"
    script = '<script defer src="book.js"></script>'
    (tmp_path / "index.html").write_text(f"<!doctype html>{policy}{script}{note}")
    seen = {}
    with serve(tmp_path) as address:
        for days in (0, 90, 91):
            page = chromium.new_page()
            page.clock.set_fixed_time(f"{as_of + timedelta(days)}T12:00:00Z")
            page.goto(f"{address}/index.html")
            seen[days] = page.locator(".snapshot-age strong").count()
            assert f"Snapshot of {as_of}" in page.locator(".snapshot-age").inner_text()
            page.close()
    assert seen == {0: 0, 90: 0, 91: 1}


def test_a_feed_has_an_entry_a_finding(book):
    root = etree.fromstring(feed.findings(book))
    entries = root.findall(f"{A}entry")
    assert len(entries) == min(feed.NEWEST, len(book.evidence.findings))
    days = [e.findtext(f"{A}updated") for e in entries]
    assert days == sorted(days, reverse=True)
    ids = [e.findtext(f"{A}id") for e in entries]
    assert len(set(ids)) == len(ids)
    newest = max(book.evidence.findings, key=lambda f: f.entry.added)
    assert any(f.finding.claim in entries[0].findtext(f"{A}title") for f in book.evidence.findings if f.entry.added == newest.entry.added)
    for entry in entries:
        assert list(html.fromstring(f"<div>{entry.findtext(f'{A}content')}</div>").iter("script")) == []
