"""The book on paper: pages of A4 with number, address and date, figures whole, nothing folded, and the view that is filtered."""

import re

import pytest

from lscbook.site import printing
from lscbook.site.opened import Site
from tests import books
from tests.pages import open_page

MARGIN = 15 / 25.4 * 72  # points at each side; the style sheet says millimetres
A4 = (595.3, 841.9)
PAGES = ["book/resistance.html", "book/targets.html", "targets/cd123.html", "papers/17609428.html"]


@pytest.mark.parametrize("name", ['A "b" \\c', "</style><script>1</script>", "x" * 300, "β-catenin · and\nlines"])
def test_a_running_head_is_a_string_of_css_whatever_the_title(name):
    macros = Site(books.book()).html.macros("print.html")
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&#34;")
    page = (
        f'<html lang="en"><head><title>{escaped} · LSC Evidence Book</title></head><p class="snapshot-age">x</p></html>'
    )
    made = printing.prepared("papers/1.html", page, macros, "https://example.org/", "2026-01-02")
    style = made[made.index("<style") : made.index("</style>")]
    inside = re.search(r'@top-right \{ content: "([^"]*)"', style)[1]
    assert re.fullmatch(r"(?:[A-Za-z0-9 ,.:;()/_-]|\\[0-9A-F]{6})*", inside)
    assert "https://example.org/papers/1.html \\00B7  snapshot of 2026-01-02" in style
    assert "<script" not in made
    assert "Cite this page: LSC Evidence Book, " in made[: made.index('<p class="snapshot-age"')]


def test_a_page_that_is_none_of_the_book_is_left_alone():
    moved = "<html><head><title>Moved</title></head><body></body></html>"
    macros = Site(books.book()).html.macros("print.html")
    assert printing.prepared("index.html", moved, macros, "", "2026-01-02") == moved


def printed(page):
    """The pages of the PDF: all its signs with their boxes, and its text."""
    pdfium = pytest.importorskip("pypdfium2", reason="make dev-environment installs pypdfium2, which reads PDF")
    made = pdfium.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    found = []
    for sheet in made:
        assert sheet.get_size() == pytest.approx(A4, abs=1)
        text = sheet.get_textpage()
        boxes = [text.get_charbox(i) for i in range(text.count_chars())]
        found.append((text.get_text_range(), [b for b in boxes if b[2] > b[0]]))
    return found


def letters(text):
    """Letters and figures alone: where a line is broken is the browser's matter."""
    return re.sub(r"[\W_]+", "", text)


def own(boxes):
    """The boxes between the running heads."""
    return [b for b in boxes if 50 < b[1] < A4[1] - 50]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_printed_whole(chromium, server, book, address, scheme):
    with open_page(chromium, server, color_scheme=scheme) as (page, faults):
        page.goto(f"{server}/{address}")
        figures = page.evaluate(
            "() => [...document.querySelectorAll('.evidence-figure')].map((f) => [f.querySelector('strong').textContent,"
            " [...f.querySelectorAll('.picture.wide text')].map((t) => t.textContent).filter((t) => t.length > 6)])"
        )
        folded = page.evaluate(
            "() => [...document.querySelectorAll('article details:not(.evidence-figure details) li, main details:not(.evidence-figure details) dd')]"
            ".map((t) => t.textContent)"
        )
        sheets = printed(page)
        assert faults == []
        assert page.evaluate("document.querySelectorAll('.evidence-figure details[open]').length") == 0
    number = len(sheets)
    for place, (text, boxes) in enumerate(sheets, 1):
        assert f"Page {place} of {number}" in text
        assert letters(f"{server}/{address}") in letters(text), "the address of the reader's copy"
        assert f"snapshot of {book.as_of}" in text
        assert len(own(boxes)) > 120, f"page {place} of {number} is all but empty"
        assert min(b[0] for b in boxes) >= MARGIN - 2
        assert max(b[2] for b in boxes) <= A4[0] - MARGIN + 2, f"cut at the right of page {place}"
    whole = letters(" ".join(text for text, _ in sheets))
    assert "CitethispageLSCEvidenceBook" in whole
    for gone in ("Search this book", "Skip to", "Download:", "Explore:", "Toggle"):
        assert letters(gone) not in whole
    for line in folded:
        assert letters(line)[:60] in whole, line
    for title, labels in figures:
        [at] = {i for i, (text, _) in enumerate(sheets) if letters(title) in letters(text)}
        on_it = letters(sheets[at][0])
        assert labels
        assert not [label for label in labels if letters(label) not in on_it], "a figure stands on one page"


@pytest.mark.slow
def test_the_browser_prints_what_is_filtered(chromium, server, book):
    claims = {
        f.reference: (letters(f.finding.claim)[:70], getattr(f.finding, "target", "")) for f in book.evidence.findings
    }
    wanted = {ref for ref, (_, target) in claims.items() if target == "CD123"}
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html#target=CD123")
        page.wait_for_function("document.querySelector('[data-part=status]').textContent.includes('finding')"
                               " && document.querySelectorAll('tbody tr').length < 100")  # fmt: skip
        text = letters(" ".join(text for text, _ in printed(page)))
        assert faults == []
    assert {ref for ref, (claim, _) in claims.items() if claim in text} == wanted
    assert "targetCD123" in text
    assert "Printthesefindings" not in text


@pytest.mark.slow
def test_the_browser_prints_more_than_one_page_of_it_at_a_press(chromium, server, book):
    from playwright.sync_api import expect

    wanted = {f.reference for f in book.evidence.findings if f.finding.theme == "target" and f.finding.role is None}
    assert len(wanted) > 100
    with open_page(chromium, server) as (page, faults):
        page.goto(f"{server}/book/evidence.html#theme=target")
        page.wait_for_function("() => !document.querySelector('[data-part=chips]').hidden")
        # in a function, for a value that is one would be called at once
        page.evaluate("() => { window.print = () => { window.asked = true; }; }")
        page.get_by_role("button", name="Print these findings").click()
        page.wait_for_function("() => window.asked")
        text = letters(" ".join(text for text, _ in printed(page)))
        expect(page.locator("[data-part=table] tbody tr")).to_have_count(100)
        assert faults == []
    missing = [ref for ref in wanted if letters(book.evidence.by_reference[ref].finding.claim)[:70] not in text]
    assert missing == []
