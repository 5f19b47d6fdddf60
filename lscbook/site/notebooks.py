"""Each chapter to take away and run: as the MyST page that it is, and as a Jupyter notebook that says what it needs."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
from markupsafe import Markup
from myst_nb.core.read import read_myst_markdown_notebook

from lscbook import addresses, paths
from lscbook.figures.telling import cite
from lscbook.site import take_away
from lscbook.site.opened import Site
from lscbook.synthesis.book import Book
from lscbook.text import escape_markdown

FOLDER = "notebooks"
_ROLE = re.compile(r"\{(paper|count|gloss)\}`([^`]*)`")
_DIRECTIVE = re.compile(r"^```\{references\}\n```\n?", re.MULTILINE)
NAMES = (*addresses.CHAPTERS.values(), "work-with-the-data")
_HIDDEN = {"remove-cell"}
_NOTE = """This is a page of the LSC Evidence Book, snapshot of {as_of}, as a notebook. It needs Python 3.11 or newer, \
and one archive with the data and the library. In a shell, in the folder of this notebook ({site}):

```sh
{fetch}
python3 -m zipfile -e {archive} .
python3 -m venv lsc-env
lsc-env/bin/python -m pip install -r {name}/{packages}
lsc-env/bin/jupyter lab {notebook}
```"""
_FIRST = """import sys

sys.path.insert(0, '{name}')  # where the archive was unpacked; in the repository `make lab` needs no line of this"""
_UNKNOWN = "`SITE` is the address of this book: what stands in your browser's bar before `/book/`"


def write_all(out: Path, book: Book) -> list[str]:
    """Write `notebooks/<chapter>.md` and `.ipynb` below `out`; the names of the chapters."""
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    for name in NAMES:
        text = (paths.BOOK / f"{name}.md").read_text(encoding="utf-8")
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
        (folder / f"{name}.ipynb").write_text(as_notebook(text, book, name), encoding="utf-8")
    (folder / take_away.ARCHIVE).write_bytes(take_away.archive())
    return list(NAMES)


def as_notebook(text: str, book: Book, name: str) -> str:
    """The page as a notebook without outputs, our roles written out in words and links; first, what it needs."""
    notebook = read_myst_markdown_notebook(_DIRECTIVE.sub("", _ROLE.sub(partial(_words, book), text)))
    shown = [cell for cell in notebook.cells if not _HIDDEN & set(cell.metadata.get("tags", ()))]
    note, first = needs(book, name), _FIRST.format(name=take_away.NAME)
    notebook.cells = [nbformat.v4.new_markdown_cell(note), nbformat.v4.new_code_cell(first), *shown]  # type: ignore[no-untyped-call]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # nbformat draws random ids
        cell.metadata.pop("tags", None)
    notebook.metadata = {k: notebook.metadata[k] for k in ("kernelspec",)}
    nbformat.validate(notebook)
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def needs(book: Book, name: str) -> str:
    """Where to get what the notebook needs, as lines of a shell."""
    address = f"{book.base or '$SITE/'}{FOLDER}/{take_away.ARCHIVE}"
    return _NOTE.format(
        as_of=book.as_of,
        site=f"from {book.base}" if book.base else _UNKNOWN,
        fetch=f'curl -fsSLO "{address}"',
        archive=take_away.ARCHIVE,
        name=take_away.NAME,
        packages=take_away.PACKAGES,
        notebook=f"{name}.ipynb",
    )


def _words(book: Book, role: re.Match[str]) -> str:
    plain: dict[str, Callable[[str], str]] = {
        "paper": partial(_papers, book),
        "count": lambda name: str(book.numbers[name]),
        "gloss": _shown,
    }
    return plain[role[1]](role[2])


def _shown(text: str) -> str:
    return re.sub(r"\s*<.*>$", "", text)


def _papers(book: Book, text: str) -> str:
    records = book.evidence.records
    cited = []
    for reference in (part.strip() for part in text.split(",")):
        record = records.get(reference) or records[reference.rpartition("/")[0]]
        cited.append(f"[{escape_markdown(cite(record))}]({addresses.pubmed(record.key)})")
    return "; ".join(cited)


def links(site: Site, chapter: str) -> Markup:
    """Where a reader takes the chapter."""
    return site.html.macros("start_page.html").take_chapter(f"{addresses.UP}{FOLDER}/{chapter}")
