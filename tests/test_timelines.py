"""Timelines: the rule by which a landmark is chosen, the course of a target, and titles that the data bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lscbook.errors import NotEstimable, TitleNotBorne
from lscbook.figures import timelines as figures
from lscbook.site import timelines as pages
from lscbook.site.opened import Site
from lscbook.synthesis import claims, timelines
from lscbook.vocabulary.approvals import Approval
from tests import books


def dated(*found):
    """A paper for each (year, finding)."""
    pairs = []
    for i, (year, finding) in enumerate(found, start=1):
        record = books.Record(pmid=str(i), title="T", date=str(year) if year else "", authors=(books.Author("Doe", "J"),))
        pairs.append((books.entry(str(i), [finding]), record))
    return pairs


def evidence(*found):
    return books.evidence(*dated(*found))


def marker(name="CD123", **own):
    return books.finding(theme="identity", subjects=[name], **own)


def target(stage="PDX", **own):
    study = stage if stage.startswith("phase") else "PDX"
    return books.finding(theme="target", stage=stage, study=study, **own)


def landmarks(*found):
    return [(q.theme, q.name, q.first, q.last, q.studies) for q in timelines.landmarks(evidence(*found))]


def test_a_landmark_is_the_first_on_a_question_that_a_second_study_took_up():
    against = {"direction": "does_not_support", "reason": "not replicated"}
    assert landmarks((2009, marker()), (2001, marker(**against)), (2015, marker("CD33"))) == [
        ("identity", "CD123", 2001, 2009, 2)
    ]
    assert timelines.landmarks(evidence((2009, marker()), (2001, marker(**against))))[0].opened.finding.stance == "does_not_support"
    assert landmarks((2009, marker(cohort=["A"])), (2011, marker(cohort=["a"]))) == []  # the same patients
    assert landmarks((2009, marker(role="context", contrast=None)), (2011, marker())) == []
    assert landmarks(("", marker()), (2011, marker())) == []  # a year that nobody tells


def test_a_question_that_is_older_than_the_rule_is_left_out_and_named():
    known = evidence((1980, marker()), (1993, marker()), (1994, marker("CD33")), (2000, marker("CD33")))
    assert [q.name for q in timelines.landmarks(known)] == ["CD33"]
    assert [q.name for q in timelines.opened_before(known)] == ["CD123"]


def test_only_what_speaks_of_stem_cells_opens_a_question():
    def mechanism(claim):
        return books.finding(theme="resistance", mechanism="drug efflux", claim=claim)

    assert landmarks((2001, mechanism("Blasts pump it out.")), (2005, mechanism("LSCs pump it out.")),
                     (2008, mechanism("The leukaemic stem cells did."))) == [("resistance", "drug efflux", 2005, 2008, 2)]  # fmt: skip


def test_a_course_runs_from_the_first_paper_to_the_last_trial():
    def approval(day):
        return Approval("tagraxofusp", "CD123", "AML", "AML", "FDA", "approved", day, "https://e.org", day)

    known = evidence((2004, target("expression")), (2010, target("phase 1")), (2012, target("phase 2")), (2020, target()))
    (course,) = timelines.courses(known, [approval("2016-01-01")])
    assert (course.first, course.last, course.trials, course.before) == (2004, 2012, [2010, 2012], [2004, 2020])
    assert [a.date for a in course.approvals] == ["2016-01-01"]
    assert [(y, stage) for y, _, stage, _ in timelines.marks(course)] == [
        (2004, "expression"), (2010, "phase 1"), (2012, "phase 2"), (2020, "PDX"),
    ]  # fmt: skip
    assert timelines.courses(evidence((2004, target()))) == []  # one study and no trial
    assert len(timelines.courses(evidence((2004, target()), (2004, target())))) == 1


def test_a_mark_has_the_highest_rung_of_its_year_and_direction():
    against = {"direction": "does_not_support", "reason": "no effect shown"}
    known = evidence((2010, target()), (2010, target("phase 2")), (2010, target("phase 1", **against)))
    (course,) = timelines.courses(known)
    assert [(stance, stage, len(on)) for _, stance, stage, on in timelines.marks(course)] == [
        ("does_not_support", "phase 1", 1), ("supports", "phase 2", 2),
    ]  # fmt: skip


@given(st.permutations(list(range(6))))
def test_the_order_of_entries_does_not_matter(order):
    found = dated((2001, marker()), (2001, marker()), (2005, marker("CD33")), (2007, marker("CD33")),
                  (2004, target()), (2009, target("phase 1")))  # fmt: skip
    one, other = books.evidence(*found), books.evidence(*[found[i] for i in order])
    for ask in (timelines.landmarks, timelines.courses):
        assert ask(one) == ask(other)


def test_titles_stop_where_the_data_stop_bearing_them():
    late = evidence((2011, marker()), (2012, marker()))
    claims.hold(late, claims.opened_since(2010, share=0.5))
    with pytest.raises(TitleNotBorne, match="1 of 2 were"):
        claims.hold(evidence((2001, marker()), (2012, marker()), (2011, marker("CD33")), (2012, marker("CD33"))),
                    claims.opened_since(2010, share=0.5))  # fmt: skip
    with pytest.raises(TitleNotBorne, match="0 of 0 were"):
        claims.hold(evidence(), claims.opened_since(2010, share=0.5))
    first = evidence((2001, target()), (2009, target("phase 1")))
    claims.hold(first, claims.trial_after_models(share=0.5, targets=1))
    for known, wanted in ((evidence((2009, target()), (2009, target("phase 1"))), 1), (first, 2)):
        with pytest.raises(TitleNotBorne, match="targets did"):
            claims.hold(known, claims.trial_after_models(share=0.5, targets=wanted))


def test_without_a_question_or_a_target_there_is_no_figure():
    empty = books.book(*dated((2001, books.finding())))
    for draw in (figures.landmarks, figures.courses):
        with pytest.raises(NotEstimable):
            draw(empty, "T")


def test_both_arrangements_name_every_row_and_lead_to_its_findings(book):
    for draw, column in ((figures.landmarks, "question"), (figures.courses, "target")):
        made = draw(book, "T")
        for picture in (made.svg, made.narrow):
            assert 'href="../papers/' in picture
            for name in made.data[column].unique():
                assert name[:9].replace("&", "&amp;") in picture, name
    assert "opened in 2010" in pages.landmarks(Site(book))
