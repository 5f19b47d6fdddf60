"""Conflicts: what contradicts what, of which kind, and what differs."""

import pytest

from lscbook.figures.html import Html
from lscbook.synthesis import conflicts
from lscbook.synthesis.conflicts import NEARLY, SAME
from tests import books

AGAINST = {"direction": "does_not_support", "reason": "no effect shown"}


def found(*findings, papers=None):
    entries = {}
    for number, finding in enumerate(findings):
        entries.setdefault(papers[number] if papers else str(number + 1), []).append(finding)
    numbered = {k: [f.model_copy(update={"id": i}) for i, f in enumerate(v, start=1)] for k, v in entries.items()}
    return conflicts.find(books.evidence(*((books.entry(k, v), books.record(k)) for k, v in numbered.items())).findings)


def target(study="PDX", **own):
    return books.finding(theme="target", **{"study": study, "level": "D", **own})


def test_the_same_proposition_with_what_differs():
    (made,) = found(target(agents=["tagraxofusp"]), target(agents=["talacotuzumab"], diseases=["MDS"], **AGAINST))
    assert (made.kind, made.about) == (SAME, "targeting CD123: efficacy: leukaemia burden")
    told = {d.name: (d.one, d.other) for d in made.pairs[0].differs}
    assert told == {"diseases": ("AML", "MDS"), "agents": ("tagraxofusp", "talacotuzumab")}


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"study": "mouse"}, {"study": "phase 2", "level": "B"}, "models or cells against patients"),
        ({"study": "phase 2", "level": "B"}, {"study": "phase 3", "level": "A"}, "a lower phase against a higher"),
        ({"study": "cell line"}, {"study": "PDX"}, "another kind of study"),
        ({"genes": ["TP53"]}, {"genes": ["NPM1"]}, "other genes or markers"),
    ],
)
def test_nearly_the_same_is_told_apart(one, other, why):
    (made,) = found(target(**one), target(**other, **AGAINST))
    assert (made.kind, made.pairs[0].why) == (NEARLY, why)


def test_lower_is_the_opposite_of_higher_and_after_of_before():
    higher = books.finding(theme="identity")
    lower = books.finding(theme="identity", relative="lower")
    assert len(found(higher, lower)) == 1
    assert found(lower, books.finding(theme="identity", relative="lower")) == []
    one = books.finding(before=[["DNMT3A", "NPM1"]], lesions=["DNMT3A"], order=None)
    other = books.finding(before=[["NPM1", "DNMT3A"]], lesions=["NPM1"], order=None)
    assert [c.about for c in found(one, other)] == ["DNMT3A comes before NPM1"]


def test_what_is_no_conflict():
    assert found(target(), target(direction="inconclusive")) == []
    assert found(target(), target()) == []
    assert found(target(), target(end_point="differentiation", **AGAINST)) == []
    assert found(target(), target(**AGAINST), papers=["1", "1"]) == []  # a half-and-half result of one paper
    context = books.finding(theme="target", role="context")
    assert found(target(**AGAINST), context) == []
    unknown = {"theme": "surveillance", "end_point": "not told"}
    assert found(books.finding(**unknown), books.finding(**unknown, **AGAINST)) == []


def test_one_cohort_is_said_so_and_several_therapies_make_one_card():
    told = {"theme": "resistance", "escaped": ["venetoclax", "azacitidine"], "cohort": ["X"]}
    (made,) = found(books.finding(**told), books.finding(**told, **AGAINST))
    assert made.about == "preexisting resistant clone: survives azacitidine; survives venetoclax"
    assert made.pairs[0].why == "the same kind of study, from one cohort"


def test_the_order_of_input_does_not_matter(evidence):
    one = conflicts.find(evidence.findings)
    other = conflicts.find(evidence.findings[::-1])
    assert [(c.about, [(p.one.reference, p.other.reference) for p in c.pairs]) for c in one] == [
        (c.about, [(p.one.reference, p.other.reference) for p in c.pairs]) for c in other
    ]
    for c in one:
        assert all(p.one.entry.key != p.other.entry.key for p in c.pairs)


def test_a_card_shows_both_sides_and_escapes_what_it_shows():
    made = books.book(
        (books.entry("1", [target(claim="It works & lasts.")]), books.record("1")),
        (books.entry("2", [target(claim="It does not.", agents=["venetoclax"], **AGAINST)]), books.record("2")),
    )
    card = str(Html(made).macros("conflicts.html").cards(made.conflicts))
    assert "It works &amp; lasts." in card
    assert "It does not." in card
    assert "<b>agents</b>: not stated" in card
    assert "no proof of agreement" in str(Html(made).macros("conflicts.html").cards([]))


def test_of_two_tests_the_assay_and_the_side_are_told():
    told = [
        books.finding(theme="surveillance", assay=assay, level=level)
        for assay, level in (("NGS MRD", "B"), ("flow cytometry MRD", "C"))
    ]
    made = conflicts.differences(*told)
    assert [(d.name, d.one, d.other) for d in made] == [("assay", "NGS MRD", "flow cytometry MRD"), ("level", "B", "C")]


# ---- what a finding is about -----------------------------------------------------------------------------------------


def said(theme, **own):
    return [(": ".join(s.about), s.says) for s in conflicts.statements(books.finding(theme=theme, **own))]


PAIR = {"kind": "test", "of": "NPM1 mutated", "against": "wild type"}
NAMELESS = (
    "other",
    "mutation or karyotype",
    "single gene or antigen",
    "gene-expression score",
    "plasma or marrow protein",
    "risk score",
)


@pytest.mark.parametrize(
    ("theme", "own", "statements"),
    [
        ("evolution", {"lesions": ["-7", "+8"], "order": "late"}, [("-7: is late", True), ("+8: is late", True)]),
        ("evolution", {"lesions": ["-7"], "order": None}, []),
        ("evolution", {"lesions": ["-7"], "order": None, "before": [["TP53", "-7"], ["-7", "+8"]]}, [("-7 comes before TP53", False), ("+8 comes before -7", False)]),
        ("evolution", {"lesions": ["-7"], "order": None, "before": [["+8", "-7"]]}, [("+8 comes before -7", True)]),
        ("identity", {"relative": "higher"}, [("CD123: higher, LSC against normal HSC", True)]),
        ("identity", {"relative": "lower"}, [("CD123: higher, LSC against normal HSC", False)]),
        ("identity", {"relative": "lower", **AGAINST}, [("CD123: higher, LSC against normal HSC", True)]),
        ("identity", {"relative": "similar"}, [("CD123: distinguishes, LSC against normal HSC", False)]),
        ("identity", {"relative": "similar", **AGAINST}, [("CD123: distinguishes, LSC against normal HSC", False)]),
        ("identity", {"relative": None}, [("CD123: distinguishes, LSC against normal HSC", True)]),
        ("resistance", {"escaped": []}, [("preexisting resistant clone: survives therapy not stated", True)]),
        ("resistance", {"escaped": ["venetoclax", "cytarabine"]},
         [("preexisting resistant clone: survives venetoclax", True), ("preexisting resistant clone: survives cytarabine", True)]),
        ("resistance", {"mechanism": "not told"}, []),
        ("surveillance", {"assay": "NGS MRD"}, [("NGS MRD: predicts relapse", True)]),
        ("surveillance", {"assay": "NGS MRD", "end_point": "not told"}, []),
        ("surveillance", {"assay": "NGS MRD", "contrast": {"kind": "treatment by test", "of": "a", "against": "b"}}, [("NGS MRD: acted on, changes relapse", True)]),
        ("surveillance", {"assay": "NGS MRD", "contrast": {"kind": "per unit", "of": "log"}}, [("NGS MRD: by its measure, predicts relapse", True)]),
        *(("surveillance", {"assay": assay, "contrast": PAIR}, [(f"{assay} (npm1 mutated): predicts relapse", True)]) for assay in NAMELESS),
        *(("surveillance", {"assay": assay, "markers": ["CD123"], "genes": ["NPM1"]}, [(f"{assay} (CD123, NPM1): predicts relapse", True)]) for assay in NAMELESS),
        ("target", {}, [("targeting CD123: efficacy: leukaemia burden", True)]),
        ("target", {"aspect": "expression", "end_point": None}, [("CD123: is expressed there", True)]),
        ("target", {"aspect": "safety", "end_point": None, **AGAINST}, [("CD123: is tolerated", False)]),
        ("target", {"aspect": "selectivity", "end_point": None}, [("CD123: spares HSCs", True)]),
    ],
)  # fmt: skip
def test_what_a_finding_says_yes_or_no_to(theme, own, statements):
    assert said(theme, **own) == statements


def test_a_statement_in_words_is_the_heading_of_its_card():
    (said_,) = conflicts.statements(target())
    assert said_.sentence == "targeting CD123 · efficacy: leukaemia burden"
    (said_,) = conflicts.statements(books.finding(before=[["DNMT3A", "NPM1"]], lesions=["DNMT3A"], order=None))
    assert said_.sentence == "DNMT3A comes before NPM1"


@pytest.mark.parametrize("theme", list(books.OF_THEME))
def test_what_is_not_decided_or_background_says_nothing(theme):
    assert said(theme)
    assert said(theme, direction="inconclusive") == []
    assert (
        said(theme, role="context", **{n: v for n, v in books.OF_THEME[theme].items() if n in {"lesions", "subjects"}})
        == []
    )


# ---- of which kind, and what differs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "kind", "why"),
    [
        ("PDX", "PDX", SAME, "the same kind of study"), ("mouse", "cell line", SAME, "the same kind of study"), ("cohort", "case report", SAME, "the same kind of study"),
        ("phase 2", "trial", SAME, "the same kind of study"), ("review", "guideline", SAME, "the same kind of study"),
        ("PDX", "case report", NEARLY, "models or cells against patients"), ("computational", "phase 3", NEARLY, "models or cells against patients"),
        ("review", "cohort", NEARLY, "models or cells against patients"), ("phase 1", "phase 2", NEARLY, "a lower phase against a higher"),
        ("phase 1", "meta-analysis", NEARLY, "a lower phase against a higher"), ("cohort", "phase 1", NEARLY, "another kind of study"),
        ("mouse", "PDX", NEARLY, "another kind of study"), ("review", "PDX", NEARLY, "another kind of study"),
    ],
)  # fmt: skip
def test_which_studies_truly_disagree(one, other, kind, why):
    pair = [target().model_copy(update={"study": study}) for study in (one, other)]
    assert conflicts.kind_of(*pair) == conflicts.kind_of(*pair[::-1]) == (kind, why)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [({"genes": ["TP53"]}, {"markers": ["CD33"]}, NEARLY), ({"genes": ["TP53"]}, {}, SAME), ({"genes": ["TP53"]}, {"genes": ["NPM1", "TP53"]}, SAME),
     ({"markers": ["CD33"]}, {"markers": ["CD47"]}, NEARLY), ({}, {}, SAME)],
)  # fmt: skip
def test_other_genes_or_markers_are_another_proposition_only_where_both_name_some(one, other, kind):
    assert conflicts.kind_of(target(**one), target(**other))[0] == kind


@pytest.mark.parametrize(
    ("theme", "name", "given", "told"),
    [
        ("target", "diseases", ["MDS", "CMML"], "CMML, MDS"), ("target", "study", "mouse", "mouse"), ("target", "agents", ["b", "a"], "a, b"),
        ("target", "partners", ["azacitidine"], "azacitidine"), ("target", "comparator", "placebo", "placebo"), ("target", "stage", "phase 1", "phase 1"),
        ("target", "end_point", "differentiation", "differentiation"), ("target", "genes", ["TP53"], "TP53"), ("target", "markers", ["CD33"], "CD33"),
        ("target", "therapies", ["venetoclax"], "venetoclax"), ("target", "directness", "indirect", "indirect"), ("target", "level", "E", "E"),
        ("resistance", "escaped", ["venetoclax"], "venetoclax"), ("evolution", "cells", ["HSC", "GMP"], "GMP, HSC"), ("identity", "assay", "CFU", "CFU"),
        ("identity", "fraction", "CD34+", "CD34+"), ("surveillance", "threshold", "0.1%", "0.1%"), ("surveillance", "time_point", "before disease", "before disease"),
        ("surveillance", "contrast", {"kind": "per unit", "of": "log"}, "log"), ("surveillance", "contrast", {"kind": "test", "of": "x", "against": "y"}, "x versus y"),
    ],
)  # fmt: skip
def test_each_field_in_which_two_findings_may_differ_is_told_in_words(theme, name, given, told):
    base = books.finding(theme=theme)
    (made,) = conflicts.differences(base, books.finding(theme=theme, **{name: given}))
    assert (made.name, made.other) == (name.replace("_", " "), told)
    assert made.one == (conflicts._said(getattr(base, name)) or "not stated")
    assert conflicts.differences(base, base) == ()


def test_numbers_that_differ_are_told():
    one, other = target(n="5", n_unit="mice"), target(n="12", n_unit="mice")
    assert [(d.name, d.one, d.other) for d in conflicts.differences(one, other)] == [("n", "5", "12")]


def test_conflicts_on_one_proposition_come_first_then_the_strongest_pair():
    made = found(
        target("phase 3", level="A"), target("phase 2", level="B", **AGAINST), target(target="BCL2", level="B"), target(target="BCL2", level="B", **AGAINST),
        target(target="CD33", level="B"), target(target="CD33", level="E", **AGAINST),
    )  # fmt: skip
    assert [(c.about.split(":")[0], c.kind) for c in made] == [
        ("targeting BCL2", SAME),
        ("targeting CD33", SAME),
        ("targeting CD123", NEARLY),
    ]


def test_each_side_has_its_findings_once_and_a_page_those_of_its_own_alone():
    made = found(target(), target(level="C"), target(**AGAINST), target(**AGAINST, level="B"))
    (one,) = made
    assert [[f.reference for f in side] for side in one.sides] == [["2/1", "1/1"], ["4/1", "3/1"]]
    assert len(one.pairs) == 4
    assert (one.pairs[0].one.reference, one.pairs[0].other.reference) == ("2/1", "4/1")  # the weaker of the two is a C
    assert conflicts.of_entity(made, one.findings) == made
    assert conflicts.of_entity(made, one.findings[1:]) == []
