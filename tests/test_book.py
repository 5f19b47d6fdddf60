"""One book, opened once and passed along: what a page, a figure or a file says comes from the book that it was given."""

import ast
import json
import re
from dataclasses import replace

import pytest
from lxml import html

from lscbook import exports, paths
from lscbook.corpus import Corpus
from lscbook.evidence.reviewing import Reading, digest_of
from lscbook.exports import references
from lscbook.figures import tables
from lscbook.figures.html import Html
from lscbook.site import citations, glossary, start_page
from lscbook.site.browser import facets
from lscbook.site.browser import page as browser_page
from lscbook.site.form import page as form_page
from lscbook.site.opened import Site
from lscbook.site.pages import terms_and_papers
from lscbook.vocabulary import Word
from tests import books

# Rooms that show the book, and so must not open another.
SHOWING = ("figures", "exports", "site")
HOSTILE = "</script><img src=x onerror=alert(1)> \"'&"
FALLEN = {"1": {"notices": [{"type": "RetractionIn", "date": "2025-05-01", "source": "Crossref"}], "told": "2025-06-01"}}


def sources():
    for room in SHOWING:
        for file in sorted((paths.ROOT / "lscbook" / room).rglob("*.py")):
            yield pytest.param(file, id=str(file.relative_to(paths.ROOT)))


def made(**own):
    return books.book((books.entry(findings=[books.finding(theme="identity")]), books.record(title="A work")), **own)


def everywhere(book, folder):
    """The text of every place where the standing and the reading of a finding are told, by name."""
    site = Site(book)
    located = book.evidence.findings[0]
    terms_and_papers.write_all(folder, site, {})
    return {
        "chapter": str(tables.findings(book, "identity").html),
        "card": str(Html(book).marks.card(located)),
        "browser": str(browser_page.shown(site)),
        "columns": json.dumps(facets.data(book)["columns"]["standing"]),
        "form": json.dumps(form_page.parts(book)),
        "reference list": citations.references(site, [located.record]),
        "paper": (folder / "papers" / "1.html").read_text("utf-8"),
        "BibTeX": references.bibtex(book, located.record),
        "RIS": references.ris(book, located.record),
        "CSV": exports.everything(book)["data/findings.csv"].decode(),
    }


def test_a_retraction_that_the_book_knows_is_told_everywhere_and_only_there(tmp_path):
    for place, text in everywhere(made(notices=FALLEN), tmp_path / "fallen").items():
        assert "etracted" in text, place
    for place, text in everywhere(made(), tmp_path / "stands").items():
        shown = text.partition("<tbody>")[2] if place == "browser" else text  # a filter offers what nothing is
        assert "etracted" not in shown, place


@pytest.mark.slow
def test_a_second_reading_is_told_wherever_a_finding_is_shown(tmp_path):
    digest = digest_of(made().evidence.findings[0].finding)
    line = Reading("1/1", "disagree", "0000-0002-1825-0097", "2026-05-01", "the arms are swapped", digest)
    read, lapsed = made(readings=(line,)), made(readings=(replace(line, digest="0" * 16),))
    for place in ("chapter", "card", "browser", "paper"):
        assert "read twice, disputed" in everywhere(read, tmp_path)[place], place
        assert "read once" in everywhere(made(), tmp_path)[place], place
        assert "read once" in everywhere(lapsed, tmp_path)[place], place
    assert (len(read.read_twice), len(lapsed.read_twice)) == (1, 0)


def test_words_numbers_and_dates_are_those_of_the_book():
    site = Site(made(glossary={"LSC": Word("LSC", "", "a cell of this test")}))
    assert "a cell of this test" in glossary.listed(site)
    assert "2026-01-03" in start_page.snapshot_age(site)
    assert site.book.numbers["findings.identity"] == 1
    counted = html.fromstring(start_page.counts(site)).xpath("//tr[td[1]='LSC identity']/td/text()")
    assert counted == ["LSC identity", "1", "1", "1", "0", "0"]


@pytest.mark.parametrize(
    ("complete", "searched", "asked"),
    [(True, "2026-01-03", "2026-01-03"), (False, "", "2021-03-04"), (None, "", "2021-03-04")],
)
def test_only_a_complete_snapshot_is_a_day_on_which_pubmed_was_asked_for_everything(complete, searched, asked):
    """Else PubMed is known to have said how a paper stands on the day on which it last revised the record."""
    book = made()
    told = {"as_of": "2026-01-03", **({} if complete is None else {"complete": complete})}
    book = replace(book, corpus=Corpus(book.corpus.records, told))
    assert book.searched == searched
    assert book.asked(books.record(revised="2021-03-04")) == asked


def test_text_from_elsewhere_is_never_markup(tmp_path):
    """Every text of a record and of a finding, hostile, in every place at once."""
    bad = replace(books.record(title=HOSTILE), journal=HOSTILE)
    found = books.finding(theme="identity").model_copy(update={"claim": HOSTILE, "note": HOSTILE})
    entry = books.entry().model_copy(update={"findings": (found,)})
    shown = everywhere(books.book((entry, bad), glossary={"x": Word("x", HOSTILE, HOSTILE)}), tmp_path)
    for place in ("chapter", "card", "browser", "reference list", "paper"):
        root = html.fromstring(f"<div>{shown[place]}</div>")
        assert not root.xpath("//img | //@onerror"), place
        assert "onerror=alert" in root.text_content(), place


@pytest.mark.parametrize("file", list(sources()))
def test_nobody_else_opens_the_data(file):
    """No room that shows the book reads or remembers data by itself; `Book.open` is called in one place."""
    tree = ast.parse(file.read_text("utf-8"))
    opened = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and ast.unparse(n) == "Book.open"]
    assert len(opened) == (file.name in {"opened.py", "frames.py"})  # the site's door, and that of `open_book`
    called = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    readers = {"corpus.read", "corpora.read", "store.read", "vocabulary.load", "vocabulary.glossary", "reviewing.read",
               "screening.read", "screening.searches", "standing.known", "known"}  # fmt: skip
    assert not called & readers
    kept = [ast.unparse(d) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) for d in n.decorator_list]
    assert not [d for d in kept if re.match(r"(functools\.)?(lru_)?cache\b", d)]


@pytest.mark.parametrize("file", list(sources()))
def test_no_code_puts_a_value_into_markup_by_hand(file):
    """HTML with a value in it is made by a template, which escapes; a string that has both is none."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
            assert not re.search(r"</?(a|p|i|b|div|span|td|tr|li|ul|table|section|details|code|strong|form)\b", text), (
                f"{file.name}:{node.lineno}"
            )
