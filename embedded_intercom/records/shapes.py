"""Documents of people and companies, from their rows."""

import json
import sqlite3
from typing import Any

from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.state.store import Store

_UNSET = (
    *("last_contacted_at", "last_email_opened_at", "last_email_clicked_at", "language_override", "browser"),
    *("browser_version", "browser_language", "os", "android_app_name", "android_app_version", "android_device"),
    *("android_os_version", "android_sdk_version", "android_last_seen_at", "ios_app_name", "ios_app_version"),
    *("ios_device", "ios_os_version", "ios_sdk_version", "ios_last_seen_at", "utm_campaign", "utm_content"),
    *("utm_medium", "utm_source", "utm_term", "referrer", "enabled_push_messaging"),
)
_LOCATION = ("country", "region", "city", "country_code", "continent_code")
_EMBEDDED = 10
"""How many companies, tags or notes a contact shows."""


def contact(store: Store, row: sqlite3.Row, workspace_id: str) -> JsonObject:
    """A whole contact."""
    path = f"/contacts/{row['id']}"
    document: JsonObject = {
        "type": "contact",
        "id": row["id"],
        "workspace_id": workspace_id,
        "external_id": row["external_id"],
        "role": row["role"],
        "phone": row["phone"],
        "name": row["name"],
        "avatar": {"type": "avatar", "image_url": row["avatar"]} if row["avatar"] else None,
        "owner_id": row["owner_id"],
        "social_profiles": {"type": "list", "data": []},
        "has_hard_bounced": False,
        "marked_email_as_spam": False,
        "unsubscribed_from_emails": bool(row["unsubscribed"]),
        **{key: row[key] for key in ("created_at", "updated_at", "signed_up_at", "last_seen_at", "last_replied_at")},
        **dict.fromkeys(_UNSET),
        "location": {"type": "location", **dict.fromkeys(_LOCATION)},
        "custom_attributes": json.loads(row["custom_attributes"]),
        "language_override": row["language_override"],
        "tags": _listed(store, "tag_id FROM contact_tags", "applied_at, tag_id", row["id"], "tag"),
        "notes": _listed(store, "id FROM notes", "id DESC", row["id"], "note"),
        "companies": _listed(store, "company_id FROM contact_companies", "at, company_id", row["id"], "company"),
        "opted_out_subscription_types": _addresses(f"{path}/subscriptions", [], 0),
        "opted_in_subscription_types": _addresses(f"{path}/subscriptions", [], 0),
    }
    if row["email"]:
        # The description knows no null here: a contact without e-mail has no such key.
        document |= {"email": row["email"], "email_domain": row["email"].rpartition("@")[2]}
    return document


def _addresses(url: str, data: list[JsonObject], total: int) -> JsonObject:
    return {"type": "list", "data": data, "url": url, "total_count": total, "has_more": total > len(data)}


_PLURALS = {"tag": "tags", "note": "notes", "company": "companies"}


def _listed(store: Store, source: str, order: str, contact_id: str, kind: str) -> JsonObject:
    rows = store.all(f"SELECT {source} WHERE contact_id=? ORDER BY {order}", [contact_id])
    plural = _PLURALS[kind]
    shown = [{"type": kind, "id": str(row[0]), "url": f"/{plural}/{row[0]}"} for row in rows[:_EMBEDDED]]
    return _addresses(f"/contacts/{contact_id}/{plural}", shown, len(rows))


def contact_reference(store: Store, contact_id: str) -> JsonObject:
    """A contact as threads name it; one that was deleted since has no external_id."""
    row = store.one("SELECT external_id FROM contacts WHERE id=?", contact_id)
    return {"type": "contact", "id": contact_id, "external_id": row["external_id"] if row else None}


def contact_author(row: sqlite3.Row) -> JsonObject:
    """A contact as the author of a message."""
    return _author(row["role"], row["id"], row["name"], row["email"])


def admin_author(row: sqlite3.Row) -> JsonObject:
    """An admin as the author of a message."""
    return _author("admin", str(row["id"]), row["name"], row["email"])


def bot_author(workspace_id: str) -> JsonObject:
    """Intercom's own author, of what nobody in particular did."""
    return _author("bot", "991267000", "Fin", f"operator+{workspace_id}@intercom.io")


def _author(kind: str, key: str, name: str | None, email: str | None) -> JsonObject:
    author = {"type": kind, "id": key, "name": name}
    return {**author, "email": email} if email else author


def company(store: Store, row: sqlite3.Row, workspace_id: str) -> JsonObject:
    """A whole company; what is not set is left out."""
    worn = store.all(
        "SELECT tags.id, tags.name FROM company_tags JOIN tags ON tags.id=tag_id WHERE company_id=? ORDER BY tags.id",
        [row["id"]],
    )
    document: JsonObject = {
        "type": "company",
        "id": row["id"],
        "company_id": row["company_id"],
        "app_id": workspace_id,
        "name": row["name"] or "",
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "monthly_spend": row["monthly_spend"] or 0,
        "session_count": 0,
        "user_count": row["user_count"],
        "plan": {"type": "plan", "id": row["plan"], "name": row["plan"]} if row["plan"] else {},
        "tags": {"type": "tag.list", "tags": [tag(found) for found in worn]},
        "segments": {"type": "segment.list", "segments": []},
        "custom_attributes": json.loads(row["custom_attributes"]),
    }
    optional = ("remote_created_at", "last_request_at", "size", "website", "industry")
    return {**document, **{key: row[key] for key in optional if row[key] is not None}}


def tag(row: sqlite3.Row) -> JsonObject:
    """A tag by itself."""
    return {"type": "tag", "id": str(row["id"]), "name": row["name"]}


def worn_tag(row: sqlite3.Row, worn: sqlite3.Row) -> JsonObject:
    """A tag as a contact, conversation or ticket wears it."""
    return {**tag(row), "applied_at": worn["applied_at"], "applied_by": reference("admin", worn["applied_by"])}


def admin(workspace: RunningWorkspace, row: sqlite3.Row) -> JsonObject:
    """A whole admin."""
    given: JsonObject = json.loads(row["doc"])
    memberships = workspace.store.all(
        "SELECT id FROM teams WHERE EXISTS (SELECT 1 FROM json_each(admin_ids) WHERE value=?) ORDER BY id", [row["id"]]
    )
    team_ids = [team["id"] for team in memberships]
    return {
        "type": "admin",
        "id": str(row["id"]),
        "name": row["name"],
        "email": row["email"],
        "job_title": given.get("job_title", ""),
        "away_mode_enabled": False,
        "away_mode_reassign": False,
        "away_status_reason_id": None,
        "has_inbox_seat": given.get("has_inbox_seat", True),
        "team_ids": team_ids,
        "avatar": None,
        "team_priority_level": {"primary_team_ids": [], "secondary_team_ids": []},
        "role": {"type": "role", "id": "1", "name": given.get("role", "Agent")},
    }


def team(row: sqlite3.Row) -> JsonObject:
    """A whole team."""
    given: JsonObject = json.loads(row["doc"])
    levels = {f"{level}_admin_ids": given.get(f"{level}_admin_ids", []) for level in ("primary", "secondary")}
    return {
        "type": "team",
        "id": str(row["id"]),
        "name": row["name"],
        "admin_ids": json.loads(row["admin_ids"]),
        "admin_priority_level": levels,
        "assignment_limit": None,
        "distribution_method": given.get("distribution_method", "manual"),
    }


def reference(kind: str, key: Any) -> JsonObject:  # noqa: ANN401 - a number or text
    """A short reference to something."""
    return {"type": kind, "id": str(key)}
