"""Tables as CSV, TSV and a workbook, such that words stay words and no cell is a formula.

A spreadsheet guesses what a cell of a CSV is: `+8` becomes 8, `MARCH1` the first of March, `10E5` a
million, and quotes do not hinder it. A leading apostrophe would, but it changes the data. So:

- Cells that hold words of the vocabulary are lists, written as JSON: `["+8"]`. No spreadsheet reads
  that as a number, a date or a formula, every program reads it exactly, and the Table Schema has a
  type for it (array).
- Single words and free text stand as they are. Where such a text would run as a formula (an `=` or
  `@` at its start or after a separator, a sign before a call or a pipe), it gets the apostrophe that
  OWASP advises. Our own fields refuse such text; a title from elsewhere could hold it.
- The workbook has typed cells: every word is text there, and nothing is guessed.
"""

import csv
import datetime
import io
import re
from decimal import Decimal
from typing import Any

import xlsxwriter

from lscbook.exports.columns import Kind, Table
from lscbook.exports.documents import line

_START = "=@＝＠"
_SIGN = "+-−＋－"
_MAY_RUN = re.compile(f"[{re.escape(''.join(_START) + _SIGN)}]")
# `-7/del(7q)` and `+der(1;7)` call no function; `+HYPERLINK("…")` and `-1+cmd|' /C calc'!A0` do.
_KARYOTYPE = re.compile(r"\b(?:add|del|der|dic|dup|i|idic|ins|inv|r|t|trp)\((?=[\dXY?pq])")
_CALLS = re.compile(r"[A-Za-z0-9_.]\s*\(|[|!]")
# An Excel of another country splits at semicolons or tabs, whatever the quotes say.
_PARTS = re.compile(r"([;,\t\"])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def guarded(text: str) -> str:
    """Text for a cell of a CSV, with an apostrophe before whatever would run as a formula.

    >>> guarded("=1+1"), guarded("+8"), guarded("-7/del(7q) in MDS"), guarded("a;@SUM(A1)")
    ("'=1+1", '+8', '-7/del(7q) in MDS', "a;'@SUM(A1)")
    """
    text = _CONTROL.sub(" ", text)
    if not _MAY_RUN.search(text):
        return text
    parts = _PARTS.split(text)
    return "".join(_guard(part, "".join(parts[n:])) if n % 2 == 0 else part for n, part in enumerate(parts))


def _guard(part: str, rest: str) -> str:
    bare = part.lstrip()
    runs = bare[:1] in _START if bare else False
    if bare and bare[0] in _SIGN:
        runs = bool(_CALLS.search(_KARYOTYPE.sub("", rest)))
    return f"{part[: len(part) - len(bare)]}'{bare}" if runs else part


def cell(value: Any) -> str:
    """A value as CSV holds it; a list as JSON.

    >>> cell(("+8", "MARCH1")), cell(True), cell(None), cell(94)
    ('["+8","MARCH1"]', 'true', '', '94')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return line([str(v) if not isinstance(v, int) else v for v in value])
    return str(value) if isinstance(value, int | Decimal) else guarded(str(value))


def separated(table: Table, delimiter: str = ",") -> str:
    """The table as CSV, or as TSV: UTF-8, header, quotes doubled, lines end in a line feed."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([column.name for column in table.columns])
    writer.writerows([cell(value) for value in row] for row in table.rows)
    return out.getvalue()


_WIDE = {"title": 60, "claim": 80, "note": 40}
_COUNTS = {Kind.INTEGER, Kind.YEAR}


def workbook(tables: tuple[Table, ...], about: list[tuple[str, str]], as_of: str) -> bytes:
    """All tables, a sheet each, in cells that are text unless they are counts; the last sheet says what it is."""
    out = io.BytesIO()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **never})
    book.set_properties({"created": datetime.datetime.fromisoformat(as_of)})  # else the clock
    text = book.add_format({"num_format": "@", "valign": "top"})
    bold = book.add_format({"bold": True, "num_format": "@"})
    for table in tables:
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _WIDE.get(column.name, 16))
            sheet.write_string(0, place, column.name, bold)
        for down, row in enumerate(table.rows, start=1):
            for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                if value is not None and column.kind in _COUNTS:
                    sheet.write_number(down, place, value)
                elif value is not None:
                    sheet.write_string(down, place, _words(value), text)
    sheet = book.add_worksheet("about")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    said = [*about, *((f"{t.name}.{c.name}", c.help) for t in tables for c in t.columns)]
    for down, (name, meaning) in enumerate(said):
        sheet.write_string(down, 0, name, bold)
        sheet.write_string(down, 1, meaning, text)
    book.close()
    return out.getvalue()


def _words(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, tuple | list):
        return "; ".join(map(str, value))
    return cell(value) if isinstance(value, bool) else _CONTROL.sub(" ", str(value))
