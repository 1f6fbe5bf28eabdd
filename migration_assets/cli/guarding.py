"""What takes something away is guarded in one way: it wants a word, and no run that uses the state folder meanwhile."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

FAILED, NOT_CONFIRMED = 1, 2
YES = "yes"
Confirm = Annotated[
    str, typer.Option(metavar="yes", envvar="MIGRATION_CONFIRM", help="Do it; without it nothing is done.")
]


def guarded(state: Path, confirm: str, nothing: str, why: str, work: Callable[[], int]) -> int:
    """Do the work if it was confirmed and nobody uses the state folder; returns the exit code.

    Args:
        state: the state folder, which is held meanwhile, so that no run begins.
        confirm: what was typed to confirm it.
        nothing: the sentence that nothing was done.
        why: what it would do, and the whole command that does it.
        work: does it, and returns the exit code.
    """
    if confirm != YES:
        print(f"{nothing} {why}", file=sys.stderr)
        return NOT_CONFIRMED
    from resources.occupancy import StateBusyError, StateLock

    lock = StateLock(state)
    try:
        lock.try_out()
    except StateBusyError as error:
        print(f"{nothing} {error}", file=sys.stderr)
        return FAILED
    try:
        return work()
    finally:
        lock.release()
