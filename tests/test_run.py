"""The command line: what it prints, how it stops and goes on, and that a stopped run ends as any other."""

import os
import re
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from schemas.settings import PROJECT, Settings, settings_table
from tests.support.cli import Cli
from tests.support.workspace import read_workspace

slow = pytest.mark.slow
TICKETS = 40


def nothing_is_there_twice(content, tickets=TICKETS):
    assert len(content.threads) == tickets
    assert {key for key, found in content.threads.items() if len(found) != 1} == set()
    assert content.counts["threads"] == tickets


def test_settings_lists_every_setting_and_never_the_token(tmp_path):
    finished = Cli(tmp_path / "state", INTERCOM_ACCESS_TOKEN="tok:do-not-show", MIGRATION_RATE_SHARE="0.5")("settings")
    assert finished.code == 0
    shown = "".join(finished.out.split())
    for variable, _, meaning in settings_table(Settings()):
        assert variable in shown
        assert "".join(meaning.split()[:3]) in shown
    assert "0.5" in finished.out
    assert "set,notshown" in shown
    assert "do-not-show" not in finished.said
    assert not (tmp_path / "state").exists()


def test_dagster_home_is_absolute_in_the_process(tmp_path, monkeypatch):
    from migration_assets.cli.runs import prepare_home

    monkeypatch.setenv("DAGSTER_HOME", "relative")
    prepare_home(Settings(state=tmp_path / "state"))
    home = Path(os.environ["DAGSTER_HOME"])
    assert home == tmp_path / "state" / "dagster"
    assert home.is_absolute()
    assert (home / "dagster.yaml").read_bytes() == (PROJECT / "dagster.yaml").read_bytes()
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_an_unknown_command_is_refused_with_the_list_of_commands(tmp_path):
    finished = Cli(tmp_path / "state")("migrat")
    assert finished.code == 2
    assert "dry-run" in finished.err
    assert "Traceback" not in finished.said


def test_a_mapping_that_is_not_there_is_a_sentence(tmp_path):
    finished = Cli(tmp_path / "state", MIGRATION_MAP=tmp_path / "nowhere.yaml")("migrate")
    assert finished.code == 2
    assert "The mapping cannot be used" in finished.err
    assert "nowhere.yaml" in finished.err
    assert "Traceback" not in finished.said
    assert not (tmp_path / "state" / "embedded").exists()


def test_a_mapping_that_is_wrong_is_a_sentence_for_each_fault(tmp_path):
    (tmp_path / "mapping.yaml").write_text("version: 1\nsettings: {route: by post}\n")
    finished = Cli(tmp_path / "state", MIGRATION_MAP=tmp_path / "mapping.yaml")("migrate")
    assert finished.code == 2
    assert "settings.route" in finished.err
    assert "Traceback" not in finished.said


def test_an_extract_that_is_not_there_is_a_sentence(tmp_path):
    finished = Cli(tmp_path / "state", MIGRATION_EXTRACT=tmp_path / "nowhere")("migrate")
    assert finished.code == 2
    assert "does not exist" in finished.err
    assert "Traceback" not in finished.said


def test_an_address_without_a_token_is_a_sentence(tmp_path):
    finished = Cli(tmp_path / "state", INTERCOM_BASE_URL="http://127.0.0.1:9")("migrate")
    assert finished.code == 2
    assert "INTERCOM_ACCESS_TOKEN" in finished.err


def test_a_fault_of_the_program_is_said_on_the_terminal(tmp_path, monkeypatch, capfd):
    """The traceback itself is in console.log, where nobody looks first."""
    import migration_assets.launch
    from migration_assets.cli import main

    def fails(*_):
        raise LookupError("inside")

    monkeypatch.setattr(migration_assets.launch, "launch", fails)
    monkeypatch.setenv("MIGRATION_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with pytest.raises(LookupError):
        main(["migrate"])
    said = "".join(capfd.readouterr().err.split())
    assert "LookupError" in said
    assert "console.log" in said


def begun(state):
    """Return how many conversations the journal knows to be in Intercom."""
    path = state / "journal.sqlite3"
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as book:
            return book.execute(
                "SELECT count(*) FROM write WHERE object = 'conversation' AND operation = 'create' "
                "AND state = 'confirmed'"
            ).fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # its tables are being made


def wait_for_conversations(process, state, number):
    deadline = time.monotonic() + 300
    while begun(state) < number:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the conversations never began"
        time.sleep(0.1)


def interrupt(process, state, after):
    """Send Ctrl-C once `after` conversations are in Intercom."""
    wait_for_conversations(process, state, after)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


@slow
def test_a_run_that_fails_before_its_first_step_says_why(small_extract, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    (state / "embedded").touch()  # where the embedded workspace wants a folder
    finished = Cli(state, MIGRATION_EXTRACT=small_extract)("migrate")
    assert finished.code == 1
    (reason,) = finished.certificate["reasons"]
    assert "embedded" in reason
    assert reason in " ".join(finished.err.split())
    assert "Traceback" not in finished.said


@slow
@pytest.mark.chaos
def test_a_run_is_watched_paused_and_stopped_from_another_terminal(small_extract, tmp_path):
    state = tmp_path / "state"
    # So few calls that the load lasts while five commands are typed, on a busy machine too.
    process = Cli(state, MIGRATION_EXTRACT=small_extract, EMBEDDED_APP_QUOTA=200).start("migrate")
    wait_for_conversations(process, state, 3)
    watch = Cli(state)
    assert "loading, process" in watch("status").out
    assert watch("pause").code == 0
    time.sleep(3)
    paused = begun(state)
    time.sleep(3)
    assert begun(state) == paused < TICKETS, "something was sent during the pause"
    assert "pausing (asked by" in watch("status").out
    second = Cli(state, MIGRATION_EXTRACT=small_extract)("migrate")
    assert second.code == 2
    assert second.err.startswith("Another run uses ")
    assert len(second.err.splitlines()) == 1, "one sentence"
    who = rf"process {process.pid} on \S+, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
    assert re.search(who, second.err), "who holds it since when"
    assert watch("resume").code == 0
    assert watch("stop").code == 0
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "asked to stop" in " ".join(err.split())
    assert "nothing is being written" in watch("status").out
    finished = Cli(state, MIGRATION_EXTRACT=small_extract)("migrate")
    assert (finished.code, finished.certificate["verdict"]) == (0, "complete"), finished.err


@slow
@pytest.mark.rehearsal
def test_a_stopped_run_goes_on_and_ends_complete(small_extract, tmp_path):
    state = tmp_path / "state"
    # 450 calls in ten seconds: the load lasts long enough to be stopped in the middle.
    code, said = interrupt(
        Cli(state, MIGRATION_EXTRACT=small_extract, EMBEDDED_APP_QUOTA=500).start("migrate"), state, 5
    )
    first = Cli(state).certificate()
    assert code == 130, said
    assert "Traceback" not in said
    assert first["verdict"] == "failed"
    assert first["reasons"][0].startswith("The load of conversations did not run to its end.")
    assert 5 <= first["calls"]["by_endpoint"]["POST /tickets"] <= TICKETS
    assert first["source"]["tickets"]["loaded"] < TICKETS
    for name, counts in first["source"].items():
        assert counts["rows"] == sum(number for fate, number in counts.items() if fate != "rows"), name
    assert not (state / "embedded" / "endpoint.json").exists()

    finished = Cli(state, MIGRATION_EXTRACT=small_extract)("migrate")
    assert finished.code == 0, finished.err
    assert (finished.certificate["verdict"], finished.certificate["reasons"]) == ("complete", [])
    for name, counts in finished.certificate["intercom"].items():
        assert counts["present"] == counts["planned"], name
    content = read_workspace(state)
    nothing_is_there_twice(content)
    parts = sum(len(found[0].parts) for found in content.threads.values())
    assert parts == finished.certificate["intercom"]["parts"]["planned"]
    assert content.notifications["total"] == 0
    assert sum(counts["failed"] for counts in finished.certificate["source"].values()) == 0
    # POST /companies is not among them: the workspace's marker is written by it too.
    creates = ("POST /tickets", "POST /contacts", "POST /tickets/{ticket_id}/reply", "POST /tags")
    made = {
        name: sum(run["calls"]["by_endpoint"].get(name, 0) for run in (first, finished.certificate)) for name in creates
    }
    names = ("conversations", "contacts", "parts", "tags")
    assert made == dict(
        zip(creates, (finished.certificate["intercom"][name]["planned"] for name in names), strict=True)
    )
