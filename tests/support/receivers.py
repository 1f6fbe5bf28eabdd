"""Who receives alerts in tests: a real web server and a real SMTP server, each on a port of its own."""

import json
import socket
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


class Webhook:
    """A web server that keeps what is posted to it. `answers` are the next statuses; then it says 200."""

    def __init__(self):
        self.posted, self.answers, self.calls = [], [], 0
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.calls += 1
                status = hook.answers.pop(0) if hook.answers else 200
                if status == 200:
                    hook.posted.append(json.loads(body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/hooks/s3cr3t-path?-x-token=s3cr3t-token"

    @property
    def titles(self):
        return [message["title"] for message in self.posted]


def free_port():
    """aiosmtpd asks its own port whether it answers, so the system cannot be left to choose one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox:
    """An SMTP server that keeps the letters it takes."""

    def __init__(self):
        self.letters = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    @property
    def url(self):
        return f"mailto://127.0.0.1:{self.controller.port}?from=migration@example.com&to=ops@example.com&mode=insecure"


@contextmanager
def webhook():
    hook = Webhook()
    threading.Thread(target=hook.server.serve_forever, daemon=True).start()
    try:
        yield hook
    finally:
        hook.server.shutdown()
        hook.server.server_close()


@contextmanager
def mailbox():
    box = Mailbox()
    box.controller.start()
    try:
        yield box
    finally:
        box.controller.stop()
