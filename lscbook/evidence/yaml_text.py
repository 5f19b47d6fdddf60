"""An entry as YAML: `yaml_nodes` with the bounds of an entry, and the comments that writing anew would lose."""

import re
from pathlib import Path

import yaml

from lscbook import yaml_nodes
from lscbook.errors import FileRefused, YamlRefused
from lscbook.yaml_nodes import Kept, Node

MAX_BYTES = 64 * 1024
ENTRY = Kept(MAX_BYTES, 12, "start from `make new`", "run: python scripts/check.py --fix on it")


def read_file(path: Path) -> Node:
    """Read one file.

    Raises:
        YamlRefused: with line, what was found and how to mend it.
        OSError: there is no such file, or it may not be read.
    """
    try:
        return yaml_nodes.read_file(path, ENTRY)
    except FileRefused as error:
        raise YamlRefused(error.line, error.found, error.remedy) from error


def read_text(text: str) -> Node:
    r"""Read one document.

    >>> read_text("lesion: -7\nn: 3.10\n").plain()
    {'lesion': '-7', 'n': '3.10'}

    Raises:
        YamlRefused: with line, what was found and how to mend it.
    """
    return yaml_nodes.read_text(text, ENTRY)


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
