"""Figures as files: each picture as SVG, PNG and CSV, and the chart behind *Explore*, beside the pages.

The pages carry picture and data already, so the files are taken from there and nothing is drawn
twice.
"""

import csv
import io
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import vl_convert
from lxml import etree, html

from lscbook import paths
from lscbook.exports.spreadsheet import guarded

FOLDER = "_charts"
_CHART = re.compile(r'<script type="application/json" class="chart">(.*?)</script>', re.DOTALL)
_FIGURE = re.compile(r'<figure class="evidence-figure" id="(fig-[0-9a-f]{8})".*?</figure>', re.DOTALL)
_SCALE = 2  # dots of the PNG for one of the picture, sharp enough for a slide


def take_out(out: Path) -> int:
    """Write the files of every figure of the book's pages, and leave only pictures there; how many."""
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    found = 0
    moving = False
    for page in sorted((out / "book").glob("*.html")):
        text = page.read_text(encoding="utf-8")
        for figure in _FIGURE.finditer(text):
            name, whole = figure.group(1), figure.group()
            _write(folder, name, whole)
            if chart := _CHART.search(whole):
                moving = True
                script = f'(window.lscCharts ||= {{}})["{name}"] = {chart.group(1)};\n'
                (folder / f"{name}.js").write_text(script, encoding="utf-8")
            found += 1
        page.write_text(_CHART.sub("", text), encoding="utf-8")
    if moving:
        (out / "_static" / "vega.js").write_bytes(_kept("vega.js", _bundle))
    return found


def _write(folder: Path, name: str, figure: str) -> None:
    root = html.fromstring(figure)
    # the HTML parser knows no namespaces; the picture is XML
    svg = figure[figure.index("<svg") : figure.index("</svg>") + 6]
    picture = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    paper = etree.Element("{http://www.w3.org/2000/svg}rect", width="100%", height="100%", fill="#ffffff")
    picture.insert(0, paper)  # a file is looked at on any ground
    whole = etree.tostring(picture, encoding="unicode")
    (folder / f"{name}.svg").write_text(whole, encoding="utf-8")
    # the name is a digest of the picture, so that one made before is this one
    dots = _kept(f"{name}.png", lambda: bytes(vl_convert.svg_to_png(whole, scale=_SCALE)))
    (folder / f"{name}.png").write_bytes(dots)
    (folder / f"{name}.csv").write_text(_table(root), encoding="utf-8", newline="")


def _bundle() -> bytes:
    """The renderer's own bundle, with its names kept to itself.

    It runs without eval where it is asked to interpret (`ast`).
    """
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return f"(() => {{\n{bundle}\n}})();\n".encode()


def _kept(name: str, make: Callable[[], bytes]) -> bytes:
    """What an earlier build made under this name, with the same renderer, or else what is made now."""
    file = paths.CACHE / "rendered" / version("vl-convert-python") / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        partial.write_bytes(make())
        partial.replace(file)
    return file.read_bytes()


def _table(root: html.HtmlElement) -> str:
    """The table of a figure as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in root.xpath(".//table[contains(@class, 'figure-data')]//tr"):
        writer.writerow([guarded(cell.text_content()) for cell in row])
    return text.getvalue()
