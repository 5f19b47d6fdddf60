"""Each chapter to take away and run: as the MyST page that it is, and as a Jupyter notebook."""

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
from lscbook.site.opened import Site
from lscbook.synthesis.book import Book
from lscbook.text import escape_markdown

FOLDER = "notebooks"
_ROLE = re.compile(r"\{(paper|count|gloss)\}`([^`]*)`")
_DIRECTIVE = re.compile(r"^```\{references\}\n```\n?", re.MULTILINE)
_NOTE = (
    "This is a chapter of the LSC Evidence Book. Its cells read `data/evidence/` of the repository: clone that, run "
    "`make lab` there, and open this file, or the page in `book/`, in the JupyterLab that appears."
)


def write_all(out: Path, book: Book) -> list[str]:
    """Write `notebooks/<chapter>.md` and `.ipynb` below `out`; the names of the chapters."""
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    for name in addresses.CHAPTERS.values():
        text = (paths.BOOK / f"{name}.md").read_text(encoding="utf-8")
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
        (folder / f"{name}.ipynb").write_text(as_notebook(text, book), encoding="utf-8")
    return list(addresses.CHAPTERS.values())


def as_notebook(text: str, book: Book) -> str:
    """The page as a notebook without outputs, our roles written out in words and links."""
    notebook = read_myst_markdown_notebook(_DIRECTIVE.sub("", _ROLE.sub(partial(_words, book), text)))
    notebook.cells.insert(0, nbformat.NotebookNode(cell_type="markdown", metadata={}, source=_NOTE))  # type: ignore[no-untyped-call]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # nbformat draws random ids
        cell.metadata.pop("tags", None)
    notebook.metadata = {k: notebook.metadata[k] for k in ("kernelspec",)}
    nbformat.validate(notebook)
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


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
