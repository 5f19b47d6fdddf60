"""Findings put together: the tables behind the figures, and every count that the prose prints."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from lscbook.corpus import Corpus
from lscbook.evidence import fields, reviewing
from lscbook.evidence.reviewing import Reading
from lscbook.evidence.store import Evidence, Located

# Studies in people first, then what is nearest to them.
STUDY_ORDER = {study: rank for rank, study in enumerate(fields.STUDIES)}
LEVEL_ORDER = {level: rank for rank, level in enumerate((*fields.LEVELS, None))}


def strongest_first(findings: Iterable[Located]) -> list[Located]:
    """By level, then kind of study, then the newest paper."""
    return sorted(
        findings,
        key=lambda f: (
            LEVEL_ORDER[f.finding.level],
            STUDY_ORDER[f.finding.study],
            -int(f.record.year or 0),
            f.reference,
        ),
    )


def direction_of(located: Located) -> str:
    """`supports` or `does_not_support`."""
    return str(located.finding.direction.value)


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


def evolution(evidence: Evidence, axis: str) -> pd.DataFrame:
    """Lesion against stage (`axis="order"`) or cell (`axis="cells"`): one row a finding and pair."""
    rows = []
    for f in evidence.of_theme("evolution"):
        value = getattr(f.finding, axis)
        for column in [value] if isinstance(value, str) else (value or ()):
            rows += [_row(lesion, column, f) for lesion in f.finding.lesions]
    return _frame(rows, ("row", "column", "direction", "reference"))


def _row(row: str, column: str, located: Located) -> dict[str, str]:
    return {"row": row, "column": column, "direction": direction_of(located), "reference": located.reference}


def identity_expression(evidence: Evidence) -> pd.DataFrame:
    """Marker, population and level, one row a finding and population."""
    rows = [
        {**_row(subject, population, f), "level": level}
        for f in evidence.of_theme("identity")
        for subject in f.finding.subjects
        for population, level in f.finding.expression.items()
    ]
    return _frame(rows, ("row", "column", "direction", "reference", "level"))


def identity_direction(evidence: Evidence) -> pd.DataFrame:
    """Marker and whether it tells stem cells apart, one row a finding and marker."""
    rows = [
        _row(subject, "tells LSCs apart", f) for f in evidence.of_theme("identity") for subject in f.finding.subjects
    ]
    return _frame(rows, ("row", "column", "direction", "reference"))


def resistance(evidence: Evidence) -> pd.DataFrame:
    """Mechanism against therapy survived; a finding without therapy stands under 'not told'."""
    rows = [
        _row(f.finding.mechanism, therapy, f)
        for f in evidence.of_theme("resistance")
        for therapy in (f.finding.escaped or ("therapy not told",))
    ]
    return _frame(rows, ("row", "column", "direction", "reference"))


def targets(evidence: Evidence) -> pd.DataFrame:
    """Target against rung of the ladder, one row a finding."""
    rows = [_row(f.finding.target, f.finding.stage, f) for f in evidence.of_theme("target")]
    return _frame(rows, ("row", "column", "direction", "reference"))


RATIOS = ("HR", "OR", "RR", "SHR")


def forest(evidence: Evidence) -> pd.DataFrame:
    """Ratios with their intervals, of surveillance findings, one row a finding."""
    rows = []
    for f in evidence.of_theme("surveillance"):
        effect = f.finding.effect
        if effect and effect.measure in RATIOS and effect.ci:
            rows.append(
                {
                    "assay": f.finding.assay,
                    "time_point": f.finding.time_point or "time not told",
                    "end_point": f.finding.end_point or "",
                    "measure": effect.measure,
                    "value": float(effect.value),
                    "low": float(effect.ci[0]),
                    "high": float(effect.ci[1]),
                    "ci_level": effect.ci_level,
                    "comparison": effect.comparison or "",
                    "direction": direction_of(f),
                    "reference": f.reference,
                }
            )
    columns = (
        "assay",
        "time_point",
        "end_point",
        "measure",
        "value",
        "low",
        "high",
        "ci_level",
        "comparison",
        "direction",
        "reference",
    )
    frame = _frame(rows, columns)
    return frame.sort_values(["assay", "time_point", "value", "reference"]).reset_index(drop=True)


def count(frame: pd.DataFrame) -> pd.DataFrame:
    """Findings by row, column and direction, each finding once."""
    if frame.empty:
        return frame.assign(n=[])
    unique = frame.drop_duplicates(["row", "column", "direction", "reference"])
    return unique.groupby(["row", "column", "direction"], sort=True).size().reset_index(name="n")


def rows_by_evidence(frame: pd.DataFrame, limit: int | None = None) -> list[str]:
    """Row names, the most evidence first; ties by name."""
    weights = frame.drop_duplicates(["row", "reference"]).groupby("row").size()
    return sorted(weights.index, key=lambda name: (-weights[name], name))[:limit]


def numbers(
    corpus: Corpus, evidence: Evidence, screened: Iterable[str] = (), readings: Iterable[Reading] = ()
) -> dict[str, int]:
    """Every count that a page may print, by name, as `findings.resistance.does_not_support`."""
    result: Counter[str] = Counter()
    result["records"] = len(corpus.records)
    result["records.pending"] = sum(not r.pmid for r in corpus.records.values())
    result["records.list"] = sum(r.origin == "list" for r in corpus.records.values())
    result["records.pubmed"] = sum(r.origin == "pubmed" for r in corpus.records.values())
    result["records.abstract"] = sum(r.abstract is not None for r in corpus.records.values())
    result["papers"] = len(evidence.entries)
    result["papers.pending"] = sum(e.pmid is None for e in evidence.entries.values())
    result["papers.read_twice"] = sum(bool(e.reviewers) for e in evidence.entries.values())
    for key in ("supports", "does_not_support"):
        result[f"findings.{key}"] = 0
    for f in evidence.findings:
        theme, direction = f.finding.theme, direction_of(f)
        for name in (
            "findings",
            f"findings.{theme}",
            f"findings.{direction}",
            f"findings.{theme}.{direction}",
            f"findings.level.{f.finding.level}",
        ):
            result[name] += 1
    result.update(reviewing.rates(evidence.findings, readings))
    for theme in fields.BY_THEME:
        result[f"papers.{theme}"] = len({f.entry.key for f in evidence.of_theme(theme)})
        for name in ("", ".supports", ".does_not_support"):
            result[f"findings.{theme}{name}"] += 0  # a theme without findings has a count too
    decisions = Counter(screened)
    result["screened"] = sum(decisions.values())
    result["screened.include"] = decisions["include"]
    result["screened.exclude"] = decisions["exclude"]
    return dict(sorted(result.items()))
