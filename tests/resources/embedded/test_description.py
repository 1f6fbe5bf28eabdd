"""Answers against the schemas of Intercom's own API description."""

import json
import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
PLACES = (os.environ.get("INTERCOM_OPENAPI"), PROJECT / "../shared/openapi/intercom-2.16.json")
FOUND = next((Path(place) for place in PLACES if place and Path(place).exists()), None)

pytestmark = pytest.mark.skipif(FOUND is None, reason="the API description is not there; INTERCOM_OPENAPI names it")


def strict(schema):
    """An OpenAPI 3.0 schema as a JSON schema: `nullable` and nothing else is different here."""
    if isinstance(schema, list):
        return [strict(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    converted = {key: strict(value) for key, value in schema.items() if key not in {"nullable", "example", "format"}}
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        converted["type"] = [schema["type"], "null"]
        if "enum" in schema and None not in schema["enum"]:
            converted["enum"] = [*schema["enum"], None]
    return converted


@pytest.fixture(scope="module")
def check(api):
    import jsonschema

    schemas = strict(json.loads(FOUND.read_text())["components"]["schemas"])

    def valid(name, document):
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        jsonschema.Draft202012Validator(schema).validate(document)

    return valid


def test_the_check_can_fail(check):
    import jsonschema

    with pytest.raises(jsonschema.ValidationError):
        check("conversation", {"type": 5})


def test_people_and_companies(api, check):
    api.ok("POST", "/data_attributes", {"name": "Seats", "model": "contact", "data_type": "integer"})
    contact = api.contact(email="a@example.com", avatar="https://example.com/a.png", custom_attributes={"Seats": 1})
    company = api.ok("POST", "/companies", {"company_id": "a", "plan": "Pro", "size": 5, "name": "A"})
    check("company", company)
    check("company", api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]}))
    check("contact", api.ok("GET", f"/contacts/{contact['id']}"))
    check("contact", api.contact())
    check("contact_list", api.ok("GET", "/contacts?per_page=1"))
    check("contact_attached_companies", api.ok("GET", f"/contacts/{contact['id']}/companies"))
    check("company_list", api.ok("POST", "/companies/list", {}))
    check("company_attached_contacts", api.ok("GET", f"/companies/{company['id']}/contacts"))
    scroll = api.ok("GET", "/companies/scroll")
    check("company_scroll", scroll)
    check("contact_archived", api.ok("POST", f"/contacts/{contact['id']}/archive"))
    check("contact_unarchived", api.ok("POST", f"/contacts/{contact['id']}/unarchive"))
    check("contact_deleted", api.ok("DELETE", f"/contacts/{contact['id']}"))
    check("deleted_company_object", api.ok("DELETE", f"/companies/{company['id']}"))


def test_the_workspace(api, check):
    check("admin_with_app", api.ok("GET", "/me"))
    check("admin_list", api.ok("GET", "/admins"))
    check("team_list", api.ok("GET", "/teams"))
    options = [{"value": "a"}, {"value": "b"}]
    body = {"name": "Level", "model": "company", "data_type": "options", "options": options}
    check("data_attribute", api.ok("POST", "/data_attributes", body))
    check("data_attribute_list", api.ok("GET", "/data_attributes"))
    listed = {"name": "Mood", "data_type": "list", "options": [{"label": "a"}, {"label": "b"}]}
    for body in (listed, {"name": "Text", "data_type": "string"}, {"name": "On", "data_type": "boolean"}):
        check("conversation_attribute", api.ok("POST", "/conversations/attributes", body))
    check("conversation_attribute_list", api.ok("GET", "/conversations/attributes"))
    check("tag_basic", api.ok("POST", "/tags", {"name": "x"}))
    check("tag_list", api.ok("GET", "/tags"))
    check("ticket_state_list", api.ok("GET", "/ticket_states"))


def test_tickets(api, check):
    kind, contact = api.ticket_type(), api.contact()
    for name, data_type in (("N", "integer"), ("D", "decimal"), ("B", "boolean"), ("T", "datetime")):
        check("ticket_type_attribute", api.attribute(kind, name, data_type))
    priority = api.attribute(kind, "P", "list", list_items="High,Low")
    check("ticket_type_attribute", priority)
    check("ticket_type", api.ok("GET", f"/ticket_types/{kind['id']}"))
    check("ticket_type_list", api.ok("GET", "/ticket_types"))
    high = priority["input_options"]["list_options"][0]["id"]
    ticket = api.ticket(kind, contact, ticket_attributes={"N": 1, "D": 1.5, "B": True, "T": 1500000000, "P": high})
    check("ticket", ticket)
    path = f"/tickets/{ticket['id']}"
    user = {"type": "user", "message_type": "comment", "intercom_user_id": contact["id"], "body": "x"}
    check("ticket_reply", api.ok("POST", f"{path}/reply", user))
    admin = {"type": "admin", "message_type": "note", "admin_id": api.admin, "body": "x"}
    check("ticket_reply", api.ok("POST", f"{path}/reply", admin))
    tag = api.ok("POST", "/tags", {"name": "x"})["id"]
    check("tag", api.ok("POST", f"{path}/tags", {"id": tag, "admin_id": api.admin}))
    state = api.ok("GET", "/ticket_states")["data"][3]["id"]
    changes = {"ticket_state_id": state, "assignee_id": api.admin, "ticket_attributes": {"N": 2, "B": None}}
    check("ticket", api.ok("PUT", path, {"open": False, "admin_id": int(api.admin), **changes}))
    query = {"query": {"field": "created_at", "operator": ">", "value": 0}, "pagination": {"per_page": 1}}
    check("ticket_list", api.ok("POST", "/tickets/search", query))
    job = api.ok("POST", "/tickets/enqueue", {"ticket_type_id": kind["id"], "contacts": [{"id": contact["id"]}]})
    check("jobs", job)
    check("jobs", api.ok("GET", f"/jobs/status/{job['id']}"))
    check("conversation", api.ok("GET", f"/conversations/{ticket['id']}"))
    check("ticket_deleted", api.ok("DELETE", path))


def test_conversations(api, check):
    contact = api.contact(email="conv@example.com")
    sender = {"type": "user", "id": contact["id"]}
    message = api.ok("POST", "/conversations", {"from": sender, "body": "Hello"})
    check("message", message)
    path = f"/conversations/{message['conversation_id']}"
    check("conversation", api.ok("GET", path))
    company = api.ok("POST", "/companies", {"company_id": "conv"})["id"]
    check("conversation", api.ok("PUT", path, {"title": "T", "company_id": company}))
    file = {"name": "a.txt", "content_type": "text/plain", "data": "YQ=="}
    admin = {"type": "admin", "message_type": "comment", "admin_id": api.admin, "body": "x"}
    check("conversation", api.ok("POST", f"{path}/reply", {**admin, "attachment_files": [file]}))
    for kind in ("admin", "team"):
        assignee = api.ok("GET", f"/{kind}s")[f"{kind}s"][0]["id"]
        body = {"message_type": "assignment", "type": kind, "admin_id": api.admin, "assignee_id": assignee}
        check("conversation", api.ok("POST", f"{path}/parts", body))
    close = {"message_type": "close", "type": "admin", "admin_id": api.admin}
    check("conversation", api.ok("POST", f"{path}/parts", close))
    tag = api.ok("POST", "/tags", {"name": "y"})["id"]
    check("tag", api.ok("POST", f"{path}/tags", {"id": tag, "admin_id": api.admin}))
    check("conversation_list", api.ok("GET", "/conversations?per_page=1"))
    query = {"query": {"field": "open", "operator": "=", "value": False}}
    check("conversation_list", api.ok("POST", "/conversations/search", query))
    check("ticket", api.ok("POST", f"{path}/convert", {"ticket_type_id": api.ticket_type()["id"]}))
    check("conversation_deleted", api.ok("DELETE", path))
    check("deleted_conversation_list", api.ok("GET", "/conversations/deleted"))


def test_articles_and_errors(api, check):
    collection = api.ok("POST", "/help_center/collections", {"name": "C"})
    check("collection", collection)
    check("collection_list", api.ok("GET", "/help_center/collections"))
    article = api.ok("POST", "/articles", {"title": "A", "author_id": int(api.admin), "body": "<p>x</p>"})
    check("article", article)
    check("article_list", api.ok("GET", "/articles"))
    check("deleted_article_object", api.ok("DELETE", f"/articles/{article['id']}"))
    check("deleted_collection_object", api.ok("DELETE", f"/help_center/collections/{collection['id']}"))
    check("error", api.ask("GET", "/nowhere").json())
    check("error", api.ask("POST", "/companies", {"test": 1}).json())
