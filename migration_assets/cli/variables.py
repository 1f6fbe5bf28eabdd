"""Variables of the environment that are named like settings and are none: a slip would change nothing, in silence."""

import os
import sys
from collections.abc import Iterable

import typer

from schemas.settings import Settings, variable_of
from schemas.suggestions import did_you_mean

PREFIX = "MIGRATION_"
"""What the program's own variables begin with; those of others may begin with it as well."""
USAGE = 2
"""The exit code of what cannot be typed so."""


def look_at_variables(ctx: typer.Context) -> None:
    """Before any command: refuse what is most likely a slip, and say of other names that they change nothing.

    Raises:
        typer.Exit: a variable is named almost like one that is read.
    """
    slips, others = unknown_variables(os.environ, _read_variables(ctx))
    for sentence in (*slips, *others):
        print(sentence, file=sys.stderr)
    if slips:
        raise typer.Exit(USAGE)


def unknown_variables(environment: Iterable[str], known: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return a sentence for each variable that nothing reads: those named almost like one that is read, and others.

    Args:
        environment: the names of the variables that are set.
        known: the names of those that are read.
    """
    read = [name for name in known if name.startswith(PREFIX)]
    unread = sorted(name for name in environment if name.startswith(PREFIX) and name not in read)
    meant = {name: did_you_mean(name, read, PREFIX) for name in unread}
    slips = [f"{name} is no setting.{hint} make settings lists them." for name, hint in meant.items() if hint]
    others = [f"{name} is no setting: it changes nothing." for name, hint in meant.items() if not hint]
    return slips, others


def _read_variables(ctx: typer.Context) -> set[str]:
    """Return the variables that settings, and the options of every command, are read from."""
    commands = ctx.command.commands.values()  # type: ignore[attr-defined] # a group's, which typer does not name
    options = {str(option.envvar) for command in commands for option in command.params if option.envvar}
    return options | {variable_of(name) for name in Settings.model_fields}
