"""Make a snapshot from files of PubMed XML: keep what the rule keeps, annotate, merge, write."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lscbook import corpus
from lscbook.corpus import abstracts
from lscbook.corpus.manifest import first_day
from lscbook.errors import HarvestRefused, PubMedMalformed
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
        inside = sorted(path.rglob("*"), key=_in_order) if path.is_dir() else [path]
        # a Mac lays a hidden file beside each
        found = (file for file in inside if file.name.endswith(SUFFIXES) and not file.name.startswith("."))
        files += [file for file in found if file.is_file() or not path.is_dir()]
    if not files:
        raise PubMedMalformed("nothing to import; give .xml, .xml.gz or .jsonl files, or a folder of them")
    return files


def _in_order(path: Path) -> list[tuple[int, str]]:
    """As people count: 9.xml comes before 10.xml, and so do its deletions.

    >>> sorted([Path("u10.xml"), Path("u9.xml")], key=_in_order)[0].name
    'u9.xml'
    """
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", str(path)) if part]


def import_files(
    given: Iterable[Path],
    folder: Path,
    annotator: Annotator,
    *,
    as_of: str,
    say: Callable[[str], None] = print,
    cache_file: Path = abstracts.FILE,
    curated: frozenset[str] = frozenset(),
    everything: bool = False,
) -> Report:
    """Merge what the snapshot rule keeps of the files into the corpus at `folder`, in their order.

    `everything` keeps each record, whether the rule finds it or not.
    What the corpus has is kept up to date whether the rule still finds it or not: a retracted paper may lose its
    abstract. A paper on which an entry stands (`curated`, by PMID) is not dropped where a file deletes it, and that is
    told. Files that bring nothing change nothing, least of all that the corpus is complete.

    Raises:
        PubMedMalformed: a file is not what its name says; then nothing is written.
        CorpusInvalid: a file of the corpus was edited by hand, or a line of a list is no paper.
        HarvestRefused: the snapshot that is there is of a later day than `as_of`.
    """
    asked = query.load(folder / "query.yaml")
    rule = query.compile_search(asked.snapshot_rule, asked.mesh_narrower)
    kept: list[Record | Deletion] = []
    total = 0
    sources: list[dict[str, Any]] = []
    there = {k for r in corpus.read(folder).records.values() for k in (r.key, r.doi) if k}
    for file in files_of(given):
        arrivals = list(_arrivals(file, say))
        wanted = [
            a
            for a in arrivals
            if everything or isinstance(a, Deletion) or a.origin == "doi" or _known(a, there) or rule(a)
        ]
        there |= {k for a in wanted if isinstance(a, Record) for k in (a.key, a.doi) if k}
        say(f"{file.name}: {len(arrivals)} records, {len(wanted)} kept")
        sources.append(
            {
                "file": file.name,
                "records": len(arrivals),
                "kept": len(wanted),
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
                **({"rule": "every record, whatever the snapshot rule says"} if everything else {}),
            }
        )
        kept += wanted
        total += len(arrivals)
    with corpus.locked(folder):
        known = corpus.read(folder)
        corpus.refuse_strangers(known, folder)
        if first_day(as_of) < known.day:
            raise HarvestRefused(
                f"the snapshot is of {known.as_of}, and would be of {as_of}; give --as-of {known.as_of}"
            )
        for lost in (a.pmid for a in kept if isinstance(a, Deletion) and a.pmid in curated):
            say(f"gone: PMID {lost} is deleted in PubMed, and curated here; its record stays until a person decides")
        merged = corpus.merge(known.records, (a for a in kept if not (isinstance(a, Deletion) and a.pmid in curated)))
        texts = {r.key: r.text for r in kept if isinstance(r, Record) and r.text}
        texts = {**abstracts.get_all(merged, cache_file), **texts}
        moved = _of_its_doi(merged, texts, cache_file)
        texts |= moved
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
        if known.manifest.get("complete") and same_words and merged == known.records:
            about = corpus.about(known.manifest)
        elif about["sources"] == known.manifest.get("sources") and merged == known.records:
            about["as_of"] = known.as_of or as_of  # nothing new: the snapshot keeps its date
        renamed = (replace(merged[key], text=text) for key, text in moved.items())
        abstracts.keep((*_texts(merged, kept), *renamed), cache_file)
        changed = corpus.write(folder, merged, about)
    return Report(total, len(kept), len(merged), changed)


def _arrivals(file: Path, say: Callable[[str], None]) -> Iterator[Record | Deletion]:
    if file.name.endswith(".jsonl"):
        return corpus.iterate_list(file, say)
    return parse_path(file, lambda _pmid, why: say(f"{file.name}: left out, {why}"))


def _annotated(record: Record, annotator: Annotator, texts: dict[str, str], *, same_words: bool) -> Record:
    """The record with its concepts; one whose text is not at hand keeps those it has."""
    text = record.text or texts.get(record.key, "")
    if record.concepts and not record.text and (same_words or not text):
        return record
    return replace(record, concepts=annotator.concepts(record.title, text))


def _known(record: Record, there: set[str]) -> bool:
    """Whether the corpus has the paper, under its PMID or under its DOI."""
    return record.key in there or bool(record.doi and record.doi in there)


def _of_its_doi(merged: dict[str, Record], texts: dict[str, str], cache_file: Path) -> dict[str, str]:
    """The abstracts of papers that the cache has under the DOI by which they were known before."""
    silent = {r.doi: key for key, r in merged.items() if r.pmid and r.doi and r.abstract and key not in texts}
    found = {silent[doi]: text for doi, text in abstracts.get_all(silent, cache_file).items()}
    return {key: text for key, text in found.items() if (merged[key].abstract or {}).get("sha256") == digest(text)}


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
