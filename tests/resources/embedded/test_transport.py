"""Authentication, versions, request ids, headers, routes, malformed requests."""

import uuid

import pytest


def test_a_call_without_the_token_is_401_and_shows_no_rate_limit(api):
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer wrong"}):
        answer = api.http.get("/me", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["errors"] == [{"code": "unauthorized", "message": "Access Token Invalid"}]
        assert not [name for name in answer.headers if name.startswith("x-ratelimit")]


def test_every_authenticated_answer_carries_limits_id_and_version(api):
    for path, status in (("/me", 200), ("/nowhere", 404), ("/contacts/000000000000000000000000", 404)):
        answer = api.ask("GET", path, version="2.15")
        assert answer.status_code == status
        assert answer.headers["intercom-version"] == "2.15"
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert str(uuid.UUID(answer.headers["x-request-id"])) == answer.headers["x-request-id"]
        assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= set(answer.headers)
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_unknown_route_and_unknown_method_are_404(api):
    api.refused(404, "not_found", "GET", "/teapots")
    api.refused(404, "not_found", "PATCH", "/me")


@pytest.mark.parametrize("content", [b"{", b"[1]", b'"text"'])
def test_a_body_that_is_no_json_object_is_refused(api, content):
    answer = api.http.post("/contacts", content=content)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "parameter_invalid")


def test_a_wrong_accept_header_is_406(api):
    assert api.http.get("/me", headers={"Accept": "text/html"}).status_code == 406


def test_endpoints_newer_than_the_version_are_refused(api):
    message = api.refused(400, "intercom_version_invalid", "GET", "/conversations/attributes", version="2.15")
    assert message == "Requested resource is not available in current API version."
    api.refused(400, "intercom_version_invalid", "GET", "/ticket_states", version="2.11")
    api.refused(400, "intercom_version_invalid", "POST", "/tickets/enqueue", {}, version="2.13")
    api.refused(400, "intercom_version_invalid", "GET", "/me", version="9.9")


def test_without_a_version_header_the_apps_version_counts(api):
    answer = api.http.get("/me")
    assert answer.headers["intercom-version"] == "2.16"


def test_people_are_seeded_with_ids_by_their_order(api):
    admins = api.ok("GET", "/admins")["admins"]
    assert [(admin["name"], admin["id"]) for admin in admins] == [("Ada", "991267459"), ("Bob", "991267460")]
    teams = api.ok("GET", "/teams")["teams"]
    assert [team["name"] for team in teams] == ["Support", "Billing"]
    assert teams[0]["admin_ids"] == [991267460]
    assert admins[1]["team_ids"] == [int(teams[0]["id"])]
    assert api.ok("GET", f"/admins/{admins[1]['id']}") == admins[1]
    assert api.ok("GET", f"/teams/{teams[1]['id']}") == teams[1]
    api.refused(404, "admin_not_found", "GET", "/admins/1")
    api.refused(404, "team_not_found", "GET", "/teams/1")
    me = api.ok("GET", "/me")
    assert (me["id"], me["app"]["region"]) == (admins[0]["id"], "US")
    api.refused(404, "not_found", "POST", "/admins", {"name": "New"})


def test_fields_that_no_endpoint_reads_are_counted(api):
    api.ok("POST", "/tags", {"name": "seen", "colour": "red"})
    assert api.ok("GET", "/__embedded/state")["ignored_fields"]["POST /tags: colour"] == 1
