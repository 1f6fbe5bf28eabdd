"""The commands that show what was done and whether it can be relied on: the UI, certificate, spot check, alerts."""

from typing import Annotated

import typer

from migration_assets.cli.asked import settings_or_exit
from migration_assets.cli.runs import prepare_home

FAILED, COULD_NOT_START = 1, 2


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (verify_certificate, spot_check, alert_test, ui):
        app.command()(command)


def verify_certificate() -> int:
    """Say whether the certificate still holds, from the files, the journal and Intercom; reads only."""
    settings = settings_or_exit(FAILED)
    from migration_assets.handoff.verify_certificate import verify_certificate

    return verify_certificate(settings)


def spot_check() -> int:
    """Compare conversations by eye, source and Intercom side by side: prints the address of the page."""
    settings = settings_or_exit(FAILED)
    from migration_assets.spotcheck.serve import serve

    return serve(settings)


def alert_test() -> int:
    """Send a test message to everybody in MIGRATION_ALERT_URLS and say where it arrived."""
    settings = settings_or_exit(COULD_NOT_START)
    from resources.notifier.trial import send_test

    return send_test(settings)


def ui(
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, envvar="MIGRATION_PORT", help="The port on this machine; 0: any that is free."),
    ] = 3000,
) -> int:
    """Open Dagster's UI over the same state: prints the address, which only this machine's user can enter."""
    settings = settings_or_exit(COULD_NOT_START)
    prepare_home(settings)
    from migration_assets.ui.supervisor import serve

    return serve(settings, port)
