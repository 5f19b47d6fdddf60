"""What was looked at: papers judged, in or out, and searches that left nothing more to curate.

`data/screening/decisions.tsv` has a line a paper, `searches.tsv` a line a target, mechanism or cell of
mechanism and class of therapy that was searched for, and for which nothing more was to be curated: "searched, nothing
found" is another answer than "nothing curated".
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lscbook import paths, vocabulary
from lscbook.corpus import Corpus
from lscbook.errors import EntryInvalid, QueryInvalid
from lscbook.files import write_whole
from lscbook.pubmed.query import compile_search
from lscbook.pubmed.record import Record
from lscbook.screening.ledger import Ledger, is_key, order_of

DECISIONS_FILE = paths.SCREENING / "decisions.tsv"
SEARCHES_FILE = paths.SCREENING / "searches.tsv"
DECISIONS = ("include", "exclude")
REASONS = {
    "include": ("answers a theme",),
    "exclude": (
        "no stem-cell, resistance, surveillance or target question",
        "review without new synthesis",
        "abstract truncated at the source",
        "abstract not to be had",
        "other disease",
        "case report without clonal data",
        "technique or resource only",
        "signature without validation",
        "predisposition only",
    ),
}
CELLS = "cells"  # a mechanism and a class of therapy that was survived by it
KINDS = (CELLS, "mechanisms", "targets")
NOT_JUDGED = "not judged"
BY = " × "  # between the two of a cell
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
Wrong = Iterator[tuple[str, str, str]]


@dataclass(frozen=True)
class Decision:
    """One paper judged; `pmid` is its DOI while no PMID is known."""

    pmid: str
    decision: str
    reason: str
    date: str
    note: str


@dataclass(frozen=True)
class Search:
    """One term of the vocabulary that was searched for, and how many records were found."""

    kind: str
    term: str
    search: str
    date: str
    found: str
    note: str


def read(path: Path = DECISIONS_FILE) -> list[Decision]:
    """Every decision, by PMID.

    Raises:
        LedgerInvalid: a line breaks the rules of the file; the message names it.
    """
    return LEDGER.read(path)


def searches(path: Path = SEARCHES_FILE) -> list[Search]:
    """Every search, by kind and term.

    Raises:
        LedgerInvalid: a line breaks the rules of the file; the message names it.
    """
    return SEARCHES.read(path)


def look(kind: str, term: str, search: str, corpus: Corpus, abstracts: dict[str, str]) -> tuple[Search, list[Record]]:
    """Search the corpus for a term: the line to be kept, which says what was searched, and the records found.

    Raises:
        QueryInvalid: the search cannot be parsed.
    """
    rule = compile_search(search)
    known = [replace(record, text=abstracts.get(key, "")) for key, record in corpus.records.items()]
    found = sorted((record for record in known if rule(record)), key=lambda record: record.key)
    kind_of = "complete" if corpus.manifest.get("complete") else "partial"
    read = sum(bool(record.text) for record in known)
    note = (
        f"titles, keywords and {read} abstracts of the {kind_of} snapshot of {corpus.as_of} ({len(known)} records); "
        "PubMed itself was not asked"
    )
    return Search(kind, term, search, corpus.as_of, str(len(found)), note), found


def states(found: Iterable[Record], curated: Container[str], decided: Iterable[Decision]) -> dict[str, str]:
    """What became of each record found, by key: curated, the reason why it is out, or NOT_JUDGED."""
    why = {d.pmid: d.reason for d in decided}
    return {r.key: "curated" if r.key in curated else why.get(r.key, NOT_JUDGED) for r in found}


def keep(row: Search, path: Path = SEARCHES_FILE) -> None:
    """Write a search, in the place of an older one for the same term.

    Raises:
        EntryInvalid: the line breaks the rules of the file.
    """
    for field, found, remedy in _search(row):
        raise EntryInvalid(f"{field}: {found}; {remedy}")
    others = [r for r in searches(path) if SEARCHES.key(r) != SEARCHES.key(row)] if path.exists() else []
    write_whole(path, SEARCHES.text([*others, row]))


def _decision(row: Decision) -> Wrong:
    if not is_key(row.pmid):
        yield "pmid", repr(row.pmid[:80]), "write the PMID, or the DOI in small letters while no PMID is known"
    if row.decision not in DECISIONS:
        yield "decision", repr(row.decision), f"allowed are {', '.join(DECISIONS)}"
    elif row.reason not in REASONS[row.decision]:
        yield "reason", repr(row.reason), f"allowed are {'; '.join(REASONS[row.decision])}"
    yield from _date(row.date)


def _search(row: Search) -> Wrong:
    if row.kind not in KINDS:
        yield "kind", repr(row.kind), f"allowed are {', '.join(KINDS)}"
    elif row.kind == CELLS:
        yield from _cell(row.term)
    elif vocabulary.load().get((row.kind,), row.term) is None:
        yield "term", f"{row.term!r} is no term of ours", f"choose an id of data/vocabulary/{row.kind}.yaml"
    try:
        compile_search(row.search)
    except QueryInvalid as error:
        yield (
            "search",
            str(error).split("\n", 1)[0],
            "write it as PubMed takes it, each word with its field, as CD25[tiab]",
        )
    if not _COUNT.fullmatch(row.found):
        yield "found", repr(row.found[:80]), "write the number of records found"
    if not row.note:
        yield "note", "empty", "say what was searched: PubMed, or which part of the corpus"
    yield from _date(row.date)


def _cell(term: str) -> Wrong:
    """A cell names a mechanism and a class of therapies, as `drug efflux × chemotherapy`."""
    words = vocabulary.load()
    mechanism, sign, of_therapy = term.partition(BY)
    if not sign or mechanism not in words.terms["mechanisms"] or of_therapy not in words.classes("therapies"):
        allowed = "an id of mechanisms.yaml and a class of therapies.yaml, as 'drug efflux × chemotherapy'"
        yield "term", f"{term!r} is no cell of ours", f"write {allowed}"


def _date(value: str) -> Wrong:
    try:
        known = bool(_DATE.fullmatch(value) and date.fromisoformat(value))
    except ValueError:  # 30 February
        known = False
    if not known:
        yield "date", f"{value[:80]!r} is not a date", "write YYYY-MM-DD"


LEDGER = Ledger(Decision, lambda row: order_of(row.pmid), _decision)
SEARCHES = Ledger(Search, lambda row: (row.kind, row.term), _search)
