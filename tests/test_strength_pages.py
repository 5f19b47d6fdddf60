"""The pages on strength and order: whole with the committed data, and honest with next to none."""

import inspect
import re

import pytest
from lxml import html

from lscbook import addresses
from lscbook.site import strength as pages
from lscbook.site.opened import Site
from lscbook.synthesis import strength
from tests import books

SHOWN = [name for name, f in inspect.getmembers(pages, inspect.isfunction) if f.__module__ == pages.__name__ and name[0] != "_" and name != "shown"]


@pytest.fixture(scope="module")
def site(book):
    return Site(book)


@pytest.mark.parametrize("name", SHOWN)
def test_each_part_is_shown_of_a_book_with_hardly_anything(name):
    empty = books.book((books.entry("1", [books.finding(role="context", lesions=[])]), books.record("1")))
    shown = str(getattr(pages, name)(Site(empty)))
    assert shown.strip()
    assert "<a href" not in shown


def test_no_order_and_no_ranking_say_why():
    empty = Site(books.book((books.entry("1", [books.finding(role="context", lesions=[])]), books.record("1"))))
    assert pages.plane(empty) == "<p>No figure: no study has a clear result.</p>"
    assert pages.ranking(empty) == "<p>No figure: fewer than two items have a study with a clear result.</p>"
    assert "an order needs 3 at least" in pages.lesions(empty)
    assert "an order needs 3 at least" in pages.contrary(empty)


def test_each_label_has_its_arithmetic_and_the_points_add_up(site):
    root = html.fromstring(f"<div>{pages.targets(site)}</div>")
    rows = root.xpath("//tbody/tr")
    told = {
        (part, s.item): s
        for part in strength.PARTS
        for s in strength.table(site.book.evidence, site.book.vocabulary, strength.EFFICACY, part)
    }
    assert len(rows) == len(told)
    for table in root.xpath("//table"):
        part = re.search("AML|MDS", table.xpath("string(caption)"))[0]
        for row in table.xpath(".//tbody/tr"):
            s = told[part, row.xpath("string(th)").strip()]
            assert s.label in row.xpath("string(td[1])")
            assert s.why in row.xpath("string(.//details/p)")
            listed = row.xpath(".//details//li")
            assert len(listed) == len(s.voices)
            points = sum(float(p) for li in listed for p in re.findall(r": ([\d.]+) points", li.text_content()))
            assert points == pytest.approx(s.points_for + s.points_against)


def test_a_gene_that_is_no_marker_leads_to_its_page_of_genes(site):
    shown = str(pages.others(site))
    genes = {s.item for part in strength.PARTS for q in strength.QUESTIONS.values() if q.kind == "markers"
             for s in strength.table(site.book.evidence, site.book.vocabulary, q, part)
             if s.item not in site.book.vocabulary.terms["markers"]}  # fmt: skip
    assert genes
    for gene in genes:
        assert f'href="{addresses.entity("genes", gene)}"' in shown
        assert addresses.entity("markers", gene) not in shown


def test_the_rule_on_the_page_is_the_rule_of_the_code():
    from lscbook import paths

    text = (paths.ROOT / "book" / "strength.md").read_text(encoding="utf-8")
    assert f"*strong*: {strength.STRONG:g} points or more" in text
    assert f"*moderate*: {strength.MODERATE:g} points or more" in text
    assert strength.STUDIES_OF_STRONG == 3
    assert "capped at five points" in text
    assert strength.MODELS_AT_MOST == 5
    for question in strength.LABELS:
        assert f"*{question}*" in text


@pytest.mark.parametrize(
    ("show", "heading", "other", "said", "why"),
    [
        ("contradictions", "What contradicts what", "phase 2", "the same proposition", "the same kind of study"),
        ("nearly", "Nearly the same proposition", "phase 3", "nearly the same proposition", "a lower phase against a higher"),
    ],
)  # fmt: skip
def test_a_card_says_in_the_words_of_its_heading_how_near_its_two_findings_are(show, heading, other, said, why):
    from lscbook import paths

    against = {"direction": "does_not_support", "reason": "no effect shown"}
    two = [
        books.finding(1, "target", stage=study, study=study, **own) for study, own in (("phase 2", {}), (other, against))
    ]
    pairs = [(books.entry(str(n), [found]), books.record(str(n))) for n, found in enumerate(two, 1)]
    root = html.fromstring(f"<div>{getattr(pages, show)(Site(books.book(*pairs)))}</div>")
    (card,) = root.xpath("//details[@class='conflict']")
    assert card.xpath("string(p[1])") == f"{said}; {why}"
    text = (paths.ROOT / "book" / "strength.md").read_text(encoding="utf-8")
    above, shown, _ = text[text.index(f"# {heading}\n") :].partition(f"```{{show}} strength.{show}\n")
    assert shown
    assert said in above.casefold()


def test_the_pages_say_what_they_measure():
    from lscbook import paths

    for name in ("strength", "order-of-lesions"):
        assert "what is true" in (paths.ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
