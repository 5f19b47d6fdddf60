"""References in BibTeX and RIS of one small book, word for word, as somebody would write it by hand who knows the format."""

from dataclasses import replace

import pytest

from lscbook.exports import references
from lscbook.pubmed.record import Author
from tests import whole_book
from tests.whole_book import PAPER, PENDING


@pytest.fixture(scope="module")
def book():
    return whole_book.book()


def test_bibtex_word_for_word(book):
    assert (
        references.bibtex(book, PAPER)
        == """@article{pmid-77,
    author = {Doe, Jr, J S and {The Group}},
    title = {{A trial}},
    journal = {J Test},
    year = {2014},
    date = {2014-03-02},
    volume = {3},
    number = {2},
    pages = {10--12},
    doi = {10.1000/x},
    pmid = {77},
    pmcid = {PMC7},
    url = {https://pubmed.ncbi.nlm.nih.gov/77/},
    note = {Corrected}
}
"""
    )
    named = replace(PENDING, authors=(Author("de la Cruz", "J-M"),))
    assert (
        references.bibtex(book, named)
        == """@article{doi-10-1000-p-1,
    author = {{de la Cruz}, J-M and others},
    title = {{A preprint}},
    doi = {10.1000/p.1},
    url = {https://doi.org/10.1000/p.1},
    note = {Retracted},
    annote = {And others. Reference not complete: the source names only the first author; journal, year, volume and pages are not known.}
}
"""
    )
    assert references.bibtex(book, replace(PAPER, book=True)).startswith("@book{pmid-77,")


def test_ris_word_for_word(book):
    assert references.ris(book, PAPER).split("\n")[:-1] == [
        "TY  - JOUR", "ID  - pmid-77", "TI  - A trial", "AU  - Doe, J S, Jr", "AU  - The Group", "T2  - J Test", "PY  - 2014",
        "DA  - 2014/03/02", "VL  - 3", "IS  - 2", "SP  - 10", "EP  - 12", "DO  - 10.1000/x", "AN  - 77", "DB  - PubMed",
        "UR  - https://pubmed.ncbi.nlm.nih.gov/77/", "N1  - Corrected", "ER  - ",
    ]  # fmt: skip
    assert references.ris(book, PENDING).split("\n")[:-1] == [
        "TY  - JOUR", "ID  - doi-10-1000-p-1", "TI  - A preprint", "DO  - 10.1000/p.1", "UR  - https://doi.org/10.1000/p.1",
        "N1  - Retracted", "N1  - Reference not complete: no author is known; journal, year, volume and pages are not known.", "ER  - ",
    ]  # fmt: skip
    assert references.ris(book, replace(PAPER, book=True)).startswith("TY  - BOOK")
