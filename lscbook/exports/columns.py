"""The tables that are exported: each column with its meaning, its type and how it is filled.

Columns of a finding come from the one table in `lscbook.evidence.fields`. CSV, workbook, database and
Table Schema are all made from here, so that they cannot differ.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lscbook import addresses
from lscbook.evidence import fields, proposition
from lscbook.evidence.fields import Field, Type
from lscbook.evidence.store import Located
from lscbook.figures import telling
from lscbook.pubmed import reference
from lscbook.pubmed.record import Record
from lscbook.screening import DECISIONS, REASONS, Decision
from lscbook.standing import Standing
from lscbook.synthesis import changes
from lscbook.synthesis.book import Book

STANCES = (*fields.DIRECTIONS, fields.CONTEXT)


class Kind(StrEnum):
    """Type of a column, named as the Frictionless Table Schema names it."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    YEAR = "year"
    DATE = "date"
    ARRAY = "array"


@dataclass(frozen=True)
class Column:
    """One column: `value` takes what the table has a row for, and gives None for an empty cell."""

    name: str
    kind: Kind
    help: str
    value: Callable[[Any], Any]
    allowed: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the book: its columns and its rows, a value a column."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    key: str

    @classmethod
    def of(cls, name: str, title: str, columns: Iterable[Column], items: Iterable[Any], key: str) -> "Table":
        """Fill each column for each item."""
        known = tuple(columns)
        rows = tuple(tuple(_or_none(column.value(item)) for column in known) for item in items)
        return cls(name, title, known, rows, key)


def _or_none(value: Any) -> Any:
    """An empty text and an empty list are empty cells."""
    return None if value in ("", (), [], {}) else value


def tables_of(book: Book) -> tuple[Table, ...]:
    """Findings, papers and screening decisions."""
    return findings(book), papers(book), screening(book)


_KINDS = {
    Type.TEXT: Kind.STRING,
    Type.WORD: Kind.STRING,
    Type.TERM: Kind.STRING,
    Type.COUNT: Kind.INTEGER,
    Type.WORDS: Kind.ARRAY,
    Type.TERMS: Kind.ARRAY,
    Type.TEXTS: Kind.ARRAY,
    Type.PAIRS: Kind.ARRAY,
    Type.COUPLES: Kind.ARRAY,
}


def findings(book: Book) -> Table:
    """One row a finding; the fields of each theme are empty in the rows of the others."""
    return Table.of("findings", "One row a finding", finding_columns(book), book.evidence.findings, "reference")


def finding_columns(book: Book) -> tuple[Column, ...]:
    """The columns of a finding, from the one table of fields."""
    ours = {"id", "support", "cohort", "note", "theme"}
    common = [c for f in fields.COMMON if f.name not in ours for c in _of_field((f,))]
    by_name: dict[tuple[str, bool], list[Field]] = {}
    for theme in fields.THEMES:
        for field in theme.fields:
            by_name.setdefault((field.name, field.type in fields.NESTED), []).append(field)
    themes = [c for same in by_name.values() for c in _of_field(tuple(same))]
    last = [c for name in ("cohort", "note") for c in _of_field((_common(name),))]
    said = Column(
        "proposition",
        Kind.STRING,
        "What the finding is about, before any direction: composed of its fields; empty for context.",
        lambda f: proposition.of(f.finding, book.vocabulary),
    )
    return (*_paper_of_finding(book), said, *common, *themes, *last, *_support(), *_reading(book))


def _common(name: str) -> Field:
    return next(f for f in fields.COMMON if f.name == name)


def _paper_of_finding(book: Book) -> tuple[Column, ...]:
    text = Kind.STRING
    return (
        Column("reference", text, "Name of the finding: paper and number.", lambda f: f.reference, required=True),
        Column("paper", text, "PMID, or DOI while the PMID is pending.", lambda f: f.entry.key, required=True),
        *(
            Column(c.name, c.kind, c.help, _of_record(c), c.allowed, c.required)
            for c in facts(book)
            if c.name in {"pmid", "doi", "first_author", "year", "journal", "title", "standing", "standing_asked"}
        ),
        *_of_field((_common("theme"),)),
    )


def _of_record(column: Column) -> Callable[[Located], Any]:
    return lambda located: column.value(located.record)


def facts(book: Book) -> tuple[Column, ...]:
    """What the corpus says of a paper."""
    text, many = Kind.STRING, Kind.ARRAY
    states = tuple(state.value for state in Standing)

    def notices(record: Record) -> list[str]:
        return [changes.told(notice) for notice in book.notices_of(record)]

    return (
        Column("pmid", text, "PubMed id; empty while pending.", lambda r: r.pmid),
        Column("doi", text, "Digital object identifier.", lambda r: r.doi),
        Column("pmcid", text, "PubMed Central id.", lambda r: r.pmcid),
        Column("first_author", text, "Family name, or name of the group.", lambda r: r.first_author),
        Column("authors", many, "Names in the order of the paper.", lambda r: [a.name for a in r.authors]),
        Column("authors_complete", Kind.BOOLEAN, "false: the source names only some.", lambda r: r.authors_complete),
        Column("year", Kind.YEAR, "Year of publication.", lambda r: int(r.year) if r.year else None),
        Column("date", text, "Date of publication, as exact as the source has it.", lambda r: r.date),
        Column("journal", text, "Journal.", lambda r: r.journal),
        Column("volume", text, "Volume.", lambda r: r.volume),
        Column("issue", text, "Issue.", lambda r: r.issue),
        Column("pages", text, "Pages, or number of the article.", lambda r: r.pages),
        Column("reference_lacks", many, "What the reference lacks; empty: it is complete.", reference.lacks),
        Column("title", text, "Title, from the source.", lambda r: r.title, required=True),
        Column("types", many, "Publication types of PubMed.", lambda r: r.types),
        Column(
            "standing",
            text,
            "Does the paper stand? The worst current notice decides; not asked where nobody asked.",
            lambda r: book.standing(r).value,
            states,
            required=True,
        ),
        Column("standing_asked", Kind.STRING, "Last day of which a source is known to have said so.", book.asked),
        Column("notices", many, "Every notice: type, date, PMID, source.", notices),
    )


def _of_field(same: tuple[Field, ...]) -> tuple[Column, ...]:
    """The columns of a field; of a field that two themes share, what either allows."""
    field = same[0]
    allowed = tuple(dict.fromkeys(word for f in same for word in f.allowed))
    if field.type is Type.EFFECT:
        return _effect()
    if field.type is Type.CONTRAST:
        return tuple(
            Column(
                f"{field.name}_{part.name}",
                Kind.STRING,
                f"{part.help} Findings on {', '.join(_themes_of(field.name, field.type))}.",
                lambda f, n=field.name, p=part.name: getattr(f.finding.told(n), p, None),  # type: ignore[misc]
                part.allowed,
            )
            for part in fields.CONTRAST
        )
    if field.type is Type.POPULATIONS:
        return tuple(
            Column(
                f"expression_{addresses.slug(population).replace('-', '_')}",
                Kind.STRING,
                f"Expression on {population}, where told.",
                lambda f, p=population: (f.finding.told("expression") or {}).get(p),  # type: ignore[misc]
                allowed,
            )
            for population in fields.POPULATIONS
        )
    only = "" if field in fields.COMMON else f" Findings on {', '.join(_themes_of(field.name, field.type))}."
    return (
        Column(
            field.name,
            _KINDS[field.type],
            field.help + only,
            lambda f: _cell(field, f.finding.told(field.name)),
            allowed,
            field.required and field in fields.COMMON,
        ),
    )


def _cell(field: Field, value: Any) -> Any:
    if field.type in fields.OF_TWO:
        return tuple(map(str, value or ()))
    # a name that another theme uses for a mapping
    return value if isinstance(value, str | int | tuple) else None


def _themes_of(name: str, kind: Type) -> list[str]:
    nested = kind in fields.NESTED
    return [
        t.name for t in fields.THEMES if any(f.name == name and (f.type in fields.NESTED) == nested for f in t.fields)
    ]


def _effect() -> tuple[Column, ...]:
    def of(name: str) -> Callable[[Located], Any]:
        return lambda f: getattr(f.finding.effect, name, None)

    def bound(place: int) -> Callable[[Located], Any]:
        return lambda f: f.finding.effect.ci[place] if f.finding.effect and f.finding.effect.ci else None

    text, number = Kind.STRING, Kind.NUMBER
    return (
        Column("effect_measure", text, "What was measured: HR, OR, percent …", of("measure")),
        Column("effect_value", number, "The figure, digits as the paper prints them.", of("value")),
        Column("effect_ci_low", number, "Lower bound of its interval.", bound(0)),
        Column("effect_ci_high", number, "Upper bound of its interval.", bound(1)),
        Column("effect_ci_level", number, "Level of the interval in percent.", _ci_level),
        Column("effect_p", text, "p value, with < where the paper has it.", of("p")),
        Column("effect_unit", text, "Unit of the figure.", of("unit")),
        Column("effect_comparison", text, "What was compared with what.", of("comparison")),
    )


def _ci_level(located: Located) -> str | None:
    effect = located.finding.effect
    return effect.ci_level if effect and effect.ci else None


def _support() -> tuple[Column, ...]:
    def digest(name: str) -> Callable[[Located], Any]:
        """`sha256:8e90…`: bare, a spreadsheet takes 8e90 for a number."""

        def told(located: Located) -> str | None:
            known = getattr(located.finding.support.grounding, name, None)
            return f"sha256:{known}" if known else None

        return told

    return (
        Column(
            "support_sentences",
            Kind.ARRAY,
            "Sentences of the abstract that carry the finding, counted from 1.",
            lambda f: f.finding.support.sentences,
        ),
        Column("support_title", Kind.BOOLEAN, "true: the title carries it.", lambda f: f.finding.support.title),
        Column("support_full_text", Kind.STRING, "Page, figure or table.", lambda f: f.finding.support.full_text),
        Column("abstract_digest", Kind.STRING, "Digest of the abstract that was read.", digest("abstract")),
        Column("support_digest", Kind.STRING, "Digest of the sentences that were read.", digest("sha256")),
    )


def _reading(book: Book) -> tuple[Column, ...]:
    def of(name: str) -> Callable[[Located], Any]:
        return lambda f: getattr(f.entry, name)

    entry = {f.name: f for f in fields.ENTRY}
    return (
        Column("read", Kind.STRING, entry["read"].help, of("read"), entry["read"].allowed, required=True),
        Column("read_twice", Kind.BOOLEAN, "true: a second person read it.", lambda f: f.reference in book.read_twice),
        Column("curators", Kind.ARRAY, "ORCID ids of those who wrote the entry.", of("curators")),
        Column("reviewers", Kind.ARRAY, "ORCID ids of its second readers.", of("reviewers")),
        Column("added", Kind.DATE, "Day of entry.", of("added"), required=True),
        Column(
            "page",
            Kind.STRING,
            "Address of the finding; from the root of the site where the site's own is not configured.",
            lambda f: book.address(addresses.finding(f.reference)),
            required=True,
        ),
    )


def papers(book: Book) -> Table:
    """One row a curated paper."""
    by_paper: dict[str, list[Located]] = {}
    for located in book.evidence.findings:
        by_paper.setdefault(located.entry.key, []).append(located)

    def record(column: Column) -> Callable[[str], Any]:
        return lambda key: column.value(book.evidence.records[key])

    def pointing(word: str) -> Callable[[str], int]:
        return lambda key: sum(f.finding.stance == word for f in by_paper[key])

    number = Kind.INTEGER
    columns = (
        Column("paper", Kind.STRING, "PMID, or DOI while the PMID is pending.", str, required=True),
        *(Column(c.name, c.kind, c.help, record(c), c.allowed, c.required) for c in facts(book)),
        Column("findings", number, "How many findings.", lambda k: len(by_paper[k]), required=True),
        Column("supports", number, "How many of them support.", pointing("supports"), required=True),
        Column("does_not_support", number, "How many do not.", pointing("does_not_support"), required=True),
        Column("inconclusive", number, "How many tested and did not decide.", pointing("inconclusive"), required=True),
        Column("context", number, "How many are background.", pointing("context"), required=True),
        Column(
            "themes", Kind.ARRAY, "Themes of its findings.", lambda k: sorted({f.finding.theme for f in by_paper[k]})
        ),
        *(
            Column(c.name, c.kind, c.help, lambda k, c=c: c.value(by_paper[k][0]), c.allowed, c.required)  # type: ignore[misc]
            for c in _reading(book)
            if c.name in {"read", "curators", "reviewers", "added"}
        ),
        Column("cite", Kind.STRING, "Author and year.", lambda k: telling.cite(book.evidence.records[k])),
        Column("source", Kind.STRING, "The paper at PubMed or at its DOI.", addresses.pubmed, required=True),
        Column("page", Kind.STRING, "Its page here.", lambda k: book.address(addresses.paper(k)), required=True),
    )
    return Table.of("papers", "One row a curated paper", columns, sorted(book.evidence.entries), "paper")


def screening(book: Book) -> Table:
    """One row a paper judged."""

    def of(name: str) -> Callable[[Decision], Any]:
        return lambda decision: getattr(decision, name)

    reasons = tuple(dict.fromkeys(reason for decision in DECISIONS for reason in REASONS[decision]))
    columns = (
        Column("pmid", Kind.STRING, "PubMed id.", of("pmid"), required=True),
        Column("decision", Kind.STRING, "In or out.", of("decision"), DECISIONS, required=True),
        Column("reason", Kind.STRING, "Why, from a short list.", of("reason"), reasons, required=True),
        Column("date", Kind.DATE, "Day of the decision.", of("date")),
        Column("note", Kind.STRING, "What else was said.", of("note")),
    )
    return Table.of("screening", "One row a paper that was judged", columns, book.decisions, "pmid")
