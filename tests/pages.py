"""A page in a browser, and what goes wrong on it."""

import contextlib


@contextlib.contextmanager
def open_page(chromium, root, **options):
    """A page, and what goes wrong on it: errors, and requests to anywhere else."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page, faults = context.new_page(), []
    page.on("request", lambda r: faults.append(r.url) if not r.url.startswith((root, "data:", "blob:")) else None)
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" and "axe" not in m.text else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    try:
        yield page, faults
    finally:
        context.close()


def faults_of(page):
    """What axe finds on the page."""
    from axe_playwright_python.sync_playwright import Axe

    return [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]]
