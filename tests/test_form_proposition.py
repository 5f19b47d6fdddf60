"""The form reads a finding back in the words of Python. Slow."""

import random

import pytest

from lscbook import paths, vocabulary
from lscbook.errors import PropositionMissing
from lscbook.evidence import fields, model, proposition, yaml_text
from tests.forms import slow

pytest_plugins = ["tests.forms"]


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
        if kind == "couples":
            return [dice.sample(terms, 2) for _ in range(dice.randint(1, 3))]
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
