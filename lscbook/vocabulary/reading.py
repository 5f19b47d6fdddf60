"""Files of the vocabulary as plain lists and texts, each with its line; what would be misread in silence is refused.

A bare string where a list is wanted would be a list of its letters, and of a key that stands twice the
first would be lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lscbook import yaml_nodes
from lscbook.errors import FileRefused, VocabularyInvalid
from lscbook.yaml_nodes import Kept, Node

VOCABULARY = Kept(4 * 1024 * 1024, 8, "take it from git again")
# every other value is one text
LISTS = frozenset({
    "also", "synonyms", "synonyms_in_context", "synonyms_if_defined", "genes", "narrower", "names", "members", "papers",
    "in_texts",
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
    root = _read(path)
    if not isinstance(root.value, list):
        raise _invalid(path, root, "no list; begin each term with `- id: …`")
    return [Item(_mapping(path, node, LISTS.__contains__), node.line) for node in root.value]


def mapping(path: Path, *texts: str) -> dict[str, Any]:
    """A file that is one mapping: of texts under the keys `texts`, of lists of texts under every other.

    Raises:
        VocabularyInvalid: `file:line: what was found; how to mend it`.
    """
    return _mapping(path, _read(path), lambda key: key not in texts)


def _read(path: Path) -> Node:
    try:
        return yaml_nodes.read_file(path, VOCABULARY)
    except FileRefused as error:
        raise VocabularyInvalid(f"{path.name}:{error.line}: {error.found}; {error.remedy}") from error
    except OSError as error:
        raise VocabularyInvalid(f"{path.name}:1: {error.strerror}; check the folder") from error


def _mapping(path: Path, node: Node, is_list: Callable[[str], bool]) -> dict[str, Any]:
    if not isinstance(node.value, dict):
        raise _invalid(path, node, "no mapping; write `key: value`")
    raw: dict[str, Any] = {}
    for key, value in node.value.items():
        if not is_list(key):
            raw[key] = _text(path, value)
        elif isinstance(value.value, list):
            raw[key] = [_text(path, one) for one in value.value]
        else:
            raise _invalid(path, value, f"{key} is no list; write it in brackets, as [one, another]")
    return raw


def _text(path: Path, node: Node) -> str:
    if not isinstance(node.value, str):
        raise _invalid(path, node, "a list or a mapping where one text is wanted")
    return node.value


def _invalid(path: Path, node: Node, what: str) -> VocabularyInvalid:
    return VocabularyInvalid(f"{path.name}:{node.line}: {what}")
