"""What a person calls the objects."""

from migration_assets.accounting.certificate import PLURALS

NOUNS = {
    "team_members": "team members",
    "custom_fields": "custom fields",
    "ticket_types": "ticket types",
    "contact_companies": "links of contacts to companies",
    "parts": "messages",
    "attributes": "attributes of contacts and companies",
    "ticket_attributes": "ticket attributes",
}
"""Objects whose name is not what a person would call them."""


def noun(name: str) -> str:
    """Return what a person calls an ITCO or Intercom object, in the plural."""
    plural = PLURALS.get(name, name)
    return NOUNS.get(plural, plural.replace("_", " "))
