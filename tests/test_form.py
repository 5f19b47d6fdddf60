"""The form of Contribute in a real browser: what it makes `check` accepts, and what it says `check` says. Slow."""

import json
import random
import re
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
from sphinx.errors import ConfigError

from lscbook import corpus, paths, vocabulary, yaml_nodes
from lscbook.errors import PropositionMissing, YamlRefused
from lscbook.evidence import check, drafting, fields, model, proposition, rules, store, yaml_canonical, yaml_text
from lscbook.site import scripts
from lscbook.site.form import page as form_page
from lscbook.site.opened import Site
from lscbook.text import HIDDEN
from tests import books
from tests.pages import serve

slow = [pytest.mark.slow, pytest.mark.xdist_group("site")]
REPOSITORY = "https://github.com/example/lsc-evidence-book"
ORCID = "0000-0002-1825-0097"
HOSTILE = paths.ROOT / "tests" / "hostile"


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


@pytest.fixture(scope="module")
def site(built, book, tmp_path_factory):
    """The site with a repository, to which the form can offer a pull request."""
    folder = tmp_path_factory.mktemp("form") / "html"
    shutil.copytree(built, folder)
    form_page.write(folder, Site(book, REPOSITORY))
    return folder


@pytest.fixture(scope="module")
def served(site):
    with serve(site) as address:
        yield address


@pytest.fixture
def opened(site, served, chromium):
    """Open the page; at the end nothing was asked of another host, and nothing failed."""
    faults, contexts = [], []

    def open_(*, disk=False, width=1280, mode="light"):
        start = site.as_uri() if disk else served
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=mode, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: faults.append(r.url) if not r.url.startswith((start, "data:", "blob:")) else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(f"{start}/book/contribute.html")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="module")
def free():
    """A record of the corpus with an abstract and no entry."""
    known, evidence = corpus.read(), store.read()
    return next(
        r
        for r in known.records.values()
        if r.pmid
        and r.doi
        and r.abstract
        and r.key not in evidence.entries
        and not set(r.types) & set(fields.STUDIES_OF_TYPE)
    )


def begin(page, key):
    page.fill("#entry-key", key)
    page.press("#entry-key", "Tab")
    page.wait_for_selector("#entry-yaml")
    page.wait_for_function("k => document.getElementById('entry-yaml').textContent.includes(k)", arg=key)


@pytest.fixture(scope="module")
def script(chromium, book):
    """A page of nothing but the rules of the form, which needs no site."""
    page = chromium.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_script_tag(content=scripts.assignment("lscFormData", form_page.data(Site(book))))
    rooms = paths.ROOT / "lscbook" / "site"
    for file in ("search/assets/words.js", *(f"form/assets/form-{name}.js" for name in PARTS)):
        page.add_script_tag(path=rooms / file)
    page.evaluate("window.form = lscEntry(lscFormData); window.drafts = lscDraft(lscFormData)")
    yield page
    page.close()
    assert faults == []


PARTS = ("proposition", "together", "draft", "entry")


def accepted(page, tmp_path):
    """What `check` says of the file that the page lets one download."""
    with page.expect_download() as download:
        page.click("#entry-download")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.read_text(encoding="utf-8") == page.text_content("#entry-yaml")
    # as on the machine that checks a pull request, which has no abstracts
    return check.run([path], context=check.Context(corpus.read(), vocabulary.load(), {}))


TYPED = {
    "target": {
        "direction": "does_not_support", "reason": "no effect shown", "directness": "direct", "study": "phase 3", "level": "A",
        "diseases": ["acute myeloid leukaemia", "MDS"], "target": "BCL2", "aspect": "efficacy", "stage": "phase 3",
        "end_point": "overall survival", "agents": ["ABT-199"], "partners": ["azacitidine"], "comparator": "azacitidine alone",
        "claim": "A test: no claim about this paper.", "support.full_text": "Figure 2B: left",
    },
    "identity": {
        "direction": "supports", "directness": "direct", "study": "cohort", "level": "B", "diseases": ["AML"],
        "subjects": ["CD123", "TIM3"], "contrast": "LSC against normal HSC", "relative": "higher",
        "claim": "Another test, long enough to be folded: CD34+CD38- cells, p<0.05, \"quoted\" words and a colon: all of it stays as it is.",
        "expression-0": "high", "expression-1": "low", "fraction": "CD34+CD38-", "n": "94", "n_unit": "patients",
        "effect.measure": "HR", "effect.value": "1.9", "effect.ci-0": "1.2", "effect.ci-1": "3.0", "effect.p": "<0.001",
        "support.sentences": "1", "note": "A doubt.",
    },
    "surveillance": {
        "direction": "inconclusive", "directness": "direct", "study": "cohort", "level": "B", "diseases": ["AML"],
        "assay": "flow cytometry MRD", "contrast.kind": "test", "contrast.of": "positive", "contrast.against": "negative",
        "end_point": "relapse", "claim": "A third test.", "support.full_text": "Table 1",
    },
    "evolution": {
        "role": "context", "study": "review", "level": "E", "diseases": ["AML"], "lesions": ["DNMT3A", "NPM1"],
        "before-0-0": "DNMT3A", "before-0-1": "NPM1", "before-0-2": "12", "claim": "A fourth test.", "support.full_text": "Table 1",
    },
}  # fmt: skip
READ_BACK = {
    "target": "Venetoclax with azacitidine, compared with azacitidine alone, targeting BCL2, prolongs overall survival (AML, MDS, phase 3).",
    "identity": "CD123 and TIM-3 are higher on LSCs than on normal HSCs (AML).",
    "surveillance": "Flow cytometry MRD, positive versus negative, predicts relapse (AML).",
    "evolution": "",
}


def by_keyboard(page, theme, answers):
    """Fill one finding with keys alone, going from field to field with Tab."""

    def go(name):
        wanted = "entry-" + re.sub(r"[^a-z0-9]+", "-", name)
        for _ in range(400):
            if page.evaluate("document.activeElement.id") == wanted:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by Tab")

    def choose(word):
        page.keyboard.type(word)

    page.locator("#entry-key").focus()
    go("read")
    choose("full text" if theme == "target" else "abstract")
    go("curators")
    page.keyboard.type(ORCID)
    go("findings-1-theme")
    choose(theme)
    left = dict(answers)
    order = page.evaluate("[...document.querySelectorAll('#entry-form [id]')].map(e => e.id)")
    left = {name: left[name] for name in sorted(left, key=lambda n: n != "role")}  # it decides what is asked
    for name in sorted(left, key=lambda n: order.index("entry-findings-1-" + re.sub(r"[^a-z0-9]+", "-", n))):
        place = "findings-1-" + name
        if page.evaluate("id => Boolean(document.getElementById(id).closest('details:not([open])'))",
                         "entry-" + re.sub(r"[^a-z0-9]+", "-", place)):  # fmt: skip
            for _ in range(400):
                if page.evaluate("document.activeElement.tagName") == "SUMMARY":
                    break
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        go(place)
        for word in [left[name]] if isinstance(left[name], str) else left[name]:
            page.keyboard.type(word)
            if not isinstance(left[name], str):
                page.keyboard.press("Enter")
        if name in {"role", "direction"}:
            page.keyboard.press("Tab")  # what hangs on it is asked now


@pytest.mark.slow
@pytest.mark.xdist_group("site")
@pytest.mark.parametrize("disk", [False, True], ids=["served", "from disk"])
def test_an_address_with_a_paper_begins_the_form_with_it(opened, free, disk):
    """As the page *Help us read* links; nobody has touched the form."""
    page = opened(disk=disk)
    page.goto(f"{page.url}#paper={free.pmid}")
    page.reload()
    page.wait_for_selector("#entry-yaml")
    page.wait_for_function("t => document.getElementById('entry-paper').textContent.includes(t)", arg=free.title)
    assert page.input_value("#entry-key") == free.pmid


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
        else:
            assert (finding.effect.p, finding.n, finding.expression) == ("<0.001", 94, {"LSC": "high", "HSC": "low"})
            assert finding.claim == TYPED[theme]["claim"]


SAME = {"schema", "vocabulary", "consistency"}


class TestSameMessages:
    pytestmark = slow

    def test_as_check_gives_them(self, script, tmp_path):
        """Every hostile file that can be read, and every field of a good one made wrong."""
        known = corpus.Corpus({}, {})
        context = check.Context(known, vocabulary.load(), {}, ())
        compared = 0
        for path in (*sorted((HOSTILE / "files").iterdir()), *broken(tmp_path)):
            try:
                plain = yaml_text.read_file(path).plain()
            except YamlRefused:
                continue
            if not shaped(plain):
                continue
            ours = [p for p in check.run([path], context=context).problems if p.code in SAME]
            theirs = script.evaluate("entry => form.problems(entry, null)", plain)
            one = {(p.field, p.found, p.remedy) for p in ours}
            two = {(p["field"], p["found"], p["remedy"]) for p in theirs}
            assert one <= two if any(p.code == "schema" for p in ours) else one == two, (path.name, one ^ two)
            compared += 1
        assert compared > 900

    def test_each_place_shows_its_own(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        page.select_option("#entry-findings-1-theme", "resistance")
        page.fill("#entry-findings-1-claim", "see [this](https://example.org)")
        page.press("#entry-findings-1-claim", "Tab")
        assert page.text_content("#entry-findings-1-claim-fault") == (
            "a Markdown link: '[this]('; write plain words, links and markup have no place here"
        )
        assert page.text_content("#entry-findings-1-study-fault") == ""  # not yet been there
        page.fill("#entry-curators", "0000-0002-1825-0098")
        page.click("#entry-copy")
        assert "wrong check digit" in page.text_content("#entry-curators-fault")
        summary = page.locator("#entry-summary")
        assert summary.get_attribute("role") == "alert"
        assert page.evaluate("document.activeElement.id") == "entry-summary"
        summary.locator("a", has_text="findings[1].study").click()
        assert page.evaluate("document.activeElement.id") == "entry-findings-1-study"
        page.evaluate("window.opened = 0; window.open = () => { window.opened++ }")
        page.click("#entry-open")
        assert len(page.context.pages) == 1  # with faults nothing is opened


def shaped(plain):
    """Whether scalars, lists and mappings stand where the form puts them."""
    if not isinstance(plain, dict) or not isinstance(plain.get("findings"), list):
        return False
    many = {"words", "terms", "texts", "ORCIDs", "counts", "interval"}
    inner = {"effect", "contrast", "support", "populations"}

    def fits(table, given):
        by_name = {f.name: f for f in table}
        if not isinstance(given, dict) or set(given) - set(by_name):
            return False
        for name, value in given.items():
            kind = by_name[name].type.value
            if kind == "grounding":
                return False
            if kind in many:
                if not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
                    return False
            elif kind == "pairs":
                if not (isinstance(value, list) and all(isinstance(v, list) for v in value)):
                    return False
                if not all(isinstance(part, str) for pair in value for part in pair):
                    return False
            elif kind in inner:
                nested = fields.NESTED.get(by_name[name].type)
                if not isinstance(value, dict) or (nested and not fits(nested, value)):
                    return False
            elif not isinstance(value, str):
                return False
        return True

    head = {k: v for k, v in plain.items() if k != "findings" and v != []}
    themes = [f.get("theme") if isinstance(f, dict) else None for f in plain["findings"]]
    return fits(fields.ENTRY, head) and all(
        isinstance(t, str) and fits(fields.fields_of(t) if t in fields.BY_THEME else (*fields.COMMON, *sum((x.fields for x in fields.THEMES), ())), f)
        for t, f in zip(themes, plain["findings"], strict=True)
    )  # fmt: skip


WRONG = ("", "it's", 'say "no" it\'s', "−7", "1,9", "p=0.05", "9", "Venetoklax", "AMLL", "TP 53", "PMC12", "2026-13-01",
         "0000-0002-1825-0098", "<b>x</b>", "{{x}}", "`x`", "[a](b)", "=1+1", "javascript:x", "DATA: x")  # fmt: skip


def broken(folder):
    """A finding of each theme, counted and context, with each field in turn left out, emptied or made wrong."""
    made = []
    for theme in fields.BY_THEME:
        for role in (None, "context"):
            good = plain_finding(theme, role)
            for field in fields.fields_of(theme):
                for number, changed in enumerate(changes(field, good.get(field.name))):
                    finding = {k: v for k, v in {**good, field.name: changed}.items() if v is not None}
                    path = folder / f"{theme}-{role}-{field.name}-{number}.yaml"
                    path.write_text(yaml_canonical.dump(entry_of(finding)), encoding="utf-8")
                    made.append(path)
    for number, change in enumerate(
        {**entry_of(plain_finding("evolution")), **own}
        for own in ({"curators": [ORCID, ORCID]}, {"curators": [ORCID] * 51}, {"reviewers": [ORCID], "curators": [ORCID]}, {"pmid": "PMC7"})
    ):  # fmt: skip
        made.append(folder / f"entry-{number}.yaml")
        made[-1].write_text(yaml_canonical.dump(change), encoding="utf-8")
    return made


def entry_of(finding):
    return {
        "pmid": "1",
        "read": "abstract",
        "curators": [],
        "reviewers": [],
        "added": "2026-11-24",
        "findings": [finding],
    }


def plain_finding(theme, role=None):
    """A good finding with every field of its theme, as a file has it."""
    own = {
        "evolution": {"lesions": ["DNMT3A"], "order": "early", "cells": ["HSC"], "before": [["DNMT3A", "NPM1", "3"]]},
        "identity": {"subjects": ["CD123"], "contrast": "LSC against normal HSC", "relative": "higher",
                     "expression": {"LSC": "high", "HSC": "low"}, "fraction": "CD34+"},
        "resistance": {"mechanism": "not told", "escaped": ["venetoclax"], "process": "selected", "acquisition": "acquired"},
        "surveillance": {"assay": "PCR MRD", "contrast": {"kind": "test", "of": "positive", "against": "negative"},
                         "end_point": "relapse", "threshold": "0.1%"},
        "target": {"target": "CD123", "agents": ["talacotuzumab"], "partners": ["decitabine"], "comparator": "decitabine",
                   "aspect": "efficacy", "stage": "phase 3", "end_point": "relapse", "outcome": "activity seen"},
    }[theme]  # fmt: skip
    given = {"id": "1", "theme": theme, "claim": "A claim.", "diseases": ["AML"], "study": "phase 3", "level": "B", "n": "94",
             "n_unit": "patients", "effect": {"measure": "HR", "value": "1.9", "ci": ["1.2", "3.0"], "p": "<0.001"},
             "genes": ["TP53"], "support": {"full_text": "page 1"}}  # fmt: skip
    counted = {"direction": "supports", "directness": "direct"}
    return given | ({"role": role} if role else counted) | own


def changes(field, was):
    """Other answers to a field: none, each wrong word, and each word that it takes."""
    kind, words = field.type.value, (*WRONG, *field.allowed)
    if kind in {"id", "grounding"} or field.name == "theme":
        return []
    if kind in {"words", "terms", "texts"}:
        return [None, [], *([word] for word in words)]
    if kind == "pairs":
        return [None, [], [["DNMT3A"]], [["DNMT3A", "DNMT3A"]], [["TP53", "NPM1"]], [["DNMT3A", "NPM1", "0"]],
                [["DNMT3A", "NPM1", "1", "2"]], *([["DNMT3A", word]] for word in WRONG)]  # fmt: skip
    if kind in {"effect", "contrast", "support"}:
        inner = (f for f in fields.NESTED[field.type] if f.type.value not in {"grounding", "counts", "interval"})
        return [None, {}, *({**(was or {}), f.name: word} for f in inner for word in (*WRONG, *f.allowed)),
                *({k: v for k, v in (was or {}).items() if k != gone} for gone in was or {})]  # fmt: skip
    if kind == "populations":
        return [None, {}, *({"LSC": one, "HSC": two} for one in words for two in ("high", "low"))]
    return [None, *words]


def sentence(finding, words):
    """The proposition, or the field that it lacks and what to do."""
    try:
        return proposition.of(finding, words)
    except PropositionMissing as missing:
        return {"field": missing.field, "remedy": missing.remedy}


def drawn(dice, theme):
    """A finding of this theme with answers drawn by lot, as a file has it."""
    words = vocabulary.load()

    def answer(field):
        kind = field.type.value
        terms = [term for vocab in field.vocabularies for term in words.terms[vocab]]
        if kind in {"word", "words"}:
            chosen = dice.sample(field.allowed, dice.randint(1, min(3, len(field.allowed))))
            return chosen[0] if kind == "word" else chosen
        if kind in {"term", "terms"}:
            chosen = dice.sample(terms, dice.randint(1, 4))
            return chosen[0] if kind == "term" else chosen
        if kind == "pairs":
            return [dice.sample(terms, 2) + dice.choice([[], ["3"]]) for _ in range(dice.randint(1, 3))]
        if kind == "contrast":
            return {"kind": dice.choice(field_of("kind").allowed), "of": dice.choice(TEXTS)} | dice.choice(
                [{}, {"against": dice.choice(TEXTS)}]
            )
        return dice.choice(TEXTS) if kind == "text" else None

    def field_of(name):
        return next(f for f in fields.CONTRAST if f.name == name)

    given = {f.name: answer(f) for f in fields.BY_THEME[theme].fields if f.counted or dice.random() < 0.6}
    common = {"id": "1", "theme": theme, "claim": "A claim.", "support": {"full_text": "page 1"}, "level": "B",
              "direction": "supports", "directness": "direct", "study": dice.choice(fields.STUDIES)}  # fmt: skip
    more = {f.name: answer(f) for f in fields.COMMON if f.name in {"diseases", "genes", "markers"}}
    return {k: v for k, v in {**common, **more, **given}.items() if v}


TEXTS = (
    "positive",
    "ß-globin, high",
    "10⁶ cells",
    '"quoted"',
    "it's",
    "{of}",
    "$1 & $&",
    "ǆ",
    "𝛼",
    "two  spaces",
    "<b>",
)


class TestProposition:
    pytestmark = slow

    def test_every_finding_of_the_book_is_read_back_as_in_python(self, script, evidence, words):
        plain = [
            finding
            for path in sorted(paths.EVIDENCE.glob("*.yaml"))
            for finding in yaml_text.read_file(path).plain()["findings"]
        ]
        known = {f.finding.id + f.finding.claim: f.finding for f in evidence.findings}
        ours = [sentence(known[f["id"] + " ".join(f["claim"].split())], words) for f in plain]
        assert script.evaluate("all => all.map(form.proposition)", plain) == ours
        assert len(set(ours)) > 300

    @pytest.mark.parametrize("theme", fields.BY_THEME)
    def test_and_any_other_that_the_table_allows(self, script, words, theme):
        dice = random.Random(theme)
        plain = [drawn(dice, theme) for _ in range(400)]
        ours, kept = [], []
        for finding in plain:
            try:
                ours.append(sentence(model.model_of(theme, None).model_validate(finding), words))
            except ValueError:
                continue  # a text that is refused has no sentence
            kept.append(finding)
        assert script.evaluate("all => all.map(form.proposition)", kept) == ours
        assert len(kept) > 150
        assert len({str(told) for told in ours}) > 50

    def test_what_is_not_filled_in_yet_is_a_hole(self, script):
        for theme in fields.BY_THEME:
            told = script.evaluate("theme => form.proposition({theme})", theme)
            assert "…" in told if isinstance(told, str) else told["field"] == "order", theme
        assert script.evaluate("form.proposition({theme: 'target', role: 'context'})") == ""


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
            *british(),
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


def british():
    return [word for pair in vocabulary.AMERICAN.items() for word in pair]


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


class TestPage:
    pytestmark = slow

    def test_every_entry_of_the_book_is_written_as_fix_writes_it(self, script):
        for path in sorted(paths.EVIDENCE.glob("*.yaml")):
            plain = yaml_text.read_file(path).plain()
            written = script.evaluate("entry => form.yaml(entry)", plain)
            for finding in plain["findings"]:
                finding["support"].pop("grounding", None)
            assert written == path.read_text(encoding="utf-8"), path.name

    def test_file_names_are_those_of_check(self, script):
        for record in list(corpus.read().records.values())[::7]:
            given = {"author": record.first_author, "year": record.year, "key": record.key}
            assert script.evaluate("g => form.fileName(g)", given) == store.file_name(record)

    def test_another_number_a_known_paper_and_an_unknown_one(self, opened):
        page = opened()
        begin(page, "PMC3503399")
        assert page.text_content("#entry-key-fault").startswith("'PMC3503399' is a PMC id")
        begin(page, "22932223")
        assert rules.KNOWN.format(key="22932223", file="jan-2012-22932223.yaml") in page.text_content(
            "#entry-key-fault"
        ).replace("; ", ": ")
        assert (
            page.get_attribute("#entry-paper a", "href")
            == f"{REPOSITORY}/edit/main/data/evidence/jan-2012-22932223.yaml"
        )
        begin(page, "999999999")
        page.fill("#entry-author", "Quintás-Cardama")
        page.fill("#entry-year", "2026")
        assert page.text_content("#entry-file") == "data/evidence/quintas-cardama-2026-999999999.yaml"

    def test_a_doi_of_the_corpus_becomes_its_pmid(self, opened, free):
        page = opened()
        page.fill("#entry-key", f"https://doi.org/{free.doi.upper()}")
        page.press("#entry-key", "Tab")
        page.wait_for_function(
            "k => (document.getElementById('entry-yaml') || {}).textContent?.includes(k)", arg=free.pmid
        )
        assert "doi:" not in page.text_content("#entry-yaml")

    def test_the_link_carries_name_and_text_and_gives_way_when_too_long(self, opened, free, tmp_path):
        page = opened()
        begin(page, free.pmid)
        by_keyboard(page, "target", TYPED["target"])
        asked = parse_qs(urlsplit(page.get_attribute("#entry-open", "href")).query, keep_blank_values=True)
        assert asked["filename"] == [store.file_name(free)]
        assert asked["value"] == [page.text_content("#entry-yaml")]
        page.context.route("https://github.com/**", lambda route: route.abort())
        page.fill("#entry-findings-1-claim", "µ" * 990)
        page.evaluate("document.getElementById('entry-findings-1-note').closest('details')?.setAttribute('open', '')")
        page.fill("#entry-findings-1-note", "µ" * 990)
        page.click("#entry-open")
        assert "too long for GitHub" in page.text_content("#entry-status")
        assert len(page.context.pages) == 1
        accepted(page, tmp_path)

    def test_several_findings_and_a_draft_that_outlives_a_reload(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        page.select_option("#entry-findings-1-theme", "evolution")
        page.check("#entry-findings-1-cells-0")
        page.click("#entry-add")
        page.select_option("#entry-findings-2-theme", "target")
        page.fill("#entry-findings-2-claim", "A draft.")
        page.reload()
        page.wait_for_selector("#entry-findings-2-claim")
        assert page.input_value("#entry-findings-2-claim") == "A draft."
        assert page.is_checked("#entry-findings-1-cells-0")
        assert "cells: [HSC]" in page.text_content("#entry-yaml")
        page.click("text=Remove finding 2")
        assert page.locator("#entry-findings-2-claim").count() == 0
        page.on("dialog", lambda dialog: dialog.accept())
        page.click("#entry-clear")
        page.reload()
        assert page.input_value("#entry-key") == ""

    def test_a_synonym_becomes_the_term_and_typed_markup_stays_text(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        page.select_option("#entry-findings-1-theme", "resistance")
        page.fill("#entry-findings-1-escaped", "ABT-199")
        page.press("#entry-findings-1-escaped", "Enter")
        page.fill("#entry-findings-1-escaped", "<img src=x onerror=window.hurt=1>")
        page.press("#entry-findings-1-escaped", "Enter")
        page.fill("#entry-findings-1-claim", "<img src=x onerror=window.hurt=1>")
        page.click("#entry-copy")
        assert page.locator(".chips li").all_text_contents()[0].startswith("venetoclax")
        assert page.evaluate("window.hurt") is None
        assert page.locator("#entry-form img").count() == 0

    def test_answers_of_a_chapter_return_when_one_switches_back(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        theme, mechanism = "#entry-findings-1-theme", "#entry-findings-1-mechanism"
        page.select_option(theme, "resistance")
        page.fill(mechanism, "not told")
        page.fill("#entry-findings-1-claim", "A claim.")
        page.select_option(theme, "identity")
        assert page.locator(mechanism).count() == 0
        assert "mechanism" not in page.text_content("#entry-yaml")
        page.reload()
        page.select_option(theme, "resistance")
        assert page.input_value(mechanism) == "not told"
        assert page.input_value("#entry-findings-1-claim") == "A claim."

    def test_another_paper_takes_nothing_of_the_last_one_with_it(self, opened, free):
        page = opened()
        begin(page, "999999999")
        page.fill("#entry-author", "Someone")
        page.fill("#entry-year", "1999")
        page.select_option("#entry-findings-1-theme", "resistance")
        page.fill("#entry-findings-1-claim", "A claim of the first.")
        page.fill("#entry-findings-1-support-sentences", "7")
        page.fill("#entry-key", free.pmid)
        page.press("#entry-key", "Tab")
        page.wait_for_selector("#entry-carry")
        assert "A claim of the first" not in page.text_content("#entry-yaml")
        assert page.text_content("#entry-file") == f"data/evidence/{store.file_name(free)}"
        page.fill("#entry-key", "888888888")
        assert free.pmid not in page.text_content("#entry-yaml")  # at once, and not when the field is left
        assert free.title not in page.text_content("#entry-paper")
        page.press("#entry-key", "Tab")
        page.wait_for_selector("#entry-typed:not([hidden])")
        assert page.input_value("#entry-author") == page.input_value("#entry-year") == ""
        page.fill("#entry-key", "999999999")
        page.press("#entry-key", "Tab")
        page.wait_for_selector("#entry-findings-1-claim")
        assert page.input_value("#entry-findings-1-claim") == "A claim of the first."
        assert page.input_value("#entry-author") == "Someone"

    def test_a_mistyped_number_costs_nothing(self, opened, free):
        page = opened()
        begin(page, "999999999")
        page.select_option("#entry-findings-1-theme", "resistance")
        page.fill("#entry-findings-1-claim", "A claim.")
        page.fill("#entry-key", free.pmid)
        page.press("#entry-key", "Tab")
        page.click("#entry-carry")
        assert page.input_value("#entry-findings-1-claim") == "A claim."
        assert free.pmid in page.text_content("#entry-yaml")
        assert page.text_content("#entry-aside") == ""

    @pytest.mark.parametrize(
        "stored", ['{"findings": [7]}', '{"findings": [{"theme": "target", "with": ["x"], "effect": 7}]}', "{", "[]"]
    )
    def test_a_draft_of_another_shape_breaks_nothing(self, opened, free, stored):
        page = opened()
        page.evaluate("text => localStorage.setItem('lsc-evidence-draft', text)", stored)
        page.reload()
        page.wait_for_selector("#entry-yaml", state="attached")
        if "with" in stored:
            assert 'with: ["x"]; effect: 7' in page.text_content("#entry-status")
        begin(page, free.pmid)

    def test_addresses_and_links_are_taken_as_pasted(self, opened, free):
        page = opened()
        page.fill("#entry-key", f"https://pubmed.ncbi.nlm.nih.gov/{free.pmid}/?from=x")
        page.press("#entry-key", "Tab")
        page.wait_for_function(
            "k => document.getElementById('entry-yaml')?.textContent.includes(k)", arg=f"pmid: {free.pmid}\n"
        )
        page.fill("#entry-curators", f"https://orcid.org/{ORCID}, orcid.org/0000-0002-1694-233x")
        page.press("#entry-curators", "Tab")
        assert f"curators: [{ORCID}, 0000-0002-1694-233X]" in page.text_content("#entry-yaml")
        assert page.text_content("#entry-curators-fault") == ""

    def test_what_hangs_on_role_and_direction_is_asked_only_then(self, opened, free):
        page = opened()
        begin(page, free.pmid)
        page.select_option("#entry-findings-1-theme", "resistance")
        at = "#entry-findings-1-"
        assert page.is_visible(f"{at}direction")
        assert not page.is_visible(f"{at}reason")
        page.select_option(f"{at}direction", "does_not_support")
        page.select_option(f"{at}reason", "harm")
        assert "reason: harm" in page.text_content("#entry-yaml")
        page.select_option(f"{at}direction", "supports")
        assert not page.is_visible(f"{at}reason")
        assert "reason" not in page.text_content("#entry-yaml")
        page.select_option(f"{at}role", "context")
        assert not page.is_visible(f"{at}direction")
        assert page.locator(f"{at}directness").count() == 0
        assert "direction" not in page.text_content("#entry-yaml")
        assert page.locator("label[for=entry-findings-1-mechanism] .required").count() == 0
        page.select_option(f"{at}role", "")
        assert page.input_value(f"{at}direction") == "supports"
        assert page.locator("label[for=entry-findings-1-mechanism] .required").count() == 1

    def test_a_paper_that_was_screened_out_is_told(self, opened, book):
        out = next(d for d in book.decisions if d.decision == "exclude" and book.corpus.find(d.pmid))
        page = opened()
        begin(page, out.pmid)
        assert out.reason in page.text_content("#entry-excluded")

    def test_the_script_is_on_no_other_page(self, site):
        assert "form.js" in (site / "book" / "contribute.html").read_text()
        assert "form.js" not in (site / "book" / "data.html").read_text()

    def test_without_a_repository_there_is_copy_and_download_only(self, opened, free):
        page = opened()
        page.route("**/form-data.js", lambda route: route.fulfill(
            body=route.fetch().text().replace(f'"repository":"{REPOSITORY}"', '"repository":""'),
            content_type="text/javascript"))  # fmt: skip
        begin(page, free.pmid)
        assert page.locator("#entry-open").count() == 0
        assert page.locator("#entry-copy").count() == page.locator("#entry-download").count() == 1
        how = page.text_content("#entry-how")
        assert f"data/evidence/{store.file_name(free)}" in how
        assert "pull request" in how

    @pytest.mark.parametrize("mode", ["light", "dark"])
    @pytest.mark.parametrize("width", [390, 1280])
    def test_axe_finds_nothing_and_nothing_scrolls_sideways(self, opened, free, width, mode):
        from axe_playwright_python.sync_playwright import Axe

        page = opened(width=width, mode=mode)
        begin(page, free.pmid)
        for theme in fields.BY_THEME:
            page.select_option("#entry-findings-1-theme", theme)
            page.evaluate("document.querySelectorAll('#entry-form details').forEach(d => d.open = true)")
            page.fill("#entry-findings-1-diseases", "AML")
            page.press("#entry-findings-1-diseases", "Enter")
            page.click("#entry-copy")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, theme
            results = Axe().run(page)
            assert [(v["id"], v["nodes"][0]["html"][:200]) for v in results.response["violations"]] == [], theme
