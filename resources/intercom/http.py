"""One call to Intercom: its turn in the budget, its deadline, what its answer means, and its repetition.

Knows nothing of contacts or tickets. Which calls are repeated is decided in `repeats.py`; an ambiguous write is
raised at once.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from resources.intercom.answer_body import ENCODING
from resources.intercom.answers_taken import taken
from resources.intercom.budget import Budget
from resources.intercom.calls import CallLog
from resources.intercom.endpoints import ME, Endpoint
from resources.intercom.errors import IntercomError, RequestSent, error_for
from resources.intercom.outcomes import (
    NOT_CONNECTED_CODE,
    NOT_INTERCOM,
    NOT_SENT,
    CallOutcome,
    Classified,
    classify_exception,
    unsendable,
)
from resources.intercom.repeats import LONGEST_PAUSE, FreshRecords, given_up, may_be_repeated, not_known_yet
from resources.intercom.requests import request_for
from resources.intercom.transport import make_transport, timeouts
from resources.intercom.uploads import Upload
from schemas.addresses import access_token, api_address

VERSION = "2.16"
"""The API version that every call names; without it Intercom uses the one chosen for the app."""
USER_AGENT = "itco-to-intercom"
SLOWEST_UPLOAD = 250_000
"""Bytes per second (2 Mbit/s) that a line is taken to manage at least: so much longer may a large body take."""

Model = TypeVar("Model", bound=BaseModel)


class Connection:
    """A session with one workspace.

    Args:
        base_url: the address of the API; a path in it is kept before every endpoint's.
        token: the access token; kept in the session's headers only.
        budget: the run's rate budget.
        deadline: seconds for one attempt of a call, from being sent to its whole answer; more for a large body.
        calls: the run's call log; a new one when None.
        transport: another httpx transport, for tests.
        patience: seconds after which a call that gets no connection, or a read that keeps failing, is given up.
        backoff: seconds; the pause before the second attempt is up to this, and doubles.
        outage: seconds without one clear answer for which an Intercom that is down is waited for; then the run stops.

    Raises:
        AddressError: `base_url` or `token` cannot be used.
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
        outage: float = 1800.0,
    ) -> None:
        self.base_url = api_address(base_url)
        self.budget = budget or Budget()
        self.calls = calls or CallLog()
        self.answered_version: str | None = None
        """The version that Intercom said it answered in, last."""
        self._fresh = FreshRecords()
        self._deadline = deadline
        self._patience = patience
        self._outage = outage
        self._backoff = wait_random_exponential(multiplier=backoff, max=LONGEST_PAUSE)
        self._http = httpx.AsyncClient(
            base_url=self.base_url,
            headers={
                "Authorization": f"Bearer {access_token(token)}",
                "Accept": "application/json",
                "Accept-Encoding": ENCODING,
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
        files: Sequence[Upload] = (),
    ) -> dict[str, Any]:
        """Make a call and return its answer.

        Args:
            endpoint: which call.
            ids: values for the placeholders of its path; quoted here.
            body: the JSON body.
            params: the query.
            preview: whether to name the Preview version.
            files: go into the body as its `attachment_files`, read while they are sent.

        Raises:
            IntercomError: it did not end well; see its attributes.
        """
        told = {**(body or {}), "file": [file.name for file in files]} if files else body
        token = self._http.headers["authorization"].removeprefix("Bearer ")
        sent = RequestSent(endpoint, told, token, fresh=self._fresh.has((ids or {}).values()))
        try:
            request = request_for(
                self._http, endpoint, ids=ids or {}, body=body, params=params, preview=preview, files=files
            )
        except (ValueError, TypeError) as error:
            raise error_for(unsendable(error), None, sent) from None
        try:
            # Nearly every call succeeds at once, and entering tenacity costs a fifth of a call's processor time.
            return await self._attempt(sent, request)
        except IntercomError as error:
            if not may_be_repeated(error, sent):
                raise
            failure = error
        return await self._repeat(sent, request, failure)

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

    async def _repeat(self, sent: RequestSent, request: httpx.Request, failure: IntercomError) -> dict[str, Any]:
        """Send a call again and again, its first attempt having ended in `failure`."""
        before: list[IntercomError] = [failure]

        async def attempt() -> dict[str, Any]:
            # tenacity counts attempts and pauses between them, so the one that was made is told to it as its first.
            if before:
                raise before.pop()
            if self.budget.down and self.budget.reached:
                await self._look()
            return await self._attempt(sent, request)

        attempts = AsyncRetrying(
            retry=retry_if_exception(lambda error: may_be_repeated(error, sent)),
            wait=self._pause,
            stop=lambda state: self._given_up(sent, state),
            sleep=self.budget.pause,
            reraise=True,
        )
        try:
            return await attempts(attempt)
        except IntercomError as error:
            if self.budget.stop_wanted() and not_known_yet(error, sent):
                # The wait was cut short: whether Intercom does not know the record, or not yet, stays open.
                error.outcome = CallOutcome.NOT_EXECUTED
            raise

    async def _look(self) -> None:
        """Ask an Intercom that seems to be down something harmless, before what failed is sent again.

        What fails again while this is answered does not fail because Intercom is down, and is not borne for as long.

        Raises:
            IntercomError: there is no clear answer, or nothing else may be sent.
        """
        try:
            await self._attempt(RequestSent(ME), self._http.build_request(ME.method, ME.path))
        except IntercomError as error:
            if error.stop or error.outcome is CallOutcome.NOT_EXECUTED:
                raise

    async def _attempt(self, sent: RequestSent, request: httpx.Request) -> dict[str, Any]:
        endpoint = sent.endpoint
        waited = await self.budget.acquire()
        if waited is None:
            raise error_for(NOT_SENT, None, sent)
        started = time.monotonic()
        response: httpx.Response | None = None
        was_sent, unclear = True, False
        try:
            response, found = await self._exchange(endpoint, request)
            was_sent = response is not None or found.may_have_happened
            # A service that cannot be reached is as down as one that answers with errors.
            unclear = found.outcome is CallOutcome.AMBIGUOUS or found.code == NOT_CONNECTED_CODE
        finally:
            status = response.status_code if response is not None else None
            headers = response.headers if response is not None else None
            self.budget.release(status, headers, unclear=unclear)
            self.calls.record(
                endpoint.name,
                read=endpoint.read,
                status=status,
                sent=was_sent,
                seconds=time.monotonic() - started,
                waited=waited,
            )
        # Raised outside every except block, so that no exception with an address in it hangs on to this one.
        if found.outcome is not CallOutcome.OK:
            raise error_for(replace(found, stop=found.stop or self._gone(found)), status, sent, headers)
        data: dict[str, Any] = found.data
        self._fresh.note(endpoint, data)
        return data

    def _given_up(self, sent: RequestSent, state: RetryCallState) -> bool:
        seconds = state.seconds_since_start or 0.0
        failure = _error_of(state)
        return self.budget.stop_wanted() or given_up(failure, sent, state.attempt_number, seconds, self._borne())

    def _borne(self) -> float:
        """How long a call may go on failing: for as long as an outage is waited for, if Intercom is down.

        The budget lets one call at a time look then, ever more rarely, and everything goes on when one comes through.
        An Intercom that never answered is no outage but a wrong address, which is to be said soon.
        """
        return self._outage if self.budget.down and self.budget.reached else self._patience

    def _gone(self, found: Classified) -> bool:
        """Whether going on is pointless: Intercom has been down for long, or something else answers in its place."""
        return self.budget.failing_seconds >= self._outage or (found.code in NOT_INTERCOM and self.budget.down)

    async def _exchange(self, endpoint: Endpoint, request: httpx.Request) -> tuple[httpx.Response | None, Classified]:
        try:
            # httpx's timeouts are per read: a server that drips would keep a call alive for ever.
            length = int(request.headers.get("content-length", 0))
            async with asyncio.timeout(self._deadline + length / SLOWEST_UPLOAD):
                response, found = await taken(self._http, request, endpoint)
        except Exception as error:  # whatever it is, it gets an outcome
            return None, classify_exception(error)
        self.answered_version = response.headers.get("intercom-version", self.answered_version)
        return response, found

    def _pause(self, state: RetryCallState) -> float:
        error = _error_of(state)
        if isinstance(error, IntercomError) and error.status == 429:
            return 0.0  # The budget waits, for everybody.
        return self._backoff(state)


def _error_of(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def unreadable(endpoint: Endpoint) -> IntercomError:
    """Make the error for a read whose answer is whole but not what is documented."""
    message = "The answer does not have the documented shape."
    return error_for(Classified(CallOutcome.AMBIGUOUS, "unexpected_shape", message), 200, RequestSent(endpoint))
