"""Findings in order and in numbers: which is strongest, and every count that the prose prints."""

from collections import Counter
from collections.abc import Iterable

from lscbook.corpus import Corpus
from lscbook.evidence import fields, reviewing
from lscbook.evidence.reviewing import Reading
from lscbook.evidence.store import Evidence, Located
from lscbook.pubmed.reference import lacks

# Studies in people first, then what is nearest to them.
STUDY_ORDER = {study: rank for rank, study in enumerate(fields.STUDIES)}
LEVEL_ORDER = {level: rank for rank, level in enumerate((*fields.LEVELS, None))}


def strongest_first(findings: Iterable[Located]) -> list[Located]:
    """By level, then kind of study, then direct before indirect, then the newest paper."""
    return sorted(
        findings,
        key=lambda f: (
            LEVEL_ORDER[f.finding.level],
            STUDY_ORDER[f.finding.study],
            f.finding.directness == "indirect",
            -int(f.record.year or 0),
            f.reference,
        ),
    )


def stances(findings: Iterable[Located]) -> dict[str, int]:
    """Findings for, against, not decided, and background, in this order; each has a number, which may be 0."""
    found = Counter(f.finding.stance for f in findings)
    return {stance: found[stance] for stance in (*fields.DIRECTIONS, fields.CONTEXT)}


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
    result["references.complete"] = sum(not lacks(r) for r in evidence.records.values())
    for key in fields.DIRECTIONS:
        result[f"findings.{key}"] = 0
    result["findings.context"] = len(evidence.findings) - len(evidence.counted)
    for f in evidence.counted:
        theme, direction = f.finding.theme, f.finding.stance
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
        for name in ("", *(f".{direction}" for direction in fields.DIRECTIONS)):
            result[f"findings.{theme}{name}"] += 0  # a theme without findings has a count too
    decisions = Counter(screened)
    result["screened"] = sum(decisions.values())
    result["screened.include"] = decisions["include"]
    result["screened.exclude"] = decisions["exclude"]
    return dict(sorted(result.items()))
