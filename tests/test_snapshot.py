"""The committed corpus is what the importer makes of the files that its manifest names."""

import shutil

from lscbook import corpus, paths, vocabulary
from lscbook.harvest.importing import import_files
from lscbook.vocabulary.annotate import Annotator


def test_importing_its_sources_again_changes_no_byte(shared, tmp_path):
    folder = tmp_path / "corpus"
    shutil.copytree(paths.CORPUS, folder)
    sources = [shared / "pubmed" / name for name in ("xml", "records.xml.gz", "doi_records.jsonl")]
    done = import_files(sources, folder, Annotator(vocabulary.load()), as_of="2030-01-01", say=lambda _: None,
                        cache_file=tmp_path / "none.sqlite")  # fmt: skip
    assert done.changed == []


def test_a_list_that_may_have_been_cut_is_not_called_whole():
    listed = [record for record in corpus.read().records.values() if record.origin == "list"]
    cut = [r for r in listed if len(r.authors) in {0, 1, 6}]
    assert len(cut) > 400
    assert [r.pmid for r in cut if r.authors_complete] == []
