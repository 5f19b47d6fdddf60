"""What holds for every input, by Hypothesis: merging, slicing, canonical YAML, normalisation, the order of standing."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lscbook import corpus
from lscbook.errors import HarvestIncomplete
from lscbook.evidence import numerals, yaml_canonical, yaml_text
from lscbook.harvest import slices
from lscbook.harvest.difference import Difference
from lscbook.pubmed.parse import Deletion
from lscbook.pubmed.record import Notice, Record
from lscbook.standing import Standing, standing_of
from lscbook.text import digest, normalise, split_sentences

# ---- merging -------------------------------------------------------------------------------------------------------

ABSTRACT = {"sha256": "0" * 16, "characters": 1, "sentences": 1}
RECORDS = st.builds(
    Record,
    pmid=st.sampled_from(["1", "2", "3"]),
    title=st.sampled_from("ABCDEF"),
    doi=st.sampled_from(["", "10.1/a", "10.1/b"]),
    version=st.sampled_from([1, 2]),
    revised=st.sampled_from(["", "2020-01-01", "2021-01-01"]),
    origin=st.sampled_from(["pubmed", "pubmed", "list"]),
    abstract=st.sampled_from([None, ABSTRACT]),
    authors_complete=st.booleans(),
) | st.builds(
    Record, pmid=st.just(""), title=st.just("P"), doi=st.sampled_from(["10.1/a", "10.1/b"]), origin=st.just("doi")
)
ARRIVALS = st.lists(RECORDS | st.builds(Deletion, st.sampled_from(["1", "2", "3"])), max_size=6)


@given(ARRIVALS, ARRIVALS)
def test_a_merge_twice_is_a_merge_once(first, arrivals):
    known = corpus.merge({}, first)
    once = corpus.merge(known, arrivals)
    assert corpus.merge(once, arrivals) == once


FACTS = ("pmid", "doi", "title", "origin", "authors", "authors_complete", "volume", "pages", "date")


@given(ARRIVALS)
def test_a_merge_invents_nothing_and_keeps_a_paper_under_one_key(arrivals):
    merged = corpus.merge({}, arrivals)
    given_ = [replace(a, abstract=None) for a in arrivals if isinstance(a, Record)]
    for record in merged.values():
        same = [g for g in given_ if record.pmid in {g.pmid, ""} or (g.doi and g.doi == record.doi)]
        # two lists may fill one record, each fact of which one of them states
        assert all(any(getattr(g, name) == getattr(record, name) for g in same) for name in FACTS)
        assert record.origin != "pubmed" or replace(record, abstract=None) in given_
    assert all(key == (record.pmid or record.doi) for key, record in merged.items())
    with_pmid = {record.doi for record in merged.values() if record.pmid}
    assert not any(record.doi in with_pmid for record in merged.values() if not record.pmid)


@given(st.lists(st.sampled_from(["2019-05-05", "2020-01-01", ""]), min_size=1, max_size=5))
def test_within_one_import_the_order_decides_and_not_the_day(days):
    arrivals = [Record("1", f"state {number}", revised=day) for number, day in enumerate(days)]
    assert corpus.merge({}, arrivals)["1"].title == f"state {len(days) - 1}"


@given(ARRIVALS, ARRIVALS)
def test_no_list_replaces_what_nlm_gave_and_no_version_a_higher_one(first, arrivals):
    known = corpus.merge({}, first)
    assume(not any(isinstance(a, Deletion) for a in arrivals))
    merged = corpus.merge(known, arrivals)
    for key, old in known.items():
        if old.pmid and old.origin == "pubmed":
            assert merged[key].origin == "pubmed"
            assert merged[key].version >= old.version


# ---- slices --------------------------------------------------------------------------------------------------------

UNTIL = date(2026, 11, 24)


class Counts:
    """A service that counts records by their day of creation, and nothing else."""

    def __init__(self, days):
        self.days = sorted(days)

    def search(self, _term, *, retmax=0, window=None):
        low, high = (date(*map(int, text.split("/"))) for text in window[1:])
        assert window[0] == "crdt"
        return {"count": sum(low <= day <= high for day in self.days), "idlist": [], "retmax": retmax}


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 40) | st.integers(0, (UNTIL - slices.FIRST_DAY).days), max_size=60),
    st.integers(2, 50),
)
def test_slices_part_the_window(ages, cap):
    days = [UNTIL - timedelta(days=age) for age in ages]
    if any(days.count(day) >= cap for day in days):
        with pytest.raises(HarvestIncomplete, match="a day cannot be split"):
            slices.plan(Counts(days), "x", UNTIL, cap)
        return
    parts = slices.plan(Counts(days), "x", UNTIL, cap)
    spans = [tuple(date(*map(int, text.split("/"))) for text in (part.low, part.high)) for part in parts]
    assert all(low <= high for low, high in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))  # in order, and no day in two
    for (low, high), part in zip(spans, parts, strict=True):
        assert part.expected == sum(low <= day <= high for day in days)
        assert 0 < part.expected < cap
    assert all(any(low <= day <= high for low, high in spans) for day in days)


# ---- canonical YAML ------------------------------------------------------------------------------------------------

WORDS = st.text("aB1 -?:,.[]{}#&*!|>'\"%@`<=+/()≥é²~", min_size=1, max_size=8)
VALUES = st.recursive(WORDS, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.sampled_from("xyz"), v, max_size=2))
FINDING = st.fixed_dictionaries(
    {"theme": st.sampled_from(["target", "evolution", "resistance"]), "claim": WORDS, "id": WORDS},
    optional={"note": WORDS, "support": st.dictionaries(st.sampled_from(["sentences", "full_text"]), VALUES, min_size=1),
              "effect": st.dictionaries(st.sampled_from(["p", "value", "measure"]), WORDS, min_size=1), "odd": VALUES},
)  # fmt: skip
ENTRY = st.fixed_dictionaries(
    {"pmid": WORDS, "findings": st.lists(FINDING, min_size=1, max_size=2)},
    optional={"read": WORDS, "curators": st.lists(WORDS, max_size=3), "added": WORDS},
)


def folded(entry):
    """The prose of an entry may be wrapped: its words are kept, its spaces are not."""
    found = [
        {key: " ".join(value.split()) if key in {"claim", "note"} else value for key, value in finding.items()}
        for finding in entry["findings"]
    ]
    return {**entry, "findings": found}


@settings(max_examples=150)
@given(ENTRY)
def test_the_canonical_form_is_a_fixed_point_and_says_the_same(entry):
    assume(all(finding[key].strip() for finding in entry["findings"] for key in ("claim", "note") if key in finding))
    text = yaml_canonical.dump(entry)
    node = yaml_text.read_text(text)
    assert node.plain() == folded(entry)
    assert yaml_canonical.canonical(node) == text
    assert yaml.load(text, Loader=yaml.BaseLoader) == folded(entry)  # noqa: S506  another reader, strings only


# ---- normalisation -------------------------------------------------------------------------------------------------

# How papers print it, and what it means.
SIGNS = {
    "+": "+", "⁺": "+", "＋": "+", "(+)": "+",
    "-": "-", "−": "-", "–": "-", "‐": "-", "‑": "-", "⁻": "-", "－": "-", "﹣": "-", "(-)": "-", "(−)": "-",
}  # fmt: skip
COMPARISONS = {"<": "<", ">": ">", "＜": "<", "＞": ">", "≤": "≤", "≥": "≥"}
MARKERS = st.sampled_from(["CD34", "CD38", "CD123", "Lin", "MRD", "FLT3-ITD", "NPM1"])
SPACES = st.sampled_from([" ", "\u00a0", "\u2009", "\u202f", "  ", "\n"])


@given(st.lists(st.tuples(MARKERS, st.sampled_from(sorted(SIGNS))), min_size=1, max_size=4), SPACES)
def test_a_sign_is_the_same_sign_however_it_is_printed(signed, space):
    text = space.join(marker + sign for marker, sign in signed)
    meant = " ".join(marker + SIGNS[sign] for marker, sign in signed)
    assert normalise(text) == meant
    assert numerals.signs(text) == {(marker.lower(), SIGNS[sign]) for marker, sign in signed}


@given(MARKERS, st.sampled_from(sorted(SIGNS)), st.sampled_from(sorted(SIGNS)))
def test_two_signs_are_one_text_only_where_they_mean_one(marker, one, other):
    assert (digest(f"{marker}{one} cells") == digest(f"{marker}{other} cells")) == (SIGNS[one] == SIGNS[other])


@given(st.sampled_from(sorted(COMPARISONS)), SPACES, st.decimals(0, 100, places=2))
def test_a_comparison_keeps_its_way(sign, space, number):
    assert normalise(f"p{space}{sign}{space}{number}") == f"p {COMPARISONS[sign]} {number}"
    (figure,) = numerals.figures(f"p{space}{sign}{space}{number}")
    assert (figure.value, figure.comparison) == (number, COMPARISONS[sign])


@given(st.integers(1, 99), st.integers(2, 12))
def test_a_power_of_ten_is_never_another_number(factor, power):
    raised = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in str(power))
    for text, meant in ((f"{factor} × 10{raised}", factor * 10**power), (f"{factor} × 10⁻{raised}", None)):
        (figure,) = numerals.figures(text)
        assert figure.value * (10**power if meant is None else 1) == (meant or factor)


@given(st.text("aZ5 +-−–<>≤≥⁺⁻⁶²₂().,·'’“”\u00a0\u2009ﬁé%", max_size=30))
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text("Ab. ?!\n5%<>é≥", max_size=60))
def test_sentences_are_in_order_and_lose_no_letter(text):
    spans = split_sentences(text)
    assert all(a < b for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() and "\n" not in text[a:b] for a, b in spans)


# ---- standing ------------------------------------------------------------------------------------------------------

# The best first, as docs and pages rank them.
WORSE = ["UpdateIn", "ErratumIn", "ExpressionOfConcernIn", "PartialRetractionIn", "RetractionIn"]
STATES = ["updated", "corrected", "expression of concern", "partly retracted", "retracted"]
DAYS = st.sampled_from(["", "2019-01-01", "2020-06-01", "2021-12-31"])


@given(st.lists(st.tuples(st.sampled_from(WORSE), DAYS), max_size=5), st.randoms(use_true_random=False))
def test_the_worst_notice_decides_in_whatever_order_they_come(told, chance):
    shuffled = chance.sample(told, len(told))
    record = Record("1", "", standing=tuple(Notice(kind, date=day) for kind, day in shuffled))
    worst = max((WORSE.index(kind) for kind, _ in told), default=None)
    assert standing_of(record, {}).value == ("stands" if worst is None else STATES[worst])


@given(st.lists(DAYS, min_size=1, max_size=3), st.lists(DAYS, min_size=1, max_size=3))
def test_a_reinstatement_clears_what_is_not_dated_after_the_last_one(retracted, reinstated):
    notices = [Notice("RetractionIn", date=d) for d in retracted] + [
        Notice("ReinstatementIn", date=d) for d in reinstated
    ]
    fallen = "" not in reinstated and any(day > max(reinstated) for day in retracted)
    state = standing_of(Record("1", "", standing=tuple(notices)), {})
    assert state is (Standing.RETRACTED if fallen else Standing.REINSTATED)


# ---- news ----------------------------------------------------------------------------------------------------------

PMIDS = st.lists(st.sampled_from(["7", "30", "100", "2000"]), unique=True, max_size=3)


def happened(before, difference):
    """The corpus after a harvest, told by what it says of itself."""
    return (before | set(difference.new)) - set(difference.withdrawn)


@given(st.sets(st.sampled_from(["7", "30", "100", "2000"])), PMIDS, PMIDS)
def test_two_harvests_of_a_day_are_told_as_what_they_came_to(held, first_flip, second_flip):
    def flip(now, chosen):
        return Difference(new=[p for p in chosen if p not in now], withdrawn=[p for p in chosen if p in now])

    first = flip(held, first_flip)
    between = happened(held, first)
    second = flip(between, second_flip)
    day = second.after(first)
    assert happened(held, day) == happened(between, second)
    assert set(day.new) == happened(between, second) - held
    assert set(day.withdrawn) == held - happened(between, second)
    assert not set(day.changed) & {*day.new, *day.withdrawn}
    assert day.new == sorted(day.new, key=int)
