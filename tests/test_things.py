"""One page a thing: which terms are one, what its summary says, and which papers nobody has curated; from books made by hand."""

from dataclasses import replace

import pytest

from lscbook.figures import tables
from lscbook.screening import Decision
from lscbook.synthesis import entities, profiles, subjects, summaries
from lscbook.synthesis.literature import Shelf
from lscbook.vocabulary import Term, Vocabulary, things
from lscbook.vocabulary.approvals import Approval
from tests import books


def words(**kinds):
    """A vocabulary of ids, each with its facts."""
    every = ("genes", "markers", "therapies", "diseases", "lesions", "mechanisms", "targets", "mesh", "families")
    terms = {kind: {} for kind in every}
    for kind, known in kinds.items():
        terms[kind] = {name: Term(kind, name, "", facts=facts) for name, facts in known.items()}
    return Vocabulary(terms, {}, 60)


def one(known, kind, name):
    thing = things.by_key(known)[kind, name]
    return thing.lead.key, {term.key for term in thing.roles}


# ---- which terms are one thing --------------------------------------------------------------------------------------


def test_target_marker_and_gene_are_one_by_id_or_by_their_one_gene():
    known = words(
        genes={"IL3RA": {}, "CD33": {}, "CXCR4": {}, "GPR56X": {}, "KIT": {}},
        markers={
            "CD123": {"genes": ("IL3RA",)}, "CD33": {}, "CD184": {"genes": ("CXCR4",)}, "CD117": {"genes": ("KIT",)},
            "LSC9": {"genes": ("CD33", "KIT")},
        },
        targets={"CD123": {"gene": "IL3RA"}, "CXCR4": {"gene": "CXCR4"}},
    )  # fmt: skip
    cd123 = (("targets", "CD123"), {("targets", "CD123"), ("markers", "CD123"), ("genes", "IL3RA")})
    assert [one(known, *key) for key in cd123[1]] == [cd123] * 3
    # by id alone; and the name that two roles share is the name of the page
    assert one(known, "genes", "CD33") == (("markers", "CD33"), {("markers", "CD33"), ("genes", "CD33")})
    assert one(known, "markers", "CD184")[0] == ("targets", "CXCR4")
    assert one(known, "genes", "KIT")[0] == ("markers", "CD117")
    # a signature of several genes is none of them
    assert one(known, "markers", "LSC9") == (("markers", "LSC9"), {("markers", "LSC9")})


def test_a_term_apart_keeps_its_page_and_an_id_joins_what_a_gene_does_not():
    known = words(
        genes={"TP53": {}},
        targets={"TP53 reactivation": {"gene": "TP53", "apart": "true"}, "VLA-4": {}},
        markers={"VLA-4": {}},
        therapies={"TP53": {}},
    )
    assert one(known, "targets", "TP53 reactivation")[1] == {("targets", "TP53 reactivation")}
    assert one(known, "genes", "TP53")[1] == {("genes", "TP53")}
    assert one(known, "markers", "VLA-4") == (("targets", "VLA-4"), {("targets", "VLA-4"), ("markers", "VLA-4")})
    assert one(known, "therapies", "TP53")[1] == {("therapies", "TP53")}  # a drug is no gene, whatever its name


def test_two_things_that_a_third_term_joins_become_one():
    known = words(genes={"A": {}}, markers={"B": {}}, targets={"B": {"gene": "A"}})
    assert {one(known, kind, name)[0] for kind, name in (("genes", "A"), ("markers", "B"), ("targets", "B"))} == {
        ("targets", "B")
    }
    # whatever comes first: the marker knows the gene, the target only the name
    known = words(genes={"A": {}}, markers={"B": {"genes": ("A",)}}, targets={"A": {}, "B": {}})
    assert len({one(known, kind, name)[0] for kind, name in (("targets", "A"), ("targets", "B"), ("genes", "A"))}) == 1


# ---- its findings ---------------------------------------------------------------------------------------------------


def book_of(*findings, records=(), **own):
    """One paper a finding, the newest last; beside them `records` that are not curated."""
    pairs = [
        (books.entry(str(n), [f]), replace(books.record(str(n)), date=str(2000 + n))) for n, f in enumerate(findings, 1)
    ]
    made = books.book(*pairs, **own)
    for record in records:
        made.corpus.records[record.key] = record
    return made


def subject(book, kind, name):
    found = subjects.gather(entities.gather(book.evidence, book.vocabulary), book.things)
    return next(s for s in found if (kind, name) in s.thing.keys)


def target(**own):
    return books.finding(1, "target", **own)


def test_a_finding_of_two_roles_stands_once_and_one_about_a_role_is_no_mention():
    book = book_of(
        target(target="CD123", markers=["CD123"]),
        books.finding(1, "identity", subjects=["CD123"]),
        target(target="CD33", markers=["CD123"]),
    )
    page = subject(book, "markers", "CD123")
    assert [f.entry.key for f in page.findings] == ["1", "2"]
    assert [f.entry.key for f in page.mentions] == ["3"]
    assert (page.id, page.kind, page.papers) == ("CD123", "targets", 2)


def test_what_was_tested_and_what_survives_is_what_a_finding_is_about():
    """LSC17 foretells survival; NRAS clones survive venetoclax. A target's marker is only named."""
    book = book_of(
        books.finding(1, "surveillance", assay="gene-expression score", markers=["LSC17"]),
        books.finding(1, "resistance", genes=["NRAS"], escaped=["venetoclax"]),
        target(target="BCL2", genes=["NRAS"], markers=["LSC17"]),
    )
    for kind, name, about in (("markers", "LSC17", "1"), ("genes", "NRAS", "2")):
        page = subject(book, kind, name)
        assert [f.entry.key for f in page.findings] == [about]
        assert [f.entry.key for f in page.mentions] == ["3"]


def test_a_page_gives_each_theme_its_share_and_what_one_leaves_to_the_others():
    assert profiles.shared_out({"a": [1, 2, 3, 4], "b": [5]}, 4) == {"a": [1, 2, 3], "b": [5]}
    assert profiles.shared_out({"a": [1, 2, 3, 4], "b": [5, 6, 7]}, 4) == {"a": [1, 2], "b": [5, 6]}
    assert profiles.shared_out({"a": [1]}, 4) == {"a": [1]}
    assert profiles.shared_out({}, 4) == {}


# ---- the summary ----------------------------------------------------------------------------------------------------

AGAINST = {"direction": "does_not_support", "reason": "no effect shown"}


def told(*findings, approvals=(), gaps=()):
    return summaries.summary(subject(book_of(*findings), "targets", "CD123"), approvals, gaps)


def test_the_best_is_the_best_from_people_and_says_so_where_none_is():
    summary = told(
        target(stage="PDX", study="PDX", level="D"),
        target(stage="phase 2", study="phase 2", level="C"),
        target(stage="PDX", study="mouse", level="D", **AGAINST),
    )
    best = summary.supports
    assert (best.located.entry.key, best.human, best.more) == ("2", True, 1)
    assert (summary.against.located.entry.key, summary.against.human, summary.against.more) == ("3", False, 0)
    assert (summary.furthest, summary.worked) == ("phase 2", "phase 2")


def test_how_far_it_came_is_not_how_far_it_worked():
    summary = told(
        target(stage="phase 1", study="phase 1", direction="inconclusive"),
        target(stage="PDX", study="PDX", level="D"),
        target(stage="phase 3", study="phase 3", **AGAINST),
    )
    assert (summary.furthest, summary.worked, summary.undecided) == ("phase 3", "PDX", 1)
    assert summary.supports.human is False
    nothing = told(books.finding(1, "evolution"))
    assert (nothing.supports, nothing.against, nothing.furthest, nothing.cells) == (None, None, "", ())


def test_a_population_that_no_finding_tells_of_is_told_as_such():
    summary = told(
        books.finding(1, "identity", subjects=["CD123"], expression={"LSC": "high", "MDS stem cells": "low"})
    )
    assert summary.cells == (
        ("LSC", ("high",)), ("HSC", ("not reported",)), ("blasts", ("not reported",)), ("MDS stem cells", ("low",)),
    )  # fmt: skip
    assert summary.contrasts == (("higher, LSC against normal HSC", 1, 0),)


def test_a_gap_that_the_page_tells_elsewhere_is_not_told_twice():
    gaps = (profiles.NONE_AGAINST, "a", profiles.READ_ONCE, "b", "c")
    assert told(target(), gaps=gaps).gaps == ("a", "b")


@pytest.mark.parametrize(
    ("study", "human"),
    [("phase 3", True), ("trial", True), ("cohort", True), ("case series", True), ("case report", True), ("meta-analysis", True), ("ex vivo", False),
     ("primary samples", False), ("PDX", False), ("mouse", False), ("cell line", False), ("computational", False), ("review", False), ("guideline", False)],
)  # fmt: skip
def test_people_are_those_who_were_treated_or_observed(study, human):
    best = told(target().model_copy(update={"study": study})).supports
    assert (best.human, best.more) == (human, 0)


def test_each_side_has_its_own_best_and_its_own_number():
    summary = told(
        *(target(stage="PDX", study="PDX", level="D") for _ in range(3)), target(stage="phase 1", study="phase 1", **AGAINST),
        target(stage="phase 3", study="phase 3", level="A", **AGAINST), *(target(direction="inconclusive") for _ in range(2)),
    )  # fmt: skip
    assert (summary.supports.more, summary.supports.human) == (2, False)
    assert (summary.against.more, summary.against.human, summary.against.located.entry.key) == (1, True, "5")
    assert (summary.undecided, summary.furthest, summary.worked) == (2, "phase 3", "PDX")
    none = told(target(direction="inconclusive", stage="phase 2"))
    assert (none.supports, none.against, none.furthest, none.worked) == (None, None, "phase 2", "")


def test_approvals_are_told_by_agent_each_with_its_agencies_once():
    said = (("venetoclax", "FDA"), ("azacitidine", "FDA"), ("venetoclax", "EMA"), ("venetoclax", "FDA"))
    given = [Approval(agent, "BCL2", "AML", "", agency, "approved", "2020-10-16", "", "") for agent, agency in said]
    assert told(target(), approvals=given).approved == (("azacitidine", ("FDA",)), ("venetoclax", ("EMA", "FDA")))
    assert told(target()).approved == ()


def test_what_tells_it_apart_is_counted_by_way_and_contrast_and_only_where_it_was_decided():
    own = {"subjects": ["CD123"], "contrast": "LSC against blasts"}
    summary = told(
        books.finding(1, "identity", **own, relative="lower"),
        books.finding(1, "identity", **own, relative="lower", **AGAINST),
        books.finding(1, "identity", **own, relative="lower", **AGAINST),
        books.finding(1, "identity", **own, relative=None),
        books.finding(1, "identity", **own, relative="lower", direction="inconclusive"),
        books.finding(1, "identity", subjects=["CD33"], markers=["CD123"]),
    )
    assert summary.contrasts == (("distinguished, LSC against blasts", 1, 0), ("lower, LSC against blasts", 1, 2))
    assert (summary.cells, summary.seen_in) == ((), ())


def test_the_cells_in_which_a_lesion_was_seen_stand_in_the_order_of_the_lineage():
    book = book_of(
        books.finding(lesions=["FLT3-ITD"], cells=["blast", "HSC"]), books.finding(lesions=["FLT3-ITD"], cells=["blast"]),
        books.finding(lesions=["FLT3-ITD"], cells=["GMP", "T cell"], **AGAINST), books.finding(lesions=["FLT3-ITD"], cells=["GMP"], direction="inconclusive"),
    )  # fmt: skip
    summary = summaries.summary(subject(book, "lesions", "FLT3-ITD"), (), ())
    assert summary.seen_in == (("HSC", 1), ("blast", 2))
    assert (summary.furthest, summary.worked, summary.contrasts) == ("", "", ())


def test_a_population_beyond_those_always_asked_is_there_only_where_it_is_told():
    def cells(**expression):
        made = books.finding(1, "identity", subjects=["CD123"], expression=expression)
        return told(made, books.finding(1, "identity", subjects=["CD123"], expression={"LSC": "absent"})).cells

    silent = ("not reported",)
    assert cells(LSC="high") == (("LSC", ("absent", "high")), ("HSC", silent), ("blasts", silent))
    assert cells(HSC="low") == (("LSC", ("absent",)), ("HSC", ("low",)), ("blasts", silent))
    assert cells(**{"normal myeloid cells": "present"})[3:] == (("normal myeloid cells", ("present",)),)


def test_no_more_than_two_gaps_stand_in_the_summary():
    assert told(target(), gaps=["a", "b", "c"]).gaps == ("a", "b")
    assert told(target(), gaps=[]).gaps == ()


# ---- the literature -------------------------------------------------------------------------------------------------


def named(pmid, date, title="A trial", **concepts):
    return replace(books.record(pmid, title), date=date, concepts={k: dict.fromkeys(v, 1) for k, v in concepts.items()})


def judged(pmid, decision, reason):
    return Decision(pmid, decision, reason, "2026-01-01", "")


def test_papers_that_name_a_role_or_a_drug_that_hits_it_newest_first():
    book = book_of(
        target(target="CD47"),
        records=[
            named("11", "2019", markers=["CD47"]),
            named("12", "2025", therapies=["magrolimab"]),
            named("13", "2021-05", genes=["CD47"], therapies=["magrolimab"]),
            named("14", "2026", therapies=["venetoclax"]),
            named("15", "2020", "Antibodies to CD47"),  # its title says it, whatever was annotated when it came
        ],
    )
    found = Shelf(book).of(subject(book, "targets", "CD47"))
    assert [w.record.pmid for w in found.waiting] == ["12", "13", "15", "11"]
    # a marker that is no target is named by itself alone
    assert [w.record.pmid for w in Shelf(book).of(subject(book, "therapies", "magrolimab")).waiting] == ["12", "13"]


def test_a_paper_judged_out_for_what_it_is_is_counted_and_one_that_could_not_be_read_is_listed():
    book = book_of(
        target(target="CD47"),
        records=[named(str(n), "2020", markers=["CD47"]) for n in (11, 12, 13, 14)],
        decisions=(
            judged("11", "exclude", "other disease"), judged("12", "exclude", "abstract not to be had"),
            judged("13", "include", "answers a theme"),
        ),
    )  # fmt: skip
    found = Shelf(book).of(subject(book, "targets", "CD47"))
    assert [(w.record.pmid, w.reason) for w in found.waiting] == [
        ("12", "abstract not to be had"),
        ("13", ""),
        ("14", ""),
    ]
    assert found.judged_out == 1


def test_a_curated_paper_is_not_listed():
    book = book_of(target(target="CD47"))
    book.corpus.records["1"] = named("1", "2020", markers=["CD47"])
    assert Shelf(book).of(subject(book, "targets", "CD47")).waiting == ()


def test_a_drug_hits_what_its_target_names_and_a_process_is_found_by_the_title():
    known = book_of(target(target="menin", agents=["tretinoin"]))
    hits = {name for _, name in Shelf(known).drugs(subject(known, "targets", "menin"))}
    assert hits >= {"revumenib", "ziftomenib", "tretinoin"}
    assert "venetoclax" not in hits
    book = book_of(target(), records=[named("11", "2020", "Fatty-acid oxidation in resistant cells")])
    assert [w.record.pmid for w in Shelf(book).of(subject(book, "targets", "fatty-acid oxidation")).waiting] == ["11"]


@pytest.mark.parametrize(
    ("target", "hits"),
    [("CD123", True), ("IL3RA", True), ("CD33/CD123", True), ("CD123;CD33", True), ("CD123-CD3", True), ("CD3-CD123", True), ("CD12", False), ("CD33", False),
     ("anti-CD123", False), ("", False)],
)  # fmt: skip
def test_a_drug_hits_a_target_by_its_name_or_gene_among_those_that_it_is_aimed_at(target, hits):
    known = words(
        targets={"CD123": {"gene": "IL3RA"}}, genes={"IL3RA": {}}, markers={"CD123": {"genes": ("IL3RA",)}, "CD33": {}},
        therapies={"drug": {"target": target} if target else {}},
    )  # fmt: skip
    book = replace(books.book(), vocabulary=known)
    assert Shelf(book).drugs(subject(book, "markers", "CD123")) == ([("therapies", "drug")] if hits else [])
    assert Shelf(book).drugs(subject(book, "markers", "CD33")) == []  # no target


def test_a_target_that_is_no_gene_is_hit_by_its_own_name():
    known = words(
        targets={"stemness": {}, "CD123": {}}, therapies={"one": {"target": "stemness"}, "two": {"target": "stem"}}
    )
    book = replace(books.book(), vocabulary=known)
    assert Shelf(book).drugs(subject(book, "targets", "stemness")) == [("therapies", "one")]
    assert Shelf(book).drugs(subject(book, "targets", "CD123")) == []


def test_a_drug_of_a_finding_hits_the_target_where_the_vocabulary_knows_it():
    found = [
        books.finding(1, "target", target="CD123", agents=["drug", "unknown"]),
        books.finding(1, "target", target="CD33", agents=["other"]),
    ]
    known = words(targets={"CD123": {}, "CD33": {}}, therapies={"drug": {}, "other": {}}, diseases={"AML": {}})
    book = replace(
        books.book(*((books.entry(str(n), [f]), books.record(str(n))) for n, f in enumerate(found, 1))),
        vocabulary=known,
    )
    assert Shelf(book).drugs(subject(book, "targets", "CD123")) == [("therapies", "drug")]
    assert Shelf(book).drugs(subject(book, "targets", "CD33")) == [("therapies", "other")]


@pytest.mark.parametrize(
    ("decision", "reason", "listed", "out"),
    [(None, "", [("11", "")], 0), ("include", "answers a theme", [("11", "")], 0), ("exclude", "other disease", [], 1),
     ("exclude", "abstract not to be had", [("11", "abstract not to be had")], 0),
     ("exclude", "abstract truncated at the source", [("11", "abstract truncated at the source")], 0)],
)  # fmt: skip
def test_which_papers_wait_and_which_were_judged_out(decision, reason, listed, out):
    book = book_of(
        target(target="CD47"), records=[named("11", "2020", markers=["CD47"])], decisions=(judged("11", decision, reason),) if decision else (),
    )  # fmt: skip
    found = Shelf(book).of(subject(book, "targets", "CD47"))
    assert ([(w.record.pmid, w.reason) for w in found.waiting], found.judged_out) == (listed, out)


def test_papers_of_one_day_stand_by_their_number():
    book = book_of(target(target="CD47"), records=[named(pmid, "2020", markers=["CD47"]) for pmid in ("12", "11", "9")])
    assert [w.record.pmid for w in Shelf(book).of(subject(book, "targets", "CD47")).waiting] == ["11", "12", "9"]


# ---- what contradicts it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["identity", "resistance", "surveillance", "target"])
def test_no_finding_against_stands_on_a_card_and_in_the_table_below_it(book, theme):
    cards = tables.on_cards(book, theme)
    assert cards
    lead = {f.reference for c in cards for f in (c.pairs[0].one, c.pairs[0].other)}
    shown = str(tables.contradictions(book, theme).html)
    against = [f for f in book.evidence.of_theme(theme) if f.finding.stance == "does_not_support"]
    repeated = [f.finding.claim for f in against if f.reference in lead and f.finding.claim in shown]
    assert repeated == []
    assert shown.count("<tr><td>") == min(tables.SHOWN, len([f for f in against if f.reference not in lead]))
