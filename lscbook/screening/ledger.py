"""Ledgers: tab-separated files of the repository that people and scripts add lines to.

A ledger has a header, is sorted, and holds each key once. Every line that breaks a rule is named, so
that one bad line hides no other.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, astuple, dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from lscbook.errors import EntryInvalid, FileRefused
from lscbook.files import read_whole
from lscbook.pubmed.record import PMID
from lscbook.text import HIDDEN, printable

MAX_BYTES = 8 * 1024 * 1024
_SHOWN = 200  # characters of a line that a message shows
_UNSEEN = re.compile(HIDDEN)
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
Row = TypeVar("Row")


def is_key(key: str) -> bool:
    """Whether it names a paper: a PMID, or a DOI in small letters while no PMID is known."""
    return bool(PMID.fullmatch(key)) or bool(_DOI.fullmatch(key) and key == key.lower())


def order_of(key: str) -> tuple[int, str]:
    """PMIDs by number, then DOIs by their letters.

    >>> sorted(["10.1/b", "900", "1000"], key=order_of)
    ['900', '1000', '10.1/b']
    """
    return (int(key), "") if key.isdigit() else (10**9, key)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a ledger."""

    path: Path
    line: int
    field: str
    found: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.found}; {self.remedy}"


class LedgerInvalid(EntryInvalid):
    """A ledger breaks its rules; `faults` has every line that does."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class Scanned(Generic[Row]):
    """A ledger as it was found: rows that keep the rules, the line of each, and what is wrong with the others."""

    rows: list[Row]
    lines: list[int]
    faults: list[Fault]


@dataclass(frozen=True)
class Ledger(Generic[Row]):
    """What a ledger holds: the dataclass of its rows, their order, and the rules of one row.

    `rules` yields the field that is wrong, what was found, and how to mend it; `key` is what the
    file is sorted by, each once.
    """

    row: Callable[..., Row]
    key: Callable[[Row], Any]
    rules: Callable[[Row], Iterable[tuple[str, str, str]]]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the fields, as the header has them."""
        return tuple(field.name for field in fields(self.row))  # type: ignore[arg-type]

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns that an older file has too: those without a default."""
        return tuple(field.name for field in fields(self.row) if field.default is MISSING)  # type: ignore[arg-type]

    def read(self, path: Path) -> list[Row]:
        """Every row.

        Raises:
            LedgerInvalid: with every fault, each at its line.
        """
        scanned = self.scan(path)
        if scanned.faults:
            raise LedgerInvalid(scanned.faults)
        return scanned.rows

    def scan(self, path: Path) -> "Scanned[Row]":
        """The rows that keep the rules, and every fault of the others."""
        try:
            lines = read_whole(path, MAX_BYTES).split("\n")
        except FileRefused as error:
            return Scanned([], [], [Fault(path, error.line, "file", error.found, error.remedy)])
        except OSError as error:
            return Scanned([], [], [Fault(path, 1, "file", str(error), "check the path")])
        header = tuple(lines[0].split("\t"))
        if header not in {self.columns[:n] for n in range(len(self.needed), len(self.columns) + 1)}:
            allowed = f"allowed are {', '.join(self.columns)}"
            return Scanned(
                [], [], [Fault(path, 1, "header", printable(lines[0][:_SHOWN].replace("\t", ", ")), allowed)]
            )
        faults: list[Fault] = []
        rows: list[Row] = []
        places: list[int] = []
        end = len(lines) - 1 if not lines[-1] else len(lines)
        for number, line in enumerate(lines[1:end], start=2):
            cells = line.split("\t")
            if len(cells) != len(header):
                columns = f"write the {len(header)} columns {', '.join(header)}, with tabs between"
                faults.append(Fault(path, number, "line", f"{len(cells)} columns", columns))
                continue
            if odd := _UNSEEN.search(line):
                unseen = f"a character that nobody sees (U+{ord(odd.group()):04X})"
                faults.append(Fault(path, number, "line", unseen, "delete it; lines end in a line feed alone"))
                continue
            row = self.row(*cells)
            wrong = [Fault(path, number, *rule) for rule in self.rules(row)]
            faults += wrong
            if wrong:
                continue
            if rows and self.key(rows[-1]) >= self.key(row):
                again = "twice" if self.key(rows[-1]) == self.key(row) else "not in its place"
                faults.append(
                    Fault(path, number, self.columns[0], f"{cells[0][:_SHOWN]!r} {again}", "sort the file, each once")
                )
            rows.append(row)
            places.append(number)
        return Scanned(rows, places, faults)

    def text(self, rows: Iterable[Row]) -> str:
        """The file of these rows, sorted."""
        lines = [self.columns, *(astuple(row) for row in sorted(rows, key=self.key))]  # type: ignore[call-overload]
        return "".join("\t".join(line) + "\n" for line in lines)
