"""Citations and counts in prose: a paper or a number that the data does not hold fails the build.

``{paper}`22932223``` cites a paper, ``{paper}`22932223/2``` one of its findings, several stand with
commas; ``{count}`findings.target``` prints a number of `lscbook.synthesis.numbers`.
"""

from functools import cache

from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from lscbook import corpus, screening, synthesis, tables
from lscbook.addresses import anchor
from lscbook.evidence import store
from lscbook.evidence.store import Evidence, Located
from lscbook.pubmed.record import Record
from lscbook.standing import Standing, standing_of
from lscbook.text import escape_html as esc


@cache
def base() -> tuple[corpus.Corpus, Evidence]:
    """Corpus and evidence, read once a build."""
    known = corpus.read()
    return known, store.read(corpus=known)


@cache
def numbers() -> dict[str, int]:
    """Every count that prose may print."""
    return synthesis.numbers(*base(), [d.decision for d in screening.read()])


class PaperRole(SphinxRole):
    """Author, year, standing; for a finding also its direction and level."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Nodes of the citation; an unknown reference is a warning, and so an error of the build."""
        made: list[nodes.Node] = []
        for reference in (part.strip() for part in self.text.split(",")):
            html = self._html(reference)
            if html is None:
                message = self.inliner.reporter.warning(
                    f"{{paper}} {reference}: no finding is curated under this PMID or DOI, "
                    "or it has no record in the corpus",
                    line=self.lineno,
                )
                return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
            made.append(nodes.raw("", html, format="html"))
        return _joined(made), []

    def _html(self, reference: str) -> str | None:
        _, evidence = base()
        record = evidence.records.get(reference)
        if record is not None:
            self._cited(record)
            return f'<span class="cite">{_anchor(record, reference)}</span>'
        located = next((f for f in evidence.findings if f.reference == reference), None)
        if located is None:
            return None
        self._cited(located.record)
        return _finding(located)

    def _cited(self, record: Record) -> None:
        self.env.temp_data.setdefault("cited", {})[record.key] = record


def _joined(made: list[nodes.Node]) -> list[nodes.Node]:
    result: list[nodes.Node] = []
    for node in made:
        result += [nodes.Text("; "), node] if result else [node]
    return result


def _anchor(record: Record, key: str) -> str:
    href = esc(tables.link(key))
    state = standing_of(record)
    mark = (
        "" if state is Standing.STANDS else (f' <span class="standing {state.name.lower()}">{esc(state.value)}</span>')
    )
    return f'<a href="{href}" title="{esc(record.title)}">{esc(tables.cite(record))}</a>{mark}'


def _finding(located: Located) -> str:
    finding = located.finding
    sign, word = tables.SIGN[finding.direction.value], tables.WORD[finding.direction.value]
    badge = tables.level(finding.level) if finding.level else ""
    here = f"{finding.theme} chapter"
    return (
        f'<span class="cite">{_anchor(located.record, located.entry.key)}'
        f'<a class="to-finding" href="{CHAPTER[finding.theme]}.html#{anchor(located.reference)}" '
        f'aria-label="this finding in the table of the {here}, {word}">'
        f'<span class="direction {finding.direction.value}" title="{word}">{sign}</span>{badge}</a></span>'
    )


CHAPTER = {
    "evolution": "clonal-evolution",
    "identity": "lsc-identity",
    "resistance": "resistance",
    "surveillance": "surveillance",
    "target": "targets",
}


class CountRole(SphinxRole):
    """A number from the data."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number with a thin space between thousands; an unknown name fails the build."""
        if self.text not in numbers():
            message = self.inliner.reporter.warning(
                f"{{count}} {self.text}: no such count; there are {', '.join(numbers())}", line=self.lineno
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [nodes.Text(f"{numbers()[self.text]:,}".replace(",", "\u202f"))], []


class References(SphinxDirective):
    """The papers that the page has cited, in full, with PMID or DOI."""

    def run(self) -> list[nodes.Node]:
        """A list by author and year."""
        cited: dict[str, Record] = self.env.temp_data.get("cited", {})
        ordered = sorted(cited.values(), key=lambda r: (r.first_author.lower(), r.year, r.key))
        items = "".join(f"<li>{full(record)}</li>" for record in ordered)
        return [nodes.raw("", f'<ul class="references">{items}</ul>', format="html")]


def full(record: Record) -> str:
    """A paper as a reference list prints it, in HTML."""
    names = [author.name for author in record.authors[:6]]
    if not record.authors_complete or len(record.authors) > 6:
        names.append("et al.")
    identity = f"PMID {record.pmid}" if record.pmid else f"DOI {record.doi} (PMID pending)"
    link = f'<a href="{esc(tables.link(record.key))}">{esc(identity)}</a>'
    title = record.title.rstrip(".")
    state = standing_of(record)
    mark = (
        "" if state is Standing.STANDS else (f' <span class="standing {state.name.lower()}">{esc(state.value)}</span>')
    )
    return f"{esc(', '.join(names))}. {esc(title)}. <i>{esc(record.journal)}</i> {esc(record.year)}. {link}.{mark}"
