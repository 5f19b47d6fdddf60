"""Calls to E-utilities that come back whole, or end in a typed exception.

Bio.Entrez builds each request (tool, email, key, POST); tenacity wraps the call and the reading and
checking of its body, with time limits, back-off with jitter, Retry-After and a total deadline.
Bio.Entrez itself would retry without a pause, open without a time limit, and not notice a body that
is an error page.
"""

import contextlib
import hashlib
import http.client
import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar

import tenacity
from Bio import Entrez
from Bio.Entrez import _build_request

from lscbook import __version__
from lscbook.errors import PubMedMalformed, PubMedUnavailable

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
TOOL = "lscbook"
CAP = 9_999  # ESearch gives no more of one result, history server or not
QUARANTINED = 20  # bodies kept in quarantine, each up to
LARGEST = 1_000_000  # so many bytes
MOST = 100_000_000  # bytes of an answer; 200 records come in about three million

T = TypeVar("T")


class Transient(Exception):
    """Something that may pass: a busy service, a cut connection, a body that is not what was asked."""

    def __init__(self, what: str, *, pause: float = 0.0, malformed: bool = False) -> None:
        super().__init__(what)
        self.pause, self.malformed = pause, malformed


class Throttle:
    """At most `rate` calls a second, evenly spaced, whatever thread they come from; `calls` counts them."""

    def __init__(
        self, rate: float, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._gap, self._clock, self._sleep = 1.0 / rate, clock, sleep
        self._next = 0.0
        self.calls = 0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may go out."""
        with self._lock:
            now = self._clock()
            due = max(self._next, now)
            self._next = due + self._gap
            self.calls += 1
        if due > now:
            self._sleep(due - now)


@dataclass
class Client:
    """One user of E-utilities at one address.

    `timeout` limits the connection and each read, `deadline` all tries of one call together, both
    in seconds. The key comes from NCBI_API_KEY and is never shown. A body that is not what was asked
    is put into the folder `quarantine`, for a person to look at.
    """

    email: str
    base_url: str = NCBI
    timeout: float = 30.0
    deadline: float = 300.0
    first_pause: float = 0.5
    rate: float = 0.0
    sleep: Callable[[float], None] = time.sleep
    key: str = field(default_factory=lambda: os.environ.get("NCBI_API_KEY", ""), repr=False)
    quarantine: Path | None = None

    def __post_init__(self) -> None:
        """Set the pace: 3 calls a second without a key, 10 with (NCBI's own limits), a little under."""
        self.base_url = self.base_url.rstrip("/") + "/"
        self._throttle = Throttle(self.rate or (9.5 if self.key else 2.8), sleep=self.sleep)
        Entrez.max_tries = 1

    def search(self, term: str, *, retmax: int = 0, window: tuple[str, str, str] | None = None) -> dict[str, Any]:
        """ESearch as JSON: count (int), idlist, querytranslation.

        `window` is (field, first day, last day), days as YYYY/MM/DD. It goes into the term, because
        `datetype` is documented for mdat, pdat and edat only, and the field of creation is crdt.

        Raises:
            PubMedUnavailable, PubMedMalformed: as `call`.
        """
        if window:
            tag, low, high = window
            term = f'({term}) AND ("{low}"[{tag}] : "{high}"[{tag}])'
        parameters = {"term": term, "retmode": "json", "rettype": "uilist", "retstart": 0, "retmax": retmax}
        return self.call("esearch", parameters, _search_result)

    def fetch(self, pmids: list[str], check: Callable[[bytes], T]) -> T:
        """EFetch of records as XML, read by `check`, which raises Transient where the body is not right.

        NCBI's manual gives XML as `retmode=xml` and no rettype; "null" is the name of that empty cell.

        Raises:
            PubMedUnavailable, PubMedMalformed: as `call`.
        """
        return self.call("efetch", {"id": ",".join(pmids), "retmode": "xml"}, check)

    def call(self, utility: str, parameters: dict[str, Any], check: Callable[[bytes], T]) -> T:
        """Call until `check` accepts the body.

        Raises:
            PubMedUnavailable: the service could not be reached or kept refusing until the deadline.
            PubMedMalformed: it kept answering with something else.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Transient),
            wait=self._pause,
            stop=tenacity.stop_after_delay(self.deadline) | tenacity.stop_after_attempt(12),
            sleep=self.sleep,
            reraise=True,
        )
        try:
            result: T = retrying(self._once, utility, parameters, check)
        except Transient as error:
            kind = PubMedMalformed if error.malformed else PubMedUnavailable
            raise kind(f"{utility} at {self.base_url}: {error}") from error
        return result

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.pause if isinstance(error, Transient) else 0.0
        backoff = tenacity.wait_exponential_jitter(multiplier=self.first_pause, max=60, jitter=self.first_pause)(state)
        return max(asked, backoff)

    def _once(self, utility: str, parameters: dict[str, Any], check: Callable[[bytes], T]) -> T:
        self._throttle.wait()
        full = {"db": "pubmed", "tool": f"{TOOL}/{__version__}", "email": self.email, **parameters}
        if self.key:
            full["api_key"] = self.key
        request = _build_request(  # type: ignore[no-untyped-call]
            f"{self.base_url}{utility}.fcgi", full, post=True
        )
        body = self._body(request)
        try:
            return check(body)
        except Transient as error:
            if self.quarantine and error.malformed:
                _set_aside(self.quarantine, utility, parameters, body, str(error))
            raise

    @property
    def calls(self) -> int:
        """How many calls went out."""
        return self._throttle.calls

    def _body(self, request: urllib.request.Request) -> bytes:
        """The whole body within the time limit; a drip of bytes does not stretch it."""
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310  our own address
                parts, size = [], 0
                while part := answer.read1(65536):
                    parts.append(part)
                    size += len(part)
                    if size > MOST:
                        raise Transient(f"more than {MOST} bytes came", malformed=True)
                    if time.monotonic() - began > self.timeout:
                        raise Transient(f"the answer was not whole after {self.timeout:g} s")
                body = b"".join(parts)
                expected = answer.headers.get("Content-Length")
        except urllib.error.HTTPError as error:
            if error.code == 429 or error.code >= 500:
                raise Transient(f"HTTP {error.code}", pause=_retry_after(error)) from error
            raise PubMedUnavailable(f"HTTP {error.code} from {request.full_url}") from error
        except (OSError, http.client.HTTPException) as error:
            raise Transient(f"{type(error).__name__}: {error}") from error
        if expected is not None and len(body) != int(expected):
            raise Transient(f"{len(body)} bytes of {expected}")
        return body


def _set_aside(folder: Path, utility: str, parameters: dict[str, Any], body: bytes, why: str) -> None:
    """Keep a body and what was wrong with it; the oldest make room. A full disk is no new fault here."""
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        kept = sorted(folder.glob("*.body"), key=lambda file: file.stat().st_mtime)
        for file in kept[: max(0, len(kept) - QUARANTINED + 1)]:
            file.unlink()
            file.with_suffix(".txt").unlink(missing_ok=True)
        file = folder / f"{utility}-{hashlib.sha256(body).hexdigest()[:16]}.body"
        file.write_bytes(body[:LARGEST])
        said = [why, f"{len(body)} bytes came from {utility}, asked with"]
        said += [f"{name}: {value}" for name, value in parameters.items()]
        file.with_suffix(".txt").write_text("\n".join(said) + "\n", encoding="utf-8")


def _retry_after(error: urllib.error.HTTPError) -> float:
    value = error.headers.get("Retry-After", "")
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


def _search_result(body: bytes) -> dict[str, Any]:
    """The esearchresult of an ESearch answer; strict=False because the service puts raw newlines in."""
    try:
        result = json.loads(body, strict=False)["esearchresult"]
    except (ValueError, KeyError, TypeError) as error:
        raise Transient(f"not an ESearch answer: {body[:80]!r}", malformed=True) from error
    if "ERROR" in result or "count" not in result:
        raise Transient(str(result.get("ERROR", "no count"))[:200], malformed=True)
    return {**result, "count": int(result["count"])}
