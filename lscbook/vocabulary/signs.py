"""Polarity of surface markers: `CD34+`, `CD38low/-`, `CD33-negative`; and the phenotypes that signs make up."""

import re

# What a form of a marker may have after it: letters that say how much, and signs. Folded text.
LEVEL = r"(?:negative|positive|neg|pos|bright|high|hi|dim|low|lo|int)"
_AFTER = re.compile(
    rf"(?P<sign>[ -]?{LEVEL}(?![a-z])(?:/-(?![a-z0-9]))?|\+{{1,3}}|-(?![a-z0-9])|"
    rf"-(?=[a-z]+[0-9]+[a-z]{{0,2}}(?:[+-]|{LEVEL})))"  # CD34-CD38+
)
_SIGNED = re.compile(rf"([a-z]{{1,4}}[0-9]+[a-z]{{0,2}}?)((?:\+|-|{LEVEL})+)")
GLUED = re.compile(rf"{LEVEL}(?![a-z])")
BETWEEN = re.compile(r"[\s/,]{0,2}")


def sign_at(folded: str, end: int) -> tuple[str, int]:
    """The sign of a marker whose name ends at `end`, and where the sign ends: '+', '-', 'low' or ''.

    >>> sign_at("cd34+cd38- cells", 4), sign_at("cd38low/- cells", 4), sign_at("cd33-directed", 4)
    (('+', 5), ('-', 9), ('', 4))
    """
    match = _AFTER.match(folded, end)
    if not match:
        return "", end
    told = match.group("sign")
    if told.endswith("-") or "neg" in told:
        return "-", match.end()
    return ("low" if told.strip(" -") in {"lo", "low", "dim"} else "+"), match.end()


def phenotype(form: str) -> frozenset[tuple[str, str]]:
    """Markers and signs of a folded form that is nothing but these; empty of any other.

    >>> sorted(phenotype("cd34+cd38-")), phenotype("lsc-r signature")
    ([('cd34', '+'), ('cd38', '-')], frozenset())
    """
    bare = re.sub(r" (?:cells?|phenotype|fraction)$", "", form)
    parts = _SIGNED.findall(bare)
    if len(parts) < 2 or "".join(name + sign for name, sign in parts) != re.sub(r"[\s/]", "", bare):
        return frozenset()
    return frozenset((name, sign_at(name + sign, len(name))[0]) for name, sign in parts)
