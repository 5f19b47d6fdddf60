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


# ---- a release, and the rules of the table ---------------------------------------------------------------------------

RELEASE = {
    "evidence_id": "9", "citation_id": "123", "source_type": "PubMed", "evidence_status": "accepted", "evidence_type": "Predictive",
    "evidence_direction": "Supports", "significance": "Resistance", "evidence_level": "B", "molecular_profile": "FLT3 ITD",
    "therapies": "Quizartinib", "disease": "Acute Myeloid Leukemia", "statement": "A sentence of theirs.",
}  # fmt: skip


def released(tmp_path, *rows, without=()):
    names = [name for name in RELEASE if name not in without]
    lines = ["\t".join(names), *("\t".join({**RELEASE, **row}[name] for name in names) for row in rows)]
    file = tmp_path / "release.tsv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return neighbours.from_release(file)


def test_of_a_release_the_accepted_items_on_pubmed_are_read_by_number(tmp_path):
    found = released(
        tmp_path, {"evidence_id": "10"}, {"evidence_id": "9"}, {"evidence_id": "8", "source_type": "ASCO"},
        {"evidence_id": "7", "evidence_status": "submitted"},
    )  # fmt: skip
    assert [i.civic_id for i in found] == ["9", "10"]
    assert found[0] == Item(
        "9", "123", "Predictive", "Supports", "Resistance", "B", "FLT3 ITD", "Quizartinib", "Acute Myeloid Leukemia"
    )
    assert found[0].address == "https://civicdb.org/links/evidence_items/9"


@pytest.mark.parametrize("column", [name for name in RELEASE if name != "statement"])
def test_a_release_without_a_column_that_is_read_is_refused_and_the_column_named(tmp_path, column):
    with pytest.raises(neighbours.ReleaseRefused, match=rf"no column {column}; give a release"):
        released(tmp_path, {}, without=(column,))
    with pytest.raises(
        neighbours.ReleaseRefused, match=rf"no column disease, {column}" if column > "disease" else "no column"
    ):
        released(tmp_path, {}, without=("disease", column))
    assert released(tmp_path, {}, without=("statement",))


def test_an_empty_file_is_no_release(tmp_path):
    (tmp_path / "empty.tsv").write_text("")
    with pytest.raises(
        neighbours.ReleaseRefused, match=r"no column citation_id, disease, .*give a release of evidence items"
    ):
        neighbours.from_release(tmp_path / "empty.tsv")


@pytest.mark.parametrize(
    ("own", "fields"),
    [
        ({}, []), ({"profile": "x" * 200}, []), ({"profile": "x" * 201}, ["profile"]), ({"therapies": "x" * 201}, ["therapies"]),
        ({"disease": "x" * 201}, ["disease"]), ({"significance": "x" * 201}, ["significance"]), ({"type": "Functional"}, ["type"]),
        ({"type": "Diagnostic"}, []), ({"type": "Oncogenic"}, []), ({"type": "Predisposing"}, []), ({"type": "Predictive"}, []),
        ({"direction": "Supported"}, ["direction"]), ({"direction": "Does Not Support"}, []), ({"level": "A"}, []), ({"level": "E"}, []),
        ({"level": "F"}, ["level"]), ({"level": "C"}, []), ({"level": "D"}, []),
    ],
)  # fmt: skip
def test_each_field_of_the_table_has_its_rule(tmp_path, own, fields):
    file = tmp_path / "civic.tsv"
    file.write_text(neighbours.LEDGER.text([item("7", **own)]), encoding="utf-8")
    if not fields:
        assert neighbours.read(file) == (item("7", **own),)
        return
    with pytest.raises(LedgerInvalid) as told:
        neighbours.read(file)
    assert [f.field for f in told.value.faults] == fields


@pytest.mark.parametrize(("number", "pmid", "fields"), [("0", "1", ["civic_id"]), ("x", "1", ["civic_id"]), ("12345678", "1", ["civic_id"]), ("1234567", "1", []),
                                                        ("7", "a", ["pmid"]), ("7", "", ["pmid"]), ("7", "38364112", [])])  # fmt: skip
def test_numbers_are_numbers(number, pmid, fields):
    assert [field for field, _, _ in neighbours._rules(item(number, pmid))] == fields


def test_without_a_table_there_is_nothing_to_compare(tmp_path):
    assert neighbours.read(tmp_path / "none.tsv") == ()


# ---- what answers what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "genes"),
    [("FLT3 ITD", {"FLT3"}), ("FLT3 ITD AND NPM1 Mutation", {"FLT3", "NPM1"}), ("FLT3 ITD OR (NRAS G12D AND NOT TP53 R175H)", {"FLT3", "NRAS", "TP53"}),
     ("BCR::ABL1 Fusion", {"BCR", "ABL1"}), ("v::KMT2A Fusion", {"KMT2A"}), ("", set())],
)  # fmt: skip
def test_the_genes_of_a_molecular_profile(profile, genes):
    assert neighbours.genes_of(profile) >= genes
    assert not neighbours.genes_of(profile) & {"v", "", "AND", "OR", "ITD"}


def position(question="response", genes=(), therapies=(), says=True):
    return neighbours.Position(question, frozenset(genes), frozenset(therapies), says)


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (position("prognosis", ["A"]), position("prognosis", ["A", "B"]), True),
        (position("prognosis", ["A"]), position("prognosis", ["B"]), False),
        (position("prognosis"), position("prognosis"), False),
        (position("response", ["A"], ["x"]), position("resistance", ["A"], ["x"]), False),
        (position("response", ["A"], ["x"]), position("response", ["A"], ["x", "y"], says=False), True),
        (position("response", ["A"], ["x"]), position("response", ["B"], ["x"]), False),
        (position("response", [], ["x"]), position("response", ["B"], ["x"]), True),
        (position("response", ["A"], []), position("response", ["A"], []), False),
        (position("response", ["A"], ["x"]), position("response", ["A"], ["y"]), False),
    ],
)
def test_two_positions_meet_in_gene_and_therapy_whichever_asks(one, other, meets):
    assert one.meets(other) is meets
    assert other.meets(one) is meets


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, position("prognosis", ["FLT3"])),
        ({"direction": "Does Not Support"}, position("prognosis", ["FLT3"], says=False)),
        ({"type": "Predictive", "significance": "Resistance", "therapies": "Ara-C , Venetoclax"}, position("resistance", ["FLT3"], ["ara-c", "venetoclax"])),
        ({"type": "Predictive", "significance": "Sensitivity/Response"}, position("response", ["FLT3"])),
        ({"type": "Predictive", "significance": "Adverse Response"}, None),
        ({"type": "Diagnostic"}, None), ({"type": "Oncogenic"}, None), ({"type": "Predisposing"}, None),
    ],
)  # fmt: skip
def test_what_an_item_of_theirs_answers(own, expected):
    assert neighbours.of_item(item(**own)) == expected


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (prognosis(), [position("prognosis", ["FLT3"])]),
        (prognosis(**AGAINST), [position("prognosis", ["FLT3"], says=False)]),
        (prognosis(end_point="detection"), []),
        (prognosis(end_point="response to therapy"), []),
        (prognosis(contrast={"kind": "treatment by test", "of": "treated", "against": "not"}), []),
        (prognosis(contrast={"kind": "per unit", "of": "log"}), []),
        (resistance(), [position("resistance", ["FLT3"], ["quizartinib"])]),
        (efficacy(), [position("response", ["FLT3"], ["gilteritinib"])]),
        (efficacy(aspect="safety", end_point=None), []),
        (efficacy(target="CD123", agents=["tagraxofusp"]), [position("response", ["IL3RA"], ["tagraxofusp"])]),
        (prognosis(genes=[], markers=["CD123"]), [position("prognosis", ["IL3RA"])]),
        (prognosis(direction="inconclusive"), []),
        (books.finding(), []),
    ],
)
def test_what_a_finding_of_ours_answers(finding, expected):
    assert list(neighbours.of_finding(finding, WORDS)) == expected


@pytest.mark.parametrize(
    ("theirs", "ours", "opposite"),
    [((1, 0), (0, 1), True), ((0, 2), (3, 0), True), ((1, 0), (1, 0), False), ((0, 1), (0, 1), False), ((1, 1), (0, 1), False), ((1, 0), (1, 1), False)],
)  # fmt: skip
def test_opposite_is_all_of_one_side_yes_and_all_of_the_other_no(theirs, ours, opposite):
    assert neighbours.Question("x", theirs, ours).opposite is opposite
    assert neighbours.Question("x", ours, theirs).opposite is opposite


def test_beyond_are_our_findings_of_shared_papers_to_which_no_item_answers():
    pairs = [
        (
            books.entry("1", [prognosis(), books.finding(2), books.finding(3, role="context", lesions=[])]),
            books.record("1"),
        ),
        (books.entry("2", [prognosis()]), books.record("2")),
    ]
    made = books.book(*pairs)
    compared = neighbours.compare([item("7", "1"), item("8", "9")], made.evidence, made.corpus, WORDS)
    assert [one.verdict for one in compared] == [AGREES, ABSENT]
    assert [f.reference for f in neighbours.beyond(compared, made.evidence)] == ["1/2"]


def test_verdicts_are_counted_by_item_and_by_paper():
    made, _ = verdicts([item("1"), item("2"), item("3", "5"), item("4", "5")], prognosis())
    assert neighbours.numbers(made) == {
        AGREES: (2, 1),
        DISAGREES: (0, 0),
        OTHER: (0, 0),
        UNCURATED: (0, 0),
        ABSENT: (2, 1),
    }


def test_items_stand_by_paper_and_number_as_numbers():
    made, _ = verdicts([item("10", "2"), item("9", "2"), item("11", "10"), item("12", "1")])
    assert [(one.item.pmid, one.item.civic_id) for one in made] == [("1", "12"), ("2", "9"), ("2", "10"), ("10", "11")]
