"""What each model of the synthesis costs at 10,000 findings, and the order of lesions held against two cohorts."""

import csv
import random
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from lscbook import corpus, paths, vocabulary
from lscbook.errors import NotEstimable
from lscbook.evidence import store
from lscbook.evidence.store import Evidence
from lscbook.pubmed.record import Record
from lscbook.synthesis import conflicts, coverage, gaps, order, pooling, strength, timelines, trends

SIZES = (1_000, 2_500, 5_000, 10_000)
ORDERS = paths.ROOT.parent / "shared" / "evidence" / "orders"


def grown(evidence: Evidence, size: int) -> Evidence:
    """Copies of our entries under other numbers, with directions drawn anew, until they hold so many findings."""
    chance = random.Random(1)  # noqa: S311  no secret
    keys = sorted(evidence.entries)
    entries, records, number = {}, {}, 0
    for pmid in map(str, count(50_000_000)):
        entry = evidence.entries[keys[int(pmid) % len(keys)]]
        own = [
            f if f.role or chance.random() < 0.8 else f.model_copy(
                update={"direction": type(f.direction)("does_not_support"), "reason": "no effect shown"}
            )
            for f in entry.findings
        ]  # fmt: skip
        made = [f.model_copy(update={"cohort": tuple(f"{c} {pmid}" for c in f.cohort)}) for f in own]
        entries[pmid] = entry.model_copy(update={"pmid": pmid, "doi": None, "findings": tuple(made)})
        records[pmid] = evidence.records[entry.key]
        number += len(made)
        if number >= size:
            return Evidence(entries, records)
    raise AssertionError


def main() -> None:
    known, words = corpus.read(), vocabulary.load()
    evidence = store.read(corpus=known)

    def strengths(e: Evidence) -> None:
        for question in strength.QUESTIONS.values():
            for part in strength.PARTS:
                weighed = strength.table(e, words, question, part)
                try:
                    strength.ranked(weighed)
                except NotEstimable:
                    continue

    def grown_records(e: Evidence) -> list[Record]:
        some = list(known.records.values())
        return [replace(some[i % len(some)], pmid=str(60_000_000 + i)) for i in range(len(e.findings))]

    def literature_of(e: Evidence) -> None:
        records = grown_records(e)
        trends.by_year_and_theme(e, records)
        trends.trends(records)
        trends.pairs(records, words)

    def covered(e: Evidence) -> None:
        coverage.subjects(e)
        coverage.targets(e, words, ())
        coverage.mechanisms(e, words, ())
        coverage.markers(e, words)
        coverage.functional(e)

    models: dict[str, Callable[[Evidence], object]] = {
        "strength and rank sets, six questions, two diseases": strengths,
        "conflicts": lambda e: conflicts.find(e.counted),
        "order of lesions, 400 resamples": order.of_evidence,
        "pooling": pooling.answers,
        "coverage": covered,
        "timelines": lambda e: (timelines.landmarks(e), timelines.courses(e)),
        "trends and pairs, as many records as findings": literature_of,
        "map of gaps, as many records as findings": lambda e: gaps.rows(e, words, grown_records(e), (), ()),
    }
    print(f"| seconds at findings | {' | '.join(f'{n:,}' for n in SIZES)} |")
    print(f"|---|{'---:|' * len(SIZES)}")
    books = [grown(evidence, size) for size in SIZES]
    assert all(len(b.findings) >= size for b, size in zip(books, SIZES, strict=True))
    for name, run in models.items():
        told = []
        for e in books:
            began = time.process_time()
            run(e)
            told.append(f"{time.process_time() - began:.1f}")
        print(f"| {name} | {' | '.join(told)} |")
    against_cohorts(evidence)


def against_cohorts(evidence: Evidence) -> None:
    if not ORDERS.is_dir():
        print(f"\nNo cohorts: {ORDERS} is missing.")
        return

    def gene(lesion: str) -> str:
        return "FLT3" if lesion.startswith("FLT3") else lesion

    found = order.of_evidence(evidence)
    told: dict[str, list[float]] = {}
    for lesion, value in zip(found.lesions, found.strength, strict=True):
        told.setdefault(gene(lesion), []).append(value)
    ours = {lesion: sum(values) / len(values) for lesion, values in told.items()}
    print(f"\nOur order: {len(found.lesions)} lesions from {found.studies} studies, {len(evidence.entries)} papers.\n")
    print("| Kendall's tau, lesions of five cases or more | tau | shared lesions |")
    print("|---|---:|---:|")
    cohorts = {}
    for name in ("amlsg", "morita"):
        with (ORDERS / f"{name}.csv").open(encoding="utf-8") as lines:
            pairs = [(r["case"], gene(r["first"]), gene(r["second"])) for r in csv.DictReader(lines)]
        cohorts[name] = order.of_cases(pairs, 5)
        print("| ours against {} | {:.2f} | {} |".format(name, *order.agreement(ours, cohorts[name])))
    print("| one cohort against the other | {:.2f} | {} |".format(*order.agreement(*cohorts.values())))


if __name__ == "__main__":
    main()
