"""Tables of findings as HTML: a row a finding, cards on a phone, readable without a script."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from lscbook import addresses
from lscbook.addresses import anchor
from lscbook.evidence import fields, reviewing
from lscbook.evidence.store import Evidence, Located
from lscbook.pubmed.record import Record
from lscbook.standing import Standing, standing_of
from lscbook.synthesis.counts import strongest_first
from lscbook.text import escape_html as esc
from lscbook.vocabulary import load as load_vocabulary

SIGN = {"supports": "●", "does_not_support": "○"}
WORD = {"supports": "supports", "does_not_support": "against"}


@dataclass(frozen=True)
class Table:
    """HTML that a notebook displays."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def findings(evidence: Evidence, theme: str) -> Table:
    """Every finding of a theme, the strongest first."""
    return Table(_table(strongest_first(evidence.of_theme(theme)), f"Findings on {theme}", ids=True))


def contradictions(evidence: Evidence, theme: str) -> Table:
    """The findings of a theme that do not support its proposition."""
    against = [f for f in evidence.of_theme(theme) if f.finding.direction.value == "does_not_support"]
    if not against:
        return Table("<p>No finding against is curated yet. That is a gap of ours, not a proof.</p>")
    return Table(_table(strongest_first(against), f"Findings against, on {theme}", ids=False))


def _table(found: list[Located], caption: str, *, ids: bool) -> str:
    body = "".join(row(f, with_id=ids) for f in found)
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{esc(caption)}">'
        f'<table class="findings"><caption>{esc(caption)} ({len(found)})</caption>'
        "<thead><tr><th>Finding</th><th>In what</th><th>Level</th><th>Source</th></tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def row(located: Located, *, with_id: bool) -> str:
    """One finding as a table row."""
    f = located.finding
    identity = f' id="{anchor(located.reference)}"' if with_id else ""
    note = f'<span class="doubt">{esc(f.note)}</span>' if f.note else ""
    return (
        f"<tr{identity}><td>{direction(f.direction.value)} {esc(f.claim)}{note}{_details(located)}</td>"
        f"<td>{_what(located)}</td><td>{level(f.level)}</td><td>{source(located)}</td></tr>"
    )


def direction(value: str) -> str:
    """The mark for and against: shape, colour and word."""
    return f'<span class="direction {value}">{SIGN[value]}&nbsp;{WORD[value]}</span>'


def level(letter: str | None) -> str:
    """The letter of the CIViC level in its tint."""
    if letter is None:
        return '<span class="level none" title="level not assessed">–</span>'
    meaning = esc(fields.LEVEL_MEANING[letter])
    return f'<span class="level level-{letter}" title="{meaning}">{letter}</span>'


def _what(located: Located) -> str:
    f = located.finding
    parts = [", ".join(f.diseases), f.study]
    if f.n:
        parts.append(f"{f.n:,} {f.n_unit}")
    return "".join(f'<span class="what">{esc(part)}</span>' for part in parts)


def _details(located: Located) -> str:
    """The structured fields of the theme, as words."""
    return f'<span class="fields">{"".join(f"<span>{name}: {value}</span>" for name, value in details(located))}</span>'


def details(located: Located) -> list[tuple[str, str]]:
    """Name and value, in HTML, of each structured field that is filled; terms link to their pages."""
    f = located.finding
    pairs = [
        (esc(field.name.replace("_", " ")), _value(field, getattr(f, field.name)))
        for field in fields.BY_THEME[f.theme].fields
        if getattr(f, field.name)
    ]
    return [*pairs, ("effect", esc(effect(located)))] if f.effect else pairs


def _value(field: fields.Field, value: Any) -> str:
    if isinstance(value, dict):
        return esc(", ".join(f"{k} {v}" for k, v in value.items()))
    items = value if isinstance(value, tuple) else (str(value),)
    return ", ".join(term(field.vocabularies, item) if field.vocabularies else esc(item) for item in items)


def term(kinds: tuple[str, ...], identifier: str) -> str:
    """A link to the page of a term, in the first of `kinds` that has it."""
    found = load_vocabulary().get(kinds, identifier)
    if found is None or found.kind not in addresses.ENTITIES:
        return esc(identifier)
    return f'<a href="{esc(addresses.entity(found.kind, identifier))}">{esc(identifier)}</a>'


def effect(located: Located) -> str:
    """`HR 1.9 (95% CI 1.2–3.0), p 0.003, MRD positive against negative`."""
    e = located.finding.effect
    text = f"{e.measure} {e.value}" if e.measure not in {"percent", "other"} else str(e.value)
    text += "%" if e.measure == "percent" else ""
    text += f" {e.unit}" if e.unit else ""
    text += f" ({e.ci_level}% CI {e.ci[0]}–{e.ci[1]})" if e.ci else ""
    text += f", p {e.p}" if e.p else ""
    return text + (f", {e.comparison}" if e.comparison else "")


def place(support: Any) -> str:
    """Where a finding stands in its paper.

    >>> from lscbook.evidence.model import Support
    >>> place(Support(sentences=(3, 4, 6)))
    'abstract, sentences 3, 4 and 6; not yet held against the abstract by machine'
    """
    told = []
    if support.sentences:
        numbers = [str(n) for n in sorted(support.sentences)]
        listed = numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} and {numbers[-1]}"
        told.append(f"abstract, sentence{'s' if len(numbers) > 1 else ''} {listed}")
        if support.grounding is None:
            told.append("not yet held against the abstract by machine")
    if support.title:
        told.append("title")
    if support.full_text:
        told.append(support.full_text)
    return "; ".join(told)


def source(located: Located) -> str:
    """Author, year and link, standing, and whether a second person read it."""
    record = located.record
    pending = "" if record.pmid else '<span class="standing pending">PMID pending</span>'
    return (
        f'<a class="paper" href="{esc(addresses.paper(record.key))}" title="{esc(record.title)}">'
        f"{esc(cite(located.record))}</a><br><i>{esc(record.journal)}</i>{standing(record)}{pending}"
        f'<span class="reading">{reading(located)}</span>'
    )


def reading(located: Located) -> str:
    """Whether a second person held the claim against its source, and what came of it."""
    told = {("once",): "read once", ("twice",): "✓ read twice", ("twice", "disputed"): "read twice, disputed"}
    return told[readings(located)]


def readings(located: Located) -> tuple[str, ...]:
    """`once`, or `twice` and perhaps `disputed`: the words by which findings are filtered."""
    verdicts = second_readings().get(located.reference, set())
    if not verdicts and not located.entry.reviewers:
        return ("once",)
    return ("twice", "disputed") if "disagree" in verdicts else ("twice",)


@cache
def second_readings() -> dict[str, set[str]]:
    """Verdicts of second readers by finding, read once a build."""
    found: dict[str, set[str]] = {}
    for one in reviewing.read():
        found.setdefault(one.finding, set()).add(one.verdict)
    return found


def cite(record: Record) -> str:
    """Author and year as they stand in a sentence."""
    several = not record.authors_complete or len(record.authors) > 2
    if not record.authors:
        return f"{record.journal or 'no author given'} {record.year}"
    names = record.first_author
    if several:
        names += " et al."
    elif len(record.authors) == 2:
        names += f" and {record.authors[1].family or record.authors[1].collective}"
    return f"{names} {record.year}"


def standing(record: Record) -> str:
    """The standing of a paper as a mark, where it is not simply standing."""
    state = standing_of(record)
    if state is Standing.STANDS:
        return ""
    return f' <span class="standing {esc(state.name.lower())}">{esc(state.value)}</span>'


def card(located: Located) -> str:
    """What a reader wants to know before following a citation, as phrasing content."""
    f = located.finding
    n = f" · {f.n:,} {esc(f.n_unit)}" if f.n else ""
    return (
        f"{direction(f.direction.value)} {level(f.level)}{standing(located.record)} "
        f'<span class="what">{esc(f.study)}{n} · {esc(", ".join(f.diseases))} · {reading(located)}</span>'
        f'<span class="claim">{esc(f.claim)}</span>'
    )
