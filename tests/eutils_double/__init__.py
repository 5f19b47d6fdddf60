"""A faithful local double of NCBI's E-utilities, over real PubMed records.

    python -m tests.eutils_double --port 8800

Answers, errors and limits follow the recordings in shared/pubmed/eutils. It shares no code with our
client, so that a mistake of one does not hide in the other.
"""
