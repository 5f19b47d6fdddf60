"""The parts of which a finding is made, once read: texts, numbers, effects, contrasts, places in a paper."""

from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_serializer,
    model_validator,
)

from lscbook.evidence import fields, rules


class Strict(BaseModel):
    """An unknown key is an error; a model that is built is never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Direction(StrEnum):
    """For or against the proposition, or tested and not decided."""

    SUPPORTS = "supports"
    DOES_NOT_SUPPORT = "does_not_support"
    INCONCLUSIVE = "inconclusive"


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
Id = Annotated[str, AfterValidator(partial(rules.hold, "id"))]
PValue = Annotated[str, AfterValidator(partial(rules.hold, "p value"))]
Flag = Annotated[bool, BeforeValidator(_flag)]
Orcid = Annotated[str, AfterValidator(partial(rules.hold, "ORCID"))]
Day = Annotated[str, AfterValidator(partial(rules.hold, "date"))]
Pmid = Annotated[str, AfterValidator(partial(rules.hold, "PMID"))]
Doi = Annotated[str, AfterValidator(lambda value: rules.hold("DOI", value).lower())]


class EffectBase(Strict):
    """A figure with its uncertainty, digits kept as the paper prints them."""

    value: Number
    ci: tuple[Number, Number] | None = None

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

    sentences: tuple[Count, ...] = ()
    title: bool = False
    full_text: Text | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not (self.sentences or self.full_text or self.title):
            raise ValueError(rules.NO_PLACE)
        if len(set(self.sentences)) != len(self.sentences):
            raise ValueError(rules.SENTENCE_TWICE)
        return self


class Before(Strict):
    """One lesion acquired before another, in so many patients where that is told."""

    first: Text
    then: Text
    n: Count | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        if isinstance(value, list):
            if len(value) not in {2, 3}:
                raise ValueError(rules.NO_PAIR)
            return dict(zip(("first", "then", "n"), value, strict=False))
        if not isinstance(value, Before):
            raise ValueError(rules.NO_PAIR)  # noqa: TRY004  pydantic gathers no other
        return value

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.first == self.then:
            raise ValueError(rules.PAIR_OF_ONE.format(value=rules.quoted(self.first)))
        return self

    @model_serializer
    def _as_list(self) -> list[Any]:
        """As it is written: [earlier, later], with the number of patients where it is told."""
        return [self.first, self.then] + ([self.n] if self.n else [])

    def __str__(self) -> str:
        return f"{self.first} before {self.then}" + (f" ({self.n})" if self.n else "")

    @property
    def terms(self) -> tuple[str, str]:
        """The two lesions, the earlier first."""
        return self.first, self.then


class Couple(Strict):
    """Two lesions that exclude each other, in no order."""

    one: Text
    other: Text

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        if isinstance(value, list):
            if len(value) != 2:
                raise ValueError(rules.NO_COUPLE)
            return dict(zip(("one", "other"), value, strict=True))
        if not isinstance(value, Couple):
            raise ValueError(rules.NO_COUPLE)  # noqa: TRY004  pydantic gathers no other
        return value

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.one == self.other:
            raise ValueError(rules.COUPLE_OF_ONE.format(value=rules.quoted(self.one)))
        return self

    @model_serializer
    def _as_list(self) -> list[Any]:
        """As it is written: [one, other]."""
        return [self.one, self.other]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"

    @property
    def terms(self) -> tuple[str, str]:
        """The two lesions, as they are written."""
        return self.one, self.other


class FindingBase(Strict):
    """Rules that hold for a finding of any theme."""

    @model_validator(mode="after")
    def _unit_with_number(self) -> Self:
        if (getattr(self, "n", None) is None) != (getattr(self, "n_unit", None) is None):
            raise ValueError(rules.UNIT_WITH_NUMBER)
        return self

    @property
    def stance(self) -> str:
        """Its direction, or `context` where it has none and is counted nowhere."""
        direction: Direction | None = getattr(self, "direction", None)
        return direction.value if direction else fields.CONTEXT

    def told(self, field: str) -> Any:
        """What it says in a field, or None: a field that its theme has not, `getattr` seeks ten times as long."""
        return self.__dict__.get(field)
