"""The exported files on the site: written when the pages are done, and listed on the page Data."""

from functools import cache
from pathlib import Path

import yaml

from lscbook import exports, paths
from lscbook.addresses import UP
from lscbook.exports.book import Book
from lscbook.figures.tables import Table
from lscbook.site.citations import base
from lscbook.text import escape_html as esc


def write(out: Path, address: str) -> None:
    """Write every file into the built site, whose pages are all there; `address` is its own, if configured."""
    exports.write_files(out, *_made(address))


def book(address: str) -> Book:
    """The book of this build, from which pages and files are made alike."""
    return _made(address)[0]


@cache
def _made(address: str) -> tuple[Book, dict[str, bytes]]:
    """The files in memory: made for the index, and written once the pages are done."""
    whole = Book.load(*base(), base=address)
    return whole, exports.everything(whole)


def _configured() -> str:
    """The site's own address from `_config.yml`; a page cannot ask Sphinx for it."""
    config = yaml.load((paths.ROOT / "_config.yml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return str(config["html"].get("baseurl", ""))


def index() -> Table:
    """Every file with what it is for, its size and its licence."""
    _, made = _made(_configured())
    rows = [_row(file.path, file.purpose, _size(len(made[file.path])), file.licence) for file in exports.FILES]
    for folder, what, licence in _FOLDERS:
        members = sorted(path for path in made if path.startswith(folder))
        if members:
            size = f"{len(members):,} files, {_size(sum(len(made[m]) for m in members))}"
            rows.append(_row(members[0], f"{what}; the others stand beside it", size, licence))
    return Table(
        '<div class="scroll" tabindex="0" role="group" aria-label="Files"><table class="findings plain downloads">'
        f"<caption>Files of this snapshot ({len(made):,})</caption>"
        '<thead><tr><th scope="col">File</th><th scope="col">For</th>'
        f'<th scope="col">Licence</th></tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


_FOLDERS = (
    (exports.PAPERS, "One paper with its findings and its standing", exports.CLAIMS),
    (exports.SCHEMAS, "JSON Schema of an entry", exports.CLAIMS),
    (exports.CHANGES, "What one harvest changed, by PMID", exports.FACTS),
)


def _row(path: str, what: str, size: str, licence: str) -> str:
    return (
        f'<tr><td><a href="{UP}{esc(path)}"><code>{esc(path)}</code></a> <span class="size">{esc(size)}</span></td>'
        f"<td>{esc(what)}</td><td>{esc(licence)}</td></tr>"
    )


def _size(count: int) -> str:
    """Bytes as a person reads them.

    >>> _size(900), _size(155721), _size(1_500_000)
    ('900 B', '156 kB', '1.5 MB')
    """
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
