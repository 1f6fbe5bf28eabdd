"""The way of a call: authenticate, count, (faults), check the version, find the endpoint, take effect, answer.

Each stage is a middleware `async (call, onward) -> Answer`. One that misbehaves on purpose goes between counting
and the effect (`build(..., faults=...)`): not calling `onward` fails before the effect, dropping its answer fails
after it, sleeping hangs (`faults/stage.py`); what is sent instead of an answer is in `faults/wire.py`.
"""

import hmac
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Protocol

from embedded_intercom.api.later import do_what_is_due
from embedded_intercom.api.routing import ApiAnswer, ApiRoute, Call, Router
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import ApiError, invalid, not_found
from embedded_intercom.protocol.permissions import refusal
from embedded_intercom.protocol.versions import parse, unavailable

Onward = Callable[[Call], Awaitable[ApiAnswer]]

CONTROL = "/__embedded/"
_LOG = logging.getLogger(__name__)


class Middleware(Protocol):
    """A stage of the pipeline."""

    async def __call__(self, call: Call, onward: Onward) -> ApiAnswer:
        """Answer the call, or let the rest of the pipeline do it."""
        ...


def build(router: Router, faults: list[Middleware] | None = None) -> Onward:
    """Return the whole pipeline as one function."""

    async def effect(call: Call) -> ApiAnswer:
        try:
            return take_effect(call, router)
        except ApiError:
            raise
        except Exception:
            # A fault of this program: in the log with its traceback, and for the caller an answer like any other.
            _LOG.exception("%s %s failed", call.method, call.endpoint or call.path)
            raise ApiError(500, "server_error", "Server error") from None

    onward: Onward = effect
    for stage in reversed([refusals, authenticate, count, *(faults or [])]):
        onward = _joined(stage, onward)
    return onward


def _joined(stage: Middleware, onward: Onward) -> Onward:
    async def run(call: Call) -> ApiAnswer:
        return await stage(call, onward)

    return run


async def refusals(call: Call, onward: Onward) -> ApiAnswer:
    """Turn a refusal into its answer."""
    if call.behaves("request_id") == "token":
        call.request_id = secrets.token_hex(10)
    try:
        return await onward(call)
    except ApiError as error:
        return refused(call, error)


def refused(call: Call, error: ApiError) -> ApiAnswer:
    """The answer to a refused call."""
    return ApiAnswer(error.body(call.request_id), error.status, dict(error.headers))


async def authenticate(call: Call, onward: Onward) -> ApiAnswer:
    """Let only calls with the workspace's token through; the others get no rate-limit headers."""
    if not has_token(call):
        raise ApiError(401, "unauthorized", "Access Token Invalid")
    return await onward(call)


def has_token(call: Call) -> bool:
    """Whether a call has the workspace's token; its body is read only then."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), call.workspace.token.encode())


async def count(call: Call, onward: Onward) -> ApiAnswer:
    """Take one call off the quota, or refuse without effect; control calls are free."""
    if call.path.startswith(CONTROL):
        return await onward(call)
    headers, refusal = call.workspace.limiter.take("app")
    try:
        if refusal is not None:
            raise refusal
        answer = await onward(call)
    except ApiError as error:
        answer = refused(call, error)
    # A fault may have put its own in: a 429 names the end of another window.
    answer.headers = {**headers, **answer.headers}
    return answer


def take_effect(call: Call, router: Router) -> ApiAnswer:
    """Do what the call asks for, in one transaction that is committed before this returns."""
    do_what_is_due(call.workspace)
    name, call.version = parse(call.headers.get("intercom-version"))
    _check_accept(call)
    found = router.find(call.method, call.path)
    if found is None:
        raise not_found()
    route, call.params = found
    if call.version < route.since:
        raise unavailable()
    forbidden = refusal(route.method, route.template, call.workspace.plan_lacks, call.workspace.token_lacks)
    if forbidden is not None:
        raise forbidden
    call.endpoint = f"{route.method} {route.template}"
    call.body = _body(call)
    with call.store.transaction():
        answer = _run(call, route)
    answer.headers.setdefault("Intercom-Version", name)
    return answer


def _run(call: Call, route: ApiRoute) -> ApiAnswer:
    result = route.handler(call)
    if "fields" in call.__dict__:
        call.workspace.ignored.update(f"{call.endpoint}: {name}" for name in call.fields.unread())
    return result if isinstance(result, ApiAnswer) else ApiAnswer(result)


def _check_accept(call: Call) -> None:
    accept = call.headers.get("accept", "*/*")
    if not any(kind in accept for kind in ("*/*", "application/*", "application/json")):
        raise ApiError(406, "media_type_not_acceptable", "The Accept header should be application/json")


def _body(call: Call) -> JsonObject:
    if not call.content:
        return {}
    try:
        body = json.loads(call.content)
    except (ValueError, RecursionError):  # the second for arrays in arrays, deeper than Python reads them
        raise invalid("The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object")
    return body
