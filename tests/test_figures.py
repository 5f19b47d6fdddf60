"""Figures: their marks lead to the findings that they count, and their files say the same."""

import csv
import io
import json
import re
from collections import Counter, defaultdict
from html import unescape
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from lxml import etree

from lscbook.errors import TitleNotBorne
from lscbook.evidence.fields import DIRECTIONS
from lscbook.figures import chapters, charts, forests, place
from lscbook.site import chart_files
from lscbook.synthesis import claims, frames
from tests import books

NAMES = ("evolution", "identity", "resistance", "targets", "tests", "trials", "plane", "ranking", "lesions")


@pytest.fixture(scope="module")
def made(book):
    return {name: getattr(chapters, name)(book, f"A {name} title & more") for name in NAMES}


def test_the_same_data_gives_the_same_bytes(book, made):
    assert chapters.targets(book, "A targets title & more")._repr_html_() == made["targets"]._repr_html_()


def test_each_mark_of_the_ladder_leads_to_the_findings_that_it_shows(evidence, made):
    links = re.findall(r'href="\.\./book/evidence\.html#([^"]*)"', made["targets"].svg)
    views = [dict(parse_qsl(link.replace("&amp;", "&"))) for link in links]
    behind = set()
    for view in views:
        found = [f.reference for f in evidence.of_theme("target") if f.finding.target == view["target"]
                 and f.finding.stage == view["stage"] and f.finding.stance == view["direction"]]  # fmt: skip
        assert found, view
        behind.update(found)
    assert behind == set(made["targets"].data["reference"]) == {f.reference for f in evidence.of_theme("target")}


@pytest.mark.parametrize("name", NAMES)
def test_a_phone_gets_the_same_marks_in_what_fits_it(made, name):
    """No figure for a phone is wider than its page, and each has the links of the wide one."""
    wide, narrow = made[name].svg, made[name].narrow
    root = etree.fromstring(narrow.encode())
    assert float(root.get("viewBox").split()[2]) <= 375
    assert sorted(re.findall(r'href="([^"]*)"', wide)) == sorted(re.findall(r'href="([^"]*)"', narrow))


def test_a_ratio_is_turned_so_that_worse_stands_to_the_right():
    """Negative over positive 0.4 is positive over negative 2.5; of remission, more is better."""
    contrast = {"kind": "test", "of": "negative", "against": "positive"}
    turned = _tested(contrast, "relapse", "0.4", ("0.2", "0.8"))
    assert (turned["value"], turned["low"], turned["high"], turned["printed"]) == (2.5, 1.25, 5, "HR 0.4 (0.2–0.8)")
    as_printed = _tested({**contrast, "of": "positive", "against": "negative"}, "relapse", "2.5", ("1.25", "5"))
    assert (as_printed["value"], as_printed["turned"]) == (2.5, False)
    good = _tested({**contrast, "of": "positive", "against": "negative"}, "remission", "0.5", ("0.25", "1"))
    assert (good["value"], good["high"]) == (2, 4)


def _tested(contrast, end_point, value, ci):
    own = {"contrast": contrast, "end_point": end_point, "effect": {"measure": "HR", "value": value, "ci": ci}}
    entry = books.entry(findings=[books.finding(theme="surveillance", **own)])
    return frames.effects_of_tests(books.evidence((entry, books.record()))).iloc[0]


def test_of_a_long_panel_the_narrowest_intervals_are_drawn_in_their_order_and_what_is_pooled():
    rows = [(str(n), 1.0, 1.0 + abs(n - 12), "supports") for n in range(25)] + [("pooled", 0.1, 9.0, "")]
    panel = pd.DataFrame(rows, columns=["line", "low", "high", "direction"])
    # the widest of 25 lie at both ends: 12 is a point, and 2 to 21 are within ten of it, the earlier first where alike
    assert list(forests.drawn(panel)["line"]) == [*map(str, range(2, 22)), "pooled"]
    assert list(forests.drawn(panel[5:9])["line"]) == ["5", "6", "7", "8"]


def test_what_is_indirect_or_has_no_two_sides_is_in_no_forest(evidence, made):
    shown = set(made["tests"].data["reference"])
    for f in evidence.of_theme("surveillance"):
        if f.finding.directness == "indirect" or f.finding.contrast.kind == "per unit":
            assert f.reference not in shown


def test_context_is_in_no_figure(evidence, made):
    background = {f.reference for f in evidence.findings if f.finding.role}
    assert background
    for figure in made.values():
        assert not background & set(figure.data.get("reference", ()))


def test_a_title_that_the_data_do_not_bear_stops_the_figure(book):
    with pytest.raises(TitleNotBorne, match="VISTA does not"):
        chapters.targets(book, "VISTA is proven", claims.reaches("phase 3", ["VISTA"]))


@pytest.mark.parametrize("name", NAMES)
def test_no_link_leaves_the_book(made, name):
    assert re.findall(r'href="(?!\.\./|#)', made[name].svg) == []
    assert "book.invalid" not in made[name].svg


def test_a_page_gives_up_its_figures_as_files(tmp_path, made, monkeypatch):
    monkeypatch.setenv(place.SITE, "1")
    (tmp_path / "book").mkdir()
    (tmp_path / "_static").mkdir()
    page = tmp_path / "book" / "x.html"
    page.write_text("".join(f._repr_html_() for f in made.values()), encoding="utf-8")
    assert chart_files.take_out(tmp_path, {"snapshot": "2026-01-03"}) == len(NAMES)
    assert 'class="chart"' not in page.read_text(encoding="utf-8")
    for figure in made.values():
        files = tmp_path / "_charts" / figure.name
        assert etree.parse(str(files.with_suffix(".svg"))).getroot().tag.endswith("svg")
        assert files.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
        rows = list(csv.reader(io.StringIO(files.with_suffix(".csv").read_text(encoding="utf-8"))))
        assert rows[0] == list(figure.data.columns)
        assert len(rows) == len(figure.data) + 1
        described = json.loads(files.with_suffix(".json").read_text(encoding="utf-8"))
        assert (described["title"], described["snapshot"]) == (figure.title, "2026-01-03")
        assert list(described["columns"]) == list(figure.data.columns)
        assert len(described["rows"]) == len(figure.data)
        assert files.with_suffix(".js").exists() is (figure.specification is not None)
    assert (tmp_path / "_static" / "vega.js").exists()


def test_the_note_makes_the_figure_again(evidence, made):
    space = {}
    body, _, last = made["resistance"].call.rpartition("\n")
    exec(body, space)  # noqa: S102  our own lines, as a reader would run them
    assert eval(last, space).svg == made["resistance"].svg  # noqa: S307


def test_a_mark_is_announced_as_a_person_would_say_it(made):
    """The counts are those of the table below the figure."""
    tiles: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in made["resistance"].data.to_dict("records"):
        tiles[row["mechanism"], row["therapy"]][row["direction"]] += 1
    expected = set()
    for (mechanism, therapy), n in tiles.items():
        told = [f"{n[d]} {word}" for d, word in zip(DIRECTIONS, ("for", "against", "inconclusive"), strict=True) if n[d]]
        first, *rest = told
        number, word = first.split()
        counted = ", ".join([f"{number} finding{'' if number == '1' else 's'} {word}", *rest])
        expected.add(f"{counted}: {mechanism} under {therapy}")
    for svg in (made["resistance"].svg, made["resistance"].narrow):
        labels = {unescape(label) for label in re.findall(r'<a [^>]*aria-label="([^"]*)"', svg)}
        assert {label.rpartition(", best level ")[0] for label in labels} == expected
    assert any(" for, " in label for label in expected)


@pytest.mark.parametrize(
    ("counts", "words"),
    [((2, 1, 0), "2 findings for, 1 against: x"), ((1, 0, 0), "1 finding for: x"), ((0, 0, 1), "1 finding inconclusive: x"),
     ((0, 3, 1), "3 findings against, 1 inconclusive: x")],
)  # fmt: skip
def test_counts_are_said_in_words(counts, words):
    assert charts.spoken("x", *counts) == words


def test_what_is_announced_leaves_the_address_as_it_was():
    link = charts.announced(charts.whole("../book/evidence.html#a=b"), 'say "this" & <that>')
    made = charts.accessible(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><a xlink:href="{link}"/></svg>', "x"
    )
    assert 'href="../book/evidence.html#a=b"' in made
    assert 'aria-label="say &quot;this&quot; &amp; &lt;that&gt;"' in made


@pytest.mark.parametrize(
    ("end_point", "panel", "shown"),
    [("overall survival", "Overall survival", 0.5), ("event-free survival", "Events and relapse", 0.5),
     ("relapse-free survival", "Events and relapse", 0.5), ("relapse", "Events and relapse", 0.5),
     ("remission", "Remission and response", 2), ("response", "Remission and response", 2)],
)  # fmt: skip
def test_a_trial_stands_in_the_panel_of_its_end_point_and_a_good_one_is_turned(end_point, panel, shown):
    own = {"study": "phase 3", "stage": "phase 3", "end_point": end_point, "agents": ["venetoclax"], "target": "BCL2"}
    told = books.finding(theme="target", **own, effect={"measure": "HR", "value": "0.5", "ci": ("0.25", "1")})
    (row,) = frames.effects_of_trials(books.evidence((books.entry(findings=[told]), books.record()))).to_dict("records")
    assert (row["panel"], row["value"]) == (panel, shown)


@pytest.mark.parametrize(
    ("therapy", "column"),
    [("venetoclax", "BH3 mimetics"), ("azacitidine", "hypomethylating agents"), ("cytarabine", "chemotherapy"),
     ("gilteritinib", "kinase inhibitors"), ("enasidenib", "IDH inhibitors"), ("imetelstat", "other therapies")],
)  # fmt: skip
def test_a_therapy_that_was_survived_stands_in_the_column_of_its_class(words, therapy, column):
    told = books.finding(theme="resistance", escaped=[therapy])
    frame = frames.resistance(books.evidence((books.entry(findings=[told]), books.record())), words)
    assert frame["therapy"].tolist() == [column]


def test_a_treatment_by_a_test_is_worse_where_it_was_acted_on_and_has_its_own_panel():
    contrast = {"kind": "treatment by test", "of": "treatment without delay", "against": "treatment at relapse"}
    acted = _tested(contrast, "relapse", "0.4", ("0.2", "0.8"))
    assert (acted["panel"], acted["value"], acted["turned"]) == ("Acting on the test", 0.4, False)
