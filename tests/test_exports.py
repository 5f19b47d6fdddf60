"""What the site offers to machines: read again by other programs, hostile values, same bytes."""

import csv
import functools
import hashlib
import http.server
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace

import frictionless
import openpyxl
import pandas as pd
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pybtex.database import parse_string
from pyld import jsonld

from lscbook import exports, paths
from lscbook.evidence import fields, model
from lscbook.exports import columns, database, documents, linked, package, references, spreadsheet
from lscbook.pubmed.record import Author, Notice, Record
from tests import books


@pytest.fixture(scope="module")
def files(book):
    return exports.everything(book)


@pytest.fixture(scope="module")
def folder(book, tmp_path_factory):
    target = tmp_path_factory.mktemp("site")
    exports.write_all(target, book)
    return target


def flat(made, mark=","):
    return spreadsheet.separated(columns.findings(made), mark)


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", "\t"])
@pytest.mark.parametrize("options", [{}, {"dtype": str, "keep_default_na": False}])
def test_words_come_through_pandas_unchanged(mark, options):
    frame = pd.read_csv(io.StringIO(flat(books.hostile(), mark)), sep=mark, **options)
    for _, row in frame.iterrows():
        assert tuple(json.loads(row.lesions)) == books.WORDS[:2]
        assert tuple(json.loads(row.genes)) == books.WORDS[2:]
        assert tuple(json.loads(row.cohort)) == books.WORDS


def test_every_value_comes_through_pandas_unchanged(book):
    table = columns.findings(book)
    frame = pd.read_csv(io.StringIO(flat(book)), dtype=str, keep_default_na=False)
    assert list(frame.columns) == [c.name for c in table.columns]
    assert len(frame) == len(book.evidence.findings)
    for row, read in zip(table.rows, frame.itertuples(index=False), strict=True):
        for column, value, text in zip(table.columns, row, read, strict=True):
            if isinstance(value, tuple | list):
                assert json.loads(text) == list(value), column.name
            elif isinstance(value, bool) or value is None:
                assert text == {True: "true", False: "false", None: ""}[value]
            else:
                assert text == str(value), column.name


def runs_as_formula(cell):
    """What a spreadsheet would run: not our rule, but the list of OWASP, less numbers, words and karyotypes."""
    text = cell.strip()
    if text[:1] in set("=@＝＠"):
        return True
    return text[:1] in set("+-−＋－") and bool(re.search(r"[|!]|\b(?!del|der)[A-Za-z]{2,}\(", text))


@pytest.mark.parametrize("mark", [",", "\t"])
@pytest.mark.parametrize("read_with", [",", ";", "\t"])
def test_no_formula_survives_in_a_table_whatever_the_spreadsheet_splits_at(mark, read_with):
    """An Excel of another country splits at semicolons, and so finds cells within cells."""
    rows = list(csv.reader(io.StringIO(flat(books.hostile(), mark)), delimiter=read_with))
    assert len(rows) > len(books.FORMULAS)
    assert [c for row in rows for c in row if runs_as_formula(c)] == []


def test_the_detector_of_formulas_finds_them():
    """The test above could not fail if this one did."""
    assert all(runs_as_formula(re.split(r"[;,\t]", title)[-1 if "Stem" in title else 0].strip(' "') or "=")
               for title in books.FORMULAS if not title.startswith("\t") and '";"' not in title)  # fmt: skip
    assert not any(runs_as_formula(title) for title in books.HONEST)


def test_honest_text_is_not_touched_and_hostile_text_is():
    assert [spreadsheet.guarded(t) for t in books.HONEST] == list(books.HONEST)
    assert [t for t in books.FORMULAS if spreadsheet.guarded(t) == t] == []


@given(st.text(alphabet=st.sampled_from("=@+-−＝ ;,\t\"'|!(a7A)\n"), max_size=12))
def test_no_text_begins_a_formula(text):
    guarded = spreadsheet.guarded(text)
    for part in re.split(r'[;,\t"]', guarded):
        assert part.strip()[:1] not in set("=@＝＠") or not part.strip()
    assert guarded.replace("'", "").split() == text.replace("'", "").split()  # nothing else was changed


def test_no_paper_of_this_snapshot_needs_an_apostrophe(book):
    """The page Data says so."""
    texts = [v for t in columns.tables_of(book) for row in t.rows for v in row if isinstance(v, str)]
    assert len(texts) > 1000
    assert [t for t in texts if spreadsheet.guarded(t) != t] == []


@pytest.mark.parametrize("make", [books.hostile, None])
def test_the_workbook_has_words_and_no_formula(make, book):
    made = make() if make else book
    tables = columns.tables_of(made)
    read = openpyxl.load_workbook(io.BytesIO(spreadsheet.workbook(tables, [("a", "=1")], made.as_of)))
    assert read.sheetnames == ["findings", "papers", "screening", "about"]
    cells = [c for sheet in read for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n"}
    for table in tables:
        for place, column in enumerate(table.columns, start=1):
            for line, row in enumerate(table.rows, start=2):
                got, value = read[table.name].cell(line, place), row[place - 1]
                if value is None:
                    assert got.value is None
                elif column.kind in {columns.Kind.INTEGER, columns.Kind.YEAR}:
                    assert got.value == value
                else:
                    assert (got.data_type, got.number_format) == ("s", "@"), column.name
                    if isinstance(value, tuple | list):
                        assert got.value == "; ".join(map(str, value))


def test_each_field_of_the_one_table_has_its_column():
    made = {c.name: c for c in columns.findings(books.book((books.entry(), books.record()))).columns}
    for theme in fields.THEMES:
        for field in fields.fields_of(theme.name):
            own = [c for name, c in made.items() if name == field.name or name.startswith(f"{field.name}_")]
            assert own or field.name == "id", field.name
            if field.allowed and field.type is not fields.Type.POPULATIONS:
                assert set(field.allowed) <= set(made[field.name].allowed), field.name


# --- data package ---------------------------------------------------------------------------------


def test_the_data_package_validates(folder):
    described = json.loads((folder / "data/datapackage.json").read_text())
    listed = {resource["path"] for resource in described["resources"]}
    assert listed == {f.path.removeprefix("data/") for f in exports.FILES if f.path.endswith(("csv", "tsv"))}
    for resource in described["resources"]:
        data = (folder / "data" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    report = frictionless.validate(str(folder / "data/datapackage.json"))
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "note"])[:5]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("direction", "perhaps", "constraint"), ("n", "many", "type"), ("cells", '["moon"]', "constraint"),
     ("claim", "", "constraint")],
)  # fmt: skip
def test_the_table_schema_finds_a_planted_fault(tmp_path, field, value, said):
    table = columns.findings(books.hostile())
    frame = pd.read_csv(io.StringIO(spreadsheet.separated(table)), dtype=str, keep_default_na=False)
    frame.loc[2, field] = value
    frame.to_csv(tmp_path / "findings.csv", index=False, lineterminator="\n")
    schema = frictionless.Schema.from_descriptor(package.schema(table))
    report = frictionless.Resource(path="findings.csv", basepath=str(tmp_path), schema=schema).validate()
    assert [(row, name) for row, name, _ in report.flatten(["rowNumber", "fieldName", "type"])] == [(4, field)]
    assert said in report.flatten(["type"])[0][0]


# --- JSON and JSON-LD -----------------------------------------------------------------------------


def test_the_json_is_the_model(book, files):
    told = json.loads(files["data/findings.json"])["findings"]
    assert told == [json.loads(line) for line in files["data/findings.jsonl"].decode().splitlines()]
    assert len(told) == len(book.evidence.findings)
    beside = {"reference", "page", "read_twice", "second_readings", "entry", "paper"}
    for one, located in zip(told, book.evidence.findings, strict=True):
        own = {k: v for k, v in one.items() if k not in beside}
        assert model.model_of(own["theme"], own.get("role")).model_validate(own) == located.finding
        assert one["paper"]["title"] == located.record.title
        assert "text" not in one["paper"]


def test_each_paper_has_its_document(book, files):
    made = {p: json.loads(d) for p, d in files.items() if p.startswith(exports.PAPERS)}
    assert len(made) == len(book.evidence.entries)
    assert sum(len(d["findings"]) for d in made.values()) == len(book.evidence.findings)
    assert {d["paper"]["key"] for d in made.values()} == set(book.evidence.entries)


def test_every_notice_travels_with_a_paper():
    told = {
        "1": {"notices": [{"type": "RetractionIn", "date": "2025-05-01", "source": "Crossref"}], "told": "2025-06-01"}
    }
    made = books.book((books.entry(), books.record(standing=(Notice("ErratumIn", "7", "Test J. 2015"),))), notices=told)
    paper = json.loads(documents.findings_lines(made))["paper"]
    assert paper["standing"] == "retracted"
    assert [n["type"] for n in paper["notices"]] == ["ErratumIn", "RetractionIn"]
    row = next(csv.DictReader(io.StringIO(flat(made))))
    assert row["standing"] == "retracted"


def no_network(url, _options):
    raise AssertionError(f"the JSON-LD needs {url}")


SCHEMA = "https://schema.org/"
NP = "http://www.nanopub.org/nschema#"
PROV = "http://www.w3.org/ns/prov#"


def test_the_json_ld_expands_without_a_network(book, files):
    document = json.loads(files["data/book.jsonld"])
    options = {"base": "https://example.org/book/data/book.jsonld", "documentLoader": no_network}
    nodes = jsonld.expand(document, options)
    heads = [n for n in nodes if n.get("@type") == [f"{NP}Nanopublication"]]
    assert len(heads) == len(book.evidence.findings)
    graphs = {n["@id"] for n in nodes if "@graph" in n}
    for head in heads:
        parts = {head[NP + name][0]["@id"] for name in ("hasAssertion", "hasProvenance", "hasPublicationInfo")}
        assert len(parts) == 3
        assert parts <= graphs
    assert all(re.match(r"https?://", n["@id"]) for n in nodes)
    (dataset,) = [n for n in nodes if n.get("@type") == [f"{SCHEMA}Dataset"]]
    assert dataset[SCHEMA + "dateModified"][0]["@value"] == book.as_of
    for download in dataset[SCHEMA + "distribution"]:
        path = download[SCHEMA + "contentUrl"][0]["@id"].removeprefix("https://example.org/book/")
        assert download[SCHEMA + "sha256"][0]["@value"] == hashlib.sha256(files[path]).hexdigest()


def test_each_assertion_tells_paper_reader_and_digest():
    orcid = "0000-0002-1825-0097"
    grounding = {"abstract": "a" * 16, "spans": [["1", "9"]], "sha256": "b" * 16}
    found = books.finding(lesions=["+8"], support={"sentences": ["2"], "grounding": grounding})
    made = books.book((books.entry("77", [found], curators=[orcid]), books.record("77")), base="https://example.org/b/")
    document = json.loads(linked.linked_data(made, []))
    rdf = jsonld.to_rdf(document, {"documentLoader": no_network})
    page = "https://example.org/b/papers/77.html#f-77-1"
    said = {(t["predicate"]["value"], t["object"]["value"]) for t in rdf[f"{page}-provenance"]}
    assert (f"{PROV}wasDerivedFrom", "https://pubmed.ncbi.nlm.nih.gov/77/") in said
    assert (f"{PROV}wasAttributedTo", f"https://orcid.org/{orcid}") in said
    assert (f"{SCHEMA}value", "b" * 16) in said
    about = {t["object"]["value"] for t in rdf[f"{page}-assertion"] if t["predicate"]["value"] == f"{SCHEMA}about"}
    assert "https://example.org/b/lesions/plus-8.html" in about
    info = {(t["predicate"]["value"], t["object"]["value"]) for t in rdf[f"{page}-pubinfo"]}
    assert ("http://purl.org/dc/terms/created", "2026-01-02") in info


# --- database -------------------------------------------------------------------------------------


def opened(data, tmp_path):
    file = tmp_path / "evidence.sqlite"
    file.write_bytes(data)
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def test_the_database_is_whole_and_the_same_each_time(book, files, tmp_path):
    assert database.database(book, columns.tables_of(book)) == files["data/evidence.sqlite"]
    base = opened(files["data/evidence.sqlite"], tmp_path)
    count = lambda table: base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert count("findings") == len(book.evidence.findings)
    assert count("papers") == len(book.evidence.entries)
    assert count("screening") == len(book.decisions)
    assert count("vocabulary") == len(list(book.vocabulary))
    assert count("finding_terms") > count("findings")


def test_the_database_keeps_words(tmp_path):
    told = {"1": {"notices": [{"type": "ErratumIn", "source": "Crossref"}], "told": "2025-06-01"}}
    made = books.hostile(notices=told)
    base = opened(database.database(made, columns.tables_of(made)), tmp_path)
    assert base.execute("SELECT DISTINCT id FROM finding_terms WHERE field = 'lesions' ORDER BY id").fetchall() == [
        ("+8",),
        ("-7",),
    ]
    assert base.execute("SELECT DISTINCT value FROM findings, json_each(findings.genes) ORDER BY value").fetchall() == [
        (word,) for word in sorted(books.WORDS[2:])
    ]
    assert base.execute("SELECT title FROM papers WHERE paper = '1'").fetchone() == (books.FORMULAS[0],)
    assert base.execute("SELECT paper, type FROM notices").fetchall() == [("1", "ErratumIn")]


# --- references -----------------------------------------------------------------------------------


def plain(tex):
    """Our TeX read back; braces protect capitals."""
    for command, sign in ((r"\textbackslash", "\0"), (r"\textbraceleft", "\1"), (r"\textbraceright", "\2"),
                          (r"\textasciitilde", "~"), (r"\textasciicircum", "^")):  # fmt: skip
        tex = tex.replace(f"{{{command}}}", sign)
    tex = re.sub(r"\\([%&$#_])", r"\1", tex)
    assert "\\" not in tex
    return tex.replace("{", "").replace("}", "").translate({0: "\\", 1: "{", 2: "}"})


ODD = Record(
    pmid="9", title='50% of {x & $y_1 \\ ~^ <b> "q" #1, 10⁶ α.', journal="J {A} & B", date="2014-03", doi="10.1000/a_b(1)<2>#3",
    authors=(Author(collective="HOVON and SAKK & co"), Author("de la Cruz", "J-M"), Author("Öz", "ABC")), authors_complete=False,
)  # fmt: skip


def test_bibtex_comes_back_from_pybtex(book, files):
    parsed = parse_string(files["data/references.bib"].decode(), "bibtex").entries
    assert len(parsed) == len(book.evidence.entries)
    for record in book.evidence.records.values():
        read = parsed[references.citation_key(record)]
        assert plain(read.fields["title"]) == record.title.rstrip(".")
        assert read.fields.get("doi", "") == record.doi
        assert read.fields.get("pmid", "") == record.pmid
        assert len(read.persons.get("author", ())) == len(record.authors) + bool(
            record.authors and not record.authors_complete
        )


def test_odd_text_comes_back_from_bibtex_and_ris():
    (read,) = parse_string(references.bibtex(books.book(), ODD), "bibtex").entries.values()
    assert plain(read.fields["title"]) == ODD.title.rstrip(".")
    assert plain(read.fields["journal"]) == ODD.journal
    assert read.fields["doi"] == ODD.doi
    assert [plain(" ".join(p.last_names)) for p in read.persons["author"]] == [
        "HOVON and SAKK & co", "de la Cruz", "Öz", "others",
    ]  # fmt: skip
    (back,) = rispy.loads(references.ris(books.book(), ODD))
    assert (back["title"], back["doi"], back["accession_number"]) == (ODD.title.rstrip("."), ODD.doi, "9")
    assert back["authors"] == ["HOVON and SAKK & co", "de la Cruz, J-M", "Öz, A B C"]


def test_ris_comes_back_from_rispy(book, files):
    parsed = {r["id"]: r for r in rispy.loads(files["data/references.ris"].decode())}
    assert len(parsed) == len(book.evidence.entries)
    for record in book.evidence.records.values():
        read = parsed[references.citation_key(record)]
        assert read["title"] == record.title.rstrip(".")
        assert read.get("doi", "") == record.doi
        assert read.get("accession_number", "") == record.pmid
        assert len(read.get("authors", ())) == len(record.authors)


def test_a_reference_says_what_it_lacks_and_what_nobody_asked():
    cut = books.record(authors_complete=False, origin="list")
    bib, ris = references.bibtex(books.book(), cut), references.ris(books.book(), cut)
    assert "author = {Doe, J and others}" in bib
    assert "\n    note" not in bib  # a style would print it
    for text in (bib, ris):
        assert "And others. " in text or "N1  - And others." in text
        assert "Nobody has asked yet whether it still stands." in text
        assert "the source names only the first author; volume and pages are not known" in text
    whole = books.record(volume="1", pages="2-3", revised="2020-01-01")
    assert "annote" not in references.bibtex(books.book(), whole)
    assert "N1" not in references.ris(books.book(), whole)


def test_a_retracted_paper_says_so_in_a_reference():
    fallen = books.record(standing=(Notice("RetractionIn", "2"),))
    assert "note = {Retracted}" in references.bibtex(books.book(), fallen)
    assert rispy.loads(references.ris(books.book(), fallen))[0]["notes"][0] == "Retracted"


# --- the whole ------------------------------------------------------------------------------------


def test_another_process_writes_the_same_bytes(folder, tmp_path):
    code = ("import sys, pathlib; from lscbook import exports; from lscbook.synthesis.book import Book;"
            "exports.write_all(pathlib.Path(sys.argv[1]), Book.open())")  # fmt: skip
    other = tmp_path / "another place"
    subprocess.run(
        [sys.executable, "-c", code, str(other)], check=True, cwd=paths.ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    )  # fmt: skip
    digests = [
        {str(f.relative_to(where)): hashlib.sha256(f.read_bytes()).hexdigest() for f in where.rglob("*") if f.is_file()}
        for where in (folder, other)
    ]
    assert digests[0] == digests[1]
    assert {f.path for f in exports.FILES} <= set(digests[0])


def test_no_address_is_invented(folder, book, tmp_path):
    assert not (folder / "robots.txt").exists()
    assert not (folder / "sitemap.xml").exists()
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a page.html").write_text("x")
    exports.write_all(tmp_path, replace(book, base="https://example.org/lsc/"))
    assert "Sitemap: https://example.org/lsc/sitemap.xml" in (tmp_path / "robots.txt").read_text()
    site = etree.parse(str(tmp_path / "sitemap.xml"))
    assert [e.text for e in site.iter("{*}loc")] == ["https://example.org/lsc/book/a%20page.html"]
    first = next(csv.DictReader((tmp_path / "data/findings.csv").open(encoding="utf-8")))
    assert first["page"].startswith("https://example.org/lsc/papers/")


def test_llms_txt_tells_what_where_and_the_limits(book, files):
    told = files["llms.txt"].decode()
    assert told.startswith(f"# {book.citation.title}\n\n> ")
    assert f"Snapshot of {book.as_of}: {len(book.evidence.findings)} findings" in told
    for file in exports.FILES:
        assert f"]({file.path})" in told
    for column in columns.findings(book).columns:
        assert f"- `{column.name}`: " in told
    assert "## Limits" in told


def test_schemas_of_the_repository_are_offered(book, tmp_path):
    (tmp_path / "entry.schema.json").write_text("{}")
    assert exports.everything(book, schemas=tmp_path)["data/schema/entry.schema.json"] == b"{}"
    assert not any(p.startswith(exports.SCHEMAS) for p in exports.everything(book, schemas=tmp_path / "none"))


# --- the lines that the page Data shows -----------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def served(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def blocks(language):
    return re.findall(
        rf"^```{language}\n(.*?)^```$", (paths.BOOK / "data.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.mark.parametrize("command", blocks("sh"))
def test_the_shell_lines_count_the_findings(served, book, tmp_path, command):
    for program in ("curl", "sqlite3"):
        if program in command and not shutil.which(program):
            pytest.skip(f"no {program} on this machine")
    done = subprocess.run(
        ["sh", "-ec", command],
        check=False,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "SITE": served},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(len(book.evidence.findings))), done.stderr


def test_there_are_shell_lines():
    assert len(blocks("sh")) >= 3


def test_the_pandas_lines_count_findings_and_lesions(served, book, tmp_path):
    script = f"SITE = {served!r}\n" + "\n".join(blocks("python"))
    done = subprocess.run([sys.executable, "-c", script], check=False, cwd=tmp_path, capture_output=True, text=True)
    count, lesions = done.stdout.strip().splitlines()
    assert int(count) == len(book.evidence.findings), done.stderr
    told = [lesion for f in book.evidence.of_theme("evolution") for lesion in f.finding.lesions]  # counted findings only
    assert sum(json.loads(lesions.replace("'", '"')).values()) == len(told) > 0


def test_the_sql_line_for_sqlite_runs(book, folder):
    (asked,) = [b for b in blocks("sql") if "sqlite3" in b]
    rows = sqlite3.connect(folder / "data/evidence.sqlite").execute(asked).fetchall()
    against = {
        f.finding.target for f in book.evidence.of_theme("target") if f.finding.stance == "does_not_support"
    }
    assert {target for target, _, _ in rows} == against != set()
