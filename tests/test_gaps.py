"""The map of gaps: why a place is empty, where a term stands, and a page that filters and needs no script."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from lscbook.pubmed.record import Record
from lscbook.screening import Decision, Search
from lscbook.site import literature as page
from lscbook.site.opened import Site
from lscbook.synthesis import gaps
from tests import books


def target(name="CD123", stage="PDX", **own):
    study = stage if stage.startswith("phase") else "PDX"
    return books.finding(theme="target", target=name, stage=stage, study=study, **own)


def pairs_of(*findings):
    return [(books.entry(str(i), [f]), books.record(str(i))) for i, f in enumerate(findings, start=1)]


def naming(pmid, *markers):
    return Record(pmid, "T", date="2020", concepts={"markers": dict.fromkeys(markers, 1)})


def out(pmid):
    return Decision(pmid, "exclude", "other disease", "2026-01-01", "")


def search(kind, term, found="0"):
    return Search(kind, term, "x[tiab]", "2026-01-01", found, "where")


@pytest.fixture
def row(words):
    def of(*findings, kind="targets", name="CD123", records=(), decisions=(), searches=()):
        told = gaps.rows(books.evidence(*pairs_of(*findings)), words, records, decisions, searches)
        return next(r for r in told if (r.kind, r.id) == (kind, name))

    return of


def test_an_empty_place_says_why_and_never_two_things(row):
    found, named = search("targets", "CD123"), naming("77", "CD123")
    for own, state in (
        ({}, gaps.NOT_SEARCHED),
        ({"searches": [found]}, gaps.SEARCHED),
        ({"records": [named]}, gaps.WRITTEN),
        ({"records": [named], "decisions": [out("77")]}, gaps.NOT_SEARCHED),
        ({"records": [named], "decisions": [out("77")], "searches": [found]}, gaps.SEARCHED),
        ({"records": [named], "searches": [found]}, gaps.WRITTEN),  # a record came that the search did not see
        ({"records": [named], "searches": [search("targets", "CD123", "1")]}, gaps.SEARCHED),
        ({"searches": [search("mechanisms", "autophagy")]}, gaps.NOT_SEARCHED),
        ({"records": [naming("77", "CD33")]}, gaps.NOT_SEARCHED),
    ):
        assert {c.state for c in row(**own).cells.values()} == {state}, own
        assert row(**own).states == (state,)


def test_what_is_curated_stands_in_its_place_and_the_paper_no_longer_waits(row):
    made = row(target(), target(stage="phase 2"), records=[naming("1", "CD123"), naming("9", "CD123")])
    assert [name for name, c in made.cells.items() if c.state == gaps.CURATED] == ["PDX", "phase 2"]
    assert made.cells["PDX"].directed("supports") == 1
    assert (made.waiting, made.states) == (("9",), (gaps.CURATED, gaps.WRITTEN))


def test_records_that_name_a_target_wait_are_out_or_are_curated_on_it(row):
    named = [naming(pmid, "CD123") for pmid in ("1", "77", "8", "100")] + [naming("9", "CD33")]
    made = row(
        target(),
        records=named,
        decisions=[out("77"), out("9"), Decision("8", "include", "answers a theme", "2026-01-01", "")],
    )
    assert (made.waiting, made.out, made.annotated) == (("100", "8"), ("77",), True)
    assert made.search is None
    assert made.group == "surface antigen"
    found = search("targets", "CD123", "5")
    assert row(searches=[found]).search == found
    unnamed = row(kind="mechanisms", name="drug efflux", records=named)
    assert (unnamed.waiting, unnamed.out, unnamed.annotated, unnamed.group) == ((), (), False, "")


@pytest.mark.parametrize(
    ("found", "state"), [("0", gaps.WRITTEN), ("1", gaps.WRITTEN), ("2", gaps.SEARCHED), ("3", gaps.SEARCHED)]
)
def test_a_search_holds_until_more_records_name_the_term_than_it_found(row, found, state):
    made = row(records=[naming("7", "CD123"), naming("8", "CD123")], searches=[search("targets", "CD123", found)])
    assert made.states == (state,)


@pytest.mark.parametrize(
    ("own", "places"),
    [({"stage": stage}, [stage]) for stage in ("expression", "dependency", "PDX", "phase 1", "phase 2", "phase 3")]
    + [({"stage": "PDX", "hsc_effect": "spared"}, ["PDX", "normal HSCs"]), ({"stage": "PDX", "aspect": "selectivity", "end_point": None}, ["PDX", "normal HSCs"]),
       ({"stage": "phase 1", "end_point": "LSC activity"}, ["phase 1", "stem cells read out in a trial"]), ({"stage": "PDX", "end_point": "LSC activity"}, ["PDX"])],
)  # fmt: skip
def test_the_places_that_a_finding_on_a_target_fills(row, own, places):
    made = row(target(**{"end_point": "response", "claim": "It was tried.", **own}))
    assert [name for name, cell in made.cells.items() if cell.findings] == places
    assert list(made.cells) == [
        "expression",
        "dependency",
        "PDX",
        "phase 1",
        "phase 2",
        "phase 3",
        "stem cells read out in a trial",
        "normal HSCs",
    ]


@pytest.mark.parametrize(
    ("study", "place"),
    [("computational", "models"), ("cell line", "models"), ("iPSC", "models"), ("zebrafish", "models"), ("mouse", "models"), ("PDX", "xenograft"),
     ("ex vivo", "patients' cells"), ("single cell", "patients' cells"), ("primary samples", "patients' cells"), ("case report", "patients"),
     ("case series", "patients"), ("cohort", "patients"), ("phase 1", "patients"), ("trial", "patients"), ("phase 3", "patients"), ("review", None)],
)  # fmt: skip
def test_the_place_that_a_study_on_a_mechanism_fills(row, study, place):
    found = books.finding(theme="resistance", mechanism="drug efflux").model_copy(update={"study": study})
    made = row(found, kind="mechanisms", name="drug efflux")
    assert [name for name, cell in made.cells.items() if cell.findings] == ([place] if place else [])
    assert list(made.cells) == ["models", "xenograft", "patients' cells", "patients"]


def test_the_words_of_the_map():
    assert gaps.STATES == ("curated", "searched and empty", "written about", "not searched")
    assert gaps.STANDINGS == {
        "targets": ("preclinical without a trial", "trial without a stem-cell read-out", "trial with a stem-cell read-out", "nothing curated"),
        "mechanisms": ("not seen in patients", "seen in patients", "nothing curated"),
    }  # fmt: skip


def test_background_is_curated_nowhere(row):
    made = row(books.finding(theme="target", role="context", target="CD123", stage="phase 3"))
    assert (made.standing, made.states) == (gaps.NOTHING, (gaps.NOT_SEARCHED,))


def test_where_a_target_stands(row):
    seen = {"end_point": "LSC activity"}
    for findings, standing in (
        ([], gaps.NOTHING),
        ([target()], gaps.NO_TRIAL),
        ([target(**seen)], gaps.NO_TRIAL),
        ([target(), target(stage="phase 1", end_point="response")], gaps.NO_STEM_CELLS),
        ([target(**seen), target(stage="phase 1", end_point="response")], gaps.NO_STEM_CELLS),  # read out in mice alone
        ([target(stage="phase 1", **seen)], gaps.STEM_CELLS),
        (
            [target(stage="phase 1", end_point="response", claim="Remission after stem-cell transplantation.")],
            gaps.NO_STEM_CELLS,
        ),
        ([target(stage="phase 1", end_point="response", claim="Fewer leukaemic stem cells.")], gaps.STEM_CELLS),
    ):
        assert row(*findings).standing == standing


def test_where_a_mechanism_stands_and_that_it_is_never_written_about(row):
    def mechanism(study, level="B"):
        return books.finding(theme="resistance", mechanism="drug efflux", study=study, level=level)

    own = {"kind": "mechanisms", "name": "drug efflux", "records": [naming("77", "ABCG2")]}
    assert (row(**own).standing, row(**own).states) == (gaps.NOTHING, (gaps.NOT_SEARCHED,))
    for study, level, place, standing in (
        ("cell line", "D", "models", gaps.NOT_IN_PATIENTS), ("PDX", "D", "xenograft", gaps.NOT_IN_PATIENTS),
        ("primary samples", "B", "patients' cells", gaps.NOT_IN_PATIENTS), ("cohort", "B", "patients", gaps.IN_PATIENTS),
        ("phase 3", "A", "patients", gaps.IN_PATIENTS),
    ):  # fmt: skip
        made = row(mechanism(study, level), **own)
        assert [name for name, c in made.cells.items() if c.findings] == [place]
        assert made.standing == standing
    assert row(mechanism("review", "E"), **own).standing == gaps.NOT_IN_PATIENTS


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6).map(random.Random))
def test_the_order_of_what_is_read_does_not_matter(book, chance):
    records, decisions, searches = list(book.corpus.records.values()), list(book.decisions), list(book.searches)
    one = gaps.rows(book.evidence, book.vocabulary, records, decisions, searches)
    for some in (records, decisions, searches):
        chance.shuffle(some)
    assert gaps.rows(book.evidence, book.vocabulary, records, decisions, searches) == one


def test_more_findings_empty_no_place(row):
    less, more = row(target()), row(target(), target(stage="phase 3"))
    assert {n for n, c in less.cells.items() if c.findings} < {n for n, c in more.cells.items() if c.findings}


def test_every_term_stands_in_one_row_and_one_standing(book):
    told = gaps.rows(book.evidence, book.vocabulary, book.corpus.records.values(), book.decisions, book.searches)
    wanted = [("targets", t) for t in book.vocabulary.terms["targets"]]
    wanted += [("mechanisms", m) for m in book.vocabulary.terms["mechanisms"] if m != "not told"]
    assert [(r.kind, r.id) for r in told] == wanted
    assert all(r.standing in gaps.STANDINGS[r.kind] for r in told)


def test_the_page_has_each_row_with_what_the_filter_reads_and_words_for_every_sign(book):
    site = Site(book)
    root = html.fromstring(str(page.gap_map(site)))
    told = gaps.rows(book.evidence, book.vocabulary, book.corpus.records.values(), book.decisions, book.searches)
    rows = root.xpath("//tbody/tr")
    assert [r.xpath("string(th)").strip() for r in rows] == [r.id for r in told]
    assert [r.get("data-stands") for r in rows] == [r.standing for r in told]
    offered = root.xpath("//select[@name='stands']/option/@value")
    assert set(offered) - {""} == {name for names in gaps.STANDINGS.values() for name in names}
    for made, r in zip(rows, told, strict=True):
        assert made.get("data-states").split(";") == list(r.states)
        for cell, place in zip(made.xpath("td"), r.cells.values(), strict=False):
            said = cell.text_content()
            assert place.state in said if not place.findings else str(place.directed("supports") or "") in said
    (form,) = root.xpath("//form")
    assert form.get("hidden") is not None  # until a script brings it
    assert not root.xpath("//tr[@hidden]")
    assert "filter needs JavaScript" in root.xpath("string(//noscript)")
    names = page.standings(site)
    for r in told:
        assert r.id.replace("&", "&amp;") in names


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_the_filter_hides_what_is_not_asked_for_and_the_address_keeps_it(server, chromium):
    page_ = chromium.new_context().new_page()
    page_.goto(f"{server}/book/the-literature.html")
    rows = page_.locator("#gap-map tbody tr")
    whole = rows.count()
    page_.select_option("#gap-map [name=stands]", gaps.NO_STEM_CELLS)
    left = page_.locator("#gap-map tbody tr:not([hidden])")
    assert set(left.evaluate_all("rows => rows.map(r => r.dataset.stands)")) == {gaps.NO_STEM_CELLS}
    assert page_.locator("#gap-map [data-part=status]").inner_text() == f"{left.count()} of {whole} rows fit."
    page_.fill("#gap-map [name=q]", "flt3")
    assert left.count() == 1
    address = page_.url
    again = chromium.new_context().new_page()
    again.goto(address)
    assert again.locator("#gap-map tbody tr:not([hidden])").count() == 1
    page_.click("#gap-map button[type=reset]")
    page_.wait_for_url(lambda url: "#" not in url)
    assert left.count() == whole


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_without_scripts_every_row_is_there(server, chromium):
    bare = chromium.new_context(java_script_enabled=False).new_page()
    bare.goto(f"{server}/book/the-literature.html")
    assert bare.locator("#gap-map tbody tr:visible").count() == bare.locator("#gap-map tbody tr").count() > 50
    assert not bare.locator("#gap-map form").is_visible()
