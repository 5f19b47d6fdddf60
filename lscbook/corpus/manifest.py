"""The manifest of a snapshot: what it is, what it holds, and the hash of each shard."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from lscbook import __version__
from lscbook.errors import CorpusInvalid
from lscbook.pubmed.record import Record
from lscbook.text import first_fault

AGAIN = "take the file from git again (git checkout data/corpus), it is never edited by hand"
ONE_BY_ONE = "Records that were put in one by one; nobody has asked PubMed for the result of the query yet."
_COUNTED = {"tool", "counts", "shards"}  # what `manifest_of` adds


def first_day(text: str) -> date:
    """The first day of `2026-11-24`, `2026-11` or `2026`; of '' the first of all.

    Raises:
        ValueError: it is none of these.
    """
    if not text:
        return date.min
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        raise ValueError("write YYYY-MM-DD")
    return date.fromisoformat((text + "-01-01")[:10])


def _a_day(text: str) -> str:
    first_day(text)
    return text


class _Shard(BaseModel):
    records: int
    sha256: str


class _Manifest(BaseModel):
    """What the code relies on; an older manifest may lack any of it, a newer one have more."""

    model_config = ConfigDict(extra="allow", strict=True)

    statement: str = ""
    complete: bool = False
    as_of: Annotated[str, AfterValidator(_a_day)] = ""
    query: str = ""
    vocabulary: str = ""
    in_query: list[Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")]] = []
    counts: dict[str, Any] = {}
    sources: list[dict[str, Any]] = []
    slices: list[dict[str, Any]] = []
    shards: dict[str, _Shard] = {}


def read_manifest(file: Path) -> dict[str, Any]:
    """What a manifest says; nothing where there is none.

    Raises:
        CorpusInvalid: it is cut off, or a field is not what this code writes; the message names the field.
    """
    if not file.exists():
        return {}
    try:
        raw = json.loads(file.read_text("utf-8"))
        _Manifest.model_validate(raw)
    except ValidationError as error:
        told = first_fault(error, "the file")
        raise CorpusInvalid(f"{file}: {told}, which no harvest wrote; {AGAIN}") from error
    except ValueError as error:
        raise CorpusInvalid(f"{file}: {error}; {AGAIN}") from error
    return dict(raw)


def about(manifest: dict[str, Any], today: Callable[[], date] = lambda: datetime.now(UTC).date()) -> dict[str, Any]:
    """What a manifest says of its snapshot, without what it counts; of a corpus without one, that it is no harvest."""
    said = {name: value for name, value in manifest.items() if name not in _COUNTED}
    return said or {"statement": ONE_BY_ONE, "complete": False, "as_of": today().isoformat()}


def manifest_of(records: Iterable[Record], texts: dict[str, str], said: dict[str, Any]) -> dict[str, Any]:
    """The manifest: what the snapshot is (`said`), what it holds, and the hash of each shard in `texts`."""
    found = list(records)
    return {
        **said,
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
