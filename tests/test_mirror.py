import subprocess
import sys

import pytest

from lscbook import paths
from lscbook.errors import PubMedMalformed
from lscbook.pubmed import mirror
from lscbook.pubmed.parse import Deletion, parse_path
from tests.records import article, zipped
from tests.test_corpus import QUERY


@pytest.fixture
def query_file(tmp_path):
    file = tmp_path / "query.yaml"
    file.write_text(QUERY)
    return file


def test_a_file_gives_what_the_rule_keeps_and_is_not_read_twice(tmp_path, query_file):
    out = tmp_path / "out"
    out.mkdir()
    deleted = "<DeleteCitation><PMID>9</PMID></DeleteCitation>"
    file = zipped(tmp_path / "pubmed26n0001.xml.gz", article("1"), article("2", title="Limbal"), deleted)
    assert mirror.filter_file(file, out, query_file) == mirror.Filtered(file.name, 2, 2, reused=False)
    kept = list(parse_path(out / "pubmed26n0001.kept.xml.gz"))
    assert [r.pmid for r in kept] == ["1", "9"]
    assert isinstance(kept[1], Deletion)
    assert mirror.filter_file(file, out, query_file).reused


def test_a_broken_file_is_named_and_leaves_nothing(tmp_path, query_file):
    file = zipped(tmp_path / "a.xml.gz", article("1"))
    file.write_bytes(file.read_bytes()[:-15])
    with pytest.raises(PubMedMalformed, match=r"a\.xml\.gz"):
        mirror.filter_file(file, tmp_path, query_file)
    assert list(tmp_path.glob("*.kept*")) == []


@pytest.mark.slow
def test_on_a_local_cluster_and_again(tmp_path, query_file):
    source = tmp_path / "baseline"
    source.mkdir()
    for number in range(4):
        zipped(source / f"pubmed26n{number:04}.xml.gz", article(str(number + 1)), article(str(number + 50), title="x"))
    command = [sys.executable, str(paths.ROOT / "scripts" / "mirror.py"), str(source), "--out", str(tmp_path / "kept"),
               "--query", str(query_file)]  # fmt: skip
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "4 files: 8 records read, 4 kept, 0 files done before, 0 failed" in first.stdout, first.stderr
    (source / "pubmed26n0001.xml.gz").write_bytes(b"\x1f\x8b broken")
    (tmp_path / "kept" / "pubmed26n0001.kept.xml.gz").unlink()
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "3 files done before, 1 failed" in second.stdout
    assert "pubmed26n0001" in second.stderr
