"""What a verification found, as the certificate has it."""

from migration_assets.accounting.certificate import FieldCounts, in_load_order
from migration_assets.accounting.sections import Compared, Explained, Verification
from migration_assets.handoff.evidence import Evidence
from migration_assets.objects.explaining import normalisations
from migration_assets.objects.registry import plurals

COUNTS = tuple(FieldCounts.model_fields)


def verified_fields(evidence: Evidence) -> dict[str, dict[str, FieldCounts]]:
    """Return the counts of every field that was compared, by object in the order of loading."""
    found: dict[str, dict[str, FieldCounts]] = {}
    for row in evidence.fields:
        found.setdefault(row["object"], {})[row["field"]] = FieldCounts(**{name: row[name] for name in COUNTS})
    return {plurals().get(name, name): found[name] for name in in_load_order(found)}


def verification(evidence: Evidence) -> Verification | None:
    """Return what was read back and what was explained; None where the run verified nothing."""
    if not evidence.fields or not evidence.verification:
        return None
    rows = {row["object"]: row for row in evidence.verification}
    first = evidence.verification[0]
    reasons = {item.name: item.reason for item in normalisations()}
    return Verification(
        sample=first["sample"],
        seed=first["seed"],
        records={
            plurals().get(name, name): Compared(records=rows[name]["records"], standing=rows[name]["applied"])
            for name in in_load_order(rows)
        },
        explained=[
            Explained(
                object=plurals().get(str(row["object"]), str(row["object"])),
                field=row["field"],
                normalisation=row["normalisation"],
                reason=reasons[row["normalisation"]],
                fields=row["fields"],
            )
            for row in evidence.explained
        ],
    )
