"""Citations and counts in prose: a paper or a number that the data does not hold fails the build.

``{paper}`22932223``` cites a paper, ``{paper}`22932223/2``` one of its findings, several stand with
commas; ``{count}`findings.target``` prints a number of `lscbook.synthesis.numbers`.
"""

from functools import cache

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from lscbook import addresses, corpus, screening
from lscbook.evidence import store
from lscbook.evidence.store import Evidence, Located
from lscbook.figures import tables
from lscbook.pubmed.record import Record
from lscbook.site.cards import with_card
from lscbook.synthesis import counts
from lscbook.text import escape_html as esc


@cache
def base() -> tuple[corpus.Corpus, Evidence]:
    """Corpus and evidence, read once a build."""
    known = corpus.read()
    return known, store.read(corpus=known)


@cache
def numbers() -> dict[str, int]:
    """Every count that prose may print."""
    return counts.numbers(*base(), [d.decision for d in screening.read()])


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
        located = next((f for f in evidence.findings if f.reference == reference), None)
        record = located.record if located else evidence.records.get(reference)
        if record is None:
            return None
        self.env.temp_data.setdefault("cited", {})[record.key] = record
        citations(self.env).setdefault(record.key, set()).add(self.env.docname)
        number = self.env.new_serialno("card")
        return _finding(located, number) if located else _paper(record, number)


def citations(env: BuildEnvironment) -> dict[str, set[str]]:
    """The pages that cite each paper; every build reads every page, so none is ever stale."""
    found: dict[str, set[str]] = vars(env).setdefault("lscbook_citations", {})
    return found


def _joined(made: list[nodes.Node]) -> list[nodes.Node]:
    result: list[nodes.Node] = []
    for node in made:
        result += [nodes.Text("; "), node] if result else [node]
    return result


def _paper(record: Record, number: int) -> str:
    _, evidence = base()
    count = len(evidence.entries[record.key].findings)
    card = (
        f'<span class="claim">{esc(record.title)}</span>'
        f'<span class="what">{esc(record.journal)} {esc(record.year)} · {count} findings curated</span>'
    )
    return with_card(esc(addresses.paper(record.key)), esc(tables.cite(record)) + tables.standing(record), card, number)


def _finding(located: Located, number: int) -> str:
    finding = located.finding
    sign, word = tables.SIGN[finding.direction.value], tables.WORD[finding.direction.value]
    badge = tables.level(finding.level) if finding.level else ""
    text = (
        f"{esc(tables.cite(located.record))}{tables.standing(located.record)}"
        f'<span class="direction {finding.direction.value}"> {sign}<span class="aside"> {word}</span></span>{badge}'
    )
    return with_card(esc(addresses.finding(located.reference)), text, tables.card(located), number)


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
    return (
        f'{esc(", ".join(names))}. <a href="{esc(addresses.paper(record.key))}">{esc(record.title.rstrip("."))}</a>. '
        f"<i>{esc(record.journal)}</i> {esc(record.year)}. "
        f'<a href="{esc(addresses.pubmed(record.key))}">{esc(identity)}</a>.{tables.standing(record)}'
    )
