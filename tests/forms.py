"""What the tests of the form share: entries that are typed in and filled at random, and a page that is opened and begun."""

import re
import shutil

import pytest

from lscbook import corpus, paths, vocabulary
from lscbook.evidence import check, fields, store
from lscbook.site import scripts
from lscbook.site.form import page as form_page
from lscbook.site.opened import Site
from tests.pages import serve

slow = [pytest.mark.slow, pytest.mark.xdist_group("site")]
REPOSITORY = "https://github.com/example/lsc-evidence-book"
ORCID = "0000-0002-1825-0097"


def begin(page, key):
    page.fill("#entry-key", key)
    page.press("#entry-key", "Tab")
    page.wait_for_selector("#entry-yaml")
    page.wait_for_function("k => document.getElementById('entry-yaml').textContent.includes(k)", arg=key)


PARTS = ("proposition", "together", "draft", "entry")


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
        "direction": "does_not_support", "reason": "no effect shown", "directness": "direct", "study": "phase 3", "level": "A",
        "diseases": ["acute myeloid leukaemia", "MDS"], "target": "BCL2", "aspect": "efficacy", "stage": "phase 3",
        "end_point": "overall survival", "agents": ["ABT-199"], "partners": ["azacitidine"], "comparator": "azacitidine alone",
        "claim": "A test: no claim about this paper.", "support.full_text": "Figure 2B: left",
    },
    "identity": {
        "direction": "supports", "directness": "direct", "study": "cohort", "level": "B", "diseases": ["AML"],
        "subjects": ["CD123", "TIM3"], "contrast": "LSC against normal HSC", "relative": "higher",
        "claim": "Another test, long enough to be folded: CD34+CD38- cells, p<0.05, \"quoted\" words and a colon: all of it stays as it is.",
        "expression-0": "high", "expression-1": "low", "fraction": "CD34+CD38-", "n": "94", "n_unit": "patients",
        "effect.measure": "HR", "effect.value": "1.9", "effect.ci-0": "1.2", "effect.ci-1": "3.0", "effect.p": "<0.001",
        "support.sentences": "1", "note": "A doubt.",
    },
    "surveillance": {
        "direction": "inconclusive", "directness": "direct", "study": "cohort", "level": "B", "diseases": ["AML"],
        "assay": "flow cytometry MRD", "contrast.kind": "test", "contrast.of": "positive", "contrast.against": "negative",
        "end_point": "relapse", "claim": "A third test.", "support.full_text": "Table 1",
    },
    "evolution": {
        "role": "context", "study": "review", "level": "E", "diseases": ["AML"], "lesions": ["DNMT3A", "NPM1"],
        "before-0-0": "DNMT3A", "before-0-1": "NPM1", "before-0-2": "12",
        "exclusive-0-0": "DNMT3A", "exclusive-0-1": "TET2", "exclusive_in": "clone", "claim": "A fourth test.", "support.full_text": "Table 1",
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
    left = {name: left[name] for name in sorted(left, key=lambda n: n != "role")}  # it decides what is asked
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
        if name in {"role", "direction"}:
            page.keyboard.press("Tab")  # what hangs on it is asked now


def entry_of(finding):
    return {
        "pmid": "1",
        "read": "abstract",
        "curators": [],
        "reviewers": [],
        "added": "2026-11-24",
        "findings": [finding],
    }


def plain_finding(theme, role=None):
    """A good finding with every field of its theme, as a file has it."""
    own = {
        "evolution": {"lesions": ["DNMT3A"], "order": "early", "cells": ["HSC"], "before": [["DNMT3A", "NPM1", "3"]],
                      "exclusive": [["DNMT3A", "TET2"]], "exclusive_in": "clone"},
        "identity": {"subjects": ["CD123"], "contrast": "LSC against normal HSC", "relative": "higher",
                     "expression": {"LSC": "high", "HSC": "low"}, "fraction": "CD34+"},
        "resistance": {"mechanism": "not told", "escaped": ["venetoclax"], "process": "selected", "acquisition": "acquired"},
        "surveillance": {"assay": "PCR MRD", "contrast": {"kind": "test", "of": "positive", "against": "negative"},
                         "end_point": "relapse", "threshold": "0.1%"},
        "target": {"target": "CD123", "agents": ["talacotuzumab"], "partners": ["decitabine"], "comparator": "decitabine",
                   "aspect": "efficacy", "stage": "phase 3", "end_point": "relapse", "outcome": "activity seen"},
    }[theme]  # fmt: skip
    given = {"id": "1", "theme": theme, "claim": "A claim.", "diseases": ["AML"], "study": "phase 3", "level": "B", "n": "94",
             "n_unit": "patients", "effect": {"measure": "HR", "value": "1.9", "ci": ["1.2", "3.0"], "p": "<0.001"},
             "genes": ["TP53"], "support": {"full_text": "page 1"}}  # fmt: skip
    counted = {"direction": "supports", "directness": "direct"}
    return given | ({"role": role} if role else counted) | own


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
    return next(
        r
        for r in known.records.values()
        if r.pmid
        and r.doi
        and r.abstract
        and r.key not in evidence.entries
        and not set(r.types) & set(fields.STUDIES_OF_TYPE)
    )


@pytest.fixture(scope="module")
def script(chromium, book):
    """A page of nothing but the rules of the form, which needs no site."""
    page = chromium.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_script_tag(content=scripts.assignment("lscFormData", form_page.data(Site(book))))
    rooms = paths.ROOT / "lscbook" / "site"
    for file in ("search/assets/words.js", *(f"form/assets/form-{name}.js" for name in PARTS)):
        page.add_script_tag(path=rooms / file)
    page.evaluate("window.form = lscEntry(lscFormData); window.drafts = lscDraft(lscFormData)")
    yield page
    page.close()
    assert faults == []
