"""The book as JSON-LD: a schema.org Dataset, and for each finding an assertion with its provenance.

After the pattern of nanopublications: each finding is three named graphs, what is said (assertion),
where it comes from and who read it (provenance), and who publishes it since when (publication info).
Pages and this file all lie one folder deep, so that the addresses of `lscbook.addresses` are right here
too, relative to the file or to the site's own address where one is configured. The context stands in
the file: no other host is needed to read it.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from lscbook import addresses
from lscbook.evidence import proposition
from lscbook.evidence.store import Located
from lscbook.exports.columns import Column, finding_columns
from lscbook.exports.database import terms
from lscbook.exports.documents import document
from lscbook.pubmed.record import Record
from lscbook.synthesis import changes
from lscbook.synthesis.book import CC_BY, Book
from lscbook.vocabulary import Term

CONTEXT: dict[str, Any] = {
    "@vocab": "https://schema.org/",
    "np": "http://www.nanopub.org/nschema#",
    "prov": "http://www.w3.org/ns/prov#",
    "va": "https://w3id.org/ga4gh/schema/va-spec/1.0.0/json/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{
        name: {"@id": name, "@type": "@id"}
        for name in ("contentUrl", "isBasedOn", "isPartOf", "license", "sameAs", "url", "subjectOf", "contributor")
    },
    "np:hasAssertion": {"@type": "@id"},
    "np:hasProvenance": {"@type": "@id"},
    "np:hasPublicationInfo": {"@type": "@id"},
    "prov:wasDerivedFrom": {"@type": "@id"},
    "prov:wasAttributedTo": {"@type": "@id"},
    "dcterms:license": {"@type": "@id"},
    "dcterms:isPartOf": {"@type": "@id"},
    "dcterms:created": {"@type": "xsd:date"},
    "dateModified": {"@type": "xsd:date"},
}
DATASET = "#dataset"
# Where the identifiers of the vocabulary lead.
_PREFIXES = {
    "hgnc": ("HGNC:", "https://identifiers.org/hgnc:"),
    "mondo": ("MONDO:", "http://purl.obolibrary.org/obo/MONDO_"),
    "chebi": ("CHEBI:", "http://purl.obolibrary.org/obo/CHEBI_"),
    "mesh": ("", "http://id.nlm.nih.gov/mesh/"),
}


def linked_data(book: Book, distributions: list[dict[str, Any]]) -> bytes:
    """The whole document, a node a line; `distributions` are the files of the dataset, as `DataDownload`."""
    context = {**CONTEXT, "@base": f"{book.base}data/book.jsonld"} if book.base else CONTEXT
    told = terms(book)
    named = {(kind, identifier) for _, _, kind, identifier in told}
    articles = (_article(book, record, key) for key, record in sorted(book.evidence.records.items()))
    defined = (_term(book, term) for term in book.vocabulary if term.key in named)
    columns = [c for c in finding_columns(book) if c.name in _PROPERTIES]
    about: dict[str, list[tuple[str, str]]] = {}
    for reference, _, kind, identifier in told:
        if (kind, identifier) not in about.setdefault(reference, []):
            about[reference].append((kind, identifier))
    said = (
        part
        for located in book.evidence.findings
        for part in _nanopublication(book, located, about.get(located.reference, []), columns)
    )
    return document(**{"@context": context, "@graph": chain([dataset(book, distributions)], articles, defined, said)})


def dataset(book: Book, distributions: list[dict[str, Any]]) -> dict[str, Any]:
    """The Dataset of schema.org."""
    return {
        "@id": DATASET,
        "@type": "Dataset",
        "name": book.citation.title,
        "description": f"{book.citation.abstract} {book.corpus.manifest.get('statement', '')}".strip(),
        "url": "../index.html",
        "license": CC_BY,
        "version": book.citation.version,
        "dateModified": book.as_of,
        "keywords": list(book.citation.keywords),
        "creator": [{"@type": "Organization", "name": name} for name in book.citation.authors],
        "isAccessibleForFree": True,
        "creditText": book.cite(),
        "distribution": distributions,
    }


def _article(book: Book, record: Record, key: str) -> dict[str, Any]:
    identifiers = {"PMID": record.pmid, "DOI": record.doi, "PMCID": record.pmcid}
    found: dict[str, Any] = {
        "@id": addresses.pubmed(key),
        "@type": "Book" if record.book else "ScholarlyArticle",
        "name": record.title,
        "author": [
            {"@type": "Organization", "name": a.collective}
            if a.collective
            else {"@type": "Person", "familyName": a.family, "name": a.name}
            for a in record.authors
        ],
        "datePublished": record.date,
        "isPartOf": {"@type": "Periodical", "name": record.journal} if record.journal else None,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in identifiers.items()
            if value
        ],
        "sameAs": f"https://doi.org/{record.doi}" if record.doi and record.pmid else None,
        "creativeWorkStatus": book.standing(record).value,
        "correction": [changes.told(notice) for notice in book.notices_of(record)],
        "subjectOf": addresses.paper(key),
    }
    return {name: value for name, value in found.items() if value}


def _term(book: Book, term: Term) -> dict[str, Any]:
    elsewhere = [
        start + str(term.facts[name]).removeprefix(prefix)
        for name, (prefix, start) in _PREFIXES.items()
        if term.facts.get(name)
    ]
    found = {
        "@id": addresses.entity(*term.key),
        "@type": "DefinedTerm",
        "name": term.id,
        "description": term.name if term.name != term.id else "",
        "alternateName": list(term.synonyms),
        "inDefinedTermSet": term.kind,
        "sameAs": elsewhere,
        "mainEntityOfPage": book.page_of(*term.key),  # which it may share with its other roles
    }
    return {name: value for name, value in found.items() if value}


# What of a finding has no property in schema.org and travels as name and value.
_PROPERTIES = frozenset(
    {
        "theme", "role", "reason", "directness", "level", "rating", "study", "n", "n_unit", "effect_measure",
        "effect_value", "effect_ci_low", "effect_ci_high", "effect_ci_level", "effect_p", "effect_unit",
        "effect_comparison", "order", "cells", "expression_lsc", "expression_hsc", "expression_blasts",
        "expression_mds_stem_cells", "expression_normal_myeloid_cells", "assay", "fraction", "frequency",
        "acquisition", "process", "time_point", "threshold", "end_point", "modality", "stage", "outcome",
        "hsc_effect", "cohort", "note", "before", "exclusive", "exclusive_in", "contrast", "contrast_kind",
        "contrast_of", "contrast_against", "relative", "comparator", "aspect",
    }
)  # fmt: skip


# The words of GA4GH VA-Spec for the direction of a statement.
_VA_DIRECTIONS = {"supports": "supports", "does_not_support": "disputes", "inconclusive": "neutral"}


def _statement(book: Book, located: Located) -> dict[str, Any]:
    """Proposition, direction, strength and evidence line, in the shape of a Statement of GA4GH VA-Spec 1.0.

    Context asserts nothing, and has none.
    """
    finding = located.finding
    if finding.role is not None:
        return {}
    direction = _VA_DIRECTIONS[finding.stance]
    return {
        "va:proposition": {"@type": "va:Proposition", "description": proposition.of(finding, book.vocabulary)},
        "va:direction": direction,
        "va:strength": finding.level,
        "va:hasEvidenceLines": [
            {
                "@type": "va:EvidenceLine",
                "va:directionOfEvidenceProvided": direction,
                "va:strengthOfEvidenceProvided": finding.level,
                "va:hasEvidenceItems": [addresses.pubmed(located.entry.key)],
            }
        ],
    }


def _nanopublication(
    book: Book, located: Located, about: list[tuple[str, str]], columns: list[Column]
) -> list[dict[str, Any]]:
    """Head, assertion, provenance and publication info of one finding."""
    page = addresses.finding(located.reference)
    part = {name: f"{page}-{name}" for name in ("nanopub", "assertion", "provenance", "pubinfo")}
    grounding = located.finding.support.grounding
    entry = located.entry
    read = {
        "read": entry.read,
        "sentences of the abstract": list(located.finding.support.sentences),
        "place in the full text": located.finding.support.full_text,
        "digest of the abstract": grounding and grounding.abstract,
        "digest of the sentences": grounding and grounding.sha256,
        "read twice": located.reference in book.read_twice,
    }
    claim = {
        "@id": page,
        "@type": "Claim",
        "identifier": located.reference,
        "text": located.finding.claim,
        **_statement(book, located),
        "about": [{"@id": addresses.entity(kind, identifier)} for kind, identifier in about],
        "additionalProperty": _properties((c.name, c.value(located)) for c in columns),
    }
    return [
        {
            "@id": part["nanopub"],
            "@type": "np:Nanopublication",
            "np:hasAssertion": part["assertion"],
            "np:hasProvenance": part["provenance"],
            "np:hasPublicationInfo": part["pubinfo"],
        },
        {"@id": part["assertion"], "@graph": [claim]},
        {
            "@id": part["provenance"],
            "@graph": [
                {
                    "@id": part["assertion"],
                    "prov:wasDerivedFrom": addresses.pubmed(entry.key),
                    "prov:wasAttributedTo": [f"https://orcid.org/{orcid}" for orcid in entry.curators],
                    "contributor": [f"https://orcid.org/{orcid}" for orcid in entry.reviewers],
                    "additionalProperty": _properties(read.items()),
                }
            ],
        },
        {
            "@id": part["pubinfo"],
            "@graph": [
                {
                    "@id": part["nanopub"],
                    "dcterms:created": entry.added,
                    "dcterms:license": CC_BY,
                    "dcterms:isPartOf": DATASET,
                    "publisher": [{"@type": "Organization", "name": name} for name in book.citation.authors],
                }
            ],
        },
    ]


def _properties(pairs: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Each name with its value, where there is one."""
    return [{"@type": "PropertyValue", "name": n, "value": _plain(v)} for n, v in pairs if v not in (None, (), [], "")]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value if isinstance(value, bool | int) else str(value)
