"""Does a paper still stand, and what became of a trial? The worst current notice decides.

The one state machine: every page, filter and file takes its word from `standing_of`, and its day from `asked_on`.
Where nobody asked, the state is *not asked*, and never *stands*.

PubMed's notices travel with each record of the corpus; those of Crossref and Retraction Watch, and
the status of trials, stand in `data/standing/`, written by `scripts/standing.py` with the day on
which each was last told.
"""

import json
import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from lscbook import paths
from lscbook.errors import CorpusInvalid, RegistryUnavailable
from lscbook.files import write_whole
from lscbook.pubmed.record import Notice, Record


class Standing(StrEnum):
    """States of a paper: not asked, then those that were told, the best first."""

    NOT_ASKED = "not asked"
    STANDS = "stands"
    UPDATED = "updated"
    REINSTATED = "reinstated"
    CORRECTED = "corrected"
    PREPRINT = "preprint"
    CONCERN = "expression of concern"
    PARTLY_RETRACTED = "partly retracted"
    RETRACTED = "retracted"


FALLEN = frozenset({Standing.CONCERN, Standing.PARTLY_RETRACTED, Standing.RETRACTED})
# What a notice about this paper (…In) does to it. A notice's own record carries …Of or …For, and is
# not itself touched by it.
_EFFECT = {
    "RetractionIn": Standing.RETRACTED,
    "RetractedandRepublishedIn": Standing.RETRACTED,
    "PartialRetractionIn": Standing.PARTLY_RETRACTED,
    "ExpressionOfConcernIn": Standing.CONCERN,
    "ErratumIn": Standing.CORRECTED,
    "CorrectedandRepublishedIn": Standing.CORRECTED,
    "UpdateIn": Standing.UPDATED,
}
_SHOWN = {*_EFFECT, "ReinstatementIn", "PublishedIn", "PreprintIn"}
_TYPES = {"Retracted Publication": Standing.RETRACTED}
_ORDER = list(Standing)
# A record from a list has no type. bioRxiv and medRxiv number their papers, other journals of 10.1101 name them.
_PREPRINT_DOI = re.compile(
    r"10\.1101/\d|10\.64898/|10\.21203/rs\.|10\.48550/|10\.2139/ssrn|10\.20944/preprints|10\.22541/"
)
_SERVERS = frozenset({"biorxiv", "medrxiv", "arxiv", "res sq", "research square", "ssrn", "preprints"})


def standing_of(record: Record, told: dict[str, Any]) -> Standing:
    """The worst current state of a paper; *not asked* where neither PubMed nor Crossref was.

    A reinstatement clears what came before it: every notice without a date, and each that is not
    dated after it. `told` is the content of `data/standing/notices.json`, as `known` reads it.

    >>> standing_of(Record(pmid="1", title="", standing=(Notice("RetractionIn", "2"),)), {}).value
    'retracted'
    >>> standing_of(Record(pmid="2", title="", standing=(Notice("RetractionOf", "1"),)), {}).value
    'stands'
    >>> standing_of(Record(pmid="3", title="", origin="list"), {}).value
    'not asked'
    """
    notices = notices_of(record, told)
    reinstated = [n.date for n in notices if n.type == "ReinstatementIn"]

    def current(state: Standing, date: str) -> bool:
        return not reinstated or state not in FALLEN or ("" not in reinstated and date > max(reinstated))

    states = [_EFFECT[n.type] for n in notices if n.type in _EFFECT and current(_EFFECT[n.type], n.date)]
    states += [_TYPES[t] for t in record.types if t in _TYPES and current(_TYPES[t], "")]
    if is_preprint(record):
        states.append(Standing.PREPRINT)
    if reinstated:
        states.append(Standing.REINSTATED)
    if asked(record, told):
        states.append(Standing.STANDS)
    return max(states, key=_ORDER.index, default=Standing.NOT_ASKED)


def is_preprint(record: Record) -> bool:
    """Whether it is one, by its type, by the server that its DOI names, or by its journal."""
    server = re.sub(r"\W*(?:\[.*|: the preprint.*)", "", record.journal).lower()
    return "Preprint" in record.types or bool(_PREPRINT_DOI.match(record.doi)) or server in _SERVERS


def asked(record: Record, told: dict[str, Any]) -> bool:
    """Whether anybody asked: NLM's own record carries PubMed's notices, and `told` is what Crossref said."""
    return record.origin == "pubmed" or record.key in told


def asked_on(record: Record, told: dict[str, Any], harvested: str) -> str:
    """The last day of which a source is known to have said this; '' where none is known.

    `harvested` is the day of a complete harvest, which asked PubMed for every record; without one, NLM's record
    speaks for the day of its last revision. Crossref's word keeps the day on which it was first told so.
    """
    days = [str(told.get(record.key, {}).get("told", ""))]
    if record.origin == "pubmed":
        days.append(harvested or record.revised)
    return max(days)


def sentence(state: Standing, day: str) -> str:
    """The answer to *does it still stand?*, with the day of which it is true.

    >>> sentence(Standing.STANDS, "2026-11-24")
    'Yes: asked on 2026-11-24, and no notice was there.'
    """
    when = f"asked on {day}" if day else "asked on an unrecorded day"
    if state in FALLEN:
        return f"No: it is {'under ' if state is Standing.CONCERN else ''}{state.value} ({when})."
    if state is Standing.PREPRINT:
        known = f"{when}, no notice against it was there" if day else "nobody has asked yet whether it still stands"
        return f"It is a preprint, which no journal is known to have reviewed; {known}."
    if state is Standing.NOT_ASKED:
        return "Not known: this record came from a public list, and nobody has asked PubMed or Crossref yet."
    if state is Standing.STANDS:
        return f"Yes: {when}, and no notice was there."
    if state is Standing.REINSTATED:
        return f"Yes: it was withdrawn, and reinstated ({when})."
    return f"Yes; it is marked as {state.value} ({when})."


def notices_of(record: Record, told: dict[str, Any]) -> list[Notice]:
    """Every notice that bears on the paper: PubMed's in its order, then Crossref's by date."""
    elsewhere = [Notice(**n) for n in told.get(record.key, {}).get("notices", ())]
    return [n for n in (*record.standing, *elsewhere) if n.type in _SHOWN]


def known(name: str, folder: Path = paths.STANDING) -> dict[str, Any]:
    """`notices` by PMID (DOI), or `trials` by NCT number, as last told; empty where never asked.

    Raises:
        CorpusInvalid: the file cannot be read.
    """
    file = folder / f"{name}.json"
    if not file.exists():
        return {}
    try:
        ledger: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise CorpusInvalid(f"{file}: {error}; take the file from git again, it is never edited by hand") from error
    return ledger


def refresh(
    name: str, asked: Iterable[str], answer: Callable[[str], dict[str, Any] | None], today: str, folder: Path
) -> tuple[list[str], list[str]]:
    """Ask for each key; what a registry does not tell now, or was not asked now, stays as it was told, with its date.

    `answer` gives what is known, perhaps that there is nothing (`{"notices": []}`), or None where the registry does
    not know the key: that is silence, and no news.

    Returns:
        The keys whose state changed, and one line for each that could not be asked, or is unknown there now.
    """
    old = known(name, folder)
    new = dict(old)
    silent: list[str] = []
    for key in asked:
        stays = f"the state of {old[key]['told']} stays" if key in old else "its state is not known"
        try:
            told = answer(key)
        except RegistryUnavailable as error:
            silent.append(f"{key}: {error}; {stays}")
            continue
        if told is None:
            if key in old and old[key] != {"told": old[key]["told"], "notices": []}:
                silent.append(f"{key}: the registry does not know it any more; {stays}")
            continue
        same = {k: v for k, v in old.get(key, {}).items() if k != "told"} == told
        # what has not changed keeps its date, so that a quiet day changes no file
        new[key] = old[key] if same else {**told, "told": today}
    changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    if changed or not (folder / f"{name}.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(new, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_whole(folder / f"{name}.json", text)
    return changed, silent
