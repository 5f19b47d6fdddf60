"""The book as frames: documented, typed, and the same as the exported tables."""

import csv
import io
import json
import re

import nbformat
import pandas as pd
import pytest

from lscbook import open_book, paths
from lscbook.exports import columns, frames, spreadsheet
from lscbook.exports.columns import Kind
from lscbook.exports.frames import OpenBook
from lscbook.figures import place
from lscbook.pubmed.record import Heading
from lscbook.screening import Decision
from lscbook.site import notebooks, take_away
from lscbook.synthesis.book import Book
from lscbook.vocabulary import fold
from tests import books


@pytest.fixture(scope="module")
def opened(book):
    return OpenBook(book)


@pytest.mark.parametrize("name", ["findings", "papers", "corpus", "terms"])
def test_a_frame_has_the_documented_columns_and_dtypes(opened, name):
    frame, told = getattr(opened, name)(), opened.columns(name)
    assert list(frame.columns) == list(told.column)
    for column, dtype in zip(told.column, told.dtype, strict=True):
        if dtype == "tuple":
            assert frame[column].map(type).eq(tuple).all(), column
        else:
            assert str(frame[column].dtype) == dtype, column
    assert told.meaning.str.len().gt(0).all()


def test_frames_say_what_the_files_say(opened, book):
    frame = opened.findings()
    rows = list(csv.DictReader(io.StringIO(spreadsheet.separated(columns.findings(book)))))
    assert list(frame.columns) == list(rows[0])
    assert list(frame.reference) == [row["reference"] for row in rows]
    assert list(frame.lesions) == [tuple(json.loads(row["lesions"] or "[]")) for row in rows]
    assert len(opened.papers()) == len(book.evidence.entries)
    assert len(opened.corpus()) == len(book.corpus.records)
    assert opened.corpus().curated.sum() == len(book.evidence.entries)
    assert opened.findings().added.dt.strftime("%Y-%m-%d").tolist() == [row["added"] for row in rows]


def test_a_list_is_exploded_on_request_and_no_word_is_lost(opened):
    frame = opened.findings()
    words = [word for found in frame.diseases for word in found]
    assert opened.findings(explode="diseases").diseases.dropna().tolist() == words
    assert len(opened.findings(explode=["lesions", "cells"])) >= len(frame)
    with pytest.raises(KeyError, match=r"no list column of findings; these are: .*diseases"):
        opened.findings(explode="claim")


def test_spreadsheets_eat_no_digest():
    table = columns.findings(books.book((books.entry(), books.record())))
    digest = next(c for c in table.columns if c.name == "support_digest")
    finding = books.finding(
        support={
            "sentences": ["2"],
            "grounding": {"abstract": "8e90123456789012", "spans": [[0, 5]], "sha256": "8e90123456789012"},
        }
    )
    made = books.book((books.entry(findings=[finding]), books.record()))
    assert digest.value(made.evidence.findings[0]) == "sha256:8e90123456789012"
    assert digest.kind is Kind.STRING


def test_the_door_is_one_line():
    assert isinstance(open_book(), frames.OpenBook)


def test_each_question_of_the_page_takes_five_lines_at_most():
    text = (paths.BOOK / "work-with-the-data.md").read_text("utf-8")
    cells = re.findall(r"```\{code-cell\} python\n(.*?)```", text, re.DOTALL)
    asked = [c for c in cells if ":tags: [remove-cell]" not in c]
    assert len(asked) >= 11
    assert all(len(c.strip().splitlines()) <= 5 for c in asked)
    assert text.count("\n## ") >= 11


def test_a_notebook_says_what_it_needs_and_the_archive_has_it(book):
    text = (paths.BOOK / "work-with-the-data.md").read_text("utf-8")
    made = nbformat.reads(notebooks.as_notebook(text, book, "work-with-the-data"), 4)
    first = made.cells[0].source
    for needed in (take_away.ARCHIVE, take_away.PACKAGES, "work-with-the-data.ipynb", book.as_of):
        assert needed in first
    assert not any("notebook_repr_html" in c.source for c in made.cells)  # for the site's pages only
    assert take_away.archive() == take_away.archive()
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+", line) for line in take_away.packages().splitlines())


def test_what_jupyterlab_shows_has_no_link_inside_a_picture(book, monkeypatch):
    from lscbook.figures import flow, tables

    monkeypatch.delenv(place.SITE, raising=False)
    shown = flow.papers(book)._repr_html_()
    assert "<svg" not in shown
    assert 'src="data:image/svg+xml;base64,' in shown
    assert "_charts" not in shown  # files of the site
    assert "<style>" in tables.findings(book, "identity")._repr_html_()
    monkeypatch.setenv(place.SITE, "1")
    assert "<svg" in flow.papers(book)._repr_html_()
    assert "<style>" not in tables.findings(book, "identity")._repr_html_()


def test_a_day_that_nobody_told_is_missing():
    frame = frames.frame(columns.papers(books.book((books.entry(), books.record()))))
    assert pd.isna(frame.doi[0])
    assert frame.added[0] == pd.Timestamp("2026-01-02")


def test_the_corpus_has_these_columns_and_says_what_a_record_says():
    there = books.record("7", language="eng", abstract={"sha256": "a" * 16, "characters": 90, "sentences": 3})
    frame = OpenBook(books.book((books.entry("7"), there))).corpus()
    assert list(frame.columns)[-9:] == [
        "origin", "language", "created", "mesh", "keywords", "terms", "abstract_sentences", "screened", "curated",
    ]  # fmt: skip
    (row,) = frame.to_dict("records")
    assert (row["paper"], row["language"], row["abstract_sentences"], row["curated"]) == ("7", "eng", 3, True)


@pytest.mark.parametrize("given", ["https://example.org/b", "https://example.org/b/", "https://example.org/b//"])
def test_the_address_of_a_book_ends_with_one_slash(known, evidence, given):
    assert Book.load(known, evidence, given).base == "https://example.org/b/"
    assert Book.load(known, evidence).base == ""


# ---- what stands in the frames ----------------------------------------------------------------------------------------

AGAINST = {"direction": "does_not_support", "reason": "no effect shown"}


def of_targets(**own):
    """A book on one target: a finding for, two against, one undecided, one of background; the last two of one paper."""
    said = [{}, AGAINST, AGAINST, {"direction": "inconclusive"}, {"role": "context", "target": "CD123"}]
    made = [books.finding(1, "target", **one) for one in said]
    papers = [[f] for f in made[:3]] + [[made[3], made[4].model_copy(update={"id": "2"})]]
    return OpenBook(
        books.book(*((books.entry(str(n), found), books.record(str(n))) for n, found in enumerate(papers, 1)), **own)
    )


def test_a_term_has_its_names_its_findings_by_what_they_say_its_papers_and_its_page():
    frame = of_targets(base="https://example.org/b/").terms().set_index(["kind", "id"])
    row = frame.loc[("targets", "CD123")]
    assert row.drop(["name", "synonyms"]).to_dict() == {
        "findings": 5, "supports": 1, "does_not_support": 2, "inconclusive": 1, "context": 1, "papers": 4,
        "page": "https://example.org/b/targets/cd123.html",
    }  # fmt: skip
    # target, marker and gene share one page; the synonyms do not repeat the id
    assert frame.loc[("markers", "CD123")].page == row.page
    assert {"CD123"}.isdisjoint(frame.loc[("markers", "CD123")].synonyms)
    assert "ABT-199" in frame.loc[("therapies", "venetoclax")].synonyms
    assert list(frame.index) == sorted(frame.index)
    assert fold(frame.loc[("diseases", "AML")]["name"]) == "acute myeloid leukemia"


def test_a_record_of_the_corpus_has_its_headings_terms_and_what_was_judged():
    there = books.record(
        "7", language="eng", created="2014-02-01", origin="list", mesh=(Heading("D015470", "Leukemia, Myeloid, Acute"),), keywords=("stem cells",),
        concepts={"markers": {"CD34": 2}, "genes": {"TP53": 1, "NPM1": 3}},
    )  # fmt: skip
    book = books.book(
        (books.entry("1"), books.record("1")), decisions=(Decision("7", "exclude", "other disease", "2026-01-01", ""),)
    )
    book.corpus.records["7"] = there
    rows = {row["paper"]: row for row in OpenBook(book).corpus().to_dict("records")}
    assert list(rows) == ["1", "7"]
    told = {
        name: rows["7"][name]
        for name in ("origin", "language", "created", "mesh", "keywords", "terms", "screened", "curated")
    }
    assert told == {
        "origin": "list", "language": "eng", "created": "2014-02-01", "mesh": ("Leukemia, Myeloid, Acute",), "keywords": ("stem cells",),
        "terms": ("genes/NPM1", "genes/TP53", "markers/CD34"), "screened": "exclude", "curated": False,
    }  # fmt: skip
    assert (rows["1"]["curated"], rows["1"]["terms"], rows["1"]["mesh"]) == (True, (), ())
    assert pd.isna(rows["1"]["screened"])
    assert pd.isna(rows["7"]["abstract_sentences"])


@pytest.mark.parametrize("name", ["findings", "papers", "corpus", "terms"])
def test_each_column_has_its_meaning_in_a_sentence(opened, name):
    told = opened.columns(name)
    assert list(told.columns) == ["column", "dtype", "meaning", "allowed"]
    wrong = [m for m in told.meaning if not re.fullmatch(r"(?:(?:true|false): )?\w.*[.?…]", m)]
    assert wrong == []


def test_dtypes_are_those_that_the_page_on_the_data_names(opened):
    told = opened.columns("corpus").set_index("column").dtype
    assert {told[name] for name in ("paper", "origin", "language", "created", "screened")} == {"string"}
    assert {told[name] for name in ("mesh", "keywords", "terms")} == {"tuple"}
    assert (told["abstract_sentences"], told["year"], told["curated"]) == ("Int64", "Int64", "boolean")
    told = opened.columns().set_index("column").dtype
    assert (told["added"], told["effect_value"], told["n"]) == ("datetime64[ns]", "Float64", "Int64")
    assert {opened.columns("terms").set_index("column").dtype[n] for n in ("findings", "supports", "papers")} == {
        "Int64"
    }


def test_a_list_is_exploded_by_its_name_or_by_several():
    found = books.finding(diseases=["AML", "MDS"], lesions=["-7", "+8"], cells=[])
    opened = OpenBook(books.book((books.entry("1", [found]), books.record())))
    assert list(opened.findings("diseases").diseases) == ["AML", "MDS"]
    both = opened.findings(("diseases", "lesions"))
    assert list(zip(both.diseases, both.lesions, strict=True)) == [
        ("AML", "-7"),
        ("AML", "+8"),
        ("MDS", "-7"),
        ("MDS", "+8"),
    ]
    assert (str(both.diseases.dtype), list(both.index)) == ("string", [0, 1, 2, 3])
    assert list(opened.findings("cells").cells.isna()) == [True]
    assert list(opened.papers("themes").themes) == ["evolution"]
    assert list(opened.corpus("authors").authors) == ["Doe J"]
    with pytest.raises(KeyError, match="'page' is no list column of terms; these are: synonyms"):
        opened.terms("page")
