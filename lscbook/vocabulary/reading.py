"""Files of the vocabulary as plain lists and texts, each with its line; what would be misread in silence is refused.

A bare string where a list is wanted would be a list of its letters, and of a key that stands twice the
first would be lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lscbook.errors import FileRefused, VocabularyInvalid
from lscbook.files import read_whole

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 8
# every other value is one text
LISTS = frozenset({
    "also", "synonyms", "synonyms_in_context", "synonyms_if_defined", "genes", "narrower", "names", "members", "papers",
})  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One entry of a file, and the line where it begins."""

    raw: dict[str, Any]
    line: int


def items(path: Path) -> list[Item]:
    """The terms of a file, each a mapping of texts and lists of texts.

    Raises:
        VocabularyInvalid: `file:line: what was found; how to mend it`.
    """
    root = _compose(path)
    if not isinstance(root, yaml.SequenceNode):
        raise _invalid(path, root, "no list; begin each term with `- id: …`")
    return [Item(_mapping(path, node, LISTS.__contains__), node.start_mark.line + 1) for node in root.value]


def mapping(path: Path, *texts: str) -> dict[str, Any]:
    """A file that is one mapping: of texts under the keys `texts`, of lists of texts under every other.

    Raises:
        VocabularyInvalid: `file:line: what was found; how to mend it`.
    """
    return _mapping(path, _compose(path), lambda key: key not in texts)


def _compose(path: Path) -> yaml.Node:
    try:
        text = read_whole(path, MAX_BYTES)
        depth = 0
        for event in yaml.parse(text, Loader=LOADER):  # before a composer descends into it
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _at(
                    path, event.start_mark.line if event.start_mark else 0, f"more than {MAX_DEPTH} levels; flatten it"
                )
        root: yaml.Node | None = yaml.compose(text, Loader=LOADER)
    except FileRefused as error:
        raise _at(path, error.line - 1, f"{error.found}; {error.remedy}") from error
    except OSError as error:
        raise _at(path, 0, f"{error.strerror}; check the folder") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not to be read"
        raise _at(path, mark.line if mark else 0, f"not YAML: {problem}; check indentation and quotes") from error
    if root is None:
        raise _at(path, 0, "an empty file; take it from git again")
    return root


def _mapping(path: Path, node: yaml.Node, is_list: Callable[[str], bool]) -> dict[str, Any]:
    if not isinstance(node, yaml.MappingNode):
        raise _invalid(path, node, "no mapping; write `key: value`")
    raw: dict[str, Any] = {}
    for key_node, value in node.value:
        key = _text(path, key_node)
        if key in raw:
            raise _invalid(path, key_node, f"the key {key!r} twice; keep one")
        wanted = is_list(key)
        if wanted and not isinstance(value, yaml.SequenceNode):
            raise _invalid(path, value, f"{key} is no list; write it in brackets, as [one, another]")
        raw[key] = [_text(path, one) for one in value.value] if wanted else _text(path, value)
    return raw


def _text(path: Path, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _invalid(path, node, "a list or a mapping where one text is wanted")
    return str(node.value)


def _invalid(path: Path, node: yaml.Node, what: str) -> VocabularyInvalid:
    return _at(path, node.start_mark.line, what)


def _at(path: Path, line: int, what: str) -> VocabularyInvalid:
    return VocabularyInvalid(f"{path.name}:{line + 1}: {what}")
