"""The YAML reader, the model and the check, on entries of our own and on hostile ones."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lscbook import vocabulary, yaml_nodes
from lscbook.corpus import Corpus
from lscbook.errors import YamlRefused
from lscbook.evidence import check, fields, model, store, yaml_canonical, yaml_text
from lscbook.pubmed.record import Author, Notice, Record, describe_abstract
from tests import books

ABSTRACT = (
    "We treated 94 patients with acute myeloid leukemia. Venetoclax did not prolong survival (hazard ratio 1.04; "
    "95% CI 0.79-1.37; p = 0.78). CD34+CD38- cells with TP53 mutation survived in 34% of patients."
)
ENTRY = """\
pmid: "7"
read: abstract
curators: []
reviewers: []
added: 2026-11-24
findings:
  - id: "1"
    theme: resistance
    claim: >-
      Among 94 patients with AML, venetoclax did not lengthen survival.
    direction: does_not_support
    reason: no effect shown
    directness: direct
    diseases: [AML]
    study: phase 3
    n: 94
    n_unit: patients
    effect: {measure: HR, value: "1.04", ci: ["0.79", "1.37"], p: "0.78"}
    level: B
    therapies: [venetoclax]
    mechanism: TP53 axis loss
    support:
      sentences: [1, 2]
"""


@pytest.fixture
def context():
    record = Record(pmid="7", title="A trial", journal="J", date="2020", authors=(Author("Doe", "J"),),
                    abstract=describe_abstract(ABSTRACT))  # fmt: skip
    return check.Context(Corpus({"7": record}, {}), vocabulary.load())


@pytest.fixture
def run(tmp_path, context, monkeypatch):
    monkeypatch.setattr("lscbook.corpus.abstracts.get", lambda key: ABSTRACT if key == "7" else "")

    def run_(text=ENTRY, name="doe-2020-7.yaml", *, grounded=True):
        path = tmp_path / name
        path.write_text(text)
        if grounded:
            from lscbook.evidence import ground

            item = store.parse(path)
            if item.entry:
                ground.write(path, item, ABSTRACT)
        return check.run([path], context=context)

    return run_


def errors(report):
    return [p for p in report.problems if p.severity == "error"]


def test_a_good_entry_passes(run):
    report = run()
    assert errors(report) == []
    assert (report.checked, report.passed, report.grounded) == (1, 1, 1)


def changed(old, new):
    assert old in ENTRY
    return ENTRY.replace(old, new)


@pytest.mark.parametrize(
    ("text", "line", "field", "found"),
    [
        (changed('pmid: "7"', 'pmid: "PMC77"'), 1, "pmid", "PMC id"),
        (changed("read: abstract", "read: title"), 2, "read", "title"),
        (changed("theme: resistance", "theme: resistence"), 8, "theme", "no theme"),
        (
            changed("direction: does_not_support", "direction: mixed"),
            11,
            "direction",
            "allowed are supports, does_not_support",
        ),
        (changed("study: phase 3", "study: phase 9"), 15, "study", "phase 9"),
        (changed("    study: phase 3\n", ""), 7, "study", "missing"),
        (changed("    n_unit: patients\n", ""), 7, "findings[1]", "stand together"),
        (changed('value: "1.04"', 'value: "9.04"'), 18, "effect", "outside its interval"),
        (changed("level: B", "level: Z"), 19, "level", "'Z'"),
        (changed("    level: B\n", "    level: B\n    colour: red\n"), 20, "colour", "no such field"),
        (changed("sentences: [1, 2]", "sentences: [0]"), 23, "sentences", "not a count"),
        (changed("curators: []", "curators: [0000-0002-1825-0098]"), 3, "curators", "check digit"),
    ],
)
def test_a_fault_is_named_with_line_field_and_remedy(run, text, line, field, found):
    problems = errors(run(text, grounded=False))
    assert [p for p in problems if p.line == line and field in p.field and found in str(p) and p.remedy], list(
        map(str, problems)
    )


@pytest.mark.parametrize(
    ("text", "field", "found"),
    [
        (changed("therapies: [venetoclax]", "therapies: [venetoklax]"), "therapies", "no term of ours"),
        (changed("Among 94", "Among 96"), "claim", "96"),
        (changed("n: 94", "n: 49"), "n", "49"),
        (changed('"1.04"', '"1.05"'), "effect", "1.05"),
        (changed("venetoclax did not lengthen", "midostaurin did not lengthen"), "claim", "midostaurin"),
        (changed("therapies: [venetoclax]", "therapies: [midostaurin]"), "therapies", "midostaurin"),
        (changed("with AML, venetoclax", "with AML and CD34+CD38+ cells, venetoclax"), "claim", "CD34+"),
        (changed("with AML, venetoclax", "with AML, unlike FLT3, venetoclax"), "claim", "FLT3"),
        (changed("sentences: [1, 2]", "sentences: [1, 9]"), "support", "sentence 9 of 3"),
        (changed("Among 94 patients with AML, venetoclax did not lengthen survival.",
                 "Venetoclax did not prolong survival (hazard ratio 1.04; 95% CI, in 94 with AML."), "claim", "words in a row"),
    ],
)  # fmt: skip
def test_a_claim_that_its_source_does_not_bear_out_is_refused(run, text, field, found):
    problems = errors(run(text))
    assert [p for p in problems if field in p.field and found in str(p)], list(map(str, problems))


def test_a_lost_negation_is_a_warning_for_the_second_reader(run):
    report = run(changed("did not lengthen", "lengthened"))
    assert [p for p in report.problems if p.severity == "warning" and "a sentence denies" in p.found]


def test_sign_flip_is_caught(run):
    text = changed("Among 94 patients with AML, venetoclax did not lengthen survival.",
                   "CD34+CD38+ cells survived in 34% of patients; venetoclax did not help AML.").replace("[1, 2]", "[1, 2, 3]")  # fmt: skip
    assert [p for p in errors(run(text)) if "CD38+" in p.found]


def test_wrong_file_name_and_format_say_how_to_mend(run):
    problems = errors(run(name="smith-2020-7.yaml"))
    assert "git mv it to doe-2020-7.yaml" in str(problems[0])
    assert "check.py --fix" in str(errors(run(changed("study: phase 3", 'study: "phase 3"'), grounded=False)))


def test_fix_writes_the_canonical_form(tmp_path, context, run):
    path = tmp_path / "doe-2020-7.yaml"
    run()
    good = path.read_text()
    path.write_text(good.replace("study: phase 3", 'study: "phase 3"'))
    assert check.run([path], fix=True, context=context).good
    assert path.read_text() == good


def test_a_paper_twice_and_a_retracted_paper(tmp_path, context, run):
    run()
    (tmp_path / "doe-2020-7-copy.yaml").write_text((tmp_path / "doe-2020-7.yaml").read_text())
    report = check.run([tmp_path], context=context)
    assert [p for p in errors(report) if "is also in" in p.found]
    context.corpus.records["7"] = Record(**{**{f: getattr(context.corpus.records["7"], f) for f in
                                               ("pmid", "title", "date", "authors", "abstract")},
                                            "standing": (Notice("RetractionIn", "8"),)})  # fmt: skip
    assert [p for p in check.run([tmp_path / "doe-2020-7.yaml"], context=context).problems if "retracted" in p.found]


def test_zero_checked_is_a_failure(tmp_path, context):
    report = check.run([tmp_path], context=context)
    assert not report.good
    assert "nothing to check" in report.summary()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\na: 2\n", "twice"),
        ("a: &x 1\nb: *x\n", "anchor"),
        ("a: !!python/object/apply:os.system [id]\n", "tag"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("%YAML 1.2\n---\na: 1\n", "directive"),
        ("a: \u200bx\n", "U+200B"),
        ("a: \u202ex\n", "U+202E"),
        ("a: \x07\n", "U+0007"),
        ("a: [1\n", "not YAML"),
        ("? [a]\n: b\n", "not a word"),
        ("", "empty file"),
        ("x: " + "[" * 40 + "]" * 40, "levels"),
        ("a: " + "x" * 70_000, "more than"),
    ],
)
def test_hostile_yaml_is_refused(text, found):
    with pytest.raises(YamlRefused, match=found.replace("+", r"\+")):
        yaml_text.read_text(text)


def test_words_stay_words():
    assert yaml_text.read_text("a: -7\nb: NO\nc: 3.10\nd: 2026-11-24\n").plain() == {
        "a": "-7", "b": "NO", "c": "3.10", "d": "2026-11-24"}  # fmt: skip


def test_a_symbolic_link_and_foreign_bytes_are_refused(tmp_path):
    (tmp_path / "a.yaml").write_text(ENTRY)
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    (tmp_path / "c.yaml").write_bytes(b"a: \xff\n")
    assert "symbolic link" in store.parse(tmp_path / "b.yaml").problems[0].found
    assert "not UTF-8" in store.parse(tmp_path / "c.yaml").problems[0].found


def test_canonical_form_reads_back_the_same():
    plain = yaml_text.read_text(ENTRY).plain()
    again = yaml_text.read_text(yaml_canonical.dump(plain)).plain()
    assert again == plain


@given(st.text("ab1 -?:,.[]{}#&*!|>'\"%@`<=+/()≥é²\\~;^$_\xa0", min_size=1, max_size=6))
def test_every_word_reads_back_whatever_stands_around_it(word):
    text = yaml_canonical.dump({"pmid": word, "curators": [word, word], "findings": [{"expression": {"LSC": word}}]})
    for loader in (yaml.BaseLoader, yaml_nodes.LOADER):
        again = yaml.load(text, Loader=loader)  # noqa: S506
        assert again == {"pmid": word, "curators": [word, word], "findings": [{"expression": {"LSC": word}}]}


def test_github_annotations_cannot_carry_commands():
    problem = store.Problem("a.yaml", 3, "claim", "x\n::set-output name=a::b", "y")
    line = check.github_line(problem)
    assert "\n" not in line
    assert line.startswith("::error file=a.yaml,line=3")


def test_every_theme_has_a_model_with_the_fields_of_the_table():
    for theme in fields.THEMES:
        table = {f.name for f in fields.fields_of(theme.name)}
        assert set(model.model_of(theme.name, None).model_fields) == table
        assert set(model.model_of(theme.name, "context").model_fields) == table


def test_curator_is_never_reviewer():
    orcid = "0000-0002-1825-0097"
    with pytest.raises(ValueError, match="another person"):
        model.Entry(pmid="7", read="abstract", curators=(orcid,), reviewers=(orcid,), added="2026-01-01", findings=(books.finding(),))


def test_messages_come_as_json(run):
    report = run(changed("study: phase 3", "study: phase 9"), grounded=False)
    assert json.dumps([vars(p) for p in report.problems])


def test_a_list_that_must_name_something_says_so_once(run):
    empty = errors(run(changed("diseases: [AML]", "diseases: []"), grounded=False))
    assert [(p.field, p.found, p.line) for p in empty] == [("findings[1].diseases", "empty", 14)]
    bad = errors(run(changed("diseases: [AML]", 'diseases: ["<b>"]'), grounded=False))
    assert [p.field for p in bad] == ["findings[1].diseases[1]"]


def test_fix_says_which_comments_it_does_not_keep(tmp_path, context, run):
    path = tmp_path / "doe-2020-7.yaml"
    run()
    good = path.read_text()
    path.write_text("# ask the authors\n" + good.replace("study: phase 3", "study: phase 3  # or 2?"))
    report = check.run([path], fix=True, context=context)
    dropped = [p for p in report.problems if "comments dropped" in p.found]
    assert [(p.line, p.severity, p.found) for p in dropped] == [
        (1, "warning", "2 comments dropped, as '# ask the authors'")
    ]
    assert path.read_text() == good
    assert not [p for p in check.run([path], fix=True, context=context).problems if "comments" in p.found]


def test_fix_leaves_alone_what_it_cannot_read(tmp_path, context, run):
    path = tmp_path / "doe-2020-7.yaml"
    text = "# keep me\n" + ENTRY.replace("study: phase 3", "study: phase 9")
    path.write_text(text)
    assert not check.run([path], fix=True, context=context).good
    assert path.read_text() == text


def test_two_bad_files_are_both_told(tmp_path, context):
    (tmp_path / "a.yaml").write_text("a: [1\n")
    (tmp_path / "b.yaml").write_text(ENTRY.replace("study: phase 3", "study: phase 9"))
    (tmp_path / "c.txt").write_text(ENTRY)
    report = check.run([tmp_path], context=context)
    assert (report.checked, report.failed) == (3, 3)
    assert {p.path.rpartition("/")[2] for p in errors(report)} == {"a.yaml", "b.yaml", "c.txt"}


PASTED = "Venetoclax did not prolong survival (hazard ratio 1.04; 95% CI"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (changed("    level: B\n", f'    level: B\n    note: "{PASTED}"\n'), "note"),
        (changed("sentences: [1, 2]", f'full_text: "{PASTED}"'), "support.full_text"),
        (changed('p: "0.78"}', f'p: "0.78", comparison: "{PASTED}"}}'), "effect.comparison"),
        (changed("Among 94 patients with AML, venetoclax did not lengthen survival.", PASTED)
         .replace("sentences: [1, 2]", "full_text: page 3"), "claim"),
    ],
)  # fmt: skip
def test_a_pasted_sentence_is_refused_wherever_it_was_put(run, text, field):
    told = [p for p in errors(run(text)) if "words in a row" in p.found]
    assert [p.field for p in told] == [f"findings[1].{field}"]
