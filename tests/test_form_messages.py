"""The form says of a fault what `check` says, at the place where it is. Slow."""

from lscbook import corpus, paths, vocabulary
from lscbook.errors import YamlRefused
from lscbook.evidence import check, fields, yaml_canonical, yaml_text
from tests.forms import ORCID, begin, entry_of, plain_finding, slow

pytest_plugins = ["tests.forms"]

HOSTILE = paths.ROOT / "tests" / "hostile"
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
            elif kind in {"pairs", "couples"}:
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
    if kind == "couples":
        return [None, [], [["DNMT3A"]], [["DNMT3A", "DNMT3A"]], [["TP53", "NPM1"]], [["DNMT3A", "NPM1", "1"]],
                [["DNMT3A", "TET2"], ["TET2", "DNMT3A"]], [["NPM1", "DNMT3A"]], *([["DNMT3A", word]] for word in WRONG)]
    if kind in {"effect", "contrast", "support"}:
        inner = (f for f in fields.NESTED[field.type] if f.type.value not in {"grounding", "counts", "interval"})
        return [None, {}, *({**(was or {}), f.name: word} for f in inner for word in (*WRONG, *f.allowed)),
                *({k: v for k, v in (was or {}).items() if k != gone} for gone in was or {})]  # fmt: skip
    if kind == "populations":
        return [None, {}, *({"LSC": one, "HSC": two} for one in words for two in ("high", "low"))]
    return [None, *words]
