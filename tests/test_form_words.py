"""The form folds, finds and refuses words as Python does, and keeps a draft. Slow."""

import json
import re

import pytest

from lscbook import vocabulary, yaml_nodes
from lscbook.errors import YamlRefused
from lscbook.evidence import rules, yaml_text
from lscbook.site.form import page as form_page
from lscbook.site.opened import Site
from lscbook.text import HIDDEN
from tests import books, spellings
from tests.forms import ORCID, entry_of, plain_finding, slow

pytest_plugins = ["tests.forms"]


class TestWords:
    pytestmark = slow

    def test_one_fold_and_one_table_of_spellings(self, script, words):
        forms = sorted({form for term in words for form in term.surface_forms})
        odd = [
            "CD34(+)CD38(−)",
            "10⁶",
            "CD34⁺",
            "H₂O",
            "0·52",
            "‘a’ “b”",
            "LEUKAEMIA  of\u2009the",
            "ﬁ",
            "İ",
            "FLT3\uff0dITD",
            *(word for pair in spellings.pairs() for word in pair),
            *spellings.unspelt(),
        ]
        assert script.evaluate("all => all.map(lscTools.fold)", forms + odd) == [
            vocabulary.fold(f) for f in forms + odd
        ]

    def test_a_word_is_found_by_every_form(self, script, words):
        for kind in form_page.data(Site(books.book()))["words"]:
            asked = {form.upper(): term.id for term in words.terms[kind].values() for form in term.surface_forms}
            found = script.evaluate(
                "([kind, all]) => all.map((word) => form.named([kind], word)[0])", [kind, list(asked)]
            )
            assert found == [words.suggest((kind,), word)[0] for word in asked], kind

    def test_what_nobody_sees_is_told_where_it_stands(self, script):
        finding = plain_finding("evolution")
        for code in (
            0x7,
            0x7F,
            0xAD,
            0x34F,
            0x115F,
            0x180E,
            0x200B,
            0x202E,
            0x2060,
            0x2800,
            0xFE0F,
            0xFEFF,
            0xE0041,
            0x1D173,
        ):
            assert re.search(HIDDEN, chr(code))
            entry = entry_of({**finding, "lesions": ["DNMT3A" + chr(code)], "note": f"α 𝛼 a{chr(code)}b"})
            told = [(p["field"], p["found"]) for p in script.evaluate("entry => form.problems(entry, null)", entry)]
            what = f"an invisible character (U+{code:04X}) at column "
            assert ("findings[1].note", f"{what}6") in told
            assert ("findings[1].lesions[1]", f"{what}7") in told
            with pytest.raises(YamlRefused, match=re.escape(what)):
                yaml_nodes.refuse_unseen(entry["findings"][0]["note"], 1, yaml_text.ENTRY)

    @pytest.mark.parametrize("given", [
        "22932223", " PMID: 22932223 ", "pmid:22932223", "PMID 22932223", "https://pubmed.ncbi.nlm.nih.gov/22932223/",
        "pubmed.ncbi.nlm.nih.gov/22932223/?term=jan+2012#abstract", "https://www.ncbi.nlm.nih.gov/pubmed/22932223",
        "https://europepmc.org/article/MED/22932223", "https://doi.org/10.1038/Nature10738", "doi.org/10.1038/nature10738",
        "doi: 10.1038/nature10738", "http://dx.doi.org/10.1038%2Fnature10738", "DOI:10.1038/NATURE10738/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC3503399/", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3503399/", "PMC3503399",
        "https://example.org/22932223", "10.1002/(SICI)1097-0142?x#y", "%", "https://doi.org/10.1/%zz", "", "doi", "pmid",
    ])  # fmt: skip
    def test_pasted_addresses_are_read_alike(self, script, given):
        ours = rules.bare(given)
        assert script.evaluate("given => form.bare(given)", given) == ours
        known = {"22932223": r"2293", "10.1038/nature10738": r"(?i)nature", "PMC3503399": "PMC"}
        if "example" not in given:
            assert all(ours == bare for bare, part in known.items() if re.search(part, given))

    @pytest.mark.parametrize(
        "given",
        [ORCID, f"https://orcid.org/{ORCID}", f" orcid.org/{ORCID}/ ", "http://www.orcid.org/0000-0002-1694-233x", "x"],
    )
    def test_orcid_links_are_read_alike(self, script, given):
        assert script.evaluate("given => form.bareOrcid(given)", given) == rules.bare_orcid(given)
        assert given == "x" or re.fullmatch(r"[0-9-]{18}[0-9X]", rules.bare_orcid(given))


class TestDraft:
    pytestmark = slow

    @pytest.mark.parametrize("stored", [
        "", "{", "null", "[]", "7", '"text"', "{}", '{"findings": 7}', '{"findings": [7, null, "x", []]}',
        '{"findings": [{"theme": {"a": 1}, "cells": "HSC", "effect": [], "support": "page 1"}], "curators": {"a": 1}, "key": 7}',
        '{"findings": [{"theme": "surveillance", "contrast": "LSC against blasts", "with": ["x"]}], "aside": {"1": 7}, "read": "all of it"}',
        '{"findings": [{"theme": "nothing", "__proto__": {"theme": "target"}, "kept": {"constructor": {"x": 1}}}], "aside": []}',
    ])  # fmt: skip
    def test_of_any_shape_is_read(self, script, stored):
        made = script.evaluate("text => drafts.read(text)", stored)
        again = script.evaluate("text => drafts.read(text)", json.dumps(made["state"]))
        assert again == {"state": made["state"], "lost": []}
        assert made["state"]["findings"]
        entry = {
            **entry_of({}),
            "findings": [{"id": "1", **{k: v for k, v in f.items() if k != "kept"}} for f in made["state"]["findings"]],
        }
        assert isinstance(script.evaluate("entry => [form.problems(entry, null), form.yaml(entry)]", entry), list)

    def test_what_has_no_place_any_more_is_told(self, script):
        old = {"findings": [{"theme": "target", "target": "CD123", "with": ["decitabine"], "stage": "approved"}]}
        made = script.evaluate("text => drafts.read(text)", json.dumps(old))
        assert made["lost"] == ['with: ["decitabine"]', "stage: approved"]
        assert made["state"]["findings"][0]["target"] == "CD123"

    def test_answers_of_a_theme_return_and_are_no_other_themes(self, script):
        seen = script.evaluate("""() => {
            const finding = {theme: "identity", claim: "One.", contrast: "LSC against blasts", assay: "CFU"}, seen = [];
            for (const theme of ["surveillance", "target", "identity"]) {
                drafts.turn(finding, theme);
                seen.push(JSON.parse(JSON.stringify(finding)));
                if (theme === "surveillance") finding.contrast = {kind: "test"};
            }
            drafts.turn(finding, "surveillance");
            return [...seen, finding];
        }""")
        assert [(f["theme"], f.get("contrast"), f.get("assay"), f["claim"]) for f in seen] == [
            ("surveillance", None, None, "One."), ("target", None, None, "One."),
            ("identity", "LSC against blasts", "CFU", "One."), ("surveillance", {"kind": "test"}, None, "One."),
        ]  # fmt: skip
