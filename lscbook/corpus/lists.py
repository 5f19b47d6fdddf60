"""Papers of a list that somebody gathered: a JSON object a line, by PMID or DOI."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from lscbook.errors import CorpusInvalid
from lscbook.pubmed.record import Author, Record
from lscbook.text import first_fault, one_line

_PREFIX = re.compile(r"^\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_NEEDED = (
    "a line needs pmid or doi (10.…) and title, and may have journal, year, volume, issue, pages, authors "
    '(["Ding L", …]) or first_author, authors_complete and abstract'
)
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_INITIALS = re.compile(r"[^\W\d_a-zß-öø-ÿ]{1,4}(?:-[^\W\d_a-z])?")
_SUFFIX = {"jr": "Jr", "sr": "Sr", "ii": "2nd", "2nd": "2nd", "iii": "3rd", "3rd": "3rd", "iv": "4th", "4th": "4th"}


def _bare(raw: object) -> object:
    return _PREFIX.sub("", raw).strip().lower() if isinstance(raw, str) else raw


def _text(raw: object) -> object:
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


Text = Annotated[str, AfterValidator(one_line)]  # pydantic refuses half of a surrogate pair
Figure = Annotated[Text, BeforeValidator(_text)]  # 2014 or "2014"


class _Line(BaseModel):
    pmid: Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"^[1-9][0-9]{0,8}$")] | None = None
    doi: Annotated[str, BeforeValidator(_bare), StringConstraints(pattern=r"^10\.[0-9.]+/\S+$")] | None = None
    title: Annotated[str, StringConstraints(min_length=1), AfterValidator(one_line)]
    journal: Text | None = None
    year: Figure | None = None
    volume: Figure | None = None
    issue: Figure | None = None
    pages: Figure | None = None
    first_author: Text | None = None
    authors: list[Annotated[Text, Field(min_length=1)]] | None = None
    authors_complete: bool = False
    abstract: Text | None = None
    whole: bool = True  # false: the abstract is cut
    identified: bool = True  # false: nobody has seen the identifier beside the title


def iterate_list(path: Path, say: Callable[[str], None] = lambda _: None) -> Iterator[Record]:
    """Records of a `.jsonl` file: `origin` is *list* for a row with a PMID, *doi* for one without.

    A row that says `identified: false` is left out, and that is said. A cut abstract is none.
    Authors are whole only where the row says so.

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
        if not raw.identified:
            say(f"{path.name}:{number}: left out, nobody has seen its PMID or DOI beside its title: {raw.title}")
            continue
        if not (raw.pmid or raw.doi):
            raise CorpusInvalid(f"{path}:{number}: pmid or doi is missing; {_NEEDED}")
        yield _record(raw)


def _record(raw: _Line) -> Record:
    names = raw.authors if raw.authors is not None else [raw.first_author] if raw.first_author else []
    year = raw.year or ""
    return Record(
        pmid=raw.pmid or "",
        doi=raw.doi or "",
        title=raw.title,
        journal=raw.journal or "",
        date=year if _YEAR.fullmatch(year) else "",
        volume=raw.volume or "",
        issue=raw.issue or "",
        pages=(raw.pages or "").rstrip("-–"),  # a list that knows the first page only
        authors=tuple(map(_author, names)),
        authors_complete=bool(names) and raw.authors_complete,
        origin="list" if raw.pmid else "doi",
        text=(raw.abstract or "") if raw.whole else "",
    )


def _author(name: str) -> Author:
    """`Family IN` as PubMed writes, perhaps with a suffix, or `Family, Given Names`; another form is kept whole.

    >>> _author("van Galen P"), _author("Wadsworth MH Jr").suffix, _author("Robert Hills").name
    (Author(family='van Galen', initials='P', collective='', suffix=''), 'Jr', 'Robert Hills')
    >>> _author("McMullin, Mary Frances").name
    'McMullin MF'
    """
    family, comma, given = name.partition(",")
    if comma and given.strip():
        initials = "".join(word[0] for word in re.split(r"[\s.\-]+", given) if word)
        return Author(family.strip(), initials)
    words = name.split()
    suffix = ""
    for word in words[1:]:
        if word.strip(".").lower() in _SUFFIX:
            suffix = _SUFFIX[word.strip(".").lower()]
            words.remove(word)
            break
    if len(words) > 1 and _INITIALS.fullmatch(words[-1]):
        return Author(" ".join(words[:-1]), words[-1], suffix=suffix)
    return Author(name) if len(words) == 1 else Author(collective=name)
