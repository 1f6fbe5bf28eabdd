"""Emptying the workspace by one command, with and without a running server."""

import subprocess
import sys

import pytest
from filelock import FileLock

from embedded_intercom.process import PROJECT
from embedded_intercom.state.folder import LOCK
from embedded_intercom.wipe import sentence


def wipe(state):
    command = [sys.executable, "-m", "embedded_intercom", "wipe", "--state", str(state)]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)


def filled(started):
    api = started()
    contact = api.contact()
    api.contact()
    api.conversation(contact)
    api.ticket(api.ticket_type(), contact)
    return api


@pytest.mark.parametrize("running", [True, False])
def test_one_command_empties_the_workspace_and_says_what_was_in_it(started, tmp_path, running):
    api, state = filled(started), tmp_path / "state"
    first = api.contact()["id"]
    if not running:
        api.process.stop()
    done = wipe(state)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Wiped {state}: 3 contacts, 1 conversation, 1 ticket, 1 message or event, ")
    assert "Its admins, teams, ticket states and help centers stay" in done.stdout
    api = api if running else started()
    counts = api.ok("GET", "/__embedded/state")["counts"]
    kept = {"admins": 2, "teams": 2, "ticket_states": 4, "help_centers": 1}
    assert {name: number for name, number in counts.items() if number} == kept
    assert api.notifications()["total"] == 0
    assert int(api.contact()["id"][-6:], 16) > int(first[-6:], 16), "no id is used again"
    api.ticket(api.ticket_type(), api.contact())


def test_where_there_is_nothing_nothing_is_made(tmp_path):
    done = wipe(tmp_path / "none")
    assert (done.returncode, "Nothing to wipe" in done.stdout) == (0, True)
    assert not (tmp_path / "none").exists()


def test_a_server_that_does_not_answer_is_said_so(started, tmp_path):
    state = tmp_path / "state"
    filled(started).process.stop()
    with FileLock(str(state / LOCK)):
        done = wipe(state)
    assert (done.returncode, "nothing was wiped" in done.stderr) == (1, True)
    assert started().ok("GET", "/contacts")["total_count"] == 2


def test_an_empty_workspace_is_said_to_be_empty(tmp_path):
    assert "nothing, for it was empty" in sentence(tmp_path, {"contacts": 0, "admins": 3})
