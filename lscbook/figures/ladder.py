"""The ladder of targets: how far each came, what failed on the way, and what a regulator approved."""

from typing import Any

import altair as alt
import pandas as pd

from lscbook import addresses
from lscbook.evidence.fields import RUNGS
from lscbook.evidence.findings import TargetFinding
from lscbook.figures.charts import (
    AGAINST,
    EMPTY,
    INK,
    MUTED,
    SIDES,
    SUPPORTS,
    Figure,
    across,
    announced,
    both,
    browser,
    call,
    figure,
    ordered,
    pick,
    picked,
    spoken,
    whole,
)
from lscbook.figures.telling import cite
from lscbook.synthesis import claims, frames
from lscbook.synthesis.book import Book

APPROVED = "approved"
_LADDER = (*RUNGS, APPROVED)
_SHAPES = {frames.WORKED: "circle", frames.FAILED: "cross", frames.HARM: "circle", frames.UNDECIDED: "diamond"}
_ASIDE = {frames.WORKED: -10, frames.FAILED: 10, frames.HARM: 0, frames.UNDECIDED: 0}


def targets(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """A line for each target, from the lowest rung with a finding to the highest: worked, failed, harm, approved."""
    claims.hold(book.evidence, *conditions)
    frame = frames.targets(book.evidence, book.vocabulary)
    reach = frame.groupby("target")["rung"].agg(["min", "max", "size"])
    rows = sorted(reach.index, key=lambda t: (-reach["max"][t], -reach["size"][t], t))
    stem = set(frame[frame["stem"]]["target"])
    spots = frame.groupby(["target", "stage", "mark"]).agg(n=("reference", "size")).reset_index()
    spots = spots.rename(columns={"target": "row", "stage": "column"})
    alone = spots.groupby(["row", "column"])["mark"].transform("size") == 1
    spots["aside"] = [0 if one else _ASIDE[mark] for one, mark in zip(alone, spots["mark"], strict=True)]
    directions = {
        frames.WORKED: "supports", frames.FAILED: "does_not_support", frames.HARM: "does_not_support",
        frames.UNDECIDED: "inconclusive",
    }  # fmt: skip
    spots["url"] = [
        announced(
            browser(book.vocabulary, "target", target=r, stage=c, direction=directions[m]),
            spoken(f"{r}, {c}{' (harm)' if m == frames.HARM else ''}", **{SIDES[directions[m]]: n}),
        )
        for r, c, m, n in zip(spots["row"], spots["column"], spots["mark"], spots["n"], strict=True)
    ]
    lines = pd.DataFrame(
        {"row": rows, "from": [RUNGS[reach["min"][t]] for t in rows], "to": [RUNGS[reach["max"][t]] for t in rows]}
    )
    approved = pd.DataFrame({"row": sorted({a.target for a in book.approved}), "column": APPROVED})
    parts = {
        "Targets with evidence on stem cells": [t for t in rows if t in stem],
        "Targets without any curated evidence on stem cells": [t for t in rows if t not in stem],
    }

    def draw(*, narrow: bool) -> Any:
        drawn = [_swim(spots, lines, approved, name, names, narrow=narrow) for name, names in parts.items() if names]
        return alt.vconcat(*drawn, spacing=26)

    how = (
        "Each line runs from the earliest stage with a finding to the latest. Blue disc: it worked; orange cross: it "
        "did not; orange ring: harm; grey diamond: inconclusive; star: approved by a regulator for AML or MDS, as "
        f"read on its page. Larger marks: more findings. {EMPTY}"
    )
    return figure(draw, title, how, frame.drop(columns="rung"), call("targets", title), _moving(book, rows))


def _swim(
    spots: pd.DataFrame, lines: pd.DataFrame, approved: pd.DataFrame, name: str, names: list[str], *, narrow: bool
) -> Any:
    """One part of the ladder, a line a target."""
    y = ordered(names, limit=128 if narrow else 240, size=11 if narrow else 12)
    x = across(list(_LADDER), None, angle=-45 if narrow else 0, size=11)
    size = alt.Size("n:Q", scale=alt.Scale(domain=[1, 6], range=[50, 200], clamp=True), legend=None)
    spread = 0.62 if narrow else 1
    chosen = {key: part[part["row"].isin(names)] for key, part in (("s", spots), ("l", lines), ("a", approved))}
    layers = [
        alt.Chart(chosen["l"]).mark_rule(color=MUTED, strokeWidth=1.5, opacity=0.7).encode(
            y=y, x=alt.X("from:N", sort=list(_LADDER)), x2="to:N"
        )
    ]  # fmt: skip
    for mark, aside in ((kind, aside) for kind in _SHAPES for aside in sorted({0, _ASIDE[kind]})):
        some = alt.Chart(chosen["s"]).transform_filter(f"datum.mark == '{mark}' && datum.aside == {aside}")
        look: dict[str, Any] = {"filled": True, "color": SUPPORTS if mark == frames.WORKED else MUTED}
        if mark in {frames.FAILED, frames.HARM}:
            look = {"filled": mark == frames.FAILED, "color": AGAINST}
            look |= {"angle": 45} if mark == frames.FAILED else {"strokeWidth": 2.2}
        point = some.mark_point(shape=_SHAPES[mark], opacity=1, xOffset=aside * spread, **look)
        layers.append(point.encode(x=x, y=y, size=size, href="url:N"))
    star = alt.Chart(chosen["a"]).mark_text(text="★", color=SUPPORTS, fontSize=15)
    layers.append(star.encode(x=x, y=y))
    heading = alt.TitleParams(name, anchor="start", fontSize=12, fontWeight="bold", color=INK)
    return alt.layer(*layers).properties(width=alt.Step(29 if narrow else 74), height=alt.Step(22), title=heading)


def _moving(book: Book, rows: list[str]) -> Any:
    """The ladder to move in: a mark a finding, with its claim, filtered by class of target and study."""
    classes = {t.id: str(t.facts.get("class", "other")) for t in book.vocabulary.terms["targets"].values()}
    frame = pd.DataFrame(
        {
            "target": f.finding.target,
            "class": classes[f.finding.target],
            "stage": f.finding.stage,
            "study": f.finding.study,
            "direction": f.finding.stance,
            "claim": f.finding.claim,
            "source": cite(f.record),
            "url": whole(addresses.finding(f.reference)),
        }
        for f in book.evidence.of_type(TargetFinding)
    )
    axis = alt.Axis(title="Stage of testing", orient="top", labelAngle=0, grid=True)
    base = alt.Chart(frame).encode(
        x=alt.X("stage:N", sort=list(RUNGS), scale=alt.Scale(domain=list(RUNGS)), axis=axis),
        y=alt.Y("target:N", sort=rows, axis=alt.Axis(title=None, grid=True, labelLimit=260)),
        xOffset=alt.XOffset("place:O"),
        tooltip=["source:N", "claim:N", "study:N"],
        href="url:N",
    )
    base = base.transform_window(
        place="row_number()", groupby=["target", "stage"], sort=[alt.SortField("direction", order="descending")]
    )
    picks = {"class": pick(frame, "class", "Class of target"), "study": pick(frame, "study", "Study")}
    return both(picked(base, picks), picks, size=110).properties(width=620, height=alt.Step(22))
