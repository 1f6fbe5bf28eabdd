"""Which failed calls are sent again, and for how long: decisions over an error and its endpoint. Nothing is sent here.

Reads are repeated after any failure, since reading has no effect. Writes are repeated only when they certainly did
not happen: no connection, 429, or a contact that Intercom does not know yet. An ambiguous write never is.
"""

from resources.intercom.endpoints import Endpoint
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import NOT_CONNECTED_CODE, NOT_JSON, CallOutcome

TOO_OFTEN = 30
"""A call that was answered 429 this many times is given up; each time the whole budget waited for the reset."""
PAGES = 3
"""A read that was answered with somebody else's page this many times is given up: a sign-in page stays."""
CONTACT_DELAY = 10.0
"""Seconds for which Intercom may not know a contact that was just made ("a short delay", says POST /messages)."""
LONGEST_PAUSE = 30.0
"""Seconds; the longest pause between two attempts after no connection or a failed read."""


def may_be_repeated(error: BaseException, endpoint: Endpoint) -> bool:
    """Whether the call that ended so may be sent again as it is."""
    if not isinstance(error, IntercomError) or error.stop:
        return False
    if endpoint.once:
        return error.status == 429 or error.code == NOT_CONNECTED_CODE
    # A read's ambiguous outcomes are NOT_EXECUTED already (errors.error_for).
    return error.outcome is CallOutcome.NOT_EXECUTED or contact_not_known_yet(error, endpoint)


def contact_not_known_yet(error: IntercomError, endpoint: Endpoint) -> bool:
    """Whether a write was refused because Intercom does not know, perhaps not yet, the contact that it names.

    A refusal whose words were lost on the way may have said so.
    """
    said = error.message.lower()
    unknown = not said or "user not found" in said or "contact not found" in said
    return endpoint.names_contact and error.status == 404 and unknown


def given_up(error: BaseException | None, endpoint: Endpoint, attempts: int, seconds: float, patience: float) -> bool:
    """Whether a call is not to be sent once more.

    Args:
        error: how its last attempt ended.
        endpoint: which call.
        attempts: how often it was sent so far.
        seconds: how long that took, from the first attempt's end.
        patience: how long no connection, or a failing read, is borne with, in seconds.
    """
    if isinstance(error, IntercomError):
        if error.status == 429:
            return attempts >= TOO_OFTEN
        if error.code == NOT_JSON:
            return attempts >= PAGES
        if contact_not_known_yet(error, endpoint):
            return seconds >= min(CONTACT_DELAY, patience)
    return seconds >= patience
