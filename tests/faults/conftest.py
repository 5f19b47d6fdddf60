"""A small double: a few hundred real records, so that each fault runs in seconds."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from lscbook import paths
from tests.eutils_double import index
from tests.eutils_double.server import Double

TERM = "leuk*[tiab] OR marrow[tiab]"
QUERY = f"""
blocks: {{disease: {{purpose: a small part, search: "{TERM}"}}}}
themes: {{all: {{purpose: all of it, search: "{TERM}"}}}}
query: "{TERM}"
snapshot_rule: "{TERM}"
mesh_narrower: {{}}
"""


@pytest.fixture(scope="session")
def master(tmp_path_factory):
    """An index of the first records of both files, made once."""
    folder = tmp_path_factory.mktemp("index")
    files = []
    for number, source in enumerate(index.wheel_files()):
        parts = []
        with gzip.open(source) as stream:
            for _, element in etree.iterparse(stream, tag="PubmedArticle"):
                text = etree.tostring(element, with_tail=False)
                if b"eukemi" in text or b"arrow" in text:
                    parts.append(text)
                element.clear()
                if len(parts) >= 150:
                    break
        small = folder / f"{number}.xml"
        small.write_bytes(b"<PubmedArticleSet>" + b"".join(parts) + b"</PubmedArticleSet>")
        files.append(small)
    return index.build(folder / "small.sqlite", files)


@pytest.fixture
def double(master, tmp_path):
    copy = tmp_path / "double.sqlite"
    shutil.copyfile(master, copy)
    server = Double(copy, limit=10_000).start()
    yield server
    server.shutdown()
    server.server_close()


class Place:
    """A corpus and a cache of its own, and the command line to fill them."""

    def __init__(self, folder: Path, double: Double) -> None:
        self.folder, self.double = folder, double
        self.crossref = "http://127.0.0.1:9/"  # nobody is there
        self.corpus, self.cache = folder / "corpus", folder / "cache"
        self.corpus.mkdir(parents=True)
        (self.corpus / "query.yaml").write_text(QUERY)

    def command(self, *more: str, base: str | None = None, today: str = "2026-11-24") -> list[str]:
        return [sys.executable, str(paths.ROOT / "scripts" / "harvest.py"), "run", "--out", str(self.corpus),
                "--email", "a@example.org", "--base-url", base or self.double.address, "--cache", str(self.cache),
                "--crossref-url", self.crossref,
                "--today", today, "--cap", "80", "--rate", "1000", "--timeout", "3", "--deadline", "20", *more]  # fmt: skip

    def run(self, *more: str, **named) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*more, **named), capture_output=True, text=True, check=False, timeout=120,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.folder)})  # fmt: skip

    def files(self) -> dict[str, bytes]:
        found = [*self.corpus.glob("records/*"), *self.corpus.glob("manifest.json")]
        return {str(p.relative_to(self.corpus)): p.read_bytes() for p in found}


@pytest.fixture
def place(tmp_path, double):
    return Place(tmp_path / "place", double)


@pytest.fixture(scope="session")
def whole(master, tmp_path_factory):
    """The corpus of a harvest to which nothing happened."""
    server = Double(master, limit=10_000).start()
    here = Place(tmp_path_factory.mktemp("whole") / "place", server)
    done = here.run()
    assert done.returncode == 0, done.stderr
    server.shutdown()
    return here.files()
