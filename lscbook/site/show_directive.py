"""A table or list of `lscbook.site` in a page that is no notebook: ``{show} start_page.doors``."""

from importlib import import_module

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class Show(SphinxDirective):
    """What a function without arguments gives, as HTML; an unknown one fails the build."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The HTML, as it is."""
        module, _, name = self.arguments[0].rpartition(".")
        try:
            made = getattr(import_module(f"lscbook.site.{module}"), name)()
        except (ImportError, AttributeError) as error:
            message = self.state_machine.reporter.warning(f"{{show}} {self.arguments[0]}: {error}", line=self.lineno)
            return [message]
        return [nodes.raw("", made.html, format="html")]
