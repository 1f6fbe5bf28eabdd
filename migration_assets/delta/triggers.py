"""The sensor `new_drop` and the schedules `delta_window` and `daily_hypercare`. They are off unless a setting asks."""

import hashlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from migration_assets.delta.drops import Choice, many, newest_drop, next_drop, remembered_as_text, remembered_from
from migration_assets.delta.memory import last_loaded, runs_by_instance
from migration_assets.delta.times import cutover_at, outside_hypercare, outside_window
from resources.assembly import notifier_of
from resources.confirmation import confirmation_code
from resources.notifier import AlertMessage, NotDeliveredError
from schemas.settings import Settings
from schemas.source import SOURCE
from schemas.window import crons

LOOK_SECONDS = 30
"""Seconds between two looks at the folder of drops."""
DROP = "migration/drop"
"""The tag of a run that says which drop it loads."""


def config_of(drop: Path, settings: Settings) -> dict[str, Any]:
    """Return the run configuration that names a drop, and that confirms what the settings have asked for."""
    folder = {"extract": str(drop), "mapping": str(settings.map)}
    code = {"code": confirmation_code(settings.state)}
    return {"resources": {"drop": {"config": folder}, "confirmation": {"config": code}}}


def tell_of_faults(choice: Choice, settings: Settings) -> None:
    """Tell people of drops that cannot be loaded as they are: once each, until something of it changes."""
    notifier = notifier_of(settings)
    if not choice.faults or not notifier.addresses:
        return
    with notifier.book() as book:
        for name, fault in choice.faults.items():
            known = choice.seen.get(name)
            mark = hashlib.sha256(f"{fault}\0{known.mark if known else ''}".encode(errors="replace")).hexdigest()
            title = f"{SOURCE} to Intercom: a drop cannot be loaded"
            body = f"{fault}\n\nThe other drops in {settings.drops} are loaded without it."
            book.note(AlertMessage(key=f"drop:{mark[:16]}", title=title, body=body, kind="failure"), notifier.addresses)
    with suppress(NotDeliveredError):  # kept, and sent by the sensor that looks for stuck runs
        notifier.deliver()


def new_drop_sensor(settings: Settings) -> dg.SensorDefinition:
    """Return the sensor that loads each new drop once, the oldest first."""

    @dg.sensor(
        name="new_drop",
        job_name="delta",
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING if settings.drops else dg.DefaultSensorStatus.STOPPED,
        description="Runs delta for each new drop in MIGRATION_DROPS, once it is whole and nothing in it changes.",
    )
    def new_drop(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        if settings.drops is None:
            return dg.SensorResult(skip_reason="MIGRATION_DROPS is not set: there is no folder to look at.")
        now = datetime.now(UTC).timestamp()
        seen = remembered_from(context.cursor)
        choice = next_drop(settings.drops, seen, now, settings.drop_quiet_seconds, last_loaded(settings))
        cursor = remembered_as_text(choice.seen)
        tell_of_faults(choice, settings)
        if choice.drop is None:
            return dg.SensorResult(skip_reason=many(choice), cursor=cursor)
        request = dg.RunRequest(
            run_key=choice.key, run_config=config_of(choice.drop, settings), tags={DROP: choice.drop.name}
        )
        return dg.SensorResult(run_requests=[request], cursor=cursor)

    return new_drop


def delta_schedule(settings: Settings) -> dg.ScheduleDefinition:
    """Return the schedule that loads the newest whole drop at the times of the migration window."""

    @dg.schedule(
        name="delta_window",
        job_name="delta",
        cron_schedule=crons(settings.delta_cron),
        execution_timezone=settings.time_zone,
        default_status=(
            dg.DefaultScheduleStatus.RUNNING if settings.window_start else dg.DefaultScheduleStatus.STOPPED
        ),
        description="Runs delta over the newest whole drop at the times of MIGRATION_DELTA_CRON, from "
        "MIGRATION_WINDOW_START to MIGRATION_WINDOW_END.",
    )
    def delta_window(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        now = context.scheduled_execution_time
        closed = outside_window(now, settings.time_zone, settings.window_start, settings.window_end)
        if closed is not None:
            return dg.SkipReason(closed)
        folder = settings.drops or settings.extract
        choice = newest_drop(folder, datetime.now(UTC).timestamp(), settings.drop_quiet_seconds)
        if choice.drop is None:
            return dg.SkipReason(many(choice))
        return dg.RunRequest(run_config=config_of(choice.drop, settings), tags={DROP: choice.drop.name})

    return delta_window


def hypercare_schedule(settings: Settings) -> dg.ScheduleDefinition:
    """Return the schedule that looks at Intercom once a day after the cutover."""

    @dg.schedule(
        name="daily_hypercare",
        job_name="hypercare",
        cron_schedule=crons(settings.hypercare_cron),
        execution_timezone=settings.time_zone,
        # It begins by itself where anything does; before the cutover it says that there is nothing to look at.
        default_status=(
            dg.DefaultScheduleStatus.RUNNING
            if settings.hypercare_days and (settings.window_start or settings.drops)
            else dg.DefaultScheduleStatus.STOPPED
        ),
        description="Runs hypercare every day for MIGRATION_HYPERCARE_DAYS after the cutover.",
    )
    def daily_hypercare(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        cutovers = [moment for runs in runs_by_instance(settings).values() if (moment := cutover_at(runs))]
        reason = outside_hypercare(
            context.scheduled_execution_time, max(cutovers, default=None), settings.hypercare_days
        )
        return dg.RunRequest() if reason is None else dg.SkipReason(reason)

    return daily_hypercare
