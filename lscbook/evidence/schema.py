"""The JSON Schema of an entry, made from the table of fields and the rules for texts.

It describes a file as our YAML reader gives it: every scalar is a string. What it cannot say
(vocabulary, check digits, a value within its interval, grounding) `scripts/check.py` says.
"""

import json
from typing import Any

from lscbook import paths
from lscbook.evidence import fields, rules
from lscbook.evidence.fields import Field, Type

# Major: a file that fitted no longer fits; minor: a new field or word; patch: wording.
SCHEMA_VERSION = "3.1.0"
FILE = paths.DATA / "schema" / "entry.schema.json"

_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
_PAIR = {"type": "array", "minItems": 2, "maxItems": 2}


def _text(kind: str) -> dict[str, Any]:
    """A string that keeps the rules of its kind."""
    whole = [{"pattern": f"^(?:{rule.pattern})$"} for rule in rules.RULES[kind] if not rule.refused]
    refused = [{"not": {"pattern": rule.pattern}} for rule in rules.RULES[kind] if rule.refused]
    return {"type": "string", "allOf": whole + refused}


def _ref(kind: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{kind}"}


def _many(kind: dict[str, Any], field: Field) -> dict[str, Any]:
    return {"type": "array", "items": kind, **({"minItems": 1} if field.required else {})}


def _kind(field: Field) -> dict[str, Any]:
    """What a field takes."""
    text, word = _ref("text"), {"enum": list(field.allowed)}
    kinds: dict[Type, dict[str, Any]] = {
        Type.TEXT: text,
        Type.WORD: word,
        Type.WORDS: _many(word, field),
        Type.TERM: text,
        Type.TERMS: _many(text, field),
        Type.TEXTS: _many(text, field),
        Type.COUNT: _ref("count"),
        Type.COUNTS: _many(_ref("count"), field) | {"uniqueItems": True},
        Type.ORCIDS: _many(_ref("ORCID"), field),
        Type.INTERVAL: _PAIR | {"items": _ref("number")},
        Type.PAIRS: _many({"type": "array", "minItems": 2, "maxItems": 3,
                           "prefixItems": [text, text, _ref("count")]}, field),
        Type.COUPLES: _many(_PAIR | {"items": text}, field),
        Type.POPULATIONS: {"type": "object", "propertyNames": {"enum": list(fields.POPULATIONS)},
                           "additionalProperties": word},
    }  # fmt: skip
    return kinds.get(field.type) or _ref(field.type.value)


def _property(field: Field) -> dict[str, Any]:
    made = {"description": field.help, **_kind(field)}
    if field.vocabularies:
        made["x-vocabulary"] = [f"data/vocabulary/{kind}.yaml" for kind in field.vocabularies]
    return made | ({"default": field.default} if field.default else {})


def _object(table: tuple[Field, ...], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in table if field.required],
        "properties": {field.name: _property(field) for field in table},
        **more,
    }


def _finding(theme: fields.Theme) -> dict[str, Any]:
    table = fields.fields_of(theme.name)
    made = _object(table, title=theme.proposition, dependentRequired={"n": ["n_unit"], "n_unit": ["n"]})
    # what is counted has a direction and the fields of its proposition; context has none
    made["if"] = {"required": ["role"]}
    made["then"] = {"properties": {"direction": False, "reason": False}}
    made["else"] = {
        "required": [field.name for field in table if field.counted],
        "if": {"properties": {"direction": {"const": "does_not_support"}}, "required": ["direction"]},
        "then": {"required": ["reason"]},
        "else": {"properties": {"reason": False}},
    }
    made["properties"]["theme"] = {"const": theme.name}
    return made


def make() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12)."""
    kinds = ("text", "id", "number", "p value", "count", "flag", "ORCID", "date", "PMID", "DOI")
    themes = {f"{theme.name} finding": _finding(theme) for theme in fields.THEMES}
    chosen = [
        {"if": {"properties": {"theme": {"const": name}}, "required": ["theme"]}, "then": _ref(f"{name} finding")}
        for name in fields.BY_THEME
    ]
    says = {"sentences": {"minItems": 1}, "title": {"const": "true"}, "full_text": {}}
    somewhere = [{"required": [name], "properties": {name: rule}} for name, rule in says.items()]
    entry = _object(fields.ENTRY)
    entry["required"] = [*entry["required"], "findings"]
    entry["properties"]["findings"] = {"type": "array", "minItems": 1, "items": _ref("finding")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:lsc-evidence-book:entry:{SCHEMA_VERSION}",
        "title": "One paper of the LSC Evidence Book, every scalar read as a string",
        "schema_version": SCHEMA_VERSION,
        **entry,
        "oneOf": [{"required": ["pmid"]}, {"required": ["doi"]}],
        "$defs": {
            **{kind: _text(kind) for kind in kinds},
            **themes,
            "finding": {
                "type": "object",
                "required": ["theme"],
                "properties": {"theme": {"enum": list(fields.BY_THEME)}},
                "allOf": chosen,
            },
            "effect": _object(fields.EFFECT),
            "contrast": _object(fields.CONTRAST),
            "support": _object(fields.SUPPORT, anyOf=somewhere),
            "grounding": {
                "type": "object",
                "additionalProperties": False,
                "required": ["abstract", "spans", "sha256"],
                "properties": {
                    "abstract": _DIGEST,
                    "spans": {"type": "array", "items": _PAIR | {"items": {"type": "string", "pattern": "^[0-9]+$"}}},
                    "sha256": _DIGEST,
                    "by": {"type": "string", "pattern": r"^[a-z]+-[0-9.]+\+[0-9]+$"},
                },
            },
        },
    }


def text() -> str:
    """The schema as the file holds it: sorted keys, two spaces."""
    return json.dumps(make(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
