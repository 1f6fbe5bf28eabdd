"""Small clean tables for tests: what the cleaning stage would hand over, by hand."""

import datetime as dt
import json

import polars as pl

from resources.warehouse import insert_frame
from schemas.mapping import Mapping
from schemas.source import OBJECTS

TYPES = {
    "timestamp": pl.Datetime("us"),
    "integer": pl.Int64,
    "boolean": pl.Boolean,
    "list": pl.List(pl.String),
    "email_list": pl.List(pl.String),
}
SEMANTIC = {
    "statuses": {
        "Open": {"state": "open", "ticket_state": "In progress"},
        "Pending": {"state": "snoozed", "ticket_state": "Waiting on customer"},
        "Resolved": {"state": "closed", "ticket_state": "Resolved"},
        "Geschlossen": {"state": "closed", "ticket_state": "Resolved"},
    },
    "priorities": {"Dringend": "urgent", "high": "high", "medium": "medium", "low": "low"},
    "message_kinds": {"reply": "reply", "note": "note", "assignment": "assignment", "status_change": "status_change"},
    "author_types": {"customer": "customer", "agent": "agent", "system": "system"},
}


def at(text):
    """A time in UTC without a zone, as the clean tables have it."""
    return dt.datetime.fromisoformat(text)


def epoch(text):
    return int(at(text).replace(tzinfo=dt.UTC).timestamp())


def mapping(**changes):
    settings = {"migration_admin": "migration@example.com", "snoozed_until": "2036-01-01T09:00:00Z"}
    settings |= changes.pop("settings", {})
    return Mapping.model_validate({"version": 1, **SEMANTIC, "settings": settings, **changes})


def customer(key, **values):
    return {"customer_id": key, "name": f"Name {key}", "email": f"{key.lower()}@example.com", **values}


def ticket(key, customer_id="C1", **values):
    return {"ticket_id": key, "ticket_number": f"N{key}", "subject": f"Subject {key}", "status": "open",
            "customer_id": customer_id, "created_at": at("2024-05-01T10:00:00"), **values}  # fmt: skip


def message(key, ticket_id="T1", **values):
    return {"message_id": key, "ticket_id": ticket_id, "kind": "reply", "author_type": "customer", "author_id": "C1",
            "body": f"Body {key}", "created_at": at("2024-05-01T10:00:00"), **values}  # fmt: skip


def agent_message(key, ticket_id="T1", **values):
    return message(key, ticket_id, **{"author_type": "agent", "author_id": "A1", **values})


AGENT = {"agent_id": "A1", "name": "Ann", "email": "ann@example.com", "active": True}


def write_clean(connection, **rows):
    """Write every `clean.<object>`; `_row` is the place in the list."""
    assert set(rows) <= set(OBJECTS), set(rows) - set(OBJECTS)
    for name, item in OBJECTS.items():
        columns = {c.name: TYPES.get(c.kind, pl.String) for c in item.columns}
        schema = {"_file": pl.String, "_line": pl.Int64, "_row": pl.Int64, "_hash": pl.String} | columns
        made = []
        for number, row in enumerate(rows.get(name, []), 1):
            unknown = set(row) - set(columns) - {"custom"}
            assert not unknown, unknown
            custom = json.dumps(row["custom"]) if row.get("custom") else None
            made.append({"_file": f"{name}.csv", "_line": number + 1, "_row": number, "_hash": "h"}
                        | {c: row.get(c) for c in columns} | {"custom": custom})  # fmt: skip
        frame = pl.DataFrame(made, schema=schema | {"custom": pl.String}, orient="row")
        insert_frame(connection, f'clean."{name}"', frame, create=True)
        connection.execute(f'ALTER TABLE clean."{name}" ALTER custom TYPE JSON')
