"""The ledgers beside the entries: decisions, searches, second readings; and shards that were edited by hand."""

from pathlib import Path
from typing import Any

from lscbook import corpus as corpora
from lscbook import screening, vocabulary
from lscbook.corpus import Corpus
from lscbook.evidence import blind_reading, prose, reviewing
from lscbook.evidence.store import Evidence, Problem, shown
from lscbook.screening.ledger import Fault


def ledgers(evidence: Evidence) -> tuple[int, list[Problem]]:
    """How many ledgers of the repository were read, and what is wrong with them or beside the entries."""
    problems: list[Problem] = []
    count = 0
    for path, ledger, beside in (
        (screening.DECISIONS_FILE, screening.LEDGER, _decided),
        (screening.SEARCHES_FILE, screening.SEARCHES, _searched),
        (reviewing.FILE, reviewing.LEDGER, _reviewed),
        (prose.FILE, prose.LEDGER, _in_the_book),
        (blind_reading.FILE, blind_reading.LEDGER, _read_blind),
    ):
        if not path.exists():
            continue
        count += 1
        scanned = ledger.scan(path)
        faults: list[Fault] = scanned.faults
        problems += [Problem(shown(path), f.line, f.field, f.found, f.remedy, code="ledger") for f in faults]
        rows: list[Any] = scanned.rows
        for line, row in zip(scanned.lines, rows, strict=True):
            if wrong := beside(row, evidence):
                problems.append(Problem(shown(path), line, *wrong, code="ledger"))
    return count, problems


def edited(known: Corpus, folder: Path) -> list[Problem]:
    """Shards of the corpus that are not those of which its manifest states the hash."""
    found = "not the file that the harvest wrote: its hash is another than the manifest's"
    remedy = "take it from git again (git checkout data/corpus); it is never edited by hand, and has no CRLF"
    return [Problem(shown(Path(p)), 1, "file", found, remedy, code="corpus") for p in corpora.strangers(known, folder)]


def _decided(row: screening.Decision, evidence: Evidence) -> tuple[str, str, str] | None:
    if row.decision == "exclude" and row.pmid in evidence.entries:
        return "decision", "excluded, and has an entry", "write include, or delete the entry"
    return None


def _searched(row: screening.Search, evidence: Evidence) -> tuple[str, str, str] | None:
    there = [f for f in evidence.findings if _is_on(f.finding, row)]
    if row.kind == screening.CELLS and there:
        found = f"{row.term!r} has findings: {', '.join(f.reference for f in there[:3])}"
        return "term", found, "delete the line: something was found"
    # of a target or mechanism it says that nothing more was to be curated: then it found at least what is
    papers = {f.entry.key for f in there}
    if len(papers) > int(row.found):
        found = f"{row.found} records found, and {len(papers)} papers are curated on {row.term!r}"
        return "found", found, f'search again, wider: python scripts/curate.py search {row.kind} "{row.term}" "…"'
    return None


def _is_on(finding: Any, row: screening.Search) -> bool:
    """Whether a finding is on what was searched for."""
    if row.kind != screening.CELLS:
        name = {"targets": "target", "mechanisms": "mechanism"}[row.kind]
        return bool(getattr(finding, name, None) == row.term)
    mechanism, _, of_therapy = row.term.partition(screening.BY)
    survived = vocabulary.load().classes("therapies").get(of_therapy, ())
    return getattr(finding, "mechanism", None) == mechanism and bool(set(finding.escaped) & set(survived))


def _in_the_book(row: Any, evidence: Evidence) -> tuple[str, str, str] | None:
    if row.finding not in evidence.by_reference:
        return "finding", f"{row.finding} is not in the book", "correct the number; a number is never used again"
    return None


def _read_blind(row: blind_reading.BlindReading, evidence: Evidence) -> tuple[str, str, str] | None:
    """A reading of what has left the book still counts, for the rate is that of its day; it says so."""
    if row.note.startswith(blind_reading.LEFT):
        return None
    return _in_the_book(row, evidence)


def _reviewed(row: reviewing.Reading, evidence: Evidence) -> tuple[str, str, str] | None:
    located = evidence.by_reference.get(row.finding)
    if located is None:
        return "finding", f"{row.finding} is not in the book", "correct the number, or delete the line"
    if row.reviewer in located.entry.curators:
        return "reviewer", f"{row.reviewer} is a curator of the entry", "a second reader is another person"
    # who disagreed is why it was changed: that line stays, and counts as no reading of what stands now
    if row.verdict != "disagree" and not reviewing.current(row, located.finding):
        found = f"claim or fields of {row.finding} are not those that were read" if row.digest else "no digest of it"
        again = f"python scripts/curate.py review {row.finding} --reviewer {row.reviewer}"
        return "digest", found, f"read it again ({again}), or delete the line"
    return None
