"""What a run has done so far, in the ignored cache: its plan, and the answers that it fetched.

A run that was stopped goes on with its own plan and its own last day, also after midnight. A
finished run forgets both, so that the next one asks for what is new.
"""

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lscbook.errors import PubMedMalformed
from lscbook.files import write_whole
from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.pubmed.record import Record

FORM = 2  # of a plan; another one is not read
_PLAN = {"until": str, "translation": str, "complaints": list, "slices": list, "ids": dict}
AGE = timedelta(days=7)  # an older plan is made anew; well inside the overlap of incremental runs


class RunState:
    """The folder of one query under `cache`; `say` hears what had to be made anew."""

    def __init__(self, cache: Path, term: str, cap: int, say: Callable[[str], None] = lambda _line: None) -> None:
        self.say = say
        self.folder = cache / hashlib.sha256(f"{term}|{cap}".encode()).hexdigest()[:16]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file = self.folder / "plan.json"

    def plan(self, today: date) -> dict[str, Any] | None:
        """The plan of a run that did not finish, or None; what is over a week old is dropped."""
        for file in self.folder.glob("*.xml.gz"):
            if _day(file.name[:10]) < today - AGE:
                file.unlink()
        if not self._file.exists():
            return None
        raw = self._read()
        if raw is None:
            self.say(f"{self._file}: a plan of another version, or not whole; it is made anew")
            self.drop_plan()
            return None
        return raw if _day(raw["until"]) >= today - AGE else None

    def _read(self) -> dict[str, Any] | None:
        """The plan in the file, or None where it is none of ours."""
        try:
            raw: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
            whole = (
                raw["form"] == FORM
                and all(isinstance(raw[name], kind) for name, kind in _PLAN.items())
                and all(set(part) == {"low", "high", "expected"} for part in raw["slices"])
                and set(raw["ids"]) == {f"{part['low']}-{part['high']}".replace("/", "") for part in raw["slices"]}
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return raw if whole else None

    def keep_plan(self, raw: dict[str, Any]) -> None:
        """Write the plan, whole or not at all."""
        write_whole(self._file, json.dumps({"form": FORM, **raw}))

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
            except (PubMedMalformed, OSError):
                self.say(f"{file}: broken; its records are fetched again")
                file.unlink(missing_ok=True)
                continue
            yield from found

    def forget(self) -> None:
        """The run is finished. The plan goes last: without it, old answers would pass for new ones."""
        for file in self.folder.glob("*.xml.gz"):
            file.unlink()
        shutil.rmtree(self.folder)


def _day(text: str) -> date:
    """The day that a name begins with; a name of another form is older than anything."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
