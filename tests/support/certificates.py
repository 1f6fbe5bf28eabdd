"""Certificates as a run writes them, with what a test wants in them."""

from datetime import UTC, datetime

from migration_assets.accounting.certificate import (
    Calls,
    Certificate,
    CertifiedWorkspace,
    FieldCounts,
    Migration,
    SweepCounts,
)


def certificate(different=0, **swept):
    """Return a certificate of a verification that found so many different fields, and swept so."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Certificate(
        migration=Migration(
            source_instance="acme",
            workspace=CertifiedWorkspace(id="w1", name="Acme", region="US"),
            target="embedded",
            route="ticket",
            run_id="r1",
            started_at=at,
            ended_at=at,
            extract_sha256="e",
            mapping_sha256="m",
            code_version="1",
            libraries={},
            dry_run=False,
        ),
        source={},
        intercom={},
        sweep=SweepCounts(**swept),
        fields={"contacts": {"name": FieldCounts(compared=1 + different, equal=1, different=different)}},
        calls=Calls(),
        notifications_sent=0,
        verdict="partial",
        reasons=[],
    )
