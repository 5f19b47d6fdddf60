"""The exported files on the site: written beside its pages, and listed on the page Data."""

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lscbook import exports
from lscbook.site.opened import Site


@dataclass(frozen=True)
class Offered:
    """A file, or a folder of files, as the page lists it."""

    path: str
    purpose: str
    size: str
    licence: str


_FOLDERS = (
    (exports.PAPERS, "One paper with its findings and its standing", exports.CLAIMS),
    (exports.SCHEMAS, "JSON Schema of an entry", exports.CLAIMS),
    (exports.CHANGES, "What one harvest changed, by PMID", exports.FACTS),
)


def write(out: Path, site: Site) -> None:
    """Write every file into the built site."""
    exports.write_files(out, site.files)


def index(site: Site) -> Markup:
    """Every file with what it is for, its size and its licence."""
    made = site.files
    rows = [Offered(f.path, f.purpose, _size(len(made[f.path])), f.licence) for f in exports.FILES]
    for folder, what, licence in _FOLDERS:
        members = sorted(path for path in made if path.startswith(folder))
        if members:
            size = f"{len(members):,} files, {_size(sum(len(made[m]) for m in members))}"
            rows.append(Offered(members[0], f"{what}; the others stand beside it", size, licence))
    return site.html.macros("start_page.html").downloads(rows, len(made))


def _size(count: int) -> str:
    """Bytes as a person reads them.

    >>> _size(900), _size(155721), _size(1_500_000)
    ('900 B', '156 kB', '1.5 MB')
    """
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
