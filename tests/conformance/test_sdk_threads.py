"""Intercom's SDK works with conversations and tickets of the embedded workspace as with Intercom's."""

import time

import pytest

from tests.conformance.sdk import also, make_contact, refused, searched

MARCH = 1_520_000_000


@pytest.fixture
def admin(sdk):
    return sdk.admins.list().admins[0].id


@pytest.fixture
def contact(sdk, number):
    return make_contact(sdk, number, email=f"sdk{number}@example.com", name="Ada")


@pytest.fixture
def ticket_type(sdk, number):
    made = sdk.ticket_types.create(request={"name": f"SDK {number}", "category": "Customer"})
    sdk.ticket_types.attributes.create(made.id, name="Order", description="Its number", data_type="integer")
    return made.id


def opened(sdk, contact, body="Hello"):
    """Open a conversation and return its id: the answer's own is the message's."""
    message = sdk.conversations.create(from_={"type": "user", "id": contact.id}, body=body, created_at=MARCH)
    assert message.id != message.conversation_id
    return message.conversation_id


def ticket(sdk, ticket_type, contact, **fields):
    """Create a ticket; the SDK's signature has no ticket_attributes."""
    named = {"ticket_type_id": ticket_type, "contacts": [{"id": contact.id}], "created_at": MARCH}
    options = also(ticket_attributes={"_default_title_": "Subject", **fields})
    return sdk.tickets.create(**named, skip_notifications=True, request_options=options)


def as_contact(contact, body, **fields):
    return {"message_type": "comment", "type": "user", "intercom_user_id": contact.id, "body": body, **fields}


def as_admin(admin, body, kind="comment", **fields):
    return {"message_type": kind, "type": "admin", "admin_id": admin, "body": body, **fields}


def test_a_conversation_is_opened_answered_and_read(sdk, contact, admin):
    key = opened(sdk, contact, "Where is it?")
    sdk.conversations.reply(key, request=as_contact(contact, "<p>Well?</p>", created_at=MARCH + 60))
    # The SDK's model of an admin's reply has no skip_notifications; it keeps what it does not know.
    sdk.conversations.reply(key, request=as_admin(admin, "Soon", created_at=MARCH + 120, skip_notifications=True))
    sdk.conversations.reply(key, request=as_admin(admin, "Late", "note", created_at=MARCH + 180))
    found = sdk.conversations.find(key)
    assert (found.created_at, found.state, found.source.author.id) == (MARCH, "open", contact.id)
    parts = found.conversation_parts.conversation_parts
    assert [(part.part_type, part.author.id, part.created_at - MARCH) for part in parts] == [
        ("comment", contact.id, 60),
        ("comment", admin, 120),
        ("note", admin, 180),
    ]
    assert sdk.conversations.find(key, display_as="plaintext").source.body == "Where is it?"


def test_a_conversation_is_changed_assigned_tagged_and_closed(sdk, contact, admin, number):
    key = opened(sdk, contact)
    company = sdk.companies.create_or_update(request={"company_id": f"thread-{number}", "name": "Acme"})
    changed = sdk.conversations.update(key, title="Parcel", read=True, company_id=company.id)
    # 2.14 has no company there; the SDK keeps it as an extra field.
    assert (changed.title, changed.read, changed.company["id"]) == ("Parcel", True, company.id)
    team = sdk.teams.list().teams[0].id
    for kind, assignee in (("admin", admin), ("team", team)):
        request = {"message_type": "assignment", "type": kind, "admin_id": admin, "assignee_id": assignee}
        assigned = sdk.conversations.manage(key, request=request)
    assert (assigned.admin_assignee_id, assigned.team_assignee_id) == (int(admin), int(team))
    tag = sdk.tags.create(request={"name": f"thread {number}"})
    sdk.tags.tag_conversation(key, tag_id=tag.id, admin_id=admin)
    assert [worn.name for worn in sdk.conversations.find(key).tags.tags] == [f"thread {number}"]
    sdk.tags.untag_conversation(key, tag.id, admin_id=admin)
    assert sdk.conversations.find(key).tags.tags == []
    wakes = int(time.time()) + 3600
    snoozed = sdk.conversations.manage(
        key, request={"message_type": "snoozed", "admin_id": admin, "snoozed_until": wakes}
    )
    assert (snoozed.state, snoozed.snoozed_until) == ("snoozed", wakes)
    closed = sdk.conversations.manage(key, request={"message_type": "close", "type": "admin", "admin_id": admin})
    assert (closed.state, closed.open) == ("closed", False)


def test_conversations_are_listed_and_searched(sdk, contact):
    made = [opened(sdk, contact, f"Number {item}") for item in range(3)]
    assert set(made) <= {found.id for found in sdk.conversations.list(per_page=2)}
    query = {"field": "contact_ids", "operator": "=", "value": contact.id}
    assert sorted(found.id for found in searched(sdk.conversations.search, query)) == sorted(made)


def test_a_part_is_blanked_and_a_conversation_deleted(sdk, contact, admin):
    key = opened(sdk, contact)
    replied = sdk.conversations.reply(key, request=as_admin(admin, "Secret", "note"))
    part = replied.conversation_parts.conversation_parts[-1].id
    redacted = sdk.conversations.redact_conversation_part(
        request={"type": "conversation_part", "conversation_id": key, "conversation_part_id": part}
    )
    assert redacted.conversation_parts.conversation_parts[-1].redacted is True
    # The SDK takes this id as a number.
    assert sdk.conversations.delete_conversation(int(key)).deleted is True
    refused(404, sdk.conversations.find, key)


def test_a_conversation_becomes_a_ticket_with_its_thread(sdk, contact, admin, ticket_type):
    key = opened(sdk, contact)
    sdk.conversations.reply(key, request=as_admin(admin, "Seen", "note"))
    made = sdk.conversations.convert_to_ticket(
        int(key), ticket_type_id=ticket_type, attributes={"_default_title_": "Parcel", "Order": 7}
    )
    assert (made.id, made.ticket_attributes["Order"]) == (key, 7)
    assert sdk.tickets.get(key).ticket_parts.ticket_parts[0].part_type == "note"


def test_a_ticket_is_created_answered_changed_and_deleted(sdk, contact, admin, ticket_type):
    made = ticket(sdk, ticket_type, contact, Order=7)
    assert (made.created_at, made.ticket_attributes["Order"], made.open) == (MARCH, 7, True)
    part = sdk.tickets.reply(made.id, request=as_contact(contact, "Well?", created_at=MARCH + 60))
    assert (part.part_type, part.author.id, part.created_at) == ("comment", contact.id, MARCH + 60)
    sdk.tickets.reply(made.id, request=as_admin(admin, "Late", "note", skip_notifications=True))
    resolved = next(state.id for state in sdk.ticket_states.list_ticket_states().data if state.category == "resolved")
    # tickets.update lacks skip_notifications.
    changed = sdk.tickets.update(
        made.id,
        ticket_attributes={"Order": 8},
        ticket_state_id=resolved,
        assignee_id=admin,
        admin_id=int(admin),
        open=False,
        request_options=also(skip_notifications=True),
    )
    assert (changed.open, changed.ticket_state.category) == (False, "resolved")
    found = sdk.tickets.get(made.id)
    assert (found.ticket_attributes["Order"], found.admin_assignee_id) == (8, int(admin))
    written = [part.part_type for part in found.ticket_parts.ticket_parts if part.body]
    assert written == ["comment", "note"]
    assert sdk.tickets.delete_ticket(made.id).deleted is True
    refused(404, sdk.tickets.get, made.id)


def test_tickets_are_searched_by_attribute_and_tagged(sdk, contact, admin, ticket_type, number):
    made = [ticket(sdk, ticket_type, contact, Order=number).id for _ in range(3)]
    attributes = sdk.ticket_types.get(ticket_type).ticket_type_attributes
    # The answer's attributes are under `data`, the SDK looks for them elsewhere and keeps them as an extra field.
    order = next(entry["id"] for entry in attributes.data if entry["name"] == "Order")
    query = {"field": f"ticket_attribute.{order}", "operator": "=", "value": number}
    assert sorted(found.id for found in searched(sdk.tickets.search, query)) == sorted(made)
    tag = sdk.tags.create(request={"name": f"ticket {number}"})
    sdk.tags.tag_ticket(made[0], tag_id=tag.id, admin_id=admin)
    assert [worn.id for worn in sdk.conversations.find(made[0]).tags.tags] == [tag.id]
    sdk.tags.untag_ticket(made[0], tag.id, admin_id=admin)
    assert sdk.conversations.find(made[0]).tags.tags == []


def test_a_ticket_of_the_back_office_is_linked_to_a_conversation(sdk, contact, number):
    key = opened(sdk, contact)
    kind = sdk.ticket_types.create(request={"name": f"Back {number}", "category": "Back-office"})
    made = sdk.tickets.create(
        ticket_type_id=kind.id, contacts=[{"id": contact.id}], conversation_to_link_id=key, skip_notifications=True
    )
    assert [(linked.type, linked.id, linked.category) for linked in made.linked_objects.data] == [
        ("conversation", key, None)
    ]
    linked = sdk.conversations.find(key).linked_objects.data
    assert [(found.type, found.id, found.category) for found in linked] == [("ticket", made.id, "Back-office")]


def test_a_ticket_is_queued_and_its_job_followed(sdk, contact, ticket_type):
    job = sdk.tickets.enqueue_create_ticket(
        ticket_type_id=ticket_type, contacts=[{"id": contact.id}], skip_notifications=True
    )
    status = sdk.jobs.status(job.id)
    for _ in range(50):
        if status.status == "success":
            break
        time.sleep(0.2)
        status = sdk.jobs.status(job.id)
    assert sdk.tickets.get(status.resource_id).contacts.contacts[0].id == contact.id
