"""Pages that a command serves on this machine: who may open them, and what a browser may do with them.

A server that listens on this machine only does not keep out other people's pages in the same browser or other
people's programs: a token in the address opens the page once and is exchanged for a cookie that is not the token.
"""

import hashlib
import hmac
from collections.abc import Callable

from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

HOSTS = ("127.0.0.1", "localhost")
"""Names under which a page answers. A foreign name that was pointed at this machine (DNS rebinding) is refused."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guarded(app: ASGIApp, token: str, refusal: Callable[[], Response], *, root: str, style: str) -> ASGIApp:
    """Return the application behind a check of the host, the token or the session; every answer gets the headers.

    Args:
        app: what answers those who may enter.
        token: what the address must hold the first time.
        refusal: makes the page for who may not enter.
        root: the path at and below which everything is the application's.
        style: the path of the style sheet, which is for everybody.
    """
    # Cookies do not tell ports apart, so that each token's cookie has a name of its own.
    cookie, session = f"page_{_derived(token, 'name')[:12]}", _derived(token, "value")

    async def enter(request: Request, onward: RequestResponseEndpoint) -> Response:
        given = request.query_params.get("token")
        if given is not None:
            if not _same(given, token):
                return refusal()
            url = request.url.remove_query_params("token")
            answer = RedirectResponse(url.path + (f"?{url.query}" if url.query else ""), 303)
            answer.set_cookie(cookie, session, path=root, httponly=True, samesite="strict")
            return answer
        if request.url.path == style or _same(request.cookies.get(cookie, ""), session):
            return await onward(request)
        return refusal()

    async def add_headers(request: Request, onward: RequestResponseEndpoint) -> Response:
        answer = await onward(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    inside = BaseHTTPMiddleware(app, dispatch=enter)
    checked = TrustedHostMiddleware(inside, allowed_hosts=list(HOSTS), www_redirect=False)
    return BaseHTTPMiddleware(checked, dispatch=add_headers)


def _derived(token: str, purpose: str) -> str:
    """Return a value that is made from the token and does not reveal it."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    """Compare two secrets in a time that does not depend on how much of them is equal."""
    return hmac.compare_digest(given.encode(), expected.encode())
