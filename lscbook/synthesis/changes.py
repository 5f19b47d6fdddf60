"""What changed, day by day: what was entered, what a harvest brought, what stands otherwise than before.

Each date comes from the data: the day of entry of a file, the name of a file of `data/changes`, the
day on which a registry first told a state, the day of a second reading. No clock is asked.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lscbook import paths
from lscbook.addresses import UP
from lscbook.errors import CorpusInvalid
from lscbook.evidence import fields
from lscbook.evidence.reviewing import Reading
from lscbook.evidence.store import Evidence, Located
from lscbook.harvest.updating import Difference
from lscbook.pubmed.record import Notice, Record
from lscbook.standing import Standing, notices_of, standing_of


@dataclass(frozen=True)
class Restanding:
    """A curated paper about which a registry told something else than before."""

    key: str
    record: Record
    state: Standing
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Trial:
    """A trial of a curated paper whose registry told another status."""

    nct: str
    status: str
    why_stopped: str
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """One day on which something changed; a day with a harvest is a snapshot."""

    date: str
    entered: tuple[Located, ...] = ()
    harvest: Difference | None = None
    standing: tuple[Restanding, ...] = ()
    trials: tuple[Trial, ...] = ()
    readings: tuple[Reading, ...] = ()

    @property
    def anchor(self) -> str:
        """The HTML id of the day on *What's new*.

        >>> Day("2026-11-24").anchor
        'd-2026-11-24'
        """
        return f"d-{self.date}"

    @property
    def papers(self) -> int:
        """How many papers were entered."""
        return len({f.entry.key for f in self.entered})

    def by_chapter(self) -> dict[str, list[Located]]:
        """The findings entered, by theme in the order of the chapters."""
        found = {theme: [f for f in self.entered if f.finding.theme == theme] for theme in fields.BY_THEME}
        return {theme: members for theme, members in found.items() if members}

    def curated(self, pmids: Iterable[str], evidence: Evidence) -> list[str]:
        """Those of the harvest's PMIDs under which something is curated."""
        held = {record.pmid: key for key, record in evidence.records.items()}
        return [held[pmid] for pmid in pmids if pmid in held]

    def summary(self) -> list[str]:
        """The day in a few phrases, as a headline takes them."""
        said = []
        if self.entered:
            said.append(f"{counted(len(self.entered), 'finding')} from {counted(self.papers, 'paper')} entered")
        if self.harvest is not None:
            said.append(harvested(self.harvest))
        if self.standing:
            said.append(f"standing of {counted(len(self.standing), 'paper')} changed")
        if self.trials:
            said.append(f"status of {counted(len(self.trials), 'trial')} changed")
        if self.readings:
            said.append(f"{counted(len(self.readings), 'finding')} read a second time")
        return said


def whats_new(day: Day) -> str:
    """The address of a day on *What's new*."""
    return f"{UP}book/whats-new.html#{day.anchor}"


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "paper"), counted(1200, "finding")
    ('1 paper', '1,200 findings')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def told(notice: Notice) -> str:
    """A notice in words.

    >>> told(Notice("ErratumIn", "7", "Blood. 2015", "2015-02-01"))
    'ErratumIn 2015-02-01 PMID 7 Blood. 2015'
    """
    parts = (notice.type, notice.date, notice.pmid and f"PMID {notice.pmid}", notice.source)
    return " ".join(part for part in parts if part)


def harvested(brought: Difference) -> str:
    """What a harvest brought, in a phrase."""
    kinds = {"new": brought.new, "changed": brought.changed, "withdrawn": brought.withdrawn, "gone": brought.gone}
    told = [f"{len(pmids):,} {kind}" for kind, pmids in kinds.items() if pmids]
    if brought.resolved:
        told.append(f"{counted(len(brought.resolved), 'PMID')} found for a DOI")
    return "harvest from PubMed: " + (", ".join(told) or "nothing new")


def days(
    evidence: Evidence,
    harvests: dict[str, Difference],
    notices: dict[str, Any],
    trials: dict[str, Any],
    readings: Iterable[Reading] = (),
) -> list[Day]:
    """Every day on which something changed, the newest first.

    `notices` and `trials` are the ledgers of `data/standing`, `harvests` the differences by date.
    """
    entered: dict[str, list[Located]] = defaultdict(list)
    for located in evidence.findings:
        entered[located.entry.added].append(located)
    restood = _restandings(evidence, notices)
    moved = _trials(evidence, trials)
    read: dict[str, list[Reading]] = defaultdict(list)
    for reading in sorted(readings):
        read[reading.date].append(reading)
    dates = {*entered, *harvests, *restood, *moved, *read}
    return [
        Day(
            date,
            tuple(entered.get(date, ())),
            harvests.get(date),
            tuple(restood.get(date, ())),
            tuple(moved.get(date, ())),
            tuple(read.get(date, ())),
        )
        for date in sorted(dates, reverse=True)
    ]


def _restandings(evidence: Evidence, ledger: dict[str, Any]) -> dict[str, list[Restanding]]:
    """By the day on which it was told: each curated paper that a registry has a notice about."""
    found: dict[str, list[Restanding]] = defaultdict(list)
    for key, record in sorted(evidence.records.items()):
        told = ledger.get(record.key, {})
        if told.get("notices") and told.get("told"):
            named = tuple(n for n in notices_of(replace(record, standing=()), ledger))
            if named:
                found[told["told"]].append(Restanding(key, record, standing_of(record, ledger), named))
    return found


def undated(evidence: Evidence, ledger: dict[str, Any]) -> list[Restanding]:
    """Curated papers with notices of PubMed, which gives them no date."""
    return [
        Restanding(key, record, standing_of(record, ledger), named)
        for key, record in sorted(evidence.records.items())
        if (named := tuple(n for n in notices_of(record, {}) if not n.date))
    ]


def _trials(evidence: Evidence, ledger: dict[str, Any]) -> dict[str, list[Trial]]:
    papers: dict[str, set[str]] = defaultdict(set)
    for located in evidence.findings:
        for cohort in located.finding.cohort:
            papers[cohort].add(located.entry.key)
    found: dict[str, list[Trial]] = defaultdict(list)
    for nct, told in sorted(ledger.items()):
        if nct in papers and told.get("told"):
            trial = Trial(nct, told["status"], told.get("why_stopped", ""), tuple(sorted(papers[nct])))
            found[told["told"]].append(trial)
    return found


def read_harvests(folder: Path = paths.CHANGES) -> dict[str, Difference]:
    """What each harvest changed, by its date; empty where none has run.

    Raises:
        CorpusInvalid: a file is not what `harvest.py run` wrote.
    """
    found = {}
    for file in sorted(folder.glob("*.json")):
        try:
            found[file.stem] = Difference(**json.loads(file.read_text("utf-8")))
        except (ValueError, TypeError) as error:
            raise CorpusInvalid(f"{file}: {error}; take the file from git again, it is never edited by hand") from error
    return found
