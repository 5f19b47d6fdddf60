"""Forests: effect sizes with their intervals, of tests and of trials, turned to one side.

Pooled only where a cell of one test, time, end point and contrast has three independent cohorts (`synthesis.pooling`).
"""

from typing import Any

import altair as alt
import pandas as pd

from lscbook import addresses
from lscbook.figures.charts import BY_DIRECTION, INK, MUTED, Figure, announced, call, figure, marks, whole
from lscbook.figures.telling import WORD, cite
from lscbook.synthesis import claims, frames, pooling
from lscbook.synthesis.book import Book

DRAWN = 20  # lines of a panel: a figure that grew with the book would leave no room for the text


def tests(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Effect sizes of tests with their intervals: worse with a positive test stands to the right."""
    claims.hold(book.evidence, *conditions)
    frame = frames.effects_of_tests(book.evidence)
    turned = int(frame["turned"].sum())
    pooled = _pooled(book, frame)
    how = (
        f"{len(frame)} effect sizes, {_told(pooled)}; {_turned(turned)} so that worse stands right of 1. Blue disc: "
        "the test predicted the outcome; orange ring: it did not; half disc: inconclusive. Of a panel at most "
        f"{DRAWN} are drawn, those of the narrowest intervals; the table below the figure has all. Left out: indirect "
        "findings, and ratios per unit of a measure."
    )
    heads = {
        frames.TESTS["test"]: "better with a positive test ← 1 → worse with a positive test",
        frames.TESTS["trait"]: "better with it ← 1 → worse with it",
        frames.TESTS["before"]: "fewer with a clone ← 1 → more with a clone",
        frames.TESTS["acting"]: "better where it was acted on ← 1 → worse where it was",
    }
    return _forest(book, frame, title, how, heads, "tests", pooled)


def trials(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Effect sizes of trials that hit a target, with their intervals: better with the agent stands to the left."""
    claims.hold(book.evidence, *conditions)
    frame = frames.effects_of_trials(book.evidence)
    how = (
        f"{len(frame)} effect sizes of trials, none pooled; {_turned(int(frame['turned'].sum()))} so that better with "
        "the agent stands left of 1. Blue disc: the proposition is supported; orange ring: it is not; half disc: "
        "inconclusive."
    )
    head = "better with the agent ← 1 → worse with the agent"
    return _forest(book, frame, title, how, dict.fromkeys(frame["panel"], head), "trials")


def _pooled(book: Book, frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each cell that qualifies, beside its effects, turned as they are."""
    panel = dict(zip(frame["reference"], frame["panel"], strict=True))
    rows = []
    for answer in pooling.answers(book.evidence, frozenset(panel)):
        if (p := answer.shown) is None:
            continue
        rows.append(
            {
                "panel": panel[answer.used[0].reference], "label": f"Pooled: {answer.cell.name}", "value": p.estimate,
                "low": p.low, "high": p.high, "next_low": p.next_low, "next_high": p.next_high, "turned": answer.turned,
                "measure": answer.cell.measure, "comparison": answer.cell.contrast, "direction": "", "level": "",
                "printed": f"{p.number} cohorts, tau² {p.tau2:.2f}", "source": "", "reference": "",
                "shown": f"◆ {answer.cell.measure} {p.estimate:.2f} ({p.low:.2f}–{p.high:.2f}) · next cohort "
                f"{p.next_low:.2f}–{p.next_high:.2f} · {p.number} cohorts",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _told(pooled: pd.DataFrame) -> str:
    if pooled.empty:
        return "none pooled, because no test, time, end point and contrast has three independent cohorts"
    return "pooled where there are three independent cohorts (◆ with its interval; thin line: where the next would lie)"


def _turned(number: int) -> str:
    return f"{number} of them inverted" if number else "all as reported"


def _forest(
    book: Book,
    frame: pd.DataFrame,
    title: str,
    how: str,
    heads: dict[str, str],
    name: str,
    pooled: pd.DataFrame | None = None,
) -> Figure:
    """One panel above the other, a label above each line, so that a phone can show it."""
    frame["source"] = [cite(book.evidence.by_reference[r].record) for r in frame["reference"]]
    frame["url"] = [
        announced(
            whole(addresses.finding(line["reference"])),
            f"{line['label']}: {line['measure']} {line['value']:.2f}, interval {line['low']:.2f} to "
            f"{line['high']:.2f}, {WORD[line['direction']]}, {line['source']}",
        )
        for line in frame.to_dict("records")
    ]
    frame["line"] = [f"{i:03}" for i in range(len(frame))]
    frame["shown"] = [
        f"{m} {v:.2f} ({lo:.2f}–{hi:.2f}){' ↺' if t else ''} · {source}"
        for m, v, lo, hi, t, source in zip(
            frame["measure"], frame["value"], frame["low"], frame["high"], frame["turned"], frame["source"], strict=True
        )
    ]

    if pooled is not None and not pooled.empty:
        pooled["line"] = [f"p{i:03}" for i in range(len(pooled))]
        frame = pd.concat([frame, pooled], ignore_index=True)

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


def drawn(panel: pd.DataFrame) -> pd.DataFrame:
    """The lines of a panel that are drawn, in their order: what is pooled, and the narrowest intervals."""
    effects = panel[panel["direction"] != ""]
    width = (effects["high"] / effects["low"]).sort_values(kind="stable")
    return panel[panel.index.isin(width.index[:DRAWN]) | (panel["direction"] == "")]


def _panel(frame: pd.DataFrame, name: str, head: str, width: int) -> Any:
    if (number := int((frame["direction"] != "").sum())) > DRAWN:
        frame, name = drawn(frame), f"{name}: {DRAWN} of {number}"
    low, high = min(0.8, frame["low"].min() * 0.9), max(1.25, frame["high"].max() * 1.1)
    pooled, frame_ = frame[frame["direction"] == ""], frame[frame["direction"] != ""]
    scale = alt.Scale(type="log", nice=False, domain=[low, high], clamp=True)
    x = alt.X(
        "value:Q",
        scale=scale,
        axis=alt.Axis(title=head, grid=False, tickCount=5, format="~g", titleFontWeight="normal", orient="bottom"),
    )
    y = alt.Y("line:N", axis=None, sort=None)
    one = alt.X("one:Q", scale=scale)
    base = alt.Chart(frame).encode(y=y)
    size = alt.value(80)
    text: dict[str, Any] = {"align": "left", "baseline": "middle", "limit": width}
    heading = alt.TitleParams(name, anchor="start", fontSize=13, fontWeight="bold", color=INK)
    return alt.layer(
        # beside each line and not from top to bottom, where it would stand between the digits of a label
        base.transform_calculate(one="1").mark_tick(color=MUTED, thickness=1.5, size=22, yOffset=14).encode(x=one),
        base.mark_text(color=INK, fontSize=11.5, yOffset=-16, **text).encode(text="label:N", x=alt.value(0)),
        base.mark_text(color=MUTED, fontSize=10.5, yOffset=-2, **text).encode(text="shown:N", x=alt.value(0)),
        base.mark_rule(strokeWidth=2, yOffset=14).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", color=BY_DIRECTION,
        ),
        marks(frame_, size, 14, x=x, y=y),
        *(_diamonds(pooled, x, y, scale) if len(pooled) else ()),
    ).properties(width=width, height=alt.Step(52), title=heading)  # fmt: skip


def _diamonds(pooled: pd.DataFrame, x: Any, y: Any, scale: alt.Scale) -> list[Any]:
    """A diamond for each pooled effect, over the thin line of where the next cohort would lie."""
    base = alt.Chart(pooled)
    thin = base.mark_rule(color=INK, strokeWidth=1, strokeDash=[2, 2], yOffset=14, clip=True)
    return [
        thin.encode(y=y, x=alt.X("next_low:Q", scale=scale), x2="next_high:Q"),
        base.mark_rule(color=INK, strokeWidth=3, yOffset=14).encode(y=y, x=alt.X("low:Q", scale=scale), x2="high:Q"),
        base.mark_point(shape="diamond", filled=True, color=INK, size=130, opacity=1, yOffset=14).encode(x=x, y=y),
    ]
