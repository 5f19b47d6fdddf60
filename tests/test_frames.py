"""The frames behind the figures: which way a ratio is shown, what speaks of stem cells, and which place a finding has."""

import pytest

from lscbook import vocabulary
from lscbook.evidence.findings import Contrast
from lscbook.synthesis import frames
from tests import books

WORDS = vocabulary.load()
AGAINST = {"direction": "does_not_support", "reason": "no effect shown"}


def evidence(*findings):
    return books.evidence(*((books.entry(str(n), [f]), books.record(str(n))) for n, f in enumerate(findings, 1)))


def rows(frame, *columns):
    return [tuple(line) for line in frame[list(columns)].itertuples(index=False)]


# ---- which way a ratio is shown --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "good"),
    [("MRD negative", True), ("Negative", True), ("Wild type", True), ("mutation absent", True), ("absence of MRD", True), ("low score", True), ("lower VAF", True), ("MRD cleared", True),
     ("clearance of it", True), ("undetectable MRD", True), ("no mutation", True), ("not detected", True), ("without mutation", True), ("wild type", True),
     ("unmutated", True), ("MRD positive", False), ("slow growth", False), ("notable", False), ("nodal", False), ("mutated", False), ("high", False)],
)  # fmt: skip
def test_the_good_side_of_a_test(of, good):
    test = Contrast(kind="test", of=of, against="the other")
    assert frames.good_side_first(test) is good
    assert frames.good_side_first(Contrast(kind="treatment by test", of=of, against="the other")) is False
    # a good side or a good end point alone turns the ratio round; both, or neither, leave it
    assert frames.turned("relapse", test) is good
    assert frames.turned("remission", test) is not good


@pytest.mark.parametrize(
    ("end_point", "good"),
    [("remission", True), ("response", True), ("response to therapy", True), ("transfusion independence", True), ("relapse", False),
     ("overall survival", False), ("event-free survival", False), ("relapse-free survival", False)],
)  # fmt: skip
def test_a_ratio_above_one_is_good_news_for_some_end_points(end_point, good):
    assert frames.turned(end_point) is good


# ---- what speaks of stem cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "speaks"),
    [("It killed LSCs.", True), ("An LSC died.", True), ("HSCs lived.", True), ("The HSC lived.", True), ("HSPCs lived.", True), ("HSPC lived.", True),
     ("LICs died.", True), ("An LIC died.", True), ("Stem cells died.", True), ("Stemness fell.", True), ("stem-like cells", True),
     ("Leukaemia-initiating cells died.", True), ("Progenitors died.", True), ("lscs died", True), ("Stem-cell transplantation helped.", False),
     ("After a stem cell transplant it came back.", False), ("A stem cell graft took.", False), ("The stem-cell donor was young.", False),
     ("The system failed.", False), ("Blasts died.", False), ("CLICK was heard.", False), ("Stem cell transplants killed stem cells.", True)],
)  # fmt: skip
def test_the_words_that_speak_of_stem_cells_and_those_of_a_transplant(claim, speaks):
    target = books.finding(1, "target", claim=claim)
    assert frames.on_stem_cells(target) is speaks
    assert frames.speaks_of_stem_cells(target) is speaks
    assert frames.speaks_of_stem_cells(books.finding(1, "resistance", claim=claim)) is speaks


def test_some_findings_speak_of_stem_cells_whatever_their_words():
    quiet = {"claim": "It was so."}
    assert frames.speaks_of_stem_cells(books.finding(1, "identity", **quiet))
    assert frames.speaks_of_stem_cells(books.finding(1, "surveillance", assay="LSC flow cytometry", **quiet))
    assert not frames.speaks_of_stem_cells(books.finding(1, "surveillance", assay="NGS MRD", **quiet))
    assert not frames.speaks_of_stem_cells(books.finding(1, "evolution", **quiet))
    for own in ({"end_point": "LSC activity"}, {"hsc_effect": "harmed"}, {"aspect": "selectivity", "end_point": None}):
        assert frames.on_stem_cells(books.finding(1, "target", **quiet, **own))


# ---- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("therapy", "column"),
    [("venetoclax", "BH3 mimetics"), ("azacitidine", "hypomethylating agents"), ("decitabine", "hypomethylating agents"), ("cytarabine", "chemotherapy"),
     ("quizartinib", "kinase inhibitors"), ("gilteritinib", "kinase inhibitors"), ("ivosidenib", "IDH inhibitors"), ("gemtuzumab ozogamicin", "other therapies"),
     ("lenalidomide", "other therapies")],
)  # fmt: skip
def test_the_column_of_a_therapy_that_cells_survive(therapy, column):
    made = frames.resistance(evidence(books.finding(1, "resistance", escaped=[therapy])), WORDS)
    assert rows(made, "mechanism", "therapy") == [("preexisting resistant clone", column)]


def test_a_place_has_what_its_finding_says_and_who_says_it():
    known = evidence(
        books.finding(order="late", **AGAINST),
        books.finding(order="relapse-acquired", level="C"),
        books.finding(order="founding"),
        books.finding(order="early"),
    )
    assert rows(frames.evolution(known), "stage", "place", "direction", "level", "reference", "paper") == [
        ("late", 2, "does_not_support", "B", "1/1", "1"), ("relapse-acquired", 3, "supports", "C", "2/1", "2"), ("founding", 0, "supports", "B", "3/1", "3"),
        ("early", 1, "supports", "B", "4/1", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("own", "told"),
    [({"relative": "lower"}, "lower"), ({"relative": "similar", **AGAINST}, "similar"), ({"relative": None}, "distinguishes"), ({"relative": None, **AGAINST}, "does not"),
     ({"relative": None, "direction": "inconclusive"}, "does not")],
)  # fmt: skip
def test_how_a_marker_tells_cells_apart(own, told):
    assert rows(frames.identity(evidence(books.finding(1, "identity", **own))), "marker", "contrast", "relative") == [
        ("CD123", "LSC against normal HSC", told)
    ]


@pytest.mark.parametrize(
    ("stage", "rung"),
    [("expression", 0), ("dependency", 1), ("PDX", 2), ("phase 1", 3), ("phase 2", 4), ("phase 3", 5)],
)
def test_the_rung_of_an_attempt(stage, rung):
    assert rows(frames.targets(evidence(books.finding(1, "target", stage=stage)), WORDS), "stage", "rung", "study") == [
        (stage, rung, "cohort")
    ]


def test_stem_cells_were_looked_at_in_the_finding_or_as_a_marker_by_any_of_its_names():
    def stem(*findings):
        return [told for (told,) in rows(frames.targets(evidence(*findings), WORDS), "stem")]

    quiet = books.finding(1, "target", claim="It was so.")
    assert stem(quiet) == [False]
    assert stem(quiet, books.finding(1, "identity", subjects=["CD33"])) == [False]
    assert stem(quiet, books.finding(1, "identity", subjects=["CD123"])) == [True]
    assert stem(quiet, books.finding(1, "identity", subjects=["IL3RA"])) == [True]
    assert stem(books.finding(1, "target", claim="LSCs fell."), quiet) == [True, False]


# ---- forests ---------------------------------------------------------------------------------------------------------

HR = {"measure": "HR", "value": "2", "ci": ["1.25", "4"]}


def of_test(**own):
    return books.finding(1, "surveillance", **{"assay": "NGS MRD", "effect": HR, **own})


def forest(*findings):
    return rows(
        frames.effects_of_tests(evidence(*findings)),
        "panel",
        "label",
        "comparison",
        "value",
        "low",
        "high",
        "turned",
        "printed",
    )


@pytest.mark.parametrize("own", [{"directness": "indirect"}, {"contrast": {"kind": "per unit", "of": "log"}}, {"effect": None}, {"effect": {**HR, "measure": "AUC"}},
                                 {"effect": {"measure": "HR", "value": "2"}}])  # fmt: skip
def test_what_has_no_ratio_with_two_sides_stands_in_no_forest(own):
    assert forest(of_test(**own)) == []


@pytest.mark.parametrize("measure", ["HR", "OR", "RR", "SHR"])
def test_every_ratio_stands_in_a_forest(measure):
    ((*_, printed),) = forest(of_test(effect={**HR, "measure": measure}))
    assert printed == f"{measure} 2 (1.25–4)"


def test_a_row_of_the_forest_of_tests_names_test_time_and_sides_and_turns_what_is_good():
    panel = "Residual disease or stem cells, positive against negative"
    printed = "HR 2 (1.25–4)"
    assert forest(of_test()) == [(panel, "NGS MRD: relapse", "positive against negative", 2, 1.25, 4, False, printed)]
    told = forest(of_test(end_point="response to therapy", time_point="after induction"))
    assert told == [
        (
            panel,
            "NGS MRD, after induction: response to therapy",
            "positive against negative",
            0.5,
            0.25,
            0.8,
            True,
            printed,
        )
    ]
    by_result = {"kind": "test", "of": "TP53 mutated", "against": "wild type"}
    (told,) = forest(of_test(assay="mutation or karyotype", contrast=by_result))
    assert told[:3] == (
        "Mutation, clone or class, present against absent",
        "TP53 mutated: relapse",
        "TP53 mutated against wild type",
    )
    (told,) = forest(of_test(assay="clone sequencing (CHIP)", time_point="before disease"))
    assert told[:2] == ("Clone in blood before disease", "clone sequencing (CHIP): relapse")
    acting = {"kind": "treatment by test", "of": "drug, MRD positive", "against": "none, MRD positive"}
    (told,) = forest(of_test(contrast=acting, time_point="after induction"))
    assert told[:2] == ("Acting on the test", "drug, MRD positive: relapse")


@pytest.mark.parametrize(
    ("assay", "time_point", "panel"),
    [
        ("cytogenetics", None, "Mutation, clone or class, present against absent"),
        ("cytogenetics", "diagnosis", "Mutation, clone or class, present against absent"),
        ("cytogenetics", "before transplant", "Residual disease or stem cells, positive against negative"),
        ("cytogenetics", "after induction", "Residual disease or stem cells, positive against negative"),
        ("gene-expression score", "diagnosis", "Mutation, clone or class, present against absent"),
        ("plasma or marrow protein", None, "Mutation, clone or class, present against absent"),
        ("mutation or karyotype", "follow-up", "Mutation, clone or class, present against absent"),
        ("donor chimerism", "after transplant", "Residual disease or stem cells, positive against negative"),
        ("circulating DNA or vesicles", "follow-up", "Residual disease or stem cells, positive against negative"),
        ("MRD, any method", None, "Residual disease or stem cells, positive against negative"),
        ("LSC flow cytometry", "diagnosis", "Residual disease or stem cells, positive against negative"),
    ],
)
def test_a_karyotype_before_therapy_is_a_class_and_no_residual_disease(assay, time_point, panel):
    ((shown, *_),) = forest(of_test(assay=assay, time_point=time_point))
    assert shown == panel


def test_panels_of_a_forest_stand_in_order_and_rows_by_label_then_value():
    acting = {"kind": "treatment by test", "of": "drug", "against": "none"}
    made = forest(
        of_test(contrast=acting), of_test(assay="clone sequencing (CHIP)", time_point="before disease"), of_test(assay="risk score"), of_test(),
        of_test(effect={**HR, "value": "1.5"}), of_test(assay="LSC flow cytometry"),
    )  # fmt: skip
    assert [(label, value) for _, label, _, value, *_ in made] == [
        ("LSC flow cytometry: relapse", 2), ("NGS MRD: relapse", 1.5), ("NGS MRD: relapse", 2), ("positive: relapse", 2), ("clone sequencing (CHIP): relapse", 2),
        ("drug: relapse", 2),
    ]  # fmt: skip


def trial(study="phase 3", **own):
    return books.finding(
        1,
        "target",
        **{
            "study": study,
            "stage": "phase 3",
            "agents": ["tagraxofusp"],
            "end_point": "overall survival",
            "effect": HR,
            **own,
        },
    )


def of_trials(*findings):
    return rows(frames.effects_of_trials(evidence(*findings)), "panel", "label", "comparison", "value", "turned")


@pytest.mark.parametrize(
    ("study", "there"),
    [("phase 1", True), ("phase 1/2", True), ("phase 2", True), ("phase 2/3", True), ("phase 3", True), ("trial", True), ("meta-analysis", True),
     ("individual-patient meta-analysis", True), ("cohort", False), ("PDX", False), ("review", False)],
)  # fmt: skip
def test_the_forest_of_trials_has_trials_and_what_pools_them(study, there):
    assert bool(of_trials(trial().model_copy(update={"study": study}))) is there


@pytest.mark.parametrize(
    ("end_point", "panel", "value"),
    [("overall survival", "Overall survival", 2), ("event-free survival", "Events and relapse", 2), ("relapse-free survival", "Events and relapse", 2),
     ("relapse", "Events and relapse", 2), ("response", "Remission and response", 0.5), ("remission", "Remission and response", 0.5),
     ("transfusion independence", "Remission and response", 0.5), ("leukaemia burden", None, None)],
)  # fmt: skip
def test_the_panel_of_a_trial_and_which_way_it_is_shown(end_point, panel, value):
    made = of_trials(trial(end_point=end_point))
    label = f"CD123 · tagraxofusp: {end_point}"
    assert made == ([(panel, label, "tagraxofusp", value, value == 0.5)] if panel else [])


def test_a_row_of_a_trial_names_agents_partners_and_comparator():
    (made,) = of_trials(
        trial(agents=["venetoclax", "tagraxofusp"], partners=["azacitidine"], comparator="placebo with azacitidine")
    )
    assert made[1:3] == (
        "CD123 · venetoclax, tagraxofusp with azacitidine: overall survival",
        "venetoclax, tagraxofusp with azacitidine against placebo with azacitidine",
    )
    assert of_trials(trial(effect=None)) == []
    assert list(frames.effects_of_trials(evidence()).columns) == list(frames.effects_of_tests(evidence()).columns)
    assert [panel for panel, *_ in of_trials(trial(end_point="response"), trial(end_point="relapse"), trial())] == [
        "Overall survival", "Events and relapse", "Remission and response",
    ]  # fmt: skip
