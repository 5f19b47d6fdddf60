"""Figures: their marks lead to the findings that they count, and their files say the same."""

import csv
import io
import re
from urllib.parse import parse_qsl

import pytest
from lxml import etree

from lscbook.figures import chapters
from lscbook.site import chart_files

NAMES = ("evolution", "identity", "resistance", "targets", "forest")


@pytest.fixture(scope="module")
def made(book):
    return {name: getattr(chapters, name)(book, f"A {name} title & more") for name in NAMES}


def test_the_same_data_gives_the_same_bytes(book, made):
    assert chapters.targets(book, "A targets title & more")._repr_html_() == made["targets"]._repr_html_()


def test_each_disc_of_the_ladder_leads_to_as_many_findings_as_it_counts(evidence, made):
    links = re.findall(r'href="\.\./book/evidence\.html#([^"]*)"', made["targets"].svg)
    views = [dict(parse_qsl(link.replace("&amp;", "&"))) for link in links]
    table = made["targets"].data
    assert len(views) == len(table)
    for view in views:
        found = [f for f in evidence.of_theme("target") if f.finding.target == view["target"]
                 and f.finding.stage == view["stage"] and f.finding.direction.value == view["direction"]]  # fmt: skip
        row = table[(table["row"] == view["target"]) & (table["column"] == view["stage"])
                    & (table["direction"] == view["direction"])]  # fmt: skip
        assert len(found) == row["n"].item(), view


@pytest.mark.parametrize("name", NAMES)
def test_no_link_leaves_the_book(made, name):
    assert re.findall(r'href="(?!\.\./|#)', made[name].svg) == []
    assert "book.invalid" not in made[name].svg


def test_a_page_gives_up_its_figures_as_files(tmp_path, made):
    (tmp_path / "book").mkdir()
    (tmp_path / "_static").mkdir()
    page = tmp_path / "book" / "x.html"
    page.write_text("".join(f._repr_html_() for f in made.values()), encoding="utf-8")
    assert chart_files.take_out(tmp_path) == len(NAMES)
    assert 'class="chart"' not in page.read_text(encoding="utf-8")
    for figure in made.values():
        files = tmp_path / "_charts" / figure.name
        assert etree.parse(str(files.with_suffix(".svg"))).getroot().tag.endswith("svg")
        assert files.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
        rows = list(csv.reader(io.StringIO(files.with_suffix(".csv").read_text(encoding="utf-8"))))
        assert rows[0] == list(figure.data.columns)
        assert len(rows) == len(figure.data) + 1
        assert files.with_suffix(".js").exists() is (figure.specification is not None)
    assert (tmp_path / "_static" / "vega.js").exists()


def test_the_note_makes_the_figure_again(evidence, made):
    space = {}
    body, _, last = made["resistance"].call.rpartition("\n")
    exec(body, space)  # noqa: S102  our own lines, as a reader would run them
    assert eval(last, space).svg == made["resistance"].svg  # noqa: S307
