"""From DOI to PMID: PubMed is asked for each paper that has only a DOI, and its entry follows.

A record is taken only when its DOI is the one asked for and its title agrees; else the paper stays
pending and is named. Crossref states the facts of one that stays, where a list gave it bare.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from lscbook import corpus as corpora
from lscbook.errors import HarvestIncomplete, PubMedMalformed, RegistryUnavailable
from lscbook.evidence import store, yaml_canonical
from lscbook.files import write_whole
from lscbook.pubmed.client import Client, NoSuchRecords, Transient
from lscbook.pubmed.parse import parse_stream
from lscbook.pubmed.record import Record
from lscbook.pubmed.reference import lacks
from lscbook.standing.registries import Registries, agree
from lscbook.vocabulary.annotate import Annotator

SILENT = 3  # answers that fail in one run; then the registry is down, and not one paper odd


@dataclass
class Resolved:
    """PMIDs found by DOI, what stayed pending or bare and why, and the files that were renamed."""

    pmids: dict[str, str] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    stated: dict[str, Record] = field(default_factory=dict)  # facts from Crossref, by DOI
    bare: dict[str, str] = field(default_factory=dict)


def find(client: Client, pending: dict[str, Record], annotator: Annotator) -> Resolved:
    """Ask PubMed for the PMID of each DOI (`[doi]`), and take it where the titles agree.

    Raises:
        PubMedUnavailable, PubMedMalformed: the service did not answer.
    """
    result = Resolved()
    for doi, known in sorted(pending.items()):
        found = client.search(f'"{doi}"[doi]', retmax=5)["idlist"]
        if len(found) != 1:
            result.pending[doi] = f"PubMed has {len(found)} records of it"
            continue
        try:
            record = client.fetch(found, _only(found[0]))
        except (PubMedMalformed, NoSuchRecords) as error:
            result.pending[doi] = f"its record PMID {found[0]} cannot be read: {error}"
            continue
        if record.doi != doi:
            result.pending[doi] = f"PMID {record.pmid} has DOI {record.doi or 'none'}"
        elif not agree(known.title, record.title):
            result.pending[doi] = f"PMID {record.pmid} has another title: {record.title}"
        else:
            result.pmids[doi] = record.pmid
            result.records.append(corpora.described(record, annotator))
    return result


def complete(result: Resolved, registries: Registries, pending: dict[str, Record]) -> None:
    """Ask Crossref for the facts of papers without PMID whose reference is not complete.

    An outage costs nothing but these facts; it is told, and the next harvest asks again.
    """
    silent = 0
    for doi, known in sorted(pending.items()):
        if doi in result.pmids or not lacks(known):
            continue
        try:
            found = registries.record(doi)
        except RegistryUnavailable as error:
            result.bare[doi] = str(error)
            silent += 1
            if silent == SILENT:
                result.bare[doi] += "; the papers after it were not asked for"
                return
            continue
        if found is None:
            result.bare[doi] = "Crossref does not know it"
        elif not agree(known.title, found.title):
            result.bare[doi] = f"Crossref has another title: {found.title}"
        elif not found.authors:
            result.bare[doi] = "Crossref names no author"
        else:
            result.stated[doi] = replace(
                known,
                journal=found.journal or known.journal,
                date=found.date or known.date,
                volume=found.volume or known.volume,
                issue=found.issue or known.issue,
                pages=found.pages or known.pages,
                authors=found.authors,
                authors_complete=True,
            )


def apply(result: Resolved, corpus: Path, evidence: Path | None, book: Path | None) -> None:
    """Put the records into the corpus, and rename entries and references with them.

    An entry is named after its record, so that one whose year or first author PubMed corrects is renamed too; one
    that a person named otherwise is left to `check`.

    The corpus comes first: an entry under a PMID that the corpus lacks would break the build, one
    under a DOI whose PMID is known is reported by `check`, and is mended by the next run.

    Raises:
        HarvestIncomplete: a file of the new name is there already; the others are renamed all the same.
    """
    with corpora.locked(corpus):
        known = corpora.read(corpus)
        if result.records or result.stated:
            corpora.refuse_strangers(known, corpus)
            stated = {doi: record for doi, record in result.stated.items() if doi in known.records}
            merged = corpora.merge({**known.records, **stated}, result.records)
            corpora.write(corpus, merged, corpora.about(known.manifest))
            known = corpora.read(corpus)
    clashes = []
    for path in sorted(evidence.glob("*.yaml")) if evidence else ():
        item = store.parse(path)
        record = known.find(item.entry.key) if item.entry else None
        if item.entry is None or item.node is None or record is None or path.name == store.file_name(record):
            continue
        took_pmid = bool(item.entry.doi and record.pmid)
        if not (took_pmid or path.name.endswith(f"-{store.ascii_words(item.entry.key)}.yaml")):
            continue
        plain = item.node.plain()
        assert isinstance(plain, dict)  # noqa: S101  an entry is a mapping
        if took_pmid:
            del plain["doi"]
            plain = {"pmid": record.pmid, **plain}
        target, text = path.with_name(store.file_name(record)), yaml_canonical.dump(plain)
        if target.exists() and not (target.is_file() and target.read_bytes() == text.encode()):
            clashes.append(f"{path} is {target.name}, which exists; merge the two files by hand")
            continue
        # the name goes last: while it is the old one, the next run does all of this again
        if book and item.entry.doi and took_pmid:
            _refer(book, item.entry.doi, record.pmid)
        write_whole(target, text)
        path.unlink()
        result.renamed.append((path.name, target.name))
    if clashes:
        raise HarvestIncomplete("\n".join(clashes))


def _refer(book: Path, doi: str, pmid: str) -> None:
    """Let the pages cite the PMID."""
    role = re.compile(r"(\{paper\}`)([^`]*)(`)")
    old = re.compile(rf"(?<![\w./-]){re.escape(doi)}(?=/\d+\b|\s*[,`]|\s*$)", re.IGNORECASE)
    for page in sorted(book.glob("*.md")):
        try:
            text = page.read_text(encoding="utf-8")
        except ValueError:
            continue  # no text; the build tells it
        new = role.sub(lambda m: m[1] + old.sub(pmid, m[2]) + m[3], text)
        if new != text:
            write_whole(page, new)


def _only(pmid: str) -> Callable[[bytes], Record]:
    """A check that the body is the record of one PMID."""

    def read(body: bytes) -> Record:
        try:
            records = [r for r in parse_stream(io.BytesIO(body)) if isinstance(r, Record) and r.pmid == pmid]
        except PubMedMalformed as error:
            raise Transient(f"not a record: {error}", malformed=True) from error
        if len(records) != 1:
            raise Transient(f"{len(records)} records of PMID {pmid}", malformed=True)
        return records[0]

    return read
