"""A harvest of its own for a test: a double of PubMed with forty records, a corpus, and what may happen to them."""

import shutil
import sqlite3
import zlib
from datetime import date

from lscbook import corpus, vocabulary
from lscbook.harvest import whole_run
from lscbook.pubmed import client
from lscbook.standing import registries
from lscbook.vocabulary.annotate import Annotator
from tests.entries import entry
from tests.eutils_double.server import Double
from tests.records import article
from tests.registry_doubles import Registry

TERM = "leukemia[tiab]"
DAY = date(2026, 11, 24)


def paper(number, title="Leukemia and its stem cells", doi="", year=2014):
    day = f"<Year>{1990 + number % 30}</Year><Month>03</Month><Day>{1 + number % 28:02}</Day>"
    ids = f'<ArticleIdList><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>' if doi else ""
    return article(
        str(number), title=title, date=f"<Year>{year}</Year>",
        article_inner=f"<Abstract><AbstractText>Marrow of case {number} was studied.</AbstractText></Abstract>"
                      "<AuthorList><Author><LastName>Doe</LastName><Initials>J</Initials></Author></AuthorList>",
        pubmed=f'<History><PubMedPubDate PubStatus="entrez">{day}</PubMedPubDate></History>{ids}',
    )  # fmt: skip


class Place:
    """A double of its own, a corpus, and a harvest of it."""

    def __init__(self, folder, master):
        shutil.copyfile(master, folder / "double.sqlite")
        self.double, self.master = Double(folder / "double.sqlite", limit=10_000).start(), master
        self.crossref = Registry()
        self.folder, self.told, self.words = folder, [], vocabulary.load()
        self.places = whole_run.Places(
            folder / "corpus", folder / "cache", folder / "abstracts.sqlite", folder / "evidence", folder / "book",
            folder / "changes",
        )  # fmt: skip
        for name in ("corpus", "evidence", "book"):
            (folder / name).mkdir()

    def client(self, **own):
        given = {"rate": 1000, "first_pause": 0.001, "timeout": 5, "deadline": 20, **own}
        return client.Client("a@example.org", self.double.address, **given)

    def run(self, today=DAY, term=TERM, places=None, progress=lambda _done, _all: None, **limits):
        service = registries.Registries(
            "a@example.org", self.folder / "registries.sqlite", crossref=self.crossref.address, tries=0
        )
        return whole_run.run(
            term, whole_run.Tools(self.client(), service, Annotator(self.words)), places or self.places, today,
            whole_run.Limits(cap=25, batch=10, **limits), whole_run.Telling(progress, self.told.append),
        )  # fmt: skip

    @property
    def known(self):
        return corpus.read(self.places.corpus)

    def sql(self, text, *values):
        with sqlite3.connect(self.double.index) as base:
            return base.execute(text, values).fetchall()

    def entry(self, pmid, text=None):
        path = self.places.evidence / f"a-2014-{pmid}.yaml"
        path.write_text(text or entry(pmid))
        return path

    def forget(self, condition="1"):
        """PubMed lists these no longer, but gives them when asked by PMID."""
        self.sql(f"DELETE FROM words WHERE rowid IN (SELECT pmid FROM article WHERE {condition})")

    def close(self):
        for server in (self.double, self.crossref):
            server.shutdown()
            server.server_close()


def spoil(place, pmid, change):
    ((xml,),) = place.sql("SELECT xml FROM article WHERE pmid = ?", pmid)
    place.sql("UPDATE article SET xml = ? WHERE pmid = ?", zlib.compress(change(zlib.decompress(xml))), pmid)


def add(place, pmid, day):
    """A record that PubMed creates on a day."""
    place.sql(
        "INSERT INTO article SELECT ?, xml, dp, ?, edat, mdat, title, doi FROM article WHERE pmid = 101", pmid, day
    )
    spoil(place, pmid, lambda xml: xml.replace(b">101</PMID>", f">{pmid}</PMID>".encode()))
    place.sql("INSERT INTO words (rowid, ti, tiab, mh, pt, au, la) SELECT ?, ti, tiab, mh, pt, au, la FROM words "
              "WHERE rowid = 101", pmid)  # fmt: skip
