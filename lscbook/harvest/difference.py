"""What a harvest changed: told to a person at once, and on What's new for good."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from lscbook.corpus import Corpus
from lscbook.errors import CorpusInvalid
from lscbook.text import first_fault


@dataclass
class Difference:
    """What a harvest changed, by PMID."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # entries stand on them, and PubMed gives no record any more
    resolved: dict[str, str] = field(default_factory=dict)  # DOI to the PMID that PubMed gave it

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return any(vars(self).values())

    def as_text(self) -> str:
        """One line a kind."""
        lines = []
        for name in ("new", "changed", "withdrawn"):
            pmids: list[str] = getattr(self, name)
            shown = ", ".join(pmids[:10]) + (" …" if len(pmids) > 10 else "")
            lines.append(f"{name}: {len(pmids)}" + (f" ({shown})" if pmids else ""))
        if self.gone:
            lines.append(
                f"gone: {len(self.gone)} ({', '.join(self.gone)}): curated here, and PubMed has no such record"
            )
        lines += [f"DOI {doi} has PMID {pmid}" for doi, pmid in self.resolved.items()]
        return "\n".join(lines)

    def as_json(self) -> str:
        """As JSON, PMIDs in order."""
        return json.dumps(vars(self), indent=2)

    def after(self, earlier: "Difference") -> "Difference":
        """What both harvests of a day changed: the news of the first are not lost with the second."""

        def both(name: str) -> set[str]:
            return {*getattr(earlier, name), *getattr(self, name)}

        came_and_went = {*earlier.new} & {*self.withdrawn}
        went_and_came = {*earlier.withdrawn} & {*self.new}
        new = both("new") - came_and_went - went_and_came
        withdrawn = both("withdrawn") - came_and_went - went_and_came
        changed = (both("changed") | went_and_came) - new - withdrawn - came_and_went
        return Difference(
            sorted(new, key=_by_number),
            sorted(changed, key=_by_number),
            sorted(withdrawn, key=_by_number),
            sorted(both("gone"), key=_by_number),
            {**earlier.resolved, **self.resolved},
        )

    def within(self, known: Corpus) -> "Difference":
        """What of it the corpus bears out."""
        there = known.records.keys()
        return replace(
            self,
            new=[pmid for pmid in self.new if pmid in there],
            changed=[pmid for pmid in self.changed if pmid in there],
            withdrawn=[pmid for pmid in self.withdrawn if pmid not in there],
            resolved={doi: pmid for doi, pmid in self.resolved.items() if pmid in there},
        )

    @classmethod
    def read(cls, file: Path) -> "Difference":
        """The difference that a file holds, or an empty one where there is none.

        Raises:
            CorpusInvalid: the file cannot be read.
        """
        try:
            return TypeAdapter(cls).validate_json(file.read_bytes()) if file.exists() else cls()
        except ValidationError as error:
            told = f"{first_fault(error, 'the file')}, and not what a harvest tells"
            raise CorpusInvalid(f"{file}: {told}; take the file from git again") from error


def _by_number(pmid: str) -> tuple[int, str]:
    return (int(pmid), "") if pmid.isdigit() else (0, pmid)
