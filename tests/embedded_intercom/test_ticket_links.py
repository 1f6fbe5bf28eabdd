"""Tracker tickets and what is linked to them; what older versions take."""

import pytest

from embedded_intercom.routes import ticket_links


@pytest.fixture(scope="module")
def contact(api):
    return api.contact()


def tracker(api, contact):
    return f"/tickets/{api.ticket(api.ticket_type('Tracker'), contact)['id']}"


def linked(api, path):
    return [row["id"] for row in api.ok("GET", path)["linked_objects"]["data"]]


def test_conversations_and_customer_tickets_are_linked_to_a_tracker(api, contact):
    path, other = tracker(api, contact), tracker(api, contact)
    conversation, ticket = api.conversation(contact), api.ticket(api.ticket_type(), contact)["id"]
    for key in (conversation, ticket, conversation):
        whole = api.ok("POST", f"{path}/linked_conversations", {"conversation_id": key})
        assert whole["linked_objects"]["data"] == [
            {"type": "ticket", "id": path.rpartition("/")[2], "category": "Tracker"}
        ]
    assert linked(api, path) == [conversation, ticket]
    message = api.refused(
        400, "already_linked_to_tracker", "POST", f"{other}/linked_conversations", {"conversation_id": conversation}
    )
    assert message == "A conversation can only have one tracker ticket"
    body = {
        "ticket_type_id": api.ticket_type("Tracker")["id"],
        "contacts": [{"id": contact["id"]}],
        "conversation_to_link_id": conversation,
    }
    api.refused(400, "already_linked_to_tracker", "POST", "/tickets", body)
    gone = api.ok("DELETE", f"{path}/linked_conversations/{conversation}")
    assert (gone["id"], gone["linked_objects"]["total_count"]) == (conversation, 0)
    assert linked(api, path) == [ticket]
    api.ok("POST", f"{other}/linked_conversations", {"conversation_id": conversation})


def test_wrong_links_are_refused(api, contact):
    path, conversation = tracker(api, contact), api.conversation(contact)
    own = f"/tickets/{api.ticket(api.ticket_type(), contact)['id']}"
    body = {"conversation_id": conversation}
    for method, where, given, status, code in (
        ("POST", f"{own}/linked_conversations", body, 400, "invalid_ticket_type"),
        ("DELETE", f"{own}/linked_conversations/{conversation}", {}, 400, "invalid_ticket_type"),
        ("POST", f"{path}/linked_conversations", {}, 400, "parameter_not_found"),
        ("POST", f"{path}/linked_conversations", {"conversation_id": "1"}, 404, "conversation_not_found"),
        ("POST", "/tickets/1/linked_conversations", body, 404, "ticket_not_found"),
        ("DELETE", f"{path}/linked_conversations/{conversation}", {}, 404, "conversation_not_found"),
    ):
        api.refused(status, code, method, where, given)
    api.refused(400, "intercom_version_invalid", "POST", f"{path}/linked_conversations", body, version="2.15")


def test_a_tracker_takes_2500_conversations(local, monkeypatch):
    assert ticket_links.MAX_LINKS == 2500
    monkeypatch.setattr(ticket_links, "MAX_LINKS", 2)
    kind = local("POST", "/ticket_types", {"name": "Tracker", "category": "Tracker"})
    person = local("POST", "/contacts", {"role": "user", "external_id": "x"})
    body = {"ticket_type_id": kind["id"], "contacts": [{"id": person["id"]}], "skip_notifications": True}
    path = f"/tickets/{local('POST', '/tickets', body)['id']}/linked_conversations"
    sender = {"from": {"type": "user", "id": person["id"]}, "body": "x"}
    answers = [
        local("POST", path, {"conversation_id": local("POST", "/conversations", sender)["conversation_id"]})
        for _ in range(3)
    ]
    assert answers[2]["errors"][0]["code"] == "linked_conversation_limit_exceeded"
    assert answers[1]["linked_objects"]["total_count"] == 1


def test_companies_of_tickets_went_by_the_callers_id_until_2_13(api, contact):
    company = api.ok("POST", "/companies", {"company_id": "mine"})
    body = {"ticket_type_id": api.ticket_type()["id"], "contacts": [{"id": contact["id"]}], "skip_notifications": True}
    for given, version in ((company["id"], "2.14"), ("mine", "2.13")):
        made = api.ok("POST", "/tickets", {**body, "company_id": given}, version=version)
        assert api.ok("GET", f"/conversations/{made['id']}")["company"]["id"] == company["id"]
    api.refused(404, "company_not_found", "POST", "/tickets", {**body, "company_id": "mine"}, version="2.14")


def test_files_on_tickets_came_with_2_16(api, contact):
    path = f"/tickets/{api.ticket(api.ticket_type(), contact)['id']}/reply"
    file = {"name": "a.txt", "content_type": "text/plain", "data": "YQ=="}
    body = {"type": "admin", "message_type": "comment", "admin_id": api.admin, "body": "x", "attachment_files": [file]}
    assert len(api.ok("POST", path, body)["attachments"]) == 1
    assert api.ok("POST", path, body, version="2.15")["attachments"] == []
