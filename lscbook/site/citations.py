"""Citations and counts in prose: a paper or a number that the data does not hold fails the build.

``{paper}`22932223``` cites a paper, ``{paper}`22932223/2``` one of its findings, several stand with
commas; ``{count}`findings.target``` prints a number of `Book.numbers`.
"""

from collections.abc import Iterable

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from lscbook.pubmed.record import Record
from lscbook.site import opened
from lscbook.site.opened import Site


class PaperRole(SphinxRole):
    """Author, year, standing; for a finding also its direction and level."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Nodes of the citation; an unknown reference is a warning, and so an error of the build."""
        made: list[nodes.Node] = []
        for reference in (part.strip() for part in self.text.split(",")):
            html = self._html(reference)
            if not html:
                message = self.inliner.reporter.warning(
                    f"{{paper}} {reference}: no finding is curated under this PMID or DOI, "
                    "or it has no record in the corpus",
                    line=self.lineno,
                )
                return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
            made.append(nodes.raw("", html, format="html"))
        return _joined(made), []

    def _html(self, reference: str) -> str:
        """The citation, or '' where nothing has this name."""
        site = opened.of_env(self.env)
        located = site.book.evidence.by_reference.get(reference)
        record = located.record if located else site.book.evidence.records.get(reference)
        if record is None:
            return ""
        self.env.temp_data.setdefault("cited", {})[record.key] = record
        citations(self.env).setdefault(record.key, set()).add(self.env.docname)
        number = self.env.new_serialno("card")
        macros = site.html.macros("citations.html")
        if located:
            return str(macros.finding(located, number))
        return str(macros.paper(record, len(site.book.evidence.entries[record.key].findings), number))


def citations(env: BuildEnvironment) -> dict[str, set[str]]:
    """The pages that cite each paper; every build reads every page, so none is ever stale."""
    found: dict[str, set[str]] = vars(env).setdefault("lscbook_citations", {})
    return found


def _joined(made: list[nodes.Node]) -> list[nodes.Node]:
    result: list[nodes.Node] = []
    for node in made:
        result += [nodes.Text("; "), node] if result else [node]
    return result


class CountRole(SphinxRole):
    """A number from the data."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number with a thin space between thousands; an unknown name fails the build."""
        numbers = opened.of_env(self.env).book.numbers
        if self.text not in numbers:
            message = self.inliner.reporter.warning(
                f"{{count}} {self.text}: no such count; there are {', '.join(numbers)}", line=self.lineno
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [nodes.Text(f"{numbers[self.text]:,}".replace(",", "\u202f"))], []


class References(SphinxDirective):
    """The papers that the page has cited, in full, with PMID or DOI."""

    def run(self) -> list[nodes.Node]:
        """A list by author and year."""
        cited: dict[str, Record] = self.env.temp_data.get("cited", {})
        html = references(opened.of_env(self.env), cited.values())
        return [nodes.raw("", html, format="html")]


def references(site: Site, cited: Iterable[Record]) -> str:
    """Papers as a reference list prints them, by author and year, in HTML."""
    ordered = sorted(cited, key=lambda r: (r.first_author.lower(), r.year, r.key))
    return str(site.html.macros("citations.html").references(ordered))
