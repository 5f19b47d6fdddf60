"""The one way in which an entry is written: keys in the order of the table, text wrapped."""

import re
import textwrap
from functools import lru_cache
from typing import Any

import yaml

from lscbook.evidence import fields
from lscbook.yaml_nodes import Node

WIDTH = 96
# Text that needs no quotes, in block and in flow, for every YAML reader; a browser reads the pattern alike.
PLAIN = (
    r"(?!-[- ]|-$|[:#&*!|>'\"%@`])(?![^\n]*(?::(?:\s|$)|\s#))"
    r"[^\s,\[\]{}?](?:[^,\[\]{}?\t\n\r]*[^\s,\[\]{}?])?"
)
_PLAIN = re.compile(PLAIN)
FOLDED = ("claim", "note")  # prose, wrapped as a folded block
_SUPPORT = [field.name for field in fields.SUPPORT]
_FLAT = {"effect": [field.name for field in fields.EFFECT], "contrast": [field.name for field in fields.CONTRAST]}


def canonical(node: Node) -> str:
    """The text of an entry in canonical form; keys that no table knows come last, as they are."""
    plain = node.plain()
    if not isinstance(plain, dict):
        return ""
    return dump(plain)


def dump(entry: dict[str, Any]) -> str:
    """An entry (every scalar a string) as canonical YAML."""
    order = [field.name for field in fields.ENTRY]
    lines = [f"{key}: {_flow(entry[key])}" for key in _ordered(entry, order) if key != "findings"]
    lines.append("findings:")
    for finding in entry.get("findings") or ():
        lines += _finding(finding) if isinstance(finding, dict) else [f"  - {_flow(finding)}"]
    return "\n".join(lines) + "\n"


def _finding(finding: dict[str, Any]) -> list[str]:
    theme = finding.get("theme")
    table = fields.fields_of(theme) if isinstance(theme, str) and theme in fields.BY_THEME else fields.COMMON
    order = [field.name for field in table if field.name != "support"] + ["support"]
    lines: list[str] = []
    for key in _ordered(finding, order):
        prefix = "    " if lines else "  - "
        value = finding[key]
        if key in FOLDED and isinstance(value, str):
            lines.append(f"{prefix}{key}: >-")
            lines += [
                f"      {line}"
                for line in textwrap.wrap(
                    " ".join(value.split()), WIDTH - 6, break_long_words=False, break_on_hyphens=False
                )
            ]
        elif key == "support" and isinstance(value, dict):
            lines.append(f"{prefix}support:")
            lines += [f"      {name}: {_flow(value[name])}" for name in _ordered(value, _SUPPORT)]
        elif key in _FLAT and isinstance(value, dict):
            value = {name: value[name] for name in _ordered(value, _FLAT[key])}
            lines.append(f"{prefix}{key}: {_flow(value)}")
        else:
            lines.append(f"{prefix}{key}: {_flow(value)}")
    return lines


def _ordered(mapping: dict[str, Any], order: Any) -> list[str]:
    known = [key for key in order if key in mapping]
    return known + [key for key in mapping if key not in order]


def _flow(value: Any) -> str:
    """A value on one line; quotes only where YAML needs them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


@lru_cache(maxsize=65_536)
def _scalar(text: str) -> str:
    """Plain where every reader gives it back as it is, else in double quotes."""
    if _PLAIN.fullmatch(text):
        return text
    quoted: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**6)
    return quoted.strip()
