"""Text as it comes from PubMed and from people: plain form, sentences, safe normalisation, escape.

Everything that arrives from outside is untrusted. `escape_markdown` is the only way by which such text
reaches Markdown; into HTML it comes through the autoescaped templates of `figures/html.py`.
"""

import hashlib
import re
import unicodedata
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING

import sentencex

if TYPE_CHECKING:  # pydantic takes its time, and most who read text need none
    from pydantic import ValidationError

NORMALISER = 1  # raise it when `normalise` or `split_sentences` gives another text or other spans
SPLITTER = f"sentencex-{version('sentencex')}+{NORMALISER}"  # written beside what was split

# What a reader of the diff cannot see, wherever it stands in a file: controls but tab and newline, soft hyphen and
# joiners, blank fillers, marks that turn text around, byte-order mark, private and tag characters. Classes of
# characters, as a browser reads them too (with the flag `u`).
HIDDEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)

UNSEEN = "an invisible character (U+{code}) at column {column}; delete it, and type the text around it again"

_SUPERSCRIPT = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

# Dashes and minus signs all fold to "-", which keeps CD34- apart from CD34+; spaces fold to one (`split`).
_DASH = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")
_DASHES = re.compile(f"[{''.join(_DASH)}]")
_QUOTE = frozenset("‘’‚‛′“”„‟″")
_QUOTES = str.maketrans("‘’‚‛′“”„‟″", "'''''\"\"\"\"\"")
_DOT = frozenset("·‧∙⋅")
_MIDDLE_DOT = re.compile(rf"(?<=\d)[{''.join(_DOT)}](?=\d)")
_BRACKETED_SIGN = re.compile(r"(?<=\w)\(([+-])\)")  # CD34(+)CD38(-)
_COMPARISONS = str.maketrans("<>", "==")
_SUPER = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUPER_RUN = re.compile(f"[{''.join(_SUPER)}]+")
_SUB = frozenset("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUB_RUN = re.compile(f"[{''.join(_SUB)}]+")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", "0123456789+-=()n")
_FROM_SUBSCRIPT = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+-=()")


def superscript(text: str) -> str:
    """Superscript as Unicode where each character has one, else the text as it is.

    >>> superscript("6"), superscript("ITD")
    ('⁶', 'ITD')
    """
    raised = text.translate(_SUPERSCRIPT)
    return raised if _SUPER_RUN.fullmatch(raised) else text


def subscript(text: str) -> str:
    """Subscript as Unicode where each character has one, else the text as it is.

    >>> subscript("2")
    '₂'
    """
    lowered = text.translate(_SUBSCRIPT)
    return lowered if _SUB_RUN.fullmatch(lowered) else text


def one_line(text: str) -> str:
    """NFC, and every run of white space one space."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text).split())


def normalise(text: str) -> str:
    r"""Fold what differs between copies of one text, and keep what changes its meaning.

    Dashes, quotes, spaces, middle dots and compatibility forms are folded. Signs, comparisons and
    raised figures keep their meaning: `10⁶` becomes `10^6`, never `106`, and `⁺` becomes `+`.

    >>> normalise("CD34⁺CD38− cells, 0·52, 1 in 10⁶, p\u2009<\u20090.05")
    'CD34+CD38- cells, 0.52, 1 in 10^6, p < 0.05'
    >>> normalise("CD34+CD38-") == normalise("CD34-CD38+")
    False
    """
    if not text.isascii():
        text = _fold_unicode(text)
    if "(+)" in text or "(-)" in text:
        text = _BRACKETED_SIGN.sub(r"\1", text)
    return " ".join(text.split())


def _fold_unicode(text: str) -> str:
    """What `normalise` folds beyond ASCII; each pass runs over the text only where it has something to do."""
    characters = set(text)
    if characters & _SUPER:
        text = _SUPER_RUN.sub(_plain_superscript, text)
    if characters & _SUB:
        text = _SUB_RUN.sub(lambda run: run.group().translate(_FROM_SUBSCRIPT), text)
    if (folded := unicodedata.normalize("NFKC", text)) != text:
        text, characters = folded, set(folded)
    if characters & _DASH:
        text = _DASHES.sub("-", text)
    if characters & _QUOTE:
        text = text.translate(_QUOTES)
    return _MIDDLE_DOT.sub(".", text) if characters & _DOT else text


def _plain_superscript(run: re.Match[str]) -> str:
    flat = run.group().translate(_FROM_SUPERSCRIPT)
    if flat in {"+", "-"} or flat[0] == "(":  # CD34⁺
        return flat
    before = run.string[run.start() - 1] if run.start() else ""
    return f"^{flat}" if before.isdigit() or before == ")" else flat


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`, in characters; a line break always ends a sentence.

    >>> [ "One case died."[a:b] for a, b in split_sentences("One case died.")]
    ['One case died.']
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        spans.extend((start + a, start + b) for a, b in _line_spans(line))
        start += len(line) + 1
    return spans


def _line_spans(line: str) -> list[tuple[int, int]]:
    # "<50% … >" is no quotation, within which sentencex would not split
    found = sentencex.get_sentence_boundaries("en", line.translate(_COMPARISONS)) if line.strip() else []
    cuts = [0, *(boundary["start_index"] for boundary in found), len(line)]
    spans = []
    for begin, end in pairwise(cuts):
        piece = line[begin:end]
        if piece.strip():
            left = begin + len(piece) - len(piece.lstrip())
            spans.append((left, begin + len(piece.rstrip())))
    return spans


def digest(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the normalised text."""
    return hashlib.sha256(normalise(text).encode("utf-8")).hexdigest()[:16]


def printable(text: str) -> str:
    r"""Text for a terminal or a log: what cannot be seen, or turns the line around, is written as its escape.

    >>> printable("a\u202eb\r")
    'a\\u202eb\\r'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>:$%@&^=\"'])")


def escape_markdown(text: str) -> str:
    r"""Text for a paragraph or a table cell of MyST Markdown, with nothing live in it.

    >>> escape_markdown("*a* [b](c) <i>")
    '\\*a\\* \\[b\\]\\(c\\) \\<i\\>'
    """
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def first_fault(error: "ValidationError", whole: str) -> str:
    """The first thing that is wrong, with its field, or with `whole` where it has none: `as_of is 'soon'`."""
    fault = error.errors(include_url=False)[0]
    where = ".".join(map(str, fault["loc"])) or whole
    return f"{where} is missing" if fault["type"] == "missing" else f"{where} is {fault['input']!r:.60}"
