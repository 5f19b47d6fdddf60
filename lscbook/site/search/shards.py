"""The index of the search, made by the build and cut into shards, so that a question brings only what it needs.

A shard is a run of words in their order with the documents that hold each, as a leaf of a tree of which
`search-data.js` is the root. Documents lie in parts of `PART`. Shards and parts are classic scripts below
`search-parts/`, which work from disk too, and none grows with the book: there are more of them.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from lscbook.vocabulary import fold

FOLDER = "search-parts"  # no page names these files: the script makes up their addresses
PART = 50  # documents
SHARD = 24_000  # characters, or more where one word has more
GROUPS = ("entities", "findings", "papers", "sections")

# BM25+ as MiniSearch 7 has it; a name or a title says more of what a document is about than its text
_K, _B, _D = 1.2, 0.7, 0.5
_BOOST = {"title": 3, "names": 3, "terms": 2, "text": 1, "source": 1}
_STEPS = 2  # of a weight; whole numbers are short, and hundreds of papers share one
_ITSELF = 60  # the weight of a term in the document that it is

_WORD = re.compile(r"(?:[^\W_]|[+\-.^])+")
_JOINT = re.compile(r"(?<=[^\W_])[- ](?=[^\W_])")
_SIGNS = re.compile(r"[-+]+")


def squeeze(folded: str) -> str:
    """CD-123 and CD123 are one; a sign at the end of a marker stays.

    >>> squeeze("cd-123 cells"), squeeze("cd34+cd38-")
    ('cd123cells', 'cd34+cd38-')
    """
    return _JOINT.sub("", folded)


def tokens(text: str) -> Iterator[str]:
    """What is indexed of a text, as `words.js` does it: each word as one, and its pieces between signs.

    >>> list(tokens("CD-123 in 10⁶ CD34⁺CD38− cells."))
    ['cd123', 'cd', '123', 'in', '10^6', 'cd34+cd38-', 'cd34', 'cd38', 'cells']
    """
    for found in _WORD.findall(fold(text)):
        word = found.strip(".^")
        if word.isalnum():  # as most are
            yield word
        elif any(map(str.isalnum, word)):
            yield from dict.fromkeys([squeeze(word), *filter(None, _SIGNS.split(word))])


def laid_out(data: dict[str, Any], names: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, Any]]:
    """Each file by its name and what it holds, first the shards and parts, and the root, `""`, last."""
    terms = [":".join(term) for term in data["terms"]]
    documents = [_fields(group, cells, terms, names) for group in GROUPS for cells in data[group]]
    firsts = []
    for number, shard in enumerate(_shards(_postings(documents))):
        firsts.append(next(iter(shard)))
        yield f"words-{number}", shard
    for group in GROUPS:
        shown = [cells if group == "entities" else cells[:-1] for cells in data[group]]
        for start in range(0, len(shown), PART):
            yield f"{group}-{start // PART}", shown[start : start + PART]
    yield "", {"firsts": firsts, "part": PART, "sizes": {group: len(data[group]) for group in GROUPS}}


def _fields(
    group: str, cells: list[Any], terms: list[str], names: dict[str, dict[str, list[str]]]
) -> dict[str, list[str]]:
    """What a document is found by: words by field, `#` before an identifier, and terms as they are."""
    numbers = [] if group == "entities" else [terms[number] for number in cells[-1]]
    match group:
        case "entities":
            kind, ident = cells[:2]
            found = {"title": ident, "names": "\n".join(names[kind][ident][1:]), "itself": f"{kind}:{ident}"}
            ids = []
        case "findings":
            found, ids = {"text": cells[0], "source": cells[3]}, cells[4]
        case "papers":
            found, ids = {"title": cells[0], "source": f"{cells[1]} {cells[2]}"}, [cells[3], cells[4]]
        case _:
            found, ids = {"title": cells[1], "text": cells[3]}, []
    itself = [found.pop("itself")] if "itself" in found else []
    return {
        **{name: list(tokens(text)) for name, text in found.items()},
        "terms": numbers,
        "itself": [*itself, *(f"#{form}" for i in ids if i for form in {i.lower(), squeeze(fold(i))})],
    }


def _postings(documents: list[dict[str, list[str]]]) -> dict[str, dict[int, list[int]]]:
    """By word: the numbers of the documents that hold it, in their order, by weight."""
    lengths: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    for fields in documents:
        for name, words in fields.items():
            lengths[name] += len(words)
            holders[name] += bool(words)
    mean = {name: lengths[name] / holders[name] for name in lengths if holders[name]}
    found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, fields in enumerate(documents):
        weights: dict[str, float] = defaultdict(float)
        for name, words in fields.items():
            if name == "itself" or not words:
                continue
            length = _K * (1 - _B + _B * len(words) / mean[name])
            for word, times in Counter(words).items():
                weights[word] += _BOOST[name] * (_D + times * (_K + 1) / (times + length))
        for word, weight in weights.items():
            found[word][max(1, math.floor(_STEPS * weight + 0.5))].append(number)
        for word in fields["itself"]:
            found[word][_ITSELF].append(number)
    return found


def _order(word: str) -> bytes:
    """The order of words in a browser, which compares units of UTF-16."""
    return word.encode("utf-16-be", "surrogatepass")


def _shards(postings: dict[str, dict[int, list[int]]]) -> Iterator[dict[str, list[Any]]]:
    """Runs of words; of each word `[weight, [first, step, step, …], weight, …]`, the heaviest first."""
    shard: dict[str, list[Any]] = {}
    size = 0
    for word in sorted(postings, key=_order):
        by_weight = sorted(postings.pop(word).items(), reverse=True)
        shard[word] = [part for weight, numbers in by_weight for part in (weight, list(_steps(numbers)))]
        size += len(str(shard[word])) + len(word)
        if size >= SHARD:
            yield shard
            shard, size = {}, 0
    if shard:
        yield shard


def _steps(numbers: Iterable[int]) -> Iterator[int]:
    before = 0
    for number in numbers:
        yield number - before
        before = number
