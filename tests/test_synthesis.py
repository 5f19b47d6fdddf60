"""What findings say together: whom a term is about, profiles, gaps, counts, days; each from a book made by hand."""

from dataclasses import replace

import pytest

from lscbook import vocabulary
from lscbook.errors import CorpusInvalid, VocabularyInvalid
from lscbook.evidence import reviewing
from lscbook.evidence.reviewing import Reading
from lscbook.harvest.difference import Difference
from lscbook.pubmed.record import Notice, Record
from lscbook.synthesis import changes, counts, entities, frames, profiles, subjects
from lscbook.synthesis.book import Citation
from tests import books

READER = "0000-0001-5109-3700"


def target(number=1, **own):
    return books.finding(number, "target", **own)


def book_of(*findings, **own):
    """One paper a finding, the newest last: 2001, 2002, …"""
    pairs = [
        (books.entry(str(n), [f], added=f"2026-01-{n:02}"), replace(books.record(str(n)), date=str(2000 + n)))
        for n, f in enumerate(findings, 1)
    ]
    return books.book(*pairs, **own)


def gathered(book, kind=None, name=None):
    found = entities.gather(book.evidence, book.vocabulary)
    return found[kind][name] if kind else found


def subject(book, kind, name):
    """What the page of a term is about."""
    return next(s for s in subjects.gather(gathered(book), book.things) if (kind, name) in s.thing.keys)


def papers(findings):
    return [f.entry.pmid for f in findings]


# ---- whom a finding is about ---------------------------------------------------------------------------------------


def test_a_finding_is_about_what_it_was_about_and_only_mentions_the_rest():
    book = book_of(target(target="CD123", genes=["TP53"], agents=["venetoclax"], therapies=["azacitidine"]))
    found = gathered(book)
    assert papers(found["targets"]["CD123"].findings) == ["1"]
    assert papers(found["therapies"]["venetoclax"].findings) == ["1"]
    assert papers(found["diseases"]["AML"].findings) == ["1"]
    assert (found["genes"]["TP53"].findings, papers(found["genes"]["TP53"].mentions)) == ((), ["1"])
    assert (found["therapies"]["azacitidine"].findings, papers(found["therapies"]["azacitidine"].mentions)) == (
        (),
        ["1"],
    )
    assert found["targets"]["CD123"].papers == 1
    # a gap is an answer too: these are there without a finding, genes are not
    assert found["targets"]["CD33"].findings == ()
    listed = ("targets", "markers", "therapies", "mechanisms", "diseases", "lesions", "families")
    assert {len(found[kind]) > 5 for kind in listed} == {True}
    assert list(found["genes"]) == ["TP53"]


def test_a_family_has_the_findings_of_its_members_in_any_role_each_once():
    """IDH1 the gene, IDH2 the target, and both in one finding; what is about one member is no mention of the family."""
    book = book_of(
        books.finding(genes=[], lesions=["IDH1"]),
        target(target="IDH2", genes=["IDH1"]),
        books.finding(lesions=["IDH1", "IDH2"]),
        target(target="CD123", genes=["IDH2"]),
        target(target="CD123"),
    )
    family = gathered(book, "families", "IDH")
    assert sorted(papers(family.findings)) == ["1", "2", "3"]
    assert papers(family.mentions) == ["4"]
    assert family.papers == 3
    every = subjects.gather(gathered(book), book.things)
    page = next(s for s in every if s.kind == "families" and s.id == "IDH")
    idh1, idh2 = (next(s for s in every if ("genes", name) in s.thing.keys) for name in ("IDH1", "IDH2"))
    assert profiles.family(page, every) == ([idh2, idh1], [])
    assert profiles.family(idh1, every) == ([], [page])
    assert page.thing.keys == {("families", "IDH")}  # the members keep their own


def test_a_gene_that_a_field_of_the_theme_names_is_what_the_finding_is_about():
    found = gathered(book_of(books.finding(lesions=["FLT3-ITD"], genes=["FLT3"])))
    assert papers(found["lesions"]["FLT3-ITD"].findings) == ["1"]
    assert papers(found["genes"]["FLT3"].mentions) == ["1"]


def test_two_terms_never_share_a_page():
    one, other = (entities.Entity(term, (), ()) for term in list(vocabulary.load().terms["genes"].values())[:2])
    entities._refuse_shared_pages("genes", {"TP53": one, "KIT": other})
    with pytest.raises(
        VocabularyInvalid, match=r"genes\.yaml: 'TP53\.' and 'TP53' would share the page genes/tp53\.html"
    ):
        entities._refuse_shared_pages("genes", {"TP53": one, "TP53.": other})
    with pytest.raises(VocabularyInvalid, match="would share"):
        entities._refuse_shared_pages("genes", {"+++!": one, "???": other})


# ---- profiles ------------------------------------------------------------------------------------------------------


def test_the_ladder_begins_with_the_furthest_rung_and_parts_for_from_against():
    book = book_of(
        target(stage="PDX"), target(stage="PDX", direction="does_not_support"), target(stage="phase 3", study="phase 3")
    )
    rungs = profiles.ladder(gathered(book, "targets", "CD123"))
    names = [rung.name for rung in rungs]
    assert names.index("phase 3") < names.index("phase 1") < names.index("PDX") < names.index("expression")
    told = {rung.name: (papers(rung.supports), papers(rung.against)) for rung in rungs if rung.supports or rung.against}
    assert told == {"phase 3": (["3"], []), "PDX": (["1"], ["2"])}


def test_agents_by_how_far_they_came_with_trials_and_outcomes():
    book = book_of(
        target(agents=["azacitidine", "venetoclax"], stage="phase 1", outcome="no activity", cohort=["NCT00000002", "ALFA-1"]),
        target(agents=["venetoclax"], stage="phase 3", cohort=["NCT00000001"], level="A"),
        target(agents=["decitabine"], stage="phase 1"),
    )  # fmt: skip
    told = [
        (a.name, a.stages, a.trials, papers(a.findings)) for a in profiles.agents(gathered(book, "targets", "CD123"))
    ]
    assert told == [
        ("venetoclax", ("phase 3", "phase 1"), ("NCT00000001", "NCT00000002"), ["2", "1"]),
        ("azacitidine", ("phase 1",), ("NCT00000002",), ["1"]),
        ("decitabine", ("phase 1",), (), ["3"]),
    ]
    (first, *_) = profiles.agents(gathered(book, "targets", "CD123"))
    assert first.outcomes == ("no activity",)


def identity(**own):
    return books.finding(1, "identity", **own)


def test_levels_by_population_are_those_of_every_role_together():
    book = book_of(
        identity(subjects=["CD123"], expression={"LSC": "high", "HSC": "low"}), identity(subjects=["CD123"], expression={"LSC": "high"}),
        identity(subjects=["CD33"], expression={"LSC": "low"}), target(target="CD123"),
    )  # fmt: skip
    for kind, name in (("targets", "CD123"), ("markers", "CD123")):
        told = profiles.expression(subject(book, kind, name))
        shown = [(level.population, level.level, papers(level.findings)) for level in told]
        assert shown == [("LSC", "high", ["1", "2"]), ("HSC", "low", ["1"])]
    assert profiles.expression(subject(book, "targets", "BCL2")) == []


def test_what_is_related_is_another_thing_with_a_gene_in_common_or_what_a_drug_hits():
    book = book_of(
        target(target="CD123", agents=["tagraxofusp"], genes=["IL3RA"]), target(target="BCL2", agents=["venetoclax"]),
        target(target="CD33", genes=["TP53"]),
    )  # fmt: skip
    every = subjects.gather(gathered(book), book.things)

    def related(kind, name):
        return {(s.kind, s.id) for s in profiles.related(subject(book, kind, name), every)}

    assert related("targets", "CD123") == set()  # its marker and its gene are itself
    assert related("therapies", "tagraxofusp") == {("targets", "CD123")}
    assert related("therapies", "venetoclax") == {("targets", "BCL2")}
    assert related("genes", "TP53") == {("targets", "TP53 reactivation")}  # what is done to a gene is not the gene
    assert related("targets", "TP53 reactivation") == {("genes", "TP53")}


def test_gaps_are_told_and_nothing_else():
    def gaps(*findings, kind="targets", name="CD123", read=frozenset()):
        return profiles.missing(subject(book_of(*findings), kind, name), read)

    assert gaps() == ["Nothing is curated yet. That is a gap in this book and says nothing about the literature."]
    told = gaps(target(stage="PDX"))
    assert told[0].startswith("No finding is curated on: ")
    assert told[0].endswith(".")
    assert "PDX" not in told[0]
    assert "phase 1" in told[0]
    assert told[1:] == [
        "No curated finding reports the effect on normal stem cells.",
        "No curated finding compares its level on LSCs, HSCs and blasts.",
        "No finding against it is curated; failures are reported less often than successes.",
        "No finding on this page has been read by a second person yet.",
    ]
    # each gap goes with the finding that fills it
    filled = target(stage="PDX", direction="does_not_support", hsc_effect="spared")
    compared = identity(subjects=["CD123"], expression={"LSC": "high"})
    assert gaps(filled, compared, read=frozenset({"1/1"}))[1:] == []
    # BCL2 is no surface antigen: nobody compares its level on a surface
    assert "No curated finding compares its level on LSCs, HSCs and blasts." not in gaps(
        target(target="BCL2"), name="BCL2"
    )
    assert gaps(target(agents=["venetoclax"]), kind="therapies", name="venetoclax") == [
        "No finding against it is curated; failures are reported less often than successes.",
        "No finding on this page has been read by a second person yet.",
    ]


def test_findings_of_a_term_by_theme_and_by_day():
    book = book_of(target(target="CD123"), identity(subjects=["CD123"]), target(target="CD123", level="A"))
    entity = gathered(book, "targets", "CD123")
    assert {theme: papers(found) for theme, found in profiles.by_theme(entity).items()} == {"target": ["3", "1"]}
    both = profiles.by_theme(gathered(book, "diseases", "AML"))
    assert list(both) == ["identity", "target"]
    assert profiles.entered(entity.findings) == [("2026-01-03", 1), ("2026-01-01", 1)]


# ---- counts --------------------------------------------------------------------------------------------------------


def test_the_strongest_first_by_level_then_study_then_year_then_name():
    made = [
        target(level="B", study="cohort"), target(level="A", study="mouse"), target(level="B", study="phase 3"), target(study="phase 3", role="context"),
        target(level="B", study="cohort"), target(level="E", study="phase 3"),
    ]  # fmt: skip
    assert papers(counts.strongest_first(book_of(*made).evidence.findings)) == ["2", "3", "5", "1", "6", "4"]
    same = books.book((books.entry("9", [target(2), target(1)]), books.record("9")))
    assert [f.reference for f in counts.strongest_first(same.evidence.findings)] == ["9/1", "9/2"]


def rows(frame):
    return [tuple(line) for line in frame.itertuples(index=False)]


def test_tables_behind_the_figures():
    book = book_of(
        books.finding(lesions=["+8", "-7"], order="early", cells=["HSC", "GMP"]),
        identity(subjects=["CD123"], relative="similar", expression={"LSC": "high"}, direction="does_not_support"),
        books.finding(1, "resistance", escaped=["venetoclax", "cytarabine", "anthracycline"]),
        target(stage="PDX"),
        books.finding(lesions=["+8"], role="context", order="late"),
        books.finding(1, "resistance", mechanism="not told"),
        books.finding(1, "resistance"),
    )  # fmt: skip
    evidence, words = book.evidence, book.vocabulary
    said = ["direction", "level", "reference", "paper"]
    frame = frames.evolution(evidence)
    assert list(frame.columns) == ["lesion", "stage", "place", *said]
    assert rows(frame) == [
        ("+8", "early", 1, "supports", "B", "1/1", "1"),
        ("-7", "early", 1, "supports", "B", "1/1", "1"),
    ]
    assert rows(frames.cells(evidence)[["lesion", "cell"]]) == [
        ("+8", "HSC"),
        ("-7", "HSC"),
        ("+8", "GMP"),
        ("-7", "GMP"),
    ]
    assert rows(frames.expression(evidence)[["marker", "population", "expression"]]) == [("CD123", "LSC", "high")]
    assert rows(frames.identity(evidence)[["marker", "contrast", "relative", "direction"]]) == [
        ("CD123", "LSC against normal HSC", "similar", "does_not_support")]  # fmt: skip
    # two drugs of one class are one place; what tells no mechanism has none; what tells no therapy says so
    assert rows(frames.resistance(evidence, words)[["mechanism", "therapy", "reference"]]) == [
        ("preexisting resistant clone", "BH3 mimetics", "3/1"), ("preexisting resistant clone", "chemotherapy", "3/1"),
        ("preexisting resistant clone", "therapy not stated", "7/1")]  # fmt: skip
    assert rows(frames.targets(evidence, words)[["target", "stage", "rung", "mark"]]) == [("CD123", "PDX", 2, "worked")]


@pytest.mark.parametrize(
    ("own", "mark"),
    [({}, "worked"), ({"direction": "inconclusive"}, "not decided"),
     ({"direction": "does_not_support", "reason": "harm"}, "harm"),
     ({"direction": "does_not_support", "reason": "not replicated"}, "failed")],
)  # fmt: skip
def test_the_mark_of_an_attempt(own, mark):
    assert frames.mark_of(target(**own)) == mark


@pytest.mark.parametrize(
    ("own", "is_on"),
    [({"claim": "Mice lived longer."}, False), ({"claim": "LSCs fell."}, True), ({"hsc_effect": "spared"}, True),
     ({"end_point": "LSC activity"}, True), ({"aspect": "selectivity"}, True)],
)  # fmt: skip
def test_what_speaks_of_stem_cells(own, is_on):
    assert frames.on_stem_cells(target(**{"claim": "It was tried.", **own})) is is_on


def test_a_forest_has_ratios_with_an_interval_only():
    def effect(**own):
        given = {"measure": "HR", "value": "2", "ci": ["1.1", "3"], **own}
        told = {name: value for name, value in given.items() if value}
        return books.finding(1, "surveillance", effect=told, assay="PCR MRD")

    book = book_of(
        effect(), effect(measure="percent"), effect(ci=[]), effect(measure="OR", value="1.25"),
        books.finding(1, "surveillance"),
    )  # fmt: skip
    frame = frames.effects_of_tests(book.evidence)
    assert rows(frame[["panel", "measure", "value", "low", "high", "comparison", "reference"]]) == [
        ("Residual disease or stem cells, positive against negative", "OR", 1.25, 1.1, 3.0, "positive against negative", "4/1"),
        ("Residual disease or stem cells, positive against negative", "HR", 2.0, 1.1, 3.0, "positive against negative", "1/1"),
    ]
    assert list(frames.effects_of_tests(book_of().evidence).columns) == list(frame.columns)


@pytest.mark.parametrize(
    ("own", "panel"),
    [({}, "trait"), ({"assay": "NGS MRD"}, "test"), ({"assay": "LSC flow cytometry"}, "test"),
     ({"assay": "mutation or karyotype"}, "trait"), ({"assay": "clone sequencing (CHIP)"}, "trait"),
     ({"assay": "clone sequencing (CHIP)", "time_point": "before disease"}, "before"),
     ({"contrast": {"kind": "treatment by test", "of": "drug, MRD positive", "against": "none, MRD positive"}}, "acting")],
)  # fmt: skip
def test_what_a_disease_is_stands_apart_from_what_is_left_of_it(own, panel):
    effect = {"measure": "HR", "value": "2", "ci": ["1.1", "3"]}
    book = book_of(books.finding(1, "surveillance", effect=effect, **own))
    (row,) = rows(frames.effects_of_tests(book.evidence)[["panel"]])
    assert row == (frames.TESTS[panel],)


def test_every_count_that_prose_may_print():
    first, second = target(1, level="B"), target(2, direction="does_not_support")
    made = books.book(
        (books.entry("1", [first, second], reviewers=[READER]), books.record("1", abstract={"sha256": "0"})),
        (books.entry("2", [identity(subjects=["CD123"])]), books.record("2")),
        readings=(Reading("1/1", "agree", READER, "2026-02-01", digest=reviewing.digest_of(first)),),
    )
    listed, pending = Record("3", "L", origin="list"), Record("", "P", doi="10.1/p", origin="doi")
    made = replace(made, corpus=replace(made.corpus, records={**made.corpus.records, "3": listed, "10.1/p": pending}))
    told = counts.numbers(made.corpus, made.evidence, ["include", "exclude", "exclude"], made.readings)
    expected = {
        "records": 4, "records.pending": 1, "records.list": 1, "records.pubmed": 2, "records.abstract": 1, "papers": 2,
        "papers.pending": 0, "papers.read_twice": 1, "findings": 3, "findings.supports": 2, "findings.does_not_support": 1,
        "findings.inconclusive": 0, "findings.context": 0,
        "findings.target": 2, "findings.target.supports": 1, "findings.target.does_not_support": 1, "findings.level.B": 3,
        "papers.target": 1, "papers.identity": 1, "papers.evolution": 0, "findings.evolution": 0,
        "findings.evolution.supports": 0, "findings.evolution.does_not_support": 0, "screened": 3, "screened.include": 1,
        "screened.exclude": 2,
    }  # fmt: skip
    assert {name: told.get(name) for name in expected} == expected
    assert list(told) == sorted(told)
    assert counts.numbers(made.corpus, made.evidence)["screened"] == 0


# ---- the book ------------------------------------------------------------------------------------------------------


def test_the_book_speaks_of_its_snapshot_its_trials_and_its_address():
    told = {"NCT1": {"status": "ACTIVE_NOT_RECRUITING", "told": "2026-01-01"},
            "NCT2": {"status": "TERMINATED", "why_stopped": "futility", "told": "2026-01-02"}}  # fmt: skip
    book = book_of(target(), trials=told, base="https://example.org/b/")
    assert book.trial_status("NCT1") == "active not recruiting (asked 2026-01-01)"
    assert book.trial_status("NCT2") == "terminated, futility (asked 2026-01-02)"
    assert book.trial_status("NCT3") == ""
    assert book.address("../papers/1.html") == "https://example.org/b/papers/1.html"
    assert replace(book, base="").address("../papers/1.html") == "papers/1.html"
    assert book.as_of == "2026-01-03"
    assert replace(book, corpus=replace(book.corpus, manifest={})).as_of == "2026-01-01"
    assert replace(books.book(), corpus=replace(book.corpus, manifest={})).as_of == "1970-01-01"


def test_a_reading_counts_for_the_claim_that_was_read():
    read, changed = target(1), target(2)
    readings = (
        Reading("1/1", "agree", READER, "2026-02-01", digest=reviewing.digest_of(read)),
        Reading("1/2", "agree", READER, "2026-02-01", digest=reviewing.digest_of(read)),
        Reading("7/1", "agree", READER, "2026-02-01", digest=reviewing.digest_of(read)),
    )
    book = books.book((books.entry("1", [read, changed]), books.record("1")), readings=readings)
    assert book.read_twice == {"1/1"}
    assert book.second_readings == {"1/1": [readings[0]]}


def test_who_is_cited(tmp_path):
    file = tmp_path / "CITATION.cff"
    file.write_text(
        "title: T\nabstract: A\nversion: 1.10\nkeywords: [a, b]\nauthors:\n- name: A Group\n- given-names: J\n  family-names: Doe\n"
    )
    assert Citation.read(file) == Citation("T", "A", ("A Group", "J Doe"), "1.10", ("a", "b"))


# ---- days ----------------------------------------------------------------------------------------------------------


def test_a_day_in_a_few_words():
    told = Difference(new=["1"] * 1200, withdrawn=["3"], gone=["4", "5"], resolved={"10.1/a": "6", "10.1/b": "7"})
    assert changes.harvested(told) == "harvest from PubMed: 1,200 new, 1 withdrawn, 2 gone, 2 PMIDs found for a DOI"
    assert changes.harvested(Difference()) == "harvest from PubMed: nothing new"
    assert changes.told(Notice("ErratumIn")) == "ErratumIn"
    assert changes.Day("2026-01-01").summary() == []
    assert changes.Day("2026-01-01", harvest=Difference()).summary() == ["harvest from PubMed: nothing new"]
    assert changes.whats_new(changes.Day("2026-01-01")) == "../book/whats-new.html#d-2026-01-01"


def test_only_what_a_registry_dated_and_what_is_curated_makes_a_day():
    notice = {"type": "RetractionIn", "source": "Crossref"}
    book = book_of(
        target(cohort=["NCT1"]), target(cohort=["NCT1", "NCT2"]),
        notices={"1": {"notices": [notice], "told": "2026-03-01"}, "2": {"notices": [notice]},
                 "9": {"notices": [notice], "told": "2026-03-02"}},
        trials={"NCT1": {"status": "COMPLETED", "told": "2026-03-03"}, "NCT2": {"status": "COMPLETED"}},
        readings=(Reading("2/1", "agree", READER, "2026-03-05"), Reading("1/1", "agree", READER, "2026-03-05")),
    )  # fmt: skip
    days = {day.date: day for day in book.days}
    assert list(days) == ["2026-03-05", "2026-03-03", "2026-03-01", "2026-01-02", "2026-01-01"]
    (restood,) = days["2026-03-01"].standing
    assert (restood.key, restood.state.value, [n.source for n in restood.notices]) == ("1", "retracted", ["Crossref"])
    (trial,) = days["2026-03-03"].trials
    assert (trial.nct, trial.status, trial.why_stopped, trial.papers) == ("NCT1", "COMPLETED", "", ("1", "2"))
    assert [reading.finding for reading in days["2026-03-05"].readings] == ["1/1", "2/1"]


def test_notices_that_pubmed_does_not_date_are_told_apart():
    made = books.book(
        (books.entry("1"), books.record("1", standing=(Notice("ErratumIn", "7"), Notice("RetractionIn", date="2020")))),
        (books.entry("2"), books.record("2")),
        notices={"2": {"notices": [{"type": "RetractionIn"}]}},
    )
    (told,) = changes.undated(made.evidence, made.notices)
    assert (told.key, told.state.value, [n.type for n in told.notices]) == ("1", "retracted", ["ErratumIn"])


def test_harvests_by_their_day_and_a_broken_file_by_its_name(tmp_path):
    for day in ("2026-01-02", "2026-01-01"):
        (tmp_path / f"{day}.json").write_text(Difference(new=[day[-1]]).as_json())
    assert {day: told.new for day, told in changes.read_harvests(tmp_path).items()} == {
        "2026-01-01": ["1"],
        "2026-01-02": ["2"],
    }
    for text in ("{", '{"odd": 1}', "[1]"):
        (tmp_path / "2026-01-03.json").write_text(text)
        with pytest.raises(
            CorpusInvalid, match=r"2026-01-03\.json: .*take the file from git again, it is never edited by hand"
        ):
            changes.read_harvests(tmp_path)


def test_the_difference_of_a_harvest_in_lines():
    told = Difference([str(n) for n in range(1, 12)], ["7"], [], ["8", "9"], {"10.1/a": "6"})
    assert told.as_text().split("\n") == [
        "new: 11 (1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …)", "changed: 1 (7)", "withdrawn: 0",
        "gone: 2 (8, 9): curated here, and PubMed has no such record", "DOI 10.1/a has PMID 6",
    ]  # fmt: skip
    assert (
        Difference([str(n) for n in range(1, 11)]).as_text().split("\n")[0] == "new: 10 (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"
    )
    assert not Difference()
    assert all(
        [Difference(new=["1"]), Difference(changed=["1"]), Difference(gone=["1"]), Difference(resolved={"a": "1"})]
    )


def test_what_both_harvests_of_a_day_changed():
    early = Difference(["9", "10", "5"], ["1", "2", "5"], ["3", "4"], ["20"], {"10.1/a": "6"})
    late = Difference(["3"], ["9", "2", "30"], ["10"], ["21", "20"], {"10.1/b": "7"})
    day = late.after(early)
    assert day == Difference(["5", "9"], ["1", "2", "3", "30"], ["4"], ["20", "21"], {"10.1/a": "6", "10.1/b": "7"})
    odd = Difference(gone=["7"]).after(Difference(gone=["10.1/z", "10.1/a"]))
    assert odd.gone == ["10.1/a", "10.1/z", "7"]  # entries that are known by their DOI come first


def test_what_a_corpus_bears_out_of_a_difference():
    known = books.book((books.entry("1"), books.record("1"))).corpus
    told = Difference(["1", "2"], ["1", "2"], ["1", "2"], ["3"], {"10.1/a": "1", "10.1/b": "2"})
    assert told.within(known) == Difference(["1"], ["1"], ["2"], ["3"], {"10.1/a": "1"})


def test_a_difference_is_read_as_it_was_written(tmp_path):
    told = Difference(["1"], ["2"], ["3"], ["4"], {"10.1/a": "5"})
    (tmp_path / "a.json").write_text(told.as_json())
    assert Difference.read(tmp_path / "a.json") == told
    assert told.as_json().startswith('{\n  "new": [\n')
    assert Difference.read(tmp_path / "none.json") == Difference()
    (tmp_path / "a.json").write_text('{"new": 3}')
    with pytest.raises(
        CorpusInvalid, match=r"a\.json: new is 3, and not what a harvest tells; take the file from git again"
    ):
        Difference.read(tmp_path / "a.json")
