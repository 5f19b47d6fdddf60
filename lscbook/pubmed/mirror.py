"""Filter PubMed's baseline files (about 1,300 of them) by the rule of query.yaml, file by file.

Each file gives one small file of the records that the rule keeps, written whole or not at all, so
that a run goes on where another stopped. Dask spreads the files over a cluster; a worker needs the
package and the files, nothing else.
"""

import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from lscbook.errors import PubMedMalformed
from lscbook.pubmed import query
from lscbook.pubmed.parse import Deletion, parse_stream


@dataclass(frozen=True)
class Filtered:
    """What one baseline file held and gave."""

    file: str
    records: int
    kept: int
    reused: bool


def target_of(file: Path, folder: Path) -> Path:
    """Where the kept records of a baseline file go."""
    return folder / (file.name.removesuffix(".gz").removesuffix(".xml") + ".kept.xml.gz")


def filter_file(file: Path, folder: Path, query_file: Path) -> Filtered:
    """Write the articles and deletions of one file that the rule keeps, as PubMed XML.

    Raises:
        PubMedMalformed: the file is not whole PubMed XML; nothing is written for it.
    """
    target = target_of(file, folder)
    if target.exists():
        return Filtered(file.name, 0, 0, reused=True)
    asked = query.load(query_file)
    rule = query.compile_search(asked.snapshot_rule, asked.mesh_narrower)
    kept: list[bytes] = []
    records = 0
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rb") as stream:
            for element in _parts(stream):
                records += element.tag != "DeleteCitation"
                text = etree.tostring(element, with_tail=False, encoding="utf-8")
                if element.tag == "DeleteCitation" or _keeps(rule, text):
                    kept.append(text)
    except (etree.XMLSyntaxError, EOFError, gzip.BadGzipFile) as error:
        raise PubMedMalformed(f"{file}: {error}") from error
    partial = target.with_suffix(".partial")
    body = b"<PubmedArticleSet>\n" + b"\n".join(kept) + b"\n</PubmedArticleSet>\n"
    partial.write_bytes(gzip.compress(body, mtime=0))
    partial.replace(target)
    return Filtered(file.name, records, len(kept), reused=False)


def _parts(stream: object) -> Iterable[etree._Element]:
    tags = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
    for _, element in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _keeps(rule: query.Rule, article: bytes) -> bool:
    document = io.BytesIO(b"<PubmedArticleSet>" + article + b"</PubmedArticleSet>")
    return any(not isinstance(r, Deletion) and rule(r) for r in parse_stream(document))
