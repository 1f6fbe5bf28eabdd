"""The command line: `itco-migration COMMAND`, or `python -m migration_assets COMMAND`; make's targets call it.

Its modules say what can be typed; what is slow to import, Dagster above all, each command imports for itself.
"""

import typer
from typer.core import TyperGroup

from migration_assets.cli import journal, proof, runs, wiping
from migration_assets.cli.variables import look_at_variables
from resources.private_files import keep_private
from schemas.source import SOURCE


class CommandGroup(TyperGroup):
    """The commands; whoever names another one is told which there are."""

    def resolve_command(self, ctx: typer.Context, args: list[str]):  # type: ignore[no-untyped-def,override]  # noqa: ANN201 - typer's own classes
        """Find the command that `args` begin with; a usage error lists all there are."""
        if args[0] not in self.commands:
            ctx.fail(f"There is no command {args[0]!r}. Choose from {', '.join(self.commands)}.")
        return super().resolve_command(ctx, args)


def _end(code: int) -> None:
    raise typer.Exit(code)


# Plain text instead of boxes, and Python's own tracebacks: both are read in files too.
app = typer.Typer(
    cls=CommandGroup,
    callback=look_at_variables,
    result_callback=_end,
    help=f"Moves a helpdesk's support history from {SOURCE} into Intercom.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for commands in (runs, journal, proof, wiping):
    commands.add_to(app)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 it did what was asked (of a run: complete or partial), 1 it failed, 2 it could not start, 130 it was stopped.
    """
    keep_private()
    try:
        app(arguments, prog_name="itco-migration")
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
