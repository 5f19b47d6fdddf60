"""The page What's new: day by day, the newest first, folded by chapter."""

from collections.abc import Iterable

from lscbook import addresses
from lscbook.evidence import fields, reviewing
from lscbook.evidence.store import Evidence, Located
from lscbook.figures import tables
from lscbook.figures.tables import Table
from lscbook.harvest.updating import Difference
from lscbook.pubmed.record import Record
from lscbook.site.citations import base
from lscbook.standing import known
from lscbook.synthesis import changes
from lscbook.synthesis.changes import Day, Restanding, counted
from lscbook.text import escape_html as esc

OPEN = 6  # papers of a chapter that are shown unfolded
SHOWN = 100  # papers of a fold; the data hold every one


def whats_new() -> Table:
    """Every day on which something changed, with an anchor each."""
    corpus, evidence = base()
    found = changes.days(evidence, changes.read_harvests(), known("notices"), known("trials"), reviewing.read())
    return Table(
        f'<p class="snapshot">Snapshot of {esc(corpus.as_of)}. {esc(corpus.manifest.get("statement", ""))} '
        f'<a href="{addresses.UP}feed.xml">Follow as a feed (Atom)</a></p>'
        + _list_of_days(found)
        + "".join(day_html(day, evidence) for day in found)
        + _undated(changes.undated(evidence))
    )


def _list_of_days(days: list[Day]) -> str:
    """Where to jump to: the date that a reader was here last."""
    if len(days) < 2:
        return ""
    items = "".join(f'<li><a href="#{day.anchor}">{_date(day.date)}</a> {esc(_sentence(day))}</li>' for day in days)
    return f'<nav class="days" aria-label="Days"><p>Since when?</p><ul>{items}</ul></nav>'


def day_html(day: Day, evidence: Evidence) -> str:
    """One day: its summary, what stands otherwise, what was entered, what was harvested."""
    return (
        f'<section class="day"><h2 id="{day.anchor}">{_date(day.date)}</h2>'
        f"<p>{esc(_sentence(day))}</p>"
        + _standing(day.standing)
        + _trials(day)
        + "".join(_chapter(theme, found) for theme, found in day.by_chapter().items())
        + _readings(day)
        + (_harvest(day.harvest, day, evidence) if day.harvest is not None else "")
        + "</section>"
    )


def _date(date: str) -> str:
    return f'<time datetime="{esc(date)}">{esc(date)}</time>'


def _sentence(day: Day) -> str:
    text = "; ".join(day.summary())
    return text[:1].upper() + text[1:] + "."


def _chapter(theme: str, found: list[Located]) -> str:
    """The papers of one chapter, with how many findings of each speak for and against."""
    papers: dict[str, list[Located]] = {}
    for located in sorted(found, key=lambda f: (f.record.first_author.lower(), f.record.year, f.reference)):
        papers.setdefault(located.entry.key, []).append(located)
    against = sum(f.finding.direction.value == "does_not_support" for f in found)
    name = fields.BY_THEME[theme].chapter.replace("-", " ").replace("lsc", "LSC").capitalize().replace("Lsc", "LSC")
    head = (
        f"<strong>{esc(name)}</strong>: {counted(len(found), 'finding')} from {counted(len(papers), 'paper')} "
        f"({_mark('supports', len(found) - against)}, {_mark('does_not_support', against)})"
    )
    items = [_paper(members) for members in papers.values()]
    return _fold(head, items, whole=f'<a href="{addresses.UP}data/findings.csv">findings.csv</a>')


def _fold(head: str, items: list[str], *, whole: str) -> str:
    """A list that is folded where it is long, and cut where it is very long; `whole` has all of it."""
    more = f"<p>And {len(items) - SHOWN:,} more, in {whole}.</p>" if len(items) > SHOWN else ""
    body = f'<ul class="references">{"".join(f"<li>{item}</li>" for item in items[:SHOWN])}</ul>{more}'
    is_open = " open" if len(items) <= OPEN else ""
    return f'<details class="news"{is_open}><summary>{head}</summary>{body}</details>'


def _mark(direction: str, number: int) -> str:
    word = {"supports": "for", "does_not_support": "against"}[direction]
    return f'<span class="direction {direction}">{tables.SIGN[direction]}&nbsp;{number}</span> {word}'


def _paper(members: list[Located]) -> str:
    record = members[0].record
    marks = " ".join(
        f'<a class="direction {f.finding.direction.value}" href="{esc(addresses.finding(f.reference))}" '
        f'title="{esc(f.finding.claim)}" aria-label="finding {esc(f.reference)}, '
        f'{tables.WORD[f.finding.direction.value]}">{tables.SIGN[f.finding.direction.value]}</a>'
        for f in members
    )
    return f"{_cited(members[0].entry.key, record)} {marks} {esc(record.title)}"


def _cited(key: str, record: Record) -> str:
    return f'<a href="{esc(addresses.paper(key))}">{esc(tables.cite(record))}</a>'


def _standing(changed: Iterable[Restanding]) -> str:
    items = "".join(f"<li>{_restood(r)}</li>" for r in changed)
    return f'<h3>Standing</h3><ul class="references">{items}</ul>' if items else ""


def _restood(paper: Restanding) -> str:
    told = "; ".join(changes.told(notice) for notice in paper.notices)
    return (
        f'{_cited(paper.key, paper.record)} <span class="standing {paper.state.name.lower()}">'
        f"{esc(paper.state.value)}</span> {esc(paper.record.title)} {esc(told)}"
    )


def _trials(day: Day) -> str:
    items = "".join(
        f'<li><a href="{esc(addresses.trial(t.nct))}">{esc(t.nct)}</a>: {esc(t.status.replace("_", " ").lower())}'
        f"{esc(f'. {t.why_stopped}' if t.why_stopped else '')}, "
        f"{', '.join(_cited(key, base()[1].records[key]) for key in t.papers)}</li>"
        for t in day.trials
    )
    return f'<h3>Trials</h3><ul class="references">{items}</ul>' if items else ""


def _readings(day: Day) -> str:
    items = [
        f'<a href="{esc(addresses.finding(r.finding))}">{esc(r.finding)}</a> {esc(r.verdict)}' for r in day.readings
    ]
    return _fold("<strong>Read a second time</strong>", items, whole="data/reviews.tsv") if items else ""


def _harvest(brought: Difference, day: Day, evidence: Evidence) -> str:
    """What the harvest brought: curated papers by name, the rest by number, all of it in the data."""
    file = f'<a href="{addresses.UP}data/changes/{day.date}.json">data/changes/{day.date}.json</a>'
    parts = [f"<h3>Snapshot</h3><p>{esc(changes.harvested(brought))}. All PMIDs: {file}</p>"]
    lists = {
        "Curated papers that PubMed changed": [_record(k, evidence) for k in day.curated(brought.changed, evidence)],
        "New records": [_record(pmid, evidence) for pmid in brought.new],
        "PMIDs found": [f"{esc(doi)}: {_record(pmid, evidence)}" for doi, pmid in sorted(brought.resolved.items())],
    }
    parts += [
        _fold(f"<strong>{word}</strong>: {len(items):,}", items, whole=file) for word, items in lists.items() if items
    ]
    return "".join(parts)


def _record(key: str, evidence: Evidence) -> str:
    record = evidence.records.get(key)
    if record is not None:
        return f"{_cited(key, record)} {esc(record.title)}"
    known_record = base()[0].records.get(key)
    title = f"{tables.cite(known_record)}. {known_record.title}" if known_record else f"PMID {key}"
    return f'<a href="{esc(addresses.pubmed(key))}">{esc(title)}</a>'


def _undated(papers: list[Restanding]) -> str:
    if not papers:
        return ""
    items = [_restood(paper) for paper in papers]
    head = f"<strong>Notices to which PubMed gives no date</strong>: {counted(len(items), 'curated paper')}"
    return f'<h2 id="undated">Without a date</h2>{_fold(head, items, whole="papers.csv")}'
