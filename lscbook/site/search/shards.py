"""The index of the search, made by the build and cut into shards, so that a question brings only what it needs.

A shard is a run of words in their order with the documents that hold each, as a leaf of a tree of which
`search-data.js` is the root. Documents lie in parts of `PART`. Shards and parts are classic scripts below
`search-parts/`, which work from disk too, and none grows with the book: there are more of them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lscbook.site.search.tokens import squeeze, tokens
from lscbook.vocabulary import fold

FOLDER = "search-parts"  # no page names these files: the script makes up their addresses
PART = 50  # documents
SHARD = 24_000  # characters, or more where one word has more
GROUPS = ("entities", "findings", "papers", "sections")

# BM25+ as MiniSearch 7 has it; a name or a title says more of what a document is about than its text
_K, _B, _D = 1.2, 0.7, 0.5
_BOOST = {"title": 3, "names": 3, "text": 1, "source": 1, "authors": 1, "facts": 1}
_STEPS = 2  # of a weight; whole numbers are short, and hundreds of papers share one
ABOUT = 40  # from this weight on a document is about a term, and not only names it; no word weighs so much


def laid_out(data: dict[str, list[list[Any]]]) -> Iterator[tuple[str, Any]]:
    """Each file by its name and what it holds, first the shards and parts, and the root, `""`, last."""
    documents = [_held(cells[-1]) for group in GROUPS for cells in data[group]]
    firsts = []
    for number, shard in enumerate(_shards(_postings(documents))):
        firsts.append(next(iter(shard)))
        yield f"words-{number}", shard
    for group in GROUPS:
        shown = [cells[:-1] for cells in data[group]]
        for start in range(0, len(shown), PART):
            yield f"{group}-{start // PART}", shown[start : start + PART]
    places = sum(bool(cells[-1].terms) for cells in data["entities"])  # pages are no term, and come last of the things
    sizes = {group: len(data[group]) for group in GROUPS}
    yield "", {"firsts": firsts, "part": PART, "places": places, "sizes": sizes}


@dataclass(frozen=True)
class Found:
    """What a document is found by.

    `texts` by field, in words; `terms`, as `genes:NRAS`, by weight, from `ABOUT` on where the document is about the
    term; `heads`, whole names of a thing by weight; `ids`, a PMID, a DOI or the number of a trial.
    """

    texts: dict[str, str] = field(default_factory=dict)
    terms: dict[str, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    ids: tuple[str, ...] = ()


def _held(found: Found) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Words by field, and what is held with a weight of its own: terms, `=` before a name, `#` before an identifier."""
    whole = dict(found.terms)
    whole.update((f"={name}", weight) for name, weight in found.heads.items())
    whole.update((f"#{form}", ABOUT) for i in found.ids if i for form in {i.lower(), squeeze(fold(i))})
    return {name: list(tokens(text)) for name, text in found.texts.items()}, whole


def _postings(documents: list[tuple[dict[str, list[str]], dict[str, int]]]) -> dict[str, dict[int, list[int]]]:
    """By word: the numbers of the documents that hold it, in their order, by weight."""
    lengths: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    for fields, _ in documents:
        for name, words in fields.items():
            lengths[name] += len(words)
            holders[name] += bool(words)
    mean = {name: lengths[name] / holders[name] for name in lengths if holders[name]}
    found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, (fields, whole) in enumerate(documents):
        weights: dict[str, float] = defaultdict(float)
        for name, words in fields.items():
            if not words:
                continue
            length = _K * (1 - _B + _B * len(words) / mean[name])
            for word, times in Counter(words).items():
                weights[word] += _BOOST[name] * (_D + times * (_K + 1) / (times + length))
        for word, weight in weights.items():
            found[word][min(ABOUT - 1, max(1, math.floor(_STEPS * weight + 0.5)))].append(number)
        for word, step in whole.items():
            found[word][step].append(number)
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
