"""Changes of meaning that once went unnoticed, each with the test that sees it. No expectation comes from our code."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lscbook import corpus, vocabulary
from lscbook.evidence import check, ground, ground_denials, numerals, quantities, store
from lscbook.exports import linked
from lscbook.harvest import updating
from lscbook.pubmed.record import Notice, Record, describe_abstract
from lscbook.standing import standing_of
from lscbook.synthesis import counts, frames
from lscbook.vocabulary import fold
from lscbook.vocabulary.annotate import Annotator
from tests import books, spellings
from tests.entries import on_venetoclax

# ---- a *not* -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("the antibody did not deplete leukemic stem cells", "the antibody depleted leukemic stem cells"),
        ("no residual blasts were seen after venetoclax", "residual blasts were seen after venetoclax"),
        ("none of the relapsed clones carried the mutation", "the relapsed clones carried the mutation"),
        ("the mutation was never acquired at relapse", "the mutation was acquired at relapse"),
        ("neither antibody depleted stem cells", "both antibodies depleted stem cells"),
        ("such cells cannot engraft in mice", "such cells can engraft in mice"),
        ("patients lived longer without transplantation", "patients lived longer with transplantation"),
        ("the cells were unable to engraft in mice", "the cells engrafted in mice"),
        ("blasts lacked surface CD123 after treatment", "blasts had surface CD123 after treatment"),
        ("CD123 was absent from normal stem cells", "normal stem cells carried CD123"),
        ("the trial failed to prolong survival", "the trial drug prolonged survival"),
    ],
)
def test_every_word_of_denial_is_missed_where_the_claim_lost_it(sentence, claim):
    assert ground_denials.lost(claim, [sentence]) != ""
    assert ground_denials.lost(sentence, [sentence]) == ""


@pytest.mark.parametrize("word", ["not", "no", "never", "cannot", "nobody", "nothing", "neither"])
def test_every_denial_that_only_the_claim_has_is_told(word):
    said = f"the drug {word} cleared leukemic stem cells"
    assert ground_denials.added(said, ["the drug cleared leukemic stem cells"]) != ""
    assert ground_denials.added(said, ["the drug did not clear leukemic stem cells"]) == ""


# ---- figures -------------------------------------------------------------------------------------------------------


def unborne(claim, source):
    return [why for _, why in numerals.missing(numerals.figures(claim), numerals.figures(source))]


@pytest.mark.parametrize(
    ("claim", "source", "borne"),
    [
        # one of two figures alike bears it out: what the other says is no matter
        ("p<0.05", "p<0.05 in mice, and p>0.05 in people", True),
        ("p>0.05", "p<0.05 in mice, and p>0.05 in people", True),
        ("8 weeks", "8 weeks, and in others >8 weeks", True),
        ("p=0.05", "p<0.05 in mice, and p>0.05 in people", False),
        ("p = 0.05", "p < 0.05", False),
        ("p ≤ 0.05", "p < 0.05", False),
        ("less than 5 weeks", "fewer than 5 weeks", True),
        ("less than 5 weeks", "more than 5 weeks", False),
        ("at most 5 weeks", "at least 5 weeks", False),
        ("up to 5 weeks", "over 5 weeks", False),
        ("below 5 weeks", "5 weeks or less", True),
        ("5 weeks or longer", "at least 5 weeks", True),
        ("5 weeks or longer", "5 weeks or shorter", False),
        ("≥5 weeks", "at least 5 weeks", True),
        ("a change of -3", "a change of +3", False),
        ("a change of -3", "a change of -3, in others +3", True),
        ("a change of 3", "a change of -3", True),
    ],
)
def test_a_comparison_and_a_sign_are_held(claim, source, borne):
    assert (unborne(claim, source) == []) is borne


@pytest.mark.parametrize(
    "words",
    [
        "less than",
        "fewer than",
        "below",
        "under",
        "lower than",
        "at most",
        "up to",
        "no more than",
        "not more than",
        "no greater than",
        "not higher than",
    ],
)
def test_words_for_less(words):
    assert [f.comparison for f in numerals.figures(f"{words} 5 weeks")] == ["<"]


@pytest.mark.parametrize(
    "words",
    [
        "more than",
        "greater than",
        "over",
        "above",
        "higher than",
        "at least",
        "exceeding",
        "no less than",
        "not less than",
        "no fewer than",
        "not lower than",
    ],
)
def test_words_for_more(words):
    assert [f.comparison for f in numerals.figures(f"{words} 5 weeks")] == [">"]


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, "day"), (24, "hour")), ((1, "week"), (7, "day")), ((1, "year"), (12, "month")), ((1, "mg"), (1000, "µg")),
     ((1, "µg"), (1000, "ng")), ((1, "g"), (1000, "mg")), ((1, "kg"), (1000, "g")), ((1, "ml"), (1000, "µl")),
     ((1, "µM"), (1000, "nM")), ((1, "mM"), (1000, "µM")), ((1, "Gy"), (100, "cGy"))],
)  # fmt: skip
def test_units_are_of_the_size_that_the_world_gives_them(one, other):
    assert quantities.Quantity(Decimal(other[0]), other[1]) in quantities.elsewise(Decimal(one[0]), one[1])
    assert quantities.Quantity(Decimal(one[0]), one[1]) in quantities.elsewise(Decimal(other[0]), other[1])


@pytest.mark.parametrize(
    ("text", "unit"),
    [("5%", "%"), ("5 per cent", "%"), ("5 percentage points", "%"), ("5-fold", "fold"), ("5 times as many", "fold"),
     ("5 h", "hour"), ("5 hours", "hour"), ("5 days", "day"), ("5 wk", "week"), ("5 mos", "month"), ("5-year", "year"),
     ("5 ng", "ng"), ("5 μg", "µg"), ("5 mcg", "µg"), ("5 mg", "mg"), ("5 kg", "kg"), ("5 g/day", "g"), ("5 µL", "µl"),
     ("5 mL", "ml"), ("5 nM", "nM"), ("5 µM", "µM"), ("5 mM", "mM"), ("5 cGy", "cGy"), ("5 Gy", "Gy"), ("5 patients", "people"),
     ("5 women", "people"), ("5 evaluable AML patients", "people"), ("5 mice", "animals"), ("5 NSG mice", "animals"),
     ("5 of them", ""), ("5 genes", ""), ("5 in patients", "")],
)  # fmt: skip
def test_a_figure_has_the_unit_that_it_is_printed_with(text, unit):
    (figure,) = numerals.figures(text)
    assert (figure.value, figure.unit) == (5, unit)


# ---- grounding -----------------------------------------------------------------------------------------------------

TEXT = "We asked why. The drug was given to 12 people. None of them was harmed. It was a small trial."
ENTRY = on_venetoclax("A dozen took venetoclax.")


@pytest.fixture
def grounded(tmp_path):
    path = tmp_path / "unknown-2020-7.yaml"
    path.write_text(ENTRY)
    assert ground.write(path, store.parse(path), TEXT)
    return path


def held(text, *, at_hand=True):
    """Corpus and abstract of a machine that harvested this text."""
    record = Record("7", "Venetoclax in AML", date="2020", abstract=describe_abstract(text))
    return record, ground.Source(corpus.Corpus({"7": record}, {}), vocabulary.load(), {"7": text} if at_hand else {})


def test_another_abstract_is_told_with_and_without_it(grounded):
    changed = TEXT.replace("small", "large")  # not in the sentence that the finding points at
    for at_hand in (True, False):
        _, source = held(changed, at_hand=at_hand)
        told = [p.found for p in ground.check(store.parse(grounded), source).problems]
        assert any("another abstract" in found for found in told), told
    _, source = held(TEXT, at_hand=False)
    assert not any("another abstract" in p.found for p in ground.check(store.parse(grounded), source).problems)


def test_a_finding_follows_its_words_and_not_their_number(grounded):
    """A sentence came in before it: sentence 2 is another text now, and nobody may take it for the old one."""
    record, source = held("At first. " + TEXT)
    written, lost = ground.refresh(grounded, store.parse(grounded), record, source)
    assert (written, lost) == (True, [])
    assert store.parse(grounded).entry.findings[0].support.sentences == (3,)


def test_refresh_grounds_what_nobody_grounded_and_leaves_what_points_beyond(tmp_path):
    path = tmp_path / "unknown-2020-7.yaml"
    record, source = held(TEXT)
    path.write_text(ENTRY)
    assert ground.refresh(path, store.parse(path), record, source) == (True, [])
    assert store.parse(path).entry.findings[0].support.grounding.abstract == record.abstract["sha256"]
    assert ground.refresh(path, store.parse(path), record, source) == (False, [])
    path.write_text(ENTRY.replace("[2]", "[9]"))
    assert ground.refresh(path, store.parse(path), record, source) == (False, [])
    assert store.parse(path).entry.findings[0].support.grounding is None
    assert not ground.write(path, store.parse(path), TEXT)


def test_what_is_left_is_told_with_the_way_on(grounded):
    assert ground.left(store.parse(grounded), TEXT) == []
    (told,) = ground.left(store.parse(grounded), "Quite another text.")
    assert told.field == "findings[1].support.grounding"
    assert told.found == "grounded in another text than the abstract that is here now"
    assert told.remedy.startswith("run: python scripts/curate.py ground --refresh ")
    grounded.write_text(ENTRY)
    assert ground.left(store.parse(grounded), "Quite another text.") == []


def test_words_that_are_gone_are_left_to_a_person(grounded):
    before = grounded.read_text()
    record, source = held(TEXT.replace("12 people", "13 people"))
    written, lost = ground.refresh(grounded, store.parse(grounded), record, source)
    assert not written
    assert len(lost) == 1
    assert grounded.read_text() == before


def test_the_same_trial_counted_by_two_papers_is_told_until_a_note_says_so(tmp_path):
    records = {k: Record(k, f"Paper {k}", date="2020") for k in "78"}
    context = check.Context(corpus.Corpus(records, {}), vocabulary.load(), {}, ())

    def told(note="", other="NCT00000001", stage="phase 2"):
        for key, trial in (("7", "NCT00000001"), ("8", other)):
            text = ENTRY.replace("pmid: 7", f"pmid: {key}").replace("A dozen", f"In paper {key} a dozen")
            text = text.replace("    stage:", f"    cohort: [{trial}]\n    stage:").replace("phase 2", stage)
            text = text.replace("    support:", f"    note: {note}\n    support:") if note and key == "8" else text
            (tmp_path / f"unknown-2020-{key}.yaml").write_text(text)
        report = check.run([tmp_path], context=context)
        return [(p.path.rpartition("/")[2], p.severity) for p in report.problems if "also counted" in p.found]

    assert told() == [("unknown-2020-8.yaml", "warning")]
    assert told(note="Not the same patients.") == []
    assert told(other="NCT00000002") == []


# ---- standing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notices", "types", "state"),
    [
        # two reinstatements: the last one counts
        ([("ReinstatementIn", "2020"), ("RetractionIn", "2021"), ("ReinstatementIn", "2022")], (), "reinstated"),
        # retracted on the day of its reinstatement, and a reinstatement without a day: it stands
        ([("RetractionIn", "2021-05-01"), ("ReinstatementIn", "2021-05-01")], (), "reinstated"),
        ([("RetractionIn", "2021-05-02"), ("ReinstatementIn", "2021-05-01")], (), "retracted"),
        ([("RetractionIn", "2021-05-02"), ("ReinstatementIn", "")], (), "reinstated"),
        # a reinstatement undoes no correction
        ([("ErratumIn", "2020"), ("ReinstatementIn", "2021")], (), "corrected"),
        ([("ReinstatementIn", "2021")], ("Retracted Publication",), "reinstated"),
        ([], ("Retracted Publication",), "retracted"),
        # a preprint with a correction is first of all not peer-reviewed
        ([("ErratumIn", "2020")], ("Preprint",), "preprint"),
        ([("ExpressionOfConcernIn", "2020")], ("Preprint",), "expression of concern"),
        ([("UpdateIn", "2020"), ("ErratumIn", "2020")], (), "corrected"),
        ([("ExpressionOfConcernIn", ""), ("PartialRetractionIn", "")], (), "partly retracted"),
        ([("RetractedandRepublishedIn", "")], (), "retracted"),
        ([("CorrectedandRepublishedIn", "")], (), "corrected"),
        ([("CommentIn", "2020"), ("RetractionOf", "2020"), ("ErratumFor", "2020"), ("PublishedIn", "")], (), "stands"),
    ],
)
def test_what_a_paper_is_after_all_its_notices(notices, types, state):
    record = Record("1", "", types=types, standing=tuple(Notice(kind, date=day) for kind, day in notices))
    assert standing_of(record, {}).value == state
    elsewhere = {"1": {"notices": [{"type": kind, "date": day} for kind, day in notices]}}
    assert standing_of(replace(record, standing=()), elsewhere).value == state


# ---- corpus --------------------------------------------------------------------------------------------------------


def test_a_later_revision_and_an_abstract_decide_a_merge():
    new = Record("1", "new", revised="2021-01-01")
    assert corpus.merge({"1": new}, [replace(new, title="old", revised="2020-12-31")])["1"].title == "new"
    assert corpus.merge({"1": new}, [replace(new, title="newer", revised="2021-01-01")])["1"].title == "newer"
    listed = Record("1", "bare", origin="list", authors_complete=True)
    told = replace(listed, title="told", abstract=describe_abstract("A text."), authors_complete=False)
    assert corpus.merge({"1": told}, [listed])["1"].title == "told"
    assert corpus.merge({"1": listed}, [told])["1"].title == "told"


def test_a_shard_without_records_goes(tmp_path):
    old, new = Record("1", "A", date="2019"), Record("2", "B", date="2020")
    corpus.write(tmp_path, {"1": old, "2": new}, {"as_of": "2026"})
    assert corpus.write(tmp_path, {"2": new}, {"as_of": "2026"}) == ["2019.jsonl", "manifest.json"]
    assert [p.name for p in (tmp_path / "records").iterdir()] == ["2020.jsonl"]
    assert list(corpus.read(tmp_path).records) == ["2"]


class Asked:
    """A service that remembers what it was asked, and knows two PMIDs."""

    def __init__(self, count=2):
        self.count, self.windows = count, []

    def search(self, _term, *, retmax, window):
        self.windows.append((window, retmax))
        return {"count": self.count, "idlist": ["1", "2"]}


@pytest.mark.parametrize(
    ("as_of", "since", "low"),
    [("2026-11-24", None, "2026/10/25"), ("2026-11-24", date(2026, 1, 5), "2026/01/05"), ("", None, "1809/01/01"),
     ("2026", None, "2025/12/02")],
)  # fmt: skip
def test_revisions_are_asked_for_thirty_days_before_the_snapshot_or_since_the_day_given(as_of, since, low):
    known = corpus.Corpus({"7": Record("7", "A")}, {"as_of": as_of})
    service = Asked()
    assert updating._revised(service, "x", known, since, date(2026, 12, 1)) == {"1", "2"}
    assert [window for window, _ in service.windows] == [("mdat", low, "2026/12/01")]
    # more than one answer holds: all that is known is asked for again
    assert updating._revised(Asked(count=3), "x", known, since, date(2026, 12, 1)) == {"7"}


# ---- words ---------------------------------------------------------------------------------------------------------


def test_both_spellings_are_one_word():
    """The same table holds the browser to it: tests/test_questions.py."""
    for british, american in spellings.pairs():
        assert fold(british) == fold(american) == american.lower(), british


def test_what_no_briton_writes_otherwise_keeps_its_letters():
    assert {word: fold(word) for word in spellings.unspelt()} == {word: word.lower() for word in spellings.unspelt()}


def test_a_word_of_context_counts_within_its_sentence_only():
    """KIT is a gene beside *mutation*, and a box of reagents beside none."""
    annotator = Annotator(vocabulary.load())

    def named(text):
        return {mention.term.id for mention in annotator.mentions(text)}

    assert "KIT" in named("A mutation of KIT was found.")
    assert "KIT" in named("KIT had a mutation.")
    for end in ".;!?":
        assert "KIT" not in named(f"A mutation was found{end} The KIT came by mail.")
        assert "KIT" not in named(f"We used the KIT{end} A mutation was found.")
    assert "KIT" not in named("A mutation of kit was found.")


# ---- synthesis and exports -----------------------------------------------------------------------------------------


def two_sided():
    """A paper for and a newer one against the same, and a third that is older and for it."""
    made = []
    for key, direction, year in (("1", "supports", 2014), ("2", "does_not_support", 2020), ("3", "supports", 2010)):
        found = books.finding(
            1, "evolution", direction=direction, lesions=["+8"], order="early", level="B", note=f"Note {key}."
        )
        made.append((books.entry(key, [found]), replace(books.record(key), date=str(year))))
    return books.book(*made)


def test_against_is_never_counted_as_for():
    book = two_sided()
    numbers = book.numbers
    assert numbers["findings"] == numbers["findings.evolution"] == 3
    assert numbers["findings.supports"] == numbers["findings.evolution.supports"] == 2
    assert numbers["findings.does_not_support"] == numbers["findings.evolution.does_not_support"] == 1
    assert numbers["findings.target.supports"] == numbers["findings.target"] == 0
    table = frames.evolution(book.evidence).groupby(["lesion", "stage", "direction"]).size()
    assert table.to_dict() == {("+8", "early", "supports"): 2, ("+8", "early", "does_not_support"): 1}


def test_of_two_findings_alike_the_newer_stands_first():
    book = two_sided()
    assert [f.entry.pmid for f in counts.strongest_first(book.evidence.findings)] == ["2", "1", "3"]


def test_a_note_travels_with_its_finding_in_linked_data():
    graph = json.loads(linked.linked_data(two_sided(), []))["@graph"]
    claims = [node for part in graph for node in part.get("@graph", ()) if node.get("@type") == "Claim"]
    told = {p["name"]: p["value"] for p in claims[0]["additionalProperty"]}
    assert told["note"] == "Note 1."
    # the words of GA4GH VA-Spec
    assert [claim["va:direction"] for claim in claims] == ["supports", "disputes", "supports"]


@pytest.mark.parametrize(
    ("kind", "facts", "address"),
    [
        # each opens the page of that very thing in a browser; none is made from our table
        ("diseases", {"mondo": "MONDO:0018874"}, "http://purl.obolibrary.org/obo/MONDO_0018874"),
        ("genes", {"hgnc": "HGNC:11998"}, "https://identifiers.org/hgnc:11998"),
        ("therapies", {"chebi": "CHEBI:133021"}, "http://purl.obolibrary.org/obo/CHEBI_133021"),
        ("diseases", {"mesh": "D015470"}, "http://id.nlm.nih.gov/mesh/D015470"),
    ],
)
def test_a_term_leads_to_its_page_elsewhere(kind, facts, address):
    term = next(term for term in vocabulary.load() if term.kind == kind)
    assert linked._term(two_sided(), replace(term, facts=facts))["sameAs"] == [address]
