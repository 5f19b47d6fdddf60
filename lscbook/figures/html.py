"""HTML from templates: one environment for every room that makes any, and every value in it is escaped.

Text becomes markup in a template and nowhere else. What a template is given is plain text, numbers and
data; the few things that are markup already (a picture, a table of pandas) are marked so where they are made.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, cast

import jinja2
from markupsafe import Markup

from lscbook import addresses
from lscbook.evidence import fields, proposition
from lscbook.figures import telling
from lscbook.pubmed import reference
from lscbook.synthesis import counts
from lscbook.synthesis.book import Book

HERE = Path(__file__).parent / "templates"


def environment(*folders: Path) -> jinja2.Environment:
    """The environment over the templates of this room, then those of `folders`; an unknown name is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([HERE, *folders]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["thousands"] = "{:,}".format
    made.globals.update(addresses=addresses, up=addresses.UP)
    return made


class Macros(Protocol):
    """The macros of a template, each a function that gives markup."""

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        """The macro of this name."""


class Html:
    """Templates filled with what one book says: `marks` are the macros of `marks.html`."""

    def __init__(self, book: Book, *folders: Path) -> None:
        self.book = book
        self._environment = environment(*folders)
        self._environment.globals.update(
            book=book,
            as_of=book.as_of,
            sign=telling.SIGN,
            said=telling.WORD,
            level_meaning=fields.LEVEL_MEANING,
            cite=telling.cite,
            place=telling.place,
            details=telling.details,
            size_of_effect=telling.size_of_effect,
            proposition=lambda located: proposition.of(located.finding, book.vocabulary),
            stances=counts.stances,
            reference_of=telling.listed,
            source=reference.source,
            caveat=reference.caveat,
            reading=lambda located: telling.reading(book, located),
            term_address=self._term_address,
        )
        self.marks = self.macros("marks.html")

    def fill(self, template: str, **values: Any) -> Markup:
        """The template, filled."""
        return Markup(self._environment.get_template(template).render(values))  # noqa: S704  escaped in the template

    def macros(self, template: str, **values: Any) -> Macros:
        """The macros of a template, which know `values` beside what every template knows."""
        return cast(Macros, self._environment.get_template(template).make_module(values))

    def _term_address(self, kinds: tuple[str, ...], identifier: str) -> str:
        """The page of a term, in the first of `kinds` that has it, or '' where none has."""
        found = self.book.vocabulary.get(kinds, identifier)
        return self.book.page_of(found.kind, identifier) if found and found.kind in addresses.ENTITIES else ""
