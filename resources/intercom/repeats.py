"""Which failed calls are sent again, and for how long: decisions over an error and its endpoint. Nothing is sent here.

Reads are repeated after any failure, since reading has no effect. Writes are repeated only when they certainly did
not happen: no connection, 429, or a record that Intercom does not know yet. An ambiguous write never is.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from resources.intercom.endpoints import Endpoint
from resources.intercom.errors import IntercomError, RequestSent
from resources.intercom.outcomes import NOT_CONNECTED_CODE, NOT_INTERCOM, CallOutcome

TOO_OFTEN = 30
"""A call that was answered 429 this many times is given up; each time the whole budget waited for the reset."""
PAGES = 3
"""A read that was answered with somebody else's page this many times is given up: a sign-in page stays."""
FRESH = 10.0
"""Seconds for which Intercom may not know a record that was just made.

Of a contact it says so ("a short delay", POST /messages); of reading others by their id nothing is documented.
"""
LONGEST_PAUSE = 30.0
"""Seconds; the longest pause between two attempts after no connection or a failed read."""


class FreshRecords:
    """The records that were made a moment ago, by Intercom's ids."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, float] = OrderedDict()

    def note(self, endpoint: Endpoint, answer: Mapping[str, Any]) -> None:
        """Remember what a call has made, and forget what is old."""
        now = time.monotonic()
        while self._made and next(iter(self._made.values())) < now - FRESH:
            self._made.popitem(last=False)
        if endpoint.makes is not None and endpoint.makes in answer:
            self._made[str(answer[endpoint.makes])] = now

    def has(self, ids: Iterable[str]) -> bool:
        """Whether one of the records was made a moment ago."""
        now = time.monotonic()
        return any(self._made.get(key, now - FRESH) > now - FRESH for key in ids)


def may_be_repeated(error: BaseException, sent: RequestSent) -> bool:
    """Whether the call that ended so may be sent again as it is."""
    if not isinstance(error, IntercomError) or error.stop:
        return False
    if sent.endpoint.once:
        return error.status == 429 or error.code == NOT_CONNECTED_CODE
    # A read's ambiguous outcomes are NOT_EXECUTED already (errors.error_for).
    return error.outcome is CallOutcome.NOT_EXECUTED or not_known_yet(error, sent)


def not_known_yet(error: IntercomError, sent: RequestSent) -> bool:
    """Whether Intercom does not know, perhaps not yet, the record that a call names: a contact, or one just made.

    A refusal whose words were lost on the way may have said so.
    """
    said = error.message.lower()
    unknown = not said or "user not found" in said or "contact not found" in said
    return error.status == 404 and (sent.fresh or (sent.endpoint.names_contact and unknown))


def given_up(error: BaseException | None, sent: RequestSent, attempts: int, seconds: float, patience: float) -> bool:
    """Whether a call is not to be sent once more.

    Args:
        error: how its last attempt ended.
        sent: which call.
        attempts: how often it was sent so far.
        seconds: how long that took, from the first attempt's end.
        patience: how long no connection, or a failing read, is borne with, in seconds.
    """
    if isinstance(error, IntercomError):
        if error.status == 429:
            return attempts >= TOO_OFTEN
        if error.code in NOT_INTERCOM:
            return attempts >= PAGES
        if not_known_yet(error, sent):
            return seconds >= min(FRESH, patience)
    return seconds >= patience
