"""Every method of the client: method, path, headers and body of its request, and what it makes of the answer."""

import json

import httpx
import pytest

from resources.intercom.errors import IntercomError
from schemas.intercom import (
    Admin,
    Company,
    Contact,
    Conversation,
    ConversationPart,
    DataAttribute,
    Me,
    Message,
    Tag,
    Team,
    Ticket,
    TicketState,
    TicketType,
    TicketTypeAttribute,
)

BODY = {"any": "thing", "n": 1}
LISTS = {"list_admins": ("admins", Admin), "list_teams": ("teams", Team)}

SINGLE = [
    ("me", (), "GET", "/me", None, Me),
    ("create_ticket_type", (BODY,), "POST", "/ticket_types", BODY, TicketType),
    (
        "create_ticket_type_attribute",
        ("7", BODY),
        "POST",
        "/ticket_types/7/attributes",
        BODY,
        TicketTypeAttribute,
    ),
    ("create_data_attribute", (BODY,), "POST", "/data_attributes", BODY, DataAttribute),
    ("create_tag", ("Späm",), "POST", "/tags", {"name": "Späm"}, Tag),
    ("update_ticket_type", ("7", BODY), "PUT", "/ticket_types/7", BODY, TicketType),
    (
        "update_ticket_type_attribute",
        ("7", "9", BODY),
        "PUT",
        "/ticket_types/7/attributes/9",
        BODY,
        TicketTypeAttribute,
    ),
    ("update_data_attribute", ("9", BODY), "PUT", "/data_attributes/9", BODY, DataAttribute),
    ("get_company", ("k1",), "GET", "/companies/k1", None, Company),
    ("create_contact", (BODY,), "POST", "/contacts", BODY, Contact),
    ("update_contact", ("c/1", BODY), "PUT", "/contacts/c%2F1", BODY, Contact),
    ("get_contact", ("c1",), "GET", "/contacts/c1", None, Contact),
    ("find_contact", ("a b/c?d#e@f",), "GET", "/contacts/find_by_external_id/a%20b%2Fc%3Fd%23e%40f", None, Contact),
    ("upsert_company", (BODY,), "POST", "/companies", BODY, Company),
    ("attach_company", ("c1", "k1"), "POST", "/contacts/c1/companies", {"id": "k1"}, Company),
    ("create_ticket", (BODY,), "POST", "/tickets", BODY, Ticket),
    ("get_ticket", ("5",), "GET", "/tickets/5", None, Ticket),
    ("update_ticket", ("5", BODY), "PUT", "/tickets/5", BODY, Ticket),
    ("reply_ticket", ("5", BODY), "POST", "/tickets/5/reply", BODY, ConversationPart),
    (
        "redact_part",
        ("5", "8"),
        "POST",
        "/conversations/redact",
        {"type": "conversation_part", "conversation_id": "5", "conversation_part_id": "8"},
        Conversation,
    ),
    ("tag_ticket", ("5", "t", "a"), "POST", "/tickets/5/tags", {"id": "t", "admin_id": "a"}, Tag),
    ("create_conversation", (BODY,), "POST", "/conversations", BODY, Message),
    ("get_conversation", ("../x",), "GET", "/conversations/..%2Fx", None, Conversation),
    ("update_conversation", ("5", BODY), "PUT", "/conversations/5", BODY, Conversation),
    ("reply_conversation", ("5", BODY), "POST", "/conversations/5/reply", BODY, Conversation),
    ("manage_conversation", ("5", BODY), "POST", "/conversations/5/parts", BODY, Conversation),
    ("convert_conversation", ("5", BODY), "POST", "/conversations/5/convert", BODY, Ticket),
    ("tag_conversation", ("5", "t", "a"), "POST", "/conversations/5/tags", {"id": "t", "admin_id": "a"}, Tag),
]


@pytest.mark.parametrize(("name", "arguments", "method", "path", "body", "model"), SINGLE)
def test_a_call(run, answering, marker, name, arguments, method, path, body, model):
    client = answering({"id": 41, "conversation_id": 42, "name": "n"})
    found = run(getattr(client, name)(*arguments))
    (request,) = client.seen
    assert (request.method, request.url.raw_path.decode()) == (method, path)
    assert request.headers["intercom-version"] == "2.16"
    assert request.headers["authorization"] == f"Bearer {marker}"
    assert request.headers["accept"] == "application/json"
    assert request.headers["user-agent"] == "itco-to-intercom"
    assert (json.loads(request.content) if request.content else None) == body
    assert type(found) is model
    assert found.id == "41"
    assert client.calls.total == 1
    assert client.calls.writes == (0 if method == "GET" else 1)
    (counted,) = client.calls.by_endpoint
    assert counted.startswith(method)
    assert "%2F" not in counted


@pytest.mark.parametrize(
    ("name", "arguments", "method", "path"),
    [
        ("archive_contact", ("c1",), "POST", "/contacts/c1/archive"),
        ("delete_contact", ("c1",), "DELETE", "/contacts/c1"),
        ("delete_company", ("k1",), "DELETE", "/companies/k1"),
        ("detach_company", ("c1", "k1"), "DELETE", "/contacts/c1/companies/k1"),
        ("delete_ticket", ("5",), "DELETE", "/tickets/5"),
        ("delete_conversation", ("5",), "DELETE", "/conversations/5"),
        ("delete_tag", ("3",), "DELETE", "/tags/3"),
    ],
)
def test_a_call_that_takes_back(run, answering, name, arguments, method, path):
    client = answering({"id": 41, "deleted": True})
    assert run(getattr(client, name)(*arguments)) is None
    (request,) = client.seen
    assert (request.method, request.url.raw_path.decode(), request.content) == (method, path, b"")
    assert client.calls.writes == 1


def test_only_the_priority_write_names_preview(run, answering):
    client = answering({"id": "5"})
    run(client.update_conversation("5", {"priority": "high"}, preview=True))
    run(client.update_conversation("5", {"title": "x"}))
    assert [request.headers["intercom-version"] for request in client.seen] == ["Preview", "2.16"]


@pytest.mark.parametrize(
    ("name", "arguments", "key", "path", "model"),
    [
        ("list_admins", (), "admins", "/admins", Admin),
        ("list_teams", (), "teams", "/teams", Team),
        ("list_ticket_states", (), "data", "/ticket_states", TicketState),
        ("list_ticket_types", (), "data", "/ticket_types", TicketType),
        ("list_tags", (), "data", "/tags", Tag),
        ("list_data_attributes", ("company",), "data", "/data_attributes?model=company", DataAttribute),
    ],
)
def test_a_list(run, answering, name, arguments, key, path, model):
    client = answering({"type": "list", key: [{"id": 1, "name": "a"}, {"id": "2", "name": "b"}]})
    found = run(getattr(client, name)(*arguments))
    assert [(type(item), item.id) for item in found] == [(model, "1"), (model, "2")]
    assert client.seen[0].url.raw_path.decode() == path
    assert client.calls.writes == 0


async def collect(pages):
    return [page async for page in pages]


@pytest.mark.parametrize(
    ("name", "key", "path"),
    [
        ("search_contacts", "data", "/contacts/search"),
        ("search_tickets", "tickets", "/tickets/search"),
        ("search_conversations", "conversations", "/conversations/search"),
    ],
)
def test_a_search_walks_by_the_cursor_in_the_body(run, answering, name, key, path):
    following = {"pages": {"next": {"page": 2, "starting_after": "abc"}}}

    def answer(request):
        first = "starting_after" not in json.loads(request.content)["pagination"]
        return httpx.Response(
            200, json={key: [{"id": "1" if first else "2"}], "total_count": 2, **(following if first else {})}
        )

    client = answering(answer)
    query = {"field": "id", "operator": "=", "value": "1"}
    pages = run(collect(getattr(client, name)(query, per_page=999)))
    assert [[item.id for item in page] for page in pages] == [["1"], ["2"]]
    assert (pages[0].total, len(pages[0])) == (2, 1)
    bodies = [json.loads(request.content) for request in client.seen]
    assert bodies[0] == {"query": query, "pagination": {"per_page": 150}}
    assert bodies[1]["pagination"] == {"per_page": 150, "starting_after": "abc"}
    assert client.seen[1].url.raw_path.decode() == path
    assert client.calls.writes == 0, "a search is a POST that writes nothing"


def test_contacts_are_walked_by_the_cursor_in_the_query(run, answering):
    def answer(request):
        if "starting_after" in request.url.params:
            return httpx.Response(200, json={"data": [{"id": "2"}], "pages": {"next": None}})
        return httpx.Response(200, json={"data": [{"id": "1"}], "pages": {"next": {"starting_after": "x=="}}})

    client = answering(answer)
    pages = run(collect(client.iter_contacts(per_page=50)))
    assert [contact.id for page in pages for contact in page] == ["1", "2"]
    assert [dict(request.url.params) for request in client.seen] == [
        {"per_page": "50"},
        {"per_page": "50", "starting_after": "x=="},
    ]


def test_companies_are_scrolled_to_the_empty_page(run, answering):
    def answer(request):
        found = [] if request.url.params.get("scroll_param") == "s" else [{"id": "1"}]
        return httpx.Response(200, json={"data": found, "scroll_param": "s"})

    client = answering(answer)
    pages = run(collect(client.iter_companies()))
    assert [company.id for page in pages for company in page] == ["1"]
    assert len(client.seen) == 2


def scrolling(pages, break_at):
    """A scroll over `pages` whose answer number `break_at` is lost after Intercom has moved on."""
    position, asked = [None], [0]

    def answer(request):
        asked[0] += 1
        if "scroll_param" not in request.url.params:
            position[0] = 0
        found = pages[position[0]] if position[0] < len(pages) else []
        position[0] += 1
        if asked[0] == break_at:
            return httpx.ReadError("x")
        return httpx.Response(200, json={"data": [{"id": key} for key in found], "scroll_param": "s"})

    return answer


@pytest.mark.parametrize("break_at", [1, 2, 3, 4])
def test_a_page_of_companies_that_is_lost_is_not_skipped(run, answering, break_at):
    client = answering(scrolling([["1", "2"], ["3"], ["4"]], break_at))
    client.scroll_expiry = 0.01
    pages = run(collect(client.iter_companies()))
    assert [company.id for page in pages for company in page] == ["1", "2", "3", "4"]


def test_a_reading_of_companies_that_always_breaks_is_raised(run, answering):
    client = answering(lambda request: httpx.ReadError("x"))
    client.scroll_expiry = 0.01
    with pytest.raises(IntercomError):
        run(collect(client.iter_companies(restarts=2)))
    assert len(client.seen) == 3


@pytest.mark.parametrize(
    "answer",
    [
        {"type": "company", "id": "9", "company_id": "ours"},
        {"type": "list", "data": [{"id": "8", "company_id": "other"}, {"id": "9", "company_id": "ours"}]},
    ],
)
def test_a_company_is_found_in_both_documented_shapes(run, answering, answer):
    client = answering(answer)
    assert run(client.find_company("ours")).id == "9"
    assert dict(client.seen[0].url.params) == {"company_id": "ours"}


@pytest.mark.parametrize("key", ["companies", "data"])
def test_all_companies_of_a_contact_are_read_page_by_page(run, answering, key):
    def page(request):
        second = request.url.params.get("page") == "2"
        found = [{"id": "3"}] if second else [{"id": "1"}, {"id": "2"}]
        pages = {"next": None if second else f"{request.url.copy_with(query=b'page=2&per_page=2')}"}
        return httpx.Response(200, json={"type": "list", key: found, "total_count": 3, "pages": pages})

    client = answering(page)
    assert [company.id for company in run(client.companies_of("c1"))] == ["1", "2", "3"]
    assert [str(request.url.query, "ascii") for request in client.seen] == ["", "page=2&per_page=2"]


def test_companies_of_a_contact_end_when_a_page_brings_nothing_new(run, answering):
    pages = {"next": "https://api.intercom.io/contacts/c1/companies?page=2"}
    client = answering({"type": "list", "companies": [{"id": "1"}], "total_count": 9, "pages": pages})
    assert [company.id for company in run(client.companies_of("c1"))] == ["1"]
    assert len(client.seen) == 2


def test_what_is_not_there_is_none(run, answering):
    assert run(answering({"data": []}).find_company("x")) is None
    gone = {"type": "error.list", "errors": [{"code": "not_found"}]}
    assert run(answering(gone, status=404).find_company("x")) is None
    assert run(answering(gone, status=404).find_contact("x")) is None


@pytest.mark.parametrize(
    ("name", "arguments", "path", "body"),
    [
        ("detach_company", ("c1", "k1"), "/contacts/c1/companies/k1", None),
        ("untag_ticket", ("5", "t", "a"), "/tickets/5/tags/t", {"admin_id": "a"}),
        ("untag_conversation", ("5", "t", "a"), "/conversations/5/tags/t", {"admin_id": "a"}),
    ],
)
def test_taking_off_what_is_not_there_is_no_error(run, answering, name, arguments, path, body):
    for status, answer in ((200, {"id": "t"}), (404, {"errors": [{"code": "tag_not_found"}]})):
        client = answering(answer, status=status)
        assert run(getattr(client, name)(*arguments)) is None
        (request,) = client.seen
        assert (request.method, request.url.path) == ("DELETE", path)
        assert (json.loads(request.content) if request.content else None) == body
    refused = answering({"errors": [{"code": "forbidden"}]}, status=403)
    with pytest.raises(IntercomError):
        run(getattr(refused, name)(*arguments))


def test_unarchive(run, answering):
    client = answering({"type": "contact", "id": "c1", "external_id": None, "archived": False})
    assert run(client.unarchive_contact("c1")) is None
    assert client.seen[0].url.path == "/contacts/c1/unarchive"


def test_a_write_that_happened_is_confirmed_although_its_answer_looks_odd(run, answering):
    client = answering({"id": 7, "created_at": "yesterday", "parts": 3})
    ticket = run(client.create_ticket({}))
    assert ticket.id == "7"
    assert client.calls.snapshot()["unexpected_shapes"] == {"POST /tickets": 1}
