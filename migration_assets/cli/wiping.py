"""The command that empties the embedded workspace, guarded as a rollback is: it wants a word, and no run going on."""

import sys
from typing import Annotated

import typer

from migration_assets.cli.asked import settings_or_exit

FAILED, NOT_CONFIRMED = 1, 2
YES = "yes"


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(wipe)


def wipe(
    confirm: Annotated[
        str, typer.Option(metavar="yes", envvar="MIGRATION_CONFIRM", help="Do it; without it nothing is emptied.")
    ] = "",
) -> int:
    """Empty the embedded workspace, for another rehearsal; the journal still knows what was in it."""
    settings = settings_or_exit(FAILED)
    from resources.embedded_launcher import StateInUse, empty
    from resources.occupancy import StateBusyError, StateLock

    if confirm != YES:
        print(
            f"Nothing was emptied. The embedded workspace in {settings.state} would lose all that was loaded into it, "
            "while the journal still knows it as loaded. Take a migration back with make rollback; to empty the "
            "workspace all the same: make wipe CONFIRM=yes",
            file=sys.stderr,
        )
        return NOT_CONFIRMED
    lock = StateLock(settings.state)
    try:
        # Held meanwhile, so that no run begins in a workspace that is being emptied.
        lock.try_out()
    except StateBusyError as error:
        print(f"Nothing was emptied. {error}", file=sys.stderr)
        return FAILED
    try:
        print(empty(settings.state))
    except StateInUse as error:
        print(error, file=sys.stderr)
        return FAILED
    finally:
        lock.release()
    return 0
