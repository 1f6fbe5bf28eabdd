"""Conversations: create, reply, manage, convert, attachments, delete."""

import base64

import pytest


@pytest.fixture(scope="module")
def contact(api):
    return api.contact(name="Carla", email="carla@example.com")


@pytest.fixture
def path(api, contact):
    return f"/conversations/{api.conversation(contact)}"


def by_contact(contact, **fields):
    return {
        "type": "user",
        "message_type": "comment",
        "intercom_user_id": contact["id"],
        "body": "Hello again",
        **fields,
    }


def by_admin(api, **fields):
    return {
        "type": "admin",
        "message_type": "comment",
        "admin_id": api.admin,
        "body": "Answer",
        "skip_notifications": True,
        **fields,
    }


def test_create_answers_the_message_and_keeps_the_past(api, contact):
    body = {"from": {"type": "user", "id": contact["id"]}, "body": "<b>1 < 2</b>", "created_at": 1400000000}
    message = api.ok("POST", "/conversations", body)
    assert (message["type"], message["message_type"]) == ("user_message", "inapp")
    assert message["created_at"] == 1400000000
    made = api.ok("GET", f"/conversations/{message['conversation_id']}")
    assert made["source"]["id"] == message["id"] != made["id"]
    assert made["source"]["body"] == "<p>&lt;b&gt;1 &lt; 2&lt;/b&gt;</p>"
    assert made["source"]["delivered_as"] == "customer_initiated"
    assert (made["state"], made["open"], made["read"], made["title"]) == ("open", True, False, None)
    assert (made["admin_assignee_id"], made["team_assignee_id"], made["priority"]) == (0, 0, "none")
    assert (made["created_at"], made["waiting_since"]) == (1400000000, 1400000000)
    assert made["statistics"]["count_conversation_parts"] == 1
    assert made["conversation_parts"]["total_count"] == 0
    api.refused(404, "not_found", "GET", f"/conversations/{message['id']}")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"from": None}, 400, "parameter_invalid"),
        ({"from": {"type": "admin", "id": "1"}}, 400, "parameter_invalid"),
        ({"from": {"type": "user", "id": "0" * 24}}, 404, "not_found"),
        ({"body": ""}, 400, "parameter_invalid"),
        ({"body": 5}, 400, "parameter_invalid"),
        ({"created_at": True}, 400, "parameter_invalid"),
        ({"attachment_urls": ["https://example.com/a.png"] * 11}, 400, "parameter_invalid"),
        ({"attachment_urls": ["file:///etc/passwd"]}, 400, "parameter_invalid"),
    ],
)
def test_wrong_conversations_are_refused(api, contact, change, status, code):
    body = {"from": {"type": "user", "id": contact["id"]}, "body": "Hi", **change}
    api.refused(status, code, "POST", "/conversations", body)


def test_replies_answer_the_whole_conversation_in_order_of_time(api, contact, path):
    api.ok("POST", f"{path}/reply", by_contact(contact, created_at=1400000300))
    api.ok("POST", f"{path}/reply", by_admin(api, created_at=1400000100, body="<p>ok</p>"))
    whole = api.ok("POST", f"{path}/reply", by_admin(api, created_at=1400000200, message_type="note"))
    parts = whole["conversation_parts"]["conversation_parts"]
    assert [(part["part_type"], part["created_at"]) for part in parts] == [
        ("comment", 1400000100),
        ("note", 1400000200),
        ("comment", 1400000300),
    ]
    assert [part["type"] for part in parts] == ["conversation_part"] * 3
    assert int(parts[2]["id"]) < int(parts[0]["id"]) < int(parts[1]["id"])
    assert parts[2]["author"] == {
        "type": "user",
        "id": contact["id"],
        "name": "Carla",
        "email": "carla@example.com",
    }
    assert parts[0]["author"]["name"] == "Ada"
    assert (whole["conversation_parts"]["total_count"], whole["statistics"]["count_conversation_parts"]) == (3, 4)
    assert whole["teammates"]["teammates"] == [{"type": "admin", "id": api.admin}]


def test_only_a_wholly_wrapped_reply_is_html_and_it_is_sanitised(api, contact, path):
    bodies = {
        "<p>One <b>two</b></p>": "<p>One <b>two</b></p>",
        "One <b>two</b>": "<p>One &lt;b&gt;two&lt;/b&gt;</p>",
        "line\nline": "<p>line<br>line</p>",
        '<p onclick="x()">a<script>alert(1)</script></p>': "<p>a</p>",
        '<p><a href="https://example.com/?a=1&amp;b=2">l</a></p>': '<p><a href="https://example.com/?a=1&amp;b=2">l</a></p>',
        "<html><body><ul><li>x</li></ul></body></html>": "<ul><li>x</li></ul>",
    }
    for number, body in enumerate(bodies):
        api.ok("POST", f"{path}/reply", by_contact(contact, body=body, created_at=1400000000 + number))
    parts = api.ok("GET", path)["conversation_parts"]["conversation_parts"]
    assert [part["body"] for part in parts] == list(bodies.values())


def test_a_contact_is_named_by_exactly_one_key(api, contact, path):
    base = {"type": "user", "message_type": "comment", "body": "x"}
    for one in ({"user_id": contact["external_id"]}, {"email": "carla@example.com"}):
        whole = api.ok("POST", f"{path}/reply", {**base, **one})
        assert whole["conversation_parts"]["conversation_parts"][-1]["author"]["id"] == contact["id"]
    api.refused(400, "parameter_invalid", "POST", f"{path}/reply", base)
    both = {"user_id": contact["external_id"], "intercom_user_id": contact["id"]}
    api.refused(400, "parameter_invalid", "POST", f"{path}/reply", {**base, **both})
    api.refused(404, "not_found", "POST", f"{path}/reply", {**base, "user_id": "nobody"})


def test_wrong_replies_are_refused(api, contact, path):
    reply = f"{path}/reply"
    api.refused(404, "admin_not_found", "POST", reply, by_admin(api, admin_id="7"))
    api.refused(400, "parameter_invalid", "POST", reply, by_admin(api, admin_id=int(api.admin)))
    api.refused(400, "parameter_invalid", "POST", reply, by_admin(api, body=""))
    api.refused(400, "parameter_invalid", "POST", reply, by_admin(api, message_type="close"))
    api.refused(400, "parameter_invalid", "POST", reply, by_contact(contact, message_type="note"))
    api.refused(400, "parameter_not_found", "POST", reply, {"type": "admin", "message_type": "comment", "body": "x"})
    api.refused(404, "not_found", "POST", "/conversations/1/reply", by_contact(contact))
    assert api.ok("GET", path)["conversation_parts"]["total_count"] == 0


def test_the_same_reply_twice_is_two_parts(api, contact, path):
    for _ in range(2):
        whole = api.ok("POST", f"{path}/reply", by_contact(contact, created_at=1400000000))
    assert whole["conversation_parts"]["total_count"] == 2


def test_attachments_as_files_and_as_links(api, contact, path):
    data = base64.b64encode(b"\x00file").decode()
    file = {"name": "a.bin", "content_type": "application/x-thing", "data": data}
    whole = api.ok("POST", f"{path}/reply", by_admin(api, attachment_files=[file]))
    kept = whole["conversation_parts"]["conversation_parts"][0]["attachments"][0]
    assert (kept["type"], kept["name"], kept["content_type"]) == ("upload", "a.bin", "application/x-thing")
    assert kept["filesize"] == 5
    assert api.http.get(kept["url"]).content == b"\x00file"
    link = by_contact(contact, attachment_urls=["https://example.com/x/pic.png?sig=1"])
    whole = api.ok("POST", f"{path}/reply", link)
    kept = whole["conversation_parts"]["conversation_parts"][1]["attachments"][0]
    assert (kept["name"], kept["content_type"]) == ("pic.png", "image/png")
    for wrong in ([file] * 11, [{**file, "data": "***"}], [{"name": "x"}], ["x"]):
        api.refused(400, "parameter_invalid", "POST", f"{path}/reply", by_admin(api, attachment_files=wrong))


def test_manage_closes_opens_snoozes_and_assigns_now(api, path):
    admin, team = api.admin, api.ok("GET", "/teams")["teams"][0]["id"]
    now = api.ok("GET", "/__embedded/state")["now"]

    def manage(kind, **fields):
        return api.ok("POST", f"{path}/parts", {"message_type": kind, "admin_id": admin, **fields})

    assigned = manage("assignment", type="admin", assignee_id=admin)
    assert assigned["admin_assignee_id"] == int(admin)
    part = assigned["conversation_parts"]["conversation_parts"][-1]
    assert (part["part_type"], part["assigned_to"]) == ("assignment", {"type": "admin", "id": admin})
    assert part["created_at"] >= now
    assert manage("assignment", type="team", assignee_id=team)["team_assignee_id"] == int(team)
    assert manage("assignment", type="admin", assignee_id="0")["admin_assignee_id"] == 0
    closed = manage("close", type="admin")
    assert (closed["state"], closed["open"], closed["waiting_since"]) == ("closed", False, None)
    assert closed["statistics"]["last_closed_by_id"] == admin
    assert manage("open")["state"] == "open"
    snoozed = manage("snoozed", snoozed_until=now + 5000)
    assert (snoozed["state"], snoozed["snoozed_until"], snoozed["open"]) == ("snoozed", now + 5000, True)
    body = {"message_type": "assignment", "type": "admin", "admin_id": admin, "assignee_id": "7"}
    api.refused(404, "assignee_not_found", "POST", f"{path}/parts", body)
    api.refused(400, "parameter_invalid", "POST", f"{path}/parts", {"message_type": "snoozed", "admin_id": admin})
    api.refused(404, "admin_not_found", "POST", f"{path}/parts", {"message_type": "open", "admin_id": "7"})


def test_replies_wake_what_sleeps(api, contact, path):
    close = {"message_type": "close", "type": "admin", "admin_id": api.admin}
    api.ok("POST", f"{path}/parts", close)
    assert api.ok("POST", f"{path}/reply", by_admin(api))["state"] == "closed"
    reopened = api.ok("POST", f"{path}/reply", by_contact(contact))
    assert (reopened["state"], reopened["statistics"]["count_reopens"]) == ("open", 1)
    assert reopened["conversation_parts"]["conversation_parts"][-1]["part_type"] == "open"
    until = api.ok("GET", "/__embedded/state")["now"] + 5000
    snooze = {"message_type": "snoozed", "admin_id": api.admin, "snoozed_until": until}
    api.ok("POST", f"{path}/parts", snooze)
    woken = api.ok("POST", f"{path}/reply", by_admin(api, message_type="note"))
    assert (woken["state"], woken["snoozed_until"]) == ("open", None)


def test_update_sets_title_read_and_company(api, path):
    company = api.ok("POST", "/companies", {"company_id": "acme"})
    changed = api.ok("PUT", path, {"title": "T", "read": True, "company_id": company["id"]})
    assert (changed["title"], changed["read"], changed["company"]["id"]) == ("T", True, company["id"])
    api.refused(404, "company_not_found", "PUT", path, {"company_id": "acme"})


def test_convert_keeps_the_thread(api, contact, path):
    api.ok("POST", f"{path}/reply", by_contact(contact))
    kind, other = api.ticket_type(), api.ticket_type("Back-office")
    state = api.ok("GET", "/ticket_states")["data"][3]
    message = api.refused(400, "parameter_invalid", "POST", f"{path}/convert", {"ticket_type_id": other["id"]})
    assert message == "Ticket type is not a customer ticket type"
    body = {
        "ticket_type_id": kind["id"],
        "ticket_state_id": state["id"],
        "attributes": {"_default_title_": "Now a ticket"},
    }
    ticket = api.ok("POST", f"{path}/convert", body)
    assert ticket["id"] == path.rpartition("/")[2]
    assert ticket["ticket_state"]["category"] == "resolved"
    assert ticket["ticket_attributes"]["_default_title_"] == "Now a ticket"
    assert [part["part_type"] for part in ticket["ticket_parts"]["ticket_parts"]] == ["comment"]
    assert api.ok("GET", path)["source"]["body"] == "<p>Hello</p>"
    api.refused(400, "parameter_invalid", "POST", f"{path}/convert", body)


def test_a_long_conversation_shows_its_500_newest_parts(api, contact, path):
    for number in range(503):
        api.ok("POST", f"{path}/reply", by_contact(contact, created_at=1400000000 + number))
    parts = api.ok("GET", path)["conversation_parts"]
    shown = [part["created_at"] for part in parts["conversation_parts"]]
    assert parts["total_count"] == 503
    assert shown == list(range(1400000003, 1400000503))


def test_deleted_conversations_are_gone(api, path):
    key = path.rpartition("/")[2]
    assert api.ok("DELETE", path) == {"id": key, "object": "conversation", "deleted": True}
    api.refused(404, "not_found", "GET", path)
