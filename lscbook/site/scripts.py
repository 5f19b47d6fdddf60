"""Data as classic scripts, which a page can load from a server and from disk under a strict policy."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from lscbook.addresses import CHAPTERS
from lscbook.exports.documents import line

# Scripts and style sheets of single pages, in the order in which they run; no other page gets them.
OF_PAGE = {
    **{f"book/{chapter}": ("figures.js", "chapter.js") for chapter in CHAPTERS.values()},
    "book/evidence": (
        "evidence.css",
        "words.js",
        "evidence-view.js",
        "evidence-filter.js",
        "evidence-parts.js",
        "evidence.js",
    ),
    "book/contribute": ("form.js",),
    "book/the-literature": ("gap-map.js",),
    "search": ("evidence.css", "words.js", "search-index.js", "search-ask.js", "search.js"),
}
# None of these can end a script, open a comment or break a line, wherever the text comes to stand.
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def assignment(name: str, data: Any) -> str:
    r"""A script that sets `window.<name>`; text in it stays text.

    >>> assignment("lscDemo", {"claim": "</script>"})
    'window.lscDemo={"claim":"\\u003c/script\\u003e"};\n'
    """
    return f"window.{name}={_literal(data)};\n"


def member(name: str, key: str, data: Any) -> str:
    r"""A script that adds a member to `window.<name>`, for data that come in parts.

    >>> member("lscParts", "rows-0", ["<tr>"])
    '(window.lscParts||={})["rows-0"]=["\\u003ctr\\u003e"];\n'
    """
    return f"(window.{name}||={{}})[{_literal(key)}]={_literal(data)};\n"


def _literal(data: Any) -> str:
    text = line(data)
    for sign, escaped in _ESCAPED.items():  # four times as fast as to translate
        text = text.replace(sign, escaped)
    return text


def write(out: Path, name: str, file: str, data: Any) -> None:
    """Write the script among the static files of a built site."""
    (out / "_static" / file).write_text(assignment(name, data), encoding="utf-8", newline="\n")


def of_page(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _tree: Any) -> None:
    """Give a page the files that it alone uses; listens to `html-page-context`."""
    for file in OF_PAGE.get(page, ()):
        if file.endswith(".css"):
            app.add_css_file(file, priority=910)
        else:
            app.add_js_file(file, loading_method="defer")
