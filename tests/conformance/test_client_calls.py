"""Every call that the client knows, once, through the recorder: what it sends and gets is what Intercom describes."""

import asyncio
import inspect

import pytest

from resources.intercom import endpoints
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.endpoints import Endpoint
from tests.conformance.recorder import Recorder
from tests.conformance.tally import told

CREATED = {"field": "created_at", "operator": ">", "value": 0}
MARCH = 1_520_000_000


async def pages(iterator):
    return [item async for page in iterator for item in page]


async def call_workspace(client):
    assert (await client.me()).app
    await client.list_ticket_states()
    await client.list_teams()
    body = {"name": "Seats", "model": "contact", "data_type": "integer"}
    assert (await client.create_data_attribute(body)).name == "Seats"
    await client.list_data_attributes("contact")
    kind = await client.create_ticket_type({"name": "Client", "category": "Customer"})
    level = {"name": "Level", "description": "How bad", "data_type": "list", "list_items": "High,Low"}
    await client.create_ticket_type_attribute(kind.id, level)
    tag = await client.create_tag("client")
    assert tag.id in {found.id for found in await client.list_tags()}
    (found,) = [item for item in await client.list_ticket_types() if item.id == kind.id]
    options = {item.name: item.options for item in found.attributes}
    return kind.id, options["Level"][0].id, tag.id, (await client.list_admins())[0].id


async def call_people(client):
    body = {"role": "user", "external_id": "client-1", "email": "client@example.com", "custom_attributes": {"Seats": 3}}
    contact = await client.create_contact(body)
    await client.create_contact({"role": "user", "external_id": "client-2"})
    await client.update_contact(contact.id, {"name": "Ada", "phone": "+15551234567"})
    assert (await client.get_contact(contact.id)).name == "Ada"
    assert await client.find_contact("client-1")
    assert await client.find_contact("client-none") is None
    assert len(await pages(client.iter_contacts(per_page=1))) >= 2
    query = {"field": "external_id", "operator": "=", "value": "client-1"}
    assert [found.id for found in await pages(client.search_contacts(query))] == [contact.id]
    await client.unarchive_contact(contact.id)
    company = await client.upsert_company({"company_id": "client-1", "name": "Acme", "size": 5, "plan": "Pro"})
    await client.attach_company(contact.id, company.id)
    assert [found.id for found in await client.companies_of(contact.id)] == [company.id]
    assert await client.find_company("client-1")
    assert await client.find_company("client-none") is None
    assert company.id in {found.id for found in await pages(client.iter_companies())}
    return contact.id, company.id


async def call_tickets(client, kind, level, tag, admin, contact, company):
    body = {
        "ticket_type_id": kind,
        "contacts": [{"id": contact}],
        "company_id": company,
        "created_at": MARCH,
        "ticket_attributes": {"_default_title_": "T", "_default_description_": "D", "Level": level},
        "assignment": {"admin_assignee_id": admin},
        "skip_notifications": True,
    }
    ticket = (await client.create_ticket(body)).id
    await client.create_ticket(body)
    comment = {"message_type": "comment", "type": "user", "intercom_user_id": contact, "body": "Well?"}
    await client.reply_ticket(ticket, {**comment, "created_at": MARCH + 60, "skip_notifications": True})
    await client.tag_ticket(ticket, tag, admin)
    await client.update_ticket(ticket, {"open": False, "admin_id": int(admin), "skip_notifications": True})
    assert (await client.get_ticket(ticket)).open is False
    assert len(await pages(client.search_tickets(CREATED, per_page=1))) >= 2
    await client.delete_ticket((await client.create_ticket(body)).id)


async def call_conversations(client, kind, tag, admin, contact, company):
    opening = {"from": {"type": "contact", "id": contact}, "body": "Hello", "created_at": MARCH}
    key = (await client.create_conversation(opening)).conversation_id
    note = {"message_type": "note", "type": "admin", "admin_id": admin, "body": "Late", "skip_notifications": True}
    await client.reply_conversation(key, note)
    await client.tag_conversation(key, tag, admin)
    await client.update_conversation(key, {"title": "T", "company_id": company})
    await client.update_conversation(key, {"priority": "high", "admin_id": admin}, preview=True)
    await client.convert_conversation(key, {"ticket_type_id": kind, "attributes": {"_default_title_": "T"}})
    await client.manage_conversation(key, {"message_type": "close", "type": "admin", "admin_id": admin})
    assert (await client.get_conversation(key)).priority == "high"
    assert key in {found.id for found in await pages(client.search_conversations(CREATED))}
    part = max((part.id for part in (await client.get_conversation(key)).parts if part.body), key=int)
    assert key == (await client.redact_part(key, part)).id
    await client.delete_conversation((await client.create_conversation(opening)).conversation_id)


async def call_the_way_back(client, kind, tag, admin):
    """What a rollback calls, on things of its own."""
    contact = await client.create_contact({"role": "user", "external_id": "client-back"})
    company = await client.upsert_company({"company_id": "client-back", "name": "Back"})
    await client.attach_company(contact.id, company.id)
    assert (await client.get_company(company.id)).name == "Back"
    assert [found.id for found in await pages(client.iter_company_contacts(company.id))] == [contact.id]
    assert await client.companies_tagged(tag) == []
    ticket = (await client.create_ticket({"ticket_type_id": kind, "contacts": [{"id": contact.id}],
                                          "ticket_attributes": {}, "skip_notifications": True})).id  # fmt: skip
    opening = {"from": {"type": "contact", "id": contact.id}, "body": "Hello", "created_at": MARCH}
    key = (await client.create_conversation(opening)).conversation_id
    await client.tag_ticket(ticket, tag, admin)
    await client.untag_ticket(ticket, tag, admin)
    await client.tag_conversation(key, tag, admin)
    await client.untag_conversation(key, tag, admin)
    await client.detach_company(contact.id, company.id)
    await client.archive_contact(contact.id)
    await client.delete_contact(contact.id)
    await client.delete_company(company.id)
    await client.delete_tag((await client.create_tag("client back")).id)
    (found,) = [item for item in await client.list_ticket_types() if item.id == kind]
    attribute = next(item for item in found.attributes if item.name == "Level")
    await client.update_ticket_type_attribute(kind, attribute.id, {"archived": True})
    await client.update_ticket_type(kind, {"archived": True})
    seats = next(item for item in await client.list_data_attributes("contact") if item.name == "Seats")
    assert (await client.update_data_attribute(seats.id, {"archived": True})).archived


@pytest.fixture(scope="module")
def exchanges(embedded):
    async def every_call(url):
        async with Intercom(url, embedded.token, budget=Budget(share=1.0)) as client:
            kind, level, tag, admin = await call_workspace(client)
            contact, company = await call_people(client)
            await call_tickets(client, kind, level, tag, admin, contact, company)
            await call_conversations(client, kind, tag, admin, contact, company)
            await call_the_way_back(client, kind, tag, admin)

    with Recorder(embedded.url) as recorder:
        asyncio.run(every_call(recorder.url))
    return recorder.exchanges


def test_every_call_of_the_client_is_as_described(exchanges, checker, tally):
    violations = tally.check(checker, exchanges)
    assert not violations, told(violations)


def test_no_endpoint_of_the_client_is_left_out(exchanges, checker):
    known = {value.name for _, value in inspect.getmembers(endpoints) if isinstance(value, Endpoint)}
    called = {checker.endpoint(exchange) for exchange in exchanges if exchange.version == "2.16"}
    assert known - called == set(), "test_client_calls.py has to make these calls, too"
    assert {checker.endpoint(exchange) for exchange in exchanges if exchange.version == "Preview"}
