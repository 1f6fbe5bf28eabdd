"""Data attributes, ticket types and their attributes, ticket states."""

import uuid

import pytest


@pytest.fixture(scope="module", autouse=True)
def ring(api):
    body = {"name": "The One Ring", "model": "company", "data_type": "string"}
    return api.ok("POST", "/data_attributes", body)


def test_a_data_attribute_reads_back_with_its_own_words(api):
    body = {"name": "Level", "model": "contact", "data_type": "options", "options": [{"value": "a"}, {"value": "b"}]}
    made = api.ok("POST", "/data_attributes", body)
    assert (made["data_type"], made["options"]) == ("string", ["a", "b"])
    assert (made["custom"], made["api_writable"], made["messenger_writable"]) == (True, True, False)
    when = api.ok("POST", "/data_attributes", {"name": "Birth-day 2", "model": "contact", "data_type": "datetime"})
    assert when["data_type"] == "date"
    listed = api.ok("GET", "/data_attributes?model=contact")["data"]
    assert {"Level", "Birth-day 2", "email"} <= {entry["name"] for entry in listed}
    assert "The One Ring" not in {entry["name"] for entry in listed}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "conversation"}, "The Data Attribute model field must be either contact or company"),
        ({"data_type": "list"}, "Data Type isn't an option"),
        ({"name": "with.dot"}, "Your name for this attribute must only contain alphanumeric characters"),
        ({"name": "a$"}, "Your name for this attribute must only contain alphanumeric characters"),
        ({"name": "snake_case"}, "Your name for this attribute must only contain alphanumeric characters"),
        ({"name": ""}, "Your name for this attribute must only contain alphanumeric characters"),
        (
            {"name": "The One Ring"},
            "You already have 'The One Ring' in your company data. To save this as new people data, use a "
            "different name.",
        ),
        (
            {"name": "The One Ring", "model": "company"},
            "You already have 'The One Ring' in your company data. To save this as new company data, use a "
            "different name.",
        ),
        ({"data_type": "options"}, "Options isn't an array"),
        (
            {"data_type": "options", "options": [{"value": "one"}]},
            "The Data Attribute options need at least two values",
        ),
    ],
)
def test_wrong_data_attributes_are_refused(api, change, message):
    body = {"name": "Fine", "model": "contact", "data_type": "string", **change}
    assert api.refused(400, "parameter_invalid", "POST", "/data_attributes", body).startswith(message)


def test_archiving_hides_an_attribute_and_keeps_its_name_taken(api):
    body = {"name": "Old", "model": "contact", "data_type": "string"}
    made = api.ok("POST", "/data_attributes", body)
    assert api.ok("PUT", f"/data_attributes/{made['id']}", {"archived": True})["archived"] is True
    assert "Old" not in {entry["name"] for entry in api.ok("GET", "/data_attributes")["data"]}
    everything = api.ok("GET", "/data_attributes?include_archived=true")["data"]
    assert "Old" in {entry["name"] for entry in everything}
    api.refused(400, "parameter_invalid", "POST", "/data_attributes", body)
    refused = {"role": "user", "external_id": "x", "custom_attributes": {"Old": "1"}}
    api.refused(400, "parameter_invalid", "POST", "/contacts", refused)
    api.refused(404, "field_not_found", "PUT", "/data_attributes/1", {"archived": True})


def test_the_conversation_model_moved(api):
    api.refused(422, "parameter_invalid", "GET", "/data_attributes?model=conversation")
    assert api.ok("GET", "/data_attributes?model=conversation", version="2.15")["data"] == []
    path = f"/conversations/{api.conversation(api.contact())}"
    api.refused(400, "parameter_invalid", "PUT", path, {"custom_attributes": {"Nope": "x"}})


def test_a_list_was_a_string_with_options_until_2_13(api):
    body = {"name": "Size", "model": "contact", "data_type": "string", "options": [{"value": "a"}, {"value": "b"}]}
    assert api.ok("POST", "/data_attributes", body, version="2.13")["options"] == ["a", "b"]
    assert "options" not in api.ok("POST", "/data_attributes", {**body, "name": "Size 2"})


def test_a_ticket_type_has_two_attributes_and_four_states(api):
    made = api.ok("POST", "/ticket_types", {"name": "Order", "category": "Customer"})
    attributes = made["ticket_type_attributes"]
    assert attributes["type"] == "list"
    assert [entry["name"] for entry in attributes["data"]] == ["_default_title_", "_default_description_"]
    assert all(entry["default"] and entry["ticket_type_id"] == int(made["id"]) for entry in attributes["data"])
    states = api.ok("GET", "/ticket_states")["data"]
    categories = ["submitted", "in_progress", "waiting_on_customer", "resolved"]
    assert [state["category"] for state in states] == categories
    labels = ["Submitted", "In progress", "Waiting on customer", "Resolved"]
    assert [state["internal_label"] for state in states] == labels
    assert api.ok("GET", f"/ticket_types/{made['id']}") == made
    api.refused(400, "parameter_not_found", "POST", "/ticket_types", {"category": "Customer"})
    api.refused(400, "parameter_invalid", "POST", "/ticket_types", {"name": "x", "category": "Other"})
    assert api.ok("PUT", f"/ticket_types/{made['id']}", {"archived": True})["archived"] is True
    contact = api.contact()
    body = {"ticket_type_id": made["id"], "contacts": [{"id": contact["id"]}]}
    api.refused(404, "not_found", "POST", "/tickets", body)


def test_list_items_are_split_at_commas_and_get_ids(api):
    kind = api.ticket_type()
    made = api.attribute(kind, "Priority", "list", list_items="Urgent, High,Low")
    options = made["input_options"]["list_options"]
    assert [option["label"] for option in options] == ["Urgent", "High", "Low"]
    assert len({uuid.UUID(option["id"]) for option in options}) == 3
    shown = api.ok("GET", f"/ticket_types/{kind['id']}")["ticket_type_attributes"]["data"]
    assert shown[2] == made
    path = f"/ticket_types/{kind['id']}/attributes/{made['id']}"
    changed = api.ok("PUT", path, {"list_items": "Urgent,Low,Later"})["input_options"]["list_options"]
    assert [(option["label"], option["archived"]) for option in changed] == [
        ("Urgent", False),
        ("Low", False),
        ("Later", False),
        ("High", True),
    ]
    assert changed[0]["id"] == options[0]["id"]
    assert api.ok("PUT", path, {"archived": True})["archived"] is True
    path = f"/ticket_types/{kind['id']}/attributes"
    for wrong in (
        {"name": "x", "description": "", "data_type": "list"},
        {"name": "x", "description": "", "data_type": "list", "list_items": "a,A"},
        {"name": "x", "description": "", "data_type": "multi"},
        {"name": "x", "data_type": "string"},
        {"name": "_default_title_", "description": "", "data_type": "string"},
    ):
        api.refused(400, "parameter_invalid", "POST", path, wrong)
