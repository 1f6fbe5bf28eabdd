"""What the person who starts a run can choose on the command line: the options, and how their values are read.

An option that one of make's variables stands for is read from the environment as well, where make puts the value as it
was typed: in the text of a recipe the shell would read it.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from schemas.source import SOURCE


def at_least_one(text: str) -> int:
    """Read a number of tickets from the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise typer.BadParameter(f"a whole number from 1 on is expected, not {text!r}")
    return int(text)


def absolute_path(text: str) -> Path:
    """Read a path from the command line, or from make, in whose folder the program is started."""
    return Path.cwd() / text


def with_zone(text: str) -> str:
    """Read a time with its zone from the command line."""
    from resources.run import moment

    try:
        moment(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return text


Limit = Annotated[
    int | None,
    typer.Option(parser=at_least_one, metavar="NUMBER", help="Load at most this many tickets, oldest first."),
]
Route = Annotated[
    Literal["ticket", "conversation"] | None, typer.Option(help="Overrides the mapping's route of tickets.")
]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Send again what was rejected before.")]
RestoreDeleted = Annotated[
    bool, typer.Option("--restore-deleted", help="Write again what was deleted in Intercom after it was loaded.")
]
CompleteJournal = Annotated[
    bool,
    typer.Option(
        "--complete-journal", help="The journal was lost: ask Intercom for every ticket and message before it is sent."
    ),
]
AcceptVanished = Annotated[
    bool, typer.Option("--accept-vanished", help="Load a drop in which much of what was loaded is missing.")
]
AcceptOlder = Annotated[
    bool, typer.Option("--accept-older", help="Load a drop that was exported before the one loaded last.")
]
Freeze = Annotated[
    str | None,
    typer.Option(
        parser=with_zone,
        metavar="TIME",
        envvar="MIGRATION_FREEZE",
        help=f"Cutover: since when nobody works in {SOURCE}, with its zone.",
    ),
]
Only = Annotated[
    str | None,
    typer.Option(
        metavar="differences", envvar="MIGRATION_ONLY", help="Verify: look again at what differed the last time."
    ),
]
Resync = Annotated[bool, typer.Option("--resync", help="Migrate: send again what differed when it was last verified.")]
