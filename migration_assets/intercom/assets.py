"""The assets of stage `intercom`: one per object that is written, in the order that the graph alone decides.

Contacts, companies, their links, the agents and teams found, the ticket type, tags, conversations. Attributes of
contacts and companies come first, because Intercom refuses a contact with an attribute that it does not know.
"""

from collections.abc import Sequence

import dagster as dg

from migration_assets.accounting.reconciliation.page import reconcile
from migration_assets.intercom.deleted_in_source import delete_vanished
from migration_assets.intercom.step import LoadStep, run_step
from resources.journal.resource import JournalStore
from resources.run import ExtractFolder, MigrationOptions
from resources.warehouse import Warehouse, scalar
from resources.workspace import IntercomWorkspace

OWNERS = ["team:migration"]
POOL = "intercom_api"


def load_asset(name: str, objects: Sequence[str], deps: Sequence[dg.AssetKey], description: str) -> dg.AssetsDefinition:
    """Return the asset `intercom/<name>` that loads the given objects, one after the other."""

    @dg.asset(
        key=["intercom", name],
        deps=deps,
        group_name="intercom",
        kinds={"intercom", "python"},
        owners=OWNERS,
        pool=POOL,
        description=description,
        tags={"migration/object": name},
    )
    def load(
        context: dg.AssetExecutionContext,
        warehouse: Warehouse,
        journal: JournalStore,
        drop: ExtractFolder,
        options: MigrationOptions,
        workspace: IntercomWorkspace,
    ) -> dg.MaterializeResult:
        step = LoadStep(context.run.run_id, warehouse, journal, drop, options, workspace)
        figures = run_step(step, objects)
        with warehouse.connect() as connection:
            told = reconcile(connection, "loading", drop.state)
        return dg.MaterializeResult(metadata={**figures, **told})

    return load


def resolved_asset(name: str, found: str, missing_kind: str, description: str) -> dg.AssetsDefinition:
    """Return the asset `intercom/<name>` that says which agents or teams were found; nothing is written."""

    @dg.asset(
        key=["intercom", name],
        deps=[["intercom", "contact_companies"], ["plan", "reconciliation_queue"]],
        group_name="intercom",
        kinds={"intercom", "duckdb"},
        owners=OWNERS,
        description=description,
        tags={"migration/object": name},
    )
    def resolved(warehouse: Warehouse) -> dg.MaterializeResult:
        with warehouse.connect() as connection:
            return dg.MaterializeResult(
                metadata={
                    "dagster/row_count": scalar(connection, f"SELECT count(*) FROM plan.{found}"),
                    "rows_in": scalar(connection, f"SELECT count(*) FROM target.{name}"),
                    "missing": scalar(
                        connection, "SELECT count(*) FROM plan.reconciliation_queue WHERE kind = ?", [missing_kind]
                    ),
                }
            )

    return resolved


@dg.asset(
    key=["intercom", "vanished"],
    deps=[["intercom", "conversations"], ["plan", "actions"]],
    group_name="intercom",
    kinds={"intercom", "python"},
    owners=OWNERS,
    pool=POOL,
)
def vanished_records(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    journal: JournalStore,
    drop: ExtractFolder,
    options: MigrationOptions,
    workspace: IntercomWorkspace,
) -> dg.MaterializeResult:
    """One row per record that was loaded and is gone in ITCO, with what became of it in Intercom.

    It is deleted where settings.gone says so and nobody has touched it; otherwise it is only reported.
    """
    step = LoadStep(context.run.run_id, warehouse, journal, drop, options, workspace)
    return dg.MaterializeResult(metadata=delete_vanished(step))


def key(name: str) -> dg.AssetKey:
    """Return the key of a load."""
    return dg.AssetKey(["intercom", name])


PLANNED = [dg.AssetKey(["plan", "actions"]), dg.AssetKey(["plan", "writes"])]

ASSETS = [
    load_asset(
        "attributes",
        ["attribute"],
        PLANNED,
        "One row per custom attribute of contacts and companies that is in Intercom.\n\nIntercom refuses a contact "
        "or company with an attribute that it does not know, so these stand before them.",
    ),
    load_asset(
        "contacts",
        ["contact"],
        [key("attributes")],
        "One row per contact that is in Intercom: customers, merged by e-mail, and placeholders for deleted ones.",
    ),
    load_asset("companies", ["company"], [key("contacts")], "One row per company that is in Intercom."),
    load_asset(
        "contact_companies",
        ["contact_company"],
        [key("contacts"), key("companies")],
        "One row per contact that is attached to a company in Intercom.",
    ),
    resolved_asset(
        "admins", "admin_ids", "agent", "One row per ITCO agent that was found among Intercom's admins, by e-mail."
    ),
    resolved_asset(
        "teams", "team_ids", "team", "One row per ITCO team that was found among Intercom's teams, by name."
    ),
    load_asset(
        "ticket_type",
        ["ticket_type", "ticket_attribute"],
        [key("admins"), key("teams")],
        "One row per attribute of the Customer ticket type that all tickets have, the type itself included.",
    ),
    load_asset("tags", ["tag"], [key("ticket_type")], "One row per tag that is in Intercom."),
    load_asset(
        "conversations",
        ["conversation"],
        [key("contacts"), key("contact_companies"), key("ticket_type"), key("tags")],
        "One row per conversation that is in Intercom, with its ticket, its parts, its tags and its state.",
    ),
    vanished_records,
]
