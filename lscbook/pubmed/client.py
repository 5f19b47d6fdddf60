"""Calls to E-utilities that come back whole, or end in a typed exception.

Bio.Entrez builds each request (tool, email, key, POST); `Patience` wraps the call and the reading and
checking of its body, with time limits, back-off with jitter, Retry-After and a total deadline.
Bio.Entrez itself would retry without a pause, open without a time limit, and not notice a body that
is an error page.
"""

import contextlib
import hashlib
import http.client
import os
import re
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from Bio import Entrez
from Bio.Entrez import _build_request

from lscbook import __version__
from lscbook.errors import PubMedMalformed, PubMedUnavailable
from lscbook.pubmed import answers
from lscbook.pubmed.answers import NoSuchRecords, Transient
from lscbook.pubmed.patience import CONNECT, SILENCE, Patience

__all__ = ["CAP", "NCBI", "Client", "NoSuchRecords", "Throttle", "Transient"]

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
TOOL = "lscbook"
CAP = 9_999  # ESearch gives no more of one result, history server or not
QUARANTINED = 20  # bodies kept in quarantine, each up to
LARGEST = 1_000_000  # so many bytes
MOST = 100_000_000  # bytes of an answer; 200 records come in about three million

T = TypeVar("T")


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
    clock: Callable[[], float] = time.monotonic
    key: str = field(default_factory=lambda: os.environ.get("NCBI_API_KEY", ""), repr=False)
    quarantine: Path | None = None
    say: Callable[[str], None] = lambda _line: None  # hears why a long pause is made

    def __post_init__(self) -> None:
        """Set the pace: 3 calls a second without a key, 10 with (NCBI's own limits), a little under."""
        self.key = self.key.strip()
        self.base_url = self.base_url.strip().rstrip("/") + "/"
        if not re.match(r"https?://[^/\s]+", self.base_url):
            raise PubMedUnavailable(f"{self.base_url!r} is no address of E-utilities; write it with https://")
        self.rate = self.rate or (9.5 if self.key else 2.8)
        self._throttle = Throttle(self.rate, sleep=self.sleep)
        self._answered = False  # a service that was there a minute ago is waited for longer
        Entrez.max_tries = 1

    def search(self, term: str, *, retmax: int = 0, window: tuple[str, str, str] | None = None) -> dict[str, Any]:
        """ESearch as JSON: count (int), idlist, querytranslation, and complaints: what PubMed ignored or did not find.

        `window` is (field, first day, last day), days as YYYY/MM/DD. It goes into the term, because
        `datetype` is documented for mdat, pdat and edat only, and the field of creation is crdt.

        Raises:
            PubMedUnavailable, PubMedMalformed: as `call`.
        """
        if window:
            tag, low, high = window
            term = f'({term}) AND ("{low}"[{tag}] : "{high}"[{tag}])'
        parameters = {"term": term, "retmode": "json", "rettype": "uilist", "retstart": 0, "retmax": retmax}
        return self.call("esearch", parameters, answers.search_result)

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
            PubMedUnavailable: the service could not be reached, kept refusing until the deadline, asks for a pause
                beyond it, or refuses what no second try would change (a key, an address, a search).
            PubMedMalformed: it kept answering with something else.
        """
        silence = self.deadline if self._answered else SILENCE
        patience = Patience(self.deadline, silence, self.first_pause, self.sleep, self.clock, self.say)
        try:
            return patience.call(lambda: self._once(utility, parameters, check))
        except Transient as error:
            kind = PubMedMalformed if error.malformed else PubMedUnavailable
            raise kind(f"{utility} at {self.base_url}: {error}{patience.asked(error)}") from error

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
        """The whole body within the time limit; a drip of bytes does not stretch it.

        The limit of the body begins when the answer does, and not while addresses of the host are tried.
        """
        try:
            with _OPENER.open(request, timeout=self.timeout) as answer:
                self._answered = True
                began = time.monotonic()
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
            raise answers.refused(error, request.full_url) from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, ssl.SSLCertVerificationError):  # a second try gets the same certificate
                raise PubMedUnavailable(
                    f"{request.full_url}: {error.reason.verify_message}; does a proxy read along? SSL_CERT_FILE names "
                    "the certificates that this machine trusts"
                ) from error
            raise Transient(answers.unreached(request.full_url, error.reason), unreachable=True) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Transient(f"{type(error).__name__}: {error}") from error
        if expected is not None and len(body) != int(expected):
            raise Transient(f"{len(body)} bytes of {expected}")
        return body


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET without its parameters; it is told instead."""

    def redirect_request(self, *_given: Any) -> None:
        """Follow nothing."""


class _Swift(http.client.HTTPConnection):
    """A connection that is taken soon or not at all, so that the next address of the host has its chance."""

    def connect(self) -> None:
        """Connect, and only then wait as long as an answer may take."""
        whole = self.timeout
        self.timeout = min(whole or CONNECT, CONNECT)
        try:
            super().connect()
        finally:
            self.timeout = whole
        self.sock.settimeout(whole)


class _SwiftSecure(_Swift, http.client.HTTPSConnection):
    """The same with TLS."""


class _HTTP(urllib.request.HTTPHandler):
    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Swift, request)


class _HTTPS(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_SwiftSecure, request)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect, _HTTP, _HTTPS)


_OPENER = _opener()


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
