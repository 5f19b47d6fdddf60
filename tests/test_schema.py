"""The JSON Schema: made from the table, committed as made, true of every entry, and refusing what is wrong."""

import csv
import json
import re
import subprocess
import sys

import jsonschema
import pytest

from lscbook import paths
from lscbook.errors import YamlRefused
from lscbook.evidence import fields, findings_source, model, rules, schema, yaml_text

HOSTILE = paths.ROOT / "tests" / "hostile"
EXPECTED = dict(
    list(csv.reader((HOSTILE / "expected.tsv").open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
)


@pytest.fixture(scope="module")
def validator():
    made = json.loads(schema.FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def test_the_committed_file_is_what_the_table_gives():
    assert schema.FILE.read_text(encoding="utf-8") == schema.text(), "run: python scripts/schema.py"


def test_the_version_stands_in_the_id():
    made = schema.make()
    assert made["schema_version"] == schema.SCHEMA_VERSION
    assert made["$id"].endswith(f":{schema.SCHEMA_VERSION}")
    assert re.fullmatch(r"\d+\.\d+\.\d+", schema.SCHEMA_VERSION)


def test_the_script_writes_it_anew():
    before = schema.FILE.read_bytes()
    done = subprocess.run([sys.executable, str(paths.ROOT / "scripts" / "schema.py")], check=False)
    assert done.returncode == 0
    assert schema.FILE.read_bytes() == before


@pytest.mark.parametrize("path", sorted(paths.EVIDENCE.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_entry_fits(validator, path):
    assert [e.message[:300] for e in validator.iter_errors(yaml_text.read_file(path).plain())] == []


# Faults of one value, which a schema can see; links between values, words and files are for `check`.
SEEN = ("HTML", "a link that", "MyST markup", "a Markdown link", "a template", "a spreadsheet formula",
        "is not a PMID", "is a PMC id", "is not a DOI", "is not a date", "is not a number", "is not a p value",
        "is not an ORCID id", "allowed are", "no such field", "missing", "not a mapping", "n and n_unit",
        "names a sentence twice", "says no place", "give pmid", "empty")  # fmt: skip
BAD = sorted(name for name, message in EXPECTED.items() if message.startswith(SEEN))


def test_there_are_enough_bad_files():
    assert len(BAD) > 100


@pytest.mark.parametrize("name", BAD)
def test_a_fault_of_one_value_does_not_fit(validator, name):
    try:
        plain = yaml_text.read_file(HOSTILE / "files" / name).plain()
    except YamlRefused:
        pytest.skip("refused before it can be read")
    assert not validator.is_valid(plain)


@pytest.mark.parametrize("name", sorted(name for name, message in EXPECTED.items() if message == "OK"))
def test_what_must_survive_fits(validator, name):
    assert validator.is_valid(yaml_text.read_file(HOSTILE / "files" / name).plain())


@pytest.mark.parametrize("theme", fields.BY_THEME)
def test_schema_and_model_name_the_same_fields(theme):
    finding = schema.make()["$defs"][f"{theme} finding"]
    for role, required in (
        (None, {*finding["required"], *finding["else"]["required"]}),
        ("context", {*finding["required"], "role"}),
    ):
        members = model.model_of(theme, role).model_fields
        assert set(finding["properties"]) == set(members)
        assert required == {name for name, member in members.items() if member.is_required()} - {"grounding"}


def test_the_types_are_those_of_the_table():
    """`python scripts/schema.py` was run after the table changed."""
    assert findings_source.FILE.read_text(encoding="utf-8") == findings_source.text()


def test_effect_support_and_entry_are_those_of_the_table():
    assert set(model.Effect.model_fields) == {f.name for f in fields.EFFECT}
    assert set(model.Support.model_fields) == {f.name for f in fields.SUPPORT}
    assert list(model.Entry.model_fields) == [*(f.name for f in fields.ENTRY), "findings"]
    read = next(f for f in fields.ENTRY if f.name == "read")
    assert model.Entry.model_fields["read"].annotation.__args__ == read.allowed


def test_patterns_read_alike_in_python_and_in_a_browser():
    for held in rules.RULES.values():
        for rule in held:
            assert not re.search(r"\\[wWdDbB]|\(\?[a-zA-Z]", rule.pattern), rule.pattern
