"""What a run has done so far, in the ignored cache: its plan, and the answers that it fetched.

A run that was stopped goes on with its own plan and its own last day, also after midnight. A
finished run forgets both, so that the next one asks for what is new.
"""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lscbook.errors import PubMedMalformed
from lscbook.files import write_whole
from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.pubmed.record import Record

AGE = timedelta(days=7)  # an older plan is made anew; well inside the overlap of incremental runs


class Journal:
    """The folder of one query under `cache`."""

    def __init__(self, cache: Path, term: str, cap: int) -> None:
        self.folder = cache / hashlib.sha256(f"{term}|{cap}".encode()).hexdigest()[:16]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file = self.folder / "plan.json"

    def plan(self, today: date) -> dict[str, Any] | None:
        """The plan of a run that did not finish, or None; what is over a week old is dropped."""
        for file in self.folder.glob("*.xml.gz"):
            if date.fromisoformat(file.name[:10]) < today - AGE:
                file.unlink()
        if not self._file.exists():
            return None
        raw: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        return raw if date.fromisoformat(raw["until"]) >= today - AGE else None

    def keep_plan(self, raw: dict[str, Any]) -> None:
        """Write the plan, whole or not at all."""
        write_whole(self._file, json.dumps(raw))

    def drop_plan(self) -> None:
        """Let the next run plan anew; what was fetched stays."""
        self._file.unlink(missing_ok=True)

    def keep(self, body: bytes, until: str) -> None:
        """Keep an answer of a run whose last day is `until`, put in place by renaming."""
        file = self.folder / f"{until}-{hashlib.sha256(body).hexdigest()[:20]}.xml.gz"
        partial = file.with_suffix(".partial")
        partial.write_bytes(gzip.compress(body, compresslevel=1, mtime=0))
        partial.replace(file)

    def records(self, wanted: set[str]) -> Iterator[Record]:
        """Those of `wanted` that were fetched before; a broken file is passed over, its records fetched again."""
        for file in sorted(self.folder.glob("*.xml.gz")):
            try:
                found = [r for r in parse_path(file) if not isinstance(r, Deletion) and r.pmid in wanted]
            except PubMedMalformed:
                file.unlink()
                continue
            yield from found

    def forget(self) -> None:
        """The run is finished. The plan goes last: without it, old answers would pass for new ones."""
        for file in self.folder.glob("*.xml.gz"):
            file.unlink()
        shutil.rmtree(self.folder)
