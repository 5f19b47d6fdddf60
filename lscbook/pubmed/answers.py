"""What the service's answers mean: refusals in its own words, and what may pass."""

import contextlib
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime
from typing import Any

from lscbook.errors import PubMedUnavailable


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
    proxy = urllib.request.getproxies().get(scheme, "")
    through = f" through the proxy {proxy}" if proxy else ""
    return f"no connection to {rest.split('/')[0]}{through}: {reason}; is this machine online?"


def refused(error: urllib.error.HTTPError, address: str) -> Exception:
    """What an answer of HTTP that is no 200 means: Transient, NoSuchRecords or PubMedUnavailable."""
    body = b""
    with contextlib.suppress(OSError, http.client.HTTPException):
        body = error.read(10_000)
    said = _words_of(body)
    told = f"HTTP {error.code}{said and ': ' + said}"
    if error.code == 429 or error.code >= 500:
        return Transient(told, pause=_retry_after(error))
    if error.code == 400 and _NO_IDS.search(said):
        return NoSuchRecords(said)
    if error.code == 400 and not _OWN_FAULT.search(said):
        return Transient(told, relayed=True)
    if 300 <= error.code < 400:
        told = f"it has moved to {error.headers.get('Location', 'another place')}; give that address as --base-url"
    elif "api key" in said.lower():
        told = f"NCBI refuses the key in NCBI_API_KEY: {said}; correct it, or unset it"
    return PubMedUnavailable(f"{address}: {told}")


def _retry_after(error: urllib.error.HTTPError) -> float:
    value = error.headers.get("Retry-After", "")
    if re.fullmatch(r"[0-9]{1,300}", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return 0.0


def search_result(body: bytes) -> dict[str, Any]:
    """The esearchresult of an ESearch answer; strict=False because the service puts raw newlines in."""
    try:
        result = json.loads(body, strict=False)["esearchresult"]
    except (ValueError, KeyError, TypeError) as error:
        raise Transient(f"not an ESearch answer: {body[:80]!r}", malformed=True) from error
    if not isinstance(result, dict):
        raise Transient(f"an ESearch answer whose result is {result!r}"[:200], malformed=True)
    if said := str(result.get("ERROR") or ""):
        if _PASSING.search(said):
            raise Transient(said[:200], malformed=True)
        raise PubMedUnavailable(f"PubMed refuses the search: {said[:300]}; correct it in query.yaml")
    count, ids = result.get("count"), result.get("idlist", [])
    if not re.fullmatch(r"[0-9]{1,12}", str(count)) or not isinstance(ids, list):
        raise Transient(f"an ESearch answer with count {count!r} and idlist {type(ids).__name__}", malformed=True)
    complaints = [
        f"{name}: {', '.join(map(str, found))}"
        for kind in ("errorlist", "warninglist")
        for name, found in (result.get(kind) or {}).items()
        if found
    ]
    return {**result, "count": int(str(count)), "idlist": ids, "complaints": complaints}
