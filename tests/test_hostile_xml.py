"""XML that is meant to do harm: bounded memory, a typed error, or text in which nothing is live."""

import gzip
import io
import subprocess
import sys
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from markdown_it import MarkdownIt

from lscbook import paths
from lscbook.errors import PubMedMalformed
from lscbook.pubmed import client
from lscbook.pubmed.parse import parse_path, parse_stream
from lscbook.text import escape_markdown
from tests.records import HEAD, article, document, zipped


def declared(entities, **parts):
    """A document whose DTD declares entities."""
    return f"<!DOCTYPE PubmedArticleSet [{entities}]><PubmedArticleSet>{article(**parts)}</PubmedArticleSet>".encode()


def read(body):
    return list(parse_stream(io.BytesIO(body)))


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/x", "php://filter"])
@pytest.mark.parametrize("kind", ["<!ENTITY x SYSTEM '{}'>", "<!ENTITY % p SYSTEM '{}'> %p; <!ENTITY x 'y'>"])
def test_external_entities_are_not_read(kind, address):
    (record,) = read(declared(kind.format(address), title="a &x; b"))
    assert record.title == "a b"


LAUGHS = "<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize("place", ["title", "version"])
def test_a_billion_laughs_are_refused_in_a_field_and_in_an_attribute(place):
    with pytest.raises(PubMedMalformed, match="not whole XML"):
        read(declared(LAUGHS, **{place: "&l9;"}))


@pytest.mark.parametrize("broken", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"])
def test_invalid_utf_8_is_refused(broken):
    with pytest.raises(PubMedMalformed, match="not whole XML"):
        read(document(article(title="a MARK b")).replace(b"MARK", broken))


@pytest.mark.parametrize("raw", ["\x00", "\x01", "\x1b[31m", "&#1;", "&#x1f;", "\ufffe"])
def test_control_characters_are_refused(raw):
    with pytest.raises(PubMedMalformed, match="not whole XML"):
        read(document(article(title=f"a {raw} b")))


@pytest.mark.parametrize("number", ["1", "x1b", "0", "xD800", "x110000"])
def test_control_characters_that_were_escaped_twice_do_not_come_back(number):
    (record,) = read(document(article(title=f"a &amp;#{number}; b")))
    assert all(character.isprintable() for character in record.title)


LIVE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![x](http://a.example/p.png)",
    "**bold** _it_ `code`", "{raw html}`<b>x</b>`", "```{eval-rst}\n.. raw:: html\n```", "# heading", "| a | b |",
    "<http://a.example>", "{{ substitution }}", "$x$", "a\n\n---\n\nb", "&lt;b&gt;", "- item", "1. item",
]  # fmt: skip


@pytest.mark.parametrize("live", LIVE)
def test_html_and_markdown_in_a_title_are_text(live):
    (record,) = read(document(article(title=escape(live))))
    assert record.title == " ".join(live.split())
    assert not set("<>\"'") & set(escape(record.title))
    shown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(escape_markdown(record.title))
    assert shown == f"<p>{escape(record.title)}</p>\n".replace("&#x27;", "'")


FLOOD = """
import io, resource, sys
sys.path.insert(0, {root!r})
from lscbook.errors import PubMedMalformed
from lscbook.pubmed.parse import parse_stream
from tests.records import article, document

class Flood(io.RawIOBase):
    '''A document with a gigabyte where the mark stands, made as it is read.'''
    def __init__(self, before, after):
        self.parts = iter([before, *[b'x' * 1_000_000] * 1000, after])
        self.given = 0
    def read(self, size=-1):
        part = next(self.parts, b'')
        self.given += len(part)
        return part

before, after = {body!r}.split(b'MARK')
resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))
flood = Flood(before, after)
try:
    print(len(list(parse_stream(flood))), 'records')
except PubMedMalformed as error:
    print('PubMedMalformed', flood.given)
with open('/proc/self/status') as status:
    print('peak', next(line.split()[1] for line in status if line.startswith('VmHWM')))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux does")
@pytest.mark.parametrize(
    "body",
    [
        document(article(title="MARK")),
        document(article(article_inner="<Abstract><AbstractText>MARK</AbstractText></Abstract>")),
        document(article(title="<i class='MARK'>x</i>")),
        document(article(), "<!-- MARK -->"),
        (HEAD + "<html><body>MARK</body></html>").encode(),
        b"MARK<PubmedArticleSet/>",
    ],
    ids=["title", "abstract", "attribute", "comment", "another document", "before the root"],
)
def test_a_gigabyte_in_one_field_is_refused_within_little_memory(body):
    script = FLOOD.format(root=str(paths.ROOT), body=body)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120)
    assert "PubMedMalformed" in done.stdout, done.stdout + done.stderr
    assert int(done.stdout.split("peak")[1]) < 320_000  # kB; libxml2 bounds what it buffers, not we


def test_a_gigabyte_behind_a_small_gzip_file_is_refused(tmp_path):
    file = zipped(tmp_path / "bomb.xml.gz", article(title="MARK"))
    before, after = gzip.decompress(file.read_bytes()).split(b"MARK")
    with gzip.open(file, "wb", compresslevel=1) as out:
        out.write(before)
        for _ in range(1000):
            out.write(b"x" * 1_000_000)
        out.write(after)
    assert file.stat().st_size < 10_000_000
    with pytest.raises(PubMedMalformed, match=r"bomb\.xml\.gz"):
        list(parse_path(file))


class Endless(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 1_000_000)
                self.server.sent += 1_000_000
        except OSError:
            pass


def test_an_answer_without_an_end_is_cut_off(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.sent = 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service = client.Client("a@example.org", f"http://127.0.0.1:{server.server_address[1]}/", deadline=0.1, rate=1000)
    with pytest.raises(PubMedMalformed, match="more than"):
        service.fetch(["1"], len)
    server.shutdown()
    server.server_close()
    assert server.sent < 10 * client.MOST
