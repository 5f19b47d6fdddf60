"""The corpus on disk: one shard of records a year, and a manifest that says what they are."""

import hashlib
import json
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import filelock

from lscbook import paths
from lscbook.corpus.manifest import AGAIN, about, first_day, manifest_of, read_manifest
from lscbook.errors import CorpusBusy, CorpusInvalid
from lscbook.files import flush_folder, write_whole
from lscbook.pubmed.record import Record

__all__ = ["PENDING", "Corpus", "about", "locked", "read", "refuse_strangers", "strangers", "write"]

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

    @property
    def day(self) -> date:
        """The same as a date; the first of all where there is no snapshot."""
        return first_day(self.as_of)


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
    # a writer may be at it: a shard is gone that was listed, or two are of different days
    with suppress(FileNotFoundError):
        known = _read(folder)
        if not strangers(known, folder) or not os.access(folder, os.W_OK):
            return known
    with locked(folder):
        return _read(folder)


def _read(folder: Path) -> Corpus:
    records: dict[str, Record] = {}
    hashes: dict[str, str] = {}
    for shard in sorted((folder / "records").glob("*.jsonl")):
        body = shard.read_bytes()
        hashes[shard.name] = hashlib.sha256(body).hexdigest()
        # JSON holds U+2028 and its like bare, and only \n ends a line
        for number, line in enumerate(body.split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                record = _keyed(Record.from_json(json.loads(line.decode("utf-8"))))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise CorpusInvalid(f"{shard}:{number}: not a record ({error}); {AGAIN}") from error
            records[record.key] = record
    return Corpus(records, read_manifest(folder / "manifest.json"), hashes)


def _keyed(record: Record) -> Record:
    if not (re.fullmatch(r"[1-9][0-9]*", record.pmid) or (record.doi and not record.pmid)):
        raise ValueError(f"PMID {record.pmid!r}, DOI {record.doi!r}")
    return record


def strangers(known: Corpus, folder: Path) -> list[str]:
    """Shards that are not those of which the manifest states the hash: edited by hand, or only half of a checkout.

    A record of such a shard is nobody's word: a harvest asks PubMed for it again, any other writer refuses.
    """
    stated = {name: shard.get("sha256", "") for name, shard in known.manifest.get("shards", {}).items()}
    return [
        str(folder / "records" / n) for n in sorted({*stated, *known.hashes}) if stated.get(n) != known.hashes.get(n)
    ]


def refuse_strangers(known: Corpus, folder: Path) -> None:
    """Whoever adds to a corpus must not put his seal under what another person edited.

    Raises:
        CorpusInvalid: a shard is not the one that the last writer left.
    """
    if found := strangers(known, folder):
        raise CorpusInvalid(f"{', '.join(found[:5])}: not as the last harvest wrote it; {AGAIN}")


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


def write(folder: Path, records: dict[str, Record], said: dict[str, Any]) -> list[str]:
    """Write shards and manifest, all of them or none; return the names that changed. `said` is `manifest.about`.

    Who has read the corpus in order to write it holds `locked` around both.

    Raises:
        CorpusBusy: another process is writing.
    """
    texts = shards(records.values())
    manifest = manifest_of(records.values(), texts, said)
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
        try:
            order = json.loads((stage / "READY").read_text("utf-8"))
            files, stale = dict(order["files"]), list(order["stale"])
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusInvalid(f"{stage}/READY: {error!r}; remove {stage}, and run this again") from error
        for name, part in files.items():
            if (stage / part).exists():
                (stage / part).replace(folder / name)
        for name in stale:
            (folder / "records" / name).unlink(missing_ok=True)
        flush_folder(folder / "records")
        flush_folder(folder)
        (stage / "READY").unlink()
    shutil.rmtree(stage)


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_bytes() == text.encode()
