"""The records of the snapshot, drawn: papers by year and theme, terms that rise or fade, what is named together."""

from typing import Any

import altair as alt
import pandas as pd

from lscbook.errors import NotEstimable
from lscbook.evidence.fields import BY_THEME
from lscbook.figures.charts import AGAINST, GRID, INK, MUTED, SUPPORTS, Figure, across, figure, ordered
from lscbook.synthesis import trends as snapshot
from lscbook.synthesis.book import Book

SINCE = 2010  # years before stand in one row
TARGETS, THERAPIES, THERAPIES_NARROW = 14, 10, 7  # in the picture; the table has all pairs named together
_DARK, _LIGHT = "#0b3c6e", "#e9f1f9"
_INK_OF_TILE = alt.Color("ink:N", scale=None, legend=None)
RECORDS = "records"


def _call(function: str) -> str:
    """The lines that make a figure again."""
    imports = "from lscbook.figures import literature\nfrom lscbook.synthesis.book import Book"
    return f"{imports}\n\nliterature.{function}(Book.open())"


def years(book: Book) -> Figure:
    """Curated papers by year and theme, beside all records of the snapshot.

    Raises:
        NotEstimable: no counted finding of a paper whose year is told.
    """
    told = snapshot.by_year_and_theme(book.evidence, book.corpus.records.values())
    found = told[told[list(BY_THEME)].sum(axis=1) > 0] if len(told) else told
    if found.empty:
        raise NotEstimable("no counted finding has a year")
    early = told[told["year"] < SINCE].drop(columns="year").sum()
    late = told[told["year"] >= SINCE]
    rows = [{"when": f"before {SINCE}", **early}] if early.sum() else []
    rows += [{"when": str(r["year"]), **{k: r[k] for k in (*BY_THEME, RECORDS)}} for r in late.to_dict("records")]
    shown = pd.DataFrame(
        {"when": r["when"], "theme": theme, "n": int(r[theme]), "shade": 0 if theme == RECORDS else int(r[theme])}
        for r in rows
        for theme in (*BY_THEME, RECORDS)
    )
    when = [r["when"] for r in rows]
    most = int(shown["shade"].max())
    shown["text"] = [str(n) if n else "" for n in shown["n"]]
    shown["ink"] = ["#ffffff" if n > most * 0.45 else "#111111" for n in shown["shade"]]
    shown["ink"] = [INK if theme == RECORDS else ink for theme, ink in zip(shown["theme"], shown["ink"], strict=True)]
    dated = sorted(snapshot.year_of(r) for r in book.evidence.records.values() if snapshot.year_of(r))
    middle = dated[(len(dated) - 1) // 2 + (len(dated) % 2 == 0)]

    def draw(*, narrow: bool) -> Any:
        columns = [*BY_THEME, RECORDS]
        angle = -45 if narrow else 0
        x = across(columns, None, angle=angle, size=11, grid=False)
        base = alt.Chart(shown.rename(columns={"when": "row", "theme": "column"})).encode(
            x=x, y=ordered(when, grid=False, size=11)
        )
        tint = alt.Color("shade:Q", legend=None, scale=alt.Scale(domain=[1, max(2, most)], range=[_LIGHT, _DARK]))
        return (
            alt.layer(
                base.transform_filter("datum.shade > 0").mark_rect(cornerRadius=3, stroke=GRID).encode(color=tint),
                base.mark_text(fontSize=11).encode(text="text:N", color=_INK_OF_TILE),
            )
            .resolve_scale(color="independent")
            .properties(width=alt.Step(42 if narrow else 84), height=alt.Step(20))
        )

    title = f"At least half of the {len(dated)} curated papers are from {middle} or later"
    how = (
        "In each tile the curated papers of that year with a counted finding of the theme; a paper with two themes "
        f"stands in both. The last column has all {len(book.corpus.records):,} records of the snapshot by their year, "
        "curated or not: its leaps are those of the files that the snapshot was made of, and no leaps of the field."
    )
    return figure(draw, title, how, told, _call("years"))


def trends(book: Book) -> Figure:
    """Terms whose share among like records moves with the year.

    Raises:
        NotEstimable: too few years, records or terms; or none that moves.
    """
    span, told = snapshot.trends(book.corpus.records.values())
    found = [t for t in told if t.found]
    if not found:
        raise NotEstimable(f"none of {len(told)} terms moves, at a false discovery rate of {snapshot.RATE:g}")
    rise = sum(t.z > 0 for t in found)
    data = pd.DataFrame(
        {
            "term": t.id, "kind": t.kind, "way": t.way, "records": t.number, "z": round(t.z, 2), "p": f"{t.p:.2g}",
            "q": f"{t.q:.2g}", "older": f"{t.older[0]} of {t.older[1]}", "newer": f"{t.newer[0]} of {t.newer[1]}",
        }
        for t in told
    )  # fmt: skip
    spots = pd.DataFrame(
        {"row": t.id, "half": half, "share": n / of if of else 0.0, "up": t.z > 0}
        for t in found
        for half, (n, of) in (("older", t.older), ("newer", t.newer))
    )
    rows = [t.id for t in found]

    def draw(*, narrow: bool) -> Any:
        y = ordered(rows, limit=120 if narrow else 220, size=11 if narrow else 12)
        axis = alt.Axis(title="share of records that name it", orient="top", format="%", ticks=False, domain=False)
        x = alt.X("share:Q", axis=axis, scale=alt.Scale(zero=True))
        lines = alt.Chart(spots).mark_line(strokeWidth=2).encode(
            x=x, y=y, detail="row:N", color=alt.Color("up:N", legend=None, scale=_UP)
        )  # fmt: skip
        base = alt.Chart(spots).encode(x=x, y=y)
        return alt.layer(
            lines,
            base.transform_filter("datum.half == 'older'").mark_point(size=60, color=MUTED, filled=False, opacity=1),
            base.transform_filter("datum.half == 'newer' && datum.up").mark_point(
                size=90, color=SUPPORTS, filled=True, opacity=1
            ),
            base.transform_filter("datum.half == 'newer' && !datum.up").mark_point(
                size=90, color=AGAINST, filled=True, opacity=1, shape="square"
            ),
        ).properties(width=200 if narrow else 480, height=alt.Step(26))

    title = f"Of {len(told)} terms, {rise} rise and {len(found) - rise} fade among the records of this snapshot"
    how = (
        f"Grey ring: share of the older half of {len(span.records)} records of {span.first} to {span.last} that name "
        "the term; blue disc: of the newer half, where it rises; orange square: where it fades. Whether it moves was "
        "asked among records of one origin, alike in whether their abstract was annotated (extended Mantel test, false "
        f"discovery rate of {snapshot.RATE:g} over {len(told)} terms). The halves as drawn are of all origins."
    )
    return figure(draw, title, how, data, _call("trends"))


_UP = alt.Scale(domain=[True, False], range=[SUPPORTS, AGAINST])


def together(book: Book) -> Figure:
    """Targets by therapies: how many annotated abstracts name both, and how that stands to chance.

    Raises:
        NotEstimable: too few abstracts, or no target and therapy that enough of them name.
    """
    total, told = snapshot.pairs(book.corpus.records.values(), book.vocabulary)
    found = [p for p in told if p.both]
    if not found:
        raise NotEstimable("no abstract names a target and a therapy")
    data = pd.DataFrame(
        {
            "target": p.target, "therapy": p.therapy, "records": p.both, "expected": round(p.expected, 1),
            "ratio": round(p.ratio, 2), "p": f"{p.p:.2g}", "q": f"{p.q:.2g}", "aimed": "yes" if p.aimed else "",
        }
        for p in found
    )  # fmt: skip
    sums: dict[str, dict[str, int]] = {"target": {}, "therapy": {}}
    for p in found:
        for side, name in (("target", p.target), ("therapy", p.therapy)):
            sums[side][name] = sums[side].get(name, 0) + p.both
    first = {side: sorted(names, key=lambda n: (-names[n], n)) for side, names in sums.items()}
    more = sum(p.q < snapshot.RATE for p in found)

    def draw(*, narrow: bool) -> Any:
        rows = first["target"][:TARGETS]
        columns = first["therapy"][: THERAPIES_NARROW if narrow else THERAPIES]
        shown = pd.DataFrame(
            {"row": p.target, "column": p.therapy, "text": str(p.both), "over": p.q < snapshot.RATE, "aimed": p.aimed,
             "ink": "#ffffff" if p.q < snapshot.RATE else "#111111"}
            for p in found
            if p.target in rows and p.therapy in columns
        )  # fmt: skip
        base = alt.Chart(shown).encode(
            x=across(columns, None, angle=-45, size=11, grid=False), y=ordered(rows, grid=False, limit=110, size=11)
        )
        tint = alt.Color("over:N", legend=None, scale=alt.Scale(domain=[True, False], range=[_DARK, _LIGHT]))
        return (
            alt.layer(
                base.mark_rect(cornerRadius=3, stroke=GRID).encode(color=tint),
                base.transform_filter("datum.aimed").mark_rect(
                    cornerRadius=3, fillOpacity=0, stroke=AGAINST, strokeWidth=2.4
                ),
                base.mark_text(fontSize=11).encode(text="text:N", color=_INK_OF_TILE),
            )
            .resolve_scale(color="independent")
            .properties(width=alt.Step(32 if narrow else 44), height=alt.Step(24))
        )

    title = f"{more} of {len(found)} pairs of a target and a therapy are named together more often than chance would"
    how = (
        f"In each tile how many of {total} annotated abstracts name both. Dark: more often than if the two stood apart "
        f"(one-sided Fisher's exact test, false discovery rate of {snapshot.RATE:g} over {len(told)} pairs); orange "
        "frame: the therapy is aimed at the target, so that the two are named together by design. Those most named "
        "stand first; the table has every pair. To be named together is no finding, and no finding is drawn from it."
    )
    return figure(draw, title, how, data, _call("together"))
