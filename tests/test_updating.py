"""An update of the corpus: when a person is needed, and what is told."""

from dataclasses import replace
from datetime import date

import pytest

from lscbook import corpus, vocabulary
from lscbook.corpus import abstracts
from lscbook.errors import HarvestRefused
from lscbook.harvest import updating
from lscbook.harvest.slices import Harvest
from lscbook.pubmed.record import Record
from lscbook.vocabulary.annotate import Annotator
from tests.harvest_place import DAY, TERM

WORDS = Annotator(vocabulary.load())


def test_time_and_large_withdrawals_need_a_person():
    known = corpus.Corpus({}, {"as_of": "2026-11-24"})
    with pytest.raises(
        HarvestRefused,
        match=r"^the snapshot is of 2026-11-24, and today would be 2026-11-23; mend the clock, or give --today$",
    ):
        updating._refuse_the_past(known, None, date(2026, 11, 23))
    with pytest.raises(
        HarvestRefused, match=r"^--since 2026-11-25 lies after today, 2026-11-24; nothing can have been revised since$"
    ):
        updating._refuse_the_past(known, date(2026, 11, 25), date(2026, 11, 24))
    updating._refuse_the_past(known, date(2026, 11, 24), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("withdrawn", "held", "refused"),
    [
        (0, 0, False),
        (1, 1, True),
        (3, 3, True),
        (3, 4, False),
        (4, 10, True),
        (3, 1000, False),
        (50, 1000, False),
        (51, 1000, True),
    ],
)
def test_more_than_three_and_than_a_twentieth_or_all_of_it(withdrawn, held, refused):
    gone, there = [str(n) for n in range(1, withdrawn + 1)], {str(n) for n in range(1, held + 1)}
    if refused:
        with pytest.raises(
            HarvestRefused,
            match=rf"^PubMed no longer lists {withdrawn} of {held} records \(1.*add --allow-withdrawals$",
        ):
            updating._refuse_withdrawals(gone, there)
    else:
        updating._refuse_withdrawals(gone, there)


def test_what_pubmed_says_of_the_query_and_of_a_record_is_told():
    said = []
    brought = Harvest(
        "q", "2026-11-24", "", [], {}, complaints=["unknown word"], unreadable={"9": "late", "10": "no date"}
    )
    updating._tell(brought, said.append)
    assert said == [
        "PubMed says of the query: unknown word", "PMID 10 cannot be read and is left out: no date",
        "PMID 9 cannot be read and is left out: late",
    ]  # fmt: skip


def test_new_words_are_found_where_the_text_is_at_hand():
    record = Record("1", "TP53 in AML", abstract={"sha256": "0"}, concepts={"genes": {"OLD": 1}})
    assert updating._annotated(record, WORDS, {}) == record
    assert updating._annotated(record, WORDS, {"1": "NPM1 mutation."}).concepts["genes"] == {"NPM1": 1, "TP53": 1}
    assert updating._annotated(replace(record, abstract=None), WORDS, {}).concepts["genes"] == {"TP53": 1}


# ---- an update by itself ---------------------------------------------------------------------------------------------

NO_WORDS = Annotator(vocabulary.Vocabulary({}, {}, 20, frozenset()))


def update(place, annotator=NO_WORDS, **own):
    """The corpus of a place after an update, with the annotator of an empty vocabulary, which is quickly made."""
    given = {"today": DAY, "home": place.places.cache, "cache_file": place.places.abstracts, **own}
    updating.update(place.client(), TERM, place.places.corpus, annotator, **given)
    return place.known.records


def test_with_other_words_a_record_is_fetched_whose_abstract_the_cache_lacks_and_no_other(place):
    update(place)
    place.sql("UPDATE article SET mdat = '2020/01/02'")  # nothing was revised since
    fewer = place.folder / "fewer.sqlite"
    texts = abstracts.get_all(place.known.records, place.places.abstracts)
    assert len(texts) == 40
    abstracts.keep(
        (replace(r, text=texts[k]) for k, r in place.known.records.items() if k not in {"105", "117"}), fewer
    )
    place.double.fetched.clear()
    update(place, today=date(2026, 11, 25), cache_file=fewer)
    assert place.double.fetched == []  # the words are those of the corpus: it needs no text
    update(place, WORDS, today=date(2026, 11, 26), cache_file=fewer)
    assert sorted(place.double.fetched) == ["105", "117"]


def test_a_run_that_nobody_allowed_to_withdraw_is_refused(place):
    update(place)
    place.forget("pmid > 120")
    with pytest.raises(HarvestRefused, match="no longer lists 20 of 40 records"):
        update(place, today=date(2026, 11, 25))
    assert len(place.known.records) == 40
    assert len(update(place, today=date(2026, 11, 25), allow_withdrawals=True)) == 20
