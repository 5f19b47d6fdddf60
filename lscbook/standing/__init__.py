"""Does a paper still stand: what PubMed says in its record, and what Crossref and the trial registry add."""

from lscbook.standing.notices import (
    FALLEN,
    Standing,
    asked,
    asked_on,
    known,
    notices_of,
    refresh,
    sentence,
    standing_of,
)

__all__ = ["FALLEN", "Standing", "asked", "asked_on", "known", "notices_of", "refresh", "sentence", "standing_of"]
