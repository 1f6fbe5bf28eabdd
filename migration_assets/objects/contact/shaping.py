"""How customers become contacts: who is one person, who wrote what, and which values a contact has."""

from pathlib import Path

from migration_assets.objects.shaping import SELECTED_BY, Shaping

CONTACT_SHAPING = Shaping(
    folder=Path(__file__).parent,
    after=(*SELECTED_BY, "clean/agents"),
    steps=("contact_sources", "authors", "shape"),
    numbers={
        "rows_merged": "SELECT count(*) FROM target.contact_sources WHERE role = 'merged'",
        "rows_skipped": "SELECT count(*) FROM target.skipped WHERE object = 'customers'",
        "placeholders": "SELECT count(*) FROM target.contacts WHERE placeholder",
    },
    lineage={"customers": "lineage"},
    # Intercom refuses a second contact with the same e-mail.
    duplicates={"same_emails": "SELECT count(email) - count(DISTINCT email) FROM target.contacts"},
)
