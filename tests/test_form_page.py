"""The page of the form in a real browser, from a number to a pull request. Slow."""

from urllib.parse import parse_qs, urlsplit

import pytest

from lscbook import corpus, paths
from lscbook.evidence import fields, rules, store, yaml_text
from tests.forms import ORCID, REPOSITORY, TYPED, accepted, begin, by_keyboard, slow

pytest_plugins = ["tests.forms"]


@pytest.mark.slow
@pytest.mark.xdist_group("site")
@pytest.mark.parametrize("disk", [False, True], ids=["served", "from disk"])
def test_an_address_with_a_paper_begins_the_form_with_it(opened, free, disk):
    """As the page *Help us read* links; nobody has touched the form."""
    page = opened(disk=disk)
    page.goto(f"{page.url}#paper={free.pmid}")
    page.reload()
    page.wait_for_selector("#entry-yaml")
    page.wait_for_function("t => document.getElementById('entry-paper').textContent.includes(t)", arg=free.title)
    assert page.input_value("#entry-key") == free.pmid


class TestPage:
    pytestmark = slow

    def test_every_entry_of_the_book_is_written_as_fix_writes_it(self, script):
        for path in sorted(paths.EVIDENCE.glob("*.yaml")):
            plain = yaml_text.read_file(path).plain()
            written = script.evaluate("entry => form.yaml(entry)", plain)
            for finding in plain["findings"]:
                finding["support"].pop("grounding", None)
            assert written == path.read_text(encoding="utf-8"), path.name

    def test_file_names_are_those_of_check(self, script):
        for record in list(corpus.read().records.values())[::7]:
            given = {"author": record.first_author, "year": record.year, "key": record.key}
            assert script.evaluate("g => form.fileName(g)", given) == store.file_name(record)

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

    def test_answers_of_a_chapter_return_when_one_switches_back(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        theme, mechanism = "#entry-findings-1-theme", "#entry-findings-1-mechanism"
        page.select_option(theme, "resistance")
        page.fill(mechanism, "not told")
        page.fill("#entry-findings-1-claim", "A claim.")
        page.select_option(theme, "identity")
        assert page.locator(mechanism).count() == 0
        assert "mechanism" not in page.text_content("#entry-yaml")
        page.reload()
        page.select_option(theme, "resistance")
        assert page.input_value(mechanism) == "not told"
        assert page.input_value("#entry-findings-1-claim") == "A claim."

    def test_another_paper_takes_nothing_of_the_last_one_with_it(self, opened, free):
        page = opened()
        begin(page, "999999999")
        page.fill("#entry-author", "Someone")
        page.fill("#entry-year", "1999")
        page.select_option("#entry-findings-1-theme", "resistance")
        page.fill("#entry-findings-1-claim", "A claim of the first.")
        page.fill("#entry-findings-1-support-sentences", "7")
        page.fill("#entry-key", free.pmid)
        page.press("#entry-key", "Tab")
        page.wait_for_selector("#entry-carry")
        assert "A claim of the first" not in page.text_content("#entry-yaml")
        assert page.text_content("#entry-file") == f"data/evidence/{store.file_name(free)}"
        page.fill("#entry-key", "888888888")
        assert free.pmid not in page.text_content("#entry-yaml")  # at once, and not when the field is left
        assert free.title not in page.text_content("#entry-paper")
        page.press("#entry-key", "Tab")
        page.wait_for_selector("#entry-typed:not([hidden])")
        assert page.input_value("#entry-author") == page.input_value("#entry-year") == ""
        page.fill("#entry-key", "999999999")
        page.press("#entry-key", "Tab")
        page.wait_for_selector("#entry-findings-1-claim")
        assert page.input_value("#entry-findings-1-claim") == "A claim of the first."
        assert page.input_value("#entry-author") == "Someone"

    def test_a_mistyped_number_costs_nothing(self, opened, free):
        page = opened()
        begin(page, "999999999")
        page.select_option("#entry-findings-1-theme", "resistance")
        page.fill("#entry-findings-1-claim", "A claim.")
        page.fill("#entry-key", free.pmid)
        page.press("#entry-key", "Tab")
        page.click("#entry-carry")
        assert page.input_value("#entry-findings-1-claim") == "A claim."
        assert free.pmid in page.text_content("#entry-yaml")
        assert page.text_content("#entry-aside") == ""

    @pytest.mark.parametrize(
        "stored", ['{"findings": [7]}', '{"findings": [{"theme": "target", "with": ["x"], "effect": 7}]}', "{", "[]"]
    )
    def test_a_draft_of_another_shape_breaks_nothing(self, opened, free, stored):
        page = opened()
        page.evaluate("text => localStorage.setItem('lsc-evidence-draft', text)", stored)
        page.reload()
        page.wait_for_selector("#entry-yaml", state="attached")
        if "with" in stored:
            assert 'with: ["x"]; effect: 7' in page.text_content("#entry-status")
        begin(page, free.pmid)

    def test_addresses_and_links_are_taken_as_pasted(self, opened, free):
        page = opened()
        page.fill("#entry-key", f"https://pubmed.ncbi.nlm.nih.gov/{free.pmid}/?from=x")
        page.press("#entry-key", "Tab")
        page.wait_for_function(
            "k => document.getElementById('entry-yaml')?.textContent.includes(k)", arg=f"pmid: {free.pmid}\n"
        )
        page.fill("#entry-curators", f"https://orcid.org/{ORCID}, orcid.org/0000-0002-1694-233x")
        page.press("#entry-curators", "Tab")
        assert f"curators: [{ORCID}, 0000-0002-1694-233X]" in page.text_content("#entry-yaml")
        assert page.text_content("#entry-curators-fault") == ""

    def test_what_hangs_on_role_and_direction_is_asked_only_then(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        page.select_option("#entry-findings-1-theme", "resistance")
        at = "#entry-findings-1-"
        assert page.is_visible(f"{at}direction")
        assert not page.is_visible(f"{at}reason")
        page.select_option(f"{at}direction", "does_not_support")
        page.select_option(f"{at}reason", "harm")
        assert "reason: harm" in page.text_content("#entry-yaml")
        page.select_option(f"{at}direction", "supports")
        assert not page.is_visible(f"{at}reason")
        assert "reason" not in page.text_content("#entry-yaml")
        page.select_option(f"{at}role", "context")
        assert not page.is_visible(f"{at}direction")
        assert page.locator(f"{at}directness").count() == 0
        assert "direction" not in page.text_content("#entry-yaml")
        assert page.locator("label[for=entry-findings-1-mechanism] .required").count() == 0
        page.select_option(f"{at}role", "")
        assert page.input_value(f"{at}direction") == "supports"
        assert page.locator("label[for=entry-findings-1-mechanism] .required").count() == 1

    def test_a_paper_that_was_screened_out_is_told(self, opened, book):
        out = next(d for d in book.decisions if d.decision == "exclude" and book.corpus.find(d.pmid))
        page = opened()
        begin(page, out.pmid)
        assert out.reason in page.text_content("#entry-excluded")

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
        how = page.text_content("#entry-how")
        assert f"data/evidence/{store.file_name(free)}" in how
        assert "pull request" in how

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
