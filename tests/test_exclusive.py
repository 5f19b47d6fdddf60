"""Lesions that exclude each other: known answers, what may not matter, no vote in the order, and the arcs of the figure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from lscbook.evidence.findings import EvolutionFinding
from lscbook.figures import arcs, strengths
from lscbook.site import strength as pages
from lscbook.site.opened import Site
from lscbook.synthesis import conflicts, exclusive, order
from tests import books

AGAINST = {"direction": "does_not_support", "reason": "opposite shown"}
CHAIN = [
    books.finding(lesions=["DNMT3A"], order=None, before=[["DNMT3A", "NPM1"], ["NPM1", "FLT3-ITD"], ["FLT3-ITD", "NRAS"]])
] * 2


def apart(*couples, scope="clone", **own):
    lesions = list(dict.fromkeys(lesion for couple in couples for lesion in couple))
    given = {"lesions": lesions, "order": None, "exclusive": [list(c) for c in couples], "exclusive_in": scope}
    return books.finding(**given, **own)


def pairs_of(*findings):
    return [(books.entry(str(i), [f]), books.record(str(i))) for i, f in enumerate(findings, start=1)]


def located(*findings):
    return books.evidence(*pairs_of(*findings)).of_type(EvolutionFinding)


def told(*findings):
    return [(e.one, e.other, e.scope, *e.studies) for e in exclusive.of(located(*findings))]


def test_a_pair_is_one_whatever_its_order_and_apart_by_scope():
    assert told(
        apart(("NRAS", "FLT3-ITD")), apart(("FLT3-ITD", "NRAS")), apart(("FLT3-ITD", "NRAS"), scope="patient", **AGAINST),
        apart(("NRAS", "FLT3-ITD"), direction="inconclusive"),
    ) == [("FLT3-ITD", "NRAS", "clone", 2, 0, 1), ("FLT3-ITD", "NRAS", "patient", 0, 1, 0)]  # fmt: skip


def test_three_that_exclude_each_other_are_three_pairs_of_one_study():
    assert told(apart(("SF3B1", "SRSF2"), ("U2AF1", "SF3B1"), ("SRSF2", "U2AF1"), scope="patient")) == [
        ("SF3B1", "SRSF2", "patient", 1, 0, 0), ("SF3B1", "U2AF1", "patient", 1, 0, 0),
        ("SRSF2", "U2AF1", "patient", 1, 0, 0),
    ]  # fmt: skip


def test_one_sentence_says_pair_scope_and_studies():
    (found,) = exclusive.of(located(*[apart(("NRAS", "KRAS"))] * 2, apart(("KRAS", "NRAS"), **AGAINST)))
    assert found.said == "KRAS and NRAS: rarely or never in one clone; studies: 2 for, 1 against"


@settings(max_examples=25, deadline=None)
@given(st.randoms())
def test_neither_order_of_input_nor_a_duplicate_cohort_matters(chance):
    same = {"cohort": ["X"]}
    findings = [apart(("NRAS", "KRAS"), **same), apart(("NRAS", "KRAS"), **same), apart(("NRAS", "TP53"), **AGAINST)]
    found = located(*findings)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert exclusive.of(shuffled) == exclusive.of(found)
    assert told(*findings) == [("KRAS", "NRAS", "clone", 1, 0, 0), ("NRAS", "TP53", "clone", 0, 1, 0)]


@pytest.mark.parametrize("own", [{}, AGAINST, {"direction": "inconclusive"}])
def test_it_votes_in_no_order(own):
    more = order.placed(located(*CHAIN, apart(("NRAS", "DNMT3A"), ("TP53", "NPM1"), **own)))
    assert more == order.placed(located(*CHAIN))  # all that an order is made of, the number of studies too


def test_a_disease_of_another_course_and_background_exclude_nothing():
    book = books.book(*pairs_of(*CHAIN, apart(("NRAS", "NPM1"), diseases=["CML"]), apart(("NRAS", "NPM1"), role="context")))
    assert book.exclusive_lesions == []


def test_together_in_one_study_and_apart_in_another_is_a_conflict():
    found = located(apart(("NRAS", "FLT3-ITD")), apart(("FLT3-ITD", "NRAS"), **AGAINST))
    (conflict,) = conflicts.find(found)
    assert conflict.about == "FLT3-ITD and NRAS: exclude each other in one clone"
    assert conflicts.find(located(apart(("NRAS", "KRAS")), apart(("KRAS", "NRAS"), scope="patient", **AGAINST))) == []


def links(svg):
    return [a.get("aria-label") for a in etree.fromstring(svg.encode()).iter("{http://www.w3.org/2000/svg}a")]


@pytest.fixture
def few_resamples(monkeypatch):
    """How wide the sets are is of no matter here, and resampling is what an order costs."""
    monkeypatch.setattr(order, "RESAMPLES", 60)


def shown(*findings):
    return strengths.lesions(books.book(*pairs_of(*CHAIN, *findings)), "Lesions")


def test_an_arc_of_the_line_says_one_sentence_wide_and_on_a_phone(few_resamples):
    contested = [apart(("DNMT3A", "NRAS")), apart(("NRAS", "DNMT3A"), **AGAINST)]
    made = shown(apart(("NRAS", "NPM1"), scope="patient"), *contested)
    for picture in (made.svg, made.narrow):
        said = links(picture)
        assert said.count("NPM1 and NRAS: rarely or never in one patient; studies: 1 for") == 1
        assert said.count("DNMT3A and NRAS: rarely or never in one clone; studies: 1 for, 1 against") == 1
        assert picture.count('stroke-dasharray="4,3"') == 1
    assert "whole line in one clone, dashed in one patient" in made.how_to_read
    assert "another study found them together" in made.how_to_read
    assert dict(zip(made.data["lesion"], made.data["excludes"], strict=True)) == {
        "DNMT3A": "NRAS (one clone)", "NPM1": "NRAS (one patient)", "FLT3-ITD": "",
        "NRAS": "DNMT3A (one clone), NPM1 (one patient)",
    }  # fmt: skip


def test_no_arc_for_what_no_study_says_or_the_line_has_not(few_resamples):
    plain = shown()
    other = shown(apart(("NRAS", "NPM1"), **AGAINST), apart(("TP53", "NPM1")))
    assert (other.svg, other.narrow, other.how_to_read) == (plain.svg, plain.narrow, plain.how_to_read)


def test_a_longer_arc_swings_wider_and_none_leaves_its_room():
    """Of four rows twenty dots apart: the ends stand at the middle of their rows, the mark half-way between."""
    drawn = arcs.beside(
        ["a", "b", "c", "d"],
        [arcs.Arc("d", "a", "long", dashed=True, contested=False), arcs.Arc("b", "c", "short", dashed=False, contested=True)],
        100, 60, 20,
    )  # fmt: skip
    bends, marks = drawn.layer[0].data, drawn.layer[2].data.set_index("url")
    assert (marks.loc["long", "y"], marks.loc["short", "y"]) == (40, 40)
    assert 100 < marks.loc["short", "x"] < marks.loc["long", "x"] == 160
    assert bends["x"].between(108, 160).all()
    assert {(a, g["y"].min(), g["y"].max()) for a, g in bends.groupby("dashed")} == {(True, 10.0, 70.0), (False, 30.0, 50.0)}


def test_the_table_names_each_pair_with_its_findings_and_says_which_have_an_arc(few_resamples):
    findings = [*CHAIN, apart(("NRAS", "NPM1")), apart(("NRAS", "NPM1"), **AGAINST), apart(("TP53", "NPM1"))]
    root = html.fromstring(f"<div>{pages.exclusive(Site(books.book(*pairs_of(*findings))))}</div>")
    rows = {row.xpath("string(th)"): row for row in root.xpath("//tbody/tr")}
    assert [a.get("href").rpartition("#")[2] for a in rows["NPM1 and NRAS"].xpath(".//a")] == ["f-3-1", "f-4-1"]
    assert "joined by an arc" in rows["NPM1 and NRAS"].text_content()
    assert "no arc: TP53 not in the line" in rows["NPM1 and TP53"].text_content()


def test_a_book_without_pairs_says_so_and_ours_has_some(book):
    assert "No finding says" in pages.exclusive(Site(books.book(*pairs_of(CHAIN[0]))))
    assert any(pair.holds for pair in book.exclusive_lesions)
