"""The check catches what is wrong: in requests, in answers, in places that schemas say nothing about."""

import json

import pytest

from tests.conformance.exchange import Exchange

HEADERS = {"authorization": "Bearer x", "intercom-version": "2.16"}
JSON = {"content-type": "application/json; charset=utf-8"}
SECRET = "what a customer wrote"
REFUSED = {"type": "error.list", "request_id": None, "errors": [{"code": "conflict", "message": SECRET}]}


def call(method, path, body=None, answer=None, *, status=200, version="2.16", query="", kind=None):
    return Exchange(
        method,
        path,
        query,
        {**HEADERS, **(JSON if body is not None else {}), "intercom-version": version},
        b"" if body is None else json.dumps(body).encode(),
        status,
        {"content-type": kind or JSON["content-type"]},
        answer if isinstance(answer, bytes) else json.dumps(answer).encode(),
    )


TAG = {"type": "tag", "id": "1", "name": "x"}
TAGS = {"type": "list", "data": [TAG]}
MESSAGE = {
    "type": "user_message",
    "id": "1",
    "created_at": 1,
    "body": SECRET,
    "message_type": "inapp",
    "conversation_id": "2",
}
OPENING = {"from": {"type": "user", "id": "0123456789abcdef01234567"}, "body": SECRET}


@pytest.fixture
def found(checker):
    """Return a function that returns what is wrong with a call, as (side, where, what)."""

    def check(exchange):
        return {(fault.side, fault.where, fault.what) for fault in checker.check(exchange)}

    return check


@pytest.mark.parametrize(
    "exchange",
    [
        call("GET", "/tags", answer=TAGS),
        call("POST", "/tags", {"name": "x"}, TAG),
        call("POST", "/conversations", OPENING, MESSAGE),
        call("GET", "/contacts", answer={"type": "list", "data": [], "total_count": 0}, query="per_page=150"),
        call("POST", "/contacts", {"role": "user"}, REFUSED, status=409),
        call("GET", "/tags", answer=REFUSED, status=429),
    ],
)
def test_what_is_right_passes(found, exchange):
    assert found(exchange) == set()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({**TAGS, "data": [{**TAG, "id": 1}]}, ("200 $.data[].id", "is integer, not string")),
        ({**TAGS, "data": [{**TAG, "name": None}]}, ("200 $.data[].name", "is null, not string")),
        ({**TAGS, "type": SECRET}, ("200 $.type", 'breaks enum ["list"]')),
        ({**TAGS, "data": [{**TAG, "colour": SECRET}]}, ("200 $.data[].colour", "is not declared")),
        (b"<html>", ("200 whole", "MediaTypeDeserializeError")),
        (b"", ("200 whole", "MissingData")),
    ],
)
def test_a_wrong_answer_is_caught(found, answer, fault):
    assert ("answer", *fault) in found(call("GET", "/tags", answer=answer))


def test_an_answer_of_another_kind_or_status_is_caught(found):
    assert found(call("GET", "/tags", answer=TAGS, kind="text/html")) == {("answer", "200 whole", "MediaTypeNotFound")}
    # A status that is not declared is taken for a refusal, which this is not.
    assert found(call("GET", "/tags", answer=TAGS, status=201))


def test_the_answer_that_slipped_through_the_published_description_is_caught(found):
    wrong = {fault[0] for fault in found(call("GET", "/conversations/1", answer={"type": 5}))}
    assert wrong == {"answer"}


def test_a_refusal_of_another_shape_is_caught(found):
    for wrong in ({"errors": []}, {**REFUSED, "request_id": 5}, {**REFUSED, "errors": [{"message": "x"}]}):
        assert found(call("GET", "/tags", answer=wrong, status=404)), wrong


def test_a_ticket_type_is_checked_down_to_its_options(found):
    attribute = {"type": "ticket_type_attribute", "id": "1", "name": "Level", "data_type": "list"}
    for change, caught in (({}, False), ({"id": 1}, True), ({"order": "first"}, True), ({"archived": "no"}, True)):
        listed = {"type": "list", "data": [{**attribute, **change}]}
        answer = {"type": "ticket_type", "id": "1", "ticket_type_attributes": listed}
        assert bool(found(call("GET", "/ticket_types/1", answer=answer))) is caught, change


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({**OPENING, "body": 5}, ("$.body", "is integer, not string")),
        ({"body": SECRET}, ("$", "lacks from")),
        ({**OPENING, "skip_notification": True}, ("$.skip_notification", "is not declared")),
        ({**OPENING, "from": {"type": SECRET, "id": "1"}}, ("$.from.type", 'breaks enum ["lead", "user", "contact"]')),
    ],
)
def test_a_wrong_request_is_caught(found, body, fault):
    assert ("request", *fault) in found(call("POST", "/conversations", body, MESSAGE))


def test_an_integer_where_an_id_is_asked_for_is_caught(found):
    body = {"ticket_type_id": 5, "contacts": [{"id": "1"}]}
    assert ("request", "$.ticket_type_id", "is integer, not string") in found(call("POST", "/tickets", body, REFUSED))


def test_wrong_parameters_are_caught(found):
    assert ("request", "query colour", "is not declared") in found(call("GET", "/tags", answer=TAGS, query="colour=1"))
    companies = call("GET", "/companies", answer={"type": "list", "data": []}, query="page=one")
    assert {fault[:2] for fault in found(companies)} == {("request", "page")}


def test_a_body_where_none_is_declared_is_caught(found):
    assert ("request", "body", "is not declared") in found(call("GET", "/tags", {"a": 1}, TAGS))


def test_a_call_that_is_not_described_is_caught(found):
    for method, path in (("GET", "/nowhere/5"), ("PATCH", "/tags")):
        assert found(call(method, path, answer=TAGS)) == {("request", "path", "is not described")}
    for version in ("2.15", None):
        unknown = call("GET", "/tags", answer=TAGS, version=version)
        assert {fault[1] for fault in found(unknown)} == {"Intercom-Version"}


def test_a_call_without_a_token_is_caught(checker):
    faults = checker.check(
        Exchange("GET", "/tags", "", {"intercom-version": "2.16"}, b"", 200, JSON, b'{"type":"list"}')
    )
    assert [fault.side for fault in faults] == ["request"]


def test_each_call_is_held_to_the_version_that_it_names(found):
    body = {"priority": "high", "admin_id": "1"}
    asked = {
        version: {
            fault[1] for fault in found(call("PUT", "/conversations/1", body, REFUSED, version=version, status=404))
        }
        for version in ("2.16", "Preview")
    }
    assert asked == {"2.16": {"$.priority", "$.admin_id"}, "Preview": set()}


def test_what_is_told_of_a_fault_holds_nothing_of_its_content(checker):
    wrong = {**MESSAGE, "id": SECRET, "message_type": SECRET, "created_at": SECRET, "conversation_id": [SECRET]}
    exchange = call("POST", "/conversations", {"from": {"type": SECRET, "id": SECRET}, "body": {"x": SECRET}}, wrong)
    faults = checker.check(exchange)
    assert {fault.side for fault in faults} == {"request", "answer"}
    assert not [fault for fault in faults if SECRET in str(fault)]


def test_a_wrong_value_is_not_hidden_by_a_choice_of_schemas(found):
    query = {"operator": "AND", "value": [{"field": "name", "operator": "=", "value": "x"}]}
    right, wrong = {"query": query}, {"query": {**query, "operator": "NEITHER"}}
    answer = {"type": "list", "data": [], "total_count": 0}
    assert found(call("POST", "/contacts/search", right, answer)) == set()
    assert {fault[0] for fault in found(call("POST", "/contacts/search", wrong, answer))} == {"request"}
