"""A reader's journeys through the evidence browser in Chromium. Slow."""

from urllib.parse import parse_qs, urlsplit

import pytest

from lscbook import addresses
from lscbook.evidence import fields
from tests.browsing import download, expected, journey, settled
from tests.pages import faults_of, open_page


def status(page):
    return page.locator("#evidence-browser [data-part=status]").inner_text()


@journey
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_view_can_be_sent_narrowed_and_left(chromium, server, built, evidence, scheme):
    root = server if scheme == "http" else f"file://{built}"
    with open_page(chromium, root) as (page, faults):
        link = addresses.view(theme="target", stage="phase 3").removeprefix("../")
        page.goto(f"{root}/{link}")
        fits = expected(evidence, lambda f: f.finding.theme == "target" and f.finding.stage == "phase 3")
        settled(page, f"{len(fits)} finding")
        assert page.locator("tbody tr").count() == len(fits)
        claims = page.locator("tbody tr td:first-child").all_inner_texts()
        assert all(f.finding.claim in claim for f, claim in zip(fits, claims, strict=True))

        against = [f for f in fits if f.finding.stance == "does_not_support"]
        page.locator("[data-facet=direction] summary").click()
        box = page.locator("input[name=direction][value=does_not_support]")
        assert box.locator("xpath=../span[@class='count']").inner_text() == str(len(against))
        box.check()
        settled(page, f"{len(against)} finding")
        assert parse_qs(urlsplit(page.url).fragment)["direction"] == ["does_not_support"]

        page.go_back()
        settled(page, f"{len(fits)} finding")
        assert not box.is_checked()
        page.locator(".chip", has_text="stage").click()
        settled(page, f"{len(expected(evidence, lambda f: f.finding.theme == 'target'))} findings")
        assert page.evaluate("document.activeElement.className") == "chip"
        assert faults == []


@journey
def test_counts_say_what_one_would_get(chromium, server, evidence):
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html#disease=MDS")
        settled(page, f"{len(expected(evidence, lambda f: 'MDS' in f.finding.diseases))} finding")
        for disease in ("AML", "MDS"):  # its own filter does not bind a facet
            told = (
                page.locator(f"input[name=disease][value={disease}] ~ .count").inner_text(timeout=1000)
                if page.locator("[data-facet=disease]").get_attribute("open") is not None
                else page.locator(f"input[name=disease][value={disease}] ~ .count").text_content()
            )
            assert told == str(len(expected(evidence, lambda f, d=disease: d in f.finding.diseases)))
        for theme in fields.BY_THEME:
            told = page.locator(f"input[name=theme][value={theme}] ~ .count").text_content()
            assert told == str(
                len(expected(evidence, lambda f, t=theme: t == f.finding.theme and "MDS" in f.finding.diseases))
            )
        assert faults == []


@journey
def test_words_find_synonyms_and_forgive_a_hyphen(chromium, server, evidence):
    with open_page(chromium, server) as (page, faults):
        told = set()
        for asked in ("CD123", "cd-123", "IL3RA", "IL-3Rα"):
            page.goto(f"{server}/book/evidence.html")
            page.locator("#evidence-browser input[name=q]").fill(asked)
            page.wait_for_function("() => location.hash.includes('q=')")
            told.add(status(page))
        assert len(told) == 1
        assert not told.pop().startswith("No ")
        page.goto(f"{server}/book/evidence.html#therapy=VEN")
        settled(page, f"{len(expected(evidence, lambda f: 'venetoclax' in names_in(f)))} finding")
        assert "venetoclax" in page.locator(".chip").first.inner_text()
        assert faults == []


def names_in(located):
    own = [field.name for field in fields.fields_of(located.finding.theme) if "therapies" in field.vocabularies]
    told = [getattr(located.finding, name, None) or () for name in own]
    return [word for value in told for word in ((value,) if isinstance(value, str) else value)]


@journey
def test_an_odd_address_is_answered_politely(chromium, server, evidence):
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html#colour=blue&target=NOPE&year=20x1&gene=constructor&sort=constructor")
        settled(page, f"{len(evidence.findings)} findings")
        said = page.locator("[data-part=chips]").inner_text()
        assert "There is no filter “colour”" in said
        assert "“NOPE” is not a value of target in this book" in said
        assert "“constructor” is not a value of gene in this book" in said
        page.goto(f"{server}/book/evidence.html#target=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
        page.locator(".unknown").wait_for()
        assert page.locator("#evidence-browser img").count() == 0
        assert faults == []


@journey
def test_a_standing_that_no_paper_has_answers_none(chromium, server, book, evidence):
    assert "retracted" not in {book.standing(r).value for r in evidence.records.values()}
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html#standing=retracted")
        settled(page, "No finding fits")
        assert page.locator("[data-part=empty]").inner_text().startswith("None: no paper in this book is known to be retracted")
        page.get_by_role("link", name="Papers not yet checked").click()
        unasked = expected(evidence, lambda f: book.standing(f.record).value == "not asked")
        settled(page, f"{len(unasked)} findings")
        page.goto(f"{server}/book/evidence.html#standing=nonsense")
        settled(page, f"{len(evidence.findings)} findings")
        assert "not understood" in status(page)
        assert page.locator(".unknown").count() == 1
        assert faults == []


@journey
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_question_mark_asks_what_a_hash_asks(chromium, server, built, evidence, scheme):
    root = server if scheme == "http" else f"file://{built}"
    with open_page(chromium, root) as (page, faults):
        page.goto(f"{root}/book/evidence.html?disease=MDS#theme=target")
        fits = expected(evidence, lambda f: "MDS" in f.finding.diseases and f.finding.theme == "target")
        settled(page, f"{len(fits)} finding")
        assert "?" not in page.url
        assert faults == []


@journey
def test_findings_added_since_a_day(chromium, server, evidence):
    days = sorted({f.entry.added for f in evidence.findings})
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html#since={days[-1]}")
        newest = expected(evidence, lambda f: f.entry.added == days[-1])
        settled(page, f"{len(newest)} findings")
        assert page.locator(".chip").first.inner_text().startswith(f"added since: {days[-1]}")
        page.locator(".chip").first.click()
        settled(page, f"{len(evidence.findings)} findings")
        page.locator("[data-facet=since] summary").click()
        page.locator("input[name=since]").fill(days[-1])
        settled(page, f"{len(newest)} findings")
        assert parse_qs(urlsplit(page.url).fragment)["since"] == [days[-1]]
        assert faults == []


@journey
def test_an_empty_view_says_which_filter_to_drop(chromium, server, evidence):
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html#theme=surveillance&year=1900-1901")
        settled(page, "No finding fits")
        fits = expected(evidence, lambda f: f.finding.theme == "surveillance")
        page.get_by_role("button", name=f"Drop year: 1900–1901 ({len(fits)} findings)").click()
        settled(page, f"{len(fits)} findings")
        assert faults == []


@journey
def test_pages_have_buttons_and_keep_the_skip_link(chromium, server, evidence):
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html")
        settled(page, f"{len(evidence.findings)} findings")
        page.get_by_role("button", name="Next 100").click()
        # the count stands before the click and after it: only the pages tell that it took effect
        page.wait_for_function(
            "() => document.querySelector('#evidence-browser [data-part=status]').textContent.includes('101 to 200')"
        )
        assert expected(evidence, lambda _: True)[100].finding.claim in page.locator("tbody tr").first.inner_text()
        page.evaluate("location.hash = 'main-content'")
        page.wait_for_timeout(200)
        assert "101 to 200" in status(page)
        page.locator("#evidence-browser select").select_option("year")
        page.wait_for_function("() => location.hash.includes('sort=year')")
        years = [f.record.year for f in sorted(evidence.findings, key=lambda f: f.record.year, reverse=True)[:100]]
        shown = page.locator("tbody .paper").all_inner_texts()
        assert [text[-4:] for text in shown] == years
        assert faults == []


@journey
def test_a_row_reads_the_same_after_the_script_has_drawn_it(chromium, server, evidence):
    # the build explains an abbreviation where it first stands on the page; a row that is drawn anew stands elsewhere
    drawn = (
        "[...document.querySelectorAll('#evidence-browser tbody tr')].map("
        "row => row.outerHTML.replace(/<\\/?abbr[^>]*>/g, ''))"
    )
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html")
        before = page.evaluate(drawn)
        page.get_by_role("button", name="Next 100").click()
        page.get_by_role("button", name="Previous 100").click()
        page.wait_for_function("() => document.querySelector('[data-part=place]').textContent.startsWith('Page 1')")
        assert page.evaluate(drawn) == before
        assert faults == []


@journey
def test_a_part_that_does_not_come_is_said_and_tried_again(chromium, server, evidence):
    fits = expected(evidence, lambda f: f.finding.theme == "target")
    with open_page(chromium, server) as (page, _):
        page.route("**/browser-parts/rows-*", lambda route: route.abort())
        page.goto(f"{server}/book/evidence.html#theme=target")
        page.wait_for_function(
            "() => document.querySelector('[data-part=status]').textContent.includes('could not be')"
        )
        page.unroute("**/browser-parts/rows-*")
        page.locator("#evidence-browser select").select_option("year")
        settled(page, f"{len(fits)} findings")
        assert page.locator("tbody tr").count() == min(100, len(fits))


@journey
def test_without_javascript_the_first_page_and_the_table_are_there(chromium, server, evidence):
    with open_page(chromium, server, java_script_enabled=False) as (page, faults):
        page.goto(f"{server}/book/evidence.html")
        assert page.locator("tbody tr").count() == 100
        assert page.locator("a[href='../data/findings.csv']").is_visible()
        assert not page.locator("#evidence-browser form").is_visible()
        assert not page.locator("[data-part=pager]").is_visible()
        assert faults == []


@journey
def test_a_keyboard_is_enough(chromium, server, evidence):
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html")
        page.locator("[data-facet=theme] summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        first = next(iter(fields.BY_THEME))
        settled(page, f"{len(expected(evidence, lambda f: f.finding.theme == first))} findings")
        assert page.evaluate("document.activeElement.value") == first
        page.locator(".chip").first.focus()
        page.keyboard.press("Enter")
        settled(page, f"{len(evidence.findings)} findings")
        assert page.evaluate("document.activeElement.name") == "q"
        assert faults == []


@journey
def test_our_scripts_run_under_the_strict_policy(chromium, server, evidence):
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'"
    )
    with open_page(chromium, server) as (page, _):
        broken = []
        page.on(
            "console",
            lambda m: (
                broken.append(m.text)
                if "evidence" in m.location.get("url", "") and "_static" in m.location["url"]
                else None
            ),
        )

        def strict(route):
            answer = route.fetch()
            route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

        page.route("**/evidence.html", strict)
        page.goto(f"{server}/book/evidence.html#theme=target")
        settled(page, f"{len(expected(evidence, lambda f: f.finding.theme == 'target'))} findings")
        assert download(page, "csv").startswith("reference,")
        assert broken == []


@journey
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_bars_the_way(chromium, server, width, mode):
    barred = []
    with open_page(chromium, server, viewport={"width": width, "height": 900}, color_scheme=mode) as (page, faults):
        for view in ("theme=target&foo=bar", "stage=approved&level=E&year=1990", ""):
            page.goto(f"{server}/book/evidence.html#{view}")
            page.locator("#evidence-browser form").wait_for()
            page.wait_for_timeout(300)
            page.evaluate("document.querySelectorAll('#evidence-browser details').forEach(d => { d.open = true })")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, view
            barred += [*faults, *faults_of(page)]
            page.goto("about:blank")
            faults.clear()  # axe asks for style sheets under addresses of its own
        assert barred == []
