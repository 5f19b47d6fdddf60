"""Tables, their schemas, the workbook and the database of one small book, word for word, as somebody would write it by hand who knows the format."""

import csv
import hashlib
import io
import json
import re
import sqlite3

import openpyxl
import pytest

from lscbook import exports
from lscbook.exports import columns, database, package, spreadsheet
from tests import books, whole_book
from tests.whole_book import BASE, CC_BY, CITE, CURATOR, OFFERED, READER, holds


@pytest.fixture(scope="module")
def book():
    return whole_book.book()


def row(table, key, mark=","):
    return next(
        r
        for r in csv.DictReader(io.StringIO(spreadsheet.separated(table, mark)), delimiter=mark)
        if r[table.key] == key
    )


def test_a_row_of_the_papers(book):
    assert row(columns.papers(book), "77") == {
        "paper": "77", "pmid": "77", "doi": "10.1000/x", "pmcid": "PMC7", "first_author": "Doe",
        "authors": '["Doe JS Jr","The Group"]', "authors_complete": "true", "year": "2014", "date": "2014-03-02",
        "journal": "J Test", "volume": "3", "issue": "2", "pages": "10-12", "title": "A trial.", "types": '["Journal Article"]',
        "standing": "corrected", "standing_asked": "2015-01-01", "reference_lacks": "", "notices": '["ErratumIn 2015-01-01 PMID 78 J Test. 2015"]', "findings": "2", "supports": "1",
        "does_not_support": "1", "inconclusive": "0", "context": "0", "themes": '["evolution","target"]', "read": "abstract", "curators": f'["{CURATOR}"]',
        "reviewers": f'["{READER}"]', "added": "2026-01-02", "cite": "Doe and The Group 2014",
        "source": "https://pubmed.ncbi.nlm.nih.gov/77/", "page": f"{BASE}papers/77.html",
    }  # fmt: skip
    pending = row(columns.papers(book), "10.1000/p.1")
    holds(pending, {"pmid": "", "year": "", "authors": "", "authors_complete": "false", "standing": "retracted",
                    "notices": '["RetractionIn Crossref"]', "findings": "1", "supports": "1", "does_not_support": "0"})  # fmt: skip


def test_a_row_of_the_findings(book):
    holds(row(columns.findings(book), "77/1"), {
        "reference": "77/1", "paper": "77", "pmid": "77", "doi": "10.1000/x", "first_author": "Doe", "year": "2014",
        "journal": "J Test", "title": "A trial.", "standing": "corrected", "theme": "evolution", "claim": "It came first.",
        "direction": "supports", "level": "B", "lesions": '["+8"]', "genes": '["TP53"]', "cohort": '["NCT00000001"]',
        "note": "Small.", "support_sentences": "[2]", "support_title": "false", "support_full_text": "",
        "abstract_digest": f"sha256:{'a' * 16}", "support_digest": f"sha256:{'b' * 16}", "read": "abstract", "read_twice": "true",
        "curators": f'["{CURATOR}"]', "reviewers": f'["{READER}"]', "added": "2026-01-02",
        "page": f"{BASE}papers/77.html#f-77-1",
    })  # fmt: skip
    holds(row(columns.findings(book), "77/2", "\t"), {"direction": "does_not_support", "read_twice": "false", "lesions": "",
          "support_sentences": "", "support_full_text": "page 4", "abstract_digest": ""})  # fmt: skip


def test_the_screening(book):
    assert spreadsheet.separated(columns.screening(book), "\t") == (
        "pmid\tdecision\treason\tdate\tnote\n77\tinclude\tanswers a theme\t2026-01-01\t\n78\texclude\tother disease\t2026-01-02\tCLL\n"
    )


def test_an_interval_has_a_level_and_no_interval_has_none():
    with_interval = {"measure": "HR", "value": "0.5", "ci": ["0.3", "0.8"], "ci_level": "99", "p": "<0.01"}
    without = {"measure": "percent", "value": "38", "comparison": "drug against none"}
    found = [books.finding(1, effect=with_interval), books.finding(2, effect=without), books.finding(3)]
    table = columns.findings(books.book((books.entry("1", found), books.record())))
    holds(row(table, "1/1"), {"effect_measure": "HR", "effect_value": "0.5", "effect_ci_low": "0.3", "effect_ci_high": "0.8",
                              "effect_ci_level": "99", "effect_p": "<0.01", "effect_comparison": ""})  # fmt: skip
    holds(row(table, "1/2"), {"effect_measure": "percent", "effect_value": "38", "effect_ci_low": "", "effect_ci_high": "",
                              "effect_ci_level": "", "effect_comparison": "drug against none"})  # fmt: skip
    holds(row(table, "1/3"), {"effect_measure": "", "effect_value": "", "effect_ci_level": ""})


KINDS = {
    "paper": "string", "pmid": "string", "doi": "string", "pmcid": "string", "first_author": "string", "authors": "array",
    "authors_complete": "boolean", "year": "year", "date": "string", "journal": "string", "volume": "string",
    "issue": "string", "pages": "string", "title": "string", "types": "array", "standing": "string", "standing_asked": "string", "reference_lacks": "array", "notices": "array",
    "findings": "integer", "supports": "integer", "does_not_support": "integer", "inconclusive": "integer",
    "context": "integer", "themes": "array", "read": "string",
    "curators": "array", "reviewers": "array", "added": "date", "cite": "string", "source": "string", "page": "string",
}  # fmt: skip


STATES = [
    "not asked",
    "stands",
    "updated",
    "reinstated",
    "corrected",
    "preprint",
    "expression of concern",
    "partly retracted",
    "retracted",
]


def test_the_table_schema_of_the_papers(book):
    schema = package.schema(columns.papers(book))
    assert (schema["primaryKey"], schema["missingValues"]) == ("paper", [""])
    assert {field["name"]: field["type"] for field in schema["fields"]} == KINDS
    assert all(field["description"].endswith(".") or field["description"].endswith("?") for field in schema["fields"])
    rules = {field["name"]: field.get("constraints") for field in schema["fields"]}
    assert rules["paper"] == {"required": True, "unique": True}
    assert rules["standing"] == {"required": True, "enum": STATES}
    assert rules["pmid"] is None
    assert {name for name, rule in rules.items() if rule and rule.get("required")} == {
        "paper", "title", "standing", "findings", "supports", "does_not_support", "inconclusive", "context", "read", "added", "source", "page"}  # fmt: skip
    assert [name for name, rule in rules.items() if rule and rule.get("unique")] == ["paper"]


def test_the_table_schema_of_the_findings(book):
    by_name = {field["name"]: field for field in package.schema(columns.findings(book))["fields"]}
    assert by_name["reference"]["constraints"] == {"required": True, "unique": True}
    for name, kind in (("n", "integer"), ("effect_value", "number"), ("effect_ci_low", "number"), ("lesions", "array"),
                       ("read_twice", "boolean"), ("added", "date"), ("claim", "string"), ("support_sentences", "array")):  # fmt: skip
        assert by_name[name]["type"] == kind, name
    assert {name for name, field in by_name.items() if field.get("constraints", {}).get("required")} >= {
        "reference", "paper", "title", "standing", "theme", "claim", "study", "read", "added", "page"}  # fmt: skip
    assert "constraints" not in by_name["note"]
    lists = [field for field in by_name.values() if field["type"] == "array" and "arrayItem" in field]
    assert lists
    for field in lists:
        assert field["arrayItem"]["type"] == "string"
        assert field["arrayItem"]["constraints"]["enum"]
        assert "enum" not in field.get("constraints", {})


def test_the_table_schema_of_the_screening(book):
    fields = {field["name"]: field for field in package.schema(columns.screening(book))["fields"]}
    assert fields["decision"]["constraints"] == {"required": True, "enum": ["include", "exclude"]}
    assert fields["date"]["type"] == "date"
    assert fields["reason"]["constraints"]["enum"][0] == "answers a theme"
    assert "other disease" in fields["reason"]["constraints"]["enum"]
    # who was judged, how and why is always said; when, and what else there is to say, is not
    assert {name for name, field in fields.items() if field.get("constraints", {}).get("required")} == {
        "pmid", "decision", "reason"}  # fmt: skip


def test_the_data_package(book):
    table = columns.screening(book)
    files = {"screening.tsv": (table, b"x\n"), "papers.csv": (columns.papers(book), b"")}
    told = json.loads(package.package(book, files))
    one, other = told.pop("resources")
    assert told == {
        "profile": "data-package", "name": "lsc-evidence-book", "title": "Test Book", "description": "A book for tests.",
        "version": "0.0.1", "created": "2026-01-03T00:00:00Z", "keywords": ["stem cell"],
        "licenses": [{"name": "CC-BY-4.0", "path": CC_BY, "title": "Creative Commons Attribution 4.0 International"}],
        "contributors": [{"title": "The testers", "role": "author"}],
        "sources": [{"title": "PubMed, U.S. National Library of Medicine", "path": "https://pubmed.ncbi.nlm.nih.gov/"}],
    }  # fmt: skip
    assert {name: value for name, value in one.items() if name != "schema"} == {
        "profile": "tabular-data-resource", "name": "screening-tsv", "path": "screening.tsv",
        "title": "One row a paper that was judged", "format": "tsv", "mediatype": "text/tab-separated-values",
        "encoding": "utf-8", "bytes": 2, "hash": f"sha256:{hashlib.sha256(b'x' + bytes([10])).hexdigest()}",
        "dialect": {"delimiter": "\t", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "licenses": [{"name": "CC-BY-4.0", "path": CC_BY, "title": "Creative Commons Attribution 4.0 International"}],
    }  # fmt: skip
    holds(other, {"format": "csv", "mediatype": "text/csv", "name": "papers-csv"})
    assert other["dialect"]["delimiter"] == ","


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("  =1", "  '=1"), ("+8", "+8"), ("-7", "-7"), ("-1+cmd|x", "'-1+cmd|x"),
     ("+HYPERLINK(1)", "'+HYPERLINK(1)"), ("a;=1", "a;'=1"), ("a,@b", "a,'@b"), ('a"=b', "a\"'=b"), ("a = b", "a = b"),
     ("-7/del(7q)", "-7/del(7q)"), ("+inv(16)", "+inv(16)"), ("+t(8;21)", "+t(8;21)"), ("two\nlines", "two lines"), ("", ""),
     ("\x00=1", " '=1")],
)  # fmt: skip
def test_what_would_run_gets_an_apostrophe_and_nothing_else_does(text, cell):
    assert spreadsheet.guarded(text) == cell


def test_the_workbook_says_what_it_is(book):
    made = exports.everything(book)["data/findings.xlsx"]
    sheets = openpyxl.load_workbook(io.BytesIO(made))
    assert sheets.sheetnames == ["findings", "papers", "screening", "about"]
    about = {line[0].value: line[1].value for line in sheets["about"].iter_rows()}
    holds(about, {"title": "Test Book", "version": "0.0.1", "as_of": "2026-01-03", "licence": CC_BY, "cite": CITE})
    assert about["papers.year"] == "Year of publication."
    papers = sheets["papers"]
    assert (papers.freeze_panes, papers.auto_filter.ref) == ("B2", f"A1:{papers.cell(3, papers.max_column).coordinate}")
    head = [cell.value for cell in papers[1]]
    assert head[:3] == ["paper", "pmid", "doi"]
    line = dict(zip(head, next(r for r in papers.iter_rows(min_row=2) if r[0].value == "77"), strict=True))
    assert (line["year"].value, line["year"].data_type) == (2014, "n")
    assert (line["pmid"].value, line["pmid"].data_type) == ("77", "s")
    assert (line["authors"].value, line["authors_complete"].value) == ("Doe JS Jr; The Group", "true")
    assert sheets.properties.created.isoformat() == "2026-01-03T00:00:00"


@pytest.fixture(scope="module")
def base(book):
    opened = sqlite3.connect(":memory:")
    opened.deserialize(database.database(book, columns.tables_of(book)))
    return opened


def test_the_tables_of_the_database(base):
    ask = lambda text: base.execute(text).fetchall()
    assert ask("SELECT name, value FROM about ORDER BY name") == [
        ("as_of", "2026-01-03"), ("cite", CITE), ("statement", ""), ("title", "Test Book"), ("version", "0.0.1")]  # fmt: skip
    assert ask("SELECT * FROM notices ORDER BY paper") == [
        ("10.1000/p.1", "RetractionIn", "", "Crossref", ""), ("77", "ErratumIn", "78", "J Test. 2015", "2015-01-01")]  # fmt: skip
    assert ask("SELECT * FROM finding_terms WHERE reference = '77/1'") == [
        ("77/1", "diseases", "diseases", "AML"), ("77/1", "genes", "genes", "TP53"), ("77/1", "lesions", "lesions", "+8")]  # fmt: skip
    assert ask("SELECT kind, id FROM finding_terms WHERE reference = '77/2' AND field = 'target'") == [
        ("targets", "CD123")
    ]
    assert ask("SELECT name FROM vocabulary WHERE kind = 'diseases' AND id = 'AML'") == [("acute myeloid leukemia",)]
    assert ask("SELECT name FROM vocabulary WHERE kind = 'targets' AND id = 'BCL2'") == [("BCL2",)]
    assert ask("SELECT json_extract(facts, '$.mondo') FROM vocabulary WHERE id = 'AML'") == [("MONDO:0018874",)]
    assert ask("SELECT value FROM vocabulary, json_each(synonyms) WHERE vocabulary.id = 'AML' AND value = 'AMLs'") == [
        ("AMLs",)
    ]
    assert ask("SELECT year, typeof(year), authors_complete, authors FROM papers WHERE paper = '77'") == [
        (2014, "integer", 1, '["Doe JS Jr","The Group"]')]  # fmt: skip
    assert ask("SELECT pmid, year FROM papers WHERE paper = '10.1000/p.1'") == [(None, None)]
    assert ask("SELECT pmid, decision FROM screening") == [("77", "include"), ("78", "exclude")]


def test_the_columns_of_the_database(base):
    told = {name: (kind, missing, key) for _, name, kind, missing, _, key in base.execute("PRAGMA table_info(papers)")}
    assert told["paper"] == ("TEXT", 1, 1)
    assert told["year"] == ("INTEGER", 0, 0)
    assert told["findings"] == ("INTEGER", 1, 0)
    assert told["authors_complete"][0] == "INTEGER"
    of_findings = {name: kind for _, name, kind, *_ in base.execute("PRAGMA table_info(findings)")}
    assert (of_findings["effect_value"], of_findings["n"], of_findings["claim"]) == ("REAL", "INTEGER", "TEXT")
    assert base.execute("PRAGMA page_size").fetchone() == (4096,)


def test_the_expression_of_a_marker_has_a_column_a_population():
    found = books.finding(1, "identity", expression={"LSC": "high", "HSC": "low"})
    table = columns.findings(books.book((books.entry("1", [found]), books.record())))
    holds(row(table, "1/1"), {"expression_lsc": "high", "expression_hsc": "low", "expression_blasts": ""})
    told = {column.name: column.help for column in table.columns if column.name.startswith("expression_")}
    assert told["expression_lsc"] == "Expression on LSC, where told."


def test_every_column_says_in_a_sentence_what_it_is(book):
    for table in columns.tables_of(book):
        for column in table.columns:
            assert re.fullmatch(r"(?:[A-Z0-9]|[a-z]+: |p value).*[.?…]", column.help), (
                table.name,
                column.name,
                column.help,
            )


def test_every_file_that_is_offered_has_its_media_type_and_its_licence_and_is_there(book):
    assert {file.path: (file.media, file.licence) for file in exports.FILES} == OFFERED
    assert all(re.fullmatch(r"[A-Z].*[^.]", file.purpose) for file in exports.FILES)
    made = exports.everything(book)
    assert set(OFFERED) <= set(made)
    assert {path.rpartition("/")[0] for path in made} >= {"data", "data/papers", "data/schema"}
    graph = json.loads(made["data/book.jsonld"])["@graph"]
    (told,) = [node["distribution"] for node in graph if node.get("@type") == "Dataset"]
    assert {d["contentUrl"].removeprefix("../"): d["encodingFormat"] for d in told} == {
        path: media for path, (media, _) in OFFERED.items() if path != "data/book.jsonld"
    }  # fmt: skip
    for d in told:
        data = made[d["contentUrl"].removeprefix("../")]
        assert (d["contentSize"], d["sha256"]) == (str(len(data)), hashlib.sha256(data).hexdigest())


def test_a_workbook_writes_lists_counts_and_words_each_in_its_way(book):
    found = books.finding(1, claim="One\nclaim.", lesions=["+8", "-7"], n="12", n_unit="patients")
    made = exports.everything(books.book((books.entry("1", [found]), books.record("1"))))["data/findings.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(made))["findings"]
    head, line = (list(row) for row in sheet.iter_rows(max_row=2))
    row = {name.value: cell for name, cell in zip(head, line, strict=True)}
    assert (row["lesions"].value, row["lesions"].data_type) == ("+8; -7", "s")
    assert (row["n"].value, row["n"].data_type) == (12, "n")
    assert (row["claim"].value, row["read_twice"].value, row["note"].value) == ("One claim.", "false", None)
    assert {name: sheet.column_dimensions[row[name].column_letter].width > 30 for name in ("title", "claim", "note", "pmid")} == {
        "title": True, "claim": True, "note": True, "pmid": False,
    }  # fmt: skip


# The themes that have a field, by the field; a column of every finding names none.
ON = {
    "evolution": ["lesions", "order", "cells", "before", "exclusive", "exclusive_in"],
    "identity": ["subjects", "contrast", "relative", "fraction", "frequency"],
    "identity, surveillance": ["assay"],
    "resistance": ["mechanism", "escaped", "acquisition", "process"],
    "surveillance": ["contrast_kind", "contrast_of", "contrast_against", "time_point", "threshold"],
    "surveillance, target": ["end_point"],
    "target": ["target", "agents", "partners", "comparator", "modality", "aspect", "stage", "outcome", "hsc_effect"],
}  # fmt: skip


def test_a_column_of_some_themes_says_of_which(book):
    told = {
        c.name: m[1] for c in columns.findings(book).columns if (m := re.search(r" Findings on ([a-z, ]+)\.$", c.help))
    }
    assert told == {name: themes for themes, names in ON.items() for name in names}
