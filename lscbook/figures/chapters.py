"""The five figures of the chapters: each says its answer in its title, which the chapter gives."""

from typing import Any

import altair as alt
import pandas as pd

from lscbook import addresses
from lscbook.evidence.fields import BY_THEME, POPULATIONS, RUNGS
from lscbook.figures.charts import (
    AGAINST,
    FOR,
    HERE,
    INK,
    MUTED,
    NOT_FOR,
    SUPPORTS,
    Figure,
    both,
    figure,
    matrix,
    pick,
    picked,
    text_column,
    tiles,
)
from lscbook.figures.telling import cite
from lscbook.synthesis import counts
from lscbook.synthesis.book import Book


def evolution(book: Book, title: str) -> Figure:
    """Lesions by stage, and by the cell in which they were seen."""
    stage, cell = counts.evolution(book.evidence, "order"), counts.evolution(book.evidence, "cells")
    rows = counts.rows_by_evidence(pd.concat([stage, cell]), limit=22)
    stages = next(f for f in BY_THEME["evolution"].fields if f.name == "order").allowed
    seen = list(dict.fromkeys(cell["column"]))
    cells = next(f for f in BY_THEME["evolution"].fields if f.name == "cells").allowed
    chart = alt.hconcat(
        matrix(book.vocabulary, stage, rows, list(stages), "When acquired", "evolution", ("lesion", "order")),
        matrix(
            book.vocabulary,
            cell,
            rows,
            [c for c in cells if c in seen],
            "Cell in which it was seen",
            "evolution",
            ("lesion", "cell"),
            labels=False,
        ),
        spacing=24,
    )
    data = pd.concat([counts.count(stage), counts.count(cell)])
    shown = f"The {len(rows)} lesions with most findings of {stage['row'].nunique()}"
    return figure(chart, title, f"{shown}. {READ}", data, _call("evolution", title))


def identity(book: Book, title: str) -> Figure:
    """Markers and signatures by population, with for and against."""
    levels, verdict = counts.identity_expression(book.evidence), counts.identity_direction(book.evidence)
    rows = counts.rows_by_evidence(verdict)
    columns = [p for p in POPULATIONS if p in set(levels["column"])]
    chart = alt.hconcat(
        matrix(book.vocabulary, verdict, rows, ["tells LSCs apart"], "Verdict", "identity", ("marker", ""), width=110),
        tiles(levels, rows, columns, "Level by population, where told"),
        spacing=24,
    )
    data = pd.concat([counts.count(verdict), levels.drop(columns="reference")]).drop_duplicates()
    how = f"{len(rows)} markers, genes and signatures. {READ} A tile says the level found."
    return figure(chart, title, how, data.astype(object).fillna(""), _call("identity", title))


def resistance(book: Book, title: str) -> Figure:
    """Mechanism by therapy."""
    frame = counts.resistance(book.evidence)
    columns = counts.rows_by_evidence(frame.rename(columns={"row": "column", "column": "row"}))
    columns = [c for c in columns if c != "therapy not told"]
    columns += ["therapy not told"] if "therapy not told" in set(frame["column"]) else []
    rows = counts.rows_by_evidence(frame)
    chart = matrix(
        book.vocabulary,
        frame,
        rows,
        columns,
        "Therapy survived",
        "resistance",
        ("mechanism", "therapy"),
        angle=-45,
        step=58,
    )
    return figure(chart, title, READ, counts.count(frame), _call("resistance", title))


def targets(book: Book, title: str) -> Figure:
    """Each target on the ladder from expression to approval, failures on the same rungs."""
    frame = counts.targets(book.evidence)
    reach = {row: max(RUNGS.index(c) for c in part["column"]) for row, part in frame.groupby("row")}
    weight = counts.rows_by_evidence(frame)
    rows = sorted(weight, key=lambda row: (-reach[row], weight.index(row)))
    chart = matrix(book.vocabulary, frame, rows, list(RUNGS), "Rung of the ladder", "target", ("target", "stage"))
    how = f"{len(rows)} targets, those tested furthest first. {READ}"
    return figure(chart, title, how, counts.count(frame), _call("targets", title), _ladder(book, rows))


def _ladder(book: Book, rows: list[str]) -> Any:
    """The ladder to move in: a mark a finding, with its claim, filtered by class of target and study."""
    classes = {t.id: str(t.facts.get("class", "other")) for t in book.vocabulary.terms["targets"].values()}
    frame = pd.DataFrame(
        {
            "target": f.finding.target,
            "class": classes[f.finding.target],
            "stage": f.finding.stage,
            "study": f.finding.study,
            "direction": counts.direction_of(f),
            "claim": f.finding.claim,
            "source": cite(f.record),
            "url": HERE + addresses.finding(f.reference).removeprefix(addresses.UP),
        }
        for f in book.evidence.of_theme("target")
    )
    base = alt.Chart(frame).encode(
        x=alt.X("stage:N", sort=list(RUNGS), scale=alt.Scale(domain=list(RUNGS)), axis=_AXIS),
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


_AXIS = alt.Axis(title="Rung of the ladder", orient="top", labelAngle=0, grid=True)


READ = (
    "A filled blue disc counts findings that support, a hollow orange ring findings against. "
    "An empty cell means that nothing is curated, not that nothing is known."
)


def forest(book: Book, title: str) -> Figure:
    """Effect sizes with confidence intervals, by assay and time point."""
    frame = counts.forest(book.evidence)
    papers = {f.reference: f for f in book.evidence.findings}
    frame["source"] = [f"{papers[r].record.first_author} {papers[r].record.year}" for r in frame["reference"]]
    frame["label"] = [
        f"{a} · {t} · {e}" for a, t, e in zip(frame["assay"], frame["time_point"], frame["end_point"], strict=True)
    ]
    frame["figures"] = [
        f"{m} {v:g} ({lo:g}–{hi:g})"
        for m, v, lo, hi in zip(frame["measure"], frame["value"], frame["low"], frame["high"], strict=True)
    ]
    frame["line"] = [f"{i:03}" for i in range(len(frame))]
    frame["url"] = [f"{HERE}#{addresses.anchor(r)}" for r in frame["reference"]]
    frame["claim"] = [papers[r].finding.claim for r in frame["reference"]]
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
        base.transform_filter(FOR)
        .mark_point(filled=True, size=90, color=SUPPORTS, opacity=1)
        .encode(x=x, href="url:N"),
        base.transform_filter(NOT_FOR)
        .mark_point(filled=False, size=90, strokeWidth=2.4, color=AGAINST, opacity=1)
        .encode(x=x, href="url:N"),
    ).properties(width=300, height=alt.Step(24))
    left = text_column(base, "label", "Assay · time · end point", 400)
    right = [text_column(base, "figures", "Effect", 130), text_column(base, "source", "Source", 130)]
    chart = alt.hconcat(left, picture, *right, spacing=6)
    how = (
        f"{len(frame)} effect sizes as printed in their papers, none pooled. Right of 1: more events with a "
        "positive test, or as the table says. Filled blue: the assay foretold; hollow orange: it did not."
    )
    shown = ["assay", "time_point", "end_point", "figures", "comparison", "direction", "source", "reference"]
    picks = {c: pick(frame, c, n) for c, n in (("assay", "Assay"), ("time_point", "When"), ("end_point", "End point"))}
    told = picked(base, picks).encode(y=alt.Y("line:N", axis=None), x=x, tooltip=["source:N", "claim:N", "figures:N"])
    moving = alt.layer(
        one,
        told.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", color=color),
        both(told.encode(href="url:N"), picks, size=90),
        told.mark_text(align="left", color=INK, fontSize=12).encode(text="label:N", x=alt.value(430)),
    ).properties(width=420, height=alt.Step(24))
    return figure(chart, title, how, frame[shown], _call("forest", title), moving)


def _domain(frame: pd.DataFrame) -> list[float]:
    if frame.empty:
        return [0.1, 10.0]
    return [min(0.9, frame["low"].min() * 0.9), max(1.1, frame["high"].max() * 1.1)]


def _call(function: str, title: str) -> str:
    """The lines that make a figure again."""
    return (
        "from lscbook.figures import chapters\nfrom lscbook.synthesis.book import Book\n\n"
        f"chapters.{function}(Book.open(), {title!r})"
    )
