"""The search: what it is made of, and what a reader finds in Chromium."""

import json
import re
from dataclasses import replace
from itertools import accumulate

import pytest
from lxml import html

from lscbook import addresses, corpus, vocabulary
from lscbook.site import scripts
from lscbook.site.search import index as search_index
from lscbook.site.search import shards, tokens
from lscbook.synthesis.counts import strongest_first
from tests import books
from tests.pages import faults_of, open_page

HOSTILE = "</script><!--<img src=x onerror=alert(1)>\u2028 & \"'>"


@pytest.fixture(scope="module")
def data(book):
    return search_index.data(book, [])


def test_every_paper_and_every_finding_is_there(data, known, evidence):
    assert sorted(row[0] for row in data["papers"]) == sorted(r.title for r in known.records.values())
    assert [row[0] for row in data["findings"]] == [f.finding.claim for f in strongest_first(evidence.findings)]
    curated = [row for row in data["papers"] if row[5]]
    assert len(curated) == len(evidence.entries)
    assert sum(row[5] for row in curated) == len(evidence.findings)
    assert all(bool(row[6]) == bool(row[5]) for row in data["papers"])


def test_a_document_carries_the_terms_that_it_names_under_any_name(data, evidence):
    for row, located in zip(data["findings"], strongest_first(evidence.findings), strict=True):
        named = set(row[-1].terms)
        assert {f"therapies:{t}" for t in located.finding.therapies} <= named
        assert {f"diseases:{d}" for d in located.finding.diseases} <= named


def test_sections_are_prose_under_their_anchor(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a.html").write_text(
        "<nav>Menu</nav><article><section id='top'><h1>Niche<a class='headerlink'>#</a></h1><p>Cells &lt;rest&gt;.</p>"
        "<section id='inner'><h2>Why</h2><p>IL-3Rα.</p><table><tr><td>a row</td></tr></table>"
        "<div><svg><text>axis</text></svg><p>After all.</p></div></section></section></article>",
        encoding="utf-8",
    )
    found = list(search_index.sections_of(tmp_path, "book/a"))
    assert [(s.page, s.heading, s.address, s.text) for s in found] == [
        ("Niche", "Niche", "book/a.html", "Cells <rest>."),
        ("Niche", "Why", "book/a.html#inner", "IL-3Rα. After all."),
    ]


def with_hostile_title(book):
    known = book.corpus
    key = min(known.records)
    records = {**known.records, key: replace(known.records[key], title=HOSTILE)}
    return replace(book, corpus=corpus.Corpus(records, known.manifest))


def files_of(book, sections):
    return dict(shards.laid_out(search_index.data(book, sections)))


def test_hostile_text_is_inert_in_the_script(book):
    page = search_index.Section("Page", HOSTILE, "book/a.html", HOSTILE)
    for name, held in files_of(with_hostile_title(book), [page]).items():
        text = scripts.member("lscSearchParts", name, held)
        for live in ("<", ">", "&", "\u2028"):
            assert live not in text
        told = json.loads(text.partition("]=")[2].removesuffix(";\n"))
        if name == "sections-0":
            assert told[0][3] == HOSTILE


def in_shards(files, word):
    """The numbers of the documents that hold a word, and the shards in which it stands."""
    places = [name for name, held in files.items() if name.startswith("words-") and word in held]
    numbers = [n for name in places for steps in files[name][word][1::2] for n in accumulate(steps)]
    return sorted(numbers), places


def test_each_word_stands_once_with_every_document_that_holds_it(book, data):
    files = files_of(book, [])
    firsts = files[""]["firsts"]
    assert firsts == sorted(firsts)
    assert firsts == [next(iter(files[f"words-{n}"])) for n in range(len(firsts))]
    assert files[""]["sizes"] == {group: len(data[group]) for group in ("entities", "findings", "papers", "sections")}
    start = len(data["entities"]) + len(data["findings"])
    titled = [start + n for n, row in enumerate(data["papers"]) if re.search(r"\bvenetoclax\b", row[0].lower())]
    found, places = in_shards(files, "venetoclax")
    assert set(titled) <= set(found)
    assert len(places) == 1
    assert in_shards(files, "#22932223")[0] == sorted(
        [len(data["entities"]) + n for n, row in enumerate(data["findings"]) if "22932223" in row[-1].ids]
        + [start + n for n, row in enumerate(data["papers"]) if row[3] == "22932223"]
    )


@pytest.mark.slow
def test_a_part_holds_no_more_in_a_larger_book(book, known):
    """Ten times the papers: ten times the files, and none of them larger but where one word fills it."""
    more = {f"{n}{key}": replace(r, pmid=f"{n}{key}") for n in range(1, 11) for key, r in known.records.items()}
    files = files_of(replace(book, corpus=corpus.Corpus(more, known.manifest)), [])
    for name, held in files.items():
        size = len(scripts.member("lscSearchParts", name, held))
        if name.startswith("words-"):
            assert size < 2 * shards.SHARD or size < max(map(len, map(str, held.values()))) + 2 * shards.SHARD, name
        elif name:
            assert len(held) <= shards.PART, name


# ---- in a browser ----


def journey(function):
    return pytest.mark.slow(pytest.mark.xdist_group("site")(function))


def ask(page, root, question):
    """Status, what was searched beside it, and the links of each group."""
    page.goto(f"{root}/search.html")
    page.locator("#search-page input").fill(question)
    page.locator("#search-page button[type=submit]").click()
    page.wait_for_function("() => document.querySelector('#search-page [data-part=status]')?.textContent.includes('“')")
    groups = {}
    for group in ("entities", "findings", "papers", "sections"):
        links = page.locator(f"ol.{group} a").all()
        groups[group] = [(link.inner_text(), link.get_attribute("href")) for link in links]
    return page.locator("[data-part=status]").inner_text(), page.locator("[data-part=how]").inner_text(), groups


@journey
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_other_names_typing_errors_and_numbers_find_it(chromium, server, built, evidence, scheme):
    trial = next(c for f in evidence.findings for c in f.finding.cohort if c.startswith("NCT"))
    pages = {addresses.paper(f.entry.key).replace("..", ".") for f in evidence.findings if trial in f.finding.cohort}
    root = server if scheme == "http" else f"file://{built}"
    with open_page(chromium, root) as (page, faults):
        _, how, by_antigen = ask(page, root, "CD123")
        assert "IL3RA" in how
        assert by_antigen["entities"][0] == ("CD123", "./targets/cd123.html")
        assert by_antigen["findings"]
        for other in ("IL3RA", "CD-123", "interleukin-3 receptor alpha"):
            found = ask(page, root, other)[2]
            assert found["entities"][0] == by_antigen["entities"][0], other  # the one page of all its roles
            # ten are shown first; further words of a name weigh on which these are
            assert len(set(by_antigen["findings"]) & set(found["findings"])) >= 5, other

        for asked in ("VEN", "venetoclaks", "venetoclax", "ABT-199"):
            _, how, found = ask(page, root, asked)
            assert found["entities"][0] == ("venetoclax", "./therapies/venetoclax.html"), asked
            assert "venetoclax" in how
        assert "Nothing is spelt “venetoclaks”" in ask(page, root, "venetoclaks")[1]

        for asked in ("22932223", "PMID: 22932223"):
            found = ask(page, root, asked)[2]
            assert found["papers"] == [(found["papers"][0][0], "./papers/22932223.html")]
            assert all(href.startswith("./papers/22932223.html#") for _, href in found["findings"])
        assert ask(page, root, "10.1038/nm0797-730")[2]["papers"]
        assert {href.partition("#")[0] for _, href in ask(page, root, trial)[2]["findings"]} == pages
        assert faults == []


@journey
def test_both_spellings_find_the_same(chromium, server):
    with open_page(chromium, server) as (page, faults):
        for british, american in (("haematopoietic", "hematopoietic"), ("leukaemia", "leukemia"), ("tumour", "tumor")):
            one, other = ask(page, server, british), ask(page, server, american)
            assert one[2] == other[2]
            assert one[2]["papers"]
        assert faults == []


@journey
def test_polarity_is_not_forgiven(chromium, server):
    with open_page(chromium, server) as (page, faults):
        assert ask(page, server, "CD34+CD38-")[2]["entities"][0][0].startswith("CD34+CD38-")
        assert not [name for name, _ in ask(page, server, "CD33")[2]["entities"] if name in {"CD34", "CD38", "CD133"}]
        assert faults == []


@journey
def test_prose_is_found_at_its_section_with_the_words_marked(chromium, server):
    with open_page(chromium, server) as (page, faults):
        found = ask(page, server, "immunodeficient mouse")[2]
        text, href = found["sections"][0]
        assert "What a leukaemic stem cell is" in text
        assert "immunodeficient" in {m.lower() for m in page.locator("ol.sections mark").all_inner_texts()}
        page.locator("ol.sections a").first.click()
        assert page.url.endswith(href.removeprefix("."))
        anchor = href.partition("#")[2]
        assert page.locator(f"[id='{anchor}']").count() == 1
        assert faults == []


@journey
def test_nothing_found_is_said_and_all_can_be_shown(chromium, server):
    with open_page(chromium, server) as (page, faults):
        assert ask(page, server, "zzzzqqqq")[0].startswith("Nothing in the book for “zzzzqqqq”")
        ask(page, server, "AML")
        more = page.locator("section:has(ol.papers) button")
        before = page.locator("ol.papers li").count()
        assert more.inner_text().startswith("Show 50 more of")
        more.click()
        page.wait_for_function("() => document.activeElement.closest('ol')?.className === 'papers'")
        assert page.locator("ol.papers li").count() == before + 50
        assert faults == []


@journey
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_field_of_every_page_leads_here_and_keys_walk_the_results(chromium, server, built, scheme):
    root = server if scheme == "http" else f"file://{built}"
    with open_page(chromium, root) as (page, faults):
        page.goto(f"{root}/book/targets.html")
        page.keyboard.press("Control+k")
        page.keyboard.type("VEN")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=VEN*")
        page.locator("ol.entities a").first.wait_for()
        page.locator("#search-page input").focus()
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.textContent") == "venetoclax"
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.name") == "q"
        page.locator("#search-page input").fill("menin")
        page.locator("ol.entities a", has_text="menin").first.wait_for()
        assert faults == []


@journey
def test_hostile_text_stays_text(chromium, server, book):
    section = search_index.Section("Page", HOSTILE, "book/targets.html", f"needlework {HOSTILE}")
    files = files_of(with_hostile_title(book), [section])

    def answer(route):
        name = route.request.url.rpartition("/")[2].removesuffix(".js")
        root = name == "search-data"
        body = (
            scripts.assignment("lscSearch", files[""]) if root else scripts.member("lscSearchParts", name, files[name])
        )
        route.fulfill(body=body, content_type="text/javascript; charset=utf-8")

    with open_page(chromium, server) as (page, faults):
        page.route(re.compile("search-data[.]js|search-parts/"), answer)
        for asked in ("needlework", "onerror", HOSTILE):
            ask(page, server, asked)
            assert page.locator("#search-page :is(img, script, iframe)").count() == 0
        assert page.locator("ol.sections li").count() == 1
        assert faults == []


@journey
def test_a_part_that_does_not_come_is_told_and_asked_again(chromium, server):
    with open_page(chromium, server) as (page, faults):
        page.route("**/search-parts/words-*", lambda route: route.abort())
        page.goto(f"{server}/search.html?q=venetoclax")
        page.locator("[data-part=status]", has_text="could not be loaded").wait_for()
        page.unroute("**/search-parts/words-*")
        page.locator("#search-page button[type=submit]").click()
        page.locator("ol.entities a", has_text="venetoclax").first.wait_for()
        faults.clear()


@journey
def test_a_slip_is_forgiven_and_a_question_brings_little(chromium, server):
    with open_page(chromium, server) as (page, faults):
        sent = []
        page.on("response", lambda r: sent.append(r.url.rpartition("/")[2]))
        for asked, meant in (("transplantaton", "transplantation"), ("leukemi", "leukemia")):
            found, right = ask(page, server, asked)[2], ask(page, server, meant)[2]
            assert set(right["papers"][:3]) & set(found["papers"]), asked
        assert len({name for name in sent if name.startswith("words-")}) < 12
        assert faults == []


@journey
def test_words_are_cut_as_python_cuts_them(chromium, server, known):
    texts = [
        "CD-123 in 10⁶ CD34⁺CD38− cells.",
        "p<0.05; a_b",
        "β-catenin (Wnt)",
        *[r.title for r in known.records.values()][:400],
    ]
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/search.html")
        told = page.evaluate("texts => texts.map(window.lscTools.tokens)", texts)
        assert told == [list(tokens.tokens(text)) for text in texts]
        assert faults == []


@journey
def test_words_compare_as_python_compares_them(chromium, server, words):
    names = sorted({name for term in words for name in term.surface_forms})
    odd = ["10⁶ cells", "CD34⁺CD38−", "0·52", "FLT3(+)", "Tumour  signalling", "“quoted”", "x)⁻¹"]
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/search.html")
        told = page.evaluate("names => names.map(window.lscTools.fold)", names + odd)
        assert told == [vocabulary.fold(name) for name in names + odd]
        assert faults == []


@journey
def test_without_javascript_the_page_says_where_to_go(chromium, server):
    with open_page(chromium, server, java_script_enabled=False) as (page, faults):
        page.goto(f"{server}/search.html")
        assert page.locator("noscript p").bounding_box()["height"] > 0
        assert page.locator("noscript a[href='book/evidence.html']").count() == 1
        assert not page.locator("#search-page form").is_visible()
        assert faults == []


@journey
def test_what_only_sphinx_searched_with_is_gone(built):
    for unused in ("searchindex.js", "_static/searchtools.js", "_static/language_data.js"):
        assert not (built / unused).exists(), unused
    for page in built.rglob("*.html"):
        loaded = " ".join(s.get("src") or "" for s in html.parse(str(page)).getroot().iter("script"))
        assert "searchindex" not in loaded
        own = page.name == "search.html"
        assert ("search.js" in loaded) == own, page
        assert ("evidence.js" in loaded) == (page.name == "evidence.html"), page


@journey
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_bars_the_way(chromium, server, width, mode):
    barred = []
    with open_page(chromium, server, viewport={"width": width, "height": 900}, color_scheme=mode) as (page, faults):
        for question in ("CD123", "venetoclaks resistance", "zzzzqqqq", ""):
            page.goto(f"{server}/search.html?q={question}")
            page.wait_for_timeout(600)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, question
            barred += [*faults, *faults_of(page)]
            faults.clear()  # axe asks for style sheets under addresses of its own
        assert barred == []


def test_a_hit_says_that_its_paper_fell():
    told = {"1": {"told": "2026-01-02", "notices": [{"type": "RetractionIn"}]}}
    fallen = books.book((books.entry(), books.record()), notices=told)
    data = search_index.data(fallen, [])
    assert data["findings"][0][3] == "Doe 2014 · retracted"
    assert data["papers"][0][2] == "Test J · retracted"
    unasked = books.book((books.entry(), books.record(origin="list")))
    assert search_index.data(unasked, [])["papers"][0][2] == "Test J"
