"""What the workspace has from its beginning, from the seed file, with ids by their order.

Admins, teams, ticket states and help centers. A seed may also name `behaviours` (unknowns.py), `plan_lacks` and
`token_lacks` (permissions.py), which count from each start anew.
"""

import json
from pathlib import Path
from typing import Any

from embedded_intercom.state.store import Store, to_json

DEFAULT_SEED: dict[str, Any] = {
    "workspace": {"name": "Embedded workspace", "id_code": "embedded", "region": "US", "timezone": "UTC"},
    "admins": [{"name": "Migration", "email": "migration@example.com"}],
    "teams": [{"name": "Support"}],
    "help_centers": [{"identifier": "help", "display_name": "Help Center", "url": "https://help.example.com/help"}],
}

DEFAULT_STATES = (
    {"category": "submitted", "internal_label": "Submitted", "external_label": "Submitted"},
    {"category": "in_progress", "internal_label": "In progress", "external_label": "In progress"},
    {"category": "waiting_on_customer", "internal_label": "Waiting on customer", "external_label": "Waiting on you"},
    {"category": "resolved", "internal_label": "Resolved", "external_label": "Resolved"},
)


def load(path: Path | None) -> dict[str, Any]:
    """Read a seed file; keys that it leaves out come from the default seed."""
    given = {} if path is None else json.loads(path.read_text(encoding="utf-8"))
    merged = {**DEFAULT_SEED, **given}
    return {**merged, "workspace": {**DEFAULT_SEED["workspace"], **given.get("workspace", {})}}


def apply(store: Store, seed: dict[str, Any], now: int) -> None:
    """Add the admins, teams, states and help centers that are not there yet; nothing is ever changed."""
    with store.transaction():
        workspace = {"created_at": now, **seed["workspace"]}
        store.run("INSERT OR IGNORE INTO meta VALUES ('workspace', ?)", to_json(workspace))
        for admin in seed["admins"]:
            _add_admin(store, admin)
        for team in seed["teams"]:
            _add_team(store, team)
        if store.scalar("SELECT count(*) FROM ticket_states") == 0:
            for state in seed.get("ticket_states") or DEFAULT_STATES:
                store.insert("ticket_states", id=store.next_id("ticket_state"), **state)
        for center in seed["help_centers"]:
            _add_help_center(store, center, now)


def _add_admin(store: Store, admin: dict[str, Any]) -> None:
    email = admin["email"].strip().lower()
    if store.one("SELECT 1 FROM admins WHERE email=?", email) is None:
        key = store.next_id("admin")
        store.insert("admins", id=key, name=admin["name"], email=email, doc=to_json(admin))


def _add_team(store: Store, team: dict[str, Any]) -> None:
    if store.one("SELECT 1 FROM teams WHERE name=?", team["name"]) is not None:
        return
    members = [email.strip().lower() for email in team.get("admins", [])]
    marks = ",".join("?" * len(members))
    ids = [row[0] for row in store.all(f"SELECT id FROM admins WHERE email IN ({marks}) ORDER BY id", members)]
    doc = {"distribution_method": team.get("distribution_method", "manual")}
    store.insert("teams", id=store.next_id("team"), name=team["name"], admin_ids=to_json(ids), doc=to_json(doc))


def _add_help_center(store: Store, center: dict[str, Any], now: int) -> None:
    if store.one("SELECT 1 FROM help_centers WHERE identifier=?", center["identifier"]) is not None:
        return
    key = store.next_id("help_center")
    document = {
        "id": str(key),
        "workspace_id": json.loads(store.scalar("SELECT value FROM meta WHERE key='workspace'"))["id_code"],
        "created_at": now,
        "updated_at": now,
        "identifier": center["identifier"],
        "website_turned_on": True,
        "display_name": center["display_name"],
        "url": center["url"].rstrip("/"),
        "custom_domain": None,
        "default": store.scalar("SELECT count(*) FROM help_centers") == 0,
        "locales": ["en"],
    }
    store.insert("help_centers", id=key, identifier=center["identifier"], doc=to_json(document))
