"""What a verification found, as the certificate has it."""

from migration_assets.handoff.certificate import PLURALS, FieldCounts, in_load_order
from migration_assets.handoff.evidence import Evidence

COUNTS = tuple(FieldCounts.model_fields)


def verified_fields(evidence: Evidence) -> dict[str, dict[str, FieldCounts]]:
    """Return the counts of every field that was compared, by object in the order of loading."""
    found: dict[str, dict[str, FieldCounts]] = {}
    for row in evidence.fields:
        found.setdefault(row["object"], {})[row["field"]] = FieldCounts(**{name: row[name] for name in COUNTS})
    return {PLURALS.get(name, name): found[name] for name in in_load_order(found)}
