"""certificate.html: the certificate for people, made from certificate.json alone; to be printed, signed and kept."""

from pathlib import Path
from typing import Any

from migration_assets.accounting.certificate import FATES, Certificate, FieldCounts
from migration_assets.accounting.pages import fill
from migration_assets.handoff import explain, explain_deleted_in_source
from migration_assets.handoff.first_page import first_page
from migration_assets.handoff.report import fate_bar, total
from resources.durable import write_whole

PAGE = "certificate.html"
TEMPLATE = Path(__file__).with_name("certificate.html.jinja")


def write_certificate_page(folder: Path, certificate: Certificate) -> None:
    """Write certificate.html into the state folder."""
    write_whole(folder / PAGE, render(certificate))


def render(certificate: Certificate) -> str:
    """Return the page."""
    accounted = total(certificate)
    kinds = list(dict.fromkeys(decision.kind for decision in certificate.decisions))
    given: dict[str, Any] = {
        "c": certificate,
        "first": first_page(certificate),
        "all": certificate.all_runs,
        "fates": FATES,
        "total": accounted,
        "adds_up": accounted.rows == accounted.accounted and accounted.rows > 0,
        "became": explain_deleted_in_source.FATES,
        "bars": {name: fate_bar(name, counts) for name, counts in certificate.source.items() if counts.rows},
        "decisions": {kind: [one for one in certificate.decisions if one.kind == kind] for kind in kinds},
        "compared": {
            name: sum(getattr(field, name) for fields in certificate.fields.values() for field in fields.values())
            for name in FieldCounts.model_fields
        },
    }
    return fill(TEMPLATE, given | {"explain": explain})
