"""The corpus on disk: one shard of records a year, and a manifest that says what they are."""

import hashlib
import json
import os
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import filelock

from lscbook import __version__, paths
from lscbook.errors import CorpusBusy, CorpusInvalid
from lscbook.files import flush_folder, write_whole
from lscbook.pubmed.parse import Deletion
from lscbook.pubmed.record import Author, Record, describe_abstract
from lscbook.text import one_line

PENDING = "pmid-pending"


@dataclass(frozen=True)
class Corpus:
    """The records of a folder, by PMID or, where it is pending, by DOI."""

    records: dict[str, Record]
    manifest: dict[str, Any]
    hashes: dict[str, str] = field(default_factory=dict)  # of the shards as they were read

    @cached_property
    def by_doi(self) -> dict[str, Record]:
        """Records that have a DOI, by it."""
        return {record.doi: record for record in self.records.values() if record.doi}

    def find(self, key: str) -> Record | None:
        """The record of a PMID or DOI, or None where the corpus has none."""
        return self.records.get(key) or self.by_doi.get(key.lower())

    @property
    def as_of(self) -> str:
        """Date of the snapshot, YYYY-MM-DD."""
        return str(self.manifest.get("as_of", ""))


@contextmanager
def locked(folder: Path = paths.CORPUS, wait: float = 60.0) -> Iterator[None]:
    """The one door to a corpus: whoever reads it in order to write it holds this lock, and no other does.

    It may be taken again inside itself, by the same thread.

    Raises:
        CorpusBusy: another process has held it for `wait` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = _lock(str(folder.resolve()))
    try:
        lock.acquire(timeout=wait)
    except filelock.Timeout:
        raise CorpusBusy(
            f"another process has been writing {folder} for {wait:g} s; wait for it, then run this again"
        ) from None
    try:
        _recover(folder)
        yield
    finally:
        lock.release()


@cache
def _lock(folder: str) -> filelock.FileLock:
    return filelock.FileLock(Path(folder) / ".lock")


def read(folder: Path = paths.CORPUS) -> Corpus:
    """Read shards and manifest, as one writer left them.

    A reader takes nothing away from a writer at work. It waits only where new files lie ready: for the
    writer to put them in place, or, where that writer died, to do it for them.

    Raises:
        CorpusInvalid: a file cannot be read; the message names file and line.
        CorpusBusy: a writer takes longer than a minute to put its files in place.
    """
    if (folder / _STAGE / "READY").exists():
        with locked(folder):
            return _read(folder)
    known = _read(folder)
    if strangers(known, folder) and folder.exists() and os.access(folder, os.W_OK):
        with locked(folder):  # a writer may have been at it between two shards
            return _read(folder)
    return known


def _read(folder: Path) -> Corpus:
    records: dict[str, Record] = {}
    hashes: dict[str, str] = {}
    for shard in sorted((folder / "records").glob("*.jsonl")):
        body = shard.read_bytes()
        hashes[shard.name] = hashlib.sha256(body).hexdigest()
        for number, line in enumerate(body.split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                record = Record.from_json(json.loads(line.decode("utf-8")))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise CorpusInvalid(f"{shard}:{number}: not a record ({error}); {_AGAIN}") from error
            records[record.key] = record
    manifest = folder / "manifest.json"
    try:
        about = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}
    except ValueError as error:
        raise CorpusInvalid(f"{manifest}: {error}; {_AGAIN}") from error
    if not isinstance(about, dict):
        raise CorpusInvalid(f"{manifest}: not an object; {_AGAIN}")
    return Corpus(records, about, hashes)


_AGAIN = "take the file from git again, it is never edited by hand"


def strangers(known: Corpus, folder: Path) -> list[str]:
    """Shards that are not those of which the manifest states the hash: edited by hand, or only half of a checkout."""
    stated = {name: shard.get("sha256", "") for name, shard in known.manifest.get("shards", {}).items()}
    return [
        str(folder / "records" / n) for n in sorted({*stated, *known.hashes}) if stated.get(n) != known.hashes.get(n)
    ]


def merge(known: dict[str, Record], arrivals: Iterable[Record | Deletion]) -> dict[str, Record]:
    """Known records with the arrivals put in, in their order: the last wins, a deletion removes what came before.

    A record from NLM is never replaced by one from a list, a version never by a lower one, a revision never by
    one that states an earlier day. Of two records from lists the one with an abstract wins, then the one with all
    authors. NLM's own advice: do not depend on DateRevised, apply the files in their order.
    """
    merged = dict(known)
    for arrival in arrivals:
        if isinstance(arrival, Deletion):
            merged.pop(arrival.pmid, None)
            continue
        new = replace(arrival, abstract=arrival.abstract or describe_abstract(arrival.text))
        old = merged.get(new.key)
        if old is None or _supersedes(new, old):
            merged[new.key] = new
    resolved = {record.doi for record in merged.values() if record.pmid and record.doi}
    return {key: record for key, record in merged.items() if record.pmid or record.doi not in resolved}


def _supersedes(new: Record, old: Record) -> bool:
    if (new.origin == "pubmed") != (old.origin == "pubmed"):
        return new.origin == "pubmed"
    if new.origin != "pubmed":
        return _fullness(new) >= _fullness(old)
    if new.version != old.version:
        return new.version > old.version
    return not (new.revised and old.revised) or new.revised >= old.revised


def _fullness(record: Record) -> tuple[bool, bool]:
    return record.abstract is not None, record.authors_complete


def shards(records: Iterable[Record]) -> dict[str, str]:
    """File name and text of each shard: records sorted by PMID (DOI), keys sorted."""
    years: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        # a file is named after a year and after nothing else that a record may say
        year = record.year if re.fullmatch(r"[0-9]{4}", record.year) else "undated"
        years[year if record.pmid else PENDING].append(record)
    return {
        f"{year}.jsonl": "".join(
            json.dumps(record.as_json(), ensure_ascii=False, sort_keys=True) + "\n"
            for record in sorted(members, key=lambda r: (int(r.pmid or 0), r.doi))
        )
        for year, members in sorted(years.items())
    }


def manifest_of(records: Iterable[Record], texts: dict[str, str], about: dict[str, Any]) -> dict[str, Any]:
    """The manifest: what the snapshot is (`about`), what it holds, and the hash of each shard."""
    found = list(records)
    return {
        **about,
        "tool": f"lscbook {__version__}",
        "counts": {
            "records": len(found),
            "with PMID": sum(bool(r.pmid) for r in found),
            "PMID pending": sum(not r.pmid for r in found),
            "with an abstract in the source": sum(r.abstract is not None for r in found),
            "by origin": dict(sorted(Counter(r.origin for r in found).items())),
        },
        "shards": {
            name: {"records": text.count("\n"), "sha256": hashlib.sha256(text.encode()).hexdigest()}
            for name, text in texts.items()
        },
    }


def write(folder: Path, records: dict[str, Record], about: dict[str, Any]) -> list[str]:
    """Write shards and manifest, all of them or none; return the names that changed.

    Who has read the corpus in order to write it holds `locked` around both.

    Raises:
        CorpusBusy: another process is writing.
    """
    texts = shards(records.values())
    manifest = manifest_of(records.values(), texts, about)
    target = folder / "records"
    with locked(folder):
        target.mkdir(parents=True, exist_ok=True)
        files = {target / name: text for name, text in texts.items()}
        files[folder / "manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        changed = [path for path, text in files.items() if not _same(path, text)]
        stale = [path for path in target.glob("*.jsonl") if path not in files]
        if changed or stale:
            _stage(folder, {str(p.relative_to(folder)): files[p] for p in changed}, [p.name for p in stale])
            _recover(folder)
    return sorted(path.name for path in (*changed, *stale))


_STAGE = ".staging"


def _stage(folder: Path, texts: dict[str, str], stale: list[str]) -> None:
    """Lay the new files ready beside the old ones; the mark READY is what decides."""
    stage = folder / _STAGE
    stage.mkdir()
    for number, (name, text) in enumerate(texts.items()):
        write_whole(stage / str(number), text)
        texts[name] = str(number)
    write_whole(stage / "READY", json.dumps({"files": texts, "stale": stale}))
    flush_folder(folder)


def _recover(folder: Path) -> None:
    """Finish a write that was ready when its process died, or forget one that was not. Only inside `locked`."""
    stage = folder / _STAGE
    if not stage.exists():
        return
    if (stage / "READY").exists():
        order = json.loads((stage / "READY").read_text("utf-8"))
        for name, part in order["files"].items():
            if (stage / part).exists():
                (stage / part).replace(folder / name)
        for name in order["stale"]:
            (folder / "records" / name).unlink(missing_ok=True)
        flush_folder(folder / "records")
        flush_folder(folder)
        (stage / "READY").unlink()
    shutil.rmtree(stage)


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode()


def iterate_doi_records(path: Path) -> Iterator[Record]:
    """Records of a `.jsonl` file whose lines have doi, title, journal, year, first_author, abstract.

    Raises:
        CorpusInvalid: a line is not such a record.
    """
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line.decode("utf-8"))
            family, _, initials = (raw.get("first_author") or "").rpartition(" ")
            yield Record(
                pmid="",
                doi=raw["doi"].lower(),
                title=one_line(raw["title"]),
                journal=raw.get("journal") or "",
                date=str(raw.get("year") or ""),
                authors=(Author(family or initials, initials if family else ""),) if initials else (),
                authors_complete=False,
                origin="doi",
                text=one_line(raw.get("abstract") or ""),
            )
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            raise CorpusInvalid(f"{path}:{number}: needs doi, title, journal, year: {error}") from error
