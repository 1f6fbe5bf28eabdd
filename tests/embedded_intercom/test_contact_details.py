"""What hangs on a contact or company: tags, notes, merges."""

import pytest


@pytest.fixture
def contact(api):
    return api.contact()


@pytest.fixture
def company(api):
    return api.ok("POST", "/companies", {"company_id": f"company-{next(api.numbers)}"})


def tag(api, name):
    return api.ok("POST", "/tags", {"name": name})["id"]


def test_a_contact_wears_tags_until_they_are_taken_off(api, contact):
    path, vip = f"/contacts/{contact['id']}/tags", tag(api, "VIP")
    worn = api.ok("POST", path, {"id": vip})
    assert (worn["name"], worn["applied_by"]) == ("VIP", {"type": "admin", "id": api.admin})
    assert api.ok("POST", path, {"id": vip}) == worn
    assert api.ok("GET", path) == {"type": "list", "data": [worn]}
    shown = api.ok("GET", f"/contacts/{contact['id']}")["tags"]
    assert (shown["data"], shown["total_count"]) == ([{"type": "tag", "id": vip, "url": f"/tags/{vip}"}], 1)
    assert api.ok("DELETE", f"{path}/{vip}") == worn
    assert api.ok("GET", path)["data"] == []
    api.refused(404, "not_found", "DELETE", f"{path}/{vip}")
    assert api.refused(404, "not_found", "POST", path, {"id": "123"}) == "Resource Not Found"
    assert api.refused(404, "not_found", "POST", f"/contacts/{'0' * 24}/tags", {"id": vip}) == "User Not Found"


def test_contacts_and_companies_are_found_by_their_tag(api, contact, company):
    api.contact()
    api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    made = api.ok(
        "POST", "/tags", {"name": "Found", "users": [{"id": contact["id"]}], "companies": [{"id": company["id"]}]}
    )
    assert made["users"] == [{"id": contact["id"], "tagged": True}]
    assert made["companies"] == [{"id": company["id"], "tagged": True}]
    query = {"query": {"field": "tag_id", "operator": "=", "value": made["id"]}}
    assert [row["id"] for row in api.ok("POST", "/contacts/search", query)["data"]] == [contact["id"]]
    listed = api.ok("GET", f"/companies?tag_id={made['id']}")["data"]
    assert [row["id"] for row in listed] == [company["id"]]
    assert listed[0]["tags"] == {"type": "tag.list", "tags": [{"type": "tag", "id": made["id"], "name": "Found"}]}
    assert api.ok("GET", "/companies?segment_id=1")["data"] == []


def test_many_are_tagged_in_one_call_and_companies_untagged(api, company):
    people = [api.contact()["id"] for _ in range(3)]
    made = api.ok("POST", "/tags", {"name": "Many", "users": [{"id": key} for key in people]})
    assert [user["id"] for user in made["users"]] == people
    path = f"/companies/{company['id']}"
    for key in ({"company_id": company["company_id"]}, {"id": company["id"]}):
        api.ok("POST", "/tags", {"name": "Many", "companies": [key]})
        assert len(api.ok("GET", path)["tags"]["tags"]) == 1
        untagged = api.ok("POST", "/tags", {"name": "many", "companies": [{**key, "untag": True}]})
        assert untagged["companies"] == [{"id": company["id"], "tagged": False}]
        assert api.ok("GET", path)["tags"]["tags"] == []
    api.refused(404, "company_not_found", "POST", "/tags", {"name": "x", "companies": [{"company_id": "none"}]})
    api.refused(404, "not_found", "POST", "/tags", {"name": "x", "users": [{"id": "0" * 24}]})
    for wrong in ({"users": ["x"]}, {"companies": [{}]}, {"id": made["id"], "users": []}):
        api.refused(400, "parameter_invalid", "POST", "/tags", {"name": "x", **wrong})
    api.ok("DELETE", f"/tags/{made['id']}")
    assert api.ok("GET", f"/contacts/{people[0]}/tags")["data"] == []


def test_notes_stay_with_whom_they_are_about(api, contact):
    bob = api.ok("GET", "/admins")["admins"][1]
    key, path = contact["id"], f"/contacts/{contact['id']}/notes"
    first = api.ok("POST", path, {"body": "<p>Old</p>", "admin_id": bob["id"]})
    second = api.ok("POST", path, {"body": "New"})
    assert (first["author"]["id"], first["body"], first["contact"]["id"]) == (bob["id"], "<p>Old</p>", key)
    assert (second["author"]["id"], second["body"]) == (api.admin, "<p>New</p>")
    assert api.ok("GET", f"/notes/{first['id']}") == first
    listed = api.ok("GET", path)
    assert ([note["id"] for note in listed["data"]], listed["total_count"]) == ([second["id"], first["id"]], 2)
    page = api.ok("GET", f"{path}?per_page=1")
    after = page["pages"]["next"]["starting_after"]
    assert api.ok("GET", f"{path}?per_page=1&starting_after={after}")["data"] == [first]
    assert api.refused(404, "not_found", "POST", path, {"body": "x", "admin_id": "7"}) == "Resource Not Found"
    api.refused(400, "parameter_not_found", "POST", path, {"admin_id": bob["id"]})
    shown = api.ok("GET", f"/contacts/{contact['id']}")["notes"]
    assert (shown["total_count"], shown["data"][0]["url"]) == (2, f"/notes/{shown['data'][0]['id']}")
    note = shown["data"][0]["id"]
    api.ok("DELETE", f"/contacts/{contact['id']}")
    api.refused(404, "not_found", "GET", f"/notes/{note}")


def test_a_merge_moves_everything_and_is_remembered(api):
    email = f"merge-{next(api.numbers)}@example.com"
    user, leads = api.contact(email=email), []
    for number in range(3):
        lead = api.ok("POST", "/contacts", {"role": "lead", "email": email})
        api.ok("POST", f"/contacts/{lead['id']}/tags", {"id": tag(api, f"From lead {number}")})
        api.ok("POST", f"/contacts/{lead['id']}/notes", {"body": "Note"})
        conversation = api.conversation(lead | {"role": "lead"}, **{"from": {"type": "lead", "id": lead["id"]}})
        api.ok("POST", "/contacts/merge", {"from": lead["id"], "into": user["id"]})
        leads.append(lead)
    now = api.ok("GET", f"/contacts/{user['id']}?include_merge_history=true")
    assert (now["tags"]["total_count"], now["notes"]["total_count"]) == (3, 3)
    assert [merge["source_contact_id"] for merge in now["merge_history"]] == [lead["id"] for lead in leads[::-1]]
    assert "merge_history" not in api.ok("GET", f"/contacts/{user['id']}")
    owner = api.ok("GET", f"/conversations/{conversation}")["contacts"]["contacts"]
    assert [contact["id"] for contact in owner] == [user["id"]]
    answer = api.ask("GET", f"/contacts/find_by_external_id/{leads[0]['external_id']}")
    assert (answer.status_code, answer.headers["link"]) == (410, f'</contacts/{user["id"]}>; rel="canonical"')
