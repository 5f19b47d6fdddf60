"""From paper to entry: the three verbs of scripts/curate.py that a contributor meets."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time

import pytest

from lscbook import corpus, paths, vocabulary
from lscbook.errors import EntryInvalid, RecordRefused
from lscbook.evidence import check, drafting, fields, ground, reviewing, store
from lscbook.pubmed.record import Record, describe_abstract
from tests.entries import on_venetoclax

OLD = (
    "We had a question. Venetoclax was given to 34 patients with AML. Of them 12 (35%) had TP53 mutations. That is all."
)
NEW = "A new first sentence stands here. " + OLD.replace("34 patients", "34\u2009patients")
ORCID = "0000-0002-1825-0097"
ENTRY = on_venetoclax(
    "A third (12, 35%) of the AML cases treated with venetoclax carried TP53 mutations.", support="sentences: [2, 3]",
    directness="indirect", genes="[TP53]",
)  # fmt: skip


@pytest.fixture
def paper(tmp_path):
    """An entry grounded in OLD, and a way to hold it against another abstract."""
    path = tmp_path / "unknown-2020-7.yaml"
    path.write_text(ENTRY)
    ground.write(path, store.parse(path), OLD)

    def source(text):
        record = Record("7", "A title", date="2020", abstract=describe_abstract(text))
        return record, ground.Source(corpus.Corpus({"7": record}, {}), vocabulary.load(), {"7": text})

    return path, source


@pytest.mark.parametrize(
    ("given", "bare"),
    [("22932223", "22932223"), ("PMID: 22932223", "22932223"), ("https://pubmed.ncbi.nlm.nih.gov/22932223/", "22932223"),
     ("https://doi.org/10.1038/Nature10738", "10.1038/nature10738")],
)  # fmt: skip
def test_identity_is_read_as_people_paste_it(given, bare):
    assert drafting.identity(given) == bare


@pytest.mark.parametrize("given", ["PMC3503399", "pmc 12", "0", "nature10738", "12; rm -rf /", "", "../../x"])
def test_another_number_is_refused(given):
    with pytest.raises(RecordRefused, match=r"PMC id|neither a PMID"):
        drafting.identity(given)


def test_a_paper_of_the_book_is_refused_with_its_file():
    with pytest.raises(RecordRefused, match=r"jan-2012-22932223\.yaml"):
        drafting.refuse_known("22932223", corpus.read(), store.paths.EVIDENCE)
    by_doi = next(r for r in store.read().records.values() if r.pmid and r.doi)
    with pytest.raises(RecordRefused, match=by_doi.pmid):
        drafting.refuse_known(by_doi.doi, corpus.read(), store.paths.EVIDENCE)


@pytest.mark.parametrize("theme", ["", *fields.BY_THEME])
def test_a_draft_explains_every_field_and_says_nothing(theme, tmp_path):
    record = Record("7", "A title: with #signs\nand lines", date="2020")
    name, text = drafting.draft(record, {"genes": {"TP53": 2}}, "2026-11-24", theme)
    shown = fields.THEMES if not theme else [fields.BY_THEME[theme]]
    for field in (*fields.COMMON[1:], *(f for t in shown for f in t.fields)):
        assert f"# {field.name}" in text
    assert "Named in the abstract: TP53" in text
    path = tmp_path / name
    path.write_text(text)
    parsed = store.parse(path)
    assert parsed.entry is None
    assert {p.field.rpartition(".")[2] for p in parsed.problems} <= {"theme", "claim", "direction", "study", "diseases",
           "directness", "level", "lesions", "subjects", "contrast", "mechanism", "assay", "end_point", "target", "aspect",
           "stage", "support", "kind", "of", "against"}  # fmt: skip
    assert all("finding" in p.field for p in parsed.problems)


def test_a_draft_that_is_filled_in_passes(tmp_path):
    record = Record("7", "A title", date="2020")
    name, text = drafting.draft(record, {}, "2026-11-24", "target")
    answers = {"direction": "supports", "diseases": "[AML]", "directness": "direct", "study": "mouse", "level": "D", "target": "BCL2", "aspect": "safety",
               "stage": "dependency",
               "support": "{full_text: page 2}"}  # fmt: skip
    for field, value in answers.items():
        text, count = re.subn(rf"^    {field}:.*$", f"    {field}: {value}", text, flags=re.MULTILINE)
        assert count == 1, field
    text = text.replace("claim: >-\n      \n", "claim: >-\n      In mice it worked.\n")
    path = tmp_path / name
    path.write_text(text)
    assert store.parse(path).problems == []


def test_refresh_follows_the_text_to_where_it_moved(paper):
    path, source = paper
    record, have = source(NEW)
    written, lost = ground.refresh(path, store.parse(path), record, have)
    assert (written, lost) == (True, [])
    entry = store.parse(path).entry
    assert entry.findings[0].support.sentences == (3, 4)
    assert entry.findings[0].support.grounding.abstract == record.abstract["sha256"]
    assert ground.check(store.parse(path), have).problems == []
    assert ground.refresh(path, store.parse(path), record, have) == (False, [])


@pytest.mark.parametrize("change", [("35%", "53%"), ("TP53", "FLT3"), ("Venetoclax", "Cytarabine")])
def test_refresh_leaves_to_a_person_what_is_not_found_again(paper, change):
    path, source = paper
    before = path.read_text()
    record, have = source(NEW.replace(*change))
    written, lost = ground.refresh(path, store.parse(path), record, have)
    assert not written
    assert [p.field for p in lost] == ["findings[1].support"]
    assert path.read_text() == before


def test_a_reading_is_recorded_once_and_the_entry_names_its_reader(paper, tmp_path):
    path, _ = paper
    file = tmp_path / "reviews.tsv"
    reviewing.record(path, reviewing.Reading("7/1", "disagree", ORCID, "2026-11-24", "wrong arm"), file)
    reviewing.record(path, reviewing.Reading("7/1", "amended", ORCID, "2026-11-25", "mended"), file)
    assert reviewing.read(file) == [reviewing.Reading("7/1", "amended", ORCID, "2026-11-25", "mended")]
    entry = store.parse(path).entry
    assert entry.reviewers == (ORCID,)
    located = [store.Located(entry.findings[0], entry, Record("7", ""))]
    assert reviewing.rates(located, reviewing.read(file)) == {"findings.read_twice": 1, "findings.disputed": 1}
    assert reviewing.sample(located, 1, 5, reviewing.read(file)) == []


@pytest.mark.parametrize(
    ("reading", "why"),
    [(reviewing.Reading("7/1", "agree", "0000-0002-1825-0098", "2026-11-24"), "check digit"),
     (reviewing.Reading("7/1", "perhaps", ORCID, "2026-11-24"), "allowed are"),
     (reviewing.Reading("7/1", "agree", ORCID, "2026-11-24", "a\tb"), "one line")],
)  # fmt: skip
def test_a_bad_reading_writes_nothing(paper, tmp_path, reading, why):
    path, _ = paper
    before = path.read_text()
    with pytest.raises(EntryInvalid, match=why):
        reviewing.record(path, reading, tmp_path / "reviews.tsv")
    assert path.read_text() == before
    assert not (tmp_path / "reviews.tsv").exists()


def test_a_curator_is_no_second_reader(paper, tmp_path):
    path, _ = paper
    path.write_text(path.read_text().replace("curators: []", f"curators: [{ORCID}]"))
    with pytest.raises(EntryInvalid, match="curator and reviewer"):
        reviewing.record(path, reviewing.Reading("7/1", "agree", ORCID, "2026-11-24"), tmp_path / "reviews.tsv")


def test_credit_counts_by_orcid(paper):
    path, _ = paper
    path.write_text(path.read_text().replace("curators: []", f"curators: [{ORCID}]"))
    entry = store.parse(path).entry
    located = [store.Located(entry.findings[0], entry, Record("7", ""))]
    other = "0000-0001-5109-3700"
    readings = [reviewing.Reading("7/1", "agree", other, "2026-11-25")]
    assert reviewing.credit(located, readings) == {other: (0, 1), ORCID: (1, 0)}


def test_the_sample_is_the_same_for_the_same_seed():
    findings = store.read().findings
    one, again = (reviewing.sample(findings, 7, 10) for _ in range(2))
    assert one == again
    assert one != reviewing.sample(findings, 8, 10)
    assert len({f.reference for f in one}) == 10


@pytest.fixture
def repository(tmp_path):
    """A copy of what the verbs read and write, so that a reading lands there."""
    for part in ("lscbook", "scripts", "data"):
        shutil.copytree(paths.ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "data" / "reviews.tsv").unlink(missing_ok=True)
    return tmp_path


def at_a_terminal(folder, arguments, answers):
    """Run a verb on a pseudo-terminal, answer each prompt when it stands there; code and what was shown."""
    master, slave = pty.openpty()
    process = subprocess.Popen([sys.executable, str(folder / "scripts" / "curate.py"), *arguments],
                               stdin=slave, stdout=slave, stderr=slave, cwd=folder, close_fds=True)  # fmt: skip
    os.close(slave)
    shown, waiting, deadline = "", list(answers), time.monotonic() + 120
    while time.monotonic() < deadline:
        if select.select([master], [], [], 1)[0]:
            try:
                chunk = os.read(master, 65536).decode()
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            shown += chunk
        if waiting and shown.rstrip(" ").endswith(waiting[0][0]):
            os.write(master, (waiting.pop(0)[1] + "\n").encode())
            shown += "|"
    os.close(master)
    assert waiting == [], shown
    return process.wait(30), shown


ASK, WHY = "[q]uit:", "What is wrong, in one line:"


def test_a_second_reading_at_a_terminal_from_prompt_to_count(repository):
    arguments = ["review", "--reviewer", ORCID, "--sample", "5", "--seed", "3", "--today", "2026-11-25"]
    answers = [
        (ASK, "a"),
        (ASK, "d"),
        (WHY, ""),
        (WHY, "the other arm"),
        (ASK, "m"),
        (WHY, "a dose"),
        (ASK, "s"),
        (ASK, "q"),
    ]
    code, shown = at_a_terminal(repository, arguments, answers)
    assert code == 0, shown
    drawn = reviewing.sample(store.read().findings, 3, 5)
    assert all(f.reference in shown for f in drawn)
    file = repository / "data" / "reviews.tsv"
    readings = reviewing.read(file)
    assert {(r.finding, r.verdict, r.note) for r in readings} == {
        (drawn[0].reference, "agree", ""), (drawn[1].reference, "disagree", "the other arm"), (drawn[2].reference, "amended", "a dose"),
    }  # fmt: skip
    assert all((r.reviewer, r.date) == (ORCID, "2026-11-25") for r in readings)
    assert reviewing.rates(store.read().findings, readings) == {"findings.read_twice": 3, "findings.disputed": 2}
    checked = subprocess.run(
        [sys.executable, str(repository / "scripts" / "check.py")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert re.search(r" and \d ledgers checked, \d+ passed, 0 failed", checked.stdout)
    file.write_text(file.read_text().replace(ORCID, "0000-0002-1825-0098", 1).replace("2026-11-25", "today", 1))
    checked = subprocess.run(
        [sys.executable, str(repository / "scripts" / "check.py")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 1
    assert "data/reviews.tsv:2: reviewer: '0000-0002-1825-0098' has a wrong check digit" in checked.stdout
    assert "data/reviews.tsv:2: date: 'today' is not a date" in checked.stdout


@pytest.mark.parametrize(
    ("change", "reviewer", "why"),
    [(None, "0000-0002-1825-0098", "wrong check digit"), (None, "someone", "not an ORCID id"),
     ("curators: []", ORCID, "or you curated it"), ("curators: []", f"https://orcid.org/{ORCID}/", "or you curated it")],
)  # fmt: skip
def test_who_may_not_read_is_told_before_anything_is_asked(repository, change, reviewer, why):
    path = repository / "data" / "evidence" / "jan-2012-22932223.yaml"
    if change:
        assert change in path.read_text()
        path.write_text(path.read_text().replace(change, f"curators: [{ORCID}]"))
    code, shown = at_a_terminal(repository, ["review", "22932223", "--reviewer", reviewer], [])
    assert code == 1
    assert why in shown
    assert not (repository / "data" / "reviews.tsv").exists()


def test_check_reads_back_each_finding_where_it_stands(paper):
    path, _ = paper
    told = list(check.explained([path], vocabulary.load()))
    assert told == [f"{path}:7: 1: supports: Venetoclax, targeting BCL2, induces a response (AML, phase 2)."]
    path.write_text(path.read_text().replace("    end_point: response\n", ""))
    (told,) = check.explained([path], vocabulary.load())
    assert "no sentence" in told
    assert "end_point" in told
