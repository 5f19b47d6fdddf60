"""A table or list of `lscbook.site` in a page that is no notebook: ``{show} start_page.doors``."""

import re
from collections.abc import Callable
from importlib import import_module

from docutils import nodes
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective

from lscbook.site import opened
from lscbook.site.opened import Site

_CALL = re.compile(r"^[`:]{3,}\{show\}[ \t]+(\S+)", re.MULTILINE)


class Show(SphinxDirective):
    """What a function gives for the site of this build, as HTML; an unknown one fails the build."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The HTML, as it is."""
        site, call = opened.of_env(self.env), self.arguments[0]
        try:
            html = site.shown.get(call) or made(site, call)
        except (ImportError, AttributeError) as error:
            message = self.state_machine.reporter.warning(f"{{show}} {call}: {error}", line=self.lineno)
            return [message]
        return [nodes.raw("", html, format="html")]


def made(site: Site, call: str) -> str:
    """What `start_page.doors` gives for a site.

    Raises:
        ImportError, AttributeError: there is no such function.
    """
    module, _, name = call.rpartition(".")
    show: Callable[[Site], Markup] = getattr(import_module(f"lscbook.site.{module}"), name)
    return str(show(site))


def calls(page: str) -> list[str]:
    r"""What a page asks for.

    >>> calls("# Data\n\n```{show} downloads.index\n```\n")
    ['downloads.index']
    """
    return _CALL.findall(page)


def made_of(site: Site, wanted: list[str]) -> dict[str, str]:
    """What each of some calls gives; a call of nothing is left to the directive, which knows its line."""
    given = {}
    for call in wanted:
        try:
            given[call] = made(site, call)
        except (ImportError, AttributeError):
            continue
    return given
