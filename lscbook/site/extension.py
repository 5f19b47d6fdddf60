"""What Sphinx loads: roles and directives of the book, and the page without third parties."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from lscbook import __version__, addresses, exports
from lscbook.site import (
    chart_files,
    citations,
    downloads,
    executing,
    explaining,
    finishing,
    glossary,
    notebooks,
    opened,
    printing,
    scripts,
    show_directive,
    side_by_side,
    start_page,
)
from lscbook.site.browser import page as browser_page
from lscbook.site.form import page as form_page
from lscbook.site.opened import Site
from lscbook.site.pages import terms_and_papers as term_pages
from lscbook.site.search import index as search_index
from lscbook.synthesis.book import CC_BY
from lscbook.vocabulary.abbreviations import Abbreviations

HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect everything; called by Sphinx."""
    app.add_config_value("lscbook_repository", "", "html", [str])
    app.add_role("paper", citations.PaperRole())
    app.add_role("count", citations.CountRole())
    app.add_role("gloss", glossary.GlossRole())
    app.add_directive("references", citations.References)
    app.add_directive("show", show_directive.Show)
    app.connect("config-inited", _without_thebe, priority=900)
    app.connect("config-inited", _with_our_files)
    app.connect("config-inited", executing.from_cache)
    app.connect("env-get-outdated", _all_when_data_changed)
    app.connect("env-before-read-docs", executing.run)
    app.connect("builder-inited", opened.open_site)
    app.connect("builder-inited", search_index.without_sphinx_search)
    app.connect("html-collect-pages", search_index.search_page)
    app.connect("html-page-context", scripts.of_page)
    app.connect("html-page-context", _light_page, priority=950)
    app.connect("html-page-context", _described)
    app.connect("html-page-context", _below_the_text)
    app.connect("build-finished", _write_beside)
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
    config.html_static_path += [str(HERE / room / "assets") for room in ("", "browser", "search", "form", "pages")]
    app.add_css_file("book.css", priority=900)
    app.add_js_file("book.js", loading_method="defer")


def _described(app: Sphinx, _page: str, _template: str, context: dict[str, Any], tree: Any) -> None:
    """Tell search engines what a page is: its first paragraph, or the title of a page that has none."""
    first = next(iter(tree.findall(nodes.paragraph)), None) if tree is not None else None
    text = first.astext() if first is not None else f"{context.get('title') or 'Search'}, {app.config.html_title}"
    context["description"] = shorten(text, 200, placeholder=" …")


def _below_the_text(app: Sphinx, page: str, _template: str, context: dict[str, Any], tree: Any) -> None:
    """The date of the snapshot on every page of the book; under a chapter also the chapter to take away."""
    if tree is None:
        return
    site = opened.of_app(app)
    chapter = page.removeprefix("book/")
    if chapter in notebooks.NAMES:
        context["body"] += str(notebooks.links(site, chapter))
    context["body"] += str(start_page.snapshot_age(site))


def _write_beside(app: Sphinx, exception: Exception | None) -> None:
    """Everything of the site that is no page of the book, and the finish of all."""
    if exception or app.builder.format != "html":
        return
    cited = {
        key: {app.env.titles[name].astext(): f"{addresses.UP}{name}.html" for name in names}
        for key, names in citations.citations(app.env).items()
    }
    site = opened.of_app(app)
    out = Path(app.outdir)
    chart_files.take_out(out, _about_figures(site))
    longest_first: list[Callable[[], object]] = [
        partial(term_pages.write_all, out, site, cited),
        partial(search_index.write, out, app.env.found_docs, site.book),
        partial(browser_page.write, out, site),
        partial(downloads.write, out, site),
        partial(notebooks.write_all, out, site.book),
        partial(form_page.write, out, site),
    ]
    side_by_side.done(longest_first)
    exports.write_maps(out, site.book)
    finishing.finish(out, _dressed(site))


def _dressed(site: Site) -> Callable[[str, str], str]:
    """What explains the abbreviations of a page and readies it for paper.

    The browser draws any finding, so its page explains the abbreviations of all.
    """
    book = site.book
    told = "\n".join(f"{f.finding.claim}\n{f.finding.note or ''}" for f in book.evidence.findings)
    more = {"book/evidence.html": told}
    explained = explaining.explainer(
        Abbreviations(book.glossary, book.vocabulary),
        site.html.macros("citations.html"),
        lambda address: more.get(address, ""),
    )
    margins = site.html.macros("print.html")
    return lambda address, page: printing.prepared(address, explained(address, page), margins, book.base, book.as_of)


def _about_figures(site: Site) -> dict[str, str]:
    """What the description of each figure says of the book."""
    book = site.book
    return {"snapshot": book.as_of, "licence": f"CC BY 4.0, {CC_BY}", "cite": book.cite()}


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
        dropped = (
            "thebe",
            "mathjax",
            "require",
            "fontawesome.js",
            "doctools",
            "sphinx_highlight",
            "togglebutton",
            "design",
        )
        told = any(word in body for word in ("THEBE", "toggle"))
        return not any(word in name.lower() for word in dropped) and not told

    for kind in ("script_files", "css_files"):
        context[kind] = [item for item in context.get(kind, []) if stays(item)]
