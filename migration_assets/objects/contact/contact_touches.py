"""What a contact shows of what somebody but us has done to it: its fields, notes, tags and companies."""

from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.touches import Touch, TouchContext, TouchReading, field_touches, hung_on
from migration_assets.writing.touch_rules import Left, RefusalCode
from schemas.intercom import Contact


def links_of(contact: Contact) -> list[str]:
    """Return its places in companies, as the journal has Intercom's ids of them."""
    return [f"{contact.id}|{company.id}" for company in contact.companies]


def judge_contact(contact: Contact, left: Left, context: TouchContext) -> list[Touch]:
    """Return what a contact shows of touches; what an adopted one had before us is nobody's."""
    fields = field_touches(CONTACT.fields.shown(contact), left, CONTACT.fields.edit_rules)
    if left.adopted:
        return fields
    strange = [link for link in links_of(contact) if link not in context.known]
    put_in = [Touch(RefusalCode.COMPANIES, "put into another company")] if strange else []
    return [*fields, *hung_on(contact, RefusalCode.NOTES, RefusalCode.TAGS), *put_in]


CONTACT_TOUCHES = TouchReading({Contact: judge_contact}, refers=("contact_company", links_of))
