"""What the records of the snapshot name, by year, and what is named together. It speaks of the snapshot alone.

The snapshot was made from files (`data/corpus/manifest.json`), and not by asking PubMed. Which years and words are
in it depends on those files. So a share is compared only among records of one kind: of the same origin, and alike in
whether their abstract could be annotated. What remains is what came into the files, and is no trend of the field.

*Trend*: the extended Mantel test for a linear trend over strata (with one stratum, the Cochran-Armitage test, here with
the variance of the permutations): does the share of the records that name a term move with their year? Two-sided,
normal, and over all terms the false discovery rate is held by Benjamini and Hochberg (scipy).

*Named together*: of the records whose abstract was annotated, how many name a target (by its gene or marker) and a
therapy, against how many would if the two stood apart; one-sided Fisher's exact test, the false discovery rate held
over all pairs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from lscbook.errors import NotEstimable
from lscbook.evidence.fields import BY_THEME
from lscbook.evidence.store import Evidence
from lscbook.pubmed.record import Record
from lscbook.synthesis.flow import ORIGINS
from lscbook.vocabulary import ANNOTATED, Vocabulary, things

LEAST_A_YEAR = 5  # records in every year of the window
LEAST_RECORDS = 50  # in the window, or with an abstract
LEAST_YEARS = 5
LEAST_NAMING = 10  # records that name a term, before its trend is asked for
LEAST_PAIRED = 5  # records that name a target, and a therapy, before they are paired
RATE = 0.05  # of false discoveries


@dataclass(frozen=True)
class Window:
    """The last run of years that each have enough records, and those records."""

    first: int
    last: int
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Trend:
    """A term, how many records name it in the older and the newer half of the window, and the test of its trend."""

    kind: str
    id: str
    number: int
    z: float
    p: float
    q: float
    older: tuple[int, int]  # that name it, of all
    newer: tuple[int, int]

    @property
    def found(self) -> bool:
        """Whether it stands after all that were tested."""
        return self.q < RATE

    @property
    def way(self) -> str:
        """What it does in this snapshot."""
        return ("rises" if self.z > 0 else "fades") if self.found else "no trend shown"


@dataclass(frozen=True)
class Pair:
    """A target and a therapy, and the records that name both."""

    target: str
    therapy: str
    both: int
    expected: float
    p: float
    q: float
    aimed: bool  # the therapy is aimed at the target

    @property
    def ratio(self) -> float:
        """How often they are named together, against how often if they stood apart."""
        return self.both / self.expected


def year_of(record: Record) -> int:
    """Its year, 0 where none is told."""
    return int(record.year or 0)


def by_year_and_theme(evidence: Evidence, records: Iterable[Record]) -> pd.DataFrame:
    """Year by theme: curated papers with a counted finding of it, and `records`: all records of the snapshot."""
    papers: dict[tuple[int, str], set[str]] = defaultdict(set)
    for f in evidence.counted:
        papers[year_of(f.record), f.finding.theme].add(f.entry.key)
    all_ = Counter(map(year_of, records))
    years = sorted({*all_, *(year for year, _ in papers)} - {0})
    return pd.DataFrame(
        ({"year": y, **{t: len(papers[y, t]) for t in BY_THEME}, "records": all_[y]} for y in years),
        columns=["year", *BY_THEME, "records"],
    )


def window(records: Iterable[Record]) -> Window:
    """The years back from the newest while each has `LEAST_A_YEAR` records.

    Raises:
        NotEstimable: too few years or records.
    """
    by: dict[int, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda r: r.key):
        by[year_of(record)].append(record)
    by.pop(0, None)
    last = max(by, default=0)
    first = last
    while len(by.get(first - 1, ())) >= LEAST_A_YEAR:
        first -= 1
    chosen = tuple(r for year in range(first, last + 1) for r in by.get(year, ()))
    if last - first + 1 < LEAST_YEARS or len(chosen) < LEAST_RECORDS:
        there = f"{len(chosen)} records in {last - first + 1 if chosen else 0} years on end"
        raise NotEstimable(f"{there}; a trend needs {LEAST_RECORDS} in {LEAST_YEARS}")
    return Window(first, last, chosen)


def strata(records: Sequence[Record]) -> dict[tuple[str, bool], list[int]]:
    """Places of the records by origin and whether their abstract was annotated: what may be compared."""
    found: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        found[record.origin, record.abstract is not None].append(place)
    return dict(sorted(found.items()))


def mantel(years: Sequence[float], named: Sequence[bool], groups: Iterable[Sequence[int]]) -> tuple[float, float]:
    """Z and two-sided p of a linear trend of the share that is named, over groups of places that are alike.

    Raises:
        NotEstimable: within no group do both the years and the naming differ.
    """
    from scipy.stats import norm  # noqa: PLC0415  slow to import

    year, name = np.asarray(years, dtype=float), np.asarray(named, dtype=float)
    total = variance = 0.0
    for places in groups:
        some = np.asarray(places, dtype=int)
        n = len(some)
        if n < 2:
            continue
        moved = year[some] - year[some].mean()
        naming = name[some].sum()
        total += float(name[some] @ moved)
        variance += float(naming * (n - naming) * (moved @ moved)) / (n * (n - 1))
    if variance <= 0:
        raise NotEstimable("within no group do both years and naming differ")
    z = total / sqrt(variance)
    return z, float(2 * norm.sf(abs(z)))


def trends(records: Iterable[Record]) -> tuple[Window, list[Trend]]:
    """Every term that enough records of the window name, by how its share moves, the risers first.

    Terms that the same records name (a marker and its gene) are one, and stand under the first of their kinds.

    Raises:
        NotEstimable: too few years or records, or no term that enough of them name.
    """
    from scipy.stats import false_discovery_control  # noqa: PLC0415

    span = window(records)
    naming: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, record in enumerate(span.records):
        for kind, terms in record.concepts.items():
            for identifier in terms:
                naming[kind, identifier].append(place)
    order = ("markers", "therapies", "lesions", "diseases", "genes")
    seen: set[tuple[int, ...]] = set()
    tested: list[tuple[tuple[str, str], list[int], float, float]] = []
    years, groups = [year_of(r) for r in span.records], list(strata(span.records).values())
    for term in sorted(naming, key=lambda t: (order.index(t[0]) if t[0] in order else len(order), t[1])):
        places = naming[term]
        if len(places) < LEAST_NAMING or len(places) == len(years) or tuple(places) in seen:
            continue
        seen.add(tuple(places))
        named = np.zeros(len(years), dtype=bool)
        named[places] = True
        try:
            tested.append((term, places, *mantel(years, named.tolist(), groups)))
        except NotEstimable:
            continue
    if not tested:
        raise NotEstimable(f"no term is named by {LEAST_NAMING} records")
    q = false_discovery_control([p for *_, p in tested])
    middle = float(np.median(years))
    made = []
    for (term, places, z, p), held in zip(tested, q, strict=True):
        old = sum(years[i] <= middle for i in places)
        older = (old, sum(y <= middle for y in years))
        made.append(Trend(*term, len(places), z, p, float(held), older, (len(places) - old, len(years) - older[1])))
    return span, sorted(made, key=lambda t: (-t.z, t.kind, t.id))


def names_of(vocabulary: Vocabulary) -> dict[str, frozenset[tuple[str, str]]]:
    """Each target with the kinds and ids under which annotation finds it: the other roles of the same thing."""
    known = things.by_key(vocabulary)
    return {
        name: frozenset(key for key in known[term.key].keys if key[0] in ANNOTATED)
        for name, term in vocabulary.terms["targets"].items()
    }


def names_target(names: Iterable[tuple[str, str]], record: Record) -> bool:
    """Whether a record names a target under one of its names."""
    return any(identifier in record.concepts.get(kind, ()) for kind, identifier in names)


def pairs(records: Iterable[Record], vocabulary: Vocabulary) -> tuple[int, list[Pair]]:
    """How many annotated abstracts there are, and each target with each therapy, those most named together first.

    Raises:
        NotEstimable: too few records with an abstract, or no target or therapy that enough of them name.
    """
    from scipy.stats import false_discovery_control, hypergeom  # noqa: PLC0415

    read = sorted((r for r in records if r.abstract is not None), key=lambda r: r.key)
    total = len(read)
    if total < LEAST_RECORDS:
        raise NotEstimable(f"{total} records with an abstract; pairs need {LEAST_RECORDS}")
    targets = {
        name: frozenset(i for i, r in enumerate(read) if names_target(names, r))
        for name, names in names_of(vocabulary).items()
    }
    therapies: dict[str, set[int]] = defaultdict(set)
    for place, record in enumerate(read):
        for identifier in record.concepts.get("therapies", ()):
            therapies[identifier].add(place)
    left = {name: places for name, places in targets.items() if len(places) >= LEAST_PAIRED}
    right = {name: therapies[name] for name in sorted(therapies) if len(therapies[name]) >= LEAST_PAIRED}
    if not left or not right:
        raise NotEstimable(f"no target and therapy that {LEAST_PAIRED} abstracts name")
    at = [(one, other) for one in left for other in right]
    both = np.array([len(left[one] & right[other]) for one, other in at])
    n, m = np.array([len(left[one]) for one, _ in at]), np.array([len(right[other]) for _, other in at])
    p = hypergeom.sf(both - 1, total, n, m)
    q = false_discovery_control(np.clip(p, 0, 1))
    aimed = _aimed(vocabulary)
    made = [
        Pair(one, other, int(k), float(a * b / total), float(p_), float(q_), (one, other) in aimed)
        for (one, other), k, a, b, p_, q_ in zip(at, both, n, m, p, q, strict=True)
    ]
    return total, sorted(made, key=lambda pair: (-pair.both, pair.p, pair.target, pair.therapy))


def _aimed(vocabulary: Vocabulary) -> frozenset[tuple[str, str]]:
    """Targets with the therapies that the vocabulary says are aimed at them, by gene or name."""
    names = {t.id: {t.id, t.facts.get("gene")} - {None} for t in vocabulary.terms["targets"].values()}
    found = set()
    for therapy in vocabulary.terms["therapies"].values():
        hit = set(str(therapy.facts.get("target", "")).replace("/", ";").split(";"))
        found |= {(target, therapy.id) for target, own in names.items() if own & hit}
    return frozenset(found)


def bias(records: Iterable[Record]) -> list[tuple[str, int, int, str, str]]:
    """Of each origin: records, those with an annotated abstract, the first and the last year, and the fullest years."""
    by: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by[record.origin].append(record)
    rows = []
    for origin, name in ORIGINS.items():
        if found := by.get(origin):
            years = Counter(filter(None, map(year_of, found)))
            fullest = sorted(years.items(), key=lambda item: (-item[1], item[0]))[:3]
            told = ", ".join(f"{year} ({n})" for year, n in fullest)
            span = f"{min(years)}–{max(years)}" if years else "no year told"
            rows.append((name, len(found), sum(r.abstract is not None for r in found), span, told))
    return rows
