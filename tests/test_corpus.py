import json
import os
from dataclasses import replace

import pytest

from lscbook import corpus, vocabulary
from lscbook.corpus import abstracts
from lscbook.errors import CorpusInvalid, HarvestRefused, PubMedMalformed
from lscbook.files import write_whole
from lscbook.harvest import importing
from lscbook.pubmed.parse import Deletion
from lscbook.pubmed.record import Author, Heading, Notice, Record
from lscbook.vocabulary.annotate import Annotator
from tests.records import article, zipped

QUERY = """
blocks:
  all: {purpose: everything on leukaemia, search: "leuk*[tiab]"}
themes: {}
query: "#all"
snapshot_rule: "#all"
mesh_narrower: {}
"""
ABSTRACT = "<Abstract><AbstractText>A sentence that must stay out.</AbstractText></Abstract>"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "query.yaml").write_text(QUERY)
    return tmp_path / "corpus"


@pytest.fixture(scope="module")
def annotator():
    return Annotator(vocabulary.load())


def bring(folder, annotator, *files, as_of="2026-01-01", say=lambda _: None, **own):
    return importing.import_files(files, folder, annotator, as_of=as_of, say=say,
                                  cache_file=folder.parent / "cache.sqlite", **own)  # fmt: skip


def test_a_second_import_fills_an_empty_cache(folder, annotator, tmp_path):
    file = zipped(tmp_path / "a.xml.gz", article(article_inner=ABSTRACT))
    bring(folder, annotator, file)
    before = whole(folder)
    (folder.parent / "cache.sqlite").unlink()  # a fresh clone has the corpus and no cache
    bring(folder, annotator, file)
    assert whole(folder) == before
    assert abstracts.get("1", folder.parent / "cache.sqlite") == "A sentence that must stay out."


def whole(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.rglob("*.json*"))}


def test_a_record_comes_back_as_it_went():
    record = Record(
        pmid="1", title="T", journal="J", date="2014-02", authors=(Author("A", "B"), Author(collective="G")),
        authors_complete=False, doi="10.1/x", types=("Review",), mesh=(Heading("D1", "Name", major=True),),
        standing=(Notice("ErratumIn", "2", "J. 2015"),), version=2, concepts={"genes": {"TP53": 2}},
    )  # fmt: skip
    assert Record.from_json(json.loads(json.dumps(record.as_json()))) == record


def test_the_abstract_is_never_stored(folder, annotator, tmp_path):
    bring(folder, annotator, zipped(tmp_path / "a.xml.gz", article(article_inner=ABSTRACT)))
    stored = b"".join(whole(folder).values())
    assert b"must stay out" not in stored
    assert b'"sentences": 1' in stored


def test_import_keeps_by_the_rule_and_twice_changes_no_byte(folder, annotator, tmp_path):
    file = zipped(tmp_path / "a.xml.gz", article("1"), article("2", title="Limbal cells"))
    report = bring(folder, annotator, file)
    assert (report.read, report.kept, report.records) == (2, 1, 1)
    before = whole(folder)
    assert bring(folder, annotator, file, as_of="2027-07-07").changed == []
    assert whole(folder) == before


def test_the_order_of_files_does_not_matter(folder, annotator, tmp_path):
    a = zipped(tmp_path / "a.xml.gz", article("1", version="1"), article("3"))
    b = zipped(tmp_path / "b.xml.gz", article("1", version="2", title="Newer leukaemia title"))
    bring(folder, annotator, a, b)
    forth = whole(folder)
    for path in (folder / "records").iterdir():
        path.unlink()
    (folder / "manifest.json").unlink()
    bring(folder, annotator, b, a)
    assert whole(folder) == forth
    assert b"Newer leukaemia title" in forth["2014.jsonl"]


def test_manifest_says_partial_with_counts_and_hashes(folder, annotator, tmp_path):
    bring(folder, annotator, zipped(tmp_path / "a.xml.gz", article("1")))
    manifest = corpus.read(folder).manifest
    assert manifest["complete"] is False
    assert "partial" in manifest["statement"]
    assert manifest["sources"][0]["file"] == "a.xml.gz"
    assert manifest["shards"]["2014.jsonl"]["records"] == 1


def test_concepts_are_recorded(folder, annotator, tmp_path):
    bring(
        folder,
        annotator,
        zipped(tmp_path / "a.xml.gz", article("1", title="<i>TP53</i> mutations and Ara-C in AML leukaemia")),
    )
    record = corpus.read(folder).records["1"]
    assert record.concepts["genes"] == {"TP53": 1}
    assert record.concepts["therapies"] == {"cytarabine": 1}


def test_nlm_beats_list_version_beats_version_and_deletion_removes():
    old, listed = Record(pmid="1", title="old"), Record(pmid="1", title="list", origin="list")
    assert corpus.merge({}, [old, listed])["1"].title == "old"
    assert corpus.merge({"1": listed}, [old])["1"].title == "old"
    assert corpus.merge({"1": old}, [replace(old, version=2, title="new")])["1"].title == "new"
    assert corpus.merge({"1": old}, [Deletion("1")]) == {}


def test_a_doi_record_yields_to_its_pmid():
    pending = Record(pmid="", doi="10.1/x", title="T", origin="doi")
    assert list(corpus.merge({}, [pending])) == ["10.1/x"]
    assert list(corpus.merge({"10.1/x": pending}, [Record(pmid="5", doi="10.1/x", title="T")])) == ["5"]


def test_a_bad_file_changes_nothing(folder, annotator, tmp_path):
    bring(folder, annotator, zipped(tmp_path / "a.xml.gz", article("1")))
    before = whole(folder)
    bad = tmp_path / "b.xml"
    bad.write_text("<html>502</html>")
    with pytest.raises(PubMedMalformed, match=r"b\.xml: the document is <html>"):
        bring(folder, annotator, zipped(tmp_path / "c.xml.gz", article("2")), bad)
    assert whole(folder) == before


def test_missing_path_is_named(folder, annotator, tmp_path):
    with pytest.raises(PubMedMalformed, match="no such file"):
        bring(folder, annotator, tmp_path / "nothing.xml")


def test_a_broken_shard_is_named_with_its_line(folder):
    (folder / "records").mkdir()
    (folder / "records" / "2014.jsonl").write_text('{"pmid": "1", "title": "x"}\n{"pmid"\n')
    with pytest.raises(CorpusInvalid, match=r"2014\.jsonl:2"):
        corpus.read(folder)


@pytest.mark.parametrize(
    "line", ['{"title": "x"}', '{"pmid": "x1", "title": "x"}', '{"pmid": "²", "title": "x"}', '"x"', "[]"]
)
def test_a_record_without_a_name_is_no_record(folder, line):
    (folder / "records").mkdir()
    (folder / "records" / "2014.jsonl").write_text(line + "\n")
    with pytest.raises(CorpusInvalid, match=r"2014\.jsonl:1"):
        corpus.read(folder)


def test_a_failed_write_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(target, "new \udc80")
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_the_last_file_wins_and_a_deletion_removes_what_came_before():
    record = Record("1", "A", date="2020", revised="2020-01-02")
    later = replace(record, title="B")
    retracted = replace(record, types=("Retracted Publication",), revised="")
    assert corpus.merge({}, [record, Deletion("1"), later])["1"] == later
    assert corpus.merge({"1": record}, [Deletion("1")]) == {}
    assert corpus.merge({}, [later, record])["1"] == record
    assert corpus.merge({"1": record}, [retracted])["1"].types == ("Retracted Publication",)
    assert corpus.merge({"1": record}, [replace(retracted, abstract=None)])["1"].types
    assert corpus.merge({"1": later}, [replace(record, revised="2019-12-31")])["1"] == later  # an older state


def test_nlm_wins_over_a_list_and_a_version_over_a_lower_one():
    nlm = Record("1", "A", date="2020")
    listed = replace(nlm, title="B", origin="list", abstract={"sha256": "0", "characters": 1, "sentences": 1})
    for order in ([nlm, listed], [listed, nlm]):
        assert corpus.merge({}, order)["1"] == nlm
    for order in ([nlm, replace(nlm, version=2)], [replace(nlm, version=2), nlm]):
        assert corpus.merge({}, order)["1"].version == 2


def test_of_two_lists_the_fuller_record_wins():
    bare = Record("1", "A", date="2020", origin="list", authors_complete=False)
    described = replace(bare, abstract={"sha256": "0", "characters": 1, "sentences": 1})
    for order in ([bare, described], [described, bare]):
        assert corpus.merge({}, order)["1"] == described
    for order in ([bare, whole := replace(bare, authors_complete=True)], [whole, bare]):
        assert corpus.merge({}, order)["1"] == whole


def test_files_are_applied_in_their_order(folder, annotator, tmp_path):
    """A baseline has a record, an update deletes it, the next brings it back."""
    names = ("1_baseline", "2_update_deletes", "3_update_brings_back")
    parts = (article("1"), "<DeleteCitation><PMID>1</PMID></DeleteCitation>", article("1"))
    files = [zipped(tmp_path / f"{name}.xml.gz", part) for name, part in zip(names, parts, strict=True)]
    bring(folder, annotator, *files)
    assert "1" in corpus.read(folder).records
    bring(folder, annotator, files[1])
    assert corpus.read(folder).records == {}


def test_a_record_that_cannot_be_read_stops_no_import_and_is_told(folder, annotator, tmp_path):
    file = zipped(
        tmp_path / "a.xml.gz",
        article("1"),
        "<PubmedArticle><MedlineCitation><PMID>9</PMID></MedlineCitation></PubmedArticle>",
    )
    told = []
    importing.import_files([file], folder, annotator, as_of="2026-01-01", say=told.append, cache_file=tmp_path / "c")
    assert list(corpus.read(folder).records) == ["1"]
    assert any("PMID 9" in line for line in told)


def test_a_mac_lays_a_hidden_file_beside_each(folder, annotator, tmp_path):
    home = tmp_path / "mac"
    home.mkdir()
    zipped(home / "a.xml.gz", article("1"))
    (home / "._a.xml.gz").write_bytes(b"\x00\x05\x16\x07")
    (home / "b.xml").mkdir()  # and a folder may be called so
    os.mkfifo(home / "c.xml")  # a pipe is never read
    assert bring(folder, annotator, home).records == 1


REVISED = "<DateRevised><Year>2019</Year><Month>12</Month><Day>31</Day></DateRevised>"
RETRACTED = "<PublicationTypeList><PublicationType>Retracted Publication</PublicationType></PublicationTypeList>"


def test_within_one_import_the_last_file_wins_whatever_day_it_states(folder, annotator, tmp_path):
    """NLM: do not depend on DateRevised. Against what was there before, it is all that tells an older state."""
    first = zipped(tmp_path / "1.xml.gz", article("1"))
    then = zipped(tmp_path / "2.xml.gz", article("1", revised=REVISED, article_inner=RETRACTED))
    bring(folder, annotator, first, then)
    assert corpus.read(folder).records["1"].types == ("Retracted Publication",)
    older = zipped(
        tmp_path / "0.xml.gz", article("1", revised=REVISED.replace("2019", "2018"), title="Leukaemia of old")
    )
    bring(folder, annotator, older)
    assert corpus.read(folder).records["1"].types == ("Retracted Publication",)


def test_files_of_a_folder_are_taken_as_people_count(folder, annotator, tmp_path):
    home = tmp_path / "updates"
    home.mkdir()
    zipped(home / "9.xml.gz", article("1", title="Leukaemia, first"))
    zipped(home / "10.xml.gz", article("1", title="Leukaemia, then"))
    bring(folder, annotator, home)
    assert corpus.read(folder).records["1"].title == "Leukaemia, then"


def test_what_the_corpus_has_is_kept_up_to_date_where_the_rule_no_longer_finds_it(folder, annotator, tmp_path):
    bring(folder, annotator, zipped(tmp_path / "1.xml.gz", article("1")))
    bring(folder, annotator, zipped(tmp_path / "2.xml.gz", article("1", title="RETRACTED", article_inner=RETRACTED)))
    assert corpus.read(folder).records["1"].types == ("Retracted Publication",)


def test_a_deletion_drops_no_paper_on_which_an_entry_stands(folder, annotator, tmp_path):
    bring(folder, annotator, zipped(tmp_path / "1.xml.gz", article("1"), article("2")))
    told = []
    deletions = zipped(tmp_path / "2.xml.gz", "<DeleteCitation><PMID>1</PMID><PMID>2</PMID></DeleteCitation>")
    importing.import_files([deletions], folder, annotator, as_of="2026-01-01", say=told.append,
                           cache_file=tmp_path / "c", curated=frozenset({"1"}))  # fmt: skip
    assert list(corpus.read(folder).records) == ["1"]
    assert any("gone: PMID 1" in line for line in told)


def test_files_that_bring_nothing_do_not_undo_that_the_corpus_is_complete(folder, annotator, tmp_path):
    file = zipped(tmp_path / "1.xml.gz", article("1"))
    bring(folder, annotator, file)
    known = corpus.read(folder)
    corpus.write(
        folder, known.records, {**corpus.about(known.manifest), "complete": True, "query": "x", "in_query": ["1"]}
    )
    before = whole(folder)
    assert (
        bring(
            folder, annotator, file, zipped(tmp_path / "2.xml.gz", article("2", title="Limbal")), as_of="2026-02-02"
        ).changed
        == []
    )
    assert whole(folder) == before
    bring(folder, annotator, zipped(tmp_path / "3.xml.gz", article("3")), as_of="2026-02-02")
    assert corpus.read(folder).manifest["complete"] is False


def test_an_import_never_turns_time_back(folder, annotator, tmp_path):
    bring(folder, annotator, zipped(tmp_path / "1.xml.gz", article("1")), as_of="2026-01-02")
    with pytest.raises(HarvestRefused, match="2026-01-02"):
        bring(folder, annotator, zipped(tmp_path / "2.xml.gz", article("2")), as_of="2026-01-01")
    assert list(corpus.read(folder).records) == ["1"]


def test_an_import_refuses_a_corpus_that_was_edited(folder, annotator, tmp_path):
    bring(folder, annotator, zipped(tmp_path / "1.xml.gz", article("1")))
    shard = folder / "records" / "2014.jsonl"
    shard.write_bytes(shard.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(CorpusInvalid, match="git checkout"):
        bring(folder, annotator, zipped(tmp_path / "2.xml.gz", article("2")))


@pytest.mark.parametrize(
    ("line", "named"),
    [({"doi": "10.1000/x"}, "title is missing"), ({"title": "T"}, "doi is missing"), ({"doi": 7, "title": "T"}, "doi is 7"),
     ({"pmid": "0", "title": "T"}, "pmid is"), ({"pmid": 1, "title": "T", "authors": "Ding L"}, "authors is"),
     ({"doi": "x", "title": "T"}, "doi is 'x'"), ({"doi": "10.1000/x", "title": ""}, "title"), ([], "the line is"),
     ({"doi": "10.1000/x", "title": "T", "journal": 5}, "journal is 5"), ({"doi": "10.1000/x", "title": "\ud800"}, "title")],
)  # fmt: skip
def test_a_line_of_a_list_that_is_no_paper_is_named(folder, annotator, tmp_path, line, named):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"doi": "10.1000/w", "title": "W"}) + "\n" + json.dumps(line) + "\n")
    with pytest.raises(CorpusInvalid, match=r"a\.jsonl:2: ") as refused:
        bring(folder, annotator, file)
    assert named in str(refused.value)
    assert not corpus.read(folder).records


def test_a_list_may_write_a_doi_as_an_address_and_no_year(folder, annotator, tmp_path):
    file = tmp_path / "a.jsonl"
    lines = [
        {"doi": "https://doi.org/10.1000/X", "title": "T", "year": "../x"},
        {"doi": "doi: 10.1000/y", "title": "U", "year": 2020},
    ]
    file.write_text("\n".join(map(json.dumps, lines)))
    bring(folder, annotator, file)
    found = corpus.read(folder).records
    assert {key: record.date for key, record in found.items()} == {"10.1000/x": "", "10.1000/y": "2020"}


LISTED = {"pmid": 7, "doi": "10.1000/L", "title": "A phase 3 trial", "journal": "Blood", "year": 2019, "volume": "134",
          "issue": 12, "pages": "935-", "authors": ["Venditti A", "van Galen P", "Wadsworth MH Jr"],
          "authors_complete": True, "abstract": "One died."}  # fmt: skip


def listed(tmp_path, *rows, name="named.jsonl"):
    file = tmp_path / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_a_named_paper_comes_in_only_where_all_are_asked_for(folder, annotator, tmp_path):
    file = listed(tmp_path, LISTED)
    bring(folder, annotator, file)
    assert not corpus.read(folder).records  # a trial without a word of the rule
    bring(folder, annotator, file, everything=True)
    record = corpus.read(folder).records["7"]
    assert (record.origin, record.doi, record.date) == ("list", "10.1000/l", "2019")
    assert (record.volume, record.issue, record.pages) == ("134", "12", "935")
    assert [a.name for a in record.authors] == ["Venditti A", "van Galen P", "Wadsworth MH Jr"]
    assert record.authors_complete
    assert record.abstract["sentences"] == 1
    source = next(s for s in corpus.read(folder).manifest["sources"] if "rule" in s)
    assert source["file"] == "named.jsonl"


def test_a_row_that_nobody_identified_is_said_and_a_cut_abstract_is_none(folder, annotator, tmp_path):
    said = []
    file = listed(tmp_path, {"title": "T", "identified": False}, {**LISTED, "whole": False})
    bring(folder, annotator, file, everything=True, say=said.append)
    assert any("named.jsonl:1: left out" in line for line in said)
    assert corpus.read(folder).records["7"].abstract is None


def test_two_lists_together_tell_more_of_a_reference(folder, annotator, tmp_path):
    known = {"doi": "10.1000/l", "title": "A phase 3 trial", "first_author": "Venditti A", "abstract": "One died."}
    bring(folder, annotator, listed(tmp_path, known))
    assert set(corpus.read(folder).records) == {"10.1000/l"}
    later = {name: value for name, value in LISTED.items() if name != "abstract"}
    bring(folder, annotator, listed(tmp_path, later, name="later.jsonl"))  # the paper is known by its DOI
    (record,) = corpus.read(folder).records.values()
    assert (record.pmid, record.volume, len(record.authors), record.authors_complete) == ("7", "134", 3, True)
    assert record.abstract["characters"] == 9
    bring(folder, annotator, listed(tmp_path, {"pmid": "7", "title": "A phase 3 trial"}, name="poor.jsonl"))
    assert corpus.read(folder).records["7"] == record


# ---- two lists on one paper ------------------------------------------------------------------------------------------

DOE, ROE, POE = Author("Doe", "J"), Author("Roe", "R"), Author("Poe", "E")


def on_list(**own):
    return Record("1", "A", origin="list", **own)


@pytest.mark.parametrize(
    ("first", "other", "authors", "complete"),
    [
        # whoever names all of them is believed, then whoever names more
        (((DOE, ROE), False), ((POE,), True), (POE,), True),
        (((DOE,), False), ((DOE, ROE), False), (DOE, ROE), False),
        (((DOE, ROE), False), ((DOE,), False), (DOE, ROE), False),
        (((DOE,), False), ((ROE,), False), (DOE,), False),
        (((DOE,), True), ((DOE, ROE), False), (DOE,), True),
        (((DOE,), True), ((DOE, ROE), True), (DOE,), True),
    ],
)
def test_the_authors_of_two_lists(first, other, authors, complete):
    """The first has the abstract and stays; the other fills in what it does not tell."""
    one = on_list(authors=first[0], authors_complete=first[1], abstract={"sha256": "0"})
    two = on_list(authors=other[0], authors_complete=other[1])
    for merged in (corpus.merge({"1": one}, [two]), corpus.merge({"1": two}, [one])):
        assert (merged["1"].authors, merged["1"].authors_complete) == (authors, complete)


@pytest.mark.parametrize("name", ["journal", "date", "volume", "issue", "pages", "doi", "pmcid"])
def test_what_a_list_does_not_tell_of_the_reference_comes_from_the_other(name):
    told = {
        "journal": "Blood",
        "date": "2020",
        "volume": "7",
        "issue": "2",
        "pages": "1-9",
        "doi": "10.1/x",
        "pmcid": "PMC7",
    }[name]
    whole = on_list(abstract={"sha256": "0"})
    assert getattr(corpus.merge({"1": whole}, [on_list(**{name: told})])["1"], name) == told
    assert getattr(corpus.merge({"1": replace(whole, **{name: "own"})}, [on_list(**{name: told})])["1"], name) == "own"
    # what NLM says stays as it is, also where it says nothing
    assert getattr(corpus.merge({"1": Record("1", "A")}, [on_list(**{name: told})])["1"], name) == ""


def test_an_abstract_that_the_other_list_has_comes_with_its_concepts():
    bare = on_list(authors=(DOE,), authors_complete=True)
    told = on_list(abstract={"sha256": "0"}, concepts={"genes": {"TP53": 1}}, text="TP53.", authors_complete=False)
    for merged in (corpus.merge({"1": bare}, [told]), corpus.merge({"1": told}, [bare])):
        assert (merged["1"].abstract, merged["1"].concepts, merged["1"].authors) == (
            {"sha256": "0"},
            {"genes": {"TP53": 1}},
            (DOE,),
        )


def test_a_paper_known_by_its_doi_gives_what_it_knows_to_the_one_with_the_pmid():
    pending = Record("", "A", doi="10.1/x", origin="doi", journal="Blood", abstract={"sha256": "0"})
    merged = corpus.merge({"10.1/x": pending}, [on_list(doi="10.1/x", pages="1-9")])
    assert list(merged) == ["1"]
    assert (merged["1"].journal, merged["1"].pages, merged["1"].abstract) == ("Blood", "1-9", {"sha256": "0"})
    assert set(corpus.merge({"10.1/x": pending}, [on_list(doi="10.1/y")])) == {"1", "10.1/x"}
