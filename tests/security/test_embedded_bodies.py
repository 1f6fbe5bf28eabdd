"""The embedded workspace against callers that send without end: no token, no body; and never more than the limit."""

import json
import os
import socket
import time
from pathlib import Path

import pytest

from embedded_intercom.api import request_body
from embedded_intercom.process import EmbeddedProcess

MB = 1024 * 1024
ANNOUNCED = 800 * MB
ALLOWED = 40 * MB
"""What the server may grow by; a body of the attack is twenty times as long."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with EmbeddedProcess(tmp_path_factory.mktemp("state")) as process:
        yield process


def memory(server):
    """Return the bytes of memory that the server has now."""
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def connect(server):
    host, port = server.url.removeprefix("http://").split(":")
    made = socket.create_connection((host, int(port)), timeout=10)
    made.settimeout(10)
    return made


def head(server, path, *headers, token=None):
    lines = [f"POST {path} HTTP/1.1", f"Host: {server.url.removeprefix('http://')}", *headers]
    lines += [f"Authorization: Bearer {token}"] if token else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def stream(server, first, piece, most, pause=0.0):
    """Send a request head, then pieces until the server has answered or closed, or `most` was sent; never read before.

    Returns the answer, how much was sent of the body, and by how much the server's memory has grown at its most.
    """
    before, grown, sent = memory(server), 0, 0
    with connect(server) as connection:
        connection.sendall(first)
        connection.settimeout(0.5)
        answer = b""
        while sent < most:
            try:
                sent += connection.send(piece)
            except TimeoutError:
                break  # the server takes no more
            except OSError:
                break  # it has closed
            grown = max(grown, memory(server) - before)
            time.sleep(pause)
        connection.settimeout(5)
        try:
            while part := connection.recv(65536):
                answer += part
        except OSError:
            pass
    return answer, sent, max(grown, memory(server) - before)


LENGTH = f"Content-Length: {ANNOUNCED}"
CHUNKED = "Transfer-Encoding: chunked"
CHUNK = b"%x\r\n" % MB + b"x" * MB + b"\r\n"


@pytest.mark.parametrize("path", ["/contacts", "/nowhere", "/__embedded/faults", "/inbox"])
@pytest.mark.parametrize(("kind", "piece"), [(LENGTH, b"x" * MB), (CHUNKED, CHUNK)])
@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_body_without_the_token_is_not_taken(server, path, kind, piece, token):
    _, _, grown = stream(server, head(server, path, kind, token=token), piece, 200 * MB)
    assert grown < ALLOWED


@pytest.mark.parametrize("kind", [LENGTH, CHUNKED])
def test_who_has_no_token_is_answered_before_anything_of_the_body_has_come(server, kind):
    with connect(server) as connection:
        connection.sendall(head(server, "/contacts", kind))
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_a_slow_sender_without_the_token_is_soon_rid_of(server):
    began = time.monotonic()
    with connect(server) as connection:
        connection.sendall(head(server, "/contacts", LENGTH))
        answer = connection.recv(65536)
        assert b"connection: close" in answer.lower()
        while True:
            try:
                connection.sendall(b"x")
                time.sleep(0.2)
            except OSError:
                break
            assert time.monotonic() - began < 60, "it is not rid of at all"
    assert time.monotonic() - began >= request_body.LINGER_SECONDS * 0.9


def test_a_small_body_without_the_token_gets_the_whole_refusal(server):
    body = b'{"role": "user"}'
    with connect(server) as connection:
        connection.sendall(head(server, "/contacts", f"Content-Length: {len(body)}") + body)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["errors"][0]["code"] == "unauthorized"


def test_an_announced_body_over_the_limit_is_refused_unread(server):
    first = head(server, "/contacts", LENGTH, token=server.token)
    with connect(server) as connection:
        connection.sendall(first)
        answer = b""
        while not answer.endswith(b"}"):
            answer += connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"request_too_large" in answer
    assert stream(server, first, b"x" * MB, 200 * MB)[2] < ALLOWED


def test_a_body_that_becomes_longer_than_the_limit_is_refused(server):
    most = request_body.MOST_BYTES + 100 * MB
    _, sent, _ = stream(server, head(server, "/contacts", CHUNKED, token=server.token), CHUNK, most)
    assert sent < most
    with connect(server) as connection:
        connection.sendall(head(server, "/tags", "Content-Length: 12", token=server.token) + b'{"name":"x"}')
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_headers_without_end_are_cut_off(server):
    first = head(server, "/contacts").removesuffix(b"\r\n")
    for piece in (b"x-a: " + b"y" * 1000 + b"\r\n", b"z" * 64 * 1024):
        _, sent, grown = stream(server, first, piece, 100 * MB)
        assert sent < 20 * MB
        assert grown < ALLOWED


def test_a_connection_that_is_kept_counts_each_requests_headers_anew(server):
    body = b'{"name":"kept"}'
    long = f"X-Long: {'y' * 30_000}"
    with connect(server) as connection:
        for _ in range(20):
            request = head(server, "/tags", long, f"Content-Length: {len(body)}", token=server.token)
            connection.sendall(request + body)
            answer = b""
            while not answer.endswith(b"}"):
                answer += connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200 ")
