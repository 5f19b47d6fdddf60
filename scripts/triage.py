#!/usr/bin/env python
"""Which papers to read first, how well that works, and when to stop. Needs `make triage-environment` once.

python scripts/triage.py rank [--from-xml FILE…] --out FILE.tsv   order papers by the chance that they are included
python scripts/triage.py stop [--ranked FILE.tsv]                 how many relevant papers are probably unread
python scripts/triage.py simulate                                 replay screening, year after year, against others
python scripts/triage.py queue [--first N]                        write data/screening/queue.tsv anew, tell its first
python scripts/triage.py freeze --from-xml FILE…                  how data/screening/benchmark.tsv was made

`rank` orders what nobody has read of the snapshot, or the records of PubMed XML files that are not judged yet.
"""

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


from lscbook import corpus, paths, screening
from lscbook.corpus import Corpus, abstracts
from lscbook.errors import LscbookError, NotEstimable
from lscbook.evidence import store
from lscbook.files import write_whole
from lscbook.pubmed.parse import parse_path
from lscbook.pubmed.query import compile_search
from lscbook.pubmed.record import Record
from lscbook.screening import benchmark, labels, stopping
from lscbook.screening import queue as queues
from lscbook.screening.features import Reader

ASREVIEW = paths.ROOT / ".venv-benchmark" / "bin" / "python"
DRAWN, SEED = 500, 16  # random negatives of the benchmark


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 done, 1 refused."""
    options = _parser().parse_args(arguments)
    verbs = {"rank": _rank, "stop": _stop, "simulate": _simulate, "queue": _queue, "freeze": _freeze}
    try:
        return verbs[options.verb](options)
    except ModuleNotFoundError as error:
        print(f"triage: {error.name} is not installed; run: make triage-environment", file=sys.stderr)
    except (LscbookError, OSError) as error:
        print(f"triage: {error}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    xml = {"nargs": "+", "type": Path, "default": [], "metavar": "FILE", "help": "PubMed XML, .xml or .xml.gz"}
    rank = verbs.add_parser("rank", help="order papers by the chance that they are included")
    rank.add_argument("--from-xml", **xml)  # type: ignore[arg-type]
    rank.add_argument("--out", type=Path, required=True, help="the table: pmid, probability, theme, reasons")
    stop = verbs.add_parser("stop", help="how many relevant papers are probably unread")
    stop.add_argument("--ranked", type=Path, help="a table of `rank`, read from its top and judged in decisions.tsv")
    stop.add_argument("--confidence", type=float, default=0.95)
    stop.add_argument("--recall", type=float, default=0.95, help="share of the relevant papers to be found")
    simulate = verbs.add_parser("simulate", help="replay screening on the frozen benchmark")
    simulate.add_argument("--from-xml", **xml)  # type: ignore[arg-type]
    simulate.add_argument("--seeds", type=int, default=40, help="halves drawn for the intervals")
    simulate.add_argument("--asreview", type=Path, default=ASREVIEW, help="a Python that has ASReview")
    queue = verbs.add_parser("queue", help="write data/screening/queue.tsv anew")
    queue.add_argument("--first", type=int, metavar="N", help="print the first N for a pull request, as Markdown")
    freeze = verbs.add_parser("freeze", help="how data/screening/benchmark.tsv was made")
    freeze.add_argument("--from-xml", **xml, required=True)  # type: ignore[arg-type]
    freeze.add_argument("--out", type=Path, default=benchmark.BENCHMARK_FILE)
    return parser


def _judged() -> tuple[Corpus, list[screening.Decision], dict[str, str]]:
    """The snapshot, the ledger, and the day of the entry of each curated paper."""
    known = corpus.read()
    return known, screening.read(), store.read(corpus=known).days


def _themes(known: Corpus) -> dict[str, str]:
    """The theme of most findings of each curated paper, the first in the alphabet where two have as many."""
    evidence = store.read(corpus=known)
    counted = {evidence.records[key].key: Counter(f.theme for f in e.findings) for key, e in evidence.entries.items()}
    return {key: max(sorted(themes), key=lambda theme: themes[theme]) for key, themes in counted.items() if themes}


def _rank(options: argparse.Namespace) -> int:
    from lscbook.screening.triage import Triage  # noqa: PLC0415  scikit-learn is no package of the book

    known, decisions, curated = _judged()
    judged = labels.gather(known, decisions, curated)
    given = {r.key: r for r in _records(options.from_xml)}
    texts = abstracts.get_all(known.records) | {key: r.text for key, r in given.items() if r.text}
    learned = Triage.learn(Reader.open(), judged, known.records, texts, _themes(known))
    if options.from_xml:
        done = {label.key for label in judged}
        wanted = [record for key, record in given.items() if key not in done]
    else:
        wanted = [known.records[key] for key in labels.unread(known, decisions, curated)]
    rows = learned.rank(replace(record, text=texts.get(record.key, "")) for record in wanted)
    write_whole(options.out, queues.QUEUE.text(rows))
    whole = sum(bool(texts.get(record.key)) for record in wanted) if learned.whole else 0
    print(f"{len(rows)} papers ranked, {whole} by their abstract and {len(rows) - whole} by their title; {options.out}")
    if not learned.whole:
        print("triage: too few abstracts in .cache to learn from; titles and terms are all that was read. "
              "make harvest brings them, or name PubMed XML with --from-xml", file=sys.stderr)  # fmt: skip
    return 0


def _queue(options: argparse.Namespace) -> int:
    """The unread papers of the snapshot by committed facts alone, the same in every clone."""
    from lscbook.screening.triage import Triage  # noqa: PLC0415

    known, decisions, curated = _judged()
    judged = labels.gather(known, decisions, curated)
    learned = Triage.learn(Reader.open(), judged, known.records, {}, _themes(known), labels.by_abstract)
    rows = learned.rank(known.records[key] for key in labels.unread(known, decisions, curated))
    told = f"{len(rows)} papers wait; {queues.QUEUE_FILE.relative_to(paths.ROOT)}"
    if options.first:
        before = queues.read() if queues.QUEUE_FILE.exists() else []
        told = queues.first(rows, known.records, [row.pmid for row in before], options.first)
    write_whole(queues.QUEUE_FILE, queues.QUEUE.text(rows))
    print(told)
    return 0


def _stop(options: argparse.Namespace) -> int:
    known, decisions, curated = _judged()
    sure = f"{options.confidence:.0%}"
    if options.ranked is None:
        left = queues.backlog(known, decisions, curated, queues.read())
        most = left.at_most(options.confidence)
        print(f"Of {left.read} papers screened by their abstract, {left.found} are in; {len(left.waiting)} are unread.")
        print(f"With {sure} confidence at most {most} of these are relevant, if those read are like those unread.")
        return 0
    verdicts = {row.pmid: row.decision == "include" for row in decisions if row.reason not in labels.UNREAD}
    verdicts |= dict.fromkeys(curated, True)
    rows = queues.read(options.ranked)
    found = [verdicts[row.pmid] for row in rows if row.pmid in verdicts]
    most = stopping.unread_at_most(found, len(rows), options.confidence)
    p = stopping.missed(found, len(rows), options.recall)
    print(f"Of {len(rows)} papers ranked, {len(found)} are read and {sum(found)} are in.")
    print(f"With {sure} confidence at most {most} relevant papers are unread.")
    enough = p < 1 - options.confidence
    print(f"Fewer than {options.recall:.0%} found: p = {p:.3f}. {'You may stop.' if enough else 'Read on.'}")
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from lscbook.screening import replays  # noqa: PLC0415

    rows = benchmark.read()
    known = corpus.read()
    given = {r.key: r for r in _records(options.from_xml)}
    texts = abstracts.get_all(known.records) | {key: r.text for key, r in given.items() if r.text}
    study = replays.Study.of(rows, {**given, **known.records}, texts, Reader.open())
    print(study.told)
    asked = _asreview(options.asreview) if options.asreview.exists() else None
    if asked is None:
        print(f"ASReview is not installed in {options.asreview}; run: make benchmark-environment", file=sys.stderr)
    for line in replays.report(study, options.seeds, asked):
        print(line, flush=True)
    return 0


def _asreview(python: Path) -> Callable[[dict[str, object]], dict[str, Any]]:
    def orders(study: dict[str, object]) -> dict[str, Any]:
        done = subprocess.run(  # noqa: S603  our own script
            [python, paths.ROOT / "benchmarks" / "asreview_order.py"],
            input=json.dumps(study), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise NotEstimable(f"ASReview failed: {done.stderr[-500:]}")
        return dict(json.loads(done.stdout))

    return orders


def _freeze(options: argparse.Namespace) -> int:
    """Labels of today, and papers outside of the query drawn at random from the files given."""
    if options.out.exists():
        raise NotEstimable(f"{options.out} is frozen; it is never made anew. Give --out to see what today's would be")
    known, decisions, curated = _judged()
    judged = labels.gather(known, decisions, curated)
    rows = [benchmark.row_of(label, known.records[label.key]) for label in judged]
    reader = Reader.open()
    rule = compile_search(reader.query.snapshot_rule, reader.query.mesh_narrower)
    outside = {r.key: r for r in _records(options.from_xml) if r.pmid and r.title and r.text and not rule(r)}
    free = sorted(outside.keys() - known.records.keys() - {row.pmid for row in decisions}, key=int)
    for key in random.Random(SEED).sample(free, min(DRAWN, len(free))):  # noqa: S311  no secret
        drawn = labels.Label(key, False, benchmark.NOT_READ, known.as_of, labels.DRAWN, "nothing")  # noqa: FBT003
        rows.append(benchmark.row_of(drawn, outside[key]))
    write_whole(options.out, benchmark.BENCHMARK.text(rows))
    print(f"{len(rows)} papers, {sum(row.decision == 'include' for row in rows)} in; {options.out}")
    return 0


def _records(files: Iterable[Path]) -> list[Record]:
    found = (record for file in files for record in parse_path(file, lambda _pmid, _why: None))
    return [record for record in found if isinstance(record, Record)]


if __name__ == "__main__":
    sys.exit(main())
