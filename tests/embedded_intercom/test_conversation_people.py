"""Redacting a conversation, its plain text, what deletion keeps, and assigning a closed one."""

import pytest


@pytest.fixture
def contact(api):
    return api.contact(name="Carla", email=f"carla-{next(api.numbers)}@example.com")


@pytest.fixture
def path(api, contact):
    return f"/conversations/{api.conversation(contact)}"


def test_a_redacted_message_stays_without_its_text(api, contact, path):
    key, admin = path.rpartition("/")[2], {"type": "admin", "admin_id": api.admin}
    reply = {**admin, "message_type": "comment", "body": "secret", "attachment_urls": ["https://example.com/a.png"]}
    part = api.ok("POST", f"{path}/reply", reply)["conversation_parts"]["conversation_parts"][0]
    body = {"type": "conversation_part", "conversation_id": key, "conversation_part_id": part["id"]}
    whole = api.ok("POST", "/conversations/redact", body)
    redacted = whole["conversation_parts"]["conversation_parts"][0]
    assert (redacted["id"], redacted["redacted"], redacted["attachments"]) == (part["id"], True, [])
    assert "secret" not in redacted["body"]
    source = {"type": "source", "conversation_id": key, "source_id": whole["source"]["id"]}
    opening = api.ok("POST", "/conversations/redact", source)["source"]
    assert (opening["redacted"], "Hello" in opening["body"]) == (True, False)
    api.ok("POST", f"{path}/parts", {**admin, "message_type": "close"})
    close = api.ok("GET", path)["conversation_parts"]["conversation_parts"][1]["id"]
    textless = {**body, "conversation_part_id": close}
    api.refused(400, "conversation_part_not_redactable", "POST", "/conversations/redact", textless)
    for wrong in (
        {**body, "conversation_part_id": "1"},
        {**body, "conversation_id": "1"},
        {**source, "source_id": "1"},
    ):
        api.refused(404, "conversation_part_or_message_not_found", "POST", "/conversations/redact", wrong)


def test_bodies_are_shown_as_plain_text_on_request(api, contact):
    text = "1 < 2\nsecond"
    path = f"/conversations/{api.conversation(contact, body=text)}"
    reply = {"type": "admin", "message_type": "note", "admin_id": api.admin}
    api.ok("POST", f"{path}/reply", {**reply, "body": "<p>One <b>two</b><br>three</p><ul><li>a</li><li>b</li></ul>"})
    api.ok("POST", f"{path}/parts", {"message_type": "open", "admin_id": api.admin})
    shown = api.ok("GET", f"{path}?display_as=plaintext")
    assert shown["source"]["body"] == text
    bodies = [part["body"] for part in shown["conversation_parts"]["conversation_parts"]]
    assert bodies == ["One two\nthree\na\nb", None]
    assert api.ok("GET", path)["conversation_parts"]["conversation_parts"][0]["body"].startswith("<p>One")
    assert api.ok("PUT", f"{path}?display_as=plaintext", {"read": True})["source"]["body"] == text


def test_deletion_may_take_the_reporting_along(api, contact):
    kept, dropped = api.conversation(contact), api.conversation(contact)
    api.ok("DELETE", f"/conversations/{kept}")
    api.ok("DELETE", f"/conversations/{dropped}?retain_metrics=false")
    for key in (kept, dropped):
        api.refused(404, "not_found", "GET", f"/conversations/{key}")


def test_assigning_a_closed_conversation_reopens_it_in_one_part(api, path):
    admin = {"type": "admin", "admin_id": api.admin}
    api.ok("POST", f"{path}/parts", {**admin, "message_type": "close"})
    opened = api.ok("POST", f"{path}/parts", {**admin, "message_type": "assignment", "assignee_id": api.admin})
    assert opened["state"] == "open"
    assert opened["conversation_parts"]["conversation_parts"][-1]["part_type"] == "assign_and_reopen"


def test_a_participant_is_added_and_taken_out_and_the_last_one_stays(api, contact, path):
    other, contact = api.contact(name="Otto")["id"], contact["id"]
    admin = {"admin_id": api.admin}

    def present():
        return [one["id"] for one in api.ok("GET", path)["contacts"]["contacts"]]

    api.ok("POST", f"{path}/customers", {**admin, "customer": {"intercom_user_id": other}})
    api.ok("POST", f"{path}/customers", {**admin, "customer": {"intercom_user_id": other}})
    assert present() == [contact, other]
    api.ok("DELETE", f"{path}/customers/{contact}", admin)
    assert present() == [other]
    api.refused(400, "parameter_invalid", "DELETE", f"{path}/customers/{other}", admin)
    api.refused(400, "parameter_invalid", "POST", f"{path}/customers", {**admin, "customer": {}})
    unknown = {**admin, "customer": {"email": "nobody@example.com"}}
    api.refused(404, "not_found", "POST", f"{path}/customers", unknown)
