"""The tables of other stages that the handoff reads, as temporary views with known columns.

A table that no step has written yet is an empty view: a dry run writes no loads, for instance. That hides no
loss: a row that nobody speaks for is counted as unaccounted in `outcomes.sql`.
"""

from collections.abc import Mapping

import duckdb

from migration_assets.accounting.sweep_tables import FIGURES
from migration_assets.objects.registry import looked_up, written_parts
from resources.warehouse import table_exists

TEXT, NUMBER, MOMENT, FLAG = "VARCHAR", "BIGINT", "TIMESTAMP", "BOOLEAN"


def _columns(text: str = "", number: str = "", moment: str = "") -> dict[str, str]:
    kinds = ((text, TEXT), (number, NUMBER), (moment, MOMENT))
    return {name: kind for names, kind in kinds for name in names.split()}


TABLES: dict[str, dict[str, str]] = {
    "raw.extract": _columns("source_instance time_zone exported_by folder sha256", moment="exported_at"),
    "raw.files": _columns(
        "object file sha256 encoding encoding_evidence delimiter delimiter_evidence stated_sha256",
        "part bytes records landed quarantined repeated_headers totals_rows stated_rows",
    ),
    "raw.corrected": {**_columns("object key reason", "row"), "held": FLAG},
    "raw.findings": _columns("object file code message severity", "line"),
    "quarantine.faults": _columns("object key file stage rule column severity expected action", "line row"),
    "clean.superseded": _columns("object key reason", "row"),
    "clean.unmapped": _columns("object column value file", "rows line"),
    "clean.findings": _columns("object column code message", "rows"),
    "clean.tickets": _columns("ticket_id", "_row", moment="created_at"),
    "target.lineage": _columns("object key target_object target_key disposition reason skipped_by", "row"),
    "target.left_out": _columns("attachment_id rule"),
    "target.files": _columns("path attachment_id"),
    "target.findings": _columns("object key code message"),
    "target.placeholders": _columns("source_key"),
    "plan.journal": _columns(
        "object source_key operation state intercom_id fingerprint confirmed_fingerprint error_code error_message "
        "remark request_id"
    ),
    "plan.writes": _columns(
        "object source_key parent_key operation fingerprint verdict reason record_object record_key"
    ),
    "plan.files": _columns("attachment_key mark part_key conversation_key"),
    "plan.actions": _columns("object source_key action reason", "calls"),
    "plan.teammate_notice": _columns("cause", "number"),
    "plan.reconciliation_queue": _columns("kind source_key name email_or_path reason", "tickets"),
    "observed.profile": {**_columns("question asks answer assumed does seen", "position"), "differs": FLAG},
    "verdict.sweep": _columns("", " ".join(FIGURES)),
    "verdict.strays": _columns("kind object source_key intercom_id conversation_id ours_id outcome reason"),
    "verdict.fields": _columns("object field", "compared equal explained different unverifiable"),
    "verdict.explained": _columns("object field normalisation", "fields"),
    "observed.touches": _columns("object source_key intercom_id code what"),
    "verdict.differences": _columns("object source_key field expected found intercom_id reason"),
    "verdict.verification": _columns("object sample", "seed records applied"),
    "plan.answered_otherwise": _columns("object source_key field", "write_id"),
    "verdict.answers": _columns("object field", "carried otherwise"),
    "verdict.answers_settled": _columns("object source_key field", "write_id"),
    "verdict.deleted_in_source": _columns("object source_key fate reason"),
    "verdict.loads": _columns("object", "planned created updated adopted unchanged failed blocked present"),
}
"""What is read, by table: each column and the type it is read as."""


def tables() -> dict[str, dict[str, str]]:
    """Return all that is read, also which record each row of a part is of, and what was matched."""
    matched = {how.ids: _columns(f"{how.key} via") for _, how in looked_up()}
    return TABLES | matched | {item.target: _columns(f"source_key {item.parent}") for item in written_parts()}


def open_inputs(connection: duckdb.DuckDBPyConnection, read: Mapping[str, Mapping[str, str]]) -> None:
    """Make a temporary view `in_<schema>_<table>` for each table and its columns; an absent table is empty."""
    for table, columns in read.items():
        there = table_exists(connection, table)
        value = "CAST({0} AS {1}) AS {0}" if there else "CAST(NULL AS {1}) AS {0}"
        chosen = ", ".join(value.format(f'"{name}"', kind) for name, kind in columns.items())
        source = f"FROM {table}" if there else "WHERE false"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {_view_of(table)} AS SELECT {chosen} {source}")


def open_unions(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary views `in_parts` and `in_matched`.

    They say which record each row of a part is of (object, source_key, whole_key), and what Intercom has of what is
    looked up (object, kind, source_key, via).
    """
    union = " UNION ALL ".join(
        f"SELECT '{item.name}' AS object, source_key, {item.parent} AS whole_key FROM {_view_of(item.target)}"
        for item in written_parts()
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW in_parts AS {union}")
    union = " UNION ALL ".join(
        f"SELECT '{item.name}' AS object, '{how.kind}' AS kind, {how.key} AS source_key, via FROM {_view_of(how.ids)}"
        for item, how in looked_up()
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW in_matched AS {union}")


def _view_of(table: str) -> str:
    return f"in_{table.replace('.', '_')}"
