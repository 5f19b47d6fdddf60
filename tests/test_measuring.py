"""How annotation is measured: counts with a known answer, intervals of a textbook, and sources that are read as they are."""

import importlib.util
import random
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lscbook import paths, vocabulary
from lscbook.synthesis.neighbours import Item
from lscbook.vocabulary.measuring import LEAST, Judgement, rate, score
from tests.records import article, zipped

WORDS = vocabulary.load()


@pytest.fixture(scope="module")
def sources():
    spec = importlib.util.spec_from_file_location("annotation_sources", paths.ROOT / "benchmarks/annotation_sources.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


TERMS = st.frozensets(st.sampled_from("abcdef"))
JUDGED = st.builds(lambda names, may: Judgement(names, may - names), TERMS, TERMS)


def test_the_interval_is_wilsons():
    found = rate(81, 263)
    z, p, n = norm.ppf(0.975), 81 / 263, 263
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    assert found.low == pytest.approx((centre - half) / (1 + z * z / n), abs=6e-4)
    assert found.high == pytest.approx((centre + half) / (1 + z * z / n), abs=6e-4)


def test_of_too_few_cases_no_rate_is_given():
    assert rate(LEAST - 1, LEAST - 1) is None
    assert rate(LEAST, LEAST).high == 1


def test_a_known_answer():
    told = {"1": Judgement(frozenset("ab")), "2": Judgement(frozenset("a"), frozenset("b")), "3": Judgement()}
    made = score(told, {"1": "ac", "2": "b", "3": "bz", "9": "a"}, frozenset("abc"))
    assert made.right == {("1", "a")}
    assert made.missed == {("1", "b"), ("2", "a")}
    assert made.wrong == {("1", "c"), ("3", "b")}
    assert made.documents == 3


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from("12345678"), st.tuples(JUDGED, TERMS)), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_each_pair_counts_once(documents, chance):
    judged = frozenset("abcd")
    order = list(documents)
    chance.shuffle(order)
    one = score({k: v[0] for k, v in documents.items()}, {k: v[1] for k, v in documents.items()}, judged)
    other = score({k: documents[k][0] for k in order}, {k: documents[k][1] for k in order}, judged)
    assert (one.right, one.missed, one.wrong) == (other.right, other.missed, other.wrong)
    assert len(one.right) + len(one.missed) + len(one.wrong) == len(one.right | one.missed | one.wrong)
    assert {term for _, term in one.right | one.missed | one.wrong} <= judged
    named = {(k, t) for k, (told, _) in documents.items() for t in told.names & judged}
    assert one.right | one.missed == named


HEADED = (
    "<MeshHeadingList><MeshHeading><DescriptorName UI='D015470'>{}</DescriptorName></MeshHeading></MeshHeadingList>"
    "<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber>"
    "<NameOfSubstance UI='D003561'>Cytarabine</NameOfSubstance></Chemical></ChemicalList>"
)
TEXT = "<Abstract><AbstractText>A drug was given.</AbstractText></Abstract>"


def test_headings_and_substances_of_a_record_are_its_judgement(sources, tmp_path):
    rows = sources.table(paths.ROOT / "benchmarks/annotation_gold.tsv", WORDS)
    file = zipped(
        tmp_path / "a.xml.gz",
        article("1", inner=HEADED.format("Leukemia, Myeloid, Acute"), article_inner=TEXT),
        article("2", article_inner=TEXT),
    )
    source = sources.from_mesh([file], rows)
    assert list(source.texts) == ["1"]  # nobody says what the second is about
    assert source.judgements["diseases"]["1"].names == {"AML"}
    assert source.judgements["therapies"]["1"].names == {"cytarabine"}
    assert "AML" in source.judged["diseases"]
    odd = zipped(tmp_path / "b.xml.gz", article("3", inner=HEADED.format("Another name"), article_inner=TEXT))
    with pytest.raises(sources.GoldRefused, match="PMID 3: D015470 is 'Another name'"):
        sources.from_mesh([odd], rows)


def test_a_row_of_no_term_is_refused(sources, tmp_path):
    file = tmp_path / "gold.tsv"
    file.write_text("source\tcode\tname\tuse\tkind\tids\nmesh\tD1\tX\tnames\tgenes\tNOSUCH\n")
    with pytest.raises(sources.GoldRefused, match="X: use 'names'"):
        sources.table(file, WORDS)


def test_the_columns_of_an_item_are_its_judgement(sources):
    rows = sources.table(paths.ROOT / "benchmarks/annotation_gold.tsv", WORDS)
    items = [
        Item("1", "10", "Predictive", "Supports", "Resistance", "B", "FLT3 ITD AND FLT3 D835Y", "Quizartinib,Nosuch",
             "Acute Myeloid Leukemia With T(8;21)"),
        Item("2", "10", "Prognostic", "Supports", "Poor Outcome", "B", "PML::RARA Fusion", "", "Acute Promyelocytic Leukemia"),
    ]  # fmt: skip
    random.Random(1).shuffle(items)
    source = sources.from_civic("x", items, {"10": "text"}, rows, WORDS, by_pmid=True)
    of = {kind: set(source.judgements[kind]["10"].names) for kind in sources.KINDS}
    assert of == {"genes": {"FLT3"}, "therapies": {"quizartinib"}, "diseases": {"AML", "APL"},
                  "lesions": {"FLT3-ITD", "t(15;17)"}}  # fmt: skip
    assert source.unknown == {"therapies/Nosuch": 1}
