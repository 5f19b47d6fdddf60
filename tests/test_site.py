"""The built site, whole: every page's links, hosts, ids and policy, accessibility, bytes, and the build itself. Slow."""

import gzip
import os
import re
import shutil
import subprocess
import sys
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import pytest
from lxml import html

from lscbook import addresses, paths
from lscbook.evidence import fields
from lscbook.figures import tables
from scripts import reproduce
from tests.pages import faults_of, open_page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

CHAPTERS = ("clonal-evolution", "lsc-identity", "resistance", "surveillance", "targets")
SYNTHESIS = ("strength", "order-of-lesions", "timelines", "the-literature")
# one page of each type, with what it may weigh on a first visit, as sent with gzip
BUDGET = {
    "book/start-here.html": 150_000,
    "book/methods.html": 150_000,
    "book/coverage.html": 150_000,
    "book/glossary.html": 150_000,
    "book/contribute.html": 150_000,
    "book/help-us-read.html": 150_000,
    "book/data.html": 150_000,
    "book/work-with-the-data.html": 150_000,
    "book/whats-new.html": 150_000,
    "book/evidence.html": 250_000,
    "search.html": 250_000,
    **{f"book/{name}.html": 250_000 for name in (*CHAPTERS, *SYNTHESIS)},
    "targets/flt3.html": 100_000,
    "targets/index.html": 100_000,
    "mechanisms/apoptotic-rewiring.html": 100_000,
    "lesions/del-5q.html": 100_000,
    "papers/32203138.html": 100_000,
    "papers/index.html": 100_000,
}
RUN = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook).execute()
print(sum("<figure" in str(cell.get("outputs")) for cell in notebook.cells))
"""


@pytest.fixture(scope="module")
def pages(built):
    """Every page by its address, parsed."""
    return {str(f.relative_to(built)): html.parse(str(f)).getroot() for f in sorted(built.rglob("*.html"))}


def test_every_page_is_there_without_a_traceback(pages):
    assert set(BUDGET) <= set(pages)
    for name, root in pages.items():
        assert "Traceback (most recent" not in root.text_content(), name
        assert root.xpath("//h1"), name


def test_every_page_says_what_it_is(pages):
    for name, root in pages.items():
        assert root.get("lang") == "en", name
        assert root.findtext(".//title").strip(), name
        assert [len(d) > 10 for d in root.xpath("//meta[@name='description']/@content")] == [True], name


def test_no_resource_comes_from_elsewhere(pages, built):
    for name, root in pages.items():
        loaded = [e.get("src") or e.get("href") for e in root.iter("script", "img", "iframe", "link", "source") if
                  (e.get("src") or e.get("href")) and e.get("rel") != "canonical"]  # fmt: skip
        assert [u for u in loaded if urlsplit(u).netloc] == [], name
    for sheet in built.rglob("*.css"):
        assert re.findall(r"url\(\s*['\"]?(?:https?:)?//", sheet.read_text(encoding="utf-8")) == [], sheet.name


def test_every_page_has_a_policy_that_allows_no_other_host(pages):
    for name, root in pages.items():
        (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none';"), name
        assert "http" not in policy, name
        assert "unsafe-eval" not in policy, name
        scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
        assert "unsafe-inline" not in scripts, name


def test_every_local_link_leads_somewhere(pages, built):
    ids = {name: {e.get("id") for e in root.iter() if e.get("id")} for name, root in pages.items()}
    broken = []
    for name, root in pages.items():
        for link in root.iter("a", "link"):
            target = urlsplit(urljoin(f"/{name}", link.get("href") or ""))
            path = unquote(target.path).lstrip("/")
            if target.scheme in {"https", "data"} or not path:
                continue
            # the browser keeps its state behind the #
            anchored = target.fragment and "=" not in target.fragment
            if not (built / path).is_file() or (anchored and path in ids and unquote(target.fragment) not in ids[path]):
                broken.append((name, link.get("href")))
    assert broken == []


def test_no_id_stands_twice(pages):
    for name, root in pages.items():
        found = [e.get("id") for e in root.iter() if e.get("id")]
        assert len(found) == len(set(found)), (name, sorted({i for i in found if found.count(i) > 1})[:5])


def test_each_evidence_chapter_has_figure_table_and_contradictions(pages, evidence):
    for theme, chapter in zip(fields.BY_THEME, CHAPTERS, strict=True):
        root = pages[f"book/{chapter}.html"]
        assert root.xpath("//figure//*[local-name()='svg'][@aria-label]"), chapter
        found = evidence.of_theme(theme)
        against = {addresses.finding(f.reference) for f in found if f.finding.stance == tables.AGAINST}
        # a finding against that stands on one of the cards is not told again in the table below them
        carded = set(root.xpath("//details[contains(@class,'conflict')]/div[contains(@class,'sides')]//a/@href"))
        rows = root.xpath("//table[contains(@class,'strongest')]/tbody/tr")
        told = len(against - carded), len(found) - len(against)
        assert len(rows) == sum(min(tables.SHOWN, number) for number in told), chapter
        assert "What contradicts it" in root.text_content(), chapter


def test_only_https_links(pages):
    for name, root in pages.items():
        schemes = {urlsplit(a.get("href")).scheme for a in root.iter("a") if a.get("href")}
        assert schemes <= {"", "https"}, name


def test_no_machine_path_is_published(built):
    texts = (f for f in built.rglob("*") if f.suffix in {".html", ".js", ".json", ".xml", ".ipynb", ".txt", ".csv"})
    for page in texts:
        text = page.read_text(encoding="utf-8")
        assert str(paths.ROOT) not in text, page.name
        assert str(built.parent.parent) not in text, page.name


def test_no_source_map_and_no_file_that_nothing_names(built):
    assert list(built.rglob("*.map")) == []
    named = "\0".join(f.read_text(encoding="utf-8") for f in built.rglob("*") if f.suffix in {".html", ".css", ".js"})
    unused = [f.name for f in (built / "_static").rglob("*") if f.is_file() and f.name not in named]
    assert [n for n in unused if "LICENSE" not in n] == []


@pytest.mark.parametrize("name", BUDGET)
def test_a_first_visit_stays_within_its_budget(built, server, chromium, name):
    with open_page(chromium, server) as (page, faults):
        asked = set()
        page.on("request", lambda r: asked.add(urlsplit(r.url).path) if r.url.startswith("http") else None)
        page.goto(f"{server}/{name}")
        page.wait_for_load_state("networkidle")
        sent = {path: len(gzip.compress((built / path.lstrip("/")).read_bytes(), 6)) for path in asked}
        print(f"{name}: {sum(sent.values()) / 1000:.0f} kB in {len(sent)} requests")
        assert sum(sent.values()) <= BUDGET[name], sorted(sent.items(), key=lambda item: -item[1])[:6]
        assert faults == []


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_type_of_page_is_accessible(server, chromium, width, mode):
    found = []
    for name in BUDGET:
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": mode}
        with open_page(chromium, server, **options) as (page, faults):
            page.goto(f"{server}/{name}")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((name, "scrolls sideways"))
            found += [(name, fault) for fault in faults]
            faults.clear()  # axe asks for style sheets under addresses of its own
            found += [(name, *fault) for fault in faults_of(page)]
    assert found == []


def test_at_200_percent_nothing_is_cut(server, chromium):
    for name in BUDGET:
        # a window of 1280 at 200 % is one of 640
        with open_page(chromium, server, viewport={"width": 640, "height": 450}, device_scale_factor=2) as (page, _):
            page.goto(f"{server}/{name}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 640, name


def test_print_shows_the_evidence_and_the_addresses(server, chromium):
    with open_page(chromium, server) as (page, _):
        page.goto(f"{server}/book/targets.html")
        page.emulate_media(media="print")
        assert page.locator("table.findings").last.is_visible()
        assert not page.locator(".bd-sidebar-primary").is_visible()
        named = page.locator("ul.references a[href*='doi.org'], ul.references a[href*='pubmed']").first
        words, address = named.inner_text(), named.get_attribute("href")
        assert address.removeprefix("https://doi.org/").rstrip("/").rpartition("pubmed.ncbi.nlm.nih.gov/")[2] in words
        page.goto(f"{server}/book/methods.html")
        page.emulate_media(media="print")
        shown = page.evaluate(
            "getComputedStyle(document.querySelector('main a[href^=\"https://civicdb\"]'), '::after').content"
        )
        assert "https" in shown


def test_a_second_build_elsewhere_is_equal_byte_for_byte(built, tmp_path):
    place = reproduce.copy(tmp_path / "another place")
    done = reproduce.build(place, TZ="Pacific/Auckland")
    assert done.returncode == 0, done.stderr[-2000:]
    first, second = reproduce.digests(built), reproduce.digests(place / "_build" / "html")
    assert {n for n in first | second if first.get(n) != second.get(n)} == set()


def test_a_rebuild_after_one_entry_changed_is_a_clean_build(tmp_path):
    warm, cold = reproduce.copy(tmp_path / "warm"), reproduce.copy(tmp_path / "cold")
    assert reproduce.build(warm).returncode == 0
    for place in (warm, cold):
        entry = place / "data" / "evidence" / "montesinos-2021-32203138.yaml"
        entry.write_text(entry.read_text().replace("added: 2026-11-24", "added: 2026-11-25"))
        done = reproduce.build(place)
        assert done.returncode == 0, done.stdout[-2000:]
    one, two = (reproduce.digests(place / "_build" / "html") for place in (warm, cold))
    assert {n for n in one | two if one.get(n) != two.get(n)} == set()
    assert "2026-11-25" in (warm / "_build/html/papers/32203138.html").read_text()


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("```{code-cell} python\nraise RuntimeError('planted')\n```", "planted"),
        ("See {paper}`99999999`.", "no finding is curated"),
        ("There are {count}`findings.nonsense`.", "no such count"),
        ("A {gloss}`nonsense`.", "no such word"),
        ("```{show} front.nonsense\n```", "front.nonsense"),
    ],
)
def test_a_planted_fault_fails_the_build(tmp_path, addition, message):
    folder = reproduce.copy(tmp_path)
    page = folder / "book" / "planted.md"
    page.write_text((paths.BOOK / "targets.md").read_text().split("\n# ")[0] + "\n# Planted\n\n" + addition + "\n")
    # one page is enough to prove it
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/planted\n")
    done = reproduce.build(folder)
    assert done.returncode == 1
    assert message in done.stdout + done.stderr


def test_a_downloaded_notebook_runs(built, tmp_path):
    notebook = shutil.copy(built / "notebooks" / "resistance.ipynb", tmp_path)
    command = [sys.executable, "-c", RUN, notebook]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[-1]) == 1


def test_a_downloaded_notebook_runs_in_an_environment_made_from_what_it_says(built, server, tmp_path):
    shutil.copy(built / "notebooks" / "work-with-the-data.ipynb", tmp_path)
    note = nbformat.read(tmp_path / "work-with-the-data.ipynb", 4).cells[0].source
    shell = re.search(r"```sh\n(.*?)```", note, re.DOTALL)[1]
    shell = shell.replace("jupyter lab", "jupyter execute --inplace")  # the same kernel, without a window
    clean = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}} | {"SITE": server}
    done = subprocess.run(["bash", "-ec", shell], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    if re.search("NewConnectionError|NameResolutionError|Temporary failure in name resolution", done.stderr):
        pytest.skip("no package index can be reached from here")
    assert done.returncode == 0, done.stderr[-2000:]
    ran = nbformat.read(tmp_path / "work-with-the-data.ipynb", 4)
    assert sum(bool(cell.get("outputs")) for cell in ran.cells) >= 11


def test_pages_of_disk_work_without_a_server(built, chromium):
    root = f"file://{built}"
    with open_page(chromium, "file://") as (page, faults):
        for name in ("book/targets.html", "targets/flt3.html", "papers/32203138.html"):
            page.goto(f"{root}/{name}")
        page.goto(f"{root}/book/targets.html")
        page.click("button.explore")
        page.wait_for_selector(".moving svg")
        assert faults == []


def test_the_readme_names_files_that_exist():
    named = re.findall(r"\]\((?!http)([^)#]+)\)", (paths.ROOT / "README.md").read_text(encoding="utf-8"))
    assert named
    assert [n for n in named if not (paths.ROOT / n).exists()] == []
