"""Every message of the check, whole: where, what was found, what to do, how grave. A contributor has nothing else."""

from dataclasses import replace

import pytest

from lscbook import corpus, screening, vocabulary
from lscbook.errors import EntryInvalid
from lscbook.evidence import blind_reading, check, check_ledgers, ground, prose, reviewing, store
from lscbook.evidence.check_report import Report, as_json, github_line
from lscbook.evidence.store import Problem
from lscbook.pubmed.record import Author, Record, describe_abstract
from lscbook.screening import Search
from tests import books
from tests.entries import HEAD, on_venetoclax

TEXT = "We asked why. The drug venetoclax was given to 12 people with AML. None of them was harmed. It was small."
ENTRY = on_venetoclax("A dozen took venetoclax.")
READER = "0000-0001-5109-3700"


@pytest.fixture
def told(tmp_path):
    """Problems of one file, as tuples; `where` counts lines of the file."""

    def told_(
        text=ENTRY,
        name="doe-2020-7.yaml",
        *,
        grounded=True,
        readings=(),
        notices=None,
        text_now=TEXT,
        record=None,
        cached=False,
        **options,
    ):
        path = tmp_path / name
        path.write_text(text)
        if grounded and (item := store.parse(path)).entry:
            ground.write(path, item, TEXT)
        known = record or Record(
            "7", "A trial", date="2020", authors=(Author("Doe", "J"),), abstract=describe_abstract(text_now)
        )
        context = check.Context(
            corpus.Corpus({known.key: known}, {}),
            vocabulary.load(),
            None if cached else {known.key: text_now} if text_now else {},
            tuple(readings),
            notices or {},
        )
        report = check.run([path], context=context, **options)
        told_.report, told_.path = report, path
        return [
            (p.line, p.field, p.found, p.remedy.replace(str(path), "FILE"), p.severity, p.code) for p in report.problems
        ]

    return told_


def test_a_good_file_is_let_alone_and_counted(told):
    assert told() == []
    report = told.report
    assert (report.checked, report.passed, report.failed, report.grounded, report.not_grounded) == (1, 1, 0, 1, 0)
    assert report.good
    assert report.summary() == (
        "1 entries checked, 1 passed, 0 failed, 0 warnings; findings held against their abstract: 1, "
        "skipped because the abstract is not in the cache: 0"
    )


def test_nothing_to_check_is_no_success():
    assert not Report().good
    assert Report().summary() == "0 entries checked: there is nothing to check, and that is a failure"
    told = Report(checked=2, passed=1, failed=1, ledgers=3, problems=[Problem("a", 1, "b", "c", "d", "warning")])
    assert told.summary().startswith("2 entries and 3 ledgers checked, 1 passed, 1 failed, 1 warnings; ")
    assert not told.good


def test_a_report_as_json_and_for_github():
    problem = Problem("a,b.yaml", 3, "claim", "50% wrong:\nhere", "mend it", "warning", "grounding")
    report = Report(checked=1, passed=1, grounded=2, not_grounded=3, problems=[problem])
    assert as_json(report) == {
        "messages": [{"path": "a,b.yaml", "line": 3, "field": "claim", "code": "grounding", "severity": "warning",
                      "message": "50% wrong:\nhere", "remedy": "mend it"}],
        "summary": {"checked": 1, "ledgers": 0, "passed": 1, "failed": 0, "grounded": 2, "not_grounded": 3},
    }  # fmt: skip
    assert github_line(problem) == "::warning file=a%2Cb.yaml,line=3,title=claim::claim: 50%25 wrong:%0Ahere; mend it"


# ---- one file ------------------------------------------------------------------------------------------------------


def changed(*changes):
    text = ENTRY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def test_a_word_that_is_no_term(told):
    one, *_ = told(changed(("target: BCL2", "target: BCL3000")))
    line, field, found, remedy, severity, code = one
    assert (line, field, severity, code) == (16, "findings[1].target", "error", "vocabulary")
    assert "'BCL3000'" in found
    assert "data/vocabulary/targets.yaml" in remedy or "BCL2" in remedy
    (one, *_) = told(changed(("[venetoclax]", "[venetoclax, zzzzzzzzzz]")))
    assert (one[1], one[5]) == ("findings[1].agents[2]", "vocabulary")
    assert "data/vocabulary/therapies.yaml" in one[3]


def test_two_findings_of_one_number(told):
    twice = ENTRY + ENTRY.partition("findings:\n")[2].replace("A dozen took", "Twelve were given")
    messages = told(twice, grounded=False)
    assert (23, "findings[2].id", "'1' twice", "give each finding its own number", "error") in [m[:5] for m in messages]


def test_a_person_twice_and_too_many(told):
    text = changed(("curators: []", f"curators: [{READER}, {READER}]"))
    assert [m[:5] for m in told(text)] == [(3, "curators", f"{READER} twice", "name each person once", "error")]


def test_a_form_that_is_not_canonical(told):
    text = changed(("direction: supports\n    directness: direct\n", "directness: direct\n    direction: supports\n"))
    path = "doe-2020-7.yaml"
    (one,) = [m for m in told(text, grounded=False) if m[2] == "not in canonical form"]
    assert one[:3] == (11, "file", "not in canonical form")
    assert one[3].startswith("run: python scripts/check.py --fix ")
    assert one[3].endswith(f"{path} (it keeps no comments)") or one[3].endswith("FILE (it keeps no comments)")
    assert one[4:] == ("error", "form")


def test_fix_says_what_it_drops_and_how_many(told):
    text = ENTRY.replace("direction:", "# why\n    direction:") + "# the end\n"
    messages = told(text, grounded=False, fix=True)
    assert (11, "file", "2 comments dropped, as '# why'", "a canonical file has none; what a reader should see belongs into `note`",
            "warning", "form") in messages  # fmt: skip
    assert not any("canonical form" in m[2] for m in messages)
    assert told.path.read_text() == ENTRY


def test_a_paper_that_the_corpus_has_not_or_has_under_another_name(told):
    stranger = Record("8", "Another", date="2020")
    (one,) = [m for m in told(record=stranger) if m[5] == "paper"]
    assert one[:2] == (1, "pmid")
    assert "7" in one[2]
    (one,) = told(name="roe-2020-7.yaml")
    assert one == (1, "file", "the file is called roe-2020-7.yaml", "git mv it to doe-2020-7.yaml", "error", "paper")
    found = Record("7", "A trial", date="2020", doi="10.1000/x", authors=(Author("Doe"),))
    by_doi = changed(("pmid: 7", "doi: 10.1000/x"))
    (one,) = [m for m in told(by_doi, record=found, text_now="", grounded=False) if m[1] == "doi"]
    assert one == (1, "doi", "the paper has PMID 7", "write pmid: 7", "error", "paper")


@pytest.mark.parametrize(
    ("kind", "found"),
    [("RetractionIn", "the paper is retracted"), ("PartialRetractionIn", "the paper is partly retracted"),
     ("ExpressionOfConcernIn", "the paper is under expression of concern"), ("ErratumIn", None), ("UpdateIn", None)],
)  # fmt: skip
def test_a_paper_that_does_not_stand_is_a_warning(told, kind, found):
    remedy = "read the notice, and say in a `note` of each finding what is left of it"
    messages = told(notices={"7": {"notices": [{"type": kind}]}})
    assert messages == ([(1, "pmid", found, remedy, "warning", "paper")] if found else [])
    assert told.report.good


def test_a_reviewer_has_a_line_in_the_ledger(told):
    text = changed(("reviewers: []", f"reviewers: [{READER}]"))
    assert told(text) == [
        (4, "reviewers", "an entry with reviewers, and nobody has read 7/1",
         "read the rest of it (python scripts/curate.py review 7 --reviewer …), or write reviewers: []", "error", "ledger"),
        (4, "reviewers[1]", f"{READER} has no line for it in data/reviews.tsv",
         f"take it out, or read it: python scripts/curate.py review 7 --reviewer {READER}", "error", "ledger"),
    ]  # fmt: skip
    assert told(text, readings=[reviewing.Reading("7/1", "agree", READER, "2026-01-01")]) == []
    other = reviewing.Reading("8/1", "agree", READER, "2026-01-01")
    assert len(told(text, readings=[other])) == 2


# ---- grounding -----------------------------------------------------------------------------------------------------


def test_not_grounded_with_and_without_the_abstract(told, monkeypatch):
    (one,) = told(grounded=False)  # an abstract that was given, as for a pull request
    assert one == (22, "findings[1].support", "not grounded: no machine has held it against the abstract yet",
                   "run: python scripts/curate.py ground FILE, where the abstract is; a maintainer does it for you",
                   "warning", "grounding")  # fmt: skip
    monkeypatch.setattr("lscbook.corpus.abstracts.get", {"7": TEXT}.get)
    (one,) = told(grounded=False, cached=True)
    assert one == (22, "findings[1].support", "not grounded", "run: python scripts/curate.py ground FILE", "error", "grounding")  # fmt: skip
    assert told(cached=True) == []


def held_without(told, text=ENTRY, **own):
    """A machine that has no abstract, only its description."""
    known = Record("7", "A trial", date="2020", authors=(Author("Doe", "J"),), abstract=describe_abstract(TEXT))
    return told(text, text_now="", record=replace(known, **own))


def test_what_a_machine_without_the_abstract_still_tells(told, monkeypatch):
    assert held_without(told) == []
    assert (told.report.grounded, told.report.not_grounded) == (0, 1)
    beyond = changed(("sentences: [2]", "sentences: [9]"))
    assert any(
        m[1].startswith("findings[1].support.sentences") and "9" in m[2] and m[4] == "error"
        for m in held_without(told, beyond)
    )
    (one,) = held_without(told, abstract=describe_abstract("Another text. It has two sentences."))
    assert one[1:] == ("findings[1].support.grounding", "PubMed has another abstract than the one that was read",
                       "run: python scripts/curate.py ground --refresh FILE", "error", "grounding")  # fmt: skip


@pytest.mark.parametrize(
    ("sentences", "spans", "why"),
    [
        ((2,), ((14, 67),), ""),
        ((2,), ((14, 67), (68, 95)), "2 spans for 1 sentences"),
        ((2,), ((14, 14),), "the span [14, 14] is empty"),
        ((2,), ((0, 67),), "the spans are not those of the sentences 2"),  # nothing is left for the first sentence
        ((1,), ((14, 67),), "the spans are not those of the sentences 1"),  # something stands before the first
        ((1, 2), ((0, 13), (30, 67)), "the spans are not those of the sentences 1, 2"),  # a gap between neighbours
        ((1, 2), ((0, 13), (14, 67)), ""),
        ((1, 3), ((0, 13), (14, 40)), ""),
        ((1, 3), ((0, 13), (13, 40)), "the spans are not those of the sentences 1, 3"),
        ((2, 1), ((14, 67), (0, 13)), ""),  # the order in which a person names them is no matter
        ((4,), ((97, 110),), ""),
        ((4,), ((80, 90),), "the spans are not those of the sentences 4"),  # the last one ends where the text ends
    ],
)
def test_spans_that_cannot_be_those_of_the_sentences(sentences, spans, why):
    from lscbook.evidence.ground_spans import _impossible

    record = Record("7", "T", abstract={"sha256": "0" * 16, "characters": 110, "sentences": 4})
    assert _impossible(sentences, spans, record) == why


def test_a_grounding_of_nothing_and_one_that_was_changed(told):
    told()
    good = told.path.read_text()
    swapped = good.replace("sentences: [2]", "sentences: [3]")
    (one, *_) = [m for m in told(swapped, grounded=False) if "changed after" in m[2]]
    assert one[1:] == ("findings[1].support.grounding", "span and digest are not those of sentence 3: changed after it was grounded",
                       "read its sentences again, then run: python scripts/curate.py ground FILE", "error", "grounding")  # fmt: skip
    nothing = good.replace("sentences: [2]", "full_text: page 1")
    (one,) = [m for m in told(nothing, grounded=False) if "no sentences" in m[2]]
    assert one[1:] == (
        "findings[1].support.grounding",
        "a grounding, and no sentences",
        "delete it, or name the sentences",
        "error",
        "grounding",
    )


@pytest.mark.parametrize(
    ("claim", "field", "found", "remedy", "severity"),
    [
        ("A dozen took venetoclax, and 13 did not.", "claim", "13 does not stand in the sentences that the finding points at",
         "correct the figure, or add the sentence that has it to support", "error"),
        ("Two thirds took venetoclax.", "claim", "'two thirds' is no share that its sentences have, in words, per cent or counts",
         "correct the figure, or add the sentence that has it to support", "warning"),
        ("A dozen with t(8;21) took venetoclax.", "claim", "t(8;21) does not stand in its sentences",
         "check the karyotype, or point at the sentence that has it", "error"),
        ("A dozen CD34+ took venetoclax.", "claim", "CD34+ does not stand in its sentences",
         "check the sign, or point at the sentence that has it", "error"),
        ("A dozen with TP53 mutation took venetoclax.", "claim", "TP53 is not named in its sentences or title",
         "take it out, point at the sentence that names it, or add the synonym to data/vocabulary/genes.yaml", "error"),
        ("A dozen took quizalisib and venetoclax.", "claim", "quizalisib stands nowhere in the abstract or the title",
         "second reader: is it the one that the paper names?", "warning"),
        ("A dozen did not take venetoclax.", "claim", None, "second reader: is it borne out?", "warning"),
        ("The drug venetoclax was given to 12 people with disease.", "claim",
         "8 words in a row of the abstract: 'the drug venetoclax was given to 12 people'", "say it in your own words", "error"),
    ],
)  # fmt: skip
def test_what_a_claim_says_beyond_its_sentences(told, claim, field, found, remedy, severity):
    messages = told(changed(("A dozen took venetoclax.", claim)))
    alike = [m for m in messages if m[3] == remedy]
    assert alike, messages
    assert all((m[1], m[4], m[5]) == (f"findings[1].{field}", severity, "grounding") for m in alike)
    if found:
        assert found in [m[2] for m in alike]
    assert told.report.good is all(m[4] == "warning" for m in messages)


def test_n_and_effect_are_held_with_their_units(told):
    def with_effect(effect, n="12"):
        return changed(("    agents", f"    n: {n}\n    n_unit: people\n    effect: {effect}\n    agents"))

    assert not [
        m
        for m in told(changed(("    study: phase 2\n", "    study: phase 2\n    n: 12\n    n_unit: people\n")))
        if m[4] == "error"
    ]
    fields = {m[1] for m in told(with_effect('{measure: percent, value: "12"}', n="13"))}
    assert "findings[1].n" in fields
    assert "findings[1].effect" in fields  # 12 people are not 12 %


# ---- between files -------------------------------------------------------------------------------------------------


def test_between_files(tmp_path):
    records = {k: Record(k, "A trial", date="2020", authors=(Author("Doe", "J"),)) for k in ("7", "8")}
    context = check.Context(corpus.Corpus(records, {}), vocabulary.load(), {}, (), {})
    for name, text in (
        ("doe-2020-7.yaml", ENTRY),
        ("doe-2020-7b.yaml", ENTRY),
        ("doe-2020-8.yaml", ENTRY.replace("pmid: 7", "pmid: 8")),
    ):
        (tmp_path / name).write_text(text)
    report = check.run([tmp_path], context=context)
    told = {
        (p.path.rpartition("/")[2], p.field, p.found.replace(str(tmp_path) + "/", ""), p.remedy, p.severity)
        for p in report.problems
        if p.code == "duplicate"
    }
    assert {(name, field, found.rpartition("/")[2] if "same claim" in found else found.partition(" is also")[0], remedy, severity)
            for name, field, found, remedy, severity in told} == {
        ("doe-2020-7b.yaml", "file", "7", "keep one file for a paper", "error"),
        ("doe-2020-7b.yaml", "findings[1].claim", "doe-2020-7.yaml, finding 1" if any("/doe" in t[2] for t in told) else
         "the same claim as doe-2020-7.yaml, finding 1", "keep it once", "error"),
        ("doe-2020-8.yaml", "findings[1].claim", "doe-2020-7.yaml, finding 1" if any("/doe" in t[2] for t in told) else
         "the same claim as doe-2020-7.yaml, finding 1", "keep it once", "error"),
    }  # fmt: skip


def test_a_file_that_cannot_be_read_hides_no_double(tmp_path):
    record = Record("7", "A trial", date="2020", authors=(Author("Doe", "J"),))
    context = check.Context(corpus.Corpus({"7": record}, {}), vocabulary.load(), {}, (), {})
    for name, text in (("aaa-2020-1.yaml", "pmid: ["), ("doe-2020-7.yaml", ENTRY), ("doe-2020-7b.yaml", ENTRY)):
        (tmp_path / name).write_text(text)
    assert "keep one file for a paper" in {p.remedy for p in check.run([tmp_path], context=context).problems}


def test_what_lies_in_the_folder_and_is_no_entry(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").write_text("x")
    context = check.Context(corpus.Corpus({}, {}), vocabulary.load(), {}, (), {})
    report = check.run([tmp_path], context=context)
    assert [(p.line, p.field, p.found, p.remedy, p.severity, p.code) for p in report.problems] == [
        (1, "file", "a.txt is no YAML file", "name an entry <first-author>-<year>-<pmid>.yaml", "error", "yaml"),
        (1, "file", "a folder", "name an entry <first-author>-<year>-<pmid>.yaml", "error", "yaml"),
    ]
    with pytest.raises(EntryInvalid, match="no such file or folder"):
        check.files_of([tmp_path / "none.yaml"])
    with pytest.raises(EntryInvalid, match=r"not a YAML file; give entries, as data/evidence/jan-2012-22932223\.yaml"):
        check.files_of([tmp_path / "a.txt"])
    (tmp_path / "c.yml").write_text("x")
    assert check.files_of([tmp_path / "c.yml"]) == [tmp_path / "c.yml"]


# ---- ledgers -------------------------------------------------------------------------------------------------------


def test_a_line_of_a_ledger_beside_the_entries():
    from lscbook.screening import Decision, Search

    finding = books.finding(1, "target")
    evidence = books.evidence((books.entry("7", [finding], curators=[READER]), books.record("7")))
    other, current = "0000-0002-1825-0097", reviewing.digest_of(finding)

    def read(reference="7/1", who=other, verdict="agree", digest=current):
        return check_ledgers._reviewed(reviewing.Reading(reference, verdict, who, "2026-01-01", "", digest), evidence)

    assert read() is None
    assert read("7/2") == ("finding", "7/2 is not in the book", "correct the number, or delete the line")
    assert read(who=READER) == ("reviewer", f"{READER} is a curator of the entry", "a second reader is another person")
    again = f"read it again (python scripts/curate.py review 7/1 --reviewer {other}), or delete the line"
    assert read(digest="0" * 16) == ("digest", "claim or fields of 7/1 are not those that were read", again)
    assert read(digest="") == ("digest", "no digest of it", again)
    assert read(digest="0" * 16, verdict="disagree") is None
    decided = check_ledgers._decided
    assert decided(Decision("7", "exclude", "other disease", "2026-01-01", ""), evidence) == (
        "decision", "excluded, and has an entry", "write include, or delete the entry")  # fmt: skip
    assert decided(Decision("7", "include", "x", "2026-01-01", ""), evidence) is None
    assert decided(Decision("8", "exclude", "x", "2026-01-01", ""), evidence) is None
    searched = check_ledgers._searched
    again = 'search again, wider: python scripts/curate.py search targets "CD123" "…"'
    assert searched(Search("targets", "CD123", "x", "2026-01-01", "0", ""), evidence) == (
        "found", "0 records found, and 1 papers are curated on 'CD123'", again)  # fmt: skip
    assert searched(Search("targets", "CD123", "x", "2026-01-01", "1", ""), evidence) is None
    assert searched(Search("targets", "CD33", "x", "2026-01-01", "0", ""), evidence) is None
    assert searched(Search("mechanisms", "CD123", "x", "2026-01-01", "0", ""), evidence) is None


def test_every_ledger_with_a_fault_is_counted_beside_the_entries_with_one(told, tmp_path, monkeypatch):
    """However many faults a ledger has, it is one that failed; a ledger without a fault passed."""
    ledgers = tmp_path / "ledgers"
    ledgers.mkdir()
    for module, name, text in (
        (screening, "DECISIONS_FILE", "what is this\n"),
        (screening, "SEARCHES_FILE", "kind\tterm\tsearch\tdate\tfound\tnote\none\ntwo\n"),
        (reviewing, "FILE", "nor this\n"),
        (prose, "FILE", "page\tfinding\tjudged\tverdict\treader\tdate\tnote\n"),
        (blind_reading, "FILE", None),
    ):
        file = ledgers / f"{module.__name__}-{name}.tsv"
        if text:
            file.write_text(text)
        monkeypatch.setattr(module, name, file)
    told(ENTRY.replace("study: phase 2", "study: phase 9"), with_ledgers=True)
    report = told.report
    assert (report.checked, report.ledgers, report.passed, report.failed) == (1, 4, 1, 4)
    told(with_ledgers=True)
    assert (told.report.passed, told.report.failed) == (2, 3)


def test_a_shard_that_nobody_wrote(tmp_path):
    corpus.write(tmp_path, {"1": Record("1", "A", date="2020")}, {"as_of": "2026"})
    shard = tmp_path / "records" / "2020.jsonl"
    assert check.edited(corpus.read(tmp_path), tmp_path) == []
    shard.write_text(shard.read_text().replace("A", "B"))
    (one,) = check.edited(corpus.read(tmp_path), tmp_path)
    assert one.path.endswith("2020.jsonl")
    assert (one.line, one.field, one.severity, one.code) == (1, "file", "error", "corpus")
    assert one.found == "not the file that the harvest wrote: its hash is another than the manifest's"
    assert (
        one.remedy == "take it from git again (git checkout data/corpus); it is never edited by hand, and has no CRLF"
    )


# ---- places in lists, and searches of cells ------------------------------------------------------------------------

PAIRS = HEAD.format(pmid=7, read="abstract") + (
    "  - id: 1\n    theme: evolution\n    claim: >-\n      TP53 came first.\n    direction: supports\n    directness: direct\n"
    "    diseases: [AML]\n    study: cohort\n    level: B\n    lesions: [TP53]\n    before: {}\n    support:\n      sentences: [2]\n"
)


@pytest.mark.parametrize(
    ("pairs", "fields"),
    [("[[TP53, NPM1]]", []), ("[[TP53, ZZZ9]]", ["before[1]"]), ("[[ZZZ9, TP53]]", ["before[1]"]), ("[[TP53, NPM1], [NPM1, ZZZ9]]", ["before[2]"]),
     ("[[TP53, NPM1], [NPM1, TP53], [ZZZ9, ZZZ8]]", ["before[3]", "before[3]"])],
)  # fmt: skip
def test_a_pair_with_a_word_that_is_no_term_is_named_by_its_place(told, pairs, fields):
    messages = told(PAIRS.format(pairs), grounded=False)
    assert [m[1].removeprefix("findings[1].") for m in messages if m[5] == "vocabulary"] == fields


@pytest.mark.parametrize(
    ("term", "beside"),
    [("drug efflux × BH3 mimetic", True), ("drug efflux × chemotherapy", False), ("autophagy × BH3 mimetic", False), ("drug efflux × no such class", False)],
)  # fmt: skip
def test_a_search_for_a_cell_that_found_nothing_is_held_against_the_findings(term, beside):
    found = books.finding(1, "resistance", mechanism="drug efflux", escaped=["venetoclax"])
    evidence = books.evidence((books.entry("7", [found]), books.record("7")))
    told = check_ledgers._searched(Search("cells", term, "x", "2026-01-01", "0", ""), evidence)
    assert told == (("term", f"'{term}' has findings: 7/1", "delete the line: something was found") if beside else None)


@pytest.mark.parametrize(
    ("kind", "term", "found", "papers"),
    [("mechanisms", "drug efflux", "0", 2), ("mechanisms", "drug efflux", "1", 2), ("mechanisms", "drug efflux", "2", 0), ("mechanisms", "drug efflux", "30", 0),
     ("mechanisms", "autophagy", "0", 0), ("targets", "drug efflux", "0", 0)],
)  # fmt: skip
def test_a_search_for_a_term_found_at_least_the_papers_that_are_curated_on_it(kind, term, found, papers):
    """What is curated is counted by paper: two findings of one are one record that the search found."""
    own = {"mechanism": "drug efflux", "escaped": ["venetoclax"]}
    two = [books.finding(n, "resistance", **own) for n in (1, 2)]
    evidence = books.evidence(
        (books.entry("7", two), books.record("7")), (books.entry("8", two[:1]), books.record("8"))
    )
    told = check_ledgers._searched(Search(kind, term, "x", "2026-01-01", found, ""), evidence)
    again = f'search again, wider: python scripts/curate.py search {kind} "{term}" "…"'
    assert told == (
        ("found", f"{found} records found, and {papers} papers are curated on '{term}'", again) if papers else None
    )


def test_of_many_findings_in_a_cell_three_are_named():
    found = [books.finding(n, "resistance", mechanism="drug efflux", escaped=["venetoclax"]) for n in range(1, 6)]
    evidence = books.evidence((books.entry("7", found), books.record("7")))
    _, told, _ = check_ledgers._searched(
        Search("cells", "drug efflux × BH3 mimetic", "x", "2026-01-01", "0", ""), evidence
    )
    assert told == "'drug efflux × BH3 mimetic' has findings: 7/1, 7/2, 7/3"


def test_a_trial_is_counted_twice_only_where_the_same_is_asked_of_it(tmp_path):
    """Another end point, outcome or theme is another question; two findings of one paper are one count."""
    records = {k: Record(k, "A trial", date="2020", authors=(Author("Doe", "J"),)) for k in ("7", "8")}
    context = check.Context(corpus.Corpus(records, {}), vocabulary.load(), {}, (), {})

    def told(one, other):
        for key, own in (("7", one), ("8", other)):
            made = on_venetoclax(f"In paper {key} a dozen took it.", **{"cohort": "[NCT00000001]", **own})
            (tmp_path / f"doe-2020-{key}.yaml").write_text(made.replace("pmid: 7", f"pmid: {key}"))
        return [p.field for p in check.run([tmp_path], context=context).problems if "is also counted by" in p.found]

    assert told({}, {}) == ["findings[1].cohort"]
    assert told({}, {"outcome": "activity seen"}) == []
    assert told({"outcome": "activity seen"}, {"outcome": "activity seen"}) == ["findings[1].cohort"]
    assert told({}, {"cohort": "[NCT00000002]"}) == []
    assert told({}, {"cohort": "[NCT00000002, NCT00000001]"}) == ["findings[1].cohort"]
