"""Does a paper still stand: what PubMed says in its record, and what Crossref and the trial registry add."""

from lscbook.standing.notices import FALLEN, Standing, known, notices_of, refresh, standing_of

__all__ = ["FALLEN", "Standing", "known", "notices_of", "refresh", "standing_of"]
