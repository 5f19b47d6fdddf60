"""The form of Contribute in a real browser: what it makes `check` accepts, and what it says `check` says. Slow."""

import re
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
from sphinx.errors import ConfigError

from lscbook import corpus, paths, vocabulary
from lscbook.evidence import check, drafting, fields, rules, store, yaml_canonical, yaml_text
from lscbook.site.form import page as form_page
from lscbook.site.opened import Site
from tests.pages import serve

slow = [pytest.mark.slow, pytest.mark.xdist_group("site")]
REPOSITORY = "https://github.com/example/lsc-evidence-book"
ORCID = "0000-0002-1825-0097"
HOSTILE = paths.ROOT / "tests" / "hostile"


def test_another_address_than_a_repository_is_refused(book):
    for address in ("javascript:alert(1)", "https://example.org/a/b", "https://github.com/a", f"{REPOSITORY}/new"):
        with pytest.raises(ConfigError, match="lscbook_repository"):
            form_page.data(Site(book, address))


def test_every_paper_is_in_the_part_where_the_script_looks(book):
    parts = form_page.parts(book)
    assert list(parts) == list(range(form_page.PARTS))
    for record in corpus.read().records.values():
        for key in filter(None, (record.pmid, record.doi)):
            assert parts[form_page.part(key)][key]["file"] == store.file_name(record)


def test_without_scripts_the_template_stands_in_the_page(tmp_path, book):
    shown = form_page.template(Site(book))
    for theme in fields.THEMES:
        assert theme.proposition in shown
    path = tmp_path / "a.yaml"
    path.write_text(drafting.template())
    assert {p.code for p in store.parse(path).problems} == {"schema"}
    assert "noscript" in form_page.form(Site(book))


@pytest.fixture(scope="module")
def site(built, book, tmp_path_factory):
    """The site with a repository, to which the form can offer a pull request."""
    folder = tmp_path_factory.mktemp("form") / "html"
    shutil.copytree(built, folder)
    form_page.write(folder, Site(book, REPOSITORY))
    return folder


@pytest.fixture(scope="module")
def served(site):
    with serve(site) as address:
        yield address


@pytest.fixture
def opened(site, served, chromium):
    """Open the page; at the end nothing was asked of another host, and nothing failed."""
    faults, contexts = [], []

    def open_(*, disk=False, width=1280, mode="light"):
        start = site.as_uri() if disk else served
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=mode, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: faults.append(r.url) if not r.url.startswith((start, "data:", "blob:")) else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(f"{start}/book/contribute.html")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="module")
def free():
    """A record of the corpus with an abstract and no entry."""
    known, evidence = corpus.read(), store.read()
    return next(r for r in known.records.values() if r.pmid and r.doi and r.abstract and r.key not in evidence.entries)


def begin(page, key):
    page.fill("#entry-key", key)
    page.press("#entry-key", "Tab")
    page.wait_for_selector("#entry-yaml")
    page.wait_for_function("k => document.getElementById('entry-yaml').textContent.includes(k)", arg=key)


def script(page):
    """A page on which the rules of the form can be called."""
    begin(page, "1")
    return page


def accepted(page, tmp_path):
    """What `check` says of the file that the page lets one download."""
    with page.expect_download() as download:
        page.click("#entry-download")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.read_text(encoding="utf-8") == page.text_content("#entry-yaml")
    # as on the machine that checks a pull request, which has no abstracts
    return check.run([path], context=check.Context(corpus.read(), vocabulary.load(), {}))


TYPED = {
    "target": {
        "direction": "does_not_support", "study": "phase 3", "diseases": ["acute myeloid leukaemia", "MDS"], "target": "BCL2",
        "stage": "phase 3", "agents": ["ABT-199"], "claim": "A test: no claim about this paper.",
        "support.full_text": "Figure 2B: left",
    },
    "identity": {
        "direction": "supports", "study": "cohort", "diseases": ["AML"], "subjects": ["CD123", "TIM3"],
        "claim": "Another test, long enough to be folded: CD34+CD38- cells, p<0.05, \"quoted\" words and a colon: all of it stays as it is.",
        "expression-0": "high", "expression-1": "low", "fraction": "CD34+CD38-", "n": "94", "n_unit": "patients",
        "effect.measure": "HR", "effect.value": "1.9", "effect.ci-0": "1.2", "effect.ci-1": "3.0", "effect.p": "<0.001",
        "support.sentences": "1", "note": "A doubt.",
    },
}  # fmt: skip


def by_keyboard(page, theme, answers):
    """Fill one finding with keys alone, going from field to field with Tab."""

    def go(name):
        wanted = "entry-" + re.sub(r"[^a-z0-9]+", "-", name)
        for _ in range(400):
            if page.evaluate("document.activeElement.id") == wanted:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by Tab")

    def choose(word):
        page.keyboard.type(word)

    page.locator("#entry-key").focus()
    go("read")
    choose("full text" if theme == "target" else "abstract")
    go("curators")
    page.keyboard.type(ORCID)
    go("findings-1-theme")
    choose(theme)
    left = dict(answers)
    order = page.evaluate("[...document.querySelectorAll('#entry-form [id]')].map(e => e.id)")
    for name in sorted(left, key=lambda n: order.index("entry-findings-1-" + re.sub(r"[^a-z0-9]+", "-", n))):
        place = "findings-1-" + name
        if page.evaluate("id => Boolean(document.getElementById(id).closest('details:not([open])'))",
                         "entry-" + re.sub(r"[^a-z0-9]+", "-", place)):  # fmt: skip
            for _ in range(400):
                if page.evaluate("document.activeElement.tagName") == "SUMMARY":
                    break
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        go(place)
        for word in [left[name]] if isinstance(left[name], str) else left[name]:
            page.keyboard.type(word)
            if not isinstance(left[name], str):
                page.keyboard.press("Enter")


@pytest.mark.parametrize("disk", [False, True], ids=["served", "from disk"])
@pytest.mark.parametrize("theme", TYPED)
class TestByKeyboard:
    pytestmark = slow

    def test_what_the_form_makes_check_accepts(self, opened, free, tmp_path, theme, disk):
        page = opened(disk=disk)
        begin(page, free.pmid)
        assert free.title in page.text_content("#entry-paper")
        by_keyboard(page, theme, TYPED[theme])
        page.keyboard.press("Tab")
        report = accepted(page, tmp_path)
        told = [str(p) for p in report.problems if p.severity == "error"]
        assert told == []
        assert page.text_content("#entry-summary") == ""
        entry = store.parse(tmp_path / store.file_name(free)).entry
        finding = entry.findings[0]
        assert (entry.pmid, finding.theme, finding.direction) == (free.pmid, theme, TYPED[theme]["direction"])
        if theme == "target":
            assert report.good
            assert (finding.target, finding.agents, finding.diseases) == ("BCL2", ("venetoclax",), ("AML", "MDS"))
        else:
            assert (finding.effect.p, finding.n, finding.expression) == ("<0.001", 94, {"LSC": "high", "HSC": "low"})
            assert finding.claim == TYPED[theme]["claim"]


class TestSameMessages:
    pytestmark = slow

    def test_as_check_gives_them(self, opened, tmp_path):
        """Every hostile file that can be read, and every field of a good one made wrong."""
        page = script(opened())
        known = corpus.Corpus({}, {})
        context = check.Context(known, vocabulary.load(), {})
        compared = 0
        for path in (*sorted((HOSTILE / "files").iterdir()), *broken(tmp_path)):
            try:
                plain = yaml_text.read_file(path).plain()
            except yaml_text.YamlRefused:
                continue
            if not shaped(plain):
                continue
            ours = [p for p in check.run([path], context=context).problems if p.code in {"schema", "vocabulary"}]
            theirs = page.evaluate("entry => lscEntry(lscFormData).problems(entry, null)", plain)
            one = {(p.field, p.found, p.remedy) for p in ours}
            two = {(p["field"], p["found"], p["remedy"]) for p in theirs}
            assert one <= two if any(p.code == "schema" for p in ours) else one == two, (path.name, one ^ two)
            compared += 1
        assert compared > 200

    def test_each_place_shows_its_own(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        page.select_option("#entry-findings-1-theme", "resistance")
        page.fill("#entry-findings-1-claim", "see [this](https://example.org)")
        page.press("#entry-findings-1-claim", "Tab")
        assert page.text_content("#entry-findings-1-claim-fault") == (
            "a Markdown link: '[this]('; write plain words, links and markup have no place here"
        )
        assert page.text_content("#entry-findings-1-study-fault") == ""  # not yet been there
        page.fill("#entry-curators", "0000-0002-1825-0098")
        page.click("#entry-copy")
        assert "wrong check digit" in page.text_content("#entry-curators-fault")
        summary = page.locator("#entry-summary")
        assert summary.get_attribute("role") == "alert"
        assert page.evaluate("document.activeElement.id") == "entry-summary"
        summary.locator("a", has_text="findings[1].study").click()
        assert page.evaluate("document.activeElement.id") == "entry-findings-1-study"
        page.evaluate("window.opened = 0; window.open = () => { window.opened++ }")
        page.click("#entry-open")
        assert len(page.context.pages) == 1  # with faults nothing is opened


def shaped(plain):
    """Whether scalars, lists and mappings stand where the form puts them."""
    if not isinstance(plain, dict) or not isinstance(plain.get("findings"), list):
        return False
    many = {"words", "terms", "texts", "ORCIDs", "counts", "interval"}
    inner = {"effect", "support", "populations"}

    def fits(table, given):
        by_name = {f.name: f for f in table}
        if not isinstance(given, dict) or set(given) - set(by_name):
            return False
        for name, value in given.items():
            kind = by_name[name].type.value
            if kind == "grounding":
                return False
            if kind in many:
                if not (isinstance(value, list) and value and all(isinstance(v, str) for v in value)):
                    return False
            elif kind in inner:
                nested = fields.NESTED.get(by_name[name].type)
                if not isinstance(value, dict) or (nested and not fits(nested, value)):
                    return False
            elif not isinstance(value, str):
                return False
        return True

    head = {k: v for k, v in plain.items() if k != "findings" and v != []}
    themes = [f.get("theme") if isinstance(f, dict) else None for f in plain["findings"]]
    return fits(fields.ENTRY, head) and all(
        isinstance(t, str) and fits(fields.fields_of(t) if t in fields.BY_THEME else (*fields.COMMON, *sum((x.fields for x in fields.THEMES), ())), f)
        for t, f in zip(themes, plain["findings"], strict=True)
    )  # fmt: skip


WRONG = ("", "it's", 'say "no" it\'s', "−7", "1,9", "p=0.05", "9", "Venetoklax", "AMLL", "TP 53", "PMC12", "2026-13-01",
         "0000-0002-1825-0098", "<b>x</b>", "{{x}}", "`x`", "[a](b)", "=1+1", "javascript:x", "DATA: x")  # fmt: skip


def broken(folder):
    """Good entries of the book, each with one value made wrong."""
    made = []
    paths_ = sorted(paths.EVIDENCE.glob("*.yaml"))
    themes = {}
    for path in paths_:
        plain = yaml_text.read_file(path).plain()
        for finding in plain["findings"]:
            finding["support"].pop("grounding", None)
        themes.setdefault(plain["findings"][0]["theme"], plain)
    for theme, plain in themes.items():
        finding = plain["findings"][0]
        for name in finding:
            if name in {"support", "theme"}:
                continue
            for number, word in enumerate(WRONG):
                was = finding[name]
                finding[name] = (
                    [word] if isinstance(was, list) else {**was, "value": word} if name == "effect"
                    else dict.fromkeys(was, word) if isinstance(was, dict) else word
                )  # fmt: skip
                path = folder / f"{theme}-{name}-{number}.yaml"
                path.write_text(yaml_canonical.dump(plain), encoding="utf-8")
                made.append(path)
                finding[name] = was
    return made


class TestPage:
    pytestmark = slow

    def test_every_entry_of_the_book_is_written_as_fix_writes_it(self, opened):
        page = script(opened())
        for path in sorted(paths.EVIDENCE.glob("*.yaml")):
            plain = yaml_text.read_file(path).plain()
            written = page.evaluate("entry => lscEntry(lscFormData).yaml(entry)", plain)
            for finding in plain["findings"]:
                finding["support"].pop("grounding", None)
            assert written == path.read_text(encoding="utf-8"), path.name

    def test_file_names_are_those_of_check(self, opened):
        page = script(opened())
        for record in list(corpus.read().records.values())[::7]:
            given = {"author": record.first_author, "year": record.year, "key": record.key}
            assert page.evaluate("g => lscEntry(lscFormData).fileName(g)", given) == store.file_name(record)

    def test_another_number_a_known_paper_and_an_unknown_one(self, opened):
        page = opened()
        begin(page, "PMC3503399")
        assert page.text_content("#entry-key-fault").startswith("'PMC3503399' is a PMC id")
        begin(page, "22932223")
        assert rules.KNOWN.format(key="22932223", file="jan-2012-22932223.yaml") in page.text_content(
            "#entry-key-fault"
        ).replace("; ", ": ")
        assert (
            page.get_attribute("#entry-paper a", "href")
            == f"{REPOSITORY}/edit/main/data/evidence/jan-2012-22932223.yaml"
        )
        begin(page, "999999999")
        page.fill("#entry-author", "Quintás-Cardama")
        page.fill("#entry-year", "2026")
        assert page.text_content("#entry-file") == "data/evidence/quintas-cardama-2026-999999999.yaml"

    def test_a_doi_of_the_corpus_becomes_its_pmid(self, opened, free):
        page = opened()
        page.fill("#entry-key", f"https://doi.org/{free.doi.upper()}")
        page.press("#entry-key", "Tab")
        page.wait_for_function(
            "k => (document.getElementById('entry-yaml') || {}).textContent?.includes(k)", arg=free.pmid
        )
        assert "doi:" not in page.text_content("#entry-yaml")

    def test_the_link_carries_name_and_text_and_gives_way_when_too_long(self, opened, free, tmp_path):
        page = opened()
        begin(page, free.pmid)
        by_keyboard(page, "target", TYPED["target"])
        asked = parse_qs(urlsplit(page.get_attribute("#entry-open", "href")).query, keep_blank_values=True)
        assert asked["filename"] == [store.file_name(free)]
        assert asked["value"] == [page.text_content("#entry-yaml")]
        page.context.route("https://github.com/**", lambda route: route.abort())
        page.fill("#entry-findings-1-claim", "µ" * 990)
        page.evaluate("document.getElementById('entry-findings-1-note').closest('details')?.setAttribute('open', '')")
        page.fill("#entry-findings-1-note", "µ" * 990)
        page.click("#entry-open")
        assert "too long for GitHub" in page.text_content("#entry-status")
        assert len(page.context.pages) == 1
        accepted(page, tmp_path)

    def test_several_findings_and_a_draft_that_outlives_a_reload(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        page.select_option("#entry-findings-1-theme", "evolution")
        page.check("#entry-findings-1-cells-0")
        page.click("#entry-add")
        page.select_option("#entry-findings-2-theme", "target")
        page.fill("#entry-findings-2-claim", "A draft.")
        page.reload()
        page.wait_for_selector("#entry-findings-2-claim")
        assert page.input_value("#entry-findings-2-claim") == "A draft."
        assert page.is_checked("#entry-findings-1-cells-0")
        assert "cells: [HSC]" in page.text_content("#entry-yaml")
        page.click("text=Remove finding 2")
        assert page.locator("#entry-findings-2-claim").count() == 0
        page.on("dialog", lambda dialog: dialog.accept())
        page.click("#entry-clear")
        page.reload()
        assert page.input_value("#entry-key") == ""

    def test_a_synonym_becomes_the_term_and_typed_markup_stays_text(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        page.select_option("#entry-findings-1-theme", "resistance")
        page.fill("#entry-findings-1-escaped", "ABT-199")
        page.press("#entry-findings-1-escaped", "Enter")
        page.fill("#entry-findings-1-escaped", "<img src=x onerror=window.hurt=1>")
        page.press("#entry-findings-1-escaped", "Enter")
        page.fill("#entry-findings-1-claim", "<img src=x onerror=window.hurt=1>")
        page.click("#entry-copy")
        assert page.locator(".chips li").all_text_contents()[0].startswith("venetoclax")
        assert page.evaluate("window.hurt") is None
        assert page.locator("#entry-form img").count() == 0

    def test_the_script_is_on_no_other_page(self, site):
        assert "form.js" in (site / "book" / "contribute.html").read_text()
        assert "form.js" not in (site / "book" / "data.html").read_text()

    def test_without_a_repository_there_is_copy_and_download_only(self, opened, free):
        page = opened()
        page.route("**/form-data.js", lambda route: route.fulfill(
            body=route.fetch().text().replace(f'"repository":"{REPOSITORY}"', '"repository":""'),
            content_type="text/javascript"))  # fmt: skip
        begin(page, free.pmid)
        assert page.locator("#entry-open").count() == 0
        assert page.locator("#entry-copy").count() == page.locator("#entry-download").count() == 1

    @pytest.mark.parametrize("mode", ["light", "dark"])
    @pytest.mark.parametrize("width", [390, 1280])
    def test_axe_finds_nothing_and_nothing_scrolls_sideways(self, opened, free, width, mode):
        from axe_playwright_python.sync_playwright import Axe

        page = opened(width=width, mode=mode)
        begin(page, free.pmid)
        for theme in fields.BY_THEME:
            page.select_option("#entry-findings-1-theme", theme)
            page.evaluate("document.querySelectorAll('#entry-form details').forEach(d => d.open = true)")
            page.fill("#entry-findings-1-diseases", "AML")
            page.press("#entry-findings-1-diseases", "Enter")
            page.click("#entry-copy")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, theme
            results = Axe().run(page)
            assert [(v["id"], v["nodes"][0]["html"][:200]) for v in results.response["violations"]] == [], theme
