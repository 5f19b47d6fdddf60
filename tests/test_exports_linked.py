"""Linked data of one small book, word for word, as somebody would write it by hand who knows the format."""

import json
from dataclasses import replace

import pytest

from lscbook.exports import linked
from tests import whole_book
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
