"""Admins, teams and the token's own admin: seeded, and read only but for the members of a team (Preview)."""

import json
from typing import Any

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.errors import invalid, missing
from embedded_intercom.protocol.versions import PREVIEW
from embedded_intercom.records import shapes
from embedded_intercom.state.store import to_json

routes = Routes()

MAX_MEMBERS = 1000
_LEVELS = ("primary_admin_ids", "secondary_admin_ids")


@routes("GET", "/me")
def me(call: Call) -> Result:
    """The admin that the token belongs to, with the workspace."""
    admin = shapes.admin(call.workspace, lookups.own_admin(call))
    keys = ("type", "id", "name", "email", "job_title", "away_mode_enabled", "away_mode_reassign", "has_inbox_seat")
    about = call.workspace.about
    return {
        **{key: admin[key] for key in (*keys, "team_ids")},
        "avatar": {"type": "avatar", "image_url": None},
        "email_verified": True,
        "app": {
            "type": "app",
            "id_code": about["id_code"],
            "name": about["name"],
            "region": about["region"],
            "timezone": about["timezone"],
            "created_at": about["created_at"],
            "secure": False,
            "identity_verification": False,
        },
    }


@routes("GET", "/admins")
def list_admins(call: Call) -> Result:
    """Every admin, not in pages."""
    rows = call.store.all("SELECT * FROM admins ORDER BY id")
    return {"type": "admin.list", "admins": [shapes.admin(call.workspace, row) for row in rows]}


@routes("GET", "/admins/{id}")
def get_admin(call: Call) -> Result:
    """One admin."""
    return shapes.admin(call.workspace, lookups.admin(call, call.params["id"]))


@routes("GET", "/teams")
def list_teams(call: Call) -> Result:
    """Every team, not in pages."""
    rows = call.store.all("SELECT * FROM teams ORDER BY id")
    return {"type": "team.list", "teams": [shapes.team(row) for row in rows]}


@routes("GET", "/teams/{id}")
def get_team(call: Call) -> Result:
    """One team."""
    return shapes.team(lookups.team(call, call.params["id"]))


@routes("PUT", "/teams/{id}", PREVIEW)
def replace_members(call: Call) -> Result:
    """Replace the whole list of a team's members, and set their priority levels; nothing else of a team can change."""
    row = lookups.team(call, call.params["id"])
    other = next((name for name in call.body if name not in ("admin_ids", "admin_priority_level")), None)
    if other is not None:
        raise invalid(
            f"Only admin_ids and admin_priority_level can be updated on a team, but the request changed {other}"
        )
    if call.fields.raw("admin_ids") is None:
        raise missing("admin_ids is a required parameter")
    members = _admin_ids(call.fields.raw("admin_ids"), "admin_ids")
    if not 1 <= len(members) <= MAX_MEMBERS:
        raise invalid(f"admin_ids must contain between 1 and {MAX_MEMBERS} admin ids")
    for key in members:
        lookups.admin(call, key, invalid(f"admin_ids names {key}, who is not a teammate of this workspace"))
    levels = _levels(call, json.loads(row["doc"]), [*json.loads(row["admin_ids"]), *members])
    # Who left the team has no level in it.
    kept = {name: [key for key in levels.get(name, []) if key in members] for name in _LEVELS}
    call.store.update("teams", row["id"], admin_ids=to_json(members), doc=to_json({**levels, **kept}))
    return shapes.team(lookups.team(call, call.params["id"]))


def _admin_ids(given: Any, name: str) -> list[int]:  # noqa: ANN401 - not yet checked
    if not isinstance(given, list) or any(isinstance(key, bool) or not isinstance(key, int) for key in given):
        raise invalid(f"{name} must contain only numeric admin ids")
    return list(dict.fromkeys(given))


def _levels(call: Call, present: JsonObject, allowed: list[int]) -> JsonObject:
    """Return the team's document with the levels that the call sets: each teammate has one at most."""
    given = {
        name: _admin_ids(ids, name)
        for name, ids in call.fields.mapping("admin_priority_level").items()
        if name in _LEVELS and ids is not None
    }
    named = [key for ids in given.values() for key in ids]
    for key in named:
        if key not in allowed:
            raise invalid(f"admin_priority_level names {key}, which is on neither the team nor admin_ids")
        if named.count(key) > 1:
            raise invalid(f"admin_priority_level gives {key} more than one priority level")
    if given.get("secondary_admin_ids") and present.get("distribution_method") != "load_balanced":
        raise invalid("Secondary members are only possible on a team that is load balanced")
    merged = {name: [key for key in present.get(name, []) if key not in named] for name in _LEVELS}
    return {**present, **{name: merged[name] + given.get(name, []) for name in _LEVELS}}
