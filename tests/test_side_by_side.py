"""What is made side by side or kept from build to build is what would be made here and now."""

import os

import pytest

from lscbook import exports
from lscbook.errors import ChartInvalid
from lscbook.figures import rendering
from lscbook.site import show_directive, side_by_side
from lscbook.site.opened import Files, Site
from tests import books


def refused():
    raise RuntimeError("a task that fails")


def test_tasks_are_done_in_processes_of_their_own_and_told_in_order():
    held = ["what this process has"]
    tasks = [lambda n=n: (n, held[0], held.append("lost"), os.getpid()) for n in range(5)]
    told = side_by_side.done(tasks)
    assert [(number, text) for number, text, _, _ in told] == [(n, "what this process has") for n in range(5)]
    assert len({process for *_, process in told} | {os.getpid()}) == 6
    assert held == ["what this process has"]


def test_a_task_that_fails_is_told():
    with pytest.raises(RuntimeError, match="a task that fails"):
        side_by_side.done([list, refused])


def test_files_that_are_kept_are_those_that_the_book_gives_and_are_made_once(tmp_path):
    site = Site(books.book(), kept=tmp_path / "files")
    assert dict(site.files) == exports.everything(site.book)

    def again():
        yield from refused()

    assert dict(Files(tmp_path / "files", again())) == exports.everything(site.book)
    assert [f.name for f in tmp_path.iterdir()] == ["files"]
    with pytest.raises(KeyError):
        site.files["data/none.csv"]


def test_what_a_page_shows_is_found_made_and_then_taken():
    page = "# A page\n\n```{show} start_page.counts\n```\n\n:::{show} start_page.none\n:::\n\n`{show} no_fence`\n"
    assert show_directive.calls(page) == ["start_page.counts", "start_page.none"]
    site = Site(books.book())
    made = show_directive.made_of(site, show_directive.calls(page))
    assert list(made) == ["start_page.counts"]
    assert made["start_page.counts"] == show_directive.made(site, "start_page.counts")
    assert "<table" in made["start_page.counts"]


@pytest.mark.parametrize("draw", [rendering.svg, rendering.vega])
@pytest.mark.parametrize("encoding", [{"x": {"field": "a", "type": "nonsense"}}, {"xx": {"field": "a"}}])
def test_what_is_no_chart_is_refused_when_it_is_first_drawn(draw, encoding, tmp_path, monkeypatch):
    monkeypatch.setattr(rendering, "KEPT", tmp_path)
    chart = {"config": {"background": None}, "data": {"values": [{"a": 1}]}, "mark": "point", "encoding": encoding}
    with pytest.raises(ChartInvalid):
        draw(chart)
    assert not list(tmp_path.rglob("*.svg")) + list(tmp_path.rglob("*.json"))
