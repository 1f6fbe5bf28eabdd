"""Bulk jobs of contacts and companies (Preview)."""

import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from embedded_intercom.protocol.errors import ApiError
from embedded_intercom.records.bulk_jobs import items_of, state_of

DELAY = 1000
"""Seconds that a job takes: only a moved clock ends one."""


@pytest.fixture(scope="module")
def api(tmp_path_factory, api_class):
    options = ("--job-delay", str(DELAY))
    with EmbeddedProcess(tmp_path_factory.mktemp("bulk"), Quotas(1_000_000, 1_000_000), options=options) as process:
        yield api_class(process)


def done(api, job, kind="contacts"):
    """Let the job's time pass and answer how it ended."""
    api.advance(DELAY + 1)
    found = api.ok("GET", f"/{kind}/bulk/{job['id']}", version="Preview")
    assert found["completed_at"] is not None
    return found


@pytest.fixture(scope="module", autouse=True)
def attribute(api):
    api.ok("POST", "/data_attributes", {"name": "Plan", "model": "contact", "data_type": "string"})


def test_contacts_are_created_with_companies_and_tags_and_twins_are_rejected(api):
    there = api.contact(external_id="there")
    vip = api.ok("POST", "/tags", {"name": "Bulk"})["id"]
    job = api.accepted(
        "POST",
        "/contacts/bulk",
        {
            "contacts": [
                {
                    "external_id": "b1",
                    "email": "b1@example.com",
                    "signed_up_at": 1500000000,
                    "custom_attributes": {"Plan": "pro"},
                    "companies": [{"company_id": "k1", "name": "One"}, {"company_id": "k2"}],
                    "tags": {"add": [{"id": vip}, {"id": "123"}]},
                    "favourite_colour": "ignored",
                },
                {"external_id": "there", "name": "Twin"},
                {"external_id": "b2", "custom_attributes": {"Unknown": 1}, "companies": [{"company_id": "k3"}]},
                {"role": "lead", "email": "b1@example.com"},
            ]
        },
    )
    assert (job["type"], job["state"], job["completed_at"]) == ("contacts.bulk.job", "pending", None)
    assert job["tasks"][0]["item_count"] == 4
    assert job["url"] == f"{api.process.url}/contacts/bulk/{job['id']}"
    ended = done(api, job)
    assert (ended["state"], ended["tasks"][0]["state"]) == ("completed_with_errors", "completed_with_errors")
    made = api.ok("GET", "/contacts/find_by_external_id/b1")
    assert (made["role"], made["signed_up_at"], made["custom_attributes"]) == ("user", 1500000000, {"Plan": "pro"})
    assert (made["companies"]["total_count"], [row["id"] for row in made["tags"]["data"]]) == (2, [vip])
    assert api.ok("GET", "/companies?company_id=k1")["name"] == "One"
    assert api.ok("GET", f"/contacts/{there['id']}")["name"] is None
    # An item that is refused leaves nothing, not even its company.
    api.refused(404, "not_found", "GET", "/contacts/find_by_external_id/b2")
    api.refused(404, "company_not_found", "GET", "/companies?company_id=k3")
    query = {"query": {"field": "email", "operator": "=", "value": "b1@example.com"}}
    assert {row["role"] for row in api.ok("POST", "/contacts/search", query)["data"]} == {"user", "lead"}


def test_contacts_are_changed_and_deleted_by_id(api):
    first, second = api.contact(name="Old"), api.contact()
    company = api.ok("POST", "/companies", {"company_id": "leaving"})
    api.ok("POST", f"/contacts/{first['id']}/companies", {"id": company["id"]})
    change = {
        "id": first["id"],
        "name": "New",
        "role": "lead",
        "language_override": "de",
        "companies": [{"company_id": "leaving", "remove": True}, {"company_id": "coming"}],
    }
    job = api.accepted("PUT", "/contacts/bulk", {"contacts": [change]})
    assert done(api, job)["state"] == "completed"
    now = api.ok("GET", f"/contacts/{first['id']}")
    assert (now["name"], now["role"], now["language_override"]) == ("New", "user", "de")
    coming = api.ok("GET", "/companies?company_id=coming")["id"]
    assert [row["id"] for row in now["companies"]["data"]] == [coming]
    job = api.accepted("POST", "/contacts/bulk/delete", {"contacts": [{"id": second["id"]}, {"id": "0" * 24}]})
    assert api.ok("GET", f"/contacts/{second['id']}")["id"] == second["id"], "the job's time has not come"
    assert done(api, job)["state"] == "completed_with_errors"
    api.refused(404, "not_found", "GET", f"/contacts/{second['id']}")


def test_companies_are_upserted_changed_and_archived(api):
    job = api.accepted(
        "POST",
        "/companies/bulk",
        {"companies": [{"company_id": "c1", "name": "C"}, {"name": "no key"}, {"company_id": "c2", "size": "x"}]},
    )
    assert job["type"] == "companies.bulk.job"
    assert done(api, job, "companies")["state"] == "completed_with_errors"
    made = api.ok("GET", "/companies?company_id=c1")
    body = {"companies": [{"id": made["id"], "name": "D", "company_id": "other"}]}
    assert done(api, api.accepted("PUT", "/companies/bulk", body), "companies")["state"] == "completed"
    assert api.ok("GET", "/companies?company_id=c1")["name"] == "D"
    body = {"companies": [{"id": made["id"]}]}
    assert done(api, api.accepted("POST", "/companies/bulk/delete", body), "companies")["state"] == "completed"
    api.refused(404, "company_not_found", "GET", "/companies?company_id=c1")


def test_a_job_takes_tasks_until_it_is_done(api):
    body = {"contacts": [{"external_id": "j1"}]}
    job = api.accepted("POST", "/contacts/bulk", body)
    again = api.accepted("POST", "/contacts/bulk", {"contacts": [{"external_id": "j2"}], "job": {"id": job["id"]}})
    assert ([task["item_count"] for task in again["tasks"]], again["id"]) == ([1, 1], job["id"])
    api.advance(DELAY // 2 + 1)
    running = api.ok("GET", f"/contacts/bulk/{job['id']}", version="Preview")
    assert (running["state"], running["tasks"][0]["state"], running["completed_at"]) == ("running", "running", None)
    assert running["tasks"][0]["started_at"] is not None
    assert done(api, job)["state"] == "completed"
    late = {**body, "job": {"id": job["id"]}}
    message = api.refused(403, "forbidden", "POST", "/contacts/bulk", late, version="Preview")
    assert message == f"job {job['id']} is closed for new task updates"
    for path in (f"/companies/bulk/{job['id']}", "/contacts/bulk/job_v2_0", "/contacts/bulk/x"):
        api.refused(404, "job_not_found", "GET", path, version="Preview")
    api.refused(404, "job_not_found", "POST", "/contacts/bulk", {**body, "job": {"id": "none"}}, version="Preview")


@pytest.mark.parametrize("path", ["/contacts/bulk", "/companies/bulk"])
def test_only_preview_has_bulk_jobs(api, path):
    api.refused(400, "intercom_version_invalid", "POST", path, {})


@pytest.mark.parametrize(
    ("body", "by_id", "code", "message"),
    [
        ({}, False, "field_not_found", "contacts field must be supplied"),
        ({"contacts": {}}, False, "type_mismatch", "contacts must be an array"),
        ({"contacts": ["x"]}, False, "type_mismatch", "each contact must be an object"),
        ({"contacts": [{}] * 101}, False, "parameter_invalid", "maximum number of contacts per request is 100"),
        ({"contacts": [{"email": "x"}]}, True, "field_not_found", "contacts must be identified by id"),
    ],
)
def test_wrong_requests_are_422(body, by_id, code, message):
    with pytest.raises(ApiError) as refused:
        items_of(body, "contact", by_id=by_id)
    assert (refused.value.status, refused.value.code, refused.value.message) == (422, code, message)


@pytest.mark.parametrize(
    ("tasks", "state"),
    [
        (["pending", "pending"], "pending"),
        (["pending", "running"], "running"),
        (["completed", "pending"], "running"),
        (["completed", "completed"], "completed"),
        (["completed", "completed_with_errors"], "completed_with_errors"),
    ],
)
def test_a_job_is_as_far_as_its_tasks(tasks, state):
    assert state_of(tasks) == state
