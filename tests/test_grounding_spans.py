"""Where findings stand: written once, compared always, moved only onto the same text; readings that lapse."""

import hashlib
import re

import pytest

from lscbook import corpus, text, vocabulary
from lscbook.evidence import check, ground, ground_refresh, ground_spans, reviewing, store, yaml_canonical
from lscbook.pubmed.record import Record, describe_abstract
from tests.entries import on_venetoclax

TEXT = (
    "We asked. Venetoclax was given to 34 patients with AML. Of them 12 had TP53 mutations. "
    "All of the patients were seen in one centre."
)
READER = "0000-0002-1825-0097"
ENTRY = on_venetoclax("Venetoclax was of use.")


@pytest.fixture
def path(tmp_path, monkeypatch):
    """An entry grounded in TEXT, with a ledger of readings of its own."""
    monkeypatch.setattr(reviewing, "FILE", tmp_path / "reviews.tsv")
    path = tmp_path / "entries" / "unknown-2020-7.yaml"
    path.parent.mkdir()
    path.write_text(ENTRY)
    assert ground.write(path, store.parse(path), TEXT)
    return path


def source(abstract, *, at_hand=True):
    """Corpus, vocabulary and abstract as a machine has them that harvested `abstract`."""
    known = corpus.Corpus({"7": record(abstract)}, {})
    return check.Context(known, vocabulary.load(), {"7": abstract} if at_hand else {})


def record(abstract):
    return Record("7", "Venetoclax in AML", date="2020", abstract=describe_abstract(abstract))


def told(path, context):
    return [str(p) for p in check.run([path], context=context).problems if p.severity == "error"]


def change(path, old, new):
    before = path.read_text()
    assert old in before
    path.write_text(before.replace(old, new))


def refresh(path, abstract):
    have = ground.Source(corpus.Corpus({"7": record(abstract)}, {}), vocabulary.load(), {"7": abstract})
    return ground.refresh(path, store.parse(path), record(abstract), have)


def test_what_was_grounded_passes_with_and_without_the_abstract(path):
    assert told(path, source(TEXT)) == []
    assert told(path, source(TEXT, at_hand=False)) == []
    assert f"by: {text.SPLITTER}" in path.read_text()


def test_an_older_grounding_that_does_not_say_who_split_is_compared_alike(path):
    path.write_text(re.sub(r", by: [^}]*", "", path.read_text()))
    assert told(path, source(TEXT)) == []
    change(path, "sentences: [2]", "sentences: [3]")
    assert told(path, source(TEXT))


@pytest.mark.parametrize("sentences", ["[4]", "[3]", "[2, 3]", "[1]"])
def test_other_sentences_than_those_that_were_grounded_are_told(path, sentences):
    change(path, "sentences: [2]", f"sentences: {sentences}")
    assert any("span" in line and "curate.py ground" in line for line in told(path, source(TEXT)))


@pytest.mark.parametrize(
    ("old", "new"),
    [("sentences: [2]", "sentences: [4, 1]"), ("sentences: [2]", "sentences: [1]"), ("sentences: [2]", "sentences: [4]"),
     ("[[10, 55]]", "[[0, 5]]"), ("[[10, 55]]", "[[10, 9999]]"), ("[[10, 55]]", "[[55, 10]]"), ("[[10, 55]]", "[]"),
     ("[[10, 55]]", "[[10, 55], [56, 86]]")],
)  # fmt: skip
def test_spans_that_cannot_be_those_of_the_sentences_are_told_without_the_abstract(path, old, new):
    assert "spans: [[10, 55]]" in path.read_text()
    change(path, old, new)
    assert any("span" in line for line in told(path, source(TEXT, at_hand=False)))


def test_a_forged_digest_is_told_where_the_abstract_is(path):
    path.write_text(re.sub(r"sha256: [0-9a-f]{16}", "sha256: 0123456789abcdef", path.read_text()))
    assert any("span and digest are not those of sentence 2" in line for line in told(path, source(TEXT)))


def test_a_grounding_without_sentences_is_refused(path):
    change(path, "sentences: [2]", "full_text: Figure 2")
    for context in (source(TEXT), source(TEXT, at_hand=False)):
        assert any("a grounding, and no sentences" in line for line in told(path, context))


def test_a_person_who_names_other_sentences_grounds_them_anew(path):
    change(path, "sentences: [2]", "sentences: [3]")
    assert ground.write(path, store.parse(path), TEXT)
    assert store.parse(path).entry.findings[0].support.grounding.spans == ((56, 86),)


@pytest.fixture
def joined(monkeypatch):
    """A splitter of another version, which ends no sentence after `asked`."""
    real = text.split_sentences

    def split(given):
        spans = real(given)
        return [(spans[0][0], spans[1][1]), *spans[2:]]

    for module in (ground, ground_spans, ground_refresh):
        monkeypatch.setattr(module, "split_sentences", split)
        if hasattr(module, "SPLITTER"):
            monkeypatch.setattr(module, "SPLITTER", "sentencex-99.0+1")


def test_another_splitter_is_told_and_not_followed_in_silence(path, joined):
    before = path.read_text()
    assert any("splits otherwise" in line and "--refresh" in line for line in told(path, source(TEXT)))
    assert not ground.write(path, store.parse(path), TEXT)
    assert path.read_text() == before
    assert ground.left(store.parse(path), TEXT)


def test_refresh_asks_a_person_where_no_sentence_of_the_new_splitter_has_the_text(path, joined):
    assert refresh(path, TEXT)[0] is False
    assert [p.field for p in refresh(path, TEXT)[1]] == ["findings[1].support"]


def test_refresh_follows_the_text_to_the_number_that_another_splitter_gives(path, joined):
    path.write_text(re.sub(r"      grounding: .*\n", "", path.read_text()).replace("[2]", "[3]"))
    item = store.parse(path)
    plain = item.node.plain()
    made = ground.anchor(item.entry.findings[0], TEXT, text.split_sentences(TEXT))
    plain["findings"][0]["support"]["grounding"] = made | {"by": text.SPLITTER}
    path.write_text(yaml_canonical.dump(plain))
    assert refresh(path, TEXT) == (True, [])
    assert store.parse(path).entry.findings[0].support.sentences == (2,)


def test_ground_alone_never_takes_another_abstract_for_the_one_that_was_read(path):
    before = path.read_text()
    other = "Quite another text. Nothing of it was seen. The study was withdrawn."
    assert not ground.write(path, store.parse(path), other)
    assert path.read_text() == before
    assert [p.field for p in ground.left(store.parse(path), other)] == ["findings[1].support.grounding"]
    assert any("another abstract than the one that was read" in line for line in told(path, source(other)))


@pytest.mark.parametrize(
    "other",
    ["A wholly other text. Nothing was found here. The trial was stopped. Nobody answered.",
     TEXT.replace("34", "43"), TEXT.replace("was given", "was not given")],
)  # fmt: skip
def test_refresh_leaves_another_text_to_a_person_whatever_the_claim_needs(path, other):
    before = path.read_text()
    written, lost = refresh(path, other)
    assert not written
    assert [p.field for p in lost] == ["findings[1].support"]
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("other", "sentences"),
    [("A first sentence is new. " + TEXT, (3,)), (TEXT.replace("We asked. ", ""), (1,)), (TEXT + " The end came.", (2,)),
     (TEXT.replace("34 patients", "34\u2009patients").replace("We asked", "We had asked"), (2,))],
)  # fmt: skip
def test_refresh_follows_the_very_text_to_where_it_moved(path, other, sentences):
    assert refresh(path, other) == (True, [])
    assert store.parse(path).entry.findings[0].support.sentences == sentences
    assert told(path, source(other)) == []
    assert refresh(path, other) == (False, [])


def test_refresh_finds_sentences_between_which_a_new_one_stands(path):
    change(path, "sentences: [2]", "sentences: [2, 3]")
    ground.write(path, store.parse(path), TEXT)
    assert refresh(path, TEXT.replace("Of them 12", "None was younger than 60. Of them 12")) == (True, [])
    assert store.parse(path).entry.findings[0].support.sentences == (2, 4)


def test_the_normaliser_gives_what_its_number_says():
    """Raise the number in `lscbook/text.py` when this text gets another normal form: stored digests are of it."""
    odd = "CD34⁺CD38− at 0·52, “p” < 10⁻⁵ in 1\u2009234 ﬁrst cells… CD123(+) H₂O ½"
    plain = 'CD34+CD38- at 0.52, "p" < 10^-5 in 1 234 first cells... CD123+ H2O 1\u20442'
    assert text.NORMALISER == 1
    assert text.digest(odd) == hashlib.sha256(plain.encode()).hexdigest()[:16]


# --- second readings -------------------------------------------------------------------------------


def review(path, verdict="agree", note=""):
    reviewing.record(path, reviewing.Reading("7/1", verdict, READER, "2026-11-25", note), reviewing.FILE)


def ledger(path):
    parsed = store.parse(path).entry
    return check.ledgers(store.Evidence({"7": parsed}, {"7": record(TEXT)}))[1]


def ours(path):
    """Problems of the ledger of this entry, not of those of the repository."""
    return [p for p in ledger(path) if "reviews.tsv" in p.path]


def test_a_reviewer_without_a_line_in_the_ledger_is_refused(path):
    change(path, "reviewers: []", f"reviewers: [{READER}]")
    assert any("has no line for it in data/reviews.tsv" in line for line in told(path, source(TEXT)))
    change(path, f"reviewers: [{READER}]", "reviewers: []")
    review(path)
    assert f"reviewers: [{READER}]" in path.read_text()
    assert told(path, source(TEXT)) == []


def test_an_entry_with_a_reviewer_has_no_finding_that_nobody_read(path):
    review(path)
    whole = path.read_text()
    path.write_text(whole + whole[whole.index("  - id: 1") :].replace("id: 1", "id: 2").replace("of use", "of no use"))
    assert any("nobody has read 7/2" in line for line in told(path, source(TEXT)))


@pytest.mark.parametrize(
    ("old", "new"), [("of use", "of no use"), ("direction: supports", "direction: does_not_support"),
                     ("diseases: [AML]", "diseases: [MDS]"), ("stage: phase 2", "stage: phase 3"),
                     ("sentences: [2]", "sentences: [3]")],
)  # fmt: skip
def test_a_reading_lapses_when_claim_or_fields_change(path, old, new):
    review(path)
    assert ours(path) == []
    entry = store.parse(path).entry
    before = store.Located(entry.findings[0], entry, record(TEXT))
    assert reviewing.rates([before], reviewing.read(reviewing.FILE))["findings.read_twice"] == 1
    change(path, old, new)
    assert [(p.field, "are not those that were read" in p.found) for p in ours(path)] == [("digest", True)]
    entry = store.parse(path).entry
    after = store.Located(entry.findings[0], entry, record(TEXT))
    assert reviewing.rates([after], reviewing.read(reviewing.FILE))["findings.read_twice"] == 0
    assert reviewing.sample([after], 1, 5, reviewing.read(reviewing.FILE)) == [after]


def test_a_note_or_a_new_grounding_lapses_no_reading(path):
    review(path)
    change(path, "    support:", "    note: >-\n      A doubt.\n    support:")
    path.write_text(re.sub(r", by: [^}]*", "", path.read_text()))
    assert ours(path) == []


def test_who_disagreed_stays_in_the_ledger_after_the_claim_was_mended(path):
    review(path, "disagree", "wrong arm")
    change(path, "of use", "of no use")
    assert ours(path) == []


def test_a_reading_that_does_not_say_what_was_read_is_refused(path):
    reviewing.FILE.write_text(f"finding\tverdict\treviewer\tdate\tnote\n7/1\tagree\t{READER}\t2026-11-25\t\n")
    assert [(p.field, p.found) for p in ours(path)] == [("digest", "no digest of it")]


def test_a_bad_line_hides_no_lapsed_reading(path):
    review(path)
    change(path, "of use", "of no use")
    with reviewing.FILE.open("a") as out:
        out.write("7/2\tperhaps\tnobody\tnever\t\t\n")
    assert {p.line for p in ours(path)} == {2, 3}


def test_a_reading_of_a_finding_that_the_entry_has_not_is_refused(path):
    with pytest.raises(store.EntryInvalid, match="7/9 is not in"):
        reviewing.record(path, reviewing.Reading("7/9", "agree", READER, "2026-11-25"), reviewing.FILE)
