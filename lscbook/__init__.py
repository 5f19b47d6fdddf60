"""LSC Evidence Book: from PubMed records to a published book on stem cells in MDS and AML.

Data flows one way, and a room knows only those before it (`make lint` holds the contract)::

    text, errors, paths, addresses, files -> pubmed, vocabulary -> corpus -> standing, screening
        -> evidence -> harvest -> synthesis -> figures -> exports -> site
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lscbook.exports.frames import OpenBook

__version__ = "0.2.0"


def open_book() -> "OpenBook":
    """The book as tidy frames of pandas: `findings()`, `papers()`, `corpus()`, `terms()`.

    Raises:
        CorpusInvalid, EntryInvalid, LedgerInvalid, VocabularyInvalid: a file of `data/` is not what it must be.
    """
    from lscbook.exports import frames  # noqa: PLC0415  whoever harvests needs no pandas

    return frames.open_book()
