"""What the service's answers mean: refusals in its own words, and what may pass."""

import contextlib
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from lscbook.errors import PubMedUnavailable
from lscbook.pubmed.record import PMID


class Transient(Exception):
    """Something that may pass: a busy service, a cut connection, a body that is not what was asked.

    `pause` is what the service asks for, in seconds; `unreachable` says that nobody answered at all,
    `relayed` that a proxy may have made an HTTP 400 of something else,
    `halve` that one record of many may be the fault.
    """

    def __init__(
        self,
        what: str,
        *,
        pause: float = 0.0,
        malformed: bool = False,
        unreachable: bool = False,
        relayed: bool = False,
        halve: bool = False,
    ) -> None:
        super().__init__(what)
        self.pause, self.malformed = pause, malformed
        self.unreachable, self.relayed, self.halve = unreachable, relayed, halve


class NoSuchRecords(Exception):
    """PubMed answers that it knows none of the PMIDs that it was asked for."""


_NO_IDS = re.compile(r"id list is empty|no (?:valid )?(?:u?ids|ids)|cannot get document summary", re.IGNORECASE)
_OWN_FAULT = re.compile(r"syntax|invalid db|unknown (?:db|parameter)|empty term|api key|unable to parse", re.IGNORECASE)
_KEY_REFUSED = "NCBI refuses the key in NCBI_API_KEY: {}; correct it, or unset it"
_RELAYED = re.compile(r"\b50[0234]\b|bad gateway|gateway time|proxy error", re.IGNORECASE)
_PASSING = re.compile(r"backend|time.?out|timed out|temporar|unavailable|overload|try again|internal", re.IGNORECASE)


def _words_of(body: bytes) -> str:
    """What an error body says, on one line: the `error` of JSON, the text of a page."""
    text = body.decode("utf-8", "replace")
    try:
        raw = json.loads(text, strict=False)
        found = raw.get("error") or raw.get("ERROR") or raw if isinstance(raw, dict) else raw
        text = found if isinstance(found, str) else json.dumps(found)
    except ValueError:
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def unreached(address: str, reason: object) -> str:
    """Why nobody answered, and where one may look."""
    scheme, _, rest = address.partition("://")
    host = rest.split("/")[0]
    proxy = "" if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme, "")
    # a proxy may be written with a name and a password
    through = f" through the proxy {re.sub(r'//[^/]*@', '//', proxy)}" if proxy else ""
    return f"no connection to {host}{through}: {reason}; is this machine online?"


def refused(error: urllib.error.HTTPError, address: str) -> Exception:
    """What an answer of HTTP that is no 200 means: Transient, NoSuchRecords or PubMedUnavailable."""
    body = b""
    with contextlib.suppress(OSError, http.client.HTTPException):
        body = error.read(10_000)
    said = _words_of(body)
    told = f"HTTP {error.code}{said and ': ' + said}"
    if error.code == 429 or error.code >= 500:
        return Transient(told, pause=retry_after(error.headers.get("Retry-After")))
    if error.code == 400 and _NO_IDS.search(said):
        return NoSuchRecords(said)
    if error.code == 400 and (_RELAYED.search(said) or not _OWN_FAULT.search(said)):
        # what another server failed at may pass as a 502 does; a 400 without a known reason is tried a few times
        return Transient(told, relayed=not _RELAYED.search(said))
    if 300 <= error.code < 400:
        told = f"it has moved to {error.headers.get('Location', 'another place')}; give that address as --base-url"
    elif "api key" in said.lower():
        told = _KEY_REFUSED.format(said)
    return PubMedUnavailable(f"{address}: {told}")


def retry_after(value: str | None) -> float:
    """Seconds that a Retry-After header asks for, in either of its forms; 0 where it is missing or odd.

    >>> retry_after("25"), retry_after("soon"), retry_after("Wed, 21 Oct 2015 07:28:00 GMT")
    (25.0, 0.0, 0.0)
    """
    if re.fullmatch(r"[0-9]{1,300}", value or ""):
        return float(value or 0)
    try:
        return max(0.0, parsedate_to_datetime(value or "").timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return 0.0


def search_result(body: bytes) -> dict[str, Any]:
    """The esearchresult of an ESearch answer; strict=False because the service puts raw newlines in.

    Raises:
        Transient: another kind of answer, or one whose count or PMIDs cannot be read.
        PubMedUnavailable: the service refuses the search, or the key.
    """
    try:
        answer = json.loads(body, strict=False)
    except ValueError as error:
        raise Transient(f"not an ESearch answer: {body[:80]!r}", malformed=True) from error
    result = answer.get("esearchresult") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        said = _words_of(body)
        if "api key" in said.lower():
            raise PubMedUnavailable(_KEY_REFUSED.format(said))
        raise Transient(f"an answer without esearchresult: {said}"[:200], malformed=True)
    if said := str(result.get("ERROR") or ""):
        if _PASSING.search(said):
            raise Transient(said[:200], malformed=True)
        raise PubMedUnavailable(f"PubMed refuses the search: {said[:300]}; correct it in query.yaml")
    count, ids = result.get("count"), result.get("idlist", [])
    if not re.fullmatch(r"[0-9]{1,12}", str(count)) or not isinstance(ids, list):
        raise Transient(f"an ESearch answer with count {count!r} and idlist {type(ids).__name__}", malformed=True)
    if odd := [pmid for pmid in ids if not PMID.fullmatch(str(pmid))]:
        raise Transient(f"an ESearch answer that lists {odd[0]!r} as a PMID"[:200], malformed=True)
    translation = result.get("querytranslation")
    return {
        **result,
        "count": int(str(count)),
        "idlist": [str(pmid) for pmid in ids],
        "querytranslation": translation if isinstance(translation, str) else "",
        "complaints": [told for kind in ("errorlist", "warninglist") for told in _complaints(result.get(kind))],
    }


def _complaints(raw: object) -> Iterator[str]:
    """What PubMed ignored of a search, or did not find: `phrasesnotfound: leukozyten`, whatever its shape."""
    named = raw.items() if isinstance(raw, dict) else [("complaint", raw)]
    for name, found in named:
        if found:
            yield f"{name}: {', '.join(map(str, found if isinstance(found, list) else [found]))}"[:1000]
