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
from lscbook.site import notebooks, take_away
from lscbook.synthesis.book import Book
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
    finding = books.finding(support={"sentences": ["2"], "grounding": {"abstract": "8e90123456789012", "spans": [[0, 5]], "sha256": "8e90123456789012"}})
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
