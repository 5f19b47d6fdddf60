"""What Crossref (with Retraction Watch) and ClinicalTrials.gov say, through one session.

Facts of a paper that has only a DOI, notices about a paper, and the status of a trial. Answers are
cached for a day; a service that does not answer is one typed error and never an empty answer.
Sources: Crossref REST API (`/works`), ClinicalTrials.gov API v2 (`/api/v2/studies`).
"""

import re
import sqlite3
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
import requests_cache
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from lscbook import __version__
from lscbook.errors import RegistryUnavailable
from lscbook.files import put_aside
from lscbook.pubmed.record import Author, Notice, Record
from lscbook.text import one_line
from lscbook.vocabulary import fold

CROSSREF = "https://api.crossref.org/"
TRIALS = "https://clinicaltrials.gov/"
AGREEMENT = 0.9  # of the letters of two titles; below it they are titles of two papers
_BUSY = (429, 500, 502, 503, 504)
_MARKUP = re.compile(r"</?[a-zA-Z][^>]*>")

# Crossref's types of update, and Retraction Watch's, in PubMed's words.
NOTICE_TYPES = {
    "retraction": "RetractionIn",
    "withdrawal": "RetractionIn",
    "removal": "RetractionIn",
    "partial_retraction": "PartialRetractionIn",
    "expression_of_concern": "ExpressionOfConcernIn",
    "correction": "ErratumIn",
    "corrigendum": "ErratumIn",
    "erratum": "ErratumIn",
    "addendum": "UpdateIn",
    "clarification": "UpdateIn",
    "new_edition": "UpdateIn",
    "new_version": "UpdateIn",
    "reinstatement": "ReinstatementIn",
}


LONGEST = 30.0  # seconds that a registry may ask us to wait before another try


class _Patient(Retry):
    """Back-off that a registry may lengthen, and not beyond all bounds."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """As asked for, up to `LONGEST`."""
        try:
            asked = super().get_retry_after(response)
        except (InvalidHeader, OverflowError):
            return None
        return min(asked, LONGEST) if asked is not None else None


class Registries:
    """A polite, patient and caching reader of both registries.

    `unknown` collects words of Crossref for a kind of notice that we do not know; a person must hear of them.

    `email` goes into the User-Agent, as Crossref asks; `timeout` is in seconds, for connection and
    for each read.
    """

    def __init__(
        self,
        email: str,
        cache: Path,
        *,
        crossref: str = CROSSREF,
        trials: str = TRIALS,
        timeout: float = 20.0,
        tries: int = 4,
        pause: float = 0.5,
    ) -> None:
        self.crossref, self.trials, self.timeout = crossref.rstrip("/"), trials.rstrip("/"), timeout
        cache.parent.mkdir(parents=True, exist_ok=True)
        self.unknown: set[str] = set()
        self._session = _session(cache if cache.suffix else cache.with_suffix(".sqlite"))
        self._session.headers["User-Agent"] = f"lscbook/{__version__} (mailto:{email})"
        patient = _Patient(
            total=tries, backoff_factor=pause, backoff_jitter=pause, status_forcelist=_BUSY, raise_on_status=False
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=patient))

    def record(self, doi: str) -> Record | None:
        """The facts of a paper as Crossref has them, or None where it does not know the DOI.

        Raises:
            RegistryUnavailable: no answer, or one that is no work.
        """
        work = self._work(doi)
        if work is None:
            return None
        return Record(
            pmid="",
            doi=doi.lower(),
            title=_title(work),
            journal=one_line(
                str(next(iter(work.get("short-container-title") or work.get("container-title") or ()), ""))
            ),
            date=_date(work.get("published") or work.get("issued") or {}),
            volume=one_line(str(work.get("volume") or "")),
            issue=one_line(str(work.get("issue") or "")),
            pages=one_line(str(work.get("page") or work.get("article-number") or "")),
            authors=tuple(filter(lambda a: a.name, map(_author, _objects(work.get("author"))))),
            origin="doi",
        )

    def notices(self, doi: str, title: str = "") -> tuple[Notice, ...] | None:
        """Every notice about the paper, and the link between preprint and article, by date; None where unknown.

        Crossref is asked both ways: for the work, and for works that say of themselves that they update it. Where
        it answers an alias with the DOI that it prefers, the answer is taken if the titles agree.

        Raises:
            RegistryUnavailable: no answer, or one that is no work.
        """
        work = self._work(doi, title)
        if work is None:
            return None
        found = [self._notice(update, update.get("DOI")) for update in _objects(work.get("updated-by"))]
        query = f"{self.crossref}/works?filter=updates:{quote(doi, safe='')}&rows=100"
        listed = (self._json(query) or {}).get("message")
        for other in _objects(listed.get("items") if isinstance(listed, dict) else None):
            about = [u for u in _objects(other.get("update-to")) if str(u.get("DOI", "")).lower() == doi.lower()]
            found += [self._notice(update, other.get("DOI")) for update in about]
        for relation, kind in (("is-preprint-of", "PublishedIn"), ("has-preprint", "PreprintIn")):
            relations = work.get("relation")
            others = _objects(relations.get(relation) if isinstance(relations, dict) else None)
            found += [Notice(kind, source=f"Crossref: {other.get('id', '')}") for other in others]
        return tuple(sorted({n for n in found if n}, key=lambda n: (n.date, n.type, n.source)))

    def _notice(self, update: dict[str, Any], told_by: object) -> Notice | None:
        """What Crossref says, in PubMed's words, however it spells them; an unknown word is kept for a person."""
        word = re.sub(r"[\s_-]+", "_", str(update.get("type", "")).strip().lower())
        if word not in NOTICE_TYPES:
            self.unknown.add(f"{told_by}: {update.get('type')!r}")
            return None
        source = f"Crossref, {update.get('source') or 'publisher'}: {str(told_by or '').lower()}"
        return Notice(NOTICE_TYPES[word], source=source, date=_date(update.get("updated")))

    def trial(self, nct: str) -> dict[str, str] | None:
        """Status of a trial: overall status, its date, and the reason for a stop; None where unknown.

        Raises:
            RegistryUnavailable: no answer, or one that is no study.
        """
        study = self._json(f"{self.trials}/api/v2/studies/{quote(nct)}?format=json&fields=protocolSection.statusModule")
        if study is None:
            return None
        section = study.get("protocolSection")
        module = section.get("statusModule") if isinstance(section, dict) else None
        if not isinstance(module, dict) or "overallStatus" not in module:
            raise RegistryUnavailable(f"{self.trials}: no overallStatus for {nct}")
        updated = module.get("lastUpdatePostDateStruct")
        verified = updated.get("date", "") if isinstance(updated, dict) else ""
        told = {"status": module["overallStatus"], "updated": verified, "why_stopped": module.get("whyStopped", "")}
        return {name: one_line(str(value)) for name, value in told.items() if value}

    def _work(self, doi: str, title: str = "") -> dict[str, Any] | None:
        answer = self._json(f"{self.crossref}/works/{quote(doi, safe='')}")
        if answer is None:
            return None
        work = answer.get("message")
        if not isinstance(work, dict):
            raise RegistryUnavailable(f"{self.crossref}: the answer for {doi} is no work")
        if str(work.get("DOI", "")).lower() != doi.lower() and not (title and agree(title, _title(work))):
            raise RegistryUnavailable(f"{self.crossref}: the answer for {doi} is about another work")
        return work

    def _json(self, url: str) -> dict[str, Any] | None:
        try:
            answer = self._session.get(url, timeout=(self.timeout, self.timeout))
            if answer.status_code == 404:
                return None
            answer.raise_for_status()
            body = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise RegistryUnavailable(f"{url}: {type(error).__name__}: {error}") from error
        if not isinstance(body, dict):
            raise RegistryUnavailable(f"{url}: not an object")
        return body


def _session(cache: Path) -> requests_cache.CachedSession:
    """A session that keeps good answers for a day; a cache that is broken is put aside and begun anew."""
    try:
        return _opened(cache)
    except sqlite3.DatabaseError as error:
        put_aside(cache, str(error))
        return _opened(cache)


def _opened(cache: Path) -> requests_cache.CachedSession:
    session = requests_cache.CachedSession(
        str(cache),
        backend="sqlite",
        expire_after=timedelta(days=1),
        allowable_codes=(200, 404),
        filter_fn=_worth_keeping,
    )
    session.cache.contains(key="")  # opens the file
    return session


def _worth_keeping(answer: requests.Response) -> bool:
    """A page of a proxy in place of an answer is asked for again, and not kept for a day."""
    if answer.status_code == 404:
        return True
    try:
        return isinstance(answer.json(), dict)
    except ValueError:
        return False


def _objects(raw: object) -> list[dict[str, Any]]:
    """The objects of a list; one that came alone is a list of one, anything else is none."""
    if isinstance(raw, dict):
        return [raw]
    return [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []


def _title(work: dict[str, Any]) -> str:
    titles = work.get("title")
    first = next(iter(titles), "") if isinstance(titles, list) else titles
    return one_line(_MARKUP.sub("", first)) if isinstance(first, str) else ""


def agree(one: str, other: str) -> bool:
    """Whether two titles are of one paper, whatever their dashes, case and full stops.

    >>> agree("Clonal evolution in AML", "Clonal evolution in AML."), agree("Stem cells", "Mast cells")
    (True, False)
    """
    a, b = (re.sub(r"[^\w+-]+", " ", fold(text)).strip() for text in (one, other))
    return bool(a) and SequenceMatcher(None, a, b, autojunk=False).ratio() >= AGREEMENT


def _author(raw: dict[str, Any]) -> Author:
    if raw.get("name"):
        return Author(collective=one_line(str(raw["name"])))
    initials = "".join(part[0] for part in re.split(r"[\s.\-]+", str(raw.get("given") or "")) if part)
    return Author(one_line(str(raw.get("family") or "")), initials, suffix=one_line(str(raw.get("suffix") or "")))


def _date(raw: object) -> str:
    """`2012-08-29`, `2012-08` or `2012` from Crossref's date-parts; '' from anything else.

    >>> _date({"date-parts": [[2012, 8]]})
    '2012-08'
    """
    dates = raw.get("date-parts") if isinstance(raw, dict) else None
    parts = dates[0] if isinstance(dates, list) and dates and isinstance(dates[0], list) else ()
    numbers = [part for part in parts if isinstance(part, int) and part > 0]
    return "-".join(f"{part:02}" if n else f"{part:04}" for n, part in enumerate(numbers[:3]))
