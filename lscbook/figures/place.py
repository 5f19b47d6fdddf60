"""Where a notebook runs: in a build of the site, whose pages bring styles, scripts and files, or with a reader.

JupyterLab sets the address of every link in an output as a property, which a link inside a picture refuses
(*Cannot set property href of #<SVGAElement>*), and knows none of the site's styles. So a reader's notebook gets the
picture as an image and a few rules beside it.
"""

import base64
import os

from markupsafe import Markup

SITE = "LSCBOOK_SITE"  # set by the build, for the kernels that it starts
_STYLE = Markup(
    "<style>.lsc figcaption strong,.lsc figcaption span,.lsc .proposition,.lsc .fields>span,.lsc .what,.lsc .doubt,"
    ".lsc .reading,.lsc .standing{display:block}.lsc .proposition{font-weight:600}"
    ".lsc td,.lsc th{vertical-align:top;text-align:left!important}"
    ".lsc .fields,.lsc .what,.lsc .doubt,.lsc .reading{opacity:.75;font-size:.9em}.lsc .level{font-weight:700}</style>"
)


def of_site() -> bool:
    """Whether the build of the site runs this notebook."""
    return bool(os.environ.get(SITE))


def image(svg: str, label: str) -> Markup:
    """A picture as an image: no link in it can fail, and none is lost that a reader could follow from there."""
    return Markup('<img alt="{}" src="data:image/svg+xml;base64,{}">').format(
        label, base64.b64encode(svg.encode()).decode()
    )


def dressed(markup: str) -> str:
    """Markup with the few rules that a reader's notebook needs; as it is where the site has its own."""
    if of_site():
        return markup
    return str(Markup('{}<div class="lsc">{}</div>').format(_STYLE, Markup(markup)))  # noqa: S704  a template made it
