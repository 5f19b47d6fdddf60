"""What an entry is, once read: pydantic models made from the table in `fields`."""

from decimal import Decimal
from enum import StrEnum
from functools import partial
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

from lscbook.evidence import fields, rules
from lscbook.evidence.fields import Type


class Strict(BaseModel):
    """An unknown key is an error; a model that is built is never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Direction(StrEnum):
    """For or against the proposition of the theme."""

    SUPPORTS = "supports"
    DOES_NOT_SUPPORT = "does_not_support"


def _text(value: str) -> str:
    return " ".join(rules.hold("text", value).split())


def _number(value: Any) -> Any:
    return rules.hold("number", value).replace("−", "-") if isinstance(value, str) else value


def _count(value: Any) -> Any:
    return rules.hold("count", value) if isinstance(value, str) else value


def _flag(value: Any) -> Any:
    return rules.hold("flag", value) if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_text)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Count = Annotated[int, BeforeValidator(_count)]
PValue = Annotated[str, AfterValidator(partial(rules.hold, "p value"))]
Orcid = Annotated[str, AfterValidator(partial(rules.hold, "ORCID"))]
Day = Annotated[str, AfterValidator(partial(rules.hold, "date"))]
Pmid = Annotated[str, AfterValidator(partial(rules.hold, "PMID"))]
Doi = Annotated[str, AfterValidator(lambda value: rules.hold("DOI", value).lower())]


class EffectBase(Strict):
    """A figure with its uncertainty, digits kept as the paper prints them."""

    value: Number
    ci: tuple[Number, Number] | None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ci and not self.ci[0] <= self.value <= self.ci[1]:
            raise ValueError(rules.OUTSIDE.format(value=self.value, low=self.ci[0], high=self.ci[1]))
        return self


class Grounding(Strict):
    """What `curate.py ground` computed from `support`; never typed by hand."""

    abstract: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    spans: tuple[tuple[int, int], ...]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    by: Annotated[str, Field(pattern=r"^[a-z]+-[0-9.]+\+[0-9]+$")] | None = None  # who split; older ones do not say


class SupportBase(Strict):
    """Where the finding stands in its paper."""

    sentences: tuple[Count, ...]
    title: bool
    full_text: Text | None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not (self.sentences or self.full_text or self.title):
            raise ValueError(rules.NO_PLACE)
        if len(set(self.sentences)) != len(self.sentences):
            raise ValueError(rules.SENTENCE_TWICE)
        return self


class FindingBase(Strict):
    """Rules that hold for a finding of any theme."""

    @model_validator(mode="after")
    def _unit_with_number(self) -> Self:
        if (getattr(self, "n", None) is None) != (getattr(self, "n_unit", None) is None):
            raise ValueError(rules.UNIT_WITH_NUMBER)
        return self


_MANY = {Type.WORDS, Type.TERMS, Type.TEXTS, Type.COUNTS}
_TYPES: dict[Type, Any] = {
    Type.TEXT: Text,
    Type.TERM: Text,
    Type.TERMS: tuple[Text, ...],
    Type.TEXTS: tuple[Text, ...],
    Type.COUNT: Count,
    Type.ID: Annotated[str, AfterValidator(partial(rules.hold, "id"))],
    Type.COUNTS: tuple[Count, ...],
    Type.NUMBER: Number,
    Type.INTERVAL: tuple[Number, Number],
    Type.P_VALUE: PValue,
    Type.FLAG: Annotated[bool, BeforeValidator(_flag)],
    Type.GROUNDING: Grounding,
}


def _python_type(field: fields.Field) -> Any:
    word = Literal.__getitem__(field.allowed)
    words: dict[Type, Any] = {
        Type.WORD: word,
        Type.WORDS: tuple.__class_getitem__((word, ...)),
        Type.POPULATIONS: dict.__class_getitem__((Literal[fields.POPULATIONS], word)),
    }
    return words.get(field.type) or _TYPES[field.type]


def _members(table: tuple[fields.Field, ...]) -> dict[str, Any]:
    """Annotation and default of each field of a table, as pydantic takes them."""
    members: dict[str, Any] = {}
    for field in table:
        kind = _python_type(field)
        if field.required:
            members[field.name] = (Annotated[kind, Field(min_length=1)] if field.type in _MANY else kind, ...)
        elif field.type in _MANY:
            members[field.name] = (kind, ())
        elif field.type is Type.POPULATIONS:
            members[field.name] = (kind, Field(default_factory=dict))
        elif field.type is Type.FLAG:
            members[field.name] = (kind, False)
        else:
            members[field.name] = (kind | None, field.default or None)
    return members


Effect = create_model("Effect", __base__=EffectBase, **_members(fields.EFFECT))
Support = create_model("Support", __base__=SupportBase, **_members(fields.SUPPORT))
_TYPES |= {Type.EFFECT: Effect, Type.SUPPORT: Support}


def _model(theme: fields.Theme) -> type[FindingBase]:
    members = _members(fields.fields_of(theme.name))
    members |= {"theme": (Literal[theme.name], ...), "direction": (Direction, ...)}
    return create_model(f"{theme.name.title()}Finding", __base__=FindingBase, **members)


MODELS: dict[str, type[FindingBase]] = {theme.name: _model(theme) for theme in fields.THEMES}


class Entry(Strict):
    """One paper, as one file of `data/evidence` tells it."""

    pmid: Annotated[Pmid | None, Field(default=None)]
    doi: Annotated[Doi | None, Field(default=None)]
    read: Literal["abstract", "full text"]
    curators: Annotated[tuple[Orcid, ...], Field(default=())]
    reviewers: Annotated[tuple[Orcid, ...], Field(default=())]
    added: Day
    findings: Annotated[tuple[Any, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_identity(self) -> Self:
        if (self.pmid is None) == (self.doi is None):
            raise ValueError(rules.ONE_IDENTITY)
        if both := set(self.curators) & set(self.reviewers):
            raise ValueError(rules.OWN_READER.format(who=", ".join(sorted(both))))
        return self

    @property
    def key(self) -> str:
        """PMID, or DOI while no PMID is known."""
        return self.pmid or str(self.doi)
