"""Servers that an attack needs: one that writes down what it is asked, one that serves a hostile page."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.resources.intercom.conftest import answering


class Recorder(ThreadingHTTPServer):
    """Answers everything with the page it was given, and remembers the requests: method, path and headers."""

    def __init__(self, page=b"{}", kind="application/json", status=200):
        self.page, self.kind, self.status, self.seen = page, kind, status, []
        super().__init__(("127.0.0.1", 0), _Answering)

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


class _Answering(BaseHTTPRequestHandler):
    def _answer(self):
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.server.status)
        self.send_header("Content-Type", self.server.kind)
        self.send_header("Content-Length", str(len(self.server.page)))
        self.end_headers()
        self.wfile.write(self.server.page)

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer

    def log_message(self, *_words):
        pass


@contextmanager
def recording(page=b"{}", kind="application/json", status=200):
    """Yield a running recorder."""
    with Recorder(page, kind, status) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def recorder():
    """What stands in for the operator's workspace: it takes no token, which ends a run at once."""
    with recording(status=401) as server:
        yield server
