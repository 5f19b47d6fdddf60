"""What people judged and searched: papers in or out and why, and searches that found nothing."""

from lscbook.screening.decisions import (
    BY,
    CELLS,
    DECISIONS,
    DECISIONS_FILE,
    KINDS,
    LEDGER,
    REASONS,
    SEARCHES,
    SEARCHES_FILE,
    Decision,
    Search,
    keep,
    look,
    read,
    searches,
)

__all__ = [
    "BY",
    "CELLS",
    "DECISIONS",
    "DECISIONS_FILE",
    "KINDS",
    "LEDGER",
    "REASONS",
    "SEARCHES",
    "SEARCHES_FILE",
    "Decision",
    "Search",
    "keep",
    "look",
    "read",
    "searches",
]
