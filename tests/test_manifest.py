"""The manifest of a corpus: what it says and counts, and what is refused."""

import hashlib
import json
from datetime import date

import pytest

from lscbook.corpus import manifest
from lscbook.errors import CorpusInvalid
from lscbook.harvest import slices
from lscbook.harvest.slices import Harvest, Slice
from lscbook.pubmed.record import Record


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
