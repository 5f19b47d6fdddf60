"""A server that answers what a test wrote down, call after call; the last answer stays."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Script(ThreadingHTTPServer):
    """`answers` are (status, headers, body) or callables of the request's body that give one."""

    daemon_threads = True

    def __init__(self, *answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = list(answers), []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.asked.append(body)
        answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        code, headers, text = answer(body) if callable(answer) else answer
        sent = text.encode() if isinstance(text, str) else text
        self.send_response(code)
        for name, value in {"Content-Length": str(len(sent)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST  # noqa: N815  the name is the library's


@contextmanager
def script(*answers):
    server = Script(*answers)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
