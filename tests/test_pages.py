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
from lscbook.site.pages import thing_pages
from lscbook.synthesis import entities, profiles, subjects
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


def test_a_page_counts_every_finding_of_every_role_and_shows_the_strongest(site, book):
    gathered = entities.gather(book.evidence, book.vocabulary)
    for subject in subjects.gather(gathered, book.things):
        about = {f.reference: f for role in subject.roles for f in role.findings}
        root = html.parse(str(site / book.page_of(*subject.term.key).removeprefix("../"))).getroot()
        assert len(root.xpath("//article")) == min(len(about), thing_pages.SHOWN), subject.id
        themes = {f.finding.theme for f in about.values()}
        open_ = root.xpath("//article[not(ancestor::details)]")
        assert min(len(about), max(len(themes), 5)) <= len(open_) <= 15, subject.id
        lines = sum(len(article.xpath("string(p[@class='claim'])")) for article in open_) / thing_pages.LINE
        assert lines < thing_pages.OPEN_LINES, subject.id
        told = [int(n) for n in re.findall(r"\d+", root.xpath("string(//p[@class='tally'])"))]
        stances = Counter(f.finding.stance for f in about.values())
        shown = [stances["supports"], stances["does_not_support"]]
        shown += [stances[word] for word in ("inconclusive", "context") if stances[word]]
        assert told[: len(shown) + 1] == [*shown, len({f.entry.key for f in about.values()})], subject.id


def open_text(page):
    """What stands open on a page, in letters."""
    root = html.fromstring(page)
    for folded in root.xpath("//details"):
        for part in folded.xpath("./*[not(self::summary)]"):
            part.drop_tree()
    return len(" ".join(root.xpath("string(//main)").split()))


def test_no_page_grows_with_the_findings(tmp_path):
    """A thing of 60 findings and one of 240: the same stands open, and the rest is folded or one click away."""
    for n in (60, 240):
        term_pages.write_all(tmp_path / str(n), Site(books.grown(n)), {})
    for name in ("targets/cd123", "diseases/aml", "families/idh", "targets/idh2"):
        few, many = (open_text((tmp_path / str(n) / f"{name}.html").read_text("utf-8")) for n in (60, 240))
        assert few > 2_000
        assert many < 1.05 * few, name


def test_a_family_and_its_members_link_to_each_other(site, book):
    for family in book.vocabulary.terms["families"].values():
        page = site / "families" / f"{addresses.slug(family.id)}.html"
        members = html.parse(str(page)).getroot().xpath("//section[@aria-labelledby='members']//th/a/@href")
        assert members, family.id
        for member in members:
            links = html.parse(str(page.parent / member)).getroot().xpath("//p[@class='facts'][1]/a/@href")
            assert f"../families/{page.name}" in links, member


def test_the_page_of_a_family_tells_the_approvals_of_its_members(site, book):
    told = [html.parse(str(site / page)).getroot() for page in ("families/idh.html", "targets/idh1.html", "targets/idh2.html")]
    family, *members = (set(page.xpath("//section[@aria-labelledby='approved']//td/a/@href")) for page in told)
    assert family == members[0] | members[1] != set()
    assert "★" in told[0].xpath("string(//section[@class='summary'])")


def test_every_link_between_pages_leads_somewhere(site):
    broken = []
    for page in site.rglob("*.html"):
        for link in html.parse(str(page)).getroot().iter("a"):
            href = link.get("href")
            if href.startswith(("https:", "http:", "#", "../book/", "book/", "../data/", "../search.html?q=")):
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
    found = subjects.gather(entities.gather(book.evidence, book.vocabulary), book.things)
    targets = [s for s in found if "targets" in s.kinds]
    empty = next(s for s in targets if not s.findings)
    assert profiles.missing(empty, frozenset())[0].startswith("Nothing is curated yet")
    full = max(targets, key=lambda s: sum(f.finding.theme == "target" for f in s.findings))
    rungs = {f.finding.stage for f in full.findings if f.finding.theme == "target" and f.finding.stage}
    told = next(g for g in profiles.missing(full, frozenset()) if g.startswith("No finding is curated on"))
    assert not any(rung in told for rung in rungs)


def test_every_role_of_a_thing_leads_to_its_one_page(site):
    """CD123 is target and marker, IL3RA its gene; CXCR4 is the marker CD184; KIT has a gene's page under its marker."""
    for page, where in (
        ("markers/cd123", "../targets/cd123.html"), ("genes/il3ra", "../targets/cd123.html"),
        ("markers/cd184", "../targets/cxcr4.html"), ("genes/flt3", "../targets/flt3.html"),
        ("genes/men1", "../targets/menin.html"), ("genes/kit", "../markers/cd117.html"),
    ):  # fmt: skip
        assert html.parse(str(site / f"{page}.html")).getroot().xpath("//a/@href") == [where], page
    assert html.parse(str(site / "genes" / "tp53.html")).getroot().xpath("//section[@class='summary']")
    assert html.parse(str(site / "targets" / "tp53-reactivation.html")).getroot().xpath("//section[@class='summary']")
    for index in ("targets", "markers"):
        links = html.parse(str(site / index / "index.html")).getroot().xpath("//th/a[text()='CD123']/@href")
        assert links == ["../targets/cd123.html"]


def test_a_trial_of_the_snapshot_that_nobody_curated_stands_on_the_page_of_its_target(site):
    """ENHANCE-2 tried magrolimab, which hits CD47; its abstract was not to be had."""
    root = html.parse(str(site / "targets" / "cd47.html")).getroot()
    (item,) = root.xpath("//ul[contains(@class,'literature')]/li[contains(.,'ENHANCE-2')]")
    assert item.xpath("./a/@href") == [
        "https://pubmed.ncbi.nlm.nih.gov/40009500/",
        "../book/contribute.html#paper=40009500",
    ]
    assert "ENHANCE-2" in root.xpath("string(//section[@class='summary'])")
    assert "partial" in root.xpath("string(//section[@aria-labelledby='literature'])")


def test_ids_that_would_share_a_page_are_refused(book):
    terms = dict(book.vocabulary.terms)
    other = vocabulary.Term("targets", "CD/123", "")
    terms["targets"] = {**terms["targets"], "CD-123": vocabulary.Term("targets", "CD-123", ""), "CD/123": other}
    with pytest.raises(VocabularyInvalid, match="would share the page targets/cd-123"):
        entities.gather(book.evidence, vocabulary.Vocabulary(terms, {}, 60))
