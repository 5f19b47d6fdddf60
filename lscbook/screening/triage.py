"""Triage: learn from every judgement, and put unread papers in the order in which they are best read.

Two models are learned, one for papers whose abstract is at hand, one for those of which only the title is known, so
that neither is told by the mere lack of an abstract. A clone without the ignored cache of abstracts has the second.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from lscbook.errors import NotEstimable
from lscbook.pubmed.record import Record
from lscbook.screening.features import Features, Reader
from lscbook.screening.labels import SCREENED, Label
from lscbook.screening.ledger import order_of
from lscbook.screening.ordering import Ranker, Themer
from lscbook.screening.queue import Ranked


@dataclass(frozen=True)
class Triage:
    """What was learned. `whole` is None where too few abstracts were at hand to learn from."""

    reader: Reader
    themer: Themer
    titles: Ranker
    whole: Ranker | None

    @classmethod
    def learn(
        cls,
        reader: Reader,
        labels: Iterable[Label],
        records: Mapping[str, Record],
        abstracts: Mapping[str, str],
        themes: Mapping[str, str],
        typical: Callable[[Label], bool] = lambda label: label.way == SCREENED,
    ) -> "Triage":
        """Learn from the labels whose record is known.

        Args:
            reader: reads what a paper says.
            labels: the judgements.
            records: the papers by key.
            abstracts: their abstracts by key, as far as they are at hand.
            themes: the chapter that each curated paper feeds, by key.
            typical: whether a labelled paper is like those to be ranked; their share of papers in is what
                probabilities are fitted to.

        Raises:
            NotEstimable: too few papers were judged in, or out.
        """
        titles = [label for label in labels if label.key in records]
        heads = {label.key: reader.features(bare(records[label.key])) for label in titles}
        read = [label for label in titles if abstracts.get(label.key)]
        whole = {k.key: reader.features(replace(records[k.key], text=abstracts[k.key])) for k in read}
        fed = sorted(heads.keys() & themes.keys(), key=order_of)
        themer = Themer.fit([whole.get(key, heads[key]) for key in fed], [themes[key] for key in fed])
        by_title = _fit(titles, list(heads.values()), typical)
        try:
            return cls(reader, themer, by_title, _fit(read, list(whole.values()), typical))
        except NotEstimable:
            return cls(reader, themer, by_title, None)

    def rank(self, records: Iterable[Record]) -> list[Ranked]:
        """Papers with their probability, theme and reasons, the likeliest first."""
        wanted = list(records)
        whole = [record for record in wanted if record.text and self.whole]
        titles = [bare(record) for record in wanted if not (record.text and self.whole)]
        found = self._ranked(titles, self.titles)
        if self.whole:
            found += self._ranked(whole, self.whole)
        return sorted(found, key=lambda row: (-float(row.probability), order_of(row.pmid)))

    def _ranked(self, records: list[Record], ranker: Ranker) -> list[Ranked]:
        if not records:
            return []
        papers = [self.reader.features(record) for record in records]
        columns = (ranker.probabilities(papers), self.themer.themes(papers), ranker.reasons(papers))
        return [
            Ranked(record.key, f"{chance:.3f}", theme, "; ".join(reasons))
            for record, chance, theme, reasons in zip(records, *columns, strict=True)
        ]


def bare(record: Record) -> Record:
    """A paper as somebody sees it who has no abstract."""
    return replace(record, text="")


def _fit(labels: list[Label], papers: list[Features], typical: Callable[[Label], bool]) -> Ranker:
    return Ranker.fit(papers, [label.included for label in labels], [typical(label) for label in labels])
