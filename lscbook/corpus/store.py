"""The corpus on disk: one shard of records a year, and a manifest that says what they are."""

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from lscbook import __version__, paths
from lscbook.errors import CorpusInvalid
from lscbook.files import write_whole
from lscbook.pubmed.parse import Deletion
from lscbook.pubmed.record import Author, Record, describe_abstract
from lscbook.text import one_line

PENDING = "pmid-pending"


@dataclass(frozen=True)
class Corpus:
    """The records of a folder, by PMID or, where it is pending, by DOI."""

    records: dict[str, Record]
    manifest: dict[str, Any]

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


def read(folder: Path = paths.CORPUS) -> Corpus:
    """Read shards and manifest.

    Raises:
        CorpusInvalid: a line cannot be read; the message names file and line.
    """
    recover(folder)
    records: dict[str, Record] = {}
    for shard in sorted((folder / "records").glob("*.jsonl")):
        for number, line in enumerate(shard.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                record = Record.from_json(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                raise CorpusInvalid(
                    f"{shard}:{number}: not a record ({error}); take the file "
                    "from git again, it is never edited by hand"
                ) from error
            records[record.key] = record
    manifest = folder / "manifest.json"
    return Corpus(records, json.loads(manifest.read_text("utf-8")) if manifest.exists() else {})


def merge(known: dict[str, Record], arrivals: Iterable[Record | Deletion]) -> dict[str, Record]:
    """Known records with the arrivals put in; the result does not depend on their order.

    Of two records of one PMID the one from NLM wins over one from a list, then the higher version,
    the later revision, the one with an abstract, the one with all authors. A deletion removes its PMID.
    """
    merged = dict(known)
    deleted: set[str] = set()
    for arrival in arrivals:
        if isinstance(arrival, Deletion):
            deleted.add(arrival.pmid)
            continue
        new = replace(arrival, abstract=arrival.abstract or describe_abstract(arrival.text))
        old = merged.get(new.key)
        if old is None or _rank(new) > _rank(old):
            merged[new.key] = new
    resolved = {record.doi for record in merged.values() if record.pmid and record.doi}
    return {
        key: record
        for key, record in merged.items()
        if key not in deleted and (record.pmid or record.doi not in resolved)
    }


def _rank(record: Record) -> tuple[Any, ...]:
    own = record.as_json()
    own.pop("concepts", None)  # what we add does not decide which record is the better one
    return (
        record.origin == "pubmed",
        record.version,
        record.revised,
        record.abstract is not None,
        record.authors_complete,
        json.dumps(own, sort_keys=True),
    )


def shards(records: Iterable[Record]) -> dict[str, str]:
    """File name and text of each shard: records sorted by PMID (DOI), keys sorted."""
    years: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        years[(record.year or "undated") if record.pmid else PENDING].append(record)
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
    """Write shards and manifest, each file whole or not at all; return the names that changed."""
    recover(folder)
    texts = shards(records.values())
    manifest = manifest_of(records.values(), texts, about)
    target = folder / "records"
    target.mkdir(parents=True, exist_ok=True)
    files = {target / name: text for name, text in texts.items()}
    files[folder / "manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    changed = [path for path, text in files.items() if not _same(path, text)]
    stale = [path for path in target.glob("*.jsonl") if path not in files]
    if changed or stale:
        _stage(folder, {str(p.relative_to(folder)): files[p] for p in changed}, [p.name for p in stale])
        recover(folder)
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


def recover(folder: Path) -> None:
    """Finish a write that was ready when its process died, or forget one that was not.

    So a reader finds the old corpus or the new one, whatever happened in between.
    """
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
        (stage / "READY").unlink()
    shutil.rmtree(stage)


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def iterate_doi_records(path: Path) -> Iterator[Record]:
    """Records of a `.jsonl` file whose lines have doi, title, journal, year, first_author, abstract.

    Raises:
        CorpusInvalid: a line is not such a record.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            raw = json.loads(line)
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
        except (KeyError, ValueError, AttributeError) as error:
            raise CorpusInvalid(f"{path}:{number}: needs doi, title, journal, year: {error}") from error
