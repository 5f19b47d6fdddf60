"""What the pages around the evidence show: doors, flow, query, snapshot, counts, an example."""

from collections import Counter

from lscbook import addresses, paths
from lscbook.evidence import fields
from lscbook.figures.tables import Table
from lscbook.pubmed import query as queries
from lscbook.site.citations import base, numbers
from lscbook.standing import Standing, standing_of
from lscbook.text import escape_html as esc

# The present answer of each chapter in one sentence; the counts beside it come from the data.
DOORS = (
    (
        "evolution",
        "Clonal evolution",
        "Early lesions sit in stem cells, years before disease; signalling lesions come later.",
    ),
    ("identity", "LSC identity", "Several markers part LSCs from normal stem cells; none holds in every patient."),
    ("resistance", "Resistance", "The founding clone survives chemotherapy; targeted drugs select signalling clones."),
    ("surveillance", "Surveillance", "Residual disease foretells relapse; that acting on it helps is less sure."),
    ("target", "Targets", "Many targets work in xenografts, few in phase 3, and some failed there."),
)


def doors() -> Table:
    """Five doors with the present answer and its counts, and the date of the snapshot."""
    n = numbers()
    cards = "".join(
        f'<a href="{fields.BY_THEME[theme].chapter}.html"><strong>{esc(name)}</strong>{esc(answer)}'
        f"<small>{n[f'findings.{theme}']} findings from {n[f'papers.{theme}']} papers · "
        f"{_direction(n, theme)}</small></a>"
        for theme, name, answer in DOORS
    )
    known, _ = base()
    when = (
        f'<p class="snapshot">Snapshot of {esc(known.as_of)}: {n["records"]} records, {n["papers"]} papers curated, '
        f'{n["findings"]} findings. {esc(known.manifest["statement"])} <a href="whats-new.html">What\'s new</a></p>'
    )
    search = (
        '<form class="find" role="search" action="../search.html"><label for="find">Find a target, marker, drug or '
        'paper</label> <input id="find" name="q" type="search"> <button>Search</button></form>'
    )
    lists = ", ".join(
        f'<a href="{addresses.UP}{kind}/index.html">{kind}</a>' for kind in (*addresses.ENTITIES, "papers")
    )
    browse = f'<p>Or browse <a href="evidence.html">all evidence</a>, {lists}.</p>'
    return Table(f'{search}<div class="doors">{cards}</div>{browse}{when}')


def snapshot_age() -> str:
    """The date of the snapshot, in HTML; the reader's browser warns where it is old (`book.js`)."""
    as_of = esc(base()[0].as_of)
    return f'<p class="snapshot-age" data-as-of="{as_of}">Snapshot of <time datetime="{as_of}">{as_of}</time>.</p>'


def _direction(n: dict[str, int], theme: str) -> str:
    return (
        f'<span class="direction supports">● {n[f"findings.{theme}.supports"]}</span> for, '
        f'<span class="direction does_not_support">○ {n[f"findings.{theme}.does_not_support"]}</span> against'
    )


def flow() -> Table:
    """Records, screened, curated papers, findings, read twice: as a row of boxes."""
    n = numbers()
    steps = (
        ("records", n["records"]),
        ("papers judged", n["screened"]),
        ("papers curated", n["papers"]),
        ("findings", n["findings"]),
        ("papers read twice", n["papers.read_twice"]),
    )
    boxes = "".join(f"<li><b>{count:,}</b> {esc(name)}</li>" for name, count in steps)
    return Table(f'<ol class="flow">{boxes}</ol>')


def query() -> Table:
    """The blocks and themes of the query, each with its purpose."""
    asked = queries.load()
    rows = "".join(
        f"<tr><td>{esc(name.replace('_', ' '))}</td><td>{esc(asked.purposes[name])}</td>"
        f"<td><code>{esc(search)}</code></td></tr>"
        for name, search in [*asked.blocks.items(), *asked.themes.items()]
        if name in asked.purposes
    )
    return Table(
        '<div class="scroll" tabindex="0" role="group" aria-label="Query"><table class="findings plain">'
        "<thead><tr><th>Part</th><th>Purpose</th><th>PubMed search</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def snapshot() -> Table:
    """What the manifest says: files, dates, counts, standing."""
    known, evidence = base()
    manifest = known.manifest
    rows = [
        ("statement", manifest["statement"]),
        ("complete", "yes" if manifest["complete"] else "no"),
        ("as of", manifest["as_of"]),
    ]
    rows += [
        (f"from {s['file']}", f"{s['records']} records read, {s['kept']} kept") for s in manifest.get("sources", ())
    ]
    states = Counter(standing_of(record) for record in known.records.values())
    rows += [(f"records {state.value}", str(states[state])) for state in Standing if states[state]]
    fallen = [r for r in evidence.records.values() if standing_of(r) in {Standing.RETRACTED, Standing.CONCERN}]
    rows.append(("curated papers retracted or under concern", str(len(fallen))))
    return Table(_two_columns(rows, "Snapshot"))


def _two_columns(rows: list[tuple[str, str]], label: str) -> str:
    body = "".join(f"<tr><th scope='row'>{esc(k)}</th><td>{esc(v)}</td></tr>" for k, v in rows)
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{esc(label)}"><table class="findings plain">'
        f"<tbody>{body}</tbody></table></div>"
    )


def counts() -> Table:
    """Findings by theme and direction."""
    n = numbers()
    body = "".join(
        f"<tr><td>{esc(name)}</td><td>{n[f'papers.{t}']}</td><td>{n[f'findings.{t}']}</td>"
        f"<td>{n[f'findings.{t}.supports']}</td><td>{n[f'findings.{t}.does_not_support']}</td></tr>"
        for t, name, _ in DOORS
    )
    return Table(
        '<table class="findings"><thead><tr><th>Chapter</th><th>Papers</th><th>Findings</th><th>Support</th>'
        f"<th>Against</th></tr></thead><tbody>{body}</tbody></table>"
    )


def fields_table() -> Table:
    """The one table of fields, as the validator reads it."""
    parts = [_fields("Every finding", fields.COMMON)]
    parts += [_fields(f"{t.name}: {t.proposition}", t.fields) for t in fields.THEMES]
    return Table("".join(parts))


def _fields(title: str, table: tuple[fields.Field, ...]) -> str:
    rows = "".join(
        f"<tr><td><code>{esc(f.name)}</code>{' *' if f.required else ''}</td><td>{esc(f.help)}</td>"
        f"<td>{esc(', '.join(f.allowed) or ' or '.join(f.vocabularies) or f.type.value)}</td></tr>"
        for f in table
    )
    return (
        f'<details class="fields-table"><summary>{esc(title)} ({len(table)} fields)</summary>'
        '<table class="findings"><thead><tr><th>Field (* required)</th><th>Meaning</th><th>Takes</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )


def example() -> Table:
    """A whole entry of the book, as it stands in its file."""
    path = next(paths.EVIDENCE.glob("*-21112565.yaml"))
    return Table(
        f"<p><code>data/evidence/{esc(path.name)}</code></p>"
        f'<pre tabindex="0"><code>{esc(path.read_text(encoding="utf-8"))}</code></pre>'
    )
