"""Search and lists: fields, operators, levels, days, pages."""

import itertools

import pytest

DAY = 1_500_000_000 - 1_500_000_000 % 86400


@pytest.fixture(scope="module")
def data(api):
    api.ok("POST", "/data_attributes", {"name": "Seats", "model": "contact", "data_type": "integer"})
    kind, other = api.ticket_type(), api.ticket_type("Back-office")
    attributes = {
        name: api.attribute(kind, name, data_type)["id"]
        for name, data_type in (("Key", "string"), ("Number", "integer"), ("Flag", "boolean"), ("When", "datetime"))
    }
    contacts = [
        api.contact(email=f"p{n}@example.org", signed_up_at=DAY + n * 43200, custom_attributes={"Seats": n})
        for n in range(4)
    ]
    tickets = [
        api.ticket(
            kind,
            contacts[n % 2],
            created_at=DAY + n * 100,
            ticket_attributes={
                "Key": f"k{n}",
                "Number": n,
                "Flag": n % 2 == 0,
                "When": DAY + n,
                "_default_title_": f"Title {n}",
            },
        )["id"]
        for n in range(6)
    ]
    back = api.ticket(other, contacts[0])["id"]
    conversations = [api.conversation(contacts[2], body=f"I need support, case {n}") for n in range(3)]
    return {
        "attributes": attributes,
        "contacts": contacts,
        "tickets": tickets,
        "back": back,
        "conversations": conversations,
        "kind": kind,
    }


def find(api, what, field, operator, value):
    query = {"field": field, "operator": operator, "value": value}
    found = api.ok("POST", f"/{what}/search", {"query": query, "pagination": {"per_page": 150}})
    rows = found["data" if what == "contacts" else what]
    assert found["total_count"] == len(rows)
    return [row["id"] for row in rows]


def test_tickets_by_their_attributes(api, data):
    tickets, attributes = data["tickets"], data["attributes"]

    def by(name, operator, value):
        return set(find(api, "tickets", f"ticket_attribute.{attributes[name]}", operator, value))

    assert by("Key", "=", "k3") == {tickets[3]}
    assert by("Key", "IN", ["k1", "k2", "none"]) == set(tickets[1:3])
    assert by("Key", "^", "K") == set(tickets)
    assert by("Key", "!=", "k3") == {*tickets[:3], *tickets[4:], data["back"]}
    assert by("Number", ">", 3) == set(tickets[4:])
    assert by("Number", "<=", 1) == set(tickets[:2])
    assert by("Flag", "=", True) == {tickets[0], tickets[2], tickets[4]}
    assert by("When", ">", DAY + 4) == {tickets[5]}
    api.ok("PUT", f"/tickets/{tickets[3]}", {"ticket_attributes": {"Key": "moved"}, "skip_notifications": True})
    assert by("Key", "=", "k3") == set()
    assert by("Key", "=", "moved") == {tickets[3]}
    api.ok("PUT", f"/tickets/{tickets[3]}", {"ticket_attributes": {"Key": "k3"}, "skip_notifications": True})


def test_an_attribute_is_searched_by_its_id_and_not_its_name(api, data):
    query = {"field": "ticket_attribute.Key", "operator": "=", "value": "k1"}
    api.refused(400, "field_not_found", "POST", "/tickets/search", {"query": query})


def test_tickets_by_other_fields(api, data):
    tickets = data["tickets"]
    assert find(api, "tickets", "created_at", ">", DAY + 399) == [data["back"], *tickets[:3:-1]]
    assert set(find(api, "tickets", "created_at", "<=", DAY + 100)) == set(tickets[:2])
    assert set(find(api, "tickets", "contact_ids", "=", data["contacts"][1]["id"])) == set(tickets[1::2])
    assert set(find(api, "tickets", "ticket_type_id", "=", data["kind"]["id"])) == set(tickets)
    assert find(api, "tickets", "category", "=", "task") == [data["back"]]
    assert set(find(api, "tickets", "category", "=", "request")) == set(tickets)
    assert find(api, "tickets", "title", "~", "TITLE 4") == [tickets[4]]
    assert find(api, "tickets", "id", "=", tickets[2]) == [tickets[2]]
    state = api.ok("GET", "/ticket_states")["data"][3]["id"]
    api.ok("PUT", f"/tickets/{tickets[0]}", {"ticket_state_id": state, "open": False, "skip_notifications": True})
    assert find(api, "tickets", "state", "=", "resolved") == [tickets[0]]
    assert find(api, "tickets", "open", "=", False) == [tickets[0]]
    assert len(find(api, "tickets", "admin_assignee_id", "=", "0")) == 7


def test_conversations_show_customer_tickets_and_no_back_office(api, data):
    everything = find(api, "conversations", "created_at", ">", 0)
    assert set(everything) == {*data["tickets"], *data["conversations"]}
    assert find(api, "conversations", "source.body", "=", "support") == data["conversations"][::-1]
    assert find(api, "conversations", "source.body", "=", "need support") == []
    assert len(find(api, "conversations", "source.author.email", "=", "P2@example.org")) == 3
    api.refused(
        400,
        "field_not_found",
        "POST",
        "/conversations/search",
        {"query": {"field": "custom_attributes.Mood", "operator": "=", "value": "x"}},
    )


def test_groups_nest_twice_and_hold_fifteen(api, data):
    tickets = data["tickets"]

    def single(value):
        return {"field": "id", "operator": "=", "value": value}

    pair = {"operator": "OR", "value": [single(tickets[0]), single(tickets[1])]}
    after = {"field": "created_at", "operator": ">", "value": DAY}
    query = {"operator": "AND", "value": [pair, after]}
    assert [row["id"] for row in api.ok("POST", "/tickets/search", {"query": query})["tickets"]] == [tickets[1]]
    deep = {"operator": "AND", "value": [query]}
    api.refused(400, "parameter_invalid", "POST", "/tickets/search", {"query": deep})
    wide = {"operator": "OR", "value": [single(tickets[0])] * 16}
    api.refused(400, "parameter_invalid", "POST", "/tickets/search", {"query": wide})


@pytest.mark.parametrize(
    "query",
    [
        None,
        {},
        {"field": "created_at", "operator": "="},
        {"field": "created_at", "operator": "=", "value": "yesterday"},
        {"field": "created_at", "operator": "~", "value": 1},
        {"field": "title", "operator": ">", "value": "a"},
        {"field": "title", "operator": "IN", "value": "a"},
        {"field": "open", "operator": "=", "value": 1},
        {"operator": "AND", "value": []},
        {"operator": "AND", "value": ["x"]},
    ],
)
def test_wrong_queries_are_refused(api, query):
    api.refused(400, "parameter_invalid", "POST", "/tickets/search", {"query": query})


def test_contact_dates_are_days_of_the_workspace_until_preview(api, data):
    # The workspace is in Berlin, two hours ahead in July: local midnight is at 22:00 UTC.
    people = [contact["id"] for contact in data["contacts"]]
    assert find(api, "contacts", "signed_up_at", "=", DAY + 3600) == people[:2]
    assert find(api, "contacts", "signed_up_at", ">", DAY) == people[2:]
    assert find(api, "contacts", "signed_up_at", "<", DAY + 86400) == people[:2]
    query = {"query": {"field": "signed_up_at", "operator": ">", "value": DAY}}
    exact = api.ok("POST", "/contacts/search", query, version="Preview")["data"]
    assert [row["id"] for row in exact] == people[1:]
    ge = {"query": {"field": "signed_up_at", "operator": ">=", "value": DAY}}
    api.refused(400, "parameter_invalid", "POST", "/contacts/search", ge)


def test_contacts_by_other_fields(api, data):
    people = [contact["id"] for contact in data["contacts"]]
    assert find(api, "contacts", "email", "=", "P1@Example.org") == [people[1]]
    assert find(api, "contacts", "email_domain", "=", "example.org") == people
    assert find(api, "contacts", "custom_attributes.Seats", ">", 1) == people[2:]
    assert find(api, "contacts", "external_id", "IN", [data["contacts"][3]["external_id"]]) == [people[3]]
    assert find(api, "contacts", "phone", "=", None) == people
    body = {"query": {"field": "role", "operator": "=", "value": "user"}}
    sort = {"sort": {"field": "email", "order": "descending"}}
    assert [row["id"] for row in api.ok("POST", "/contacts/search", {**body, **sort})["data"]] == people[::-1]
    message = api.refused(400, "invalid_sort_order", "POST", "/contacts/search", {**body, "sort": {"order": "desc"}})
    assert message == "Invalid sort order 'desc'. Must be one of: ascending, descending"


def walk(fetch, key):
    """Every page in turn; `next` must be absent on the last one."""
    after = None
    for number in itertools.count(1):
        page = fetch(after)
        assert page["pages"]["page"] == number
        yield [row["id"] for row in page[key]]
        if "next" not in page["pages"]:
            assert number == page["pages"]["total_pages"]
            return
        after = page["pages"]["next"]["starting_after"]


def test_pages_of_searches_and_lists_hold_everything_once(api, data):
    query = {"field": "created_at", "operator": ">", "value": 0}

    def searched(after):
        pagination = {"per_page": 2, **({"starting_after": after} if after else {})}
        return api.ok("POST", "/tickets/search", {"query": query, "pagination": pagination})

    pages = list(walk(searched, "tickets"))
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert sorted(itertools.chain(*pages)) == sorted([*data["tickets"], data["back"]])

    def listed(after):
        return api.ok("GET", "/contacts", params={"per_page": 3, **({"starting_after": after} if after else {})})

    assert list(itertools.chain(*walk(listed, "data"))) == [contact["id"] for contact in data["contacts"]]

    def conversations(after):
        return api.ok("GET", "/conversations", params={"per_page": 5, **({"starting_after": after} if after else {})})

    assert len(list(itertools.chain(*walk(conversations, "conversations")))) == 9


def test_a_search_ignores_the_url_and_limits_the_page(api, data):
    query = {"query": {"field": "created_at", "operator": ">", "value": 0}}
    assert len(api.ok("POST", "/tickets/search?per_page=1", query)["tickets"]) == 7
    for size in (151, 0, "2x"):
        api.refused(400, "parameter_invalid", "POST", "/tickets/search", {**query, "pagination": {"per_page": size}})
    api.refused(400, "parameter_invalid", "GET", "/contacts?per_page=151")
    api.refused(400, "parameter_invalid", "GET", "/contacts?starting_after=nonsense")


def test_searches_lists_and_counts_lag_and_direct_reads_do_not(started):
    api = started("--search-lag", "1000")
    contact, company = api.contact(email="x@example.com"), api.ok("POST", "/companies", {"company_id": "k"})
    api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    ticket = api.ticket(api.ticket_type(), contact)["id"]
    conversation = api.conversation(contact)
    query = {"query": {"field": "created_at", "operator": ">", "value": 0}}
    lagging = (
        ("GET", "/contacts", None, 1),
        ("POST", "/contacts/search", query, 1),
        ("GET", "/conversations", None, 2),
        ("POST", "/conversations/search", query, 2),
        ("POST", "/tickets/search", query, 1),
    )

    def counts():
        return [api.ok(method, path, body)["total_count"] for method, path, body, _ in lagging]

    assert counts() == [0] * len(lagging)
    direct = (f"/contacts/{contact['id']}", f"/contacts/find_by_external_id/{contact['external_id']}")
    for path in (*direct, "/companies?company_id=k", f"/tickets/{ticket}", f"/conversations/{conversation}"):
        api.ok("GET", path)
    api.refused(409, "conflict", "POST", "/contacts", {"role": "user", "email": "x@example.com"})
    api.advance(1001)
    assert counts() == [number for *_, number in lagging]
