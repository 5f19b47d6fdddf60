"""CIViC beside us: what is compared, what agrees, and that the table holds facts of its release and nothing more."""

import random

import pytest

from lscbook import vocabulary
from lscbook.corpus import Corpus
from lscbook.screening.ledger import LedgerInvalid
from lscbook.site.opened import Site
from lscbook.synthesis import neighbours
from lscbook.synthesis.neighbours import ABSENT, AGREES, DISAGREES, OTHER, UNCURATED, Item
from tests import books

WORDS = vocabulary.load()
AGAINST = {"direction": "does_not_support", "reason": "no effect shown"}


def item(number="1", pmid="1", **own):
    given = {"type": "Prognostic", "direction": "Supports", "significance": "Poor Outcome", "level": "B",
             "profile": "FLT3 ITD", "therapies": "", "disease": "Acute Myeloid Leukemia"}  # fmt: skip
    return Item(number, pmid, **given | own)


def verdicts(items, *findings, known=()):
    numbered = [f.model_copy(update={"id": str(n)}) for n, f in enumerate(findings, start=1)]
    pairs = [(books.entry("1", numbered), books.record("1"))] if findings else []
    made = books.book(*pairs)
    corpus = Corpus({**made.corpus.records, **{pmid: books.record(pmid) for pmid in known}}, {})
    return neighbours.compare(items, made.evidence, corpus, WORDS), made


def prognosis(**own):
    return books.finding(theme="surveillance", **{"genes": ["FLT3"], "end_point": "overall survival", **own})


def resistance(**own):
    return books.finding(theme="resistance", **{"genes": ["FLT3"], "escaped": ["quizartinib"], **own})


def efficacy(**own):
    return books.finding(theme="target", **{"target": "FLT3", "agents": ["gilteritinib"], **own})


RESISTS = {"type": "Predictive", "significance": "Resistance", "therapies": "Sorafenib,Quizartinib"}
RESPONDS = {"type": "Predictive", "significance": "Sensitivity/Response", "therapies": "Gilteritinib"}


@pytest.mark.parametrize(
    ("theirs", "ours", "verdict"),
    [
        ({}, prognosis(), AGREES),
        ({}, prognosis(**AGAINST), DISAGREES),
        ({"direction": "Does Not Support"}, prognosis(**AGAINST), AGREES),
        ({"direction": "Does Not Support"}, prognosis(), DISAGREES),
        ({}, prognosis(direction="inconclusive"), OTHER),
        ({"profile": "NPM1 MUTATION"}, prognosis(), OTHER),
        ({"profile": "PML::RARA Fusion AND FLT3 D835"}, prognosis(), AGREES),
        ({}, prognosis(end_point="detection"), OTHER),
        (RESISTS, resistance(), AGREES),
        (RESISTS, resistance(**AGAINST), DISAGREES),
        (RESISTS, resistance(escaped=["venetoclax"]), OTHER),
        (RESISTS, resistance(genes=["NRAS"]), OTHER),
        (RESISTS, resistance(genes=[]), AGREES),
        (RESPONDS, efficacy(), AGREES),
        (RESPONDS, efficacy(**AGAINST), DISAGREES),
        (RESPONDS, efficacy(aspect="expression", stage="expression", end_point=None), OTHER),
        (RESISTS, efficacy(), OTHER),
        ({"type": "Diagnostic", "significance": "Positive"}, prognosis(), OTHER),
    ],
)
def test_what_agrees_and_what_is_no_comparison(theirs, ours, verdict):
    (made,), _ = verdicts([item(**theirs)], ours)
    assert made.verdict == verdict
    assert [f.reference for f in made.findings] == ([] if verdict == OTHER else ["1/1"])


def test_one_finding_against_is_a_disagreement_and_the_order_of_input_does_not_matter():
    items = [item("1"), item("2", profile="WT1 Mutation"), item("3", "2"), item("4", "3")]
    ours = [prognosis(), prognosis(**AGAINST), resistance()]
    made, book = verdicts(items, *ours, known=["2"])
    assert [one.verdict for one in made] == [DISAGREES, OTHER, UNCURATED, ABSENT]
    assert neighbours.numbers(made) == {
        AGREES: (0, 0),
        DISAGREES: (1, 1),
        OTHER: (1, 1),
        UNCURATED: (1, 1),
        ABSENT: (1, 1),
    }
    assert [f.reference for f in neighbours.beyond(made, book.evidence)] == ["1/3"]
    random.Random(3).shuffle(items)
    again, _ = verdicts(items, *ours, known=["2"])
    assert again == made


def test_questions_that_both_answer_on_any_paper():
    items = [
        item("1", "50"),
        item("2", "51", direction="Does Not Support"),
        item("3", "52", **RESISTS),
        item("4", "53", **RESPONDS),
    ]
    ours = [prognosis(), prognosis(genes=["FLT3", "NPM1"]), resistance(**AGAINST), efficacy(direction="inconclusive")]
    _, made = verdicts([], *ours)
    found = neighbours.questions(items, made.evidence, WORDS)
    assert [(q.about, q.theirs, q.ours, q.opposite) for q in found] == [
        ("prognosis by FLT3", (1, 1), (2, 0), False),
        ("resistance to quizartinib", (1, 0), (0, 1), True),
    ]
    assert neighbours.questions(items[::-1], made.evidence, WORDS) == found


def test_the_committed_table_is_what_the_release_says(shared):
    assert list(neighbours.read()) == neighbours.from_release(shared / "civic" / "civic_aml_mds.tsv")


def test_no_statement_of_civic_is_here(shared):
    statements = [
        line.split("\t")[11] for line in (shared / "civic" / "civic_aml_mds.tsv").read_text().splitlines()[1:]
    ]
    table = neighbours.FILE.read_text("utf-8")
    assert len(statements) > 300
    assert [s for s in statements if s and s[:40] in table] == []


def test_a_line_that_breaks_the_rules_is_named(tmp_path):
    file = tmp_path / "civic.tsv"
    file.write_text(neighbours.LEDGER.text([item("7", level="F", profile="x" * 201)]))
    with pytest.raises(LedgerInvalid) as told:
        neighbours.read(file)
    assert [f.field for f in told.value.faults] == ["level", "profile"]


def test_what_is_no_release_is_refused(tmp_path):
    file = tmp_path / "other.tsv"
    file.write_text("a\tb\n1\t2\n")
    with pytest.raises(neighbours.ReleaseRefused, match="no column"):
        neighbours.from_release(file)


def test_the_page_links_each_item_and_finding():
    from lscbook.site.neighbours import beside_civic

    made = books.book((books.entry("1", [prognosis()]), books.record("1")), civic=(item("7"), item("8", "99")))
    page = beside_civic(Site(made))
    assert "1 item agrees" in page
    assert "https://civicdb.org/links/evidence_items/7" in page
    assert "evidence_items/8" not in page
    assert "papers/1.html#f-1-1" in page
