"""Authentication, versions, request ids, headers, routes, malformed requests."""

import asyncio
import base64
import uuid

import pytest

from embedded_intercom.api.pipeline import build
from embedded_intercom.api.routing import Call, Router, Routes
from embedded_intercom.api.workspace import Options, open_workspace


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


DEEP = 1_000_000


@pytest.mark.parametrize("path", ["/contacts", "/contacts/search", "/tickets", "/__embedded/faults"])
@pytest.mark.parametrize("content", [b"{", b"[1]", b'"text"', b"[" * DEEP, b'{"a":' * DEEP, b"[" * DEEP + b"]" * DEEP])
def test_a_body_that_is_no_json_object_is_refused(api, path, content):
    answer = api.http.post(path, content=content)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "parameter_invalid")
    assert "Traceback" not in (api.process._state / "server.log").read_text()


@pytest.mark.parametrize(
    "cursor",
    [
        b"[" * 20_000,
        b"[1, 2]",
        b'["x", 1, 2]',
        b"[null, 1, 2]",
        b"[1, [2], 3]",
        b'[1, 2, {"a": 3}]',
        b"[1, 2, %d]" % 2**70,
    ],
)
def test_a_cursor_that_nobody_gave_out_is_refused(api, cursor):
    given = {"starting_after": base64.urlsafe_b64encode(cursor).decode()}
    query = {"field": "email", "operator": "=", "value": "x"}
    answers = (
        api.ask("GET", "/contacts", params=given),
        api.ask("POST", "/contacts/search", {"query": query, "pagination": given}),
    )
    for answer in answers:
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "parameter_invalid")


def test_a_wrong_accept_header_is_406(api):
    assert api.http.get("/me", headers={"Accept": "text/html"}).status_code == 406


FIRST_VERSIONS = {
    "GET /contacts/find_by_external_id/x": "2.13",
    "DELETE /conversations/1": "2.13",
    "POST /conversations/1/convert": "2.11",
    "POST /tickets/enqueue": "2.14",
    "GET /jobs/status/1": "2.14",
    "DELETE /tickets/1": "2.13",
    "GET /ticket_states": "2.12",
    "GET /help_center/collections": "2.10",
    "POST /help_center/help_centers/1/redirects": "2.16",
    "PUT /teams/1": "Preview",
}


@pytest.mark.parametrize("endpoint", FIRST_VERSIONS)
def test_endpoints_newer_than_the_version_are_refused(api, endpoint):
    method, path = endpoint.split()
    first = FIRST_VERSIONS[endpoint]
    before = "2.16" if first == "Preview" else f"2.{int(first.partition('.')[2]) - 1}"
    # An older version may still have the shorter path, with the last word as an id.
    answer = api.ask(method, path, {}, version=before)
    assert answer.status_code == 400, answer.text
    error = answer.json()["errors"][0]
    assert (error["code"], error["message"]) == (
        "intercom_version_invalid",
        "Requested resource is not available in current API version.",
    )
    now = api.ask(method, path, {}, version=first).json()
    assert now.get("errors", [{"code": ""}])[0]["code"] != "intercom_version_invalid"


def test_a_version_that_there_is_not_is_refused(api):
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


def test_owner_ids_were_integers_until_2_15(api):
    for version, owner, other in (("2.16", api.admin, int(api.admin)), ("2.15", int(api.admin), api.admin)):
        body = {"role": "lead", "owner_id": owner}
        assert api.ok("POST", "/contacts", body, version=version)["owner_id"] == api.admin
        api.refused(400, "parameter_invalid", "POST", "/contacts", {**body, "owner_id": other}, version=version)


def test_the_language_of_a_contact_is_written_under_preview_only(api):
    body = {"role": "lead", "language_override": "de"}
    assert api.ok("POST", "/contacts", body)["language_override"] is None
    made = api.ok("POST", "/contacts", body, version="Preview")
    assert made["language_override"] == "de"
    path = f"/contacts/{made['id']}"
    assert api.ok("PUT", path, {"language_override": None}, version="Preview")["language_override"] is None


def test_fields_that_no_endpoint_reads_are_counted(api):
    api.ok("POST", "/tags", {"name": "seen", "colour": "red"})
    assert api.ok("GET", "/__embedded/state")["ignored_fields"]["POST /tags: colour"] == 1


def test_a_fault_of_the_program_is_an_answer_like_any_other(tmp_path, caplog):
    routes = Routes()

    @routes("POST", "/broken")
    def broken(call):
        call.store.insert("tags", id=1, name="half", folded="half")
        raise ZeroDivisionError

    workspace = open_workspace(Options(state=tmp_path), "token")
    call = Call("POST", "/broken", {}, {"authorization": "Bearer token"}, b"", "id", workspace)
    answer = asyncio.run(build(Router([routes]))(call))
    assert (answer.status, answer.body["errors"][0]["code"]) == (500, "server_error")
    assert "X-RateLimit-Remaining" in answer.headers
    assert "POST /broken failed" in caplog.text
    assert workspace.store.counts()["tags"] == 0
    workspace.store.close()
