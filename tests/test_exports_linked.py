"""Linked data of one small book, word for word, as somebody would write it by hand who knows the format."""

import json
from dataclasses import replace

import pytest

from lscbook.exports import linked
from tests import books, whole_book
from tests.whole_book import BASE, CC_BY, CITE, CURATOR, PAPER, READER, holds


@pytest.fixture(scope="module")
def book():
    return whole_book.book()


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


# Every field of a theme that has no property in schema.org, with what a reader of the linked data finds of it.
TRAVELS = [
    ("target", {
        "aspect": "safety", "stage": "phase 2", "end_point": "response", "comparator": "placebo", "modality": "antibody", "outcome": "tolerable",
        "hsc_effect": "spared", "directness": "indirect", "level": "C", "study": "phase 2", "n": "12", "n_unit": "patients", "note": "Small.",
        "cohort": ["NCT00000001"], "reason": "harm", "direction": "does_not_support",
    }, {"aspect": "safety", "stage": "phase 2", "end_point": "response", "comparator": "placebo", "modality": "antibody", "outcome": "tolerable",
        "hsc_effect": "spared", "directness": "indirect", "level": "C", "study": "phase 2", "n": 12, "n_unit": "patients", "note": "Small.",
        "cohort": ["NCT00000001"], "reason": "harm", "theme": "target"}),
    ("identity", {
        "contrast": "LSC against blasts", "relative": "lower", "assay": "CFU", "fraction": "CD34+", "frequency": "1 in 9", "rating": "3",
        "expression": {"LSC": "high", "HSC": "low", "blasts": "absent", "MDS stem cells": "present", "normal myeloid cells": "variable"},
    }, {"contrast": "LSC against blasts", "relative": "lower", "assay": "CFU", "fraction": "CD34+", "frequency": "1 in 9", "rating": "3",
        "expression_lsc": "high", "expression_hsc": "low", "expression_blasts": "absent", "expression_mds_stem_cells": "present",
        "expression_normal_myeloid_cells": "variable"}),
    ("resistance", {"acquisition": "primary", "process": "selected"}, {"acquisition": "primary", "process": "selected"}),
    ("surveillance", {
        "time_point": "diagnosis", "threshold": "0.1%", "assay": "NGS MRD",
        "effect": {"measure": "HR", "value": "2", "ci": ["1.1", "3"], "ci_level": "99", "p": "<0.01", "unit": "per log", "comparison": "one against other"},
    }, {"time_point": "diagnosis", "threshold": "0.1%", "assay": "NGS MRD", "end_point": "relapse", "contrast_kind": "test", "contrast_of": "positive",
        "contrast_against": "negative", "effect_measure": "HR", "effect_value": "2", "effect_ci_low": "1.1", "effect_ci_high": "3",
        "effect_ci_level": "99", "effect_p": "<0.01", "effect_unit": "per log", "effect_comparison": "one against other"}),
    ("evolution", {"order": "late", "cells": ["HSC"], "before": [["TP53", "+8"]]}, {"order": "late", "cells": ["HSC"], "before": None}),
    ("evolution", {"role": "context", "lesions": ["+8"]}, {"role": "context"}),
]  # fmt: skip


@pytest.mark.parametrize(("theme", "own", "travels"), TRAVELS)
def test_every_field_of_a_theme_travels_with_its_claim(theme, own, travels):
    made = books.book((books.entry("1", [books.finding(1, theme, **own)]), books.record("1")))
    nodes = [node for part in json.loads(linked.linked_data(made, []))["@graph"] for node in part.get("@graph", ())]
    (claim,) = [node for node in nodes if node.get("@type") == "Claim"]
    told = {p["name"]: p["value"] for p in claim["additionalProperty"]}
    assert {name: told.get(name) for name, value in travels.items() if value is not None} == {
        n: v for n, v in travels.items() if v is not None
    }
    assert set(travels) <= set(told)
    # what has a property of its own is not told twice
    assert not {"reference", "paper", "claim", "direction", "proposition", "title", "page", "doi", "read"} & set(told)


@pytest.mark.parametrize(
    ("direction", "word"), [("supports", "supports"), ("does_not_support", "disputes"), ("inconclusive", "neutral")]
)
def test_direction_and_strength_in_the_words_of_va_spec(direction, word):
    own = {"direction": direction, "level": "D"} | ({"reason": "harm"} if direction == "does_not_support" else {})
    made = books.book((books.entry("1", [books.finding(1, "target", **own)]), books.record("1")))
    (claim,) = [
        n
        for part in json.loads(linked.linked_data(made, []))["@graph"]
        for n in part.get("@graph", ())
        if n.get("@type") == "Claim"
    ]
    assert (claim["va:direction"], claim["va:strength"]) == (word, "D")
    (line,) = claim["va:hasEvidenceLines"]
    assert (line["va:directionOfEvidenceProvided"], line["va:strengthOfEvidenceProvided"]) == (word, "D")
    assert (line["@type"], claim["va:proposition"]["@type"]) == ("va:EvidenceLine", "va:Proposition")
    assert line["va:hasEvidenceItems"] == ["https://pubmed.ncbi.nlm.nih.gov/1/"]


def test_background_asserts_nothing():
    made = books.book((books.entry("1", [books.finding(role="context", lesions=["+8"])]), books.record("1")))
    (claim,) = [
        n
        for part in json.loads(linked.linked_data(made, []))["@graph"]
        for n in part.get("@graph", ())
        if n.get("@type") == "Claim"
    ]
    assert not [name for name in claim if name.startswith("va:")]
