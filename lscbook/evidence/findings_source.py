"""The source of `findings.py`: real types of the findings, written out from the table in `fields`.

A type checker cannot read models that are made while a program runs; it reads this file, which
`python scripts/schema.py` writes and a test holds against the table.
"""

import json

from lscbook import paths
from lscbook.evidence import fields
from lscbook.evidence.fields import Field, Type

FILE = paths.ROOT / "lscbook" / "evidence" / "findings.py"
_HEAD = '''"""The types of a finding, by theme, counted or context. `python scripts/schema.py` writes this file."""

# ruff: noqa: E501
# fmt: off

from typing import Literal

from pydantic import Field

from lscbook.evidence.values import (
    Before,
    Count,
    Couple,
    Direction,
    EffectBase,
    FindingBase,
    Flag,
    Grounding,
    Id,
    Number,
    PValue,
    Strict,
    SupportBase,
    Text,
)
'''
_SCALAR = {
    Type.TEXT: "Text",
    Type.TERM: "Text",
    Type.ID: "Id",
    Type.COUNT: "Count",
    Type.NUMBER: "Number",
    Type.INTERVAL: "tuple[Number, Number]",
    Type.P_VALUE: "PValue",
    Type.FLAG: "Flag",
    Type.GROUNDING: "Grounding",
    Type.EFFECT: "Effect",
    Type.CONTRAST: "Contrast",
    Type.SUPPORT: "Support",
}
_LIST = {Type.TERMS: "Text", Type.TEXTS: "Text", Type.COUNTS: "Count", Type.PAIRS: "Before",
         Type.COUPLES: "Couple"}  # fmt: skip


def text() -> str:
    """The whole file."""
    parts = [_HEAD]
    for name, base, told, table in (
        ("Effect", "EffectBase", "A figure with its uncertainty, as printed.", fields.EFFECT),
        ("Contrast", "Strict", "What was set against what.", fields.CONTRAST),
        ("Support", "SupportBase", "Where the finding stands in its paper.", fields.SUPPORT),
    ):
        parts.append(_class(name, base, told, [_annotation(field) for field in table]))
    common = ["    theme: str", *(_annotation(field) for field in fields.COMMON if field.name != "theme")]
    parts.append(_class("Finding", "FindingBase", "What every finding has, counted or context.", common))
    for theme in fields.THEMES:
        parts.append(_theme(theme, counted=True))
        parts.append(_theme(theme, counted=False))
    for name, ending, what in (
        ("COUNTED", "Finding", "The type of a counted finding, by theme."),
        ("CONTEXT", "Context", "The type of a context finding, by theme."),
    ):
        listed = "".join(f'    "{t.name}": {t.name.title()}{ending},\n' for t in fields.THEMES)
        parts.append(f"# {what}\n{name}: dict[str, type[Finding]] = {{\n{listed}}}\n")
    return "\n\n".join(parts)


def _theme(theme: fields.Theme, *, counted: bool) -> str:
    own = [f for f in fields.COMMON if counted and f.counted]
    members = [f'    theme: Literal["{theme.name}"]']
    if counted:
        members += ["    role: None = None", *(_annotation(f, demanded=True) for f in own)]
        members += [_annotation(f, demanded=f.counted) for f in theme.fields]
        told = f"A counted finding on {theme.name}: {theme.proposition}"
    else:
        members += [f'    role: Literal["{fields.CONTEXT}"]', "    direction: None = None", "    reason: None = None"]
        members += [_annotation(f) for f in theme.fields]
        told = f"Background on {theme.name}, without a direction."
    return _class(f"{theme.name.title()}{'Finding' if counted else 'Context'}", "Finding", told, members)


def _class(name: str, base: str, told: str, members: list[str]) -> str:
    return f'class {name}({base}):\n    """{told}"""\n\n' + "\n".join(members) + "\n"


def _annotation(field: Field, *, demanded: bool = False) -> str:
    """`name: type = default` of one field."""
    must = field.required or demanded
    if field.name == "direction":
        return f"    direction: Direction{'' if must else ' | None = None'}"
    if field.type in _LIST or field.type is Type.WORDS:
        inner = _word(field) if field.type is Type.WORDS else _LIST[field.type]
        return f"    {field.name}: tuple[{inner}, ...] = " + ("Field(min_length=1)" if must else "()")
    if field.type is Type.POPULATIONS:
        populations = _literal(fields.POPULATIONS)
        return f"    {field.name}: dict[{populations}, {_word(field)}] = Field(default_factory=dict)"
    kind = _word(field) if field.type is Type.WORD else _SCALAR[field.type]
    if field.type is Type.FLAG:
        kind += " = False"
    elif not must:
        kind += " | None = " + (json.dumps(field.default) if field.default else "None")
    return f"    {field.name}: {kind}"


def _word(field: Field) -> str:
    return _literal(field.allowed)


def _literal(words: tuple[str, ...]) -> str:
    return f"Literal[{', '.join(json.dumps(word, ensure_ascii=False) for word in words)}]"
