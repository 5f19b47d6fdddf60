"""What a finding and its paper say, in words: the one place from which tables, cards, pages and files take them."""

from textwrap import shorten
from typing import Any

from lscbook.evidence import fields
from lscbook.evidence.findings import Contrast
from lscbook.evidence.store import Located
from lscbook.pubmed import reference
from lscbook.pubmed.record import Record
from lscbook.synthesis.book import Book

SIGN = {"supports": "●", "does_not_support": "○", "inconclusive": "◐", "context": "·"}
WORD = {"supports": "supports", "does_not_support": "against", "inconclusive": "inconclusive", "context": "context"}
READ = {("once",): "read once", ("twice",): "✓ read twice", ("twice", "disputed"): "read twice, disputed"}

Detail = tuple[str, tuple[str, ...], tuple[str, ...]]  # name of a field, vocabularies of its words, words


def details(located: Located) -> list[Detail]:
    """Each structured field of the theme that is filled, and the effect, in the order of the table of fields."""
    finding = located.finding
    told: list[Detail] = [
        (field.name.replace("_", " "), field.vocabularies, _words(getattr(finding, field.name)))
        for field in fields.BY_THEME[finding.theme].fields
        if getattr(finding, field.name)
    ]
    if finding.directness == "indirect":
        told.insert(0, ("directness", (), ("indirect",)))
    return [*told, ("effect", (), (effect(located),))] if finding.effect else told


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, Contrast):
        return (f"{value.of} against {value.against}" if value.against else value.of,)
    if isinstance(value, dict):
        return tuple(f"{name} {level}" for name, level in value.items())
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def effect(located: Located) -> str:
    """`HR 1.9 (95% CI 1.2–3.0), p 0.003, MRD positive against negative`."""
    text, e = size_of_effect(located), located.finding.effect
    return f"{text}, {e.comparison}" if e is not None and e.comparison else text


def size_of_effect(located: Located) -> str:
    """The effect beside a sentence that tells already what was compared: `HR 1.9 (95% CI 1.2–3.0), p 0.003`."""
    e = located.finding.effect
    if e is None:
        return ""
    text = f"{e.measure} {e.value}" if e.measure not in {"percent", "other"} else str(e.value)
    text += "%" if e.measure == "percent" else ""
    text += f" {e.unit}" if e.unit else ""
    text += f" ({e.ci_level}% CI {e.ci[0]}–{e.ci[1]})" if e.ci else ""
    return text + (f", p {e.p}" if e.p else "")


def place(support: Any) -> str:
    """Where a finding stands in its paper.

    >>> from lscbook.evidence.model import Support
    >>> place(Support(sentences=(3, 4, 6)))
    'abstract, sentences 3, 4 and 6; not yet checked against the abstract by program'
    """
    told = []
    if support.sentences:
        numbers = [str(n) for n in sorted(support.sentences)]
        listed = numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} and {numbers[-1]}"
        told.append(f"abstract, sentence{'s' if len(numbers) > 1 else ''} {listed}")
        if support.grounding is None:
            told.append("not yet checked against the abstract by program")
    if support.title:
        told.append("title")
    if support.full_text:
        told.append(support.full_text)
    return "; ".join(told)


def reading(book: Book, located: Located) -> str:
    """Whether a second person held the claim against its source, and what came of it."""
    return READ[readings(book, located)]


def readings(book: Book, located: Located) -> tuple[str, ...]:
    """`once`, or `twice` and perhaps `disputed`: the words by which findings are filtered."""
    verdicts = {r.verdict for r in book.second_readings.get(located.reference, ())}
    if not verdicts:
        return ("once",)
    return ("twice", "disputed") if "disagree" in verdicts else ("twice",)


def cite(record: Record) -> str:
    """Author and year as they stand in a sentence."""
    several = not record.authors_complete or len(record.authors) > 2
    if not record.authors:
        return f"“{shorten(record.title.rstrip('.'), 40, placeholder=' …')}” {record.year}".strip()
    names = record.first_author
    if several:
        names += " et al."
    elif len(record.authors) == 2:
        names += f" and {record.authors[1].family or record.authors[1].collective}"
    return f"{names} {record.year}"


def listed(record: Record) -> tuple[str, str]:
    """The authors as a reference list prints them, and the identity of the paper."""
    return reference.authors(record), f"PMID {record.pmid}" if record.pmid else f"DOI {record.doi} (PMID pending)"
