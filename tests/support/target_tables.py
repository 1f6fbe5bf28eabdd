"""Small target tables for tests: what the shaping stage would hand over, by hand."""

import hashlib
import json

import polars as pl

from resources.warehouse import insert_frame

TEXT, INT, LIST, FLAG = pl.String, pl.Int64, pl.List(pl.String), pl.Boolean

COLUMNS = {
    "attributes": {"source_key": TEXT, "model": TEXT, "name": TEXT, "data_type": TEXT, "options": LIST,
                   "description": TEXT},
    "contacts": {"source_key": TEXT, "external_id": TEXT, "older_id": TEXT, "email": TEXT, "phone": TEXT, "name": TEXT,
                 "signed_up_at": INT, "last_seen_at": INT, "custom_attributes": TEXT, "placeholder": FLAG,
                 "withheld": FLAG},
    "companies": {"source_key": TEXT, "company_id": TEXT, "name": TEXT, "website": TEXT, "remote_created_at": INT,
                  "size": INT, "industry": TEXT, "plan": TEXT, "custom_attributes": TEXT},
    "contact_companies": {"source_key": TEXT, "contact_key": TEXT, "company_key": TEXT},
    "admins": {"source_key": TEXT, "name": TEXT, "email": TEXT, "active": FLAG, "tickets": INT, "known": FLAG},
    "teams": {"source_key": TEXT, "name": TEXT, "path": TEXT, "tickets": INT},
    "tags": {"source_key": TEXT, "name": TEXT},
    "conversations": {"source_key": TEXT, "ticket_id": TEXT, "part_of": INT, "title": TEXT, "description": TEXT,
                      "said": TEXT, "contact_key": TEXT, "company_key": TEXT, "created_at": INT, "closed_at": INT,
                      "state": TEXT, "ticket_state": TEXT, "snoozed_until": INT, "priority": TEXT, "agent_id": TEXT,
                      "team_id": TEXT, "tags": LIST, "attributes": TEXT, "part_count": INT, "merged_into": TEXT,
                      "needs_agents": LIST, "needs_team": TEXT},
    "parts": {"source_key": TEXT, "conversation_key": TEXT, "seq": INT, "author_kind": TEXT, "author_key": TEXT,
              "kind": TEXT, "body": TEXT, "created_at": INT, "original_created_at": INT, "generated": FLAG,
              "attachments": LIST, "files_of": TEXT, "files_alone": TEXT},
    "attachments": {"source_key": TEXT, "position": INT, "ticket_id": TEXT, "message_id": TEXT, "path": TEXT,
                    "name": TEXT, "content_type": TEXT, "size": INT, "sha256": TEXT, "mark": TEXT, "call": INT},
    "lineage": {"object": TEXT, "row": INT, "key": TEXT, "target_object": TEXT, "target_key": TEXT,
                "disposition": TEXT, "reason": TEXT, "skipped_by": TEXT},
    "file_headings": {"ticket_id": TEXT, "message_id": TEXT, "heading": TEXT},
}  # fmt: skip
JSON_COLUMNS = {"custom_attributes", "attributes"}
NOT_SAID = {"attachments"}
"""Columns that are no part of what a row says, so that its fingerprint does not change with them."""


def contact(key, **kw):
    return {"source_key": key, "external_id": key, "older_id": key, "email": f"{key}@example.com",
            "name": f"Name {key}",
            "custom_attributes": {"ITCO id": key}, "placeholder": False, "withheld": False, **kw}  # fmt: skip


def company(key, **kw):
    return {"source_key": key, "company_id": key, "name": f"Company {key}", "custom_attributes": {"ITCO id": key}, **kw}


def link(contact_key, company_key):
    return {"source_key": f"{contact_key}|{company_key}", "contact_key": contact_key, "company_key": company_key}


def admin(key, email=None, **kw):
    return {"source_key": key, "name": f"Agent {key}", "email": email or f"{key}@agents.example", "active": True,
            "tickets": 1, "known": True, **kw}  # fmt: skip


def conversation(key, contact_key="c1", **kw):
    row = {"source_key": key, "ticket_id": key, "part_of": 1, "title": f"Title {key}", "description": "Hello",
           "contact_key": contact_key, "created_at": 1_600_000_000, "state": "open", "ticket_state": "Submitted",
           "tags": [], "attributes": {"ITCO id": key}, "needs_agents": [], **kw}  # fmt: skip
    if row.get("agent_id") and not row["needs_agents"]:
        row["needs_agents"] = [row["agent_id"]]
    row.setdefault("needs_team", row.get("team_id"))
    return row


def part(key, conversation_key, seq, author_key="c1", author_kind="contact", **kw):
    return {"source_key": key, "conversation_key": conversation_key, "seq": seq, "author_kind": author_kind,
            "author_key": author_key, "kind": "comment", "body": f"<p>Body {key}</p>",
            "created_at": 1_600_000_000 + 60 * seq, "original_created_at": 1_600_000_000 + 60 * seq,
            "generated": False, "attachments": [], **kw}  # fmt: skip


SOURCE_TEXTS = dict.fromkeys(("object", "source_key", "field", "text"), TEXT)


def write_target(connection, source_texts=(), **tables):
    """Write every target table, empty where not given; `source_texts` are (object, source_key, field, text)."""
    frame = pl.DataFrame(list(source_texts), schema=SOURCE_TEXTS, orient="row")
    insert_frame(connection, "target.source_texts", frame, create=True)
    for name, columns in COLUMNS.items():
        rows = []
        for given in tables.get(name, []):
            row = {column: given.get(column) for column in columns}
            payload = {key: value for key, value in sorted(row.items()) if value is not None and key not in NOT_SAID}
            row.update({key: json.dumps(row[key], sort_keys=True) for key in JSON_COLUMNS & set(row) if row[key]})
            row["payload"] = json.dumps(payload, sort_keys=True)
            row["fingerprint"] = hashlib.sha256(row["payload"].encode()).hexdigest()
            rows.append(row)
        schema = {**columns, "payload": TEXT, "fingerprint": TEXT}
        insert_frame(connection, f"target.{name}", pl.DataFrame(rows, schema=schema, orient="row"), create=True)


def write_people(connection, admins=(), teams=()):
    """Write observed.admins (id, email) and observed.teams (id, name)."""
    frame = pl.DataFrame(
        [{"id": key, "name": email, "email": email} for key, email in admins],
        schema={"id": TEXT, "name": TEXT, "email": TEXT},
    )
    insert_frame(connection, "observed.admins", frame, create=True)
    frame = pl.DataFrame([{"id": key, "name": name} for key, name in teams], schema={"id": TEXT, "name": TEXT})
    insert_frame(connection, "observed.teams", frame, create=True)


def attachment(key, message_id="m1", ticket_id="t1", content="1", **kw):
    """An attachment; `content` stands for what is in its file."""
    digest = hashlib.sha256(content.encode()).hexdigest()
    mark = hashlib.sha256(f"{key}:{digest}".encode()).hexdigest()[:16]
    return {"source_key": key, "position": 1, "ticket_id": ticket_id, "message_id": message_id,
            "path": f"attachments/{key}", "name": f"{key}.txt", "content_type": "text/plain", "size": len(content),
            "sha256": digest, "mark": mark, "call": 1, **kw}  # fmt: skip


def heading(message_id="m1", ticket_id="t1"):
    return {"ticket_id": ticket_id, "message_id": message_id, "heading": f"Files from <{message_id}>'s message"}
