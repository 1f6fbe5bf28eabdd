"""Tickets: create, queue, update, reply, tags, delete."""

import itertools

import pytest


@pytest.fixture(scope="module")
def kind(api):
    made = api.ticket_type()
    for name, data_type in (("Text", "string"), ("Number", "integer"), ("Rate", "decimal"), ("Flag", "boolean")):
        api.attribute(made, name, data_type)
    api.attribute(made, "When", "datetime")
    api.attribute(made, "Priority", "list", list_items="High,Low")
    return api.ok("GET", f"/ticket_types/{made['id']}")


@pytest.fixture(scope="module")
def contact(api):
    return api.contact(name="Carla", email="carla@example.com")


def option(kind, name, label):
    attribute = next(entry for entry in kind["ticket_type_attributes"]["data"] if entry["name"] == name)
    return next(item["id"] for item in attribute["input_options"]["list_options"] if item["label"] == label)


def states(api):
    return {state["category"]: state["id"] for state in api.ok("GET", "/ticket_states")["data"]}


def test_create_keeps_what_was_given(api, kind, contact):
    company = api.ok("POST", "/companies", {"company_id": "acme", "name": "Acme"})
    team = api.ok("GET", "/teams")["teams"][0]["id"]
    attributes = {
        "_default_title_": "Broken",
        "_default_description_": "1 < 2 & <b>\nsecond",
        "Text": "t",
        "Number": 5,
        "Rate": 1.5,
        "Flag": False,
        "When": 1500000000,
        "Priority": option(kind, "Priority", "High"),
    }
    made = api.ticket(
        kind,
        contact,
        created_at=1400000000,
        company_id=company["id"],
        assignment={"admin_assignee_id": api.admin, "team_assignee_id": team},
        ticket_attributes=attributes,
    )
    assert made["ticket_attributes"] == attributes
    assert (made["created_at"], made["open"], made["category"]) == (1400000000, True, "Customer")
    assert (made["admin_assignee_id"], made["team_assignee_id"]) == (int(api.admin), int(team))
    assert made["ticket_state"]["category"] == "submitted"
    reference = {"type": "contact", "id": contact["id"], "external_id": contact["external_id"]}
    assert made["contacts"]["contacts"] == [reference]
    assert "snoozed_until" not in made
    assert made["ticket_parts"]["total_count"] == 1
    assert api.ok("GET", f"/tickets/{made['id']}") == made
    seen = api.ok("GET", f"/conversations/{made['id']}")
    assert seen["source"]["body"] == "<p>1 &lt; 2 &amp; &lt;b&gt;<br>second</p>"
    assert (seen["company"]["id"], seen["title"]) == (company["id"], "Broken")


def test_unassigned_is_zero(api, kind, contact):
    made = api.ticket(kind, contact)
    assert (made["admin_assignee_id"], made["team_assignee_id"]) == (0, 0)


def test_contacts_are_named_by_exactly_one_key(api, kind, contact):
    def create(*contacts):
        body = {"ticket_type_id": kind["id"], "contacts": list(contacts), "skip_notifications": True}
        return api.ask("POST", "/tickets", body)

    by_external_id = create({"external_id": contact["external_id"]}).json()
    by_email = create({"email": "Carla@Example.com"}).json()
    assert by_external_id["contacts"] == by_email["contacts"]
    for wrong in ([], [{"id": contact["id"], "email": "a@example.com"}], [{}], [{"id": 5}], [{"id": "a"}, {"id": "b"}]):
        assert create(*wrong).status_code == 400
    assert create({"id": "0" * 24}).status_code == 404
    assert create({"external_id": "nobody"}).status_code == 404
    new = create({"email": "new.person@example.com"}).json()["contacts"]["contacts"][0]
    assert api.ok("GET", f"/contacts/{new['id']}")["email"] == "new.person@example.com"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"Colour": "red", "Size": 1}, "Extra attributes provided that are not found on ticket type: Colour, Size"),
        ({"Priority": "High"}, "Attribute 'Priority' must be the id of one of its list items"),
        ({"Number": "5"}, "Attribute 'Number' must be of type integer"),
        ({"Number": True}, "Attribute 'Number' must be of type integer"),
        ({"Flag": "yes"}, "Attribute 'Flag' must be of type boolean"),
        ({"When": "tomorrow"}, "Attribute 'When' must be a datetime"),
        ({"_default_title_": 5}, "Attribute '_default_title_' must be of type string"),
    ],
)
def test_wrong_attributes_are_refused(api, kind, contact, attributes, message):
    before = api.ok("GET", "/__embedded/state")["counts"]
    for path in ("/tickets", "/tickets/enqueue"):
        body = {
            "ticket_type_id": kind["id"],
            "contacts": [{"id": contact["id"]}],
            "ticket_attributes": attributes,
        }
        assert api.refused(400, "parameter_invalid", "POST", path, body) == message
    assert api.ok("GET", "/__embedded/state")["counts"] == before


def test_required_attributes_are_required(api, contact):
    kind = api.ticket_type()
    api.attribute(kind, "Needed", required_to_create=True)
    body = {"ticket_type_id": kind["id"], "contacts": [{"id": contact["id"]}]}
    assert api.refused(400, "parameter_invalid", "POST", "/tickets", body) == "Missing required ticket attributes"
    assert api.ticket(kind, contact, ticket_attributes={"Needed": "x"})["ticket_attributes"]["Needed"] == "x"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ticket_type_id": 5}, 400, "parameter_invalid"),
        ({"ticket_type_id": "5"}, 404, "not_found"),
        ({"created_at": "2020-01-01"}, 400, "parameter_invalid"),
        ({"created_at": 1500000000000}, 400, "parameter_invalid"),
        ({"skip_notifications": "true"}, 400, "parameter_invalid"),
        ({"company_id": "none"}, 404, "company_not_found"),
        ({"assignment": {"admin_assignee_id": 7}}, 400, "parameter_invalid"),
        ({"assignment": {"admin_assignee_id": "7"}}, 404, "assignee_not_found"),
        ({"assignment": {"team_assignee_id": "7"}}, 404, "assignee_not_found"),
    ],
)
def test_wrong_tickets_are_refused(api, kind, contact, change, status, code):
    body = {"ticket_type_id": kind["id"], "contacts": [{"id": contact["id"]}], **change}
    api.refused(status, code, "POST", "/tickets", body)


def test_a_queued_ticket_is_there_when_its_job_is_done(started):
    api = started("--job-delay", "1000")
    kind, contact = api.ticket_type(), api.contact()
    body = {"ticket_type_id": kind["id"], "contacts": [{"id": contact["id"]}], "created_at": 1400000000}
    job = api.ok("POST", "/tickets/enqueue", body)
    assert (job["type"], job["status"], job["resource_id"]) == ("job", "pending", None)
    everything = {"query": {"field": "ticket_type_id", "operator": "=", "value": kind["id"]}}
    assert api.ok("POST", "/tickets/search", everything)["total_count"] == 0
    lost = api.contact()
    other = api.ok("POST", "/tickets/enqueue", {**body, "contacts": [{"id": lost["id"]}]})
    api.ok("DELETE", f"/contacts/{lost['id']}")
    api.advance(1001)
    done = api.ok("GET", f"/jobs/status/{job['id']}")
    assert (done["status"], done["resource_type"]) == ("success", "ticket")
    assert api.ok("GET", f"/tickets/{done['resource_id']}")["created_at"] == 1400000000
    assert api.ok("POST", "/tickets/search", everything)["total_count"] == 1
    failed = api.ok("GET", f"/jobs/status/{other['id']}")
    assert (failed["status"], failed["resource_id"], failed["resource_url"]) == ("failed", None, None)
    api.refused(404, "job_not_found", "GET", "/jobs/status/999")


def test_checking_a_queued_ticket_leaves_nothing(api, kind):
    body = {"ticket_type_id": kind["id"], "contacts": [{"email": "queued@example.com"}], "skip_notifications": True}
    before = api.ok("GET", "/__embedded/state")["counts"]
    api.refused(404, "company_not_found", "POST", "/tickets/enqueue", {**body, "company_id": "none"})
    assert api.ok("GET", "/__embedded/state")["counts"] == before
    api.ok("POST", "/tickets/enqueue", body)
    api.advance(1)
    after = api.ok("GET", "/__embedded/state")["counts"]
    assert (after["contacts"], after["tickets"]) == (before["contacts"] + 1, before["tickets"] + 1)


def test_update_sets_state_and_opening_apart(api, kind, contact):
    path = f"/tickets/{api.ticket(kind, contact)['id']}"
    admin, known = int(api.admin), states(api)
    resolved = api.ok("PUT", path, {"ticket_state_id": known["resolved"], "admin_id": admin})
    assert (resolved["ticket_state"]["category"], resolved["open"]) == ("resolved", True)
    assert resolved["previous_ticket_state_id"] == known["submitted"]
    assert api.ok("PUT", path, {"open": False})["open"] is False
    until = api.ok("GET", "/__embedded/state")["now"] + 1000
    assert api.ok("PUT", path, {"snoozed_until": until})["snoozed_until"] == until
    assert api.ok("GET", path.replace("tickets", "conversations"))["state"] == "snoozed"
    types = [part["part_type"] for part in api.ok("GET", path)["ticket_parts"]["ticket_parts"]]
    assert types == ["ticket_state_updated_by_admin", "ticket_state_updated_by_admin", "close", "snoozed"]
    changed = api.ok("PUT", path, {"ticket_attributes": {"Number": 9, "_default_title_": "New"}})
    assert (changed["ticket_attributes"]["Number"], changed["ticket_attributes"]["_default_title_"]) == (9, "New")
    assert api.ok("PUT", path, {"ticket_attributes": {"Number": None}})["ticket_attributes"].get("Number") is None


def test_update_assigns_one_at_a_time(api, kind, contact):
    path = f"/tickets/{api.ticket(kind, contact)['id']}"
    team = api.ok("GET", "/teams")["teams"][0]["id"]
    assert api.ok("PUT", path, {"assignee_id": api.admin})["admin_assignee_id"] == int(api.admin)
    both = api.ok("PUT", path, {"assignee_id": team})
    assert (both["admin_assignee_id"], both["team_assignee_id"]) == (int(api.admin), int(team))
    none = api.ok("PUT", path, {"assignee_id": "0"})
    assert (none["admin_assignee_id"], none["team_assignee_id"]) == (0, 0)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"admin_id": "991267459"}, 400, "parameter_invalid"),
        ({"admin_id": 7}, 404, "assignee_not_found"),
        ({"assignee_id": 991267459}, 400, "parameter_invalid"),
        ({"assignee_id": "7"}, 404, "assignee_not_found"),
        ({"ticket_state_id": "7"}, 400, "ticket_state_id_invalid"),
        ({"ticket_attributes": {"Colour": "red"}}, 400, "parameter_invalid"),
        ({"open": "no"}, 400, "parameter_invalid"),
        ({"snoozed_until": 5}, 400, "parameter_invalid"),
    ],
)
def test_wrong_updates_are_refused_whole(api, kind, contact, body, status, code):
    made = api.ticket(kind, contact)
    api.refused(status, code, "PUT", f"/tickets/{made['id']}", {"is_shared": False, **body})
    assert api.ok("GET", f"/tickets/{made['id']}") == made


def test_replies_answer_the_part_and_keep_the_time(api, kind, contact):
    path = f"/tickets/{api.ticket(kind, contact, created_at=1400000000)['id']}"
    by_contact = api.ok(
        "POST",
        f"{path}/reply",
        {
            "type": "user",
            "message_type": "comment",
            "intercom_user_id": contact["id"],
            "body": "plain & simple",
            "created_at": 1400000100,
            "skip_notifications": True,
        },
    )
    assert by_contact["type"] == "ticket_part"
    assert (by_contact["part_type"], by_contact["body"]) == ("comment", "<p>plain &amp; simple</p>")
    assert (by_contact["created_at"], by_contact["author"]["id"]) == (1400000100, contact["id"])
    note = {"type": "admin", "message_type": "note", "admin_id": api.admin, "body": "<p>secret</p>"}
    made = api.ok("POST", f"{path}/reply", {**note, "created_at": 1400000050, "skip_notifications": True})
    assert (made["part_type"], made["author"]["type"]) == ("note", "admin")
    assert int(made["id"]) > int(by_contact["id"])
    parts = api.ok("GET", path)["ticket_parts"]
    assert [part["created_at"] for part in parts["ticket_parts"]] == [1400000000, 1400000050, 1400000100]
    assert parts["total_count"] == 3


def test_back_office_tickets_take_no_replies_of_contacts(api, contact):
    path = f"/tickets/{api.ticket(api.ticket_type('Back-office'), contact)['id']}"
    body = {"type": "user", "message_type": "comment", "intercom_user_id": contact["id"], "body": "x"}
    message = api.refused(400, "parameter_mismatch", "POST", f"{path}/reply", body)
    assert message == "User replies are not allowed on Backoffice tickets"
    api.refused(404, "not_found", "GET", path.replace("tickets", "conversations"))


def test_the_priority_is_written_under_preview_only(api, kind, contact):
    path = f"/conversations/{api.ticket(kind, contact)['id']}"
    body = {"priority": "high", "admin_id": api.admin}
    assert api.ok("PUT", path, body)["priority"] == "none"
    assert api.ok("PUT", path, body, version="Preview")["priority"] == "high"
    assert api.ok("GET", path)["priority"] == "high"
    api.refused(400, "parameter_invalid", "PUT", path, {**body, "priority": "priority"}, version="Preview")


def test_only_other_tickets_link_to_a_conversation(api, kind, contact):
    conversation = api.conversation(contact)
    body = {"contacts": [{"id": contact["id"]}], "conversation_to_link_id": conversation}
    api.refused(400, "parameter_invalid", "POST", "/tickets", {"ticket_type_id": kind["id"], **body})
    other = api.ticket(api.ticket_type("Back-office"), contact, conversation_to_link_id=conversation)
    linked = api.ok("GET", f"/conversations/{conversation}")["linked_objects"]["data"]
    assert linked == [{"type": "ticket", "id": other["id"], "category": "Back-office"}]


def test_tags_are_worn_once_and_come_off(api, kind, contact):
    ticket = api.ticket(kind, contact)["id"]
    tag = api.ok("POST", "/tags", {"name": "VIP"})
    assert api.ok("POST", "/tags", {"name": "vip"}) == tag
    body = {"id": tag["id"], "admin_id": api.admin}
    worn = api.ok("POST", f"/tickets/{ticket}/tags", body)
    assert (worn["id"], worn["applied_by"]) == (tag["id"], {"type": "admin", "id": api.admin})
    assert api.ok("POST", f"/tickets/{ticket}/tags", body) == worn
    assert api.ok("GET", f"/conversations/{ticket}")["tags"]["tags"] == [worn]
    api.refused(404, "tag_not_found", "POST", f"/tickets/{ticket}/tags", {**body, "id": "1"})
    api.refused(404, "admin_not_found", "POST", f"/tickets/{ticket}/tags", {**body, "admin_id": "1"})
    assert api.refused(404, "ticket_not_found", "POST", "/tickets/1/tags", body) == "Ticket not found"
    assert api.refused(404, "not_found", "POST", "/conversations/1/tags", body) == "Conversation not found"
    assert api.ok("DELETE", f"/tickets/{ticket}/tags/{tag['id']}", {"admin_id": api.admin})["id"] == tag["id"]
    assert api.ok("GET", f"/conversations/{ticket}")["tags"]["tags"] == []
    api.refused(404, "tag_not_found", "DELETE", f"/tickets/{ticket}/tags/{tag['id']}", {"admin_id": api.admin})
    api.ok("DELETE", f"/tags/{tag['id']}")
    api.refused(404, "not_found", "GET", f"/tags/{tag['id']}")
    api.refused(400, "parameter_invalid", "POST", "/tags", {"name": " "})


def test_delete_is_for_good(api, kind, contact):
    ticket = api.ticket(kind, contact)["id"]
    assert api.ok("DELETE", f"/tickets/{ticket}") == {"id": ticket, "object": "ticket", "deleted": True}
    api.refused(404, "ticket_not_found", "GET", f"/tickets/{ticket}")
    api.refused(404, "ticket_not_found", "DELETE", f"/tickets/{ticket}")


def test_tickets_and_conversations_share_one_sequence(api, kind, contact):
    made = [api.ticket(kind, contact)["id"], api.conversation(contact), api.ticket(kind, contact)["id"]]
    numbers = [int(key) for key in made]
    assert all(after == before + 1 for before, after in itertools.pairwise(numbers))
