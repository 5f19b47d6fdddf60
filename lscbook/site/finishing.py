"""The last step of a build: what no page uses is left out, and every page says what it may load."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from lscbook.site import icons, side_by_side

# What the theme brings and no page needs, or a page of ours does better.
_SCRIPT = re.compile(
    r'<script[^>]*vendor/fontawesome[^>]*></script>|<link[^>]*rel="preload"[^>]*vendor/fontawesome[^>]*/?>'
    r'|<link[^>]*rel="preload"[^>]*as="script"[^>]*/?>'
)
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
_DATA = re.compile(r'type="(?!text/javascript|module)[^"]*"')
_HEAD = re.compile(r"<head>\s*|<meta charset=[^>]*>")
_SOURCE_MAP = re.compile(r"\s*(?://|/\*)# sourceMappingURL=\S+(?: \*/)?\s*$")
_SHARES = 8  # of the pages, so that no core waits long for another
_POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)


def finish(out: Path, dressed: Callable[[str, str], str]) -> None:
    """Finish every page below `out`, then drop the files that none of them names.

    `dressed` takes the address of a page below `out` and the page, and gives it as it is to be read.
    """
    icons.cut_down(out)
    static = out / "_static"
    for file in (*static.rglob("*.map"), *static.glob("locales/**/*"), *static.glob("*webpack-macros.html")):
        if file.is_file():
            file.unlink()
    names = {file.name for file in static.rglob("*") if file.is_file()} - {"LICENSE.txt"}
    pages = sorted(out.rglob("*.html"))
    some = [pages[start::_SHARES] for start in range(min(_SHARES, len(pages)))]
    unnamed = side_by_side.done([partial(_finished, out, share, dressed, names) for share in some])
    _drop_unused(out, names.intersection(*unnamed))
    (out / ".buildinfo").unlink(missing_ok=True)  # a hash over paths of this machine; each build is whole


def _finished(out: Path, pages: list[Path], dressed: Callable[[str, str], str], names: set[str]) -> set[str]:
    """Finish some pages; those of the names that none of them has."""
    found: set[str] = set()
    finder = AhoCorasick(sorted(names))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        text = with_policy(dressed(page.relative_to(out).as_posix(), _tidied(text)))
        page.write_text(text, encoding="utf-8")
        found.update(finder.find_matches_as_strings(text, overlapping=True))
    return names - found


def _tidied(text: str) -> str:
    text = _SCRIPT.sub("", text)
    # a table that scrolls must be reachable by keyboard
    return text.replace(
        '<div class="pst-scrollable-table-container">',
        '<div class="pst-scrollable-table-container" tabindex="0" role="group" aria-label="Table">',
    )


def with_policy(text: str) -> str:
    """The page with a Content-Security-Policy: no other host, and only the inline scripts that are in it now.

    >>> "sha256-" in with_policy("<head><meta charset='utf-8'></head><script>1</script>")
    True
    """
    digests = sorted(
        {
            base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            for attributes, body in _INLINE.findall(text)
            if not _DATA.search(attributes)
        }
    )
    policy = _POLICY.format(hashes="".join(f" 'sha256-{digest}'" for digest in digests))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    found = list(_HEAD.finditer(text[:2000]))
    if not found:
        return text
    end = found[-1].end()
    return f"{text[:end]}{meta}{text[end:]}"


def _drop_unused(out: Path, unnamed: set[str]) -> None:
    """Addresses of source maps, and files of `_static` that no page, sheet or script names; no page has those given."""
    static = out / "_static"
    for file in (f for f in static.rglob("*") if f.suffix in {".css", ".js"} and f.is_file()):
        text = file.read_text(encoding="utf-8")
        unnamed = {name for name in unnamed if name not in text}
        if (bare := _SOURCE_MAP.sub("\n", text)) != text:
            file.write_text(bare, encoding="utf-8")
    for file in sorted(static.rglob("*")):
        if file.is_file() and file.name in unnamed:
            file.unlink()
    for folder in sorted((f for f in static.rglob("*") if f.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
