"""Leaving Jupyter Book: what `make sphinx9` rests on, without the two builds that it makes."""

import re

import yaml

from lscbook import paths
from scripts import sphinx9

PAGE = (
    '<html><body><nav id="n"><a href="x">Menu</a></nav><article><h1 id="a">Title<a class="headerlink" href="#{own}">#</a></h1>'
    '<p>{text} <a href="{link}">there</a></p><span id="{place}"></span></article></body></html>'
)


def site(folder, **own):
    given = {"own": "a", "text": "Stem cells", "link": "b.html", "place": "p", **own}
    (folder / "_static").mkdir(parents=True)
    (folder / "a.html").write_text(PAGE.format(**given))
    (folder / "data.csv").write_text(given.get("data", "1"))
    (folder / "_static" / "theme.js").write_text(given["text"])
    for name in given.get("more", ()):
        (folder / name).write_text("<html><body><p>x</p></body></html>")
    return folder


def test_two_sites_are_one_where_a_reader_gets_the_same(tmp_path, capsys):
    one = site(tmp_path / "one")
    assert sphinx9.compared(one, site(tmp_path / "same")) == 0
    assert capsys.readouterr().out == "2 pages and files of data, 2 equal to the byte, 0 say something else\n"
    assert sphinx9.compared(one, site(tmp_path / "named", own="p")) == 0
    assert "1 equal to the byte, 0 say" in capsys.readouterr().out


def test_another_text_link_place_file_or_page_is_told(tmp_path, capsys):
    one = site(tmp_path / "one")
    for number, own in enumerate([{"text": "Mast cells"}, {"link": "c.html"}, {"place": "q"}]):
        assert sphinx9.compared(one, site(tmp_path / str(number), **own)) == 1
        assert "another text without Jupyter Book: a.html" in capsys.readouterr().err
    assert sphinx9.compared(one, site(tmp_path / "data", data="2")) == 1
    assert "data.csv" in capsys.readouterr().err
    assert sphinx9.compared(one, site(tmp_path / "more", more=("b.html",))) == 1
    assert "only without Jupyter Book: b.html" in capsys.readouterr().err
    assert sphinx9.compared(tmp_path / "more", one) == 1
    assert "only with Jupyter Book: b.html" in capsys.readouterr().err


def test_folders_are_left_out_by_name():
    """`.*` makes Sphinx 9 skip every asset of an extension, for the environment lies in `.venv`, and say nothing."""
    config = yaml.safe_load((paths.ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert {".venv", ".venv-lab", ".venv-sphinx9", ".cache", ".git", "_build"} <= set(config["exclude_patterns"])
    assert [pattern for pattern in config["exclude_patterns"] if pattern.startswith((".*", "**"))] == []


def test_the_lock_has_the_new_sphinx_and_the_same_theme():
    def pins(name):
        text = (paths.ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9_.-]+)==(\S+)", text, re.MULTILINE))

    ours, other = pins("requirements.txt"), pins("requirements-sphinx9.txt")
    assert "jupyter-book" not in other
    assert other["sphinx"].startswith("9.")
    assert other["myst-parser"].startswith("5.")
    assert other["myst-nb"].startswith("1.4")
    for name in ("sphinx-book-theme", "pydata-sphinx-theme", "altair", "vl-convert-python", "pandas"):
        assert other[name] == ours[name], name
