"""Each chapter to take away and run: as the MyST page that it is, and as a Jupyter notebook."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
from myst_nb.core.read import read_myst_markdown_notebook

from lscbook import addresses, paths
from lscbook.figures import tables
from lscbook.site.citations import base, numbers
from lscbook.text import escape_markdown

FOLDER = "notebooks"
_ROLE = re.compile(r"\{(paper|count|gloss)\}`([^`]*)`")
_DIRECTIVE = re.compile(r"^```\{references\}\n```\n?", re.MULTILINE)
_NOTE = (
    "This is a chapter of the LSC Evidence Book. Its cells read `data/evidence/` of the repository: clone that, run "
    "`make lab` there, and open this file, or the page in `book/`, in the JupyterLab that appears."
)


def write_all(out: Path) -> list[str]:
    """Write `notebooks/<chapter>.md` and `.ipynb` below `out`; the names of the chapters."""
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    for name in addresses.CHAPTERS.values():
        text = (paths.BOOK / f"{name}.md").read_text(encoding="utf-8")
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
        (folder / f"{name}.ipynb").write_text(as_notebook(text), encoding="utf-8")
    return list(addresses.CHAPTERS.values())


def as_notebook(text: str) -> str:
    """The page as a notebook without outputs, our roles written out in words and links."""
    notebook = read_myst_markdown_notebook(_DIRECTIVE.sub("", _ROLE.sub(_words, text)))
    notebook.cells.insert(0, nbformat.NotebookNode(cell_type="markdown", metadata={}, source=_NOTE))  # type: ignore[no-untyped-call]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # nbformat draws random ids
        cell.metadata.pop("tags", None)
    notebook.metadata = {k: notebook.metadata[k] for k in ("kernelspec",)}
    nbformat.validate(notebook)
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _words(role: re.Match[str]) -> str:
    plain: dict[str, Callable[[str], str]] = {"paper": _papers, "count": lambda n: str(numbers()[n]), "gloss": _shown}
    return plain[role[1]](role[2])


def _shown(text: str) -> str:
    return re.sub(r"\s*<.*>$", "", text)


def _papers(text: str) -> str:
    _, evidence = base()
    cited = []
    for reference in (part.strip() for part in text.split(",")):
        record = evidence.records.get(reference) or evidence.records[reference.rpartition("/")[0]]
        cited.append(f"[{escape_markdown(tables.cite(record))}]({addresses.pubmed(record.key)})")
    return "; ".join(cited)


def links(chapter: str) -> str:
    """Where a reader takes the chapter, in HTML."""
    at = f"{addresses.UP}{FOLDER}/{chapter}"
    return (
        f'<p class="take">Take this chapter and run it: <a href="{at}.ipynb" download>notebook (.ipynb)</a> · '
        f'<a href="{at}.md" download>MyST (.md)</a></p>'
    )
