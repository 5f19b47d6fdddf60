"""A harvest from the query to the news, in this process, on forty records: nothing lost, nothing believed too soon."""

import json
import shutil
import sqlite3
import zlib
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from lscbook import corpus, vocabulary
from lscbook.corpus import abstracts
from lscbook.errors import (
    CorpusInvalid,
    HarvestIncomplete,
    HarvestRefused,
    PubMedMalformed,
    PubMedUnavailable,
    RecordRefused,
)
from lscbook.evidence import check, drafting, store
from lscbook.harvest import resolving, run_state, slices, updating, whole_run
from lscbook.harvest.updating import Difference
from lscbook.pubmed import client, query
from lscbook.pubmed.record import Author, Record, describe_abstract
from lscbook.standing import registries
from lscbook.vocabulary.annotate import Annotator
from tests.entries import entry
from tests.eutils_double import index
from tests.eutils_double.server import Double
from tests.records import article, document
from tests.registry_doubles import Registry

TERM = "leukemia[tiab]"
DAY = date(2026, 11, 24)


def paper(number, title="Leukemia and its stem cells", doi="", year=2014):
    day = f"<Year>{1990 + number % 30}</Year><Month>03</Month><Day>{1 + number % 28:02}</Day>"
    ids = f'<ArticleIdList><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>' if doi else ""
    return article(
        str(number), title=title, date=f"<Year>{year}</Year>",
        article_inner=f"<Abstract><AbstractText>Marrow of case {number} was studied.</AbstractText></Abstract>"
                      "<AuthorList><Author><LastName>Doe</LastName><Initials>J</Initials></Author></AuthorList>",
        pubmed=f'<History><PubMedPubDate PubStatus="entrez">{day}</PubMedPubDate></History>{ids}',
    )  # fmt: skip


@pytest.fixture(scope="session")
def forty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forty")
    # the last one is not in the result of the query
    parts = [paper(n) for n in range(101, 141)] + [paper(141, "A paper known by its DOI", "10.1000/known")]
    (folder / "a.xml").write_bytes(document(*parts))
    return index.build(folder / "forty.sqlite", [folder / "a.xml"])


class Place:
    """A double of its own, a corpus, and a harvest of it."""

    def __init__(self, folder, master):
        shutil.copyfile(master, folder / "double.sqlite")
        self.double, self.master = Double(folder / "double.sqlite", limit=10_000).start(), master
        self.crossref = Registry()
        self.folder, self.told, self.words = folder, [], vocabulary.load()
        self.places = whole_run.Places(
            folder / "corpus", folder / "cache", folder / "abstracts.sqlite", folder / "evidence", folder / "book",
            folder / "changes",
        )  # fmt: skip
        for name in ("corpus", "evidence", "book"):
            (folder / name).mkdir()

    def client(self, **own):
        given = {"rate": 1000, "first_pause": 0.001, "timeout": 5, "deadline": 20, **own}
        return client.Client("a@example.org", self.double.address, **given)

    def run(self, today=DAY, term=TERM, places=None, progress=lambda _done, _all: None, **limits):
        service = registries.Registries(
            "a@example.org", self.folder / "registries.sqlite", crossref=self.crossref.address, tries=0
        )
        return whole_run.run(
            term, whole_run.Tools(self.client(), service, Annotator(self.words)), places or self.places, today,
            whole_run.Limits(cap=25, batch=10, **limits), whole_run.Telling(progress, self.told.append),
        )  # fmt: skip

    @property
    def known(self):
        return corpus.read(self.places.corpus)

    def sql(self, text, *values):
        with sqlite3.connect(self.double.index) as base:
            return base.execute(text, values).fetchall()

    def entry(self, pmid, text=None):
        path = self.places.evidence / f"a-2014-{pmid}.yaml"
        path.write_text(text or entry(pmid))
        return path

    def forget(self, condition="1"):
        """PubMed lists these no longer, but gives them when asked by PMID."""
        self.sql(f"DELETE FROM words WHERE rowid IN (SELECT pmid FROM article WHERE {condition})")

    def close(self):
        for server in (self.double, self.crossref):
            server.shutdown()
            server.server_close()


@pytest.fixture
def place(tmp_path, forty):
    here = Place(tmp_path, forty)
    yield here
    here.close()


def test_a_harvest_brings_all_and_proves_it_and_a_second_fetches_nothing(place):
    done = place.run()
    assert len(done.difference.new) == 40
    manifest = place.known.manifest
    assert manifest["complete"] is True
    assert sum(s["stored"] for s in manifest["slices"]) == sum(s["expected"] for s in manifest["slices"]) == 40
    assert len({s["created_from"] for s in manifest["slices"]}) > 1
    place.double.fetched.clear()
    # the double says that nothing was revised in the window
    place.sql("UPDATE article SET mdat = '2020/01/02'")
    assert not place.run(today=date(2026, 11, 25)).difference
    assert place.double.fetched == []
    assert place.known.as_of == "2026-11-24"  # a quiet day is no new snapshot


def test_an_empty_answer_empties_nothing(place):
    place.run()
    before = {p: p.read_bytes() for p in place.places.corpus.rglob("*.json*")}
    place.forget()
    with pytest.raises(HarvestIncomplete, match="finds nothing"):
        place.run(today=date(2026, 11, 25))
    assert before == {p: p.read_bytes() for p in place.places.corpus.rglob("*.json*")}


@pytest.mark.parametrize(("gone", "refused"), [(40, None), (20, True), (10, True), (4, True), (3, False), (1, False)])
def test_a_large_withdrawal_needs_a_word_of_a_person(place, gone, refused):
    """Three, or one in twenty, may be; all of them may not, even with the flag."""
    place.run()
    place.forget(f"pmid > {140 - gone}")
    if refused is None:
        with pytest.raises(HarvestIncomplete, match="finds nothing"):
            place.run(today=date(2026, 11, 25), allow_withdrawals=True)
        return
    if refused:
        with pytest.raises(HarvestRefused, match="--allow-withdrawals"):
            place.run(today=date(2026, 11, 25))
        assert len(place.known.records) == 40
    done = place.run(today=date(2026, 11, 25), allow_withdrawals=refused)
    assert len(done.difference.withdrawn) == gone
    assert len(place.known.records) == 40 - gone


def test_time_never_runs_backwards(place):
    place.run()
    with pytest.raises(HarvestRefused, match="mend the clock"):
        place.run(today=date(2026, 11, 23))
    with pytest.raises(HarvestRefused, match="after today"):
        place.run(since=date(2027, 1, 1))
    assert len(place.known.records) == 40


def test_a_query_that_matches_nothing_is_no_complete_corpus(place):
    with pytest.raises(HarvestIncomplete, match="finds nothing"):
        place.run(term="leukozyten[tiab]")
    assert not place.known.manifest


def spoil(place, pmid, change):
    ((xml,),) = place.sql("SELECT xml FROM article WHERE pmid = ?", pmid)
    place.sql("UPDATE article SET xml = ? WHERE pmid = ?", zlib.compress(change(zlib.decompress(xml))), pmid)


@pytest.mark.parametrize(
    "change",
    [lambda xml: xml.replace(b"<ArticleTitle>", b"<ArticleTitle>\x01"),
     lambda xml: b"<PubmedArticle><MedlineCitation><PMID>117</PMID></MedlineCitation></PubmedArticle>"],
    ids=["no XML", "no article"],
)  # fmt: skip
def test_a_record_that_cannot_be_read_is_named_and_stops_no_other(place, change):
    spoil(place, 117, change)
    place.run()
    assert len(place.known.records) == 39
    assert place.known.manifest["unreadable"] == ["117"]
    assert place.known.manifest["complete"] is False
    assert any("117 cannot be read" in line for line in place.told)


def test_a_service_that_sends_pages_ends_the_run_and_is_not_taken_apart(place):
    place.double.fault("html", times=200)
    with pytest.raises(PubMedMalformed):
        place.run()
    assert len(place.double.fetched) < 2000
    assert not place.known.manifest


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


def test_news_survive_the_second_harvest_of_a_day_and_a_look_up_that_fails(place, monkeypatch):
    place.run()
    place.sql("DELETE FROM article WHERE pmid > 138")
    assert json.loads((place.places.changes / f"{DAY}.json").read_text())["new"][:2] == ["101", "102"]
    later = date(2026, 11, 26)
    monkeypatch.setattr(updating, "update", lambda *_a, **_k: Difference(new=["11", "13"], changed=["7"]))
    place.run(today=later)
    monkeypatch.setattr(updating, "update", lambda *_a, **_k: Difference(new=["12"], changed=["7", "11"]))
    monkeypatch.setattr(resolving, "find", lambda *_: (_ for _ in ()).throw(PubMedUnavailable("gone")))
    with pytest.raises(PubMedUnavailable):
        place.run(today=later)
    told = Difference.read(place.places.changes / f"{later}.json")
    assert (told.new, told.changed) == (["11", "12", "13"], ["7"])


def test_a_run_that_is_stopped_goes_on_with_what_it_has(place):
    with pytest.raises(HarvestIncomplete, match="0 minutes are over"):
        place.run(max_minutes=0)
    assert not place.known.manifest
    already = len(place.double.fetched)
    assert already
    place.run()
    assert len(place.double.fetched) == 40


PLAN = ('{"form": 2, "until": "2026-11-24", "translation": "", "complaints": [], "ids": {"20260101-20260102": [%s]}, '
        '"slices": [{"low": "2026/01/01", "high": "2026/01/02", "expected": %d}]}')  # fmt: skip


@pytest.mark.parametrize(
    "plan",
    ["", "{", "[]", '{"until": "2026-11-24"}', '{"form": 1, "until": "2026-11-24", "slices": [], "ids": {}}',
     '{"form": 2, "until": "2026-11-24", "translation": "", "complaints": [], "slices": [{"low": "x"}], "ids": {}}',
     '{"form": 2, "until": 7, "translation": "", "complaints": [], "slices": [], "ids": {}}',
     PLAN % ('"x"', 1), PLAN % ('"1"', 2), PLAN % ("1", 1)],
)  # fmt: skip
def test_a_plan_of_another_version_is_told_and_made_anew(place, plan):
    with pytest.raises(HarvestIncomplete):
        place.run(max_minutes=0)
    (file,) = place.places.cache.rglob("plan.json")
    file.write_text(plan)
    (file.parent / "notes.xml.gz").write_bytes(b"what is this")
    (file.parent / "2026-11-24-odd.xml.gz").write_bytes(b"what is this")
    place.run()
    assert len(place.known.records) == 40
    assert any("made anew" in line for line in place.told)


def test_a_plan_over_a_week_old_is_dropped(tmp_path):
    state = run_state.RunState(tmp_path, "x", 10)
    part = {"low": "2026/01/01", "high": "2026/11/01", "expected": 1}
    given = {
        "until": "2026-11-01",
        "translation": "",
        "complaints": [],
        "slices": [part],
        "ids": {"20260101-20261101": ["7"]},
    }
    for today, kept in ((date(2026, 11, 8), True), (date(2026, 11, 9), False), (date(2026, 10, 31), False)):
        state.keep_plan(given)
        assert bool(state.plan(today)) is kept
    state.keep_plan(given)
    assert state.plan(date(2026, 11, 2), not_before=date(2026, 11, 2)) is None


def test_a_fresh_clone_gets_the_abstracts_of_what_is_curated(place):
    place.run()
    place.entry(105)
    place.sql("UPDATE article SET mdat = '2020/01/02'")
    other = replace(place.places, abstracts=place.folder / "runner.sqlite")
    place.double.fetched.clear()
    place.run(today=date(2026, 11, 25), places=other)
    assert abstracts.get("105", other.abstracts)
    assert place.double.fetched == ["105"]


def test_make_new_gets_an_abstract_that_the_corpus_knows_and_the_cache_lacks(place, monkeypatch):
    monkeypatch.setattr(abstracts, "get", lambda *_: "")
    known = corpus.Corpus({"105": Record("105", "T", abstract={"sha256": "0" * 16, "sentences": 1})}, {})
    assert drafting.obtain("105", known, place.client(), object()).text == "Marrow of case 105 was studied."
    assert drafting.obtain("105", known, None, None).text == ""


def test_a_new_word_reaches_records_that_are_there_with_or_without_a_cache(place):
    place.run()
    more = {**place.words.terms["genes"], "MARROW1": vocabulary.Term("genes", "MARROW1", "marrow", ("marrow",))}
    place.words = replace(place.words, terms={**place.words.terms, "genes": more})
    place.sql("UPDATE article SET mdat = '2020/01/02'")
    place.double.fetched.clear()
    place.run(today=date(2026, 11, 25))
    assert all("MARROW1" in r.concepts["genes"] for r in place.known.records.values())
    assert place.double.fetched == []
    place.words = vocabulary.load()
    place.run(today=date(2026, 11, 26), places=replace(place.places, abstracts=place.folder / "runner.sqlite"))
    assert not any("genes" in r.concepts for r in place.known.records.values())


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


def test_a_plan_tells_costs_and_what_pubmed_ignored(place):
    asked = query.Query(TERM, TERM, {"disease": TERM}, {"all": TERM}, {}, {})
    planned = whole_run.plan(
        place.client(rate=2, sleep=lambda _seconds: None), asked, DAY, whole_run.Limits(cap=25, batch=10)
    )
    assert planned.themes == {"all": 40}
    assert planned.records == 40
    assert planned.requests > len(planned.slices) + 4
    assert planned.minutes == planned.requests / 2 / 60


def test_slices_part_the_days_and_lose_none(place):
    for cap in (5, 17, 39, 41):
        parts = slices.plan(place.client(), TERM, DAY, cap)
        assert sum(p.expected for p in parts) == 40
        assert all(p.expected < cap for p in parts)
        days = [(p.low, p.high) for p in parts]
        assert days == sorted(days)
        assert all(high < low for (_, high), (low, _) in pairwise(days))
    with pytest.raises(HarvestIncomplete, match="cannot be split"):
        slices.plan(place.client(), TERM, DAY, 1)


def test_the_windows_of_two_harvests_overlap_by_thirty_days(place, monkeypatch):
    place.run()
    asked = []
    real = client.Client.search

    def spy(self, term, *, retmax=0, window=None):
        asked.append(window)
        return real(self, term, retmax=retmax, window=window)

    monkeypatch.setattr(client.Client, "search", spy)
    place.run(today=date(2026, 12, 1))
    assert ("mdat", "2026/10/25", "2026/12/01") in asked


def test_what_others_put_in_meanwhile_stays(place):
    """`make new` beside a harvest: the corpus that the harvest read at its start is not the one that it writes onto."""
    place.run()
    spoil(place, 105, lambda xml: xml.replace(b"Leukemia and", b"Leukemia with"))
    place.sql("UPDATE article SET mdat = '2026/11/25' WHERE pmid = 105")

    def progress(_done, _all):
        known = corpus.read(place.places.corpus)
        corpus.write(place.places.corpus, {**known.records, "9": Record("9", "New", date="2020")}, known.manifest)

    done = place.run(today=date(2026, 11, 25), progress=progress)
    assert "105" in done.difference.changed
    assert "9" in place.known.records


def test_several_records_of_one_batch_that_cannot_be_read_are_all_named(place):
    bad = ("101", "102", "103", "104", "109")
    for pmid in bad:
        spoil(place, int(pmid), lambda xml: xml.replace(b"<ArticleTitle>", b"<ArticleTitle>\x01"))
    place.run()
    assert place.known.manifest["unreadable"] == list(bad)
    assert len(place.known.records) == 35


def test_a_pmid_for_which_another_record_comes_is_named_and_stops_no_other(place):
    spoil(place, 117, lambda xml: xml.replace(b">117</PMID>", b">999</PMID>"))
    place.run()
    assert place.known.manifest["unreadable"] == ["117"]
    assert "999" not in place.known.records
    assert len(place.known.records) == 39


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


def add(place, pmid, day):
    """A record that PubMed creates on a day."""
    place.sql(
        "INSERT INTO article SELECT ?, xml, dp, ?, edat, mdat, title, doi FROM article WHERE pmid = 101", pmid, day
    )
    spoil(place, pmid, lambda xml: xml.replace(b">101</PMID>", f">{pmid}</PMID>".encode()))
    place.sql("INSERT INTO words (rowid, ti, tiab, mh, pt, au, la) SELECT ?, ti, tiab, mh, pt, au, la FROM words "
              "WHERE rowid = 101", pmid)  # fmt: skip


def test_a_run_that_was_stopped_before_another_ended_withdraws_nothing(place):
    """A plan of Tuesday in one cache, the corpus of Thursday from another machine: what came between stays."""
    with pytest.raises(HarvestIncomplete):
        place.run(max_minutes=0)
    add(place, 201, "2026/11/25")
    elsewhere = replace(place.places, cache=place.folder / "elsewhere")
    place.run(today=date(2026, 11, 26), places=elsewhere)
    done = place.run(today=date(2026, 11, 26))
    assert done.difference.withdrawn == []
    assert "201" in place.known.records
    assert place.known.as_of == "2026-11-26"


def test_a_harvest_that_ends_after_one_of_a_later_day_writes_nothing(place):
    def progress(_done, _all):
        corpus.write(place.places.corpus, {"9": Record("9", "New", date="2020")}, {"as_of": "2026-11-30"})

    with pytest.raises(HarvestIncomplete, match="of 2026-11-30, ended meanwhile"):
        place.run(progress=progress)
    assert list(place.known.records) == ["9"]


def edit(place):
    """A title that somebody changed by hand."""
    shard = place.places.corpus / "records" / "2014.jsonl"
    shard.write_text(shard.read_text().replace("its stem cells", "his stem cells", 1))
    return place.places.corpus / "manifest.json"


def test_nobody_puts_his_seal_under_a_shard_that_was_edited(place, tmp_path):
    place.run()
    manifest = edit(place)
    before = manifest.read_bytes()
    with pytest.raises(CorpusInvalid, match=r"2014\.jsonl.*git checkout"):
        place.run(today=date(2026, 11, 25))
    known = place.known
    with pytest.raises(CorpusInvalid, match="git checkout"):
        drafting.keep(Record("3", "N", date="2020"), known, place.places.corpus, Annotator(place.words))
    found = resolving.Resolved(records=[Record("3", "N", date="2020")])
    with pytest.raises(CorpusInvalid, match="git checkout"):
        resolving.apply(found, place.places.corpus, None, None)
    assert manifest.read_bytes() == before


def test_news_of_a_run_that_died_after_it_wrote_are_told_by_the_next(place, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(whole_run, "tell_news", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            place.run()
    assert len(place.known.records) == 40
    assert not list(place.places.changes.glob("*")) if place.places.changes.exists() else True
    place.run(today=date(2026, 11, 25))
    told = Difference.read(place.places.changes / "2026-11-25.json")
    assert told.new == [str(n) for n in range(101, 141)]
    place.run(today=date(2026, 11, 26))
    assert not (place.places.changes / "2026-11-26.json").exists()


def test_news_that_were_never_written_are_not_told(place, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(corpus, "write", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            place.run()
    place.forget("pmid = 140")
    with pytest.raises(HarvestIncomplete, match="changed meanwhile"):  # the plan of the run that died
        place.run()
    place.run()
    assert "140" not in Difference.read(place.places.changes / f"{DAY}.json").new


def test_a_file_of_news_that_cannot_be_read_is_told(place, tmp_path):
    place.places.cache.mkdir()
    (place.places.cache / "untold-news.json").write_text("[")
    place.run()
    assert any("is forgotten" in line for line in place.told)
    for text in ("[]", '{"new": "101"}', '{"new": [1]}', "", "{"):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(CorpusInvalid, match=r"x\.json"):
            Difference.read(tmp_path / "x.json")


def test_what_comes_and_goes_in_a_day_is_no_news():
    first = Difference(new=["1", "2"], withdrawn=["8", "9"], changed=["5"])
    then = Difference(new=["8"], withdrawn=["2", "5"], changed=["1"])
    both = then.after(first)
    assert (both.new, both.withdrawn, both.changed) == (["1"], ["5", "9"], ["8"])


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


def test_a_snapshot_is_not_begun_with_a_day_of_another_time(place):
    """`make new` before the first harvest: the corpus says what it is, and the harvest makes it whole."""
    drafting.keep(Record("3", "N", date="2020"), place.known, place.places.corpus, Annotator(place.words))
    said = place.known.manifest
    assert said["complete"] is False
    assert "one by one" in said["statement"]
    assert date.fromisoformat(said["as_of"])


def test_a_manifest_that_lost_its_day_is_no_traceback(place):
    place.run()
    file = place.places.corpus / "manifest.json"
    kept = json.loads(file.read_text())
    for name in ("as_of", "slices"):
        del kept[name]
    file.write_text(json.dumps(kept))
    place.run(today=date(2026, 11, 25))
    assert place.known.as_of == "2026-11-25"
    assert place.known.manifest["slices"]


def test_three_records_that_are_all_there_were_are_not_withdrawn_without_a_word(place):
    place.forget("pmid > 103")
    place.run()
    shutil.copyfile(place.master, place.double.index)
    place.forget("pmid <= 103")
    with pytest.raises(HarvestRefused, match="3 of 3"):
        place.run(today=date(2026, 11, 25))
    assert set(place.known.records) == {"101", "102", "103"}


@pytest.mark.parametrize("fault", ["truncated", "empty", "foreign"])
def test_a_service_that_breaks_every_answer_names_no_record_and_ends_soon(place, fault):
    place.double.fault(fault, times=5000)
    with pytest.raises(PubMedMalformed):
        place.run()
    assert not place.known.manifest
    assert place.double.asked["efetch"] < 200


def test_a_record_that_comes_while_we_fetch_makes_the_plan_void(place):
    def progress(_done, _all):
        if not place.sql("SELECT 1 FROM article WHERE pmid = 201"):
            add(place, 201, "2020/01/01")

    with pytest.raises(HarvestIncomplete, match="counts 41 records now, 40 were listed"):
        place.run(progress=progress)
    assert not place.known.manifest
    place.run()
    assert len(place.known.records) == 41


def test_a_record_that_goes_between_count_and_list_is_noticed(place, monkeypatch):
    real = client.Client.search

    def search(self, term, *, retmax=0, window=None):
        if retmax:
            place.forget("pmid = 117")
        return real(self, term, retmax=retmax, window=window)

    monkeypatch.setattr(client.Client, "search", search)
    with pytest.raises(HarvestIncomplete, match="PMIDs listed"):
        place.run()


def test_a_day_belongs_to_one_half_only(place):
    """Forty records on forty days in a row, so that wherever the window is cut, a record lies on the cut."""
    for n in range(40):
        place.sql(
            "UPDATE article SET crdt = ? WHERE pmid = ?", (DAY - timedelta(days=39 - n)).strftime("%Y/%m/%d"), 101 + n
        )
    for cap in (3, 8):
        assert sum(part.expected for part in slices.plan(place.client(), TERM, DAY, cap)) == 40
