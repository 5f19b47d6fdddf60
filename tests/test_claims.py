"""Titles that the data bear, and titles that they do not."""

import pytest

from lscbook.errors import TitleNotBorne
from lscbook.synthesis import claims
from tests import books


def evidence(*findings):
    """A paper for each finding."""
    return books.evidence(
        *((books.entry(str(i), [finding]), books.record(str(i))) for i, finding in enumerate(findings, start=1))
    )


def placed(lesion, order, **own):
    return books.finding(lesions=[lesion], order=order, **own)


THREE = [placed("DNMT3A", "founding"), placed("DNMT3A", "early"), placed("DNMT3A", "founding")]
LATE = [placed("FLT3", "late"), placed("FLT3", "late"), placed("FLT3", "relapse-acquired")]
BEFORE = claims.place_before(["DNMT3A"], ["FLT3"])


def test_a_title_that_the_data_bear_stands():
    claims.hold(evidence(*THREE, *LATE), BEFORE)


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ([*THREE, *LATE[:2]], "FLT3 is placed by 2 papers"),
        ([*THREE, placed("FLT3", "founding"), placed("FLT3", "founding"), placed("FLT3", "late")], "not before FLT3"),
        ([*THREE, *LATE[:2], placed("FLT3", "late", direction="inconclusive")], "FLT3 is placed by 2 papers"),
        ([*THREE, *LATE[:2], placed("FLT3", "late", role="context")], "FLT3 is placed by 2 papers"),
    ],
)
def test_a_title_that_the_data_stopped_bearing_says_what_they_show(findings, told):
    with pytest.raises(TitleNotBorne, match=told):
        claims.hold(evidence(*findings), BEFORE)


def test_a_paper_counts_once_however_many_findings_it_has():
    many = books.entry("1", [books.finding(i, lesions=["DNMT3A"], order="founding") for i in (1, 2, 3)])
    one = books.evidence((many, books.record("1")))
    with pytest.raises(TitleNotBorne, match="DNMT3A is placed by 1 papers"):
        claims.hold(one, claims.place_before(["DNMT3A"], [], papers=2))


def test_most_more_and_at_least_count_what_is_counted():
    def against(located):
        return located.finding.stance == "does_not_support"

    def for_(located):
        return located.finding.stance == "supports"

    known = evidence(
        *(books.finding(theme="resistance", mechanism="TP53 axis loss") for _ in range(3)),
        books.finding(theme="resistance", mechanism="drug efflux"),
        books.finding(theme="resistance", mechanism="drug efflux", direction="does_not_support", reason="harm"),
        books.finding(theme="resistance", mechanism="autophagy", role="context"),
    )
    claims.hold(
        known, claims.most("resistance", "mechanism", ["TP53 axis loss"]), claims.more("for", for_, "against", against)
    )
    claims.hold(known, claims.at_least(1, "against", against))
    for wrong in (claims.most("resistance", "mechanism", ["drug efflux"]), claims.at_least(2, "against", against),
                  claims.more("against", against, "for", for_), claims.at_least(3, "for", for_, papers=5)):  # fmt: skip
        with pytest.raises(TitleNotBorne):
            claims.hold(known, wrong)
    tied = evidence(*(books.finding(theme="resistance", mechanism=m) for m in ("drug efflux", "autophagy")))
    with pytest.raises(TitleNotBorne, match="autophagy has 1"):
        claims.hold(tied, claims.most("resistance", "mechanism", ["drug efflux"]))


def test_a_target_reaches_a_rung_by_support_alone():
    known = evidence(
        books.finding(theme="target", study="phase 2", stage="phase 2", end_point="response"),
        books.finding(theme="target", study="phase 3", stage="phase 3", end_point="response",
                      direction="does_not_support", reason="no effect shown"),
    )  # fmt: skip
    claims.hold(known, claims.reaches("phase 2", ["CD123"]))
    with pytest.raises(TitleNotBorne, match="CD123 does not"):
        claims.hold(known, claims.reaches("phase 3", ["CD123"]))


def test_a_target_failed_where_a_finding_on_that_very_rung_says_so():
    failed = books.finding(theme="target", study="phase 3", stage="phase 3", end_point="response",
                           direction="does_not_support", reason="no effect shown")  # fmt: skip
    known = evidence(failed, books.finding(theme="target", study="phase 2", stage="phase 2", end_point="response"))
    claims.hold(known, claims.failed_at("phase 3", ["CD123"]))
    for wrong in (claims.failed_at("phase 2", ["CD123"]), claims.failed_at("phase 3", ["CD123", "CD33"])):
        with pytest.raises(TitleNotBorne, match="did not"):
            claims.hold(known, wrong)


def ratio(value, low, high, **own):
    effect = {"measure": "HR", "value": value, "ci": (low, high)}
    return books.finding(theme="surveillance", effect=effect, **{"assay": "flow cytometry MRD", **own})


def test_a_share_of_ratios_lies_beyond_one_with_its_whole_interval():
    known = evidence(ratio("2", "1.5", "3"), ratio("2", "1.1", "4"), ratio("2", "0.9", "4"), ratio("0.5", "0.2", "0.9"))
    claims.hold(
        known, claims.beyond_one("test", above=True, most=0.5), claims.beyond_one("test", above=False, most=0.25)
    )
    for wrong in (claims.beyond_one("test", above=True, most=0.6), claims.beyond_one("before", above=True, most=0.1)):
        with pytest.raises(TitleNotBorne):
            claims.hold(known, wrong)


def test_one_panel_has_more_of_its_ratios_above_one_than_another():
    trait = {"assay": "mutation or karyotype"}
    known = evidence(ratio("2", "1.5", "3"), ratio("2", "0.9", "4"), ratio("1", "0.9", "1.1", **trait))
    claims.hold(known, claims.oftener_above_one("test", "trait"))
    for wrong in (claims.oftener_above_one("trait", "test"), claims.oftener_above_one("test", "acting")):
        with pytest.raises(TitleNotBorne):
            claims.hold(known, wrong)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (claims.place_before(["DNMT3A", "TET2"], ["FLT3", "NRAS"], papers=4), "DNMT3A, TET2 come before FLT3, NRAS, each from 4 papers"),
        (claims.more("for", bool, "against", bool), "more for than against"),
        (claims.at_least(3, "against", bool, papers=2), "at least 3 against from 2 papers"),
        (claims.most("resistance", "mechanism", ["drug efflux", "autophagy"]), "drug efflux, autophagy have the most findings by mechanism"),
        (claims.reaches("phase 2", ["CD33", "FLT3"]), "CD33, FLT3 are supported at phase 2 or above"),
        (claims.failed_at("phase 3", ["CD33", "FLT3"]), "CD33, FLT3 failed at phase 3"),
        (claims.oftener_above_one("test", "trait"),
         "more of the ratios of 'Residual disease or stem cells, positive against negative' than of 'Mutation, clone or class, present against absent' lie wholly above 1"),
        (claims.beyond_one("before", above=True, most=0.5), "50% of the ratios of 'Clone in blood before disease' lie wholly above 1"),
        (claims.beyond_one("acting", above=False, most=0.25), "25% of the ratios of 'Acting on the test' lie wholly below 1"),
        (claims.opened_since(2010, share=0.5), "more than 50% of the questions were opened since 2010"),
        (claims.trial_after_models(share=0.5, targets=7), "more than 50% of 7 targets or more began before their first trial"),
    ],
)  # fmt: skip
def test_a_condition_says_in_a_sentence_what_it_asks_of_the_data(condition, sentence):
    assert condition.sentence == sentence
    if "for than" not in sentence:
        with pytest.raises(TitleNotBorne) as told:
            claims.hold(evidence(), condition)
        assert str(told.value).startswith(f"the data do not bear it. {sentence}: ")


@pytest.mark.parametrize(
    ("number", "papers", "borne"),
    [(2, 2, True), (3, 2, False), (2, 3, False), (1, 1, True), (0, 0, True)],
)  # fmt: skip
def test_so_many_findings_from_so_many_papers(number, papers, borne):
    known = evidence(books.finding(), books.finding(), books.finding(role="context", lesions=[]))
    lacks = claims.at_least(number, "findings", lambda f: True, papers=papers).lacks(known)
    assert lacks == ([] if borne else ["2 findings from 2 papers"])


def test_a_place_is_the_median_over_papers_of_the_median_within_each():
    """DNMT3A: papers at 0, 0 and 3; FLT3: at 1, 1, 1. Their means would be alike."""
    known = evidence(
        placed("DNMT3A", "founding"),
        placed("DNMT3A", "founding"),
        placed("DNMT3A", "relapse-acquired"),
        *[placed("FLT3", "early")] * 3,
    )
    assert BEFORE.lacks(known) == []
    assert claims.place_before(["FLT3"], ["DNMT3A"]).lacks(known) == ["FLT3 is not before DNMT3A"]
    same = evidence(*[placed("DNMT3A", "early")] * 3, *[placed("FLT3", "early")] * 3)
    assert BEFORE.lacks(same) == ["DNMT3A is not before FLT3"]  # at one place is not before
