"""Where PubMed's baseline and update files come from: a folder, or the index page of a server."""

import hashlib
import re
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urljoin

import lxml.html
import requests

from lscbook import __version__
from lscbook.errors import PubMedMalformed, PubMedUnavailable
from lscbook.pubmed.answers import Transient, retry_after, unreached
from lscbook.pubmed.patience import CONNECT, Patience

TIMEOUT = (CONNECT, 60)  # seconds to connect, and for each read
TRIES = 5  # times that a download which broke off is gone on with
LONGEST = 3600.0  # seconds for one go at a download; 40 MB come in that at 11 kB a second
T = TypeVar("T")
_NAME = re.compile(r"[\w.-]+\.xml\.gz")
_MD5 = re.compile(rb"\b[0-9a-fA-F]{32}\b")


def is_address(place: str) -> bool:
    """Whether a place is an address and not a folder."""
    return place.startswith(("http://", "https://"))


def _aside(line: str) -> None:
    print(f"mirror: {line}", file=sys.stderr, flush=True)


PATIENCE = Patience(deadline=120.0, say=_aside)


def sources(place: str, patience: Patience = PATIENCE) -> list[str]:
    """The `.xml.gz` files of a folder, or those that an index page links beside itself, by name.

    Raises:
        PubMedUnavailable: the page could not be had.
        PubMedMalformed: there is no such file.
    """
    if is_address(place):
        page = place.rstrip("/") + "/"
        links = lxml.html.fromstring(_get(page, patience) or b"<html/>").iter("a")
        names = {unquote(link.get("href", "")).removeprefix(page) for link in links}
        found = [urljoin(page, name) for name in sorted(names) if _NAME.fullmatch(name)]
    else:
        found = [str(file) for file in sorted(Path(place).glob("*.xml.gz"))]
    if not found:
        raise PubMedMalformed(f"{place}: no *.xml.gz there; give a folder of baseline files, or their index page")
    return found


def fetch(address: str, folder: Path, patience: Patience = PATIENCE) -> Path:
    """Download a file into the folder, whole and with its published checksum; one that is there stays.

    Raises:
        PubMedUnavailable: it could not be had.
        PubMedMalformed: it is not the file of which the server states the MD5.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / address.rsplit("/", 1)[-1]
    if file.exists():
        return file
    stated = _MD5.search(_get(f"{address}.md5", patience) or b"")
    partial = file.with_suffix(".partial")
    for _ in range(TRIES):
        if _patiently(patience, address, lambda: _go_on(address, partial)):
            break
    else:
        raise PubMedUnavailable(f"{address}: the download broke off {TRIES} times; run it again, it goes on")
    with partial.open("rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if stated and digest != stated[0].decode().lower():
        partial.unlink()
        raise PubMedMalformed(f"{address}: not the file of which the server states the MD5; run it again")
    partial.replace(file)
    return file


def _go_on(address: str, partial: Path) -> bool:
    """Append what is missing of a download; whether it came to its end (a short body is an error of requests).

    Raises:
        Transient: nothing came.
    """
    have = partial.stat().st_size if partial.exists() else 0
    began = time.monotonic()
    try:
        with _session().get(address, stream=True, timeout=TIMEOUT, headers={"Range": f"bytes={have}-"}) as answer:
            if answer.status_code == 416:  # nothing is left to send
                return True
            _refuse(answer)
            with partial.open("ab" if answer.status_code == 206 else "wb") as out:
                for part in answer.iter_content(1 << 16):
                    out.write(part)
                    if time.monotonic() - began > LONGEST:
                        return False
    except requests.RequestException as error:
        if partial.exists() and partial.stat().st_size > have:
            return False
        raise _passing(address, error) from error
    return True


def _get(address: str, patience: Patience) -> bytes | None:
    """The body of an answer, or None where there is no such page."""

    def once() -> bytes | None:
        try:
            answer = _session().get(address, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise _passing(address, error) from error
        if answer.status_code == 404:
            return None
        _refuse(answer)
        return answer.content

    return _patiently(patience, address, once)


def _patiently(patience: Patience, address: str, once: Callable[[], T]) -> T:
    try:
        return patience.call(once)
    except Transient as error:
        raise PubMedUnavailable(f"{address}: {error}{patience.asked(error)}") from error


def _refuse(answer: requests.Response) -> None:
    """Tell an answer that is none: one that may pass from one that will not."""
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Transient(f"HTTP {answer.status_code}", pause=retry_after(answer.headers.get("Retry-After")))
    if answer.status_code >= 300:
        raise PubMedUnavailable(f"{answer.url}: HTTP {answer.status_code} {answer.reason}")


def _passing(address: str, error: requests.RequestException) -> Transient:
    """A fault on the way: nobody reached, or a connection that was cut."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError) or "NewConnection" in str(error):
        return Transient(unreached(address, error), unreachable=True)
    return Transient(f"{type(error).__name__}: {error}")


@cache
def _session() -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"lscbook/{__version__}"
    session.headers["Accept-Encoding"] = "identity"  # the files are compressed, and sizes must be their own
    return session
