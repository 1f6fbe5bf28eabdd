"""Misbehaviour below HTTP: answers that are cut short, connections that are cut or held open.

A middleware returns `Broken` (an answer with an effect behind it) or raises `Instead` (something in between answered;
quota and authentication have no part in it). The application hands either to `send_broken`. Cutting a connection
needs its transport, which ASGI does not show: `Connections` puts it into the scope's state.
"""

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import Any, Literal

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from embedded_intercom.api.routing import ApiAnswer

Manner = Literal["cut_short", "cut", "held", "foreign"]
"""cut_short: half of the body, then a reset; cut: a reset and nothing else; held: nothing, and the connection stays
open until the client closes it; foreign: whole, but without the headers that only Intercom sends."""

MOST_HEADERS = 256 * 1024
"""The most bytes that a request's line and headers may have together, and the piece that they came with."""

_OURS = ("x-request-id", "intercom-version")


@dataclass
class Broken(ApiAnswer):
    """An answer that does not arrive as it should."""

    manner: Manner = "cut"


class Instead(Exception):
    """What comes back is not from the workspace; `answer` is what is sent, if anything."""

    def __init__(self, answer: ApiAnswer) -> None:
        super().__init__("answered by something else")
        self.answer = answer


class Connections(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's protocol; the application finds the connection's transport in scope["state"]["transport"].

    Headers that never end are cut off: uvicorn's faster parser has no limit, its other one has its own.
    """

    app_state: dict[str, Any]
    _head: int | None = 0 if hasattr(AutoHTTPProtocol, "on_headers_complete") else None
    """Bytes that came since the last request was whole, or None while a body comes."""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - asyncio's transport
        """Keep the transport in the state that uvicorn copies into the scope of every request."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}

    def data_received(self, data: bytes) -> None:
        """Take what came, unless the headers have become too long."""
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > MOST_HEADERS:
                self.transport.abort()

    def on_headers_complete(self) -> None:
        """Begin the request."""
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request."""
        self._head = 0
        super().on_message_complete()


async def send_broken(response: Response, manner: Manner, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer in the given manner; returns once the connection is done with it."""
    if manner == "foreign":
        for name in _OURS:
            del response.headers[name]
        await response(scope, receive, send)
        return
    if manner == "cut_short":
        # The headers announce the whole body.
        await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
        half = bytes(response.body[: len(response.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
    if manner != "held":
        _reset(scope["state"]["transport"])
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset(transport: asyncio.Transport) -> None:
    # No lingering: the close is a reset and not an orderly end, which a client could take for the end of the body.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
