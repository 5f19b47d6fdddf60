"""The literature: trends and pairs with known answers, what may not matter, refusals; and the page, also without scripts."""

import random
import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from lscbook import paths
from lscbook.errors import NotEstimable
from lscbook.pubmed.record import Record
from lscbook.site import literature as page
from lscbook.site.opened import Site
from lscbook.synthesis import trends as literature
from lscbook.vocabulary import Term, Vocabulary
from tests import books

ABSTRACT = {"characters": 1, "sentences": 1, "sha256": "0"}


def records(*told, origin="pubmed", abstract=ABSTRACT, first=1):
    """A record for each (year, concepts)."""
    return [
        Record(pmid=str(i), title="T", date=str(year), concepts=concepts, origin=origin, abstract=abstract)
        for i, (year, concepts) in enumerate(told, start=first)
    ]


def naming(**kinds):
    return {kind: dict.fromkeys(ids, 1) for kind, ids in kinds.items()}


# Agresti, Categorical Data Analysis: maternal alcohol (scores) and malformation; the trend statistic is 6.57, p = 0.01.
ALCOHOL = {0: (48, 17066), 0.5: (38, 14464), 1.5: (5, 788), 4: (1, 126), 7: (1, 37)}
# Admissions to Berkeley by department: men in, men out, women in, women out. R's mantelhaen.test(correct = FALSE)
# gives X-squared = 1.5246 for sex and admission.
BERKELEY = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]


def test_one_stratum_is_the_trend_of_cochran_and_armitage():
    year = np.concatenate([np.full(a + b, score) for score, (a, b) in ALCOHOL.items()])
    named = np.concatenate([np.r_[np.ones(a), np.zeros(b)] for a, b in ALCOHOL.values()]).astype(bool)
    z, p = literature.mantel(year.tolist(), named.tolist(), [range(len(year))])
    assert z**2 == pytest.approx(6.57, abs=0.005)
    assert p == pytest.approx(0.0104, abs=0.0001)


def test_strata_with_two_years_are_the_test_of_mantel_and_haenszel():
    year, named, groups = [], [], []
    for a, b, c, d in BERKELEY:
        groups.append(range(len(year), len(year) + a + b + c + d))
        year += [0] * (a + b) + [1] * (c + d)
        named += [True] * a + [False] * b + [True] * c + [False] * d
    z, _ = literature.mantel(year, named, groups)
    assert z**2 == pytest.approx(1.5246, abs=0.001)
    pooled, _ = literature.mantel(year, named, [range(len(year))])
    assert pooled < -9  # without strata the paradox of these data: women seem to be refused


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(2000, 2009), st.booleans(), st.sampled_from("ab")), min_size=4, max_size=40),
    st.randoms(use_true_random=False),
)
def test_neither_order_nor_the_count_of_years_matters_and_turning_time_turns_the_sign(told, chance):
    def z(rows, of=lambda y: y):
        groups = [[i for i, r in enumerate(rows) if r[2] == g] for g in "ab"]
        try:
            return literature.mantel([of(r[0]) for r in rows], [r[1] for r in rows], groups)[0]
        except NotEstimable:
            return None

    mixed = list(told)
    chance.shuffle(mixed)
    one = z(told)
    for other, sign in ((z(mixed), 1), (z(told, lambda y: 2 * y + 7), 1), (z(told, lambda y: -y), -1)):
        assert (one is None) == (other is None)
        if one is not None:
            assert other == pytest.approx(sign * one, abs=1e-9)


def growing(origin="pubmed", first=1):
    """Ten records a year, of which one more names CD47 each year; CD33 is named by half of each year."""
    told = []
    for turn, year in enumerate(range(2010, 2020)):
        for i in range(10):
            names = [*(["CD47"] if i < turn else []), *(["CD33"] if i % 2 else [])]
            told.append((year, naming(markers=names, genes=names)))
    return records(*told, origin=origin, first=first)


def test_what_rises_is_found_once_and_what_stays_is_not():
    span, told = literature.trends(growing())
    assert (span.first, span.last, len(span.records)) == (2010, 2019, 100)
    assert [(t.kind, t.id, t.way) for t in told] == [
        ("markers", "CD47", "rises"),
        ("markers", "CD33", "no trend shown"),
    ]
    assert (told[0].older, told[0].newer, told[0].number) == ((10, 50), (35, 50), 45)
    assert told[1].z == pytest.approx(0)


def test_a_trend_that_is_only_that_of_the_files_is_none():
    """Old records of one origin never name the term, new ones of another always do: nothing can be compared."""
    old = records(*((year, {}) for year in range(2010, 2015) for _ in range(10)), origin="list")
    new = records(*((year, naming(markers=["CD47"])) for year in range(2015, 2020) for _ in range(10)), first=900)
    more = records(
        *((year, naming(markers=["CD33"] if i % 2 else [])) for year in range(2010, 2020) for i in range(6)),
        origin="doi",
        first=5000,
    )
    _, told = literature.trends([*old, *new, *more])
    assert [t.id for t in told] == ["CD33"]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6).map(random.Random))
def test_the_order_of_records_does_not_matter(book, chance):
    some = list(book.corpus.records.values())
    mixed = list(some)
    chance.shuffle(mixed)
    assert literature.trends(mixed) == literature.trends(some)
    assert literature.pairs(mixed, book.vocabulary) == literature.pairs(some, book.vocabulary)
    assert literature.by_year_and_theme(book.evidence, mixed).equals(literature.by_year_and_theme(book.evidence, some))


def test_the_false_discovery_rate_is_held_over_every_term(book):
    _, told = literature.trends(book.corpus.records.values())
    p, q = np.array([t.p for t in told]), np.array([t.q for t in told])
    order = np.argsort(p)
    by_hand = np.minimum.accumulate((p[order] * len(p) / np.arange(1, len(p) + 1))[::-1])[::-1]
    assert q[order] == pytest.approx(np.minimum(by_hand, 1))


@pytest.mark.parametrize(
    ("some", "told"),
    [
        ([], "0 records in 0 years on end"),
        (records(*((2010 + i % 4, {}) for i in range(80))), "80 records in 4 years on end"),
        (records(*((2010 + i % 5, {}) for i in range(40))), "40 records in 5 years on end"),
        (records(*((2010 + i % 5, {}) for i in range(80))), "no term is named by 10 records"),
        (records(*((2010 + 2 * (i % 5), {}) for i in range(80))), "16 records in 1 years"),
    ],
)
def test_too_few_records_are_refused(some, told):
    with pytest.raises(NotEstimable, match=told):
        literature.trends(some)


def test_pairs_are_counted_against_chance_as_fisher_does(words):
    from scipy.stats import fisher_exact

    both, one, other, none = 6, 4, 8, 42
    told = [
        *[(2010, naming(genes=["BCL2"], therapies=["venetoclax"]))] * both, *[(2010, naming(genes=["BCL2"]))] * one,
        *[(2010, naming(therapies=["venetoclax"]))] * other, *[(2010, {})] * none,
    ]  # fmt: skip
    unread = records((2010, naming(genes=["BCL2"], therapies=["venetoclax"])), abstract=None, first=9000)
    total, (pair,) = literature.pairs([*records(*told), *unread], words)
    assert (total, pair.target, pair.therapy, pair.both, pair.aimed) == (60, "BCL2", "venetoclax", 6, True)
    assert Fraction(pair.expected).limit_denominator(100) == Fraction(10 * 14, 60).limit_denominator(100)
    assert pair.p == pytest.approx(fisher_exact([[both, one], [other, none]], alternative="greater").pvalue)
    assert pair.ratio == pytest.approx(6 * 60 / 140)


@pytest.mark.parametrize(("number", "told"), [(49, "49 records with an abstract"), (50, "no target and therapy")])
def test_too_few_abstracts_or_names_are_refused(words, number, told):
    with pytest.raises(NotEstimable, match=told):
        literature.pairs(records(*[(2010, naming(genes=["BCL2"]))] * number), words)


def test_years_count_a_paper_once_a_theme_and_never_background():
    pairs = [
        (books.entry("1", [books.finding(), books.finding(2), books.finding(3, theme="identity")]), books.record("1")),
        (books.entry("2", [books.finding(role="context")]), books.record("2")),
    ]
    known = books.evidence(*pairs)
    told = literature.by_year_and_theme(
        known, [*known.records.values(), Record("3", "T", date="2001"), Record("4", "T")]
    )
    assert told.to_dict("records") == [
        {"year": 2001, "evolution": 0, "identity": 0, "resistance": 0, "surveillance": 0, "target": 0, "records": 1},
        {"year": 2014, "evolution": 1, "identity": 1, "resistance": 0, "surveillance": 0, "target": 0, "records": 2},
    ]


def test_every_figure_says_why_it_is_missing_from_a_book_with_hardly_anything():
    empty = Site(books.book((books.entry("1", [books.finding(role="context", lesions=[])]), books.record("1"))))
    assert "No figure: no counted finding has a year" in page.years(empty)
    assert "No figure: 1 records in 1 years on end" in page.trends(empty)
    assert "No figure: 0 records with an abstract" in page.together(empty)
    assert "NLM&#39;s own XML" in page.bias(empty)


def test_titles_are_those_of_the_data(book):
    site = Site(book)
    made = re.search(r"At least half of the (\d+) curated papers are from (\d{4}) or later", page.years(site))
    years = [literature.year_of(r) for r in book.evidence.records.values()]
    assert (int(made[1]), sum(y >= int(made[2]) for y in years) >= len(years) / 2) == (len(years), True)
    assert sum(y > int(made[2]) for y in years) <= len(years) / 2
    _, told = literature.trends(book.corpus.records.values())
    found = [t.way for t in told]
    said = f"Of {len(told)} terms, {found.count('rises')} rise and {found.count('fades')} fade"
    assert said in page.trends(site) or "No figure: none of" in page.trends(site)
    assert "pairs of a target and a therapy are named together" in page.together(site)


def test_the_page_says_what_it_cannot_bear_and_the_rule_is_that_of_the_code(book):
    text = (paths.ROOT / "book" / "the-literature.md").read_text(encoding="utf-8")
    assert "and nothing of the field" in text
    assert not book.corpus.manifest["complete"]  # once it is, the page must say so
    assert "was made from files" in text
    assert (literature.LEAST_A_YEAR, literature.LEAST_NAMING, literature.RATE) == (5, 10, 0.05)
    for said in ("with five records each at least", "named by ten", "held at 5 %"):
        assert said in text
    rows = html.fromstring(f"<div>{page.bias(Site(book))}</div>").xpath("//tbody/tr")
    assert sum(int(r.xpath("string(td[1])").replace(",", "")) for r in rows) == len(book.corpus.records)


def test_a_year_that_nobody_tells_is_in_no_window():
    some = [replace(r, date="") if i % 2 else r for i, r in enumerate(growing())]
    assert len(literature.window(some).records) == 50


def test_of_each_origin_the_years_are_told_or_that_none_is():
    dated = [Record(str(n), "T", date=day) for n, day in enumerate(("2001-05", "2019", "2019-03", "2003"))]
    listed = [Record("9", "T", origin="list", abstract={"sha256": "a", "characters": 9, "sentences": 1})]
    (ours, others) = literature.bias([*dated, *listed])
    assert ours[1:] == (4, 0, "2001–2019", "2019 (2), 2001 (1), 2003 (1)")
    assert others[1:] == (1, 1, "no year told", "")


# ---- bounds and names --------------------------------------------------------------------------------------------------


def of_words(**kinds):
    """A vocabulary of ids, each with its facts."""
    every = ("genes", "markers", "therapies", "diseases", "lesions", "mechanisms", "targets", "mesh", "families")
    return Vocabulary(
        {kind: {n: Term(kind, n, "", facts=f) for n, f in kinds.get(kind, {}).items()} for kind in every}, {}, 60
    )


@pytest.mark.parametrize(
    ("hit", "aimed"),
    [("CD123", True), ("IL3RA", True), ("CD33/IL3RA", True), ("CD33;CD123", True), ("CD12", False), ("CD33", False), ("", False)],
)  # fmt: skip
def test_a_therapy_is_aimed_at_a_target_by_its_name_or_its_gene(hit, aimed):
    words = of_words(
        targets={"CD123": {"gene": "IL3RA"}, "stemness": {}},
        therapies={"drug": {"target": hit} if hit else {}, "other": {}},
    )
    assert literature._aimed(words) == ({("CD123", "drug")} if aimed else set())


def test_a_target_is_named_by_the_other_roles_of_its_thing():
    words = of_words(
        targets={"CD123": {"gene": "IL3RA"}, "stemness": {}},
        genes={"IL3RA": {}, "TP53": {}},
        markers={"CD123": {"genes": ("IL3RA",)}},
    )
    names = literature.names_of(words)
    assert names == {"CD123": {("genes", "IL3RA"), ("markers", "CD123")}, "stemness": frozenset()}
    for concepts, named in (
        ({"genes": {"IL3RA": 1}}, True),
        ({"markers": {"CD123": 1}}, True),
        ({"genes": {"CD123": 1}}, False),
        ({}, False),
    ):
        assert literature.names_target(names["CD123"], Record("1", "T", concepts=concepts)) is named


@pytest.mark.parametrize(("number", "tested"), [(9, False), (10, True), (59, True), (60, False)])
def test_a_term_is_tested_from_ten_records_on_unless_all_name_it(number, tested):
    told = [(2010 + i % 6, naming(markers=["CD47"] if i < number else [])) for i in range(60)]
    if tested:
        _, (trend,) = literature.trends(records(*told))
        assert (trend.id, trend.number) == ("CD47", number)
    else:
        with pytest.raises(NotEstimable, match="no term is named by 10 records"):
            literature.trends(records(*told))


def test_of_terms_that_the_same_records_name_the_first_kind_stands_for_all():
    kinds = {"genes": ["AAA"], "diseases": ["AAA"], "lesions": ["AAA"], "therapies": ["AAA"], "markers": ["ZZZ"]}
    for kind, name in (
        ("markers", "ZZZ"),
        ("therapies", "AAA"),
        ("lesions", "AAA"),
        ("diseases", "AAA"),
        ("genes", "AAA"),
    ):
        _, (trend,) = literature.trends(records(*((2010 + i % 6, naming(**kinds) if i % 2 else {}) for i in range(60))))
        assert (trend.kind, trend.id) == (kind, name)
        del kinds[kind]


def test_a_window_ends_at_the_first_year_back_that_has_too_few():
    def years(least):
        told = [(year, {}) for year in range(2005, 2020) for _ in range(least if year == 2009 else 10)]
        made = literature.window(records(*told))
        return made.first, made.last, len(made.records)

    assert years(5) == (2005, 2019, 145)
    assert years(4) == (2010, 2019, 100)
    # the last year counts however few it has
    assert literature.window(records(*[(y, {}) for y in range(2010, 2020) for _ in range(6)], (2020, {}))).last == 2020
    assert len(literature.window(records(*[(2010 + i % 5, {}) for i in range(50)])).records) == 50


@pytest.mark.parametrize(("number", "paired"), [(4, False), (5, True)])
def test_a_target_and_a_therapy_are_paired_from_five_abstracts_on(words, number, paired):
    told = [
        *[(2010, naming(genes=["BCL2"]))] * number,
        *[(2010, naming(therapies=["venetoclax"]))] * 5,
        *[(2010, {})] * 50,
    ]
    if paired:
        total, (pair,) = literature.pairs(records(*told), words)
        assert (total, pair.both, pair.ratio, pair.p) == (60, 0, 0, pytest.approx(1))
    else:
        with pytest.raises(NotEstimable, match="that 5 abstracts name"):
            literature.pairs(records(*told), words)


def test_what_may_be_compared_is_of_one_origin_and_alike_in_its_abstract():
    some = [
        *records((2010, {})),
        *records((2010, {}), abstract=None, first=2),
        *records((2010, {}), origin="list", first=3),
        *records((2011, {}), first=4),
    ]
    assert literature.strata(some) == {("list", True): [2], ("pubmed", False): [1], ("pubmed", True): [0, 3]}


def test_a_trend_is_found_below_a_rate_of_five_in_a_hundred_and_goes_the_way_of_its_sign():
    def way(z, q):
        return literature.Trend("genes", "x", 10, z, 0.01, q, (1, 2), (3, 4)).way

    assert [way(2, 0.049), way(-2, 0.049), way(2, 0.05), way(-2, 0.05)] == [
        "rises",
        "fades",
        "no trend shown",
        "no trend shown",
    ]
