"""What the pages around the evidence show: doors, flow, query, snapshot, counts, an example."""

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from lscbook import addresses, paths
from lscbook.evidence import fields
from lscbook.evidence.blind_reading import BlindReading, rates
from lscbook.figures import flow as flow_figure
from lscbook.figures.html import Macros
from lscbook.pubmed import query as queries
from lscbook.site.opened import Site
from lscbook.standing import FALLEN, Standing


@dataclass(frozen=True)
class Door:
    """A chapter with its present answer in one sentence; the counts beside it come from the data."""

    theme: str
    name: str
    answer: str

    @property
    def chapter(self) -> str:
        """The name of its page."""
        return fields.BY_THEME[self.theme].chapter


DOORS = (
    Door(
        "evolution",
        "Clonal evolution",
        "Early lesions sit in stem cells, years before disease; signalling lesions come later.",
    ),
    Door(
        "identity",
        "LSC identity",
        "Several markers distinguish LSCs from normal stem cells; none does in every patient.",
    ),
    Door(
        "resistance",
        "Resistance",
        "The founding clone survives chemotherapy; targeted drugs select signalling clones.",
    ),
    Door("surveillance", "Surveillance", "Residual disease predicts relapse; that acting on it helps is less certain."),
    Door("target", "Targets", "Many targets work in xenografts, few in phase 3, and some failed there."),
)


_STATES = {Standing.NOT_ASKED: "not asked whether they stand", Standing.STANDS: "asked, and they stand"}


def _macros(site: Site) -> Macros:
    return site.html.macros("start_page.html")


def doors(site: Site) -> Markup:
    """Five doors with the present answer and its counts, and the date of the snapshot."""
    return _macros(site).doors(DOORS, (*addresses.ENTITIES, "papers"))


def snapshot_age(site: Site) -> Markup:
    """The date of the snapshot."""
    return _macros(site).snapshot_age()


def flow(site: Site) -> Markup:
    """The way from papers found to papers curated, as a picture with its table."""
    return Markup(flow_figure.papers(site.book)._repr_html_())  # noqa: S704  a figure is markup


def query(site: Site) -> Markup:
    """The blocks and themes of the query, each with its purpose."""
    asked = queries.load()
    parts = [
        (name.replace("_", " "), asked.purposes[name], search)
        for name, search in [*asked.blocks.items(), *asked.themes.items()]
        if name in asked.purposes
    ]
    return _macros(site).query(parts)


def snapshot(site: Site) -> Markup:
    """What the manifest says: files, dates, counts, standing."""
    book = site.book
    manifest = book.corpus.manifest
    rows = [
        ("statement", manifest["statement"]),
        ("complete", "yes" if manifest["complete"] else "no"),
        ("as of", manifest["as_of"]),
    ]
    rows += [
        (f"from {s['file']}", f"{s['records']} records read, {s['kept']} kept") for s in manifest.get("sources", ())
    ]
    states = Counter(book.standing(record) for record in book.corpus.records.values())
    rows += [(f"records: {_STATES.get(state, state.value)}", str(states[state])) for state in Standing if states[state]]
    curated = Counter(book.standing(record) for record in book.evidence.records.values())
    fallen = sum(curated[state] for state in FALLEN)
    rows.append(("curated papers retracted or under concern", f"{fallen} of {len(book.evidence.records)}"))
    rows.append(("curated papers of which this was not asked", str(curated[Standing.NOT_ASKED])))
    return _macros(site).two_columns(rows, "Snapshot")


def counts(site: Site) -> Markup:
    """Findings by theme and direction."""
    return _macros(site).counts(DOORS)


def blind_readings(site: Site) -> Markup:
    """Error rates of the blind readings, one after the other: in all, by theme, by question."""
    readings: dict[tuple[int, str], list[BlindReading]] = {}
    for reading in site.book.blind_readings:
        readings.setdefault((int(reading.reading), reading.date), []).append(reading)
    return _macros(site).blind([(number, day, rates(found)) for (number, day), found in sorted(readings.items())])


def fields_table(site: Site) -> Markup:
    """The one table of fields, as the validator reads it."""
    parts = [("Every finding", fields.COMMON), *((f"{t.name}: {t.proposition}", t.fields) for t in fields.THEMES)]
    return _macros(site).fields_table(parts)


def example(site: Site) -> Markup:
    """A whole entry of the book, as it stands in its file."""
    path = next(paths.EVIDENCE.glob("*-21112565.yaml"))
    return _macros(site).example(f"data/evidence/{path.name}", path.read_text(encoding="utf-8"))
