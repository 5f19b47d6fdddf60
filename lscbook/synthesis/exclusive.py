"""Which lesions exclude each other in one clone or in one patient, and what speaks against it.

No line can hold such a pair: neither was acquired before the other where they are never together. So a finding on
exclusivity has no vote in the order (`order`), and its pairs stand beside the line.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lscbook.evidence.fields import DIRECTIONS
from lscbook.evidence.findings import EvolutionFinding
from lscbook.evidence.store import Evidence, Located, LocatedIn
from lscbook.synthesis.counts import strongest_first
from lscbook.synthesis.order import APART
from lscbook.synthesis.studies import number


@dataclass(frozen=True)
class Exclusive:
    """A pair of lesions in the order of the alphabet, the `scope` in which it was tested, and the findings on it."""

    one: str
    other: str
    scope: str
    supporting: tuple[Located, ...]
    against: tuple[Located, ...]
    undecided: tuple[Located, ...]

    @property
    def holds(self) -> bool:
        """Whether a study says that they exclude each other; others may say the contrary."""
        return bool(self.supporting)

    @property
    def studies(self) -> tuple[int, int, int]:
        """Independent studies for, against and undecided."""
        return number(self.supporting), number(self.against), number(self.undecided)

    @property
    def said(self) -> str:
        """What is claimed and by how many studies, in one sentence without its full stop.

        `KRAS and NRAS: rarely or never in one clone; studies: 2 for, 1 against`
        """
        told = [f"{n} {word}" for n, word in zip(self.studies, ("for", "against", "undecided"), strict=True) if n]
        return f"{self.one} and {self.other}: rarely or never in one {self.scope}; studies: {', '.join(told)}"


def of(findings: Iterable[LocatedIn[EvolutionFinding]]) -> list[Exclusive]:
    """Every pair and scope that a finding speaks to, by name; the order of the findings is of no matter."""
    sides: dict[tuple[str, str, str], dict[str, list[Located]]] = defaultdict(lambda: defaultdict(list))
    for located in findings:
        for couple in located.finding.exclusive:
            one, other = sorted(couple.terms)
            scope = located.finding.exclusive_in or ""
            sides[one, other, scope][located.finding.stance].append(located)
    return [
        Exclusive(*pair, *(tuple(strongest_first(found[way])) for way in DIRECTIONS))
        for pair, found in sorted(sides.items())
    ]


def of_evidence(evidence: Evidence) -> list[Exclusive]:
    """The pairs in MDS, AML and what comes before them, as `order.of_evidence` takes its findings."""
    return of(f for f in evidence.of_type(EvolutionFinding) if not set(f.finding.diseases) <= APART)
