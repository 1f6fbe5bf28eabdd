"""What `make verify-certificate` prints: a sentence per section, whether the certificate still holds."""

import sys

import dagster as dg
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from migration_assets.handoff.certificate_check import compare
from migration_assets.handoff.recount import find_out
from migration_assets.handoff.write import read_certificate
from resources.intercom.errors import IntercomError
from resources.journal import JournalError
from schemas.mapping import MappingError
from schemas.settings import Settings, wrong_settings


def verify_certificate(settings: Settings) -> int:
    """Compare and print; 0 where everything holds, 1 where something does not or cannot be found out."""
    try:
        certificate = read_certificate(settings.state)
        if certificate is None:
            print(f"There is no certificate in {settings.state}: run make migrate first.", file=sys.stderr)
            return 1
        findings = compare(certificate, find_out(settings, certificate))
    except ValidationError as error:
        print(wrong_settings(error), file=sys.stderr)
        return 1
    except (IntercomError, JournalError, MappingError, dg.Failure) as error:
        print(error.description if isinstance(error, dg.Failure) else error, file=sys.stderr)
        return 1
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    for finding in findings:
        word, style = ("holds", "green") if finding.holds else ("does not hold", "bold red")
        console.print(Text.assemble((f"{finding.section:<11}", "bold"), (f"{word:<14}", style), finding.sentence))
    whole = all(finding.holds for finding in findings)
    console.print(f"The certificate of run {certificate.migration.run_id} {'holds' if whole else 'does not hold'}.")
    return 0 if whole else 1
