"""What a contact shows of what somebody but us has done to it: its fields, notes, tags and companies."""

from collections.abc import Collection, Sequence

from migration_assets.objects.contact.declaration import CONTACT
from migration_assets.objects.touches import Touch, TouchContext, TouchReading, field_touches, hung_on
from migration_assets.writing.touch_rules import Left, RefusalCode
from schemas.intercom import Contact


def links_of(contact: Contact) -> list[str]:
    """Return its places in companies, as the journal has Intercom's ids of them."""
    return [f"{contact.id}|{company.id}" for company in contact.companies]


LINKS_SHOWN = 10
"""Intercom shows at most this many companies inside a contact: of a longer list nothing is known to be missing."""
PUT_IN, TAKEN_OUT = "put into another company", "taken out of a company"


def company_touches(shown: Sequence[str], left: Collection[str], *, strange: bool, whole: bool) -> list[str]:
    """Return what was done with the companies of a contact.

    Args:
        shown: Intercom's ids of its companies.
        left: those that we put it into and left it in, and that are still there for all that we have done.
        strange: whether any that is shown is none that we put it into.
        whole: whether all of them are shown.
    """
    taken_out = whole and not set(left) <= set(shown)
    return [what for what, done in ((PUT_IN, strange), (TAKEN_OUT, taken_out)) if done]


def judge_contact(contact: Contact, left: Left, context: TouchContext) -> list[Touch]:
    """Return what a contact shows of touches; what an adopted one had before us is nobody's."""
    fields = field_touches(CONTACT.fields.shown(contact), left, CONTACT.fields.edit_rules)
    if left.adopted:
        return fields
    companies = [company.id for company in contact.companies]
    done = company_touches(
        companies,
        left.worn,
        strange=any(link not in context.known for link in links_of(contact)),
        whole=len(companies) < LINKS_SHOWN,
    )
    moved = [Touch(RefusalCode.COMPANIES, what) for what in done]
    return [*fields, *hung_on(contact, RefusalCode.NOTES, RefusalCode.TAGS), *moved]


CONTACT_TOUCHES = TouchReading({Contact: judge_contact}, refers=("contact_company", links_of), wears="contact_company")
