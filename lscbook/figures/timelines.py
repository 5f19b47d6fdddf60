"""Years, drawn: questions on stem cells from the paper that opened them, and targets from first paper to last trial."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from lscbook import addresses
from lscbook.errors import NotEstimable
from lscbook.evidence.fields import BY_THEME
from lscbook.evidence.store import Located
from lscbook.figures.charts import (
    AGAINST,
    FOR,
    HALF,
    INK,
    MUTED,
    NOT_FOR,
    SUPPORTS,
    Figure,
    announced,
    call,
    figure,
    ordered,
    whole,
)
from lscbook.figures.telling import WORD, cite
from lscbook.synthesis import claims, timelines
from lscbook.synthesis.book import Book
from lscbook.synthesis.timelines import Course, Question, year_of

WIDE, NARROW = 500, 224
_RUNG = {"expression": "e", "dependency": "d", "PDX": "x", "phase 1": "1", "phase 2": "2", "phase 3": "3"}


def landmarks(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """A line for each question that a second study took up, from the paper that opened it to the newest.

    Raises:
        NotEstimable: no question was taken up by a second study.
    """
    claims.hold(book.evidence, *conditions)
    found = timelines.landmarks(book.evidence)
    if not found:
        raise NotEstimable("no question on stem cells was taken up by a second study")
    data = pd.DataFrame(
        {
            "theme": q.theme, "question": q.name, "year": year_of(f), "landmark": "yes" if f is q.opened else "",
            "direction": f.finding.stance, "level": f.finding.level, "reference": f.reference, "source": cite(f.record),
        }
        for q in found
        for f in q.findings
    )  # fmt: skip
    years = [timelines.SINCE, max(q.last for q in found)]
    left_out = ", ".join(f"{q.name} ({q.first})" for q in timelines.opened_before(book.evidence))

    def draw(*, narrow: bool) -> Any:
        parts = {t: [q for q in found if q.theme == t] for t in BY_THEME}
        return alt.vconcat(
            *(_questions(t.capitalize(), some, years, narrow=narrow) for t, some in parts.items() if some), spacing=16
        )

    how = (
        f"{len(found)} questions on stem cells that at least {timelines.LEAST} independent studies speak to. The large "
        "mark is the first paper that is curated since 1994, named beside it, the small ones are the papers after it, "
        "the line ends with the newest. A filled blue disc supports, an orange ring speaks against, a grey one did not "
        "decide; ring around disc: both in one year. The first that is curated need not be the first that there was."
        + (f" Opened earlier, and so left out: {left_out}." if left_out else "")
    )
    return figure(draw, title, how, data, call("landmarks", title))


def _announced(located: Located, *said: object) -> str:
    """The address of a finding, with what is said of its mark."""
    return announced(whole(addresses.finding(located.reference)), ", ".join(map(str, said)))


def _questions(name: str, some: Sequence[Question], years: list[int], *, narrow: bool) -> Any:
    rows = [q.name for q in some]
    width = NARROW if narrow else WIDE
    x = _years(years, narrow=narrow)
    y = ordered(rows, limit=116 if narrow else 190, size=10 if narrow else 12)
    spots = pd.DataFrame(
        {"row": q.name, "year": year_of(f), "direction": f.finding.stance, "first": f is q.opened,
         "url": _announced(f, q.name, year_of(f), WORD[f.finding.stance], cite(f.record))}
        for q in some
        for f in _one_a_year(q)
    )  # fmt: skip
    lines = pd.DataFrame({"row": q.name, "from": q.first, "to": q.last} for q in some)
    names = pd.DataFrame(
        {"row": q.name, "year": q.first, "text": cite(q.opened.record),
         "late": q.first > (years[0] + 12 if narrow else years[1] - 8)}
        for q in some
    )  # fmt: skip
    written: dict[str, Any] = {"fontSize": 9 if narrow else 10, "dy": -11, "color": MUTED, "limit": 108}
    told = alt.Chart(names).encode(x=x, y=y, text="text:N")
    return alt.layer(
        alt.Chart(lines).mark_rule(color=MUTED, opacity=0.7).encode(
            y=y, x=_years(years, "from", narrow=narrow), x2="to:Q"
        ),
        *_discs(spots[~spots["first"]], 40, x, y),
        *_discs(spots[spots["first"]], 120, x, y),
        told.transform_filter("!datum.late").mark_text(align="left", dx=-5, **written),
        told.transform_filter("datum.late").mark_text(align="right", dx=5, **written),
    ).properties(
        width=width, height=alt.Step(30), title=_heading(name)
    )  # fmt: skip


def _heading(text: str) -> Any:
    return alt.TitleParams(text, anchor="start", frame="group", fontSize=12, fontWeight="bold", color=INK)


def _one_a_year(question: Question) -> list[Any]:
    """The paper that opened it, then one finding for each other year and direction."""
    seen = {(question.first, question.opened.finding.stance)}
    kept = [question.opened]
    for f in question.findings:
        if (key := (year_of(f), f.finding.stance)) not in seen:
            seen.add(key)
            kept.append(f)
    return kept


def _discs(spots: pd.DataFrame, size: int, x: Any, y: Any) -> list[Any]:
    base = alt.Chart(spots).encode(x=x, y=y, href="url:N")
    return [
        base.transform_filter(FOR).mark_point(filled=True, color=SUPPORTS, size=size, opacity=1),
        base.transform_filter(NOT_FOR).mark_point(filled=False, color=AGAINST, size=size, strokeWidth=2, opacity=1),
        base.transform_filter(HALF).mark_point(filled=False, color=MUTED, size=size, strokeWidth=1.5, opacity=1),
    ]


def _years(years: list[int], column: str = "year", *, narrow: bool) -> Any:
    """An axis of years at the top, one label in four or eight."""
    ticks = [y for y in range(years[0], years[1] + 1) if (y - years[0]) % (8 if narrow else 4) == 0]
    axis = alt.Axis(title=None, orient="top", format="d", values=ticks, grid=True, ticks=False, domain=False)
    return alt.X(f"{column}:Q", scale=alt.Scale(domain=[years[0] - 0.6, years[1] + 0.8], nice=False), axis=axis)


def courses(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """A lane for each major target, from its first curated finding to its last trial.

    Raises:
        NotEstimable: no target has a trial or two independent studies.
    """
    claims.hold(book.evidence, *conditions)
    found = timelines.courses(book.evidence, book.approved)
    if not found:
        raise NotEstimable("no target has a trial or two independent studies")
    data = pd.DataFrame(
        {
            "target": c.target, "year": year_of(f), "rung": f.finding.stage, "direction": f.finding.stance,
            "reference": f.reference, "source": cite(f.record),
        }
        for c in found
        for f in c.findings
    )  # fmt: skip
    days = [int(a.date[:4]) for c in found for a in c.approvals]
    years = [min([c.first for c in found] + days), max([int(y) for y in data["year"]] + days)]
    parts = {
        "With a trial": [c for c in found if c.trials],
        "Without a curated trial": [c for c in found if not c.trials],
    }

    def draw(*, narrow: bool) -> Any:
        return alt.vconcat(
            *(_lanes(name, some, years, narrow=narrow) for name, some in parts.items() if some), spacing=16
        )

    how = (
        f"{len(found)} targets with a trial or with two independent studies. In the mark stands the highest rung of "
        "that year: e expression, d dependency, x xenograft of patients' cells, 1 to 3 phase of a trial. Blue disc: "
        "it supports; orange ring, lower: it speaks against; grey letter: not decided. The line runs from the first "
        "curated paper to the last trial, or to the last paper where there is none; ★ is the first approval for AML or "
        "MDS that was looked up. A trial that is not curated is missing here, and so is the paper before the first one."
    )
    return figure(draw, title, how, data, call("courses", title))


def _lanes(name: str, some: Sequence[Course], years: list[int], *, narrow: bool) -> Any:
    rows = [c.target for c in some]
    x = _years(years, narrow=narrow)
    y = ordered(rows, limit=92 if narrow else 190, size=10 if narrow else 12)
    spots = pd.DataFrame(
        (
            {"row": c.target, "year": year, "direction": stance, "text": _RUNG[stage],
             "url": _announced(on[0], c.target, year, stage, WORD[stance])}
            for c in some
            for year, stance, stage, on in timelines.marks(c)
        ),
        columns=["row", "year", "direction", "text", "url"],
    )  # fmt: skip
    against = {(s["row"], s["year"]) for s in spots.to_dict("records") if s["direction"] == "does_not_support"}
    spots["aside"] = [(row, year) in against for row, year in zip(spots["row"], spots["year"], strict=True)]
    lines = pd.DataFrame({"row": c.target, "from": c.first, "to": c.last} for c in some)
    stars = pd.DataFrame(
        ({"row": c.target, "year": min(int(a.date[:4]) for a in c.approvals)} for c in some if c.approvals),
        columns=["row", "year"],
    )
    size, font = (95, 8) if narrow else (150, 10)
    base = alt.Chart(spots).encode(x=x, y=y, href="url:N")
    for_, not_, half = (base.transform_filter(which) for which in (FOR, NOT_FOR, HALF))
    bold: dict[str, Any] = {"fontSize": font, "fontWeight": "bold"}
    return alt.layer(
        alt.Chart(lines).mark_rule(color=MUTED, opacity=0.7, yOffset=-4).encode(
            y=y, x=_years(years, "from", narrow=narrow), x2="to:Q"
        ),
        for_.mark_point(filled=True, color=SUPPORTS, size=size, opacity=1, yOffset=-4),
        for_.mark_text(color="#ffffff", yOffset=-4, **bold).encode(text="text:N"),
        not_.mark_point(filled=False, color=AGAINST, size=size, strokeWidth=1.8, opacity=1, yOffset=8),
        not_.mark_text(color=AGAINST, yOffset=8, **bold).encode(text="text:N"),
        *(
            half.transform_filter(f"{'' if aside else '!'}datum.aside")
            .mark_text(color=MUTED, yOffset=8, xOffset=11 if aside else 0, **bold)
            .encode(text="text:N")
            for aside in (False, True)
        ),
        alt.Chart(stars).mark_text(text="★", color=SUPPORTS, fontSize=12, yOffset=9).encode(x=x, y=y),
    ).properties(
        width=NARROW if narrow else WIDE, height=alt.Step(30),
        title=_heading(name),
    )  # fmt: skip
