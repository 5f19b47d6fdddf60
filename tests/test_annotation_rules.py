"""The rules by which a word of the vocabulary counts in a text, each on a vocabulary made by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscbook.vocabulary import Term, Vocabulary
from lscbook.vocabulary.annotate import Annotator
from lscbook.vocabulary.terms import ANNOTATED


def made(*terms, context=None, window=20, whole=()):
    """An annotator of these terms: `window` characters around a form of two meanings, where a word of context stands."""
    kinds = {kind: {} for kind in (*ANNOTATED, "mechanisms", "targets", "mesh")}
    for term in terms:
        kinds[term.kind][term.id] = term
    return Annotator(Vocabulary(kinds, context or {}, window, frozenset(whole)))


def term(kind, name, *synonyms, ambiguous=(), defined=(), **facts):
    return Term(kind, name, "", synonyms, frozenset(ambiguous), frozenset(defined), facts)


def ids(annotator, text, **how):
    return [m.term.id for m in annotator.mentions(text, **how)]


# ---- where a form stands alone -------------------------------------------------------------------------------------

ALONE = made(
    term("genes", "ABC1"),
    term("markers", "CD34"),
    term("markers", "MRD+"),
    term("lesions", "-7"),
    term("lesions", "+8"),
)


@pytest.mark.parametrize(
    "text", ["ABC1", "(ABC1)", "x ABC1", "x-ABC1-x", "ABC1s", "ABC1s.", "ABC1, x", "ABC1/x", "no ABC1s here"]
)
def test_a_form_stands_alone(text):
    assert ids(ALONE, text) == ["ABC1"]


@pytest.mark.parametrize(
    "text", ["xABC1", "9ABC1", "αABC1", "ABC1x", "ABC12", "ABC1β", "ABC1sx", "ABC1s2", "ABC1low", "ABC1ss", "ABC", ""]
)
def test_a_form_that_a_letter_or_a_digit_touches_does_not(text):
    assert ids(ALONE, text) == []


@pytest.mark.parametrize(
    "level", ["negative", "positive", "neg", "pos", "bright", "high", "hi", "dim", "low", "lo", "int"]
)
def test_what_says_how_much_may_touch_an_antigen(level):
    assert ids(ALONE, f"CD34{level} cells") == ["CD34"]
    assert ids(ALONE, f"CD34{level}x cells") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("MRD+ here", True), ("MRD+", True), ("MRD+.", True), ("MRD+x", False), ("MRD+9", False), ("MRD+CD34", True)],
)
def test_after_a_sign_no_word_goes_on_but_the_next_antigen(text, found):
    assert ("MRD+" in ids(ALONE, text)) is found


def test_two_forms_that_touch_are_both_named():
    """The longest wins where forms overlap; here the second begins where the first ends."""
    assert ids(ALONE, "MRD+CD34") == ["MRD+", "CD34"]


@pytest.mark.parametrize(
    ("text", "found"), [("t(8;21)", True), ("of t(8;21)+ cells", True), ("cat(8;21)", False), ("9t(8;21)", False)]
)
def test_it_is_the_first_character_of_a_form_that_no_letter_may_touch(text, found):
    assert bool(ids(made(term("lesions", "t(8;21)")), text)) is found


@pytest.mark.parametrize("before", ["", "x ", "x,", "x(", "x/", "x;"])
@pytest.mark.parametrize("after", ["", " x", ",x", ".x", ";x", ")x", "/x", ":x"])
def test_a_change_of_a_chromosome_stands_between_marks_of_a_karyotype(before, after):
    for lesion in ("-7", "+8"):
        assert ids(ALONE, f"{before}{lesion}{after}") == [lesion]


@pytest.mark.parametrize(
    "text",
    ["x-7", "5-7", "-7x", "-7-", "[-7", "-7]", "-79", "5 -7", "5 -7, x", "-7%", "-7 %", "-7 °", "-7°", "-7 fold", "-7 mv", "-7 mV", "-7 days", "-7 5", "x:-7"],
)  # fmt: skip
def test_a_range_and_a_value_are_no_karyotype(text):
    assert ids(ALONE, text) == []


# ---- forms that overlap --------------------------------------------------------------------------------------------


def test_the_longest_form_wins_and_what_follows_it_is_found():
    annotator = made(term("genes", "ABC1"), term("lesions", "ABC1-ITD"), term("diseases", "ITD x"))
    assert [(m.term.id, m.start, m.end) for m in annotator.mentions("ABC1-ITD x, ABC1 and ABC1-ITD")] == [
        ("ABC1-ITD", 0, 8), ("ABC1", 12, 16), ("ABC1-ITD", 21, 29),
    ]  # fmt: skip
    assert ids(annotator, "ABC1 ITD x") == ["ABC1-ITD"]
    assert ids(annotator, "ABC1, ITD x") == ["ABC1", "ITD x"]
    assert annotator.mentions("ABC1")[0].form == "abc1"


# ---- words of two meanings -----------------------------------------------------------------------------------------

KIT = term("genes", "KIT", "KIT receptor X", ambiguous={"kit"})
TWO = made(
    KIT, term("therapies", "drugone"), term("genes", "ABC1"), context={"genes": ("mutation", "allele"), "therapies": ()}
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a KIT here", False), ("mutation of KIT", True), ("KIT mutation", True), ("KIT allele", True), ("mutations of KIT", False),
        ("mutation. KIT", False), ("KIT. A mutation", False), ("mutation, KIT", True), ("mutation of kit", False), ("mutation of Kit", False),
        ("mutation of kIT", False), ("the KIT receptor X, and KIT", True), ("KIT by drugone", False), ("KIT beside ABC1", False),
    ],
)  # fmt: skip
def test_a_word_of_two_meanings_counts_in_context_and_as_it_is_written(text, found):
    assert ("KIT" in ids(TWO, text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [("a radiation dose", True), ("Radiation dose", True), ("RADIATION dose", False), ("raDiation dose", False)],
)
def test_a_plain_word_of_two_meanings_may_begin_a_sentence(text, found):
    annotator = made(
        term("therapies", "radiotherapy", "radiation", ambiguous={"radiation"}), context={"therapies": ("dose",)}
    )
    assert ids(annotator, text) == ["radiotherapy"] * found


@pytest.mark.parametrize(("between", "found"), [(0, True), (10, True), (11, False)])
def test_a_word_of_context_stands_whole_within_the_window(between, found):
    filler = ("-" * between).join("  ")
    assert len(f"mutation{filler}") == 10 + between
    assert ids(TWO, f"mutation{filler}KIT") == (["KIT"] if found else [])
    assert ids(TWO, f"KIT{filler}mutation") == (["KIT"] if found else [])


def test_a_form_that_the_text_names_otherwise_is_sure_wherever_it_stands():
    text = "KIT receptor X was lost. " + "Nothing more was seen of it. " * 4 + "KIT was back."
    assert ids(TWO, text) == ["KIT", "KIT"]
    assert ids(TWO, text.replace("KIT receptor X", "ABC1")) == ["ABC1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MDS and ABC1", True), ("MDS and CD34", True), ("MDS and +8", True), ("MDS and drugone", False), ("MDS alone", False), ("MDS. Marrow", True),
        ("Marrow. " + "Nothing was seen of it. " * 5 + "MDS", True), ("mds and ABC1", False),
    ],
)  # fmt: skip
def test_a_kind_that_a_whole_text_settles_is_settled_by_its_words_or_by_a_term_of_the_field(text, found):
    annotator = made(
        term("diseases", "MDS", ambiguous={"mds"}), term("genes", "ABC1"), term("markers", "CD34"), term("lesions", "+8"), term("therapies", "drugone"),
        context={"diseases": ("marrow",)}, whole={"diseases"},
    )  # fmt: skip
    assert ("MDS" in ids(annotator, text)) is found


def test_a_form_that_counts_if_defined_needs_its_term_in_other_words():
    annotator = made(term("therapies", "gemtuzumab", "GO", defined={"go"}), context={"therapies": ("dose",)})
    assert ids(annotator, "a dose of GO") == []
    assert ids(annotator, "GO; then gemtuzumab") == ["gemtuzumab", "gemtuzumab"]
    assert ids(annotator, "gemtuzumab, go") == ["gemtuzumab"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KIT", True),
        ("Kit", True),
        ("kit", False),
        ("a kit of KIT", True),
        ("MDX7", True),
        ("mdx7", False),
        ("-9", True),
    ],
)
def test_where_a_text_is_known_to_be_ours_only_plain_english_is_left_out(text, found):
    annotator = made(KIT, term("diseases", "MDX7", ambiguous={"mdx7"}), term("lesions", "-9", ambiguous={"-9"}))
    assert bool(ids(annotator, text, anywhere=True)) is found
    assert ids(annotator, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TERT", True),
        ("Tert", True),
        ("tert", False),
        ("tert-butyl", False),
        ("abc1", True),
        ("drugone", True),
        ("DRUGONE", True),
    ],
)
def test_a_symbol_of_letters_alone_is_not_meant_in_small_letters(text, found):
    annotator = made(term("genes", "TERT"), term("genes", "ABC1"), term("therapies", "drugone"))
    assert bool(ids(annotator, text)) is found
    assert ids(made(term("genes", "TERT", "tert")), "tert") == ["TERT"]


# ---- joined otherwise ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "text", "found"),
    [
        (term("therapies", "cytosine arabinoside"), "cytosine-arabinoside", True), (term("lesions", "FLT3-ITD"), "FLT3 ITD", True),
        (term("diseases", "high-risk disease"), "high risk disease", True), (term("diseases", "high-risk disease"), "high-risk-disease", True),
        (term("genes", "ABC-1"), "ABC 1", False), (term("markers", "TIM 3"), "TIM-3", False),
        (term("diseases", "TP53-mutated disease"), "TP53 mutated disease", False),
        (term("therapies", "x", "one two", ambiguous={"one two"}), "one-two", False), (term("therapies", "x", "one two", defined={"one two"}), "one-two", False),
    ],
)  # fmt: skip
def test_a_hyphen_or_a_space_joins_words_of_some_kinds(given, text, found):
    assert bool(ids(made(given), text, anywhere=True)) is found


# ---- counts, denials, signs ----------------------------------------------------------------------------------------

COUNTED = made(
    term("markers", "CD34"),
    term("markers", "CD38"),
    term("genes", "ABC1"),
    term("markers", "CD34+CD38- fraction", "CD34+CD38-"),
)


def test_counts_are_by_kind_and_id_in_order_over_texts_read_as_one():
    assert COUNTED.concepts("CD38 and ABC1.", "CD34, CD38.") == {
        "genes": {"ABC1": 1},
        "markers": {"CD34": 1, "CD38": 2},
    }
    assert list(COUNTED.concepts("CD38 CD34")["markers"]) == ["CD34", "CD38"]
    assert COUNTED.concepts() == COUNTED.concepts("", "") == {}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Cells lacked CD38.", {"markers": {"CD38": 1}}), ("Cells lacked CD38. CD38 rose.", {}), ("CD38 rose.", {}), ("CD38- cells rose.", {"markers": {"CD38": 1}}),
        ("CD38+ cells rose.", {}), ("CD38- cells, CD38 cells.", {}), ("Cells lacked CD38 and lacked CD34.", {"markers": {"CD34": 1, "CD38": 1}}),
    ],
)  # fmt: skip
def test_what_is_named_under_a_denial_alone(text, denied):
    assert COUNTED.denied(text) == denied


@pytest.mark.parametrize(
    ("text", "sign"),
    [("CD34+", "+"), ("CD34-", "-"), ("CD34low", "low"), ("CD34", ""), ("ABC1+", ""), ("CD34 positive", "+")],
)
def test_only_an_antigen_has_a_sign(text, sign):
    assert [m.sign for m in COUNTED.mentions(text)][:1] == [sign]


def test_a_phenotype_is_one_mention_from_its_first_marker_to_its_last_sign():
    (found,) = [m for m in COUNTED.mentions("of CD34+ CD38- cells") if "fraction" in m.term.id]
    assert (found.start, found.end, found.form, found.sign) == (3, 14, "cd34+ cd38-", "")
    assert [m.term.id for m in COUNTED.mentions("CD38-CD34+, then CD34+CD38+")].count("CD34+CD38- fraction") == 1
    assert "CD34+CD38- fraction" not in ids(COUNTED, "CD34+ here, CD38- there")
    assert "CD34+CD38- fraction" not in ids(made(term("markers", "CD34"), term("markers", "CD38")), "CD34+CD38-")


def test_a_phenotype_among_the_names_of_a_term_hides_none_of_the_others():
    annotator = made(
        term("markers", "CD34"),
        term("markers", "CD38"),
        term("markers", "primitive fraction", "CD34+CD38-", "stem fraction", "CD38-CD34+", "early fraction"),
    )
    for text in ("primitive fraction", "stem fraction", "early fraction", "CD34+CD38-", "CD38-CD34+"):
        assert "primitive fraction" in ids(annotator, text)


# ---- the digest ----------------------------------------------------------------------------------------------------


def test_the_digest_changes_with_whatever_changes_what_is_found_and_with_nothing_else():
    one, two = term("genes", "ABC1", "ABC-one"), term("markers", "CD34")
    known = made(one, two, context={"genes": ("gene", "allele")})
    assert made(two, one, context={"genes": ("gene", "allele")}).digest == known.digest
    assert len(known.digest) == 16
    assert int(known.digest, 16) >= 0
    others = [
        made(one, context={"genes": ("gene", "allele")}),
        made(one, two, term("genes", "ABC2"), context={"genes": ("gene", "allele")}),
        made(term("genes", "ABC1", "ABC-two"), two, context={"genes": ("gene", "allele")}),
        made(term("genes", "ABC1", "abc-one"), two, context={"genes": ("gene", "allele")}),
        made(term("genes", "ABC1", "ABC-one", ambiguous={"abc-one"}), two, context={"genes": ("gene", "allele")}),
        made(term("genes", "ABC1", "ABC-one", defined={"abc-one"}), two, context={"genes": ("gene", "allele")}),
        made(term("lesions", "ABC1", "ABC-one"), two, context={"genes": ("gene", "allele")}),
        made(one, two, term("markers", "P", "CD34+CD38-"), context={"genes": ("gene", "allele")}),
        made(one, two, term("markers", "P", "CD34+CD38+"), context={"genes": ("gene", "allele")}),
        made(one, two, context={"genes": ("gene",)}),
        made(one, two, context={"markers": ("gene", "allele")}),
        made(one, two, context={"genes": ("gene", "allele")}, window=21),
        made(one, two, context={"genes": ("gene", "allele")}, whole={"genes"}),
    ]
    assert len({known.digest, *(other.digest for other in others)}) == len(others) + 1


# ---- laws ----------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["ABC1", "CD34+", "CD34", "-7", "+8", "x", "and"]), max_size=8))
def test_a_word_more_takes_no_other_away(words):
    """Words parted by commas: each counts for itself, wherever it stands."""
    found = sorted(ids(ALONE, ", ".join(words)))
    assert found == sorted(word.rstrip("+") if word == "CD34+" else word for word in words if word not in {"x", "and"})
