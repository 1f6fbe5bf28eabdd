"""One call to Intercom: its turn in the budget, its deadline, what its answer means, and which calls are repeated.

Knows nothing of contacts or tickets. Reads are repeated after any failure, since reading has no effect. Writes are
repeated only when they certainly did not happen: no connection, or 429. An ambiguous write is raised at once.
"""

import asyncio
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from resources.intercom.budget import Budget
from resources.intercom.calls import CallLog
from resources.intercom.endpoints import Endpoint
from resources.intercom.errors import IntercomError, error_for
from resources.intercom.outcomes import Classified, Outcome, classify_exception, classify_response
from resources.intercom.transport import make_transport, timeouts

VERSION = "2.16"
"""The API version that every call names; without it Intercom uses the one chosen for the app."""
PREVIEW = "Preview"
"""The version for the one call that only Preview has: writing a conversation's priority."""
USER_AGENT = "itco-to-intercom"
TOO_OFTEN = 30
"""A call that was answered 429 this many times is given up; each time the whole budget waited for the reset."""
LIMITED = ("rate_limit_exceeded", "too_many_requests", "http_429")
"""Intercom's codes of a 429."""
LONGEST_PAUSE = 30.0
"""Seconds; the longest pause between two attempts after no connection or a failed read."""

Model = TypeVar("Model", bound=BaseModel)


class Connection:
    """A session with one workspace.

    Args:
        base_url: the address of the API, without a path.
        token: the access token; kept in the session's headers only.
        budget: the run's rate budget.
        deadline: seconds for one attempt of a call, from being sent to its whole answer.
        calls: the run's call log; a new one when None.
        transport: another httpx transport, for tests.
        patience: seconds after which a call that gets no connection, or a read that keeps failing, is given up.
        backoff: seconds; the pause before the second attempt is up to this, and doubles.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        budget: Budget | None = None,
        deadline: float = 60.0,
        calls: CallLog | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        patience: float = 120.0,
        backoff: float = 0.5,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.budget = budget or Budget()
        self.calls = calls or CallLog()
        self.answered_version: str | None = None
        """The version that Intercom said it answered in, last."""
        self._deadline = deadline
        self._patience = patience
        self._backoff = backoff
        self._http = httpx.AsyncClient(
            base_url=self.base_url,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "Intercom-Version": VERSION,
                "User-Agent": USER_AGENT,
            },
            timeout=timeouts(deadline),
            transport=transport or make_transport(self.base_url),
            follow_redirects=False,
        )

    def __repr__(self) -> str:
        """Name the address and nothing secret."""
        return f"<{type(self).__name__} {self.base_url}>"

    async def __aenter__(self) -> Self:
        """Open the session."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the session's connections."""
        await self._http.aclose()

    async def call(
        self,
        endpoint: Endpoint,
        *,
        ids: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str | int] | None = None,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Make a call and return its answer.

        Args:
            endpoint: which call.
            ids: values for the placeholders of its path; quoted here.
            body: the JSON body.
            params: the query.
            preview: whether to name the Preview version.

        Raises:
            IntercomError: it did not end well; see its attributes.
        """
        path = endpoint.path.format_map({name: quote(value, safe="") for name, value in (ids or {}).items()})
        request = self._http.build_request(
            endpoint.method,
            path,
            json=body,
            params=params,
            headers={"Intercom-Version": PREVIEW} if preview else None,
        )
        attempts = AsyncRetrying(
            retry=retry_if_exception(_was_not_sent if endpoint.once else _may_be_repeated),
            wait=self._pause,
            stop=self._given_up,
            reraise=True,
        )
        return await attempts(self._attempt, endpoint, request)

    async def call_for(
        self,
        model: type[Model],
        endpoint: Endpoint,
        **request: Any,  # noqa: ANN401 - passed on to call()
    ) -> Model:
        """Make a call and return its answer as `model`.

        A write that happened stays a write that happened when its answer has an undocumented shape: the model is
        then made unchecked, and the call log counts it.

        Raises:
            IntercomError: it did not end well; see its attributes.
        """
        data = await self.call(endpoint, **request)
        try:
            return model.model_validate(data)
        except ValidationError:
            self.calls.unexpected_shapes[endpoint.name] += 1
        if endpoint.read:
            raise unreadable(endpoint)
        known = {name: str(data[name]) for name in endpoint.required}
        return model.model_construct(**{**data, **known})

    async def _attempt(self, endpoint: Endpoint, request: httpx.Request) -> dict[str, Any]:
        waited = await self.budget.acquire()
        started = time.monotonic()
        response: httpx.Response | None = None
        sent = True
        try:
            response, found = await self._exchange(endpoint, request)
            sent = response is not None or found.may_have_happened
        finally:
            status = response.status_code if response is not None else None
            self.budget.release(status, response.headers if response is not None else None)
            self.calls.record(
                endpoint.name,
                read=endpoint.read,
                status=status,
                sent=sent,
                seconds=time.monotonic() - started,
                waited=waited,
            )
        # Raised outside every except block, so that no exception with an address in it hangs on to this one.
        if found.outcome is not Outcome.OK:
            link = response.headers.get("link", "") if response is not None else ""
            raise error_for(found, status, endpoint.name, read=endpoint.read, link=link)
        data: dict[str, Any] = found.data
        return data

    async def _exchange(self, endpoint: Endpoint, request: httpx.Request) -> tuple[httpx.Response | None, Classified]:
        try:
            # httpx's timeouts are per read: a server that drips would keep a call alive for ever.
            async with asyncio.timeout(self._deadline):
                response = await self._http.send(request)
        except Exception as error:  # whatever it is, it gets an outcome
            return None, classify_exception(error)
        self.answered_version = response.headers.get("intercom-version", self.answered_version)
        kind = response.headers.get("content-type", "")
        return response, classify_response(response.status_code, kind, response.content, required=endpoint.required)

    def _pause(self, attempt: RetryCallState) -> float:
        if _status_of(attempt) == 429:
            return 0.0  # The budget waits, for everybody.
        return wait_random_exponential(multiplier=self._backoff, max=LONGEST_PAUSE)(attempt)

    def _given_up(self, attempt: RetryCallState) -> bool:
        if _status_of(attempt) == 429:
            return attempt.attempt_number >= TOO_OFTEN
        return (attempt.seconds_since_start or 0.0) >= self._patience


def _may_be_repeated(error: BaseException) -> bool:
    # A read's ambiguous outcomes are NOT_EXECUTED already (errors.error_for).
    return isinstance(error, IntercomError) and error.outcome is Outcome.NOT_EXECUTED and not error.stop


def _was_not_sent(error: BaseException) -> bool:
    return _may_be_repeated(error) and isinstance(error, IntercomError) and error.code in ("not_connected", *LIMITED)


def _status_of(attempt: RetryCallState) -> int | None:
    error = attempt.outcome.exception() if attempt.outcome else None
    return error.status if isinstance(error, IntercomError) else None


def unreadable(endpoint: Endpoint) -> IntercomError:
    """Make the error for a read whose answer is whole but not what is documented."""
    message = "The answer does not have the documented shape."
    found = Classified(Outcome.AMBIGUOUS, "unexpected_shape", message)
    return error_for(found, 200, endpoint.name, read=True)
