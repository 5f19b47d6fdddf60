"""The words of a proposition, as data: Python and the form of the book put the same sentence together of them.

`{name}` is filled in. Where a phrase has two forms, the first is of one thing and the second of several.
What is said of a field's word stands here too; which phrases a finding calls for, `proposition` decides.
"""

from lscbook.evidence.fields import CELLS, DOES, TRIALS

PHRASES: dict[str, tuple[str, ...]] = {
    "whole": ("{sentence} ({population}).",),
    "signed": ("The lesion {sentence}",),  # a sentence that began with -7 is a formula to a spreadsheet
    "population of a trial": ("{diseases}, {study}",),
    # evolution
    "before": ("{first} is acquired before {then}",),
    "exclusive": ("{one} and {other} are rarely or never found in one {scope}",),
    "founding": ("{lesions} is a founding lesion", "{lesions} are founding lesions"),
    "early": (
        "{lesions} is acquired early, before overt disease",
        "{lesions} are acquired early, before overt disease",
    ),
    "late": (
        "{lesions} is acquired late, in a subclone or at progression",
        "{lesions} are acquired late, in a subclone or at progression",
    ),
    "relapse-acquired": (
        "{lesions} is acquired or selected at relapse",
        "{lesions} are acquired or selected at relapse",
    ),
    "where": (", in {cells}",),
    "germline": ("{lesions} is carried in the germline", "{lesions} are carried in the germline"),
    "found": ("{lesions} is found in {cells}", "{lesions} are found in {cells}"),
    # identity
    "level": (
        "{subjects} is {relative} on {disease} than on {other}",
        "{subjects} are {relative} on {disease} than on {other}",
    ),
    "told apart": ("{subjects} distinguishes {disease} from {other}", "{subjects} distinguish {disease} from {other}"),
    # resistance
    "survives": ("{cells}{genes} survive {therapy}{told}",),
    "of genes": (" ({genes})",),
    "how": (": {told}",),
    # surveillance
    "assay of": ("{assay} ({named})",),
    "when": (", {time_point}",),
    "against": (" versus {against}",),
    "per": ("per {of}",),
    "guided": ("Guided by {test}{when}, {of}{against} {does}",),
    "shows": ("{test}, {of}{against}{when}, detects disease",),
    "foretells": ("{test}, {of}{against}{when}, predicts {end_point}",),
    "prolongs": ("prolongs {end_point}",),
    "prevents": ("prevents {end_point}",),
    # target
    "there": ("{target} is expressed on the cells that a therapy must reach",),
    "safety": ("{hit} is tolerated",),
    "selectivity": ("{hit} spares normal haematopoietic stem cells",),
    "efficacy": ("{hit} {does}",),
    "with": (" with {partners}",),
    "held against": (", compared with {comparator}",),
    "hit": ("{agents}{partners}{against}, targeting {target},",),
    "hit without agent": ("Targeting {target}{partners}{against}{end}",),
}

_MASS = frozenset({"bulk marrow", "bulk blood", "germline"})
# What a sentence says for a word of a field; a word that is not here stands for itself.
SAID: dict[str, dict[str, str]] = {
    "cells": {cell: cell if cell in _MASS or cell.endswith("s") else f"{cell}s" for cell in CELLS},
    "disease": {
        "LSC against normal HSC": "LSCs",
        "LSC against blasts": "LSCs",
        "LSC against normal progenitors": "LSCs",
        "MDS stem cells against normal HSC": "MDS stem cells",
    },
    "other": {
        "LSC against normal HSC": "normal HSCs",
        "LSC against blasts": "other leukaemic cells",
        "LSC against normal progenitors": "normal progenitors",
        "MDS stem cells against normal HSC": "normal HSCs",
    },
    "acquisition": {"primary": "before exposure", "acquired": "under therapy"},
    "therapy": {"": "therapy"},
    "assay": {"other": "Another test"},
    "time_point": {"diagnosis": "at diagnosis", "relapse": "at relapse", "follow-up": "in follow-up"},
    "foretold": {"not told": "an unspecified end point", "response to therapy": "response"},
    "guided to": {"remission": "induces remission", "response to therapy": "induces a response", "not told": "helps"},
    "does": DOES,
}

# Assays that say nothing without what they look at.
OF_WHAT = ("single gene or antigen", "mutation or karyotype", "gene-expression score", "plasma or marrow protein")
# Studies that a proposition on a target names.
NAMED_STUDIES = TRIALS
# A field without which there is no sentence, and what to do.
MISSING = {
    "order": "say when the lesion is acquired (order, before), in which cells it is seen, or which other it excludes",
    "exclusive_in": "say where the lesions exclude each other: clone or patient",
    "end_point": "say what hitting the target should do",
}


def phrase(name: str, several: bool = False, /, **values: str) -> str:  # noqa: FBT001, FBT002  keywords are places
    """A phrase with its places filled in.

    >>> phrase("germline", True, lesions="GATA2 and TP53")
    'GATA2 and TP53 are carried in the germline'
    """
    forms = PHRASES[name]
    return forms[several and len(forms) > 1].format(**values)


def said(kind: str, word: str) -> str:
    """What a sentence says for a word of a field.

    >>> said("time_point", "diagnosis"), said("time_point", "after induction")
    ('at diagnosis', 'after induction')
    """
    return SAID[kind].get(word, word)


def of_form() -> dict[str, object]:
    """All of it, for a browser."""
    return {
        "phrases": PHRASES,
        "said": SAID,
        "ofWhat": OF_WHAT,
        "namedStudies": NAMED_STUDIES,
        "missing": MISSING,
    }
