"""What is worth a person's look but holds nothing back: versions, agents with one address, fields nobody listed."""

import duckdb

from migration_assets.clean.clean_tables import record_findings
from migration_assets.clean.custom import SINGULAR, column_name
from migration_assets.clean.overlaps import DST_OVERLAP
from migration_assets.clean.sql import key_text, quoted
from resources.warehouse import fetch_frame, scalar
from schemas.mapping_parts import fold
from schemas.source import OBJECTS

Finding = tuple[str | None, str, str, int]


def record_comparisons(
    connection: duckdb.DuckDBPyConnection, object_name: str, notes: dict[tuple[str, str], int]
) -> None:
    """Record the findings of the batches (`notes`) and those that need the finished table."""
    findings: list[Finding] = [(column, code, _NOTES[code], rows) for (column, code), rows in sorted(notes.items())]
    findings += _stale_versions(connection, object_name)
    if object_name == "agents":
        findings += _shared_addresses(connection)
    if object_name == "custom_fields":
        findings += _fields_both_ways(connection)
    record_findings(connection, object_name, findings)


_NOTES = {
    "dst_overlap": DST_OVERLAP,
    "decoded": "texts that a program had encoded (=?UTF-8?Q?…?=, &uuml;, =C3=BC) were decoded",
    "mojibake_repaired": "texts with letters that were decoded wrongly (fÃ¼r) were repaired, as the mapping says",
    "no_value": "cells with a word for nothing, such as NULL or N/A; they are read as empty",
}


def _stale_versions(connection: duckdb.DuckDBPyConnection, object_name: str) -> list[Finding]:
    from_key = f"""
        SELECT count(DISTINCT row) FROM quarantine.faults
        WHERE object = ? AND stage = 'clean' AND severity = 'row' AND rule <> 'duplicate_key_conflict'
        AND key IN (SELECT {key_text(OBJECTS[object_name].key)} FROM clean.{quoted(object_name)})
    """
    rows = scalar(connection, from_key, [object_name])
    message = "rows held back although another version of the same record is used"
    return [(None, "version_held_back", message, rows)] if rows else []


def _shared_addresses(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    query = "SELECT sum(n) FROM (SELECT count(*) AS n FROM clean.agents GROUP BY email HAVING count(*) > 1)"
    rows = scalar(connection, query)
    return [("email", "agents_share_address", "agents who share an e-mail address", rows)] if rows else []


def _fields_both_ways(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Compare the list of custom fields with the columns that the extract's files really have."""
    listed_rows = fetch_frame(connection, "SELECT object, field FROM clean.custom_fields").iter_rows()
    listed = {(SINGULAR.get(fold(owner), fold(owner)), column_name(name)) for owner, name in listed_rows}
    found_rows = connection.execute(
        """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'raw' AND starts_with(column_name, 'cf_')
        """
    ).fetchall()
    found = {(SINGULAR.get(table, table), column) for table, column in found_rows}
    absent = "listed in custom_fields, but the files of this object have no such column"
    unlisted = "a column of the files of this object that custom_fields does not list"
    findings: list[Finding] = [
        (column, "listed_field_absent", f"{owner}: {absent}", 0) for owner, column in sorted(listed - found)
    ]
    if listed:
        findings += [
            (column, "field_not_listed", f"{owner}: {unlisted}", 0) for owner, column in sorted(found - listed)
        ]
    return findings
