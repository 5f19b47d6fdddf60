"""The evidence browser as a reader meets it before any script has run: filters and the first rows.

The rest comes as columns in a script, which the page loads when a reader first asks for it.
"""

from collections.abc import Callable
from pathlib import Path

from lscbook.evidence import fields
from lscbook.evidence.store import Evidence
from lscbook.figures import tables
from lscbook.site import scripts
from lscbook.site.browser.facets import Facet, columns, data, facets, in_order
from lscbook.site.citations import base
from lscbook.text import escape_html as esc
from lscbook.vocabulary import Vocabulary, load

PAGE = "book/evidence"
ROWS = 100
SORTS = (("strength", "strongest evidence first"), ("year", "newest first"), ("author", "first author"))
# A list of more words than this scrolls.
_MANY = 12


def write(out: Path, evidence: Evidence, vocabulary: Vocabulary) -> None:
    """Write the columns among the static files of a built site."""
    scripts.write(out, "lscEvidence", "evidence-data.js", data(evidence, vocabulary))


def shown() -> tables.Table:
    """The browser on the evidence of this build."""
    return page(base()[1], load())


def page(evidence: Evidence, vocabulary: Vocabulary) -> tables.Table:
    """The browser as a reader meets it before any script has run."""
    found = in_order(evidence)
    made = columns(found, vocabulary)
    first = found[:ROWS]
    total = f"{len(found):,} findings from {len({f.entry.key for f in found}):,} papers"
    rows = "".join(tables.row(f, with_id=False) for f in first)
    return tables.Table(
        '<div class="browser" id="evidence-browser">'
        f"{_form(facets(made), made['year'].words)}"
        '<div class="chips" data-part="chips" hidden></div>'
        f'<p class="result" role="status" data-part="status">{total}.'
        f"{f' These are the first {len(first)}.' if len(first) < len(found) else ''}</p>"
        '<div data-part="empty" hidden></div>'
        '<div class="scroll" tabindex="0" role="group" aria-label="Findings, the table">'
        '<table class="findings" data-part="table"><caption>Findings, strongest evidence first</caption>'
        '<thead><tr><th scope="col">Finding</th><th scope="col">In what</th><th scope="col">Level</th>'
        '<th scope="col">Source</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        '<nav class="pager" aria-label="Pages of the table" data-part="pager" hidden>'
        '<button type="button" data-act="previous">‹ Previous 100</button> <span data-part="place"></span> '
        '<button type="button" data-act="next">Next 100 ›</button></nav>'
        f"{_actions()}"
        "<noscript><p>Filters and further rows need JavaScript; the whole table does not.</p></noscript>"
        '<p>Every finding, whatever the filters say: <a href="../data/findings.csv">findings.csv</a>.</p></div>'
    )


def _form(offered: list[Facet], years: list[str]) -> str:
    sorts = "".join(f'<option value="{value}">{label}</option>' for value, label in SORTS)
    main = "".join(_fieldset(f) for f in offered if not f.themes)
    special = "".join(_fieldset(f) for f in offered if f.themes)
    return (
        '<form class="filters" data-part="form" role="search" aria-label="Findings" hidden>'
        '<div class="line"><label class="words">Words in claim, title or author'
        '<input type="search" name="q" autocomplete="off" spellcheck="false"></label>'
        f'<label>Sort<select name="sort">{sorts}</select></label></div>'
        '<details class="all" open><summary>Filters</summary>'
        f'<div class="facets">{main}{_years(years)}</div>'
        '<details class="more"><summary>Filters of single themes</summary>'
        f'<div class="facets">{special}</div></details></details></form>'
    )


def _years(years: list[str]) -> str:
    first, last = (years[0], years[-1]) if years else ("", "")
    inputs = "".join(
        f'<label class="year">{word} <input type="number" name="{word}" min="{first}" max="{last}" '
        f'placeholder="{hint}"></label> '
        for word, hint in (("from", first), ("to", last))
    )
    return (
        '<details class="facet" data-facet="year"><summary>year<span class="chosen"></span></summary>'
        f"<fieldset><legend>year</legend>{inputs}</fieldset></details>"
    )


def _fieldset(facet: Facet) -> str:
    boxes = "".join(
        f'<label class="box"><input type="checkbox" name="{esc(facet.name)}" value="{esc(word)}">'
        f'<span>{esc(display(facet.name, word))}</span><span class="count">{count:,}</span></label>'
        for word, count in zip(facet.words, facet.counts, strict=True)
    )
    legend = esc(facet.label) + (f" <small>({esc(', '.join(facet.themes))})</small>" if facet.themes else "")
    many = " many" if len(facet.words) > _MANY else ""
    return (
        f'<details class="facet" data-facet="{esc(facet.name)}"><summary>{legend}<span class="chosen"></span></summary>'
        f'<fieldset class="boxes{many}"><legend>{legend}</legend>{boxes}</fieldset></details>'
    )


_DISPLAY: dict[str, Callable[[str], str]] = {
    "direction": lambda word: f"{tables.SIGN[word]} {tables.WORD[word]}",
    "level": lambda word: f"{word} {fields.LEVEL_MEANING[word].partition(':')[0]}",
    "reading": lambda word: f"read {word}" if word != "disputed" else word,
}


def display(facet: str, word: str) -> str:
    """A word of a filter as a reader sees it."""
    return _DISPLAY.get(facet, str)(word)


def _actions() -> str:
    kinds = "".join(
        f'<button type="button" data-download="{kind}">{label}</button> '
        for kind, label in (("csv", "CSV"), ("json", "JSON"), ("bib", "BibTeX"), ("ris", "RIS"))
    )
    return (
        '<div class="actions" data-part="actions" hidden>'
        '<span role="group" aria-label="Download the findings shown by the filters">Download: '
        f"{kinds}</span>"
        '<button type="button" data-act="link">Copy link to this view</button> '
        '<span role="status" data-part="said"></span></div>'
    )
