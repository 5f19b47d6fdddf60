"""Filter PubMed's baseline and update files (about 1,300 of them) by the rule of query.yaml, file by file.

Each file gives one small file of the records that the rule keeps, written whole or not at all, so
that a run goes on where another stopped. Dask spreads the files over a cluster; a worker needs the
package, and the folders for downloads and kept records, nothing else.
"""

import gzip
import hashlib
import json
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from lscbook.errors import PubMedMalformed
from lscbook.files import write_whole
from lscbook.pubmed import baseline, query
from lscbook.pubmed.document import path_elements
from lscbook.pubmed.parse import Deletion, parse_element

_END = b"\n</PubmedArticleSet>\n"


@dataclass(frozen=True)
class Filtered:
    """What one file held and gave, and what of it cannot be read; nothing is counted of one that was done before."""

    file: str
    records: int
    kept: int
    reused: bool
    unreadable: tuple[str, ...] = ()


def target_of(name: str, folder: Path, query_file: Path) -> Path:
    """Where the kept records of a file go: a folder for each rule, so that another rule filters anew."""
    asked = query.load(query_file)
    named = json.dumps([asked.snapshot_rule, asked.mesh_narrower], sort_keys=True)
    rule = hashlib.sha256(named.encode()).hexdigest()[:12]
    return folder / rule / (name.removesuffix(".gz").removesuffix(".xml") + ".kept.xml.gz")


def filter_source(source: str, downloads: Path, folder: Path, query_file: Path) -> Filtered:
    """Filter a file given by its path, or by an address from which it is downloaded first.

    Raises:
        PubMedUnavailable: the file could not be downloaded.
        PubMedMalformed: the file is not whole PubMed XML, or not the one whose checksum is published.
    """
    if not baseline.is_address(source):
        return filter_file(Path(source), folder, query_file)
    name = source.rsplit("/", 1)[-1]
    if _whole(target_of(name, folder, query_file)):
        return Filtered(name, 0, 0, reused=True)
    file = baseline.fetch(source, downloads)
    try:
        return filter_file(file, folder, query_file)
    except PubMedMalformed:
        file.unlink(missing_ok=True)  # the next run asks the server again, which may have been mended
        raise


def filter_file(file: Path, folder: Path, query_file: Path) -> Filtered:
    """Write the articles and deletions of one file that the rule keeps, as PubMed XML.

    Raises:
        PubMedMalformed: the file is not whole PubMed XML; nothing is written for it.
    """
    target = target_of(file.name, folder, query_file)
    target.parent.mkdir(parents=True, exist_ok=True)
    if _whole(target) and not _newer(file, target):
        return Filtered(file.name, 0, 0, reused=True)
    rule = _rule(query_file, query_file.stat().st_mtime_ns)
    kept: list[bytes] = []
    unreadable: list[str] = []
    records = 0
    for element in path_elements(file):
        try:
            found = list(parse_element(element))
        except PubMedMalformed as error:  # one record stops no file
            unreadable.append(str(error))
            continue
        deleted = [item for item in found if isinstance(item, Deletion)]
        records += len(found) - len(deleted)
        if deleted or any(rule(item) for item in found if not isinstance(item, Deletion)):
            kept.append(etree.tostring(element, with_tail=False, encoding="utf-8"))
    body = b"<PubmedArticleSet>\n" + b"\n".join(kept) + _END
    write_whole(target, gzip.compress(body, mtime=0))
    return Filtered(file.name, records, len(kept), reused=False, unreadable=tuple(unreadable))


def _whole(target: Path) -> bool:
    """Whether a file of kept records is there and not broken."""
    try:
        with gzip.open(target) as stream:
            return stream.read().endswith(_END)
    except (OSError, EOFError, zlib.error):
        return False


def _newer(source: Path, target: Path) -> bool:
    """Whether a file was put in its place again after it had been filtered."""
    return source.stat().st_mtime > target.stat().st_mtime


@cache
def _rule(query_file: Path, _changed: int) -> query.Rule:
    """The rule of a file, read once a worker."""
    asked = query.load(query_file)
    return query.compile_search(asked.snapshot_rule, asked.mesh_narrower)
