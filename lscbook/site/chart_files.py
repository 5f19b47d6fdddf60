"""Figures as files: picture as SVG and PNG, data as CSV and, described, as JSON; and the chart behind *Explore*.

The pages carry picture and data already, so the files are taken from there and nothing is drawn
twice.
"""

import csv
import io
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree, html

from lscbook.exports.spreadsheet import guarded
from lscbook.figures import rendering
from lscbook.site import side_by_side

FOLDER = "_charts"
# What the columns of the figures mean; a figure with another one stops the build.
MEANINGS = {
    "lesion": "Lesion that was seen", "stage": "When the lesion was acquired, or the rung that the target reached",
    "direction": "What the finding says of its proposition", "level": "CIViC evidence level, A to E",
    "reference": "Name of the finding: paper and number", "paper": "PMID, or DOI while the PMID is pending",
    "cell": "Cell in which it was seen", "marker": "Marker or signature", "contrast": "Which cells were compared",
    "relative": "How the marker stands on the first of them", "population": "Cells on which expression is told",
    "expression": "Level of expression, as the paper tells it", "mechanism": "Class of resistance mechanism",
    "therapy": "Therapy that was survived", "target": "Target", "mark": "What the mark says of the finding",
    "stem": "Whether stem cells themselves were tested", "study": "Kind of study", "panel": "Part of the figure",
    "label": "Name of the row", "comparison": "What was compared with what",
    "printed": "The effect as the paper prints it",
    "turned": "Whether the ratio is turned over to compare like with like", "value": "Ratio as drawn",
    "low": "Lower bound of its interval", "high": "Upper bound of its interval", "source": "Paper",
    "disease": "AML or MDS", "for": "Points of the studies for", "against": "Points of the studies against",
    "studies for": "Independent studies for", "studies against": "Independent studies against",
    "undecided or divided": "Independent studies that did not decide, or point both ways",
    "rank": "Rank or place", "best": "Best rank that the data allow", "worst": "Worst rank that the data allow",
    "net points": "Points for less points against", "strength": "Strength in the model of paired comparisons",
    "excludes": "Lesions of the figure that exclude it by a study, and where: rarely or never in one patient or clone",
    "step": "Step of the way from records to findings", "papers": "How many papers", "part": "Which part of the step",
    "theme": "Theme of the finding", "question": "What the findings are on: lesion, marker, mechanism, test or target",
    "year": "Year of the paper", "landmark": "Whether the paper opened the question, among those curated",
    "rung": "Rung of the ladder on which the finding stands",
    "evolution": "Papers with a finding on evolution", "identity": "Papers with a finding on identity",
    "resistance": "Papers with a finding on resistance", "surveillance": "Papers with a finding on surveillance",
    "records": "Records of the snapshot", "term": "Term of the vocabulary", "kind": "Kind of the term",
    "way": "Whether its share moves in this snapshot", "z": "Statistic of the trend", "p": "p value of the test",
    "q": "p value with the false discovery rate held (Benjamini-Hochberg)",
    "older": "Records of the older half that name it",
    "newer": "Records of the newer half that name it", "expected": "Records expected, if the two stood apart",
    "ratio": "Records against those expected", "aimed": "Whether the therapy is aimed at the target",
}  # fmt: skip
_CHART = re.compile(r'<script type="application/json" class="chart">(.*?)</script>', re.DOTALL)
_FIGURE = re.compile(r'<figure class="evidence-figure" id="(fig-[0-9a-z-]+)".*?</figure>', re.DOTALL)


def take_out(out: Path, about: dict[str, str] | None = None) -> int:
    """Write the files of every figure of the book's pages, and leave only pictures there; how many.

    `about` is what the description of each says of the book: its snapshot, licence and how to cite it.
    """
    (out / FOLDER).mkdir(exist_ok=True)
    pages = sorted((out / "book").glob("*.html"))
    found = side_by_side.done([partial(_of_page, out / FOLDER, page, about or {}) for page in pages])
    if any(moving for _, moving in found):
        (out / "_static" / "vega.js").write_bytes(rendering.bundle())
    return sum(figures for figures, _ in found)


def _of_page(folder: Path, page: Path, about: dict[str, str]) -> tuple[int, bool]:
    """As `take_out`, of one page; and whether one of its figures has a chart to move in."""
    text = page.read_text(encoding="utf-8")
    found, moving = 0, False
    for figure in _FIGURE.finditer(text):
        name, whole = figure.group(1), figure.group()
        _write(folder, name, whole, about)
        if chart := _CHART.search(whole):
            moving = True
            script = f'(window.lscCharts ||= {{}})["{name}"] = {chart.group(1)};\n'
            (folder / f"{name}.js").write_text(script, encoding="utf-8")
        found += 1
    if moving:
        page.write_text(_CHART.sub("", text), encoding="utf-8")
    return found, moving


def _write(folder: Path, name: str, figure: str, about: dict[str, str]) -> None:
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
    described = json.dumps(_described(root, about), ensure_ascii=False, indent=1) + "\n"
    (folder / f"{name}.json").write_text(described, encoding="utf-8", newline="\n")


def _rows(root: html.HtmlElement) -> list[list[str]]:
    """The cells of the table of a figure, its head first."""
    lines = root.xpath(".//table[contains(@class, 'figure-data')]//tr")
    return [[cell.text_content() for cell in row] for row in lines]


def _described(root: html.HtmlElement, about: dict[str, str]) -> dict[str, Any]:
    """What the figure shows, how it is read, what each column means, and its rows."""
    head, *rows = _rows(root)
    caption = root.find("figcaption")
    return {
        "title": caption.findtext("strong"),
        "how_to_read": caption.findtext("span"),
        **about,
        "columns": {name: MEANINGS[name] for name in head},
        "rows": [dict(zip(head, row, strict=True)) for row in rows],
    }


def _table(root: html.HtmlElement) -> str:
    """The table of a figure as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([guarded(cell) for cell in row] for row in _rows(root))
    return text.getvalue()
