"""Runs a job from the terminal, on the Dagster instance that the UI shows, and says at the end what came of it."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from rich.console import Console
from rich.text import Text

from migration_assets.accounting.certificate import Certificate
from migration_assets.alerts.tell import tell_of_run
from migration_assets.graph import build_definitions
from migration_assets.ground.paths import relative
from migration_assets.ground.run_events import read_events
from migration_assets.ground.run_tags import tag_ended
from migration_assets.handoff.closing_table import closing
from migration_assets.handoff.ending import Ending, differing, end_run, end_without_plan, run_tags
from migration_assets.handoff.handover import FOLDER as HANDOVER
from migration_assets.handoff.handover import PAGE as HANDOVER_PAGE
from migration_assets.handoff.write import read_certificate
from migration_assets.hypercare.watch import FOLDER as HYPERCARE
from migration_assets.plan.dry_run_ending import show_overview
from migration_assets.plan.overview import read_overview
from migration_assets.verified.fields.assets import write_lists
from migration_assets.workspace.profile_table import profile_table
from resources import dry_run
from resources.assembly import build_resources, notifier_of
from resources.complete_commands import complete, folders_of
from resources.exit_codes import ExitCode, of_run
from resources.migration_run import MigrationRun
from resources.notifier import NOBODY, NotDeliveredError
from resources.run import MigrationOptions
from resources.terminal import keep_stderr, stderr_console
from resources.warehouse import Warehouse
from resources.wording import counted
from schemas.addresses import is_elsewhere
from schemas.settings import Settings

FAILED, STOPPED = ExitCode.FAILED, ExitCode.STOPPED

QUIET: dict[str, Any] = {"loggers": {"stages": {}}}
"""Dagster's own console log is for its developers; the run's events are all in the UI."""


def launch(job: str, settings: Settings, options: MigrationOptions) -> int:
    """Run `job` in this process and return the exit code.

    Raises:
        dagster.DagsterError: the definitions themselves do not load; a failing step is reported, not raised.
    """
    resources = build_resources(settings, options, confirmed=True)
    console, started = open_console(settings), datetime.now(UTC)
    places = f"{relative(settings.extract)} → {target(settings)}, state in {relative(settings.state)}"
    console.print(Text.assemble((job, "bold"), f"  {places}"))
    result = execute(job, settings, resources, console)
    if result is None:
        return STOPPED
    if job == dry_run.JOB:
        return tell_dry_run(result, settings, console)
    if job == "hypercare":
        return tell_hypercare(result, settings, console)
    if job == "probe":
        return tell_probe(result, resources["warehouse"], console)
    certificate = read_certificate(settings.state)
    if certificate is None or certificate.migration.run_id != result.run_id:
        certificate = end(result, resources, started)
        with dg.DagsterInstance.get() as instance:
            instance.add_run_tags(result.run_id, run_tags(certificate, settings.extract))
    closing(certificate.model_dump(mode="json"), relative(settings.state), console, folders_of(settings))
    if job == "cutover":
        tell_handover(result, settings, console)
    return of_run(
        certificate.verdict,
        success=result.success,
        stopped=was_stopped(result),
        differs=job == "verify" and differs(certificate),
        strict=settings.strict,
    )


def differs(certificate: Certificate) -> bool:
    """Whether a verification found a field, or a record, that is not as it should be."""
    return differing(certificate) > 0


def alert(instance: dg.DagsterInstance, run_id: str, settings: Settings, console: Console) -> None:
    """Tell people of the run here and now: a daemon, whose sensors would, need not be running."""
    run, notifier = instance.get_run_by_id(run_id), notifier_of(settings)
    if run is None or not notifier.addresses:
        console.print(NOBODY, style="dim")
        return
    try:
        tell_of_run(instance, run, notifier)
    except NotDeliveredError as error:
        console.print(Text(str(error), style="bold red"), soft_wrap=True)


def tell_dry_run(result: dg.ExecuteInProcessResult, settings: Settings, console: Console) -> int:
    """Show what a load would do, and return the exit code; why there is no plan was said before."""
    overview = read_overview(settings.state)
    if overview is not None and overview.run_id == result.run_id:
        show_overview(overview, relative(settings.state), console)
    if not result.success and was_stopped(result):
        return STOPPED
    return 0 if result.success else FAILED


def tell_handover(result: dg.ExecuteInProcessResult, settings: Settings, console: Console) -> None:
    """Name the folder of hand-over documents, if the run has written it."""
    if dg.AssetKey(["handoff", "handover"]) in {event.asset_key for event in result.get_asset_materialization_events()}:
        folder = relative(settings.state / HANDOVER)
        line = f"The hand-over documents are in {folder}: {HANDOVER_PAGE} there says who does what now."
        console.print(Text(line), soft_wrap=True)


def tell_hypercare(result: dg.ExecuteInProcessResult, settings: Settings, console: Console) -> int:
    """Say what hypercare found, in the words of its checks, and return the exit code."""
    for check in result.get_asset_check_evaluations():
        style = "" if check.passed else "yellow"
        console.print(Text(check.description or check.check_name, style=style), soft_wrap=True)
    if result.success:
        (seen,) = result.asset_materializations_for_node("hypercare__watch")
        edited, replied = (int(str(seen.metadata[name].value)) for name in ("edited", "replied"))
        console.print(
            f"{counted(edited, 'record')} changed in Intercom since, and somebody has written in "
            f"{counted(replied, 'conversation')}: {relative(settings.state / HYPERCARE)} lists them.",
            highlight=False,
            soft_wrap=True,
        )
    elif was_stopped(result):
        return STOPPED
    return 0 if result.success else FAILED


def tell_probe(result: dg.ExecuteInProcessResult, warehouse: dg.ConfigurableResource, console: Console) -> int:
    """Show what the workspace was seen to do, and return the exit code; why it could not be asked was said before."""
    done = {event.asset_key for event in result.get_asset_materialization_events()}
    if isinstance(warehouse, Warehouse) and dg.AssetKey(["workspace", "profile"]) in done:
        with warehouse.connect() as connection:
            table = profile_table(connection)
        if not console.is_terminal:
            console.width = max(console.width, 160)
        console.print(table)
    if not result.success and was_stopped(result):
        return STOPPED
    return 0 if result.success else FAILED


def open_console(settings: Settings) -> Console:
    """Return the console that a run tells people on; what others write to stderr goes into a file."""
    keep_stderr(others_to=settings.state / "console.log")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    return stderr_console()


def target(settings: Settings) -> str:
    """Say which workspace is written to."""
    if settings.api_url is None:
        return "the embedded workspace"
    other = ", which is none of Intercom's own hosts" if is_elsewhere(settings.api_url) else ""
    return f"Intercom at {settings.api_url}{other}"


def execute(
    job: str, settings: Settings, resources: dict[str, dg.ConfigurableResource], console: Console
) -> dg.ExecuteInProcessResult | None:
    """Run `job` and tell what failed; None when a person stopped it before it could end by itself."""
    definitions = build_definitions(settings, resources)
    try:
        with dg.DagsterInstance.get() as instance:
            result = definitions.resolve_job_def(job).execute_in_process(
                instance=instance, run_config=QUIET, raise_on_error=False
            )
            tag_ended(instance, result.run_id)
            alert(instance, result.run_id, settings, console)
    except KeyboardInterrupt:
        console.print("Stopped. Nothing is lost: run again to go on.")
        return None
    if not result.success:
        tell_failures(result, console, folders_of(settings))
    return result


def end(result: dg.ExecuteInProcessResult, resources: Mapping[str, Any], started: datetime) -> Certificate:
    """Write the certificate and the report of a run that failed before its handoff."""
    ending = Ending(MigrationRun.of(result.run_id, resources), started, result.job_def.name)
    done = {event.asset_key for event in result.get_asset_materialization_events()}
    if dg.AssetKey(["plan", "actions"]) not in done:
        return end_without_plan(ending, failures(result), {"/".join(key.path) for key in done if key})
    certificate = end_run(ending, notifications_sent=ending.run.workspace.notifications_to_contacts())
    if certificate.fields:  # a verification that broke off: its lists are of what it had read by then
        with ending.run.warehouse.connect() as connection:
            write_lists(connection, ending.folder)
    return certificate


def tell_failures(result: dg.ExecuteInProcessResult, console: Console, folders: Mapping[str, str]) -> None:
    """Print why the run failed, in the words of the steps and checks themselves."""
    for sentence in failures(result):
        console.print(Text(complete(sentence, folders), style="bold red"), soft_wrap=True)


def failures(result: dg.ExecuteInProcessResult) -> list[str]:
    """Return a sentence per failed step or blocking check of the run."""
    return read_events(result.all_events).sentences()


def was_stopped(result: dg.ExecuteInProcessResult) -> bool:
    """Whether a person stopped the run, rather than a fault."""
    return read_events(result.all_events).was_stopped
