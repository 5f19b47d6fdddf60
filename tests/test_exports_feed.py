"""Feed, llms.txt, robots.txt and site map, and the list of all files, of one small book, word for word, as somebody would write it by hand who knows the format."""

import hashlib
import json

import pytest
from lxml import etree

from lscbook import exports
from lscbook.exports import feed, site_root
from tests import books, whole_book
from tests.whole_book import BASE, CC_BY, CITE, OFFERED

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def book():
    return whole_book.book()


def test_the_feed_word_for_word(book):
    root = etree.fromstring(feed.feed(book))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"
    head = [
        (child.tag.removeprefix(ATOM), child.text or dict(child.attrib))
        for child in root
        if child.tag != f"{ATOM}entry"
    ]
    told = dict(pair for pair in head if pair[0] not in {"link", "id", "author"})
    assert told == {
        "title": "Test Book: what's new", "subtitle": "A book for tests.", "updated": "2026-02-03T00:00:00Z",
        "rights": f"Claims: CC BY 4.0, {CC_BY}",
    }  # fmt: skip
    assert [dict(link.attrib) for link in root.findall(f"{ATOM}link")] == [
        {"rel": "self", "type": "application/atom+xml", "href": f"{BASE}feed.xml"},
        {"rel": "alternate", "type": "text/html", "href": f"{BASE}book/whats-new.html"},
    ]
    assert [name.text for name in root.findall(f"{ATOM}author/{ATOM}name")] == ["The testers"]
    entries = {entry.findtext(f"{ATOM}updated")[:10]: entry for entry in root.findall(f"{ATOM}entry")}
    assert list(entries) == ["2026-02-03", "2026-01-09", "2026-01-07", "2026-01-05", "2026-01-02"]
    assert [entry.findtext(f"{ATOM}title") for entry in entries.values()] == [
        "2026-02-03: 2 findings read a second time", "2026-01-09: standing of 1 paper changed",
        "2026-01-07: status of 1 trial changed", "2026-01-05: harvest from PubMed: 1 new, 1 changed",
        "2026-01-02: 3 findings from 2 papers entered",
    ]  # fmt: skip
    link = entries["2026-01-02"].find(f"{ATOM}link")
    assert dict(link.attrib) == {
        "rel": "alternate",
        "type": "text/html",
        "href": f"{BASE}book/whats-new.html#d-2026-01-02",
    }
    content = {day: entry.findtext(f"{ATOM}content") for day, entry in entries.items()}
    assert {entry.find(f"{ATOM}content").get("type") for entry in entries.values()} == {"html"}
    assert content["2026-01-09"].startswith(f'<p><a href="{BASE}papers/10-1000-p-1.html">')
    assert content["2026-01-09"].endswith("</a>: retracted. RetractionIn Crossref</p>")
    assert content["2026-01-07"] == "<p>Trial NCT00000001: TERMINATED. futility</p>"
    assert content["2026-01-05"] == "<p>harvest from PubMed: 1 new, 1 changed.</p>"
    assert "<h3>clonal evolution: 2 findings</h3>" in content["2026-01-02"]
    assert f'It failed. <a href="{BASE}papers/77.html#f-77-2">Doe and The Group 2014</a>' in content["2026-01-02"]


def test_a_feed_of_a_book_without_news_or_address():
    empty = etree.fromstring(feed.feed(books.book()))
    assert empty.findtext(f"{ATOM}updated") == "2026-01-03T00:00:00Z"
    assert [link.get("rel") for link in empty.findall(f"{ATOM}link")] == ["alternate"]
    assert not empty.findall(f"{ATOM}entry")


def test_llms_txt_word_for_word(book):
    told = site_root.llms_txt(book, [("data/findings.csv", "Every finding")])
    assert told.startswith(
        "# Test Book\n\n> A book for tests.\n\nSnapshot of 2026-01-03: 3 findings from 2 papers, 2 records. \n\n"
        f"## How to cite\n\n- {CITE}\n- Claims: CC BY 4.0 ({CC_BY})."
    )
    assert (
        f"\n## Data\n\n- [data/findings.csv]({BASE}data/findings.csv): Every finding\n\n## What a finding is\n" in told
    )
    assert "\n- `reference`: Name of the finding: paper and number.\n" in told
    assert (
        "\n- `standing`: Does the paper stand? The worst current notice decides; not asked where nobody asked. " in told
    )


def test_robots_and_the_site_map(book):
    assert site_root.robots_txt(book) == f"User-agent: *\nAllow: /\nSitemap: {BASE}sitemap.xml\n"
    root = etree.fromstring(site_root.sitemap(book, ["papers/77.html", "index.html", "a b.html"]))
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
    assert [(url.tag.partition("}")[2], url[0].tag.partition("}")[2], url[0].text) for url in root] == [
        ("url", "loc", f"{BASE}a%20b.html"), ("url", "loc", f"{BASE}index.html"), ("url", "loc", f"{BASE}papers/77.html")]  # fmt: skip


def test_every_file_is_made_under_its_address_and_the_dataset_lists_it(book, tmp_path):
    (tmp_path / "entry.schema.json").write_text("{}")
    (tmp_path / "folder").mkdir()
    made = exports.everything(book, schemas=tmp_path)
    assert set(made) == {
        "data/findings.csv", "data/findings.tsv", "data/findings.xlsx", "data/papers.csv", "data/screening.tsv",
        "data/evidence.sqlite", "data/findings.json", "data/findings.jsonl", "data/vocabulary.json", "data/book.jsonld",
        "data/datapackage.json", "data/references.bib", "data/references.ris", "feed.xml", "findings.xml", "llms.txt",
        "data/papers/77.json", "data/papers/10-1000-p-1.json", "data/changes/2026-01-05.json", "data/schema/entry.schema.json",
    }  # fmt: skip
    assert json.loads(made["data/changes/2026-01-05.json"])["new"] == ["3"]
    assert made["data/findings.tsv"].decode().splitlines()[0] == made["data/findings.csv"].decode().splitlines()[
        0
    ].replace(",", "\t")
    assert made["data/references.bib"].decode().index("pmid-77") > made["data/references.bib"].decode().index("doi-10")
    listed = {d["contentUrl"]: d for d in json.loads(made["data/book.jsonld"])["@graph"][0]["distribution"]}
    assert listed["../data/papers.csv"] == {
        "@type": "DataDownload", "contentUrl": "../data/papers.csv", "encodingFormat": "text/csv",
        "description": "Every curated paper, with its standing and its counts", "contentSize": str(len(made["data/papers.csv"])),
        "sha256": hashlib.sha256(made["data/papers.csv"]).hexdigest(),
    }  # fmt: skip
    assert {url.removeprefix("../") for url in listed} == {f.path for f in exports.FILES} - {"data/book.jsonld"}
    assert {f.path: (f.media, f.licence) for f in exports.FILES} == OFFERED


def test_what_is_written_is_what_was_made(book, tmp_path):
    (tmp_path / "_static").mkdir()
    for page in ("index.html", "_static/part.html"):
        (tmp_path / page).write_text("x")
    written = exports.write_all(tmp_path, book)
    assert {p.relative_to(tmp_path).as_posix() for p in written} >= {
        "robots.txt",
        "sitemap.xml",
        "feed.xml",
        "data/papers/77.json",
    }
    assert [p.relative_to(tmp_path).as_posix() for p in written] == sorted(
        p.relative_to(tmp_path).as_posix() for p in written
    )
    assert "part.html" not in (tmp_path / "sitemap.xml").read_text()
    assert (tmp_path / "feed.xml").read_bytes() == feed.feed(book)


def test_a_feed_shows_forty_findings_of_a_chapter_and_has_no_stray_text():
    for many, more in ((40, ""), (41, "And 1 more."), (1042, "And 1,002 more.")):
        found = [books.finding(n, claim=f"Lesion number {n} came first.") for n in range(1, many + 1)]
        root = etree.fromstring(feed.feed(books.book((books.entry("1", found), books.record()))))
        content = root.findtext(f"{ATOM}entry/{ATOM}content")
        assert content.count("<li>") == 40
        assert ("more." in content) is bool(more)
        assert more in content
        assert {text.strip() for node in root.iter() for text in (node.tail or "",)} == {""}
        assert root.text.strip() == ""


def test_a_feed_tells_thirty_days():
    pairs = [
        (books.entry(str(n), added=f"2026-{1 + n // 28:02}-{1 + n % 28:02}"), books.record(str(n)))
        for n in range(1, 33)
    ]
    assert len(etree.fromstring(feed.feed(books.book(*pairs))).findall(f"{ATOM}entry")) == 30


def test_a_feed_has_the_newest_two_hundred_findings_and_thirty_days():
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 17)]
    pairs = [
        (books.entry(str(n), [books.finding(i) for i in range(1, 8)], added=day), books.record(str(n)))
        for n, day in enumerate(days, 1)
    ]
    made = books.book(*pairs)
    of_findings, of_days = (
        etree.fromstring(told).findall(f"{ATOM}entry") for told in (feed.findings(made), feed.feed(made))
    )
    assert (len(of_findings), len(of_days)) == (200, 30)
    assert [e.findtext(f"{ATOM}updated")[:10] for e in of_days] == days[::-1][:30]
    assert [e.findtext(f"{ATOM}updated")[:10] for e in of_findings] == [day for day in days[::-1] for _ in range(7)][
        :200
    ]
