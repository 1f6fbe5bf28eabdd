"""What answers and failures mean, without HTTP."""

import asyncio
import json

import aiohttp
import httpx
import pytest

from resources.intercom import endpoints
from resources.intercom.errors import (
    ContactConflict,
    ContactMerged,
    IntercomError,
    RequestSent,
    Unauthorized,
    error_for,
)
from resources.intercom.outcomes import CallOutcome, Classified, classify_exception, classify_response, parse_error

JSON = "application/json; charset=utf-8"


def body_of(code, message="m", request_id="r-1"):
    return json.dumps(
        {"type": "error.list", "request_id": request_id, "errors": [{"code": code, "message": message}]}
    ).encode()


@pytest.mark.parametrize(
    ("status", "outcome", "stop", "maybe"),
    [
        *((status, CallOutcome.REJECTED, False, False) for status in (400, 403, 404, 406, 409, 410, 413, 422)),
        (401, CallOutcome.STOP, True, False),
        (407, CallOutcome.STOP, True, False),
        (429, CallOutcome.NOT_EXECUTED, False, False),
        *((status, CallOutcome.AMBIGUOUS, False, True) for status in (408, 500, 502, 503, 504, 499, 599)),
        *((status, CallOutcome.STOP, True, True) for status in (301, 302, 303, 307, 308)),
    ],
)
def test_statuses(status, outcome, stop, maybe):
    found = classify_response(status, JSON, body_of("some_code"))
    assert (found.outcome, found.stop, found.may_have_happened) == (outcome, stop, maybe)
    if not 300 <= status < 400:
        assert (found.code, found.request_id) == ("some_code", "r-1")


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        (JSON, b'{"id":"12","na', "unreadable_answer"),
        (JSON, b"", "unreadable_answer"),
        (JSON, b"\xff\xfe", "unreadable_answer"),
        (JSON, b"[" * 100_000, "unreadable_answer"),
        (JSON, b"[]", "incomplete_answer"),
        (JSON, b'{"id":null}', "incomplete_answer"),
        (JSON, b'{"type":"ticket"}', "incomplete_answer"),
        ("text/html", b"<html>please sign in</html>", "not_json"),
        ("text/html", b'{"id":"1"}', "not_json"),
    ],
)
def test_a_success_that_proves_nothing_is_ambiguous(kind, body, code):
    found = classify_response(200, kind, body)
    assert (found.outcome, found.code, found.stop) == (CallOutcome.AMBIGUOUS, code, False)
    assert found.may_have_happened


def test_a_whole_success_is_ok():
    assert classify_response(200, JSON, b'{"id":"1"}').data == {"id": "1"}
    assert classify_response(200, "", b'{"id":"1"}').outcome is CallOutcome.OK
    assert classify_response(200, JSON, b'{"data":[]}', required=("data",)).outcome is CallOutcome.OK
    missing = classify_response(200, JSON, b'{"id":"1"}', required=("id", "conversation_id"))
    assert missing.outcome is CallOutcome.AMBIGUOUS


def test_an_html_error_gets_a_code_of_its_status():
    found = classify_response(502, "text/html", b"<html>bad gateway</html>")
    assert (found.outcome, found.code, found.message) == (CallOutcome.AMBIGUOUS, "http_502", "")


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'{"errors":[]}', b'{"errors":[3]}', b'{"errors":null}', b"<", b"[" * 100_000]
)
def test_bodies_that_are_no_errors(body):
    assert parse_error(body) == (None, "", None)


@pytest.mark.parametrize("odd", ["jane@example.com", "a b", "x" * 65, "", 7, None, ["code"], "über"])
def test_a_code_or_request_id_that_does_not_look_like_one_is_left_out(odd):
    assert parse_error(body_of(odd, "m", odd))[::2] == (None, None)


def test_the_request_id_comes_from_the_headers_where_the_body_has_none():
    found = classify_response(400, JSON, body_of("bad_request", request_id=None))
    error = error_for(found, 400, RequestSent(endpoints.UPSERT_COMPANY), {"x-request-id": "004qkagkoq5kktea5hdg"})
    assert error.request_id == "004qkagkoq5kktea5hdg"
    assert error_for(found, 400, RequestSent(endpoints.UPSERT_COMPANY), {"x-request-id": "no id"}).request_id is None
    cut = classify_response(200, JSON, b'{"id":')
    assert error_for(cut, 200, RequestSent(endpoints.CREATE_TICKET), {"x-request-id": "r-2"}).request_id == "r-2"


def test_an_error_names_the_record_once_somebody_has_said_which():
    error = error_for(Classified(CallOutcome.AMBIGUOUS, "no_answer"), None, RequestSent(endpoints.CREATE_TICKET))
    error.concerning("conversation", "4711")
    assert str(error) == "POST /tickets for conversation 4711: ambiguous (no_answer, no answer)"
    assert error.record == "conversation 4711"


def caused(error, cause):
    error.__cause__ = cause
    return error


KEY = aiohttp.client_reqrep.ConnectionKey("h", 1, False, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (httpx.ConnectError("x"), CallOutcome.NOT_EXECUTED),
        (httpx.ConnectTimeout("x"), CallOutcome.NOT_EXECUTED),
        (httpx.PoolTimeout("x"), CallOutcome.NOT_EXECUTED),
        (httpx.UnsupportedProtocol("x"), CallOutcome.NOT_EXECUTED),
        (httpx.InvalidURL("x"), CallOutcome.NOT_EXECUTED),
        (caused(httpx.ConnectTimeout("x"), aiohttp.ClientConnectorError(KEY, OSError())), CallOutcome.NOT_EXECUTED),
        (caused(httpx.ConnectTimeout("x"), aiohttp.ConnectionTimeoutError()), CallOutcome.NOT_EXECUTED),
        (caused(httpx.ConnectTimeout("x"), aiohttp.ServerDisconnectedError()), CallOutcome.AMBIGUOUS),
        (caused(httpx.ConnectTimeout("x"), aiohttp.ClientOSError()), CallOutcome.AMBIGUOUS),
        (caused(httpx.ConnectTimeout("x"), aiohttp.ClientConnectionResetError()), CallOutcome.AMBIGUOUS),
        (httpx.ReadTimeout("x"), CallOutcome.AMBIGUOUS),
        (httpx.WriteTimeout("x"), CallOutcome.AMBIGUOUS),
        (httpx.ReadError("x"), CallOutcome.AMBIGUOUS),
        (httpx.WriteError("x"), CallOutcome.AMBIGUOUS),
        (httpx.RemoteProtocolError("x"), CallOutcome.AMBIGUOUS),
        (httpx.CloseError("x"), CallOutcome.AMBIGUOUS),
        (httpx.DecodingError("x"), CallOutcome.AMBIGUOUS),
        (TimeoutError(), CallOutcome.AMBIGUOUS),
        (asyncio.CancelledError(), CallOutcome.AMBIGUOUS),
        (RuntimeError("x"), CallOutcome.AMBIGUOUS),
        (
            caused(httpx.ConnectError("x"), aiohttp.ClientConnectorCertificateError(KEY, Exception("c"))),
            CallOutcome.STOP,
        ),
    ],
)
def test_failures(error, outcome):
    found = classify_exception(error)
    assert found.outcome is outcome
    assert found.may_have_happened == (outcome is CallOutcome.AMBIGUOUS)


def test_a_read_is_never_ambiguous():
    found = Classified(CallOutcome.AMBIGUOUS, "http_500", may_have_happened=True)
    assert error_for(found, 500, RequestSent(endpoints.ME)).outcome is CallOutcome.NOT_EXECUTED
    assert not error_for(found, 500, RequestSent(endpoints.ME)).may_have_happened
    assert error_for(found, 500, RequestSent(endpoints.CREATE_TICKET)).outcome is CallOutcome.AMBIGUOUS


@pytest.mark.parametrize(
    ("message", "archived"),
    [
        ("A contact matching those details already exists with id=5ba682d23d7cf92bef87bfd4", False),
        ("An archived contact matching those details already exists with id=5ba682d23d7cf92bef87bfd4", True),
    ],
)
def test_a_conflict_names_the_contact(message, archived):
    found = classify_response(409, JSON, body_of("conflict", message))
    error = error_for(found, 409, RequestSent(endpoints.CREATE_CONTACT))
    assert isinstance(error, ContactConflict)
    assert (error.existing_id, error.archived) == ("5ba682d23d7cf92bef87bfd4", archived)
    assert error.outcome is CallOutcome.REJECTED


def test_a_conflict_without_an_id_and_one_elsewhere():
    found = classify_response(409, JSON, body_of("conflict", "no idea"))
    assert error_for(found, 409, RequestSent(endpoints.UPDATE_CONTACT)).existing_id is None
    assert type(error_for(found, 409, RequestSent(endpoints.CREATE_TAG))) is IntercomError


def test_a_merged_contact_names_the_one_that_is_left():
    found = classify_response(410, JSON, body_of("contact_merged"))
    link = '</contacts/6762f2dd1bb69f9f2193bc55>; rel="canonical"'
    error = error_for(found, 410, RequestSent(endpoints.CONTACT), {"link": link})
    assert isinstance(error, ContactMerged)
    assert error.into_id == "6762f2dd1bb69f9f2193bc55"


def test_the_text_of_an_error_holds_no_customer_data():
    found = classify_response(401, JSON, body_of("unauthorized", "jane@example.com is not welcome", "req-9"))
    error = error_for(found, 401, RequestSent(endpoints.FIND_CONTACT))
    assert isinstance(error, Unauthorized)
    assert error.stop
    assert str(error) == (
        "GET /contacts/find_by_external_id/{external_id}: stop (unauthorized, HTTP 401, request id req-9)"
    )
    assert "jane" not in repr(error)
    assert error.message == "[e-mail address] is not welcome"


@pytest.mark.parametrize(
    "value", [float("nan"), "\ud800", {1, 2}, float("inf")], ids=["nan", "half a letter", "set", "inf"]
)
def test_what_cannot_be_put_into_words_is_refused_and_not_ambiguous(run, answering, value):
    client = answering({"id": "1"})
    with pytest.raises(IntercomError) as caught:
        run(client.create_contact({"name": value}))
    error = caught.value
    assert (error.outcome, error.code, error.status) == (CallOutcome.REJECTED, "unsendable", None)
    assert not error.may_have_happened
    assert not error.stop
    assert client.seen == []
    assert "nothing was sent" in error.message
