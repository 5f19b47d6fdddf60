"""The Sphinx extension that makes the book a site of its own: citations, counts, light pages."""

from lscbook.site.extension import setup

__all__ = ["setup"]
