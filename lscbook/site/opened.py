"""What one build of the site works with: the book, opened once, and the templates and files made of it.

It hangs on Sphinx's application from `builder-inited` on; whatever renders takes it as an argument.
"""

import gc
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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


class Files(Mapping[str, bytes]):
    """Files by their path below a folder, each read when it is asked for; made where there is no such folder yet."""

    def __init__(self, folder: Path, made: Iterable[tuple[str, bytes]]) -> None:
        self._folder = folder
        if not folder.exists():
            begun = Path(tempfile.mkdtemp(dir=folder.parent))
            for path, data in made:
                (begun / path).parent.mkdir(parents=True, exist_ok=True)
                (begun / path).write_bytes(data)
            try:
                begun.rename(folder)
            except OSError:  # a page that is made beside this one was faster; the same data give the same bytes
                shutil.rmtree(begun)
        self._paths = sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())

    def __getitem__(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            KeyError: there is none.
        """
        try:
            return (self._folder / path).read_bytes()
        except OSError as error:
            raise KeyError(path) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@dataclass(frozen=True)
class Site:
    """A book and how it is shown.

    `repository` is the address at GitHub that the form writes to, or empty; `kept` the folder in which the exported
    files are, or are to be; `shown` what `{show}` gave already, by call.
    """

    book: Book
    repository: str = ""
    kept: Path | None = None
    shown: dict[str, str] = field(default_factory=dict)

    @cached_property
    def html(self) -> Html:
        """The templates of all rooms of the site, filled from the book."""
        return Html(self.book, *TEMPLATES)

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The exported files by path: made for the page that lists them, written once the pages are done."""
        return Files(self.kept, exports.one_by_one(self.book)) if self.kept else exports.everything(self.book)


def open_site(app: Sphinx) -> None:
    """Open the book of this build; listens to `builder-inited`."""
    gc.disable()  # the book stays as long as the build: no collector need look through it, here or in a fork
    book = Book.open(app.config.html_baseurl)
    gc.freeze()
    gc.enable()
    app.lscbook_site = Site(book, app.config.lscbook_repository, kept_in(app) / "files")  # type: ignore[attr-defined]


def kept_in(app: Sphinx) -> Path:
    """Where outputs of notebooks and what is shown are kept from build to build."""
    return Path(app.config.nb_execution_cache_path or Path(app.outdir).parent / ".jupyter_cache")


def of_app(app: Sphinx) -> Site:
    """The site of a build."""
    return cast(Site, app.lscbook_site)  # type: ignore[attr-defined]


def of_env(env: BuildEnvironment) -> Site:
    """The site of a build, for a role or a directive."""
    return of_app(env.app)
