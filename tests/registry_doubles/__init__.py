"""Doubles of Crossref's `/works/{doi}` and ClinicalTrials.gov's `/api/v2/studies/{nct}` over HTTP.

The shapes are those of the real services; what a work or a study says is put in by each test.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


class Registry(ThreadingHTTPServer):
    """Works by DOI and studies by NCT number; `failing` answers so many next requests with `busy`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.works, self.studies, self.asked, self.failing, self.body = {}, {}, [], 0, None
        self.busy = 503
        self.updating = {}  # works that say of themselves that they update a DOI
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def update(self, doi, kind, day, notice="10.1000/notice", source="retraction-watch", of=None):
        """A notice of `kind` about a work."""
        parts = [int(part) for part in day.split("-")]
        self.works.setdefault(doi, {"title": ["A work"]}).setdefault("updated-by", []).append(
            {"DOI": notice, "type": kind, "label": kind, "source": source, "updated": {"date-parts": [parts]}}
        )

    def study(self, nct, status, **more):
        self.studies[nct] = {"overallStatus": status, "lastUpdatePostDateStruct": {"date": "2026-01-02"}, **more}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        registry = self.server
        path = unquote(urlsplit(self.path).path)
        registry.asked.append((path, self.headers["User-Agent"]))
        if registry.failing:
            registry.failing -= 1
            return self._answer(registry.busy, b"busy", "text/plain")
        if registry.body is not None:
            return self._answer(200, registry.body, "text/html")
        if path == "/works":  # ?filter=updates:DOI
            doi = parse_qs(urlsplit(self.path).query)["filter"][0].removeprefix("updates:")
            return self._json({"message-type": "work-list", "message": {"items": registry.updating.get(doi, [])}})
        if path.startswith("/works/"):
            doi = path.removeprefix("/works/")
            work = registry.works.get(doi)
            if work is None:
                return self._answer(404, b"Resource not found.", "text/plain")
            return self._json({"status": "ok", "message-type": "work", "message": {"DOI": doi, **work}})
        study = registry.studies.get(path.removeprefix("/api/v2/studies/"))
        if study is None:
            return self._answer(404, b"NCT number not found", "text/plain")
        return self._json({"protocolSection": {"statusModule": study}})

    def _json(self, content):
        self._answer(200, json.dumps(content).encode(), "application/json")

    def _answer(self, code, body, kind):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
