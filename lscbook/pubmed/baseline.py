"""Where PubMed's baseline and update files come from: a folder, or the index page of a server."""

import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin

import lxml.html
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from lscbook import __version__
from lscbook.errors import PubMedMalformed, PubMedUnavailable

TIMEOUT = (20, 60)  # seconds to connect, and for each read
TRIES = 5  # times that a download which broke off is gone on with
_NAME = re.compile(r"[\w.-]+\.xml\.gz")
_MD5 = re.compile(rb"\b[0-9a-fA-F]{32}\b")


def is_address(place: str) -> bool:
    """Whether a place is an address and not a folder."""
    return place.startswith(("http://", "https://"))


def sources(place: str) -> list[str]:
    """The `.xml.gz` files of a folder, or those that an index page links beside itself, by name.

    Raises:
        PubMedUnavailable: the page could not be had.
        PubMedMalformed: there is no such file.
    """
    if is_address(place):
        page = place.rstrip("/") + "/"
        links = lxml.html.fromstring(_get(page) or b"<html/>").iter("a")
        names = {unquote(link.get("href", "")).removeprefix(page) for link in links}
        found = [urljoin(page, name) for name in sorted(names) if _NAME.fullmatch(name)]
    else:
        found = [str(file) for file in sorted(Path(place).glob("*.xml.gz"))]
    if not found:
        raise PubMedMalformed(f"{place}: no *.xml.gz there; give a folder of baseline files, or their index page")
    return found


def fetch(address: str, folder: Path) -> Path:
    """Download a file into the folder, whole and with its published checksum; one that is there stays.

    Raises:
        PubMedUnavailable: it could not be had.
        PubMedMalformed: it is not the file of which the server states the MD5.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / address.rsplit("/", 1)[-1]
    if file.exists():
        return file
    stated = _MD5.search(_get(f"{address}.md5") or b"")
    partial = file.with_suffix(".partial")
    for _ in range(TRIES):
        if _go_on(address, partial):
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
    """Append what is missing of a download; whether it came to its end (a short body is an error of requests)."""
    have = partial.stat().st_size if partial.exists() else 0
    try:
        with _session().get(address, stream=True, timeout=TIMEOUT, headers={"Range": f"bytes={have}-"}) as answer:
            if answer.status_code == 416:  # nothing is left to send
                return True
            answer.raise_for_status()
            with partial.open("ab" if answer.status_code == 206 else "wb") as out:
                for part in answer.iter_content(1 << 16):
                    out.write(part)
    except requests.HTTPError as error:
        raise PubMedUnavailable(f"{address}: {error}") from error
    except requests.RequestException:
        return False
    return True


def _get(address: str) -> bytes | None:
    """The body of an answer, or None where there is no such page."""
    try:
        answer = _session().get(address, timeout=TIMEOUT)
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
    except requests.RequestException as error:
        raise PubMedUnavailable(f"{address}: {error}") from error
    return answer.content


@cache
def _session() -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"lscbook/{__version__}"
    session.headers["Accept-Encoding"] = "identity"  # the files are compressed, and sizes must be their own
    patient = Retry(total=TRIES, backoff_factor=0.5, backoff_jitter=0.5, status_forcelist=(429, 500, 502, 503, 504))
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=patient))
    return session
