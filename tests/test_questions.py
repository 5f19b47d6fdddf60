"""Real questions, and what each must give first: asked of the whole index, in the scripts that a browser runs."""

from collections import Counter

import pytest

from lscbook.site.browser.facets import in_order
from lscbook.site.search import names, tokens
from lscbook.synthesis import entities
from lscbook.vocabulary import spoken
from tests import questions, spellings
from tests.pages import open_page

ASKED = questions.questions()
APART = ["paediatric", "pediatric", "retracted", "curable", "CD4", "CD123", "FLT3", "venetoclax", "RAS under venetoclax"]
WORDS = ["del5q", "del(5q)", "AGILE", "NCT02997202", "RAS", "CD123", "IL3RA", "CD4", "Venclexta", "venetoclax"]
FAMILIES = ["RAS", "IDH", "spliceosome", "DTA", "cohesin"]
VIEWS = ["#gene=RAS", "#target=IL3RA", "#therapy=Xospata", "#lesion=del5q", "#target=no such thing"]
ODD = ["CD-123 in 10⁶ CD34⁺CD38− cells.", "p<0.05; a_b", "β-catenin (Wnt)", "therapies, classes and series of KRAS"]


@pytest.fixture(scope="module")
def told(book, tmp_path_factory):
    called = sorted({name for term in book.vocabulary for name in term.surface_forms})
    spelt = [*(word for pair in spellings.pairs() for word in pair), *spellings.unspelt()]
    texts = [*ODD, *spelt, *called, *[r.title for r in book.corpus.records.values()][:300]]
    asked = list(dict.fromkeys((*(q.text for q in ASKED), *APART, *(name for name, _ in last_authors(book)))))
    folder = tmp_path_factory.mktemp("asked")
    words = [*WORDS, *(family for family in FAMILIES if family not in WORDS)]
    answers = questions.ask(folder, book, [], questions=asked, texts=texts, words=words, views=VIEWS)
    rows = in_order(book)
    sought = {q: {rows[n].reference for n in found} for q, found in zip(words, answers["rows"], strict=True)}
    meant = {view: dict(found) for view, found in zip(VIEWS, answers["meant"], strict=True)}
    of = dict(zip(asked, answers["answers"], strict=True))
    return {"texts": texts, **answers, "of": of, "sought": sought, "meant": meant}


def test_there_are_enough_questions_and_each_is_asked_once():
    assert len(ASKED) >= 80
    assert Counter(q.set for q in ASKED)["2"] == 40
    assert len({(q.set, q.text) for q in ASKED}) == len(ASKED)


def test_each_question_gives_first_what_it_asks_for(told, evidence):
    """Without the prose, which only a built site has: what begins there is asked in the slow test below."""
    missed = {
        q.text: questions.first_of(told["of"][q.text])
        for q in ASKED
        if q.kind != "section" and not q.is_met_by(*questions.first_of(told["of"][q.text]), evidence)
    }
    assert missed == {q.text: missed.get(q.text) for q in ASKED if q.missed}
    assert not [q.text for q in ASKED if q.set == "1" and q.missed]


def test_both_spellings_are_cut_into_the_same_words_in_a_browser(told):
    """The table that holds Python to the rule (tests/test_meaning.py) holds `words.js` to it."""
    cut = dict(zip(told["texts"], told["tokens"], strict=True))
    assert [pair for pair in spellings.pairs() if cut[pair[0]] != cut[pair[1]]] == []
    assert [word for word in spellings.unspelt() if cut[word] != [word.lower()]] == []
    both = [told["of"][text] for text in ("paediatric", "pediatric")]
    assert both[0]["found"] == both[1]["found"] != {}


def test_a_slip_is_looked_for_only_where_the_word_itself_stands_nowhere(told):
    for question, never in (("retracted", "restricted"), ("curable", "durable")):
        found = told["of"][question]["found"]
        assert [cells for group in found.values() for cells in group if never in str(cells).lower()] == []
    assert told["of"]["is AML contagious"]["unheard"] == ["contagious"]


@pytest.mark.parametrize("question", ["CD123", "FLT3", "venetoclax", "RAS under venetoclax"])
def test_findings_come_strongest_first(told, question):
    """None of a higher level comes after one of a lower."""
    levels = [cells[2] or "Z" for cells in told["of"][question]["found"]["findings"]]
    assert len(levels) > 1
    assert levels == sorted(levels)


def test_a_name_is_no_other_that_begins_alike(told):
    assert told["of"]["CD4"]["found"]["entities"][0][1] == "CD4"
    assert not {"CD44", "CD47", "CD48"} & {cells[1] for cells in told["of"]["CD4"]["found"]["entities"]}


def test_words_and_forms_are_cut_alike_in_both_languages(told):
    assert told["tokens"] == [list(tokens.tokens(text)) for text in told["texts"]]
    assert told["forms"] == [tokens.form(text) for text in told["texts"]]


def last_authors(book):
    """The last author of some papers that name all, as one asks for a person, and the paper."""
    whole = [r for r in book.corpus.records.values() if r.authors_complete and len(r.authors) > 3 and r.pmid]
    return [(f"{r.authors[-1].family} {r.authors[-1].initials}", r.pmid) for r in whole[:12] if r.authors[-1].family]


def test_every_author_is_found_by_name_and_initials(told, book):
    for name, pmid in last_authors(book):
        assert pmid in {cells[3] for cells in told["of"][name]["found"]["papers"]}, name


# ---- the evidence browser ----


def naming(book, *terms):
    """The findings that name one of these terms in a field."""
    return {
        f.reference for f in book.evidence.findings
        if any(key in entities.terms_of(f.finding, book.vocabulary) for key in terms)
    }  # fmt: skip


def test_the_words_of_the_browser_know_the_same_names(told, book):
    sought = told["sought"]
    assert sought["del5q"] == sought["del(5q)"] >= naming(book, ("lesions", "del(5q)"))
    assert sought["IL3RA"] == sought["CD123"] >= naming(book, ("targets", "CD123"), ("markers", "CD123"))
    assert sought["Venclexta"] == sought["venetoclax"] >= naming(book, ("therapies", "venetoclax"))
    assert sought["RAS"] >= naming(book, ("genes", "NRAS"), ("genes", "KRAS"), ("genes", "PTPN11"))
    assert sought["AGILE"] == {f.reference for f in book.evidence.findings if f.record.doi == "10.1056/nejmoa2117344"}
    trial = {f.reference for f in book.evidence.findings if "NCT02997202" in f.finding.cohort}
    assert trial <= sought["NCT02997202"]
    assert not sought["CD4"] & (naming(book, ("targets", "CD47")) | naming(book, ("targets", "CD44")))


def test_the_words_of_the_browser_show_every_finding_of_a_family(told, book):
    """The page of a family leads there for all of them."""
    families = entities.gather(book.evidence, book.vocabulary)["families"]
    for family in FAMILIES:
        assert {f.reference for f in families[family].findings} <= told["sought"][family], family


def test_the_addresses_of_the_browser_know_them_too(told):
    assert told["meant"] == {
        "#gene=RAS": {"gene": ["NRAS", "KRAS", "PTPN11", "CBL", "NF1", "HRAS"]},
        "#target=IL3RA": {"target": ["CD123"]},
        "#therapy=Xospata": {"therapy": ["gilteritinib"]},
        "#lesion=del5q": {"lesion": ["del(5q)"]},
        "#target=no such thing": {},
    }


# ---- the data behind it ----


def test_each_trial_was_read_where_it_is_said_to_be(book):
    """Its name stands in a title, a claim, a note or a cohort of the book, or a page is given where it was read."""
    for trial in book.spoken.trials.values():
        records = [r for r in book.corpus.records.values() if {r.pmid, r.doi} & set(trial.papers)]
        assert len(records) == len(trial.papers), f"{trial.id}: a paper that the corpus lacks"
        findings = [f.finding for f in book.evidence.findings if {f.record.pmid, f.record.doi} & set(trial.papers)]
        read = [*(r.title for r in records), *(f"{f.claim} {f.cohort} {f.note}" for f in findings)]
        called = (trial.id, *trial.names)
        assert trial.page or any(name in text for name in called for text in read), trial.id
        if trial.registry:
            assert trial.page or any(trial.registry in text for text in read), f"{trial.id}: {trial.registry}"


def test_each_place_stands_in_the_book(book):
    root = questions.HERE.parent
    for place in book.spoken.places.values():
        page = place.page.partition("#")[0]
        assert (root / page).with_suffix(".md").exists(), place.page


def test_no_two_places_answer_to_one_name(book):
    owner = {}
    for place in book.spoken.places.values():
        for head in names.place_heads(place):
            assert owner.setdefault(head, place.id) == place.id, head


WRONG = {
    "names.yaml": ("- {kind: genes, id: NOPE, names: [x]}", "no 'NOPE' among genes"),
    "families.yaml": ("- {id: RAS, kind: genes, members: [NOPE]}", "no 'NOPE' among genes"),
    "trials.yaml": ("- {id: AGILE, registry: 12, papers: ['1']}", "registry: '12'"),
    "pages.yaml": ("- {id: Methods, page: https://example.org, about: x, names: []}", "page: 'https://example.org'"),
}


@pytest.mark.parametrize("file", WRONG)
def test_a_wrong_line_is_told_with_its_place(tmp_path, words, file):
    for name in WRONG:
        (tmp_path / name).write_text(WRONG[name][0] if name == file else "[]\n")
    with pytest.raises(spoken.VocabularyInvalid, match=f"{file}:1: .*{WRONG[file][1]}"):
        spoken.read(words, folder=tmp_path)


# ---- in a browser ----


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_each_question_gives_it_first_on_the_page(chromium, server, evidence):
    """Everything, prose too, as a reader sees it: the first link of the page."""
    missed = {}
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/search.html")
        field = page.locator("#search-page input")
        for question in ASKED:
            field.fill(question.text)
            page.wait_for_function(
                "q => document.querySelector('#search-page [data-part=status]').textContent.includes(`“${q}”`)",
                arg=question.text,
            )
            link = page.locator("[data-part=results] li a").first
            group = link.evaluate("a => a.closest('ol').className")
            told = link.inner_text() if question.kind == "thing" else link.get_attribute("href").removeprefix("./")
            if not question.is_met_by(group, told, evidence):
                missed[question.text] = (group, told)
        assert missed == {q.text: missed.get(q.text) for q in ASKED if q.missed}
        assert faults == []


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_the_anchor_of_each_place_is_on_its_page(built, book):
    for place in book.spoken.places.values():
        page, _, anchor = place.page.partition("#")
        if anchor and "=" not in anchor:
            assert f'id="{anchor}"' in (built / page).read_text("utf-8"), place.page
