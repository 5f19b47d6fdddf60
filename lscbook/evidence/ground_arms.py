"""Who got what: figures, arms, cells or genes that stand crossed in the claim, beside a sentence of its source.

Each figure and each thing named has words close by: `38% on luspatercept`, `13% on placebo`. Where the words of one
are, in the source, those of the other, and those of the other are its own, the two were swapped.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise

from lscbook.evidence import numerals, quantities
from lscbook.evidence.ground_source import Source
from lscbook.evidence.plain_words import DENIAL, stems
from lscbook.vocabulary import fold

Close = dict[str, set[str]]  # by figure or thing: stems of the words close by

# What is compared, beside the terms of the vocabulary; forms of one line are one.
_ARMS = {
    "placebo": r"placebo",
    "controls": r"controls?|healthy (?:donors|individuals|people)",
    "chemotherapy": r"chemotherapy|standard (?:of care|therapy|treatment)|conventional care",
    "stem cells of the disease": r"lscs?|leukemi[ac] stem cells?|aml[- ](?:stem cells|scs)",
    "normal stem cells": r"(?:normal |healthy )?hscs?|(?:normal|healthy) (?:hematopoietic )?stem cells|"
    r"normal (?:bone )?marrow|normal hspcs?",
    "blasts": r"blasts?|bulk (?:aml|cells|leukemia)",
    "mutant": r"mutants?|mutated|mut\+?|mutation carriers|with (?:the )?mutations?",
    "wild type": r"wild[- ]?type|wt|unmutated|non-?mutated|without (?:the )?mutations?",
    "positive": r"(?:mrd|flow)?[- ]?positive|mrd\+",
    "negative": r"(?:mrd|flow)?[- ]?negative|mrd-",
    "responders": r"(?<!non-)(?<!non)responders|responding",
    "non-responders": r"non-?responders|non-?responding",
    "diagnosis": r"(?:at )?diagnosis",
    "relapse": r"(?:at )?relapse",
    "remission": r"(?:in )?remission",
    "women": r"women|females?",
    "men": r"(?<!wo)men|(?<!fe)males?",
    "younger": r"younger",
    "older": r"older|elderly",
    "high risk": r"high(?:er)?[- ]risk|adverse[- ]risk",
    "low risk": r"low(?:er)?[- ]risk|favou?rable[- ]risk",
    "mice": r"mice",
    "patients": r"patients",
}
_ARM = re.compile("|".join(f"(?P<a{i}>(?<![a-z0-9-])(?:{form})(?![a-z0-9]))" for i, form in enumerate(_ARMS.values())))
_NAMES = tuple(_ARMS)
_TERMS = ("genes", "markers", "therapies", "lesions")
_FAR = 80  # characters beyond which a word is not close by
# Where the words of one figure end and those of the next begin.
_BREAK = re.compile(
    r"[,;:]|\b(?:and|against|versus|vs\.?|v|compared|while|whereas|but|than|from)\b|[.](?= |$)",
)
_UNIT = re.compile(r"%|per ?cent|months?|weeks?|years?|days?|patients?|cells")
_LISTED = re.compile(r"\s*(?:[,/+]|,? ?(?:and|or)|with|plus)\s*")  # between things that are said of together
_STOP = re.compile(r"[;:.](?= |$)")
_EVERYWHERE = stems(
    "patients patient median mean rate rates overall cases respectively months years percent total group groups arm "
    "arms among"
)


def swapped(claim: str, text: str, source: Source) -> Iterator[str]:
    """What stands crossed, as `38 and 13`; nothing where all is in its place or cannot be told."""
    sentences = text.split("\n")
    figures = _crossed(
        _by_figure(claim), _merged((_by_figure(s) for s in sentences), once=True), margin=1, alike=_same_unit(claim)
    )
    yield from (f"figures {one} and {other}" for one, other in figures)
    things = list(
        _crossed(_by_thing(claim, source), _merged(_by_thing(s, source) for s in sentences), margin=2, alike=_same_sort)
    )
    listed = _together(claim, source) if things else set()
    yield from (f"{_shown(one)} and {_shown(other)}" for one, other in things if frozenset((one, other)) not in listed)


def _together(claim: str, source: Source) -> set[frozenset[str]]:
    """Pairs of one list (`FLT3, NRAS or KRAS`, `A with B`): whichever comes first, the same is said of both."""
    folded = fold(claim)
    places = _things(claim, folded, source)
    named = Counter(name for _, _, name in places)
    lists: list[list[str]] = []
    for number, (start, _, name) in enumerate(places):
        if number and _LISTED.fullmatch(folded[places[number - 1][1] : start]):
            lists[-1].append(name)
        else:
            lists.append([name])
    return {frozenset(pair) for names in lists for pair in combinations((n for n in names if named[n] == 1), 2)}


def _apart(places: list[tuple[int, int, numerals.Figure]], flat: str) -> set[str]:
    """Figures that words close by can tell apart: none of a list (`60% vs 17%`, `17 of 20`) or of one bracket."""
    listed: set[str] = set()
    for (_, end, one), (start, _, other) in pairwise(places):
        between = flat[end:start]
        if start - end <= _FAR // 2 and (
            quantities.LIST.fullmatch(_UNIT.sub("", between)) or _bracketed(flat, end, start)
        ):
            listed |= {f"{one.value:f}", f"{other.value:f}"}
    return {f"{figure.value:f}" for _, _, figure in places} - listed


def _bracketed(flat: str, end: int, start: int) -> bool:
    """Whether one bracket opened before both places and closes after them."""
    before = max(flat.rfind("(", 0, end), flat.rfind("[", 0, end))
    return before > max(flat.rfind(")", 0, end), flat.rfind("]", 0, end)) and not re.search(r"[)\]]", flat[end:start])


def _crossed(said: Close, known: Close, margin: int, alike: Callable[[str, str], bool]) -> Iterator[tuple[str, str]]:
    """Pairs whose words in the claim are, in the source, rather those of the other."""
    for one, other in combinations([name for name in said if name in known], 2):
        if not alike(one, other):
            continue
        mine, yours = said[one] - said[other], said[other] - said[one]
        here, there = known[one] - known[other], known[other] - known[one]
        straight = _weight(mine & here) + _weight(yours & there)
        if _weight(mine & there) + _weight(yours & here) - straight >= margin:
            yield one, other


def _weight(shared: set[str]) -> int:
    return sum(2 if word in DENIAL else 1 for word in shared)


def _by_figure(text: str) -> Close:
    """Words close by each figure that stands once in a text; figures are written as Decimal writes them."""
    flat = numerals.plain(text)
    places = numerals.places(flat)
    apart = _apart(places, flat)
    once = Counter(figure.value for _, _, figure in places)
    found: Close = {}
    for number, (start, end, figure) in enumerate(places):
        if once[figure.value] > 1 or f"{figure.value:f}" not in apart:
            continue
        left = places[number - 1][1] if number else 0
        right = places[number + 1][0] if number + 1 < len(places) else len(flat)
        before = _STOP.split(flat[max(left, start - _FAR) : start])[-1]
        if number and left >= start - _FAR and (cut := _BREAK.search(before)):
            before = before[cut.start() :]  # what stands before it is close by the figure before
        after = _BREAK.split(flat[end : min(right, end + _FAR)])[0]
        found[f"{figure.value:f}"] = (stems(before) | stems(after)) - _EVERYWHERE
    return found


def _by_thing(text: str, source: Source) -> Close:
    """Words and figures close by each term and arm that a text names."""
    folded = fold(text)
    found: Close = {}
    places = _things(text, folded, source)
    for number, (start, end, name) in enumerate(places):
        left = places[number - 1][1] if number else 0
        right = places[number + 1][0] if number + 1 < len(places) else len(folded)
        before = _BREAK.split(folded[max(left, start - _FAR + 20) : start])[-1]
        after = _BREAK.split(folded[end : min(right, end + _FAR - 20)])[0]
        figures = {f"#{figure.value}" for figure in numerals.figures(f"{before} . {after}")}
        found.setdefault(name, set()).update(stems(before) | stems(after) | figures)
    return found


def _things(text: str, folded: str, source: Source) -> list[tuple[int, int, str]]:
    mentions = source.mentions(text)
    named = [(m.start, m.end, f"{m.term.kind}:{m.term.id}") for m in mentions if m.term.kind in _TERMS]
    arms = [(m.start(), m.end(), _NAMES[int((m.lastgroup or "a0")[1:])]) for m in _ARM.finditer(folded)]
    apart: list[tuple[int, int, str]] = []
    for place in sorted([*named, *arms]):
        if not apart or place[0] >= apart[-1][1]:
            apart.append(place)
    return apart


def _merged(sentences: Iterable[Close], *, once: bool = False) -> Close:
    """Words by name over all sentences; with `once`, only names that one sentence alone has."""
    merged: Close = {}
    count: Counter[str] = Counter()
    for close in sentences:
        count.update(close.keys())
        for name, words in close.items():
            merged.setdefault(name, set()).update(words)
    return {name: words for name, words in merged.items() if not once or count[name] == 1}


def _same_unit(claim: str) -> Callable[[str, str], bool]:
    units = {f"{figure.value:f}": figure.unit for figure in numerals.figures(claim)}
    return lambda one, other: units.get(one) == units.get(other)


def _same_sort(one: str, other: str) -> bool:
    return (":" in one) == (":" in other)


def _shown(name: str) -> str:
    return name.partition(":")[2] or name
