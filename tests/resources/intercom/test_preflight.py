"""What is said about workspaces that cannot be written to: single answers here, whole workspaces below."""

import asyncio
import json

import httpx
import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.preflight import CATEGORIES, preflight
from schemas.addresses import REGION_HOSTS

APP = {"id_code": "abc123", "name": "Acme", "region": "EU"}
ANSWERS = {
    "/me": {"id": "1", "email": "m@acme.test", "app": APP},
    "/ticket_types": {"data": [{"id": "9", "name": "Migrated"}]},
    "/ticket_states": {"data": [{"id": str(n), "category": category} for n, category in enumerate(CATEGORIES)]},
    "/admins": {"admins": [{"id": "1", "email": "m@acme.test"}]},
    "/teams": {"teams": []},
    "/contacts/search": {"data": []},
    "/companies": (404, "company_not_found"),
    "/tags": {"data": []},
    "/data_attributes": {"data": []},
    "/tickets/search": {"tickets": []},
    "/conversations/search": {"conversations": []},
}


def workspace(changes=None, headers=None):
    def answer(request):
        found = {**ANSWERS, **(changes or {})}[request.url.path]
        if isinstance(found, tuple):
            status, code = found
            return httpx.Response(status, json={"type": "error.list", "request_id": "r-7", "errors": [{"code": code}]})
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(200, json=found, headers={"intercom-version": "2.16", **(headers or {})})

    return answer


@pytest.mark.parametrize(("route", "calls"), [("ticket", 10), ("conversation", 11)])
def test_a_workspace_that_is_ready(run, answering, route, calls):
    quota = {"x-ratelimit-limit": "167", "x-ratelimit-remaining": "160", "x-ratelimit-reset": "1800000000"}
    client = answering(workspace(headers=quota))
    found = run(preflight(client, expected_region="eu", known_apps={"abc123", "older"}, route=route))
    assert found.problems == []
    assert found.ok
    assert (found.app_id, found.workspace, found.region, found.calls_per_window) == ("abc123", "Acme", "eu", 167)
    assert (len(found.admins), len(found.teams), len(found.ticket_states)) == (1, 0, 4)
    assert (client.calls.total, client.calls.writes) == (calls, 0)
    assert ("/conversations/search" in {request.url.path for request in client.seen}) == (route == "conversation")
    note, host = found.notes
    assert host.startswith("Not Intercom itself is asked but intercom.test (INTERCOM_BASE_URL)")
    assert note.startswith("Intercom does not tell whether the token may write.")


def test_what_is_searched_for_is_nothing_of_a_customer(run, answering):
    client = answering(workspace())
    run(preflight(client, route="conversation"))
    asked = [json.loads(request.content)["query"]["value"] for request in client.seen if request.content]
    assert set(asked) == {"0", "itco-preflight"}


HTML = httpx.Response(200, text="<p>Sign in</p>", headers={"content-type": "text/html"})


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"/me": (401, "unauthorized")}, ["does not accept the access token (unauthorized)", "another region"]),
        ({"/me": (401, "token_revoked")}, ["(token_revoked)", "Check INTERCOM_ACCESS_TOKEN and INTERCOM_REGION"]),
        ({"/me": (403, "forbidden")}, ["lacks the permission to tell whom the token belongs to", "id is r-7"]),
        ({"/me": (400, "intercom_version_invalid")}, ["in API version 2.16", "a newer program is needed"]),
        ({"/me": (307, "x")}, ["What answers at https://intercom.test is not Intercom's API (http_307)"]),
        ({"/me": (404, "not_found")}, ["is not Intercom's API (not_found)", REGION_HOSTS["au"]]),
        ({"/me": HTML}, ["is not Intercom's API (not_json)"]),
        ({"/me": (503, "service_unavailable")}, ["did not tell whom the token belongs to", "run again later"]),
        ({"/me": (418, "teapot")}, ["Intercom did not tell whom the token belongs to (teapot)"]),
        ({"/me": {"id": "1"}}, ["did not say which workspace", "private app"]),
        ({"/ticket_types": (403, "api_plan_restricted")}, ["tickets are not part of it", "Every ITCO ticket becomes"]),
        ({"/ticket_states": (403, "forbidden")}, ["lacks the permission to list ticket states", "to read tickets"]),
        ({"/teams": (401, "token_unauthorized")}, ["lacks the permission to list teams", "to read admins and teams"]),
        ({"/contacts/search": (403, "forbidden")}, ["permission to search contacts", "read contacts and companies"]),
        ({"/companies": (403, "forbidden")}, ["lacks the permission to look up companies"]),
        ({"/tags": (403, "forbidden")}, ["lacks the permission to list tags", "to read tags"]),
        ({"/data_attributes": (403, "forbidden")}, ["to read contact and company attributes"]),
        ({"/tickets/search": (400, "intercom_version_invalid")}, ["does not search tickets in API version 2.16"]),
        ({"/tickets/search": (422, "parameter_invalid")}, ["refused to search tickets (parameter_invalid, HTTP 422)"]),
        ({"/conversations/search": (403, "forbidden")}, ["permission to search conversations"]),
        ({"/admins": {"admins": []}}, ["no teammates", "Invite at least one"]),
        (
            {"/ticket_states": {"data": [{"id": 1, "category": "submitted"}]}},
            ["no ticket state for in_progress, waiting_on_customer and resolved"],
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_what_to_do(run, answering, changes, sentences):
    found = run(preflight(answering(workspace(changes), patience=0.02), route="conversation"))
    assert len(found.problems) == 1, found.problems
    for words in sentences:
        assert words in found.problems[0]
    assert not found.ok


def test_a_token_for_another_region_is_told_all_hosts(run, answering):
    client = answering(workspace({"/me": (401, "unauthorized")}))
    client.base_url = REGION_HOSTS["us"]
    (problem,) = run(preflight(client)).problems
    assert "asked was https://api.intercom.io, which is region us; " in problem
    for region, host in REGION_HOSTS.items():
        assert f"{region} is {host}" in problem
    assert len(client.seen) == 1


def test_reads_that_one_permission_covers_are_one_sentence_and_all_that_lacks_is_told_at_once(run, answering):
    lacking = dict.fromkeys(("/ticket_types", "/ticket_states", "/tickets/search"), (403, "api_plan_restricted"))
    found = run(preflight(answering(workspace({**lacking, "/tags": (403, "forbidden")}))))
    assert len(found.problems) == 2
    assert "list ticket types, list ticket states and search tickets" in found.problems[0]
    assert "list tags" in found.problems[1]


def test_an_intercom_that_went_away_is_not_asked_ten_times(run, answering):
    client = answering(workspace({"/ticket_states": httpx.Response(503)}), patience=0.02)
    (problem,) = run(preflight(client)).problems
    assert "did not list ticket states (http_503)" in problem
    assert {request.url.path for request in client.seen} == {"/me", "/ticket_types", "/ticket_states"}


def test_another_workspace_region_or_version(run, answering):
    client = answering(workspace(headers={"intercom-version": "2.11"}))
    found = run(preflight(client, expected_region="us", known_apps={"other"}))
    assert len(found.problems) == 3
    assert "earlier runs loaded this ITCO instance into other. Set the token of other, or name" in found.problems[0]
    assert "is in region eu, but region us was named" in found.problems[1]
    assert "Set INTERCOM_REGION=eu" in found.problems[1]
    assert "API version 2.11, though 2.16 was asked for" in found.problems[2]


def test_the_host_says_which_region_is_meant(run, answering):
    client = answering(workspace())
    client.base_url = REGION_HOSTS["au"]
    (problem,) = run(preflight(client)).problems
    assert "region au was named and https://api.au.intercom.io was asked" in problem
    client.base_url = "https://gateway.example/intercom"
    assert run(preflight(client)).ok, "behind another address any region will do, unless one was named"


def test_what_intercom_does_not_tell_is_noted(run, answering):
    client = answering(workspace(headers={"intercom-version": ""}))
    client.answered_version = None
    client.base_url = "https://api.intercom.io.evil.example"
    notes = run(preflight(answering({"id": "1"}))).notes
    assert "Intercom did not say in which API version it answered; 2.16 was asked for." in notes
    named = "Not Intercom itself is asked but api.intercom.io.evil.example (INTERCOM_BASE_URL), which is sent the token"
    assert any(note.startswith(named) for note in run(preflight(client)).notes)


def test_no_connection(run, answering):
    (problem,) = run(preflight(answering(lambda request: httpx.ConnectError("x"), patience=0.02))).problems
    assert problem.startswith("No connection to https://intercom.test could be made.")


# -- whole workspaces, over real HTTP ---------------------------------------------------------------------------

PEOPLE = {"admins": [{"name": "Migration", "email": "m@acme.test"}], "teams": [{"name": "Support"}]}


@pytest.fixture
def look(tmp_path):
    """Return a function that starts a workspace from a seed and returns what the preflight finds in it."""

    def find(seed, *, token=None, base="", **expected):
        file = tmp_path / "seed.json"
        file.write_text(json.dumps({**PEOPLE, **seed}))
        with EmbeddedProcess(tmp_path / "state", Quotas(), file) as process:

            async def session():
                url = f"{process.url}{base}"
                async with Intercom(url, token or process.token, budget=Budget(), patience=0.2) as client:
                    return await preflight(client, **expected), client.calls

            found, calls = asyncio.run(session())
        assert calls.writes == 0
        return found

    return find


def test_a_whole_workspace_that_is_ready(look):
    found = look({"workspace": {"id_code": "acme1", "region": "EU"}}, expected_region="eu", known_apps=["acme1"])
    assert found.problems == []
    assert (found.app_id, found.region, found.calls_per_window) == ("acme1", "eu", 1667)


@pytest.mark.parametrize(
    ("seed", "expected", "sentences"),
    [
        ({"plan_lacks": ["tickets"]}, {}, ["list ticket types, list ticket states and search tickets"]),
        ({"token_lacks": ["read_tickets"]}, {}, ["lacks the permission to list ticket types, list ticket states"]),
        ({"token_lacks": ["read_contacts"]}, {}, ["search contacts"]),
        ({"token_lacks": ["read_companies", "read_tags"]}, {}, ["look up companies", "list tags"]),
        ({"token_lacks": ["read_attributes"]}, {}, ["list data attributes"]),
        ({"token_lacks": ["read_people"]}, {}, ["list teammates and list teams"]),
        ({"token_lacks": ["read_conversations"]}, {"route": "conversation"}, ["search conversations"]),
        ({"token_lacks": ["read_conversations"]}, {"route": "ticket"}, []),
        ({"token_lacks": ["write_tickets"]}, {}, []),
        ({"workspace": {"region": "AU"}}, {"expected_region": "us"}, ["Set INTERCOM_REGION=au"]),
        ({"workspace": {"id_code": "new1"}}, {"known_apps": ["old1"]}, ["The token opens workspace new1"]),
        ({"admins": []}, {}, ["tell whom the token belongs to"]),
        (
            {"ticket_states": [{"category": "submitted", "internal_label": "New", "external_label": "New"}]},
            {},
            ["no ticket state for"],
        ),
    ],
)
def test_a_whole_workspace_and_what_is_said_of_it(look, seed, expected, sentences):
    found = look(seed, **expected)
    assert len(found.problems) == len(sentences), found.problems
    for problem, words in zip(found.problems, sentences, strict=True):
        assert words in problem


def test_a_whole_workspace_with_another_token_or_behind_another_path(look):
    (problem,) = look({}, token="dG9rOm5vdF90aGF0X29uZQ==").problems
    assert "does not accept the access token" in problem
    assert "dG9r" not in problem
    (problem,) = look({}, base="/no/such/path").problems
    assert "is not Intercom's API" in problem
