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
_PART = 131_072  # bytes fed at once; twenty records or so, and all that lies in memory
_PARTS = {"PubmedArticle", "PubmedBookArticle", "DeleteCitation"}
_SETS = {"PubmedArticleSet", "PubmedBookArticleSet"}
_ROOTS = _SETS | {"PubmedArticle", "PubmedBookArticle"}


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
    start, root_name = _start(stream)
    parser = _parser(tag=root_name)
    root: Element | None = None
    part = start
    try:
        while part:
            parser.feed(part)
            for _, event in parser.read_events():
                root = cast("Element", event) if root is None else root
            if root is not None and len(root) > 1 and root_name in _SETS:
                *whole, _ = root  # cheaper than an event for each
                yield from _records(whole)
                del root[: len(whole)]
            part = stream.read(_PART)
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise PubMedMalformed(f"not whole XML: {error}") from error
    yield from _records(list(root) if root_name in _SETS else [root])


def _records(found: list[Element]) -> Iterator[Element]:
    return (element for element in found if element.tag in _PARTS)


def _parser(tag: str | None = None) -> "etree.XMLPullParser":
    """A parser that tells of the starts of elements, reads no entity and no DTD, and asks no network."""
    return etree.XMLPullParser(
        events=("start",),
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def _start(stream: IO[bytes]) -> tuple[bytes, str]:
    """The first bytes and the name of the root, which is one of ours: a whole other document is never built.

    Raises:
        PubMedMalformed: another root, or no element at all.
    """
    parser = _parser()
    start = b""
    try:
        while part := stream.read(_FIRST):
            start += part
            parser.feed(part)
            for _, event in parser.read_events():
                root = cast("Element", event)
                if root.tag in _ROOTS:
                    return start, root.tag
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
