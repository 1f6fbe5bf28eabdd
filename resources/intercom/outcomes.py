"""What an answer or a failure of a call means for the write that caused it. Pure functions; no HTTP is done here.

Sorted by one question: may the write have happened? Whatever is not known to be harmless is ambiguous.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

import aiohttp
import httpx


class CallOutcome(Enum):
    """What became of a call."""

    OK = "ok"
    """It happened, and the answer says so."""
    NOT_EXECUTED = "not_executed"
    """It did not happen; it may be sent again freely."""
    REJECTED = "rejected"
    """Intercom refused it; it must not be sent again unchanged."""
    AMBIGUOUS = "ambiguous"
    """It may or may not have happened; Intercom has to be read back before it is sent again."""
    STOP = "stop"
    """Nothing else may be sent: the token, the address or the certificate is wrong."""


@dataclass(frozen=True)
class Classified:
    """An outcome, and what is needed to act on it."""

    outcome: CallOutcome
    code: str | None = None
    """Intercom's error code, or a word of ours where Intercom gave none."""
    message: str = ""
    """Intercom's sentence; it may hold customer data, so it goes to the journal and not to logs."""
    request_id: str | None = None
    data: Any = None
    """The parsed body of an OK answer."""
    stop: bool = False
    """Whether the run must stop."""
    may_have_happened: bool = False
    """Whether the write must be read back before it is sent again."""


NOT_JSON = "not_json"
"""Our code of an answer that is somebody else's page: once it is a hiccup, again and again it is not Intercom."""
TOO_LARGE = "answer_too_large"
"""Our code of an answer of which the rest was not taken."""
NOT_INTERCOM = frozenset({NOT_JSON, TOO_LARGE})
"""Our codes of answers that Intercom does not give: again and again, somebody else answers in its place."""
ASKED_TO_STOP = "asked_to_stop"
"""Our code of a call that was not sent because somebody wants the run to stop."""
NOT_SENT = Classified(CallOutcome.STOP, ASKED_TO_STOP, "The run was asked to stop while Intercom was down.", stop=True)
"""A call that still waited for its turn: it never left."""
UNSENDABLE_CODE = "unsendable"
"""Our code of a call that could not be put into bytes, so that nothing was sent."""
NOT_CONNECTED_CODE = "not_connected"
"""Our code of a call that got no connection, so that nothing was sent."""


def unsendable(error: Exception) -> Classified:
    """Say that a call could not be put into bytes: it never left, and would not leave another time either."""
    return Classified(
        CallOutcome.REJECTED,
        UNSENDABLE_CODE,
        f"It cannot be put into words for Intercom ({type(error).__name__}); nothing was sent.",
    )


REFUSALS = frozenset({400, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417})
REFUSALS = REFUSALS | {421, 422, 423, 424, 426, 428, 431, 451}
"""Statuses after which the write has certainly not happened and would be refused again."""

NOT_CONNECTED = (
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
"""aiohttp's failures before anything was sent."""

REJECTED_BY_TLS = (aiohttp.ClientConnectorCertificateError, aiohttp.ServerFingerprintMismatch)


def classify_response(
    status: int, content_type: str, body: bytes, *, required: tuple[str, ...] = ("id",)
) -> Classified:
    """Say what an answer means.

    Args:
        status: the HTTP status.
        content_type: the Content-Type header, "" when it is missing.
        body: the whole body.
        required: the fields that the answer to a call that happened must hold.
    """
    if 200 <= status < 300:
        return _success(status, content_type, body, required)
    if 300 <= status < 400:
        # Followed blindly, a redirect would carry the write to another host, or turn it into a read.
        message = f"Intercom answered {status}: a redirect. The address of the API is wrong."
        return Classified(CallOutcome.STOP, f"http_{status}", message, stop=True, may_have_happened=True)
    code, message, request_id = parse_error(body)
    code = code or f"http_{status}"
    if status in (401, 407):
        return Classified(CallOutcome.STOP, code, message, request_id, stop=True)
    if status == 429:
        return Classified(CallOutcome.NOT_EXECUTED, code, message, request_id)
    if status in REFUSALS:
        return Classified(CallOutcome.REJECTED, code, message, request_id)
    return Classified(CallOutcome.AMBIGUOUS, code, message, request_id, may_have_happened=True)


def classify_unread(status: int, code: str, why: str) -> Classified:
    """Say what an answer means of which only the status is known; `why` its body was not taken."""
    if 200 <= status < 300:
        return Classified(CallOutcome.AMBIGUOUS, code, f"The answer {status} {why}.", may_have_happened=True)
    return classify_response(status, "", b"")


def _success(status: int, content_type: str, body: bytes, required: tuple[str, ...]) -> Classified:
    if content_type and "json" not in content_type.lower():
        message = f"The answer {status} is not JSON: something between here and Intercom answered in its place."
        return Classified(CallOutcome.AMBIGUOUS, NOT_JSON, message, may_have_happened=True)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        message = "The answer ends too early or is not JSON."
        return Classified(CallOutcome.AMBIGUOUS, "unreadable_answer", message, may_have_happened=True)
    missing = [name for name in required if not isinstance(data, dict) or data.get(name) in (None, "")]
    if missing:
        message = f"The answer lacks {', '.join(missing)}."
        return Classified(CallOutcome.AMBIGUOUS, "incomplete_answer", message, may_have_happened=True)
    return Classified(CallOutcome.OK, data=data)


CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def parse_error(body: bytes) -> tuple[str | None, str, str | None]:
    """Return (code, message, request id) of Intercom's error body; (None, "", None) when it is not one.

    Code and request id are shown in logs, so what does not look like one is left out: it may be anything.
    """
    try:
        answer = json.loads(body)
        first = answer["errors"][0]
        request_id = answer.get("request_id")
        code, message = first.get("code"), first.get("message") or ""
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None, "", None
    return _shaped(CODE, code), str(message), request_id_of(request_id)


def request_id_of(value: object) -> str | None:
    """Return a request id if `value` looks like one: Intercom's is opaque, a UUID or 20 letters and digits."""
    return _shaped(REQUEST_ID, value)


def _shaped(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def classify_exception(error: BaseException) -> Classified:
    """Say what a failure to get a whole answer means.

    httpx-aiohttp reports a connection that broke *after* the request was sent as `httpx.ConnectTimeout`, so the
    aiohttp exception behind it decides where there is one.
    """
    cause = error.__cause__ if isinstance(error, httpx.HTTPError | httpx.InvalidURL) else error
    name = type(cause or error).__name__
    if isinstance(cause, REJECTED_BY_TLS):
        message = "The server's certificate is not trusted, so nothing was sent."
        return Classified(CallOutcome.STOP, "certificate", message, stop=True)
    if _before_sending(error, cause):
        return Classified(CallOutcome.NOT_EXECUTED, NOT_CONNECTED_CODE, f"No connection was made ({name}).")
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        message = f"No whole answer in time ({name})."
        return Classified(CallOutcome.AMBIGUOUS, "no_answer", message, may_have_happened=True)
    if isinstance(error, asyncio.CancelledError):
        message = "The call was stopped before its answer came."
        return Classified(CallOutcome.AMBIGUOUS, "cancelled", message, may_have_happened=True)
    message = f"The connection broke before a whole answer came ({name})."
    return Classified(CallOutcome.AMBIGUOUS, "connection_lost", message, may_have_happened=True)


def _before_sending(error: BaseException, cause: BaseException | None) -> bool:
    if isinstance(cause, aiohttp.ClientError):
        return isinstance(cause, NOT_CONNECTED)
    return isinstance(
        error,
        httpx.ConnectError
        | httpx.ConnectTimeout
        | httpx.PoolTimeout
        | httpx.ProxyError
        | httpx.UnsupportedProtocol
        | httpx.InvalidURL,
    )
