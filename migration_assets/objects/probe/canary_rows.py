"""The probe's own records, as rows that the load's code sends: made by hand, marked as what they are, and silent."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from migration_assets.objects.ticket_type.ticket_types import DESCRIPTION
from schemas.source import PREFIX, SOURCE, SOURCE_ID

LONG_AGO = 1_400_000_001
"""The time of the probe's ticket, in unix seconds: no whole minute, and older than any limit that is talked of."""
NAME = "Migration probe, may be deleted"
SPACED = " Migration  probe, may be deleted "
"""The same with blank space that Intercom may trim."""
LONG_TITLE = f"{NAME}:  R&D {'a title' * 20}"
"""A title that may be trimmed, escaped or cut off."""
WORDS = "Words of the migration's own probe."
HTML = '<p>Größe <a href="https://example.com" title="t">b</a></p>'
PHONE = "+1 (555) 010-0199"
TYPE_NAME = f"{SOURCE} migration probe"
"""The ticket type of the probe's tickets: archived after each probe, since it cannot be deleted, and used again."""
LEVEL, MOMENT = "Probe level", "Probe moment"
OPTION = "Second"
FILE = b"probe"


def new_token() -> str:
    """Return what tells the records of one probe from those of another."""
    return secrets.token_hex(4)


def own_key(token: str, name: str) -> str:
    """Return the id of a record of the probe."""
    return f"{PREFIX}-probe-{token}-{name}"


def address(key: str) -> str:
    """Return the e-mail of a contact of the probe; example.com has no mailboxes."""
    return f"{key}@example.com"


def contact_row(key: str, *, email: str | None, name: str = NAME) -> dict[str, Any]:
    """Return a contact."""
    return {"external_id": key, "email": email, "name": name}


def company_row(key: str) -> dict[str, Any]:
    """Return a company."""
    return {"company_id": key, "name": NAME}


def type_row() -> dict[str, Any]:
    """Return the ticket type."""
    return {"name": TYPE_NAME, "tried": False}


def attribute_rows() -> list[dict[str, Any]]:
    """Return the attributes of the ticket type: the one that tickets are found by, a list and a moment."""
    kinds = {SOURCE_ID: ("string", None), LEVEL: ("list", ["First", OPTION]), MOMENT: ("datetime", None)}
    return [
        {"model": "ticket", "name": name, "data_type": kind, "options": options, "description": NAME, "tried": False}
        for name, (kind, options) in kinds.items()
    ]


def ticket_row(key: str, contact_id: str, company_id: str | None, admin_id: str) -> dict[str, Any]:
    """Return a ticket, by Intercom's ids of its contact, company and assignee."""
    attributes = {SOURCE_ID: key, LEVEL: OPTION, MOMENT: LONG_AGO}
    return {
        "source_key": key,
        "title": SPACED,
        "description": WORDS,
        "contact_id": contact_id,
        "company_id": company_id,
        "created_at": LONG_AGO,
        "admin_id": admin_id,
        "attributes": json.dumps(attributes),
    }


def part_row(kind: str, author_kind: str, author_id: str, body: str, created_at: int) -> dict[str, Any]:
    """Return a message or note of the ticket; a file is added by `with_file`."""
    return {
        "kind": kind,
        "author_kind": author_kind,
        "author_id": author_id,
        "body": body,
        "created_at": created_at,
        "via": None,
        "files": [],
    }


def with_file(row: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return a message with a small file, which is made in `folder`."""
    (folder / "probe.txt").write_bytes(FILE)
    file = {
        "attachment_key": "probe",
        "path": "probe.txt",
        "name": "probe.txt",
        "content_type": "text/plain",
        "size": len(FILE),
        "sha256": hashlib.sha256(FILE).hexdigest(),
    }
    return {**row, "files": [file]}


EMPTIED = {f"ticket_attributes.{DESCRIPTION}": None}
"""The change that takes the ticket's description away."""
