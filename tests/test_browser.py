"""The evidence browser as the build makes it: its columns, names and first page."""

import json
import re

import pytest
from lxml import html

from lscbook.evidence import fields
from lscbook.site import scripts
from lscbook.site.browser import facets, parts
from lscbook.site.browser import page as browser_page
from lscbook.site.opened import Site
from lscbook.site.search import names
from lscbook.synthesis.counts import strongest_first
from tests.browsing import HOSTILE, hostile


@pytest.fixture(scope="module")
def data(book):
    return facets.data(book)


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
