"""The body of a request: taken into memory only for a caller who has the token, and only up to a limit."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Send

MOST_BYTES = 150 * 1024 * 1024
"""The longest body. Intercom documents none; files of 100 MB in all, which its Messenger takes, fit in as base64."""

LINGER_SECONDS, LINGER_BYTES = 2.0, 1024 * 1024
"""How long, and for how much of an unread body, a refused caller may go on sending before the connection is closed: a
close with data underway is a reset, which would take the refusal from a caller who is still writing."""


class BodyTooLarge(Exception):
    """The body is longer than `MOST_BYTES`."""


class CallerGone(Exception):
    """The caller closed the connection before the body was whole."""


def announces_body(headers: Mapping[str, str]) -> bool:
    """Whether a body follows the headers of a request."""
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


async def read_body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """Return the body of a request.

    Raises:
        BodyTooLarge: it is announced as longer than the limit, or becomes longer.
        CallerGone: it ends before it is whole.
    """
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MOST_BYTES:
        raise BodyTooLarge
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerGone
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise BodyTooLarge
        more = message.get("more_body", False)
    return bytes(body)


async def answer_unread(response: Response, receive: Receive, send: Send) -> None:
    """Send the answer to a request whose body is not wanted, throw away a little of the body, and close."""
    response.headers["Connection"] = "close"
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            thrown = 0
            while thrown < LINGER_BYTES:
                message = await receive()
                thrown += len(message.get("body", b""))
                if not message.get("more_body", False):
                    break
    await send({"type": "http.response.body", "body": b"", "more_body": False})
