"""The assets of the shaping stage: one per target table. The shaping itself is in the modules they call."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.accounting.reconciliation.page import reconcile
from migration_assets.shaping.attachments import shape_attachments
from migration_assets.shaping.contracts import contract_columns
from migration_assets.shaping.conversations import shape_conversations
from migration_assets.shaping.lineage import shape_lineage
from migration_assets.shaping.people import shape_companies, shape_contact_companies, shape_contacts
from migration_assets.shaping.references import shape_admins, shape_attributes, shape_tags, shape_teams
from migration_assets.shaping.stage import opened
from migration_assets.shaping.threads import shape_parts
from resources.run import ExtractFolder, MigrationOptions
from resources.warehouse import Warehouse
from schemas.itco import OBJECTS
from schemas.target import CONTRACTS

Shape = Callable[[duckdb.DuckDBPyConnection, Path], dict[str, int]]
"""Shapes a table on an opened warehouse; most have no use for the drop's folder."""


def _schema(table: str) -> dict[str, dg.TableSchema]:
    """Return the table's column schema for the UI, from its contract."""
    if table not in CONTRACTS:
        return {}
    columns = [
        dg.TableColumn(name, type_, meaning, dg.TableColumnConstraints(nullable=nullable))
        for name, type_, meaning, nullable in contract_columns(table)
    ]
    return {"dagster/column_schema": dg.TableSchema(columns)}


def _shaping(
    table: str, shape: Shape, description: str, after: tuple[str, ...], kinds: set[str]
) -> dg.AssetsDefinition:
    """Return the asset of one target table; `after` are the assets whose tables it reads."""

    @dg.asset(
        key=["target", table],
        group_name="target",
        kinds=kinds,
        owners=["team:migration"],
        description=description,
        deps=[dg.AssetKey(path.split("/")) for path in after],
        tags={"migration/object": table},
        metadata={"dagster/table_name": f"target.{table}"} | _schema(table),
    )
    def shaped(warehouse: Warehouse, drop: ExtractFolder, options: MigrationOptions) -> dg.MaterializeResult:
        with opened(warehouse, options.applied_to(drop.load_mapping())) as connection:
            counts = shape(connection, drop.path)
            # It says of every row what it became, so that only then the phase can be told.
            told = reconcile(connection, "shaping", drop.state) if table == "lineage" else {}
            return dg.MaterializeResult(metadata={**counts, **told})

    return shaped


def _tables_only(shape: Callable[[duckdb.DuckDBPyConnection], dict[str, int]]) -> Shape:
    """Return the step for a shaping that reads nothing but the warehouse."""
    return lambda connection, _drop: shape(connection)


_PLAIN, _TEXT = {"duckdb"}, {"duckdb", "polars"}
# Every step applies the skip rules, which may look at any of these.
_SKIPPED_BY = ("clean/customers", "clean/companies", "clean/tickets", "clean/messages")

ASSETS = [
    _shaping(
        "attributes",
        _tables_only(shape_attributes),
        "One row per Intercom attribute that any payload may use: the migration's own and the custom fields.",
        _SKIPPED_BY,
        _PLAIN,
    ),
    _shaping(
        "companies",
        _tables_only(shape_companies),
        "One row per company, with ITCO's companies of the same domain merged into the newest.",
        _SKIPPED_BY,
        _PLAIN,
    ),
    _shaping(
        "contacts",
        _tables_only(shape_contacts),
        "One row per person: customers with the same e-mail are one, and whoever is needed but not there is a "
        "placeholder that says so.",
        (*_SKIPPED_BY, "clean/agents"),
        _PLAIN,
    ),
    _shaping(
        "contact_companies",
        _tables_only(shape_contact_companies),
        "One row per contact and company that belong together.",
        ("target/contacts", "target/companies"),
        _PLAIN,
    ),
    _shaping(
        "tags",
        _tables_only(shape_tags),
        "One row per tag; spellings that differ only in case or spaces are one.",
        (*_SKIPPED_BY, "clean/tags"),
        _PLAIN,
    ),
    _shaping(
        "attachments",
        shape_attachments,
        "One row per attachment whose file is loaded, with where the file is and the hash of what is in it.",
        (*_SKIPPED_BY, "clean/attachments"),
        {"duckdb", "python"},
    ),
    _shaping(
        "parts",
        _tables_only(shape_parts),
        "One row per message, note or event of a conversation, in the order in which they are written.",
        ("target/contacts", "target/attachments", "clean/messages", "clean/agents"),
        _TEXT,
    ),
    _shaping(
        "conversations",
        _tables_only(shape_conversations),
        "One row per ticket, with its description, state, assignees, tags and attributes; a long thread has several.",
        ("target/contacts", "target/companies", "target/tags", "target/parts", "target/attributes"),
        _PLAIN,
    ),
    _shaping(
        "admins",
        _tables_only(shape_admins),
        "One row per agent whom Intercom must have as an admin, and how many conversations need them.",
        ("target/conversations", "clean/agents"),
        _PLAIN,
    ),
    _shaping(
        "teams",
        _tables_only(shape_teams),
        "One row per team that Intercom must have, and how many conversations need it.",
        ("target/conversations", "clean/teams"),
        _PLAIN,
    ),
    _shaping(
        "lineage",
        _tables_only(shape_lineage),
        "One row per row of every clean table: what it became, or why it became nothing.",
        (
            "target/contact_companies",
            "target/conversations",
            "target/admins",
            "target/teams",
            *(f"clean/{name}" for name in OBJECTS),
        ),
        _PLAIN,
    ),
]
"""Every asset of the stage, in the order of the graph."""
