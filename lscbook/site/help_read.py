"""What the page *Help us read* shows: papers that wait for a reader, why first, and how many may be left."""

from collections import Counter

from markupsafe import Markup

from lscbook.errors import NotEstimable
from lscbook.evidence import fields
from lscbook.figures.html import Macros
from lscbook.screening.decisions import REASONS
from lscbook.screening.labels import UNREAD
from lscbook.site.opened import Site

OPEN = 10  # papers that stand open; the others are one click away
SURE = 0.95
WAITS = {
    "": "nobody has judged it yet",
    "answers a theme": "judged in; nobody has written its entry yet",
    "abstract not to be had": "its abstract was not to be had, so nobody could judge it",
    "abstract truncated at the source": "only a part of its abstract was to be had, so nobody could judge it",
}


def criteria(site: Site) -> Markup:
    """The questions of the chapters, and for which reasons papers were left out."""
    counted = Counter(row.reason for row in site.book.decisions if row.decision == "exclude")
    left_out = [(reason, counted[reason]) for reason in REASONS["exclude"] if reason not in UNREAD]
    return _macros(site).criteria(fields.THEMES, sorted(left_out, key=lambda each: (-each[1], each[0])))


def queue(site: Site) -> Markup:
    """Every paper that waits, the likeliest first."""
    waiting = site.book.backlog.waiting
    return _macros(site).queue(waiting[:OPEN], waiting[OPEN:])


def estimate(site: Site) -> Markup:
    """How many relevant papers are probably unread, and on what condition."""
    left = site.book.backlog
    try:
        most = left.at_most(SURE)
    except NotEstimable as error:
        return Markup("<p>No estimate: {}.</p>").format(error)
    return _macros(site).estimate(left, most, SURE)


def _macros(site: Site) -> Macros:
    return site.html.macros("help_read.html", waits=WAITS, themes=fields.BY_THEME, chance=chance)


def chance(probability: str) -> str:
    """A chance in words, no surer than the model can be.

    >>> chance("0.412"), chance("0.997"), chance("0.004")
    ('41 in 100', 'more than 95 in 100', 'fewer than 5 in 100')
    """
    of_hundred = round(float(probability) * 100)
    if of_hundred > 95:
        return "more than 95 in 100"
    return "fewer than 5 in 100" if of_hundred < 5 else f"{of_hundred} in 100"
