"""The commands that show whether what was done can be relied on: certificate, spot check, alerts."""

import typer

from migration_assets.cli.asked import settings_or_exit

FAILED, COULD_NOT_START = 1, 2


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (verify_certificate, spot_check, alert_test):
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
