"""Every exported file of one small book, word for word, as somebody would write it by hand who knows the format."""

import csv
import hashlib
import io
import json
import re
import sqlite3
from dataclasses import replace

import openpyxl
import pytest
from lxml import etree

from lscbook import exports
from lscbook.evidence import reviewing
from lscbook.evidence.reviewing import Reading
from lscbook.exports import columns, database, documents, feed, linked, package, references, site_root, spreadsheet
from lscbook.harvest.updating import Difference
from lscbook.pubmed.record import Author, Heading, Notice, Record
from lscbook.screening import Decision
from tests import books

CURATOR, READER = "0000-0002-1825-0097", "0000-0001-5109-3700"
BASE = "https://example.org/b/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
CITE = "The testers. Test Book, version 0.0.1, snapshot of 2026-01-03. Cite also the papers that its findings rest on."
PAPER = Record(
    "77", "A trial.", journal="J Test", date="2014-03-02", doi="10.1000/x", pmcid="PMC7", volume="3", issue="2",
    pages="10-12", authors=(Author("Doe", "JS", suffix="Jr"), Author(collective="The Group")), types=("Journal Article",),
    keywords=("clone",), mesh=(Heading("D1", "Humans"),), language="eng", created="2014-03-03", revised="2015-01-01",
    abstract={"sha256": "a" * 16, "characters": 90, "sentences": 3},
    standing=(Notice("ErratumIn", "78", "J Test. 2015", "2015-01-01"), Notice("CommentIn", "79")),
)  # fmt: skip
PENDING = Record("", "A preprint", doi="10.1000/p.1", origin="doi", authors_complete=False)
TOLD = {"10.1000/p.1": {"notices": [{"type": "RetractionIn", "source": "Crossref"}], "told": "2026-01-09"}}


@pytest.fixture(scope="module")
def book():
    first = books.finding(
        1, lesions=["+8"], genes=["TP53"], claim="It came first.", note="Small.", cohort=["NCT00000001"], level="B",
        support={"sentences": ["2"], "grounding": {"abstract": "a" * 16, "spans": [["1", "9"]], "sha256": "b" * 16}},
    )  # fmt: skip
    second = books.finding(
        2, "target", claim="It failed.", direction="does_not_support", support={"full_text": "page 4"}
    )
    third = books.finding(1, lesions=["-7"], claim="It came last.")
    readings = (
        Reading("77/1", "agree", READER, "2026-02-03", digest=reviewing.digest_of(first)),
        Reading("77/2", "agree", READER, "2026-02-03", digest="0" * 16),  # of an older claim
    )
    pending = books.entry("1", [third]).model_copy(update={"pmid": None, "doi": "10.1000/p.1"})
    return books.book(
        (books.entry("77", [first, second], curators=[CURATOR], reviewers=[READER]), PAPER), (pending, PENDING),
        base=BASE, readings=readings, notices=TOLD, harvests={"2026-01-05": Difference(new=["3"], changed=["77"])},
        trials={"NCT00000001": {"status": "TERMINATED", "why_stopped": "futility", "told": "2026-01-07"}},
        decisions=(Decision("77", "include", "answers a theme", "2026-01-01", ""),
                   Decision("78", "exclude", "other disease", "2026-01-02", "CLL")),
    )  # fmt: skip


# ---- JSON ----------------------------------------------------------------------------------------------------------

ABOUT = {
    "title": "Test Book", "version": "0.0.1", "as_of": "2026-01-03", "complete": False, "statement": "", "licence": CC_BY,
    "cite": CITE,
}  # fmt: skip
PAPER_JSON = {
    "key": "77", "pmid": "77", "doi": "10.1000/x", "pmcid": "PMC7", "title": "A trial.", "journal": "J Test",
    "date": "2014-03-02", "authors": [{"family": "Doe", "initials": "JS", "suffix": "Jr"}, {"collective": "The Group"}],
    "types": ["Journal Article"], "keywords": ["clone"], "mesh": [{"ui": "D1", "name": "Humans"}], "language": "eng",
    "created": "2014-03-03", "revised": "2015-01-01", "authors_complete": True, "standing": "corrected", "standing_asked": "2015-01-01",
    "abstract": {"sha256": "a" * 16, "characters": 90, "sentences": 3},
    "notices": [{"type": "ErratumIn", "pmid": "78", "source": "J Test. 2015", "date": "2015-01-01"}],
    "source": "https://pubmed.ncbi.nlm.nih.gov/77/", "page": f"{BASE}papers/77.html",
}  # fmt: skip
PENDING_JSON = {
    "key": "10.1000/p.1", "doi": "10.1000/p.1", "title": "A preprint", "authors_complete": False, "origin": "doi",
    "standing": "retracted", "standing_asked": "2026-01-09", "notices": [{"type": "RetractionIn", "source": "Crossref"}],
    "source": "https://doi.org/10.1000/p.1", "page": f"{BASE}papers/10-1000-p-1.html",
}  # fmt: skip
ENTRY_JSON = {"read": "abstract", "curators": [CURATOR], "reviewers": [READER], "added": "2026-01-02"}
BESIDE_1 = {
    "reference": "77/1", "page": f"{BASE}papers/77.html#f-77-1", "read_twice": True,
    "second_readings": [{"verdict": "agree", "reviewer": READER, "date": "2026-02-03"}],
}  # fmt: skip
BESIDE_2 = {"reference": "77/2", "page": f"{BASE}papers/77.html#f-77-2", "read_twice": False, "second_readings": []}
OWN_1 = {
    "claim": "It came first.", "theme": "evolution", "direction": "supports", "level": "B", "note": "Small.",
    "cohort": ["NCT00000001"], "lesions": ["+8"], "genes": ["TP53"],
}  # fmt: skip


def holds(whole, part):
    assert {name: whole.get(name) for name in part} == part


def test_findings_as_json(book):
    told = json.loads(documents.findings_json(book))
    assert told["book"] == ABOUT
    three, one, two = told["findings"]  # by key: DOIs first
    for found, beside in ((one, BESIDE_1), (two, BESIDE_2)):
        holds(found, {**beside, "entry": ENTRY_JSON, "paper": PAPER_JSON})
    holds(one, OWN_1)
    assert (two["claim"], two["support"]["full_text"]) == ("It failed.", "page 4")
    assert three["paper"] == PENDING_JSON
    assert three["reference"] == "10.1000/p.1/1"
    assert not {"text", "effect", "n"} & set(one)  # what is not set is not there
    assert not any(value in (None, [], {}) for name, value in one.items() if name != "second_readings")


def test_lines_are_the_findings_and_have_no_space_to_spare(book):
    lines = documents.findings_lines(book).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(documents.findings_json(book))["findings"]
    assert all(
        line == json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for line in lines
    )


def test_a_file_of_json_reads_well_in_a_diff(book):
    text = documents.findings_json(book)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def test_a_paper_as_json(book):
    made = {name: json.loads(text) for name, text in documents.paper_documents(book).items()}
    assert list(made) == ["10-1000-p-1.json", "77.json"]
    paper = made["77.json"]
    assert set(paper) == {"book", "paper", "entry", "findings"}
    assert (paper["book"], paper["paper"], paper["entry"]) == (ABOUT, PAPER_JSON, ENTRY_JSON)
    holds(paper["findings"][0], {**OWN_1, **BESIDE_1})
    holds(paper["findings"][1], BESIDE_2)
    assert "paper" not in paper["findings"][0]


def test_the_vocabulary_as_json(book):
    told = json.loads(documents.vocabulary(book))
    assert told["book"] == ABOUT
    by_id = {term["id"]: term for term in told["kinds"]["diseases"]}
    assert by_id["AML"]["name"] == "acute myeloid leukemia"
    assert by_id["AML"]["mondo"] == "MONDO:0018874"
    assert "acute myelogenous leukemia" in by_id["AML"]["synonyms"]
    bcl2 = next(term for term in told["kinds"]["targets"] if term["id"] == "BCL2")
    assert bcl2["name"] == "BCL2"  # a term without another name is called by its id
    assert [term["id"] for term in told["kinds"]["genes"]] == sorted(term["id"] for term in told["kinds"]["genes"])


# ---- JSON-LD -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graph(book):
    told = json.loads(linked.linked_data(book, [{"@type": "DataDownload"}]))
    assert told["@context"]["@base"] == f"{BASE}data/book.jsonld"
    return {node["@id"]: node for node in told["@graph"]}


def test_the_dataset(graph):
    assert graph["#dataset"] == {
        "@id": "#dataset", "@type": "Dataset", "name": "Test Book", "description": "A book for tests.",
        "url": "../index.html", "license": CC_BY, "version": "0.0.1", "dateModified": "2026-01-03", "keywords": ["stem cell"],
        "creator": [{"@type": "Organization", "name": "The testers"}], "isAccessibleForFree": True, "creditText": CITE,
        "distribution": [{"@type": "DataDownload"}],
    }  # fmt: skip


def test_an_article_and_a_preprint(graph):
    assert graph["https://pubmed.ncbi.nlm.nih.gov/77/"] == {
        "@id": "https://pubmed.ncbi.nlm.nih.gov/77/", "@type": "ScholarlyArticle", "name": "A trial.",
        "author": [{"@type": "Person", "familyName": "Doe", "name": "Doe JS Jr"},
                   {"@type": "Organization", "name": "The Group"}],
        "datePublished": "2014-03-02", "isPartOf": {"@type": "Periodical", "name": "J Test"},
        "identifier": [{"@type": "PropertyValue", "propertyID": "PMID", "value": "77"},
                       {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1000/x"},
                       {"@type": "PropertyValue", "propertyID": "PMCID", "value": "PMC7"}],
        "sameAs": "https://doi.org/10.1000/x", "creativeWorkStatus": "corrected",
        "correction": ["ErratumIn 2015-01-01 PMID 78 J Test. 2015"], "subjectOf": "../papers/77.html",
    }  # fmt: skip
    assert graph["https://doi.org/10.1000/p.1"] == {
        "@id": "https://doi.org/10.1000/p.1", "@type": "ScholarlyArticle", "name": "A preprint",
        "identifier": [{"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1000/p.1"}],
        "creativeWorkStatus": "retracted", "correction": ["RetractionIn Crossref"],
        "subjectOf": "../papers/10-1000-p-1.html",
    }  # fmt: skip


def test_a_book_is_no_article(book):
    chapter = replace(PAPER, book=True)
    assert linked._article(book, chapter, "77")["@type"] == "Book"


def test_only_terms_that_a_finding_names_and_each_with_what_is_known_of_it(graph):
    terms = {node["name"]: node for node in graph.values() if node.get("@type") == "DefinedTerm"}
    assert set(terms) == {"+8", "-7", "TP53", "AML", "CD123"}
    assert terms["AML"]["@id"] == "../diseases/aml.html"
    assert terms["AML"]["inDefinedTermSet"] == "diseases"
    assert terms["AML"]["description"] == "acute myeloid leukemia"
    assert "AMLs" in terms["AML"]["alternateName"]
    assert terms["TP53"]["sameAs"][0] == "https://identifiers.org/hgnc:11998"
    assert "description" not in terms["+8"] or terms["+8"]["description"] != "+8"


def test_a_finding_as_three_graphs(graph):
    page = "../papers/77.html#f-77-1"
    assert graph[f"{page}-nanopub"] == {
        "@id": f"{page}-nanopub", "@type": "np:Nanopublication", "np:hasAssertion": f"{page}-assertion",
        "np:hasProvenance": f"{page}-provenance", "np:hasPublicationInfo": f"{page}-pubinfo",
    }  # fmt: skip
    assert set(graph[f"{page}-assertion"]) == {"@id", "@graph"}
    (claim,) = graph[f"{page}-assertion"]["@graph"]
    assert {name: claim[name] for name in ("@id", "@type", "identifier", "text")} == {
        "@id": page, "@type": "Claim", "identifier": "77/1", "text": "It came first."}  # fmt: skip
    assert {a["@id"] for a in claim["about"]} == {
        "../lesions/plus-8.html",
        "../genes/tp53.html",
        "../diseases/aml.html",
    }
    assert len(claim["about"]) == 3
    assert all(p["@type"] == "PropertyValue" for p in claim["additionalProperty"])
    own = {p["name"]: p["value"] for p in claim["additionalProperty"]}
    holds(own, {"theme": "evolution", "level": "B", "note": "Small.", "cohort": ["NCT00000001"]})
    assert claim["va:direction"] == "supports"
    assert not {"claim", "title", "effect_value", "n"} & set(own)
    assert not any(value in (None, "", []) for value in own.values())
    (said,) = graph[f"{page}-provenance"]["@graph"]
    read = {p["name"]: p["value"] for p in said.pop("additionalProperty")}
    assert said == {
        "@id": f"{page}-assertion", "prov:wasDerivedFrom": "https://pubmed.ncbi.nlm.nih.gov/77/",
        "prov:wasAttributedTo": [f"https://orcid.org/{CURATOR}"], "contributor": [f"https://orcid.org/{READER}"],
    }  # fmt: skip
    assert read == {
        "read": "abstract", "sentences of the abstract": [2], "digest of the abstract": "a" * 16,
        "digest of the sentences": "b" * 16, "read twice": True,
    }  # fmt: skip
    (info,) = graph[f"{page}-pubinfo"]["@graph"]
    assert info == {
        "@id": f"{page}-nanopub", "dcterms:created": "2026-01-02", "dcterms:license": CC_BY, "dcterms:isPartOf": "#dataset",
        "publisher": [{"@type": "Organization", "name": "The testers"}],
    }  # fmt: skip
    (said,) = graph["../papers/77.html#f-77-2-provenance"]["@graph"]
    assert {p["name"]: p["value"] for p in said["additionalProperty"]} == {
        "read": "abstract", "place in the full text": "page 4", "read twice": False}  # fmt: skip


def test_every_name_of_the_context_is_one_that_the_document_uses_or_a_prefix(book):
    text = linked.linked_data(book, [{"@type": "DataDownload", "contentUrl": "x"}])
    context = json.loads(text)["@context"]
    assert context["@vocab"] == "https://schema.org/"
    assert (context["np"], context["prov"]) == ("http://www.nanopub.org/nschema#", "http://www.w3.org/ns/prov#")
    assert (context["dcterms"], context["xsd"]) == ("http://purl.org/dc/terms/", "http://www.w3.org/2001/XMLSchema#")
    links = {name for name, meaning in context.items() if isinstance(meaning, dict) and meaning["@type"] == "@id"}
    assert links == {
        "contentUrl", "isBasedOn", "isPartOf", "license", "sameAs", "url", "subjectOf", "contributor", "np:hasAssertion",
        "np:hasProvenance", "np:hasPublicationInfo", "prov:wasDerivedFrom", "prov:wasAttributedTo", "dcterms:license",
        "dcterms:isPartOf",
    }  # fmt: skip
    dates = {name for name, meaning in context.items() if isinstance(meaning, dict) and meaning["@type"] == "xsd:date"}
    assert dates == {"dcterms:created", "dateModified"}
    assert "@base" not in json.loads(linked.linked_data(replace(book, base=""), []))["@context"]


# ---- tables --------------------------------------------------------------------------------------------------------


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
STATES = ["not asked", "stands", "updated", "reinstated", "corrected", "preprint", "expression of concern", "partly retracted", "retracted"]


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


# ---- database ------------------------------------------------------------------------------------------------------


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


# ---- references ----------------------------------------------------------------------------------------------------


def test_bibtex_word_for_word(book):
    assert (
        references.bibtex(book, PAPER)
        == """@article{pmid-77,
    author = {Doe, Jr, J S and {The Group}},
    title = {{A trial}},
    journal = {J Test},
    year = {2014},
    date = {2014-03-02},
    volume = {3},
    number = {2},
    pages = {10--12},
    doi = {10.1000/x},
    pmid = {77},
    pmcid = {PMC7},
    url = {https://pubmed.ncbi.nlm.nih.gov/77/},
    note = {Corrected}
}
"""
    )
    named = replace(PENDING, authors=(Author("de la Cruz", "J-M"),))
    assert (
        references.bibtex(book, named)
        == """@article{doi-10-1000-p-1,
    author = {{de la Cruz}, J-M and others},
    title = {{A preprint}},
    doi = {10.1000/p.1},
    url = {https://doi.org/10.1000/p.1},
    note = {Retracted},
    annote = {And others. Reference not complete: the source names only the first author; journal, year, volume and pages are not known.}
}
"""
    )
    assert references.bibtex(book, replace(PAPER, book=True)).startswith("@book{pmid-77,")


def test_ris_word_for_word(book):
    assert references.ris(book, PAPER).split("\n")[:-1] == [
        "TY  - JOUR", "ID  - pmid-77", "TI  - A trial", "AU  - Doe, J S, Jr", "AU  - The Group", "T2  - J Test", "PY  - 2014",
        "DA  - 2014/03/02", "VL  - 3", "IS  - 2", "SP  - 10", "EP  - 12", "DO  - 10.1000/x", "AN  - 77", "DB  - PubMed",
        "UR  - https://pubmed.ncbi.nlm.nih.gov/77/", "N1  - Corrected", "ER  - ",
    ]  # fmt: skip
    assert references.ris(book, PENDING).split("\n")[:-1] == [
        "TY  - JOUR", "ID  - doi-10-1000-p-1", "TI  - A preprint", "DO  - 10.1000/p.1", "UR  - https://doi.org/10.1000/p.1",
        "N1  - Retracted", "N1  - Reference not complete: no author is known; journal, year, volume and pages are not known.", "ER  - ",
    ]  # fmt: skip
    assert references.ris(book, replace(PAPER, book=True)).startswith("TY  - BOOK")


# ---- the root of the site ------------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_word_for_word(book):
    root = etree.fromstring(feed.feed(book))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"
    head = [
        (child.tag.removeprefix(ATOM), child.text or dict(child.attrib))
        for child in root
        if child.tag != f"{ATOM}entry"
    ]
    told = dict(pair for pair in head if pair[0] not in {"link", "id", "author"})
    assert told == {
        "title": "Test Book: what's new", "subtitle": "A book for tests.", "updated": "2026-02-03T00:00:00Z",
        "rights": f"Claims: CC BY 4.0, {CC_BY}",
    }  # fmt: skip
    assert [dict(link.attrib) for link in root.findall(f"{ATOM}link")] == [
        {"rel": "self", "type": "application/atom+xml", "href": f"{BASE}feed.xml"},
        {"rel": "alternate", "type": "text/html", "href": f"{BASE}book/whats-new.html"},
    ]
    assert [name.text for name in root.findall(f"{ATOM}author/{ATOM}name")] == ["The testers"]
    entries = {entry.findtext(f"{ATOM}updated")[:10]: entry for entry in root.findall(f"{ATOM}entry")}
    assert list(entries) == ["2026-02-03", "2026-01-09", "2026-01-07", "2026-01-05", "2026-01-02"]
    assert [entry.findtext(f"{ATOM}title") for entry in entries.values()] == [
        "2026-02-03: 2 findings read a second time", "2026-01-09: standing of 1 paper changed",
        "2026-01-07: status of 1 trial changed", "2026-01-05: harvest from PubMed: 1 new, 1 changed",
        "2026-01-02: 3 findings from 2 papers entered",
    ]  # fmt: skip
    link = entries["2026-01-02"].find(f"{ATOM}link")
    assert dict(link.attrib) == {
        "rel": "alternate",
        "type": "text/html",
        "href": f"{BASE}book/whats-new.html#d-2026-01-02",
    }
    content = {day: entry.findtext(f"{ATOM}content") for day, entry in entries.items()}
    assert {entry.find(f"{ATOM}content").get("type") for entry in entries.values()} == {"html"}
    assert content["2026-01-09"].startswith(f'<p><a href="{BASE}papers/10-1000-p-1.html">')
    assert content["2026-01-09"].endswith("</a>: retracted. RetractionIn Crossref</p>")
    assert content["2026-01-07"] == "<p>Trial NCT00000001: TERMINATED. futility</p>"
    assert content["2026-01-05"] == "<p>harvest from PubMed: 1 new, 1 changed.</p>"
    assert "<h3>clonal evolution: 2 findings</h3>" in content["2026-01-02"]
    assert f'It failed. <a href="{BASE}papers/77.html#f-77-2">Doe and The Group 2014</a>' in content["2026-01-02"]


def test_a_feed_of_a_book_without_news_or_address():
    empty = etree.fromstring(feed.feed(books.book()))
    assert empty.findtext(f"{ATOM}updated") == "2026-01-03T00:00:00Z"
    assert [link.get("rel") for link in empty.findall(f"{ATOM}link")] == ["alternate"]
    assert not empty.findall(f"{ATOM}entry")


def test_llms_txt_word_for_word(book):
    told = site_root.llms_txt(book, [("data/findings.csv", "Every finding")])
    assert told.startswith(
        "# Test Book\n\n> A book for tests.\n\nSnapshot of 2026-01-03: 3 findings from 2 papers, 2 records. \n\n"
        f"## How to cite\n\n- {CITE}\n- Claims: CC BY 4.0 ({CC_BY})."
    )
    assert (
        f"\n## Data\n\n- [data/findings.csv]({BASE}data/findings.csv): Every finding\n\n## What a finding is\n" in told
    )
    assert "\n- `reference`: Name of the finding: paper and number.\n" in told
    assert "\n- `standing`: Does the paper stand? The worst current notice decides; not asked where nobody asked. " in told


def test_robots_and_the_site_map(book):
    assert site_root.robots_txt(book) == f"User-agent: *\nAllow: /\nSitemap: {BASE}sitemap.xml\n"
    root = etree.fromstring(site_root.sitemap(book, ["papers/77.html", "index.html", "a b.html"]))
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
    assert [(url.tag.partition("}")[2], url[0].tag.partition("}")[2], url[0].text) for url in root] == [
        ("url", "loc", f"{BASE}a%20b.html"), ("url", "loc", f"{BASE}index.html"), ("url", "loc", f"{BASE}papers/77.html")]  # fmt: skip


def test_every_file_is_made_under_its_address_and_the_dataset_lists_it(book, tmp_path):
    (tmp_path / "entry.schema.json").write_text("{}")
    (tmp_path / "folder").mkdir()
    made = exports.everything(book, schemas=tmp_path)
    assert set(made) == {
        "data/findings.csv", "data/findings.tsv", "data/findings.xlsx", "data/papers.csv", "data/screening.tsv",
        "data/evidence.sqlite", "data/findings.json", "data/findings.jsonl", "data/vocabulary.json", "data/book.jsonld",
        "data/datapackage.json", "data/references.bib", "data/references.ris", "feed.xml", "findings.xml", "llms.txt",
        "data/papers/77.json", "data/papers/10-1000-p-1.json", "data/changes/2026-01-05.json", "data/schema/entry.schema.json",
    }  # fmt: skip
    assert json.loads(made["data/changes/2026-01-05.json"])["new"] == ["3"]
    assert made["data/findings.tsv"].decode().splitlines()[0] == made["data/findings.csv"].decode().splitlines()[
        0
    ].replace(",", "\t")
    assert made["data/references.bib"].decode().index("pmid-77") > made["data/references.bib"].decode().index("doi-10")
    listed = {d["contentUrl"]: d for d in json.loads(made["data/book.jsonld"])["@graph"][0]["distribution"]}
    assert listed["../data/papers.csv"] == {
        "@type": "DataDownload", "contentUrl": "../data/papers.csv", "encodingFormat": "text/csv",
        "description": "Every curated paper, with its standing and its counts", "contentSize": str(len(made["data/papers.csv"])),
        "sha256": hashlib.sha256(made["data/papers.csv"]).hexdigest(),
    }  # fmt: skip
    assert {url.removeprefix("../") for url in listed} == {f.path for f in exports.FILES} - {"data/book.jsonld"}
    media = {f.path: (f.media, f.licence) for f in exports.FILES}
    assert media == {
        "data/findings.csv": ("text/csv", "CC BY 4.0"), "data/findings.tsv": ("text/tab-separated-values", "CC BY 4.0"),
        "data/findings.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "CC BY 4.0"),
        "data/papers.csv": ("text/csv", "facts from PubMed, NLM"), "data/screening.tsv": ("text/tab-separated-values", "CC BY 4.0"),
        "data/evidence.sqlite": ("application/vnd.sqlite3", "CC BY 4.0"), "data/findings.json": ("application/json", "CC BY 4.0"),
        "data/findings.jsonl": ("application/jsonl", "CC BY 4.0"), "data/vocabulary.json": ("application/json", "CC BY 4.0"),
        "data/book.jsonld": ("application/ld+json", "CC BY 4.0"), "data/datapackage.json": ("application/json", "CC BY 4.0"),
        "data/references.bib": ("application/x-bibtex", "facts from PubMed, NLM"),
        "data/references.ris": ("application/x-research-info-systems", "facts from PubMed, NLM"),
        "feed.xml": ("application/atom+xml", "CC BY 4.0"), "findings.xml": ("application/atom+xml", "CC BY 4.0"), "llms.txt": ("text/plain", "CC BY 4.0"),
    }  # fmt: skip


def test_what_is_written_is_what_was_made(book, tmp_path):
    (tmp_path / "_static").mkdir()
    for page in ("index.html", "_static/part.html"):
        (tmp_path / page).write_text("x")
    written = exports.write_all(tmp_path, book)
    assert {p.relative_to(tmp_path).as_posix() for p in written} >= {
        "robots.txt",
        "sitemap.xml",
        "feed.xml",
        "data/papers/77.json",
    }
    assert [p.relative_to(tmp_path).as_posix() for p in written] == sorted(
        p.relative_to(tmp_path).as_posix() for p in written
    )
    assert "part.html" not in (tmp_path / "sitemap.xml").read_text()
    assert (tmp_path / "feed.xml").read_bytes() == feed.feed(book)


def test_the_expression_of_a_marker_has_a_column_a_population():
    found = books.finding(1, "identity", expression={"LSC": "high", "HSC": "low"})
    table = columns.findings(books.book((books.entry("1", [found]), books.record())))
    holds(row(table, "1/1"), {"expression_lsc": "high", "expression_hsc": "low", "expression_blasts": ""})
    told = {column.name: column.help for column in table.columns if column.name.startswith("expression_")}
    assert told["expression_lsc"] == "Expression on LSC, where told."


def test_every_column_says_in_a_sentence_what_it_is(book):
    for table in columns.tables_of(book):
        for column in table.columns:
            assert re.fullmatch(r"(?!XX)(?:[A-Z0-9]|[a-z]+: |p value).*[^X][.?…]", column.help), (
                table.name,
                column.name,
                column.help,
            )


def test_a_feed_shows_forty_findings_of_a_chapter_and_has_no_stray_text():
    for many, more in ((40, ""), (41, "And 1 more."), (1042, "And 1,002 more.")):
        found = [books.finding(n, claim=f"Lesion number {n} came first.") for n in range(1, many + 1)]
        root = etree.fromstring(feed.feed(books.book((books.entry("1", found), books.record()))))
        content = root.findtext(f"{ATOM}entry/{ATOM}content")
        assert content.count("<li>") == 40
        assert ("more." in content) is bool(more)
        assert more in content
        assert {text.strip() for node in root.iter() for text in (node.tail or "",)} == {""}
        assert root.text.strip() == ""


def test_a_feed_tells_thirty_days():
    pairs = [
        (books.entry(str(n), added=f"2026-{1 + n // 28:02}-{1 + n % 28:02}"), books.record(str(n)))
        for n in range(1, 33)
    ]
    assert len(etree.fromstring(feed.feed(books.book(*pairs))).findall(f"{ATOM}entry")) == 30
