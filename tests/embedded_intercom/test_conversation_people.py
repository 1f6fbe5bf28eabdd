"""Who takes part in a conversation; redacting, merging, plain text, and what deletion keeps."""

import pytest


@pytest.fixture
def contact(api):
    return api.contact(name="Carla", email=f"carla-{next(api.numbers)}@example.com")


@pytest.fixture
def path(api, contact):
    return f"/conversations/{api.conversation(contact)}"


def people(api, path):
    return [one["id"] for one in api.ok("GET", path)["contacts"]["contacts"]]


def found_by(api, contact):
    query = {"query": {"field": "contact_ids", "operator": "=", "value": contact["id"]}}
    return [row["id"] for row in api.ok("POST", "/conversations/search", query)["conversations"]]


def test_a_contact_is_added_by_each_of_its_keys(api, contact, path):
    key = path.rpartition("/")[2]
    others = [api.contact(email=f"other-{next(api.numbers)}@example.com") for _ in range(3)]
    for other, customer in zip(
        others,
        (
            {"intercom_user_id": others[0]["id"]},
            {"user_id": others[1]["external_id"]},
            {"email": others[2]["email"]},
        ),
        strict=True,
    ):
        answer = api.ok("POST", f"{path}/customers", {"admin_id": api.admin, "customer": customer})
        assert answer == {"customers": [{"type": "user", "id": other["id"]}]}
    assert people(api, path)[0] == contact["id"]
    assert set(people(api, path)) == {contact["id"], *(other["id"] for other in others)}
    assert found_by(api, others[1]) == [key] == found_by(api, contact)
    again = {"admin_id": api.admin, "customer": {"intercom_user_id": contact["id"]}}
    api.ok("POST", f"{path}/customers", again)
    kinds = [part["part_type"] for part in api.ok("GET", path)["conversation_parts"]["conversation_parts"]]
    assert kinds == ["participant_added"] * 3


def test_an_unknown_address_becomes_a_lead_and_a_contact_may_add_another(api, contact, path):
    body = {"customer": {"intercom_user_id": contact["id"], "customer": {"email": "New.Lead@example.com"}}}
    added = api.ok("POST", f"{path}/customers", body)["customers"][0]
    lead = api.ok("GET", f"/contacts/{added['id']}")
    assert (added["type"], lead["role"], lead["email"]) == ("lead", "lead", "new.lead@example.com")
    parts = api.ok("GET", path)["conversation_parts"]["conversation_parts"]
    assert parts[0]["author"]["id"] == contact["id"]
    admin = {"admin_id": api.admin}
    api.refused(404, "not_found", "POST", f"{path}/customers", {**admin, "customer": {"user_id": "nobody"}})
    api.refused(404, "not_found", "POST", "/conversations/1/customers", {**admin, "customer": {"user_id": "x"}})
    for wrong in ({}, {"user_id": "a", "email": "b"}, {"email": 5}):
        api.refused(400, "parameter_invalid", "POST", f"{path}/customers", {**admin, "customer": wrong})


def test_the_last_contact_stays_and_the_opening_message_stays_whose_it_was(api, contact, path):
    admin, other = {"admin_id": api.admin}, api.contact()
    own = f"{path}/customers/{contact['id']}"
    message = api.refused(422, "parameter_invalid", "DELETE", own, admin)
    assert message == "Removing the last customer is not allowed"
    assert api.refused(404, "not_found", "DELETE", f"{path}/customers/{other['id']}", admin) == "User Not Found"
    api.ok("POST", f"{path}/customers", {**admin, "customer": {"intercom_user_id": other["id"]}})
    assert api.ok("DELETE", own, admin)["customers"][0]["id"] == contact["id"]
    assert people(api, path) == [other["id"]]
    assert api.ok("GET", path)["source"]["author"]["id"] == contact["id"]
    assert (found_by(api, contact), found_by(api, other)) == ([], [path.rpartition("/")[2]])
    api.ok("POST", f"{path}/customers", {**admin, "customer": {"intercom_user_id": contact["id"]}})
    api.ok("DELETE", own, admin)
    assert people(api, path) == [other["id"]]


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


def test_deletion_keeps_the_reporting_unless_asked(api, contact):
    kept, dropped = api.conversation(contact), api.conversation(contact)
    api.ok("DELETE", f"/conversations/{kept}")
    api.ok("DELETE", f"/conversations/{dropped}?retain_metrics=false")
    listed = api.ok("GET", "/conversations/deleted?per_page=2")
    assert listed["type"] == "conversations.list"
    assert [(row["id"], row["metrics_retained"]) for row in listed["conversations"]] == [(dropped, False), (kept, True)]
    assert (listed["conversations"][0]["type"], listed["pages"]["page"]) == ("conversation", 1)
    ordered = api.ok("GET", "/conversations/deleted?order=asc&per_page=1")
    assert ordered["conversations"][0]["id"] == kept
    following = api.ok("GET", ordered["pages"]["next"].removeprefix(api.process.url))
    assert following["conversations"][0]["id"] == dropped
    api.refused(400, "parameter_invalid", "GET", "/conversations/deleted?order=up")


def test_assigning_a_closed_conversation_reopens_it_in_one_part(api, path):
    admin = {"type": "admin", "admin_id": api.admin}
    api.ok("POST", f"{path}/parts", {**admin, "message_type": "close"})
    opened = api.ok("POST", f"{path}/parts", {**admin, "message_type": "assignment", "assignee_id": api.admin})
    assert opened["state"] == "open"
    assert opened["conversation_parts"]["conversation_parts"][-1]["part_type"] == "assign_and_reopen"
