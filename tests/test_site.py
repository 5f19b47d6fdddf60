"""The built site, whole: pages, hosts, tracebacks, links, accessibility, bytes. Slow."""

import functools
import hashlib
import http.server
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from lscbook import paths

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

PAGES = ("start-here", "clonal-evolution", "lsc-identity", "resistance", "surveillance", "targets", "methods",
         "data", "contribute", "whats-new")  # fmt: skip


def copy(target: Path) -> Path:
    listed = subprocess.run(["git", "ls-files"], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if name.startswith(("book/", "_config", "_toc")):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(paths.ROOT / name, target / name)
    return target


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(paths.ROOT / "scripts" / "build.py"), str(folder)], capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1764028800"},
        check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = copy(tmp_path_factory.mktemp("site"))
    done = build(folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "_build" / "html"


def pages(site):
    return {p: html.parse(str(site / "book" / f"{p}.html")).getroot() for p in PAGES}


def test_every_page_is_there_without_a_traceback(site):
    for name, root in pages(site).items():
        text = root.text_content()
        assert "Traceback" not in text, name
        assert root.findtext(".//h1"), name


def test_no_resource_comes_from_elsewhere(site):
    for name, root in pages(site).items():
        loaded = [e.get("src") or e.get("href") for e in root.iter("script", "img", "iframe", "link", "source") if
                  (e.get("src") or e.get("href")) and e.get("rel") != "canonical"]  # fmt: skip
        assert [u for u in loaded if urlsplit(u).netloc] == [], name
    for sheet in site.rglob("*.css"):
        assert re.findall(r"url\(\s*['\"]?(?:https?:)?//", sheet.read_text(encoding="utf-8")) == [], sheet.name


def test_every_local_link_leads_somewhere(site):
    ids = {n: {e.get("id") for e in root.iter() if e.get("id")} for n, root in pages(site).items()}
    broken = []
    for name, root in pages(site).items():
        for link in root.iter("a"):
            target = urlsplit(urljoin(f"/book/{name}.html", link.get("href") or ""))
            if target.netloc or not target.path:
                continue
            page = Path(target.path).stem
            known = page in ids and (not target.fragment or target.fragment in ids[page])
            if not known and not (site / target.path.lstrip("/")).is_file():
                broken.append((name, link.get("href")))
    assert broken == []


def test_each_evidence_chapter_has_figure_table_and_contradictions(site):
    for name in PAGES[1:6]:
        root = html.parse(str(site / "book" / f"{name}.html")).getroot()
        assert root.xpath("//figure//*[local-name()='svg'][@aria-label]"), name
        assert len(root.xpath("//table[contains(@class,'findings')]//tr[@id]")) > 20, name
        assert "What contradicts it" in root.text_content(), name


def test_only_https_links(site):
    for name, root in pages(site).items():
        schemes = {urlsplit(a.get("href")).scheme for a in root.iter("a") if a.get("href")}
        assert schemes <= {"", "https"}, name


def test_no_machine_path_is_published(site):
    for page in site.rglob("*.html"):
        assert str(paths.ROOT) not in page.read_text(encoding="utf-8"), page.name
        assert str(site.parent.parent) not in page.read_text(encoding="utf-8"), page.name


def digests(folder):
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.rglob("*") if f.is_file()
    }


def test_a_second_build_elsewhere_is_equal_byte_for_byte(site, tmp_path):
    done = build(copy(tmp_path / "another place"))
    assert done.returncode == 0, done.stderr[-2000:]
    first, second = digests(site), digests(tmp_path / "another place" / "_build" / "html")
    assert {n for n in first | second if first.get(n) != second.get(n)} == set()


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("```{code-cell} python\nraise RuntimeError('planted')\n```", "planted"),
        ("See {paper}`99999999`.", "no finding is curated"),
        ("There are {count}`findings.nonsense`.", "no such count"),
    ],
)
def test_a_planted_fault_fails_the_build(tmp_path, addition, message):
    folder = copy(tmp_path)
    with (folder / "book" / "data.md").open("a") as page:
        page.write("\n" + addition + "\n")
    # one page is enough to prove it
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/data\n")
    done = build(folder)
    assert done.returncode == 1
    assert message in done.stdout + done.stderr


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def served(site):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no chromium on this machine; apt-get install chromium")
    with sync_playwright() as play:
        yield play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser(served, browser, width, mode):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=mode)
    faults = []
    for name in PAGES:
        page = context.new_page()
        page.on(
            "request", lambda r, n=name: faults.append((n, r.url)) if not r.url.startswith((served, "data:")) else None
        )
        said = lambda m, n=name: faults.append((n, m.text)) if m.type == "error" else None
        page.on("console", said)
        page.on("pageerror", lambda e, n=name: faults.append((n, str(e))))
        page.goto(f"{served}/book/{name}.html")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append((name, "scrolls sideways"))
        page.remove_listener("console", said)  # axe asks for style sheets under addresses of its own
        results = Axe().run(page)
        faults += [(name, v["id"], v["nodes"][0]["html"][:200]) for v in results.response["violations"]]
        page.close()
    context.close()
    assert faults == []
