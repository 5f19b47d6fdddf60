"""What the page *Timelines* shows."""

from markupsafe import Markup

from lscbook.figures import timelines
from lscbook.figures.strengths import estimable
from lscbook.site.opened import Site
from lscbook.site.strength import shown
from lscbook.synthesis import claims


def landmarks(site: Site) -> Markup:
    """Questions on stem cells, from the paper that opened each."""
    title = "Most questions on stem cells that a second study took up were opened in 2010 or later"
    held = claims.opened_since(2010, share=0.5)
    return shown(estimable(lambda book, said: timelines.landmarks(book, said, held), site.book, title))


def courses(site: Site) -> Markup:
    """Major targets, from the first curated paper to the last trial."""
    title = "Where work in models and a trial are both curated, the models mostly come first"
    held = claims.trial_after_models(share=0.5, targets=5)
    return shown(estimable(lambda book, said: timelines.courses(book, said, held), site.book, title))
