"""What Sphinx loads: roles and directives of the book, and the page without third parties."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from lscbook import __version__
from lscbook.site import citations, form, icons

HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect everything; called by Sphinx."""
    app.add_role("paper", citations.PaperRole())
    app.add_role("count", citations.CountRole())
    app.add_directive("references", citations.References)
    app.connect("config-inited", _without_thebe, priority=900)
    app.connect("config-inited", _with_our_files)
    app.connect("env-get-outdated", _all_when_data_changed)
    app.connect("html-page-context", _light_page, priority=950)
    form.connect(app)
    app.connect("build-finished", icons.finish_pages)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _without_thebe(app: Sphinx, _config: Any) -> None:
    """Jupyter Book loads thebe always; its listeners put a third-party script on each page."""
    for name, listeners in app.events.listeners.items():
        app.events.listeners[name] = [
            listener
            for listener in listeners
            if not (getattr(listener.handler, "__module__", "") or "").startswith("sphinx_thebe")
        ]


def _with_our_files(app: Sphinx, config: Any) -> None:
    config.templates_path.append(str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "assets"))
    app.add_css_file("book.css", priority=900)


def _all_when_data_changed(
    app: Sphinx, _env: Any, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """A page shows data, so a page is as old as the data: all are read again."""
    return sorted(app.env.found_docs)


def _light_page(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Drop what a page of text and pictures does not use, and what comes from elsewhere."""

    def stays(item: Any) -> bool:
        name = str(getattr(item, "filename", item) or "")
        body = str(getattr(item, "attributes", {}).get("body", ""))
        dropped = ("thebe", "mathjax", "require", "fontawesome.js")
        return not any(word in name.lower() for word in dropped) and "THEBE" not in body

    for kind in ("script_files", "css_files"):
        context[kind] = [item for item in context.get(kind, []) if stays(item)]
