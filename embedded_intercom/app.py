"""The ASGI application: turns HTTP requests into calls and their answers into responses."""

import uuid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from embedded_intercom.api import pipeline
from embedded_intercom.api.request_body import BodyTooLarge, CallerGone, announces_body, answer_unread, read_body
from embedded_intercom.api.routing import ApiAnswer, Call, Router
from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.faults.plan import FaultPlan
from embedded_intercom.faults.stage import Faults
from embedded_intercom.faults.wire import Broken, Instead, send_broken
from embedded_intercom.inbox.access import BASE
from embedded_intercom.inbox.app import create_inbox
from embedded_intercom.protocol.errors import ApiError
from embedded_intercom.routes import MODULES
from embedded_intercom.state.store import to_json


class ApiEndpoint:
    """The one endpoint of the application; which handler answers is the router's business."""

    def __init__(self, workspace: RunningWorkspace, plan: FaultPlan) -> None:
        self._workspace = workspace
        router = Router(MODULES)
        faults = Faults(router)
        faults.use(plan)
        workspace.faults = faults
        self._pipeline = pipeline.build(router, [faults])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; the body of one that has no token, or of one that is too long, is not read."""
        request = Request(scope)
        call = Call(
            method=request.method,
            path=scope["raw_path"].decode("ascii"),  # a segment may hold an encoded slash
            query=dict(request.query_params),
            headers=dict(request.headers),
            content=b"",
            request_id=str(uuid.uuid4()),
            workspace=self._workspace,
        )
        unread = announces_body(call.headers)
        try:
            if unread and pipeline.has_token(call):
                call.content = await read_body(call.headers, receive)
                unread = False
            answer = await self._pipeline(call)
        except Instead as instead:
            answer = instead.answer
        except BodyTooLarge:
            answer = pipeline.refused(call, ApiError(413, "request_too_large", "The request body is too large"))
        except CallerGone:
            return
        response = self._response(call, answer)
        if isinstance(answer, Broken):
            await send_broken(response, answer.manner, scope, receive, send)
        elif unread:
            await answer_unread(response, receive, send)
        else:
            await response(scope, receive, send)

    def _response(self, call: Call, answer: ApiAnswer) -> Response:
        if answer.binary is not None:
            content = answer.binary
        else:
            text = answer.body if isinstance(answer.body, str) else to_json(answer.body)
            content = text.encode()
        headers = {
            "Date": self._workspace.clock.http_date(),
            "X-Request-Id": call.request_id,
            "Intercom-Version": call.headers.get("intercom-version", "2.16"),
            **answer.headers,
        }
        return Response(content, answer.status, headers, media_type=answer.media_type)


def create_app(workspace: RunningWorkspace, plan: FaultPlan) -> Starlette:
    """Return the application for a workspace, and what goes wrong in it on purpose."""
    # A class instance is mounted as it is: every method reaches it, so that an unknown one is answered 404.
    # The inbox stands before the API: no quota, no faults, and none of Intercom's paths begins like it.
    inbox = create_inbox(workspace)
    return Starlette(
        routes=[
            Route(BASE, inbox, methods=None),
            Route(f"{BASE}/{{path:path}}", inbox, methods=None),
            Route("/{path:path}", ApiEndpoint(workspace, plan), methods=None),
        ],
        exception_handlers={Exception: _broken},
    )


async def _broken(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    body = {"type": "error.list", "request_id": None, "errors": [{"code": "server_error", "message": "Server error"}]}
    return Response(to_json(body), 500, media_type="application/json; charset=utf-8")
