"""The way of the papers as a picture: what was found, judged, included and curated, and what left at each step."""

from typing import Any

import altair as alt
import pandas as pd

from lscbook.figures.charts import GRID, INK, MUTED, SUPPORTS, Figure, figure
from lscbook.synthesis.book import Book
from lscbook.synthesis.flow import Flow

_CALL = "from lscbook.figures import flow\nfrom lscbook.synthesis.book import Book\n\nflow.papers(Book.open())"
_REASONS = 5  # that stand in the picture; the table has all


def papers(book: Book) -> Figure:
    """Found, judged, included and curated papers down the middle; beside them where the others stand."""
    flow = book.flow
    data = pd.DataFrame(_rows(flow), columns=["step", "part", "papers"])

    def draw(*, narrow: bool) -> Any:
        return _drawn(_boxes(flow, narrow=narrow), narrow=narrow)

    title = f"Of {flow.found:,} papers found, {flow.judged:,} are judged and {len(flow.curated):,} curated"
    how = (
        "Each paper stands in exactly one of the boxes at the side or in the last one of the middle; what stands in a "
        f"box and in those beside it adds up to the box above. {flow.waiting:,} papers wait to be read."
    )
    return figure(draw, title, how, data, _CALL)


def _rows(flow: Flow) -> list[tuple[str, str, int]]:
    return [
        *(("found", origin, count) for origin, count in flow.origins.items()),
        ("judged", "not judged yet", len(flow.unjudged)),
        *(("judged", f"not judged: {reason}", len(members)) for reason, members in flow.unread.items()),
        *(("judged", f"out: {reason}", len(members)) for reason, members in flow.excluded.items()),
        ("included", "not curated yet", len(flow.included)),
        ("included", "curated", len(flow.curated)),
    ]


def _boxes(flow: Flow, *, narrow: bool) -> list[tuple[str, list[str], str, list[str]]]:
    """Each step from top to bottom: its head and lines, then those of the box beside it."""
    shown = [f"{len(members)} {reason}" for reason, members in list(flow.excluded.items())[:_REASONS]]
    rest = sum(map(len, list(flow.excluded.values())[_REASONS:]))
    reasons = [*shown, *([f"{rest} for other reasons"] if rest else [])]
    if narrow:
        reasons = [_short(reason, 29) for reason in reasons]
    made = [f"{flow.findings:,} findings,", f"{flow.background:,} of background"]
    origins = [f"{count:,} {name}" for name, count in flow.origins.items() if count]
    unread = [f"{len(members)} {_short(reason, 24) if narrow else reason}" for reason, members in flow.unread.items()]
    if unread and flow.unjudged:
        unread.append(f"{len(flow.unjudged):,} not looked at yet")
    unjudged = f"{len(flow.unjudged) + flow.without_abstract:,} not judged yet"
    return [
        (f"{flow.found:,} papers found", origins, unjudged, unread),
        (f"{flow.judged:,} judged", [], f"{flow.out:,} out", reasons),
        (f"{flow.judged - flow.out:,} included", [], f"{len(flow.included):,} not curated yet", []),
        (f"{len(flow.curated):,} curated", made, "", []),
    ]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rpartition(" ")[0] + " …"


_LINE, _PAD, _GAP = 16, 10, 22  # pixels


def _drawn(steps: list[tuple[str, list[str], str, list[str]]], *, narrow: bool) -> Any:
    """Boxes of text and the arrows between them, in pixels from the top left."""
    wide = (164, 186) if narrow else (226, 372)
    left, right = wide[0], wide[0] + (12 if narrow else 52)
    boxes, words, rules = [], [], []
    top = 0
    for number, (head, lines, aside, more) in enumerate(steps):
        tall = 2 * _PAD + _LINE * max(1 + len(lines), 1 + len(more))
        middle = top + tall / 2
        sides = [(0, left, head, lines, True), *([(right, right + wide[1], aside, more, False)] if aside else [])]
        for x, x2, name, rest, main in sides:
            boxes.append({"x": x, "x2": x2, "y": top, "y2": top + tall, "main": main})
            for place, text in enumerate([name, *rest]):
                y = top + _PAD + _LINE * (place + 0.5)
                words.append({"x": x + 10, "y": y, "text": text, "head": place == 0})
        if aside:
            rules.append({"x": left, "x2": right, "y": middle, "y2": middle})
        if number + 1 < len(steps):
            rules.append({"x": left / 2, "x2": left / 2, "y": top + tall, "y2": top + tall + _GAP})
        top += tall + _GAP
    size = {"width": right + wide[1], "height": top - _GAP}
    across: Any = alt.X("x:Q", scale=alt.Scale(domain=[0, size["width"]], nice=False), axis=None)
    down: Any = alt.Y("y:Q", scale=alt.Scale(domain=[size["height"], 0], nice=False), axis=None)
    drawn = alt.Chart(pd.DataFrame(boxes)).encode(x=across, x2="x2:Q", y=down, y2="y2:Q")
    written = alt.Chart(pd.DataFrame(words)).encode(x=across, y=down, text="text:N")
    font: dict[str, Any] = {"align": "left", "baseline": "middle"}
    arrows = alt.Chart(pd.DataFrame(rules)).encode(x=across, x2="x2:Q", y=down, y2="y2:Q")
    return alt.layer(
        arrows.mark_rule(color=MUTED, strokeWidth=1.5),
        drawn.transform_filter("datum.main").mark_rect(fillOpacity=0, stroke=SUPPORTS, strokeWidth=1.5, cornerRadius=4),
        drawn.transform_filter("!datum.main").mark_rect(fillOpacity=0, stroke=GRID, strokeWidth=1.5, cornerRadius=4),
        written.transform_filter("datum.head").mark_text(fontWeight="bold", fontSize=13, color=INK, **font),
        written.transform_filter("!datum.head").mark_text(fontSize=11 if narrow else 12, color=INK, **font),
    ).properties(**size)
