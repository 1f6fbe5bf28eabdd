"""Calls that few other tests make: each request and each answer is as Intercom's own description has it."""

import re

import pytest

from tests.conformance.exchange import exchange_of
from tests.conformance.fixtures import checker, maybe_checker, tally  # noqa: F401 - fixtures
from tests.conformance.tally import told


@pytest.fixture(autouse=True)
def as_described(api, checker, tally):  # noqa: F811 - pytest's way of asking for a fixture
    """Check all calls of a test when it is over."""
    seen = []

    def keep(answer):
        answer.read()
        seen.append(exchange_of(answer))

    api.http.event_hooks = {"response": [keep]}
    yield
    api.http.event_hooks = {}
    violations = tally.check(checker, [exchange for exchange in seen if not exchange.path.startswith("/__embedded/")])
    assert seen
    assert not violations, told(violations)


def test_people_and_companies(api):
    api.ok("POST", "/data_attributes", {"name": "Seats", "model": "contact", "data_type": "integer"})
    contact = api.contact(email="a@example.com", avatar="https://example.com/a.png", custom_attributes={"Seats": 1})
    company = api.ok("POST", "/companies", {"company_id": "a", "plan": "Pro", "size": 5, "name": "A"})
    api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    api.ok("GET", f"/contacts/{contact['id']}")
    api.contact()
    api.ok("GET", "/contacts?per_page=1")
    api.ok("GET", f"/contacts/{contact['id']}/companies")
    api.ok("POST", "/companies/list")
    api.ok("GET", f"/companies/{company['id']}/contacts")
    api.ok("GET", "/companies/scroll")
    api.ok("POST", f"/contacts/{contact['id']}/archive")
    api.ok("POST", f"/contacts/{contact['id']}/unarchive")
    api.ok("DELETE", f"/contacts/{contact['id']}")
    api.ok("DELETE", f"/companies/{company['id']}")


def test_the_workspace(api):
    api.ok("GET", "/me")
    api.ok("GET", "/admins")
    api.ok("GET", "/teams")
    options = [{"value": "a"}, {"value": "b"}]
    body = {"name": "Level", "model": "company", "data_type": "options", "options": options}
    api.ok("POST", "/data_attributes", body)
    api.ok("GET", "/data_attributes")
    api.ok("POST", "/tags", {"name": "x"})
    api.ok("GET", "/tags")
    api.ok("GET", "/ticket_states")


def test_tickets(api):
    kind, contact = api.ticket_type(), api.contact()
    for name, data_type in (("N", "integer"), ("D", "decimal"), ("B", "boolean"), ("T", "datetime")):
        api.attribute(kind, name, data_type)
    priority = api.attribute(kind, "P", "list", list_items="High,Low")
    api.ok("GET", f"/ticket_types/{kind['id']}")
    api.ok("GET", "/ticket_types")
    high = priority["input_options"]["list_options"][0]["id"]
    ticket = api.ticket(kind, contact, ticket_attributes={"N": 1, "D": 1.5, "B": True, "T": 1500000000, "P": high})
    path = f"/tickets/{ticket['id']}"
    user = {"type": "user", "message_type": "comment", "intercom_user_id": contact["id"], "body": "x"}
    api.ok("POST", f"{path}/reply", user)
    admin = {"type": "admin", "message_type": "note", "admin_id": api.admin, "body": "x"}
    api.ok("POST", f"{path}/reply", admin)
    tag = api.ok("POST", "/tags", {"name": "x"})["id"]
    api.ok("POST", f"{path}/tags", {"id": tag, "admin_id": api.admin})
    state = api.ok("GET", "/ticket_states")["data"][3]["id"]
    changes = {"ticket_state_id": state, "assignee_id": api.admin, "ticket_attributes": {"N": 2, "B": None}}
    api.ok("PUT", path, {"open": False, "admin_id": int(api.admin), **changes})
    query = {"query": {"field": "created_at", "operator": ">", "value": 0}, "pagination": {"per_page": 1}}
    api.ok("POST", "/tickets/search", query)
    job = api.ok("POST", "/tickets/enqueue", {"ticket_type_id": kind["id"], "contacts": [{"id": contact["id"]}]})
    api.ok("GET", f"/jobs/status/{job['id']}")
    api.ok("GET", f"/conversations/{ticket['id']}")
    api.ok("DELETE", path)


def test_conversations(api):
    contact = api.contact(email="conv@example.com")
    sender = {"type": "user", "id": contact["id"]}
    message = api.ok("POST", "/conversations", {"from": sender, "body": "Hello"})
    path = f"/conversations/{message['conversation_id']}"
    api.ok("GET", path)
    company = api.ok("POST", "/companies", {"company_id": "conv"})["id"]
    api.ok("PUT", path, {"title": "T", "company_id": company})
    file = {"name": "a.txt", "content_type": "text/plain", "data": "YQ=="}
    admin = {"type": "admin", "message_type": "comment", "admin_id": api.admin, "body": "x"}
    api.ok("POST", f"{path}/reply", {**admin, "attachment_files": [file]})
    for kind in ("admin", "team"):
        assignee = api.ok("GET", f"/{kind}s")[f"{kind}s"][0]["id"]
        body = {"message_type": "assignment", "type": kind, "admin_id": api.admin, "assignee_id": assignee}
        api.ok("POST", f"{path}/parts", body)
    close = {"message_type": "close", "type": "admin", "admin_id": api.admin}
    api.ok("POST", f"{path}/parts", close)
    tag = api.ok("POST", "/tags", {"name": "y"})["id"]
    api.ok("POST", f"{path}/tags", {"id": tag, "admin_id": api.admin})
    api.ok("GET", "/conversations?per_page=1")
    query = {"query": {"field": "open", "operator": "=", "value": False}}
    api.ok("POST", "/conversations/search", query)
    api.ok("POST", f"{path}/convert", {"ticket_type_id": api.ticket_type()["id"]})
    api.ok("DELETE", path)


def test_articles_and_errors(api):
    collection = api.ok("POST", "/help_center/collections", {"name": "C"})
    api.ok("GET", "/help_center/collections")
    article = api.ok("POST", "/articles", {"title": "A", "author_id": int(api.admin), "body": "<p>x</p>"})
    api.ok("GET", "/articles")
    api.ok("DELETE", f"/articles/{article['id']}")
    api.ok("DELETE", f"/help_center/collections/{collection['id']}")
    api.refused(404, "not_found", "GET", f"/articles/{article['id']}")
    api.contact(email="twice@example.com")
    api.refused(409, "conflict", "POST", "/contacts", {"role": "user", "email": "twice@example.com"})
    api.refused(404, "company_not_found", "GET", "/companies?company_id=none")


def test_what_hangs_on_people(api):
    contact, company = api.contact(), api.ok("POST", "/companies", {"company_id": "hung"})
    tag = api.ok(
        "POST", "/tags", {"name": "hung", "users": [{"id": contact["id"]}], "companies": [{"id": company["id"]}]}
    )
    api.ok("POST", f"/contacts/{contact['id']}/tags", {"id": tag["id"]})
    api.ok("GET", f"/contacts/{contact['id']}/tags")
    api.ok("GET", f"/companies/{company['id']}")
    api.ok("POST", f"/contacts/{contact['id']}/notes", {"body": "x"})
    api.ok("GET", f"/contacts/{contact['id']}/notes")
    lead = api.ok("POST", "/contacts", {"role": "lead"})
    merge = {"from": lead["id"], "into": contact["id"], "skip_duplicate_validation": True}
    api.ok("POST", "/contacts/merge?include_merge_history=true", merge)
    api.ok("GET", f"/contacts/{contact['id']}")


def test_threads_that_were_changed(api):
    contact = api.contact()
    path = f"/conversations/{api.conversation(contact)}"
    source = api.ok("GET", path)["source"]["id"]
    redaction = {"type": "source", "conversation_id": path.rpartition("/")[2], "source_id": source}
    api.ok("POST", "/conversations/redact", redaction)
    api.ok("GET", f"{path}?display_as=plaintext")
    linked = path.rpartition("/")[2]
    tracker = api.ticket(api.ticket_type("Tracker"), contact, conversation_to_link_id=linked)
    api.ok("GET", f"/tickets/{tracker['id']}")


def test_the_help_center(api):
    api.ok("GET", "/help_center/help_centers")
    article = api.ok("POST", "/articles", {"title": "Redirected", "author_id": int(api.admin)})
    path = "/help_center/help_centers/1/redirects"
    body = {"from_url": "https://help.example.com/help/a", "locale": "en", "target_type": "article"}
    made = api.ok("POST", path, {**body, "target_id": article["id"]})
    api.ok("GET", path)
    api.ok("DELETE", f"{path}/{made['id']}")
    api.ok("GET", "/articles/search?phrase=red&highlight=true")


def test_preview(api):
    team = api.ok("GET", "/teams")["teams"][0]["id"]
    api.ok("PUT", f"/teams/{team}", {"admin_ids": [int(api.admin)]}, version="Preview")


@pytest.mark.parametrize("what", ["contacts", "conversations", "tickets"])
def test_every_field_that_the_description_calls_searchable_is_searchable(api, checker, what):  # noqa: F811
    text = checker.descriptions["2.16"].operation("POST", f"/{what}/search")["description"]
    table = text[text.index("### Accepted Fields") : text.index("### Accepted Operators")]
    rows = re.findall(r"^\| *([a-z_.{}]+) *\| *(.+?) *\|$", table, re.MULTILINE)
    fields = {name: kind for name, kind in rows if "{" not in name}
    assert len(fields) > 10
    refused = {}
    for name, kind in fields.items():
        value = True if kind.startswith("Boolean") else "x" if kind.startswith("String") else 1500000000
        answer = api.ask("POST", f"/{what}/search", {"query": {"field": name, "operator": "=", "value": value}})
        if answer.status_code != 200:
            refused[name] = answer.text
    assert refused == {}
