"""Notebooks in forked kernels: the outputs of an ordinary kernel, and None for whatever goes wrong. Slow."""

import multiprocessing
import os

import nbformat
import pytest
from jupyter_cache.executors.utils import single_nb_execution

from lscbook.site import kernels
from lscbook.synthesis.book import Book
from tests import books

pytestmark = pytest.mark.slow
SOURCES = (
    "import os\nprint(os.getcwd())\nprint('told', flush=True)",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', '<y>']})",
    "from lscbook.figures.tables import Table\nfrom markupsafe import Markup\nTable(Markup('<p>shown</p>'))",
    "x = 6 * 7\nx",
)


def notebook(*sources):
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}})
    made.cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
    return made


def run(made, folder, timeout=60):
    """In a process of its own, as the build does it."""
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        return pool.apply(kernels.run, (made, folder, timeout, books.grown(7)))


def test_a_forked_kernel_gives_what_an_ordinary_one_gives(tmp_path):
    forked = run(notebook(*SOURCES), tmp_path)
    ordinary = single_nb_execution(notebook(*SOURCES), str(tmp_path), 60, allow_errors=False).nb
    assert [cell.outputs for cell in forked.cells] == [cell.outputs for cell in ordinary.cells]
    assert forked == ordinary
    assert str(tmp_path) in forked.cells[0].outputs[0].text


def test_a_kernel_opens_the_book_of_its_build_and_nobody_else_does(tmp_path):
    asked = "from lscbook import open_book\nfrom lscbook.synthesis.book import Book\nlen(Book.open().evidence.entries), len(open_book().papers()), Book.open('https://a.org').base"
    (cell,) = run(notebook(asked), tmp_path).cells
    assert cell.outputs[0].data["text/plain"] == "(7, 7, 'https://a.org/')"
    assert Book.of_build is None


@pytest.mark.parametrize("source", ["1 / 0", "import os; os._exit(1)", "import time; time.sleep(60)"])
def test_a_cell_that_fails_ends_or_hangs_leaves_nothing_behind(tmp_path, source):
    pid = tmp_path / "pid"
    made = notebook(f"import os; open({str(pid)!r}, 'w').write(str(os.getpid()))", source)
    assert run(made, tmp_path, timeout=5) is None
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
