"""A new entry: the record of its paper, and a file in which only facts of the record stand."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lscbook import corpus as corpora
from lscbook.corpus import Corpus, abstracts
from lscbook.errors import PubMedMalformed, RecordRefused
from lscbook.evidence import fields, rules
from lscbook.evidence.fields import Field, Type
from lscbook.evidence.store import file_name
from lscbook.files import text_of
from lscbook.pubmed.client import Client, NoSuchRecords, Transient
from lscbook.pubmed.parse import parse_stream
from lscbook.pubmed.record import Record
from lscbook.standing.registries import Registries
from lscbook.vocabulary.annotate import Annotator

Terms = dict[str, dict[str, int]]


def identity(given: str) -> str:
    """The PMID or DOI that a person gave, bare.

    >>> identity("PMID: 22932223"), identity("https://doi.org/10.1038/Nature10738")
    ('22932223', '10.1038/nature10738')

    Raises:
        RecordRefused: a PMC id, or neither PMID nor DOI; the message says what to give instead.
    """
    text = rules.bare(given)
    faults = [rule.fault(text) for rule in rules.RULES["PMID"]]
    if faults[0]:
        raise RecordRefused(faults[0])
    if not faults[1] or not rules.RULES["DOI"][0].fault(text):
        return text.lower()
    raise RecordRefused(rules.NEITHER.format(value=repr(given)))


def refuse_known(key: str, known: Corpus, evidence: Path) -> None:
    """Refuse a paper that has its entry.

    Raises:
        RecordRefused: with the file to which a finding can be added.
    """
    record = known.find(key)
    keys = {key, *((record.pmid, record.doi) if record else ())} - {""}
    line = re.compile(rf"^(pmid|doi): *[\"']?({'|'.join(map(re.escape, sorted(keys)))})[\"']?\s*(#.*)?$", re.MULTILINE)
    for path in sorted(evidence.glob("*.yaml")):
        if line.search(text_of(path)):
            raise RecordRefused(rules.KNOWN.format(key=key, file=path.name))


def obtain(key: str, known: Corpus, client: Client | None, registries: Registries | None) -> Record:
    """The record with its abstract: from the corpus and the cache, else from PubMed or Crossref.

    Raises:
        RecordRefused: nobody knows it, or it is not here and nobody may be asked.
        PubMedUnavailable, PubMedMalformed, RegistryUnavailable: who was asked did not answer.
    """
    record = known.find(key)
    if record is not None:
        text = abstracts.get(record.key)
        if text or not (record.abstract and record.pmid and client):
            return replace(record, text=text)
        # the corpus knows that there is an abstract, and this machine lacks it
        brought = _fetched(client, record.pmid)
        return replace(record, text=brought.text if brought else "")
    if client is None or registries is None:
        raise RecordRefused(f"{key} is not in the corpus; let PubMed be asked: EMAIL=you@example.org (--email)")
    if not key.isdigit():
        found = client.search(f'"{key}"[doi]', retmax=2)["idlist"]
        if len(found) != 1:
            facts = registries.record(key)
            if facts is None:
                raise RecordRefused(f"neither PubMed nor Crossref knows DOI {key}; check it")
            return facts
        key = str(found[0])
    brought = _fetched(client, key)
    if brought is None:
        raise RecordRefused(f"PubMed has no record {key}; check the number")
    return brought


def _fetched(client: Client, pmid: str) -> Record | None:
    try:
        return client.fetch([pmid], _record_of(pmid))
    except NoSuchRecords:
        return None


def _record_of(pmid: str) -> Callable[[bytes], Record | None]:
    def read(body: bytes) -> Record | None:
        try:
            found = [r for r in parse_stream(io.BytesIO(body)) if isinstance(r, Record)]
        except PubMedMalformed as error:
            raise Transient(f"not records: {error}", malformed=True) from error
        if any(r.pmid != pmid for r in found):
            raise Transient("another record than the one asked for", malformed=True)
        return found[0] if found else None

    return read


def keep(record: Record, known: Corpus, folder: Path, annotator: Annotator) -> None:
    """Put a record that was fetched into the corpus, and its abstract into the cache."""
    abstracts.keep([record])
    if known.find(record.key) is not None:
        return
    stored = corpora.described(record, annotator)
    with corpora.locked(folder):
        now = corpora.read(folder)  # a harvest may have ended while PubMed was asked
        corpora.refuse_strangers(now, folder)
        corpora.write(folder, corpora.merge(now.records, [stored]), corpora.about(now.manifest))


def draft(record: Record, terms: Terms, added: str, theme: str = "", denied: Terms | None = None) -> tuple[str, str]:
    """File name and text of an entry to be filled in: every field with what it is for.

    `terms` are the vocabulary terms that title and abstract name; they are proposed in comments. Those that the text
    names under a denial alone (`denied`) are marked so.
    """
    terms = {kind: {_marked(i, kind, denied): n for i, n in ids.items()} for kind, ids in terms.items()}
    key = f"pmid: {record.pmid}" if record.pmid else f"doi: {record.doi}"
    head = [f"# {_comment(record.title)}", *_advice(file_name(record)), key, *_about(added)]
    return file_name(record), "\n".join(head + _blank_finding(terms, theme)) + "\n"


def _marked(identifier: str, kind: str, denied: Terms | None) -> str:
    return f"{identifier} (under a denial)" if denied and identifier in denied.get(kind, {}) else identifier


def template() -> str:
    """An entry of no paper, to be filled in: what a page can show to whom no tool stands by."""
    head = [*_advice("<first-author>-<year>-<pmid>.yaml"), "pmid:  # digits only; or, where there is none, doi:"]
    return "\n".join([*head, *_about("  # YYYY-MM-DD"), *_blank_finding({}, "")]) + "\n"


def _advice(name: str) -> list[str]:
    return [
        "# Fill in what the paper says, leave out what it does not; lines that begin with # are help and vanish with:",
        f"#   python scripts/check.py --fix data/evidence/{name}",
    ]


def _about(added: str) -> list[str]:
    return [
        "read: abstract  # or: full text",
        "curators: []  # your ORCID, as [0000-0002-1825-0097]; may stay empty",
        "reviewers: []  # another person's, after the second reading",
        f"added: {added}",
    ]


def _blank_finding(terms: Terms, theme: str) -> list[str]:
    lines = ["findings:", "  - id: 1  # the next finding: copy from here on, and count up"]
    for field in fields.COMMON[1:-1]:
        lines += _field(field, terms, theme if field.name == "theme" else "")
    for own in fields.THEMES:
        if theme in {"", own.name}:
            lines.append(f"    # {own.name}: does the finding speak for or against: {own.proposition}")
            for field in own.fields:
                lines += _field(field, terms, "", active=own.name == theme)
    return lines + _field(fields.COMMON[-1], terms, "")


def _field(field: Field, terms: Terms, value: str, *, active: bool = True) -> list[str]:
    must = field.required or field.counted
    needed = " (required)" if field.required else " (required, but for context)" if field.counted else ""
    said = f"    # {field.name}{needed}: {_comment(field.help)}"
    if field.allowed:
        said += f" One of: {', '.join(field.allowed)}."
    found = [i for kind in field.vocabularies for i in terms.get(kind, ())]
    if found:
        said += f" Named in the abstract: {', '.join(found)}."
    elif field.example:
        said += f" As: {field.example}"
    blank = {Type.TERMS: "[]", Type.WORDS: "[]", Type.TEXTS: "[]", Type.PAIRS: "[]", Type.COUPLES: "[]",
             Type.CONTRAST: "{kind: , of: , against: }", Type.SUPPORT: "{sentences: []}"}  # fmt: skip
    filled = value or blank.get(field.type, "")
    if field.name == "claim":
        return [said, "    claim: >-", "      "]
    return [said, f"    {'' if must and active else '# '}{field.name}: {filled}".rstrip()]


def _comment(text: str) -> str:
    """Text that stays within its comment."""
    return " ".join(text.split())
