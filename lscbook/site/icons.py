"""The theme's icon fonts, cut down to the icons that the pages use."""

import re
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx

_SCRIPT = re.compile(
    r'<script[^>]*vendor/fontawesome[^>]*></script>|<link[^>]*rel="preload"[^>]*vendor/fontawesome[^>]*/?>'
    r'|<link[^>]*rel="preload"[^>]*as="script"[^>]*/?>'
)
_ICON = re.compile(r"\bfa-([a-z0-9-]+)")
_RULE = re.compile(r'([^{}]+)\{(?:--fa|content):"\\([0-9a-f]+)"')


def finish_pages(app: Sphinx, exception: Exception | None) -> None:
    """Make tables reachable, subset the icon fonts, drop the 1.5 MB script that does their work."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    wanted = _code_points(out)
    for font in sorted((out / "_static/vendor/fontawesome").rglob("webfonts/*")):
        if font.suffix == ".woff2":
            _subset(font, wanted)
        else:
            font.unlink()
    for script in (out / "_static/vendor/fontawesome").rglob("js/*"):
        script.unlink()
    for page in out.rglob("*.html"):
        text = _SCRIPT.sub("", page.read_text(encoding="utf-8"))
        # a table that scrolls must be reachable by keyboard
        text = text.replace(
            '<div class="pst-scrollable-table-container">',
            '<div class="pst-scrollable-table-container" tabindex="0" role="group" aria-label="Table">',
        )
        page.write_text(text, encoding="utf-8")


def _code_points(out: Path) -> set[int]:
    names: set[str] = set()
    for file in (*out.rglob("*.html"), *(out / "_static").rglob("*.js")):
        if "fontawesome" not in file.parts:
            names |= set(_ICON.findall(file.read_text(encoding="utf-8")))
    found: set[int] = set()
    for sheet in (out / "_static").rglob("*.css"):
        for selector, code in _RULE.findall(sheet.read_text(encoding="utf-8")):
            if names & set(_ICON.findall(selector)):
                found.add(int(code, 16))
    return found


def _subset(file: Path, wanted: set[int]) -> None:
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = []
    options.recalc_timestamp = False
    font = subset.load_font(str(file), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    subset.save_font(font, str(file), options)
