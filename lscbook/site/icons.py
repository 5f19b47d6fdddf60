"""The theme's icon fonts and their style sheet, cut down to the icons that the pages use."""

import re
from pathlib import Path

from fontTools import subset

_ICON = re.compile(r"\bfa-([a-z0-9-]+)")
_RULE = re.compile(r'([^{}]+)\{(?:--fa|content):"\\([0-9a-f]+)"[^}]*\}')


def cut_down(out: Path) -> None:
    """Keep the glyphs and rules in use; drop the 1.5 MB script that draws the same icons, and old formats."""
    fonts = out / "_static/vendor/fontawesome"
    names = _names(out)
    points: set[int] = set()
    for sheet in sorted(fonts.rglob("*.css")):
        text = sheet.read_text(encoding="utf-8")
        points |= {int(code, 16) for selector, code in _RULE.findall(text) if names & set(_ICON.findall(selector))}
        used = _RULE.sub(lambda m: m[0] if names & set(_ICON.findall(m[1])) else "", text)
        sheet.write_text(used, encoding="utf-8")
    for font in sorted(fonts.rglob("webfonts/*")):
        if font.suffix == ".woff2":
            _subset(font, points)
        else:
            font.unlink()
    for script in fonts.rglob("js/*"):
        script.unlink()


def _names(out: Path) -> set[str]:
    """Names of icons in pages and scripts."""
    found: set[str] = set()
    for file in (*out.rglob("*.html"), *(out / "_static").rglob("*.js")):
        if "fontawesome" not in file.parts:
            found |= set(_ICON.findall(file.read_text(encoding="utf-8")))
    return found


def _subset(file: Path, points: set[int]) -> None:
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = []
    options.recalc_timestamp = False
    font = subset.load_font(str(file), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    subset.save_font(font, str(file), options)
