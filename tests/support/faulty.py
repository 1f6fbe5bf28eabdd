"""A server between the program and an embedded workspace that spoils answers as told, down to the socket."""

import asyncio
import json
import re
import socket
import struct
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECONDS_OF_SILENCE = 60


@dataclass
class Rule:
    """Calls that are spoiled: by method, path (a pattern for the whole of it) and what their body holds.

    `kind` is answer (with `status`, `headers` and `body`, in which {sent} becomes what was sent), reset, silence or
    malformed; `effect` says whether the workspace carries the call out first. The first rule that fits is used up to
    `times` times.
    """

    method: str
    path: str
    kind: str = "answer"
    status: int = 500
    body: str = ""
    headers: dict = field(default_factory=dict)
    holding: str = ""
    times: int = 1
    effect: bool = False
    struck: int = 0

    def fits(self, method, path, body):
        return (
            self.struck < self.times
            and method == self.method
            and re.fullmatch(self.path, path) is not None
            and self.holding.encode() in body
        )


def error(code, message, request_id="marker-request-1"):
    """An error body as Intercom writes it."""
    return json.dumps({"type": "error.list", "request_id": request_id, "errors": [{"code": code, "message": message}]})


class Faulty:
    """The server, in a thread, as a context manager; `url` while it runs."""

    def __init__(self, upstream, rules=()):
        self._upstream = urlsplit(upstream)
        self.rules = list(rules)
        self.seen = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.url = ""

    def __enter__(self):
        self._thread.start()
        starting = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self._server = starting.result(10)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _serve(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            method, target = head.split(b"\r\n")[0].decode().split(" ")[:2]
            self.seen.append((method, target))
            rule = next((rule for rule in self.rules if rule.fits(method, target.split("?")[0], body)), None)
            if rule is None:
                writer.write(await self._forward(head, body))
            else:
                rule.struck += 1
                answer = await self._forward(head, body) if rule.effect else b""
                await _spoil(rule, writer, answer, body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _forward(self, head, body):
        reader, writer = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        writer.write(re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        writer.write(body)
        answer = await reader.read()
        writer.close()
        return answer


def _length(head):
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return int(found.group(1)) if found else 0


async def _spoil(rule, writer, answer, sent):
    if rule.kind == "silence":
        await asyncio.sleep(SECONDS_OF_SILENCE)
    elif rule.kind == "reset":
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    elif rule.kind == "malformed":
        whole = answer.partition(b"\r\n\r\n")[2]
        writer.write(_message(200, whole[: len(whole) // 2], {}))
    else:
        content = rule.body.replace("{sent}", json.dumps(sent.decode())[1:-1])
        writer.write(_message(rule.status, content.encode(), rule.headers))


def _message(status, content, headers):
    given = {"Content-Type": "application/json; charset=utf-8", **headers}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in given.items())]
    return (
        "\r\n".join([*lines, f"Content-Length: {len(content)}", "Connection: close"]) + "\r\n\r\n"
    ).encode() + content
