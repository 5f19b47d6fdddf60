"""PubMed's query language, as far as the double takes it, evaluated on the index."""

import re
import sqlite3

import lark

from tests.eutils_double.index import words

GRAMMAR = r"""
    start: chain
    chain: item (OPERATOR? item)*
    ?item: "(" chain ")" | range | leaf
    range: DATE "[" TAG "]" ":" DATE "[" TAG "]" | DATE ":" DATE "[" TAG "]"
    leaf: (PHRASE | WORD) ("[" TAG "]")?
    OPERATOR.3: /(AND|OR|NOT)(?=[\s(])/
    DATE.2: /"?\d{4}(\/\d{1,2}){0,2}"?(?=\s*[:\[])/
    TAG: /[A-Za-z \-:]+/
    PHRASE: /"[^"]*"/
    WORD: /[^\s()\[\]":]+/
    %ignore /\s+/
"""
PARSER = lark.Lark(GRAMMAR, parser="earley")
DATES = {"dp": "dp", "pdat": "dp", "crdt": "crdt", "edat": "edat", "mdat": "mdat"}
COLUMNS = {
    "tiab": "tiab",
    "ti": "ti",
    "mh": "mh",
    "pt": "pt",
    "au": "au",
    "la": "la",
    "title/abstract": "tiab",
    "mesh terms": "mh",
    "publication type": "pt",
    "title": "ti",
}


class Unreadable(ValueError):
    """The term cannot be read."""


class Search:
    """One evaluation: the PMIDs, the translation, and the phrases that found nothing."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self.base = base
        self.not_found: list[str] = []

    def run(self, term: str) -> tuple[set[int], str]:
        """PMIDs and QueryTranslation of a term."""
        try:
            tree = PARSER.parse(term)
        except lark.exceptions.LarkError as error:
            raise Unreadable(str(error)) from error
        return self._chain(tree.children[0])

    def _chain(self, node):
        found, shown = self._item(node.children[0])
        operator = "AND"
        for child in node.children[1:]:
            if isinstance(child, lark.Token):
                operator = str(child)
                continue
            more, text = self._item(child)
            found = found & more if operator == "AND" else found | more if operator == "OR" else found - more
            shown = f"{shown} {operator} {text}"
            operator = "AND"
        return found, shown

    def _item(self, node):
        if node.data == "chain":
            found, shown = self._chain(node)
            return found, f"({shown})"
        if node.data == "range":
            dates = [str(t).strip('"') for t in node.children if t.type == "DATE"]
            tag = str(next(t for t in node.children if t.type == "TAG")).lower()
            return self.between(tag, *dates), f"{dates[0]}:{dates[1]}[{tag}]"
        text = str(node.children[0])
        tag = str(node.children[1]).strip().lower() if len(node.children) > 1 else "all fields"
        return self._leaf(text.strip('"'), tag), f"{text}[{tag}]"

    def between(self, tag: str, low: str, high: str) -> set[int]:
        """PMIDs whose date lies in a closed range; a year or a month stands for all of it."""
        column = DATES.get(tag)
        if column is None:
            raise Unreadable(f"no date field {tag}")
        low, high = _pad(low, "01"), _pad(high, "31")
        rows = self.base.execute(f"SELECT pmid FROM article WHERE {column} BETWEEN ? AND ?", (low, high))
        return {row[0] for row in rows}

    def _leaf(self, text: str, tag: str) -> set[int]:
        if tag in {"uid", "pmid"}:
            rows = self.base.execute("SELECT pmid FROM article WHERE pmid = ?", (text,))
        elif tag in {"doi", "aid"}:
            rows = self.base.execute("SELECT pmid FROM article WHERE doi = ?", (text.lower(),))
        elif tag in DATES:
            return self.between(tag, text, text)
        else:
            rows = self.base.execute("SELECT rowid FROM words WHERE words MATCH ?", (self._match(text, tag),))
        found = {row[0] for row in rows}
        if not found:
            self.not_found.append(f"{text}[{tag}]")
        return found

    def _match(self, text: str, tag: str) -> str:
        bare = words(text)
        if not bare:
            raise Unreadable(f"nothing to search in {text!r}")
        star = "*" if text.endswith("*") else ""
        if tag == "all fields":
            return f'"{bare}"{star}'
        column = COLUMNS.get(tag)
        if column is None:
            raise Unreadable(f"no field {tag}")
        if column in {"mh", "pt"}:
            return f'{column} : "zzbegin {bare} zzend"'
        return f'{column} : "{bare}"{star}'


def _pad(date: str, day: str) -> str:
    parts = re.split(r"[/-]", date)
    month = "01" if day == "01" else "12"
    return "/".join(
        [parts[0], (parts[1] if len(parts) > 1 else month).zfill(2), (parts[2] if len(parts) > 2 else day).zfill(2)]
    )
