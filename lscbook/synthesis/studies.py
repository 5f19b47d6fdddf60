"""Independent studies: findings of one paper, one trial or one cohort are one study, and count once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from lscbook.evidence.store import LocatedIn

L = TypeVar("L", bound=LocatedIn[Any])


def independent(findings: Iterable[L]) -> dict[str, list[L]]:
    """Findings by study, each named by the least of its papers and cohorts.

    Papers that share a cohort or a trial are one study, and so are those that a third paper links. Where cohorts are
    not told, a paper stands for itself: two papers on the same patients that do not say so count twice.
    """
    listed = list(findings)
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for located in listed:
        for cohort in _cohorts(located):
            one, other = sorted((root(located.entry.key), root(cohort)))
            parent[other] = one
    found: dict[str, list[L]] = defaultdict(list)
    for located in sorted(listed, key=lambda f: f.reference):
        found[root(located.entry.key)].append(located)
    return dict(sorted(found.items()))


def number(findings: Sequence[L]) -> int:
    """How many independent studies."""
    return len(independent(findings))


def _cohorts(located: LocatedIn[Any]) -> list[str]:
    """Names of cohorts as one form, apart from any paper's key."""
    return [f"cohort {' '.join(name.upper().split())}" for name in located.finding.cohort]
