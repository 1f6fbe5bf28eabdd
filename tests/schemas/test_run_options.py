"""The one list of options: the launchpad, the command line, the Makefile and `make help` have what it has."""

import re
import subprocess
import sys

import pytest
import typer.main

from migration_assets.cli import app
from resources.run import MigrationOptions
from schemas.run_options import BY_FIELD, ONE_BY_ONE, RUN_OPTIONS, by_variable, make, meaning
from schemas.settings import PROJECT

MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands
RUNS = sorted({command for option in RUN_OPTIONS for command in option.commands} | {"probe", "hypercare"})


@pytest.mark.parametrize("field", BY_FIELD)
def test_the_launchpad_says_what_the_list_says(field):
    assert MigrationOptions.model_fields[field].description == meaning(field)


@pytest.mark.parametrize("command", RUNS)
def test_the_command_line_takes_what_the_list_says_and_no_more(command):
    taken = {
        parameter.opts[0]: parameter.envvar for parameter in COMMANDS[command].params if parameter.opts[0] != "--help"
    }
    assert taken == {options[0].flag: options[0].environment for options in by_variable(command).values()}


def test_make_hands_on_each_variable_to_the_commands_that_take_it():
    known = {name: words.split() for name, words in re.findall(r"^([A-Z]+) := ([a-z -]+)$", MAKEFILE, re.M)}
    handed = {}
    for targets, environment, variable in re.findall(
        r"^([^:\n]+):\s+export (MIGRATION_\w+)\s*:= \$\(value (\w+)\)$", MAKEFILE, re.M
    ):
        names = re.sub(r"\$\((\w+)\)", lambda found: " ".join(known[found[1]]), targets).split()
        handed.setdefault(variable, {}).update(dict.fromkeys(names, environment))
    for variable, options in by_variable().items():
        commands = {command for option in options for command in option.commands}
        found = {name: environment for name, environment in handed[variable].items() if name != "rollback"}
        assert found == dict.fromkeys(commands, options[0].environment)


def test_make_help_shows_it_before_anything_is_set_up():
    alone = [sys.executable, "-I", "-S", "schemas/run_options.py"]
    shown = subprocess.run(alone, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for option in RUN_OPTIONS:
        if option.variable:
            assert f"{option.variable}={option.word.lower()}" in shown
    assert max(map(len, shown.splitlines())) <= 120
    assert "schemas/run_options.py" in MAKEFILE


def test_an_option_without_a_variable_is_a_target():
    assert set(ONE_BY_ONE) == {"resync", "rebuild-journal"}
    for command in ONE_BY_ONE:
        assert f"\n{command}: " in MAKEFILE


def test_a_message_names_complete_commands_only():
    assert make("migrate", "retry_failed") == "make migrate RETRY=failed"
    assert make("migrate", "limit", "50") == "make migrate LIMIT=50"
    assert make("backup") == "make backup"
    with pytest.raises(ValueError, match="verify does not know"):
        make("verify", "limit", "50")
    with pytest.raises(ValueError, match="wants a word: NUMBER"):
        make("migrate", "limit")
    with pytest.raises(ValueError, match="migrate does not know"):
        make("migrate", "resync")
