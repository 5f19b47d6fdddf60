"""The way of the papers: every one in exactly one place, and the places add up."""

import pytest

from lscbook.corpus import Corpus
from lscbook.figures import flow as picture
from lscbook.pubmed.record import Record
from lscbook.screening import Decision
from lscbook.site import help_read, start_page
from lscbook.site.opened import Site
from lscbook.synthesis.flow import AWAY, flow
from tests import books


def decision(pmid, word, reason="other disease"):
    return Decision(pmid, word, reason if word == "exclude" else "answers a theme", "2026-01-01", "")


def test_every_paper_of_the_book_stands_in_one_place(book):
    way = book.flow
    places = [way.unjudged, *way.unread.values(), way.included, way.curated, *way.excluded.values()]
    whole = set().union(*places)
    assert sum(map(len, places)) == len(whole) == way.found
    assert whole == {
        *book.corpus.records,
        *(r.key for r in book.evidence.records.values()),
        *(d.pmid for d in book.decisions),
    }
    assert way.judged == way.out + len(way.included) + len(way.curated)
    assert way.found == way.judged + way.without_abstract + len(way.unjudged)
    assert len(way.curated) == len(book.evidence.entries)


def test_curating_is_judging_and_what_left_the_snapshot_is_counted():
    pairs = [(books.entry(), books.record())]
    known = Corpus({p: Record(p, "T") for p in ("1", "2", "3", "4")}, {})
    judged = [
        decision("1", "exclude"),
        decision("2", "include"),
        decision("3", "exclude"),
        decision("9", "exclude", "predisposition only"),
    ]
    way = flow(known, books.evidence(*pairs), judged)
    assert (way.curated, way.included, way.unjudged, way.reversed) == ({"1"}, {"2"}, {"4"}, {"1"})
    assert way.excluded == {"other disease": {"3"}, "predisposition only": {"9"}}
    assert (way.found, way.judged, way.waiting, way.origins[AWAY]) == (5, 4, 2, 1)


def test_a_paper_is_reversed_only_where_it_was_judged_out_and_then_curated():
    pairs = [(books.entry(pmid), books.record(pmid)) for pmid in ("1", "2", "3")]
    judged = [decision("1", "include"), decision("2", "exclude"), decision("9", "exclude")]
    assert flow(Corpus({}, {}), books.evidence(*pairs), judged).reversed == {"2"}  # nobody judged 3, nobody curated 9


def test_the_picture_and_the_prose_have_the_same_numbers(book):
    figure = picture.papers(book)
    assert figure.data["papers"].sum() - figure.data[figure.data.step == "found"]["papers"].sum() == book.flow.found
    for drawn in (figure.svg, figure.narrow):
        assert f"{book.numbers['flow.judged']:,} judged" in drawn
        assert f"{book.numbers['flow.curated']:,} curated" in drawn


def test_a_paper_without_an_abstract_is_judged_by_nobody_and_waits():
    known = Corpus({p: Record(p, "T") for p in ("2", "3", "4")}, {})
    silent = "abstract not to be had"
    judged = [decision("2", "exclude", silent), decision("3", "exclude"), decision("9", "exclude", silent)]
    way = flow(known, books.evidence((books.entry(), books.record())), judged)
    assert (way.unread, way.unjudged) == ({silent: {"2"}}, {"4"})
    assert way.excluded == {"other disease": {"3"}, silent: {"9"}}  # 9 has left the snapshot, and waits for nobody
    assert (way.judged, way.waiting, way.without_abstract) == (3, 2, 1)


@pytest.mark.parametrize(
    ("silent", "said"),
    [([], "1 paper waits to be read."), (["2"], "2 papers wait to be read, 1 of them because no whole abstract was to be had."),
     (["2", "4"], "2 papers wait to be read, because no whole abstract was to be had.")],
)  # fmt: skip
def test_the_foot_of_the_pages_and_the_queue_say_the_same(silent, said):
    """Those for which no abstract was to be had wait in both."""
    records = {p: Record(p, "T") for p in ("4", *silent)}
    made = books.book((books.entry(), books.record()), decisions=tuple(decision(p, "exclude", "abstract not to be had") for p in silent))
    made.corpus.records.update(records)
    site = Site(made)
    assert made.flow.waiting == len(made.backlog.waiting)
    assert said in help_read.queue(site)
    assert said.removesuffix(".") in start_page.snapshot_age(site)


def test_the_queue_holds_what_the_foot_counts(book):
    assert book.flow.waiting == len(book.backlog.waiting)


def test_every_page_says_how_living_it_is(book):
    said = start_page.snapshot_age(Site(book))
    assert f"{book.flow.waiting:,} papers wait to be read" in said
    assert "PubMed itself has not been searched yet" in said
    once = book.numbers["findings"] - book.numbers["findings.read_twice"]
    assert f"{once:,} of {book.numbers['findings']:,} findings have not had a second reader" in said


def test_every_count_of_the_way_by_the_name_under_which_prose_prints_it():
    pairs = [
        (books.entry("1"), books.record("1")),
        (books.entry("20", [books.finding(1), books.finding(2, role="context", lesions=[])]), books.record("20")),
    ]
    records = {
        p: Record(p, "T", origin=origin)
        for p, origin in zip("1234567", ["pubmed", *["list"] * 4, "pubmed", "pubmed"], strict=True)
    }
    records["10.1/p"] = Record("", "T", doi="10.1/p", origin="doi")
    judged = [
        decision("1", "exclude"), decision("2", "include"), decision("3", "exclude"), decision("4", "exclude", "predisposition only"),
        decision("5", "exclude", "predisposition only"), decision("8", "include"), decision("9", "exclude"),
    ]  # fmt: skip
    way = flow(Corpus(records, {}), books.evidence(*pairs), judged)
    # 8 records, a curated one beside them, two judged ones that are gone
    assert way.numbers() == {
        "flow.found": 11, "flow.unjudged": 3, "flow.judged": 8, "flow.excluded": 4, "flow.included": 4, "flow.to_curate": 2, "flow.curated": 2,
        "flow.waiting": 5, "flow.reversed": 1, "flow.away": 2, "flow.without_abstract": 0,
    }  # fmt: skip
    assert (way.findings, way.background) == (2, 1)
    assert list(way.origins.items()) == [
        ("NLM's own XML", 4),
        ("public lists, by PMID", 4),
        ("public lists, by DOI", 1),
        ("judged, not in snapshot", 2),
    ]
    # the reason that most have first, then by name
    assert list(way.excluded.items()) == [("other disease", {"3", "9"}), ("predisposition only", {"4", "5"})]
