"""The study that `triage.py simulate` prints: every contender on the same papers, years and halves, in one run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lscbook.errors import NotEstimable
from lscbook.pubmed.record import Record
from lscbook.screening import simulation
from lscbook.screening.benchmark import Row
from lscbook.screening.features import Reader
from lscbook.screening.labels import DRAWN, LOOKED_UP, SCREENED
from lscbook.screening.ordering import Flags, Ranker
from lscbook.screening.simulation import CONTENDERS, Measured, Papers, Split

RIVAL = "ELAS u4, rebuilt"
YEARS = ((2021, 2022), (2023, 2025), (2026, 2026))  # each is ranked by what was published before it
Asked = Callable[[dict[str, object]], dict[str, Any]]


@dataclass(frozen=True)
class Study:
    """Papers of the benchmark whose abstract is at hand, what they say, and how each came to be judged."""

    papers: Papers
    rows: tuple[Row, ...]
    titles: tuple[str, ...]
    abstracts: tuple[str, ...]
    told: str

    @classmethod
    def of(
        cls, rows: Sequence[Row], records: Mapping[str, Record], abstracts: Mapping[str, str], reader: Reader
    ) -> "Study":
        """Papers that were judged by an abstract which is at hand; others would differ by the lack of it.

        Raises:
            NotEstimable: no abstract is at hand.
        """
        used = [row for row in rows if row.view != "title" and row.pmid in records and abstracts.get(row.pmid)]
        if not used:
            raise NotEstimable("no abstract is at hand; make harvest brings them, or name PubMed XML with --from-xml")
        known = [replace(records[row.pmid], text=abstracts[row.pmid]) for row in used]
        papers = Papers(
            tuple(row.pmid for row in used),
            np.asarray([row.decision == "include" for row in used]),
            tuple(f"{record.title} {record.text}" for record in known),
            tuple(reader.features(record) for record in known),
            np.asarray([float(reader.parts(record)) for record in known]),
        )
        told = (f"{len(used)} of the {len(rows)} papers of the benchmark were judged by an abstract that is at hand, "
                f"{int(papers.included.sum())} of them in.")  # fmt: skip
        return cls(papers, tuple(used), tuple(r.title for r in known), tuple(r.text for r in known), told)

    def splits(self) -> tuple[list[Split], list[Split]]:
        """The splits that are averaged, and others that show where the figures come from."""
        way = np.asarray([row.way for row in self.rows])
        nlm = np.asarray([row.source == "pubmed" for row in self.rows])
        years = [int(row.year) for row in self.rows]
        judged, screened = way != DRAWN, way == SCREENED
        first, last = YEARS[0][0], YEARS[-1][1]
        asked = [(_span(a, b), a, b, judged, judged) for a, b in YEARS]
        beside = [
            ("2021, NLM's own records", 2021, 2021, judged & nlm, judged),
            *[(f"{_span(a, b)}, nothing looked up", a, b, screened, judged) for a, b in YEARS[:-1]],
        ]
        if (way == DRAWN).any():
            every = np.ones(len(way), dtype=bool)
            beside.append((f"{_span(first, last)}, with random papers", first, last, every, every))
        return tuple([_split(years, *given) for given in each] for each in (asked, beside))  # type: ignore[return-value]


def report(study: Study, seeds: int, asreview: Asked | None) -> Iterator[str]:
    """The tables, line by line, in Markdown."""
    averaged, others = study.splits()
    splits = [*averaged, *others]
    found: dict[str, list[Measured]] = {
        name: [simulation.measured(study.papers, split, contender, seeds) for split in splits]
        for name, contender in CONTENDERS.items()
    }
    if asreview:
        parts = [part for split in splits for part in (split, *(split.half(seed) for seed in range(seeds)))]
        answer = asreview({
            "titles": study.titles, "abstracts": study.abstracts, "included": study.papers.included.tolist(),
            "splits": [{"prior": p.prior.tolist(), "pool": p.pool.tolist()} for p in parts],
        })  # fmt: skip
        orders, each = answer["orders"], seeds + 1
        found[f"ASReview {answer['version']}, {answer['model']}"] = [
            simulation.of_orders(study.papers, orders[i * each : (i + 1) * each]) for i in range(len(splits))
        ]
    yield from _tables(study, splits, found, len(averaged))
    yield from _calibration(study, averaged)


def _tables(study: Study, splits: Sequence[Split], found: Mapping[str, list[Measured]], first: int) -> Iterator[str]:
    """A table a split, and one of the mean over the first of them."""
    for number, split in enumerate(splits):
        pool = study.papers.included[split.pool]
        seen = f"{len(pool)} papers, {int(pool.sum())} in; {len(split.prior)} published before"
        yield f"\n**{split.name}**: {seen}; best possible {simulation.best(pool):.2f}\n"
        yield from _rows({name: each[number] for name, each in found.items()})
    yield "\n**Mean over " + ", ".join(split.name for split in splits[:first]) + "**\n"
    yield from _rows({name: _mean(each[:first]) for name, each in found.items()})


def _mean(each: Sequence[Measured]) -> Measured:
    whole = float(np.mean([measured.whole for measured in each]))
    return Measured(whole, np.mean([measured.halves for measured in each], axis=0))


def _rows(found: Mapping[str, Measured]) -> Iterator[str]:
    yield f"| order | WSS@95 | halves: mean (95 %) | less {RIVAL} (95 %) |"
    yield "|---|---|---|---|"
    for name, measured in found.items():
        low, high = measured.interval()
        apart = measured.halves - found[RIVAL].halves
        under, over = simulation.between(apart)
        yield (f"| {name} | {measured.whole:.2f} | {measured.halves.mean():.2f} ({low:.2f} to {high:.2f}) "
               f"| {apart.mean():+.2f} ({under:+.2f} to {over:+.2f}) |")  # fmt: skip


def _calibration(study: Study, splits: Sequence[Split]) -> Iterator[str]:
    """What was told of papers that came later, against what was judged."""
    way = np.asarray([row.way for row in study.rows])
    chances, included = [], []
    for split in splits:
        pool = split.pool[way[split.pool] != LOOKED_UP]
        ranker = Ranker.fit(*_learned(study, split, way == SCREENED))
        chances.append(ranker.probabilities([study.papers.features[place] for place in pool]))
        included.append(study.papers.included[pool])
    told, came = np.concatenate(chances), np.concatenate(included)
    base = float(came.mean())
    score = simulation.brier(told, came)
    against = f"{base * (1 - base):.3f} for whoever tells each the mean"
    yield f"\n**Calibration**, later papers that were screened: {len(came)}; Brier score {score:.3f}, {against}\n"
    yield "| chance told | share in | papers |"
    yield "|---|---|---|"
    for mean, share, number in simulation.reliability(told, came):
        yield f"| {mean:.2f} | {share:.2f} | {number} |"


def _learned(study: Study, split: Split, screened: Flags) -> tuple[list[Any], list[bool], list[bool]]:
    papers = study.papers
    return (
        [papers.features[place] for place in split.prior],
        [bool(papers.included[place]) for place in split.prior],
        [bool(screened[place]) for place in split.prior],
    )


def _split(years: Sequence[int], name: str, first: int, last: int, pool: Flags, prior: Flags) -> Split:
    """A temporal split; `pool` and `prior` say which papers may be in either."""
    split = simulation.temporal(name, years, first, last, pool)
    return replace(split, prior=np.intersect1d(split.prior, np.flatnonzero(prior)))


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"
