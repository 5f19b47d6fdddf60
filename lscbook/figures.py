"""The figures: Altair on aggregated data, published as SVG with a label, links and their data.

The visual grammar is that of *How to read this book*: a filled blue disc supports, a hollow
vermilion ring speaks against, a count stands inside.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from lxml import etree

from lscbook import synthesis
from lscbook.addresses import anchor
from lscbook.evidence.fields import BY_THEME, POPULATIONS, RUNGS
from lscbook.evidence.store import Evidence
from lscbook.text import escape_html

# Ink that the style sheet knows and turns over in dark mode.
INK, MUTED, GRID, SUPPORTS, AGAINST = "#222222", "#5a5a5a", "#dddddd", "#0072b2", "#b84a00"
ROW, COLUMN, DISC = 30, 76, 330
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Figure:
    """A figure ready for a page: what it shows, how to read it, its picture and its data."""

    title: str
    how_to_read: str
    svg: str
    data: pd.DataFrame

    def _repr_html_(self) -> str:
        name = "fig-" + hashlib.sha256((self.title + self.svg).encode()).hexdigest()[:8]
        table = self.data.to_html(index=False, border=0, escape=True, classes="figure-data")
        return (
            f'<figure class="evidence-figure" aria-labelledby="{name}">'
            f'<figcaption id="{name}"><strong>{escape_html(self.title)}</strong>'
            f"<span>{escape_html(self.how_to_read)}</span></figcaption>"
            f'<div class="picture" tabindex="0" role="group" aria-label="Figure, scrolls sideways">'
            f"{self.svg}</div>"
            f"<details><summary>The figures of this picture as a table ({len(self.data)} rows)"
            f'</summary><div class="scroll" tabindex="0" role="group" aria-label="Table of the figure">'
            f"{table}</div></details></figure>"
        )


def evolution(evidence: Evidence, title: str) -> Figure:
    """Lesions by stage, and by the cell in which they were seen."""
    stage, cell = synthesis.evolution(evidence, "order"), synthesis.evolution(evidence, "cells")
    rows = synthesis.rows_by_evidence(pd.concat([stage, cell]), limit=22)
    stages = next(f for f in BY_THEME["evolution"].fields if f.name == "order").allowed
    seen = list(dict.fromkeys(cell["column"]))
    cells = next(f for f in BY_THEME["evolution"].fields if f.name == "cells").allowed
    chart = alt.hconcat(
        _matrix(stage, rows, list(stages), "When acquired"),
        _matrix(cell, rows, [c for c in cells if c in seen], "Cell in which it was seen", labels=False),
        spacing=24,
    )
    data = pd.concat([synthesis.count(stage), synthesis.count(cell)])
    shown = f"The {len(rows)} lesions with most findings of {stage['row'].nunique()}"
    return _figure(chart, title, f"{shown}. {_READ}", data)


def identity(evidence: Evidence, title: str) -> Figure:
    """Markers and signatures by population, with for and against."""
    levels, verdict = synthesis.identity_expression(evidence), synthesis.identity_direction(evidence)
    rows = synthesis.rows_by_evidence(verdict)
    columns = [p for p in POPULATIONS if p in set(levels["column"])]
    chart = alt.hconcat(
        _matrix(verdict, rows, ["tells LSCs apart"], "Verdict", width=110),
        _tiles(levels, rows, columns, "Level by population, where told"),
        spacing=24,
    )
    data = pd.concat([synthesis.count(verdict), levels.drop(columns="reference")]).drop_duplicates()
    how = f"{len(rows)} markers, genes and signatures. {_READ} A tile says the level found."
    return _figure(chart, title, how, data.fillna(""))


def resistance(evidence: Evidence, title: str) -> Figure:
    """Mechanism by therapy."""
    frame = synthesis.resistance(evidence)
    columns = synthesis.rows_by_evidence(frame.rename(columns={"row": "column", "column": "row"}))
    columns = [c for c in columns if c != "therapy not told"]
    columns += ["therapy not told"] if "therapy not told" in set(frame["column"]) else []
    chart = _matrix(frame, synthesis.rows_by_evidence(frame), columns, "Therapy survived", angle=-45, step=58)
    return _figure(chart, title, _READ, synthesis.count(frame))


def targets(evidence: Evidence, title: str) -> Figure:
    """Each target on the ladder from expression to approval, failures on the same rungs."""
    frame = synthesis.targets(evidence)
    reach = {row: max(RUNGS.index(c) for c in part["column"]) for row, part in frame.groupby("row")}
    weight = synthesis.rows_by_evidence(frame)
    rows = sorted(weight, key=lambda row: (-reach[row], weight.index(row)))
    chart = _matrix(frame, rows, list(RUNGS), "Rung of the ladder")
    how = f"{len(rows)} targets, those tested furthest first. {_READ}"
    return _figure(chart, title, how, synthesis.count(frame))


_READ = (
    "A filled blue disc counts findings that support, a hollow orange ring findings against. "
    "An empty cell means that nothing is curated, not that nothing is known."
)


def forest(evidence: Evidence, title: str) -> Figure:
    """Effect sizes with confidence intervals, by assay and time point."""
    frame = synthesis.forest(evidence)
    papers = {f.reference: f for f in evidence.findings}
    frame["source"] = [f"{papers[r].record.first_author} {papers[r].record.year}" for r in frame["reference"]]
    frame["label"] = [
        f"{a} · {t} · {e}" for a, t, e in zip(frame["assay"], frame["time_point"], frame["end_point"], strict=True)
    ]
    frame["figures"] = [
        f"{m} {v:g} ({lo:g}–{hi:g})"
        for m, v, lo, hi in zip(frame["measure"], frame["value"], frame["low"], frame["high"], strict=True)
    ]
    frame["line"] = [f"{i:03}" for i in range(len(frame))]
    frame["url"] = [_link(r) for r in frame["reference"]]
    y = alt.Y("line:N", axis=None, sort=None)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(type="log", nice=False, domain=_domain(frame)),
        axis=alt.Axis(title="ratio with its confidence interval, logarithmic", grid=True, tickCount=8, format="~g"),
    )
    base = alt.Chart(frame).encode(y=y)
    one = alt.Chart(pd.DataFrame({"one": [1.0]})).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x="one:Q")
    color = alt.Color(
        "direction:N", legend=None, scale=alt.Scale(domain=["supports", "does_not_support"], range=[SUPPORTS, AGAINST])
    )
    picture = alt.layer(
        one,
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", color=color).transform_calculate(value="datum.low"),
        base.transform_filter("datum.direction == 'supports'")
        .mark_point(filled=True, size=90, color=SUPPORTS, opacity=1)
        .encode(x=x, href="url:N"),
        base.transform_filter("datum.direction != 'supports'")
        .mark_point(filled=False, size=90, strokeWidth=2.4, color=AGAINST, opacity=1)
        .encode(x=x, href="url:N"),
    ).properties(width=300, height=alt.Step(24))
    left = _column(base, "label", "Assay · time · end point", 400)
    chart = alt.hconcat(
        left, picture, _column(base, "figures", "Effect", 130), _column(base, "source", "Source", 130), spacing=6
    )
    how = (
        f"{len(frame)} effect sizes as printed in their papers, none pooled. Right of 1: more events with a "
        "positive test, or as the table says. Filled blue: the assay foretold; hollow orange: it did not."
    )
    shown = ["assay", "time_point", "end_point", "figures", "comparison", "direction", "source", "reference"]
    return _figure(chart, title, how, frame[shown])


def _domain(frame: pd.DataFrame) -> list[float]:
    if frame.empty:
        return [0.1, 10.0]
    return [min(0.9, frame["low"].min() * 0.9), max(1.1, frame["high"].max() * 1.1)]


def _column(base: alt.Chart, name: str, title: str, width: int) -> Any:
    mark = base.mark_text(align="left", color=INK, fontSize=12).encode(text=f"{name}:N", x=alt.value(0))
    heading = alt.TitleParams(title, anchor="start", fontSize=12, fontWeight="bold", color=INK)
    return mark.properties(width=width, height=alt.Step(24), title=heading)


def _link(reference: str) -> str:
    """Where a mark leads: the finding's row in the table of the same page."""
    return "#" + anchor(reference)


def _matrix(
    frame: pd.DataFrame,
    rows: list[str],
    columns: list[str],
    title: str,
    *,
    labels: bool = True,
    step: int = COLUMN,
    width: int | None = None,
    angle: int = 0,
) -> Any:
    """Discs of counts, supports left and against right in each cell."""
    counts = synthesis.count(frame)
    counts = counts[counts["row"].isin(rows) & counts["column"].isin(columns)]
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
    base = alt.Chart(counts).encode(x=x, y=y)
    size: dict[str, Any] = {"size": DISC, "opacity": 1}
    for_, against = "datum.direction == 'supports'", "datum.direction != 'supports'"
    return alt.layer(
        base.transform_filter(for_).mark_point(filled=True, color=SUPPORTS, xOffset=-14, **size),
        base.transform_filter(for_).mark_text(color="#ffffff", xOffset=-14, fontSize=12).encode(text="n:Q"),
        base.transform_filter(against).mark_point(filled=False, color=AGAINST, strokeWidth=2.2, xOffset=14, **size),
        base.transform_filter(against).mark_text(color=AGAINST, xOffset=14, fontSize=12).encode(text="n:Q"),
    ).properties(width=width or alt.Step(step), height=alt.Step(ROW))


def _tiles(frame: pd.DataFrame, rows: list[str], columns: list[str], title: str) -> Any:
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


def _figure(chart: Any, title: str, how_to_read: str, data: pd.DataFrame) -> Figure:
    config = {
        "aria": False,
        "view": {"stroke": None},
        "background": None,
        "font": "sans-serif",
        "axis": {"labelColor": INK, "titleColor": INK, "gridColor": GRID, "labelFontSize": 12, "titleFontSize": 12},
        "title": {"color": INK},
    }
    specification = chart.to_dict()
    specification["config"] = {**specification.get("config", {}), **config}
    svg = vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])
    return Figure(title, how_to_read, accessible(svg, f"{title} {how_to_read}"), data)


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
        # the renderer completes an address that is on the page itself; take that back
        target = "#" + str(link.get(_XLINK) or link.get("href")).rpartition("#")[2]
        link.attrib.clear()
        link.set("href", target)
        link.set("role", "link")
        link.set("aria-label", f"finding {target.removeprefix('#f-')} in the table below")
    return etree.tostring(root, encoding="unicode")
