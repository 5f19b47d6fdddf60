"""Forests: effect sizes with their intervals, of tests and of trials, turned to one side and never pooled."""

from typing import Any

import altair as alt
import pandas as pd

from lscbook import addresses
from lscbook.figures.charts import AGAINST, HERE, INK, MUTED, SUPPORTS, Figure, call, figure, marks
from lscbook.figures.telling import cite
from lscbook.synthesis import claims, frames
from lscbook.synthesis.book import Book


def tests(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Effect sizes of tests with their intervals: worse with a positive test stands to the right."""
    claims.hold(book.evidence, *conditions)
    frame = frames.effects_of_tests(book.evidence)
    turned = int(frame["turned"].sum())
    how = (
        f"{len(frame)} effect sizes, none pooled; {_turned(turned)} so that worse stands right of 1. Blue disc: the "
        "test foretold; orange ring: it did not; half disc: not decided. Left out: indirect findings, and ratios per "
        "step of a measure, which stand in the table."
    )
    heads = {
        frames.TESTS["test"]: "better with a positive test ← 1 → worse with a positive test",
        frames.TESTS["before"]: "fewer with a clone ← 1 → more with a clone",
        frames.TESTS["acting"]: "better where it was acted on ← 1 → worse where it was",
    }
    return _forest(book, frame, title, how, heads, "tests")


def trials(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Effect sizes of trials that hit a target, with their intervals: better with the agent stands to the left."""
    claims.hold(book.evidence, *conditions)
    frame = frames.effects_of_trials(book.evidence)
    how = (
        f"{len(frame)} effect sizes of trials, none pooled; {_turned(int(frame['turned'].sum()))} so that better with "
        "the agent stands left of 1. Blue disc: the proposition is supported; orange ring: it is not; half disc: not "
        "decided."
    )
    head = "better with the agent ← 1 → worse with the agent"
    return _forest(book, frame, title, how, dict.fromkeys(frame["panel"], head), "trials")


def _turned(number: int) -> str:
    return f"{number} of them turned" if number else "all as printed"


def _forest(book: Book, frame: pd.DataFrame, title: str, how: str, heads: dict[str, str], name: str) -> Figure:
    """One panel above the other, a label above each line, so that a phone can show it."""
    frame["source"] = [cite(book.by_reference[r].record) for r in frame["reference"]]
    frame["url"] = [HERE + addresses.finding(r).removeprefix(addresses.UP) for r in frame["reference"]]
    frame["line"] = [f"{i:03}" for i in range(len(frame))]
    frame["shown"] = [
        f"{m} {v:.2f} ({lo:.2f}–{hi:.2f}){' ↺' if t else ''} · {source}"
        for m, v, lo, hi, t, source in zip(
            frame["measure"], frame["value"], frame["low"], frame["high"], frame["turned"], frame["source"], strict=True
        )
    ]

    def draw(*, narrow: bool) -> Any:
        panels = [
            _panel(frame[frame["panel"] == panel], panel, head, 336 if narrow else 640)
            for panel, head in heads.items()
            if panel in set(frame["panel"])
        ]
        return alt.vconcat(*panels, spacing=28)

    columns = ["panel", "label", "comparison", "printed", "turned", "value", "low", "high", "direction", "level"]
    data = frame[[*columns, "source", "reference"]].round({"value": 3, "low": 3, "high": 3})
    return figure(draw, title, how, data, call(name, title))


def _panel(frame: pd.DataFrame, name: str, head: str, width: int) -> Any:
    low, high = min(0.8, frame["low"].min() * 0.9), max(1.25, frame["high"].max() * 1.1)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(type="log", nice=False, domain=[low, high], clamp=True),
        axis=alt.Axis(title=head, grid=False, tickCount=5, format="~g", titleFontWeight="normal", orient="bottom"),
    )
    y = alt.Y("line:N", axis=None, sort=None)
    base = alt.Chart(frame).encode(y=y)
    colour = alt.Color(
        "direction:N",
        legend=None,
        scale=alt.Scale(
            domain=["supports", "does_not_support", "inconclusive"], range=[SUPPORTS, AGAINST, MUTED]
        ),
    )  # fmt: skip
    size = alt.value(80)
    text: dict[str, Any] = {"align": "left", "baseline": "middle", "limit": width}
    heading = alt.TitleParams(name, anchor="start", fontSize=13, fontWeight="bold", color=INK)
    return alt.layer(
        alt.Chart(pd.DataFrame({"one": [1.0]})).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x="one:Q"),
        base.mark_text(color=INK, fontSize=11.5, yOffset=-16, **text).encode(text="label:N", x=alt.value(0)),
        base.mark_text(color=MUTED, fontSize=10.5, yOffset=-2, **text).encode(text="shown:N", x=alt.value(0)),
        base.mark_rule(strokeWidth=2, yOffset=14).encode(
            x=alt.X("low:Q", scale=alt.Scale(type="log", nice=False, domain=[low, high], clamp=True)), x2="high:Q",
            color=colour,
        ),
        marks(frame, size, 14, x=x, y=y),
    ).properties(width=width, height=alt.Step(52), title=heading)  # fmt: skip
