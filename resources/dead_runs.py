"""Runs whose process died without saying so, as after kill -9 or a power cut: Dagster takes them for running.

They would keep the slots of their pools, for which the next run would wait for ever, and their place in the queue.
Dagster's daemon looks after the runs that it has started itself, and only while it is up.
"""

import dagster as dg

from resources.occupancy import Holding

DIED = "Its process ended without saying so: it was killed, or the machine was. What it wrote is in the journal."


def end_dead_runs(instance: dg.DagsterInstance, run_id: str, holding: Holding | None) -> list[str]:
    """End the runs that can only be dead, since this one has the state folder for itself, and return their ids.

    These are the ones that hold slots (every asset with a pool uses the workspace, and so the folder), and the one
    that had the folder last.

    Args:
        instance: where the runs are kept.
        run_id: this run.
        holding: who had the state folder before this run.
    """
    storage = instance.event_log_storage
    slots = storage.get_concurrency_run_ids() if storage.supports_global_concurrency_limits else set()
    others = {*slots, *([holding.run_id] if holding and holding.run_id else [])} - {run_id}
    ended = []
    for other in sorted(others):
        if other in slots:
            storage.free_concurrency_slots_for_run(other)
        run = instance.get_run_by_id(other)
        if run is not None and not run.is_finished:
            instance.report_run_failed(run, DIED)
            ended.append(other)
    return ended
