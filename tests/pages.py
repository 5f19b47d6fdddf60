"""A page in a browser, and what goes wrong on it."""

import contextlib
import functools
import http.server
import threading


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serve(folder):
    """The address under which a folder is served on this machine."""
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()


@contextlib.contextmanager
def open_page(chromium, root, **options):
    """A page, and what goes wrong on it: errors, and requests to anywhere else."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page, faults = context.new_page(), []
    page.on("request", lambda r: faults.append(r.url) if not r.url.startswith((root, "data:", "blob:")) else None)
    page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" and "axe" not in m.text else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    try:
        yield page, faults
    finally:
        context.close()


def faults_of(page):
    """What axe finds on the page when it has come to rest: half-way through a fade, a colour is none of ours."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state("load")
    page.emulate_media(reduced_motion="reduce")
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]]
