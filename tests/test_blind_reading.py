"""Blind readings: their ledger, and rates with intervals that are known from elsewhere."""

import pytest

from lscbook.evidence import blind_reading
from lscbook.evidence.blind_reading import BlindReading, rates
from lscbook.screening.ledger import LedgerInvalid

HEAD = "reading\tdate\tfinding\ttheme\tclaim\tproposition\tdirection\tstudy\tpopulation\tmaterial\tnote\n"


def reading(number, theme="target", material="no", **answers):
    told = dict.fromkeys(blind_reading.QUESTIONS, "yes") | answers
    return BlindReading(
        "3", "2026-01-01", f"{number}/1", theme, *told.values(), material, "why" if material == "yes" else ""
    )


def test_the_interval_is_that_of_wilson():
    """10 of 100: 5.52 % to 17.44 % (Newcombe 1998, method 3)."""
    rows = [reading(i, material="yes" if i < 10 else "no") for i in range(100)]
    (whole, *_) = rates(rows)
    assert (whole.wrong, whole.read) == (10, 100)
    assert (round(whole.low, 4), round(whole.high, 4)) == (0.0552, 0.1744)


def test_themes_and_questions_are_counted_apart():
    told = rates([reading(1, material="yes", direction="no"), reading(2, theme="evolution"), reading(3)])
    assert [(r.what, r.wrong, r.read) for r in told] == [
        ("material errors", 1, 3), ("evolution", 0, 1), ("target", 1, 2), ("claim", 0, 3), ("proposition", 0, 3),
        ("direction", 1, 3), ("study", 0, 3), ("population", 0, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "told"),
    [("3\t2026-01-01\t1/1\ttarget\tyes\tyes\tyes\tyes\tyes\tmaybe\t", "material"),
     ("3\t2026-01-01\t1/1\ttargets\tyes\tyes\tyes\tyes\tyes\tno\t", "theme"),
     ("third\t2026-01-01\t1/1\ttarget\tyes\tyes\tyes\tyes\tyes\tno\t", "reading"),
     ("3\t2026-01-01\t1/1\ttarget\tyes\tno\tyes\tyes\tyes\tyes\t", "note"),
     ("3\t1 January\t1/1\ttarget\tyes\tyes\tyes\tyes\tyes\tno\t", "date")],
)  # fmt: skip
def test_a_line_that_says_nothing_is_refused(tmp_path, line, told):
    (tmp_path / "blind.tsv").write_text(HEAD + line + "\n")
    with pytest.raises(LedgerInvalid, match=told):
        blind_reading.read(tmp_path / "blind.tsv")


def test_the_book_publishes_its_own(book):
    (whole, *_) = rates(book.blind_readings)
    assert whole.read >= 60
    assert {r.finding for r in book.blind_readings} & set(book.evidence.by_reference)
