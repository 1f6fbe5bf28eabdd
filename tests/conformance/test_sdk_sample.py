"""Intercom's SDK reads back what was migrated: every conversation, its parts and who wrote them are as planned."""

import json

import pytest

from embedded_intercom.process import EmbeddedProcess
from tests.conformance.recorded import PLENTY
from tests.conformance.sdk import make_sdk, searched
from tests.support.cli import query

pytestmark = [pytest.mark.conformance, pytest.mark.slow]
WRITTEN = ("comment", "note")


@pytest.fixture(scope="module", params=["ticket", "conversation"])
def migrated(request, recorded):
    """Return (SDK over the migrated workspace, a function that reads the plan, how many conversations there are)."""
    one = recorded[request.param]
    with EmbeddedProcess(one.embedded, quotas=PLENTY) as process:
        yield (
            make_sdk(process.url, process.token),
            lambda sql: query(one.state, sql),
            one.runs[-1].certificate["intercom"]["conversations"]["present"],
        )


@pytest.fixture(scope="module")
def threads(migrated):
    """Return every thread by its ITCO id: the ticket, and the conversation that it is."""
    sdk, _, count = migrated
    everything = {"field": "created_at", "operator": ">", "value": 0}
    tickets = list(searched(sdk.tickets.search, everything, per_page=150))
    found = {ticket.ticket_attributes["ITCO id"]: (ticket, sdk.conversations.find(ticket.id)) for ticket in tickets}
    assert len(found) == len(tickets) == count
    return found


@pytest.fixture(scope="module")
def planned(migrated):
    _, rows, _ = migrated
    conversations = rows(
        "SELECT c.*, k.external_id FROM target.conversations c JOIN target.contacts k ON k.source_key = c.contact_key "
        "JOIN plan.actions p ON p.object = 'conversation' AND p.source_key = c.source_key AND p.action <> 'blocked'"
    )
    return {row["source_key"]: row for row in conversations}


def test_every_conversation_is_there_once(threads, planned):
    assert set(threads) == set(planned)


def test_titles_times_states_tags_and_people_are_as_planned(threads, planned):
    for key, row in planned.items():
        ticket, conversation = threads[key]
        assert ticket.ticket_attributes["_default_title_"] == row["title"], key
        assert (ticket.created_at, conversation.created_at) == (row["created_at"], row["created_at"]), key
        assert ticket.ticket_state.internal_label == row["ticket_state"], key
        assert conversation.state == row["state"], key
        assert sorted(tag.name for tag in conversation.tags.tags) == sorted(row["tags"] or []), key
        assert [contact.external_id for contact in conversation.contacts.contacts] == [row["external_id"]], key
        wanted = json.loads(row["attributes"])
        assert {name for name in wanted if ticket.ticket_attributes.get(name) is None} == set(), key


def test_parts_are_in_order_and_by_whom_they_were_written(migrated, threads, planned):
    sdk, rows, _ = migrated
    contacts = {contact.external_id: contact.id for contact in sdk.contacts.list(per_page=150)}
    external = {row["source_key"]: row["external_id"] for row in rows("SELECT * FROM target.contacts")}
    admins = {row["agent_id"]: row["admin_id"] for row in rows("SELECT agent_id, admin_id FROM plan.admin_ids")}
    (own,) = rows("SELECT migration_admin_id FROM plan.own_admins")
    wanted = {key: [] for key in planned}
    for part in rows("SELECT * FROM target.parts ORDER BY conversation_key, seq"):
        if part["conversation_key"] not in wanted:
            continue
        if part["author_kind"] == "contact":
            author = contacts[external[part["author_key"]]]
        else:
            author = admins[part["author_key"]] if part["author_key"] else own["migration_admin_id"]
        wanted[part["conversation_key"]].append((author, part["kind"], part["created_at"]))
    for key, (_, conversation) in threads.items():
        parts = [part for part in conversation.conversation_parts.conversation_parts if part.part_type in WRITTEN]
        assert [(part.author.id, part.part_type, part.created_at) for part in parts] == wanted[key], key
    assert sum(map(len, wanted.values())) > 100


def test_companies_are_those_of_the_plan(migrated):
    sdk, rows, _ = migrated
    for row in rows("SELECT company_id, name FROM target.companies"):
        assert sdk.companies.retrieve(company_id=row["company_id"]).name == row["name"]
