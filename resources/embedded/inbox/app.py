"""The inbox as an ASGI application, to be served under /inbox by the workspace's own server."""

from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from resources.embedded.inbox import pages
from resources.embedded.inbox.access import ROOT, STYLE, Guard
from resources.embedded.inbox.pages import Pages
from resources.embedded.inbox.templating import CSS, fill
from resources.embedded.workspace import Workspace

_TEXTS = {
    404: ("Not here", "There is no such page, or the record was deleted or never in this workspace."),
    405: ("Only for reading", "The inbox shows the workspace and changes nothing."),
}


def create_inbox(workspace: Workspace) -> ASGIApp:
    """Return the application that answers everything at and below /inbox."""
    views = Pages(Path(workspace.store.scalar("SELECT file FROM pragma_database_list WHERE name='main'")))

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        detail = error.detail if isinstance(error, HTTPException) else ""
        heading, text = _TEXTS.get(status, (HTTPStatus(status).phrase, detail))
        return views.error(request, status, heading, text)

    routes = [
        Route(path, views.handler(work))
        for path, work in (
            (ROOT, pages.conversations),
            (f"{ROOT}/", pages.conversations),
            (f"{ROOT}/conversations/{{key:int}}", pages.thread),
            (f"{ROOT}/contacts", pages.contacts),
            (f"{ROOT}/contacts/{{key}}", pages.contact),
            (f"{ROOT}/companies", pages.companies),
            (f"{ROOT}/companies/{{key}}", pages.company),
            (f"{ROOT}/search", pages.search),
            (f"{ROOT}/notifications", pages.notifications),
            (f"{ROOT}/attachments/{{key:int}}", pages.attachment),
        )
    ]
    inner = Starlette(routes=[Route(STYLE, _style), *routes], exception_handlers={HTTPException: refused})
    inner.router.redirect_slashes = False
    return Guard(inner, workspace.token, _entrance)


def _style(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(CSS, headers=headers, media_type="text/css")


def _entrance(request: Request, wrong: bool) -> Response:  # noqa: ARG001
    """Say how the inbox is opened, and nothing about what is in it."""
    return HTMLResponse(fill("entrance", wrong=wrong), 401)
