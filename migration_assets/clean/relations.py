"""What a row says about other rows: the ticket it belongs to, its company, the team above it.

A message without its ticket cannot be loaded and is quarantined. A ticket whose customer is unknown can (the
target stage makes a placeholder), and so can one whose company is: only the reference is dropped.
"""

from pathlib import Path

import duckdb

from migration_assets.accounting import doubts
from migration_assets.clean.clean_tables import record_findings
from migration_assets.clean.held_back import drop_values, hold_back_rows
from migration_assets.clean.sql import quoted
from resources.warehouse import scalar
from schemas.doubt_codes import DoubtCode
from schemas.source import OBJECTS

_FOLDER = Path(__file__).parent
_UNKNOWN = (_FOLDER / "unknown_reference.sql").read_text(encoding="utf-8")
_NO_COMPANY = """
    company_id NOT IN (SELECT company_id FROM clean.companies)
    AND company_id NOT IN (SELECT key FROM quarantine.faults WHERE object = 'companies' AND key IS NOT NULL)
"""
_CYCLE = (_FOLDER / "cycles.sql").read_text(encoding="utf-8")


def judge_relations(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Quarantine rows that cannot stand alone, and drop references to what is not there."""
    match object_name:
        case "messages" | "attachments":
            _hold_back(connection, object_name, "ticket_id", "tickets", "unknown_ticket", "ticket_quarantined")
        case "team_members":
            # Memberships are not loaded, only told: what is known of them without the other file is kept.
            if _delivered(connection, object_name, "team_id", "teams", "kept as they are"):
                _hold_back(connection, object_name, "team_id", "teams", "unknown_team", "unknown_team")
            if _delivered(connection, object_name, "agent_id", "agents", "kept as they are"):
                _hold_back(connection, object_name, "agent_id", "agents", "unknown_agent", "unknown_agent")
        case "customers" | "tickets":
            _drop_companies(connection, object_name)
    if object_name == "customers":
        _find_agents_among(connection)
    if object_name == "tickets":
        _drop(connection, "tickets", "merged_into_ticket_id", "tickets", "unknown_merge_target")
        _cut_cycles(connection, "tickets", "merged_into_ticket_id", "merge_cycle")
    if object_name == "teams":
        _drop(connection, "teams", "parent_team_id", "teams", "unknown_parent")
        _cut_cycles(connection, "teams", "parent_team_id", "team_cycle")


def _unknown(child: str, column: str, parent: str, rule: str, quarantined_rule: str) -> str:
    return _UNKNOWN.format(
        child=quoted(child),
        column=quoted(column),
        name=column,
        parent=quoted(parent),
        parent_name=parent,
        parent_key=quoted(OBJECTS[parent].key[0]),
        rule=rule,
        quarantined_rule=quarantined_rule,
    )


def _hold_back(
    connection: duckdb.DuckDBPyConnection, child: str, column: str, parent: str, rule: str, quarantined_rule: str
) -> None:
    hold_back_rows(connection, child, _unknown(child, column, parent, rule, quarantined_rule))


def _drop(connection: duckdb.DuckDBPyConnection, child: str, column: str, parent: str, rule: str) -> None:
    drop_values(connection, child, column, _unknown(child, column, parent, rule, rule))


def _cut_cycles(connection: duckdb.DuckDBPyConnection, object_name: str, column: str, rule: str) -> None:
    key = quoted(OBJECTS[object_name].key[0])
    query = _CYCLE.format(table=quoted(object_name), key=key, column=quoted(column), name=column, rule=rule)
    drop_values(connection, object_name, column, query)


def _drop_companies(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    step, key = f"clean/{object_name}", quoted(OBJECTS[object_name].key[0])
    told = f"""
        SELECT 'company_id' AS "column", {key} AS key, _file AS file, _line AS line, 'company ' || company_id AS found
        FROM clean.{quoted(object_name)} WHERE company_id IS NOT NULL
    """
    if _delivered(connection, object_name, "company_id", "companies", "left out"):
        doubts.record(connection, step, object_name, DoubtCode.COMPANY_UNKNOWN, f"{told} AND {_NO_COMPANY}")
        _drop(connection, object_name, "company_id", "companies", "unknown_company")
    else:
        doubts.record(connection, step, object_name, DoubtCode.FILE_MISSING, told)
        connection.execute(f"UPDATE clean.{quoted(object_name)} SET company_id = NULL WHERE company_id IS NOT NULL")


def _delivered(connection: duckdb.DuckDBPyConnection, object_name: str, column: str, parent: str, become: str) -> bool:
    """Tell whether the extract has a file of the parent.

    Without it every reference would be a fault of its own; the gap is one, and it is stated once.
    """
    if scalar(connection, "SELECT count(*) FROM raw.files WHERE object = ?", [parent]):
        return True
    rows = scalar(connection, f"SELECT count({quoted(column)}) FROM clean.{quoted(object_name)}")
    if rows:
        message = f"the extract has no {parent} file; the references to {parent} are {become}"
        record_findings(connection, object_name, [(column, f"{parent}_not_delivered", message, rows)])
    return False


def _find_agents_among(connection: duckdb.DuckDBPyConnection) -> None:
    rows = scalar(
        connection,
        "SELECT count(*) FROM clean.customers WHERE email IN (SELECT email FROM clean.agents WHERE email IS NOT NULL)",
    )
    if rows:
        message = "customers with the e-mail address of an agent"
        record_findings(connection, "customers", [("email", "agent_is_customer", message, rows)])
