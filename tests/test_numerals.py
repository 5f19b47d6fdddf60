"""Figures as papers print them: every unit in its wordings, one quantity in two units, comparisons in words, numbers in words."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscbook.evidence import number_words, numerals, quantities

# Units by how papers write them.
UNITS = {
    "%": ["38%", "38 %", "38 per cent", "38 percent", "38 percentage points", "38 percentage point", "38 pct"],
    "fold": ["38-fold", "38 fold", "38fold", "38 times as many", "38 times more", "38 times higher", "38 times lower", "38 times that", "38 times the"],
    "hour": ["38 hours", "38 hour", "38 hrs", "38 hr", "38 h", "38h", "38-hour"],
    "day": ["38 days", "38 day", "38-day", "38 d.", "38d,", "38 d"],
    "week": ["38 weeks", "38 week", "38 wks", "38 wk", "38-week"],
    "month": ["38 months", "38 month", "38 mos", "38 mo", "38-month"],
    "year": ["38 years", "38 year", "38 yrs", "38 yr", "38-year"],
    "ng": ["38 ng", "38 nanograms", "38 nanogram"],
    "µg": ["38 µg", "38 μg", "38 ug", "38 mcg", "38 micrograms", "38 microgram"],
    "mg": ["38 mg", "38mg", "38 milligrams", "38 milligram"],
    "kg": ["38 kg"],
    "g": ["38 g/kg", "38 g of it", "38 g per day", "38 g, twice", "38 g", "38 grams", "38 gram"],
    "µl": ["38 µl", "38 μL", "38 ul", "38 mm^3", "38 microlitres", "38 microliters", "38 microliter"],
    "ml": ["38 ml", "38 mL"],
    "nM": ["38 nM", "38 nm"],
    "µM": ["38 µM", "38 μM", "38 um"],
    "mM": ["38 mM"],
    "cGy": ["38 cGy"],
    "Gy": ["38 Gy"],
    "people": ["38 patients", "38 patient", "38 cases", "38 people", "38 persons", "38 adults", "38 children", "38 individuals", "38 participants", "38 subjects",
               "38 women", "38 men", "38 donors", "38 recipients", "38 responders", "38 carriers", "38 survivors", "38 evaluable AML patients",
               "38 older, untreated patients"],
    "animals": ["38 mice", "38 mouse", "38 rats", "38 animals", "38 monkeys", "38 macaques", "38 recipient NSG mice"],
    "": ["38", "38 of them", "38 cells", "38 in patients", "38 and patients", "38 for the patients", "38 hits", "38 monthly", "38 mgs", "38 mL2", "38 folded", "38 gates", "38 dogs",
         "38 times", "38 who were patients"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "text"),
    [(unit, text) for unit, texts in UNITS.items() for text in texts if "older, untreated" not in text],
)
def test_a_figure_is_in_the_unit_that_stands_after_it(unit, text):
    (figure,) = numerals.figures(f"It came to {text}")[:1]
    assert (figure.value, figure.unit) == (38, unit)


ALIKE = [
    ("1 day", "24 hours"), ("1 week", "168 hours"), ("1 week", "7 days"), ("1 year", "12 months"), ("2.5 years", "30 months"), ("1 µg", "1000 ng"), ("1 mg", "1000 µg"),
    ("1 g", "1000 mg"), ("1 kg", "1000 grams"), ("1 ml", "1000 µl"), ("1 µM", "1000 nM"), ("1 mM", "1000 µM"), ("1 Gy", "100 cGy"), ("1 mg", "1000000 ng"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_one_quantity_in_two_units_is_one(one, other):
    for claim, source in ((one, other), (other, one)):
        assert numerals.missing(numerals.figures(claim), numerals.figures(source)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("1 month", "30 days"), ("1 month", "4 weeks"), ("1 mg", "1 ml"), ("1 mg", "1 mM"), ("1 Gy", "100 grams"), ("1 µM", "1000 ng"), ("1 week", "5 days"),
     ("1 year", "365 days"), ("100%", "100 fold")],
)  # fmt: skip
def test_quantities_of_two_kinds_are_two(one, other):
    for claim, source in ((one, other), (other, one)):
        assert numerals.missing(numerals.figures(claim), numerals.figures(source)) != []


@settings(max_examples=80)
@given(
    st.sampled_from(
        ["hour", "day", "week", "month", "year", "ng", "µg", "mg", "g", "kg", "µl", "ml", "nM", "µM", "mM", "cGy", "Gy"]
    ),
    st.integers(1, 999),
)
def test_there_and_back_is_the_same_quantity(unit, number):
    value = Decimal(number)
    for other in quantities.elsewise(value, unit):
        assert other.unit != unit
        back = {q.unit: q.value for q in quantities.elsewise(other.value, other.unit)}[unit]
        assert abs(back - value) < Decimal("1e-20")
    assert (
        quantities.elsewise(value, "people")
        == quantities.elsewise(value, "")
        == quantities.elsewise(Decimal("Infinity"), unit)
        == []
    )


def test_an_interval_between_a_figure_and_its_unit_hides_only_units_of_size():
    for text, unit in (
        ("8.8 (6.9-9.9) months", "month"),
        ("8.8 [6.9-9.9] months", "month"),
        ("38 (30-46) mg", "mg"),
        ("38 (12) patients", ""),
        ("38 (of them) %", ""),
    ):
        assert quantities.unit(text, text.index(" ")) == unit


# ---- comparisons -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "way"),
    [
        *((f"{words} 8 weeks", "<") for words in ("less than", "fewer than", "lower than", "below", "under", "at most", "up to", "no more than", "not more than", "not greater than", "no higher than")),
        *((f"{words} 8 weeks", ">") for words in ("more than", "greater than", "higher than", "over", "above", "at least", "exceeding", "no less than", "not fewer than", "not lower than")),
        *((f"8 weeks or {word}", ">") for word in ("more", "longer", "higher", "greater", "later", "above")), ("60 years or older", ">"),
        *((f"8 weeks or {word}", "<") for word in ("less", "fewer", "shorter", "lower", "below")), ("60 years or younger", "<"),
        ("8 weeks", ""), ("about 8 weeks", ""), ("than 8 weeks", ""), ("8 weeks. Or more", ""), ("8 weeks of it, or of them, or more", ""),
        ("<8 weeks", "<"), (">8 weeks", ">"), ("≤8 weeks", "≤"), ("≥8 weeks", "≥"), ("<=8 weeks", "≤"), (">=8 weeks", "≥"), ("< 8 weeks", "<"), ("p < .05", "<"),
    ],
)  # fmt: skip
def test_which_way_a_figure_is_bounded_in_symbols_and_in_words(text, way):
    (figure,) = numerals.figures(text)
    assert figure.comparison == way
    assert figure.printed is (way != "" and text[0] in "<>≤≥p")


@pytest.mark.parametrize(
    ("claim", "source", "borne"),
    [("≥8", "≥8", True), ("≥8", ">8", False), ("at least 8", ">8", True), ("at least 8", "≥8", True), ("more than 8", "8 or more", True), (">8", "at least 8", True),
     ("≤8", "at most 8", True), ("<8", "at least 8", False), ("8", "at least 8", True), ("8", "≥8", False), ("8", "≥8, and 8", True), (">8", "8", True), ("-8", "-8", True),
     ("-8", "8", True), ("-8", "+8", False), ("-8", "+8, -8", True), ("8", "-8", True)],
)  # fmt: skip
def test_comparison_and_sign_of_the_claim_against_those_of_the_source(claim, source, borne):
    told = numerals.missing(numerals.figures(f"a change of {claim}"), numerals.figures(f"a change of {source}"))
    assert (told == []) is borne


# ---- figures in words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("thirteen", 13), ("nineteen", 19), ("twenty", 20), ("twenty-one", 21), ("thirty five", 35), ("ninety-nine", 99), ("one hundred", 100), ("a hundred", 100),
     ("a hundred and six", 106), ("two hundred and thirty-four", 234), ("a thousand", 1000), ("twelve hundred", 1200), ("one thousand two hundred", 1200),
     ("two thousand and five", 2005), ("three million", 3_000_000), ("a billion", 10**9), ("a dozen", 12), ("two dozen", 24), ("1.2 million", 1_200_000), ("3 hundred", 300),
     ("40 thousand", 40_000), ("sixty", 60), ("seventy", 70), ("eighty", 80), ("fifty", 50), ("forty", 40), ("fourteen", 14), ("fifteen", 15), ("sixteen", 16),
     ("seventeen", 17), ("eighteen", 18)],
)  # fmt: skip
def test_a_number_in_words_is_its_figure(text, value):
    assert [w.value for w in number_words.worded(f"of them {text} did")] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [("twofold", 2), ("threefold", 3), ("tenfold", 10), ("two-fold", 2), ("twice as", 2), ("twice that", 2), ("twice the", 2), ("twice of", 2), ("doubled", 2), ("tripled", 3),
     ("quadrupled", 4), ("thrice as", 3), ("double the", 2), ("triple that", 3), ("trebled", 3), ("twice", None), ("double", None), ("twice daily", None)],
)  # fmt: skip
def test_a_multiple_in_words_is_a_figure_in_fold(text, value):
    assert [(w.value, w.unit) for w in number_words.worded(f"it was {text}")] == ([(value, "fold")] if value else [])


@pytest.mark.parametrize(
    ("text", "share"),
    [("half", "0.5"), ("half of them", "0.5"), ("one half", "0.5"), ("two thirds", "0.6667"), ("a third of", "0.3333"), ("one third", "0.3333"), ("three quarters", "0.75"),
     ("a quarter had", "0.25"), ("one fifth", "0.2"), ("four fifths", "0.8"), ("one sixth", "0.1667"), ("one seventh", "0.1429"), ("one eighth", "0.125"),
     ("nine tenths", "0.9"), ("a tenth, and", "0.1"), ("two-thirds", "0.6667"), ("a third trial", None), ("half-life", None), ("half dose", None), ("half maximal", None),
     ("half-matched", None), ("half siblings", None), ("half a year", "0.5"), ("half year", None), ("two third", None), ("a fifth patient", None), ("behalf", None)],
)  # fmt: skip
def test_a_part_in_words_is_its_share(text, share):
    told = [f"{f.share:.4f}".rstrip("0") for f in number_words.fractions_of(f"so it was {text}")]
    assert told == ([share.rstrip("0")] if share else [])


@pytest.mark.parametrize(
    ("text", "counted"),
    [("two patients", True), ("two of them", True), ("two in ten", True), ("two mice", True), ("two months", True), ("two-year", True), ("two samples", True), ("two cohorts", True),
     ("two trials", True), ("two studies", True), ("two mutations", True), ("two cycles", True), ("two centres", True), ("two donors", True), ("two women", True), ("of two", True),
     ("in the two", True), ("out of two", True), ("twelve", False), ("thirteen", True), ("two", False), ("one of them", False), ("one", False), ("two drugs", False),
     ("twofold", True), ("two per cent", True), ("two times", True), ("two weeks", True), ("two days", True), ("two hours", True), ("two adults", True), ("two cases", True)],
)  # fmt: skip
def test_a_small_number_in_words_is_a_figure_of_a_claim_where_it_counts_something(text, counted):
    assert bool(number_words.worded(f"{text}", counted_only=True)) is counted


@pytest.mark.parametrize(
    ("text", "shares"),
    [("17 of 20", [(17, 20)]), ("17 of the 20", [(17, 20)]), ("17 out of 20", [(17, 20)]), ("17 in 20", [(17, 20)]), ("17/20", [(17, 20)]), ("17 of all 20", [(17, 20)]),
     ("17 of these 20", [(17, 20)]), ("20 of 20", [(20, 20)]), ("21 of 20", []), ("0 of 20", [(0, 20)]), ("1 of 1", []), ("1 of 2", [(1, 2)]), ("17 and 20", []), ("17 to 20", []),
     ("17 with 20", []), ("3 of 10 and 4 of 12", [(3, 10), (4, 12)])],
)  # fmt: skip
def test_counts_of_a_whole(text, shares):
    assert numerals.shares(text) == shares


@pytest.mark.parametrize(
    ("claim", "source", "borne"),
    [("85%", "17 of 20", True), ("86%", "17 of 20", False), ("84.5%", "17 of 20", False), ("33%", "1 of 3", True), ("33.3%", "1 of 3", True), ("33.4%", "1 of 3", False),
     ("67%", "2 of 3", True), ("66%", "2 of 3", False), ("66.7%", "2 of 3", True), ("0.5%", "1 of 200", True), ("1%", "1 of 200", True), ("1%", "1 of 201", False),
     ("100%", "20 of 20", True), ("0%", "0 of 20", True)],
)  # fmt: skip
def test_a_percentage_is_what_counts_come_to_to_its_last_digit(claim, source, borne):
    (figure,) = numerals.figures(claim)
    assert numerals.borne_by_shares(figure, numerals.shares(source)) is borne


@pytest.mark.parametrize(
    ("claim", "source", "borne"),
    [("twofold", "30% and 15%", True), ("tenfold", "2 months and 20 months", True), ("twofold", "30% and 15 months", False), ("twofold", "30% and 12.8%", True),
     ("twofold", "30% and 12.7%", False), ("twofold", "30% and 12.5%", False), ("twofold", "30% and 17.6%", True), ("twofold", "30% and 17.7%", False), ("twofold", "<30% and 15%", False),
     ("threefold", "30% and 15%", False), ("twofold", "30%", False), ("twofold", "0% and 0%", False)],
)  # fmt: skip
def test_a_multiple_is_borne_by_two_figures_of_one_unit_nearly_in_that_ratio(claim, source, borne):
    """From fifteen parts of a hundred less to eighteen more: papers round both figures and the multiple."""
    assert (numerals.missing(numerals.figures(claim), numerals.figures(source)) == []) is borne
