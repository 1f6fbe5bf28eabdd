"""The inbox as an ASGI application, to be served under /inbox by the workspace's own server."""

from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.inbox import pages
from embedded_intercom.inbox.access import STYLE, InboxGuard, secret_root
from embedded_intercom.inbox.pages import Pages
from embedded_intercom.inbox.templating import CSS, fill

_TEXTS = {
    404: ("Not here", "There is no such page, or the record was deleted or never in this workspace."),
    405: ("Only for reading", "The inbox shows the workspace and changes nothing."),
}


def create_inbox(workspace: RunningWorkspace) -> ASGIApp:
    """Return the application that answers everything at and below /inbox.

    Its state holds the root, below which the pages are and link to each other.
    """
    file = Path(workspace.store.scalar("SELECT file FROM pragma_database_list WHERE name='main'"))
    views = Pages(file, workspace.options.known_by)

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        detail = error.detail if isinstance(error, HTTPException) else ""
        heading, text = _TEXTS.get(status, (HTTPStatus(status).phrase, detail))
        return views.error(request, status, heading, text)

    root = secret_root(workspace.token)
    routes = [
        Route(f"{root}{path}", views.handler(work))
        for path, work in (
            ("", pages.conversations),
            ("/", pages.conversations),
            ("/conversations/{key:int}", pages.thread),
            ("/contacts", pages.contacts),
            ("/contacts/{key}", pages.contact),
            ("/companies", pages.companies),
            ("/companies/{key}", pages.company),
            ("/search", pages.search),
            ("/notifications", pages.notifications),
            ("/attachments/{key:int}", pages.attachment),
        )
    ]
    inner = Starlette(routes=[Route(STYLE, _style), *routes], exception_handlers={HTTPException: refused})
    inner.state.root = root
    inner.router.redirect_slashes = False
    return InboxGuard(inner, workspace.token, _entrance)


def _style(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(CSS, headers=headers, media_type="text/css")


def _entrance(request: Request, wrong: bool) -> Response:  # noqa: ARG001
    """Say how the inbox is opened, and nothing about what is in it."""
    return HTMLResponse(fill("entrance", wrong=wrong), 401)
