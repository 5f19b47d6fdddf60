"""Every page on paper: running heads with its title, address, date and page number, and how to cite it at the end.

Margin boxes of `@page` take text from a style sheet alone, so each page carries a small one of its own.
"""

import re
from html import unescape

from markupsafe import Markup

from lscbook.figures.html import Macros

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_BOOK = re.compile(r"\s*(?:·|—|–|-)\s*LSC Evidence Book\s*$")
_LONG = 80  # characters of a running head
_PLAIN = re.compile(r"[^A-Za-z0-9 ,.:;()/_-]")
_FOOT = '<p class="snapshot-age"'


def prepared(address: str, page: str, macros: Macros, base: str, as_of: str) -> str:
    """The page ready for paper; as it is where it is no page of the book (no foot with the age of the snapshot).

    `base` is the address of the site, or '' where none is configured; `address` is the page's below it.
    """
    title = _TITLE.search(page)
    if not title or _FOOT not in page:
        return page
    name = _BOOK.sub("", " ".join(unescape(title[1]).split()))
    short = name if len(name) <= _LONG else f"{name[: _LONG - 2].rpartition(' ')[0]} …"
    at, date = f"{base}{address}", f"snapshot of {as_of}"
    margins = str(macros.margins(*(Markup(css_string(text)) for text in (short, at, date))))  # noqa: S704  plain ASCII
    cited = str(macros.cited(f"LSC Evidence Book, {name} ({at}), {date}."))
    page = page.replace("</head>", f"{margins}</head>", 1).replace("<html ", f'<html data-printed="{date}" ', 1)
    return page.replace(_FOOT, f"{cited}{_FOOT}", 1)


def css_string(text: str) -> str:
    r"""Text as the inside of a CSS string: whatever is no plain letter is written by its number.

    >>> css_string('A "b" </style>')
    'A \\000022b\\000022 \\00003C/style\\00003E'
    """
    return _PLAIN.sub(lambda m: f"\\{ord(m[0]):06X}", text)
