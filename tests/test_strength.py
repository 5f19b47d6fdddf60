"""Strength: labels with known answers, what may never happen to them, and rank sets that cover."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscbook.errors import NotEstimable
from lscbook.synthesis import ranks, strength, studies
from lscbook.synthesis.strength import AGAINST, DIVIDED, FOR, LABELS, SECOND_HAND, UNDECIDED
from tests import books

AGAINST_SAID = {"direction": "does_not_support", "reason": "no effect shown"}
HUMAN = {"phase 3": "A", "phase 2": "B", "phase 1": "B", "cohort": "B", "PDX": "D", "cell line": "D"}


def said(study, direction="supports", **own):
    """One finding that hitting CD123 works, or does not."""
    stage = study if study.startswith("phase") else "dependency"
    told = {"level": HUMAN.get(study, "E"), "stage": stage, "study": study, "direction": direction}
    if direction == "does_not_support":
        told["reason"] = "no effect shown"
    return books.finding(theme="target", **{**told, **own})


def located(*papers):
    """Findings, each paper one or a list of them."""
    entries = []
    for number, found in enumerate(papers, start=1):
        listed = found if isinstance(found, list) else [found]
        numbered = [f.model_copy(update={"id": i}) for i, f in enumerate(listed, start=1)]
        entries.append((books.entry(str(number), numbered), books.record(str(number))))
    return books.evidence(*entries).findings


def weighed(*papers):
    return strength.does_hitting_it_work("CD123", located(*papers))


@pytest.mark.parametrize(
    ("papers", "label", "for_", "against"),
    [
        ([], "no evidence", 0, 0),
        ([said("phase 2", "inconclusive")], "no evidence", 0, 0),
        ([said("cell line")], "limited", 1, 0),
        ([[said("phase 2"), said("phase 2", "does_not_support")]], "disputed", 0, 0),  # one study says both
        ([said("cell line")] * 20, "limited", 20, 0),  # no heap of cell lines is moderate
        ([said("phase 2", directness="indirect")], "limited", 1.5, 0),
        ([said("phase 2"), said("phase 1")], "moderate", 6, 0),
        ([said("phase 3"), said("phase 2"), said("phase 1")], "strong", 12, 0),
        ([said("phase 3"), said("phase 3")], "moderate", 12, 0),  # strong asks for three studies
        ([said("phase 2"), said("phase 1"), said("phase 3", "does_not_support")], "disputed", 6, 6),
        ([said("phase 2"), *[said("phase 3", "does_not_support")] * 2], "refuted", 3, 12),
        ([said("cell line", "does_not_support")] * 2, "disputed", 0, 2),  # models alone refute nothing
        ([said("phase 3"), *[said("phase 2", "does_not_support")] * 5], "moderate", 6, 15),  # the higher phase outranks
        ([said("phase 2"), said("phase 2", "does_not_support")], "disputed", 3, 3),
        ([*[said("phase 2")] * 4, said("phase 2", "does_not_support", directness="indirect")], "moderate", 12, 1.5),
    ],
)
def test_labels_with_known_answers(papers, label, for_, against):
    found = weighed(*papers)
    assert (found.label, found.points_for, found.points_against) == (label, for_, against), found.why


def test_a_study_speaks_once_by_its_highest_tier():
    one_paper = weighed([said("cell line", "does_not_support"), said("phase 2")])
    assert [(v.side, v.points) for v in one_paper.voices] == [(FOR, 3)]
    halves = weighed([said("phase 2"), said("phase 2", "does_not_support")])
    assert [v.side for v in halves.voices] == [DIVIDED]
    assert [v.side for v in weighed(said("phase 1", "inconclusive")).voices] == [UNDECIDED]
    assert weighed(said("review")).voices[0].side == SECOND_HAND
    assert weighed(said("review")).label == "no evidence"


def test_papers_of_one_trial_are_one_study_and_so_are_those_that_a_third_links():
    trial = {"cohort": ["NCT01"]}
    assert studies.number(located(said("phase 2", **trial), said("phase 2", cohort=["nct01 "]))) == 1
    linked = located(
        said("cohort", cohort=["A"]), said("cohort", cohort=["B"]), said("cohort", cohort=["A", "B"]), said("cohort")
    )
    assert studies.number(linked) == 2
    # a cohort that is named as a paper's number is no paper
    assert studies.number(located(said("cohort", cohort=["2"]), said("cohort"))) == 2


def test_other_aspects_answer_other_questions_and_harm_has_its_own():
    found = located(
        said("PDX", aspect="selectivity", end_point=None, hsc_effect="spared"),
        said("PDX", hsc_effect="harmed"),
        said("phase 1", "does_not_support", reason="harm", aspect="safety", end_point=None),
    )  # fmt: skip
    works = strength.does_hitting_it_work("CD123", found)
    assert (works.points_for, works.points_against) == (1, 0)
    assert strength.is_it_tolerated("CD123", found).label == "disputed"
    assert strength.harm("CD123", found) == {"spared": 1, "partly spared": 0, "harmed": 1}
    # worst of one study
    both = located([said("PDX", hsc_effect="spared"), said("PDX", hsc_effect="harmed")])
    assert strength.harm("CD123", both) == {"spared": 0, "partly spared": 0, "harmed": 1}


def test_aml_and_mds_stand_apart(words):
    found = books.evidence(
        *((books.entry(str(i), [said("phase 2", diseases=[d])]), books.record(str(i)))
          for i, d in enumerate(["HR-MDS", "NPM1-mutated AML", "TP53-mutated MDS/AML", "CHIP"], start=1))
    )  # fmt: skip
    counted = {part: strength.table(found, words, strength.EFFICACY, part)[0] for part in strength.PARTS}
    assert {part: sorted(v.study for v in s.voices) for part, s in counted.items()} == {
        "AML": ["2", "3"],
        "MDS": ["1", "3"],
    }


STUDY = st.sampled_from(list(HUMAN))
FINDING = st.builds(
    said, STUDY, st.sampled_from(["supports", "does_not_support", "inconclusive"]),
    directness=st.sampled_from(["direct", "indirect"]),
)  # fmt: skip
PAPERS = st.lists(st.lists(FINDING, min_size=1, max_size=3), max_size=6)


@settings(max_examples=150, deadline=None)
@given(PAPERS, st.builds(said, STUDY, directness=st.sampled_from(["direct", "indirect"])), st.data())
def test_support_never_lowers_support(papers, more, data):
    """Of its own study, or inside one that has spoken: label, points and net never fall, points against never rise."""
    before = weighed(*papers)
    inside = data.draw(st.integers(0, len(papers)))
    grown = [[*p, more] if i == inside else p for i, p in enumerate(papers)] + (
        [[more]] if inside == len(papers) else []
    )
    after = weighed(*grown)
    if before.of(FOR, AGAINST, DIVIDED):
        assert LABELS.index(after.label) >= LABELS.index(before.label)
    assert after.points_for >= before.points_for
    assert after.points_against <= before.points_against
    assert after.net >= before.net


@settings(max_examples=150, deadline=None)
@given(PAPERS, st.builds(said, STUDY, st.just("does_not_support"), directness=st.sampled_from(["direct", "indirect"])))
def test_what_speaks_against_never_raises_a_label(papers, more):
    before, after = weighed(*papers), weighed(*papers, [more])
    if before.of(FOR, AGAINST, DIVIDED):
        assert LABELS.index(after.label) <= LABELS.index(before.label)
    assert after.net <= before.net


@settings(max_examples=100, deadline=None)
@given(PAPERS, st.randoms())
def test_the_order_of_input_does_not_matter(papers, chance):
    found = located(*papers)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert strength.does_hitting_it_work("CD123", shuffled) == strength.does_hitting_it_work("CD123", found)


@settings(max_examples=100, deadline=None)
@given(st.lists(FINDING, min_size=1, max_size=5), st.integers(0, 4))
def test_a_duplicate_cohort_adds_nothing(findings, which):
    cohorts = [f.model_copy(update={"cohort": (f"trial {i}",)}) for i, f in enumerate(findings)]
    again = cohorts[which % len(cohorts)]
    before, after = weighed(*cohorts), weighed(*cohorts, again)
    assert (after.label, after.why, after.net) == (before.label, before.why, before.net)


def test_a_ranking_of_fewer_than_two_is_refused():
    with pytest.raises(NotEstimable, match="fewer than two"):
        strength.ranked([weighed(said("phase 2"))])
    with pytest.raises(NotEstimable, match="two items"):
        ranks.rank_sets(np.ones(1), np.ones((100, 1)))
    with pytest.raises(NotEstimable, match="too few"):
        ranks.rank_sets(np.ones(2), np.ones((5, 2)))


def test_items_far_apart_have_one_rank_and_items_that_never_vary_none():
    parts = np.ones((50, 3)) * [1, 5, 9] + np.random.default_rng(1).standard_normal((50, 3)) * 0.01
    draws = np.random.default_rng(2).standard_normal((1000, 3)) * 0.1
    sets = ranks.rank_sets(parts.mean(axis=0), draws)
    assert sets.rank.tolist() == sets.best.tolist() == sets.worst.tolist() == [3, 2, 1]
    fixed = ranks.rank_sets(np.array([1.0, 2.0]), np.zeros((1000, 2)))
    assert (fixed.best.tolist(), fixed.worst.tolist()) == ([1, 1], [2, 2])


def test_the_sets_hold_the_rank_and_do_not_hang_on_the_order_of_items():
    chance = np.random.default_rng(3)
    parts = chance.standard_normal((40, 6)) + np.arange(6) * 0.3
    sets = ranks.of_sums(parts)
    assert (sets.best <= sets.rank).all()
    assert (sets.rank <= sets.worst).all()
    turned = ranks.of_sums(parts[:, ::-1])
    assert turned.best[::-1].tolist() == sets.best.tolist()
    assert ranks.of_sums(parts).worst.tolist() == sets.worst.tolist()  # seeded


def coverage(runs, samples=400, items=10):
    """Of ten equal items: runs in which every set is whole, and the share of percentile intervals that are."""
    chance = np.random.default_rng(20261126)
    whole = intervals = 0
    for run in range(runs):
        drawn = chance.standard_normal((samples, items))
        spread = (drawn - drawn.mean(axis=0)) / samples
        noise = np.random.default_rng(run).standard_normal((1000, samples))
        sets = ranks.rank_sets(drawn.mean(axis=0), noise @ spread)
        whole += bool((sets.best == 1).all() and (sets.worst == items).all())
        if run < runs // 4:
            naive = ranks.percentile_intervals(drawn, draws=300, seed=run)
            intervals += int(((naive.best == 1) & (naive.worst == items)).sum())
    return whole / runs, intervals / (runs // 4 * items)


def test_sets_cover_ten_equal_items_and_percentile_intervals_do_not():
    sets, naive = coverage(80)
    assert sets >= 0.87  # 94.5 % expected; three standard errors of 80 runs
    assert naive < 0.4  # about 24 %


@pytest.mark.slow
def test_sets_cover_ten_equal_items_in_ninety_five_of_a_hundred_runs():
    sets, naive = coverage(1000)
    print(f"sets {sets:.3f}, percentile intervals {naive:.3f}")
    assert 0.925 <= sets <= 0.965
    assert 0.15 <= naive <= 0.33


def test_an_item_has_the_rank_of_its_own_mean_among_the_means():
    samples = np.random.default_rng(5).standard_normal((30, 4)) * 0.01 + [2, 8, 6, 4]
    sets = ranks.percentile_intervals(samples, draws=40)
    assert sets.rank.tolist() == sets.best.tolist() == sets.worst.tolist() == [4, 1, 2, 3]


def test_a_difference_is_held_against_its_own_spread():
    """The third item varies wildly and has any rank; the first two vary little, and the second lies above the first."""
    draws = np.random.default_rng(4).standard_normal((1000, 3)) * [0.01, 0.01, 100]
    sets = ranks.rank_sets(np.array([0.0, 1.0, 10.0]), draws)
    assert sets.best.tolist() == [2, 1, 1]
    assert sets.worst.tolist() == [3, 2, 3]


# ---- the rule, number by number ------------------------------------------------------------------------------------

# Every kind of study with data of its own, by tier, the lowest first.
TIERS = {
    "computation": ["computational"],
    "models": ["cell line", "iPSC", "zebrafish", "mouse"],
    "patients' cells": ["ex vivo", "PDX", "single cell", "primary samples"],
    "patients, observed": ["case report", "case series", "cohort"],
    "phase 1": ["phase 1"],
    "phase 2": ["phase 1/2", "trial", "phase 2"],
    "phase 3": ["phase 2/3", "phase 3", "meta-analysis", "individual-patient meta-analysis"],
}
MODELS, CELLS, OBSERVED, PHASE_1, PHASE_2, PHASE_3 = range(1, 7)


@pytest.mark.parametrize(("tier", "study"), [(t, s) for t, studies_ in enumerate(TIERS.values()) for s in studies_])
def test_every_kind_of_study_has_its_tier_and_is_outranked_by_the_next(tier, study):
    against = said("cell line", "does_not_support").model_copy(update={"study": study})
    assert strength.TIER_NAMES[tier] == list(TIERS)[tier]
    assert strength.voice("1", located(against)).tier == tier
    for above in list(TIERS.values())[tier + 1 : tier + 2]:
        both = strength.voice("1", located([against, said("cell line").model_copy(update={"study": above[0]})]))
        assert (both.side, both.tier) == (FOR, tier + 1)


@pytest.mark.parametrize(("level", "points"), [("A", 6), ("B", 3), ("C", 1.5), ("D", 1), ("E", 0.5)])
def test_points_are_those_of_the_level_and_half_of_them_where_it_is_indirect(level, points):
    direct, indirect, review = located(
        said("cohort", level=level), said("cohort", level=level, directness="indirect"), said("review", level=level)
    )
    assert [strength.points_of(f) for f in (direct, indirect, review)] == [points, points / 2, 0]


def spoken(*told):
    """Voices of studies, each a side, a tier and points."""
    return [strength.Voice(str(n), side, tier, points, ()) for n, (side, tier, points) in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "people_from", "expected"),
    [
        ([], OBSERVED, "no evidence"),
        ([(UNDECIDED, PHASE_3, 0), (SECOND_HAND, -1, 0)], OBSERVED, "no evidence"),
        ([(DIVIDED, MODELS, 0), (UNDECIDED, PHASE_3, 0)], OBSERVED, "disputed"),
        ([(DIVIDED, PHASE_3, 0), (FOR, MODELS, 1)], OBSERVED, "limited"),
        # strong: 12 points and three studies in people, neither less
        ([(FOR, PHASE_3, 6), (FOR, OBSERVED, 3), (FOR, OBSERVED, 3)], OBSERVED, "strong"),
        ([(FOR, PHASE_3, 6), (FOR, OBSERVED, 3), (FOR, OBSERVED, 2.5)], OBSERVED, "moderate"),
        ([(FOR, PHASE_3, 6), (FOR, PHASE_3, 6), (FOR, CELLS, 1)], OBSERVED, "moderate"),
        # patients' own cells are people for questions about cells alone
        ([(FOR, CELLS, 6), (FOR, CELLS, 3), (FOR, CELLS, 3)], OBSERVED, "limited"),
        ([(FOR, CELLS, 6), (FOR, CELLS, 3), (FOR, CELLS, 3)], CELLS, "strong"),
        # moderate: 6 points, of which models bring 5 at most
        ([(FOR, PHASE_3, 6)], OBSERVED, "moderate"),
        ([(FOR, PHASE_3, 5.5)], OBSERVED, "limited"),
        ([(FOR, MODELS, 40), (FOR, OBSERVED, 1)], OBSERVED, "moderate"),
        ([(FOR, MODELS, 40), (FOR, OBSERVED, 0.5)], OBSERVED, "limited"),
        ([(FOR, MODELS, 4), (FOR, OBSERVED, 1.5)], OBSERVED, "limited"),
        # what is against on the same tier is taken away; on a lower tier it counts for nothing
        ([(FOR, PHASE_3, 6)] * 3 + [(AGAINST, PHASE_3, 6)], OBSERVED, "strong"),
        ([(FOR, PHASE_3, 6)] * 3 + [(AGAINST, PHASE_3, 6.5)], OBSERVED, "moderate"),
        ([(FOR, PHASE_3, 6)] * 3 + [(AGAINST, PHASE_2, 60)], OBSERVED, "strong"),
        # half of what is for on that tier, or more, disputes
        ([(FOR, PHASE_3, 6)] * 2 + [(AGAINST, PHASE_3, 6)], OBSERVED, "disputed"),
        ([(FOR, PHASE_3, 6)] * 2 + [(AGAINST, PHASE_3, 5.5)], OBSERVED, "moderate"),
        ([(FOR, PHASE_3, 3), (FOR, PHASE_2, 30), (AGAINST, PHASE_3, 1.5)], OBSERVED, "disputed"),
        ([(FOR, PHASE_3, 3), (FOR, PHASE_2, 30), (AGAINST, PHASE_3, 1)], OBSERVED, "moderate"),
        # above the highest tier that supports: one study disputes, two in people refute
        ([(FOR, PHASE_2, 60), (AGAINST, PHASE_3, 1)], OBSERVED, "disputed"),
        ([(FOR, PHASE_2, 60), (AGAINST, PHASE_3, 1), (AGAINST, PHASE_3, 1)], OBSERVED, "refuted"),
        ([(FOR, CELLS, 9), (AGAINST, OBSERVED, 1), (AGAINST, OBSERVED, 1)], OBSERVED, "refuted"),
        ([(FOR, MODELS, 1), (AGAINST, OBSERVED, 1), (AGAINST, CELLS, 1)], OBSERVED, "disputed"),
        ([(FOR, MODELS, 1), (AGAINST, CELLS, 1), (AGAINST, CELLS, 1)], CELLS, "refuted"),
        ([(AGAINST, OBSERVED, 1), (AGAINST, OBSERVED, 1)], OBSERVED, "refuted"),
        ([(AGAINST, OBSERVED, 1)], OBSERVED, "disputed"),
        ([(FOR, PHASE_3, 2), (AGAINST, PHASE_3, 1), (AGAINST, PHASE_3, 1)], OBSERVED, "disputed"),
    ],
)  # fmt: skip
def test_the_label_at_each_of_its_bounds(told, people_from, expected):
    voices = spoken(*told)
    assert strength.label(voices, people_from)[0] == expected
    assert strength.label(voices[::-1], people_from)[0] == expected
    if people_from == OBSERVED:
        assert strength.label(voices)[0] == expected


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ([], "No study has decided for or against."),
        ([(DIVIDED, MODELS, 0)], "1 independent study found for and against on one tier, and no other decided."),
        ([(FOR, PHASE_3, 6), (FOR, PHASE_1, 3), (FOR, OBSERVED, 4)],
         "13 points for from 3 independent studies, 3 of them in people: 12 points and 3 studies in people are enough."),
        ([(FOR, PHASE_3, 6), (FOR, MODELS, 1.5)], "7.5 points for from 2 independent studies, 1 of them in people: 6 points or more."),
        ([(FOR, CELLS, 3), (AGAINST, CELLS, 1)], "3 points for, less 1 against on the same tier, from 1 independent study, 0 of them in people: under 6 points."),
        ([(FOR, PHASE_2, 3), (AGAINST, PHASE_3, 6)],
         "1 independent study against, up to the tier “phase 3”, above the highest that supports (phase 2); two in people would refute."),
        ([(AGAINST, OBSERVED, 3), (AGAINST, PHASE_1, 3), (AGAINST, MODELS, 1)],
         "3 independent studies against, up to the tier “phase 1”, and none supports; 2 of them in people, and two are enough."),
        ([(FOR, PHASE_2, 3), (AGAINST, PHASE_2, 2), (FOR, MODELS, 9)],
         "On the highest tier that supports (phase 2) stand 2 points against and 3 for: half or more."),
    ],
)  # fmt: skip
def test_the_reason_in_words_has_the_numbers_of_the_label(told, why):
    assert strength.label(spoken(*told))[1] == why


def test_voices_of_a_side_stand_by_tier_points_and_name_and_points_by_side():
    voices = tuple(
        spoken(
            (FOR, PHASE_2, 3),
            (AGAINST, PHASE_3, 6),
            (FOR, PHASE_3, 3),
            (FOR, PHASE_3, 6),
            (DIVIDED, MODELS, 0),
            (FOR, PHASE_2, 3),
        )
    )
    made = strength.Strength("x", "efficacy", voices, "", "", 15.0, 6.0)
    assert [v.study for v in made.of(FOR)] == ["3", "2", "0", "5"]
    assert [v.study for v in made.of(FOR, AGAINST)] == ["1", "3", "2", "0", "5"]
    assert (made.net, made.contested) == (9, 6)


def test_the_finding_that_leads_is_on_the_side_and_tier_of_its_study_and_weighs_most():
    of = located(
        [said("cell line"), said("phase 2", directness="indirect"), said("phase 2"), said("phase 2"), said("phase 2", "inconclusive")],
        [said("phase 3", "inconclusive"), said("phase 2", "does_not_support"), said("phase 1")],
    )  # fmt: skip
    one, other = (strength.voice(key, [f for f in of if f.entry.key == key]) for key in ("1", "2"))
    assert (one.side, one.points, one.lead.reference) == (FOR, 3, "1/3")
    assert (other.side, other.tier, other.lead.reference) == (AGAINST, PHASE_2, "2/2")


# ---- which finding answers which question --------------------------------------------------------------------------


def identity(contrast, **own):
    return books.finding(1, "identity", subjects=["CD123"], contrast=contrast, **own)


ASKED = [
    (strength.does_hitting_it_work, said("PDX", aspect="efficacy")),
    (strength.is_it_tolerated, said("PDX", aspect="safety", end_point=None)),
    (strength.is_it_on_the_cells, said("PDX", aspect="expression", end_point=None, stage="expression")),
    (strength.does_it_tell_from_normal, identity("LSC against normal HSC")),
    (strength.does_it_tell_from_normal, identity("MDS stem cells against normal HSC")),
    (strength.does_it_tell_from_normal, identity("LSC against normal progenitors")),
    (strength.does_it_tell_from_blasts, identity("LSC against blasts")),
]  # fmt: skip


@pytest.mark.parametrize(("question", "answer"), ASKED)
def test_a_finding_answers_its_own_question_and_no_other(question, answer):
    found = located(answer)
    for asked in {q for q, _ in ASKED}:
        assert len(asked("CD123", found).voices) == (asked is question)
        assert asked("CD33", found).voices == ()
    background = answer.model_copy(update={"role": "context"})
    assert question("CD123", located(background)).voices == ()


def test_what_mechanism_it_is_must_be_told():
    def of(mechanism):
        found = located(books.finding(1, "resistance", mechanism=mechanism, study="ex vivo"))
        return strength.do_cells_with_it_survive(mechanism, found)

    assert [v.tier for v in of("preexisting resistant clone").voices] == [CELLS]
    assert of("not told").voices == ()


def test_cells_of_patients_count_as_people_for_markers_and_mechanisms_and_not_for_drugs():
    three = [identity("LSC against normal HSC", study="ex vivo", level="B") for _ in range(4)]
    assert strength.does_it_tell_from_normal("CD123", located(*three)).label == "strong"
    three = [identity("LSC against blasts", study="ex vivo", level="B") for _ in range(4)]
    assert strength.does_it_tell_from_blasts("CD123", located(*three)).label == "strong"
    three = [said("ex vivo", aspect="expression", end_point=None, stage="expression", level="B")] * 4
    assert strength.is_it_on_the_cells("CD123", located(*three)).label == "strong"
    for aspect, asked in (("efficacy", strength.does_hitting_it_work), ("safety", strength.is_it_tolerated)):
        three = [said("ex vivo", aspect=aspect, end_point=None, level="B")] * 4
        assert asked("CD123", located(*three)).label == "limited"
    three = [books.finding(1, "resistance", mechanism="preexisting resistant clone", study="ex vivo", level="B")] * 4
    assert strength.do_cells_with_it_survive("preexisting resistant clone", located(*three)).label == "strong"


@pytest.mark.parametrize(
    ("own", "counted"),
    [
        ({"hsc_effect": "spared"}, "spared"), ({"hsc_effect": "partly spared"}, "partly spared"), ({"hsc_effect": "harmed"}, "harmed"),
        # on selectivity its direction says it, unless the finding names the effect
        ({"aspect": "selectivity", "end_point": None}, "spared"),
        ({"aspect": "selectivity", "end_point": None, **AGAINST_SAID}, "harmed"),
        ({"aspect": "selectivity", "end_point": None, "direction": "inconclusive"}, None),
        ({"aspect": "selectivity", "end_point": None, "hsc_effect": "harmed"}, "harmed"),
        ({}, None), (AGAINST_SAID, None), ({"target": "CD33", "hsc_effect": "harmed"}, None),
    ],
)  # fmt: skip
def test_what_a_study_saw_on_normal_stem_cells(own, counted):
    expected = {"spared": 0, "partly spared": 0, "harmed": 0} | ({counted: 1} if counted else {})
    assert strength.harm("CD123", located(said("PDX", **own))) == expected


def test_the_worst_that_a_study_saw_counts():
    seen = [said("PDX", hsc_effect=effect) for effect in ("partly spared", "spared")]
    assert strength.harm("CD123", located(seen, seen[1])) == {"spared": 1, "partly spared": 1, "harmed": 0}


@pytest.mark.parametrize(
    ("diseases", "parts"),
    [(["AML"], {"AML"}), (["MDS"], {"MDS"}), (["NPM1-mutated AML"], {"AML"}), (["HR-MDS"], {"MDS"}), (["TP53-mutated MDS/AML"], {"AML", "MDS"}),
     (["AML", "HR-MDS"], {"AML", "MDS"}), (["CHIP"], set())],
)  # fmt: skip
def test_the_parts_that_a_finding_is_on(words, diseases, parts):
    (found,) = located(said("cohort", diseases=diseases))
    assert strength.parts_of(found, words) == parts


def test_a_table_has_the_items_of_one_disease_by_points_then_label_then_name(words):
    pairs = [
        (n, said(study, target=target, diseases=diseases, **(AGAINST_SAID if against else {})))
        for n, (study, target, diseases, against) in enumerate([
            ("phase 2", "CD123", ["AML"], False), ("phase 3", "CD33", ["AML"], False), ("phase 2", "BCL2", ["AML"], False),
            ("phase 2", "CD47", ["AML"], True), ("phase 3", "CD47", ["MDS"], False), ("inconclusive", "CXCR4", ["AML"], False),
        ], start=1) if study != "inconclusive"
    ]  # fmt: skip
    found = books.evidence(*((books.entry(str(n), [f]), books.record(str(n))) for n, f in pairs))
    rows = strength.table(found, words, strength.EFFICACY, "AML")
    assert [(s.item, s.net) for s in rows] == [("CD33", 6), ("BCL2", 3), ("CD123", 3), ("CD47", -3)]
    assert [(s.item, s.net) for s in strength.table(found, words, strength.EFFICACY, "MDS")] == [("CD47", 6)]
    assert strength.table(found, words, strength.TOLERANCE, "AML") == []


def test_only_items_that_a_study_decided_are_ranked():
    rows, sets = strength.ranked(
        [
            weighed(said("phase 3")),
            weighed(said("phase 3", "inconclusive")),
            weighed(said("phase 2", "does_not_support")),
        ]
    )
    assert [s.net for s in rows] == [6, -3]
    assert list(sets.rank) == [1, 2]


def test_the_words_for_sides_labels_and_harm():
    assert (FOR, AGAINST, DIVIDED, UNDECIDED, SECOND_HAND) == (
        "for",
        "against",
        "divided",
        "undecided",
        "review or guideline",
    )
    assert LABELS == ("no evidence", "refuted", "disputed", "limited", "moderate", "strong")
    assert list(strength.QUESTIONS) == ["efficacy", "tolerance", "presence", "from normal", "from blasts", "survival"]
    assert [q.kind for q in strength.QUESTIONS.values()] == [
        "targets",
        "targets",
        "targets",
        "markers",
        "markers",
        "mechanisms",
    ]
    assert all(q.asks.endswith("?") for q in strength.QUESTIONS.values())
