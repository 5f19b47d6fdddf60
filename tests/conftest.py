"""What every test shares: no network but loopback, the optional shared data, a built site and a browser."""

import ipaddress
import os
import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import settings

from lscbook import corpus, paths, vocabulary
from lscbook.evidence import store
from lscbook.standing import registries
from lscbook.synthesis.book import Book
from scripts import reproduce
from tests.eutils_double import index
from tests.harvest_place import Place, paper
from tests.pages import serve
from tests.records import document
from tests.registry_doubles import Registry

pytest.register_assert_rewrite("tests.forms")  # its fixtures come by `pytest_plugins`, its helpers by import
settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

SHARED = paths.ROOT.parent / "shared"


class NetworkForbidden(AssertionError):
    """A test tried to leave the machine."""


@pytest.fixture(scope="session", autouse=True)
def _loopback_only():
    real = socket.socket.connect

    def connect(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = address[0]
            try:
                inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
            except ValueError:
                inside = False
            if not inside:
                raise NetworkForbidden(f"a test connected to {host}; tests stay on this machine")
        return real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the folder shared/ beside the project is missing; this test reads real records from it")
    return SHARED


@pytest.fixture
def registry():
    """Doubles of Crossref and ClinicalTrials.gov on this machine."""
    server = Registry()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def service(tmp_path, registry):
    """The registries as a harvest asks them, with a cache in a folder that is not there yet."""
    return registries.Registries(
        "a@example.org",
        tmp_path / "deep" / "c",
        crossref=registry.address + "/",
        trials=registry.address + "/",
        tries=0,
    )


@pytest.fixture(scope="session")
def forty(tmp_path_factory):
    """An index of forty records for the double of PubMed, and of one that no query finds."""
    folder = tmp_path_factory.mktemp("forty")
    parts = [paper(n) for n in range(101, 141)] + [paper(141, "A paper known by its DOI", "10.1000/known")]
    (folder / "a.xml").write_bytes(document(*parts))
    return index.build(folder / "forty.sqlite", [folder / "a.xml"])


@pytest.fixture
def place(tmp_path, forty):
    """A place to harvest into, with its own double."""
    here = Place(tmp_path, forty)
    yield here
    here.close()


@pytest.fixture(scope="session")
def known():
    """The committed corpus."""
    return corpus.read()


@pytest.fixture(scope="session")
def evidence(known):
    """The committed evidence."""
    return store.read(corpus=known)


@pytest.fixture(scope="session")
def book(known, evidence):
    """The committed book."""
    return Book.load(known, evidence)


@pytest.fixture(scope="session")
def words():
    """The vocabulary."""
    return vocabulary.load()


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The site, built once; LSC_SITE names one that is built already, while a test is being written."""
    if ready := os.environ.get("LSC_SITE"):
        return Path(ready).resolve()
    folder = reproduce.copy(tmp_path_factory.mktemp("site"))
    done = reproduce.build(folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "_build" / "html"


@pytest.fixture(scope="session")
def server(built):
    with serve(built) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no chromium on this machine; apt-get install chromium")
    with sync_playwright() as play:
        yield play.chromium.launch(executable_path=found, args=["--no-sandbox"])
