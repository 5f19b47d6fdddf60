"""The figures of the chapters: each says its answer in its title, and the title is held against the data."""

from typing import Any

import altair as alt
import pandas as pd

from lscbook import addresses
from lscbook.evidence.fields import CONTRASTS, POPULATIONS
from lscbook.figures.charts import (
    BY_DIRECTION,
    EMPTY,
    GRID,
    INK,
    READ,
    SIDES,
    SUPPORTS,
    Figure,
    across,
    announced,
    apart,
    browser,
    call,
    figure,
    marks,
    ordered,
    spoken,
    whole,
)
from lscbook.figures.forests import tests, trials
from lscbook.figures.ladder import targets
from lscbook.figures.strengths import lesions, plane, ranking
from lscbook.figures.timelines import courses, landmarks
from lscbook.synthesis import claims, frames
from lscbook.synthesis.book import Book

__all__ = [
    "courses",
    "evolution",
    "identity",
    "landmarks",
    "lesions",
    "plane",
    "ranking",
    "resistance",
    "targets",
    "tests",
    "trials",
]
# Tints of the levels A to E; the letter says the same.
TINTS = {"A": "#0b3c6e", "B": "#2171b5", "C": "#85b7dd", "D": "#c6dbef", "E": "#e9f1f9"}
_DARK = frozenset({"A", "B"})
_ON_DARK, _ON_LIGHT = "#ffffff", "#111111"  # ink on a tint, the same by day and by night
_INK_OF_TILE = alt.Color("ink:N", scale=None, legend=None)


def evolution(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Lesions by the stage at which they are acquired, first those that come first, and the cells that bear them."""
    claims.hold(book.evidence, *conditions)
    stage, cell = frames.evolution(book.evidence), frames.cells(book.evidence)
    placed = stage[stage["direction"] == "supports"].groupby("lesion")["place"].agg(["mean", "min", "max", "size"])
    first = sorted(placed.index, key=lambda name: (placed["mean"][name], -placed["size"][name], name))
    rows = [*first, *sorted(set(stage["lesion"]) - set(first))]
    ranges = placed.reset_index().rename(columns={"lesion": "row"})
    ranges["from"], ranges["to"] = (ranges[side].map(lambda i: frames.ORDER[i]) for side in ("min", "max"))
    stages = _of_lesions(book, stage.rename(columns={"lesion": "row", "stage": "column"}), "order")
    seen = _of_lesions(book, cell.rename(columns={"lesion": "row", "cell": "column"}), "cell")
    in_cells = [*(row for row in rows if row in set(seen["row"])), *sorted(set(seen["row"]) - set(rows))]
    columns = [c for c in frames.CELLS if c in set(seen["column"])]

    def draw(*, narrow: bool) -> Any:
        size = alt.Size("n:Q", scale=alt.Scale(domain=[1, 8], range=[70, 420], clamp=True), legend=None)
        y = ordered(rows, limit=96 if narrow else 200)
        x = across(list(frames.ORDER), "When acquired, as reported", size=10 if narrow else 12)
        line = alt.Chart(ranges).mark_rule(color=SUPPORTS, strokeWidth=2, opacity=0.55)
        left = alt.layer(
            line.encode(y=y, x=alt.X("from:N", sort=list(frames.ORDER)), x2="to:N"),
            marks(apart(stages, 12), size, x=x, y=y),
        ).properties(width=alt.Step(60 if narrow else 96), height=alt.Step(24))
        right = marks(
            apart(seen, 5),
            alt.Size("n:Q", scale=alt.Scale(domain=[1, 8], range=[50, 300], clamp=True), legend=None),
            x=across(columns, "Cell in which it was seen", angle=-50, size=11),
            y=ordered(in_cells, limit=96 if narrow else 200),
        ).properties(width=alt.Step(min(20, 236 // len(columns)) if narrow else 26), height=alt.Step(24))
        join = alt.vconcat if narrow else alt.hconcat
        return join(left, right, spacing=24)

    data = pd.concat([stage.drop(columns="place"), cell]).fillna("")
    how = (
        f"{len(rows)} lesions with a reported time of acquisition, earliest first. Larger marks: more findings; the "
        f"line spans the stages that findings support. {READ} {EMPTY}"
    )
    return figure(draw, title, how, data, call("evolution", title))


# How a stage reads after the name of a lesion; a cell reads *in HSC*.
_WHEN = {
    "founding": "as a founding lesion", "early": "acquired early", "late": "acquired late",
    "relapse-acquired": "acquired or selected at relapse",
}  # fmt: skip


def _of_lesions(book: Book, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Findings by lesion, column and direction, each finding once, and where the browser has them."""
    once = frame.drop_duplicates(["row", "column", "direction", "reference"])
    counted = once.groupby(["row", "column", "direction"], sort=True)
    marked = counted.agg(n=("reference", "size"), level=("level", "min")).reset_index()
    marked["url"] = [
        announced(
            browser(book.vocabulary, "evolution", **{"lesion": r, column: c, "direction": d}),
            spoken(f"{r} {_WHEN.get(c, f'in {c}')}", **{SIDES[d]: n}),
        )
        for r, c, d, n in zip(marked["row"], marked["column"], marked["direction"], marked["n"], strict=True)
    ]
    return marked


# Tints of the levels of expression; the word stands in the tile.
EXPRESSED = {
    "high": "#2171b5", "present": "#9ecae1", "variable": "#c6dbef", "differs": "#dddddd", "low": "#e3edf7",
    "absent": "#ffffff",
}  # fmt: skip
_SIGNS = {"higher": "▲", "lower": "▼", "similar": "=", "distinguishes": "●", "does not": "○"}
_SIDES = dict(zip(CONTRASTS, ("vs HSC", "vs blasts", "vs progenitors", "vs HSC"), strict=True))


def identity(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Markers by what they part: signs of the contrasts, and the levels that a paper tells on each population."""
    claims.hold(book.evidence, *conditions)
    told, levels = frames.identity(book.evidence), frames.expression(book.evidence)
    told["row"] = [
        f"{marker} (MDS)" if contrast.startswith("MDS") else marker
        for marker, contrast in zip(told["marker"], told["contrast"], strict=True)
    ]
    told["column"] = told["contrast"].map(_SIDES)
    best = told.groupby("row")["level"].min()
    worth = told.assign(
        against_hsc=(told["column"] == "vs HSC") & (told["direction"] == "supports"),
        parts=told["direction"] == "supports",
        not_=told["direction"] != "supports",
    ).groupby("row")[["against_hsc", "parts", "not_"]].sum()  # fmt: skip
    rows = sorted(
        worth.index,
        key=lambda r: (
            worth["parts"][r] == 0,
            worth["against_hsc"][r] == 0,
            worth["not_"][r] > 0,
            best[r],
            -worth["parts"][r],
            r,
        ),
    )
    signs = told.groupby(["row", "column"]).agg(
        relative=("relative", lambda s: "".join(_SIGNS[w] for w in sorted(set(s), key=list(_SIGNS).index))),
        direction=("direction", lambda s: s.iloc[0] if s.nunique() == 1 else "mixed"),
        reference=("reference", "first"),
        supports=("direction", lambda s: (s == "supports").sum()),
        against=("direction", lambda s: (s == "does_not_support").sum()),
        undecided=("direction", lambda s: (s == "inconclusive").sum()),
        said=("relative", lambda s: " or ".join(sorted(set(s), key=list(_SIGNS).index))),
    ).reset_index()  # fmt: skip
    signs["url"] = [
        announced(
            whole(addresses.finding(sign["reference"])),
            spoken(
                f"{sign['row']}, LSCs {sign['column'].replace('vs', 'versus')}, {sign['said']}",
                sign["supports"], sign["against"], sign["undecided"],
            ),
        )
        for sign in signs.to_dict("records")
    ]  # fmt: skip
    where = [p for p in POPULATIONS if p in set(levels["population"])]
    told_of = levels.rename(columns={"marker": "row", "population": "column"}).groupby(["row", "column"])["expression"]
    words = told_of.agg(_one_or_differs).reset_index()
    words = words[words["row"].isin(rows)]
    words["ink"] = [_ON_DARK if word == "high" else _ON_LIGHT for word in words["expression"]]
    last = pd.DataFrame({"row": rows, "column": "best level", "text": [best[r] for r in rows]})
    sides = [s for s in dict.fromkeys(_SIDES.values()) if s in set(signs["column"])]

    def draw(*, narrow: bool) -> Any:
        y = ordered(rows, limit=118 if narrow else 200, size=11 if narrow else 12)
        contrasts = alt.Chart(signs).encode(
            y=y, x=across([*sides, "best level"], "Distinguishes LSCs from", angle=-45 if narrow else 0, size=11)
        )
        left = alt.layer(
            contrasts.mark_text(fontSize=15, fontWeight="bold").encode(
                text="relative:N", color=BY_DIRECTION, href="url:N"
            ),
            alt.Chart(last).mark_text(color=INK, fontSize=12).encode(x=alt.X("column:N"), y=y, text="text:N"),
        ).properties(width=alt.Step(44 if narrow else 84), height=alt.Step(24))
        tiles = alt.Chart(words).encode(
            x=across(where, "Reported level on", angle=-45 if narrow else 0, size=11, grid=False),
            y=ordered(
                [r for r in rows if r in set(words["row"])] if narrow else rows, labels=narrow, limit=118, grid=False
            ),
        )
        tint = alt.Color(
            "expression:N", scale=alt.Scale(domain=list(EXPRESSED), range=list(EXPRESSED.values())), legend=None
        )
        right = (
            alt.layer(
                tiles.mark_rect(stroke=GRID, cornerRadius=3, height=20).encode(color=tint),
                tiles.mark_text(fontSize=10 if narrow else 11).encode(text="expression:N", color=_INK_OF_TILE),
            )
            .resolve_scale(color="independent")
            .properties(width=alt.Step(44 if narrow else 96), height=alt.Step(24))
        )
        return alt.vconcat(left, right, spacing=20) if narrow else alt.hconcat(left, right, spacing=20)

    data = pd.concat([told.drop(columns=["row", "column"]), levels]).fillna("")
    how = (
        f"{len(rows)} markers and signatures, those that distinguish LSCs from normal HSCs first. ▲ higher on "
        "LSCs, ▼ lower, = similar, ● distinguished by sorting, ○ not. Blue: the finding supports; orange: it does not; "
        f"grey: inconclusive, or findings differ. {EMPTY}"
    )
    return figure(draw, title, how, data, call("identity", title))


def _one_or_differs(words: "pd.Series[str]") -> str:
    return str(words.iloc[0]) if words.nunique() == 1 else "differs"


def resistance(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Mechanism by class of therapy survived: a tile's tint is the strongest level, its figures are for and against."""
    claims.hold(book.evidence, *conditions)
    frame = frames.resistance(book.evidence, book.vocabulary)
    cells = frame.rename(columns={"mechanism": "row", "therapy": "column"})
    weights = cells.drop_duplicates(["row", "reference"]).groupby("row").size()
    rows = sorted(weights.index, key=lambda name: (-weights[name], name))
    columns = [
        c for c in (*frames.THERAPIES.values(), frames.OTHER, frames.NOT_TOLD) if c in set(cells["column"])
    ]  # fmt: skip
    tiles = cells.groupby(["row", "column"]).agg(
        level=("level", "min"),
        supports=("direction", lambda s: (s == "supports").sum()),
        against=("direction", lambda s: (s == "does_not_support").sum()),
        undecided=("direction", lambda s: (s == "inconclusive").sum()),
    ).reset_index()  # fmt: skip
    tiles["text"] = [
        f"{s} | {a}" + (f" ◐{u}" if u else "")
        for s, a, u in zip(tiles["supports"], tiles["against"], tiles["undecided"], strict=True)
    ]
    tiles["ink"] = [_ON_DARK if level in _DARK else _ON_LIGHT for level in tiles["level"]]
    tiles["url"] = [
        announced(
            browser(book.vocabulary, "resistance", mechanism=tile["row"]),
            spoken(f"{tile['row']} under {tile['column']}", tile["supports"], tile["against"], tile["undecided"])
            + f", best level {tile['level']}",
        )
        for tile in tiles.to_dict("records")
    ]

    def draw(*, narrow: bool) -> Any:
        tint = alt.Color("level:N", scale=alt.Scale(domain=list(TINTS), range=list(TINTS.values())), legend=None)
        shown = tiles.assign(said=tiles["text"] if narrow else tiles["text"] + "  " + tiles["level"])
        x = across(columns, "Therapy survived", angle=-45, size=11, grid=False)
        if not narrow:
            base = alt.Chart(shown).encode(x=x, y=ordered(rows, grid=False))
            return alt.layer(
                base.mark_rect(stroke=GRID, cornerRadius=3).encode(color=tint, href="url:N"),
                base.mark_text(fontSize=12).encode(text="said:N", color=_INK_OF_TILE),
            ).properties(width=alt.Step(78), height=alt.Step(26))
        # on a phone the name of the mechanism stands above its tiles
        y = ordered(rows, labels=False, grid=False)
        base = alt.Chart(shown).encode(x=x, y=y)
        names = alt.Chart(pd.DataFrame({"row": rows})).mark_text(
            align="left", baseline="top", color=INK, fontSize=11, yOffset=-19, fontWeight="bold"
        )
        return alt.layer(
            base.mark_rect(stroke=GRID, cornerRadius=3, yOffset=5, height=18).encode(color=tint, href="url:N"),
            base.mark_text(fontSize=11, yOffset=5).encode(text="said:N", color=_INK_OF_TILE),
            names.encode(y=y, x=alt.value(0), text="row:N"),
        ).properties(width=alt.Step(44), height=alt.Step(40))

    how = (
        "Each tile gives findings for | against, and inconclusive ones after ◐; the darker the tile, the higher its "
        f"best level of evidence. {len(frame['reference'].unique())} findings on {len(rows)} mechanisms; papers that "
        f"name no mechanism are in the table only. {EMPTY}"
    )
    return figure(draw, title, how, frame, call("resistance", title))
