"""What a text means by its words: definitions, context, spelling, signs, families, denials. Every sentence is ours."""

import random
import shutil
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lscbook import paths, vocabulary
from lscbook.errors import VocabularyInvalid
from lscbook.evidence import drafting
from lscbook.vocabulary import fold, signs
from lscbook.vocabulary.abbreviating import definitions
from lscbook.vocabulary.annotate import Annotator
from lscbook.vocabulary.assertions import assertion
from tests import books

WORDS = vocabulary.load()
ANNOTATOR = Annotator(WORDS)


def named(text, kind):
    return set(ANNOTATOR.concepts(text).get(kind, {}))


# ---- what a text defines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stem cells (SC) and SC again", {"SC": "Stem cells"}),
        ("We studied AML (acute myeloid leukemia).", {"AML": "acute myeloid leukemia"}),
        ("Response (n = 5) fell (P<0.01) in half (Figure 2)", {}),
        ("An odd bracket ) before venetoclax (VEN) and (another", {"VEN": "venetoclax"}),
        ("Gene ontology (GO). Later gemtuzumab ozogamicin (GO).", {"GO": "Gene ontology"}),
        ("", {}),
    ],
)
def test_definitions_are_read_in_both_orders(text, expected):
    assert definitions(text) == expected


def test_reading_definitions_leaves_the_log_of_the_program_alone():
    state = "(len(logging.root.handlers), logging.root.level)"
    code = f"import logging; before = {state}; import lscbook.vocabulary.abbreviating; assert before == {state}"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=paths.ROOT)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Multidimensional scaling (MDS) of marrow; MDS shows three groups", "diseases", set()),
        ("Renal angiomyolipoma (AML) in patients; AML bled, the marrow did not", "diseases", set()),
        ("Cell-mediated lympholysis (CML) by marrow; CML was weak", "diseases", set()),
        ("Adult myelodysplastic syndrome (MDS); MDS progressed", "diseases", {"MDS"}),
        ("Gene ontology (GO) terms; treatment by GO", "therapies", set()),
        ("Patients got gemtuzumab ozogamicin (GO); GO was safe", "therapies", {"gemtuzumab ozogamicin"}),
        ("Azathioprine (AZA) treatment; AZA dose", "therapies", set()),
        ("Azacitidine (AZA) treatment", "therapies", {"azacitidine"}),
        ("traumatic brain injury (TBI) therapy", "therapies", set()),
        ("hereditary haemorrhagic telangiectasia (HHT) treated", "therapies", set()),
        # a symbol with a digit is what it is, under whatever name a text explains it
        ("fms-like tyrosine kinase 3 (FLT3)", "genes", {"FLT3"}),
        ("B-cell lymphoma 2 (BCL2)", "genes", {"BCL2"}),
        ("V-domain suppressor of T-cell activation (VISTA)", "genes", {"VSIR"}),
    ],
)
def test_what_a_text_defines_goes_before_the_vocabulary(text, kind, expected):
    assert named(text, kind) == expected


def test_a_short_form_that_only_the_text_knows_is_counted():
    found = ANNOTATOR.concepts("Cytogenetically normal acute myeloid leukemia (CN-AML). CN-AML relapsed.")
    assert found["diseases"] == {"AML": 3}


# ---- context and spelling ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Younger AML patients with DNMT3A mutations", "diseases", {"AML"}),
        ("AML of the mitral valve", "diseases", set()),
        ("The aortic arch and the mandibular arch near the marrow", "diseases", set()),
        ("ChIP of marrow cells on a chip", "diseases", set()),
        ("CHIP in donors of stem cells", "diseases", {"CHIP"}),
        ("the 4-tert-butyl group", "genes", set()),
        ("TERT expression", "genes", {"TERT"}),
        ("Man, Dog, Cat and Rat protein", "genes", set()),
        ("catalase of the liver", "genes", {"CAT"}),
        ("HIF-1 stabilisation", "genes", set()),
        ("the armadillo as a model", "genes", set()),
        ("viral NS1 protein", "genes", set()),
        ("a change of -5, -7 and +8 units", "lesions", set()),
        ("cytogenetics showed -5, -7 and +8", "lesions", {"-5", "-7", "+8"}),
        ("laser radiation of the retina", "therapies", set()),
        ("postoperative irradiation of patients", "therapies", {"radiotherapy"}),
        ("a platinum electrode", "therapies", set()),
        ("FLT3 ITD and FLT3/ITD", "lesions", {"FLT3-ITD"}),
        ("cytosine-arabinoside", "therapies", {"cytarabine"}),
    ],
)
def test_context_and_spelling_settle_what_is_meant(text, kind, expected):
    assert named(text, kind) == expected


# ---- names that are shared, and families ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IDH1/2 mutations", {"IDH1", "IDH2"}),
        ("TET1/2/3", {"TET1", "TET2", "TET3"}),
        ("DNMT3A/B", {"DNMT3A", "DNMT3B"}),
        ("N/KRAS", {"NRAS", "KRAS"}),
        ("N- and K-RAS", {"NRAS", "KRAS"}),
        ("IDH1/99 of patients", {"IDH1"}),
        ("CD34/38", {"CD34", "CD38"}),
        ("TP53 in 1/2 of patients", {"TP53"}),
    ],
)
def test_names_that_share_a_part(text, expected):
    assert named(text, "genes") == expected


def test_a_family_names_none_of_its_members():
    found = ANNOTATOR.concepts("RAS mutations and splicing factor mutations; cohesin genes")
    assert found == {"gene_families": {"RAS": 1, "cohesin": 1, "spliceosome": 1}}
    assert "gene_families" not in ANNOTATOR.concepts("the RAS of the kidney")


# ---- signs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "sign"),
    [
        ("CD34+ cells", 4, "+"), ("CD34- cells", 4, "-"), ("CD34-positive", 4, "+"), ("CD34 negative", 4, "-"),
        ("CD34high", 4, "+"), ("CD38low", 4, "low"), ("CD38dim cells", 4, "low"), ("CD38low/- cells", 4, "-"),
        ("CD34-CD38+", 4, "-"), ("CD33-directed", 4, ""), ("CD123-CAR", 5, ""), ("CD34 cells", 4, ""),
        ("CD34 lower", 4, ""), ("CD34highly", 4, ""),
    ],
)  # fmt: skip
def test_the_sign_of_a_marker(text, at, sign):
    assert signs.sign_at(fold(text), at)[0] == sign


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("CD34+CD38- cells", True), ("CD34+ CD38-", True), ("CD34+/CD38-", True), ("CD38-CD34+", True),
        ("CD34⁺CD38⁻", True), ("CD34(+)CD38(-)", True), ("CD34+CD38low/-", True), ("CD123+CD34+CD38-", True),
        ("CD34+CD38+", False), ("CD34-CD38-", False), ("CD34-CD38+", False), ("CD34+CD38low", False),
        ("CD34+ cells, then CD38- cells", False), ("CD34+", False), ("CD34+CD38- and CD34+CD38+", True),
    ],
)  # fmt: skip
def test_a_phenotype_is_its_signs_side_by_side(text, there):
    assert ("CD34+CD38- phenotype" in named(text, "markers")) is there


@given(st.permutations(["CD34+", "CD38-", "CD123+", "CD45RA+"]), st.sampled_from(["", " ", "/", ", "]))
@settings(max_examples=40, deadline=None)
def test_the_order_of_markers_does_not_matter(order, joint):
    found = named(joint.join(order), "markers")
    assert found == {"CD34", "CD38", "CD123", "CD45RA", "CD34+CD38- phenotype"}


# ---- denial and hedge ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("CD99 was dispensable for engraftment", "cd99", "denied"),
        ("FLT3 is largely dispensable", "flt3", "denied"),
        ("inhibition failed to deplete CD123 cells", "cd123", "denied"),
        ("blasts lacked surface CD47", "cd47", "denied"),
        ("TP53 mutations were not enriched at relapse", "tp53", "denied"),
        ("no expression of TIM-3 was seen", "tim-3", "denied"),
        ("CD70 was absent from normal stem cells", "cd70", "denied"),
        ("stem cells were devoid of CD33", "cd33", "denied"),
        ("self-renewal was independent of MEIS1", "meis1", "denied"),
        ("the drug spared CD34 cells", "cd34", "denied"),
        ("DNMT3A status had no prognostic value", "dnmt3a", "denied"),
        ("CD38 could not be detected", "cd38", "denied"),
        ("NPM1 was rarely mutated", "npm1", "hedged"),
        ("CD44 may be needed", "cd44", "hedged"),
        ("these data suggest that BCL2 protects stem cells", "bcl2", "hedged"),
        ("a putative role of EZH2", "ezh2", "hedged"),
        ("a part of RUNX1 cannot be excluded", "runx1", "hedged"),
        ("not only CD33 but also CD123 marked them", "cd33", "stated"),
        ("CD33 was lost, whereas CD123 remained", "cd123", "stated"),
        ("controls did not change, but KIT rose", "kit", "stated"),
        ("CD47 marked stem cells and blasts lacked CD70", "cd47", "stated"),
        ("CD47 marked stem cells", "cd47", "stated"),
        ("knocking out FLT3 killed stem cells; mice did not die", "flt3", "stated"),
    ],
)
def test_the_verbs_of_the_field_deny_and_hedge(text, word, expected):
    folded = fold(text)
    at = folded.index(word)
    assert assertion(folded, at, at + len(word)) == expected


def test_a_term_is_denied_where_no_place_states_it():
    text = "Stem cells lacked CD38 and expressed CD123. Blasts lacked CD123."
    assert ANNOTATOR.denied(text)["markers"] == {"CD38": 1}
    assert ANNOTATOR.denied("Blasts expressed CD123.") == {}


def test_a_draft_marks_what_the_abstract_denies():
    read = ("CD38 and CD123", "Stem cells lacked CD38 and expressed CD123.")
    _, text = drafting.draft(books.record("1"), {"markers": {"CD38": 1, "CD123": 1}}, "2026-01-01", "identity",
                             ANNOTATOR.denied(*read[1:]))  # fmt: skip
    assert "CD38 (under a denial), CD123" in text


# ---- laws ----------------------------------------------------------------------------------------------------------


SENTENCES = ("Stem cells of AML had TP53 mutations.", "Venetoclax (VEN) was given.", "VEN failed.", "CD34+CD38- cells rose.",
             "Marrow of MDS showed -7 in cytogenetics.", "IDH1/2 mutations were rare.")  # fmt: skip


def test_the_order_of_sentences_changes_no_term():
    chance = random.Random(5)
    expected = ANNOTATOR.concepts(" ".join(SENTENCES))
    for _ in range(20):
        mixed = chance.sample(SENTENCES, len(SENTENCES))
        assert ANNOTATOR.concepts(*mixed) == expected


@given(st.text(alphabet="CD34+-/() AMLaml7,.TP5xé∆", max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_and_each_place_lies_in_it(text):
    folded = fold(text)
    for mention in ANNOTATOR.mentions(text):
        assert 0 <= mention.start < mention.end <= len(folded)
        assert folded[mention.start : mention.end].replace(" ", "") != ""
        assert assertion(folded, mention.start, mention.end) in {"stated", "denied", "hedged"}


@pytest.mark.parametrize(
    "change",
    ["whole_text: [colours]\n", "colours: [red]\n"],
)
def test_a_context_of_no_kind_is_refused(tmp_path, change):
    folder = tmp_path / "vocabulary"
    shutil.copytree(paths.VOCABULARY, folder)
    lines = [line for line in (folder / "context.yaml").read_text().splitlines(keepends=True) if "whole_text:" not in line]
    (folder / "context.yaml").write_text("".join(lines) + change)
    with pytest.raises(VocabularyInvalid, match="no kind colours"):
        vocabulary.load(folder)


def test_the_digest_knows_every_rule_that_changes_what_is_found(tmp_path):
    folder = tmp_path / "vocabulary"
    shutil.copytree(paths.VOCABULARY, folder)
    before = Annotator(vocabulary.load(folder)).digest
    assert before == ANNOTATOR.digest
    file = folder / "therapies.yaml"
    file.write_text(file.read_text().replace("synonyms_if_defined:\n  - GO\n", "synonyms_in_context:\n  - GO\n"))
    vocabulary.load.cache_clear()
    assert Annotator(vocabulary.load(folder)).digest != before
