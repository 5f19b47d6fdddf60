"""Every abbreviation that the book uses is explained: found by a sweep, marked where it first stands, listed at the foot."""

import re

import pytest

from lscbook import addresses, vocabulary
from lscbook.errors import VocabularyInvalid
from lscbook.evidence import proposition
from lscbook.figures import telling
from lscbook.site import explaining
from lscbook.site.opened import Site
from lscbook.vocabulary import Word
from lscbook.vocabulary.abbreviations import Abbreviations, without
from tests import books

GLOSSARY = {
    "MRD": Word("MRD", "measurable residual disease", "What is left."),
    "CR": Word("CR", "complete remission", "", "clinic"),
    "CRi": Word("CRi", "complete remission, counts incomplete", "", "clinic"),
    "CD": Word("CD", "cluster of differentiation", "", "molecules", (), r"(?:CD\d+[a-z]*)+"),
    "7+3": Word("7+3", "induction", "", "clinic", ("3+7",)),
    "ctDNA": Word("ctDNA", "circulating tumour DNA", "", "clinic"),
    "level": Word("level", "CIViC evidence level", "A to E."),
}


@pytest.fixture(scope="module")
def small(words):
    return Abbreviations(GLOSSARY, words)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MRD by flow", ["MRD"]),
        ("CR or CRi in 59%", ["CR", "CRi"]),
        ("CR/CRi", ["CR", "CRi"]),
        ("MRD-positive and pre-MRD", ["MRD", "MRD"]),
        ("in CD34+CD38low/-CD123+ cells", ["CD", "CD", "CD"]),
        ("after 3+7, ctDNA", ["7+3", "ctDNA"]),
        ("CRS, ACR, MRDx and a level are others", []),
        ("MRDs", ["MRD"]),
        ("t-MN after AML", ["t-MN", "AML"]),
        ("HR-MDS", ["HR-MDS"]),
    ],
)
def test_short_forms_are_found_whole_and_in_compounds(small, text, found):
    assert [e.word.id for e in small.explained(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MRD and DNA by XYZQ-PCR", ["XYZQ", "PCR"]),
        ("anti-TIM-3 against TIM-3 and TP53-mutated AML", []),  # terms of the vocabulary, alone and in compounds
        ("IDH2 R140Q, DiNardo, phase III, NCT01234567", []),  # a change of an amino acid, a name, a number, a record
        ("(QQZ)", ["QQZ"]),
        ("CD34dimQQZ", ["CD34dimQQZ"]),
    ],
)
def test_what_nothing_explains_is_named(small, text, found):
    assert small.unknown(text) == found


def test_no_claim_no_field_and_no_definition_has_an_abbreviation_that_nothing_explains(book):
    known = Abbreviations(book.glossary, book.vocabulary)
    said: dict[str, str] = {}
    for located in book.evidence.findings:
        f = located.finding
        fields = [word for _, _, words in telling.details(located) for word in words]
        said[located.reference] = "\n".join(
            [f.claim, f.note or "", proposition.of(f, book.vocabulary) or "", *fields, *f.cohort]
        )
    said |= {f"{t.kind}/{t.id}": str(t.facts.get("definition", "")) for t in book.vocabulary}
    unknown = {place: found for place, text in said.items() if (found := known.unknown(text))}
    assert not unknown, "add them to data/vocabulary/abbreviations.yaml"


def test_a_page_marks_the_first_and_lists_all(words):
    site = Site(books.book())
    macros = site.html.macros("citations.html")
    known = Abbreviations({**GLOSSARY, "X": Word("XQ", '"><b>', "", "clinic")}, words)
    page = (
        '<main id="main"><h1>MRD and XQ</h1><p class="authors">Lin CR</p><p>MRD, <a href="x">CRi</a>, MRD &amp; <code>CR</code>'
        '</p><span class="card-of" id="c">ctDNA</span></main><footer>CR</footer>'
    )
    made = explaining.explain(page, known, macros, "after 7+3")
    assert made.count("<abbr") == 1
    assert '<p><abbr title="measurable residual disease">MRD</abbr>, <a href="x">CRi</a>, MRD &amp;' in made
    foot = made[made.index('<details class="abbreviations">') : made.index("</main>")]
    assert re.findall(r"<dt><a[^>]*>([^<]+)", foot) == ["7+3", "CRi", "MRD", "XQ"]
    assert "<b>" not in foot
    assert made.endswith("</main><footer>CR</footer>")
    assert explaining.prose(made) == "MRD and XQ MRD, CRi , MRD & Abbreviations on this page (4)"


def test_a_page_without_text_of_the_book_stays_as_it_is(words):
    macros = Site(books.book()).html.macros("citations.html")
    moved = "<html><body><main><h1>MRD</h1></main></body></html>"
    assert explaining.explain(moved, Abbreviations(GLOSSARY, words), macros) == moved


def test_each_word_has_an_address_of_its_own(book):
    known = Abbreviations(book.glossary, book.vocabulary)
    slugs = [addresses.slug(word) for word in {**book.glossary, **known.words}]
    assert len(slugs) == len(set(slugs))
    assert all(slugs)


@pytest.mark.parametrize(
    "line", ["- {id: A}", "- {id: A, name: b, group: none}", "- {id: A, name: b, group: clinic, pattern: '('}"]
)
def test_an_abbreviation_needs_long_form_and_group(tmp_path, line):
    (tmp_path / "glossary.yaml").write_text("- {id: LSC, meaning: a cell}\n")
    (tmp_path / "abbreviations.yaml").write_text(f"{line}\n")
    with pytest.raises(VocabularyInvalid, match=r"abbreviations.yaml:1: "):
        vocabulary.glossary(tmp_path)


def test_one_id_stands_in_one_file(tmp_path):
    (tmp_path / "glossary.yaml").write_text("- {id: LSC, meaning: a cell}\n")
    (tmp_path / "abbreviations.yaml").write_text("- {id: LSC, name: b, group: cells}\n")
    with pytest.raises(VocabularyInvalid, match="twice"):
        vocabulary.glossary(tmp_path)


@pytest.mark.slow
def test_no_built_page_has_an_abbreviation_that_nothing_explains(built, book):
    """All text of all pages; titles, journals and official names are others' words."""
    known = Abbreviations(book.glossary, book.vocabulary)
    titles = {t for r in book.corpus.records.values() for t in (r.title, r.title.rstrip("."), r.journal) if t}
    names = {form for t in book.vocabulary for form in t.surface_forms if len(form) > 5}
    codes = {
        f"{label}: {t.facts[key]}"
        for t in book.vocabulary
        for key, label in (("oncotree", "OncoTree"),)
        if key in t.facts
    }
    unknown = {}
    for page in sorted(built.glob("*/*.html")):
        said = explaining.prose(page.read_text(encoding="utf-8"))
        said = re.sub(r"“[^”]*”", " ", said)  # a paper without authors is cited by the beginning of its title
        if known.unknown(said):  # most pages have none, titles or not
            found = known.unknown(without(said, {*titles, *names, *codes}))
            if found:
                unknown[page.relative_to(built).as_posix()] = found
    assert not unknown, "add them to data/vocabulary/abbreviations.yaml"
