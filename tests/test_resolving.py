"""DOIs that get a PMID, and what Crossref says of those that have none, word for word, in this process."""

from dataclasses import replace

import pytest

from lscbook import corpus, vocabulary
from lscbook.errors import CorpusInvalid, HarvestIncomplete, RegistryUnavailable
from lscbook.evidence import store
from lscbook.harvest import resolving, updating
from lscbook.pubmed.client import NoSuchRecords, Transient
from lscbook.pubmed.record import Author, Record
from lscbook.vocabulary.annotate import Annotator
from tests.entries import entry
from tests.records import article, document

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


def test_an_entry_names_its_paper_by_pmid_or_doi():
    known = corpus.Corpus({"5": Record("5", "A", doi="10.1000/a"), "10.1000/b": bare("b")}, {})
    assert [updating._pmid_of(key, known) for key in ("5", "10.1000/a", "10.1000/b", "9")] == [
        "5",
        "5",
        "10.1000/b",
        "9",
    ]


def test_one_entry_that_stays_keeps_no_other_from_its_name(tmp_path):
    """In the order of their names: broken, of a stranger, named by a person, right, clashing, and after all of them two to rename."""
    for name in ("corpus", "evidence"):
        (tmp_path / name).mkdir()
    known = {str(n): Record(str(n), f"Paper {n}", date="2021", authors=(Author("Doe", "J"),)) for n in range(1, 7)}
    corpus.write(tmp_path / "corpus", known, {"as_of": "2026-01-01"})

    def put(name, pmid):
        (tmp_path / "evidence" / name).write_text(entry(pmid))

    (tmp_path / "evidence" / "aaa-2020-9.yaml").write_text("pmid: [")
    put("abc-2020-8.yaml", 8)  # the corpus has no such paper
    put("my-notes-on-paper-one.yaml", 1)
    put("doe-2021-2.yaml", 2)
    put("bbb-2020-3.yaml", 3)
    put("doe-2021-3.yaml", 33)  # in the way of paper 3
    put("roe-2020-4.yaml", 4)
    put("zzz-2020-5.yaml", 5)
    before = {p.name: p.read_text() for p in (tmp_path / "evidence").iterdir()}
    result = resolving.Resolved()
    with pytest.raises(
        HarvestIncomplete,
        match=r"^[^\n]*bbb-2020-3\.yaml is doe-2021-3\.yaml, which exists; merge the two files by hand$",
    ):
        resolving.apply(result, tmp_path / "corpus", tmp_path / "evidence", None)
    assert result.renamed == [("roe-2020-4.yaml", "doe-2021-4.yaml"), ("zzz-2020-5.yaml", "doe-2021-5.yaml")]
    after = {p.name: p.read_text() for p in (tmp_path / "evidence").iterdir()}
    stay = {n: t for n, t in before.items() if n not in {"roe-2020-4.yaml", "zzz-2020-5.yaml"}}
    assert after == stay | {"doe-2021-4.yaml": entry(4), "doe-2021-5.yaml": entry(5)}


def test_a_file_of_the_same_bytes_is_no_clash(tmp_path):
    (tmp_path / "evidence").mkdir()
    corpus.write(
        tmp_path / "corpus",
        {"4": Record("4", "A", date="2021", authors=(Author("Doe", "J"),))},
        {"as_of": "2026-01-01"},
    )
    for name in ("roe-2020-4.yaml", "doe-2021-4.yaml"):
        (tmp_path / "evidence" / name).write_text(entry(4))
    result = resolving.Resolved()
    resolving.apply(result, tmp_path / "corpus", tmp_path / "evidence", None)
    assert [p.name for p in (tmp_path / "evidence").iterdir()] == ["doe-2021-4.yaml"]
    assert result.renamed == [("roe-2020-4.yaml", "doe-2021-4.yaml")]


def test_every_page_that_is_text_cites_the_pmid(repository):
    (repository / "book" / "0.md").write_bytes(b"\xff no text")
    (repository / "book" / "b.md").write_text("{paper}`10.1000/G/2` and {paper}`10.1000/g`")
    (repository / "book" / "c.txt").write_text("{paper}`10.1000/g`")
    applied(repository, resolved())
    told = {p.name: p.read_bytes() for p in (repository / "book").iterdir() if p.name != "a.md"}
    assert told == {"0.md": b"\xff no text", "b.md": b"{paper}`8/2` and {paper}`8`", "c.txt": b"{paper}`10.1000/g`"}
