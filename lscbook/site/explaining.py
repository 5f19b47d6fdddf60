"""Every page explains its abbreviations: each where it first stands in running text, and all of them at the foot.

The foot is for readers whom a title on hover does not reach: by touch, by keyboard, on paper. Text inside links,
headings, code and pictures stays as it is; its abbreviations stand at the foot alone.
"""

import re
from collections.abc import Callable
from html import unescape

from markupsafe import Markup

from lscbook.figures.html import Macros
from lscbook.vocabulary.abbreviations import Abbreviations
from lscbook.vocabulary.words import Word

_TAG = re.compile(r"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>|</?([a-zA-Z0-9]+)[^>]*>", re.DOTALL)
_WHOLE = frozenset({"a", "abbr", "button", "details", "figcaption", "h1", "h2", "h3", "h4", "label", "nav", "option",
                    "select", "summary", "svg", "textarea", "title"})  # fmt: skip
# What others wrote or what is no prose: queries, programs, journals, authors, and what explains already.
_UNSEEN = frozenset({"code", "pre", "i", "dl"})
_OF_OTHERS = re.compile(r'class="(?:authors|by|card-of|others)\b')
_BODY = re.compile(r'<article class="bd-article[^>]*>|<main id="main">')
_FOOT = ('<p class="snapshot-age"', "</main>")


def explainer(abbreviations: Abbreviations, macros: Macros, more: Callable[[str], str]) -> Callable[[str, str], str]:
    """What `explain` does to the page at an address; `more` gives text that a script will put on that page."""

    def explained(address: str, page: str) -> str:
        return explain(page, abbreviations, macros, more(address))

    return explained


def explain(page: str, abbreviations: Abbreviations, macros: Macros, more: str = "") -> str:
    """The page with its abbreviations explained; as it is where it has no text of the book."""
    start, end = _own(page)
    if start == end:
        return page
    seen: dict[str, Word] = {}
    told = _told(page[start:end], abbreviations, macros, seen)
    _note(more, abbreviations, seen)
    ordered = sorted(seen.values(), key=lambda w: (w.id.casefold(), w.id))
    foot = str(macros.abbreviations(ordered)) if ordered else ""
    return f"{page[:start]}{told}{foot}{page[end:]}"


def _told(html: str, abbreviations: Abbreviations, macros: Macros, seen: dict[str, Word]) -> str:
    """The markup with the first of each abbreviation in running text marked."""
    made: list[str] = []
    marked: set[str] = set()
    inside: list[str] = []
    place = 0
    for tag in _TAG.finditer(html):
        text = html[place : tag.start()]
        made += [_marked(text, abbreviations, macros, seen, marked, inside) if text.strip() else text, tag.group()]
        place = tag.end()
        _follow(tag, inside)
    return "".join([*made, html[place:]])


def _follow(tag: re.Match[str], inside: list[str]) -> None:
    """Which elements whose text is left alone are open after a tag; `inside` holds their names, the innermost last."""
    name = (tag[1] or "").lower()
    if not name or tag.group().endswith("/>"):
        return
    if tag.group().startswith("</"):
        if inside and inside[-1].lstrip("-") == name:
            inside.pop()
    elif _OF_OTHERS.search(tag.group()):
        inside.append(f"-{name}")  # nothing in it counts, whatever the element
    elif name in _WHOLE or name in _UNSEEN or (inside and name == inside[-1].lstrip("-")):
        inside.append(f"-{name}" if name in _UNSEEN else inside[-1] if inside and name not in _WHOLE else name)


def _counts(inside: list[str]) -> bool:
    """Whether a text is the book's own."""
    return not any(name.startswith("-") for name in inside)


def _marked(
    text: str, abbreviations: Abbreviations, macros: Macros, seen: dict[str, Word], marked: set[str],
    inside: list[str],
) -> str:  # fmt: skip
    """A text between two tags."""
    if not _counts(inside):
        return text
    made, place = [], 0
    for found in abbreviations.explained(text):
        seen[found.word.id] = found.word
        if inside or found.word.id in marked:
            continue
        marked.add(found.word.id)
        # the text comes out of the page, and is escaped there
        made += [text[place : found.start], str(macros.short(found.word, Markup(text[found.start : found.end])))]  # noqa: S704
        place = found.end
    return "".join([*made, text[place:]])


def _note(text: str, abbreviations: Abbreviations, seen: dict[str, Word]) -> None:
    for found in abbreviations.explained(text):
        seen[found.word.id] = found.word


def prose(page: str) -> str:
    """What the book says on a page, as plain text: without code, authors, journals and what explains abbreviations.

    >>> prose('<main id="main"><p>MRD <code>NOT THIS</code></p></main>')
    'MRD'
    """
    start, end = _own(page)
    inside: list[str] = []
    said, place = [], start
    for tag in _TAG.finditer(page, start, end):
        said.append(page[place : tag.start()] if _counts(inside) else "")
        if tag[1] != "abbr":  # which stands within a word, as in CD34+
            said.append(" ")
        place = tag.end()
        _follow(tag, inside)
    return " ".join(unescape("".join([*said, page[place:end]])).split())


def _own(page: str) -> tuple[int, int]:
    """Where the text of the book begins and ends on a page; twice the same place where it has none."""
    body = _BODY.search(page)
    ends = [at for mark in _FOOT if body and (at := page.find(mark, body.end())) >= 0]
    return (body.end(), min(ends)) if body and ends else (0, 0)
