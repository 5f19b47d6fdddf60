"""The sentences of the book that cite a finding, and what a person judged of each: does the finding bear it?

`data/readings/prose.tsv` keeps one line a sentence and finding. A judgement is of exactly that sentence and
that claim with its fields: where either changes, it lapses, and asks for a new one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lscbook import paths
from lscbook.evidence import model, rules
from lscbook.evidence.store import Evidence, Located
from lscbook.files import write_whole
from lscbook.screening.ledger import Ledger
from lscbook.text import digest, split_sentences

FILE = paths.DATA / "readings" / "prose.tsv"
PAGES = paths.ROOT / "book"
VERDICTS = ("borne", "not borne")
SOFTWARE = "software"  # a language model that did not write the sentence; a person signs with an ORCID id
_PAPER = re.compile(r"\{paper\}`([^`]+)`")
_NAMED = re.compile(r"\{[a-z]+\}`([^`<]+?)(?: <[^`]*>)?`")
_CITED = re.compile(r"\[([^\]]+/\d+(?:,[^\]]*)?)\]")
_FENCE = re.compile(r"^(```|:::)")
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a page, as a reader sees it, with the findings that it cites."""

    page: str
    line: int
    text: str
    references: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Judgement:
    """What one reader held of one sentence beside one finding; `judged` is the digest of both."""

    page: str
    finding: str
    judged: str
    verdict: str
    reader: str
    date: str
    note: str = ""

    @property
    def pair(self) -> tuple[str, str, str]:
        """Of what it is: page, finding, and the digest of the two as they were judged."""
        return self.page, self.finding, self.judged


def _rules(row: Judgement) -> Iterator[tuple[str, str, str]]:
    if row.verdict not in VERDICTS:
        yield "verdict", repr(row.verdict), f"allowed are {', '.join(VERDICTS)}"
    elif row.verdict != "borne" and not row.note:
        yield "note", "empty", "say what the finding does not bear"
    if row.reader != SOFTWARE:
        yield from (("reader", *fault) for fault in rules.broken("ORCID", row.reader))
    yield from (("date", *fault) for fault in rules.broken("date", row.date))


LEDGER = Ledger(Judgement, lambda row: (row.page, row.finding, row.judged, row.reader), _rules)


def sentences(folder: Path = PAGES) -> list[Sentence]:
    """Every sentence of the book's pages that cites a finding, in the order of the pages."""
    return [
        sentence for path in sorted(folder.glob("*.md")) for sentence in of_page(path.stem, path.read_text("utf-8"))
    ]


def of_page(page: str, text: str) -> Iterator[Sentence]:
    """Those of one page.

    >>> [s.references for s in of_page("a", "One came first ({paper}`7/1`). It was early.")]
    [('7/1',)]
    """
    for line, paragraph in _paragraphs(text):
        plain = _NAMED.sub(r"\1", _PAPER.sub(lambda m: f"[{m.group(1)}]", paragraph)).replace("**", "")
        for start, end in split_sentences(plain):
            told = plain[start:end]
            cited = [
                ref.strip() for found in re.findall(r"\[([^\]]+/\d+(?:,[^\]]*)?)\]", told) for ref in found.split(",")
            ]
            findings = tuple(dict.fromkeys(ref for ref in cited if re.search(r"/\d+$", ref)))
            if findings:
                yield Sentence(page, line, told, findings)


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Line and text of each paragraph and list item; code and the head of the page left out."""
    lines = text.split("\n")
    start = lines.index("---", 1) + 1 if lines[:1] == ["---"] else 0
    block: list[str] = []
    at, fenced = start, False
    for number, line in enumerate([*lines[start:], ""], start=start + 1):
        if _FENCE.match(line):
            fenced = not fenced
        if not line.strip() or _ITEM.match(line) or fenced or _FENCE.match(line):
            if block:
                yield at, " ".join(block)
            block = []
        if line.strip() and not fenced and not _FENCE.match(line):
            at = at if block else number
            block.append(_ITEM.sub("", line).strip())


def judged(sentence: Sentence, located: Located) -> str:
    """The digest of what is judged: the sentence, and the claim with its fields."""
    return digest(f"{sentence.text}\n{model.digest_of(located.finding)}")[:16]


def read(file: Path = FILE) -> list[Judgement]:
    """Every judgement; none where nobody has judged yet.

    Raises:
        LedgerInvalid: a line is not a judgement; the message names it.
    """
    return LEDGER.read(file) if file.exists() else []


def unjudged(
    found: Iterable[Sentence], evidence: Evidence, read_already: Iterable[Judgement]
) -> list[tuple[Sentence, Located]]:
    """Sentences beside the findings that nobody has judged as they stand now."""
    done = {j.pair for j in read_already}
    return [(s, f) for pair, s, f in _pairs(found, evidence) if pair not in done]


def _pairs(found: Iterable[Sentence], evidence: Evidence) -> list[tuple[tuple[str, str, str], Sentence, Located]]:
    """Each sentence beside each finding that it cites, with what a judgement of the two as they stand is of."""
    known = evidence.by_reference
    beside = [(s, known[ref]) for s in found for ref in s.references if ref in known]
    return [((s.page, f.reference, judged(s, f)), s, f) for s, f in beside]


def numbers(found: Iterable[Sentence], evidence: Evidence, read_already: Iterable[Judgement]) -> dict[str, int]:
    """How many sentences cite a finding, the pairs of both, those judged as they stand, by whom, and how it went."""
    sentences_, known = tuple(found), tuple(read_already)
    now = [pair for pair, _, _ in _pairs(sentences_, evidence)]
    done, refused = {j.pair for j in known}, {j.pair for j in known if j.verdict != "borne"}
    by_people = {j.pair for j in known if j.reader != SOFTWARE}
    return {
        "prose.sentences": len(sentences_),
        "prose.pairs": len(now),
        "prose.judged": sum(pair in done for pair in now),
        "prose.by_people": len(by_people & set(now)),
        "prose.not_borne": len(refused),
        "prose.not_borne_still": len(refused & set(now)),
    }


def record(judgement: Judgement, file: Path = FILE) -> None:
    """Write a judgement beside the others; an older one of the same reader and the same words is replaced."""
    file.parent.mkdir(parents=True, exist_ok=True)
    key = LEDGER.key(judgement)
    write_whole(file, LEDGER.text([*(j for j in read(file) if LEDGER.key(j) != key), judgement]))
