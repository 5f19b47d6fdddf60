"""YAML in which every scalar is a string, and every value knows its line: the one reader of what people write in it.

`-7`, `+8`, `NO` and `3.10` are words here, so PyYAML's own resolver is off. What a small file of
facts never needs is refused: duplicate keys, anchors, aliases, tags, several documents, control,
zero-width and bidirectional characters, files too large or too deep.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from lscbook.errors import FileRefused, YamlRefused
from lscbook.files import read_whole
from lscbook.text import HIDDEN, UNSEEN

# libyaml's, where PyYAML was built with it: ten times as fast
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_HIDDEN = re.compile(HIDDEN)


@dataclass(frozen=True)
class Kept:
    """What a kind of file may hold, in bytes and levels, and what mends an empty one and the line ends of Windows."""

    most: int
    depth: int
    empty: str
    line_ends: str = "save it with line ends of Unix (LF)"


@dataclass(frozen=True)
class Node:
    """A value with the 1-based line where it begins.

    `value` is a str, a list of Node, or a dict of str to Node; `key_lines` gives the line of each
    key of a mapping.
    """

    value: "str | list[Node] | dict[str, Node]"
    line: int

    def plain(self) -> object:
        """The value without line numbers: str, list and dict."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value

    def at(self, path: "tuple[str | int, ...]") -> "Node":
        """The nearest node on `path`: the deepest one that exists."""
        node = self
        for step in path:
            inner = node.value
            if isinstance(inner, dict) and step in inner:
                node = inner[str(step)]
            elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
                node = inner[step]
            else:
                break
        return node


def read_file(path: Path, kept: Kept) -> Node:
    """Read one file.

    Raises:
        FileRefused: with line, what was found and how to mend it.
        OSError: there is no such file, or it may not be read.
    """
    try:
        return read_text(read_whole(path, kept.most), kept)
    except YamlRefused as error:
        raise FileRefused(path, error.line, error.found, error.remedy) from error


def read_text(text: str, kept: Kept) -> Node:
    r"""Read one document.

    >>> read_text("lesion: -7\nn: 3.10\n", Kept(100, 2, "write one")).plain()
    {'lesion': '-7', 'n': '3.10'}

    Raises:
        YamlRefused: with line, what was found and how to mend it.
    """
    if len(text.encode("utf-8", errors="surrogatepass")) > kept.most:
        raise YamlRefused(1, f"more than {kept.most} bytes", "split the file")
    for number, line in enumerate(text.split("\n"), start=1):
        refuse_unseen(line, number, kept)
    try:
        return _build(yaml.parse(text, Loader=LOADER), kept, escapes="\\" in text)
    except yaml.YAMLError as error:
        raise _as_refused(error) from error


def _build(events: Iterator[yaml.Event], kept: Kept, *, escapes: bool) -> Node:
    """The one document of a stream of events, without recursion: 30 kB of `[` never reach a composer."""
    root: list[Node] = []
    open_: list[_Open] = []
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        _refuse_machinery(event, line, first=not root)
        if isinstance(event, yaml.CollectionStartEvent):
            if len(open_) >= kept.depth:
                raise YamlRefused(line, f"more than {kept.depth} levels", "flatten the file")
            if open_ and open_[-1].wants_key:
                raise YamlRefused(line, "a key that is not a word", "use a plain field name")
            open_.append(_Open(line, {} if isinstance(event, yaml.MappingStartEvent) else []))
            continue
        if isinstance(event, yaml.ScalarEvent):
            if escapes:  # written as an escape, and unseen until read
                refuse_unseen(event.value.replace("\n", " "), line, kept)
            if open_ and open_[-1].wants_key:
                open_[-1].take_key(event.value, line)
                continue
            made = Node(event.value, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = open_.pop()
            made = Node(done.value, done.line)
        else:
            continue
        if open_:
            open_[-1].take(made)
        else:
            root.append(made)
    if not root or root[0].value == "":
        raise YamlRefused(1, "an empty file", kept.empty)
    return root[0]


@dataclass
class _Open:
    """A list or a mapping that has begun and not ended; a mapping waits for a key or for its value."""

    line: int
    value: "list[Node] | dict[str, Node]"
    key: str | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None

    def take_key(self, key: str, line: int) -> None:
        if key in self.value:
            raise YamlRefused(line, f"the key {key!r} twice", "keep one of them")
        self.key = key

    def take(self, node: Node) -> None:
        if isinstance(self.value, list):
            self.value.append(node)
        elif self.key is not None:
            self.value[self.key] = node
            self.key = None


def _refuse_machinery(event: yaml.Event, line: int, *, first: bool) -> None:
    """Refuse anchors, aliases, tags, directives and second documents."""
    if isinstance(event, yaml.AliasEvent):
        raise YamlRefused(line, f"an alias (*{event.anchor})", "write the value out")
    if anchor := getattr(event, "anchor", None):
        raise YamlRefused(line, f"an anchor (&{anchor})", "delete it")
    if tag := getattr(event, "tag", None):
        raise YamlRefused(line, f"a tag ({tag})", "delete it: every value is text")
    if isinstance(event, yaml.DocumentStartEvent) and (not first or event.version or event.tags):
        raise YamlRefused(line, "a directive or a second document", "keep one document in one file")


def refuse_unseen(line: str, number: int, kept: Kept) -> None:
    """Refuse what a reader cannot see.

    Raises:
        YamlRefused: with line, column and the character by number.
    """
    if line.isascii() and line.isprintable():
        return
    if found := _HIDDEN.search(line):
        if found.group() == "\r":
            raise YamlRefused(number, "a line that ends as on Windows (CRLF)", kept.line_ends)
        message = UNSEEN.format(code=f"{ord(found.group()):04X}", column=found.start() + 1)
        raise YamlRefused(number, *message.split("; ", 1))


def _as_refused(error: yaml.YAMLError) -> YamlRefused:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    return YamlRefused(
        mark.line + 1 if mark else 1,
        f"not YAML: {problem}",
        'check the indentation, and put quotes around text that holds ": ", "#" or a leading sign',
    )
