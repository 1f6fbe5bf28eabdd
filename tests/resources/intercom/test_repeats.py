"""Which failed calls are sent again, as a table."""

import pytest

from resources.intercom import endpoints
from resources.intercom.errors import IntercomError, RequestSent
from resources.intercom.outcomes import CallOutcome
from resources.intercom.repeats import FRESH, PAGES, TOO_OFTEN, FreshRecords, given_up, may_be_repeated

READ, WRITE = endpoints.TICKET, endpoints.UPDATE_TICKET
ONCE, NAMES = endpoints.SCROLL_COMPANIES, endpoints.CREATE_TICKET


def error(outcome, status=None, code="x", message="", **flags):
    return IntercomError(outcome, status, code, message, None, "GET /x", **flags)


UNKNOWN = error(CallOutcome.REJECTED, 404, "not_found", "User Not Found")
CUT = error(CallOutcome.REJECTED, 404, "http_404")


@pytest.mark.parametrize(
    ("ended", "endpoint", "again"),
    [
        (error(CallOutcome.NOT_EXECUTED, None, "not_connected"), WRITE, True),
        (error(CallOutcome.NOT_EXECUTED, None, "not_connected"), ONCE, True),
        (error(CallOutcome.NOT_EXECUTED, 429, "rate_limit_exceeded"), WRITE, True),
        (error(CallOutcome.NOT_EXECUTED, 429, "anything_else"), ONCE, True),
        (error(CallOutcome.NOT_EXECUTED, None, "connection_lost"), READ, True),
        (error(CallOutcome.NOT_EXECUTED, None, "connection_lost"), ONCE, False),
        (error(CallOutcome.NOT_EXECUTED, 503, "server_error"), READ, True),
        (error(CallOutcome.AMBIGUOUS, 503, "server_error"), WRITE, False),
        (error(CallOutcome.AMBIGUOUS, None, "no_answer"), WRITE, False),
        (error(CallOutcome.REJECTED, 400, "parameter_invalid"), WRITE, False),
        (error(CallOutcome.REJECTED, 403, "forbidden"), READ, False),
        (error(CallOutcome.STOP, 401, "unauthorized"), READ, False),
        (error(CallOutcome.NOT_EXECUTED, 503, "server_error", stop=True), READ, False),
        (UNKNOWN, NAMES, True),
        (UNKNOWN, WRITE, False),
        (CUT, NAMES, True),
        (CUT, WRITE, False),
        (error(CallOutcome.REJECTED, 404, "not_found", "Resource Not Found"), NAMES, False),
        (RuntimeError("x"), READ, False),
    ],
)
def test_what_is_sent_again(ended, endpoint, again):
    assert may_be_repeated(ended, RequestSent(endpoint)) is again


@pytest.mark.parametrize(
    ("ended", "attempts", "seconds", "over"),
    [
        (error(CallOutcome.NOT_EXECUTED, 429), TOO_OFTEN - 1, 9999, False),
        (error(CallOutcome.NOT_EXECUTED, 429), TOO_OFTEN, 0, True),
        (error(CallOutcome.NOT_EXECUTED, 200, "not_json"), PAGES - 1, 0, False),
        (error(CallOutcome.NOT_EXECUTED, 200, "not_json"), PAGES, 0, True),
        (error(CallOutcome.NOT_EXECUTED, 503), 99, 119, False),
        (error(CallOutcome.NOT_EXECUTED, 503), 1, 120, True),
        (UNKNOWN, 99, FRESH - 1, False),
        (UNKNOWN, 1, FRESH, True),
    ],
)
def test_when_it_is_given_up(ended, attempts, seconds, over):
    assert given_up(ended, RequestSent(NAMES), attempts, seconds, 120.0) is over


def test_a_call_that_names_what_was_just_made_is_sent_again(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("resources.intercom.repeats.time.monotonic", lambda: now[0])
    made = FreshRecords()
    made.note(endpoints.CREATE_TICKET, {"id": "7"})
    made.note(endpoints.CREATE_CONVERSATION, {"id": "message", "conversation_id": "8"})
    made.note(endpoints.TICKET, {"id": "9"})
    assert [made.has([key]) for key in ("7", "8", "9", "message")] == [True, True, False, False]
    assert may_be_repeated(CUT, RequestSent(WRITE, fresh=True))
    assert may_be_repeated(error(CallOutcome.REJECTED, 404, "ticket_not_found"), RequestSent(READ, fresh=True))
    assert not may_be_repeated(error(CallOutcome.REJECTED, 400, "parameter_invalid"), RequestSent(WRITE, fresh=True))
    now[0] += FRESH + 1
    assert not made.has(["7", "8"])
