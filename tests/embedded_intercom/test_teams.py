"""Teams: their members can be replaced (Preview), and nothing else of them."""

import pytest


@pytest.fixture(scope="module")
def admins(api):
    return [int(admin["id"]) for admin in api.ok("GET", "/admins")["admins"]]


@pytest.fixture(scope="module")
def team(api):
    return f"/teams/{api.ok('GET', '/teams')['teams'][0]['id']}"


def put(api, team, **body):
    return api.ok("PUT", team, body, version="Preview")


def test_members_are_replaced_as_a_whole(api, team, admins):
    assert put(api, team, admin_ids=admins)["admin_ids"] == admins
    assert api.ok("GET", f"/admins/{admins[0]}")["team_ids"] == [int(team.rpartition("/")[2])]
    assert put(api, team, admin_ids=[admins[1], admins[1]])["admin_ids"] == [admins[1]]
    assert api.ok("GET", f"/admins/{admins[0]}")["team_ids"] == []
    assert api.ok("GET", team)["admin_ids"] == [admins[1]]


def test_levels_go_with_the_members(api, team, admins):
    level = {"primary_admin_ids": [admins[0]]}
    assert put(api, team, admin_ids=admins, admin_priority_level=level)["admin_priority_level"] == {
        "primary_admin_ids": [admins[0]],
        "secondary_admin_ids": [],
    }
    assert put(api, team, admin_ids=[admins[1]])["admin_priority_level"]["primary_admin_ids"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "parameter_not_found"),
        ({"admin_ids": []}, "parameter_invalid"),
        ({"admin_ids": ["1"]}, "parameter_invalid"),
        ({"admin_ids": [7]}, "parameter_invalid"),
        ({"admin_ids": [991267459], "name": "New"}, "parameter_invalid"),
        ({"admin_ids": [991267459], "admin_priority_level": {"primary_admin_ids": [8]}}, "parameter_invalid"),
        (
            {"admin_ids": [991267459], "admin_priority_level": {"secondary_admin_ids": [991267459]}},
            "parameter_invalid",
        ),
        (
            {
                "admin_ids": [991267459],
                "admin_priority_level": {"primary_admin_ids": [991267459], "secondary_admin_ids": [991267459]},
            },
            "parameter_invalid",
        ),
    ],
)
def test_wrong_changes_are_refused(api, team, body, code):
    api.refused(400, code, "PUT", team, body, version="Preview")


def test_secondary_members_need_a_balanced_team(started):
    api = started(teams=[{"name": "Balanced", "distribution_method": "load_balanced"}])
    team = api.ok("GET", "/teams")["teams"][0]
    assert team["distribution_method"] == "load_balanced"
    level = {"secondary_admin_ids": [int(api.admin)]}
    changed = put(api, f"/teams/{team['id']}", admin_ids=[int(api.admin)], admin_priority_level=level)
    assert changed["admin_priority_level"]["secondary_admin_ids"] == [int(api.admin)]


def test_only_preview_changes_a_team_and_no_version_makes_or_deletes_one(api, team):
    api.refused(400, "intercom_version_invalid", "PUT", team, {"admin_ids": [1]})
    api.refused(404, "team_not_found", "PUT", "/teams/1", {"admin_ids": [1]}, version="Preview")
    for method, path in (("POST", "/teams"), ("DELETE", team), ("POST", "/ticket_states"), ("DELETE", "/admins/1")):
        api.refused(404, "not_found", method, path, {}, version="Preview")
