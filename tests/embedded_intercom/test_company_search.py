"""Companies: search (Preview), the order of the list, deletion in the background."""

import pytest

DELAY = 1000


@pytest.fixture(scope="module")
def made(api):
    for name, kind in (("Seats", "integer"), ("Region", "string")):
        api.ok("POST", "/data_attributes", {"name": name, "model": "company", "data_type": kind})
    contact, companies = api.contact(), []
    for number in range(4):
        body = {"company_id": f"s{number}", "name": f"Name {number}", "monthly_spend": number * 10}
        body |= {"remote_created_at": 1500000000 + number, "custom_attributes": {"Seats": number, "Region": "EU"}}
        company = api.ok("POST", "/companies", body)
        api.ok("POST", f"/contacts/{contact['id']}/companies", {"id": company["id"]})
        companies.append(company)
    api.ok("POST", "/companies", {"company_id": "nobody", "name": "Name of nobody"})
    api.ok("POST", "/tags", {"name": "Worn", "companies": [{"id": companies[1]["id"]}]})
    return companies


def found(api, field, operator, value, **more):
    body = {"query": {"field": field, "operator": operator, "value": value}, **more}
    answer = api.ok("POST", "/companies/search", body, version="Preview")
    return [row["company_id"] for row in answer["data"]]


def test_companies_are_found_by_their_fields(api, made):
    assert found(api, "name", "~", "name") == ["s3", "s2", "s1", "s0"], "the newest first, none without contacts"
    assert found(api, "company_id", "=", "s2") == ["s2"]
    assert found(api, "monthly_spend", ">", 10) == ["s3", "s2"]
    assert found(api, "remote_created_at", "<", 1500000001) == ["s0"]
    assert found(api, "user_count", "IN", [1]) == ["s3", "s2", "s1", "s0"]
    assert found(api, "custom_attributes.Seats", "=", 3) == ["s3"]
    assert found(api, "custom_attributes.Region", "$", "u") == ["s3", "s2", "s1", "s0"]
    tag = api.ok("GET", "/tags")["data"][0]["id"]
    assert (found(api, "tag_id", "=", tag), found(api, "tag_id", "!=", tag)) == (["s1"], ["s3", "s2", "s0"])
    sort = {"field": "name", "order": "ascending"}
    assert found(api, "company_id", "^", "s", sort=sort) == ["s0", "s1", "s2", "s3"]


def test_company_searches_come_in_pages(api, made):
    body = {"query": {"field": "name", "operator": "^", "value": "Name"}, "pagination": {"per_page": 3}}
    first = api.ok("POST", "/companies/search", body, version="Preview")
    assert (first["total_count"], first["pages"]["total_pages"], len(first["data"])) == (4, 2, 3)
    body["pagination"]["starting_after"] = first["pages"]["next"]["starting_after"]
    rest = api.ok("POST", "/companies/search", body, version="Preview")
    assert ([row["company_id"] for row in rest["data"]], "next" in rest["pages"]) == (["s0"], False)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"query": {"field": "plan.id", "operator": "=", "value": "x"}}, "invalid_field"),
        ({"query": {"field": "segment_id", "operator": "=", "value": "x"}}, "invalid_field"),
        ({"query": {"field": "created_at", "operator": "IN", "value": [1]}}, "parameter_invalid"),
        ({"query": {"field": "tag_id", "operator": "IN", "value": ["1"]}}, "parameter_invalid"),
        ({"query": {"field": "monthly_spend", "operator": ">=", "value": 1}}, "parameter_invalid"),
        ({"sort": {"field": "name", "order": "up"}}, "invalid_sort_order"),
        ({"sort": {"field": "tag_id"}}, "invalid_field"),
    ],
)
def test_wrong_company_searches_are_refused(api, change, code):
    body = {"query": {"field": "name", "operator": "=", "value": "x"}, **change}
    api.refused(400, code, "POST", "/companies/search", body, version="Preview")


def test_only_preview_searches_companies(api):
    api.refused(400, "intercom_version_invalid", "POST", "/companies/search", {})


def test_the_list_begins_with_the_last_request(api, made):
    body = {"company_id": "s1", "update_last_request_at": True}
    api.ok("POST", "/companies", body)
    assert [row["company_id"] for row in api.ok("POST", "/companies/list", {})["data"]] == ["s1", "s3", "s2", "s0"]
    ascending = api.ok("POST", "/companies/list?order=asc&per_page=3")
    assert [row["company_id"] for row in ascending["data"]] == ["s0", "s2", "s3"]
    assert "order=asc" in ascending["pages"]["next"]
    api.refused(400, "parameter_invalid", "POST", "/companies/list?order=up")


def test_a_deleted_company_goes_a_while_later(started):
    api = started("--company-delete-delay", str(DELAY))
    contact, company = api.contact(), api.ok("POST", "/companies", {"company_id": "slow"})
    path, links = f"/companies/{company['id']}", f"/contacts/{contact['id']}/companies"
    api.ok("POST", links, {"id": company["id"]})
    gone = {"id": company["id"], "object": "company", "deleted": True}
    assert api.ok("DELETE", path) == gone
    assert (api.ok("GET", path)["user_count"], api.ok("GET", links)["total_count"]) == (1, 1)
    assert api.ok("DELETE", path) == gone
    api.advance(DELAY + 1)
    api.refused(404, "company_not_found", "GET", path)
    assert api.ok("GET", links)["total_count"] == 0
    assert api.ok("GET", f"/contacts/{contact['id']}")["companies"]["total_count"] == 0
    assert api.ok("POST", "/companies", {"company_id": "slow"})["id"] == company["id"]
