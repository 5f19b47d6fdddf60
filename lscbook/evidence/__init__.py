"""Evidence entries: what curators say about papers, and how we hold it against its source."""
