"""What the pages *Strength and conflict* and *The order of lesions* show."""

from markupsafe import Markup

from lscbook.errors import NotEstimable
from lscbook.figures import strengths as figures
from lscbook.figures.charts import Figure
from lscbook.figures.html import Macros
from lscbook.site.opened import Site
from lscbook.synthesis import conflicts, pooling, strength
from lscbook.synthesis.strength import EFFICACY, PARTS, QUESTIONS, Strength

ONE_OF = {"targets": "Target", "markers": "Marker", "mechanisms": "Mechanism"}
TOLD_ITEMS = 7  # rows that stand open
TOLD_CONFLICTS = 5  # cards that stand open; the others are one click away


def _macros(site: Site, **values: object) -> Macros:
    return site.html.macros(
        "strength.html", tiers=strength.TIER_NAMES, levels=strength.POINTS, tier_kinds=strength.TIERS,
        one_of=values.pop("one_of", ""), **values,
    )  # fmt: skip


def _table(site: Site, question: strength.Question, part: str) -> list[Strength]:
    return strength.table(site.book.evidence, site.book.vocabulary, question, part)


def plane(site: Site) -> Markup:
    """For against against, in one plane."""
    return shown(figures.estimable(figures.plane, site.book, "Evidence for and against the efficacy of targets"))


def ranking(site: Site) -> Markup:
    """The ranking of targets in AML, with what it leaves open."""
    title = "Targets in AML by net points, and every rank compatible with the data"
    return shown(figures.estimable(figures.ranking, site.book, title))


def lesions(site: Site) -> Markup:
    """The order of lesions, with what it leaves open."""
    title = "Lesions from early to late, and every place compatible with the data"
    return shown(figures.estimable(figures.lesions, site.book, title))


def shown(made: Figure | str) -> Markup:
    """A figure, or the sentence that says why there is none."""
    if isinstance(made, str):
        return Markup("<p>No figure: {}.</p>").format(made)
    return Markup(made._repr_html_())  # noqa: S704  a template's


def points(site: Site) -> Markup:
    """What a level weighs, and which study stands above which."""
    return _macros(site).points()


def targets(site: Site) -> Markup:
    """Does hitting it work: AML and MDS apart, with harm to normal stem cells beside it."""
    return _tables(site, EFFICACY)


def others(site: Site) -> Markup:
    """Every other question, folded."""
    macros = _macros(site)
    asked = [q for q in QUESTIONS.values() if q is not EFFICACY]
    return Markup("").join(macros.folded(q.asks, _tables(site, q)) for q in asked)


def _tables(site: Site, question: strength.Question) -> Markup:
    macros = _macros(site, one_of=ONE_OF[question.kind])
    made = []
    for part in PARTS:
        weighed = _table(site, question, part)
        harms = None
        if question is EFFICACY:
            harms = {s.item: strength.harm(s.item, site.book.evidence.counted) for s in weighed}
        caption = f"{question.asks} {part}"
        made.append(macros.table(caption, weighed[:TOLD_ITEMS], question.kind, harms))
        if rest := weighed[TOLD_ITEMS:]:
            made.append(
                macros.folded(f"{len(rest)} more", macros.table(f"{caption}, the others", rest, question.kind, harms))
            )
    return Markup("").join(made)


def contested(site: Site) -> Markup:
    """The ten items of which both sides weigh most, over every question and both diseases."""
    found = [(part, q.kind, q.asks, s) for q in QUESTIONS.values() for part in PARTS for s in _table(site, q, part)]
    first = sorted((f for f in found if f[3].contested), key=lambda f: (-f[3].contested, f[3].item, f[0], f[2]))
    return _macros(site).contested(first[:10])


def contradictions(site: Site) -> Markup:
    """Cards on the same proposition."""
    return _cards(site, conflicts.SAME)


def nearly(site: Site) -> Markup:
    """Cards where a model stands against patients, or a lower phase against a higher."""
    return _cards(site, conflicts.NEARLY)


def _cards(site: Site, kind: str) -> Markup:
    found = [c for c in site.book.conflicts if c.kind == kind]
    cards = site.html.macros("conflicts.html").cards
    shown = cards(found[:TOLD_CONFLICTS])
    rest = found[TOLD_CONFLICTS:]
    return shown + _macros(site).folded(f"{len(rest)} more", cards(rest)) if rest else shown


def contrary(site: Site) -> Markup:
    """Pairs of lesions that no single line can hold, the lesions left out, and every vote."""
    try:
        found = site.book.order_of_lesions
    except NotEstimable as error:
        return Markup("<p>No order: {}.</p>").format(error)
    macros = _macros(site)
    out = ", ".join(found.left_out) or "none"
    left_out = Markup("<p>Left out, because no pair joins them to the others: {}.</p>").format(out)
    return macros.contrary(found.contrary) + left_out + macros.votes(sorted(found.votes.items()), found)


def exclusive(site: Site) -> Markup:
    """Pairs of lesions that exclude each other, with every finding on them and their places in the line."""
    try:
        lesions = site.book.order_of_lesions.lesions
    except NotEstimable:
        lesions = ()
    return _macros(site).exclusive(site.book.exclusive_lesions, lesions)


def cells(site: Site) -> Markup:
    """What was pooled, and why the rest was not."""
    return _macros(site).cells(pooling.answers(site.book.evidence))
