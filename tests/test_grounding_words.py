"""Grounding, word by word: each arm, denial, drug, disease and form of a figure has a case of its own."""

import pytest

from lscbook import corpus, vocabulary
from lscbook.evidence import (
    ground,
    ground_arms,
    ground_copies,
    ground_denials,
    ground_figures,
    ground_names,
    ground_source,
    numerals,
    store,
)
from lscbook.evidence.ground_refresh import _choices
from lscbook.pubmed.record import Record
from lscbook.vocabulary.annotate import Annotator
from tests import books

WORDS = vocabulary.load()
SOURCE = ground.Source(corpus.Corpus({}, {}), WORDS, {})
ITEM = store.Parsed(store.paths.EVIDENCE / "x.yaml", None, None)

# ---- who got what --------------------------------------------------------------------------------------------------

# Two of each sort that a paper compares, as papers write them.
PAIRS = [
    ("placebo", "controls"), ("chemotherapy", "healthy donors"), ("standard of care", "placebo"), ("LSCs", "normal HSCs"), ("LSCs", "normal bone marrow"), ("LSCs", "normal marrow"), ("LSCs", "normal HSPCs"), ("leukemic stem cells", "normal stem cells"), ("AML stem cells", "HSCs"),
    ("LSCs", "blasts"), ("LSCs", "bulk cells"), ("mutant", "wild type"), ("mutated", "unmutated"), ("MRD-positive", "MRD-negative"),
    ("responders", "non-responders"), ("diagnosis", "relapse"), ("diagnosis", "remission"), ("women", "men"), ("females", "males"),
    ("younger", "older"), ("younger", "elderly"), ("high-risk", "low-risk"), ("adverse-risk", "favorable-risk"), ("mice", "patients"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_arms_that_changed_places_are_shown(one, other):
    text = f"Long survival and durable response were seen in {one}; early death and rapid progression were seen in {other}."
    straight = f"Long survival and durable response in {one}, early death and rapid progression in {other}."
    crossed = f"Long survival and durable response in {other}, early death and rapid progression in {one}."
    assert list(ground_arms.swapped(straight, text, SOURCE)) == []
    assert [pair for pair in ground_arms.swapped(crossed, text, SOURCE) if " and " in pair]


def test_two_figures_that_changed_places_are_shown():
    text = "Response was 38% on luspatercept. Death was 13% on placebo."
    assert (
        list(
            ground_arms.swapped(
                "Of those on luspatercept 38% had a response, and death came to 13% on placebo.", text, SOURCE
            )
        )
        == []
    )
    told = list(
        ground_arms.swapped(
            "Of those on luspatercept 13% had a response, and death came to 38% on placebo.", text, SOURCE
        )
    )
    assert told
    assert any(pair.startswith("figures ") for pair in told)


def test_two_genes_that_changed_places_are_shown_by_their_names():
    text = "TP53 mutations brought early relapse and death; NPM1 mutations brought long remission and cure."
    crossed = "NPM1 mutations brought early relapse and death, TP53 mutations brought long remission and cure."
    assert list(ground_arms.swapped(text, text, SOURCE)) == []
    assert {frozenset(pair.split(" and ")) for pair in ground_arms.swapped(crossed, text, SOURCE)} >= {
        frozenset({"TP53", "NPM1"})
    }


@pytest.mark.parametrize("text", ["60% vs 17%", "17 of 20", "38 (30-46)", "5, 6 and 7 months", "(n = 12, p = 3)"])
def test_figures_of_a_list_or_a_bracket_cannot_be_told_apart(text):
    flat = numerals.plain(text)
    assert ground_arms._apart(numerals.places(flat), flat) == set()


def test_figures_with_words_between_them_can():
    flat = numerals.plain("38% on the drug and then later on 13% on placebo")
    assert ground_arms._apart(numerals.places(flat), flat) == {"38", "13"}


# ---- denials -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claim",
    ["HSCs were not harmed", "no HSCs were harmed", "HSCs were unaffected", "HSCs were unchanged", "it spared HSCs", "sparing HSCs", "all except HSCs",
     "HSCs stayed free of it", "it killed LSCs rather than HSCs", "HSCs were comparable", "HSCs were similar", "HSCs were the same", "HSCs fared alike",
     "HSCs were equally many", "HSC-independent", "HSCs were insensitive", "it was ineffective on HSCs",
     "regardless of HSCs", "it acted unlike that on HSCs", "HSCs were hardly harmed", "too few HSCs", "little harm to HSCs", "few HSCs were harmed",
     "HSCs lost nothing", "CD123-free HSCs", "HSC-less", "HSC-deficient", "none of the HSCs", "nor were HSCs harmed", "HSCs lacked it",
     "HSCs were unfit", "its absence from HSCs", "it failed to harm HSCs"],
)  # fmt: skip
def test_a_claim_may_say_a_not_in_other_words(claim):
    assert ground_denials.lost(claim.lower(), ["the drug did not harm hscs"]) == ""


def test_a_claim_without_any_of_them_lost_it():
    assert ground_denials.lost("the drug harmed hscs", ["the drug did not harm hscs"]) == "not harm hsc"


def test_what_is_absent_stands_before_the_word_and_what_is_not_done_after_it():
    assert ground_denials.lost("blasts bore cd123", ["cd123 was absent."]) == "absent"
    assert ground_denials.lost("patients took the drug", ["the drug did not harm hscs"]) == ""
    assert ground_denials.lost("hscs suffered", ["the drug did not harm hscs"]) == "not harm hsc"


@pytest.mark.parametrize(
    "sentence",
    ["hscs did not die", "no hscs died", "none of the hscs died", "hscs never died", "hscs lived without it", "absence of death of hscs", "hscs lack it",
     "hscs lost it", "hscs loses it", "it failed in hscs", "hscs were unable to die", "hscs were unharmed", "hscs were non-responding",
     "death of hscs was independent of it", "it was ineffective in hscs", "insufficient for hscs", "insignificant in hscs", "inactive in hscs",
     "hscs were insensitive", "hscs were ineligible", "hscs were impervious", "impaired hscs", "negligible in hscs", "hscs devoid of it",
     "hscs free of it", "all except hscs", "hscs were excluded", "it spared hscs", "lscs rather than hscs", "lscs instead of hscs", "only lscs, hscs",
     "few hscs", "little in hscs", "limited in hscs", "hscs were comparable", "hscs were similar", "equal in hscs", "the same in hscs",
     "irrespective of hscs", "regardless of hscs", "hscs were negative", "deficient hscs", "knockout hscs", "knock-out hscs", "ko hscs",
     "depleted hscs", "null hscs", "minimal in hscs", "rarely in hscs", "eliminated in hscs", "abrogated in hscs", "abolished in hscs",
     "disappeared from hscs", "hscs intact", "hscs preserved", "hscs retained it", "barely in hscs", "beyond hscs", "dispensable for hscs",
     "lower in hscs", "less in hscs", "fewer hscs", "in contrast to hscs", "inferior in hscs", "superior to hscs", "hsc-negative hscs", "neither hscs",
     "nor hscs", "hscs cannot die", "nothing in hscs"],
)  # fmt: skip
def test_each_ground_on_which_a_claim_may_deny(sentence):
    assert ground_denials.added("hscs did not die", [sentence]) == ""


def test_without_such_ground_the_denial_is_told():
    assert ground_denials.added("hscs did not die of the drug", ["hscs died of the drug"]) == "not die of the drug"
    assert ground_denials.added("no survival data are given; hscs died", ["hscs died"]) == ""
    assert ground_denials.added("5% and not 15%", ["5%"]) == ""
    assert ground_denials.added("hscs died", ["hscs died"]) == ""


# ---- names ---------------------------------------------------------------------------------------------------------


def strangers(claim, whole="Stem cells were studied."):
    found = books.finding(1, "target", claim=claim)
    return [p.found.partition(" stands nowhere")[0] for p in ground_names.strangers(ITEM, (), found, whole, SOURCE)]


@pytest.mark.parametrize(
    "name",
    ["xyzomab", "xyzotinib", "xyzodenib", "xyzomenib", "xyzometinib", "xyzolisib", "xyzociclib", "xyzoparib", "xyzozomib", "xyzoclax", "xyzocitabine",
     "xyzorubicin", "xyzoplatin", "xyzoinostat", "xyzostat", "xyzotoclax", "xyzodustat", "xyzosertib", "xyzolimus", "xyzotaxel", "xyzoposide",
     "xyzostim", "xyzoplatide", "xyzotercept", "xyzocept", "lymphoblastic leukemia", "t-lymphoblastic leukemia", "chronic myeloid leukemia",
     "chronic lymphocytic leukemia", "lymphoma", "lymphomas", "multiple myeloma", "myelofibrosis", "polycythemia", "thrombocythemia",
     "aplastic anemia", "fanconi anemia", "carcinoma", "sarcoma", "melanoma", "glioma", "glioblastoma", "neuroblastoma", "breast cancer",
     "lung cancers", "colon tumor", "colorectal cancer", "prostate cancer", "ovarian cancer", "pancreatic cancer", "liver cancer", "gastric cancer",
     "renal tumors"],
)  # fmt: skip
def test_a_drug_or_a_disease_that_the_paper_does_not_name(name):
    told = strangers(f"It helped against {name} in vivo.")
    if WORDS.has_form(name) or SOURCE.annotator.mentions(name, anywhere=True):
        return  # a word of ours, which is held as a term
    assert any(found in name or name in found for found in told), told
    assert strangers(f"It helped against {name} in vivo.", f"We studied {name} once.") == []


@pytest.mark.parametrize(
    ("token", "told"),
    [("XYZ9", True), ("QQQ", True), ("Qqq", False), ("QQ", False), ("AML", False), ("HSCs", False), ("LSC", False), ("qpcr", False),
     ("IDH1/2", False), ("XYZs", True), ("low-XYZ9", True), ("NCT-QQQ7", True), ("MRD", False), ("95", False)],
)  # fmt: skip
def test_what_has_the_form_of_a_name(token, told):
    assert (token in strangers(f"It was {token} that did it.")) is told
    assert token not in strangers(f"It was {token} that did it.", f"Here {token} stands.")


def names(claim, text, theme="target", abstract="", **fields):
    found = books.finding(1, theme, claim=claim, **fields)
    told = ground_names.names(ITEM, (), found, text, abstract, SOURCE)
    return [(p.field, p.found.partition(" is not named")[0]) for p in told]


def test_a_term_is_named_in_its_sentences_or_title():
    assert names("TP53 was lost in AML.", "TP53 was lost.\nOf AML") == []
    assert names("TP53 was lost in AML.", "NPM1 was lost.\nOf AML") == [("claim", "TP53")]
    assert names("It was lost in AML.", "NPM1 was lost.\nOf AML", genes=["TP53"]) == [("genes", "TP53")]
    assert names("It was lost.", "It was lost.\nOf nothing", agents=["venetoclax"]) == [("therapies", "venetoclax")]
    assert names("It was lost.", "ABT-199 was given.\nOf nothing", agents=["venetoclax"]) == []
    # a disease may stand elsewhere in the abstract, and is not asked for where none is named at all
    assert names("It was lost.", "It was lost.\nOf cells", abstract="We studied MDS.") == [("diseases", "AML")]
    assert names("It was lost.", "It was lost.\nOf cells", abstract="We studied AML.") == []
    assert names("It was lost.", "It was lost.\nOf cells", abstract="") == []


def test_one_name_that_is_there_hides_no_other():
    assert names("NPM1 and TP53 were lost in AML.", "NPM1 was lost.\nOf AML") == [("claim", "TP53")]
    assert names("NPM1 and TP53 were lost in AML.", "TP53 was lost.\nOf AML") == [("claim", "NPM1")]


@pytest.mark.parametrize("karyotype", ["t(8;21)", "T(8;21)", "t( 8;21)", "t(8;21 )"])
def test_a_karyotype_is_one_however_it_is_spaced(karyotype):
    found = books.finding(1, claim=f"Cells with {karyotype} lived.")
    for text in ("Of t(8;21)\nTitle", "Of t( 8;21)\nTitle"):
        assert list(ground_figures.signs(ITEM, (), found, text)) == []
    (told,) = ground_figures.signs(ITEM, (), found, "Of t(8;22)\nTitle")
    assert "does not stand in its sentences" in told.found


@pytest.mark.parametrize(
    ("claim", "source", "told"),
    [("A third of it.", "It fell from 15.3% to 5.1%.", False), ("Half of it.", "It fell from 15.3% to 5.1%.", True),
     ("Two thirds of them.", "Of 30 patients 20 did.", False), ("A quarter of them.", "It was 25%.", False),
     ("A quarter of them.", "It was one quarter.", False), ("A quarter of them.", "It was 60%.", True)],
)  # fmt: skip
def test_a_part_in_words_is_borne_by_words_per_cent_or_counts(claim, source, told):
    found = books.finding(1, claim=claim)
    assert bool([p for p in ground_figures.figures(ITEM, (), found, f"{source}\nTitle") if "share" in p.found]) is told


def test_the_title_is_the_last_line():
    assert ground_names.record_title("one\ntwo\nthe title") == "the title"
    assert (
        ground.pointed_at(
            books.finding(support={"sentences": ["2", "9"]}), Record("1", "The title."), "One. Two. Three."
        )
        == "Two.\nThe title."
    )


@pytest.mark.parametrize(
    ("form", "text", "named"),
    [("anti-CD47 antibody", "antibodies to cd47", True), ("anti-CD47 antibody", "cd47", False), ("TP53-mutated", "tp53 mutant samples", True),
     ("TP53-mutated", "tp53 wild type", False), ("no digits here", "no digits here", False), ("CD47", "cd47", False)],
)  # fmt: skip
def test_a_name_in_other_words(form, text, named):
    assert ground_names._worded(form, text) is named


def test_the_texts_of_a_finding_that_are_held():
    found = books.finding(
        1, "identity", claim="A claim.", note="A note.", cohort=["NCT00000001"], n="5", n_unit="mice", frequency="1 in 9", fraction="CD34+",
    )  # fmt: skip
    assert dict(ground_source.written(found)) == {"claim": "A claim.", "frequency": "1 in 9", "fraction": "CD34+"}
    assert list(ground_source.strings({"a": ["b", ("c",)], "d": {"e"}, "f": None})) == ["a", "b", "c", "d", "e", "f"]
    assert SOURCE.named("IDH1/2 mutations", "genes").keys() == {"IDH1", "IDH2"}
    assert ground.Source(corpus.Corpus({}, {}), WORDS, {"7": "x"}).abstract("8") == ""
    assert (SOURCE.given, ground.Source(corpus.Corpus({}, {}), WORDS).given) == (True, False)


def test_seven_words_in_a_row_are_no_copy_and_eight_are():
    abstract = "We found that all of the stem cells died at once."
    assert ground_copies.copied("Here all of the stem cells died early.", abstract) == ""
    assert (
        ground_copies.copied("Here all of the stem cells died at once.", abstract)
        == "all of the stem cells died at once"
    )
    assert ground_copies.copied("All of the stem cells died at Once!", abstract) == "all of the stem cells died at once"
    found = books.finding(1, claim="It was so.", note="That all of the stem cells died at once.")
    told = [p.field for p in ground_copies.copies(ITEM, ("findings", 0), found, abstract)]
    assert told == ["findings[1].note"]
    placed = books.finding(1, claim="It was so.", support={"full_text": "all of the stem cells died at once"})
    assert [p.field for p in ground_copies.copies(ITEM, ("findings", 0), placed, abstract)] == [
        "findings[1].support.full_text"
    ]


def test_sentences_to_try_are_the_nearest_first():
    tries = list(_choices((2, 3), 4))
    assert tries[:3] == [(2, 3), (1, 2), (3, 4)]
    assert {(1,), (1, 2, 3, 4), (2, 4), (1, 3)} <= set(tries)
    assert all(1 <= n <= 4 for numbers in tries for n in numbers)


# ---- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [("CD34 and HL-60", []), ("t(8;21)", []), ("inv(16)", []), ("IDH1/2", []), ("1.2.3", ["1.2"]), ("phase II", ["2"]),
     ("phase I/II", ["1", "2"]), ("phase III", ["3"]), ("n83", ["83"]), ("HR0.12", ["0.12"]), ("day-28", ["28"]), ("rate83", ["83"]), ("x83", []),
     ("median5", ["5"]), ("os12", ["12"]), ("grade3", ["3"]), ("1,234", ["1234"]), ("1,23", ["1", "23"]), ("12,345,678", ["12345678"]),
     (".05", ["0.05"]), ("0.50", ["0.5"]), ("5e3", ["5000"]), ("2 x 10(5)", ["200000"]), ("2*10^5", ["200000"]), ("10^-3", ["0.001"]),
     ("5e-3", ["0.005"]), ("0.12x", ["0.12"]), ("12x", ["12"]), ("a12b", [])],
)  # fmt: skip
def test_which_digits_are_figures(text, values):
    assert [f"{f.value:f}" for f in numerals.figures(text)] == values


@pytest.mark.parametrize(
    ("text", "units"),
    [("4.2 and 6.4 months", ["month", "month"]), ("12 of 34 patients", ["people", "people"]), ("5 to 6 days", ["day", "day"]), ("1.5 of 3 patients", ["", "people"]),
     ("15 (5.2%)", ["", "%"]), ("21% in 12 patients", ["%", "people"]), ("4 cells were seen, and 6 months", ["", "month"]),
     ("5 versus 6 weeks", ["week", "week"])],
)  # fmt: skip
def test_figures_of_a_list_share_the_unit_of_its_last(text, units):
    assert [f.unit for f in numerals.figures(text)] == units


@pytest.mark.parametrize(
    ("claim", "source", "why"),
    [("43 patients", "43%", "stands in the source as 43 % and not as 43 people"), ("p>0.05", "p<0.05", "stands in the source with < and not with >"),
     ("p=0.05", "p<0.05", "stands in the source with <, which the claim leaves out"), ("change of -3", "change of +3", "stands in the source with the other sign"),
     ("4 of them", "5 of them", "does not stand in the sentences that the finding points at"),
     ("5-fold", "2% and 4%", "does not stand in the sentences that the finding points at, nor do two figures of that ratio")],
)  # fmt: skip
def test_why_a_figure_is_not_borne_out(claim, source, why):
    assert [told for _, told in numerals.missing(numerals.figures(claim), numerals.figures(source))] == [why]


@pytest.mark.parametrize(
    ("claim", "source", "borne"),
    [("twofold", "30% and 15%", True), ("twofold", "30% and 16%", True), ("twofold", "30% and 12%", False), ("twofold", "30% and 15 mg", False), ("twofold", "15% and <30%", False),
     ("85%", "17 of 20", True), ("85.0%", "17 of 20", True), ("86%", "17 of 20", False), ("85%", "17/20", True), ("85%", "17 in 20", True), ("85%", "17 and 20", False),
     ("33%", "1 of 3", True), ("33.3%", "1 of 3", True), ("33.4%", "1 of 3", False), ("300%", "3 of 1", False)],
)  # fmt: skip
def test_a_ratio_and_a_share_are_reckoned(claim, source, borne):
    (figure,) = numerals.figures(claim)
    have = numerals.figures(source)
    by_shares = numerals.borne_by_shares(figure, numerals.shares(source))
    assert (by_shares or not numerals.missing([figure], have)) is borne


@pytest.mark.parametrize(
    ("text", "signs"),
    [("CD34+CD38-", {("cd34", "+"), ("cd38", "-")}), ("CD34 +CD38-", {("cd34", "+"), ("cd38", "-")}), ("Lin-", {("lin", "-")}), ("Sca-1+", {("sca-1", "+")}),
     ("c-Kit+", {("c-kit", "+")}), ("FLT3-ITD-", {("flt3-itd", "-")}), ("NPM1+", {("npm1", "+")}), ("GPR56+", {("gpr56", "+")}), ("TIM-3-", {("tim-3", "-")}),
     ("MRD positive", {("mrd", "+")}), ("MRD was undetectable", {("mrd", "-")}), ("MRD is detectable", {("mrd", "+")}), ("CD34-negative", {("cd34", "-")}),
     ("negative for MRD", {("mrd", "-")}), ("positive for CD123", {("cd123", "+")}), ("CD33-directed", set()), ("CD123-CAR", set()), ("CD34", set())],
)  # fmt: skip
def test_markers_with_their_sign(text, signs):
    assert numerals.signs(text) == signs


# ---- words of the vocabulary in a text -----------------------------------------------------------------------------

ANNOTATOR = Annotator(WORDS)


@pytest.mark.parametrize(
    ("text", "ids"),
    [("TP53", {"TP53"}), ("TP53s", {"TP53"}), ("TP53sx", set()), ("xTP53", set()), ("TP532", set()),
     ("-TP53-", {"TP53"}), ("NPM1-TP53", {"NPM1", "TP53"}), ("monosomy 7, -7, and", {"-7"}), ("-7 %", set()), ("5 -7", set()), ("-7 fold", set()), ("x-7", set()),
     ("-7 days", set()), ("(-7)", {"-7"}), ("-7/del(7q)", {"-7"})],
)  # fmt: skip
def test_a_term_stands_alone(text, ids):
    found = {m.term.id for m in ANNOTATOR.mentions(text, anywhere=True)}
    assert ids <= found
    if not ids:
        assert not found & {"TP53", "-7"}


def test_mentions_come_in_order_with_their_place_and_the_longest_wins():
    found = ANNOTATOR.mentions("FLT3-ITD and then TP53.")
    assert [(m.term.id, m.form, m.start, m.end) for m in found if m.term.kind in {"lesions", "genes"}][-1] == (
        "TP53",
        "tp53",
        18,
        22,
    )
    assert "FLT3" not in {m.term.id for m in found}
    assert [m.start for m in found] == sorted(m.start for m in found)


def test_concepts_are_counted_over_texts_by_kind_and_id():
    told = ANNOTATOR.concepts("NPM1 and TP53.", "TP53 after venetoclax, and venetoclax.")
    assert told["genes"] == {"NPM1": 1, "TP53": 2}
    assert told["therapies"] == {"venetoclax": 2}
    assert list(told) == sorted(told)
    assert ANNOTATOR.concepts("nothing") == {}


def test_the_digest_of_the_words_changes_with_the_words_only():
    only = Annotator(WORDS, ("genes",))
    assert ANNOTATOR.digest == Annotator(vocabulary.load()).digest
    assert len(ANNOTATOR.digest) == 16
    assert only.digest != ANNOTATOR.digest
    assert {m.term.kind for m in only.mentions("TP53 in AML")} == {"genes"}
