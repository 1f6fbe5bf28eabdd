"""How a status looks on the terminal: who is at work, a line per object, what is wrong, how long it takes."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from resources.complete_commands import complete
from resources.journal.run_command import Command
from resources.journal.status import MigrationStatus
from resources.wording import duration, listed, number

WANTED = {Command.PAUSE: "pausing", Command.STOP: "stopping"}


def show_status(status: MigrationStatus, console: Console, folders: Mapping[str, str] | None = None) -> None:
    """Print a status: names of objects and counts only, nothing of a customer's.

    `folders` are what the commands in it repeat of the run's folders (`complete_commands.folders_of`).
    """
    console.print(Text(f"{status.migration}: {state_of(status)}"), soft_wrap=True)
    console.print(f"run {status.run_id}, begun {stamp(status.started)}", highlight=False, soft_wrap=True)
    if status.objects:
        console.print(_table(status))
    if status.alive:
        left = status.seconds_left
        ahead = f", about {duration(left)} left of this object" if left is not None else ""
        console.print(f"{number(status.rate)} writes/s{ahead}", highlight=False, soft_wrap=True)
    for count, sentence in (
        (status.sending, "being sent"),
        (status.failed, "refused: `make failures` lists them with what to do"),
        (status.unknown, "with an unknown outcome: the next look at Intercom settles them"),
    ):
        if count:
            console.print(f"{many(count)} {complete(sentence, folders or {})}", highlight=False, soft_wrap=True)


def state_of(status: MigrationStatus) -> str:
    """Say in words what the migration is doing."""
    if status.alive:
        heard = duration(max(0.0, time.time() - (status.heard_of or 0.0)))
        doing = WANTED.get(status.run_command.command, "loading")
        asked = f" (asked by {status.run_command.asked_by})" if status.run_command.command in WANTED else ""
        return f"{doing}{asked}, {status.holder}, heard of {heard} ago"
    if status.heard_of is not None:
        return f"interrupted: {status.holder} was heard of last at {stamp(status.heard_of)}. Run again to go on."
    return "nothing is being written"


def many(counts: dict[str, int]) -> str:
    """Return how many writes of which objects: 3 writes (2 of part and 1 of contact)."""
    parts = [f"{number(value)} of {name}" for name, value in sorted(counts.items(), key=lambda item: -item[1])]
    total = sum(counts.values())
    return f"{number(total)} {'write' if total == 1 else 'writes'} ({listed(parts)})"


def stamp(seconds: float) -> str:
    """Return a time as people read it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _table(status: MigrationStatus) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    for heading in ("object", "records", "writes", "done", ""):
        table.add_column(heading, justify="left" if heading == "object" else "right", no_wrap=True)
    for item in status.objects:
        share = f"{min(1.0, item.done / item.writes):.0%}" if item.writes else ""
        table.add_row(item.object, number(item.records), number(item.writes), number(item.done), share)
    return table
