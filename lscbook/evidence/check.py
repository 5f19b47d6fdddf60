"""Hold entries against every rule that needs no network."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lscbook import corpus as corpora
from lscbook import screening, vocabulary
from lscbook.corpus import Corpus
from lscbook.errors import EntryInvalid
from lscbook.evidence import fields, ground, reviewing, rules, yaml_text
from lscbook.evidence.store import Evidence, Parsed, Problem, file_name, parse, shown
from lscbook.evidence.yaml_canonical import canonical
from lscbook.files import write_whole
from lscbook.screening.ledger import LedgerInvalid
from lscbook.standing import Standing, standing_of
from lscbook.text import printable
from lscbook.vocabulary import Vocabulary


@dataclass
class Report:
    """What was checked and what was found."""

    checked: int = 0
    passed: int = 0
    failed: int = 0
    ledgers: int = 0
    grounded: int = 0
    not_grounded: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """No error, and at least one file looked at."""
        return self.checked > 0 and self.failed == 0

    def summary(self) -> str:
        """One line with every count."""
        if not self.checked:
            return "0 entries checked: there is nothing to check, and that is a failure"
        warnings = sum(p.severity == "warning" for p in self.problems)
        lists = f" and {self.ledgers} ledgers" if self.ledgers else ""
        return (
            f"{self.checked} entries{lists} checked, {self.passed} passed, {self.failed} failed, "
            f"{warnings} warnings; findings held against their abstract: {self.grounded}, "
            f"skipped because the abstract is not in the cache: {self.not_grounded}"
        )


@dataclass(frozen=True)
class Context:
    """What entries are held against; `abstracts` by PMID, where not those of the cache."""

    corpus: Corpus
    vocabulary: Vocabulary
    abstracts: dict[str, str] | None = None


def run(
    given: Iterable[Path], *, fix: bool = False, context: Context | None = None, with_ledgers: bool = False
) -> Report:
    """Check files, or folders of files.

    With `fix`, files that can be read are first written in canonical form; `with_ledgers` also holds
    decisions, searches and second readings against the entries, which must then be all of them.

    Raises:
        EntryInvalid: a path does not exist, or is no YAML file.
    """
    known = context or Context(corpora.read(), vocabulary.load())
    parsed = [parse(path) if _is_yaml(path) else _no_entry(path) for path in files_of(given)]
    report = Report()
    if fix:
        report.problems += [dropped for item in parsed if (dropped := _comments(item))]
        parsed = [_fixed(p) for p in parsed]
    source = ground.Source(known.corpus, known.vocabulary, known.abstracts)
    across = _across(parsed)
    for item in parsed:
        grounding = ground.check(item, source)
        problems = [
            *item.problems,
            *_alone(item, known),
            *(replace(p, code="duplicate") for p in across.get(item.path, ())),
            *(replace(p, code="grounding") for p in grounding.problems),
        ]
        report.grounded += grounding.grounded
        report.not_grounded += grounding.skipped
        report.checked += 1
        bad = any(p.severity == "error" for p in problems)
        report.failed += bad
        report.passed += not bad
        report.problems += sorted(problems)
    if with_ledgers:
        _add_ledgers(report, parsed, known.corpus)
    return report


def files_of(given: Iterable[Path]) -> list[Path]:
    """The entries to check; in a folder also what is none, so that `jan-2012-1.yaml.txt` is not passed over.

    Raises:
        EntryInvalid: a path does not exist, or is a file of another kind.
    """
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            found += sorted(p for p in path.iterdir() if not p.name.startswith(".") or _is_yaml(p))
        elif not path.exists() and not path.is_symlink():
            raise EntryInvalid(f"{path}: no such file or folder")
        elif not _is_yaml(path):
            raise EntryInvalid(f"{path}: not a YAML file; give entries, as data/evidence/jan-2012-22932223.yaml")
        else:
            found.append(path)
    return found


def _is_yaml(path: Path) -> bool:
    return path.suffix in {".yaml", ".yml"}


def _no_entry(path: Path) -> Parsed:
    found = "a folder" if path.is_dir() else f"{printable(path.name)} is no YAML file"
    problem = Problem(shown(path), 1, "file", found, "name an entry <first-author>-<year>-<pmid>.yaml", code="yaml")
    return Parsed(path, None, None, [problem])


def ledgers(evidence: Evidence) -> tuple[int, list[Problem]]:
    """How many ledgers of the repository were read, and what is wrong with them or beside the entries."""
    problems: list[Problem] = []
    count = 0
    for path, ledger, beside in (
        (screening.DECISIONS_FILE, screening.LEDGER, _decided),
        (screening.SEARCHES_FILE, screening.SEARCHES, _searched),
        (reviewing.FILE, reviewing.LEDGER, _reviewed),
    ):
        if not path.exists():
            continue
        count += 1
        try:
            rows: list[Any] = ledger.read(path)
        except LedgerInvalid as error:
            problems += [Problem(shown(path), f.line, f.field, f.found, f.remedy, code="ledger") for f in error.faults]
            continue
        for line, row in enumerate(rows, start=2):
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
    name = {"targets": "target", "mechanisms": "mechanism"}[row.kind]
    if there := [f.reference for f in evidence.findings if getattr(f.finding, name, None) == row.term]:
        return "term", f"{row.term!r} has findings: {', '.join(there[:3])}", "delete the line: something was found"
    return None


def _reviewed(row: reviewing.Reading, evidence: Evidence) -> tuple[str, str, str] | None:
    located = next((f for f in evidence.findings if f.reference == row.finding), None)
    if located is None:
        return "finding", f"{row.finding} is not in the book", "correct the number, or delete the line"
    if row.reviewer in located.entry.curators:
        return "reviewer", f"{row.reviewer} is a curator of the entry", "a second reader is another person"
    return None


def _add_ledgers(report: Report, parsed: list[Parsed], known: Corpus) -> None:
    """Put what is wrong with the ledgers into a report; entries that cannot be read stand there already."""
    entries = {item.entry.key: item.entry for item in parsed if item.entry and known.find(item.entry.key)}
    records = {key: record for key in entries if (record := known.find(key))}
    report.ledgers, problems = ledgers(Evidence(entries, records))
    bad = {p.path for p in problems}
    report.failed += len(bad)
    report.passed += report.ledgers - len(bad)
    report.problems += sorted(problems)


def as_json(report: Report) -> dict[str, Any]:
    """One object a message, and the counts."""
    messages = [
        {
            "path": p.path,
            "line": p.line,
            "field": p.field,
            "code": p.code,
            "severity": p.severity,
            "message": p.found,
            "remedy": p.remedy,
        }
        for p in report.problems
    ]
    counts = ("checked", "ledgers", "passed", "failed", "grounded", "not_grounded")
    return {"messages": messages, "summary": {name: getattr(report, name) for name in counts}}


def github_line(problem: Problem) -> str:
    """An annotation of GitHub Actions; nothing in a message can start another command."""

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def attribute(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    message = f"{problem.field}: {problem.found}; {problem.remedy}"
    return (
        f"::{problem.severity} file={attribute(problem.path)},line={problem.line},"
        f"title={attribute(problem.field)}::{data(message)}"
    )


def _comments(item: Parsed) -> Problem | None:
    """What `--fix` takes away and cannot keep: said, because nobody would miss it in time."""
    if item.entry is None:
        return None
    lost = yaml_text.comments(item.path.read_text(encoding="utf-8"))
    if not lost:
        return None
    line, first = lost[0]
    return Problem(
        shown(item.path),
        line,
        "file",
        f"{len(lost)} comments dropped, as {first[:60]!r}",
        "a canonical file has none; what a reader should see belongs into `note`",
        "warning",
        "form",
    )


def _fixed(item: Parsed) -> Parsed:
    if item.entry is None or item.node is None:
        return item
    text = canonical(item.node)
    if text != item.path.read_text(encoding="utf-8"):
        write_whole(item.path, text)
        return parse(item.path)
    return item


def _alone(item: Parsed, known: Context) -> Iterator[Problem]:
    """Rules that one file can break by itself."""
    if item.entry is None or item.node is None:
        return
    yield from (replace(p, code="vocabulary") for p in _terms(item, known.vocabulary))
    yield from (replace(p, code="paper") for p in _paper(item, known.corpus))
    numbers: dict[str, int] = {}
    for index, finding in enumerate(item.entry.findings):
        where = ("findings", index)
        if finding.id in numbers:
            yield item.problem((*where, "id"), f"{finding.id!r} twice", "give each finding its own number")
        numbers[finding.id] = index
        if item.entry.read == "abstract" and finding.rating:
            yield item.said((*where, "rating"), rules.RATED_ABSTRACT)
    try:
        text = item.path.read_text(encoding="utf-8")
    except OSError:
        return
    if text != canonical(item.node):
        line = next(
            (
                i
                for i, (a, b) in enumerate(zip(text.split("\n"), canonical(item.node).split("\n"), strict=False), 1)
                if a != b
            ),
            1,
        )
        yield Problem(
            shown(item.path),
            line,
            "file",
            "not in canonical form",
            f"run: python scripts/check.py --fix {shown(item.path)} (it keeps no comments)",
            code="form",
        )


def _terms(item: Parsed, known: Vocabulary) -> Iterator[Problem]:
    assert item.entry is not None  # noqa: S101  for the type checker
    for index, finding in enumerate(item.entry.findings):
        for column in fields.fields_of(finding.theme):
            value: Any = getattr(finding, column.name)
            if not column.vocabularies or not value:
                continue
            for number, term in enumerate([value] if isinstance(value, str) else value):
                if known.get(column.vocabularies, term) is None:
                    near = known.suggest(column.vocabularies, term)
                    files = " or ".join(f"data/vocabulary/{kind}.yaml" for kind in column.vocabularies)
                    remedy = rules.MEANT.format(near=", ".join(near)) if near else rules.CHOOSE.format(files=files)
                    place = ("findings", index, column.name) + (() if isinstance(value, str) else (number,))
                    yield item.said(place, rules.NO_TERM.format(value=repr(term), remedy=remedy))


def _paper(item: Parsed, known: Corpus) -> Iterator[Problem]:
    assert item.entry is not None  # noqa: S101
    key = "pmid" if item.entry.pmid else "doi"
    record = known.find(item.entry.key)
    if record is None:
        yield item.said((key,), rules.NOT_IN_CORPUS.format(key=item.entry.key))
        return
    if key == "doi" and record.pmid:
        yield item.problem((key,), f"the paper has PMID {record.pmid}", f"write pmid: {record.pmid}")
    if item.path.name != (wanted := file_name(record)):
        yield item.problem((), f"the file is called {item.path.name}", f"git mv it to {wanted}")
    state = standing_of(record)
    if state in {Standing.RETRACTED, Standing.PARTLY_RETRACTED, Standing.CONCERN}:
        yield item.problem(
            (key,),
            f"the paper is under {state.value}" if state is Standing.CONCERN else f"the paper is {state.value}",
            "read the notice, and say in a `note` of each finding what is left of it",
            "warning",
        )


def _across(parsed: list[Parsed]) -> dict[Path, list[Problem]]:
    """Rules between files: the same paper, claim or trial twice."""
    problems: dict[Path, list[Problem]] = defaultdict(list)
    papers: dict[str, Parsed] = {}
    claims: dict[str, tuple[Parsed, str]] = {}
    trials: dict[tuple[str, ...], tuple[Parsed, str]] = {}
    for item in parsed:
        if item.entry is None:
            continue
        first = papers.setdefault(item.entry.key, item)
        if first is not item:
            problems[item.path].append(
                item.problem((), f"{item.entry.key} is also in {shown(first.path)}", "keep one file for a paper")
            )
        for index, finding in enumerate(item.entry.findings):
            folded = vocabulary.fold(finding.claim)
            other, number = claims.setdefault(folded, (item, finding.id))
            if (other, number) != (item, finding.id):
                problems[item.path].append(
                    item.problem(
                        ("findings", index, "claim"),
                        f"the same claim as {shown(other.path)}, finding {number}",
                        "keep it once",
                    )
                )
            for trial in finding.cohort:
                same = (
                    trial,
                    finding.theme,
                    str(getattr(finding, "end_point", "") or ""),
                    str(getattr(finding, "outcome", "") or ""),
                )
                other, number = trials.setdefault(same, (item, finding.id))
                if other is not item and not finding.note:
                    problems[item.path].append(
                        item.problem(
                            ("findings", index, "cohort"),
                            f"{trial} is also counted by {shown(other.path)}, finding {number}",
                            "say in `note` whether they are the same patients",
                            "warning",
                        )
                    )
    return problems
