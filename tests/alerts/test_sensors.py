"""The sensors, over a real Dagster instance with real runs, and a real web server that is told."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import dagster as dg
import pytest

from migration_assets.alerts.sensors import SENSORS, alert_stuck_runs
from migration_assets.alerts.tell import tell_of_run
from migration_assets.cli.runs import prepare_home
from resources.assembly import notifier_of
from resources.journal import Journal, Run
from resources.journal.resource import JournalStore
from resources.notifier import NotDeliveredError, Notifier
from resources.ui_address import say_served
from schemas.settings import PROJECT, Settings

SUCCESS, FAILURE, CANCELLATION, _ = SENSORS

HANGING = """
import dagster as dg, sys, time
from pathlib import Path
from resources.occupancy import StateLock

@dg.asset
def slow(context):
    StateLock(Path(sys.argv[1])).acquire(context.run.run_id)
    print(context.run.run_id, flush=True)
    time.sleep(300)

with dg.DagsterInstance.get() as instance:
    dg.materialize([slow], instance=instance)
"""


@pytest.fixture
def instance(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", "")
    prepare_home(Settings(state=tmp_path))
    with dg.DagsterInstance.get() as instance:
        yield instance


@pytest.fixture
def stores(tmp_path, monkeypatch, webhook):
    monkeypatch.setenv("MIGRATION_ALERT_URLS", webhook.url)
    monkeypatch.delenv("MIGRATION_JOURNAL_URL", raising=False)
    urls = Settings().alert_urls
    return {
        "notifier": Notifier(state=str(tmp_path), pause=0.01, stuck_seconds=1800, urls=urls),
        "journal": JournalStore(path=str(tmp_path / "journal.sqlite3")),
    }


def run(instance, *, present=2, severity=dg.AssetCheckSeverity.ERROR, blocking=True, broken=None):
    """Run an asset with a check and another one after it; return the run."""

    @dg.asset(key=["intercom", "contacts"])
    def contacts():
        if broken:
            raise broken

    @dg.asset_check(asset=contacts, blocking=blocking)
    def row_counts_reconcile():
        metadata = {"planned": 2, "present": present, "who": "Ann Customer"}
        return dg.AssetCheckResult(
            passed=present == 2, severity=severity, metadata=metadata, description=f"2 planned, {present} present."
        )

    @dg.asset(deps=[contacts])
    def companies():
        pass

    result = dg.materialize([contacts, row_counts_reconcile, companies], instance=instance, raise_on_error=False)
    return instance.get_run_by_id(result.run_id)


def tick(sensor, instance, stores, cursor):
    """Evaluate a sensor as the daemon does, and return what came of it."""
    needed = {name: stores[name] for name in sensor.required_resource_keys}
    with dg.build_sensor_context(instance=instance, cursor=cursor, resources=needed) as context:
        return sensor.evaluate_tick(context)


class Daemon:
    """Ticks of the sensors, each with its own cursor, as Dagster's daemon keeps it."""

    def __init__(self, instance, stores):
        self.instance, self.stores = instance, stores
        self.cursors = dict.fromkeys(sensor.name for sensor in SENSORS)
        self.look()

    def look(self):
        """Tick every sensor once and return the errors that the ticks show."""
        errors = []
        for sensor in SENSORS:
            seen = tick(sensor, self.instance, self.stores, self.cursors[sensor.name])
            self.cursors[sensor.name] = seen.cursor
            errors += [reaction.error for reaction in seen.dagster_run_reactions or [] if reaction.error]
        return errors


def test_every_sensor_is_on_by_default():
    assert {sensor.default_status for sensor in SENSORS} == {dg.DefaultSensorStatus.RUNNING}


def test_a_failed_check_is_told_once_with_numbers_and_link_and_nothing_else(instance, stores, webhook):
    daemon = Daemon(instance, stores)
    failed = run(instance, present=1)
    assert failed.status == dg.DagsterRunStatus.FAILURE
    assert daemon.look() == daemon.look() == Daemon(instance, stores).look() == []
    (message,) = webhook.posted
    assert "intercom/contacts: row_counts_reconcile: 2 planned, 1 present." in message["message"]
    assert "planned 2, present 1" in message["message"]
    assert "Ann Customer" not in message["message"]
    # No UI is served over this state folder: there is nothing that a link could lead to.
    assert "http://" not in message["message"]
    assert f"Run: {failed.run_id} (no UI is served now; make ui over the state folder shows it)" in message["message"]


@pytest.mark.parametrize("proxy", [None, "https://migration.example/"])
def test_an_alert_links_to_the_ui_where_it_is_served_at_the_time(instance, stores, webhook, proxy):
    daemon = Daemon(instance, stores)
    failed = run(instance, present=1)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        say_served(stores["notifier"].folder, address)
        if proxy:
            # Who has said where people reach it is believed.
            kept = stores["notifier"]
            stores["notifier"] = Notifier(state=kept.state, pause=0.01, ui_url=proxy, urls=Settings().alert_urls)
        daemon.look()
    (message,) = webhook.posted
    assert f"Run: {(proxy or address).rstrip('/')}/runs/{failed.run_id}\n" in message["message"]


def test_a_warning_of_a_run_that_went_well_is_told(instance, stores, webhook):
    daemon = Daemon(instance, stores)
    run(instance, present=1, severity=dg.AssetCheckSeverity.WARN)
    daemon.look()
    assert webhook.titles == ["ITCO to Intercom: __ephemeral_asset_job__ ended: 1 warning"]
    assert webhook.posted[0]["type"] == "warning"


def test_a_check_that_fails_again_is_told_as_still_and_its_recovery_once(instance, stores, webhook):
    daemon = Daemon(instance, stores)
    for present in (1, 1, 2, 2):
        run(instance, present=present)
        daemon.look()
    first, second, well = (message["message"] for message in webhook.posted)
    assert "(still)" not in first
    assert "row_counts_reconcile (still)" in second
    assert "the check holds again" in well
    assert "stuck" not in first + second + well


def test_a_step_that_fails_is_told_without_the_words_of_an_unforeseen_exception(instance, stores, webhook):
    daemon = Daemon(instance, stores)
    run(instance, broken=ValueError("Ann Customer"))
    run(instance, broken=dg.Failure("The disk is full.", allow_retries=False))
    daemon.look()
    daemon.look()
    unforeseen, ours = (message["message"] for message in webhook.posted)
    assert "intercom/contacts: ValueError; its words are on the run's page" in unforeseen
    assert "Ann" not in unforeseen
    assert "intercom/contacts (still): The disk is full." in ours


def test_what_the_command_line_told_is_not_told_by_the_daemon(instance, stores, webhook):
    daemon = Daemon(instance, stores)
    failed = run(instance, present=1)
    assert tell_of_run(instance, failed, stores["notifier"]) == f"Told of run {failed.run_id}."
    daemon.look()
    assert tell_of_run(instance, failed, stores["notifier"]) == f"Run {failed.run_id} was dealt with already."
    assert webhook.calls == 1


def test_what_cannot_be_delivered_makes_the_tick_fail_and_is_sent_by_the_next(instance, stores, webhook):
    daemon = Daemon(instance, stores)
    run(instance, present=1)
    webhook.answers = [500] * 6
    with pytest.raises(NotDeliveredError):  # out of the last sensor, which tries once more
        daemon.look()
    assert webhook.posted == []
    assert daemon.look() == []
    assert len(webhook.posted) == 1


def test_the_tick_after_a_failed_run_shows_that_nobody_could_be_told(instance, stores, webhook):
    cursor = tick(FAILURE, instance, stores, None).cursor
    run(instance, present=1)
    webhook.answers = [500] * 3
    seen = tick(FAILURE, instance, stores, cursor)
    (reaction,) = seen.dagster_run_reactions
    assert "1 alert could not be delivered" in reaction.error.message
    assert "s3cr3t" not in str(reaction.error)


def test_a_cancelled_run_is_told(instance, stores, webhook):
    daemon = Daemon(instance, stores)
    ended = run(instance)
    daemon.look()
    cancelled = instance.create_run_for_job(dg.Definitions(jobs=[empty]).resolve_job_def("empty"))
    instance.report_run_canceled(cancelled)
    daemon.look()
    assert ended.status == dg.DagsterRunStatus.SUCCESS
    assert webhook.titles == ["ITCO to Intercom: empty was cancelled"]


@dg.job
def empty():
    pass


def test_without_addresses_the_sensors_say_that_nobody_is_told(instance, stores, monkeypatch):
    cursor = tick(FAILURE, instance, stores, None).cursor
    run(instance, present=1)
    monkeypatch.delenv("MIGRATION_ALERT_URLS")
    stores |= {"notifier": notifier_of(Settings(state=stores["notifier"].state))}
    for sensor, since in ((FAILURE, cursor), (alert_stuck_runs, None)):
        assert "MIGRATION_ALERT_URLS is not set" in tick(sensor, instance, stores, since).skip_message


@pytest.fixture
def hanging(instance, tmp_path):
    """A run in a process of its own that never ends; yields (process, run id)."""
    command = [sys.executable, "-c", HANGING, str(tmp_path)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def test_a_run_whose_process_was_killed_is_told_once_and_again_when_it_has_ended(instance, stores, webhook, hanging):
    process, run_id = hanging
    daemon = Daemon(instance, stores)
    assert webhook.calls == 0
    assert daemon.cursors["alert_stuck_runs"] == "[]"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    daemon.look()
    daemon.look()
    assert run_id in daemon.cursors["alert_stuck_runs"]
    Daemon(instance, stores).look()  # after a restart of the daemon
    assert webhook.titles == ["ITCO to Intercom: __ephemeral_asset_job__ is stuck"]
    assert "Its process has ended" in webhook.posted[0]["message"]
    instance.report_run_failed(instance.get_run_by_id(run_id))
    daemon.look()
    assert "It was said to be stuck; it has ended." in webhook.posted[1]["message"]
    assert webhook.calls == 2


@pytest.fixture
def going_on(instance):
    """The id of a run that has begun, of which nothing is heard."""
    job = dg.Definitions(jobs=[empty]).resolve_job_def("empty")
    return instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED).run_id


def test_a_run_that_is_silent_for_too_long_is_told_unless_it_beats_in_the_journal(
    instance, stores, webhook, going_on, tmp_path
):
    run_id = going_on
    impatient = Notifier(state=stores["notifier"].state, stuck_seconds=0.01, urls=stores["notifier"].urls)
    path = tmp_path / "journal.sqlite3"
    journal = Journal(f"sqlite:///{path}", "m")
    journal.begin_run(Run(run_id=run_id))
    assert tick(alert_stuck_runs, instance, stores | {"notifier": impatient}, None).cursor == "[]"
    journal.close()
    with closing(sqlite3.connect(path)) as book, book:
        book.execute("UPDATE lease SET beat_at = ?", [time.time() - 300])
    tick(alert_stuck_runs, instance, stores, None)
    assert "There was no sign of life in the journal for 5 min" in webhook.posted[0]["message"]
    assert webhook.calls == 1


def test_a_run_without_events_is_told(instance, stores, webhook, going_on):
    tick(alert_stuck_runs, instance, stores, None)
    assert webhook.calls == 0
    impatient = Notifier(state=stores["notifier"].state, stuck_seconds=0.01, urls=stores["notifier"].urls)
    tick(alert_stuck_runs, instance, stores | {"notifier": impatient}, None)
    assert "There was no event for" in webhook.posted[0]["message"]
