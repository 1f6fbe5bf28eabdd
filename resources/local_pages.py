"""Pages that a command serves on this machine: who may open them, and what a browser may do with them.

A server that listens on this machine only does not keep out other people's pages in the same browser, nor other
people's programs. A token in the address opens the page once and is exchanged for a cookie that is not the token; what
another page asks for is refused whatever cookie comes with it; and nothing is read of who may not enter.

A browser sends the cookies of 127.0.0.1 to every port of it, whoever listens there. So the pages live below a path that
nobody can guess, and the cookie is for that path alone.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import URL, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost", "::1")
"""Names under which a page answers. A foreign name that was pointed at this machine (DNS rebinding) is refused."""
SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""

ISOLATED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
"""Headers that keep other pages from framing, reading or being told of a page."""
HEADERS = {
    **ISOLATED,
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""The same for pages without scripts, which load nothing from elsewhere and are not kept."""


@dataclass(frozen=True)
class Door:
    """Who may enter an application, and where.

    Attributes:
        token: what the address must hold the first time.
        refusal: makes the page for who may not enter.
        name: what the secret path begins with.
        welcome: makes the page that leads from an address with the token to the same one below the secret path; None
            for a redirect.
        hosts: names under which people reach it, beside this machine's own.
        longest_body: bytes that a request may bring.
        headers: what every answer gets that has no such header itself.
    """

    token: str
    refusal: Callable[[], Response]
    name: str
    welcome: Callable[[], Response] | None = None
    hosts: tuple[str, ...] = ()
    longest_body: int = 100_000
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)

    @property
    def root(self) -> str:
        """The path at and below which the application's pages are."""
        return secret_path(self.token, self.name)


class Guard:
    """Stands before an application, for HTTP and for WebSockets."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app, self._door = app, door
        # Cookies do not tell ports apart, so that each token's cookie has a name of its own.
        self._cookie, self._session = f"page_{_derived(door.token, 'name')[:12]}", _derived(door.token, "value")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        answer = self._kept_out(HTTPConnection(scope))
        if scope["type"] == "websocket":
            if answer is not None:
                await send({"type": "websocket.close", "code": 1008})
                return
            await self._app(scope, receive, send)
            return
        await self._answer(answer or self._app, scope, receive, send)

    def _kept_out(self, asked: HTTPConnection) -> Response | None:
        """Return what is said instead of the application's answer; None for who may enter."""
        host = asked.headers.get("host", "")
        if _name(host) not in (*HOSTS, *self._door.hosts):
            return PlainTextResponse("This page does not answer under that name.", 400)
        if is_foreign(asked):
            return PlainTextResponse("Another page has asked for this. Open the page itself.", 403)
        given = asked.query_params.get("token")
        if given is not None:
            return self._welcome(asked) if _same(given, self._door.token) else self._door.refusal()
        if not _same(asked.cookies.get(self._named(asked), ""), self._session):
            return self._door.refusal()
        # An encrypted connection's cookie is for every path.
        return None if asked.url.path.startswith(self._door.root) else RedirectResponse(self._inside(asked.url), 303)

    def _welcome(self, asked: HTTPConnection) -> Response:
        """Set the cookie, and lead to the same address below the secret path, without the token."""
        to = self._inside(asked.url.remove_query_params("token"))
        answer = self._door.welcome() if self._door.welcome else RedirectResponse(to, 303)
        secure = _secure(asked)
        path = "/" if secure else self._door.root
        answer.set_cookie(self._named(asked), self._session, path=path, secure=secure, httponly=True, samesite="strict")
        return answer

    def _inside(self, url: URL) -> str:
        """Return where an address leads below the secret path: never to another host, whatever it begins with."""
        path = url.path if url.path.startswith(self._door.root) else self._door.root + url.path.rstrip("/")
        return path + (f"?{url.query}" if url.query else "")

    def _named(self, asked: HTTPConnection) -> str:
        # A browser takes __Host- from an encrypted connection only, which a sign-in proxy before the page may have.
        return f"__Host-{self._cookie}" if _secure(asked) else self._cookie

    async def _answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        begun, taken, longest = False, 0, self._door.longest_body

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in self._door.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > longest:
                raise TooLongError
            return message

        try:
            if _announced(scope) > longest:
                raise TooLongError
            await app(scope, receiving, sending)
        except TooLongError:
            if not begun:
                refused = PlainTextResponse(f"More than {longest:,} bytes.", 413, headers={"Connection": "close"})
                await refused(scope, receive, sending)


class TooLongError(HTTPException):
    """A request brings more than it may."""

    def __init__(self) -> None:
        super().__init__(413)


def is_foreign(asked: HTTPConnection) -> bool:
    """Whether a page of another origin asks; following its link with GET is no asking.

    Browsers say so by `Origin` (with what is no plain GET) and by `Sec-Fetch-Site` (with everything), which no page can
    set. Another port of this machine is another origin, although it gets the same cookies.
    """
    origin = asked.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != asked.headers.get("host", "").lower():
        return True
    if asked.headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return False
    method = asked.scope.get("method", "WEBSOCKET")
    followed = asked.headers.get("sec-fetch-mode") == "navigate" and asked.headers.get("sec-fetch-dest") == "document"
    return not (followed and method in SAFE)


def secret_path(token: str, name: str) -> str:
    """Return the path of an application's pages: its name, and what only who has the token knows."""
    return f"/{name}-{_derived(token, 'path')[:32]}"


def form_token(token: str) -> str:
    """Return what each form of a page holds and must bring back: no other page can read it."""
    return _derived(token, "form")


def brings_form_token(given: str, token: str) -> bool:
    """Whether a form has brought it."""
    return _same(given, form_token(token))


def _name(host: str) -> str:
    """Return the name of a Host header without its port, in lower case; empty where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _secure(asked: HTTPConnection) -> bool:
    return asked.url.scheme in ("https", "wss")


def _announced(scope: Scope) -> int:
    """Return the length that a request announces, 0 where it announces none that is a number."""
    length = Request(scope).headers.get("content-length", "0")
    return int(length) if length.isdecimal() else 0


def _derived(token: str, purpose: str) -> str:
    """Return a value that is made from the token and does not reveal it."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    """Compare two secrets in a time that does not depend on how much of them is equal."""
    return hmac.compare_digest(given.encode(), expected.encode())
