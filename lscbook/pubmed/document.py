"""A document of PubMed XML as a stream of its articles, with entities and the network off.

Source of the element names: NLM's PubMed DTD of 2025.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from lxml import etree

from lscbook.errors import PubMedMalformed

Element = etree._Element

_FIRST = 65_536  # bytes in which the root element stands
_PARTS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_ROOTS = {"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"}


def path_elements(path: Path) -> Iterator[Element]:
    """As `elements`, of one file, zipped or not.

    Raises:
        PubMedMalformed: as `elements`; the message names the file.
    """
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            # GzipFile is a binary stream in all but its declared type.
            yield from elements(cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if zipped else raw)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise PubMedMalformed(f"{path}: the gzip stream is broken or ends early: {error}") from error
        except PubMedMalformed as error:
            raise PubMedMalformed(f"{path}: {error}") from error


def elements(stream: IO[bytes]) -> Iterator[Element]:
    """Articles, book articles and deletions of one stream, each valid until the next is asked for.

    Raises:
        PubMedMalformed: not well-formed, cut short, or another kind of document.
    """
    start = _start(stream)
    context = etree.iterparse(
        cast("IO[bytes]", _Rest(start, stream)),
        events=("end",),
        tag=_PARTS,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in context:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise PubMedMalformed(f"not whole XML: {error}") from error


class _Rest:
    """A stream of which the start was read already."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start, self._stream = start, stream

    def read(self, size: int = -1) -> bytes:
        """As a binary stream reads."""
        if self._start:
            start, self._start = self._start, b""
            return start
        return self._stream.read(size)


def _start(stream: IO[bytes]) -> bytes:
    """The first bytes, which show that the root is one of ours: a whole other document is never built.

    Raises:
        PubMedMalformed: another root, or no element at all.
    """
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True, load_dtd=False)
    start = b""
    try:
        while part := stream.read(_FIRST):
            start += part
            parser.feed(part)
            for _, event in parser.read_events():
                root = cast("Element", event)
                if root.tag in _ROOTS:
                    return start
                raise PubMedMalformed(_what_else(root))
            if len(start) > 16 * _FIRST:
                raise PubMedMalformed("no element in its first megabyte")
        parser.close()
    except etree.XMLSyntaxError as error:
        raise PubMedMalformed(f"not whole XML: {error}") from error
    raise PubMedMalformed("not whole XML: no element")


def _what_else(root: Element) -> str:
    message = root.findtext(".//ERROR") or root.findtext(".//Error") or ""
    return f"the document is <{root.tag}>, not PubmedArticleSet" + (message and f": {message}")
