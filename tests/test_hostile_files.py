"""Files that end or hold up a careless reader: each gets a message, in no time, and the file beside it gets its own."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from lscbook import addresses, corpus, paths, screening, vocabulary
from lscbook.errors import FileRefused, VocabularyInvalid, YamlRefused
from lscbook.evidence import check, rules, store, yaml_text
from lscbook.exports import references
from lscbook.files import read_whole
from lscbook.pubmed.record import Author, Record
from lscbook.screening.ledger import LedgerInvalid
from tests.entries import entry, finding

HEAD = entry(7, "")
GOOD = entry(7, finding("In mice it worked.", study="PDX", stage="PDX", support="full_text: Figure 2"))
OTHER = "a: b\n"
EVERY = 400_000  # at this length whatever takes quadratic time never ends


@pytest.fixture
def context():
    record = Record("7", "A title", date="2020", authors=(Author("Doe", "J"),))
    return check.Context(corpus.Corpus({"7": record}, {}), vocabulary.load(), {}, ())


@pytest.fixture
def told(tmp_path, context):
    """The errors of an entry with this text, at the right name."""

    def told_(text):
        path = tmp_path / "doe-2020-7.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return [p for p in check.run([path], context=context).problems if p.severity == "error"]

    return told_


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


def script(name, *given, cwd=None):
    """A script in a process of its own, which may die or hang without taking us with it."""
    return subprocess.run([sys.executable, str(paths.ROOT / "scripts" / name), *map(str, given)],
                          capture_output=True, text=True, check=False, timeout=60, cwd=cwd)  # fmt: skip


def test_the_entry_that_is_changed_below_is_a_good_one(told):
    assert told(GOOD) == []


@pytest.mark.parametrize(
    "text",
    ["a: " + "[" * 30_000, "a: " + "{" * 30_000, "a: '&'\nb: " + "[" * 30_000, "- " * 30_000, "? " * 30_000,
     "a: " + "[{a: " * 9_000, "\n".join(" " * n + "a:" for n in range(300)), "a: !x " + "[" * 30_000],
)  # fmt: skip
def test_nesting_neither_ends_the_check_nor_hides_the_next_file(tmp_path, text):
    (tmp_path / "deep.yaml").write_text(text)
    (tmp_path / "other.yaml").write_text(OTHER)
    done = script("check.py", tmp_path)
    assert done.returncode == 1, (done.returncode, done.stderr[-300:])
    assert "Traceback" not in done.stderr
    assert "deep.yaml:" in done.stdout
    assert "other.yaml:1: a: no such field" in done.stdout


@pytest.mark.parametrize(
    ("text", "field", "found"),
    [
        (HEAD.replace("findings:", "findings: []"), "findings", "empty"),
        (HEAD.replace("findings:", "findings: none"), "findings", "'none' where a list is wanted"),
        (HEAD.replace("findings:", "findings: {a: b}"), "findings", "a mapping where a list is wanted"),
        (HEAD + "  - [a]\n", "findings[1]", "not a mapping"),
        (changed("theme: target", "theme: [target]"), "findings[1].theme", "a list is no theme"),
        (changed("theme: target", "theme: {a: b}"), "findings[1].theme", "a mapping is no theme"),
        (changed("study: PDX", "study: [PDX]"), "findings[1].study", "a list"),
        (changed("target: BCL2", "target: [BCL2]"), "findings[1].target", "a list where one text is wanted"),
        (changed("diseases: [AML]", "diseases: AML"), "findings[1].diseases", "'AML' where a list is wanted"),
        (changed("diseases: [AML]", "diseases: [[AML]]"), "findings[1].diseases[1]", "a list where one text is wanted"),
        (changed("    stage:", "    n: [3]\n    n_unit: patients\n    stage:"), "findings[1].n", "a list where a number"),
        (changed("    stage:", "    effect: HR 2\n    stage:"), "findings[1].effect", "'HR 2' where a mapping is wanted"),
        (changed("    stage:", "    effect: {measure: HR, value: [1]}\n    stage:"), "findings[1].effect.value", "a list"),
        (changed("full_text: Figure 2", "title: [true]"), "findings[1].support.title", "a list where true or false"),
        (changed("full_text: Figure 2", "sentences: 3"), "findings[1].support.sentences", "'3' where a list is wanted"),
        (changed("full_text: Figure 2", "sentences: [1]\n      grounding: {abstract: x, spans: [], sha256: y}"),
         "findings[1].support.grounding.abstract", "'x' is not what the tool writes"),
        (changed("curators: []", "curators: {}"), "curators", "a mapping where a list is wanted"),
        (changed("read: full text", "read: [full text]"), "read", "a list"),
        (changed("pmid: 7", "pmid: [7]"), "pmid", "a list where one text is wanted"),
    ],
)  # fmt: skip
def test_another_form_than_the_field_has_is_said_in_our_words(told, text, field, found):
    problems = told(text)
    assert [p for p in problems if p.field == field and p.found.startswith(found) and p.remedy], list(
        map(str, problems)
    )
    assert not any("Input should" in str(p) or "Value error" in str(p) for p in problems)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [("id: 1", "id: ../../../../etc/passwd", "not the number of a finding"), ("id: 1", "id: 1-", "not the number"),
     ("id: 1", 'id: "\\"onmouseover=alert(1) x=\\""', "not the number"), ("id: 1", "id: 01", "not the number"),
     ("id: 1", "id: 99999", "not the number"), ("id: 1", "id: ١", "not the number"),
     ("2026-11-24", "2026-02-31", "not a date"), ("2026-11-24", "2026-02-29", "not a date"),
     ("2026-11-24", "9999-12-31", "not a date"), ("2026-11-24", "0000-01-01", "not a date"),
     ("2026-11-24", "2026-04-31", "not a date"), ("2026-11-24", "٢٠٢٦-11-24", "not a date"),
     ("In mice it worked.", "x" * 1001, "more than 1000 characters"),
     ("In mice it worked.", "-;" * 20_000, "more than 1000 characters"),
     ("In mice it worked.", "The loss of ТР53 did it.", "letters of another script"),
     ("curators: []", "curators: [0000-0002-1825-0097, 0000-0002-1825-0097]", "twice"),
     ("    stage:", f"    effect: {{measure: HR, value: {'9' * 60_000}}}\n    stage:", "not a number"),
     ("    stage:", '    effect: {measure: HR, value: "1", p: "1e-99999"}\n    stage:', "not a p value"),
     ("pmid: 7", "doi: 10.1234/ж", "not a DOI"), ("pmid: 7", f"doi: 10.1234/{'x' * 300}", "not a DOI")],
)  # fmt: skip
def test_lengths_numbers_dates_and_ids_have_limits(told, old, new, found):
    problems = told(changed(old, new))
    assert any(found in p.found for p in problems), list(map(str, problems))
    assert all(len(str(p)) < 500 for p in problems)


def test_a_leap_day_is_a_date(told):
    assert told(changed("2026-11-24", "2028-02-29")) == []


def test_three_thousand_curators_are_refused_in_one_line(told):
    problems = told(changed("curators: []", f"curators: [{', '.join(['0000-0002-1825-0097'] * 3000)}]"))
    assert [p.found for p in problems if p.field == "curators"] == ["3000 people"]


def test_two_thousand_findings_are_refused_in_one_line(told):
    problems = told(HEAD + "".join(f"  - {{id: {n}, theme: target}}\n" for n in range(1, 2001)))
    assert [(p.field, p.found) for p in problems] == [("findings", "2000 findings")]


def test_a_value_with_a_semicolon_does_not_cut_its_message(told):
    problem = told(changed("study: PDX", 'study: "phase 3; or so"'))[0]
    assert problem.found == "'phase 3; or so'"
    assert problem.remedy.startswith("allowed are individual-patient meta-analysis")


@pytest.mark.parametrize(
    ("message", "parts"),
    [("'a; b' is none; write c", ("'a; b' is none", "write c")), ('"a\'; b" is none; write c', ('"a\'; b" is none', "write c")),
     ("the book's; own", ("the book's", "own")), ("no remedy", ("no remedy", "")), (r"'it\'s; so' no; yes", (r"'it\'s; so' no", "yes"))],
)  # fmt: skip
def test_found_and_remedy_part_outside_of_quotes(message, parts):
    assert rules.parted(message) == parts


@pytest.mark.parametrize("piece", ["[", "](", "-", ".", "<a", "{a", "javascript ", "1,", "1 of ", "a-", " ", "not "])
def test_no_pattern_takes_quadratic_time(piece):
    """In a process that is given up after a minute; at this length a linear pattern is done at once."""
    code = (
        "import sys; from lscbook.evidence import rules, ground_copies, yaml_text\n"
        f"value = {piece!r} * ({EVERY} // {len(piece)})\n"
        "for kind in rules.RULES.values():\n"
        "    for rule in kind: rule.fault(value)\n"
        "ground_copies.copied(value, 'An abstract of eight words or of some more.')\n"
        "rules.parted(value)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, check=False, timeout=60, capture_output=True)
    assert done.returncode == 0, done.stderr


# --- what is no text file ---------------------------------------------------------------------------


def odd(path, kind):
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "bytes":
        path.write_bytes(b"pmid\tdecision\n\xff\xfe\x00\n")
    elif kind == "link":
        path.symlink_to("/etc/hostname")
    else:
        path.write_text("x" * 9_000_000)
    return path


KINDS = ["pipe", "folder", "bytes", "link", "too large"]


@pytest.mark.skipif(os.name == "nt", reason="pipes are of POSIX")
@pytest.mark.parametrize("kind", KINDS)
def test_odd_files_are_refused_by_whatever_reads_them(tmp_path, kind):
    with pytest.raises(FileRefused):
        read_whole(odd(tmp_path / "a", kind), 1_000_000)
    with pytest.raises(YamlRefused):
        yaml_text.read_file(tmp_path / "a")
    with pytest.raises(LedgerInvalid):
        screening.read(tmp_path / "a")


@pytest.mark.skipif(os.name == "nt", reason="pipes are of POSIX")
@pytest.mark.parametrize("kind", KINDS)
def test_odd_files_among_the_entries_hold_up_no_tool(tmp_path, kind):
    odd(tmp_path / "doe-2020-7.yaml", kind)
    (tmp_path / "other.yaml").write_text(OTHER)
    for tool in (
        ("check.py", tmp_path),
        ("check.py", "--fix", tmp_path),
        ("curate.py", "ground", tmp_path / "doe-2020-7.yaml"),
    ):
        done = script(*tool)
        assert done.returncode == 1, (tool, done.stdout, done.stderr)
        assert "doe-2020-7.yaml:" in done.stdout
        assert "Traceback" not in done.stderr
    assert store.keys(tmp_path) >= {"7"}


# --- line ends ----------------------------------------------------------------------------------------


def test_line_ends_of_windows_are_told_and_mended_by_fix(tmp_path, context, told):
    windows = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert told(GOOD.replace("\n", "\r\n").encode())[0].found == "a line that ends as on Windows (CRLF)"
    path = tmp_path / "doe-2020-7.yaml"
    path.write_bytes(windows)
    assert check.run([path], fix=True, context=context).good
    assert path.read_bytes() == GOOD.encode()


def test_git_gives_every_text_our_line_ends():
    lines = (paths.ROOT / ".gitattributes").read_text().splitlines()
    assert "* text=auto eol=lf" in lines


# --- names and addresses --------------------------------------------------------------------------------


def test_a_name_is_never_longer_than_a_disk_takes():
    record = Record("", "T", date="2020", authors=(Author("x" * 400, "J"),), doi=f"10.1234/{'y' * 400}")
    assert len(store.file_name(record).encode()) <= 255
    assert store.file_name(record).startswith("xxx")


def test_no_two_papers_share_an_address_and_no_two_findings_an_anchor():
    dois = ["10.1234/c.d", "10.1234/c-d", "10.1234/c_d", "10.1234/c/d", "10.1234/cd", "10.1234/(c)d", "10.1234/<c>d"]
    assert len({addresses.paper(doi) for doi in dois}) == len(dois)
    assert len({references.citation_key(Record("", "T", doi=doi)) for doi in dois}) == len(dois)
    ids = ["1", "1.", "+1", "plus 1", "1-1", "11"]
    assert len({addresses.anchor(f"{key}/{n}") for key in ("7", "71", *dois) for n in ids}) == (2 + len(dois)) * len(ids)
    assert re.fullmatch(r"[a-z0-9_-]+", addresses.key_slug("10.1234/<c>\u2028ä;d"))


# --- the vocabulary -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [("- id: NEWGENE1\n  synonyms: QJ\n", "synonyms is no list"),
     ("- id: NEWGENE1\n  synonyms: [LOST]\n  synonyms: [KEPT]\n", "the key 'synonyms' twice"),
     ("- id: NEWGENE1\n  hgnc: [1]\n", "where one text is wanted"), ("- id: NEWGENE1\n  synonyms: [[a]]\n", "where one text"),
     ("- id: [\n", "not YAML"), ("- NEWGENE1\n", "no mapping"), ("- synonyms: [a]\n", "a term without id"),
     ("- id: TP53\n", "the id 'TP53' twice"), ("- id: a\n  x: " + "[" * 20_000, "more than 8 levels"), ("\x00", "(U+0000)"),
     ("- id: A\u200bB\n", "(U+200B) at column 8"), ("- &a\n  id: A\n- *a\n", "an anchor (&a)"), ("- id: !!int 7\n", "a tag")],
)  # fmt: skip
def test_the_vocabulary_refuses_what_it_would_misread(tmp_path, text, found):
    folder = tmp_path / "v"
    shutil.copytree(paths.VOCABULARY, folder)
    with (folder / "genes.yaml").open("a") as out:
        out.write(text)
    with pytest.raises(VocabularyInvalid, match=r"^genes\.yaml:\d+: ") as told:
        vocabulary.load(folder)
    assert found in str(told.value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_vocabulary_names_a_file_that_is_none(tmp_path, kind):
    folder = tmp_path / "v"
    shutil.copytree(paths.VOCABULARY, folder)
    (folder / "genes.yaml").unlink()
    odd(folder / "genes.yaml", kind)
    with pytest.raises(VocabularyInvalid, match=r"^genes\.yaml:"):
        vocabulary.load(folder)


def test_a_bare_word_as_context_is_refused(tmp_path):
    folder = tmp_path / "v"
    shutil.copytree(paths.VOCABULARY, folder)
    (folder / "context.yaml").write_text("window: 80\ngenes: mutation\n")
    with pytest.raises(VocabularyInvalid, match=r"^context\.yaml:2: genes is no list"):
        vocabulary.load(folder)
    (folder / "context.yaml").write_text("window: wide\n")
    with pytest.raises(VocabularyInvalid, match=r"^context\.yaml:1: window"):
        vocabulary.load(folder)


# --- ledgers --------------------------------------------------------------------------------------------

LEDGER = "pmid\tdecision\treason\tdate\tnote\n"
LINE = "7\tinclude\tanswers a theme\t2026-01-01\t\n"


@pytest.mark.parametrize(
    ("line", "field"),
    [(LINE.replace("7\t", "²\t"), "pmid"), (LINE.replace("7\t", "٧\t"), "pmid"), (LINE.replace("7\t", "07\t"), "pmid"),
     (LINE.replace("7\t", "9" * 5000 + "\t"), "pmid"), (LINE.replace("2026-01-01", "2026-02-30"), "date"),
     (LINE.replace("2026", "٢٠٢٦"), "date"), (LINE.replace("\n", "\r\n"), "line"), (LINE.replace("a theme", "a\u200b theme"), "line"),
     (LINE.replace("\tinclude", "\t\tinclude"), "line"), (LINE.replace("7\t", "7\x00\t"), "line"), ("\n", "line")],
)  # fmt: skip
def test_an_odd_line_of_a_ledger_is_named_and_hides_no_other(tmp_path, line, field):
    path = tmp_path / "decisions.tsv"
    path.write_bytes((LEDGER + line + LINE.replace("7\t", "8\t").replace("include", "maybe")).encode())
    with pytest.raises(LedgerInvalid) as told:
        screening.read(path)
    assert [(f.line, f.field) for f in told.value.faults] == [(2, field), (3, "decision")]
    assert all(len(str(f)) < 600 + len(str(path)) for f in told.value.faults)
