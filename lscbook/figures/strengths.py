"""Strength and order, drawn: for against against in one plane, and how sure a ranking is."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from lscbook import addresses
from lscbook.errors import NotEstimable
from lscbook.figures import arcs
from lscbook.figures.charts import (
    AGAINST,
    GRID,
    INK,
    MUTED,
    SUPPORTS,
    Figure,
    announced,
    browser,
    call,
    figure,
    ordered,
    whole,
)
from lscbook.synthesis import claims, strength
from lscbook.synthesis.book import Book
from lscbook.synthesis.exclusive import Exclusive
from lscbook.synthesis.strength import EFFICACY, PARTS, Strength

SHOWN = 25  # rows of a ranking; the table has all
WIDE, NARROW, HIGH = 272, 300, 250
ROW = 20  # dots from one row of a ranking to the next
ACROSS, ACROSS_NARROW = 460, 190
BESIDE, BESIDE_NARROW = 72, 36  # for arcs


def plane(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Targets by the points for and against that hitting them works, AML and MDS apart."""
    claims.hold(book.evidence, *conditions)
    weighed = {part: strength.table(book.evidence, book.vocabulary, EFFICACY, part) for part in PARTS}
    data = pd.DataFrame(
        {
            "disease": part, "target": s.item, "for": s.points_for, "against": s.points_against, "label": s.label,
            "studies for": len(s.of(strength.FOR)), "studies against": len(s.of(strength.AGAINST)),
            "undecided or divided": len(s.of(strength.UNDECIDED, strength.DIVIDED)),
        }
        for part in PARTS
        for s in weighed[part]
    )  # fmt: skip
    most = max([1.0, *data.get("for", ()), *data.get("against", ())])
    spots = {part: _spots(found) for part, found in weighed.items()}
    if all(found.empty for found in spots.values()):
        raise NotEstimable("no study has a clear result")

    def draw(*, narrow: bool) -> Any:
        join = alt.vconcat if narrow else alt.hconcat
        parts = [_plane(spots[p], p, most, NARROW if narrow else WIDE) for p in PARTS if len(spots[p])]
        return join(*parts, spacing=28)

    how = (
        "Each mark stands for the targets with the same points for (to the right) and against (upwards), with their "
        "number; those with evidence against and those with most evidence for are named, as far as there is room. "
        "Blue disc: limited, moderate or strong; orange ring: disputed or refuted. On the dotted line both sides weigh "
        "the same. "
        "Points reflect how much is curated, not what is true."
    )
    return figure(draw, title, how, data, call("plane", title))


def _spots(weighed: Sequence[Strength]) -> pd.DataFrame:
    """One row for each place in the plane and direction: how many stand there, and a name for those worth one."""
    spoken = [s for s in weighed if s.points_for or s.points_against]
    best = {s.item for s in sorted(spoken, key=lambda s: -s.points_for)[:6]}
    at: dict[tuple[float, float, str], list[Strength]] = {}
    for s in spoken:
        against = s.label in {strength.DISPUTED, strength.REFUTED}
        at.setdefault((s.points_for, s.points_against, "does_not_support" if against else "supports"), []).append(s)
    rows = []
    for (for_, against_, direction), found in sorted(at.items()):
        told = sorted(s.item for s in found if s.points_against or s.item in best)
        name = ", ".join(told[:2]) + (f" and {len(told) - 2} more" if len(told) > 2 else "")
        several = str(len(found)) if len(found) > 1 else ""
        rows.append((for_, against_, direction, len(found), several, name))
    return pd.DataFrame(rows, columns=["for", "against", "direction", "n", "number", "name"])


def _placed_names(spots: pd.DataFrame, most: float, width: int) -> pd.DataFrame:
    """Names where they fit: above their mark, or lower or higher, and left out where all places are taken."""
    taken = [
        (_at(r["for"], most, width), HIGH - _at(r["against"], most, HIGH), 12.0, 12.0) for r in spots.to_dict("records")
    ]
    rows = []
    for r in sorted(spots.to_dict("records"), key=lambda r: (-r["against"], -r["for"])):
        long = sum(8.4 if sign.isupper() else 6.2 for sign in r["name"])
        for down in (-16, 16, -29, 29, -42, 42, -55, 55):
            x, y = _at(r["for"], most, width), HIGH - _at(r["against"], most, HIGH) + down
            x = min(max(x, long / 2 + 6), width - long / 2)
            free = all(abs(x - a) > (long + w) / 2 or abs(y - b) > (11 + h) / 2 for a, b, w, h in taken)
            if r["name"] and free and 0 < y < HIGH:
                taken.append((x, y, long, 11.0))
                rows.append({"name": r["name"], "x": x, "y": y})
                break
    return pd.DataFrame(rows, columns=["name", "x", "y"])


def _at(points: float, most: float, length: int) -> float:
    """Where a number of points stands on an axis of its roots, in dots."""
    return float((points / (most * 1.15)) ** 0.5 * (length - 24) + 12)


def _plane(spots: pd.DataFrame, part: str, most: float, width: int) -> Any:
    domain = [0, most * 1.15]
    size = alt.Size("n:Q", scale=alt.Scale(domain=[1, 20], range=[90, 700], clamp=True), legend=None)

    def axis(name: str, title: str, length: list[int]) -> Any:
        kind = alt.X if name == "for" else alt.Y
        scale = alt.Scale(type="sqrt", domain=domain, range=length, nice=False)
        look = alt.Axis(
            title=title, grid=True, values=[v for v in (0, 1, 3, 6, 12, 24, 48, 96) if v < domain[1]], format="d"
        )
        return kind(f"{name}:Q", scale=scale, axis=look)

    x = axis("for", "points for →", [12, width - 12])
    y = axis("against", "points against →", [HIGH - 12, 12])
    base = alt.Chart(spots).encode(x=x, y=y)
    for_, not_ = "datum.direction == 'supports'", "datum.direction != 'supports'"
    names = alt.Chart(_placed_names(spots, most, width)).mark_text(fontSize=11, color=INK)
    line = alt.Chart(pd.DataFrame({"for": [0, domain[1]], "against": [0, domain[1]]}))
    heading = alt.TitleParams(part, anchor="start", fontSize=13, fontWeight="bold", color=INK)
    return (
        alt.layer(
            line.mark_line(color=MUTED, strokeDash=[2, 4]).encode(x=x, y=y),
            base.transform_filter(for_).mark_point(filled=True, color=SUPPORTS, opacity=1).encode(size=size),
            base.transform_filter(not_)
            .mark_point(filled=True, color="#ffffff", stroke=AGAINST, strokeWidth=2.2, opacity=1)
            .encode(size=size),
            base.transform_filter(for_).mark_text(fontSize=10, color="#ffffff").encode(text="number:N"),
            base.transform_filter(not_).mark_text(fontSize=10, color="#111111").encode(text="number:N"),
            names.encode(text="name:N", x=alt.X("x:Q", scale=None), y=alt.Y("y:Q", scale=None)),
        )
        .resolve_scale(x="shared", y="shared")
        .properties(width=width, height=HIGH, title=heading)
    )


def ranking(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Targets by net points in AML, each with all the ranks that the data allow it."""
    claims.hold(book.evidence, *conditions)
    rows, sets = strength.ranked(strength.table(book.evidence, book.vocabulary, EFFICACY, "AML"))
    data = pd.DataFrame(
        {
            "row": [s.item for s in rows], "rank": sets.rank, "best": sets.best, "worst": sets.worst,
            "direction": [
                "does_not_support" if s.label in {strength.DISPUTED, strength.REFUTED} else "supports" for s in rows
            ],
            "label": [s.label for s in rows], "net points": [s.net for s in rows],
        }
    )  # fmt: skip
    shown = data.head(SHOWN).copy()
    shown["url"] = [
        announced(whole(book.page_of("targets", row["row"])), _placed(row, "rank")) for row in shown.to_dict("records")
    ]
    open_ = (sets.best == 1).all() and (sets.worst == len(rows)).all()
    same = "no rank is sure" if open_ else "the shorter, the surer"
    how = (
        f"The first {len(shown)} of {len(rows)} targets with a clear result in a study, by points for minus "
        f"points against. The mark is the rank, the line every rank that simultaneous 95 % sets leave open: {same}. "
        "Blue disc: limited, moderate or strong; orange ring: disputed or refuted."
    )
    return figure(
        lambda *, narrow: _sets(shown, len(rows), "rank by net points", narrow=narrow),
        title, how, data.rename(columns={"row": "target"}), call("ranking", title),
    )  # fmt: skip


def lesions(book: Book, title: str, *conditions: claims.Condition) -> Figure:
    """Lesions from the earliest to the latest, each with all the places that the data allow it."""
    claims.hold(book.evidence, *conditions)
    found = book.order_of_lesions
    contrary = {lesion for one, other, _, _ in found.contrary for lesion in (one, other)}
    apart = [e for e in book.exclusive_lesions if e.holds and {e.one, e.other} <= set(found.lesions)]
    data = pd.DataFrame(
        {
            "row": found.lesions, "rank": found.sets.rank, "best": found.sets.best, "worst": found.sets.worst,
            "direction": ["does_not_support" if lesion in contrary else "supports" for lesion in found.lesions],
            "strength": [round(s, 3) for s in found.strength],
            "excludes": [_excluded(lesion, apart) for lesion in found.lesions],
        }
    )  # fmt: skip
    shown = data.copy()
    shown["url"] = [
        announced(browser(book.vocabulary, "evolution", lesion=row["row"]), _placed(row, "place"))
        for row in shown.to_dict("records")
    ]
    how = (
        f"{len(found.lesions)} lesions that {found.studies} independent studies order, the earliest at the top and on "
        "the left. The mark is the place, the line every place that simultaneous 95 % sets leave open: a line across "
        "the whole width means that the place is not known. Orange ring: in a pair with a whole vote each way."
        + _arcs_told(apart)
    )
    return figure(
        lambda *, narrow: _sets(shown, len(found.lesions), "acquired early → late", narrow=narrow, beside=apart),
        title, how, data.rename(columns={"row": "lesion"}), call("lesions", title),
    )  # fmt: skip


def _excluded(lesion: str, pairs: Sequence[Exclusive]) -> str:
    """`SRSF2 (one patient), U2AF1 (one patient)`."""
    return ", ".join(
        f"{e.other if lesion == e.one else e.one} (one {e.scope})" for e in pairs if lesion in {e.one, e.other}
    )


def _arcs_told(pairs: Sequence[Exclusive]) -> str:
    """How to read the arcs, of the kinds that are drawn."""
    kinds = [f"{line} in one {scope}" for scope, line in (("clone", "whole line"), ("patient", "dashed"))
             if any(e.scope == scope for e in pairs)]  # fmt: skip
    if not kinds:
        return ""
    contested = " Orange ring: another study found them together." if any(e.against for e in pairs) else ""
    return (
        f" An arc on the right joins two lesions that a study found together rarely or never ({', '.join(kinds)}): "
        f"their places say nothing of a sequence.{contested}"
    )


def _placed(row: dict[Any, Any], what: str) -> str:
    """`CD33: rank 1, between 1 and 20`."""
    return f"{row['row']}: {what} {row['rank']}, between {row['best']} and {row['worst']}"


def _sets(shown: pd.DataFrame, items: int, title: str, *, narrow: bool, beside: Sequence[Exclusive] = ()) -> Any:
    y = ordered(list(shown["row"]), limit=126 if narrow else 220, size=11 if narrow else 12)
    scale = alt.Scale(domain=[0.5, items + 0.5], nice=False)
    look = alt.Axis(title=title, orient="top", grid=True, tickMinStep=1, format="d", ticks=False, domain=False)
    x = alt.X("rank:Q", scale=scale, axis=look)
    base = alt.Chart(shown)
    ends = {"x": alt.X("best:Q", scale=scale, axis=look), "x2": "worst:Q"}
    for_, not_ = "datum.direction == 'supports'", "datum.direction != 'supports'"
    point = base.encode(x=x, y=y, href="url:N")
    room = BESIDE_NARROW if narrow else BESIDE
    width = (ACROSS_NARROW if narrow else ACROSS) - (room if beside else 0)
    joined = [
        arcs.Arc(e.one, e.other, announced(whole(addresses.finding(e.supporting[0].reference)), e.said),
                 e.scope == "patient", bool(e.against))
        for e in beside
    ]  # fmt: skip
    return alt.layer(
        base.mark_rule(color=GRID, strokeWidth=6, strokeCap="round").encode(y=y, **ends),
        base.mark_rule(color=MUTED, strokeWidth=1.5).encode(y=y, **ends),
        point.transform_filter(for_).mark_point(filled=True, color=SUPPORTS, size=90, opacity=1),
        point.transform_filter(not_).mark_point(filled=False, color=AGAINST, size=90, strokeWidth=2.2, opacity=1),
        *([arcs.beside(list(shown["row"]), joined, width, room, ROW)] if joined else []),
    ).properties(width=width, height=alt.Step(ROW))


def estimable(found: Any, book: Book, title: str) -> Figure | str:
    """A figure, or in words why there is none."""
    try:
        made: Figure = found(book, title)
    except NotEstimable as error:
        return str(error)
    return made
