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
