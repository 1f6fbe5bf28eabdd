"""The steps of a rollback, as a run makes them: which migration it is, the plan, and carrying it out."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.ground.migration_name import INTO
from migration_assets.rollback.probe_records import left_by_probe, take_probe_away
from migration_assets.rollback.rollback_report import MarkerFate
from migration_assets.undoing import undo_tables
from migration_assets.undoing.preview import preview, read_back
from migration_assets.undoing.scope import Scope, ScopeError, find_run, parse_only
from migration_assets.undoing.undo import Rollback, undo
from migration_assets.undoing.undo_plan import build_plan
from migration_assets.writing.environment import Environment, environment_of, holding_the_workspace
from migration_assets.writing.failure import step_failure
from migration_assets.writing.records import Stopped
from migration_assets.writing.telling import Log, telling
from resources.confirmation import require_code
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.intercom.marker import remove_marker
from resources.journal import Journal, JournalError, Run
from resources.migration_run import RollbackRun
from resources.pasting import assignment, shown, unpasteable
from resources.run import ExtractFolder, RollbackOptions
from resources.warehouse import scalar, table_exists
from schemas.extract import ExtractError, load_extract
from schemas.intercom import App

KIND = "rollback"


def make_plan(run: RollbackRun) -> tuple[str, Scope, dict[tuple[str, str], int]]:
    """Write `rollback.plan`, and return the migration's name, the scope, and records by (object, action).

    Raises:
        dagster.Failure: it is not known what is meant, or the confirmation is not the workspace's name.
    """
    if not run.dry:
        require_code(run.confirmation.code, Path(run.workspace.state), "would take a migration back")
    app = run.workspace.call(_app)
    with run.journal.reading("") as any_migration:
        names = any_migration.migrations()
    left = left_by_probe(run, app.id_code)
    known = not left or any(name.endswith(f"{INTO}{app.id_code}") for name in names)
    instance = _instance(run.drop)
    # Where only a probe was there, what it has left is taken away all the same.
    name = migration_of(names, app.id_code, instance) if known else f"{instance or 'unknown'}{INTO}{app.id_code}"
    require_confirmed(run.rollback.confirm, None if run.workspace.embedded else app.name or app.id_code)
    try:
        with run.journal.reading(name) as journal, run.warehouse.connect() as connection:
            scope = scope_of(run.rollback, journal)
            figures = build_plan(connection, journal, scope)
            undo_tables.start(connection)
            undo_tables.settle_fates(connection)
            marker = MarkerFate.WOULD_GO if run.dry and scope.whole else MarkerFate.STAYS
            told = (name, app.name or "", app.region or "", app.id_code, scope.words(), run.run_id)
            about = (*told, run.dry, marker, known, scope.whole, left, left)
            connection.execute(
                "CREATE OR REPLACE TABLE rollback.about AS SELECT ?::VARCHAR AS migration, ?::VARCHAR AS workspace, "
                "?::VARCHAR AS region, ?::VARCHAR AS app_id, ?::VARCHAR AS scope, ?::VARCHAR AS run_id, "
                "?::BOOLEAN AS dry, ?::VARCHAR AS marker, ?::BOOLEAN AS known, ?::BOOLEAN AS whole, "
                "?::BIGINT AS probe_left, ?::BIGINT AS probe_stays, now() AS started_at",
                about,
            )
    except ScopeError as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    return name, scope, figures


def carry_out(run: RollbackRun, log: Log) -> None:
    """Do what the plan says, or only look; what became of each record is in `rollback.fates`, however it ends.

    Progress goes to the terminal and to `log`, the run's own.

    Raises:
        dagster.Failure: the plan is not this run's, it was stopped, or something could not be journalled; says why and
            what to do.
    """
    with run.warehouse.connect() as connection:
        require_own_plan(connection, run.run_id)
        about = connection.execute("SELECT migration, app_id, known, whole AND probe_left > 0 FROM rollback.about")
        name, app_id, known, probed = about.fetchall()[0]
    try:
        if run.dry:
            with run.journal.reading(name) as journal:
                run.workspace.call(lambda client: _look(run, client, journal, log))
            return
        if known:
            with run.journal.writing(name, Run(run.run_id, kind=KIND)) as journal:
                run.workspace.call(lambda client: _undo(run, client, journal, log))
        if probed:
            stays = take_probe_away(run, app_id)
            with run.warehouse.connect() as connection:
                connection.execute("UPDATE rollback.about SET probe_stays = ?", [stays])
    except (Stopped, JournalError, IntercomError) as error:
        raise step_failure(error, "Run again to go on with what is left.") from error
    finally:
        with run.warehouse.connect() as connection:
            undo_tables.settle_fates(connection)


def require_own_plan(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Refuse to go by a plan that another run has made: that run's confirmation and scope were others.

    Raises:
        dagster.Failure: there is none of this run; says what to start.
    """
    made = table_exists(connection, "rollback.about")
    if not made or connection.execute("SELECT run_id FROM rollback.about").fetchall() != [(run_id,)]:
        raise dg.Failure(
            "What is taken back was planned by no step of this run, so nothing was sent. Start the whole job rollback, "
            "or make rollback: it plans, carries out and reports.",
            allow_retries=False,
        )


async def _look(run: RollbackRun, client: Intercom, journal: Journal, log: Log) -> None:
    async with telling(journal, log) as told:
        await preview(_rollback(run, environment_of(run, client, journal, progress=told)))


async def _undo(run: RollbackRun, client: Intercom, journal: Journal, log: Log) -> None:
    async with (
        telling(journal, log) as told,
        holding_the_workspace(run, client, journal, progress=told) as env,
    ):
        made = _rollback(run, env)
        await undo(made)
        await read_back(made)
    with run.warehouse.connect() as connection:
        undo_tables.settle_fates(connection)
        nothing_left = made.scope.whole and not scalar(connection, "SELECT count(*) FROM rollback.remaining")
    marker = MarkerFate.STAYS
    if nothing_left:
        # Where that fails, the marker goes on saying who wrote last, which does no harm.
        with suppress(IntercomError):
            await remove_marker(client)
            marker = MarkerFate.REMOVED
    with run.warehouse.connect() as connection:
        connection.execute("UPDATE rollback.about SET marker = ?", [marker])
    journal.end_run("complete")


def _rollback(run: RollbackRun, env: Environment) -> Rollback:
    with run.warehouse.connect() as connection:
        (app_id,) = connection.execute("SELECT app_id FROM rollback.about").fetchall()[0]
    with run.journal.profiles() as profiles:
        profile = profiles.profile(app_id)
    seen = profile.answers if profile is not None else {}
    answers = {name: found["answer"] for name, found in seen.items() if found.get("answer") is not None}
    return Rollback(env, scope_of(run.rollback, env.journal), run.run_id, answers)


async def _app(client: Intercom) -> App:
    app = (await client.me()).app
    if app is None:
        raise dg.Failure("Intercom does not say which workspace the token opens.", allow_retries=False)
    return app


def _instance(drop: ExtractFolder) -> str | None:
    try:
        return load_extract(drop.path).source_instance
    except ExtractError:
        return None


def migration_of(names: Sequence[str], app_id: str, instance: str | None) -> str:
    """Return the name of the migration into a workspace that is meant: the extract's, or the only one.

    Raises:
        dagster.Failure: the journal has none, or several.
    """
    into = [name for name in names if name.endswith(f"{INTO}{app_id}")]
    mine = [name for name in into if name == f"{instance}{INTO}{app_id}"] or into
    if len(mine) != 1:
        known = f" It knows {', '.join(mine)}: name the extract of one with EXTRACT=folder." if mine else ""
        what = "several migrations" if mine else "no migration"
        raise dg.Failure(f"The journal has {what} into this workspace.{known}", allow_retries=False)
    return mine[0]


def require_confirmed(confirm: str, workspace: str | None) -> None:
    """Refuse a confirmation that is not `yes` for the embedded workspace, or the exact name of another one.

    Raises:
        dagster.Failure: says what to type.
    """
    wanted = "yes" if workspace is None else workspace
    if confirm and confirm != wanted:
        line = assignment("CONFIRM", wanted)
        how = f"To confirm, type exactly: make rollback {line}" if line else unpasteable("CONFIRM", wanted)
        raise dg.Failure(
            f"This would delete from {'the embedded workspace' if workspace is None else shown(workspace)}. {how}",
            allow_retries=False,
        )


def scope_of(chosen: RollbackOptions, journal: Journal) -> Scope:
    """Return what is to be taken back.

    Raises:
        ScopeError: there is no such run, object or record.
    """
    name, key = parse_only(chosen.only) if chosen.only else (None, None)
    run = find_run(chosen.run, journal.runs()["run_id"].to_list()) if chosen.run else None
    return Scope(run=run, object=name, key=key)
