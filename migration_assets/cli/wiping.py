"""The command that empties the embedded workspace, guarded as a rollback is: it wants a word, and no run going on."""

import sys

import typer

from migration_assets.cli.asked import settings_or_exit
from migration_assets.cli.guarding import FAILED, Confirm, guarded


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(wipe)


def wipe(confirm: Confirm = "") -> int:
    """Empty the embedded workspace, for another rehearsal; the journal still knows what was in it."""
    settings = settings_or_exit(FAILED)

    def work() -> int:
        from resources.embedded_launcher import StateInUse, empty

        try:
            print(empty(settings.state))
        except StateInUse as error:
            print(error, file=sys.stderr)
            return FAILED
        return 0

    why = (
        f"The embedded workspace in {settings.state} would lose all that was loaded into it, while the journal still "
        "knows it as loaded. Take a migration back with make rollback; to empty the workspace all the same: "
        "make wipe CONFIRM=yes"
    )
    return guarded(settings.state, confirm, "Nothing was emptied.", why, work)
