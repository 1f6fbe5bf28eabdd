"""The sensors that alert. They run wherever Dagster's daemon does (`make ui` starts one), and need no switching on."""

import json

import dagster as dg

from migration_assets.alerts.tell import tell_of_run, tell_stuck
from migration_assets.ground.run_tags import tag_ended
from resources.journal.resource import JournalStore
from resources.notifier import NOBODY, Notifier

EVERY_SECONDS = 15
LOOK_SECONDS = 60

ENDINGS = {
    "success": dg.DagsterRunStatus.SUCCESS,
    "failure": dg.DagsterRunStatus.FAILURE,
    "cancellation": dg.DagsterRunStatus.CANCELED,
}


def after(ending: str, status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    """Return the sensor for runs that end so. A check can fail in each of them: not every check stops its run."""

    # Runs from the command line belong to no code location, so they are asked for too.
    @dg.run_status_sensor(
        run_status=status,
        name=f"alert_after_{ending}",
        description=f"Tells people of what failed in a run, or holds again, after its {ending}.",
        monitor_all_code_locations=True,
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=EVERY_SECONDS,
    )
    def alert(context: dg.RunStatusSensorContext, notifier: Notifier) -> dg.SkipReason:
        tag_ended(context.instance, context.dagster_run.run_id)
        if not notifier.addresses:
            return dg.SkipReason(NOBODY)
        return dg.SkipReason(tell_of_run(context.instance, context.dagster_run, notifier))

    return alert


@dg.sensor(
    name="alert_stuck_runs",
    description="Tells people of runs that have not ended and show no sign of life; sends what could not be delivered.",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=LOOK_SECONDS,
)
def alert_stuck_runs(context: dg.SensorEvaluationContext, notifier: Notifier, journal: JournalStore) -> dg.SensorResult:
    """The cursor has the runs that were stuck at the last look, for people: `alerts.json` is why each is told once."""
    if not notifier.addresses:
        return dg.SensorResult(skip_reason=NOBODY)
    stuck = tell_stuck(context.instance, notifier, journal)
    said = f"Stuck: {', '.join(stuck)}." if stuck else "No run is stuck."
    return dg.SensorResult(skip_reason=said, cursor=json.dumps(stuck))


SENSORS = [*(after(ending, status) for ending, status in ENDINGS.items()), alert_stuck_runs]
"""The sensors that alert."""
