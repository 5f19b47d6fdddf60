"""The evidence browser as a reader meets it before any script has run: filters and the first rows.

The columns that filters need come in a script, which the page loads when a reader first asks for it; rows and
files of a view come in parts (`parts.py`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from lscbook.evidence import fields
from lscbook.figures.telling import SIGN, WORD
from lscbook.site import scripts
from lscbook.site.browser import parts
from lscbook.site.browser.facets import columns, data, facets, in_order
from lscbook.site.opened import Site

ROWS = 100
SORTS = (("strength", "strongest evidence first"), ("year", "newest first"), ("author", "first author"))
# A list of more words than this scrolls.
_MANY = 12


def write(out: Path, site: Site) -> None:
    """Write the columns among the static files of a built site, and beside them the parts of every view."""
    scripts.write(out, "lscEvidence", "evidence-data.js", script_data(site))
    parts.write(out, site)


def script_data(site: Site) -> dict[str, Any]:
    """The columns, and how the script finds its parts."""
    return {**data(site.book), "csv": parts.header(site), "part": parts.SIZE}


def shown(site: Site) -> Markup:
    """The browser as a reader meets it before any script has run."""
    found = in_order(site.book)
    made = columns(site.book, found)
    years = made["year"].words or [""]
    macros = site.html.macros("browser.html", many=_MANY, display=display)
    papers = len({f.entry.key for f in found})
    days = made["added"].words or [""]
    return macros.browser(facets(made), (years[0], years[-1]), days, found, found[:ROWS], papers, SORTS)


_DISPLAY: dict[str, Callable[[str], str]] = {
    "direction": lambda word: f"{SIGN[word]} {WORD[word]}",
    "level": lambda word: f"{word} {fields.LEVEL_MEANING[word].partition(':')[0]}",
    "reading": lambda word: f"read {word}" if word != "disputed" else word,
}


def display(facet: str, word: str) -> str:
    """A word of a filter as a reader sees it."""
    return _DISPLAY.get(facet, str)(word)
