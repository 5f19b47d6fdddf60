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
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from lscbook.errors import PubMedMalformed
from lscbook.files import write_whole
from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.pubmed.record import Record

FORM: Literal[2] = 2  # of a plan; another one is not read
AGE = timedelta(days=7)  # an older plan is made anew; well inside the overlap of incremental runs
_Pmid = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")]


class Slice(BaseModel):
    """Records created (CRDT) from `low` to `high`, both included, and how many PubMed counts."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    low: str
    high: str
    expected: int

    @property
    def name(self) -> str:
        """As a file name."""
        return f"{self.low}-{self.high}".replace("/", "")


class Plan(BaseModel):
    """A plan as it lies on the disk; any other is none of ours."""

    model_config = ConfigDict(extra="forbid", strict=True)

    form: Literal[2]
    until: str
    translation: str
    complaints: list[str]
    slices: Annotated[list[Slice], Field(min_length=1)]
    ids: dict[str, list[_Pmid]]

    @model_validator(mode="after")
    def _belongs_together(self) -> "Plan":
        expected = {part.name: part.expected for part in self.slices}
        if {name: len(set(ids)) for name, ids in self.ids.items()} != expected or _day(self.until) == date.min:
            raise ValueError("slices, PMIDs and last day are of different plans")
        return self


class RunState:
    """The folder of one query under `cache`; `say` hears what had to be made anew."""

    def __init__(self, cache: Path, term: str, cap: int, say: Callable[[str], None] = lambda _line: None) -> None:
        self.say = say
        self.folder = cache / hashlib.sha256(f"{term}|{cap}".encode()).hexdigest()[:16]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file = self.folder / "plan.json"

    def plan(self, today: date, not_before: date = date.min) -> Plan | None:
        """The plan of a run that did not finish, or None; what is over a week old is dropped.

        One whose last day is before `not_before`, the day of the snapshot that is there, or after today, is not gone
        on with: its result would be of another time than the corpus.
        """
        for file in self.folder.glob("*.xml.gz"):
            if _day(file.name[:10]) < today - AGE:
                file.unlink()
        if not self._file.exists():
            return None
        try:
            plan = Plan.model_validate_json(self._file.read_bytes())
        except (ValueError, OSError):
            self.say(f"{self._file}: a plan of another version, or not whole; it is made anew")
            self.drop_plan()
            return None
        if not max(today - AGE, not_before) <= _day(plan.until) <= today:
            self.drop_plan()
            return None
        return plan

    def keep_plan(self, raw: dict[str, Any]) -> None:
        """Write the plan, whole or not at all."""
        write_whole(self._file, json.dumps({"form": FORM, **raw}))

    def drop_plan(self) -> None:
        """Let the next run plan anew; what was fetched stays."""
        self._file.unlink(missing_ok=True)

    def keep(self, body: bytes, until: str) -> None:
        """Keep an answer of a run whose last day is `until`, put in place by renaming."""
        file = self.folder / f"{until}-{hashlib.sha256(body).hexdigest()[:20]}.xml.gz"
        write_whole(file, gzip.compress(body, compresslevel=1, mtime=0))

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
