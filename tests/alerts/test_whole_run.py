"""A count that is wrong in Intercom: the check fails, the run stops before the next phase, and people are told."""

import subprocess
import sys

import dagster as dg
import pytest

from migration_assets.alerts.sensors import SENSORS
from resources.assembly import notifier_of
from schemas.settings import PROJECT, Settings
from tests.support.cli import Cli
from tests.support.workspace import read_workspace

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]

CORRUPTED = """
import sys
from migration_assets.intercom import load_step
from migration_assets.cli import main

figures = load_step._figures

def one_contact_less(warehouse, objects):
    if "contact" in objects:
        with warehouse.connect() as connection:
            connection.execute("UPDATE verdict.loads SET present = present - 1 WHERE object = 'contact'")
    return figures(warehouse, objects)

load_step._figures = one_contact_less
sys.exit(main(["migrate"]))
"""


@pytest.fixture
def corrupted(small_extract, tmp_path, webhook):
    """A whole run from the command line, in which a count goes wrong after the load of the contacts."""
    run = Cli(tmp_path / "state", MIGRATION_EXTRACT=small_extract, MIGRATION_ALERT_URLS=webhook.url)
    command = [sys.executable, "-c", CORRUPTED]
    return subprocess.run(command, cwd=PROJECT, env=run.environment, capture_output=True, text=True, timeout=400)


def test_a_corrupted_count_stops_the_run_before_the_next_phase_and_people_are_told_once(
    corrupted, webhook, tmp_path, monkeypatch
):
    assert corrupted.returncode == 1, corrupted.stderr
    (message,) = webhook.posted
    assert message["title"].startswith("ITCO to Intercom: migrate failed: 1 failed check")
    assert "intercom/contacts: row_counts_reconcile: contact: " in message["message"]
    assert " should be in Intercom, but " in message["message"]

    state = tmp_path / "state"
    content = read_workspace(state)
    assert content.counts["contacts"] > 0
    assert content.counts["threads"] == 0

    monkeypatch.setenv("DAGSTER_HOME", str(state / "dagster"))
    monkeypatch.setenv("MIGRATION_ALERT_URLS", webhook.url)
    with dg.DagsterInstance.get() as instance:
        made = {
            name: instance.get_latest_materialization_event(dg.AssetKey(["intercom", name]))
            for name in ("contacts", "companies", "contact_companies", "conversations")
        }
        assert [name for name, event in made.items() if event] == ["contacts"]
        (record,) = instance.get_run_records()
        assert record.dagster_run.run_id in message["message"]
        daemon_looks(instance, notifier_of(Settings(state=state)))
    assert webhook.calls == 1
    for secret in ("s3cr3t-path", "s3cr3t-token"):
        found = subprocess.run(["grep", "-rlaF", secret, state], capture_output=True, text=True)
        assert found.stdout == ""
    assert "s3cr3t" not in corrupted.stdout + corrupted.stderr


def daemon_looks(instance, notifier):
    """Tick the sensor for failed runs from before the run on, as a daemon would that was down meanwhile."""
    failure = next(sensor for sensor in SENSORS if sensor.name == "alert_after_failure")
    cursor = (
        '{"__class__": "RunStatusSensorCursor", "record_id": -1, "update_timestamp": null, "record_timestamp": null}'
    )
    with dg.build_sensor_context(instance=instance, cursor=cursor, resources={"notifier": notifier}) as context:
        assert "was dealt with already" in failure.evaluate_tick(context).skip_message
