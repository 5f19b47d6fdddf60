"""What is told of a finding beside its sentences: figures of every field, names, and doubts, each where it belongs."""

import re

import pytest

from lscbook import corpus, vocabulary
from lscbook.evidence import ground, ground_doubts, ground_figures, ground_names, store
from tests import books

WORDS = vocabulary.load()
SOURCE = ground.Source(corpus.Corpus({}, {}), WORDS, {})
ITEM = store.Parsed(store.paths.EVIDENCE / "x.yaml", None, None)
AT = ("findings", 0)


def finding(claim="It was so.", theme="evolution", **own):
    return books.finding(1, theme, claim=claim, **own)


def figures(text, claim="It was so.", theme="evolution", **own):
    """Field, message and severity of what is told of figures."""
    told = ground_figures.figures(ITEM, AT, finding(claim, theme, **own), f"{text}\nTitle")
    return [(p.field.removeprefix("findings[1]."), re.match(r"'[^']*'|\S+", p.found)[0], p.severity) for p in told]


# ---- figures of the fields -----------------------------------------------------------------------------------------


def test_the_number_of_a_finding_is_held_with_what_it_counts():
    assert figures("We studied 43 patients.", n="43", n_unit="patients") == []
    assert figures("We studied 43 mice.", n="43", n_unit="patients") == [("n", "43", "error")]
    assert figures("We studied 34 patients.", n="43", n_unit="patients") == [("n", "43", "error")]
    assert figures("We studied 34 patients.") == []


EFFECT = {"measure": "HR", "value": "0.52", "ci": ["0.41", "0.66"], "p": "<0.001"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hazard ratio 0.52 (95% CI 0.41-0.66, P<0.001).", []),
        ("Hazard ratio 0.25 (95% CI 0.41-0.66, P<0.001).", ["0.52", "0.52"]),  # as a figure, and beside its unit
        ("Hazard ratio 0.52 (95% CI 0.14-0.66, P<0.001).", ["0.41"]),
        ("Hazard ratio 0.52 (95% CI 0.41-0.67, P<0.001).", ["0.66"]),
        ("Hazard ratio 0.52 (95% CI 0.41-0.66, P<0.01).", ["<0.001"]),
        ("Hazard ratio 0.52 (95% CI 0.41-0.66, P>0.001).", ["<0.001"]),
    ],
)
def test_value_interval_and_p_of_an_effect_are_held(text, told):
    assert figures(text, effect=EFFECT) == [("effect", figure, "error") for figure in told]


@pytest.mark.parametrize(
    ("effect", "text", "told"),
    [
        ({"measure": "percent", "value": "38"}, "It came to 38%.", []),
        ({"measure": "percent", "value": "38"}, "It came to 38 mice.", ["38"]),
        ({"measure": "median difference", "value": "6.4", "unit": "months"}, "It came 6.4 months later.", []),
        ({"measure": "median difference", "value": "6.4", "unit": "months"}, "It came 6.4 years later.", ["6.4"]),
        ({"measure": "other", "value": "6.4"}, "It came 6.4 years later.", []),
        ({"measure": "other", "value": "6.4", "comparison": "against 29 mice"}, "It came to 6.4, not as in 29 mice.", []),
        ({"measure": "other", "value": "6.4", "comparison": "against 29 mice"}, "It came to 6.4, not as in 92 mice.", ["29"]),
    ],
)  # fmt: skip
def test_the_unit_of_an_effect_and_what_it_is_compared_with_are_held(effect, text, told):
    assert [figure for _, figure, _ in figures(text, effect=effect)] == told


def test_a_bare_figure_is_a_bound_in_a_cut_off_and_nowhere_else():
    own = {"assay": "other", "genes": ["NPM1"]}
    assert figures("NPM1 fell to <0.1% of it.", theme="surveillance", threshold="0.1%", **own) == []
    assert figures("NPM1 fell to <0.1% of it.", "It was 0.1%.", "surveillance", **own) == [("claim", "0.1", "error")]
    assert figures("NPM1 fell to 0.2% of it.", theme="surveillance", threshold="0.1%", **own) == [
        ("threshold", "0.1", "error")
    ]


def test_a_bound_is_a_bound_in_a_frequency_too():
    own = {"theme": "identity", "text": "LSCs were <0.1% of CD123+ cells."}
    assert figures(frequency="0.1%", **own) == []
    assert figures(frequency="0.2%", **own) == [("frequency", "0.2", "error")]
    assert figures(fraction="0.1%", **own) == [("fraction", "0.1", "error")]


def test_one_figure_that_is_borne_hides_no_other():
    assert figures("It was so in 17 of 20 of them.", "It was so in 85% and in 77%.") == [("claim", "77", "error")]
    own = {"assay": "other", "genes": ["NPM1"], "theme": "surveillance"}
    assert figures("NPM1 fell to <0.1% of it.", threshold="0.1% and 77%", **own) == [("threshold", "77", "error")]
    assert figures("It came to 0.", "Half of them, and a third, did.") == [
        ("claim", "'half'", "warning"),
        ("claim", "'a third'", "warning"),
    ]


def test_a_share_that_the_counts_come_to_is_borne_in_digits_and_words():
    assert figures("It was so in 17 of 20 of them.", "It was so in 85%.") == []
    assert figures("It was so in two thirds of them.", "It was so in 67%.") == []
    assert figures("It was so in two thirds of them.", "It was so in 68%.") == [("claim", "68", "error")]


@pytest.mark.parametrize(
    ("part", "text", "borne"),
    [
        # a tenth of the part is room enough, and three and a half points of a hundred at the least
        ("Half", "45%", True), ("Half", "44.9%", False), ("Half", "55%", True), ("Half", "55.1%", False),
        ("A quarter", "21.5%", True), ("A quarter", "21.4%", False), ("A quarter", "28.5%", True), ("A quarter", "28.6%", False),
        ("Three quarters", "67.5%", True), ("Three quarters", "67.4%", False), ("Three quarters", "82.5%", True), ("Three quarters", "82.6%", False),
        # counts of people, of animals, and of what nobody names
        ("Half", "15 of 30 patients", True), ("Half", "15 of 30 mice", True), ("Half", "15 and 30", True), ("Half", "12 of 30 mice", False),
        ("Half", "15 months and 30 months", False), ("Half", "1 of 2 mice", True), ("A third", "1 of 3 mice", True),
        # a share without its sign, a share of shares
        ("Half", "a score of 50", True), ("A third", "5.1% and 15.3%", True), ("Three quarters", "20% and 15%", True), ("Half", "20% and 15%", False),
        ("Three thirds", "20%", False), ("Three thirds", "20 patients", False),  # any figure is the whole of itself
        ("Half", "0% and 4%", False), ("Half", "one half", True), ("Half", "a third", False), ("Half", "none", False),
    ],
)  # fmt: skip
def test_how_near_a_part_in_words_must_be(part, text, borne):
    told = figures(f"It came to {text}.", f"{part} of them did.")
    assert told == ([] if borne else [("claim", repr(part.lower()), "warning")])


@pytest.mark.parametrize(
    "karyotype", ["t(8;21)", "inv(16)", "del(5q)", "dup(1q)", "ins(3q)", "add(7p)", "der(1;7)", "i(17q)"]
)
def test_every_sort_of_karyotype_must_stand_in_the_sentences(karyotype):
    def told(text):
        return [(p.field, p.severity) for p in ground_figures.signs(ITEM, AT, finding(f"It had {karyotype}."), text)]

    assert told(f"Cells with {karyotype} lived.") == []
    assert told("Cells with t(9;22) lived.") == [("findings[1].claim", "error")]


def test_a_sign_must_stand_in_the_sentences_and_each_is_told_once():
    found = finding("CD34+CD38- cells engrafted, and MRD was negative.")
    assert list(ground_figures.signs(ITEM, AT, found, "CD34+CD38- cells; MRD-negative")) == []
    told = [p.found for p in ground_figures.signs(ITEM, AT, found, "CD34+CD38+ cells; MRD-positive")]
    assert told == ["CD38- does not stand in its sentences", "MRD- does not stand in its sentences"]


# ---- names ---------------------------------------------------------------------------------------------------------

# Abbreviations that any paper of the field uses, and some explain.
ABBREVIATIONS = (
    "AML MDS MPN CML CMML ALL APL LSC LSCs HSC HSCs HSPC HSPCs MPP LMPP GMP CMP MEP CAR DNA RNA mRNA miRNA CHIP MRD CRi CRh CRP ORR EFS RFS DFS PFS SHR "
    "AUC VAF NOS USA FDA EMA WHO ELN IPSS NGS PCR RT-PCR FISH PDX NSG GVHD HCT HSCT HLA HMA HMAs ITD TKD TME ROS TCA LIC LICs III"
).split()  # fmt: skip


def strangers(claim, whole="Cells were studied."):
    told = ground_names.strangers(ITEM, AT, finding(claim), whole, SOURCE)
    return [p.found.partition(" stands nowhere")[0] for p in told]


@pytest.mark.parametrize("name", ABBREVIATIONS)
def test_an_abbreviation_of_the_field_needs_no_ground(name):
    assert strangers(f"It was {name} that counted.") == []


@pytest.mark.parametrize("name", ["XYZ", "XYZ9", "xY9", "low-XYZ9", "XYZs", "ΔXYZ", "XYZ1/2", "AML-XYZ"])
def test_a_name_of_capitals_or_digits_that_the_paper_has_not_is_told_once(name):
    assert strangers(f"It was {name}, and again {name}.") == [name]
    assert strangers(f"It was {name}.", f"Here stands {name}.") == []


@pytest.mark.parametrize("word", ["x", "XY", "Xyz", "xyz9", "re-xyz", "9XYZ", "Xyz-like"])
def test_a_word_without_the_form_of_a_name_is_none(word):
    assert strangers(f"It was {word}.") == []


def test_a_name_is_looked_for_without_its_spelling():
    assert strangers("It was TIM-XY3.", "We stained for TIMXY 3.") == []
    assert strangers("It was XYZ1/2.", "We stained for XYZ1 and for XYZ2.") == []
    assert strangers("A drug, xyzotinib.", "A drug, Xyzotinib, was given.") == []
    # what our vocabulary knows is held as a term, and is no stranger
    assert strangers("It was venetoclax for TP53.") == []


def names(claim, text, theme="evolution", abstract="", **own):
    told = ground_names.names(ITEM, AT, finding(claim, theme, **own), text, abstract, SOURCE)
    return [(p.field.removeprefix("findings[1]."), p.found.partition(" ")[0], p.severity) for p in told]


@pytest.mark.parametrize(
    ("field", "kind", "term", "text"),
    [("genes", "genes", "TP53", "p53"), ("markers", "markers", "CD33", "CD33"), ("therapies", "therapies", "venetoclax", "ABT-199"),
     ("lesions", "lesions", "+8", "trisomy 8")],
)  # fmt: skip
def test_each_field_of_names_is_held_by_any_name_of_the_term(field, kind, term, text):
    own = {"lesions": ["NPM1"]} | {field: [term]}
    other = "NPM1 came first."
    assert names("It was so.", f"{other} It was {text}.\nTitle", **own) == []
    assert names("It was so.", f"{other}\nTitle", **own) == [(kind, term, "error")]
    assert names("It was so.", f"{other}\nOf {text}", **own) == []


def test_an_antigen_that_the_claim_names_is_held_and_a_signature_is_left_to_the_reader():
    own = {"lesions": ["NPM1"]}
    assert names("CD33 was lost.", "NPM1 and CD33.\nTitle", **own) == []
    assert set(names("CD33 was lost.", "NPM1 and CD47.\nTitle", **own)) == {("claim", "CD33", "error")}
    assert names("CD123 was lost.", "NPM1 and CD123.\nTitle", **own) == []
    assert ("claim", "CD123", "error") in names(
        "CD123 was lost.", "NPM1 and CD47.\nTitle", **own
    )  # its gene is told too
    assert names("LSC17 was high.", "NPM1.\nTitle", **own) == []
    assert names("It was high.", "NPM1.\nTitle", markers=["LSC17"], **own) == []


def test_a_disease_is_held_by_its_parents_and_children_and_only_where_one_is_named():
    own = {"lesions": ["NPM1"], "genes": []}
    assert (
        names("It was so.", "NPM1 in AML.\nTitle", abstract="NPM1 in AML.", diseases=["NPM1-mutated AML"], **own) == []
    )
    assert (
        names(
            "It was so.",
            "NPM1 in NPM1-mutated AML.\nTitle",
            abstract="NPM1 in NPM1-mutated AML.",
            diseases=["AML"],
            **own,
        )
        == []
    )
    assert names("It was so.", "NPM1 in CMML.\nTitle", abstract="NPM1 in CMML.", diseases=["AML"], **own) == [
        ("diseases", "AML", "error")
    ]
    assert names("It was so.", "NPM1 in cells.\nTitle", diseases=["AML"], **own) == []
    assert names("It was so.", "NPM1 in cells.\nTitle", abstract="Of CMML.", diseases=["AML"], **own) == [
        ("diseases", "AML", "error")
    ]
    # the claim's own disease must stand in the sentences of the claim, where these name any
    assert names("AML was so.", "NPM1 in CMML.\nTitle", abstract="Of AML.", **own) == [("claim", "AML", "error")]


# ---- doubts --------------------------------------------------------------------------------------------------------


def doubts(claim, *sentences, **own):
    told = ground_doubts.doubts(ITEM, AT, finding(claim, **own), "\n".join((*sentences, "A title")), SOURCE)
    return [(p.field.removeprefix("findings[1]."), p.found, p.remedy, p.severity) for p in told]


DOUBTFUL = [
    ("claim", "The antibody harmed normal cells.", "The antibody did not harm normal cells.", "a sentence denies", "is a 'not' lost?"),
    ("claim", "The antibody did not deplete normal cells.", "The antibody killed normal cells.", "the claim denies", "is it borne out?"),
    ("claim", "Survival was longer with it.", "Survival was shorter with it.", "the claim says 'longer', its sentences 'shorter'", "which of the two is it?"),
    ("claim", "Durable cure came to men, swift harm to women.", "Durable cure came to women, swift harm to men.", "stand crossed beside the source", "who got what?"),
    ("claim", "It was so in 29 of 43 (34%).", "It was so in 29 of 43 (34%).", "'29 of 43 (34%)' cannot all be right", "have two figures changed places?"),
    ("claim", "CD34+ cells engrafted.", "CD34+ cells engrafted and CD34- cells died.", "CD34 stands with + and with - in its sentences", "is each sign where it belongs?"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "claim", "sentence", "found", "asked"), DOUBTFUL)
def test_each_doubt_is_one_question_to_the_second_reader(field, claim, sentence, found, asked):
    (told,) = doubts(claim, sentence)
    assert told[0] == field
    assert found in told[1]
    assert told[2:] == (f"second reader: {asked}", "warning")


@pytest.mark.parametrize(("field", "claim", "sentence", "found", "asked"), DOUBTFUL)
def test_what_the_title_alone_says_is_no_ground_of_a_lost_not(field, claim, sentence, found, asked):
    """The title is read with the sentences for opposites, and for no denial."""
    told = ground_doubts.doubts(ITEM, AT, finding("Cells were seen."), f"Cells were seen.\n{sentence}", SOURCE)
    assert not [p for p in told if "denies" in p.found]


def test_a_marker_with_one_sign_raises_no_doubt():
    assert doubts("CD34+ cells engrafted.", "CD34+ and CD38- cells engrafted.") == []
    assert doubts("Cells engrafted.", "CD34+ cells engrafted and CD34- cells died.") == []
    assert len(doubts("CD34+CD38- cells grew.", "CD34+CD38- cells grew; CD34- and CD38+ cells grew.")) == 2


def test_a_contradiction_is_told_in_the_field_that_has_it():
    found = finding("It was so.", "identity", frequency="29 of 43 (34%)")
    told = list(ground_doubts.doubts(ITEM, AT, found, "It was so.\nTitle", SOURCE))
    assert [(p.field, p.severity) for p in told] == [("findings[1].frequency", "warning")]


# ---- how it is told ------------------------------------------------------------------------------------------------


def test_an_error_names_the_field_and_says_what_to_do():
    """Imperative, for whoever wrote the entry; a warning asks, for whoever reads it second."""
    text, made = (
        "CD34- cells of t(9;22).\nTitle",
        finding("CD34+ cells with t(8;21) in 12 mice and QQX7.", genes=["NPM1"]),
    )
    told = [
        *ground_figures.figures(ITEM, AT, made, text), *ground_figures.signs(ITEM, AT, made, text),
        *ground_names.names(ITEM, AT, made, text, "", SOURCE), *ground_names.strangers(ITEM, AT, made, text, SOURCE),
    ]  # fmt: skip
    assert {p.severity for p in told} == {"error", "warning"}
    for problem in told:
        if problem.severity == "error":
            assert re.match(r"(?:correct the figure|check the (?:karyotype|sign)|take it out), ", problem.remedy)
            assert re.search(
                r"(?:add the sentence that has it to support|point at the sentence that (?:has|names) it|\.yaml)",
                problem.remedy,
            )
        else:
            assert re.fullmatch(r"second reader: [a-z].*\?", problem.remedy)
