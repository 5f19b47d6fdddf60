"""The HTTP server: esearch, efetch, epost, esummary, einfo, rate limits, and faults on demand.

Faults are put in line by `POST /_control` with JSON {"fault": …, "on": "efetch", "times": 1}; they
are served to the next requests of that utility. `POST /_change` with {"sql": …} edits the records.
"""

import json
import socket
import sqlite3
import threading
import time
import zlib
from collections import defaultdict, deque
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.eutils_double.query import Search, Unreadable

CAP = 9_999
BEYOND = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve "
    "the first 9,999 records matching the query. To obtain more than 9,999 PubMed records, consider using EDirect "
    "that contains additional logic to batch PubMed search results automatically so that an arbitrary number can be "
    "retrieved. For details see https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)
XML = '<?xml version="1.0" encoding="UTF-8" ?>\n'
SEARCH_DTD = (
    '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
)
FETCH_DTD = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


class Double(ThreadingHTTPServer):
    """The server with its records, history, counters and faults in line."""

    daemon_threads = True

    def __init__(self, index: Path, port: int = 0, limit: float | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.index = index
        self.limit = limit  # requests a second; None: 3 without a key, 10 with
        self.faults: deque[dict] = deque()
        self.lock = threading.Lock()
        self.asked: dict[str, int] = defaultdict(int)
        self.fetched: list[str] = []
        self.history: dict[tuple[str, str], list[int]] = {}
        self.times: dict[str, deque[float]] = defaultdict(deque)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/entrez/eutils/"

    def start(self) -> "Double":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def fault(self, name: str, on: str = "efetch", times: int = 1, **more) -> None:
        for _ in range(times):
            self.faults.append({"fault": name, "on": on, **more})


class Handler(BaseHTTPRequestHandler):
    server: Double
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self._serve(parse_qs(urlsplit(self.path).query, keep_blank_values=True))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/_control":
            wanted = json.loads(body)
            self.server.fault(wanted.pop("fault"), **wanted)
            return self._send(b"{}", "application/json")
        if self.path == "/_change":
            with sqlite3.connect(self.server.index) as base:
                base.executescript(json.loads(body)["sql"])
            return self._send(b"{}", "application/json")
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return self._serve({**query, **parse_qs(body, keep_blank_values=True)})

    def _serve(self, many):
        ask = {key: values[-1] for key, values in many.items()}
        name = urlsplit(self.path).path.rsplit("/", 1)[-1].removesuffix(".fcgi")
        with self.server.lock:
            self.server.asked[name] += 1
            waiting = next((f for f in self.server.faults if f["on"] == name), None)
            if waiting:
                self.server.faults.remove(waiting)
        if limited := self._limited(ask):
            return self._send(limited, "application/json", 429)
        if name not in {"esearch", "efetch", "epost", "esummary", "einfo"}:
            return self._send(b"<html><body>404 Not Found</body></html>", "text/html", 404)
        body, kind = getattr(self, "_" + name)(ask)
        if waiting:
            return self._spoil(waiting, body, kind)
        return self._send(body, kind)

    def _limited(self, ask) -> bytes | None:
        key = ask.get("api_key") or self.client_address[0]
        limit = self.server.limit or (10 if ask.get("api_key") else 3)
        now = time.monotonic()
        with self.server.lock:
            times = self.server.times[key]
            while times and now - times[0] > 1.0:
                times.popleft()
            times.append(now)
            if len(times) <= limit:
                return None
        return json.dumps(
            {"error": "API rate limit exceeded", "api-key": key, "count": str(len(times)), "limit": f"{limit:g}"}
        ).encode()

    def _send(self, body: bytes, kind: str, code: int = 200, **headers):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    # --- the utilities -------------------------------------------------------------------------

    def _base(self):
        return sqlite3.connect(f"file:{self.server.index}?mode=ro", uri=True)

    def _esearch(self, ask):
        as_json = ask.get("retmode") == "json"
        start, number = int(ask.get("retstart") or 0), int(ask.get("retmax") or 20)
        if ask.get("WebEnv"):
            found = self.server.history.get((ask["WebEnv"], ask.get("query_key", "1")))
            if found is None:
                return self._search_error("WebEnv not found" if not as_json else "Unable to obtain query #1", as_json)
            shown, missing = "", []
        elif not ask.get("term"):
            return self._search_error("Empty term and query_key - nothing todo", as_json)
        else:
            with self._base() as base:
                search = Search(base)
                try:
                    pmids, shown = search.run(ask["term"])
                    if ask.get("mindate") or ask.get("maxdate"):
                        pmids &= search.between(
                            ask.get("datetype", "pdat").lower(),
                            ask.get("mindate") or "1000",
                            ask.get("maxdate") or "3000",
                        )
                except Unreadable as error:
                    return self._search_error(f"Can't run executor: {error}", as_json)
            found, missing = sorted(pmids, reverse=True), search.not_found
        if start >= CAP:
            return self._search_error(BEYOND, as_json)
        page = found[start : min(start + number, CAP)] if ask.get("rettype") != "count" else []
        history = ""
        if ask.get("usehistory") == "y":
            environment = f"MCID_{abs(hash((shown, len(self.server.history)))):024x}"
            self.server.history[environment, "1"] = found
            history = f"<QueryKey>1</QueryKey><WebEnv>{environment}</WebEnv>"
        if as_json:
            result = {
                "count": str(len(found)),
                "retmax": str(len(page)),
                "retstart": str(start),
                "idlist": [str(p) for p in page],
                "translationset": [],
                "querytranslation": shown,
            }
            if history:
                result |= {"querykey": "1", "webenv": environment}
            if missing:
                result["errorlist"] = {"phrasesnotfound": missing, "fieldsnotfound": []}
            return json.dumps(
                {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}
            ).encode(), "application/json; charset=UTF-8"
        ids = "".join(f"<Id>{p}</Id>\n" for p in page)
        errors = "".join(f"<PhraseNotFound>{escape(m)}</PhraseNotFound>" for m in missing)
        body = (
            f"{XML}{SEARCH_DTD}<eSearchResult><Count>{len(found)}</Count><RetMax>{len(page)}</RetMax>"
            f"<RetStart>{start}</RetStart>{history}<IdList>\n{ids}</IdList><TranslationSet/>"
            f"<QueryTranslation>{escape(shown)}</QueryTranslation>"
            + (f"<ErrorList>{errors}</ErrorList>" if errors else "")
            + "</eSearchResult>\n"
        )
        return body.encode(), "text/xml; charset=UTF-8"

    @staticmethod
    def _search_error(message, as_json):
        if as_json:
            # the raw newline inside JSON past record 9,998 is the real service's own
            text = message.replace('"', '\\"')
            return (
                f'{{"header":{{"type":"esearch","version":"0.3"}},"esearchresult":{{"ERROR":"{text}"}}}}'.encode(),
                "application/json; charset=UTF-8",
            )
        return (
            f"{XML}{SEARCH_DTD}<eSearchResult><ERROR>{escape(message)}</ERROR></eSearchResult>".encode(),
            "text/xml; charset=UTF-8",
        )

    def _ids(self, ask):
        if ask.get("WebEnv"):
            found = self.server.history.get((ask["WebEnv"], ask.get("query_key", "1")))
            if found is None:
                return None
            start = int(ask.get("retstart") or 0)
            return found[start : start + int(ask.get("retmax") or 20)]
        # a PMC id loses its letters, as the real service takes it
        return [
            int("".join(c for c in part if c.isdigit()) or 0) for part in ask.get("id", "").split(",") if part.strip()
        ]

    def _efetch(self, ask):
        ids = self._ids(ask)
        if ids is None:
            return (
                XML + "<eFetchResult>\n\t<ERROR>Unable to obtain query #1</ERROR>\n</eFetchResult>\n"
            ).encode(), "text/xml"
        if not ids:
            return (XML + "<ERROR>Empty id list; nothing todo</ERROR>\n").encode(), "text/xml"
        with self._base() as base:
            marks = ",".join("?" * len(ids))
            rows = dict(base.execute(f"SELECT pmid, xml FROM article WHERE pmid IN ({marks})", ids))
        self.server.fetched.extend(map(str, ids))
        parts = [zlib.decompress(rows[i]) for i in dict.fromkeys(ids) if i in rows]
        return (XML + FETCH_DTD).encode() + b"<PubmedArticleSet>\n" + b"\n".join(
            parts
        ) + b"\n</PubmedArticleSet>\n", "text/xml; charset=UTF-8"

    def _epost(self, ask):
        ids = self._ids(ask)
        if not ids:
            return (
                XML + "<ePostResult><ERROR>Empty ID list; Nothing to store</ERROR></ePostResult>"
            ).encode(), "text/xml"
        environment = f"MCID_{len(self.server.history):024x}"
        self.server.history[environment, "1"] = ids
        return (
            XML + f"<ePostResult>\n\t<QueryKey>1</QueryKey>\n\t<WebEnv>{environment}</WebEnv>\n</ePostResult>\n"
        ).encode(), "text/xml"

    def _esummary(self, ask):
        ids = self._ids(ask)
        if not ids:
            return b'{"esummaryresult":["Empty id list - nothing todo"]}', "application/json"
        with self._base() as base:
            marks = ",".join("?" * len(ids))
            rows = {r[0]: r for r in base.execute(f"SELECT pmid, title, dp FROM article WHERE pmid IN ({marks})", ids)}
        result = {"uids": [str(i) for i in ids]}  # an unknown PMID is still listed
        for i in ids:
            result[str(i)] = (
                {"uid": str(i), "title": rows[i][1], "pubdate": rows[i][2]}
                if i in rows
                else {"uid": str(i), "error": "cannot get document summary"}
            )
        return json.dumps(
            {"header": {"type": "esummary", "version": "0.3"}, "result": result}
        ).encode(), "application/json"

    def _einfo(self, ask):
        with self._base() as base:
            number = base.execute("SELECT count(*) FROM article").fetchone()[0]
        return (
            XML + f"<eInfoResult><DbInfo><DbName>pubmed</DbName><Count>{number}</Count></DbInfo></eInfoResult>"
        ).encode(), "text/xml"

    # --- faults --------------------------------------------------------------------------------

    def _spoil(self, fault, body, kind):
        name = fault["fault"]
        if name.isdigit():
            headers = {"Retry_After": str(fault["retry_after"])} if "retry_after" in fault else {}
            return self._send(b"<html><body>error</body></html>", "text/html", int(name), **headers)
        if name == "reset":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            return self.connection.close()
        if name == "drip":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for i in range(0, min(len(body), 400), 4):
                    self.wfile.write(body[i : i + 4])
                    time.sleep(fault.get("every", 0.5))
            except OSError:
                pass
            return None
        if name == "hang":
            time.sleep(fault.get("seconds", 5))
            return self._send(body, kind)
        return self._send(*_spoilt(name, body, kind))


def _spoilt(name, body, kind):
    """The body as the fault makes it."""
    articles = body.split(b"<PubmedArticle>")
    joined = lambda parts: b"<PubmedArticle>".join(parts)
    closing = b"\n</PubmedArticleSet>\n"
    if name == "html":
        return b"<html><head><title>502 Bad Gateway</title></head><body>NCBI - WWW Error</body></html>", "text/html"
    if name == "plain":
        return b"Error: internal server error", "text/plain"
    if name == "empty":
        return b"", kind
    if name == "truncated":
        return body[: len(body) * 2 // 3], kind
    if name == "wrong type":
        return body, "application/octet-stream"
    if name == "fewer":
        return (joined(articles[:-1]) + closing if len(articles) > 2 else articles[0] + closing), kind
    if name == "repeated":
        return (
            joined([*articles[:-1], articles[1].replace(closing, b""), articles[-1]]) if len(articles) > 2 else body
        ), kind
    if name == "reordered":
        rest = [a.replace(closing, b"") for a in articles[1:]]
        return joined([articles[0], *reversed(rest)]) + closing, kind
    if name == "foreign":
        return body.replace(b'<PMID Version="1">', b'<PMID Version="1">9', 1), kind
    if name == "backend":
        return (
            XML + "<eSearchResult><ERROR>Search Backend failed: Exception: 502 Proxy Error</ERROR></eSearchResult>"
        ).encode(), "text/xml"
    if name == "expired":
        return (
            XML + "<eFetchResult>\n\t<ERROR>Unable to obtain query #1</ERROR>\n</eFetchResult>\n"
        ).encode(), "text/xml"
    raise ValueError(f"no fault {name}")
