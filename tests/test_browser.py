"""The evidence browser: its columns and first page; then a reader's journeys in Chromium."""

import csv
import io
import json
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from lscbook import addresses
from lscbook.evidence import fields
from lscbook.evidence.store import Evidence
from lscbook.pubmed.record import Author
from lscbook.site import scripts
from lscbook.site.browser import facets, parts
from lscbook.site.browser import page as browser_page
from lscbook.site.opened import Site
from lscbook.site.search import names
from lscbook.synthesis.counts import strongest_first
from tests.pages import faults_of, open_page

HOSTILE = "</script><!--<img src=x onerror=alert(1)>\u2028\u2029 & \"'>"


@pytest.fixture(scope="module")
def data(book):
    return facets.data(book)


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


def decoded(column):
    """Words of each row, as the script reads them."""
    return [
        [column["words"][i - 1] for i in (row if isinstance(row, list) else [row] if row else [])]
        for row in column["rows"]
    ]


def test_rows_stand_strongest_first_and_say_what_the_findings_say(evidence, data):
    found = strongest_first(evidence.findings)
    assert data["claims"] == [f.finding.claim for f in found]
    for i, f in zip(data["paper"], found, strict=True):
        assert f.record.key in data["papers"][i][1].split(" ")
        assert data["papers"][i][0].endswith(f.record.year)
    for name in ("theme", "study", "diseases", "cohort", "stage", "assay"):
        told = [getattr(f.finding, name, None) or () for f in found]
        assert decoded(data["columns"][name]) == [[t] if isinstance(t, str) else list(t) for t in told], name


def by_kind(site):
    """All that the parts hold, by kind."""
    found = {}
    for name, items in parts.parts(site):
        found.setdefault(name.rpartition("-")[0], []).extend(items)
        assert len(items) <= parts.SIZE
    return found


def test_rows_and_files_of_a_view_are_those_that_the_build_made(book):
    site = Site(book)
    made, found = by_kind(site), strongest_first(book.evidence.findings)
    shown = html.fromstring(browser_page.shown(site)).xpath("//tbody/tr")
    drawn = html.fromstring(f"<table>{''.join(made['rows'])}</table>").xpath("//tr")
    assert [html.tostring(r) for r in drawn[: len(shown)]] == [html.tostring(r) for r in shown]
    assert [f.finding.claim in row.text_content() for f, row in zip(found, drawn, strict=True)] == [True] * len(found)

    table = site.files["data/findings.csv"].decode()
    head, *lines = table.removesuffix("\n").split("\n")
    assert browser_page.script_data(site)["csv"] == head
    assert sorted(made["csv"]) == sorted(lines)
    assert [line.partition(",")[0] for line in made["csv"]] == [f.reference for f in found]
    told = {f["reference"]: f for f in json.loads(site.files["data/findings.json"])["findings"]}
    assert [json.loads(line) for line in made["json"]] == [told[f.reference] for f in found]
    assert "\n".join(made["bib"]) == site.files["data/references.bib"].decode()
    assert "\n".join(made["ris"]) == site.files["data/references.ris"].decode()


def test_every_word_of_a_theme_is_a_filter_in_the_singular(data):
    filters = [name for name, _, _ in data["facets"]]
    brief = (
        "theme disease target marker gene lesion therapy mechanism study level direction stage assay standing reading"
    )
    assert set(brief.split()) <= set(filters)
    assert len(filters) == len(set(filters))
    single = {f.name for theme in fields.THEMES for f in theme.fields if f.type.value in {"word", "words"}}
    assert {name.replace("cells", "cell") for name in single} <= set(filters)


def test_a_filter_counts_a_gene_in_whatever_field_it_stands(book, words):
    made = facets.columns(book, facets.in_order(book))
    genes = decoded(made["gene"].as_json())
    lesions = decoded(made["lesion"].as_json())
    for located, in_gene, in_lesion in zip(facets.in_order(book), genes, lesions, strict=True):
        told = {
            *located.finding.genes,
            *getattr(located.finding, "lesions", ()),
            *getattr(located.finding, "subjects", ()),
        }
        assert set(in_gene) == {gene for gene in told if gene in words.terms["genes"]}
        assert set(getattr(located.finding, "lesions", ())) <= set(in_lesion)


def test_two_themes_with_one_field_offer_the_words_of_both(evidence, words):
    assay = facets.table_fields()["assay"].allowed
    assert {"serial xenograft", "NGS MRD"} <= set(assay)
    assert facets.themes_of("assay") == ("identity", "surveillance")


def test_the_first_page_has_a_hundred_rows_and_an_honest_count(book, evidence):
    root = html.fromstring(browser_page.shown(Site(book)))
    found = strongest_first(evidence.findings)
    rows = root.xpath("//tbody/tr")
    assert len(rows) == min(100, len(found))
    assert found[0].finding.claim in rows[0].text_content()
    assert root.xpath("//*[@role='status']")[0].text_content().startswith(f"{len(found)} findings from ")
    assert root.xpath("//table/caption")
    assert {th.get("scope") for th in root.xpath("//th")} == {"col"}
    for fieldset in root.xpath("//fieldset"):
        assert fieldset.find("legend") is not None
        assert fieldset.getparent().tag == "details"


def test_hostile_text_is_inert_in_the_page_and_in_the_script(book):
    bad = hostile(book)
    root = html.fromstring(browser_page.shown(Site(bad)))
    assert not root.xpath("//script | //img | //comment() | //@onerror")
    assert "onerror=alert" in root.text_content()
    for name, items in parts.parts(Site(bad)):
        text = scripts.member("lscParts", name, items)
        assert not re.search("[<>&\u2028\u2029]", text), name
    text = scripts.assignment("lscEvidence", browser_page.script_data(Site(bad)))
    for live in ("<", ">", "&", "\u2028", "\u2029"):
        assert live not in text
    told = json.loads(text.partition("=")[2].removesuffix(";\n"))
    assert HOSTILE in told["claims"]


def test_every_name_of_a_term_is_known(book):
    table = names.table(book)
    assert "IL3RA" in table["terms"]["targets"]["CD123"]
    assert {"VEN", "Venclexta"} <= set(table["terms"]["therapies"]["venetoclax"])
    assert "NCT03173248" in table["terms"]["trials"]["AGILE"]
    assert {"genes:NRAS", "genes:KRAS"} <= set(table["families"]["RAS"][1])


# ---- in a browser ----

slow = [pytest.mark.slow, pytest.mark.xdist_group("site")]


def journey(function):
    for mark in slow:
        function = mark(function)
    return function


def status(page):
    return page.locator("#evidence-browser [data-part=status]").inner_text()


def settled(page, start):
    """Wait until the live region says something that begins so."""
    page.wait_for_function(
        "start => document.querySelector('#evidence-browser [data-part=status]').textContent.startsWith(start)",
        arg=start,
    )


def expected(evidence, test):
    return [f for f in strongest_first(evidence.findings) if test(f)]


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
        assert "does not know “NOPE” as target" in said
        assert "does not know “constructor” as gene" in said
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
        assert page.locator("[data-part=empty]").inner_text().startswith("None: no paper of this book is retracted")
        page.get_by_role("link", name="Papers of which nobody asked").click()
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


def download(page, kind):
    with page.expect_download() as waiting:
        page.locator(f"[data-download={kind}]").click()
    return waiting.value.path().read_text(encoding="utf-8")


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


@journey
def test_a_row_reads_the_same_after_the_script_has_drawn_it(chromium, server, evidence):
    drawn = "[...document.querySelectorAll('#evidence-browser tbody tr')].map(row => row.outerHTML)"
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
