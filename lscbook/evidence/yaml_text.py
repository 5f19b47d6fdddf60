"""YAML in which every scalar is a string, and every value knows its line.

`-7`, `+8`, `NO` and `3.10` are words here, so PyYAML's own resolver is off. What a small file of
facts never needs is refused: duplicate keys, anchors, aliases, tags, several documents, control,
zero-width and bidirectional characters, and files over 64 kB.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from lscbook.errors import EntryInvalid
from lscbook.evidence import rules

# libyaml's, where PyYAML was built with it: ten times as fast
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_BYTES = 64 * 1024
MAX_DEPTH = 12

_HIDDEN = re.compile(rules.HIDDEN)

# A text without any of these has no anchor, alias, tag, directive or second document.
_MACHINERY = re.compile(r"[&*!]|^(?:%|---|\.\.\.)", re.MULTILINE)


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
    if path.is_symlink():
        raise YamlRefused(1, "a symbolic link", "put the file itself here")
    if not path.is_file():
        raise YamlRefused(1, "no regular file", "put a text file here")
    if path.stat().st_size > MAX_BYTES:
        raise YamlRefused(1, f"{path.stat().st_size} bytes", f"keep it under {MAX_BYTES} bytes")
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise YamlRefused(line, "bytes that are not UTF-8", "save the file as UTF-8") from error
    return read_text(text)


def read_text(text: str) -> Node:
    r"""Read one document.

    >>> read_text("lesion: -7\nn: 3.10\n").plain()
    {'lesion': '-7', 'n': '3.10'}

    Raises:
        YamlRefused: with line, what was found and how to mend it.
    """
    if len(text.encode("utf-8")) > MAX_BYTES:
        raise YamlRefused(1, f"more than {MAX_BYTES} bytes", "split the file")
    for number, line in enumerate(text.split("\n"), start=1):
        refuse_unseen(line, number)
    if _MACHINERY.search(text):
        _refuse_machinery(text)
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise _as_refused(error) from error
    if root is None:
        raise YamlRefused(1, "an empty file", "start from `make new`")
    return _convert(root, depth=0, escapes="\\" in text)


def refuse_unseen(line: str, number: int) -> None:
    """Refuse what a reader cannot see.

    Raises:
        YamlRefused: with line, column and the character by number.
    """
    if line.isascii() and line.isprintable():
        return
    if found := _HIDDEN.search(line):
        raise YamlRefused(
            number,
            f"an invisible character (U+{ord(found.group()):04X}) at column {found.start() + 1}",
            "delete it, and type the text around it again",
        )


def comments(text: str) -> list[tuple[int, str]]:
    r"""Comments of a document that can be read, each with its line.

    >>> comments("# a\na: 'x # y'  # b\nc: >-\n  # d\n")
    [(1, '# a'), (2, '# b')]
    """
    bare = text
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark.index, token.end_mark.index
            bare = bare[:start] + re.sub(r"[^\n]", "x", text[start:end]) + bare[end:]
    return [
        (bare.count("\n", 0, match.start()) + 1, match.group()) for match in re.finditer(r"(?m)(?:^|(?<=\s))#.*$", bare)
    ]


def _refuse_machinery(text: str) -> None:
    """Refuse anchors, aliases, tags, directives and second documents before composing."""
    documents = 0
    try:
        for event in yaml.parse(text, Loader=LOADER):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise YamlRefused(line, f"an alias (*{event.anchor})", "write the value out")
            if anchor := getattr(event, "anchor", None):
                raise YamlRefused(line, f"an anchor (&{anchor})", "delete it")
            if tag := getattr(event, "tag", None):
                raise YamlRefused(line, f"a tag ({tag})", "delete it: every value is text")
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1 or event.version or event.tags:
                    raise YamlRefused(line, "a directive or a second document", "keep one paper in one file")
    except yaml.YAMLError as error:
        raise _as_refused(error) from error


def _as_refused(error: yaml.YAMLError) -> YamlRefused:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    return YamlRefused(
        mark.line + 1 if mark else 1,
        f"not YAML: {problem}",
        'check the indentation, and put quotes around text that holds ": ", "#" or a leading sign',
    )


def _convert(node: yaml.Node, depth: int, *, escapes: bool) -> Node:
    line = node.start_mark.line + 1
    if depth > MAX_DEPTH:
        raise YamlRefused(line, f"more than {MAX_DEPTH} levels", "flatten the file")
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlRefused(key_line, "a key that is not a word", "use a plain field name")
            _convert(key_node, depth + 1, escapes=escapes)
            if key_node.value in result:
                raise YamlRefused(key_line, f"the key {key_node.value!r} twice", "keep one of them")
            result[key_node.value] = _convert(value_node, depth + 1, escapes=escapes)
        return Node(result, line)
    if isinstance(node, yaml.SequenceNode):
        return Node([_convert(item, depth + 1, escapes=escapes) for item in node.value], line)
    text = str(node.value)
    if escapes:  # written as an escape, and unseen until read
        refuse_unseen(text.replace("\n", " "), line)
    return Node(text, line)
