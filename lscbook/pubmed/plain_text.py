"""The plain text of an element: markup dropped, what is raised or lowered as Unicode, formulas on one line."""

import html
import re
from collections.abc import Callable
from functools import lru_cache

from lscbook.pubmed.document import Element
from lscbook.text import one_line, subscript, superscript

_CHARACTER_REFERENCE = re.compile(r"&#(?:\d+|x[0-9a-fA-F]+);")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SIGN_APART = re.compile(r"(^|\s)([-+])\s+(?=[0-9])")
_POWER = re.compile(r"[-+]?[0-9][0-9.,/]*|-\w+")  # read as something else where nothing shows that it is raised


def plain(element: Element | None) -> str:
    """Text of an element on one line; '' of none."""
    if element is None:
        return ""
    if len(element):
        return clean(_text(element))
    text = element.text
    if not text:
        return ""
    return _short(text) if len(text) <= SHORT else clean(text)


def clean(text: str | None) -> str:
    """Text on one line in NFC, with character references that were escaped twice read."""
    if not text:
        return ""
    if text.isascii() and "&#" not in text:  # what most fields are
        # a blank is the only white space that can be printed
        return text.strip() if text.isprintable() and "  " not in text else " ".join(text.split())
    return one_line(_CHARACTER_REFERENCE.sub(lambda m: html.unescape(m.group()), text))


# names, journals and words of an index come again and again; the bound keeps memory flat
SHORT = 48
_short = lru_cache(maxsize=32_768)(clean)


def _text(element: Element) -> str:
    name = str(element.tag).rpartition("}")[2]
    if name in _FORMULAS:
        parts = [_text(child) for child in element if isinstance(child.tag, str)]
        number, read = _FORMULAS[name]
        if number in {0, len(parts)}:
            return read(element, parts)
    inner = element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            inner += _text(child)
        inner += child.tail or ""
    return _MARKS[name](inner) if name in _MARKS else inner


def raised(text: str) -> str:
    """A superscript, whatever its dash and its blanks; a power without raised forms keeps a `^` before it.

    >>> raised("– 4"), raised("5.3"), raised("-/-"), raised("–"), raised("-1),"), raised("2 = ")
    ('⁻⁴', '^5.3', '-/-', '⁻', '⁻¹),', '² = ')
    """
    flat = _SIGN_APART.sub(r"\1\2", text.translate(_DASHES))
    shown = "".join(_raised(part) for part in re.split(r"(\s+)", flat))
    return text if shown == flat else shown.lstrip()


def _raised(part: str) -> str:
    number = part.rstrip(".,;:" if "(" in part else ".,;:)")
    if (shown := superscript(number)) != number and number != "=":
        return shown + part[len(number) :]
    return f"^{part}" if _POWER.fullmatch(number) else part


def _power(text: str) -> str:
    """As `raised`, but in a formula everything that is raised is a power."""
    shown = raised(_tight(text))
    return shown if shown != _tight(text) or not shown else f"^{shown}"


def _tight(text: str) -> str:
    return "".join(text.split())


def _grouped(text: str) -> str:
    """In brackets where it has more than one part."""
    tight = _tight(text)
    return tight if re.fullmatch(r"\w*|[0-9.]+|\(.*\)", tight) else f"({tight})"


def _fenced(element: Element, parts: list[str]) -> str:
    return element.get("open", "(") + ", ".join(map(_tight, parts)) + element.get("close", ")")


_MARKS: dict[str, Callable[[str], str]] = {"sup": raised, "sub": subscript}
# MathML whose parts stand above, below or beside each other: their number (0 is any), and how a line shows them.
_FORMULAS: dict[str, tuple[int, Callable[[Element, list[str]], str]]] = {
    "msup": (2, lambda _, p: _tight(p[0]) + _power(p[1])),
    "msub": (2, lambda _, p: _tight(p[0]) + subscript(_tight(p[1]))),
    "msubsup": (3, lambda _, p: _tight(p[0]) + subscript(_tight(p[1])) + _power(p[2])),
    "mfrac": (2, lambda _, p: f"{_grouped(p[0])}/{_grouped(p[1])}"),
    "mroot": (2, lambda _, p: f"{_power(p[1]).removeprefix('^')}√{_grouped(p[0])}"),
    "msqrt": (0, lambda _, p: "√" + _grouped("".join(p))),
    "mfenced": (0, _fenced),
    "mspace": (0, lambda _e, _p: " "),
    "semantics": (0, lambda _, p: p[0] if p else ""),  # the others say the same again, in TeX
}
