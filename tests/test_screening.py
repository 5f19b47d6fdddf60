"""The ledgers: decisions, searches that found nothing, second readings; each line is held, none hides another."""

import subprocess
import sys
from dataclasses import replace

import pytest

from lscbook import corpus, paths, screening
from lscbook.evidence import blind_reading, check, check_ledgers, prose, reviewing, store
from lscbook.pubmed.parse import parse_path
from lscbook.pubmed.record import Record
from lscbook.screening.ledger import LedgerInvalid
from lscbook.text import digest
from tests import books

HEAD = "kind\tterm\tsearch\tdate\tfound\tnote\n"
GOOD = "targets\tCD25\tCD25[tiab]\t2026-11-24\t0\twhere\n"
ORCID = "0000-0002-1825-0097"


def test_the_committed_searches_are_read():
    rows = screening.searches()
    assert len(rows) >= 5
    assert {row.kind for row in rows} == {"targets", "mechanisms"}


def test_a_search_counts_the_records_that_it_finds_and_says_where_it_looked():
    """Titles of all, keywords, and the abstracts that are at hand: one title, one abstract, and two that are neither."""
    records = {"1": Record("1", "CD25 on stem cells", date="2020"), "2": Record("2", "Antigens of AML", date="2021"),
               "3": Record("3", "CD250 is another", date="2022"), "4": Record("4", "Antigens again", date="2022")}  # fmt: skip
    known = corpus.Corpus(records, {"as_of": "2026-01-01"})
    row, found = screening.look("targets", "CD25", "CD25[tiab]", known, {"2": "We stained CD25.", "4": "We did not."})
    assert [record.pmid for record in found] == ["1", "2"]
    assert (row.found, row.date) == ("2", "2026-01-01")
    assert row.note == ("titles, keywords and 2 abstracts of the partial snapshot of 2026-01-01 (4 records); "
                        "PubMed itself was not asked")  # fmt: skip


def test_what_became_of_a_record_found_is_told():
    found = [Record(key, "Antigens of AML", date="2020") for key in ("1", "2", "3")]
    decided = [screening.Decision("2", "exclude", "other disease", "2026-01-01", "")]
    assert screening.states(found, {"1"}, decided) == {"1": "curated", "2": "other disease", "3": screening.NOT_JUDGED}


def test_each_search_finds_today_what_its_line_says(shared):
    """Recomputed where line and snapshot are of one day, with the abstracts that the snapshot was made from."""
    known = corpus.read()
    files = [shared / "pubmed" / "records.xml.gz", *sorted((shared / "pubmed" / "xml").glob("*.xml.gz"))]
    abstracts = {r.pmid: r.text for f in files for r in parse_path(f) if isinstance(r, Record) and r.text
                 and r.pmid in known.records and digest(r.text) == (known.records[r.pmid].abstract or {}).get("sha256")}  # fmt: skip
    abstracts |= {r.key: r.text for r in corpus.iterate_list(shared / "pubmed" / "doi_records.jsonl") if r.text}
    for row in screening.searches():
        if row.date == known.as_of:
            again, _ = screening.look(row.kind, row.term, row.search, known, abstracts)
            # what curators read on stored pages is in their caches alone: with fewer abstracts no more is found
            whole = f" {sum(bool(abstracts.get(key)) for key in known.records)} abstracts " in row.note
            assert again.found == row.found if whole else int(again.found) <= int(row.found), row.term
            assert "PubMed itself was not asked" in row.note, row.term


@pytest.mark.parametrize(
    ("text", "line", "field", "found"),
    [
        ("kind\tterm\n", 1, "header", "kind, term"),
        (HEAD + GOOD.replace("targets", "genes"), 2, "kind", "'genes'"),
        (HEAD + GOOD.replace("\tCD25\t", "\tCD0\t"), 2, "term", "no term of ours"),
        (HEAD + GOOD.replace("targets\tCD25", "cells\tdrug efflux"), 2, "term", "no cell of ours"),
        (HEAD + GOOD.replace("targets\tCD25", "cells\tdrug efflux × tea"), 2, "term", "no cell of ours"),
        (HEAD + GOOD.replace("CD25[tiab]", "CD25 AND"), 2, "search", "not a PubMed search"),
        (HEAD + GOOD.replace("CD25[tiab]", "CD25[xx]"), 2, "search", "[xx] is not evaluated"),
        (HEAD + GOOD.replace("2026-11-24", "24.11.2026"), 2, "date", "is not a date"),
        (HEAD + GOOD.replace("\t0\t", "\tnone\t"), 2, "found", "'none'"),
        (HEAD + GOOD.replace("\twhere", "\t"), 2, "note", "empty"),
        (HEAD + GOOD.replace("\twhere", ""), 2, "line", "5 columns"),
        (HEAD + GOOD + GOOD, 3, "kind", "twice"),
        (HEAD + GOOD.replace("CD25", "CD9") + GOOD, 3, "kind", "not in its place"),
    ],
)
def test_a_line_that_breaks_a_rule_is_named(tmp_path, text, line, field, found):
    path = tmp_path / "searches.tsv"
    path.write_text(text)
    with pytest.raises(LedgerInvalid) as told:
        screening.searches(path)
    fault = told.value.faults[0]
    assert (fault.line, fault.field) == (line, field)
    assert found in fault.found
    assert fault.remedy
    assert str(fault).startswith(f"{path}:{line}: {field}: ")


def test_two_bad_lines_are_both_named(tmp_path):
    path = tmp_path / "decisions.tsv"
    path.write_text(
        "pmid\tdecision\treason\tdate\tnote\nx\tinclude\tanswers a theme\t2026-01-01\t\n7\tmaybe\t\t2026\t\n"
    )
    with pytest.raises(LedgerInvalid) as told:
        screening.read(path)
    assert [(f.line, f.field) for f in told.value.faults] == [(2, "pmid"), (3, "decision"), (3, "date")]


def test_a_paper_is_judged_by_its_doi_while_no_pmid_is_known(tmp_path):
    path = tmp_path / "decisions.tsv"
    head, rest = "pmid\tdecision\treason\tdate\tnote\n", "\texclude\tother disease\t2026-01-01\t\n"
    path.write_text(f"{head}7{rest}10.1038/nm.4493{rest}")
    assert [d.pmid for d in screening.read(path)] == ["7", "10.1038/nm.4493"]
    path.write_text(f"{head}10.1038/NM.4493{rest}8{rest}")
    with pytest.raises(LedgerInvalid) as told:
        screening.read(path)
    assert [(f.line, f.field) for f in told.value.faults] == [(2, "pmid")]


def test_check_holds_ledgers_against_the_entries(tmp_path, monkeypatch):
    evidence = store.read()
    target = next(f.finding.target for f in evidence.findings if f.finding.theme == "target")
    pmid = next(key for key in evidence.entries if key.isdigit())
    curated = next((f for f in evidence.findings if f.entry.curators), None)
    for name, text in (
        ("SEARCHES_FILE", HEAD + GOOD.replace("\tCD25\t", f"\t{target}\t")),
        ("DECISIONS_FILE", f"pmid\tdecision\treason\tdate\tnote\n{pmid}\texclude\tother disease\t2026-01-01\t\n"),
    ):
        (tmp_path / name).write_text(text)
        monkeypatch.setattr(screening, name, tmp_path / name)
    lines = [f"1/1\tagree\t{ORCID}\t2026-01-01\t"]
    if curated:
        lines.append(f"{curated.reference}\tagree\t{curated.entry.curators[0]}\t2026-01-01\t")
    (tmp_path / "reviews.tsv").write_text("\n".join(["finding\tverdict\treviewer\tdate\tnote", *sorted(lines)]) + "\n")
    monkeypatch.setattr(reviewing, "FILE", tmp_path / "reviews.tsv")
    count, problems = check.ledgers(evidence)
    assert count == 3 + blind_reading.FILE.exists() + prose.FILE.exists()
    told = " ".join(map(str, problems))
    assert "0 records found, and" in told
    assert "search again, wider" in told
    assert "excluded, and has an entry" in told
    assert "1/1 is not in the book" in told
    assert all(p.code == "ledger" and p.line == 2 for p in problems if "is a curator" not in p.found)


def test_a_blind_reading_of_what_left_the_book_stays_where_it_says_so():
    evidence = books.evidence((books.entry("1", [books.finding()]), books.record()))
    row = blind_reading.BlindReading("7", "2026-11-26", "1/2", "target", *["yes"] * 5, "no", "left the book: off subject")
    assert check_ledgers._read_blind(row, evidence) is None
    assert check_ledgers._read_blind(replace(row, finding="1/1", note=""), evidence) is None
    told = check_ledgers._read_blind(replace(row, note="off subject"), evidence)
    assert told is not None
    assert told[1] == "1/2 is not in the book"


def test_a_search_is_kept_from_the_command_line(tmp_path):
    file = tmp_path / "searches.tsv"

    def run(*given):
        return subprocess.run([sys.executable, str(paths.ROOT / "scripts" / "curate.py"), "search", *given, "--file", str(file)],
                              capture_output=True, text=True, check=False)  # fmt: skip

    done = run("targets", "CD25", "qwertyuiop[tiab]")
    assert done.returncode == 0, done.stderr
    assert [(r.term, r.found) for r in screening.searches(file)] == [("CD25", "0")]
    found = run("targets", "BCL2", "venetoclax[ti]")
    assert found.returncode == 1
    assert "--note" in found.stdout
    assert "[curated]" in found.stdout
    assert len(screening.searches(file)) == 1
    assert run("targets", "CD0", "qwertyuiop[tiab]").returncode == 1
    assert run("targets", "CD9", "venetoclax[ti]", "--note", "none is about CD9").returncode == 0
    assert [r.term for r in screening.searches(file)] == ["CD25", "CD9"]


def test_a_cell_of_mechanism_and_class_is_kept_until_a_finding_comes(tmp_path):
    file = tmp_path / "searches.tsv"
    cell = screening.Search("cells", "drug efflux × chemotherapy", "ABCG2[tiab]", "2026-01-01", "0", "where")
    screening.keep(cell, file)
    assert screening.searches(file) == [cell]
    for survived, there in ((["venetoclax"], False), (["cytarabine"], True)):
        found = books.finding(theme="resistance", mechanism="drug efflux", escaped=survived)
        told = check_ledgers._searched(cell, books.evidence((books.entry(findings=[found]), books.record())))
        assert (told is not None and "has findings" in told[1]) is there
