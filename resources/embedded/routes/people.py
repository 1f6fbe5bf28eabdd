"""Admins, teams and the token's own admin: seeded, read only."""

from resources.embedded import lookups, shapes
from resources.embedded.routing import Call, Result, Routes

routes = Routes()


@routes("GET", "/me")
def me(call: Call) -> Result:
    """The admin that the token belongs to, with the workspace."""
    row = call.store.all("SELECT * FROM admins ORDER BY id LIMIT 1")[0]
    admin = shapes.admin(call.workspace, row)
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
