"""Every method of the client against the embedded workspace, in its own process."""

import asyncio
import inspect
import json
import time
import uuid

import pytest

from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.intercom.errors import ContactConflict, IntercomError, Unauthorized
from resources.intercom.outcomes import CallOutcome
from resources.intercom.preflight import preflight

embedded = pytest.importorskip("embedded_intercom.process")

THEN = 1_500_000_000
SEED = {
    "workspace": {"name": "Acme", "id_code": "acme1", "region": "EU"},
    "admins": [{"name": "Mia", "email": "mia@acme.test"}, {"name": "Bo", "email": "bo@acme.test"}],
    "teams": [{"name": "Support"}],
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("embedded")
    seed = folder / "seed.json"
    seed.write_text(json.dumps(SEED))
    with embedded.EmbeddedProcess(folder / "state", seed=seed) as process:
        yield process


def driven(workspace, work, **options):
    async def session():
        async with Intercom(workspace.url, workspace.token, budget=Budget(), **options) as client:
            return await work(client)

    return asyncio.run(session())


async def eventually(search, wanted):
    """Searches lag: look until the record is there."""
    for _ in range(40):
        found = [item.id async for page in search() for item in page]
        if wanted in found:
            return found
        await asyncio.sleep(0.25)
    return found


def test_preflight_and_everything_about_the_workspace(workspace):
    async def work(client):
        found = await preflight(client, expected_region="eu", known_apps=["acme1"])
        assert found.problems == []
        assert found.calls_per_window == 1667
        assert {admin.email for admin in found.admins} >= {"mia@acme.test", "bo@acme.test"}
        assert [team.name for team in found.teams] == ["Support"]
        assert await client.list_teams() == found.teams
        kind = await client.create_ticket_type({"name": "Migrated", "category": "Customer"})
        body = {"name": "Urgency", "description": "d", "data_type": "list", "list_items": "High,Low"}
        attribute = await client.create_ticket_type_attribute(kind.id, body)
        assert [option.label for option in attribute.options] == ["High", "Low"]
        (listed,) = [item for item in await client.list_ticket_types() if item.id == kind.id]
        assert [a.options for a in listed.attributes if a.id == attribute.id] == [attribute.options]
        created = await client.create_data_attribute({"name": "Plan", "model": "company", "data_type": "string"})
        assert created.name in {item.name for item in await client.list_data_attributes("company")}
        tag = await client.create_tag("vip")
        assert (await client.create_tag("VIP")).id == tag.id
        assert tag.id in {item.id for item in await client.list_tags()}
        assert len(await client.list_ticket_states()) == 4
        assert client.calls.rate_limited == 0

    driven(workspace, work)


def test_contacts_and_companies(workspace):
    async def work(client):
        key, mail = uuid.uuid4().hex, f"{uuid.uuid4().hex}@acme.test"
        assert await client.find_contact(key) is None
        made = await client.create_contact({"role": "user", "external_id": key, "email": mail, "name": "Ann"})
        assert (await client.find_contact(key)).id == (await client.get_contact(made.id)).id == made.id
        assert (await client.update_contact(made.id, {"name": "Anne"})).name == "Anne"
        with pytest.raises(ContactConflict) as caught:
            await client.create_contact({"role": "user", "external_id": "else", "email": mail})
        assert (caught.value.existing_id, caught.value.archived) == (made.id, False)
        await client.unarchive_contact(made.id)
        walked = [contact.id async for page in client.iter_contacts(per_page=1) for contact in page]
        assert made.id in walked
        assert len(walked) == len(set(walked))

        assert await client.find_company("k/1") is None
        company = await client.upsert_company({"company_id": "k/1", "name": "Kay"})
        assert (await client.upsert_company({"company_id": "k/1", "name": "Key"})).id == company.id
        found = await client.find_company("k/1")
        assert (found.id, found.name) == (company.id, "Key")
        assert (await client.attach_company(made.id, company.id)).id == company.id
        for _ in range(2):
            listed = [item.id async for page in client.iter_companies() for item in page]
            assert company.id in listed
        query = {"field": "external_id", "operator": "=", "value": key}
        assert await eventually(lambda: client.search_contacts(query), made.id) == [made.id]

    driven(workspace, work)


def test_a_ticket_from_its_creation_to_its_end(workspace):
    async def work(client):
        key = uuid.uuid4().hex
        contact = await client.create_contact({"role": "user", "external_id": key})
        admin, other = (await client.list_admins())[:2]
        kind = await client.create_ticket_type({"name": f"T {key}", "category": "Customer"})
        body = {"name": "ITCO id", "description": "d", "data_type": "string"}
        attribute = await client.create_ticket_type_attribute(kind.id, body)
        ticket = await client.create_ticket(
            {
                "ticket_type_id": kind.id,
                "contacts": [{"external_id": key}],
                "created_at": THEN,
                "ticket_attributes": {"_default_title_": "Hello", "ITCO id": key},
                "assignment": {"admin_assignee_id": other.id},
                "skip_notifications": True,
            }
        )
        assert ticket.created_at == THEN
        assert ticket.admin_assignee_id == other.id
        assert [reference.id for reference in ticket.contacts] == [contact.id]
        reply = {"message_type": "note", "type": "admin", "admin_id": admin.id, "body": "<p>n</p>"}
        part = await client.reply_ticket(ticket.id, {**reply, "created_at": THEN + 5, "skip_notifications": True})
        assert (part.part_type, part.created_at, part.author.id) == ("note", THEN + 5, admin.id)
        tag = await client.create_tag("ticket tag")
        assert (await client.tag_ticket(ticket.id, tag.id, admin.id)).id == tag.id
        (resolved,) = [state for state in await client.list_ticket_states() if state.category == "resolved"]
        ended = {"ticket_state_id": resolved.id, "open": False, "skip_notifications": True}
        assert (await client.update_ticket(ticket.id, ended)).ticket_state.category == "resolved"
        read = await client.get_ticket(ticket.id)
        assert read.open is False
        assert read.ticket_attributes["ITCO id"] == key
        assert part.id in {item.id for item in read.parts}
        query = {"field": f"ticket_attribute.{attribute.id}", "operator": "=", "value": key}
        assert await eventually(lambda: client.search_tickets(query), ticket.id) == [ticket.id]

    driven(workspace, work)


def test_a_conversation_from_its_creation_to_a_ticket(workspace):
    async def work(client):
        contact = await client.create_contact({"role": "user", "external_id": uuid.uuid4().hex})
        admin = (await client.list_admins())[0]
        said = {"from": {"type": "user", "id": contact.id}, "body": "Hi", "created_at": THEN}
        message = await client.create_conversation(said)
        key = message.conversation_id
        assert key != message.id
        reply = {"message_type": "comment", "type": "admin", "admin_id": admin.id, "body": "<p>yes</p>"}
        extra = {"created_at": THEN + 9, "skip_notifications": True}
        whole = await client.reply_conversation(key, {**reply, **extra})
        assert [part.created_at for part in whole.parts] == [THEN + 9]
        changed = await client.update_conversation(key, {"title": "T"})
        assert changed.title == "T"
        high = {"priority": "high", "admin_id": admin.id}
        assert (await client.update_conversation(key, high, preview=True)).priority == "high"
        tag = await client.create_tag("conversation tag")
        assert (await client.tag_conversation(key, tag.id, admin.id)).id == tag.id
        closed = {"message_type": "close", "type": "admin", "admin_id": admin.id}
        assert (await client.manage_conversation(key, closed)).state == "closed"
        read = await client.get_conversation(key)
        assert (read.id, read.created_at, [item.name for item in read.tags]) == (key, THEN, ["conversation tag"])
        query = {"field": "contact_ids", "operator": "=", "value": contact.id}
        assert await eventually(lambda: client.search_conversations(query), key) == [key]
        kind = await client.create_ticket_type({"name": f"C {key}", "category": "Customer"})
        body = {"ticket_type_id": kind.id, "attributes": {"_default_title_": "T"}}
        assert (await client.convert_conversation(key, body)).id == key

    driven(workspace, work)


def test_people_companies_and_their_words_are_taken_back(workspace):
    async def work(client):
        contact = await client.create_contact({"role": "user", "external_id": uuid.uuid4().hex})
        company = await client.upsert_company({"company_id": uuid.uuid4().hex, "name": "Gone"})
        await client.attach_company(contact.id, company.id)
        assert [item.id for item in await client.companies_of(contact.id)] == [company.id]
        assert [item.id async for page in client.iter_company_contacts(company.id) for item in page] == [contact.id]
        assert (await client.get_company(company.id)).name == "Gone"
        tag = await client.create_tag(f"gone {company.id}")
        assert await client.companies_tagged(tag.id) == []
        await client.delete_tag(tag.id)
        assert tag.id not in {item.id for item in await client.list_tags()}
        for _ in range(2):
            await client.detach_company(contact.id, company.id)
        assert await client.companies_of(contact.id) == []
        await client.archive_contact(contact.id)
        assert await client.find_contact(contact.external_id) is None
        await client.delete_contact(contact.id)
        await client.delete_company(company.id)
        with pytest.raises(IntercomError) as caught:
            await client.get_contact(contact.id)
        assert caught.value.status == 404

    driven(workspace, work)


def test_threads_are_taken_back(workspace):
    async def work(client):
        contact = await client.create_contact({"role": "user", "external_id": uuid.uuid4().hex})
        admin = (await client.list_admins())[0].id
        kind = await client.create_ticket_type({"name": f"B {contact.id}", "category": "Customer"})
        body = {"ticket_type_id": kind.id, "contacts": [{"id": contact.id}], "ticket_attributes": {}}
        ticket = await client.create_ticket(body | {"skip_notifications": True})
        tag = await client.create_tag(f"back {contact.id}")
        said = {"from": {"type": "user", "id": contact.id}, "body": "Hi", "created_at": THEN}
        key = (await client.create_conversation(said)).conversation_id
        await client.tag_ticket(ticket.id, tag.id, admin)
        await client.tag_conversation(key, tag.id, admin)
        for _ in range(2):
            await client.untag_ticket(ticket.id, tag.id, admin)
            await client.untag_conversation(key, tag.id, admin)
        reply = {"message_type": "comment", "type": "admin", "admin_id": admin, "body": "<p>Secret</p>"}
        (part,) = (await client.reply_conversation(key, {**reply, "skip_notifications": True})).parts
        await client.redact_part(key, part.id)
        read = await client.get_conversation(key)
        assert read.tags == []
        assert "Secret" not in str([item.body for item in read.parts])
        await client.delete_conversation(key)
        await client.delete_ticket(ticket.id)
        for thread in (client.get_conversation(key), client.get_ticket(ticket.id)):
            with pytest.raises(IntercomError) as caught:
                await thread
            assert caught.value.status == 404

    driven(workspace, work)


def test_what_cannot_be_deleted_is_archived_and_brought_back(workspace):
    async def work(client):
        kind = await client.create_ticket_type({"name": f"A {uuid.uuid4().hex}", "category": "Customer"})
        body = {"name": "Shelf", "description": "d", "data_type": "string"}
        shelf = await client.create_ticket_type_attribute(kind.id, body)
        for archived in (True, False):
            changed = await client.update_ticket_type_attribute(kind.id, shelf.id, {"archived": archived})
            assert changed.archived is archived
            assert (await client.update_ticket_type(kind.id, {"archived": archived})).archived is archived
        made = await client.create_data_attribute({"name": "Shelf", "model": "contact", "data_type": "string"})
        assert (await client.update_data_attribute(made.id, {"archived": True})).archived
        shown = {item.name: item.archived for item in await client.list_data_attributes("contact", archived=True)}
        assert shown["Shelf"]

    driven(workspace, work)


def test_refusals_and_a_wrong_token(workspace):
    async def work(client):
        with pytest.raises(IntercomError) as caught:
            await client.get_ticket("999999")
        assert (caught.value.outcome, caught.value.status) == (CallOutcome.REJECTED, 404)
        assert caught.value.request_id
        with pytest.raises(IntercomError) as caught:
            await client.create_ticket({"ticket_type_id": "1"})
        assert caught.value.outcome is CallOutcome.REJECTED

    driven(workspace, work)

    async def stranger():
        async with Intercom(workspace.url, "wrong", budget=Budget()) as client:
            found = await preflight(client)
            with pytest.raises(Unauthorized):
                await client.me()
            return found.problems

    (problem,) = asyncio.run(stranger())
    assert "does not accept the access token" in problem


@pytest.mark.slow
def test_a_small_quota_is_used_and_not_exceeded(tmp_path):
    quotas = embedded.Quotas(app=83, workspace=4167)
    with embedded.EmbeddedProcess(tmp_path / "state", quotas) as process:

        async def work(client):
            async def some():
                for _ in range(10):
                    await client.create_tag("x")

            await asyncio.gather(*(some() for _ in range(16)))
            return client.calls.snapshot()

        started = time.monotonic()
        calls = driven(process, work)
        seconds = time.monotonic() - started
    assert calls["total"] - calls["rate_limited"] == 160
    assert calls["rate_limited"] <= 1
    assert seconds < 25, "160 calls at 83 per 10 seconds"


def test_no_method_is_left_out():
    here = inspect.getsource(inspect.getmodule(driven))
    inherited = {"call", "call_for"}
    methods = {name for name, _ in inspect.getmembers(Intercom, inspect.isfunction) if not name.startswith("_")}
    assert methods - inherited == {name for name in methods - inherited if f"client.{name}" in here}
    assert len(methods - inherited) > 35
