"""The marks that every figure is made of, and a figure ready for a page.

Altair on aggregated data, published as SVG with a label, links and its data. The visual grammar is
that of *How to read this book*: a filled blue disc supports, a hollow vermilion ring speaks against,
a count stands inside.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import altair as alt
import pandas as pd
from lxml import etree
from markupsafe import Markup

from lscbook import addresses
from lscbook.figures import rendering
from lscbook.figures.html import environment
from lscbook.synthesis import counts
from lscbook.vocabulary import Vocabulary

# Ink that the style sheet knows and turns over in dark mode.
INK, MUTED, GRID, SUPPORTS, AGAINST = "#222222", "#5a5a5a", "#dddddd", "#0072b2", "#b84a00"
ROW, COLUMN, DISC = 30, 76, 330
FOR, NOT_FOR = "datum.direction == 'supports'", "datum.direction != 'supports'"
HERE = "https://book.invalid/"  # the renderer wants whole addresses; this part is taken off again
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
    data: pd.DataFrame
    call: str
    specification: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """An id made from the content, the same in each build."""
        return "fig-" + hashlib.sha256((self.title + self.svg).encode()).hexdigest()[:8]

    def _repr_html_(self) -> str:
        chart = json.dumps(self.specification, sort_keys=True).replace("<", "\\u003c") if self.specification else ""
        return (
            environment()
            .get_template("figure.html")
            .render(
                name=self.name,
                title=self.title,
                how_to_read=self.how_to_read,
                call=self.call,
                rows=len(self.data),
                # a picture that was parsed and written again, JSON without a tag in it, a table that pandas escapes
                svg=Markup(self.svg),  # noqa: S704
                chart=Markup(chart),  # noqa: S704
                table=Markup(self.data.to_html(index=False, border=0, escape=True, classes="figure-data")),  # noqa: S704
            )
        )


def matrix(
    vocabulary: Vocabulary,
    frame: pd.DataFrame,
    rows: list[str],
    columns: list[str],
    title: str,
    theme: str,
    filters: tuple[str, str],
    *,
    labels: bool = True,
    step: int = COLUMN,
    width: int | None = None,
    angle: int = 0,
) -> Any:
    """Discs of counts, supports left and against right in each cell, each a link to its findings.

    `filters` are those of the evidence browser for row and column ('' where a column has none).
    """
    cells = counts.count(frame)
    cells = cells[cells["row"].isin(rows) & cells["column"].isin(columns)]
    cells["url"] = [
        _cell(vocabulary, theme, filters, row, column, direction)
        for row, column, direction in zip(cells["row"], cells["column"], cells["direction"], strict=True)
    ]
    y = alt.Y(
        "row:N",
        sort=rows,
        scale=alt.Scale(domain=rows),
        axis=alt.Axis(title=None, labels=labels, ticks=False, domain=False, grid=True, labelLimit=260, labelPadding=8),
    )
    x = alt.X(
        "column:N",
        sort=columns,
        scale=alt.Scale(domain=columns),
        axis=alt.Axis(
            title=title,
            orient="top",
            labelAngle=angle,
            ticks=False,
            domain=False,
            grid=True,
            labelLimit=170,
            titlePadding=8,
            labelAlign="left" if angle else "center",
        ),
    )
    base = alt.Chart(cells).encode(x=x, y=y)
    linked = base.encode(href="url:N")
    size: dict[str, Any] = {"size": DISC, "opacity": 1}
    return alt.layer(
        linked.transform_filter(FOR).mark_point(filled=True, color=SUPPORTS, xOffset=-14, **size),
        base.transform_filter(FOR).mark_text(color="#ffffff", xOffset=-14, fontSize=12).encode(text="n:Q"),
        linked.transform_filter(NOT_FOR).mark_point(filled=False, color=AGAINST, strokeWidth=2.2, xOffset=14, **size),
        base.transform_filter(NOT_FOR).mark_text(color=AGAINST, xOffset=14, fontSize=12).encode(text="n:Q"),
    ).properties(width=width or alt.Step(step), height=alt.Step(ROW))


def _cell(vocabulary: Vocabulary, theme: str, filters: tuple[str, str], row: str, column: str, direction: str) -> str:
    """The browser's view of one cell; a row may be a gene among lesions or markers."""
    name, other = filters
    if name in {"lesion", "marker"} and row not in vocabulary.terms[f"{name}s"]:
        name = "gene"
    chosen = {"theme": theme, name: row, "direction": direction}
    if other and column != "therapy not told":
        chosen[other] = column
    return HERE + addresses.view(**chosen).removeprefix(addresses.UP)


def tiles(frame: pd.DataFrame, rows: list[str], columns: list[str], title: str) -> Any:
    """Words in tiles: the levels that findings tell of a marker on a population."""
    levels = frame.groupby(["row", "column"])["level"].agg(lambda s: " / ".join(sorted(set(s)))).reset_index()
    y = alt.Y(
        "row:N",
        sort=rows,
        scale=alt.Scale(domain=rows),
        axis=alt.Axis(title=None, labels=False, ticks=False, domain=False, grid=True),
    )
    x = alt.X(
        "column:N",
        sort=columns,
        scale=alt.Scale(domain=columns),
        axis=alt.Axis(title=title, orient="top", labelAngle=0, ticks=False, domain=False),
    )
    text = alt.Chart(levels).mark_text(color=INK, fontSize=11).encode(x=x, y=y, text="level:N")
    return text.properties(width=alt.Step(112), height=alt.Step(ROW))


_CONFIG = {
    "aria": False,
    "view": {"stroke": None},
    "background": None,
    "font": "sans-serif",
    "axis": {"labelColor": INK, "titleColor": INK, "gridColor": GRID, "labelFontSize": 12, "titleFontSize": 12},
    "title": {"color": INK},
}


def figure(chart: Any, title: str, how_to_read: str, data: pd.DataFrame, call: str, moving: Any = None) -> Figure:
    """A chart as a figure; `moving` is the chart to move in, where there is one."""
    svg = rendering.svg(_specification(chart))
    vega = rendering.vega(_specification(moving)) if moving is not None else None
    return Figure(title, how_to_read, accessible(svg, f"{title} {how_to_read}"), data, call, vega)


def _specification(chart: Any) -> dict[str, Any]:
    made: dict[str, Any] = chart.to_dict()
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
        target = str(link.get(_XLINK) or link.get("href")).removeprefix(HERE)
        link.attrib.clear()
        link.set("href", target if target.startswith("#") else addresses.UP + target)
        link.set("role", "link")
        link.set("aria-label", _told(target))
    return etree.tostring(root, encoding="unicode")


def _told(target: str) -> str:
    """What a link of a figure leads to, in words."""
    _, _, fragment = target.partition("#")
    if target.startswith("#"):
        return f"finding {fragment.removeprefix('f-')} in the table below"
    return "findings with " + ", ".join(f"{name} {value}" for name, value in parse_qsl(fragment))


def text_column(base: alt.Chart, name: str, title: str, width: int) -> Any:
    """A column of text beside a picture, on the same rows."""
    mark = base.mark_text(align="left", color=INK, fontSize=12).encode(text=f"{name}:N", x=alt.value(0))
    heading = alt.TitleParams(title, anchor="start", fontSize=12, fontWeight="bold", color=INK)
    return mark.properties(width=width, height=alt.Step(24), title=heading)


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
    ).add_params(*picks.values())
