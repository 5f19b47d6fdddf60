import shutil

import pytest

from lscbook import paths, vocabulary
from lscbook.errors import VocabularyInvalid
from lscbook.vocabulary.annotate import Annotator


@pytest.fixture(scope="module")
def annotator():
    return Annotator(vocabulary.load())


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("CD34+ cells", "markers", {"CD34"}),
        ("CD33⁻CD123⁺ blasts", "markers", {"CD33", "CD123"}),
        ("mutated TP53 and DNMT3A", "genes", {"TP53", "DNMT3A"}),
        ("Ara-C", "therapies", {"cytarabine"}),
        ("isolated del(5q)", "lesions", {"del(5q)"}),
        ("karyotype -7, +8", "lesions", {"-7", "+8"}),
        ("monosomy 7", "lesions", {"-7"}),
        ("fell by 5 -7 points", "lesions", set()),
        ("day -7 %", "lesions", set()),
        ("acute myeloid leukaemia", "diseases", {"AML"}),
        ("acute myeloid leukemia", "diseases", {"AML"}),
        ("KIT mutations", "genes", {"KIT"}),
        ("a sequencing kit for mutations", "genes", set()),
        ("MAX WIDTH of the vessel", "genes", set()),
        ("AML1 gene fusion", "genes", {"RUNX1"}),
        ("the CAT scan", "genes", set()),
        ("CD331 is another", "markers", set()),
    ],
)
def test_terms_are_found(annotator, text, kind, expected):
    assert set(annotator.concepts(text).get(kind, {})) == expected


def test_the_longest_form_wins(annotator):
    assert set(annotator.concepts("FLT3-ITD")["lesions"]) == {"FLT3-ITD"}
    assert "genes" not in annotator.concepts("FLT3-ITD")


def broken(tmp_path, change):
    folder = tmp_path / "vocabulary"
    shutil.copytree(paths.VOCABULARY, folder)
    change(folder)
    return folder


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("- id: TP53\n", "the id 'TP53' twice"),
        ("- id: NEW1\n  synonyms: [TP53]\n", "names both"),
        ("- id: NEW1\n  colour: red\n", "unknown key colour"),
        ("- name: nameless\n", "without id"),
    ],
)
def test_a_faulty_vocabulary_is_refused(tmp_path, addition, message):
    def change(folder):
        with (folder / "genes.yaml").open("a") as out:
            out.write(addition)

    with pytest.raises(VocabularyInvalid, match=message):
        vocabulary.load(broken(tmp_path, change))


def test_a_term_cannot_name_a_gene_that_is_not_there(tmp_path):
    def change(folder):
        with (folder / "targets.yaml").open("a") as out:
            out.write("- id: nothing\n  gene: NOSUCH9\n")

    with pytest.raises(VocabularyInvalid, match="no gene 'NOSUCH9'"):
        vocabulary.load(broken(tmp_path, change))


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("- {id: RAS, kind: genes, members: [NRAS]}\n", "the id 'RAS' twice"),
        ("- {id: new, kind: genes, members: []}\n", "no member"),
        ("- {id: new, kind: genes}\n", "needs id, kind, members"),
        ("- {id: new, kind: genes, members: [NRAS], colour: red}\n", "and nothing else"),
        ("- {id: new, kind: genes, members: [NOSUCH9]}\n", "no gene 'NOSUCH9'"),
        ("- {id: new, kind: therapies, members: [venetoclax], in_texts: [x]}\n", "families of genes alone"),
    ],
)
def test_a_faulty_family_is_refused_with_its_place(tmp_path, addition, message):
    def change(folder):
        with (folder / "families.yaml").open("a") as out:
            out.write(addition)

    with pytest.raises(VocabularyInvalid, match=f"families.yaml.*{message}"):
        vocabulary.load(broken(tmp_path, change))


def test_a_family_of_genes_has_a_page_and_one_that_texts_name_is_annotated():
    """DTA is a word of trials and no name in a text that means the genes alone; therapies of a class have their class."""
    known = vocabulary.load()
    pages, named = known.terms["families"], known.terms["gene_families"]
    assert {"RAS", "IDH", "DTA", "spliceosome", "cohesin"} <= set(pages)
    assert set(named) < set(pages)
    assert "DTA" not in named
    assert "CAR T cells" not in pages
    assert set(pages["RAS"].surface_forms) > set(named["RAS"].surface_forms) - {""}


def test_a_mistyped_word_gets_a_suggestion():
    known = vocabulary.load()
    assert known.suggest(("therapies",), "Ara-C") == ["cytarabine"]
    assert "venetoclax" in known.suggest(("therapies",), "venetoklax")


def test_the_glossary_reads_and_refuses_a_word_without_meaning(tmp_path):
    assert {"LSC", "HSC", "MRD", "VAF"} <= set(vocabulary.glossary())
    (tmp_path / "glossary.yaml").write_text("- id: LSC\n")
    with pytest.raises(VocabularyInvalid, match="needs id and meaning"):
        vocabulary.glossary(tmp_path)
