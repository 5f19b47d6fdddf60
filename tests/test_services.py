"""Crossref, ClinicalTrials.gov and PubMed beside the corpus: every fact and every refusal, word for word, in this process."""

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest

from lscbook import corpus, vocabulary
from lscbook.corpus import manifest
from lscbook.errors import CorpusInvalid, HarvestIncomplete, HarvestRefused, RegistryUnavailable
from lscbook.evidence import store
from lscbook.harvest import resolving, slices, updating
from lscbook.harvest.slices import Harvest, Slice
from lscbook.pubmed.client import NoSuchRecords, Transient
from lscbook.pubmed.record import Author, Notice, Record
from lscbook.standing import notices, registries
from lscbook.vocabulary.annotate import Annotator
from tests.entries import entry
from tests.records import article, document


@pytest.fixture
def service(tmp_path, registry):
    return registries.Registries(
        "a@example.org",
        tmp_path / "deep" / "c",
        crossref=registry.address + "/",
        trials=registry.address + "/",
        tries=0,
    )


# ---- Crossref ------------------------------------------------------------------------------------------------------


def test_every_fact_of_a_work(registry, service, tmp_path):
    registry.works["10.1000/A b"] = {
        "title": ["A <i>b</i>\n c"], "short-container-title": ["J T"], "container-title": ["Journal"], "volume": "7", "issue": "2",
        "page": "1-9", "article-number": "e5", "published": {"date-parts": [[2021, 3, 4]]}, "issued": {"date-parts": [[2020]]},
        "author": [{"family": "Doe", "given": "Jane-B. C", "suffix": "Jr"}, {"name": "A  Group"}, {"family": "", "given": ""}],
    }  # fmt: skip
    assert service.record("10.1000/A b") == Record(
        "", "A b c", doi="10.1000/a b", journal="J T", date="2021-03-04", volume="7", issue="2", pages="1-9", origin="doi",
        authors=(Author("Doe", "JBC", suffix="Jr"), Author(collective="A Group")),
    )  # fmt: skip
    registry.works["10.1000/2"] = {
        "title": "T",
        "container-title": ["Journal"],
        "article-number": "e5",
        "issued": {"date-parts": [[987]]},
    }
    assert service.record("10.1000/2") == Record(
        "", "T", doi="10.1000/2", journal="Journal", pages="e5", date="0987", origin="doi"
    )
    assert service.record("10.1000/none") is None
    assert (tmp_path / "deep" / "c.sqlite").exists()
    assert {path for path, _ in registry.asked} == {"/works/10.1000/A b", "/works/10.1000/2", "/works/10.1000/none"}
    assert all(
        agent.startswith("lscbook/") and agent.endswith(" (mailto:a@example.org)") for _, agent in registry.asked
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [("retraction", "RetractionIn"), ("withdrawal", "RetractionIn"), ("removal", "RetractionIn"), ("partial_retraction", "PartialRetractionIn"),
     ("expression_of_concern", "ExpressionOfConcernIn"), ("correction", "ErratumIn"), ("corrigendum", "ErratumIn"), ("erratum", "ErratumIn"),
     ("addendum", "UpdateIn"), ("clarification", "UpdateIn"), ("new_edition", "UpdateIn"), ("new_version", "UpdateIn"),
     ("reinstatement", "ReinstatementIn")],
)  # fmt: skip
def test_each_word_of_crossref_for_a_notice(registry, service, word, kind):
    registry.update("10.1000/1", word, "2024-02-03", notice="10.1000/Notice")
    assert service.notices("10.1000/1") == (
        Notice(kind, "", "Crossref, retraction-watch: 10.1000/notice", "2024-02-03"),
    )
    assert service.unknown == set()


def test_notices_come_by_date_each_once_with_both_ways_and_the_preprint(registry, service):
    registry.update("10.1000/1", "retraction", "2024-02-03", source=None)
    registry.update("10.1000/1", "correction", "2023-01-01")
    registry.update("10.1000/1", "guess", "2023-01-01", notice="10.1000/odd")
    registry.works["10.1000/1"]["relation"] = {
        "is-preprint-of": [{"id": "10.1000/2"}],
        "has-preprint": {"id": "10.1000/0"},
    }
    registry.updating["10.1000/1"] = [
        {"DOI": "10.1000/notice", "update-to": [{"DOI": "10.1000/1", "type": "retraction", "updated": {"date-parts": [[2024, 2, 3]]}}]},
        {"DOI": "10.1000/other", "update-to": [{"DOI": "10.1000/9", "type": "retraction"}]},
    ]  # fmt: skip
    assert service.notices("10.1000/1") == (
        Notice("PreprintIn", source="Crossref: 10.1000/0"), Notice("PublishedIn", source="Crossref: 10.1000/2"),
        Notice("ErratumIn", source="Crossref, retraction-watch: 10.1000/notice", date="2023-01-01"),
        Notice("RetractionIn", source="Crossref, publisher: 10.1000/notice", date="2024-02-03"),
    )  # fmt: skip
    assert service.unknown == {"10.1000/odd: 'guess'"}
    assert service.notices("10.1000/none") is None


def test_a_trial_and_what_is_none(registry, service):
    registry.study("NCT1", "TERMINATED", whyStopped=" No\nmoney ")
    registry.study("NCT2", "COMPLETED", lastUpdatePostDateStruct="soon")
    assert service.trial("NCT1") == {"status": "TERMINATED", "updated": "2026-01-02", "why_stopped": "No money"}
    assert service.trial("NCT2") == {"status": "COMPLETED"}
    assert service.trial("NCT3") is None
    assert {path for path, _ in registry.asked} == {f"/api/v2/studies/NCT{n}" for n in (1, 2, 3)}


@pytest.mark.parametrize(
    "odd", [{}, {"protocolSection": 3}, {"protocolSection": {}}, {"protocolSection": {"statusModule": {}}}]
)
def test_a_study_without_a_state_is_no_answer(registry, service, odd):
    registry.body = json.dumps(odd).encode()
    with pytest.raises(RegistryUnavailable, match="no overallStatus for NCT1"):
        service.trial("NCT1")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"message": "text"}, "is no work"),
        ({"message": {"DOI": "10.1000/2"}}, "is about another work"),
        ([1], "not an object"),
    ],
)
def test_an_answer_about_another_thing_is_none(registry, service, body, why):
    registry.body = json.dumps(body).encode()
    with pytest.raises(RegistryUnavailable, match=why):
        service.record("10.1000/1")


def test_a_registry_is_waited_for_as_long_as_was_said(registry, service, monkeypatch):
    asked = []
    real = service._session.get
    monkeypatch.setattr(service._session, "get", lambda url, **own: asked.append(own["timeout"]) or real(url, **own))
    service.timeout = 7.5
    service.trial("NCT9")
    assert asked == [(7.5, 7.5)]


def test_a_doi_is_one_in_any_case(registry, service):
    registry.works["10.1000/ABC"] = {"DOI": "10.1000/abc", "title": ["T"]}
    assert service.record("10.1000/ABC").doi == "10.1000/abc"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Stem cells in AML", "Stem cells in AML.", True), ("STEM–CELLS", "Stem-cells", True),
     ("", "", False), ("", "A", False), ("Leukaemia of children", "Leukemia of children", True),
     ("Clonal evolution in leukemia of children", "Clonal evolution in leukemia of mice", False), ("abcdefghij", "abcdefghiX", True),
     ("abcdefghi", "abcdefgXY", False)],
)  # fmt: skip
def test_two_titles_of_one_paper(one, other, same):
    assert registries.agree(one, other) is same


@pytest.mark.parametrize(
    ("raw", "day"),
    [({"date-parts": [[2012, 8, 29]]}, "2012-08-29"), ({"date-parts": [[2012, 8]]}, "2012-08"), ({"date-parts": [[2012]]}, "2012"),
     ({"date-parts": [[2012, 8, 29, 7]]}, "2012-08-29"), ({"date-parts": []}, ""), ({"date-parts": [[None]]}, ""), ("2012", ""), (None, "")],
)  # fmt: skip
def test_a_day_of_crossref(raw, day):
    assert registries._date(raw) == day


def test_what_is_told_and_what_stays(tmp_path):
    (tmp_path / "notices.json").write_text(json.dumps({
        "1": {"notices": [], "told": "2026-01-01"}, "2": {"notices": [{"type": "RetractionIn"}], "told": "2026-01-02"},
        "3": {"notices": [], "told": "2026-01-03"}, "4": {"notices": [], "told": "2026-01-04"}}))  # fmt: skip

    def answer(key):
        if key in {"3", "5"}:
            raise RegistryUnavailable("no answer")
        return {"1": {"notices": []}, "2": None, "6": {"notices": [{"type": "ErratumIn"}]}, "7": None, "4": None}[key]

    changed, silent = notices.refresh("notices", ["1", "2", "3", "4", "5", "6", "7"], answer, "2026-02-01", tmp_path)
    assert changed == ["6"]
    assert silent == [
        "2: the registry does not know it any more; the state of 2026-01-02 stays", "3: no answer; the state of 2026-01-03 stays",
        "5: no answer; its state is not known",
    ]  # fmt: skip
    told = notices.known("notices", tmp_path)
    assert told["1"] == {"notices": [], "told": "2026-01-01"}  # a quiet day changes no date
    assert told["6"] == {"notices": [{"type": "ErratumIn"}], "told": "2026-02-01"}
    assert set(told) == {"1", "2", "3", "4", "6"}
    before = (tmp_path / "notices.json").read_bytes()
    assert notices.refresh("notices", ["6"], answer, "2026-03-01", tmp_path) == ([], [])
    assert (tmp_path / "notices.json").read_bytes() == before
    assert notices.refresh("trials", [], answer, "2026-03-01", tmp_path / "new") == ([], [])
    assert (tmp_path / "new" / "trials.json").read_text() == "{}\n"
    assert notices.known("nothing", tmp_path) == {}
    (tmp_path / "notices.json").write_text("{")
    with pytest.raises(
        CorpusInvalid, match=r"notices\.json: .*; take the file from git again, it is never edited by hand"
    ):
        notices.known("notices", tmp_path)


# ---- DOIs to PMIDs -------------------------------------------------------------------------------------------------

WORDS = Annotator(vocabulary.load())


class PubMed:
    """PubMed with these PMIDs by DOI, and these records by PMID."""

    def __init__(self, ids, records):
        self.ids, self.records, self.asked = ids, records, []

    def search(self, term, *, retmax=0, window=None):
        self.asked.append((term, retmax))
        return {"idlist": self.ids[term.removesuffix("[doi]").strip('"')]}

    def fetch(self, pmids, check):
        body = self.records[pmids[0]]
        if isinstance(body, Exception):
            raise body
        return check(body)


def xml(pmid, doi, title):
    ids = f'<ArticleIdList><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>'
    return document(article(pmid, title=title, pubmed=ids))


def test_each_way_in_which_a_doi_gets_its_pmid_or_does_not():
    dois = ["10.1000/a", "10.1000/b", "10.1000/c", "10.1000/d", "10.1000/e", "10.1000/f", "10.1000/g"]
    service = PubMed(
        {"10.1000/a": [], "10.1000/b": ["2", "3"], "10.1000/c": ["4"], "10.1000/d": ["5"], "10.1000/e": ["6"], "10.1000/f": ["7"], "10.1000/g": ["8"]},
        {"4": NoSuchRecords("none"), "5": xml("5", "10.1000/other", "Stem cells"), "6": xml("6", "10.1000/e", "Quite another matter"),
         "7": document(article("7", title="Stem cells")), "8": xml("8", "10.1000/g", "Stem cells with TP53 mutation")},
    )  # fmt: skip
    titles = {"10.1000/g": "Stem cells with TP53 mutation."}
    found = resolving.find(service, {d: Record("", titles.get(d, "Stem cells"), doi=d) for d in reversed(dois)}, WORDS)
    assert found.pending == {
        "10.1000/a": "PubMed has 0 records of it", "10.1000/b": "PubMed has 2 records of it",
        "10.1000/c": "its record PMID 4 cannot be read: none", "10.1000/d": "PMID 5 has DOI 10.1000/other",
        "10.1000/e": "PMID 6 has another title: Quite another matter", "10.1000/f": "PMID 7 has DOI none",
    }  # fmt: skip
    assert found.pmids == {"10.1000/g": "8"}
    assert [(r.pmid, r.concepts["genes"]) for r in found.records] == [("8", {"TP53": 1})]
    assert service.asked == [(f'"{doi}"[doi]', 5) for doi in dois]


def test_only_the_record_that_was_asked_for_is_taken():
    assert resolving._only("8")(xml("8", "10.1000/g", "T")).pmid == "8"
    with pytest.raises(Transient, match="0 records of PMID 9"):
        resolving._only("9")(xml("8", "10.1000/g", "T"))
    with pytest.raises(Transient, match="2 records of PMID 8"):
        resolving._only("8")(document(article("8"), article("8")))
    with pytest.raises(Transient, match="not a record: "):
        resolving._only("8")(b"<html>")


class Crossref:
    """Crossref with these answers by DOI; an exception is raised."""

    def __init__(self, **answers):
        self.answers, self.asked = {f"10.1000/{key}": answer for key, answer in answers.items()}, []

    def record(self, doi):
        self.asked.append(doi)
        if isinstance(self.answers[doi], Exception):
            raise self.answers[doi]
        return self.answers[doi]


def bare(key, title="Stem cells", **own):
    return Record("", title, doi=f"10.1000/{key}", origin="doi", **own)


def test_facts_from_crossref_fill_and_never_empty():
    doe = (Author("Doe", "J"),)
    full = bare("b", authors=doe, journal="J", date="2021", volume="1", issue="2", pages="3-4")
    crossref = Crossref(
        a=None, b=full, c=bare("c", "Another matter altogether"), d=bare("d"), e=RegistryUnavailable("busy"), f=bare("f", authors=doe),
    )  # fmt: skip
    known = {f"10.1000/{k}": bare(k) for k in "abcdefgh"}
    known["10.1000/f"] = bare(
        "f", journal="Old J", date="2019", volume="9", issue="8", pages="7", authors=doe, authors_complete=False
    )
    known["10.1000/g"] = replace(full, doi="10.1000/g")  # nothing is missing
    result = resolving.Resolved(pmids={"10.1000/h": "8"})
    resolving.complete(result, crossref, known)
    assert crossref.asked == ["10.1000/a", "10.1000/b", "10.1000/c", "10.1000/d", "10.1000/e", "10.1000/f"]
    assert result.bare == {
        "10.1000/a": "Crossref does not know it", "10.1000/c": "Crossref has another title: Another matter altogether",
        "10.1000/d": "Crossref names no author", "10.1000/e": "busy",
    }  # fmt: skip
    assert result.stated == {
        "10.1000/b": full,
        "10.1000/f": replace(known["10.1000/f"], authors=doe, authors_complete=True),
    }


def test_a_registry_that_is_down_is_asked_three_times_and_no_more():
    crossref = Crossref(**{key: RegistryUnavailable("busy") for key in "abcd"})
    result = resolving.Resolved()
    resolving.complete(result, crossref, {f"10.1000/{k}": bare(k) for k in "abcd"})
    assert crossref.asked == ["10.1000/a", "10.1000/b", "10.1000/c"]
    assert result.bare == {
        "10.1000/a": "busy",
        "10.1000/b": "busy",
        "10.1000/c": "busy; the papers after it were not asked for",
    }


ENTRY = entry("", read="abstract").replace("pmid: ", "doi: 10.1000/g")


@pytest.fixture
def repository(tmp_path):
    for name in ("corpus", "evidence", "book"):
        (tmp_path / name).mkdir()
    pending = bare("g", authors=(Author("Doe", "J"),), date="2020")
    corpus.write(tmp_path / "corpus", {pending.doi: pending}, {"as_of": "2026-01-01"})
    (tmp_path / "evidence" / store.file_name(pending)).write_text(ENTRY)
    (tmp_path / "book" / "a.md").write_text(
        "{paper}`10.1000/g/1, 10.1000/g` {paper}`10.1000/gh` 10.1000/g {gloss}`10.1000/g` {paper}`x10.1000/g`"
    )
    return tmp_path


def applied(repository, result, *, book=True, evidence=True):
    resolving.apply(
        result,
        repository / "corpus",
        repository / "evidence" if evidence else None,
        repository / "book" if book else None,
    )
    return {p.name: p.read_text() for p in (repository / "evidence").iterdir()}, (
        repository / "book" / "a.md"
    ).read_text()


def resolved():
    record = Record("8", "Stem cells", doi="10.1000/g", date="2021", authors=(Author("Roe", "J"),))
    return resolving.Resolved(pmids={"10.1000/g": "8"}, records=[record])


def test_an_entry_takes_its_pmid_and_the_pages_cite_it(repository):
    result = resolved()
    files, page = applied(repository, result)
    assert files == {"roe-2021-8.yaml": ENTRY.replace("doi: 10.1000/g", "pmid: 8")}
    assert page == "{paper}`8/1, 8` {paper}`10.1000/gh` 10.1000/g {gloss}`10.1000/g` {paper}`x10.1000/g`"
    assert result.renamed == [("doe-2020-10-1000-g.yaml", "roe-2021-8.yaml")]
    assert list(corpus.read(repository / "corpus").records) == ["8"]


def test_without_book_or_evidence_those_are_left_alone(repository):
    page = (repository / "book" / "a.md").read_text()
    assert applied(repository, resolved(), evidence=False) == ({"doe-2020-10-1000-g.yaml": ENTRY}, page)
    files, page_now = applied(repository, resolving.Resolved(), book=False)
    assert (list(files), page_now) == (["roe-2021-8.yaml"], page)


def test_facts_of_crossref_reach_the_corpus_and_the_name_of_the_entry(repository):
    stated = bare("g", authors=(Author("Poe", "E"),), date="2019")
    result = resolving.Resolved(stated={"10.1000/g": stated, "10.1000/unknown": bare("unknown")})
    files, page = applied(repository, result)
    assert list(files) == ["poe-2019-10-1000-g.yaml"]
    assert files["poe-2019-10-1000-g.yaml"] == ENTRY
    assert "10.1000/g/1" in page
    assert list(corpus.read(repository / "corpus").records) == ["10.1000/g"]


def test_two_names_that_are_taken_are_both_told(repository):
    (repository / "evidence" / "roe-2021-8.yaml").write_text("another")
    with pytest.raises(
        HarvestIncomplete,
        match=r"^[^\n]*doe-2020-10-1000-g\.yaml is roe-2021-8\.yaml, which exists; merge the two files by hand$",
    ):
        applied(repository, resolved())


def test_a_corpus_that_was_edited_is_not_written_on(repository):
    shard = repository / "corpus" / "records" / "pmid-pending.jsonl"
    shard.write_text(shard.read_text().replace("Stem", "Mast"))
    with pytest.raises(CorpusInvalid, match="not as the last harvest wrote it"):
        applied(repository, resolved())


# ---- a manifest ----------------------------------------------------------------------------------------------------


def test_the_manifest_says_and_counts():
    records = [
        Record("1", "A", abstract={"sha256": "0"}), Record("2", "B", origin="list"), Record("", "C", doi="10.1000/c", origin="doi"),
        Record("3", "D", origin="list"),
    ]  # fmt: skip
    told = manifest.manifest_of(records, {"2020.jsonl": "x\ny\n"}, {"as_of": "2026-01-01", "tool": "old", "more": 1})
    assert told.pop("tool").startswith("lscbook ")
    assert told == {
        "as_of": "2026-01-01", "more": 1,
        "counts": {"records": 4, "with PMID": 3, "PMID pending": 1, "with an abstract in the source": 1,
                   "by origin": {"doi": 1, "list": 2, "pubmed": 1}},
        "shards": {"2020.jsonl": {"records": 2, "sha256": hashlib.sha256(b"x\ny\n").hexdigest()}},
    }  # fmt: skip
    assert list(told["counts"]["by origin"]) == ["doi", "list", "pubmed"]
    assert manifest.about({"as_of": "2026", "counts": {}, "shards": {}, "tool": "x", "query": "q"}) == {
        "as_of": "2026",
        "query": "q",
    }
    assert manifest.about({}, lambda: date(2026, 1, 2)) == {
        "statement": "Records that were put in one by one; nobody has asked PubMed for the result of the query yet.",
        "complete": False, "as_of": "2026-01-02",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-24", date(2026, 11, 24)), ("2026-11", date(2026, 11, 1)), ("2026", date(2026, 1, 1)), ("", date.min)],
)
def test_a_snapshot_may_say_its_day_its_month_or_its_year(text, day):
    assert manifest.first_day(text) == day


@pytest.mark.parametrize("text", ["soon", "2026-1", "26", "2026-13", "2026-11-24-01", " 2026"])
def test_what_is_no_day_is_refused(text, tmp_path):
    with pytest.raises(ValueError, match=r"."):
        manifest.first_day(text)
    (tmp_path / "manifest.json").write_text(json.dumps({"as_of": text}))
    with pytest.raises(
        CorpusInvalid,
        match=r"manifest\.json: as_of is '.*', which no harvest wrote; take the file from git again \(git checkout data/corpus\), it is never edited by hand$",
    ):
        manifest.read_manifest(tmp_path / "manifest.json")


@pytest.mark.parametrize(
    "odd",
    [{"complete": "yes"}, {"query": 3}, {"in_query": ["007"]}, {"in_query": ["x"]}, {"counts": []}, {"sources": {}}, {"slices": 3},
     {"shards": {"a": {"records": 2}}}, {"vocabulary": None}, {"statement": 1}, []],
)  # fmt: skip
def test_a_manifest_of_another_shape_is_told(odd, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps(odd))
    with pytest.raises(CorpusInvalid, match="no harvest wrote"):
        manifest.read_manifest(tmp_path / "manifest.json")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(CorpusInvalid, match="never edited by hand"):
        manifest.read_manifest(tmp_path / "manifest.json")
    assert manifest.read_manifest(tmp_path / "none.json") == {}


def test_the_manifest_of_a_harvest():
    parts = [
        Slice(low="1809/01/01", high="2020/12/31", expected=2),
        Slice(low="2021/01/01", high="2026/11/24", expected=1),
    ]
    ids = {"18090101-20201231": ["1", "20"], "20210101-20261124": ["3"]}
    brought = Harvest("q", "2026-11-24", "q translated", parts, ids, complaints=["odd"])
    assert brought.pmids == {"1", "20", "3"}
    assert [part.name for part in parts] == list(ids)
    told = slices.manifest_about(brought)
    assert told == {
        "statement": "The complete result of the query on the day of the snapshot, as PubMed counted it.", "complete": True,
        "as_of": "2026-11-24", "source": "PubMed E-utilities", "query": "q", "query_translation": "q translated",
        "complaints": ["odd"], "unreadable": [],
        "slices": [{"created_from": "1809/01/01", "created_to": "2020/12/31", "expected": 2, "stored": 2},
                   {"created_from": "2021/01/01", "created_to": "2026/11/24", "expected": 1, "stored": 1}],
    }  # fmt: skip
    brought.unreadable = {"20": "no date", "3": "no date"}
    told = slices.manifest_about(brought)
    assert (
        told["statement"]
        == "The result of the query on the day of the snapshot, but for records that cannot be read; they are named."
    )
    assert (told["complete"], told["unreadable"], [s["stored"] for s in told["slices"]]) == (False, ["3", "20"], [1, 0])


# ---- an update -----------------------------------------------------------------------------------------------------


def test_time_and_large_withdrawals_need_a_person():
    known = corpus.Corpus({}, {"as_of": "2026-11-24"})
    with pytest.raises(
        HarvestRefused,
        match=r"^the snapshot is of 2026-11-24, and today would be 2026-11-23; mend the clock, or give --today$",
    ):
        updating._refuse_the_past(known, None, date(2026, 11, 23))
    with pytest.raises(
        HarvestRefused, match=r"^--since 2026-11-25 lies after today, 2026-11-24; nothing can have been revised since$"
    ):
        updating._refuse_the_past(known, date(2026, 11, 25), date(2026, 11, 24))
    updating._refuse_the_past(known, date(2026, 11, 24), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("withdrawn", "held", "refused"),
    [
        (0, 0, False),
        (1, 1, True),
        (3, 3, True),
        (3, 4, False),
        (4, 10, True),
        (3, 1000, False),
        (50, 1000, False),
        (51, 1000, True),
    ],
)
def test_more_than_three_and_than_a_twentieth_or_all_of_it(withdrawn, held, refused):
    gone, there = [str(n) for n in range(1, withdrawn + 1)], {str(n) for n in range(1, held + 1)}
    if refused:
        with pytest.raises(
            HarvestRefused,
            match=rf"^PubMed no longer lists {withdrawn} of {held} records \(1.*add --allow-withdrawals$",
        ):
            updating._refuse_withdrawals(gone, there)
    else:
        updating._refuse_withdrawals(gone, there)


def test_what_pubmed_says_of_the_query_and_of_a_record_is_told():
    said = []
    brought = Harvest(
        "q", "2026-11-24", "", [], {}, complaints=["unknown word"], unreadable={"9": "late", "10": "no date"}
    )
    updating._tell(brought, said.append)
    assert said == [
        "PubMed says of the query: unknown word", "PMID 10 cannot be read and is left out: no date",
        "PMID 9 cannot be read and is left out: late",
    ]  # fmt: skip


def test_new_words_are_found_where_the_text_is_at_hand():
    record = Record("1", "TP53 in AML", abstract={"sha256": "0"}, concepts={"genes": {"OLD": 1}})
    assert updating._annotated(record, WORDS, {}) == record
    assert updating._annotated(record, WORDS, {"1": "NPM1 mutation."}).concepts["genes"] == {"NPM1": 1, "TP53": 1}
    assert updating._annotated(replace(record, abstract=None), WORDS, {}).concepts["genes"] == {"TP53": 1}


def test_an_entry_names_its_paper_by_pmid_or_doi():
    known = corpus.Corpus({"5": Record("5", "A", doi="10.1000/a"), "10.1000/b": bare("b")}, {})
    assert [updating._pmid_of(key, known) for key in ("5", "10.1000/a", "10.1000/b", "9")] == [
        "5",
        "5",
        "10.1000/b",
        "9",
    ]
