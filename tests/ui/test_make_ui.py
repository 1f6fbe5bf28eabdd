"""`make ui` as a process: all that it prints, that it ends with nothing left behind, and where an alert links to."""

import os
import re
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import dagster as dg
import pytest

from tests.security.test_ui import Ui
from tests.support.cli import PROJECT, Cli
from tests.support.dagster_ui import LAUNCH

PROCESSES = Path("/proc")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not PROCESSES.is_dir(), reason="the table of processes is read from /proc"),
]
PATIENCE = 150.0
SELECTOR = {
    "repositoryLocationName": "itco_to_intercom",
    "repositoryName": "__repository__",
    "pipelineName": "migrate",
}


@pytest.fixture(autouse=True)
def heard():
    """Signals are heard by what is started, also where the tests were started with nohup."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def left_of(state):
    """Return the command lines of all processes that were started over a state folder and have not ended."""
    found = {}
    for process in PROCESSES.glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended meanwhile, or is somebody else's
            continue
        if words and str(state).encode() in environment:
            found[int(process.name)] = words[:200]
    return found


def wait_until(look, what):
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, what
        time.sleep(0.5)
    return found


def make_ui(cli, port=0, extract="sample_data/extract"):
    """Start `make ui` as a terminal does: with what it starts in one group, which is who a Ctrl-C is for."""
    environment = {name: value for name, value in cli.environment.items() if not name.startswith("MAKE")}
    command = ["make", "--no-print-directory", "ui", f"PORT={port}", f"STATE={cli.state}", f"EXTRACT={extract}"]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True, **pipes)


def end(process, number=signal.SIGINT):
    """Press Ctrl-C, or what else ends it, and return what was printed from there on."""
    os.killpg(process.pid, number)
    return process.communicate(timeout=PATIENCE)


def put_away(process):
    """End it where a test has not come to do so."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(PATIENCE)


def launch(ui, config=""):
    params = {"selector": SELECTOR, "runConfigData": config, "mode": "default", "executionMetadata": {"tags": []}}
    answer = ui.user.post("/graphql", json={"query": LAUNCH, "variables": {"params": params}}).json()
    return answer["data"]["launchPipelineExecution"]["run"]["runId"]


def test_it_prints_no_warning_and_leaves_no_process_behind_after_ctrl_c(tmp_path):
    state = tmp_path / "state"
    process = make_ui(Cli(state))
    try:
        ui = Ui(process)
        assert ui.user.get("/runs").status_code == 200
        wait_until(lambda: any("_daemon" in words for words in left_of(state).values()), "the daemon")
        # The daemon's threads have begun once each has reported.
        wait_until(lambda: beats(ui), "the heartbeats of the daemon")
        # One for the UI and the daemon: the daemon's own would be replaced, with a warning, every minute.
        assert sum(" api grpc " in words for words in left_of(state).values()) == 1
        out, err = end(process)
    finally:
        put_away(process)
    assert left_of(state) == {}
    assert [line for line in out.splitlines() if not re.match("The address opens|Ending; ", line)] == []
    assert [line for line in err.splitlines() if not line.startswith("make: ")] == []
    assert not (state / "ui.served").exists()


def beats(ui):
    asked = ui.ask("{ instance { daemonHealth { allDaemonStatuses { daemonType required healthy } } } }").json()
    found = asked["data"]["instance"]["daemonHealth"]["allDaemonStatuses"]
    return all(one["healthy"] for one in found if one["required"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("seconds", [1.0, 3.0, 6.0])
def test_it_can_be_ended_while_it_starts(tmp_path, seconds, number):
    state = tmp_path / "state"
    process = Cli(state).start("ui", "--port", "0")
    wait_until(lambda: (state / "ui.served").exists() or process.poll() is not None, "the port")
    time.sleep(seconds)
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    # What Dagster's own processes say when they are ended while they import is theirs.
    assert (process.returncode, left_of(state)) == (0, {})


def test_a_run_that_is_going_on_ends_with_it_and_so_does_the_workspace(tmp_path, small_extract):
    state = tmp_path / "state"
    process = make_ui(Cli(state, EMBEDDED_APP_QUOTA=10), extract=small_extract)
    try:
        ui = Ui(process)
        run_id = launch(ui)
        served = state / "journal.sqlite3"
        wait_until(lambda: any("embedded_intercom" in words for words in left_of(state).values()), "the workspace")
        wait_until(served.exists, "the load")
        time.sleep(3)
        _, err = end(process)
    finally:
        put_away(process)
    assert left_of(state) == {}, err
    with dg.DagsterInstance.from_ref(reference(state)) as instance:
        assert instance.get_run_by_id(run_id).is_finished


def reference(state):
    return dg.DagsterInstance.from_config(str(state / "dagster")).get_ref()


def test_an_alert_of_its_sensors_links_to_the_port_that_it_is_served_at(tmp_path, webhook):
    state = tmp_path / "state"
    process = make_ui(Cli(state, MIGRATION_ALERT_URLS=webhook.url), extract=tmp_path / "no_such_folder")
    try:
        ui = Ui(process)
        run_id = launch(ui)
        wait_until(lambda: webhook.posted, "the alert")
        end(process)
    finally:
        put_away(process)
    assert f"Run: {ui.origin}/runs/{run_id}\n" in webhook.posted[0]["message"]


def test_a_taken_port_is_said_within_seconds_and_nothing_is_started(tmp_path):
    state = tmp_path / "state"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        began = time.monotonic()
        process = make_ui(Cli(state), other.getsockname()[1])
        _, err = process.communicate(timeout=PATIENCE)
    assert time.monotonic() - began < 30
    assert err.startswith("Port ") and err.count("\n") == 2
    assert not (state / "dagster" / "history").exists()
    assert left_of(state) == {}
