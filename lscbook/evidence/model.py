"""What an entry is, once read: pydantic models made from the table in `fields`."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)

from lscbook.evidence import fields
from lscbook.evidence.fields import Type

_NUMBER = re.compile(r"[-−]?\d+(\.\d+)?(e[-+]?\d+)?")
_P_VALUE = re.compile(r"(<=|>=|[<>=≤≥])?\s?0?\.\d+|(<=|>=|[<>=≤≥])?\s?[01](\.0+)?|(<)?\s?\d(\.\d+)?e-\d+")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class Strict(BaseModel):
    """An unknown key is an error; a model that is built is never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Direction(StrEnum):
    """For or against the proposition of the theme."""

    SUPPORTS = "supports"
    DOES_NOT_SUPPORT = "does_not_support"


# What no plain text needs, and what a page or a spreadsheet could take for more than text. `p<0.05`,
# `t(8;21)(q22;q22)`, `-7` and `[95% CI 1-2]` are none of these.
_MARKUP = (
    (re.compile(r"<[a-zA-Z/!?][^<]*>?"), "HTML"),
    (re.compile(r"(?i)\b(javascript|vbscript|data|file)\s*:\s*\S"), "a link that runs or reads something"),
    (re.compile(r"\{[\w:.+-]+\}\s*`|`|^\s*:::|^\s*---\s*$"), "MyST markup"),
    (re.compile(r"!?\[[^\]]*\]\s*\("), "a Markdown link"),
    (re.compile(r"\{\{|\{%|\$\{"), "a template"),
    (re.compile(r"^\s*[=@]|^\s*[+-]\s*[A-Za-z]+\s*\(|\bcmd\s*\|"), "a spreadsheet formula"),
)


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("empty; write it or leave the field out")
    for pattern, what in _MARKUP:
        if found := pattern.search(value):
            raise ValueError(f"{what}: {found.group()[:40]!r}; write plain words, links and markup have no place here")
    return " ".join(value.split())


def _number(value: Any) -> Any:
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError(f"{value!r} is not a number; write digits with a full stop, as 1.9")
    return value.replace("−", "-") if isinstance(value, str) else value


def _p_value(value: str) -> str:
    if not _P_VALUE.fullmatch(value):
        raise ValueError(f"{value!r} is not a p value; write 0.003 or <0.001")
    return value


def _orcid(value: str) -> str:
    """An ORCID id with its ISO 7064 check digit."""
    if not _ORCID.fullmatch(value):
        raise ValueError(f"{value!r} is not an ORCID id; write 0000-0002-1825-0097")
    digits = value.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        raise ValueError(f"{value!r} has a wrong check digit; copy it from your ORCID page")
    return value


def _date(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError(f"{value!r} is not a date; write YYYY-MM-DD")
    return value


def _pmid(value: str) -> str:
    if re.fullmatch(r"PMC\d+", value, re.IGNORECASE):
        raise ValueError(
            f"{value!r} is a PMC id, the number of a full text in PubMed Central; the PMID is "
            "another number, shown on the same page beside 'PMID:'"
        )
    if not re.fullmatch(r"[1-9]\d{0,8}", value):
        raise ValueError(f"{value!r} is not a PMID; write its digits only")
    return value


def _doi(value: str) -> str:
    if not re.fullmatch(r"10\.\d{4,9}/[^\s\"'<>`{}|\\^]+", value):
        raise ValueError(f"{value!r} is not a DOI; write it from '10.' on, without https://doi.org/")
    return value.lower()


Text = Annotated[str, AfterValidator(_text)]
Number = Annotated[Decimal, BeforeValidator(_number)]


class Effect(Strict):
    """A figure with its uncertainty, digits kept as the paper prints them."""

    measure: Literal[
        "HR", "OR", "RR", "SHR", "rate difference", "median difference", "percent", "ratio", "AUC", "other"
    ]
    value: Number
    ci: Annotated[tuple[Number, Number] | None, Field(default=None)]
    ci_level: Annotated[Literal["80", "90", "95", "99"], Field(default="95")]
    p: Annotated[Annotated[str, AfterValidator(_p_value)] | None, Field(default=None)]
    unit: Annotated[Text | None, Field(default=None)]
    comparison: Annotated[Text | None, Field(default=None)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ci and not self.ci[0] <= self.value <= self.ci[1]:
            raise ValueError(f"value {self.value} is outside its interval {self.ci[0]}–{self.ci[1]}")
        return self


class Grounding(Strict):
    """What `curate.py ground` computed from `support`; never typed by hand."""

    abstract: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    spans: tuple[tuple[int, int], ...]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Support(Strict):
    """Where the finding stands in its paper."""

    sentences: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(default=())]
    title: Annotated[bool, Field(default=False)]
    full_text: Annotated[Text | None, Field(default=None)]
    grounding: Annotated[Grounding | None, Field(default=None)]

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not (self.sentences or self.full_text or self.title):
            raise ValueError("says no place; give sentences: [numbers] or full_text: page, figure or table")
        if len(set(self.sentences)) != len(self.sentences):
            raise ValueError("names a sentence twice")
        return self


class FindingBase(Strict):
    """Rules that hold for a finding of any theme."""

    @model_validator(mode="after")
    def _unit_with_number(self) -> Self:
        if (getattr(self, "n", None) is None) != (getattr(self, "n_unit", None) is None):
            raise ValueError("n and n_unit stand together; give both or neither")
        return self


def _one_of(words: tuple[str, ...]) -> Any:
    return Literal[words]


def _python_type(field: fields.Field) -> Any:
    word = _one_of(field.allowed) if field.allowed else Text
    kinds: dict[Type, Any] = {
        Type.TEXT: Text,
        Type.WORD: word,
        Type.WORDS: tuple.__class_getitem__((word, ...)),
        Type.TERM: Text,
        Type.TERMS: tuple[Text, ...],
        Type.TEXTS: tuple[Text, ...],
        Type.INTEGER: Annotated[int, Field(ge=1)],
        Type.EFFECT: Effect,
        Type.SUPPORT: Support,
        Type.POPULATIONS: dict.__class_getitem__((_one_of(fields.POPULATIONS), word)),
    }
    return kinds[field.type]


_MANY = {Type.WORDS, Type.TERMS, Type.TEXTS}


def _model(theme: fields.Theme) -> type[FindingBase]:
    members: dict[str, Any] = {}
    for field in fields.fields_of(theme.name):
        kind = _python_type(field)
        if field.name == "theme":
            members["theme"] = (Literal[theme.name], ...)
        elif field.name == "direction":
            members["direction"] = (Direction, ...)
        elif field.required:
            least = Field(min_length=1) if field.type in _MANY else Field()
            members[field.name] = (Annotated[kind, least], ...)
        elif field.type in _MANY:
            members[field.name] = (kind, ())
        elif field.type is Type.POPULATIONS:
            members[field.name] = (kind, Field(default_factory=dict))
        else:
            members[field.name] = (kind | None, None)
    return create_model(f"{theme.name.title()}Finding", __base__=FindingBase, **members)


MODELS: dict[str, type[FindingBase]] = {theme.name: _model(theme) for theme in fields.THEMES}


class Entry(Strict):
    """One paper, as one file of `data/evidence` tells it."""

    pmid: Annotated[Annotated[str, AfterValidator(_pmid)] | None, Field(default=None)]
    doi: Annotated[Annotated[str, AfterValidator(_doi)] | None, Field(default=None)]
    read: Literal["abstract", "full text"]
    curators: Annotated[tuple[Annotated[str, AfterValidator(_orcid)], ...], Field(default=())]
    reviewers: Annotated[tuple[Annotated[str, AfterValidator(_orcid)], ...], Field(default=())]
    added: Annotated[str, AfterValidator(_date)]
    findings: Annotated[tuple[Any, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_identity(self) -> Self:
        if (self.pmid is None) == (self.doi is None):
            raise ValueError("give pmid, or doi where no PMID is known yet, and not both")
        if both := set(self.curators) & set(self.reviewers):
            raise ValueError(f"{', '.join(sorted(both))} is curator and reviewer; a second reader is another person")
        return self

    @property
    def key(self) -> str:
        """PMID, or DOI while no PMID is known."""
        return self.pmid or str(self.doi)
