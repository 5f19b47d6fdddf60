"""The marks that every figure is made of, and a figure ready for a page.

Altair on aggregated data, published as SVG with a label, links and its data. The visual grammar is
that of *How to read this book*: a filled blue disc supports, a hollow vermilion ring speaks against, a half
disc tested and did not decide. Each figure is drawn twice, wide and for a phone.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode
from lxml import etree
from markupsafe import Markup

from lscbook import addresses
from lscbook.evidence.fields import DIRECTIONS
from lscbook.figures import place, rendering
from lscbook.figures.html import environment
from lscbook.vocabulary import Vocabulary

# Ink that the style sheet knows and turns over in dark mode.
INK, MUTED, GRID, SUPPORTS, AGAINST = "#222222", "#5a5a5a", "#dddddd", "#0072b2", "#b84a00"
FOR, NOT_FOR, HALF = (f"datum.direction == '{word}'" for word in DIRECTIONS)
# What every figure says of its marks, and of its empty places.
READ = "Filled blue disc: supports; hollow orange ring: against; half disc: inconclusive."
EMPTY = "An empty cell means that nothing has been curated, not that nothing is known."
_SAID = "~said~"  # between an address and what a screen reader says of the mark that leads there
HERE = "https://book.invalid/"  # the renderer wants whole addresses; this part is taken off again
BY_DIRECTION = alt.Color(
    "direction:N",
    legend=None,
    scale=alt.Scale(domain=[*DIRECTIONS, "mixed"], range=[SUPPORTS, AGAINST, MUTED, MUTED]),
)
SIDES = {"supports": "supports", "does_not_support": "against", "inconclusive": "undecided"}  # as `spoken` counts them
_FINDINGS = {
    "supports": "findings for", "does_not_support": "findings against", "inconclusive": "findings that do not decide",
}  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Figure:
    """A figure ready for a page: what it shows, how to read it, its picture and its data.

    `call` is the code that makes it again; `specification` is the Vega chart behind *Explore*, where
    moving and filtering helps a reader. The build takes picture, data and chart out of the page into
    files of their own (`lscbook/site/chart_files.py`).
    """

    title: str
    how_to_read: str
    svg: str
    narrow: str
    data: pd.DataFrame
    call: str
    specification: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """An id that says what it is, made from title and content, the same in each build; files are named after it."""
        said = addresses.slug(self.title)[:60].rpartition("-")[0]
        return f"fig-{said}-{hashlib.sha256((self.title + self.svg).encode()).hexdigest()[:8]}"

    def _repr_html_(self) -> str:
        at_site = place.of_site()
        chart = json.dumps(self.specification, sort_keys=True).replace("<", "\\u003c") if self.specification else ""
        return place.dressed(
            environment()
            .get_template("figure.html")
            .render(
                name=self.name,
                title=self.title,
                how_to_read=self.how_to_read,
                call=self.call,
                rows=len(self.data),
                # a picture that was parsed and written again, JSON without a tag in it, a table that pandas escapes
                at_site=at_site,
                svg=Markup(self.svg) if at_site else place.image(self.svg, self.title),  # noqa: S704
                narrow=Markup(self.narrow),  # noqa: S704
                chart=Markup(chart),  # noqa: S704
                table=Markup(self.data.to_html(index=False, border=0, escape=True, classes="figure-data")),  # noqa: S704
            )
        )


def ordered(names: list[str], *, labels: bool = True, grid: bool = True, limit: int = 260, size: int = 12) -> Any:
    """Rows from top to bottom, in the order given."""
    return alt.Y(
        "row:N",
        sort=names,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(
            title=None, labels=labels, ticks=False, domain=False, grid=grid, labelLimit=limit, labelPadding=6,
            labelFontSize=size,
        ),
    )  # fmt: skip


def across(names: list[str], title: str | None, *, angle: int = 0, grid: bool = True, size: int = 12) -> Any:
    """Columns from left to right, in the order given, named at the top."""
    return alt.X(
        "column:N",
        sort=names,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(
            title=title, orient="top", labelAngle=angle, ticks=False, domain=False, grid=grid, labelLimit=170,
            titlePadding=8, labelFontSize=size, labelAlign="left" if angle else "center",
        ),
    )  # fmt: skip


def apart(frame: pd.DataFrame, spread: int) -> pd.DataFrame:
    """The frame with how far each mark stands from the middle of its place: nothing where it stands alone."""
    sides = {"supports": -spread, "does_not_support": spread, "inconclusive": 0}
    alone = frame.groupby(["row", "column"])["direction"].transform("nunique") == 1
    return frame.assign(aside=[0 if one else sides[d] for one, d in zip(alone, frame["direction"], strict=True)])


def marks(frame: pd.DataFrame, size: Any, down: int = 0, **where: Any) -> Any:
    """Filled discs for, hollow rings against, half discs not decided, each a link to its findings.

    `aside` of the frame moves a mark along its row, `down` all of them below its middle.
    """
    layers = []
    for aside in sorted(set(frame.get("aside", [0]))):
        some = frame[frame["aside"] == aside] if "aside" in frame else frame
        base = alt.Chart(some).encode(href="url:N", **where)
        move: dict[str, Any] = {"xOffset": int(aside), "yOffset": down}
        layers += [
            base.transform_filter(FOR).mark_point(filled=True, color=SUPPORTS, opacity=1, **move).encode(size=size),
            base.transform_filter(NOT_FOR)
            .mark_point(filled=False, color=AGAINST, strokeWidth=2.2, opacity=1, **move)
            .encode(size=size),
            base.transform_filter(HALF).mark_text(color=MUTED, fontSize=15, text="◐", **move),
        ]
    return alt.layer(*layers)


def browser(vocabulary: Vocabulary, theme: str, **filters: str) -> str:
    """The evidence browser with the findings behind a mark; a row may be a gene among lesions or markers."""
    for name in ("lesion", "marker"):
        if name in filters and filters[name] not in vocabulary.terms[f"{name}s"]:
            filters["gene"] = filters.pop(name)
    return whole(addresses.view(theme=theme, **filters))


def whole(address: str) -> str:
    """An address as the renderer wants it; `accessible` makes it lead from the pages again."""
    return HERE + address.removeprefix(addresses.UP)


def announced(address: str, words: str) -> str:
    """A whole address with what a person would say of its mark; `accessible` makes it the label of the link."""
    return f"{address}{_SAID}{quote(words)}"


def spoken(about: str, supports: int = 0, against: int = 0, undecided: int = 0) -> str:
    """Counts of findings as a person says them.

    >>> spoken("RAS/MAPK under gilteritinib", 2, 1)
    '2 findings for, 1 against: RAS/MAPK under gilteritinib'
    """
    counts = [(n, word) for n, word in ((supports, "for"), (against, "against"), (undecided, "inconclusive")) if n]
    first, *rest = counts or [(0, "for")]
    said = [f"{first[0]} finding{'' if first[0] == 1 else 's'} {first[1]}", *(f"{n} {word}" for n, word in rest)]
    return f"{', '.join(said)}: {about}"


_CONFIG = {
    "aria": False,
    "view": {"stroke": None},
    "background": None,
    "font": "sans-serif",
    "axis": {"labelColor": INK, "titleColor": INK, "gridColor": GRID, "labelFontSize": 12, "titleFontSize": 12},
    "title": {"color": INK},
}


def figure(
    draw: Callable[..., Any], title: str, how_to_read: str, data: pd.DataFrame, call: str, moving: Any = None
) -> Figure:
    """A chart as a figure: `draw` draws it wide, or narrow for a phone; `moving` is the chart to move in, if any."""
    label = f"{title} {how_to_read}"
    # part by part is not checked: the renderer holds the whole chart against the schema, when it is first drawn
    with debug_mode(arg=False):
        drawn = [_specification(draw(narrow=is_narrow)) for is_narrow in (False, True)]
    wide, narrow = (accessible(rendering.svg(made), label) for made in drawn)
    vega = rendering.vega(_specification(moving)) if moving is not None else None
    return Figure(title, how_to_read, wide, narrow, data, call, vega)


def _specification(chart: Any) -> dict[str, Any]:
    made: dict[str, Any] = chart.to_dict(validate=False)
    made["config"] = {**made.get("config", {}), **_CONFIG}
    return made


def accessible(svg: str, label: str) -> str:
    """The picture as one labelled image for a screen reader, its links usable by keyboard."""
    root = etree.fromstring(svg.encode("utf-8"), etree.XMLParser(resolve_entities=False, no_network=True))
    links = list(root.iter(f"{_SVG}a"))
    for element in root.iter():
        for name in ("role", "aria-roledescription", "aria-label", "aria-hidden"):
            element.attrib.pop(name, "")
    root.set("role", "group" if links else "img")
    root.set("aria-label", label)
    for link in links:
        target, _, words = str(link.get(_XLINK) or link.get("href")).removeprefix(HERE).partition(_SAID)
        link.attrib.clear()
        link.set("href", target if target.startswith("#") else addresses.UP + target)
        link.set("role", "link")
        link.set("aria-label", unquote(words) or _told(target))
    return etree.tostring(root, encoding="unicode")


def _told(target: str) -> str:
    """What a link of a figure leads to, in words."""
    _, _, fragment = target.partition("#")
    if not fragment:
        return f"the page of {target.rpartition('/')[2].removesuffix('.html')}"
    if "=" not in fragment:
        return f"finding {fragment.removeprefix('f-')}, on the page of its paper"
    said = dict(parse_qsl(fragment))
    findings = _FINDINGS.get(said.pop("direction", ""), "findings")
    said.pop("theme")
    return f"{findings}: {', '.join(said.values())}"


def pick(frame: pd.DataFrame, column: str, label: str) -> alt.Parameter:
    """A choice among the values of a column, or every one."""
    values = sorted(set(frame[column]) - {""})
    bind = alt.binding_select(options=[None, *values], labels=["all", *values], name=f"{label} ")
    return alt.param(name=f"pick_{column}", value=None, bind=bind)


def picked(base: alt.Chart, picks: dict[str, alt.Parameter]) -> alt.Chart:
    """The chart, showing what the choices leave."""
    for column in picks:
        base = base.transform_filter(f"pick_{column} == null || datum['{column}'] == pick_{column}")
    return base


def both(base: alt.Chart, picks: dict[str, alt.Parameter], size: int) -> Any:
    """Discs and rings of one chart, by direction, and the choices above it."""
    return alt.layer(
        base.transform_filter(FOR).mark_point(filled=True, color=SUPPORTS, size=size, opacity=1),
        base.transform_filter(NOT_FOR).mark_point(filled=False, color=AGAINST, size=size, strokeWidth=2.2, opacity=1),
        base.transform_filter(HALF).mark_text(color=MUTED, fontSize=15, text="◐"),
    ).add_params(*picks.values())


def call(function: str, title: str) -> str:
    """The lines that make a figure again."""
    return (
        "from lscbook.figures import chapters\nfrom lscbook.synthesis.book import Book\n\n"
        f"chapters.{function}(Book.open(), {title!r})"
    )
