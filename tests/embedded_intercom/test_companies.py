"""Companies: upsert, find, list, scroll, attach, archive."""

import pytest


def test_upsert_creates_then_updates(api):
    made = api.ok("POST", "/companies", {"company_id": "a", "name": "A", "monthly_spend": 9.9, "plan": "Pro"})
    assert (made["monthly_spend"], made["plan"]["name"], made["user_count"]) == (9, "Pro", 0)
    again = api.ok("POST", "/companies", {"company_id": "a", "website": "not checked", "remote_created_at": 1500000000})
    assert again["id"] == made["id"]
    assert (again["name"], again["website"], again["remote_created_at"]) == ("A", "not checked", 1500000000)


def test_unknown_parameters_are_refused_with_a_null_request_id(api):
    answer = api.ask("POST", "/companies", {"company_id": "a", "test": 1})
    assert answer.status_code == 400
    assert answer.json() == {
        "type": "error.list",
        "request_id": None,
        "errors": [{"code": "bad_request", "message": "bad 'test' parameter"}],
    }
    made = api.ok("POST", "/companies", {"company_id": "a"})
    api.refused(400, "bad_request", "PUT", f"/companies/{made['id']}", {"company_id": "b"})


@pytest.mark.parametrize("body", [{"size": "7"}, {"custom_attributes": {"Nope": 1}}, {"monthly_spend": True}])
def test_wrong_values_are_refused(api, body):
    api.refused(400, "parameter_invalid", "POST", "/companies", {"company_id": "wrong", **body})
    api.refused(404, "company_not_found", "GET", "/companies?company_id=wrong")


def test_companies_without_contacts_are_found_by_id_but_not_listed(api):
    company = api.ok("POST", "/companies", {"company_id": "hidden", "name": "Hidden"})
    assert api.ok("GET", "/companies?company_id=hidden")["id"] == company["id"]
    assert company["id"] not in [entry["id"] for entry in api.ok("POST", "/companies/list", {})["data"]]
    contact = api.contact()
    attached = api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    assert attached["user_count"] == 1
    api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    listed = api.ok("POST", "/companies/list", {})
    assert [entry["user_count"] for entry in listed["data"] if entry["id"] == company["id"]] == [1]
    detached = api.ok("DELETE", f"/contacts/{contact['id']}/companies/{company['id']}")
    assert detached["user_count"] == 0


def test_attach_names_what_is_missing(api):
    contact = api.contact()
    path = f"/contacts/{contact['id']}/companies"
    assert api.refused(400, "parameter_not_found", "POST", path, {}) == "company not specified"
    assert api.refused(404, "company_not_found", "POST", path, {"id": "x"}) == "Company Not Found"
    assert api.refused(404, "not_found", "POST", f"/contacts/{'0' * 24}/companies", {"id": "x"}) == "User Not Found"


def test_a_contact_shows_ten_companies_and_lists_all(api):
    contact = api.contact()
    for number in range(12):
        company = api.ok("POST", "/companies", {"company_id": f"many-{number}", "name": f"Many {number}"})
        api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    embedded = api.ok("GET", f"/contacts/{contact['id']}")["companies"]
    assert (len(embedded["data"]), embedded["total_count"], embedded["has_more"]) == (10, 12, True)
    assert embedded["url"] == f"/contacts/{contact['id']}/companies"
    first = api.ok("GET", f"/contacts/{contact['id']}/companies?per_page=7")
    assert len(first["data"]) == 7
    second = api.ok("GET", first["pages"]["next"].removeprefix(api.process.url))
    assert second["pages"]["next"] is None
    assert len({entry["id"] for entry in first["data"] + second["data"]}) == 12


def test_scroll_gives_every_company_once_and_one_scroll_at_a_time(api):
    contact = api.contact()
    for number in range(105):
        company = api.ok("POST", "/companies", {"company_id": f"scroll-{number}"})
        api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    page = api.ok("GET", "/companies/scroll")
    api.refused(400, "scroll_exists", "GET", "/companies/scroll")
    param, seen = page["scroll_param"], []
    while page["data"]:
        seen += [entry["id"] for entry in page["data"]]
        page = api.ok("GET", f"/companies/scroll?scroll_param={param}")
    assert len(seen) == len(set(seen)) >= 105
    api.refused(404, "not_found", "GET", f"/companies/scroll?scroll_param={param}")
    api.ok("GET", "/companies/scroll")
    api.ok("POST", "/__embedded/clock", {"advance": 61})
    api.ok("GET", "/companies/scroll")


def test_delete_archives_and_a_new_post_brings_it_back(api):
    company = api.ok("POST", "/companies", {"company_id": "gone"})
    contact = api.contact()
    api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    assert api.ok("DELETE", f"/companies/{company['id']}") == {
        "id": company["id"],
        "object": "company",
        "deleted": True,
    }
    api.refused(404, "company_not_found", "GET", f"/companies/{company['id']}")
    assert api.ok("GET", f"/contacts/{contact['id']}/companies")["total_count"] == 0
    back = api.ok("POST", "/companies", {"company_id": "gone"})
    assert (back["id"], back["user_count"]) == (company["id"], 0)


def test_contacts_of_a_company(api):
    company = api.ok("POST", "/companies", {"company_id": "team"})
    contact = api.contact()
    api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
    found = api.ok("GET", f"/companies/{company['id']}/contacts")
    assert [entry["id"] for entry in found["data"]] == [contact["id"]]
    api.ok("DELETE", f"/contacts/{contact['id']}")
    assert api.ok("GET", f"/companies/{company['id']}")["user_count"] == 0
