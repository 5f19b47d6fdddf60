"""Does a paper still stand? The worst notice that PubMed records about it decides."""

from enum import StrEnum

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
_TYPES = {"Retracted Publication": Standing.RETRACTED, "Preprint": Standing.PREPRINT}
_ORDER = list(Standing)


def standing_of(record: Record) -> Standing:
    """The worst current state of a paper; a reinstatement clears a retraction.

    >>> standing_of(Record(pmid="1", title="", standing=(Notice("RetractionIn", "2"),))).value
    'retracted'
    >>> standing_of(Record(pmid="2", title="", standing=(Notice("RetractionOf", "1"),))).value
    'stands'
    """
    states = [_EFFECT[n.type] for n in record.standing if n.type in _EFFECT]
    states += [_TYPES[t] for t in record.types if t in _TYPES]
    if any(n.type == "ReinstatementIn" for n in record.standing):
        states = [s for s in states if s not in {Standing.RETRACTED, Standing.PARTLY_RETRACTED}]
    return max(states, key=_ORDER.index, default=Standing.STANDS)


def notices_of(record: Record) -> list[Notice]:
    """The notices that bear on the paper, as PubMed lists them."""
    return [n for n in record.standing if n.type in _EFFECT or n.type == "ReinstatementIn"]
