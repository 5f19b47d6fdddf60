"""The sentence that the fields of a finding compose, and what cannot be true together."""

from pathlib import Path

import pytest

from lscbook import vocabulary
from lscbook.errors import PropositionMissing
from lscbook.evidence import consistency, fields, proposition, store
from lscbook.pubmed.record import Record
from tests import books

WORDS = vocabulary.load()


def read_back(theme, **own):
    return proposition.of(books.finding(theme=theme, **own), WORDS)


@pytest.mark.parametrize(
    ("theme", "own", "sentence"),
    [
        ("evolution", {"lesions": ["DNMT3A", "NPM1"], "before": [["DNMT3A", "NPM1"]], "cells": ["HSC"], "order": None},
         "DNMT3A is acquired before NPM1, in HSCs (AML)."),
        ("evolution", {"lesions": ["DNMT3A", "TET2"]}, "DNMT3A and TET2 are founding lesions (AML)."),
        ("evolution", {"lesions": ["TP53"], "order": None, "cells": ["HSPC"], "diseases": ["MDS"]},
         "TP53 is found in HSPCs (MDS)."),
        ("evolution", {"lesions": ["-7"], "order": None, "cells": ["GMP"], "diseases": ["MDS"]},
         "The lesion -7 is found in GMPs (MDS)."),
        ("evolution", {"lesions": ["GATA2"], "order": None, "cells": ["germline"], "diseases": ["MDS"]},
         "GATA2 is carried in the germline (MDS)."),
        ("evolution", {"lesions": ["FLT3-ITD"], "order": "late", "cells": ["blast"]},
         "FLT3-ITD is acquired late, in a subclone or at progression, in blasts (AML)."),
        ("evolution", {"lesions": ["NRAS"], "order": None, "exclusive": [["NRAS", "FLT3"]], "exclusive_in": "clone"},
         "NRAS and FLT3 are rarely or never found in one clone (AML)."),
        ("evolution", {"lesions": ["SF3B1", "SRSF2"], "order": "founding", "diseases": ["MDS"], "exclusive_in": "patient",
                       "exclusive": [["SF3B1", "SRSF2"], ["SF3B1", "U2AF1"]]},
         ("SF3B1 and SRSF2 are rarely or never found in one patient; SF3B1 and U2AF1 are rarely or never found in one "
          "patient; SF3B1 and SRSF2 are founding lesions (MDS).")),
        ("identity", {}, "CD123 is higher on LSCs than on normal HSCs (AML)."),
        ("identity", {"relative": "similar", "direction": "does_not_support", "reason": "no effect shown"},
         "CD123 distinguishes LSCs from normal HSCs (AML)."),
        ("identity", {"subjects": ["LSC17"], "contrast": "LSC against blasts", "relative": None},
         "LSC17 distinguishes LSCs from other leukaemic cells (AML)."),
        ("resistance", {"mechanism": "clonal selection signalling", "genes": ["NRAS"], "escaped": ["gilteritinib"],
                        "process": "selected", "acquisition": "acquired", "diseases": ["FLT3-mutated AML"]},
         ("Clones with activated kinase or RAS/MAPK signalling (NRAS) survive gilteritinib: selected, under therapy "
          "(FLT3-mutated AML).")),
        ("resistance", {"mechanism": "not told"}, "Cells, by an unspecified mechanism, survive therapy (AML)."),
        ("surveillance", {"assay": "flow cytometry MRD", "time_point": "after induction"},
         "Flow cytometry MRD, positive versus negative, after induction, predicts relapse (AML)."),
        ("surveillance", {"assay": "MRD, any method", "end_point": "overall survival", "time_point": "after induction",
                          "contrast": {"kind": "treatment by test", "of": "allogeneic HCT", "against": "no transplant"}},
         ("Guided by MRD, any method, after induction, allogeneic HCT versus no transplant prolongs overall survival "
          "(AML).")),
        ("surveillance", {"assay": "PCR MRD", "contrast": {"kind": "per unit", "of": "tenfold rise"}},
         "PCR MRD, per tenfold rise, predicts relapse (AML)."),
        ("surveillance", {"assay": "single gene or antigen", "genes": ["CD47"], "markers": ["CD47"], "end_point": "relapse",
                          "contrast": {"kind": "test", "of": "high", "against": "low"}},
         "Single gene or antigen (CD47), high versus low, predicts relapse (AML)."),
        ("surveillance", {"assay": "single gene or antigen", "genes": ["IL1RAP"], "end_point": "overall survival",
                          "contrast": {"kind": "test", "of": "high", "against": "low"}, "time_point": "diagnosis"},
         "Single gene or antigen (IL1RAP), high versus low, at diagnosis, predicts overall survival (AML)."),
        ("target", {"agents": ["talacotuzumab"], "partners": ["decitabine"], "comparator": "decitabine alone",
                    "study": "phase 2/3", "stage": "phase 3", "end_point": "overall survival"},
         ("Talacotuzumab with decitabine, compared with decitabine alone, targeting CD123, prolongs overall survival "
          "(AML, phase 2/3).")),
        ("target", {"target": "NAMPT", "aspect": "selectivity", "end_point": None, "stage": "dependency"},
         "Targeting NAMPT spares normal haematopoietic stem cells (AML)."),
        ("target", {"agents": ["tagraxofusp"], "aspect": "safety", "end_point": None, "study": "phase 1",
                    "stage": "phase 1"}, "Tagraxofusp, targeting CD123, is tolerated (AML, phase 1)."),
    ],
)  # fmt: skip
def test_the_fields_compose_one_plain_sentence(theme, own, sentence):
    assert read_back(theme, **own) == sentence


@pytest.mark.parametrize("theme", fields.BY_THEME)
def test_context_asserts_nothing(theme):
    assert read_back(theme, role="context") == ""


@pytest.mark.parametrize(
    ("theme", "own", "field"),
    [("evolution", {"order": None}, "order"), ("evolution", {"exclusive": [["DNMT3A", "TET2"]]}, "exclusive_in"),
     ("target", {"end_point": None}, "end_point")],
)
def test_what_composes_no_sentence_names_the_field(theme, own, field):
    with pytest.raises(PropositionMissing) as missing:
        read_back(theme, **own)
    assert missing.value.field == field
    assert missing.value.remedy


@pytest.mark.parametrize("mechanism", WORDS.terms["mechanisms"])
def test_every_mechanism_has_its_phrase(mechanism):
    sentence = read_back("resistance", mechanism=mechanism, escaped=["venetoclax"])
    assert " survive venetoclax (AML)." in sentence
    assert sentence[0].isupper()


@pytest.mark.parametrize("end_point", fields.DOES)
def test_every_end_point_of_a_target_has_its_verb(end_point):
    assert read_back("target", end_point=end_point) == f"Targeting CD123 {fields.DOES[end_point]} (AML)."


def told(theme, record=None, **own):
    return [field for field, _ in consistency.faults(books.finding(theme=theme, **own), record, WORDS)]


def ratio(value, low, high):
    return {"measure": "HR", "value": value, "ci": [low, high]}


AGAINST = {"direction": "does_not_support", "reason": "no effect shown"}


@pytest.mark.parametrize(
    ("theme", "own", "field"),
    [
        ("evolution", {"study": "cell line"}, "level"),  # a cell line is never B
        ("evolution", {"study": "review", "level": "B"}, "level"),
        ("evolution", {"n": "3", "n_unit": "patients"}, "level"),  # fewer than four patients are C
        ("evolution", {"direction": "does_not_support"}, "reason"),
        ("evolution", {"reason": "harm"}, "reason"),
        ("evolution", {"direction": "inconclusive", "reason": "harm"}, "reason"),
        ("surveillance", {"effect": ratio("0.90", "0.60", "1.35")}, "direction"),  # takes in one: supports nothing
        ("surveillance", {"effect": ratio("0.90", "0.60", "1.35"), **AGAINST}, "direction"),  # and decides nothing
        ("evolution", {"cells": ["germline"]}, "order"),  # germline is no order
        ("evolution", {"before": [["TET2", "NPM1"]]}, "before"),  # neither is among the lesions
        ("evolution", {"order": None}, "order"),
        ("evolution", {"exclusive": [["TET2", "NPM1"]], "exclusive_in": "clone"}, "exclusive"),  # none of the lesions
        ("evolution", {"exclusive": [["DNMT3A", "NPM1"], ["NPM1", "DNMT3A"]], "exclusive_in": "clone"}, "exclusive"),
        ("evolution", {"exclusive": [["DNMT3A", "NPM1"]], "before": [["NPM1", "DNMT3A"]], "exclusive_in": "clone"},
         "exclusive"),  # what is acquired after another is found with it
        ("evolution", {"exclusive": [["DNMT3A", "NPM1"]]}, "exclusive_in"),
        ("evolution", {"exclusive_in": "patient"}, "exclusive_in"),
        ("identity", {"relative": "similar"}, "relative"),
        ("identity", {"expression": {"LSC": "low", "HSC": "high"}}, "relative"),
        ("surveillance", {"contrast": {"kind": "test", "of": "positive"}}, "contrast"),
        ("surveillance", {"contrast": {"kind": "per unit", "of": "log", "against": "none"}}, "contrast"),
        ("target", {"study": "cell line", "level": "D"}, "stage"),  # a cell line is no PDX
        ("target", {"study": "review", "level": "E", "stage": "phase 1"}, "stage"),  # a review is no phase 1
        ("target", {"study": "phase 1", "stage": "dependency"}, "stage"),
        ("target", {"aspect": "expression"}, "stage"),
        ("target", {"outcome": "activity seen", "study": "PDX", "level": "D"}, "outcome"),
        ("target", {"study": "phase 1", "stage": "phase 1", "outcome": "activity seen", **AGAINST}, "outcome"),
        ("target", {"study": "phase 3", "stage": "phase 3", "outcome": "stopped for futility"}, "outcome"),
        ("target", {"aspect": "safety", "study": "phase 1", "stage": "phase 1", **AGAINST}, "reason"),
        ("target", {"agents": ["venetoclax"], "study": "PDX", "level": "D"}, "agents"),  # it hits BCL2, not CD123
    ],
)  # fmt: skip
def test_what_cannot_be_true_together_is_told_at_its_field(theme, own, field):
    assert field in told(theme, **own)


@pytest.mark.parametrize(
    ("effect", "direction"),
    [(ratio("0.96", "0.72", "1.28"), AGAINST), (ratio("0.90", "0.60", "1.35"), {"direction": "inconclusive"}),
     (ratio("1.11", "1.00", "1.22"), {}), (ratio("0.70", "0.55", "0.90"), {}),
     (ratio("2.1", "0.9", "4.9"), {"direction": "does_not_support", "reason": "harm"}),
     ({"measure": "percent", "value": "12", "ci": ["0.5", "20"]}, {})],
)  # fmt: skip
def test_an_interval_that_goes_with_its_direction_is_not_told(effect, direction):
    assert told("surveillance", effect=effect, **direction) == []


@pytest.mark.parametrize("theme", fields.BY_THEME)
def test_what_fits_is_not_told(theme):
    own = {"study": "PDX", "level": "D"} if theme == "target" else {}
    assert told(theme, **own) == []


def test_pairs_that_exclude_each_other_and_others_in_order_fit():
    own = {"before": [["DNMT3A", "NPM1"]], "exclusive": [["DNMT3A", "TET2"], ["TET2", "IDH2"]], "exclusive_in": "clone"}
    assert told("evolution", lesions=["DNMT3A", "TET2"], **own) == []


@pytest.mark.parametrize(
    ("study", "kind", "fits"),
    [("cohort", "Review", False), ("review", "Review", True), ("cohort", "Case Reports", False),
     ("case report", "Case Reports", True), ("cohort", "Journal Article", True), ("meta-analysis", "Review", True)],
)  # fmt: skip
def test_what_pubmed_calls_a_paper_contradicts_its_study(study, kind, fits):
    level = fields.LEVELS_OF_STUDY[study][-1]
    assert ("study" not in told("evolution", Record("1", "T", types=(kind,)), study=study, level=level)) is fits


def test_a_context_finding_with_a_direction_says_what_to_do(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_text(
        "pmid: 7\nread: abstract\nadded: 2026-11-24\nfindings:\n  - {id: 1, theme: target, role: context, claim: Tried., "
        "direction: supports, diseases: [AML], study: mouse, support: {full_text: page 1}}\n"
    )
    problem = next(p for p in store.parse(path).problems if p.field.endswith("direction"))
    assert "take `role: context` out" in str(problem)


@pytest.mark.parametrize(
    ("given", "said"),
    [("[[NRAS]]", "no pair; write [one, other]"), ("[[NRAS, KRAS, 3]]", "no pair; write [one, other]"),
     ("[[NRAS, NRAS]]", "'NRAS' and itself; name two lesions"), ("[NRAS]", "no pair; write [one, other]")],
)  # fmt: skip
def test_what_is_no_pair_of_two_lesions_says_what_to_write(tmp_path: Path, given, said):
    path = tmp_path / "a.yaml"
    path.write_text(
        "pmid: 7\nread: abstract\nadded: 2026-11-24\nfindings:\n  - {id: 1, theme: evolution, role: context, claim: Tried., "
        f"lesions: [NRAS], exclusive: {given}, diseases: [AML], study: mouse, support: {{full_text: page 1}}}}\n"
    )
    (problem,) = store.parse(path).problems
    assert said in str(problem)
    assert problem.line == 5


def test_every_finding_of_the_book_reads_back(evidence):
    """And none of its fields contradict each other."""
    for f in evidence.counted:
        sentence = proposition.of(f.finding, WORDS)
        assert sentence.endswith(")."), f.reference
        # names keep their small letters: del(5q), low ROS, galectin-9
        pairs = (*getattr(f.finding, "before", ()), *getattr(f.finding, "exclusive", ()))
        named = (
            *getattr(f.finding, "lesions", ()),
            *getattr(f.finding, "subjects", ()),
            getattr(f.finding, "target", None) or "-",
            *(lesion for p in pairs for lesion in p.terms),
        )
        assert sentence[0].isupper() or sentence[0].isdigit() or sentence.startswith(named), f.reference
    faults = [
        (f.reference, *fault) for f in evidence.findings for fault in consistency.faults(f.finding, f.record, WORDS)
    ]
    assert faults == []
