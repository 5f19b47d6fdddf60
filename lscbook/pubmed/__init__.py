"""PubMed: what a record is, how its XML is read, and how a query is put to it."""
