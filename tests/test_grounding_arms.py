"""Who got what: each wording of an arm, where the words of a figure end, and what may stand in either order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscbook import corpus, vocabulary
from lscbook.evidence import ground, ground_arms, numerals
from lscbook.evidence.plain_words import stem

SOURCE = ground.Source(corpus.Corpus({}, {}), vocabulary.load(), {})

# Arms of a study, each in the wordings of papers.
ARMS = {
    "placebo": ["placebo", "Placebo"],
    "controls": ["control", "controls", "healthy donors", "healthy individuals", "healthy people"],
    "chemotherapy": ["chemotherapy", "standard of care", "standard therapy", "standard treatment", "conventional care"],
    "stem cells of the disease": ["LSC", "LSCs", "leukemic stem cells", "leukaemic stem cells", "leukemia stem cell", "AML stem cells", "AML-SCs"],
    "normal stem cells": ["HSC", "HSCs", "normal HSCs", "healthy HSCs", "normal stem cells", "healthy stem cells", "normal hematopoietic stem cells",
                          "healthy haematopoietic stem cells", "normal marrow", "normal bone marrow", "normal HSPC", "normal HSPCs"],
    "blasts": ["blast", "blasts", "bulk AML", "bulk cells", "bulk leukemia", "bulk leukaemia"],
    "mutant": ["mutant", "mutants", "mutated", "mut", "mutation carriers", "with mutation", "with mutations", "with the mutation"],
    "wild type": ["wild type", "wild-type", "wildtype", "WT", "unmutated", "nonmutated", "non-mutated", "without mutation", "without the mutations"],
    "positive": ["positive", "MRD positive", "MRD-positive", "flow-positive", "MRD+"],
    "negative": ["negative", "MRD negative", "MRD-negative", "flow-negative", "MRD-"],
    "responders": ["responders", "responding"],
    "non-responders": ["non-responders", "nonresponders", "non-responding"],
    "diagnosis": ["diagnosis", "at diagnosis"],
    "relapse": ["relapse", "at relapse"],
    "remission": ["remission", "in remission"],
    "women": ["women", "female", "females"],
    "men": ["men", "male", "males"],
    "younger": ["younger"],
    "older": ["older", "elderly"],
    "high risk": ["high-risk", "high risk", "higher-risk", "adverse-risk", "adverse risk"],
    "low risk": ["low-risk", "low risk", "lower-risk", "favorable-risk", "favourable risk"],
    "mice": ["mice"],
    "patients": ["patients"],
}  # fmt: skip


def crossed(claim, *sentences):
    """What stands crossed, each pair as a set."""
    told = ground_arms.swapped(claim, "\n".join(sentences), SOURCE)
    return {frozenset(pair.removeprefix("figures ").split(" and ")) for pair in told}


@pytest.mark.parametrize(("arm", "wording"), [(arm, wording) for arm, wordings in ARMS.items() for wording in wordings])
def test_an_arm_in_each_of_its_wordings_is_shown_by_its_name(arm, wording):
    other = "patients" if arm != "patients" else "mice"
    said = "Durable benefit was seen in {}; rapid harm was seen in {}."
    text = said.format(wording, other)
    assert crossed(text, text) == set()
    assert crossed(said.format(other, wording), text) == {frozenset({arm, other})}


@pytest.mark.parametrize(
    "word",
    ["placebos2", "mutational", "nonmutant", "hscore", "blasticidin", "mentor", "xmice", "outpatients", "8older"],
)
def test_a_word_that_only_holds_an_arm_is_none(word):
    said = "Durable benefit was seen in {}; rapid harm was seen in {}."
    assert crossed(said.format("relapse", word), said.format(word, "relapse")) == set()


# ---- the words of a figure ----------------------------------------------------------------------------------------


def close(text, *words):
    """Which of some words are close by each figure."""
    return {figure: {w for w in words if stem(w) in found} for figure, found in ground_arms._by_figure(text).items()}


@pytest.mark.parametrize(
    "end",
    [", ", "; ", ": ", ". ", " and ", " against ", " versus ", " vs ", " vs. ", " v ", " compared ", " while ", " whereas ", " but ", " than ", " from "],
)  # fmt: skip
def test_where_the_words_of_one_figure_end_and_those_of_the_next_begin(end):
    text = f"38% luspatercept{end}placebo of 13% azacitidine"
    assert close(text, "luspatercept", "placebo", "azacitidine") == {
        "38": {"luspatercept"},
        "13": {"placebo", "azacitidine"},
    }


def test_a_word_is_close_by_the_figures_on_either_side_of_it_alone():
    text = "5% luspatercept, 38% placebo, 13% azacitidine"
    words = ("luspatercept", "placebo", "azacitidine")
    assert close(text, *words) == {"5": {"luspatercept"}, "38": {"placebo"}, "13": {"azacitidine"}}
    assert close("5 luspatercept 38 placebo 13", *words) == {
        "5": {"luspatercept"}, "38": {"luspatercept", "placebo"}, "13": {"placebo"},
    }  # fmt: skip


def test_words_that_nothing_parts_are_close_by_both_figures():
    found = close("38% luspatercept placebo 13%", "luspatercept", "placebo")
    assert found == {"38": {"luspatercept", "placebo"}, "13": {"luspatercept", "placebo"}}


@pytest.mark.parametrize("stop", [". ", "; ", ": "])
def test_before_the_first_figure_stands_all_that_its_clause_says(stop):
    text = f"Death was rare{stop}on luspatercept, response came to 38%"
    assert close(text, "rare", "luspatercept", "response") == {"38": {"luspatercept", "response"}}


def test_a_word_beyond_eighty_characters_is_not_close_by():
    for filler, near in ((" of" * 24 + " a ", True), (" of" * 25 + " ", False)):
        assert len(filler + "zebra") == (80 if near else 81)
        assert close(f"38{filler}zebra", "zebra") == {"38": {"zebra"} if near else set()}
        before = "zebra" + filler.strip().join("  ")
        assert close(f"{before}38", "zebra") == {"38": {"zebra"} if near else set()}
        # and so it is before a second figure, even where a comma parts them
        assert close(f"5 drugs, {before}38", "zebra")["38"] == ({"zebra"} if near else set())


@pytest.mark.parametrize(
    "word",
    ["patients", "patient", "median", "mean", "rate", "rates", "overall", "cases", "respectively", "months", "years", "percent", "total", "group",
     "groups", "arm", "arms", "among"],
)  # fmt: skip
def test_a_word_that_stands_beside_every_figure_tells_none(word):
    assert ground_arms._by_figure(f"The {word} 38.5") == {"38.5": set()}


def test_a_figure_that_stands_twice_is_whose_it_may_be():
    assert close("38% luspatercept; 13% placebo; then 38% azacitidine", "luspatercept", "placebo") == {
        "13": {"placebo"}
    }
    claim = "13% on luspatercept, 38% on placebo."
    assert crossed(claim, "38% on luspatercept, 13% on placebo.") == {frozenset({"38", "13"})}
    assert crossed(claim, "38% on luspatercept, 13% on placebo.", "38% on azacitidine.") == set()
    assert crossed("13% on luspatercept, 38% on placebo; 38%", "38% on luspatercept, 13% on placebo.") == set()


@pytest.mark.parametrize(
    "text",
    ["60% vs 17%", "60 percent vs 17 percent", "60 per cent or 17 per cent", "5 months to 7 months", "5 weeks and 7 weeks", "5 years, 7 years",
     "1 year or 2 years", "1 month, 2 months", "5 days or 7 days", "1 day or 2 days", "5 patients of 7 patients", "1 patient, 2 patients", "5 cells, 7 cells",
     "1 week or 2 weeks", "[5 here 7]", "(5 here 7)"],
)  # fmt: skip
def test_figures_of_one_list_with_their_units_tell_nobody_which_is_whose(text):
    assert ground_arms._by_figure(text) == {}


@pytest.mark.parametrize("text", ["(5 here) 7", "(5) here (7)", "[5 here] 7", "5 (here 7)", "5 here 7", "(5 [here] 7)"])
def test_two_figures_of_which_a_bracket_holds_one_are_apart(text):
    flat = numerals.plain(text)
    assert ground_arms._apart(numerals.places(flat), flat) == {"5", "7"}


def test_figures_of_another_unit_are_not_compared():
    text = "38% on luspatercept, 13% on placebo."
    assert crossed("13% on luspatercept, 38% on placebo.", text) == {frozenset({"38", "13"})}
    assert crossed("13% on luspatercept, 38 months on placebo.", text) == set()


def test_one_word_of_its_own_is_enough_for_a_figure():
    text = "38% on luspatercept, 13% on placebo."
    assert crossed("13% on luspatercept, 38% otherwise.", text) == {frozenset({"38", "13"})}
    # as much in its place as out of it: that cannot be told
    assert crossed("13% luspatercept, 38% with luspatercept and luspatercept.", text) == set()


# ---- the words of a thing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("NPM1 brought swift harm, TP53 brought cure.", True),
        ("NPM1 brought harm, TP53 brought something.", False),  # one word is too little
        ("NPM1 brought cure, TP53 brought swift harm.", False),
        ("NPM1 brought harm slowly, TP53 brought cure.", True),
        ("NPM1 brought swift harm.", False),
    ],
)
def test_two_words_of_their_own_tell_things_apart(claim, told):
    text = "TP53 brought swift harm; NPM1 brought cure."
    assert crossed(claim, text) == ({frozenset({"TP53", "NPM1"})} if told else set())


@pytest.mark.parametrize("denial", ["not", "never", "cannot", "neither", "nor", "without", "no", "none"])
def test_a_denial_weighs_as_much_as_two_words(denial):
    text = f"TP53 clones {denial} grew; NPM1 clones grew."
    assert crossed(text, text) == set()
    assert crossed(f"NPM1 clones {denial} grew; TP53 clones grew.", text) == {frozenset({"TP53", "NPM1"})}


def test_what_stands_straight_is_weighed_against_what_stands_crossed():
    text = "TP53 brought early swift harm; NPM1 brought late durable cure."
    assert crossed("NPM1 brought early durable cure; TP53 brought late swift harm.", text) == set()
    assert crossed("NPM1 brought early swift cure; TP53 brought late durable harm.", text) == {
        frozenset({"TP53", "NPM1"})
    }


def test_a_figure_is_one_of_the_words_of_a_thing():
    text = "TP53 stood in 12 of them; NPM1 stood in 29 of them."
    assert frozenset({"TP53", "NPM1"}) in crossed("NPM1 stood in 12 of them; TP53 stood in 29 of them.", text)
    assert crossed("NPM1 stood in 29 of them; TP53 stood in 12 of them.", text) == set()


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [("TP53", "NPM1", True), ("venetoclax", "gilteritinib", True), ("CD34", "CD38", True), ("del(5q)", "del(20q)", True), ("venetoclax", "TP53", True),
     ("men", "mice", True), ("TP53", "men", False), ("venetoclax", "placebo", False), ("women", "CD34", False)],
)  # fmt: skip
def test_terms_are_held_against_terms_and_arms_against_arms(one, other, told):
    said = "With {} durable cure came swiftly; with {} rapid progression killed many."
    assert crossed(said.format(one, other), said.format(one, other)) == set()
    found = crossed(said.format(other, one), said.format(one, other))
    assert found == ({frozenset({one, other})} if told else set())


@pytest.mark.parametrize(
    ("between", "listed"),
    [(", ", True), ("/", True), (" + ", True), (" and ", True), (" or ", True), (", and ", True), (", or ", True), (" with ", True), (" plus ", True),
     (" then ", False), (" beside ", False), ("; ", False)],
)  # fmt: skip
def test_of_what_stands_in_one_list_the_same_is_said_in_either_order(between, listed):
    text = "FLT3 brought rapid early death; NRAS brought durable late cure."
    claim = f"Durable late cure FLT3{between}NRAS rapid early death."
    assert crossed(claim, text) == (set() if listed else {frozenset({"FLT3", "NRAS"})})


def test_a_list_of_three_is_one_list_and_what_stands_in_it_and_elsewhere_is_none():
    text = "FLT3 brought rapid early death; KRAS brought durable late cure."
    assert crossed("Durable late cure FLT3, NRAS or KRAS rapid early death.", text) == set()
    assert crossed("Durable late cure FLT3 then KRAS rapid early death.", text) == {frozenset({"FLT3", "KRAS"})}
    twice = "Durable late cure FLT3 or KRAS rapid early death; KRAS again."
    assert crossed(twice, text) == {frozenset({"FLT3", "KRAS"})}


def test_what_is_said_of_a_thing_in_any_sentence_is_said_of_it():
    text = ("TP53 brought rapid harm.", "NPM1 brought durable cure.", "TP53 brought death.")
    assert crossed("NPM1 brought harm with death; TP53 brought cure.", *text) == {frozenset({"TP53", "NPM1"})}


# ---- laws ---------------------------------------------------------------------------------------------------------

NAMES = st.lists(
    st.sampled_from(["TP53", "NPM1", "placebo", "women", "men", "mice", "LSCs", "HSCs", "venetoclax"]),
    min_size=2,
    max_size=4,
    unique=True,
)
SAID = st.sampled_from(
    ["survived longer", "relapsed early", "died soon", "did not respond", "engrafted", "came to 12%", "took 7 months"]
)


@settings(max_examples=60)
@given(st.data(), NAMES)
def test_a_sentence_crosses_nothing_of_itself(data, names):
    text = "; ".join(f"{name} {data.draw(SAID)}" for name in names)
    assert crossed(text, text) == set()


@settings(max_examples=40)
@given(
    NAMES,
    st.permutations(
        [
            "survived longer and well",
            "relapsed early and died",
            "engrafted in marrow and spleen",
            "responded slowly, at last",
        ]
    ),
)
def test_the_order_of_clauses_crosses_nothing(names, said):
    clauses = [f"{name} {what}" for name, what in zip(names, said, strict=False)]
    assert crossed("; ".join(clauses), "; ".join(reversed(clauses))) == set()
