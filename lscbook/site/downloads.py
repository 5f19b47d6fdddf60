"""The exported files on the site: written when the pages are done, and listed on the page Data."""

from functools import cache
from pathlib import Path

import yaml
from sphinx.application import Sphinx

from lscbook import exports, paths
from lscbook.addresses import UP
from lscbook.exports.book import Book
from lscbook.site.citations import base
from lscbook.tables import Table
from lscbook.text import escape_html as esc


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write every file beside the pages of an HTML build that succeeded."""
    if exception is None and app.builder.format == "html":
        exports.write_all(Path(app.outdir), *base(), base=app.config.html_baseurl)


@cache
def _made() -> dict[str, bytes]:
    """The files in memory, as `write` will write them: a notebook has no Sphinx to ask for the address."""
    config = yaml.load((paths.ROOT / "_config.yml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return exports.everything(Book.load(*base(), base=config["html"].get("baseurl", "")))


def index() -> Table:
    """Every file with what it is for, its size and its licence."""
    made = _made()
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
