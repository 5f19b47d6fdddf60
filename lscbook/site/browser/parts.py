"""What a view is made of once it is chosen: rows, lines of the CSV, JSON, BibTeX and RIS, each made once, here.

The script of the browser makes none of them: it knows a finding by its place in the order of the rows and
a paper by its place among the papers, and takes what stands there. So that a view brings only what it
shows, they lie in parts of `SIZE` under `browser-parts/`, as classic scripts that work from disk too.
"""

from collections.abc import Iterator
from pathlib import Path

from lscbook.exports import references
from lscbook.site import scripts
from lscbook.site.browser.facets import in_order, paper_keys
from lscbook.site.opened import Site

FOLDER = "browser-parts"  # no page names these files: the script makes up their addresses
SIZE = 50


def header(site: Site) -> str:
    """The first line of `findings.csv`."""
    return _lines(site, "data/findings.csv")[0]


def parts(site: Site) -> Iterator[tuple[str, list[str]]]:
    """Each part by its name, as `rows-0`: what stands at the places 0 to 49."""
    found = in_order(site.book)
    place = {located.reference: n for n, located in enumerate(site.book.evidence.findings)}
    files = {"csv": _lines(site, "data/findings.csv")[1:], "json": _lines(site, "data/findings.jsonl")}
    records = [site.book.evidence.records[key] for key in paper_keys(site.book)]
    made = {
        "rows": [str(site.html.marks.row(located)) for located in found],
        **{kind: [lines[place[located.reference]] for located in found] for kind, lines in files.items()},
        "bib": [references.bibtex(site.book, record) for record in records],
        "ris": [references.ris(site.book, record) for record in records],
    }
    for kind, items in made.items():
        for start in range(0, len(items), SIZE):
            yield f"{kind}-{start // SIZE}", items[start : start + SIZE]


def _lines(site: Site, path: str) -> list[str]:
    """The lines of an exported file; no cell has a line break in it."""
    return site.files[path].decode().removesuffix("\n").split("\n")


def write(out: Path, site: Site) -> None:
    """Write every part below the built site."""
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    for name, items in parts(site):
        (folder / f"{name}.js").write_text(scripts.member("lscParts", name, items), encoding="utf-8", newline="\n")
