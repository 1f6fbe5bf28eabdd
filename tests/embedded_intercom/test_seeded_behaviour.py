"""What a seed file can turn: behaviours between contradicting sources, and what plan and token leave out."""

import re

import pytest

from embedded_intercom.process import EmbeddedProcessError
from embedded_intercom.protocol.behaviours import choose
from embedded_intercom.protocol.permissions import refusal

OTHER_WAYS = {
    "same_email": "allow",
    "lead_external_id": "ignore",
    "default_role": "lead",
    "find_company": "list",
    "reply_to_closed": "comment",
    "page_sizes": "large",
    "ticket_list_values": "label",
    "ticket_dates": "strict",
    "request_id": "token",
}


def test_a_seed_names_behaviours(started):
    api = started(behaviours=OTHER_WAYS)
    assert api.ok("POST", "/contacts", {"email": "first@example.com"})["role"] == "lead"
    lead = api.ok("POST", "/contacts", {"role": "lead", "external_id": "mine"})
    assert lead["external_id"] != "mine"
    shared = {"role": "user", "email": "shared@example.com"}
    first = api.ok("POST", "/contacts", {**shared, "external_id": "1"})
    api.ok("POST", "/contacts", {**shared, "external_id": "2"})
    api.refused(409, "conflict", "POST", "/contacts", shared)
    api.refused(409, "conflict", "POST", "/contacts", {**shared, "external_id": "1"})
    company = api.ok("POST", "/companies", {"company_id": "c"})
    assert [row["id"] for row in api.ok("GET", "/companies?company_id=c")["data"]] == [company["id"]]
    assert api.ok("POST", "/companies/list", {})["pages"]["per_page"] == 20
    assert api.ok("GET", "/contacts")["pages"]["per_page"] == 50

    path = f"/conversations/{api.conversation(first)}"
    api.ok("POST", f"{path}/parts", {"message_type": "close", "type": "admin", "admin_id": api.admin})
    reply = {"type": "user", "message_type": "comment", "intercom_user_id": first["id"], "body": "Again"}
    reopened = api.ok("POST", f"{path}/reply", reply)
    assert (reopened["state"], reopened["conversation_parts"]["conversation_parts"][-1]["part_type"]) == (
        "open",
        "comment",
    )

    kind = api.ticket_type()
    options = api.attribute(kind, "Level", "list", list_items="A,B")["input_options"]["list_options"]
    ticket = api.ticket(kind, first, ticket_attributes={"Level": options[1]["id"]})
    assert ticket["ticket_attributes"]["Level"] == "B"
    query = {"query": {"field": "created_at", "operator": ">=", "value": 0}}
    api.refused(400, "parameter_invalid", "POST", "/tickets/search", query)
    answer = api.ask("GET", "/nowhere")
    assert re.fullmatch(r"[0-9a-z]{20}", answer.json()["request_id"])
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


def test_a_behaviour_that_there_is_not_stops_the_start(started):
    with pytest.raises(EmbeddedProcessError, match="colour"):
        started(behaviours={"colour": "red"})
    with pytest.raises(ValueError, match="refuse, allow"):
        choose({"same_email": "maybe"})


def test_what_plan_and_token_lack_is_refused_with_its_own_code(started):
    lacking = {"plan_lacks": ["tickets"], "token_lacks": ["write_contacts", "delete_conversations_and_metrics"]}
    api = started(**lacking)
    for method, path in (("GET", "/ticket_types"), ("POST", "/tickets"), ("POST", "/tickets/search")):
        message = api.refused(403, "api_plan_restricted", method, path, {})
        assert message == "Active subscription needed."
    api.refused(403, "forbidden", "POST", "/contacts", {"role": "lead"})
    assert api.ok("GET", "/contacts")["total_count"] == 0
    assert (
        api.ok("POST", "/contacts/search", {"query": {"field": "role", "operator": "=", "value": "user"}})["data"] == []
    )
    answer = api.ask("POST", "/contacts", {"role": "lead"})
    assert "x-ratelimit-remaining" in answer.headers
    assert api.ok("GET", "/me")["app"]["id_code"]


@pytest.mark.parametrize(
    ("method", "template", "lacks", "code"),
    [
        ("GET", "/contacts/{id}", {"read_contacts"}, "forbidden"),
        ("POST", "/contacts/search", {"read_contacts"}, "forbidden"),
        ("POST", "/contacts/search", {"write_contacts"}, None),
        ("DELETE", "/conversations/{id}", {"write_conversations"}, "forbidden"),
        ("DELETE", "/conversations/{id}", {"write_tickets"}, None),
        ("GET", "/me", {"read_people"}, None),
        ("GET", "/__embedded/state", {"read_contacts"}, None),
    ],
)
def test_a_scope_is_read_or_write_of_an_area(method, template, lacks, code):
    refused = refusal(method, template, (), lacks)
    assert (refused.code if refused else None) == code


def test_conversations_that_are_tickets_need_the_scope_of_tickets(started):
    api = started(token_lacks=["read_tickets"])
    contact = api.contact()
    conversation = api.conversation(contact)
    api.ticket(api.ticket_type(), contact)
    query = {"query": {"field": "created_at", "operator": ">", "value": 0}}
    for found in (api.ok("POST", "/conversations/search", query), api.ok("GET", "/conversations")):
        assert [row["id"] for row in found["conversations"]] == [conversation]


def test_reporting_is_only_wiped_with_its_own_scope(started):
    api = started(token_lacks=["delete_conversations_and_metrics"])
    path = f"/conversations/{api.conversation(api.contact())}"
    api.refused(403, "forbidden", "DELETE", f"{path}?retain_metrics=false")
    assert api.ok("DELETE", path)["deleted"] is True
