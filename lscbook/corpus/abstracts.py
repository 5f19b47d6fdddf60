"""Abstracts of records that were harvested or imported, in the ignored cache; never committed."""

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from lscbook import paths
from lscbook.errors import CacheUnusable
from lscbook.pubmed.record import Record

FILE = paths.CACHE / "abstracts.sqlite"
_FORM = "CREATE TABLE IF NOT EXISTS abstract (key TEXT PRIMARY KEY, text TEXT NOT NULL)"
_WAIT = 30.0  # seconds for another process to end its writing


def keep(records: Iterable[Record], file: Path = FILE) -> None:
    """Keep the abstract of each record that has one; a later one replaces an earlier.

    Raises:
        CacheUnusable: the file is locked, or the disk is full.
    """
    rows = [(r.key, r.text) for r in records if r.text]
    file.parent.mkdir(parents=True, exist_ok=True)
    with _opened(file) as base, base:
        base.executemany("INSERT OR REPLACE INTO abstract VALUES (?, ?)", rows)


def get(key: str, file: Path = FILE) -> str:
    """The abstract of a PMID or DOI, sections on lines; '' where the cache has none."""
    return get_all([key], file).get(key, "")


def get_all(keys: Iterable[str], file: Path = FILE) -> dict[str, str]:
    """The abstracts that the cache has, by key.

    Raises:
        CacheUnusable: the file is locked.
    """
    if not file.exists():
        return {}
    with _opened(file) as base:
        found = {}
        for key in keys:
            row = base.execute("SELECT text FROM abstract WHERE key = ?", (key,)).fetchone()
            if row:
                found[key] = str(row[0])
        return found


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """The cache, open; one that is broken, or of another form, is put aside and begun anew, and that is told."""
    try:
        base = _sound(file)
    except sqlite3.OperationalError as error:
        raise CacheUnusable(f"{file}: {error}; free it, or make room, and run this again") from error
    with closing(base):
        try:
            yield base
        except sqlite3.OperationalError as error:
            raise CacheUnusable(f"{file}: {error}; free it, or make room, and run this again") from error


def _sound(file: Path) -> sqlite3.Connection:
    base = sqlite3.connect(file, timeout=_WAIT)
    try:
        base.execute(_FORM)
        base.execute("SELECT key, text FROM abstract LIMIT 1")
    except sqlite3.DatabaseError as error:
        base.close()
        if isinstance(error, sqlite3.OperationalError) and "no such column" not in str(error):
            raise
        aside = file.with_suffix(".broken")
        file.replace(aside)
        print(f"cache: {file.name} was broken ({error}); begun anew, the old one is {aside.name}", file=sys.stderr)
        base = sqlite3.connect(file, timeout=_WAIT)
        base.execute(_FORM)
    return base
