"""LSC Evidence Book: from PubMed records to a published book on stem cells in MDS and AML.

Data flows one way, and a room knows only those before it (`make lint` holds the contract)::

    text, errors, paths, addresses, files -> pubmed, vocabulary -> corpus -> standing, screening
        -> evidence -> harvest -> synthesis -> figures -> exports -> site
"""

__version__ = "0.2.0"
