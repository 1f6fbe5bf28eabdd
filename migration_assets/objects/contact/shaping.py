"""How customers become contacts: who is one person, who wrote what, and which values a contact has."""

from pathlib import Path

import polars as pl

from migration_assets.objects.contact.role_addresses import BEGINNINGS, ROLES
from migration_assets.objects.person_names import compare_said, compare_words, make_macro
from migration_assets.objects.shaping import SELECTED_BY, Shaping
from schemas.mapping import Mapping


def mapping_tables(mapping: Mapping) -> dict[str, pl.DataFrame]:
    """Return what a person has said of who is who."""
    shared = [
        (kind, value.strip().lower() if kind == "email" else value, *_choice(choice))
        for kind, choices in (("email", mapping.same_email), ("external_id", mapping.same_external_id))
        for value, choice in choices.items()
    ]
    records = [(*name.split(" ", 1), choice) for name, choice in mapping.same_record.items()]
    own = mapping.settings
    words = {word.strip().lower() for word in mapping.role_addresses}
    return {
        "same_people": pl.DataFrame(
            shared, dict.fromkeys(("kind", "value", "choice", "customer_id"), pl.String), orient="row"
        ),
        "same_records": pl.DataFrame(
            records, dict.fromkeys(("object", "source_key", "choice"), pl.String), orient="row"
        ),
        "role_addresses": pl.DataFrame({"word": sorted(ROLES | words)}),
        "role_beginnings": pl.DataFrame({"word": sorted(BEGINNINGS | words)}),
        "people": pl.DataFrame({"same_email": [own.same_email], "id_prefix": [own.id_prefix]}),
    }


def _choice(words: str) -> tuple[str, str | None]:
    """Return what was chosen, and for `customer ID` the id."""
    choice, _, customer_id = words.partition(" ")
    return choice, customer_id.strip() or None


CONTACT_SHAPING = Shaping(
    folder=Path(__file__).parent,
    after=(*SELECTED_BY, "clean/agents"),
    steps=(
        make_macro,
        "names",
        compare_words,
        "contact_sources",
        "authors",
        "said_names",
        compare_said,
        "contradicts",
        "references",
        "shape",
    ),
    mapping_tables=mapping_tables,
    numbers={
        "rows_merged": "SELECT count(*) FROM target.contact_sources WHERE role = 'merged'",
        "rows_skipped": "SELECT count(*) FROM target.skipped WHERE object = 'customers'",
        "placeholders": "SELECT count(*) FROM target.contacts WHERE placeholder",
    },
    lineage={"customers": "lineage"},
    # Intercom refuses a second contact with the same e-mail.
    duplicates={"same_emails": "SELECT count(email) - count(DISTINCT email) FROM target.contacts"},
)
