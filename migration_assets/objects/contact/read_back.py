"""Reading contacts back: from the pages in which they are counted, or one by one."""

from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.read_back import AnswerSource, Getter, ReadBack, if_there, pages_of
from migration_assets.objects.shown import declared
from migration_assets.writing.environment import Environment
from schemas.intercom import Answer, Contact


def by_id(env: Environment) -> Getter:
    """Return what asks for a contact that is not archived."""

    async def contact(key: str) -> Answer | None:
        found = await env.client.get_contact(key)
        # An archived contact is given by its id and does not say so, but nobody finds it by the external id.
        if found.external_id is not None and await env.client.find_contact(found.external_id) is None:
            return None
        return found

    return if_there(contact)


READ_BACK = ReadBack(
    sources=(AnswerSource("contact", Contact, CONTACT.name, by_id=by_id),),
    shows={Contact: declared(CONTACT)},
    describes="One row per contact, or link of a contact to a company, that was read back and compared field by field.",
    calls=pages_of(CONTACT.name),
)
