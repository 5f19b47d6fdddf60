"""The last step of a build: files that no page, sheet or script names go, and the others stay."""

import pytest

from lscbook.site import finishing


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A built site of two pages; its icons are another test's."""
    monkeypatch.setattr(finishing.icons, "cut_down", lambda _out: None)
    files = {
        "index.html": '<html><head></head><link href="_static/book.css?v=1"><script src="_static/vendor/lib.js"></script></html>',
        "papers/1.html": "<html><head></head><p>ook.css</p></html>",
        "_static/book.css": "a{background:url(paper.png)}",
        "_static/ook.css": "b{}",
        "_static/vendor/lib.js": "load('part.js')\n//# sourceMappingURL=lib.js.map\n",
        "_static/vendor/part.js": "1",
        "_static/vendor/lib.js.map": "{}",
        "_static/paper.png": "",
        "_static/old/gone.js": "2",
        "browser-parts/rows-0.js": "gone.js",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_file_stays_that_a_page_a_sheet_or_a_script_names_and_no_other(site):
    finishing.finish(site, lambda _address, page: page)
    left = sorted(f.relative_to(site).as_posix() for f in (site / "_static").rglob("*"))
    assert left == ["_static/book.css", "_static/ook.css", "_static/paper.png", "_static/vendor", "_static/vendor/lib.js", "_static/vendor/part.js"]
    assert (site / "_static/vendor/lib.js").read_text() == "load('part.js')\n"


def test_a_page_is_dressed_by_its_address_and_says_what_it_may_load(site):
    finishing.finish(site, lambda address, page: page.replace("<p>", f"<p>{address} "))
    page = (site / "papers/1.html").read_text()
    assert "<p>papers/1.html ook.css</p>" in page
    assert page.index("Content-Security-Policy") < page.index("<p>")


def test_what_is_found_on_one_page_is_asked_of_each(site):
    pages = [site / "index.html", site / "papers/1.html"]
    names = {"book.css", "ook.css", "lib.js", "gone.js"}
    assert finishing._finished(site, pages, lambda _address, page: page, names) == {"gone.js"}
    assert finishing._finished(site, pages[:1], lambda _address, page: page, {"ook.css"}) == set()  # within book.css
