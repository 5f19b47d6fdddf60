"""LSC Evidence Book: from PubMed records to a published book on stem cells in MDS and AML.

Data flows one way, and a module knows only those before it::

    pubmed -> corpus -> vocabulary -> annotate -> evidence -> standing -> addresses
           -> entities, synthesis, profiles -> tables -> charts, figures -> exports -> site
"""

__version__ = "0.2.0"
