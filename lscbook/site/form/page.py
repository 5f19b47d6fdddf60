"""The form of the page *Contribute*: its place in the page, and the data that its script reads.

The data are classic scripts beside the page, fetched when somebody begins to type: fields, words,
rules and messages in one, and the papers of the corpus in small parts by their number, so that a
page opened from disk works as well and a large corpus costs a reader nothing.
"""

import re
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from markupsafe import Markup
from sphinx.errors import ConfigError

from lscbook.evidence import consistency, drafting, fields, phrases, reviewing, rules, schema, yaml_canonical
from lscbook.evidence.store import file_name
from lscbook.pubmed.record import Record
from lscbook.site import scripts
from lscbook.site.opened import Site
from lscbook.standing import Standing
from lscbook.synthesis.book import Book
from lscbook.text import HIDDEN

PARTS = 64  # files that the papers are spread over
LONGEST = 7500  # characters of an address that browsers and GitHub take without fail
_REPOSITORY = re.compile(r"https://github\.com/[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
_TEXTS = (
    "PMC", "ORCID_DIGIT", "MISSING", "NO_WORD", "NO_THEME", "NO_TERM", "MEANT", "CHOOSE", "UNIT_WITH_NUMBER",
    "NO_PLACE", "SENTENCE_TWICE", "OUTSIDE", "ONE_IDENTITY", "OWN_READER", "RATED_ABSTRACT", "KNOWN", "BEYOND",
    "OF_CONTEXT", "NO_PAIR", "PAIR_OF_ONE", "NO_COUPLE", "COUPLE_OF_ONE", "UNSEEN", "EMPTY", "ID_TWICE",
    "PEOPLE_TWICE", "TOO_MANY", "TOGETHER",
)  # fmt: skip


def write(out: Path, site: Site) -> None:
    """Write the data of the form into a built site."""
    scripts.write(out, "lscFormData", "form-data.js", data(site))
    papers = out / "form-papers"  # no page names these: the script makes up their addresses
    papers.mkdir(exist_ok=True)
    for number, found in parts(site.book).items():
        (papers / f"{number}.js").write_text(scripts.assignment("lscFormPapers", found), encoding="utf-8")


def data(site: Site) -> dict[str, Any]:
    """Everything that the script must know but the papers.

    Raises:
        ConfigError: `lscbook_repository` is no address of a repository at GitHub.
    """
    repository = site.repository
    if repository and not _REPOSITORY.fullmatch(repository):
        raise ConfigError(
            f"_config.yml: lscbook_repository: {repository!r}; write https://github.com/OWNER/REPOSITORY or nothing"
        )
    words = site.book.vocabulary
    kinds = {kind for t in fields.BY_THEME for field in fields.fields_of(t) for kind in field.vocabularies}
    return {
        "repository": repository,
        "longest": LONGEST,
        "parts": PARTS,
        "entry": [_plain(f) for f in fields.ENTRY],
        "common": [_plain(f) for f in fields.COMMON],
        "themes": {
            t.name: {"proposition": t.proposition, "fields": [_plain(f) for f in t.fields]} for t in fields.THEMES
        },
        "nested": {kind.value: [_plain(f) for f in table] for kind, table in fields.NESTED.items()},
        "populations": fields.POPULATIONS,
        "rules": {kind: [asdict(rule) for rule in held] for kind, held in rules.RULES.items()},
        "messages": {name: getattr(rules, name) for name in _TEXTS},
        "words": {
            kind: {t.id: [form for form in t.surface_forms if form != t.id] for t in words.terms[kind].values()}
            for kind in sorted(kinds)
        },
        "hidden": _escaped(HIDDEN),
        "people": rules.PEOPLE,
        "pasted": {name: getattr(rules, name) for name in ("ADDRESS", "LABEL", "ORCID_ADDRESS")},
        "proposition": phrases.of_form(),
        "together": consistency.of_form(words),
        "mechanisms": {
            t.id: {"phrase": t.facts["phrase"], "definition": t.facts.get("definition", "")}
            for t in words.terms["mechanisms"].values()
        },
        "plain": yaml_canonical.PLAIN,
        "folded": yaml_canonical.FOLDED,
        "width": yaml_canonical.WIDTH,
        "known": {
            key: file_name(record)
            for record in site.book.evidence.records.values()
            for key in (record.pmid, record.doi)
            if key
        },
    }  # fmt: skip


def _escaped(pattern: str) -> str:
    r"""A pattern in letters that every editor shows, for a browser that reads it with the flag `u`.

    >>> _escaped("[\u200b-\u200f]")
    '[\\u{200b}-\\u{200f}]'
    """
    return "".join(c if c.isascii() and c.isprintable() else f"\\u{{{ord(c):x}}}" for c in pattern)


def _plain(field: fields.Field) -> dict[str, Any]:
    """A field without what it does not say."""
    return {name: value for name, value in asdict(field).items() if value}


def parts(book: Book) -> dict[int, dict[str, Any]]:
    """The papers of the corpus under PMID and DOI, in `PARTS` parts; every part is there, if empty."""
    made: dict[int, dict[str, Any]] = defaultdict(dict)
    excluded = {
        decision.pmid: {"date": decision.date, "reason": decision.reason, "note": decision.note}
        for decision in book.decisions
        if decision.decision == "exclude"
    }
    for record in book.corpus.records.values():
        for key in filter(None, (record.pmid, record.doi)):
            made[part(key)][key] = _paper(book, record, excluded)
    return {number: made[number] for number in range(PARTS)}


def part(key: str) -> int:
    """The part in which the script looks for a key.

    >>> part("22932223") == part("22932223"), 0 <= part("10.1038/nature10738") < PARTS
    (True, True)
    """
    number = 0
    for letter in key:
        number = (number * 31 + ord(letter)) % PARTS
    return number


def _paper(book: Book, record: Record, excluded: dict[str, dict[str, str]]) -> dict[str, Any]:
    state = book.standing(record)
    facts = {
        "pmid": record.pmid,
        "doi": record.doi,
        "title": record.title,
        "author": record.first_author,
        "year": record.year,
        "journal": record.journal,
        "standing": "" if state is Standing.STANDS else state.value,
        "sentences": (record.abstract or {}).get("sentences", 0),
        "types": [kind for kind in record.types if kind in fields.STUDIES_OF_TYPE],
        "excluded": excluded.get(record.pmid, {}),
        "concepts": {kind: list(found) for kind, found in record.concepts.items()},
        "file": file_name(record),
    }
    return {name: value for name, value in facts.items() if value}


def form(site: Site) -> Markup:
    """The form's first question; the script brings the rest. Without scripts, what to do instead."""
    return site.html.macros("form.html").form()


def template(site: Site) -> Markup:
    """The template with every field explained, for whom no tool stands by."""
    return site.html.macros("form.html").template(drafting.template(), schema.SCHEMA_VERSION)


def credit(site: Site) -> Markup:
    """Who curated and who read, by ORCID, from the entries and the second readings."""
    people = reviewing.credit(site.book.evidence.findings, site.book.readings)
    return site.html.macros("form.html").credit(people)
