"""Who may open the inbox, and what a browser may do with its pages.

The server listens on this machine only, which does not keep out other people's pages in the same browser or other
programs' users: the workspace's token opens the inbox once and is exchanged for a cookie that is not the token, and
for the path below which the pages are.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BASE = "/inbox"
"""Where the inbox is opened. Everything at and below it is the inbox's, its pages at and below `secret_root`."""
STYLE = f"{BASE}/inbox.css"
HOSTS = ("127.0.0.1", "localhost")
"""Names under which the page answers. A foreign name that was pointed at this machine (DNS rebinding) is refused."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Refusal = Callable[[Request, bool], Response]
"""Makes the page for who may not enter; told whether a (wrong) token was given."""


FOREIGN = "The page of another site or of another program's server asked for this, and gets nothing of the inbox."


def is_foreign(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a page from elsewhere made the browser ask for this, by what the browser itself says of it.

    Elsewhere is another site, and another port of this machine too. What such a page may do is lead a person here: a
    navigation of the whole window by GET, which shows the inbox to the person and nothing to the page.
    """
    led_here = (
        method in ("GET", "HEAD")
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    here = f"http://{headers.get('host', '')}"
    by_site = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    return (by_site or headers.get("origin", here) != here) and not led_here


def session(token: str) -> tuple[str, str]:
    """Return the name and the value of the session cookie: derived from the token, which they do not reveal.

    Cookies do not tell ports apart, so that each workspace's cookie has a name of its own. A name that begins with
    `__Host-`, by which browsers keep other servers from setting it, they take over HTTPS only, and this is HTTP.
    """
    return f"inbox_{_derived(token, 'inbox cookie')[:12]}", _derived(token, "inbox session")


def secret_root(token: str) -> str:
    """Return the path at and below which a workspace's pages are; only who has the token can know it.

    It is the cookie's path, too. A browser sends a cookie to every port of this machine where the path fits: a page of
    another program's server could ask that server for any path that it knows, and so be given the cookie.
    """
    return f"{BASE}/{_derived(token, 'inbox path')[:32]}"


def _derived(token: str, purpose: str) -> str:
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def invitation(url: str, token: str) -> str:
    """Return the address that opens the inbox of a running workspace."""
    return f"{url}{BASE}?token={token}"


def same(given: str, expected: str) -> bool:
    """Compare two secrets in a time that does not depend on how much of them is equal."""
    return hmac.compare_digest(given.encode(), expected.encode())


class InboxGuard:
    """Stands before an application: checks who asks, exchanges the token, asks for the session, adds the headers.

    The application is asked only for what lies at or below the secret root; the style sheet is for everybody.
    """

    def __init__(self, app: ASGIApp, token: str, refusal: Refusal) -> None:
        self._app = app
        self._token, self._root = token, secret_root(token)
        self._cookie, self._value = session(token)
        self._refusal = refusal
        self._checked = TrustedHostMiddleware(self._enter, allowed_hosts=list(HOSTS), www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with the headers that every answer has."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._checked(scope, receive, sending)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        token = request.query_params.get("token")
        answer: ASGIApp
        if is_foreign(request.method, request.headers):
            answer = PlainTextResponse(FOREIGN, 403)
        elif token is not None:
            answer = self._welcome(request) if same(token, self._token) else self._refusal(request, True)
        elif scope["path"] == STYLE or self._has_entered(request):
            answer = self._app
        else:
            answer = self._refusal(request, False)
        await answer(scope, receive, send)

    def _has_entered(self, request: Request) -> bool:
        at_root = self._below_root(request) is not None
        return at_root and same(request.cookies.get(self._cookie, ""), self._value)

    def _below_root(self, request: Request) -> str | None:
        """Return what follows the secret root in the path that is asked for, or None for a path elsewhere."""
        path: str = request.scope["path"]
        start, rest = path[: len(self._root)], path[len(self._root) :]
        return rest if same(start, self._root) and rest[:1] in ("", "/") else None

    def _welcome(self, request: Request) -> Response:
        """Set the cookie, and go to the same page below the secret root, without the token."""
        rest = self._below_root(request)
        if rest is None:
            rest = request.scope["path"].removeprefix(BASE)
        query = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "token"])
        # Whatever was asked for, the address begins with the root, so that it leads to no other host.
        response = RedirectResponse(quote(self._root + rest) + (f"?{query}" if query else ""), 303)
        response.set_cookie(self._cookie, self._value, path=self._root, httponly=True, samesite="strict")
        return response
