"""The shapes in which Intercom's answers are known to vary."""

import pytest

from resources.intercom.paging import next_cursor
from schemas.intercom import Contact, Conversation, DataAttribute, Ticket, TicketType


@pytest.mark.parametrize("state", ["resolved", {"type": "ticket_state", "id": 8, "category": "resolved"}])
def test_a_ticket_state_is_a_word_or_an_object(state):
    assert Ticket.model_validate({"id": 1, "ticket_state": state}).ticket_state.category == "resolved"


@pytest.mark.parametrize(("value", "read"), [(0, None), ("0", None), (None, None), (991, "991"), ("991", "991")])
def test_nobody_is_none(value, read):
    assert Ticket.model_validate({"id": "1", "admin_assignee_id": value}).admin_assignee_id == read
    assert Conversation.model_validate({"id": "1", "team_assignee_id": value}).team_assignee_id == read


@pytest.mark.parametrize("wrap", [lambda parts: parts, lambda parts: {"ticket_parts": parts, "total_count": 9}])
def test_parts_come_bare_or_wrapped(wrap):
    ticket = Ticket.model_validate({"id": "1", "ticket_parts": wrap([{"id": 3, "part_type": "note", "new": True}])})
    assert [(part.id, part.part_type) for part in ticket.parts] == [("3", "note")]
    assert ticket.parts[0].model_extra == {"new": True}


def test_the_number_of_parts_counts_those_not_given():
    conversation = Conversation.model_validate(
        {"id": "1", "conversation_parts": {"conversation_parts": [], "total_count": 9}}
    )
    assert (conversation.parts, conversation.parts_total) == ([], 9)
    assert Conversation.model_validate({"id": "1"}).parts_total is None


@pytest.mark.parametrize(
    "options",
    [
        {"input_options": {"list_options": [{"id": "g-1", "label": "High", "archived": False}]}},
        {"list_options": [{"id": "g-1", "label": "High"}]},
        {"input_options": {"options": [{"id": "g-1", "label": "High"}]}},
    ],
)
@pytest.mark.parametrize("key", ["data", "ticket_type_attributes"])
def test_attributes_and_options_are_found_wherever_they_are(options, key):
    attribute = {"id": 5, "name": "Priority", "data_type": "list", **options}
    found = TicketType.model_validate({"id": "1", "ticket_type_attributes": {"type": "list", key: [attribute]}})
    assert [(o.id, o.label) for o in found.attributes[0].options] == [("g-1", "High")]


def test_an_attribute_without_options_has_none():
    found = TicketType.model_validate(
        {"id": 1, "ticket_type_attributes": [{"id": 1, "name": "n", "input_options": None}]}
    )
    assert found.attributes[0].options == []
    assert TicketType.model_validate({"id": 1, "ticket_type_attributes": None}).attributes == []


def test_options_of_a_data_attribute_come_as_text_or_objects():
    for options in (["a", "b"], [{"value": "a"}, {"value": "b"}]):
        assert DataAttribute.model_validate({"name": "n", "options": options}).options == ["a", "b"]
    assert DataAttribute.model_validate({"name": "n", "options": None}).options == []


def test_a_contacts_companies():
    contact = Contact.model_validate(
        {"id": "c", "companies": {"type": "list", "data": [{"id": "k"}]}, "custom_attributes": None}
    )
    assert [company.id for company in contact.companies] == ["k"]
    assert contact.custom_attributes == {}


@pytest.mark.parametrize(
    ("answer", "cursor"),
    [
        ({"pages": {"next": {"page": 2, "starting_after": "x"}}}, "x"),
        ({"pages": {"next": None}}, None),
        ({"pages": {}}, None),
        ({"pages": None}, None),
        ({}, None),
        ({"pages": {"next": {"page": 2, "starting_after": None}}}, None),
    ],
)
def test_cursors(answer, cursor):
    assert next_cursor(answer) == cursor
