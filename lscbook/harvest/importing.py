"""Make a snapshot from files of PubMed XML: keep what the rule keeps, annotate, merge, write."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lscbook import corpus
from lscbook.corpus import abstracts
from lscbook.errors import PubMedMalformed
from lscbook.pubmed import query
from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.pubmed.record import Record
from lscbook.text import digest
from lscbook.vocabulary.annotate import Annotator

STATEMENT = (
    "A partial snapshot, made from files of PubMed records and not by asking PubMed. "
    "It is not the complete result of the query."
)
SUFFIXES = (".xml", ".xml.gz", ".jsonl")


@dataclass(frozen=True)
class Report:
    """What an import did."""

    read: int
    kept: int
    records: int
    changed: list[str]


def files_of(given: Iterable[Path]) -> list[Path]:
    """The files to read: those named, and those that a named folder holds, in order.

    Raises:
        PubMedMalformed: a path does not exist, or holds nothing that can be imported.
    """
    files: list[Path] = []
    for path in given:
        if not path.exists():
            raise PubMedMalformed(f"{path}: no such file; give .xml, .xml.gz or .jsonl, or a folder of them")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        # a Mac lays a hidden file beside each
        files += [file for file in inside if file.name.endswith(SUFFIXES) and not file.name.startswith(".")]
    if not files:
        raise PubMedMalformed("nothing to import; give .xml, .xml.gz or .jsonl files, or a folder of them")
    return files


def import_files(
    given: Iterable[Path],
    folder: Path,
    annotator: Annotator,
    *,
    as_of: str,
    say: Callable[[str], None] = print,
    cache_file: Path = abstracts.FILE,
) -> Report:
    """Merge what the snapshot rule keeps of the files into the corpus at `folder`.

    Raises:
        PubMedMalformed: a file is not what its name says; then nothing is written.
    """
    asked = query.load(folder / "query.yaml")
    rule = query.compile_search(asked.snapshot_rule, asked.mesh_narrower)
    kept: list[Record | Deletion] = []
    total = 0
    sources: list[dict[str, Any]] = []
    for file in files_of(given):
        arrivals = list(_arrivals(file, say))
        wanted = [a for a in arrivals if isinstance(a, Deletion) or a.origin == "doi" or rule(a)]
        say(f"{file.name}: {len(arrivals)} records, {len(wanted)} kept")
        sources.append(
            {
                "file": file.name,
                "records": len(arrivals),
                "kept": len(wanted),
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
        )
        kept += wanted
        total += len(arrivals)
    with corpus.locked(folder):
        known = corpus.read(folder)
        merged = corpus.merge(known.records, kept)
        texts = {r.key: r.text for r in kept if isinstance(r, Record) and r.text}
        texts = {**abstracts.get_all(merged, cache_file), **texts}
        same_words = known.manifest.get("vocabulary") == annotator.digest
        merged = {key: _annotated(r, annotator, texts, same_words=same_words) for key, r in merged.items()}
        about = {
            "statement": STATEMENT,
            "complete": False,
            "as_of": as_of,
            "rule": "snapshot_rule of query.yaml",
            "query_sha256": hashlib.sha256(asked.snapshot_rule.encode()).hexdigest(),
            "vocabulary": annotator.digest,
            "sources": _union(known.manifest.get("sources", []), sources),
        }
        if about["sources"] == known.manifest.get("sources") and merged == known.records:
            about["as_of"] = known.manifest["as_of"]  # nothing new: the snapshot keeps its date
        abstracts.keep(_texts(merged, kept), cache_file)
        changed = corpus.write(folder, merged, about)
    return Report(total, len(kept), len(merged), changed)


def _arrivals(file: Path, say: Callable[[str], None]) -> Iterator[Record | Deletion]:
    if file.name.endswith(".jsonl"):
        return corpus.iterate_doi_records(file)
    return parse_path(file, lambda _pmid, why: say(f"{file.name}: left out, {why}"))


def _annotated(record: Record, annotator: Annotator, texts: dict[str, str], *, same_words: bool) -> Record:
    """The record with its concepts; one whose text is not at hand keeps those it has."""
    text = record.text or texts.get(record.key, "")
    if record.concepts and not record.text and (same_words or not text):
        return record
    return replace(record, concepts=annotator.concepts(record.title, text))


def _texts(merged: dict[str, Record], arrivals: Iterable[Record | Deletion]) -> Iterator[Record]:
    """The records that bring the abstract which the corpus describes, also where the corpus had them before."""
    for record in arrivals:
        if isinstance(record, Record) and record.text and record.key in merged:
            described = merged[record.key].abstract or {}
            if described.get("sha256") == digest(record.text):
                yield record


def _union(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_hash = {source["sha256"]: source for source in (*old, *new)}
    return sorted(by_hash.values(), key=lambda source: (source["file"], source["sha256"]))
