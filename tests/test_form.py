"""The form of Contribute as the build makes it; and by keyboard in a real browser: what it makes `check` accepts."""

import pytest
from sphinx.errors import ConfigError

from lscbook import corpus, vocabulary
from lscbook.evidence import drafting, fields, proposition, store
from lscbook.site.form import page as form_page
from lscbook.site.opened import Site
from tests.forms import REPOSITORY, TYPED, accepted, begin, by_keyboard, slow

pytest_plugins = ["tests.forms"]


def test_another_address_than_a_repository_is_refused(book):
    for address in ("javascript:alert(1)", "https://example.org/a/b", "https://github.com/a", f"{REPOSITORY}/new"):
        with pytest.raises(ConfigError, match="lscbook_repository"):
            form_page.data(Site(book, address))


def test_every_paper_is_in_the_part_where_the_script_looks(book):
    parts = form_page.parts(book)
    assert list(parts) == list(range(form_page.PARTS))
    for record in corpus.read().records.values():
        for key in filter(None, (record.pmid, record.doi)):
            assert parts[form_page.part(key)][key]["file"] == store.file_name(record)


def test_without_scripts_the_template_stands_in_the_page(tmp_path, book):
    shown = form_page.template(Site(book))
    for theme in fields.THEMES:
        assert theme.proposition in shown
    path = tmp_path / "a.yaml"
    path.write_text(drafting.template())
    assert {p.code for p in store.parse(path).problems} == {"schema"}
    assert "noscript" in form_page.form(Site(book))


READ_BACK = {
    "target": "Venetoclax with azacitidine, compared with azacitidine alone, targeting BCL2, prolongs overall survival (AML, MDS, phase 3).",
    "identity": "CD123 and TIM-3 are higher on LSCs than on normal HSCs (AML).",
    "surveillance": "Flow cytometry MRD, positive versus negative, predicts relapse (AML).",
    "evolution": "",
}


@pytest.mark.parametrize("disk", [False, True], ids=["served", "from disk"])
@pytest.mark.parametrize("theme", TYPED)
class TestByKeyboard:
    pytestmark = slow

    def test_what_the_form_makes_check_accepts(self, opened, free, tmp_path, theme, disk):
        page = opened(disk=disk)
        begin(page, free.pmid)
        assert free.title in page.text_content("#entry-paper")
        by_keyboard(page, theme, TYPED[theme])
        page.keyboard.press("Tab")
        report = accepted(page, tmp_path)
        told = [str(p) for p in report.problems if p.severity == "error"]
        assert told == []
        assert page.text_content("#entry-summary") == ""
        entry = store.parse(tmp_path / store.file_name(free)).entry
        finding = entry.findings[0]
        assert (entry.pmid, finding.theme, finding.direction) == (free.pmid, theme, TYPED[theme].get("direction"))
        said = page.text_content("#entry-findings-1-proposition")
        assert proposition.of(finding, vocabulary.load()) == READ_BACK[theme]
        assert READ_BACK[theme] in said
        assert said.startswith("Context") or finding.role is None
        if theme == "target":
            assert report.good
            assert (finding.target, finding.agents, finding.diseases) == ("BCL2", ("venetoclax",), ("AML", "MDS"))
            assert (finding.reason, finding.partners) == ("no effect shown", ("azacitidine",))
        elif theme == "surveillance":
            assert finding.contrast.against == "negative"
        elif theme == "evolution":
            assert [str(pair) for pair in finding.before] == ["DNMT3A before NPM1 (12)"]
            assert ([pair.terms for pair in finding.exclusive], finding.exclusive_in) == ([("DNMT3A", "TET2")], "clone")
        else:
            assert (finding.effect.p, finding.n, finding.expression) == ("<0.001", 94, {"LSC": "high", "HSC": "low"})
            assert finding.claim == TYPED[theme]["claim"]
