"""Abstracts of records that were harvested or imported, in the ignored cache; never committed."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from lscbook import paths
from lscbook.errors import CacheUnusable
from lscbook.files import put_aside
from lscbook.pubmed.record import Record

FILE = paths.CACHE / "abstracts.sqlite"
_FORM = "CREATE TABLE IF NOT EXISTS abstract (key TEXT PRIMARY KEY, text TEXT NOT NULL)"
_COLUMNS = [("key", "TEXT", 1), ("text", "TEXT", 0)]  # name, type, place in the key
_WAIT = 30.0  # seconds for another process to end its writing

T = TypeVar("T")


def file_of(corpus: Path, cache: Path) -> Path:
    """Where the abstracts of a corpus lie: those of another one than ours in its own cache."""
    return FILE if corpus.resolve() == paths.CORPUS else cache / FILE.name


def keep(records: Iterable[Record], file: Path = FILE) -> None:
    """Keep the abstract of each record that has one; a later one replaces an earlier.

    Raises:
        CacheUnusable: the file is locked, or the disk is full.
    """
    rows = [(r.key, r.text) for r in records if r.text]
    file.parent.mkdir(parents=True, exist_ok=True)
    _with(file, lambda base: base.executemany("INSERT OR REPLACE INTO abstract VALUES (?, ?)", rows))


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
    wanted = list(keys)
    query = "SELECT key, text FROM abstract WHERE key = ?"

    def found(base: sqlite3.Connection) -> dict[str, str]:
        rows = (base.execute(query, (key,)).fetchone() for key in wanted)
        return {str(row[0]): str(row[1]) for row in rows if row}

    return _with(file, found)


def _with(file: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    """What `work` makes of the cache; one that is broken, or of another form, is put aside and begun anew."""
    try:
        try:
            return _done(file, work)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            put_aside(file, str(error))
            return _done(file, work)
    except sqlite3.Error as error:
        raise CacheUnusable(f"{file}: {error}; free it, or make room, and run this again") from error


def _done(file: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    with closing(sqlite3.connect(file, timeout=_WAIT)) as base, base:
        base.execute(_FORM)
        columns = [(row[1], row[2], row[5]) for row in base.execute("PRAGMA table_info(abstract)")]
        if columns != _COLUMNS:
            raise sqlite3.DatabaseError(f"of another form: {', '.join(name for name, *_ in columns)}")
        return work(base)
