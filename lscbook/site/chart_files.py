"""Figures as files: each picture as SVG, PNG and CSV, and the chart behind *Explore*, beside the pages.

The pages carry picture and data already, so the files are taken from there and nothing is drawn
twice.
"""

import csv
import io
import re
from pathlib import Path

from lxml import etree, html

from lscbook.exports.spreadsheet import guarded
from lscbook.figures import rendering

FOLDER = "_charts"
_CHART = re.compile(r'<script type="application/json" class="chart">(.*?)</script>', re.DOTALL)
_FIGURE = re.compile(r'<figure class="evidence-figure" id="(fig-[0-9a-f]{8})".*?</figure>', re.DOTALL)


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
        (out / "_static" / "vega.js").write_bytes(rendering.bundle())
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
    (folder / f"{name}.png").write_bytes(rendering.png(whole))
    (folder / f"{name}.csv").write_text(_table(root), encoding="utf-8", newline="")


def _table(root: html.HtmlElement) -> str:
    """The table of a figure as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in root.xpath(".//table[contains(@class, 'figure-data')]//tr"):
        writer.writerow([guarded(cell.text_content()) for cell in row])
    return text.getvalue()
