"""Rules that an entry can break by itself, or beside the other entries."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lscbook import vocabulary
from lscbook.corpus import Corpus
from lscbook.evidence import consistency, fields, reviewing, rules
from lscbook.evidence.store import Parsed, Problem, file_name, shown
from lscbook.evidence.yaml_canonical import canonical
from lscbook.standing import Standing, known, standing_of
from lscbook.vocabulary import Vocabulary


@dataclass(frozen=True)
class Context:
    """What entries are held against; `abstracts` by PMID, where not those of the cache.

    `readings` are the second readings that stand in the ledger; without them it is read.
    """

    corpus: Corpus
    vocabulary: Vocabulary
    abstracts: dict[str, str] | None = None
    readings: tuple[reviewing.Reading, ...] | None = None
    notices: dict[str, Any] = field(default_factory=lambda: known("notices"))


def alone(item: Parsed, known: Context) -> Iterator[Problem]:
    """Rules that one file can break by itself."""
    if item.entry is None or item.node is None:
        return
    yield from (replace(p, code="vocabulary") for p in _terms(item, known.vocabulary))
    yield from (replace(p, code="paper") for p in _paper(item, known))
    yield from (replace(p, code="ledger") for p in _reviewers(item, known.readings or ()))
    for name in ("curators", "reviewers"):
        yield from _people(item, name)
    numbers: dict[str, int] = {}
    for index, finding in enumerate(item.entry.findings):
        where = ("findings", index)
        if finding.id in numbers:
            yield item.said((*where, "id"), rules.ID_TWICE.format(value=repr(finding.id)))
        numbers[finding.id] = index
        if item.entry.read == "abstract" and finding.rating:
            yield item.said((*where, "rating"), rules.RATED_ABSTRACT)
        for name, fault in consistency.faults(finding, known.corpus.find(item.entry.key), known.vocabulary):
            yield replace(item.said((*where, name), fault), code="consistency")
    try:
        text = item.path.read_text(encoding="utf-8")
    except OSError:
        return
    form = canonical(item.node)
    if text != form:
        line = next(
            (i for i, (a, b) in enumerate(zip(text.split("\n"), form.split("\n"), strict=False), 1) if a != b),
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
            for number, term in enumerate(fields.terms_in(column, value)):
                if known.get(column.vocabularies, term) is None:
                    near = known.suggest(column.vocabularies, term)
                    files = " or ".join(f"data/vocabulary/{kind}.yaml" for kind in column.vocabularies)
                    remedy = rules.MEANT.format(near=", ".join(near)) if near else rules.CHOOSE.format(files=files)
                    each = number // 2 if column.type in fields.OF_TWO else number
                    place = ("findings", index, column.name) + (() if isinstance(value, str) else (each,))
                    yield item.said(place, rules.NO_TERM.format(value=rules.quoted(term), remedy=remedy))


def _people(item: Parsed, name: str) -> Iterator[Problem]:
    """Each person once, and no more than a paper can have."""
    people: tuple[str, ...] = getattr(item.entry, name)
    if len(people) > rules.PEOPLE:
        yield item.said((name,), rules.TOO_MANY.format(number=len(people), most=rules.PEOPLE))
    elif twice := sorted({who for who in people if people.count(who) > 1}):
        yield item.said((name,), rules.PEOPLE_TWICE.format(who=twice[0]))


def _reviewers(item: Parsed, readings: tuple[reviewing.Reading, ...]) -> Iterator[Problem]:
    """A reviewer of an entry has a line in the ledger, and every finding of it was read by somebody."""
    assert item.entry is not None  # noqa: S101
    entry = item.entry
    if not entry.reviewers:
        return
    ours = {f"{entry.key}/{finding.id}" for finding in entry.findings}
    lines = [reading for reading in readings if reading.finding in ours]
    for number, who in enumerate(entry.reviewers):
        if who not in {line.reviewer for line in lines}:
            yield item.problem(
                ("reviewers", number),
                f"{who} has no line for it in data/reviews.tsv",
                f"take it out, or read it: python scripts/curate.py review {entry.key} --reviewer {who}",
            )
    if unread := sorted(ours - {line.finding for line in lines}):
        yield item.problem(
            ("reviewers",),
            f"an entry with reviewers, and nobody has read {', '.join(unread[:3])}",
            f"read the rest of it (python scripts/curate.py review {entry.key} --reviewer …), or write reviewers: []",
        )


def _paper(item: Parsed, context: Context) -> Iterator[Problem]:
    assert item.entry is not None  # noqa: S101
    key = "pmid" if item.entry.pmid else "doi"
    record = context.corpus.find(item.entry.key)
    if record is None:
        yield item.said((key,), rules.NOT_IN_CORPUS.format(key=item.entry.key))
        return
    if key == "doi" and record.pmid:
        yield item.problem((key,), f"the paper has PMID {record.pmid}", f"write pmid: {record.pmid}")
    if item.path.name != (wanted := file_name(record)):
        yield item.problem((), f"the file is called {item.path.name}", f"git mv it to {wanted}")
    state = standing_of(record, context.notices)
    if state in {Standing.RETRACTED, Standing.PARTLY_RETRACTED, Standing.CONCERN}:
        yield item.problem(
            (key,),
            f"the paper is under {state.value}" if state is Standing.CONCERN else f"the paper is {state.value}",
            "read the notice, and say in a `note` of each finding what is left of it",
            "warning",
        )


def across(parsed: list[Parsed]) -> dict[Path, list[Problem]]:
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
