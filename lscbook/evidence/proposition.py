"""The proposition of a finding, read back: one plain sentence, composed of its fields, before any direction.

A direction speaks to this sentence and to nothing wider. It is shown wherever a person writes, judges or
reads a finding, because a wrong field is seen at once where it makes a wrong sentence.
"""

from collections.abc import Sequence

from lscbook.errors import PropositionMissing
from lscbook.evidence.fields import CELLS, DOES, TRIALS
from lscbook.evidence.findings import (
    EvolutionFinding,
    Finding,
    IdentityFinding,
    ResistanceFinding,
    SurveillanceFinding,
    TargetFinding,
)
from lscbook.vocabulary import Vocabulary

_ORDER = {
    "founding": ("is a founding lesion", "are founding lesions"),
    "early": ("is acquired early, before overt disease", "are acquired early, before overt disease"),
    "late": ("is acquired late, in a subclone or at progression", "are acquired late, in a subclone or at progression"),
    "relapse-acquired": ("is acquired or selected at relapse", "are acquired or selected at relapse"),
}
_MASS = frozenset({"bulk marrow", "bulk blood", "germline"})
_CELLS = {cell: cell if cell in _MASS or cell.endswith("s") else f"{cell}s" for cell in CELLS}
_SIDES = {
    "LSC against normal HSC": ("LSCs", "normal HSCs"),
    "LSC against blasts": ("LSCs", "other leukaemic cells"),
    "LSC against normal progenitors": ("LSCs", "normal progenitors"),
    "MDS stem cells against normal HSC": ("MDS stem cells", "normal HSCs"),
}
_FORETOLD = {"not told": "an end point that is not told", "remission": "remission", "response to therapy": "response"}


def of(finding: Finding, vocabulary: Vocabulary) -> str:
    """The sentence, or '' for context, which asserts nothing.

    Raises:
        PropositionMissing: a field without which no sentence can be composed; it is named.
    """
    if finding.role is not None:
        return ""
    return f"{_sentence(finding, vocabulary)} ({_population(finding)})."


def _sentence(finding: Finding, vocabulary: Vocabulary) -> str:
    if isinstance(finding, EvolutionFinding):
        return _evolution(finding)
    if isinstance(finding, IdentityFinding):
        return _identity(finding)
    if isinstance(finding, ResistanceFinding):
        return _resistance(finding, vocabulary)
    if isinstance(finding, SurveillanceFinding):
        return _surveillance(finding)
    assert isinstance(finding, TargetFinding)  # noqa: S101  there are five themes
    return _target(finding)


def _population(finding: Finding) -> str:
    said = ", ".join(finding.diseases)
    return f"{said}, {finding.study}" if finding.theme == "target" and finding.study in TRIALS else said


def _evolution(finding: EvolutionFinding) -> str:
    cells = [_CELLS[cell] for cell in finding.cells if cell != "germline"]
    where = f", in {joined(cells)}" if cells else ""
    several = len(finding.lesions) > 1
    lesions = joined(finding.lesions)
    said = [f"{pair.first} is acquired before {pair.then}" for pair in finding.before]
    if finding.order:
        said.append(f"{lesions} {_ORDER[finding.order][several]}")
    if said:
        return "; ".join(said) + where
    if "germline" in finding.cells:
        return f"{lesions} {'are' if several else 'is'} carried in the germline"
    if cells:
        return f"{lesions} {'are' if several else 'is'} found in {joined(cells)}"
    raise PropositionMissing("order", "say when the lesion is acquired (order, before), or in which cells it is seen")


def _identity(finding: IdentityFinding) -> str:
    subjects, several = joined(finding.subjects), len(finding.subjects) > 1
    disease, other = _SIDES[finding.contrast]
    if finding.relative in {"higher", "lower"}:
        return f"{subjects} {'are' if several else 'is'} {finding.relative} on {disease} than on {other}"
    return f"{subjects} {'tell' if several else 'tells'} {disease} from {other}"


def _resistance(finding: ResistanceFinding, vocabulary: Vocabulary) -> str:
    term = vocabulary.terms["mechanisms"].get(finding.mechanism)
    cells = str(term.facts["phrase"]) if term else finding.mechanism
    genes = f" ({', '.join(finding.genes)})" if finding.genes else ""
    therapy = joined(finding.escaped) or "therapy"
    when = {"primary": "before exposure", "acquired": "under therapy"}.get(finding.acquisition or "")
    told = ", ".join(filter(None, (finding.process, when)))
    return f"{cells[:1].upper()}{cells[1:]}{genes} survive {therapy}" + (f": {told}" if told else "")


def _surveillance(finding: SurveillanceFinding) -> str:
    contrast = finding.contrast
    assay = {"other": "Another test"}.get(finding.assay, f"{finding.assay[:1].upper()}{finding.assay[1:]}")
    named = ", ".join((*finding.markers, *finding.genes)) if finding.assay in _OF_WHAT else ""
    test = f"{assay} ({named})" if named else assay
    when = f", {_when(finding.time_point)}" if finding.time_point else ""
    against = f" against {contrast.against}" if contrast.against else ""
    if contrast.kind == "treatment by test":
        return f"Guided by {_lowered(test)}{when}, {contrast.of}{against} {_bettered(finding)}"
    of = f"per {contrast.of}" if contrast.kind == "per unit" else contrast.of
    if finding.end_point == "detection":
        return f"{test}, {of}{against}{when}, shows disease that is there"
    return f"{test}, {of}{against}{when}, foretells {_FORETOLD.get(finding.end_point, finding.end_point)}"


def _bettered(finding: SurveillanceFinding) -> str:
    """What acting on a test should do for an end point."""
    if finding.end_point.endswith("survival"):
        return f"prolongs {finding.end_point}"
    return {"remission": "brings remission", "response to therapy": "brings a response", "not told": "helps"}.get(
        finding.end_point, f"prevents {finding.end_point}"
    )


_OF_WHAT = frozenset(
    {"single gene or antigen", "mutation or karyotype", "gene-expression score", "plasma or marrow protein"}
)


def _lowered(words: str) -> str:
    """Without the capital of a sentence; `MRD` keeps its own."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


_WHEN = {"diagnosis": "at diagnosis", "relapse": "at relapse", "follow-up": "in follow-up"}


def _when(time_point: str) -> str:
    return _WHEN.get(time_point, time_point)


def _target(finding: TargetFinding) -> str:
    if finding.aspect == "expression":
        return f"{finding.target} is there on the cells that a therapy must reach"
    hit = _hit(finding)
    if finding.aspect == "safety":
        return f"{hit} is tolerated"
    if finding.aspect == "selectivity":
        return f"{hit} spares normal haematopoietic stem cells"
    if finding.end_point is None:
        raise PropositionMissing("end_point", "say what hitting the target should do")
    return f"{hit} {DOES[finding.end_point]}"


def _hit(finding: TargetFinding) -> str:
    """`Talacotuzumab with decitabine, against decitabine alone, aimed at CD123,`."""
    partners = f" with {joined(finding.partners)}" if finding.partners else ""
    against = f", against {finding.comparator}" if finding.comparator else ""
    if not finding.agents:
        return f"Hitting {finding.target}{partners}{against}{',' if against else ''}"
    agents = joined(finding.agents)
    return f"{agents[:1].upper()}{agents[1:]}{partners}{against}, aimed at {finding.target},"


def joined(words: Sequence[str]) -> str:
    """A list as a sentence has it.

    >>> joined(["DNMT3A", "TET2", "ASXL1"])
    'DNMT3A, TET2 and ASXL1'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
