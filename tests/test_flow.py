"""The way of the papers: every one in exactly one place, and the places add up."""

from lscbook.corpus import Corpus
from lscbook.figures import flow as picture
from lscbook.pubmed.record import Record
from lscbook.screening import Decision
from lscbook.site import start_page
from lscbook.site.opened import Site
from lscbook.synthesis.flow import AWAY, flow
from tests import books


def decision(pmid, word, reason="other disease"):
    return Decision(pmid, word, reason if word == "exclude" else "answers a theme", "2026-01-01", "")


def test_every_paper_of_the_book_stands_in_one_place(book):
    way = book.flow
    places = [way.unjudged, way.included, way.curated, *way.excluded.values()]
    whole = set().union(*places)
    assert sum(map(len, places)) == len(whole) == way.found
    assert whole == {*book.corpus.records, *(r.key for r in book.evidence.records.values()), *(d.pmid for d in book.decisions)}
    assert way.judged == way.out + len(way.included) + len(way.curated)
    assert way.found == way.judged + len(way.unjudged)
    assert len(way.curated) == len(book.evidence.entries)


def test_curating_is_judging_and_what_left_the_snapshot_is_counted():
    pairs = [(books.entry(), books.record())]
    known = Corpus({p: Record(p, "T") for p in ("1", "2", "3", "4")}, {})
    judged = [decision("1", "exclude"), decision("2", "include"), decision("3", "exclude"), decision("9", "exclude", "predisposition only")]
    way = flow(known, books.evidence(*pairs), judged)
    assert (way.curated, way.included, way.unjudged, way.reversed) == ({"1"}, {"2"}, {"4"}, {"1"})
    assert way.excluded == {"other disease": {"3"}, "predisposition only": {"9"}}
    assert (way.found, way.judged, way.waiting, way.origins[AWAY]) == (5, 4, 2, 1)


def test_the_picture_and_the_prose_have_the_same_numbers(book):
    figure = picture.papers(book)
    assert figure.data["papers"].sum() - figure.data[figure.data.step == "found"]["papers"].sum() == book.flow.found
    for drawn in (figure.svg, figure.narrow):
        assert f"{book.numbers['flow.judged']:,} judged" in drawn
        assert f"{book.numbers['flow.curated']:,} curated" in drawn


def test_every_page_says_how_living_it_is(book):
    said = start_page.snapshot_age(Site(book))
    assert f"{book.flow.waiting:,} papers are waiting to be read" in said
    assert "PubMed itself has not been searched yet" in said
    once = book.numbers["findings"] - book.numbers["findings.read_twice"]
    assert f"{once:,} of {book.numbers['findings']:,} findings have not had a second reader" in said
