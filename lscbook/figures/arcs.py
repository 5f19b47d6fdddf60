"""Arcs beside the rows of a chart: each joins two rows, on the right of the plot, with a mark that is a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Any

import altair as alt
import pandas as pd

from lscbook.figures.charts import AGAINST, MUTED, SUPPORTS

BENDS = 24  # straight pieces of an arc
GAP, LEAST = 8, 10  # dots from the plot to the ends of an arc, and from there to the top of a flat one


@dataclass(frozen=True)
class Arc:
    """Two rows by name, whole or dashed, contested or not, and where its mark leads (`charts.announced`)."""

    one: str
    other: str
    url: str
    dashed: bool
    contested: bool


def beside(rows: Sequence[str], arcs: Sequence[Arc], start: int, reach: int, step: int) -> Any:
    """The arcs as a layer over a chart whose rows stand `step` dots apart, from `start` on at most `reach` dots wide.

    The longer an arc, the wider it swings, so that one within another stays apart from it.
    """
    at = {row: (i + 0.5) * step for i, row in enumerate(rows)}
    longest = max(abs(at[a.one] - at[a.other]) for a in arcs)
    bends, tops = [], []
    for number, arc in enumerate(sorted(arcs, key=lambda a: (a.one, a.other, a.dashed))):
        high, low = sorted((at[arc.one], at[arc.other]))
        swing = LEAST + (reach - GAP - LEAST) * sqrt((low - high) / longest)
        middle, half, left = (high + low) / 2, (low - high) / 2, start + GAP
        for bend in range(BENDS + 1):
            turn = pi * bend / BENDS
            x, y = left + swing * sin(turn), middle - half * cos(turn)
            bends.append((number, bend, round(x, 2), round(y, 2), arc.dashed))
        tops.append((round(left + swing, 2), round(middle, 2), arc.url, arc.contested))
    lines = pd.DataFrame(bends, columns=["arc", "bend", "x", "y", "dashed"])
    ends = pd.DataFrame(tops, columns=["x", "y", "url", "contested"])
    x_, y_ = alt.X("x:Q", scale=None), alt.Y("y:Q", scale=None)
    line = alt.Chart(lines).encode(x=x_, y=y_, detail="arc:N", order="bend:Q")
    top = alt.Chart(ends).encode(x=x_, y=y_, href="url:N")
    return alt.layer(
        line.transform_filter("!datum.dashed").mark_line(color=MUTED, strokeWidth=1.5),
        line.transform_filter("datum.dashed").mark_line(color=MUTED, strokeWidth=1.5, strokeDash=[4, 3]),
        top.transform_filter("!datum.contested").mark_point(filled=True, color=SUPPORTS, size=70, opacity=1),
        top.transform_filter("datum.contested")
        .mark_point(filled=True, color="#ffffff", stroke=AGAINST, size=70, strokeWidth=2.2, opacity=1),
    )  # fmt: skip
