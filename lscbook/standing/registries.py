"""What Crossref (with Retraction Watch) and ClinicalTrials.gov say, through one session.

Facts of a paper that has only a DOI, notices about a paper, and the status of a trial. Answers are
cached for a day; a service that does not answer is one typed error and never an empty answer.
Sources: Crossref REST API (`/works`), ClinicalTrials.gov API v2 (`/api/v2/studies`).
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
import requests_cache
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from lscbook import __version__
from lscbook.errors import RegistryUnavailable
from lscbook.pubmed.record import Author, Notice, Record
from lscbook.text import one_line

CROSSREF = "https://api.crossref.org/"
TRIALS = "https://clinicaltrials.gov/"
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


class Registries:
    """A polite, patient and caching reader of both registries.

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
        self._session = requests_cache.CachedSession(
            str(cache), backend="sqlite", expire_after=timedelta(days=1), allowable_codes=(200, 404)
        )
        self._session.headers["User-Agent"] = f"lscbook/{__version__} (mailto:{email})"
        patient = Retry(
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
            title=one_line(_MARKUP.sub("", next(iter(work.get("title") or ()), ""))),
            journal=one_line(next(iter(work.get("short-container-title") or work.get("container-title") or ()), "")),
            date=_date(work.get("published") or work.get("issued") or {}),
            authors=tuple(filter(lambda a: a.name, map(_author, work.get("author") or ()))),
            origin="doi",
        )

    def notices(self, doi: str) -> tuple[Notice, ...]:
        """Every notice about the paper, and the link between preprint and article, by date.

        Raises:
            RegistryUnavailable: no answer, or one that is no work.
        """
        work = self._work(doi) or {}
        found = [
            Notice(
                NOTICE_TYPES[update["type"]],
                source=f"Crossref, {update.get('source') or 'publisher'}: {update.get('DOI', '')}",
                date=_date(update.get("updated") or {}),
            )
            for update in work.get("updated-by") or ()
            if update.get("type") in NOTICE_TYPES
        ]
        for relation, kind in (("is-preprint-of", "PublishedIn"), ("has-preprint", "PreprintIn")):
            others = (work.get("relation") or {}).get(relation) or ()
            found += [Notice(kind, source=f"Crossref: {other.get('id', '')}") for other in others]
        return tuple(sorted(set(found), key=lambda n: (n.date, n.type, n.source)))

    def trial(self, nct: str) -> dict[str, str] | None:
        """Status of a trial: overall status, its date, and the reason for a stop; None where unknown.

        Raises:
            RegistryUnavailable: no answer, or one that is no study.
        """
        study = self._json(f"{self.trials}/api/v2/studies/{quote(nct)}?format=json&fields=protocolSection.statusModule")
        if study is None:
            return None
        module = (study.get("protocolSection") or {}).get("statusModule") or {}
        if "overallStatus" not in module:
            raise RegistryUnavailable(f"{self.trials}: no overallStatus for {nct}")
        verified = (module.get("lastUpdatePostDateStruct") or {}).get("date", "")
        told = {"status": module["overallStatus"], "updated": verified, "why_stopped": module.get("whyStopped", "")}
        return {name: one_line(str(value)) for name, value in told.items() if value}

    def _work(self, doi: str) -> dict[str, Any] | None:
        answer = self._json(f"{self.crossref}/works/{quote(doi, safe='')}")
        if answer is None:
            return None
        work = answer.get("message")
        if not isinstance(work, dict) or str(work.get("DOI", "")).lower() != doi.lower():
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


def _author(raw: dict[str, Any]) -> Author:
    if raw.get("name"):
        return Author(collective=one_line(raw["name"]))
    initials = "".join(part[0] for part in re.split(r"[\s.\-]+", raw.get("given") or "") if part)
    return Author(one_line(raw.get("family") or ""), initials)


def _date(raw: dict[str, Any]) -> str:
    """`2012-08-29`, `2012-08` or `2012` from Crossref's date-parts.

    >>> _date({"date-parts": [[2012, 8]]})
    '2012-08'
    """
    parts = next(iter(raw.get("date-parts") or ()), ())
    return "-".join(f"{part:02}" if n else str(part) for n, part in enumerate(parts) if part)
