"""Pooling: known answers, a second opinion, and when it refuses."""

import re
from itertools import pairwise
from math import log

import meta_analyze
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscbook.errors import NotEstimable
from lscbook.figures import chapters
from lscbook.synthesis import pooling
from tests import books

# Tuberculosis with and without BCG in 13 trials (Colditz 1994): cases and others, vaccinated and not.
BCG = (
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
)  # fmt: skip
EFFECTS = [log(a / (a + b) / (c / (c + d))) for a, b, c, d in BCG]
VARIANCES = [1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in BCG]


def test_bcg_has_the_known_answer():
    found = pooling.pooled(EFFECTS, VARIANCES)
    assert round(found.estimate, 4) == -0.7145
    assert round(found.tau2, 4) == 0.3132


@pytest.mark.parametrize("of", [slice(None), slice(4), slice(3, 9), slice(5, 8)])
def test_another_library_says_the_same(of):
    ours = pooling.pooled(EFFECTS[of], VARIANCES[of])
    theirs = meta_analyze.meta_analysis(
        effect=EFFECTS[of], variance=VARIANCES[of], model="random", tau2_method="REML",
        ci_method="hartung_knapp_adhoc",
    )  # fmt: skip
    assert ours.estimate == pytest.approx(theirs.estimate, abs=1e-5)
    assert ours.tau2 == pytest.approx(theirs.tau2, abs=1e-5)
    assert (ours.low, ours.high) == pytest.approx((theirs.ci_low, theirs.ci_high), abs=1e-4)
    assert (ours.next_low, ours.next_high) == pytest.approx(tuple(theirs.prediction_interval), abs=1e-3)


EFFECT = st.tuples(st.floats(-2, 2), st.floats(0.01, 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(EFFECT, min_size=3, max_size=8), st.randoms())
def test_the_order_of_cohorts_does_not_matter_and_the_mean_lies_among_them(effects, chance):
    shuffled = list(effects)
    chance.shuffle(shuffled)
    one, other = (pooling.pooled(*zip(*e, strict=True)) for e in (effects, shuffled))
    assert one.estimate == pytest.approx(other.estimate, abs=1e-5)
    assert min(e for e, _ in effects) - 1e-9 <= one.estimate <= max(e for e, _ in effects) + 1e-9
    assert one.next_low <= one.low <= one.estimate <= one.high <= one.next_high


@pytest.mark.parametrize(
    ("effects", "variances", "told"),
    [([0.1, 0.2], [1, 1], "2 independent cohorts"), ([1, 2, 3], [1, 0, 1], "no standard error"),
     ([1, 2, float("nan")], [1, 1, 1], "no standard error")],
)  # fmt: skip
def test_it_refuses(effects, variances, told):
    with pytest.raises(NotEstimable, match=told):
        pooling.pooled(effects, variances)


def ratio(value="2.5", ci=("1.5", "4.2"), of="positive", against="negative", **own):
    told = {
        "assay": "NGS MRD", "time_point": "after induction", "end_point": "relapse",
        "contrast": {"kind": "test", "of": of, "against": against},
        "effect": {"measure": "HR", "value": value, "ci": ci},
    }  # fmt: skip
    return books.finding(theme="surveillance", **{**told, **own})


def book(*findings):
    return books.book(*((books.entry(str(i), [f]), books.record(str(i))) for i, f in enumerate(findings, start=1)))


def answers(*findings):
    return pooling.answers(book(*findings).evidence)


THREE = [ratio(), ratio("3.1", ("2.0", "4.8")), ratio("0.4", ("0.24", "0.66"), "negative", "positive")]


def test_a_cell_of_three_cohorts_is_pooled_the_turned_one_too():
    (found,) = answers(*THREE)
    assert found.ratio is not None
    assert 2.5 <= found.ratio.estimate <= 3.1
    assert found.why == "pooled from 3 independent cohorts"


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (ratio(end_point="overall survival"), "2 independent cohorts, three are needed"),
        (ratio(time_point="relapse"), "2 independent cohorts, three are needed"),
        (ratio(cohort=["X"]), "2 independent cohorts, three are needed"),
        (ratio(directness="indirect"), "2 independent cohorts, three are needed"),
        (ratio("2.5", ("2.5", "2.5")), "an effect has no standard error"),
    ],
)
def test_a_cell_that_does_not_qualify_says_why(last, told):
    findings = [ratio(cohort=["X"]), ratio("3.1", ("2.0", "4.8")), last]
    whys = {a.cell: a.why for a in answers(*findings)}
    assert any(told in why for why in whys.values()), whys
    assert not any(a.ratio for a in answers(*findings))


def test_what_is_not_told_is_not_pooled():
    assert "when it was measured is not told" in answers(*[ratio(time_point=None)] * 3)[0].why
    assert "which test it was is not told" in answers(*[ratio(assay="other")] * 3)[0].why


def test_a_duplicate_cohort_adds_nothing():
    named = [f.model_copy(update={"cohort": (str(i),)}) for i, f in enumerate(THREE)]
    one, other = answers(*named)[0].ratio, answers(*named, named[0])[0].ratio
    assert one == other


def test_the_forest_has_a_diamond_where_a_cell_qualifies_and_else_says_why_not():
    with_ = chapters.tests(book(*THREE), "T")
    assert "◆" in with_.svg
    assert (with_.data["reference"] == "").sum() == 1
    without = chapters.tests(book(*THREE[:2]), "T")
    assert "◆" not in without.svg
    assert "none pooled, because" in without.how_to_read


def test_the_mark_of_no_effect_stands_between_no_digits_of_a_label():
    """A line from top to bottom made 2.80 look like 2|80."""
    svg = chapters.tests(book(*THREE[:2]), "T").svg
    marks = [(float(top), float(high)) for top, high in re.findall(r'd="M[\d.]+,([\d.]+)h1.5v([\d.]+)', svg)]
    labels = [float(y) for y in re.findall(r'translate\(0,([\d.]+)\)" font-family="sans-serif" font-size="1[01].5px"', svg)]
    assert (len(marks), len(labels)) == (2, 4)
    assert not any(top <= label <= top + high for top, high in marks for label in labels)
    assert "stroke-dasharray" not in svg  # as the line had


def test_a_response_is_turned_with_its_line():
    """More remission is better: its diamond lies on the side of its effects."""
    good = [f.model_copy(update={"end_point": "remission"}) for f in THREE]
    data = chapters.tests(book(*good), "T").data
    lines, diamond = data[data["reference"] != ""]["value"], data[data["reference"] == ""]["value"]
    assert lines.min() <= diamond.iloc[0] <= lines.max() < 1


@pytest.mark.parametrize(
    ("end_point", "positive_first", "negative_first"),
    [("relapse", ("2", ("1", "4")), ("0.5", ("0.25", "1"))), ("remission", ("0.5", ("0.25", "1")), ("2", ("1", "4")))],
)
@pytest.mark.parametrize("reversed_", range(4))
def test_rows_and_diamond_are_turned_alike(end_point, positive_first, negative_first, reversed_):
    """Three papers say the same, some of positive over negative and some the other way: all stand at 2 (1 to 4).

    By hand: v = (ln 4 / 2·1.959964)², tau² 0, and ln 2 ± 4.302653·√(v/3), the t of 2 degrees of freedom.
    """
    sides = [(*positive_first, "positive", "negative")] * 3 + [(*negative_first, "negative", "positive")] * 3
    findings = [ratio(*side, end_point=end_point) for side in sides[reversed_ : reversed_ + 3]]
    data = chapters.tests(book(*findings), "T").data
    diamond = data[data["reference"] == ""].iloc[0]
    assert data["value"].tolist() == [2, 2, 2, 2]
    assert data[data["reference"] != ""][["low", "high"]].to_numpy().tolist() == [[1, 4]] * 3
    assert (diamond["low"], diamond["high"]) == pytest.approx((0.831, 4.815), abs=1e-3)
    assert diamond["turned"] == (end_point == "remission")  # as the cell names its sides, positive first


def test_of_a_good_end_the_page_tells_the_ratio_of_the_sides_that_it_names():
    good = [ratio("0.5", ("0.25", "1"), end_point="remission")] * 3
    (found,) = answers(*good)
    assert "positive against negative" in found.cell.name
    assert (found.ratio.estimate, found.shown.estimate) == pytest.approx((0.5, 2))
    assert found.shown.low < found.shown.estimate < found.shown.high
    assert found.shown.next_low < found.shown.low
    assert found.shown.high < found.shown.next_high


def test_a_width_is_read_at_its_level():
    wide = ratio(effect={"measure": "HR", "value": "2", "ci": ("1", "4"), "ci_level": "90"})
    (located,) = books.evidence((books.entry("1", [wide]), books.record("1"))).findings
    assert pooling.variance(located) ** 0.5 == pytest.approx(log(4) / (2 * 1.6449), abs=1e-3)
    assert all(a < b for a, b in pairwise(pooling.QUANTILE.values()))


def test_an_interval_without_a_stated_level_is_one_of_ninety_five_per_cent():
    """Its half width is 1.96 standard errors of the logarithm, whether the level is left out or empty."""
    for level in ({}, {"ci_level": None}, {"ci_level": "95"}):
        given = ratio(effect={"measure": "HR", "value": "2", "ci": ("1", "4"), **level})
        (located,) = books.evidence((books.entry("1", [given]), books.record("1"))).findings
        assert pooling.variance(located) ** 0.5 == pytest.approx(log(2) / 1.95996, abs=1e-4)


# ---- cells -------------------------------------------------------------------------------------------------------------


def one(**own):
    """One finding of a test with a ratio."""
    given = {
        "assay": "NGS MRD",
        "time_point": "after induction",
        "effect": {"measure": "HR", "value": "2", "ci": ["1", "4"]},
    }
    return books.finding(1, "surveillance", **{**given, **own})


def told(*findings, **own):
    pairs = [(books.entry(str(n), [f]), books.record(str(n))) for n, f in enumerate(findings, 1)]
    return pooling.answers(books.evidence(*pairs), **own)


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ({}, "NGS MRD, after induction: relapse (positive against negative, HR)"),
        ({"genes": ["NPM1"], "markers": ["CD33"]}, "NGS MRD of CD33, NPM1, after induction: relapse (positive against negative, HR)"),
        ({"time_point": None}, "NGS MRD, time not told: relapse (positive against negative, HR)"),
        ({"end_point": "overall survival"}, "NGS MRD, after induction: overall survival (positive against negative, HR)"),
        ({"contrast": {"kind": "test", "of": "Negative", "against": "Positive"}}, "NGS MRD, after induction: relapse (positive against negative, HR)"),
        ({"contrast": {"kind": "test", "of": "positive"}}, "NGS MRD, after induction: relapse (positive against not told, HR)"),
        ({"contrast": {"kind": "treatment by test", "of": "drug", "against": "no drug"}},
         "NGS MRD, after induction: relapse (treatment by test: drug against no drug, HR)"),
        ({"effect": {"measure": "OR", "value": "2", "ci": ["1", "4"]}}, "NGS MRD, after induction: relapse (positive against negative, OR)"),
    ],
)  # fmt: skip
def test_a_cell_in_words_has_test_time_end_point_sides_and_measure(own, name):
    (answer,) = told(one(**own))
    assert answer.cell.name == name


@pytest.mark.parametrize(
    "own",
    [{"directness": "indirect"}, {"contrast": {"kind": "per unit", "of": "log"}}, {"effect": None}, {"effect": {"measure": "HR", "value": "2"}},
     {"effect": {"measure": "AUC", "value": "0.7", "ci": ["0.6", "0.8"]}}],
)  # fmt: skip
def test_what_has_no_cell(own):
    assert told(one(**own)) == []


def test_answers_stand_by_name_and_of_the_references_that_are_asked_for():
    three = [one(end_point="relapse"), one(end_point="overall survival"), one(end_point="relapse")]
    assert [(a.cell.end_point, len(a.used)) for a in told(*three)] == [("overall survival", 1), ("relapse", 2)]
    assert [(a.cell.end_point, len(a.used)) for a in told(*three, among=frozenset({"1/1"}))] == [("relapse", 1)]
    assert told(*three, among=frozenset()) == []


@pytest.mark.parametrize(
    ("n", "intervals", "used"),
    [((10, 100), (("1", "4"), ("1", "4")), "2/1"), ((100, 10), (("1", "4"), ("1.9", "2.1")), "1/1"), ((10, 10), (("1", "4"), ("1.9", "2.1")), "2/1"),
     ((10, 10), (("1.9", "2.1"), ("1", "4")), "1/1"), ((10, 10), (("1", "4"), ("1", "4")), "1/1"), ((None, 10), (("1.9", "2.1"), ("1", "4")), "2/1")],
)  # fmt: skip
def test_a_cohort_gives_the_effect_of_most_people_then_the_most_precise(n, intervals, used):
    made = [
        one(
            cohort=["X"],
            effect={"measure": "HR", "value": "2", "ci": list(ci)},
            **({"n": str(number), "n_unit": "patients"} if number else {}),
        )
        for number, ci in zip(n, intervals, strict=True)
    ]
    (answer,) = told(*made)
    assert [f.reference for f in answer.used] == [used]


@pytest.mark.parametrize(
    ("findings", "why"),
    [
        ([one()], "not pooled: 1 independent cohort, three are needed"), ([one(), one()], "not pooled: 2 independent cohorts, three are needed"),
        ([one(time_point=None)] * 3, "not pooled: when it was measured is not told"), ([one(assay="other")] * 3, "not pooled: which test it was is not told"),
        ([one(assay="MRD, any method")] * 3, "not pooled: which test it was is not told"), ([one()] * 3, "pooled from 3 independent cohorts"),
        ([one(), one(), one(effect={"measure": "HR", "value": "2", "ci": ["2", "2"]})], "not pooled: an effect has no standard error"),
    ],
)  # fmt: skip
def test_why_a_cell_has_a_diamond_or_none(findings, why):
    (answer,) = told(*findings)
    assert (answer.why, answer.ratio is not None) == (why, why.startswith("pooled"))


def test_the_inverse_of_a_ratio_has_its_ends_in_order():
    made = pooling.Pooled(2.0, 1.0, 4.0, 0.5, 8.0, 0.1, 3).inverse()
    assert (made.estimate, made.low, made.high, made.next_low, made.next_high, made.tau2, made.number) == (
        0.5,
        0.25,
        1.0,
        0.125,
        2.0,
        0.1,
        3,
    )
