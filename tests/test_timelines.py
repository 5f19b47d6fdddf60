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
        record = books.Record(
            pmid=str(i), title="T", date=str(year) if year else "", authors=(books.Author("Doe", "J"),)
        )
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
    assert (
        timelines.landmarks(evidence((2009, marker()), (2001, marker(**against))))[0].opened.finding.stance
        == "does_not_support"
    )
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

    known = evidence(
        (2004, target("expression")), (2010, target("phase 1")), (2012, target("phase 2")), (2020, target())
    )
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


@pytest.mark.parametrize(
    ("theme", "own", "on"),
    [("evolution", {"lesions": ["-7", "+8"]}, ("-7", "+8")), ("identity", {"subjects": ["CD123", "CD33"]}, ("CD123", "CD33")),
     ("resistance", {"mechanism": "drug efflux"}, ("drug efflux",)), ("resistance", {"mechanism": "not told"}, ()), ("surveillance", {"assay": "NGS MRD"}, ("NGS MRD",)),
     ("surveillance", {"assay": "other"}, ()), ("target", {"target": "CD33"}, ("CD33",)), ("target", {"role": "context"}, ())],
)  # fmt: skip
def test_what_a_finding_is_on(theme, own, on):
    assert timelines.subjects_of(books.finding(theme=theme, **own)) == on


def test_questions_stand_by_chapter_then_by_the_year_that_opened_them_then_by_name():
    stem = {"claim": "Stem cells did it."}
    known = evidence(
        (2005, target(**stem)), (2001, marker("CD33")), (2001, marker("CD123")), (2000, marker("CD47")), (2003, books.finding(lesions=["+8"], **stem)),
        (2002, books.finding(theme="resistance", mechanism="drug efflux", **stem)), (2004, books.finding(theme="surveillance", assay="LSC flow cytometry")),
    )  # fmt: skip
    assert [(q.theme, q.name) for q in timelines.questions(known)] == [
        ("evolution", "+8"), ("identity", "CD47"), ("identity", "CD123"), ("identity", "CD33"), ("resistance", "drug efflux"),
        ("surveillance", "LSC flow cytometry"), ("target", "CD123"),
    ]  # fmt: skip


def test_a_question_is_opened_by_the_strongest_of_its_first_year():
    known = evidence(
        (2001, marker(level="C")),
        (2001, marker(level="B")),
        (2000, marker("CD33")),
        (2009, marker(level="A")),
        (1993, marker("CD47")),
        (1994, marker("CD47")),
    )
    by_name = {q.name: q for q in timelines.questions(known)}
    assert (
        by_name["CD123"].opened.reference,
        by_name["CD123"].first,
        by_name["CD123"].last,
        by_name["CD123"].studies,
    ) == ("2/1", 2001, 2009, 3)
    assert [q.name for q in timelines.landmarks(known)] == ["CD123"]
    assert [q.name for q in timelines.opened_before(known)] == ["CD47"]


def test_courses_with_a_trial_come_first_by_its_year_then_the_others_by_theirs():
    known = evidence(
        (2004, target(target="CD33")), (2012, target("phase 1", target="CD33")), (2001, target(target="CD47")), (2002, target(target="CD47")),
        (2010, target("phase 2", target="BCL2")), (1999, target(target="FLT3")), (2000, target(target="FLT3")), ("", target("phase 3", target="KIT")),
    )  # fmt: skip
    made = timelines.courses(known)
    assert [c.target for c in made] == ["BCL2", "CD33", "FLT3", "CD47"]
    assert [(c.first, c.last, c.trials, c.before) for c in made] == [
        (2010, 2010, [2010], []), (2004, 2012, [2012], [2004]), (1999, 2000, [], [1999, 2000]), (2001, 2002, [], [2001, 2002]),
    ]  # fmt: skip


def test_an_approval_stands_on_the_course_of_its_own_target():
    def approval(target_):
        return Approval("drug", target_, "AML", "", "FDA", "approved", "2017-09-01", "", "")

    (course,) = timelines.courses(
        evidence((2010, target("phase 1", target="CD33"))), [approval("CD33"), approval("BCL2")]
    )
    assert [a.target for a in course.approvals] == ["CD33"]
