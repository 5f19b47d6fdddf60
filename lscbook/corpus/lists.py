"""Papers of a list that somebody gathered: a JSON object a line, by DOI."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints, ValidationError

from lscbook.errors import CorpusInvalid
from lscbook.pubmed.record import Author, Record
from lscbook.text import first_fault, one_line

_PREFIX = re.compile(r"^\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_NEEDED = "a line needs doi (10.…) and title, and may have journal, year, first_author and abstract, all texts"


def _bare(raw: object) -> object:
    return _PREFIX.sub("", raw).strip().lower() if isinstance(raw, str) else raw


Text = Annotated[str, AfterValidator(one_line)]  # pydantic refuses half of a surrogate pair


class _Line(BaseModel):
    doi: Annotated[str, BeforeValidator(_bare), StringConstraints(pattern=r"^10\.[0-9.]+/\S+$")]
    title: Annotated[str, StringConstraints(min_length=1), AfterValidator(one_line)]
    journal: Text | None = None
    year: int | str | None = None
    first_author: Text | None = None
    abstract: Text | None = None


def iterate_doi_records(path: Path) -> Iterator[Record]:
    """Records of a `.jsonl` file whose lines have doi, title, journal, year, first_author, abstract.

    Raises:
        CorpusInvalid: a line is not such a record.
    """
    # JSON holds U+2028 and its like bare, and only \n ends a line
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            raw = _Line.model_validate(json.loads(line.decode("utf-8")))
        except ValidationError as error:
            raise CorpusInvalid(f"{path}:{number}: {first_fault(error, 'the line')}; {_NEEDED}") from error
        except ValueError as error:
            raise CorpusInvalid(f"{path}:{number}: no JSON: {error}; {_NEEDED}") from error
        family, _, initials = (raw.first_author or "").rpartition(" ")
        year = str(raw.year or "")
        yield Record(
            pmid="",
            doi=raw.doi,
            title=raw.title,
            journal=raw.journal or "",
            date=year if re.fullmatch(r"(?:1[5-9]|20)[0-9]{2}", year) else "",
            authors=(Author(family or initials, initials if family else ""),) if initials else (),
            authors_complete=False,
            origin="doi",
            text=raw.abstract or "",
        )
