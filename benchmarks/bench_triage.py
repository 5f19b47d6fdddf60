"""The cost of triage at 10,000 papers: reading them, learning from them, ranking them, and the estimate of stopping.

Papers are our own titles, strung together to the length of an abstract; seconds and the process's largest memory.
"""

import random
import resource
import time

from lscbook import corpus
from lscbook.pubmed.record import Record
from lscbook.screening import stopping
from lscbook.screening.features import Reader
from lscbook.screening.ordering import Ranker

SIZES = (1_000, 10_000)
TITLES = 14  # as many words as an abstract


def made(size: int) -> list[Record]:
    """Records with the words of our titles, drawn anew."""
    chance = random.Random(1)  # noqa: S311  no secret
    titles = [record.title for _, record in sorted(corpus.read().records.items())]
    return [
        Record(str(n + 1), chance.choice(titles), text=" ".join(chance.choices(titles, k=TITLES))) for n in range(size)
    ]


def main() -> None:
    print("| papers | read | learn | rank, with reasons | stopping |")
    print("|---|---|---|---|---|")
    for size in SIZES:
        reader, records, seconds = Reader.open(), made(size), []
        start = time.perf_counter()
        papers = [reader.features(record) for record in records]
        seconds.append(time.perf_counter() - start)
        included = ["stem" in paper.words[:80] for paper in papers]
        start = time.perf_counter()
        ranker = Ranker.fit(papers, included)
        seconds.append(time.perf_counter() - start)
        start = time.perf_counter()
        order = ranker.probabilities(papers).argsort()[::-1]
        ranker.reasons(papers)
        seconds.append(time.perf_counter() - start)
        start = time.perf_counter()
        stopping.unread_at_most([included[place] for place in order[: size // 2]], size)
        seconds.append(time.perf_counter() - start)
        print(f"| {size:,} | {' | '.join(f'{s:.2f} s' for s in seconds)} |", flush=True)
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
