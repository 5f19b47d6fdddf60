"""A table or list of `lscbook.site` in a page that is no notebook: ``{show} start_page.doors``."""

from collections.abc import Callable
from importlib import import_module

from docutils import nodes
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective

from lscbook.site import opened
from lscbook.site.opened import Site


class Show(SphinxDirective):
    """What a function gives for the site of this build, as HTML; an unknown one fails the build."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The HTML, as it is."""
        module, _, name = self.arguments[0].rpartition(".")
        try:
            show: Callable[[Site], Markup] = getattr(import_module(f"lscbook.site.{module}"), name)
        except (ImportError, AttributeError) as error:
            message = self.state_machine.reporter.warning(f"{{show}} {self.arguments[0]}: {error}", line=self.lineno)
            return [message]
        return [nodes.raw("", str(show(opened.of_env(self.env))), format="html")]
