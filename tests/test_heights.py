"""On a phone no page is longer than a reader would scroll, and what opens a page fits one screen. In a browser. Slow."""

import pytest
from lxml import html

from lscbook.site.opened import Site
from lscbook.site.pages import terms_and_papers
from tests import books
from tests.pages import open_page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

PHONE = {"viewport": {"width": 390, "height": 844}}
MOST = 12_000  # pixels
TALLEST = 15  # pages of things with most text, which are looked at


def pages(built):
    """Every page of the book and every list; of the pages of things, those with most text."""
    book = sorted(built.glob("book/*.html")) + sorted(built.glob("*/index.html"))
    kinds = {page.parent for page in built.glob("*/index.html")} - {built / "papers"}
    things = [page for kind in kinds for page in kind.glob("*.html") if page.name != "index.html"]
    papers = [page for page in (built / "papers").glob("*.html") if page.name != "index.html"]
    longest = sorted(things, key=lambda page: (-page.stat().st_size, page))[:TALLEST]
    longest += sorted(papers, key=lambda page: (-page.stat().st_size, page))[:3]
    return [page.relative_to(built).as_posix() for page in (*book, *longest)]


def test_no_page_is_too_high_or_too_wide_on_a_phone(chromium, server, built):
    looked_at = pages(built)
    assert {"book/targets.html", "book/methods.html", "diseases/aml.html", "therapies/index.html"} <= set(looked_at)
    found = {}
    with open_page(chromium, server, **PHONE) as (page, faults):
        for name in looked_at:
            page.goto(f"{server}/{name}")
            found[name] = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
        assert faults == []
    assert {name: size for name, size in found.items() if size[0] > MOST} == {}
    assert {name: size for name, size in found.items() if size[1] > 390} == {}


def answering(page):
    return lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8")


def test_a_thing_of_240_long_findings_is_not_too_high(chromium, server, tmp_path):
    """Of a book made for it, in the frame and the styles of the site."""
    terms_and_papers.write_all(tmp_path, Site(books.grown(240)), {})
    found = {}
    with open_page(chromium, server, **PHONE) as (page, _):
        for name in ("targets/cd123", "targets/idh2", "diseases/aml", "families/idh"):
            made = (tmp_path / f"{name}.html").read_text("utf-8")
            page.route(f"**/{name}.html", answering(made))
            page.goto(f"{server}/{name}.html")
            assert page.locator("article.finding").count() >= 30
            found[name] = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
    assert {name: size for name, size in found.items() if size[0] > MOST or size[1] > 390} == {}


@pytest.mark.parametrize("name", ["targets/cd123", "targets/cd47", "targets/tim-3", "markers/lsc17", "genes/nras"])
def test_the_summary_of_findings_stands_in_the_first_screen(chromium, server, name):
    with open_page(chromium, server, **PHONE) as (page, faults):
        page.goto(f"{server}/{name}.html")
        box = page.locator(".summary").bounding_box()
        assert box["y"] + box["height"] <= 844
        assert faults == []


@pytest.mark.parametrize("page_of", ["targets/index", "book/data"])
def test_a_table_of_counts_keeps_its_column_heads(chromium, server, page_of):
    """Each head stands above the numbers that it names."""
    with open_page(chromium, server, **PHONE) as (page, _):
        page.goto(f"{server}/{page_of}.html")
        table = page.locator("table.heads").first
        assert table.evaluate("t => t.parentElement.scrollWidth <= t.parentElement.clientWidth")  # none is cut off
        heads = table.locator("thead th").all()
        cells = table.locator("tbody tr").first.locator("th, td").all()
        assert len(heads) == len(cells) >= 5
        for head, cell in zip(heads, cells, strict=True):
            assert head.is_visible()
            assert abs(head.bounding_box()["x"] - cell.bounding_box()["x"]) < 2
            assert head.bounding_box()["y"] < cell.bounding_box()["y"]


def test_an_essay_is_folded_on_a_phone_and_a_link_to_it_opens_it(chromium, server, built):
    root = html.parse(str(built / "book" / "targets.html")).getroot()
    assert root.xpath("//details[@class='essay']") == []  # without the script it is open
    with open_page(chromium, server, **PHONE) as (page, _):
        page.goto(f"{server}/book/targets.html")
        essays = page.locator("section > details.essay")
        assert essays.count() >= 3
        assert page.locator("details.essay[open]").count() == 0
        place = essays.first.locator("xpath=..").get_attribute("id")
        page.goto(f"{server}/book/targets.html#{place}")
        assert page.locator("details.essay[open]").count() == 1
    with open_page(chromium, server) as (page, _):
        page.goto(f"{server}/book/targets.html")
        assert page.locator("details.essay").count() == 0


def test_the_table_of_all_evidence_shows_its_first_rows_and_the_rest_on_demand(chromium, server):
    with open_page(chromium, server, **PHONE) as (page, faults):
        page.goto(f"{server}/book/evidence.html")
        rows = page.locator("[data-part=table] tbody tr")
        assert rows.locator("visible=true").count() == 25
        page.click("[data-act=longer]")
        assert rows.locator("visible=true").count() == rows.count() == 100
        assert not page.locator("[data-act=longer]").is_visible()
        assert faults == []


def test_curate_this_opens_the_form_with_the_paper_filled_in(chromium, server):
    with open_page(chromium, server, **PHONE) as (page, faults):
        page.goto(f"{server}/targets/cd47.html")
        page.click("li:has-text('ENHANCE-2') a.curate")
        page.wait_for_selector("#entry-paper:has-text('ENHANCE-2')")
        assert page.input_value("#entry-key") == "40009500"
        assert faults == []
