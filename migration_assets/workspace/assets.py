"""The assets of stage `workspace`: the workspace, and what it has of what is looked up, before a load."""

from pathlib import Path

import dagster as dg

from migration_assets.ground import markdown
from migration_assets.ground.migration_name import known_workspaces
from migration_assets.ground.stage_definitions import POOL, PROBES, READS_ONLY
from migration_assets.objects.declaration import Declaration
from migration_assets.objects.registry import declarations, load_order, looked_up
from migration_assets.objects.room import LookUp
from migration_assets.workspace.observe import write_observed
from migration_assets.workspace.probing import bring_profile, write_profile
from resources.embedded_launcher import stand_in_id
from resources.intercom.client import Intercom
from resources.intercom.preflight import Preflight, preflight
from resources.journal.resource import JournalStore
from resources.migration_run import MigrationRun
from resources.run import ExtractFolder
from resources.terminal import stderr_console
from resources.warehouse import Warehouse, scalar
from resources.workspace import IntercomWorkspace
from schemas.extract import ExtractError, load_extract
from schemas.intercom import Me
from schemas.mapping_parts import fold


@dg.asset(key=["workspace", "preflight"], kinds={"intercom", "duckdb"})
def check_workspace(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
    """One row: the Intercom workspace that the token opens.

    Reads only. Token, permissions, API version, region, plan, ticket states, admins and teams are looked at before
    anything is written, and whether it is the workspace that earlier runs wrote to; what is wrong is said in plain
    sentences and stops the run.
    """
    workspace, drop = run.workspace, run.drop
    if _writes(context):
        run.require_confirmation()
    known = workspaces_before(workspace, run.journal, drop)
    writes = [declarations()[name].people_say for name in load_order()]
    route = run.options.applied_to(drop.load_mapping()).settings.route

    async def read(client: Intercom) -> Preflight:
        return await preflight(
            client, expected_region=workspace.expected_region, known_apps=known, route=route, writes=writes
        )

    found = workspace.call(read)
    if not found.ok:
        raise dg.Failure(" ".join(found.problems), allow_retries=False)
    found.notes += own_admin_notes(found.me, drop.load_mapping().settings.migration_admin)
    with run.warehouse.connect() as connection:
        write_observed(connection, found)
    context.log.info("the workspace can be written to: %d notes on what is not known", len(found.notes))
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": 1,
            "calls_per_window": found.calls_per_window or 0,
            "ticket_types": len(found.ticket_types),
            "ticket_states": len(found.ticket_states),
            "workspace": f"{found.workspace} ({found.app_id}, {found.region})",
            "not_known": markdown.shown(markdown.bullets(found.notes, none="")),
        }
    )


@dg.asset(key=["workspace", "profile"], deps=[check_workspace], kinds={"intercom", "duckdb"}, pool=POOL)
def ask_workspace(context: dg.AssetExecutionContext, run: dg.ResourceParam[MigrationRun]) -> dg.MaterializeResult:
    """One row per question that Intercom's documentation leaves open, with what this workspace was seen to do.

    The first load into a workspace asks by records of the migration's own, silently and by the load's own calls, and
    removes them; the answers stay in the journal. The job `probe` asks anew, and a run that writes nothing never asks.
    """

    def tell(sentence: str) -> None:
        context.log.info(sentence)
        if not run.workspace.embedded:
            stderr_console().print(sentence, highlight=False, soft_wrap=True, markup=False)

    writes, before = _writes(context), run.workspace.calls.total
    found = bring_profile(run, always=PROBES in context.run.tags, writes=writes, tell=tell)
    with run.warehouse.connect() as connection:
        write_profile(connection, found.profile, stops=writes)
        figures = {
            name: scalar(connection, f"SELECT count(*) FROM observed.profile WHERE {condition}")
            for name, condition in (("answered", "answer IS NOT NULL"), ("differing", "differs"))
        }
        rows = scalar(connection, "SELECT count(*) FROM observed.profile")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows,
            **figures,
            "asked": int(found.asked),
            "removed_of_earlier_probes": found.removed,
            "broken_promises": len(found.profile.broken) if found.profile is not None else 0,
            "calls": run.workspace.calls.total - before,
        }
    )


def _writes(context: dg.AssetExecutionContext) -> bool:
    """Whether the run may write to Intercom."""
    return READS_ONLY not in context.run.tags


def own_admin_notes(me: Me | None, migration_admin: str) -> list[str]:
    """Return what a person must know where the migration writes in the name of the admin who made the token."""
    if me is None or fold(me.email or "") != fold(migration_admin):
        return []
    return [
        "settings.migration_admin is the admin of the token. Give the migration an admin of its own, in whose name "
        "nobody works in the Inbox: what a person does in that name within a minute after the migration has written to "
        "the same ticket, and what leaves every field as it was, cannot be told from the migration's own doing."
    ]


def workspaces_before(workspace: IntercomWorkspace, journal: JournalStore, drop: ExtractFolder) -> set[str]:
    """Return the ids of the real workspaces that the journal says this source instance was loaded into."""
    if workspace.embedded:
        return set()
    try:
        instance = load_extract(drop.path).source_instance
    except ExtractError:
        return set()  # landing the files says what is wrong with it, and nothing is written then
    stand_in = stand_in_id(Path(workspace.launcher.seed))
    with journal.reading(instance) as book:
        return known_workspaces(book.migrations(), instance, stand_in)


def list_asset(item: Declaration, how: LookUp) -> dg.AssetsDefinition:
    """Return the asset `workspace/<plural>`, what Intercom has of an object that is looked up."""

    @dg.asset(
        key=["workspace", item.plural],
        deps=[check_workspace],
        kinds={"intercom"},
        description=f"One row per Intercom {item.name}; the source's {how.kind}s are found among them by {how.by}.",
    )
    def listed_there(warehouse: Warehouse) -> dg.MaterializeResult:
        with warehouse.connect() as connection:
            rows = scalar(connection, f"SELECT count(*) FROM observed.{item.plural}")
        return dg.MaterializeResult(metadata={"dagster/row_count": rows})

    return listed_there


def assets() -> list[dg.AssetsDefinition]:
    """Return the assets of the workspace: what it is, and what it has of what is looked up."""
    return [check_workspace, ask_workspace, *(list_asset(item, how) for item, how in looked_up())]
