"""What somebody at another terminal wants of the run that is going on: pause, go on, or stop."""

import time
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, insert, select

from resources.journal.tables import run_commands

GIVEN = select(run_commands.c.command, run_commands.c.asked_by).where(
    run_commands.c.migration == bindparam("migration")
)


class Command(StrEnum):
    """What is wanted of a run."""

    GO = "go"
    PAUSE = "pause"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class RunCommand:
    """What is wanted, and by whom."""

    command: Command = Command.GO
    asked_by: str = ""


def command_of(connection: Connection, migration: str) -> RunCommand:
    """Return what is wanted of the migration's run; going on, where nobody said anything."""
    row = connection.execute(GIVEN, {"migration": migration}).first()
    return RunCommand(Command(row.command), row.asked_by) if row is not None else RunCommand()


def give(connection: Connection, migration: str, order: RunCommand) -> None:
    """Put an order in place of the one before."""
    forget(connection, migration)
    values = {
        "migration": migration,
        "command": order.command.value,
        "asked_at": time.time(),
        "asked_by": order.asked_by,
    }
    connection.execute(insert(run_commands).values(**values))


def forget(connection: Connection, migration: str) -> None:
    """Take the order back: it was meant for a run that has ended."""
    connection.execute(delete(run_commands).where(run_commands.c.migration == migration))
