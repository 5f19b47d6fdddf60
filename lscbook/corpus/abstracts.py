"""Abstracts of records that were harvested or imported, in the ignored cache; never committed."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from lscbook import paths
from lscbook.pubmed.record import Record

FILE = paths.CACHE / "abstracts.sqlite"


def keep(records: Iterable[Record], file: Path = FILE) -> None:
    """Keep the abstract of each record that has one; a later one replaces an earlier."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("CREATE TABLE IF NOT EXISTS abstract (key TEXT PRIMARY KEY, text TEXT NOT NULL)")
        base.executemany("INSERT OR REPLACE INTO abstract VALUES (?, ?)", ((r.key, r.text) for r in records if r.text))


def get(key: str, file: Path = FILE) -> str:
    """The abstract of a PMID or DOI, sections on lines; '' where the cache has none."""
    return get_all([key], file).get(key, "")


def get_all(keys: Iterable[str], file: Path = FILE) -> dict[str, str]:
    """The abstracts that the cache has, by key."""
    if not file.exists():
        return {}
    with closing(sqlite3.connect(file)) as base:
        found = {}
        for key in keys:
            row = base.execute("SELECT text FROM abstract WHERE key = ?", (key,)).fetchone()
            if row:
                found[key] = str(row[0])
        return found
