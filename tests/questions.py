"""The questions of `questions.tsv`, each with what must come first, and the search asked in Deno as a browser runs it."""

import csv
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lscbook import addresses
from lscbook.site.browser import facets
from lscbook.site.search import index, names, shards

HERE = Path(__file__).parent
SITE = Path(index.__file__).parent.parent
GROUPS = {
    "thing": {"entities"}, "finding": {"findings"}, "by author": {"findings"}, "claim": {"findings"}, "paper": {"papers"},
    "paper or finding": {"findings", "papers"}, "section": {"sections"},
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What somebody asks, and the kind and names of what may come first.

    A thing or a section by its name or address, a paper or a finding by the PMID or DOI of the paper; and a finding by an
    author of its paper, or by words that its claim must all hold, so that a stronger one that joins may come first.

    Set 1 was written while the search was made. Set 2 was written, with its answers, by somebody who knew the evidence and
    the vocabulary and had seen neither set 1 nor the index; its rows stay as they were written. `missed` says why a
    question is known not to get its answer first; one that gets it loses the mark.
    """

    text: str
    kind: str
    first: tuple[str, ...]
    set: str
    missed: str

    def is_met_by(self, group, told, evidence):
        """Whether the first hit is the one: by the id of a thing, the address of a section or finding, the key of a paper."""
        if group not in GROUPS[self.kind]:
            return False
        if self.kind in {"thing", "section"}:
            return told in self.first
        if self.kind in {"finding", "paper", "paper or finding"}:
            return any(key in told or addresses.key_slug(key) in told for key in self.first)
        found = next(f for f in evidence.findings if addresses.finding(f.reference).endswith(told))
        if self.kind == "by author":
            return bool(set(self.first) & {author.name for author in found.record.authors})
        return all(word in found.finding.claim for word in self.first)


def questions():
    with (HERE / "questions.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Question(row["question"], row["kind"], tuple(row["first"].split("|")), row["set"], row["missed"]) for row in rows
    ]


def told_of(group, cells):
    """By what a hit is known: id of a thing, address of a finding or a section, PMID or DOI of a paper."""
    if group == "papers":
        return cells[3] or cells[4]
    return cells[{"entities": 1, "findings": 4, "sections": 2}[group]]


def ask(folder, book, sections, **asked):
    """The answers of the search to each of the questions, and what else `ask.js` can be asked."""
    held = folder / "index.json"
    files = dict(shards.laid_out(index.data(book, sections)))
    told = {"files": files, "names": names.table(book), "assets": str(SITE), "evidence": facets.data(book)}
    held.write_text(json.dumps(told), "utf-8")
    deno = Path(sys.executable).with_name("deno")
    done = subprocess.run(
        [deno, "run", "--no-remote", "--allow-read", HERE / "ask.js", held],
        input=json.dumps(asked), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def first_of(answer):
    """Group and name of the first hit, or two empty words."""
    if not answer["order"]:
        return "", ""
    group = answer["order"][0]
    return group, told_of(group, answer["found"][group][0])
