"""Does a paper still stand, and what became of a trial? The worst current notice decides.

PubMed's notices travel with each record of the corpus; those of Crossref and Retraction Watch, and
the status of trials, stand in `data/standing/`, written by `scripts/standing.py` with the day on
which each was last told.
"""

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from lscbook import paths
from lscbook.errors import CorpusInvalid, RegistryUnavailable
from lscbook.files import write_whole
from lscbook.pubmed.record import Notice, Record


class Standing(StrEnum):
    """States of a paper, the best first."""

    STANDS = "stands"
    UPDATED = "updated"
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
_TYPES = {"Retracted Publication": Standing.RETRACTED, "Preprint": Standing.PREPRINT}
_ORDER = list(Standing)


def standing_of(record: Record, told: dict[str, Any]) -> Standing:
    """The worst current state of a paper.

    A reinstatement clears what came before it: every notice without a date, and each that is not
    dated after it. `told` is the content of `data/standing/notices.json`, as `known` reads it.

    >>> standing_of(Record(pmid="1", title="", standing=(Notice("RetractionIn", "2"),)), {}).value
    'retracted'
    >>> standing_of(Record(pmid="2", title="", standing=(Notice("RetractionOf", "1"),)), {}).value
    'stands'
    """
    notices = notices_of(record, told)
    reinstated = [n.date for n in notices if n.type == "ReinstatementIn"]

    def current(state: Standing, date: str) -> bool:
        return not reinstated or state not in FALLEN or ("" not in reinstated and date > max(reinstated))

    states = [_EFFECT[n.type] for n in notices if n.type in _EFFECT and current(_EFFECT[n.type], n.date)]
    states += [_TYPES[t] for t in record.types if t in _TYPES and current(_TYPES[t], "")]
    return max(states, key=_ORDER.index, default=Standing.STANDS)


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
