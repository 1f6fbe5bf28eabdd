"""Reading back which companies a contact has: it shows ten of them itself, and more only when asked for them."""

from collections.abc import AsyncIterator, Iterable

from migration_assets.objects.contact_company.declaration import CONTACT_COMPANY
from migration_assets.objects.read_back import ReadBack, pages_of
from migration_assets.objects.shown import FieldRow, field_rows
from migration_assets.writing.environment import Environment
from schemas.intercom import Company, Contact, Reference

MANY = """
SELECT DISTINCT owner FROM observed.shown WHERE source = 'contact' AND object = 'contact_company'
GROUP BY owner, reading HAVING count(*) >= 10
"""


def link_rows(contact_id: str, companies: Iterable[Reference | Company]) -> list[FieldRow]:
    """Return a row for each company that a contact is attached to."""
    return [row for company in companies for row in field_rows(CONTACT_COMPANY.name, f"{contact_id}|{company.id}", {})]


def rows(contact: Contact, _learnt: object) -> list[FieldRow]:
    """Return a row for each company that a contact shows."""
    return link_rows(contact.id, contact.companies)


async def further(env: Environment) -> AsyncIterator[tuple[str, list[FieldRow]]]:
    """Ask for all companies of the contacts that show ten, which may be only the first of them."""
    with env.warehouse.connect() as connection:
        contacts = [key for (key,) in connection.execute(MANY).fetchall()]
    for contact_id in contacts:
        yield contact_id, link_rows(contact_id, await env.client.companies_of(contact_id))


READ_BACK = ReadBack(
    shows={Contact: rows},
    read_with="contact",
    # Links are counted from the contacts, which were shown when these were counted.
    shown_while_counted=False,
    calls=pages_of("contact"),
    further=further,
)
