"""YAML in which every scalar is a string, and every value knows its line.

`-7`, `+8`, `NO` and `3.10` are words here, so PyYAML's own resolver is off. What a small file of
facts never needs is refused: duplicate keys, anchors, aliases, tags, several documents, control,
zero-width and bidirectional characters, and files over 64 kB.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from lscbook.errors import EntryInvalid, FileRefused
from lscbook.evidence import rules
from lscbook.files import read_whole
from lscbook.text import HIDDEN

# libyaml's, where PyYAML was built with it: ten times as fast
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_BYTES = 64 * 1024
MAX_DEPTH = 12

_HIDDEN = re.compile(HIDDEN)


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


class YamlRefused(EntryInvalid):
    """The text is not the YAML that we take."""

    def __init__(self, line: int, found: str, remedy: str) -> None:
        super().__init__(f"line {line}: {found}; {remedy}")
        self.line, self.found, self.remedy = line, found, remedy


def read_file(path: Path) -> Node:
    """Read one file.

    Raises:
        YamlRefused: with line, what was found and how to mend it.
    """
    try:
        text = read_whole(path, MAX_BYTES)
    except FileRefused as error:
        raise YamlRefused(error.line, error.found, error.remedy) from error
    return read_text(text)


def read_text(text: str) -> Node:
    r"""Read one document.

    >>> read_text("lesion: -7\nn: 3.10\n").plain()
    {'lesion': '-7', 'n': '3.10'}

    Raises:
        YamlRefused: with line, what was found and how to mend it.
    """
    if len(text.encode("utf-8", errors="surrogatepass")) > MAX_BYTES:
        raise YamlRefused(1, f"more than {MAX_BYTES} bytes", "split the file")
    for number, line in enumerate(text.split("\n"), start=1):
        refuse_unseen(line, number)
    try:
        return _build(yaml.parse(text, Loader=LOADER), escapes="\\" in text)
    except yaml.YAMLError as error:
        raise _as_refused(error) from error


def _build(events: Iterator[yaml.Event], *, escapes: bool) -> Node:
    """The one document of a stream of events, without recursion: 30 kB of `[` never reach a composer."""
    root: list[Node] = []
    open_: list[_Open] = []
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        _refuse_machinery(event, line, first=not root)
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            if len(open_) >= MAX_DEPTH:
                raise YamlRefused(line, f"more than {MAX_DEPTH} levels", "flatten the file")
            if open_ and open_[-1].wants_key:
                raise YamlRefused(line, "a key that is not a word", "use a plain field name")
            open_.append(_Open(line, {} if isinstance(event, yaml.MappingStartEvent) else []))
            continue
        if isinstance(event, yaml.ScalarEvent):
            if escapes:  # written as an escape, and unseen until read
                refuse_unseen(event.value.replace("\n", " "), line)
            if open_ and open_[-1].wants_key:
                open_[-1].take_key(event.value, line)
                continue
            made = Node(event.value, line)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            done = open_.pop()
            made = Node(done.value, done.line)
        else:
            continue
        if open_:
            open_[-1].take(made)
        else:
            root.append(made)
    if not root or root[0].value == "":
        raise YamlRefused(1, "an empty file", "start from `make new`")
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
        raise YamlRefused(line, "a directive or a second document", "keep one paper in one file")


def refuse_unseen(line: str, number: int) -> None:
    """Refuse what a reader cannot see.

    Raises:
        YamlRefused: with line, column and the character by number.
    """
    if line.isascii() and line.isprintable():
        return
    if found := _HIDDEN.search(line):
        if found.group() == "\r":
            raise YamlRefused(
                number, "a line that ends as on Windows (CRLF)", "run: python scripts/check.py --fix on it"
            )
        message = rules.UNSEEN.format(code=f"{ord(found.group()):04X}", column=found.start() + 1)
        raise YamlRefused(number, *rules.parted(message))


def comments(text: str) -> list[tuple[int, str]]:
    r"""Comments of a document that can be read, each with its line.

    >>> comments("# a\na: 'x # y'  # b\nc: >-\n  # d\n")
    [(1, '# a'), (2, '# b')]
    """
    pieces, reached = [], 0
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark.index, token.end_mark.index
            pieces += [text[reached:start], re.sub(r"[^\n]", "x", text[start:end])]
            reached = end
    bare = "".join([*pieces, text[reached:]])
    return [
        (number, match.group())
        for number, line in enumerate(bare.split("\n"), start=1)
        for match in re.finditer(r"(?:^|(?<=\s))#.*$", line)
    ]


def _as_refused(error: yaml.YAMLError) -> YamlRefused:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    return YamlRefused(
        mark.line + 1 if mark else 1,
        f"not YAML: {problem}",
        'check the indentation, and put quotes around text that holds ": ", "#" or a leading sign',
    )
