"""Hold entries against every rule that needs no network."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lscbook import corpus as corpora
from lscbook import vocabulary
from lscbook.corpus import Corpus
from lscbook.errors import PropositionMissing
from lscbook.evidence import check_files, check_rules, ground, proposition, reviewing
from lscbook.evidence.check_files import files_of
from lscbook.evidence.check_ledgers import edited, ledgers
from lscbook.evidence.check_report import Report, as_json, github_line
from lscbook.evidence.check_rules import Context
from lscbook.evidence.store import Evidence, Parsed, parse
from lscbook.vocabulary import Vocabulary

__all__ = ["Context", "Report", "as_json", "edited", "explained", "files_of", "github_line", "ledgers", "run"]


def explained(given: Iterable[Path], words: Vocabulary) -> Iterator[str]:
    """Each finding read back, `path:line: number: direction: proposition`; an entry that cannot be read is left out.

    The sentence is to be read aloud against the paper: the direction speaks to it, and to nothing wider.
    """
    for path in files_of(given):
        item = parse(path)
        for index, finding in enumerate(item.entry.findings if item.entry else ()):
            place = item.problem(("findings", index), "", "")
            try:
                said = proposition.of(finding, words) or "background, which asserts nothing and is counted nowhere"
            except PropositionMissing as error:
                said = f"no sentence: {error}"
            yield f"{place.path}:{place.line}: {finding.id}: {finding.stance}: {said}"


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
    if known.readings is None:
        known = replace(known, readings=_readings())
    found = files_of(given)
    if fix:
        for path in filter(check_files.is_yaml, found):
            check_files.unixed(path)
    parsed = [parse(path) if check_files.is_yaml(path) else check_files.no_entry(path) for path in found]
    report = Report()
    if fix:
        report.problems += [dropped for item in parsed if (dropped := check_files.comments(item))]
        parsed = [check_files.fixed(item) for item in parsed]
    source = ground.Source(known.corpus, known.vocabulary, known.abstracts)
    across = check_rules.across(parsed)
    for item in parsed:
        grounding = ground.check(item, source)
        problems = [
            *item.problems,
            *check_rules.alone(item, known),
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


def _readings() -> tuple[reviewing.Reading, ...]:
    """The lines of the ledger that can be read; what is wrong with the others is told beside the ledger."""
    return tuple(reviewing.LEDGER.scan(reviewing.FILE).rows) if reviewing.FILE.exists() else ()


def _add_ledgers(report: Report, parsed: list[Parsed], known: Corpus) -> None:
    """Put what is wrong with the ledgers into a report; entries that cannot be read stand there already."""
    entries = {item.entry.key: item.entry for item in parsed if item.entry and known.find(item.entry.key)}
    records = {key: record for key in entries if (record := known.find(key))}
    report.ledgers, problems = ledgers(Evidence(entries, records))
    bad = {p.path for p in problems}
    report.failed += len(bad)
    report.passed += report.ledgers - len(bad)
    report.problems += sorted(problems)
