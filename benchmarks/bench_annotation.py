"""Measure the annotator against MeSH headings and CIViC columns; write `annotation.tsv` beside this file.

python benchmarks/bench_annotation.py                    what the code finds now
python benchmarks/bench_annotation.py --before 909d37d   and what it found at that commit, in the same run

Half of the documents (odd last digit) was not looked at while the annotator was made better; it stands by itself. CIViC
needs ../shared (../../shared from a worktree). Two minutes. What the numbers cannot bear: docs/annotation.md.
"""

import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotation_sources import KINDS, Source, from_civic, from_mesh, statements, table, wheel

from lscbook import paths, vocabulary
from lscbook.corpus import abstracts
from lscbook.pubmed.parse import Deletion, parse_path
from lscbook.synthesis import neighbours
from lscbook.vocabulary import Vocabulary, fold
from lscbook.vocabulary.annotate import Annotator
from lscbook.vocabulary.assertions import DENIED, assertion
from lscbook.vocabulary.measuring import Judgement, Rate, Score, score

HERE = Path(__file__).resolve().parent
SHARED = next((p for p in (paths.ROOT.parent / "shared", paths.ROOT.parent.parent / "shared") if p.is_dir()), None)
WORST = 60
Error = tuple[str, str, str, str, str]  # source, kind, missed or wrong, term, word

# Runs in a process of its own, with the code and the words of one commit; `mentions` is what every commit has.
WORKER = """
import json, sys, time
from lscbook import vocabulary
from lscbook.vocabulary.annotate import Annotator
texts = json.load(sys.stdin)
annotator = Annotator(vocabulary.load())
annotator.mentions("CD34")
start = time.process_time()
found = {key: [(m.term.kind, m.term.id, m.form) for m in annotator.mentions(text)] for key, text in texts.items()}
json.dump({"seconds": time.process_time() - start, "found": found}, sys.stdout)
"""


def annotated(texts: dict[str, str], root: Path) -> dict[str, Any]:
    """What the code at `root` finds, and the seconds of the processor that it took."""
    done = subprocess.run([sys.executable, "-c", WORKER], input=json.dumps(texts), capture_output=True, text=True,
                          check=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})  # fmt: skip
    return dict(json.loads(done.stdout))


def checked_out(commit: str, folder: Path) -> Path:
    """Code and words of a commit, unpacked."""
    packed = subprocess.run(["git", "archive", commit, "lscbook", "data/vocabulary"], cwd=paths.ROOT,
                            capture_output=True, check=True)  # fmt: skip
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def upwards(ids: Iterable[str], kind: str, known: Vocabulary) -> set[str]:
    """The terms and those above them: who finds CD33 CAR T in a text on sAML has found AML."""
    every = set(ids)
    for identifier in list(every):
        term = known.terms[kind].get(identifier)
        while term and (parent := term.facts.get("parent")):
            every.add(parent)
            term = known.terms[kind].get(parent)
    return every


def by_kind(found: list[list[str]], known: Vocabulary) -> dict[str, set[str]]:
    """Ids by kind; a marker names its gene too, and so does a lesion that begins with its symbol (FLT3-ITD)."""
    ids: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind, identifier, _form in found:
        if kind in ids:
            ids[kind].add(identifier)
        term = known.terms[kind].get(identifier) if kind in known.terms else None
        if kind == "markers" and term:
            ids["genes"] |= set(term.facts.get("genes", ()))
        if kind == "lesions" and (symbol := re.split(r"[- ]", identifier)[0]) in known.terms["genes"]:
            ids["genes"].add(symbol)
    return {kind: upwards(own, kind, known) for kind, own in ids.items()}


def sources(known: Vocabulary) -> list[Source]:
    """All that can be measured here."""
    rows = table(HERE / "annotation_gold.tsv", known)
    shared = sorted((SHARED / "pubmed" / "xml").glob("*.xml.gz")) if SHARED else []
    files = [*wheel(), *shared]
    found = [from_mesh(files, rows), from_mesh(files, rows, abstracts=False)]
    if SHARED is None:
        print("no ../shared here: CIViC is left out", file=sys.stderr)
        return found
    release = SHARED / "civic" / "civic_aml_mds.tsv"
    items = neighbours.from_release(release)
    papers = abstracts.get_all({item.pmid for item in items})
    for file in [*shared, SHARED / "pubmed" / "records.xml.gz"]:
        papers |= {r.pmid: f"{r.title}\n{r.text}" for r in parse_path(file) if not isinstance(r, Deletion) and r.text}
    return [
        *found,
        from_civic("CIViC, statement", items, statements(release), rows, known),
        from_civic("CIViC, abstract", items, papers, rows, known, by_pmid=True),
    ]


def halves(keys: Iterable[str]) -> dict[str, set[str]]:
    """All documents, and those that nobody looked at."""
    every = set(keys)
    return {"all": every, "not looked at": {key for key in every if int(key[-1]) % 2}}


def scored(source: Source, kind: str, ids: dict[str, set[str]], keys: set[str]) -> Score:
    judgements = {key: told for key, told in source.judgements[kind].items() if key in keys}
    return score(judgements, ids, source.judged[kind])


def denials(release: Path, keys: set[str], known: Vocabulary) -> Score:
    """Statements in which a term stands denied, against the items whose direction is *Does Not Support*."""
    annotator, told = Annotator(known), statements(release)
    items = [item for item in neighbours.from_release(release) if item.civic_id in keys]
    found = {i.civic_id: ["denied"] * _has_denial(annotator, told[i.civic_id]) for i in items}
    judgements = {i.civic_id: Judgement(frozenset(["denied"] * (i.direction == "Does Not Support"))) for i in items}
    return score(judgements, found, frozenset({"denied"}))


def _has_denial(annotator: Annotator, text: str) -> bool:
    folded = fold(text)
    return any(m.sign == "-" or assertion(folded, m.start, m.end) == DENIED for m in annotator.mentions(text))


def cells(when: str, source: str, kind: str, half: str, result: Score) -> list[str]:
    """One row of the table."""
    counts = (result.documents, *map(len, (result.right, result.missed, result.wrong)))
    return [source, kind, half, when, *map(str, counts), *_told(result.recall), *_told(result.precision)]


def _told(found: Rate | None) -> list[str]:
    return [f"{n:.3f}" for n in (found.value, found.low, found.high)] if found else ["", "", ""]


def worst(source: Source, kind: str, result: Score, found: dict[str, list[list[str]]]) -> dict[Error, list[str]]:
    """Errors by term and word, and the documents in which they are (no sentence)."""
    where: dict[Error, list[str]] = {}
    for key, identifier in sorted(result.wrong, key=_by_number):
        forms = sorted({form for k, i, form in found[key] if (k, i) == (kind, identifier)}) or ["(another term)"]
        where.setdefault((source.name, kind, "wrong", identifier, forms[0]), []).append(key)
    for key, identifier in sorted(result.missed, key=_by_number):
        where.setdefault((source.name, kind, "missed", identifier, ""), []).append(key)
    return where


def _by_number(pair: tuple[str, str]) -> tuple[int, str]:
    return int(pair[0]), pair[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", metavar="COMMIT", help="measure that commit too")
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    known = vocabulary.load()
    every = sources(known)
    texts = {f"{source.name}/{key}": text for source in every for key, text in source.texts.items()}
    states: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        if options.before:
            states["before"] = annotated(texts, checked_out(options.before, Path(folder)))
        states["now"] = annotated(texts, paths.ROOT)
    for when, state in states.items():
        print(f"{when}: {state['seconds']:.2f} s of the processor for {len(texts)} texts")
    if options.before:
        print(f"ratio {states['now']['seconds'] / states['before']['seconds']:.2f}")
    rows: list[list[str]] = []
    errors: dict[Error, list[str]] = {}
    for source in every:
        for kind in filter(source.judged.get, KINDS):
            for half, keys in halves(source.texts).items():
                for when, state in states.items():
                    found = {key: state["found"][f"{source.name}/{key}"] for key in keys}
                    ids = {key: by_kind(own, known)[kind] for key, own in found.items()}
                    result = scored(source, kind, ids, keys)
                    rows.append(cells(when, source.name, kind, half, result))
                    if (when, half) == ("now", "all"):
                        errors |= worst(source, kind, result, found)
    if SHARED:
        release = SHARED / "civic" / "civic_aml_mds.tsv"
        for half, keys in halves(statements(release)).items():
            rows.append(cells("now", "CIViC, statement", "denial", half, denials(release, keys, known)))
    head = ["source", "kind", "documents", "state", "number", "right", "missed", "wrong", "recall", "recall_low",
            "recall_high", "precision", "precision_low", "precision_high"]  # fmt: skip
    _write(options.out / "annotation.tsv", [head, *rows])
    top = sorted(errors.items(), key=lambda item: (-len(item[1]), item[0]))[:WORST]
    _write(options.out / "annotation_errors.tsv", [
        ["source", "kind", "error", "term", "word", "documents", "for_example"],
        *([*what, str(len(keys)), " ".join(keys[:3])] for what, keys in top),
    ])  # fmt: skip
    _tell_lacking(every)


def _tell_lacking(every: list[Source]) -> None:
    """What others name and our vocabulary does not have."""
    for source in every:
        if source.unknown:
            lacking = sum(source.unknown.values())
            print(f"{source.name}: {lacking} names that our vocabulary lacks: "
                  + ", ".join(f"{n} {c}" for n, c in Counter(source.unknown).most_common(20)))  # fmt: skip


def _write(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    start = time.monotonic()
    main()
    print(f"{time.monotonic() - start:.0f} s")
