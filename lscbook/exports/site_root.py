"""What stands at the root of the site for machines: llms.txt, robots.txt, sitemap.xml."""

from collections.abc import Iterable
from urllib.parse import quote

from lxml import etree

from lscbook.evidence import fields
from lscbook.exports.columns import finding_columns
from lscbook.synthesis.book import CC_BY, Book

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def llms_txt(book: Book, listed: Iterable[tuple[str, str]]) -> str:
    """What this is, how to cite it, where the data are, what the fields mean, and the limits.

    In the form that llmstxt.org proposes: a title, a quoted summary, sections of links.
    `listed` are the exported files, each with what it is for.
    """
    evidence = book.evidence
    themes = "\n".join(f"- `{t.name}`: {t.proposition}" for t in fields.THEMES)
    columns = "\n".join(
        f"- `{c.name}`: {c.help}" + (f" One of: {', '.join(c.allowed)}." if c.allowed else "")
        for c in finding_columns(book)
    )
    files = "\n".join(f"- [{path}]({book.address(path)}): {what}" for path, what in listed)
    return f"""# {book.citation.title}

> {book.citation.abstract}

Snapshot of {book.as_of}: {len(evidence.findings)} findings from {len(evidence.entries)} papers, \
{len(book.corpus.records)} records. {book.corpus.manifest.get("statement", "")}

## How to cite

- {book.cite()}
- Claims: CC BY 4.0 ({CC_BY}). Bibliographic facts come from PubMed, U.S. National Library of Medicine.
- A finding has a name, as `22932223/1` (paper and number), and a page, in the column `page`. Cite the paper too.

## Data

{files}

## What a finding is

A claim in our own words about one paper, with the sentences of the abstract, or the place in the full text, that
carry it. Its theme decides what it is held against; `direction` says whether it supports that proposition:

{themes}

## Fields

{columns}

## Limits

- Not medical advice. Not a complete review: what is not here may exist.
- Most findings were read from abstracts; `read` says what was read, `read_twice` whether a second person did.
- An empty field means that nobody assessed it, not that the answer is no.
- `level` grades a finding and not its paper. `n` is what the paper gives; two findings may share patients (`cohort`).
- Look at `standing` before you use a finding: a paper may have been corrected or retracted.
- No abstract is stored here; read it at its source.
"""


def robots_txt(book: Book) -> str:
    """Everything may be read; the site map is named."""
    return f"User-agent: *\nAllow: /\nSitemap: {book.base}sitemap.xml\n"


def sitemap(book: Book, pages: Iterable[str]) -> bytes:
    """Every page of the site, by its path."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP})  # type: ignore[dict-item]
    for page in sorted(pages):
        place = etree.SubElement(etree.SubElement(root, f"{{{SITEMAP}}}url"), f"{{{SITEMAP}}}loc")
        place.text = book.base + quote(page)
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"
