import pytest

from lscbook.errors import QueryInvalid
from lscbook.pubmed import query
from lscbook.pubmed.record import Heading, Record


def answers(search, narrower=None, **fields):
    return query.compile_search(search, narrower)(Record(**{"pmid": "1", "title": "", **fields}))


@pytest.mark.parametrize(
    ("search", "title", "expected"),
    [
        ('"stem cell"[tiab]', "Leukaemic stem-cell biology", True),
        ('"stem cell"[tiab]', "Leukaemic stem cells", False),
        ("leuk*[tiab]", "LEUKÆMIA leukosis", True),
        ("AML[ti] AND MDS[ti]", "AML and MDS", True),
        ("AML[ti] NOT MDS[ti]", "AML and MDS", False),
        ("a1[ti] OR b1[ti] AND c1[ti]", "a1", False),  # from left to right, as PubMed reads it
        ("a1[ti] OR (b1[ti] AND c1[ti])", "a1", True),
        ("NOTCH1[ti]", "NOTCH1 signalling", True),
    ],
)
def test_expressions(search, title, expected):
    assert answers(search, title=title) is expected


def test_tiab_reads_title_abstract_and_keywords():
    assert answers("menin[tiab]", text="A menin inhibitor.")
    assert answers("menin[tiab]", keywords=("menin",))
    assert not answers("menin[ti]", text="menin")


def test_mesh_headings_explode():
    record = {"mesh": (Heading("D1", "Anemia, Refractory"),)}
    assert not answers('"Myelodysplastic Syndromes"[mh]', **record)
    assert answers('"Myelodysplastic Syndromes"[mh]', {"Myelodysplastic Syndromes": ["Anemia, Refractory"]}, **record)


@pytest.mark.parametrize("bad", ["(AML[ti]", "AML", '"open[ti]', "AML[xx] AND MDS[ti]"])
def test_what_cannot_be_read_is_refused(bad):
    with pytest.raises(QueryInvalid):
        query.compile_search(bad)


def test_our_own_query_loads_and_its_blocks_expand():
    asked = query.load()
    assert "#" not in asked.query + asked.snapshot_rule
    assert set(asked.purposes) >= set(asked.themes)


def test_an_unknown_block_is_named(tmp_path):
    file = tmp_path / "query.yaml"
    file.write_text('blocks: {}\nthemes: {}\nquery: "#gone"\nsnapshot_rule: "AML[ti]"\nmesh_narrower: {}\n')
    with pytest.raises(QueryInvalid, match="no block #gone"):
        query.load(file)


def test_a_query_alone_is_enough_and_pubmed_judges_its_syntax(tmp_path):
    file = tmp_path / "query.yaml"
    file.write_text("query: leukemia AND 2020:2024[dp]\n")
    asked = query.load(file)
    assert (asked.query, asked.themes) == ("leukemia AND 2020:2024[dp]", {})


@pytest.mark.parametrize(
    ("bad", "found"),
    [("query: AML[ti]\nquery: MDS[ti]", "line 2: the key 'query' twice"), ("query: &a AML[ti]", "an anchor"),
     ("query: AML\u200b[ti]", r"U\+200B"), ("query: " + "[" * 5000, "more than 8 levels")],
)  # fmt: skip
def test_a_query_that_would_be_misread_in_silence_is_refused(tmp_path, bad, found):
    file = tmp_path / "query.yaml"
    file.write_text(bad + "\n")
    with pytest.raises(QueryInvalid, match=found):
        query.load(file)


def test_a_query_saved_by_an_editor_of_windows_is_read(tmp_path):
    file = tmp_path / "query.yaml"
    file.write_bytes(b"\xef\xbb\xbfquery: AML[ti]\r\n")
    assert query.load(file).query == "AML[ti]"


@pytest.mark.parametrize(
    "bad", ["query: '(AML[ti]'", "query: '\"AML[ti]'", "query: ''", "blocks: {}", "- a", "query: [", "query: '#a'"]
)
def test_a_query_that_is_not_closed_or_not_there_is_refused(tmp_path, bad):
    file = tmp_path / "query.yaml"
    file.write_text(bad + "\n")
    with pytest.raises(QueryInvalid):
        query.load(file)


def test_every_paper_that_was_judged_in_is_in_the_corpus():
    from lscbook import corpus, screening

    known = corpus.read()
    included = [row.pmid for row in screening.read() if row.decision == "include"]
    assert len(included) > 100
    assert [pmid for pmid in included if known.find(pmid) is None] == []


def test_the_snapshot_rule_keeps_every_paper_that_we_curate(shared):
    import json

    from lscbook import corpus

    known = corpus.read()
    facts = [json.loads(line) for line in (shared / "evidence" / "facts.jsonl").read_text().splitlines()]
    assert [f["pmid"] for f in facts if f.get("pmid") and str(f["pmid"]) not in known.records] == []
