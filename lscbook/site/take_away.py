"""What a downloaded notebook needs, as one file beside it: library, data, chapters and the exact packages."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lscbook import paths

NAME = "lsc-evidence-book"
ARCHIVE = f"{NAME}.zip"
PACKAGES = "requirements-notebook.txt"
_TAKEN = ("lscbook", "data", "book", "CITATION.cff", "LICENSE", "LICENSE-DATA", "README.md")
# What the library imports on the way to a figure or a frame, and JupyterLab to look at them.
_NEEDED = (
    "abbreviations", "ahocorasick-rs", "altair", "biopython", "filelock", "jinja2", "lark", "lxml",
    "markupsafe", "pandas", "pybtex", "pydantic", "pyyaml", "requests", "requests-cache", "rispy", "scipy",
    "sentencex", "tenacity", "tqdm", "urllib3", "vl-convert-python", "xlsxwriter",
)  # fmt: skip
_LAB = ("jupyterlab",)
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)


def packages(root: Path = paths.ROOT) -> str:
    """The packages with the versions of our locks, a line each.

    Raises:
        KeyError: a lock does not pin one of them.
    """
    made = []
    for lock, names in (("requirements.txt", _NEEDED), ("requirements-lab.txt", _LAB)):
        found = _PINNED.findall((root / lock).read_text(encoding="utf-8"))
        pinned = {name.lower().replace("_", "-"): version for name, version in found}
        made += [f"{name}=={pinned[name]}" for name in names]
    return "\n".join(made) + "\n"


def archive(root: Path = paths.ROOT) -> bytes:
    """The archive; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in [*_files(root), (PACKAGES, packages(root).encode())]:
            entry = zipfile.ZipInfo(f"{NAME}/{name}")  # of 1980, whatever the clock says
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, body)
    return out.getvalue()


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for name in _TAKEN:
        place = root / name
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            parts = file.relative_to(root).parts
            if file.is_file() and "__pycache__" not in parts and not any(p.startswith(".") for p in parts):
                yield "/".join(parts), file.read_bytes()
