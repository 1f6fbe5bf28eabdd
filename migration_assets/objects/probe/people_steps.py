"""The steps that ask by contacts, companies and tags: each makes the load's call, and notes what came of it."""

from migration_assets.objects.company.declaration import COMPANY as COMPANY_DECLARATION
from migration_assets.objects.contact.declaration import CONTACT as CONTACT_DECLARATION
from migration_assets.objects.probe.canary_rows import NAME, PHONE, SPACED, address, company_row, contact_row
from migration_assets.objects.probe.judging import WrittenAndShown
from migration_assets.objects.probe.ledger import COMPANY, CONTACT, TAG
from migration_assets.objects.probe.prober import Prober, needed, refused, require
from resources.intercom import endpoints
from resources.intercom.errors import IntercomError
from schemas.intercom import Company
from schemas.source import NOBODY, SOURCE


async def make_contacts(probe: Prober) -> None:
    """Make the contact who asks, and another one without an e-mail who replies."""
    probe.asker = await probe.contact("asker", shown_as=SPACED)
    probe.replier = await probe.contact("replier", email=False)
    shown = probe.replier.email if "email" in probe.replier.model_fields_set else "absent"
    probe.readings["missing_email"] = {None: "null", "": "empty"}.get(shown, shown)


async def ask_same_email(probe: Prober) -> None:
    """Make a second contact with the e-mail of the first."""
    key = probe.key("twin")
    body = CONTACT_DECLARATION.fields.body(contact_row(key, email=address(probe.key("asker"))))
    require(probe.asker)
    probe.readings["same_email"] = await probe.contact_or_refusal(CONTACT, key, body) is None


async def ask_roles(probe: Prober) -> None:
    """Make a lead with an external id, and a contact without a role."""
    lead = await probe.addressed("lead", role="lead", external_id=probe.key("lead"))
    probe.readings["lead_external_id"] = lead is None
    made = await probe.addressed("anybody")
    if made is not None:
        probe.readings["default_role"] = made.role


async def ask_archived_contact(probe: Prober) -> None:
    """Archive a contact, and make another one with its external id."""
    archived = await probe.contact("archived")
    await probe.client.archive_contact(archived.id)
    again = await probe.addressed("again", role="user", external_id=probe.key("archived"))
    probe.readings["archived_contact"] = again is None


async def ask_phone(probe: Prober) -> None:
    """Give a contact a phone number with blanks and brackets."""
    changed = await probe.client.update_contact(needed(probe.replier).id, {"phone": PHONE})
    probe.readings["phone"] = WrittenAndShown(PHONE, changed.phone)


async def make_company(probe: Prober) -> None:
    """Make a company, ask for it by its id, and let the contact who asks belong to it."""
    key = probe.key("company")
    probe.company = await _upsert(probe, key)
    answer = await probe.client.call(endpoints.FIND_COMPANY, params={"company_id": key})
    probe.readings["find_company"] = answer.get("type")
    await probe.client.attach_company(needed(probe.asker).id, probe.company.id)


async def ask_archived_company(probe: Prober) -> None:
    """Delete a company, which archives it, and send its id again."""
    key = probe.key("archived")
    first = await _upsert(probe, key)
    await probe.client.delete_company(first.id)

    async def gone() -> bool:
        return await probe.client.find_company(key) is None

    require(await probe.until(gone) is not None)
    again: list[Company] = []

    async def send_again() -> None:
        again.append(await _upsert(probe, key))

    if await refused(send_again()):
        probe.readings["archived_company"] = "refused"
        return
    probe.readings["archived_company"] = "restored" if again[0].id == first.id else "new"


async def _upsert(probe: Prober, key: str) -> Company:
    body = COMPANY_DECLARATION.fields.body(company_row(key))
    made: Company = await probe.ledger.make(COMPANY, key, probe.client.upsert_company(body))
    return made


async def ask_tags(probe: Prober) -> None:
    """Make a tag twice, once in capitals, and list the companies that wear it: none."""
    name = f"{SOURCE} {NAME} {probe.token}"
    first, second = [await probe.ledger.make(TAG, said, probe.client.create_tag(said)) for said in (name, name.upper())]
    probe.readings["tag_case"] = first.id == second.id
    page = await probe.client.call(endpoints.FIND_COMPANY, params={"tag_id": first.id})
    if size := (page.get("pages") or {}).get("per_page"):
        probe.readings["page_sizes"] = size


async def ask_request_id(probe: Prober) -> None:
    """Ask for a contact that nobody has made, for the id of the refusal."""
    try:
        await probe.client.call(endpoints.FIND_CONTACT, ids={"external_id": NOBODY})
    except IntercomError as error:
        if error.status != 404:
            raise
        probe.readings["request_id"] = error.request_id


PEOPLE_STEPS = (
    make_contacts,
    ask_same_email,
    ask_roles,
    ask_archived_contact,
    ask_phone,
    make_company,
    ask_archived_company,
    ask_tags,
    ask_request_id,
)
