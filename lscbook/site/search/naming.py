"""Which terms a document names, and whether it is about them.

By the fields of a finding, the concepts of a record, and the words of claims, titles and prose.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from lscbook import addresses
from lscbook.evidence.findings import Finding
from lscbook.pubmed.record import Record
from lscbook.site.search.names import label, words_of
from lscbook.site.search.shards import ABOUT
from lscbook.synthesis import entities
from lscbook.synthesis.book import Book
from lscbook.vocabulary import ANNOTATED, Term, fold
from lscbook.vocabulary.annotate import Annotator
from lscbook.vocabulary.spoken import TRIALS, WORDS, Key, Trial
from lscbook.vocabulary.terms import NAMED_FAMILIES

ITSELF = ABOUT + 20  # the weight of a term in the document that it is
NAMED = (8, 12, 16)  # of one that is named: once, a few times, often
ASIDE = 4  # of one that a field of a finding names, and neither its claim nor what it is about
FREQUENCY = (WORDS, "LSC frequency")
# What a finding says outside its claim, and how readers ask for its direction.
FACTS = ("theme", "study", "stage", "assay", "end_point", "outcome", "time_point", "acquisition", "modality")
ASKED = {"does_not_support": "against contradicts contradict fails failed negative", "inconclusive": "inconclusive"}


class Naming:
    """Finds terms, words of the glossary and trials in what the book and the records say."""

    def __init__(self, book: Book) -> None:
        self._book = book
        words = {w.id: _word(w.id, words_of(w, book)) for w in book.glossary.values() if not w.group}
        trials = {trial.id: _trial(trial) for trial in book.spoken.trials.values()}
        self._called = {trial: trials[trial.id].ambiguous for trial in book.spoken.trials.values()}
        told = replace(book.vocabulary, terms={**book.vocabulary.terms, WORDS: words, TRIALS: trials})
        self._annotator = Annotator(told, (*ANNOTATED, WORDS, TRIALS))

    def of_finding(self, finding: Finding, trials: Iterable[Trial]) -> dict[str, int]:
        """What its fields are about and its claim names, its trials, and what its fields name aside."""
        told = self._and_wider(entities.terms_of(finding, self._book.vocabulary))
        about = [*(key for key, main in told.items() if main), *self._in(finding.claim)]
        if finding.told("frequency") and FREQUENCY[1] in self._book.glossary:
            about.append(FREQUENCY)
        return _weighed([*about, *((TRIALS, trial.id) for trial in trials)], dict.fromkeys(told, 0))

    def _and_wider(self, told: dict[Key, bool]) -> dict[Key, bool]:
        """Those, and the diseases of which one is a kind: what is said of higher-risk MDS is said of MDS."""
        wider = dict(told)
        for (kind, identifier), main in told.items():
            parent = self._book.vocabulary.terms[kind][identifier].facts.get("parent")
            if parent:
                wider[kind, parent] = wider.get((kind, parent), False) or main
        return wider

    def of_paper(self, record: Record, trials: Iterable[Trial]) -> dict[str, int]:
        """What its title names, which it is about; what its abstract names, by how often; and its trials."""
        concepts = {(kind, term): n for kind, ids in record.concepts.items() for term, n in ids.items()}
        return _weighed([*self._in(record.title), *((TRIALS, trial.id) for trial in trials)], concepts)

    def of_text(self, heading: str, text: str) -> dict[str, int]:
        """What a heading names, which the section is about, and what its text names."""
        return _weighed(self._in(heading), dict.fromkeys(self._in(text), 1))

    def trials(self, record: Record, cohort: Iterable[str]) -> list[Trial]:
        """The trials that a paper reports, or that a finding gives as its cohort."""
        told = self._book.spoken.trials_of
        found = dict.fromkeys((*told.get(record.pmid, ()), *told.get(record.doi, ())))
        given = {fold(name) for name in cohort}
        found.update(dict.fromkeys(trial for trial, names in self._called.items() if given & names))
        return list(found)

    def _in(self, text: str) -> list[tuple[str, str]]:
        return [mention.term.key for mention in self._annotator.mentions(text, anywhere=True)]


def _weighed(about: Iterable[tuple[str, str]], named: dict[tuple[str, str], int]) -> dict[str, int]:
    known = {*addresses.ENTITIES, NAMED_FAMILIES, WORDS, TRIALS}
    weights = {key: NAMED[(n > 1) + (n > 3)] if n else ASIDE for key, n in named.items()}
    weights.update(dict.fromkeys(about, ABOUT))
    return {label(key): weight for key, weight in sorted(weights.items()) if key[0] in known}


def _word(identifier: str, called: list[str]) -> Term:
    """A word of the glossary as a term: plain ones (level, standing) stand in too many sentences to mean it."""
    told = tuple(name for name in called if " " in name or "-" in name or name != name.lower())
    short = frozenset(fold(name) for name in told if " " not in name and "-" not in name)  # VAF, and not "vaf"
    return Term(WORDS, identifier, "", told, short | ({fold(identifier)} - {fold(name) for name in told}))


def _trial(trial: Trial) -> Term:
    """A trial as a term: AGILE is one, and agile is none."""
    called = (trial.id, trial.registry, *trial.names)
    return Term(TRIALS, trial.id, "", tuple(filter(None, called)), frozenset(fold(name) for name in called if name))


def authors(record: Record) -> str:
    """Every author by family, and with the initials in one word, as `DickJE`; once more without accents."""
    told = " ".join(
        f"{a.family} {a.family.split()[-1]}{a.initials}" if a.family else a.collective for a in record.authors
    )
    plain = "".join(c for c in unicodedata.normalize("NFKD", told) if not unicodedata.combining(c))
    return told if plain == told else f"{told} {plain}"


def facts(finding: Finding) -> str:
    """The words of the fields that its claim need not repeat."""
    told = (str(finding.told(name) or "") for name in FACTS)
    return " ".join(filter(None, (*told, ASKED.get(finding.stance, ""))))
