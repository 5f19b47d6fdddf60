"""Pages of papers and entities: what they say is what the data says, and hostile words stay words."""

import re
from collections import Counter

import pytest
from lxml import html

from lscbook import addresses, vocabulary
from lscbook.errors import VocabularyInvalid
from lscbook.pubmed.record import Author, Notice, Record
from lscbook.site.opened import Site
from lscbook.site.pages import terms_and_papers as term_pages
from lscbook.synthesis import entities, profiles
from tests import books

HOSTILE = '<script>alert(1)</script> [x](javascript:alert(1)) {{ 7*7 }} "quoted" \''


@pytest.fixture(scope="module")
def site(book, tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    term_pages.write_all(out, Site(book), {})
    return out


def one(tmp_path, record):
    """The site of a single finding on a record."""
    found = books.finding(theme="target", agents=["tagraxofusp"], cohort=["NCT01234567"])
    out = tmp_path / "site"
    term_pages.write_all(out, Site(books.book((books.entry("7", [found]), record))), {})
    return out


def test_every_paper_and_every_target_has_its_page(site, book):
    for record in book.evidence.records.values():
        assert (site / addresses.paper(record.key).removeprefix("../")).is_file()
    for identifier in book.vocabulary.terms["targets"]:
        assert (site / addresses.entity("targets", identifier).removeprefix("../")).is_file()


def test_each_finding_stands_once_on_its_paper_and_nowhere_is_an_id_twice(site, book):
    seen = Counter()
    for page in sorted(site.rglob("*.html")):
        ids = [e.get("id") for e in html.parse(str(page)).getroot().iter() if e.get("id")]
        assert len(ids) == len(set(ids)), page.name
        if page.parent.name == "papers":
            seen.update(i for i in ids if i.startswith("f-"))
    assert seen == Counter(addresses.anchor(f.reference) for f in book.evidence.findings)


def test_counts_of_a_target_are_those_of_its_findings(site, book):
    for kind, members in entities.gather(book.evidence, book.vocabulary).items():
        for entity in members.values():
            root = html.parse(str(site / kind / f"{addresses.slug(entity.id)}.html")).getroot()
            assert len(root.xpath("//article")) == len(entity.findings), entity.id
            told = [int(n) for n in re.findall(r"\d+", root.xpath("string(//p[@class='tally'])"))]
            stances = Counter(f.finding.stance for f in entity.findings)
            shown = [stances["supports"], stances["does_not_support"]]
            shown += [stances[word] for word in ("inconclusive", "context") if stances[word]]
            assert told[: len(shown) + 1] == [*shown, entity.papers], entity.id


def test_every_link_between_pages_leads_somewhere(site):
    broken = []
    for page in site.rglob("*.html"):
        for link in html.parse(str(page)).getroot().iter("a"):
            href = link.get("href")
            if href.startswith(("https:", "http:", "#", "../book/", "book/", "../data/")):
                continue
            if not (page.parent / href.split("#")[0]).resolve().is_file():
                broken.append((page.name, href))
    assert broken == []


def test_hostile_text_is_inert(tmp_path):
    record = Record("7", HOSTILE, journal=HOSTILE, authors=(Author("<b>", "A"),), date="2020", doi="10.1/<x>",
                    standing=(Notice("RetractionIn", "", HOSTILE),))  # fmt: skip
    for page in one(tmp_path, record).rglob("*.html"):
        root = html.parse(str(page)).getroot()
        assert [s.text for s in root.iter("script") if s.text] == []
        assert root.xpath("//b") == []
        schemes = {a.get("href").split(":")[0] for a in root.iter("a") if ":" in a.get("href").split("#")[0]}
        assert schemes <= {"https"}, page.name


def test_a_retracted_paper_says_so_with_its_notice(tmp_path):
    record = Record("7", "T", date="2020", standing=(Notice("RetractionIn", "9", "J. 2021"),))
    site = one(tmp_path, record)
    text = html.parse(str(site / "papers" / "7.html")).getroot().xpath("string(//section[contains(@class,'stands')])")
    assert "No: it is retracted" in text
    assert "RetractionIn: J. 2021 · PMID 9" in " ".join(text.split())
    for page in ("targets/cd123.html", "therapies/tagraxofusp.html", "papers/index.html"):
        assert "retracted" in html.parse(str(site / page)).getroot().text_content(), page


def test_a_paper_that_took_its_pmid_is_found_under_its_doi(tmp_path):
    site = one(tmp_path, Record("7", "T", date="2020", doi="10.1000/x"))
    moved = html.parse(str(site / "papers" / "10-1000-x.html")).getroot()
    assert moved.xpath("//a/@href") == ["../papers/7.html"]


def test_what_is_missing_is_what_the_data_lacks(book):
    found = entities.gather(book.evidence, book.vocabulary)
    empty = next(e for e in found["targets"].values() if not e.findings)
    assert profiles.missing(empty, found, frozenset())[0].startswith("Nothing is curated yet")
    full = max(found["targets"].values(), key=lambda e: len(e.findings))
    rungs = {f.finding.stage for f in full.findings}
    told = next(g for g in profiles.missing(full, found, frozenset()) if g.startswith("No finding is curated on"))
    assert not any(rung in told for rung in rungs)


def test_ids_that_would_share_a_page_are_refused(book):
    terms = dict(book.vocabulary.terms)
    other = vocabulary.Term("targets", "CD/123", "")
    terms["targets"] = {**terms["targets"], "CD-123": vocabulary.Term("targets", "CD-123", ""), "CD/123": other}
    with pytest.raises(VocabularyInvalid, match="would share the page targets/cd-123"):
        entities.gather(book.evidence, vocabulary.Vocabulary(terms, {}, 60))
