"""The five jobs that a reader comes for (DESIGN, 1), in a real browser: phone and desk, light and dark, scripts or none. Slow."""

import csv
import io
import itertools
import json
import re
from pathlib import Path

import pytest
from lxml import etree

from lscbook import addresses
from lscbook.figures import tables
from tests.pages import open_page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

SCREENS = [
    {"viewport": {"width": width, "height": 844}, "color_scheme": mode, "java_script_enabled": script}
    for width, mode, script in itertools.product((390, 1280), ("light", "dark"), (True, False))
]


def named(options):
    scripts = "scripts" if options["java_script_enabled"] else "no scripts"
    return f"{options['viewport']['width']}, {options['color_scheme']}, {scripts}"


@pytest.fixture(params=SCREENS, ids=named)
def reader(request, chromium, server):
    """A page at the first screen of the book; at the end nothing failed and nothing was asked elsewhere."""
    with open_page(chromium, server, **request.param) as (page, faults):
        page.goto(f"{server}/index.html")
        page.wait_for_url("**/book/start-here.html")
        page.scripted = request.param["java_script_enabled"]
        yield page
        assert faults == []


def follow(link):
    """Go where a link leads, and wait until the page is there."""
    with link.page.expect_navigation(wait_until="load"):
        link.click()


def test_what_is_the_best_evidence_for_a_target(reader, evidence):
    """Job 1: from the first screen to everything on FLT3, the furthest rung first."""
    if reader.scripted:
        reader.fill("#find", "CD135")  # another name of FLT3
        reader.press("#find", "Enter")
        reader.wait_for_url("**/search.html?q=CD135")
        follow(reader.locator("a[href$='targets/flt3.html']").first)
    else:
        follow(reader.locator("article").get_by_role("link", name="targets", exact=True))
        follow(reader.locator("th a[href$='/flt3.html']"))
    assert reader.title().startswith("FLT3 (target; marker CD135; gene)")
    summary = reader.locator(".summary")
    assert summary.bounding_box()["y"] + summary.bounding_box()["height"] <= 844  # in one screen
    assert "Best human evidence for" in summary.text_content()
    on_flt3 = [f for f in evidence.findings if f.finding.theme == "target" and f.finding.target == "FLT3"]
    section = reader.locator("section[aria-labelledby='target']")
    held = section.locator("article.finding").count()
    assert held == len(on_flt3) or f"strongest {held} of {len(on_flt3)}" in section.text_content()
    rungs = reader.locator("table.ladder th[scope='row']").all_text_contents()
    assert rungs[0] == "phase 3"
    assert reader.locator("#approved").is_visible()
    assert reader.locator("h2", has_text="What is missing").is_visible()


def test_what_contradicts_it(reader, evidence, book):
    """Job 2: from a chapter to each finding against, in the same figure as the support, and in the browser."""
    follow(reader.locator(".doors a[href$='targets.html']"))
    against = [f for f in evidence.of_theme("target") if f.finding.stance == "does_not_support"]
    section = reader.locator("section", has=reader.locator("> h2", has_text="What contradicts it"))
    cards = section.locator("details.conflict")
    assert cards.count() == tables.CARDS
    told = {f.reference for c in tables.on_cards(book, "target") for f in (c.pairs[0].one, c.pairs[0].other)}
    rest = [f for f in against if f.reference not in told]
    assert section.locator("tbody tr").count() == min(tables.SHOWN, len(rest))
    ring = reader.locator(".picture svg a[href*='direction=does_not_support'][href*='stage=phase+3'][href*='target=CD123']").first
    address = ring.get_attribute("href")
    if not reader.scripted:
        assert "stage=phase+3" in address
        return
    reader.goto(reader.url.rpartition("/")[0] + "/" + address.removeprefix("../book/"))
    reader.wait_for_selector("[data-part=chips]:not([hidden])")
    same = [f for f in against if f.finding.target == "CD123" and f.finding.stage == "phase 3"]
    assert reader.locator("[data-part=table] tbody tr").count() == len(same)


def test_what_changed_since_a_date(reader, server):
    """Job 3: What's new by day, each with an address, and the same as a feed."""
    follow(reader.locator("article").get_by_role("link", name="What's new"))
    days = reader.locator("section.day h2")
    dates = days.locator("time").all_text_contents()
    assert dates == sorted(dates, reverse=True)
    assert re.fullmatch(r"d-\d{4}-\d\d-\d\d", days.first.get_attribute("id"))
    feed = etree.fromstring(reader.request.get(f"{server}/feed.xml").body())
    atom = {"a": "http://www.w3.org/2005/Atom"}
    told = feed.xpath("//a:entry/a:updated/text()", namespaces=atom)
    assert {t[:10] for t in told} == set(dates)
    assert reader.locator("link[type='application/atom+xml']").get_attribute("href").endswith("feed.xml")


def test_does_the_source_still_stand(reader, evidence):
    """Job 4: from a claim in the text to its paper, which says how it stands and who read it."""
    follow(reader.locator(".doors a[href$='clonal-evolution.html']"))
    link = reader.locator(".cite.has-card a").first
    if reader.scripted:
        card = reader.locator(f"#{link.get_attribute('aria-describedby')}")
        link.focus()
        assert card.is_visible()
        assert "read once" in card.text_content()
        reader.keyboard.press("Escape")
        assert not card.is_visible()
    follow(link)
    assert "/papers/" in reader.url
    assert reader.get_by_role("heading", name="Does it still stand?").is_visible()
    key = next(k for k in evidence.records if addresses.key_slug(k) == Path(reader.url.partition("#")[0]).stem)
    assert evidence.records[key].title in reader.text_content("h1")
    assert f"Read as {evidence.entries[key].read}" in reader.text_content("main")
    assert "Clonal evolution" in reader.text_content("section[aria-labelledby='cited']")


def test_give_me_the_table_the_figure_and_the_place(reader, evidence, server):
    """Job 5: picture, figures of the picture, table, reference and the place in the paper, to put into one's own work."""
    follow(reader.locator(".doors a[href$='surveillance.html']"))
    here = reader.url
    for kind in ("svg", "png", "csv"):
        href = reader.locator(f".take a[href$='.{kind}']").first.get_attribute("href")
        body = reader.request.get(f"{server}/{href.removeprefix('../')}").body()
        assert body.startswith({"svg": b"<svg", "png": b"\x89PNG", "csv": b"panel"}[kind])
    assert reader.locator("summary", has_text="Data of this figure as a table").is_visible()
    assert reader.locator("a[href$='.ipynb']").is_visible()
    whole = reader.request.get(f"{server}/data/findings.csv").body().decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(whole)))) == len(evidence.findings)
    row = reader.locator("table.strongest tbody tr").first
    follow(row.locator("a.paper"))
    assert re.search(r"abstract, sentences? \d", reader.text_content("article.finding .origin"))
    reader.locator("summary", has_text="BibTeX").click()
    assert "@article" in reader.locator("pre").first.text_content()
    told = reader.request.get(f"{server}/{reader.locator('a[href*=papers][href$=json]').get_attribute('href').removeprefix('../')}")
    assert json.loads(told.body())
    reader.goto(here.replace("surveillance", "targets"))
    if reader.scripted:
        reader.click("button.explore")
        reader.wait_for_selector(".moving svg")
        reader.locator(".moving select").first.select_option(index=1)
        reader.click("button.explore")
        explored = reader.locator("figure", has=reader.locator("button.explore")).first
        assert explored.locator(".picture:not(.moving) svg").locator("visible=true").count() == 1


def test_a_tap_opens_the_card_and_a_second_follows_the_link(chromium, server):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with open_page(chromium, server, **phone) as (page, faults):
        page.goto(f"{server}/book/targets.html")
        link = page.locator(".cite.has-card a").first
        link.tap()
        card = page.locator(f"#{link.get_attribute('aria-describedby')}")
        assert card.is_visible()
        box = card.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        link.tap()
        page.wait_for_url("**/papers/**")
        assert faults == []


def test_a_word_of_the_glossary_explains_itself(chromium, server):
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/lsc-identity.html")
        link = page.locator(".gloss.has-card a").first
        link.hover()
        assert "defined by that ability" in page.locator(f"#{link.get_attribute('aria-describedby')}").text_content()
        link.click()
        page.wait_for_url("**/glossary.html#word-lsc")
        assert faults == []


def test_motion_is_left_out_where_it_is_not_wanted(chromium, server):
    with open_page(chromium, server, reduced_motion="reduce") as (page, _):
        page.goto(f"{server}/book/targets.html")
        moving = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0.01"
            " || getComputedStyle(e).animationName !== 'none').map(e => e.className).slice(0, 5)"
        )
        assert moving == []
