"""What tracker tickets link to; what older versions take."""

import pytest


@pytest.fixture(scope="module")
def contact(api):
    return api.contact()


def test_a_conversation_has_one_tracker_that_both_show(api, contact):
    conversation = api.conversation(contact)
    tracker = api.ticket_type("Tracker")
    made = api.ticket(tracker, contact, conversation_to_link_id=conversation)
    assert [row["id"] for row in made["linked_objects"]["data"]] == [conversation]
    shown = api.ok("GET", f"/conversations/{conversation}")["linked_objects"]
    assert shown["data"] == [{"type": "ticket", "id": made["id"], "category": "Tracker"}]
    body = {
        "ticket_type_id": tracker["id"],
        "contacts": [{"id": contact["id"]}],
        "conversation_to_link_id": conversation,
    }
    message = api.refused(400, "already_linked_to_tracker", "POST", "/tickets", body)
    assert message == "A conversation can only have one tracker ticket"
    absent = {**body, "conversation_to_link_id": "1"}
    api.refused(404, "conversation_not_found", "POST", "/tickets", absent)
    api.ok("DELETE", f"/tickets/{made['id']}")
    api.ticket(tracker, contact, conversation_to_link_id=conversation)


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
