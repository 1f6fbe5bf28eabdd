"""The source's side: tickets as they stand in the clean tables, that is, as the source exported them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.spotcheck.sides import ShownMessage, Side, second, shown
from resources.warehouse import fetch_frame

TICKETS = Path(__file__).with_name("tickets.sql").read_text(encoding="utf-8")
MESSAGES = Path(__file__).with_name("messages.sql").read_text(encoding="utf-8")


def read_source(connection: duckdb.DuckDBPyConnection, tickets: Sequence[str]) -> dict[str, Side]:
    """Return the source's side of the tickets, by their ids."""
    chosen: list[object] = [list(tickets)]
    messages: dict[str, list[dict[str, Any]]] = {}
    for row in fetch_frame(connection, MESSAGES, chosen).to_dicts():
        messages.setdefault(row["ticket_id"], []).append(row)
    rows = fetch_frame(connection, TICKETS, chosen).to_dicts()
    return {row["ticket_id"]: side(row, messages.get(row["ticket_id"], [])) for row in rows}


def side(ticket: dict[str, Any], messages: Iterable[dict[str, Any]]) -> Side:
    """Return the side of one ticket from its rows."""
    return Side(
        title=ticket["subject"] or "",
        facts={
            "customer": ticket["customer"] or "",
            "status": ticket["status"] or "",
            "priority": ticket["priority"] or "",
            "agent": ticket["agent"] or "",
            "team": ticket["team"] or "",
            "tags": ", ".join(sorted(ticket["tags"] or [])),
            "opened": second(ticket["created_at"]),
            "files of the ticket": ", ".join(ticket["files"] or []),
        },
        messages=tuple(
            ShownMessage(
                who=row["who"] or "unknown",
                when=second(row["created_at"]),
                kind=row["kind"] or "",
                body=shown(row["body"]),
                files=tuple(row["files"] or []),
            )
            for row in messages
        ),
    )
