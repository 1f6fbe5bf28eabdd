"""Every command that a message can print is complete, is a target of the Makefile, and does what it is named for."""

import os
import re
import signal
import subprocess
import time
from contextlib import suppress

import pytest

from schemas.run_options import by_variable
from schemas.settings import PROJECT
from tests.support.cli import OURS
from tests.support.printed_commands import TARGETS, named_flags, printed_commands

COMMANDS = printed_commands()
SERVES = {"ui", "spot-check", "inbox"}
"""What goes on until it is stopped; it has begun once it prints its address."""
MAY_REFUSE = {"pause", "resume", "stop", "alert-test", "cutover", "verify-certificate"}
"""What is refused in a sentence here: no load is going on, nobody is to be alerted, the drop is older than the freeze,
and a pilot load's certificate is not that of the runs after it."""
LAST = ("make rollback CONFIRM=yes", "make wipe")
"""What takes away what the others look at."""
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_there_are_some():
    assert {"make migrate RETRY=failed", "make migrate RESTORE=deleted", "make verify ONLY=differences"} <= set(
        COMMANDS
    )
    assert {"make migrate ACCEPT=vanished", "make migrate ACCEPT=older", "make resync"} <= set(COMMANDS)


def test_no_message_names_half_a_command():
    assert named_flags() == {}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_it_is_in_make_help_with_its_variables(command):
    shown = subprocess.run(["make", "--no-print-directory", "help"], cwd=PROJECT, capture_output=True, text=True).stdout
    _, target, *variables = command.split()
    assert re.search(rf"^{target}\s", shown, re.M)
    for variable in variables:
        assert re.search(rf"\b{variable.split('=')[0]}=", shown)


@pytest.mark.parametrize("variable", by_variable())
def test_the_readme_has_every_variable_of_a_run(variable):
    for option in by_variable()[variable]:
        word = option.word if option.fixed else ""
        assert re.search(rf"`make [a-z-]+ (\S+ )*{variable}={word}", README), option


class Make:
    """Runs make over one state folder, as a person in a terminal does."""

    def __init__(self, state, extract):
        kept = {name: value for name, value in os.environ.items() if not name.startswith((*OURS, "MAKE", "MFLAGS"))}
        self.environment = kept | {"MIGRATION_PROBE": "never"}
        self.given = [f"STATE={state}", f"EXTRACT={extract}"]
        self.state = state

    def start(self, command):
        given = self.given + (["PORT=0"] if command.split()[1] == "ui" and "PORT" not in command else [])
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        typed = [*command.replace("PORT=…", "PORT=0").split(), *given]  # the message has a number there
        return subprocess.Popen(typed, cwd=PROJECT, env=self.environment, start_new_session=True, **pipes)

    def run(self, command):
        process = self.start(command)
        said, _ = process.communicate(timeout=600)
        return process.returncode, said

    def serve(self, command):
        """Start what goes on until it is stopped, and stop it once it has printed its address."""
        process = self.start(command)
        try:
            said, end = "", time.monotonic() + 120
            while "http://" not in said and time.monotonic() < end and process.poll() is None:
                said += process.stdout.readline()
            return said
        finally:
            with suppress(ProcessLookupError):  # it has ended: what it said tells why
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, small_extract):
    """A migration of the small extract, over which every command is typed as it was printed."""
    made = Make(tmp_path_factory.mktemp("printed") / "state", small_extract)
    code, said = made.run("make migrate LIMIT=5")
    assert code == 0, said
    return made


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(COMMANDS, key=lambda command: (command in LAST, command)))
def test_it_can_be_typed_as_it_is_printed(loaded, command):
    target = command.split()[1]
    if target in SERVES:
        assert "http://127.0.0.1:" in loaded.serve(command)
        return
    given = command
    if "FILE=path" in command:
        code, said = loaded.run("make backup")
        assert code == 0, said
        given = command.replace("path", str(next((loaded.state / "backups").iterdir())))
    code, said = loaded.run(given)
    assert "Usage: " not in said
    assert "Traceback" not in said
    assert "No rule to make target" not in said
    assert code == 0 or target in MAY_REFUSE, said


def test_every_target_that_is_printed_is_there():
    assert {command.split()[1] for command in COMMANDS} <= TARGETS
