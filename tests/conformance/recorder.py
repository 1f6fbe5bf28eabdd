"""A server that hands every call on to another one and keeps what was asked and answered.

Whatever speaks Intercom's API is treated as Intercom: a run is pointed at the recorder by `INTERCOM_BASE_URL`. The
recorder can lose answers, as networks do, so that the calls by which a run finds out what became of a write are made.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

import httpx
import uvicorn
from httpx_aiohttp import AiohttpTransport
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.conformance.exchange import Exchange, exchange_of

OF_ONE_CONNECTION = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
"""Headers that are not handed on (RFC 9110, 7.6.1)."""
WRITTEN_ANEW = {"content-encoding", "content-length", "host"}
"""Headers that are true of one side only: httpx unpacks an answer."""
HELD_BACK = OF_ONE_CONNECTION | WRITTEN_ANEW

Loses = Callable[[Exchange], bool]


class LoseTheFirst:
    """Lose the answer to the first write of each kind, once it has taken effect."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def __call__(self, exchange: Exchange) -> bool:
        """Whether the answer is lost."""
        reads = exchange.method == "GET" or exchange.path.endswith("/search")
        if reads or exchange.status != 200 or exchange.shape in self._seen:
            return False
        self._seen.add(exchange.shape)
        return True


class Recorder:
    """The recorder, as a context manager; `url` while it runs, `exchanges` in the order in which they were answered."""

    def __init__(self, target: str, loses: Loses = lambda _: False) -> None:
        self._target = target.rstrip("/")
        self._loses = loses
        self.exchanges: list[Exchange] = []
        self.lost = 0
        self.url = ""

    def __enter__(self) -> Self:
        """Start listening."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(self._app(), log_level="warning", access_log=False, date_header=False, lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self._server.should_exit = True
        self._thread.join(timeout=20)

    def _app(self) -> Starlette:
        @asynccontextmanager
        async def lifespan(app):
            async with httpx.AsyncClient(transport=AiohttpTransport(), timeout=60, trust_env=False) as self._http:
                yield

        # A class instance is mounted as it is: every method reaches it.
        return Starlette(routes=[Route("/{path:path}", _Endpoint(self._answer), methods=None)], lifespan=lifespan)

    async def _answer(self, request: Request) -> Response:
        url = self._target + request.scope["raw_path"].decode("ascii")
        if request.scope["query_string"]:
            url += "?" + request.scope["query_string"].decode("ascii")
        headers = [pair for pair in request.headers.items() if pair[0] not in HELD_BACK]
        answer = await self._http.request(request.method, url, headers=headers, content=await request.body())
        exchange = exchange_of(answer)
        self.exchanges.append(exchange)
        if self._loses(exchange):
            self.lost += 1
            return Response("<html>upstream timed out</html>", 504, media_type="text/html")
        kept = {name: value for name, value in answer.headers.items() if name not in HELD_BACK}
        return Response(answer.content, answer.status_code, kept)


class _Endpoint:
    def __init__(self, answer) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)
