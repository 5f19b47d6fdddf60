"""The proposition of a finding, read back: one plain sentence, composed of its fields, before any direction.

A direction speaks to this sentence and to nothing wider. It is shown wherever a person writes, judges or
reads a finding, because a wrong field is seen at once where it makes a wrong sentence. The words are data
(`phrases`); which of them a finding calls for is decided here, and in the form by `form-proposition.js`.
"""

from collections.abc import Sequence

from lscbook.errors import PropositionMissing
from lscbook.evidence import phrases
from lscbook.evidence.findings import (
    EvolutionFinding,
    Finding,
    IdentityFinding,
    ResistanceFinding,
    SurveillanceFinding,
    TargetFinding,
)
from lscbook.evidence.phrases import phrase, said
from lscbook.vocabulary import Vocabulary


def of(finding: Finding, vocabulary: Vocabulary) -> str:
    """The sentence, or '' for context, which asserts nothing.

    Raises:
        PropositionMissing: a field without which no sentence can be composed; it is named.
    """
    if finding.role is not None:
        return ""
    sentence = _sentence(finding, vocabulary)
    if sentence.startswith(("-", "+")):
        sentence = phrase("signed", sentence=sentence)
    return phrase("whole", sentence=sentence, population=_population(finding))


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
    diseases = ", ".join(finding.diseases)
    if finding.theme == "target" and finding.study in phrases.NAMED_STUDIES:
        return phrase("population of a trial", diseases=diseases, study=finding.study)
    return diseases


def _evolution(finding: EvolutionFinding) -> str:
    cells = joined([said("cells", cell) for cell in finding.cells if cell != "germline"])
    lesions, several = joined(finding.lesions), len(finding.lesions) > 1
    told = [phrase("before", first=pair.first, then=pair.then) for pair in finding.before]
    for pair in finding.exclusive:
        if finding.exclusive_in is None:
            raise PropositionMissing("exclusive_in", phrases.MISSING["exclusive_in"])
        told.append(phrase("exclusive", one=pair.one, other=pair.other, scope=finding.exclusive_in))
    if finding.order:
        told.append(phrase(finding.order, several, lesions=lesions))
    if told:
        return "; ".join(told) + (phrase("where", cells=cells) if cells else "")
    if "germline" in finding.cells:
        return phrase("germline", several, lesions=lesions)
    if cells:
        return phrase("found", several, lesions=lesions, cells=cells)
    raise PropositionMissing("order", phrases.MISSING["order"])


def _identity(finding: IdentityFinding) -> str:
    several = len(finding.subjects) > 1
    sides = {
        "subjects": joined(finding.subjects),
        "disease": said("disease", finding.contrast),
        "other": said("other", finding.contrast),
    }
    if finding.relative in {"higher", "lower"}:
        return phrase("level", several, relative=finding.relative, **sides)
    return phrase("told apart", several, **sides)


def _resistance(finding: ResistanceFinding, vocabulary: Vocabulary) -> str:
    term = vocabulary.terms["mechanisms"].get(finding.mechanism)
    told = ", ".join(filter(None, (finding.process, said("acquisition", finding.acquisition or ""))))
    return phrase(
        "survives",
        cells=_capital(str(term.facts["phrase"]) if term else finding.mechanism),
        genes=phrase("of genes", genes=", ".join(finding.genes)) if finding.genes else "",
        therapy=said("therapy", joined(finding.escaped)),
        told=phrase("how", told=told) if told else "",
    )


def _surveillance(finding: SurveillanceFinding) -> str:
    contrast = finding.contrast
    test = _capital(said("assay", finding.assay))
    named = ", ".join(dict.fromkeys((*finding.markers, *finding.genes))) if finding.assay in phrases.OF_WHAT else ""
    if named:
        test = phrase("assay of", assay=test, named=named)
    parts = {
        "test": test,
        "of": phrase("per", of=contrast.of) if contrast.kind == "per unit" else contrast.of,
        "against": phrase("against", against=contrast.against) if contrast.against else "",
        "when": phrase("when", time_point=said("time_point", finding.time_point)) if finding.time_point else "",
    }
    if contrast.kind == "treatment by test":
        return phrase("guided", **{**parts, "test": _lowered(test)}, does=_bettered(finding.end_point))
    if finding.end_point == "detection":
        return phrase("shows", **parts)
    return phrase("foretells", **parts, end_point=said("foretold", finding.end_point))


def _bettered(end_point: str) -> str:
    """What acting on a test should do for an end point."""
    if end_point.endswith("survival"):
        return phrase("prolongs", end_point=end_point)
    told = said("guided to", end_point)
    return phrase("prevents", end_point=end_point) if told == end_point else told


def _target(finding: TargetFinding) -> str:
    if finding.aspect == "expression":
        return phrase("there", target=finding.target)
    if finding.aspect in {"safety", "selectivity"}:
        return phrase(finding.aspect, hit=_hit(finding))
    if finding.end_point is None:
        raise PropositionMissing("end_point", phrases.MISSING["end_point"])
    return phrase("efficacy", hit=_hit(finding), does=said("does", finding.end_point))


def _hit(finding: TargetFinding) -> str:
    """`Talacotuzumab with decitabine, against decitabine alone, aimed at CD123,`."""
    parts = {
        "target": finding.target,
        "partners": phrase("with", partners=joined(finding.partners)) if finding.partners else "",
        "against": phrase("held against", comparator=finding.comparator) if finding.comparator else "",
    }
    if not finding.agents:
        return phrase("hit without agent", **parts, end="," if finding.comparator else "")
    return phrase("hit", **parts, agents=_capital(joined(finding.agents)))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lowered(words: str) -> str:
    """Without the capital of a sentence; `MRD` keeps its own."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def joined(words: Sequence[str]) -> str:
    """A list as a sentence has it.

    >>> joined(["DNMT3A", "TET2", "ASXL1"])
    'DNMT3A, TET2 and ASXL1'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
