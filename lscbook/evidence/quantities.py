"""What a figure counts or measures: units, which of them are alike, and one quantity in two units."""

import re
from dataclasses import dataclass
from decimal import Decimal

_PEOPLE = (
    r"patients?|cases?|people|persons?|adults?|children|individuals|participants|subjects|women|men|donors?|recipients|"
    r"responders|carriers|survivors"
)
# Names of units by how they are written after a figure; longest first where one begins another.
_UNITS: tuple[tuple[str, str], ...] = (
    ("%", r"%|per ?cent\b|percentage points?\b|pct\b"),
    ("fold", r"fold\b|times (?:as|more|higher|lower|that|the)\b"),
    ("hour", r"hours?\b|hrs?\b|h\b(?![-+])"),
    ("day", r"days?\b|d\b(?=[,.;) ]|$)"),
    ("week", r"weeks?\b|wks?\b"),
    ("month", r"months?\b|mos?\b"),
    ("year", r"years?\b|yrs?\b"),
    ("ng", r"ng\b|nanograms?\b"),
    ("µg", r"[µμ]g\b|ug\b|mcg\b|micrograms?\b"),
    ("mg", r"mg\b|milligrams?\b"),
    ("kg", r"kg\b"),
    ("g", r"g\b(?=/| of| per|[,.;)]|$)|grams?\b"),
    ("µl", r"[µμ]l\b|ul\b|mm\^3|microlit(?:re|er)s?\b"),
    ("ml", r"ml\b"),
    ("nM", r"nm\b"),
    ("µM", r"[µμ]m\b|um\b"),
    ("mM", r"mm\b(?!\^)"),
    ("cGy", r"cgy\b"),
    ("Gy", r"gy\b"),
    ("people", rf"(?:{_PEOPLE})\b"),
    ("animals", r"(?:mice|mouse|rats?|animals|monkeys|macaques)\b"),
)
_UNIT = re.compile(r"[- ]{0,2}(?:" + "|".join(f"(?P<u{i}>{pattern})" for i, (_, pattern) in enumerate(_UNITS)) + ")")
# A noun may stand behind words that say which: "43 evaluable AML patients".
_THINGS = re.compile(
    r" (?:(?!(?:in|for|with|on|after|of|from|and|or|to|vs|versus|among|at|as|by|per|who|were|was|had|the|than)\b)"
    rf"[a-z][\w+/-]* ){{1,3}}(?:(?P<people>{_PEOPLE})|(?P<animals>mice|rats|animals|monkeys|macaques))\b"
)
# What may stand between figures of one list, which share a unit.
LIST = re.compile(
    r"(?:[\s,;()\[\]/±~-]|and|or|to|of|out of|in|vs?\.?|versus|against|compared with|ci|range|iqr|respectively)*"
)

COUNTED = ("people", "animals")
_INTERVAL = re.compile(r" ?[(\[][^()\[\]]{1,36}[)\]]")

_SIZES = {
    "hour": ("hours", 1), "day": ("hours", 24), "week": ("hours", 168), "month": ("months", 1), "year": ("months", 12),
    "ng": ("mass", 1), "µg": ("mass", 10**3), "mg": ("mass", 10**6), "g": ("mass", 10**9), "kg": ("mass", 10**12),
    "µl": ("volume", 1), "ml": ("volume", 10**3), "nM": ("molar", 1), "µM": ("molar", 10**3), "mM": ("molar", 10**6),
    "cGy": ("dose", 1), "Gy": ("dose", 100),
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A value in a unit."""

    value: Decimal
    unit: str


def unit(flat: str, end: int) -> str:
    """What the figure that ends at `end` counts or measures, or '' where the text does not say.

    >>> unit("6.4 months", 3), unit("18-month", 2), unit("43 evaluable AML patients".lower(), 2), unit("2 of them", 1)
    ('month', 'month', 'people', '')
    >>> unit("8.8 (6.9-9.9) months", 3)
    'month'
    """
    near = flat[end : end + 60]
    if match := _UNIT.match(near):
        return _named(match)
    if (bracket := _INTERVAL.match(near)) and (match := _UNIT.match(near, bracket.end())):
        return _named(match) if _named(match) in _SIZES else ""
    if match := _THINGS.match(near):
        return "people" if match["people"] else "animals"
    return ""


def _named(match: re.Match[str]) -> str:
    return next(name for i, (name, _) in enumerate(_UNITS) if match[f"u{i}"] is not None)


def alike(one: str, other: str) -> bool:
    """Whether two figures of these units can be the same; where one does not say, they can."""
    return not one or not other or one == other


def elsewise(value: Decimal, name: str) -> list[Quantity]:
    """The same quantity in the other units of its kind: 24 months are 2 years.

    >>> elsewise(Decimal(24), "month")
    [Quantity(value=Decimal('2'), unit='year')]
    """
    if name not in _SIZES or not value.is_finite():
        return []
    kind, size = _SIZES[name]
    others = [(other, s) for other, (k, s) in _SIZES.items() if k == kind and other != name]
    return [Quantity((value * size / s).normalize(), other) for other, s in others]
