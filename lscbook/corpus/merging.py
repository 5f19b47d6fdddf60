"""Known records and arrivals made one: which of two records of a paper stays, and what is kept of one."""

from collections.abc import Iterable
from dataclasses import replace

from lscbook.pubmed.parse import Deletion
from lscbook.pubmed.record import Record, describe_abstract
from lscbook.vocabulary.annotate import Annotator

_BESIDE = ("journal", "date", "volume", "issue", "pages", "doi", "pmcid")


def merge(known: dict[str, Record], arrivals: Iterable[Record | Deletion]) -> dict[str, Record]:
    """Known records with the arrivals put in, in their order: the last wins, a deletion removes what came before.

    A record from NLM is never replaced by one from a list, a version never by a lower one. Of two records from lists
    the one with an abstract wins, then the one with all authors, and what it does not tell of the reference (volume,
    pages, DOI) comes from the other: by PMID, or by DOI where only one has the PMID. NLM's own advice: do not depend on
    DateRevised, apply the files in their order; only against a record that was known before, whose place in that
    order nobody knows, does an earlier DateRevised tell an older state.
    """
    merged = dict(known)
    arrived: set[str] = set()
    for arrival in arrivals:
        if isinstance(arrival, Deletion):
            merged.pop(arrival.pmid, None)
            continue
        new = replace(arrival, abstract=arrival.abstract or describe_abstract(arrival.text))
        old = merged.get(new.key)
        if old is None or _supersedes(new, old, in_order=new.key in arrived):
            merged[new.key] = new if old is None else _joined(new, old)
            arrived.add(new.key)
        else:
            merged[new.key] = _joined(old, new)
    resolved = {record.doi: record.key for record in merged.values() if record.pmid and record.doi}
    for doi, key in resolved.items():
        if doi in merged:
            merged[key] = _joined(merged[key], merged[doi])
    return {key: record for key, record in merged.items() if record.pmid or record.doi not in resolved}


def _supersedes(new: Record, old: Record, *, in_order: bool) -> bool:
    if (new.origin == "pubmed") != (old.origin == "pubmed"):
        return new.origin == "pubmed"
    if new.origin != "pubmed":
        return _fullness(new) >= _fullness(old)
    if new.version != old.version:
        return new.version > old.version
    return in_order or not (new.revised and old.revised) or new.revised >= old.revised


def _joined(first: Record, other: Record) -> Record:
    """A record of a list with the facts that another list has beside; what NLM says stays as it is."""
    if "pubmed" in {first.origin, other.origin}:
        return first
    beside = {name: getattr(other, name) for name in _BESIDE if not getattr(first, name) and getattr(other, name)}
    if not first.authors_complete and (other.authors_complete or len(other.authors) > len(first.authors)):
        beside |= {"authors": other.authors, "authors_complete": other.authors_complete}
    if first.abstract is None and other.abstract is not None:
        beside |= {"abstract": other.abstract, "concepts": other.concepts, "text": other.text}
    return replace(first, **beside) if beside else first


def _fullness(record: Record) -> tuple[bool, bool]:
    return record.abstract is not None, record.authors_complete


def described(record: Record, annotator: Annotator) -> Record:
    """The record with what the corpus keeps of its abstract: digest and concepts."""
    return replace(
        record, abstract=describe_abstract(record.text), concepts=annotator.concepts(record.title, record.text)
    )
