"""The sensor and the schedules as Dagster evaluates them: what they ask for, and what they say if they ask nothing."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from embedded_intercom.state.seed import load as load_seed
from migration_assets.delta.memory import last_loaded
from migration_assets.delta.triggers import delta_schedule, hypercare_schedule, new_drop_sensor
from migration_assets.graph import build_definitions
from resources.journal import Journal, Run
from schemas.settings import PROJECT, Settings

EXTRACT = """
source_instance: itco.example
time_zone: UTC
exported_at: 2026-11-{day:02d}T08:00:00Z
exported_by: P
"""
SEED_APP = load_seed(PROJECT / "sample_data" / "workspace_seed.json")["workspace"]["id_code"]


@pytest.fixture
def drops(tmp_path):
    folder = tmp_path / "drops"
    for day in (2, 1):
        drop = folder / f"day-{day}"
        drop.mkdir(parents=True)
        (drop / "tickets.csv").write_text(f"ticket_id\n{day}\n")
        (drop / "extract.yaml").write_text(EXTRACT.format(day=day))
    return folder


@pytest.fixture
def settings(tmp_path, drops):
    return Settings(
        state=tmp_path / "state", drops=drops, drop_quiet_seconds=0, window_start="2026-11-01", window_end="2026-11-09"
    )


@pytest.fixture
def instance():
    with dg.instance_for_test() as made:
        yield made


@pytest.fixture
def runs(settings):
    """Write runs into the state folder's journal, as loads of drops that were exported at that time."""

    def write(*noted, app=SEED_APP):
        settings.state.mkdir(parents=True, exist_ok=True)
        with Journal(settings.journal, f"itco.example > {app}") as journal:
            for run, status in noted:
                journal.begin_run(run)
                if status:
                    journal.end_run(status)

    return write


def evaluate(sensor, instance, cursor):
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    return sensor(context)


def test_each_drop_is_asked_for_once_the_oldest_first(settings, instance, drops):
    sensor, cursor, seen = new_drop_sensor(settings), None, []
    for _ in range(4):
        found = evaluate(sensor, instance, cursor)
        cursor = found.cursor
        seen.append([request.tags["migration/drop"] for request in found.run_requests or []] or found.skip_reason)
    first, second, third, last = seen
    assert "day-1 may still be on its way" in first.skip_message
    assert (second, third) == (["day-1"], ["day-2"])
    assert last.skip_message.startswith("Nothing new in ")


def test_the_run_that_is_asked_for_loads_that_drop_and_is_asked_for_by_its_content(settings, instance, drops):
    sensor = new_drop_sensor(settings)
    cursor = evaluate(sensor, instance, None).cursor
    (request,) = evaluate(sensor, instance, cursor).run_requests
    assert len(request.run_key) == 64
    job = build_definitions(settings).resolve_job_def("delta")
    config = dg.validate_run_config(job, request.run_config)
    assert config["resources"]["drop"]["config"]["extract"] == str(drops / "day-1")
    assert config["resources"]["drop"]["config"]["mapping"] == str(settings.map), "all else is as the settings say"


def test_a_drop_that_is_older_than_the_journal_says_is_not_asked_for(settings, instance, runs):
    runs((Run("r", exported_at=datetime(2026, 11, 1, 9, tzinfo=UTC).timestamp()), None))
    assert last_loaded(settings) == {"itco.example": datetime(2026, 11, 1, 9, tzinfo=UTC)}
    sensor = new_drop_sensor(settings)
    cursor = evaluate(sensor, instance, None).cursor
    (request,) = evaluate(sensor, instance, cursor).run_requests
    assert request.tags["migration/drop"] == "day-2"


def test_what_went_into_another_workspace_does_not_count(settings, runs):
    runs((Run("r", exported_at=5.0), None), app="a-real-one")
    assert last_loaded(settings) == {}


def test_without_a_folder_the_sensor_says_so_and_is_off(tmp_path, instance):
    sensor = new_drop_sensor(Settings(state=tmp_path))
    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED
    assert "MIGRATION_DROPS is not set" in evaluate(sensor, instance, None).skip_reason.skip_message


def test_what_is_set_is_on_and_what_is_not_is_off(settings, tmp_path):
    assert new_drop_sensor(settings).default_status is dg.DefaultSensorStatus.RUNNING
    for make in (delta_schedule, hypercare_schedule):
        assert make(settings).default_status is dg.DefaultScheduleStatus.RUNNING
        assert make(Settings(state=tmp_path)).default_status is dg.DefaultScheduleStatus.STOPPED


def scheduled(schedule, instance, moment):
    (found,) = [schedule(dg.build_schedule_context(instance=instance, scheduled_execution_time=moment))]
    return found


def test_the_window_loads_the_newest_drop_and_says_why_not_outside_it(settings, instance):
    schedule = delta_schedule(settings)
    inside = scheduled(schedule, instance, datetime(2026, 11, 9, 2, tzinfo=UTC))
    assert inside.tags["migration/drop"] == "day-2"
    outside = scheduled(schedule, instance, datetime(2026, 11, 10, 2, tzinfo=UTC))
    assert outside.skip_message == "The migration window ended on 2026-11-09; today is 2026-11-10 in UTC."
    empty = delta_schedule(settings.model_copy(update={"drops": settings.state}))
    assert "There is no drop in" in scheduled(empty, instance, datetime(2026, 11, 9, 2, tzinfo=UTC)).skip_message


def test_times_and_zone_are_settings(settings):
    schedule = delta_schedule(settings.model_copy(update={"delta_cron": "0 2 * * *; 30 13 * * 1-5",
                                                          "time_zone": "Europe/Berlin"}))  # fmt: skip
    assert schedule.cron_schedule == ["0 2 * * *", "30 13 * * 1-5"]
    assert schedule.execution_timezone == "Europe/Berlin"


def test_hypercare_runs_for_its_days_after_a_cutover_only(settings, instance, runs):
    now = datetime.now(UTC)
    schedule = hypercare_schedule(settings)
    assert "no cutover yet" in scheduled(schedule, instance, now).skip_message
    runs((Run("load"), "complete"))
    assert "no cutover yet" in scheduled(schedule, instance, now).skip_message
    runs((Run("cut", frozen_at=1.0), "complete"))
    assert isinstance(scheduled(schedule, instance, now), dg.RunRequest)
    assert "Hypercare ended" in scheduled(schedule, instance, now + timedelta(days=15)).skip_message
