"""Entries on disk: read one file with every problem located, or all of them for the book."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from lscbook import corpus as corpora
from lscbook import paths
from lscbook.corpus import Corpus
from lscbook.errors import EntryInvalid, YamlRefused
from lscbook.evidence import fields, model, rules, yaml_text
from lscbook.evidence.model import Finding
from lscbook.files import text_of
from lscbook.pubmed.record import Record
from lscbook.text import printable
from lscbook.yaml_nodes import Node


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, where it is, and how to mend it."""

    path: str
    line: int
    field: str
    found: str
    remedy: str
    severity: str = "error"
    code: str = "schema"  # which rule: yaml, schema, markup, vocabulary, consistency, paper, form, duplicate, grounding

    def __str__(self) -> str:
        """`path:line: field: what was found; how to mend it`."""
        return f"{self.path}:{self.line}: {self.field}: {self.found}; {self.remedy}"


@dataclass(frozen=True)
class Parsed:
    """A file as read: the entry where it could be made, its nodes for line numbers, its problems."""

    path: Path
    node: Node | None
    entry: model.Entry | None
    problems: list[Problem] = field(default_factory=list)

    def problem(self, where: tuple[str | int, ...], found: str, remedy: str, severity: str = "error") -> Problem:
        """A problem at a place of this file."""
        line = self.node.at(where).line if self.node else 1
        return Problem(shown(self.path), line, name_of(where), printable(found), printable(remedy), severity)

    def said(self, where: tuple[str | int, ...], message: str, hint: str = "", severity: str = "error") -> Problem:
        """A problem from a message of `rules`: `what was found; how to mend it`, or else the hint."""
        found, remedy = rules.parted(message)
        return self.problem(where, found, remedy or hint, severity)


F = TypeVar("F", bound=Finding)
F_co = TypeVar("F_co", bound=Finding, covariant=True)


@dataclass(frozen=True)
class LocatedIn(Generic[F_co]):
    """A finding of one type with its entry and its paper."""

    finding: F_co
    entry: model.Entry
    record: Record

    @property
    def reference(self) -> str:
        """`22932223/2`: what citations and links use."""
        return f"{self.entry.key}/{self.finding.id}"


Located = LocatedIn[Finding]


@dataclass(frozen=True)
class Evidence:
    """All entries, with their records."""

    entries: dict[str, model.Entry]
    records: dict[str, Record]

    @cached_property
    def findings(self) -> list[Located]:
        """Every finding, counted or context, by paper and number."""
        return [
            Located(finding, entry, self.records[key])
            for key, entry in sorted(self.entries.items())
            for finding in entry.findings
        ]

    @cached_property
    def by_reference(self) -> dict[str, Located]:
        """Every finding by its reference."""
        return {located.reference: located for located in self.findings}

    @cached_property
    def counted(self) -> list[Located]:
        """The findings that have a direction: what every figure and every for and against is made of."""
        return [located for located in self.findings if located.finding.role is None]

    @cached_property
    def days(self) -> dict[str, str]:
        """The day on which each paper was entered, by PMID, or by DOI while that is pending."""
        return {self.records[key].key: entry.added for key, entry in self.entries.items()}

    def of_theme(self, theme: str) -> list[Located]:
        """The counted findings of one theme."""
        return [located for located in self.counted if located.finding.theme == theme]

    def context_of(self, theme: str) -> list[Located]:
        """The background on one theme, which is counted nowhere."""
        return [located for located in self.findings if located.finding.role and located.finding.theme == theme]

    def of_type(self, kind: type[F]) -> list[LocatedIn[F]]:
        """The findings of one type, as `TargetFinding`: typed, so that a field that it lacks is an error of types."""
        return of_type(self.findings, kind)


def of_type(findings: Iterable[Located], kind: type[F]) -> list[LocatedIn[F]]:
    """Those of one type, in the order given."""
    return [LocatedIn(f.finding, f.entry, f.record) for f in findings if isinstance(f.finding, kind)]


def shown(path: Path) -> str:
    """The path from the root of the repository, where it is inside; nothing in it acts on a terminal."""
    # as named: a link is not followed, least of all in a circle
    absolute = Path(os.path.abspath(path))  # noqa: PTH100
    inside = absolute.is_relative_to(paths.ROOT)
    return printable(str(absolute.relative_to(paths.ROOT) if inside else path))


def name_of(where: tuple[str | int, ...]) -> str:
    """`findings[0].effect.value`, as `findings.1.effect.value`: numbered as people count.

    >>> name_of(("findings", 0, "claim"))
    'findings[1].claim'
    """
    name = ""
    for step in where:
        name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
    return name or "file"


def file_name(record: Record) -> str:
    """`<first-author>-<year>-<pmid>.yaml`; a paper without PMID ends in its DOI.

    >>> file_name(Record(pmid="1", title="", date="2014"))
    'unknown-2014-1.yaml'
    """
    author = ascii_words(record.first_author)[:60].strip("-")  # a disk takes 255 bytes
    parts = (author or "unknown", record.year or "undated", ascii_words(record.key)[:160].strip("-"))
    return "-".join(parts) + ".yaml"


def ascii_words(text: str) -> str:
    """ASCII words joined by hyphens.

    >>> ascii_words("Quintás-Cardama"), ascii_words("10.1038/nature10738")
    ('quintas-cardama', '10-1038-nature10738')
    """
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", flat).strip("-")


def parse(path: Path) -> Parsed:
    """Read one file and hold it against the model."""
    try:
        node = yaml_text.read_file(path)
    except YamlRefused as error:
        problem = Problem(shown(path), error.line, "file", error.found, error.remedy, code="yaml")
        return Parsed(path, None, None, [problem])
    except OSError as error:
        return Parsed(path, None, None, [Problem(shown(path), 1, "file", str(error), "check the path")])
    return parse_node(path, node)


def parse_node(path: Path, node: Node) -> Parsed:
    """Hold a document that was read against the model."""
    parsed = Parsed(path, node, None)
    plain = node.plain()
    if not isinstance(plain, dict):
        parsed.problems.append(parsed.problem((), "not a mapping", "start from `make new`"))
        return parsed
    findings = plain.get("findings")
    made = []
    if isinstance(findings, list):
        if len(findings) > rules.FINDINGS:
            message = rules.TOO_MANY_FINDINGS.format(number=len(findings), most=rules.FINDINGS)
            parsed.problems.append(parsed.said(("findings",), message))
            return parsed
        for number, raw in enumerate(findings):
            made.append(_finding(parsed, number, raw))
        # one that was refused stands for itself: only where none was written is the list too short
        plain = {**plain, "findings": [m for m in made if m is not None] or [None] * bool(made)}
    try:
        entry = model.Entry.model_validate(plain)
    except ValidationError as error:
        # a finding that could not be made has told its own faults
        problems = (p for p in _problems(parsed, (), error, fields.ENTRY) if not p.field.startswith("findings["))
        parsed.problems.extend(problems)
        return parsed
    if parsed.problems:
        return parsed
    return Parsed(path, node, entry)


def _finding(parsed: Parsed, number: int, raw: Any) -> model.Finding | None:
    where = ("findings", number)
    if not isinstance(raw, dict):
        parsed.problems.append(parsed.problem(where, "not a mapping", "write `- id: …` and its fields"))
        return None
    theme = raw.get("theme")
    if not isinstance(theme, str) or theme not in fields.BY_THEME:
        found = f"{rules.quoted(theme)} is no theme" if theme else "no theme"
        message = rules.NO_THEME.format(value=found, allowed=", ".join(fields.BY_THEME))
        parsed.problems.append(parsed.said((*where, "theme"), message))
        return None
    try:
        return model.model_of(theme, raw.get("role")).model_validate(raw)
    except ValidationError as error:
        parsed.problems.extend(_problems(parsed, where, error, fields.fields_of(theme)))
        return None


def _problems(
    parsed: Parsed, where: tuple[str | int, ...], error: ValidationError, table: tuple[fields.Field, ...]
) -> Iterator[Problem]:
    for item in error.errors(include_url=False):
        place = (*where, *(step for step in item["loc"] if not _is_machinery(step)))
        known = _innermost(table, item["loc"])
        if item["type"] == "none_required" and known and known.name == "role":
            yield parsed.said(place, rules.NO_WORD.format(value=rules.quoted(item["input"]), allowed=fields.CONTEXT))
        elif item["type"] == "none_required":
            yield parsed.said(place, rules.OF_CONTEXT)
        elif item["type"] == "missing":
            yield parsed.said(place, rules.MISSING.format(help=known.hint if known else "see CONTRIBUTING.md"))
        elif item["type"] == "too_short" and item["input"]:
            continue  # each of its items was refused, and says so itself
        elif item["type"] == "too_short":
            yield parsed.said(place, rules.EMPTY.format(help=known.hint if known else "see CONTRIBUTING.md"))
        elif item["type"] == "extra_forbidden":
            here = fields.NESTED.get(known.type, table) if known else table
            yield parsed.problem(place, "no such field", f"allowed are {', '.join(f.name for f in here)}")
        elif item["type"] in {"literal_error", "enum"}:
            allowed = ", ".join(known.allowed) if known and known.allowed else item["ctx"]["expected"]
            yield parsed.said(place, rules.NO_WORD.format(value=rules.quoted(item["input"]), allowed=allowed))
        elif item["type"] == "value_error":
            hint = known.help if known else "see CONTRIBUTING.md"
            yield parsed.said(place, item["msg"].removeprefix("Value error, "), hint)
        else:
            yield parsed.problem(place, *_otherwise(item))


# What pydantic says in words of its own, said in ours: what was found, what to write.
_WORDING = {
    "string_type": ("{value} where one text is wanted", "write one text, in quotes where it holds a sign"),
    "tuple_type": ("{value} where a list is wanted", "write it in brackets, as [one, another]"),
    "dict_type": ("{value} where a mapping is wanted", "write it in braces, as {{name: value}}"),
    "number": ("{value} where a number is wanted", "write digits with a full stop, as 1.9"),
    "bool_type": ("{value} where true or false is wanted", "write true, or leave the field out"),
    "too_long": ("more items than the field takes", "write as many as CONTRIBUTING.md says"),
    "string_pattern_mismatch": (
        "{value} is not what the tool writes",
        "delete it, and run: python scripts/curate.py ground",
    ),
}
_ALIKE = {
    "list_type": "tuple_type", "model_type": "dict_type", "model_attributes_type": "dict_type", "int_type": "number",
    "int_parsing": "number", "int_from_float": "number", "int_parsing_size": "number", "decimal_type": "number",
    "decimal_parsing": "number", "bool_parsing": "bool_type", "string_too_long": "too_long",
}  # fmt: skip


def _otherwise(item: Any) -> tuple[str, str]:
    """A fault of form, as a list where a text is wanted."""
    kind = _ALIKE.get(item["type"], item["type"])
    found, remedy = _WORDING.get(kind, ("{value} is not what this field takes", "see CONTRIBUTING.md"))
    return found.format(value=rules.quoted(item["input"])), remedy.format()


def _innermost(table: tuple[fields.Field, ...], steps: tuple[str | int, ...]) -> fields.Field | None:
    """The field that a place leads to, `effect.value` as well as `claim`."""
    known = None
    for step in steps:
        inner = next((field for field in table if field.name == step), None)
        if inner:
            known, table = inner, fields.NESTED.get(inner.type, ())
    return known


def _is_machinery(step: str | int) -> bool:
    """Steps that pydantic puts into a place and that no file has."""
    return isinstance(step, str) and ("[" in step or step in {"function-after", "decimal", "tuple"})


# a PMID or DOI however it is written: with quotes, in an address, in capitals
_KEY = re.compile(
    r"""^[ \t]{0,3}["']?(?:pmid["']?[ \t]*:[^0-9\n#]*([1-9][0-9]{0,8})\b"""
    r"""|doi["']?[ \t]*:[^\n#]*?\b(10\.[0-9.]+/[^\s"'#]+))""",
    re.MULTILINE | re.IGNORECASE,
)


def keys(folder: Path = paths.EVIDENCE) -> frozenset[str]:
    """The PMIDs and DOIs of all entries, also of one with a fault elsewhere: a typing error withdraws no paper."""
    found = set()
    for path in sorted(folder.glob("*.yaml")):
        named = _KEY.findall(text_of(path))
        found |= {pmid or doi.lower() for pmid, doi in named}
        stated = re.search(r"-([1-9][0-9]{0,8})\.yaml$", path.name)
        if stated and not any(doi for _, doi in named):  # a DOI may end in a number too
            found.add(stated[1])
    return frozenset(found)


def read(folder: Path = paths.EVIDENCE, corpus: Corpus | None = None) -> Evidence:
    """All entries, for the book.

    Raises:
        EntryInvalid: a file does not fit the model, or its paper is not in the corpus.
    """
    known = corpus or corpora.read()
    entries: dict[str, model.Entry] = {}
    records: dict[str, Record] = {}
    for path in sorted(folder.glob("*.yaml")):
        parsed = parse(path)
        if parsed.entry is None:
            raise EntryInvalid("\n".join(map(str, parsed.problems)))
        entry = parsed.entry
        record = known.find(entry.key)
        if record is None:
            raise EntryInvalid(
                str(
                    parsed.problem(("pmid",), f"{entry.key} is not in the corpus", "harvest or import the record first")
                )
            )
        if entry.key in entries:
            raise EntryInvalid(str(parsed.problem(("pmid",), "the same paper twice", "keep one file")))
        entries[entry.key], records[entry.key] = entry, record
    return Evidence(entries, records)
