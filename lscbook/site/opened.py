"""What one build of the site works with: the book, opened once, and the templates and files made of it.

It hangs on Sphinx's application from `builder-inited` on; whatever renders takes it as an argument.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from lscbook import exports
from lscbook.figures.html import Html
from lscbook.synthesis.book import Book

HERE = Path(__file__).parent
TEMPLATES = tuple(
    HERE / room for room in ("fragments", "browser/templates", "form/templates", "pages/templates", "templates")
)


@dataclass(frozen=True)
class Site:
    """A book and how it is shown. `repository` is the address at GitHub that the form writes to, or empty."""

    book: Book
    repository: str = ""

    @cached_property
    def html(self) -> Html:
        """The templates of all rooms of the site, filled from the book."""
        return Html(self.book, *TEMPLATES)

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The exported files by path: made for the page that lists them, written once the pages are done."""
        return exports.everything(self.book)


def open_site(app: Sphinx) -> None:
    """Open the book of this build; listens to `builder-inited`."""
    app.lscbook_site = Site(Book.open(app.config.html_baseurl), app.config.lscbook_repository)  # type: ignore[attr-defined]


def of_app(app: Sphinx) -> Site:
    """The site of a build."""
    return cast(Site, app.lscbook_site)  # type: ignore[attr-defined]


def of_env(env: BuildEnvironment) -> Site:
    """The site of a build, for a role or a directive."""
    return of_app(env.app)
