"""Keeps a GET from changing anything: Dagster's webserver executes mutations that stand in an address."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

GRAPHQL = "/graphql"
JSON = "application/json"


class ReadsByGet:
    """Lets GraphQL be asked only by POST and as JSON, which a page elsewhere cannot send without being asked first.

    A GET without a query is the page on which a person writes queries by hand, and may pass; so may WebSockets, which
    the guard before this one has looked at.
    """

    def __init__(self, app: ASGIApp, root: str = "") -> None:
        self._app, self._graphql = app, root + GRAPHQL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or refuse it."""
        answer = self._refusal(Request(scope)) if scope["type"] == "http" else None
        await (answer or self._app)(scope, receive, send)

    def _refusal(self, asked: Request) -> PlainTextResponse | None:
        if asked.url.path.rstrip("/") != self._graphql:
            return None
        if asked.method != "POST":
            return PlainTextResponse("GraphQL is asked by POST.", 405) if asked.url.query else None
        kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != JSON:
            return PlainTextResponse(f"GraphQL is asked in {JSON}.", 415)
        return None
