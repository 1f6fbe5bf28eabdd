"""What is said about workspaces that cannot be written to."""

import httpx
import pytest

from resources.intercom.preflight import CATEGORIES, preflight

APP = {"id_code": "abc123", "name": "Acme", "region": "EU"}
ANSWERS = {
    "/me": {"id": "1", "email": "m@acme.test", "app": APP},
    "/ticket_types": {"data": [{"id": "9", "name": "Migrated"}]},
    "/ticket_states": {"data": [{"id": str(n), "category": category} for n, category in enumerate(CATEGORIES)]},
    "/admins": {"admins": [{"id": "1", "email": "m@acme.test"}]},
    "/teams": {"teams": []},
}


def workspace(changes=None, headers=None):
    def answer(request):
        found = {**ANSWERS, **(changes or {})}[request.url.path]
        if isinstance(found, tuple):
            status, code = found
            return httpx.Response(status, json={"type": "error.list", "request_id": "r", "errors": [{"code": code}]})
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(200, json=found, headers={"intercom-version": "2.16", **(headers or {})})

    return answer


def test_a_workspace_that_is_ready(run, answering):
    quota = {"x-ratelimit-limit": "167", "x-ratelimit-remaining": "160", "x-ratelimit-reset": "1800000000"}
    client = answering(workspace(headers=quota))
    found = run(preflight(client, expected_region="eu", expected_app="abc123"))
    assert found.problems == []
    assert found.ok
    assert (found.app_id, found.workspace, found.region, found.calls_per_window) == ("abc123", "Acme", "eu", 167)
    assert (len(found.admins), len(found.teams), len(found.ticket_states)) == (1, 0, 4)
    assert client.calls.writes == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"/me": (401, "unauthorized")}, "does not accept the access token (unauthorized)"),
        ({"/me": (400, "intercom_version_invalid")}, "does not accept API version 2.16"),
        ({"/me": (307, "x")}, "is not Intercom's API"),
        ({"/me": httpx.Response(200, text="<p>", headers={"content-type": "text/html"})}, "is not Intercom's API"),
        ({"/me": (503, "service_unavailable")}, "Intercom did not tell whom the token belongs to"),
        ({"/me": {"id": "1"}}, "did not say which workspace"),
        ({"/ticket_types": (403, "api_plan_restricted")}, "plan does not let us list ticket types"),
        ({"/ticket_states": (403, "forbidden")}, "lacks the permission to list ticket states"),
        ({"/admins": {"admins": []}}, "no teammates"),
        ({"/ticket_states": {"data": [{"id": 1, "category": "submitted"}]}}, "no ticket state for in_progress"),
    ],
)
def test_what_is_wrong_is_said(run, answering, changes, sentence):
    found = run(preflight(answering(workspace(changes), patience=0.02)))
    assert len(found.problems) == 1
    assert sentence in found.problems[0]
    assert not found.ok


def test_another_workspace_region_or_version(run, answering):
    client = answering(workspace(headers={"intercom-version": "2.11"}))
    found = run(preflight(client, expected_region="us", expected_app="other"))
    assert len(found.problems) == 3
    assert "earlier runs wrote to other" in found.problems[0]
    assert "region eu, not in us" in found.problems[1]
    assert "version 2.11" in found.problems[2]


def test_no_connection(run, answering):
    found = run(preflight(answering(lambda request: httpx.ConnectError("x"), patience=0.02)))
    assert found.problems == ["No connection to Intercom could be made."]
