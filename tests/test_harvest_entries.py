"""Entries and a harvest: a curated paper is never withdrawn, gets its PMID, and its file follows its name."""

from datetime import date

import pytest

from lscbook import corpus
from lscbook.errors import HarvestIncomplete, RecordRefused
from lscbook.evidence import check, drafting, store
from lscbook.harvest import resolving
from lscbook.pubmed import client
from lscbook.pubmed.record import Author, Record, describe_abstract
from lscbook.standing import registries
from lscbook.vocabulary.annotate import Annotator
from tests.entries import entry
from tests.harvest_place import spoil


def test_a_curated_paper_stays_whatever_pubmed_lists(place):
    place.entry(105)
    place.entry(106, entry(106).replace("theme: target", "theme: targett"))  # a typing error withdraws no paper
    place.run()
    place.forget("pmid IN (105, 106, 107)")
    done = place.run(today=date(2026, 11, 25))
    assert done.difference.withdrawn == ["107"]
    assert {"105", "106"} <= set(place.known.records)
    assert done.difference.gone == []


@pytest.mark.parametrize("how", ["another", "none"])
def test_a_curated_paper_that_pubmed_merged_away_is_gone_and_kept(place, how):
    place.entry(105)
    place.entry(108)
    place.run()
    place.forget("pmid = 105")
    spoil(place, 105, lambda xml: xml.replace(b">105</PMID>", b">999</PMID>") if how == "another" else b"")
    done = place.run(today=date(2026, 11, 25))
    assert done.difference.gone == ["105"]
    assert "105" in place.known.records
    assert "gone: 1 (105)" in done.difference.as_text()


def test_a_year_that_pubmed_corrects_renames_the_entry(place):
    path = place.entry(105)
    place.run()
    renamed = place.places.evidence / "doe-2014-105.yaml"
    assert not path.exists()
    assert renamed.exists()
    spoil(place, 105, lambda xml: xml.replace(b"<Year>2014</Year></PubDate>", b"<Year>2015</Year></PubDate>"))
    place.sql("UPDATE article SET mdat = '2026/11/25' WHERE pmid = 105")
    done = place.run(today=date(2026, 11, 25))
    assert done.resolved.renamed == [("doe-2014-105.yaml", "doe-2015-105.yaml")]
    report = check.run([place.places.evidence], context=check.Context(place.known, place.words, {}))
    assert report.good, report.problems


def test_a_doi_gets_its_pmid_and_its_entry_and_citation_follow(place):
    pending = Record("", "A paper, known by its DOI", doi="10.1000/known", date="2014", origin="doi",
                     authors=(Author("Doe", "J"),), abstract=describe_abstract("One."))  # fmt: skip
    other = Record("", "Another", doi="10.1000/other", origin="doi", authors_complete=False)
    (place.places.book / "0.md").write_bytes(b"\xff no text")
    corpus.write(place.places.corpus, {pending.doi: pending, other.doi: other}, {"as_of": "2026-01-01"})
    (place.places.evidence / store.file_name(pending)).write_text(entry("").replace("pmid: ", "doi: 10.1000/known"))
    (place.places.book / "a.md").write_text("See {paper}`10.1000/known/1` and {paper}`10.1000/known2`.")
    place.crossref.works["10.1000/other"] = {
        "title": ["Another"], "author": [{"family": "Roe", "given": "R"}], "volume": "7", "page": "1-9"}  # fmt: skip
    done = place.run()
    assert done.resolved.pmids == {"10.1000/known": "141"}
    assert (place.places.evidence / "doe-2014-141.yaml").read_text().startswith("pmid: 141\n")
    assert (place.places.book / "a.md").read_text() == "See {paper}`141/1` and {paper}`10.1000/known2`."
    stated = place.known.records["10.1000/other"]
    assert ([a.name for a in stated.authors], stated.volume, stated.pages) == (["Roe R"], "7", "1-9")
    assert any("Crossref's now" in line for line in done.told)


def test_a_truncated_answer_while_a_doi_is_looked_up_is_asked_for_again(place):
    place.double.fault("truncated", on="efetch", times=1)
    pending = {"10.1000/known": Record("", "A paper known by its DOI", doi="10.1000/known")}
    found = resolving.find(place.client(), pending, Annotator(place.words))
    assert found.pmids == {"10.1000/known": "141"}


def test_what_is_another_paper_stays_pending(place):
    annotator = Annotator(place.words)
    named = {d: Record("", "A wholly other title", doi=d) for d in ("10.1000/known", "10.1000/nobody")}
    found = resolving.find(place.client(), named, annotator)
    assert "another title" in found.pending["10.1000/known"]
    assert "0 records" in found.pending["10.1000/nobody"]


def test_one_odd_answer_of_crossref_stops_no_other_paper(place):
    """An alias, answered with the DOI that Crossref prefers, first of two."""
    place.crossref.works["10.1000/a"] = {"DOI": "10.1000/prime", "title": ["Quite another"]}
    place.crossref.works["10.1000/b"] = {"title": ["Second"], "author": [{"family": "Roe"}]}
    service = registries.Registries("a@example.org", place.folder / "c", crossref=place.crossref.address, tries=0)
    result = resolving.Resolved()
    pending = {d: Record("", t, doi=d) for d, t in (("10.1000/a", "First"), ("10.1000/b", "Second"))}
    resolving.complete(result, service, pending)
    assert "another work" in result.bare["10.1000/a"]
    assert list(result.stated) == ["10.1000/b"]


@pytest.mark.parametrize("how", ["another", "none", "no XML"])
def test_a_curated_paper_that_is_listed_and_not_given_is_gone_and_kept(place, how):
    place.entry(105)
    place.run()
    changes = {"another": lambda x: x.replace(b">105</PMID>", b">999</PMID>"), "none": lambda _: b"",
               "no XML": lambda x: x.replace(b"<ArticleTitle>", b"<ArticleTitle>\x01")}  # fmt: skip
    spoil(place, 105, changes[how])
    place.sql("UPDATE article SET mdat = '2026/11/25' WHERE pmid IN (105, 106)")
    done = place.run(today=date(2026, 11, 25))
    assert done.difference.gone == ["105"]
    assert place.known.records["105"].title == "Leukemia and its stem cells"


@pytest.mark.parametrize(
    "text",
    ["pmid: 105\n", "pmid : '105'\n", '"pmid": "105"\r\n', "PMID: 105  # a comment\n", "  pmid: 105\n", "\ufeffpmid: 105\n",
     "pmid: https://pubmed.ncbi.nlm.nih.gov/105/\n", "doi: 10.1000/of105\n", "doi: https://doi.org/10.1000/of105\nx: [", "DOI: '10.1000/OF105'\n"],
)  # fmt: skip
def test_however_an_entry_is_broken_its_paper_is_never_withdrawn(place, text):
    spoil(place, 105, lambda xml: xml.replace(
        b"</History>", b'</History><ArticleIdList><ArticleId IdType="doi">10.1000/of105</ArticleId></ArticleIdList>'))  # fmt: skip
    (place.places.evidence / "odd.yaml").write_text(text + "findings: [\n", newline="")
    place.run()
    place.forget("pmid IN (105, 107)")
    assert place.run(today=date(2026, 11, 25)).difference.withdrawn == ["107"]
    assert "105" in place.known.records


def test_the_end_of_a_doi_is_no_pmid(tmp_path):
    (tmp_path / "doe-2020-10-1101-123456.yaml").write_text("doi: 10.1101/123456\n")
    (tmp_path / "roe-2020-777.yaml").write_bytes(b"\xff\xfe no YAML at all")
    assert store.keys(tmp_path) == {"10.1101/123456", "777"}


def test_an_entry_that_a_person_named_otherwise_is_left_to_check(place):
    (place.places.evidence / "mine.yaml").write_text(entry(105))
    assert place.run().resolved.renamed == []
    assert (place.places.evidence / "mine.yaml").exists()


def test_a_name_that_is_taken_is_told_and_stops_no_other(place):
    place.run()
    for pmid in (105, 106):
        place.entry(pmid)
    taken = place.places.evidence / "doe-2014-105.yaml"
    taken.write_text(entry(105).replace("It was tried.", "It was tried twice."))
    with pytest.raises(HarvestIncomplete, match="merge the two files by hand"):
        place.run(today=date(2026, 11, 25))
    names = sorted(path.name for path in place.places.evidence.iterdir())
    assert names == ["a-2014-105.yaml", "doe-2014-105.yaml", "doe-2014-106.yaml"]
    assert "twice" in taken.read_text()


def test_a_rename_that_was_cut_off_is_finished(place):
    place.run()
    old = place.entry(105)
    place.run(today=date(2026, 11, 25))
    new = place.places.evidence / "doe-2014-105.yaml"
    old.write_text(new.read_text())  # the new file was written, the old one not yet removed
    assert place.run(today=date(2026, 11, 26)).resolved.renamed == [("a-2014-105.yaml", "doe-2014-105.yaml")]
    assert not old.exists()


def test_a_pmid_of_which_pubmed_says_that_it_knows_none_ends_no_look_up(place, monkeypatch):
    def none(*_given):
        raise client.NoSuchRecords("ID list is empty")

    monkeypatch.setattr(client.Client, "fetch", none)
    pending = {"10.1000/known": Record("", "A paper known by its DOI", doi="10.1000/known")}
    found = resolving.find(place.client(), pending, Annotator(place.words))
    assert "ID list is empty" in found.pending["10.1000/known"]
    with pytest.raises(RecordRefused, match="no record 105"):
        drafting.obtain("105", corpus.Corpus({}, {}), place.client(), object())
