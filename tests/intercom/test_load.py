"""Whole loads against the embedded workspace, by real HTTP."""

import pytest

from migration_assets.intercom.destination_counts import count_destination
from migration_assets.objects.registry import load_order
from migration_assets.writing.environment import Environment
from resources.journal import Journal
from tests.support import target_tables as tt


@pytest.mark.parametrize("route", ["ticket", "conversation"])
def test_everything_arrives_and_a_second_run_writes_nothing(small, route):
    small.options = {"route": route}
    first = small.migrate()
    assert {name: (result.created, result.planned) for name, result in first.items()} == {
        "ticket_type": (1, 1),
        "attribute": (2, 2),
        "ticket_attribute": (2, 2),
        "tag": (2, 2),
        "company": (1, 1),
        "contact": (2, 2),
        "contact_company": (1, 1),
        "conversation": (4, 4),
    }
    assert first["conversation"].sent["part/append"] == 5
    tickets = small.tickets()
    assert set(tickets) == {"t1", "t2", "t3", "t4"}
    one = tickets["t1"]
    assert (one.open, one.created_at, one.ticket_state.internal_label) == (False, 1_600_000_000, "Resolved")
    assert (one.admin_assignee_id, one.team_assignee_id) != (None, None)
    assert one.ticket_attributes["_default_title_"] == "Title t1"
    said = [(part.part_type, part.created_at) for part in one.parts if part.part_type in ("comment", "note")]
    assert said == [("comment", 1_600_000_060), ("comment", 1_600_000_120), ("note", 1_600_000_180)]
    assert tickets["t2"].snoozed_until == 2_100_000_000
    assert (tickets["t3"].open, tickets["t4"].open) == (True, True)
    one_thread = small.call(lambda client: client.get_conversation(one.id))
    assert (one_thread.priority, one_thread.state) == ("high", "closed")
    assert sorted(tag.name for tag in one_thread.tags) == ["Late", "VIP"]

    second = small.migrate()
    assert {name: (result.unchanged, result.calls) for name, result in second.items()} == {
        name: (result.planned, 0) for name, result in first.items()
    }
    assert small.plan(route=route).calls == 0


def test_the_ticket_route_notifies_nobody(small):
    small.migrate()
    told = small.control("notifications")
    assert told["total"] == 0, told
    assert small.control("state")["counts"]["tickets"] == 4


def test_a_delta_appends_and_updates_only_what_changed(small):
    small.migrate()
    small.target(
        contacts=[tt.contact("c1", name="Renamed"), small.tables["contacts"][1]],
        conversations=[
            {**small.tables["conversations"][0], "title": "Another title"},
            *small.tables["conversations"][1:],
        ],
        parts=[*small.tables["parts"], tt.part("m6", "t2", 2, "a1", "admin")],
    )
    second = small.migrate()
    assert (second["contact"].updated, second["contact"].unchanged) == (1, 1)
    assert (second["conversation"].updated, second["conversation"].unchanged) == (2, 2)
    assert second["conversation"].sent == {"conversation/update": 1, "conversation/settle": 2, "part/append": 1}
    tickets = small.tickets()
    assert tickets["t1"].ticket_attributes["_default_title_"] == "Another title"
    assert (tickets["t1"].open, tickets["t2"].snoozed_until) == (False, 2_100_000_000)
    assert small.control("notifications")["total"] == 0


def test_a_contact_that_is_there_is_adopted_and_not_overwritten(small):
    async def before(client):
        return await client.create_contact({"role": "user", "email": "c2@example.com", "name": "C2, Name"})

    theirs = small.call(before)
    result = small.migrate()
    assert (result["contact"].created, result["contact"].adopted) == (1, 1)
    now = small.call(lambda client: client.get_contact(theirs.id))
    assert (now.name, now.external_id, now.phone) == ("C2, Name", "c2", "+15551234567")
    journal = Journal(small.url, "m")
    rows = [row for frame in journal.record_states(["contact"]) for row in frame.iter_rows(named=True)]
    journal.close()
    assert {row["source_key"]: (row["adopted"], row["state"]) for row in rows} == {
        "c1": (False, "confirmed"),
        "c2": (True, "confirmed"),
    }
    assert small.tickets()["t2"].contacts[0].id == theirs.id


def test_an_archived_contact_is_brought_back_and_adopted(small):
    async def before(client):
        made = await client.create_contact({"role": "user", "external_id": "c2", "name": "Name C. C2"})
        await client._http.post(f"/contacts/{made.id}/archive")
        return made

    theirs = small.call(before)
    assert small.migrate()["contact"].adopted == 1
    now = small.call(lambda client: client.find_contact("c2"))
    assert (now.id, now.email) == (theirs.id, "c2@example.com")


def test_existing_attributes_tags_and_companies_are_adopted(small):
    async def before(client):
        await client.create_tag("vip")
        await client.create_data_attribute({"name": "ITCO id", "model": "contact", "data_type": "string"})
        company = await client.upsert_company({"company_id": "k1", "name": "Company k1 (theirs)"})
        contact = await client.create_contact({"role": "user", "external_id": "zz"})
        await client.attach_company(contact.id, company.id)
        return company

    small.call(before)
    result = small.migrate()
    assert (result["tag"].adopted, result["attribute"].adopted, result["company"].adopted) == (1, 1, 1)
    company = small.call(lambda client: client.find_company("k1"))
    assert (company.name, company.custom_attributes["ITCO company id"]) == ("Company k1 (theirs)", "k1")


def test_an_attribute_of_another_type_is_refused_with_the_reason(small):
    async def before(client):
        await client.create_data_attribute({"name": "ITCO id", "model": "contact", "data_type": "integer"})

    small.call(before)
    result = small.migrate(["attribute"])
    assert (result["attribute"].failed, result["attribute"].created) == (1, 1)
    message = small.rows("SELECT error_message FROM plan.journal WHERE state = 'rejected'")[0][0]
    assert "as integer, not as string" in message


def test_under_fallback_the_text_begins_with_the_original_author(small):
    small.target(
        admins=[tt.admin("a1"), tt.admin("gone", email="gone@agents.example", name="Gone & Co")],
        conversations=[tt.conversation("t1", agent_id="gone", attributes={"ITCO id": "t1"})],
        parts=[tt.part("m1", "t1", 1, "gone", "admin")],
    )
    small.options = {"unmatched": "fallback"}
    small.migrate()
    ticket = small.tickets()["t1"]
    part = next(part for part in ticket.parts if part.part_type == "comment")
    assert part.body.startswith("<p><b>Originally by Gone &amp; Co &lt;gone@agents.example&gt; (ITCO)</b></p>")
    assert part.author.id == ticket.admin_assignee_id


def test_what_is_held_is_counted_as_blocked(small):
    small.target(
        admins=[tt.admin("a1"), tt.admin("gone")],
        conversations=[tt.conversation("t1"), tt.conversation("t2", agent_id="gone")],
        parts=[],
    )
    result = small.migrate()["conversation"]
    assert (result.created, result.blocked) == (1, 1)
    assert set(small.tickets()) == {"t1"}


def test_conversations_without_their_contacts_wait(small):
    result = small.migrate(["attribute", "company", "ticket_type", "ticket_attribute", "tag", "conversation"])[
        "conversation"
    ]
    assert (result.blocked, result.created) == (4, 0)
    assert small.migrate()["conversation"].created == 4


def test_the_limit_loads_the_oldest(small):
    result = small.migrate(limit=2)
    assert result["conversation"].created == 2
    assert set(small.tickets()) == {"t1", "t2"}


@pytest.mark.parametrize("route", ["ticket", "conversation"])
def test_present_counts_are_asked_from_intercom(small, route):
    small.options = {"route": route}
    small.migrate()

    async def count(client):
        with Journal(small.url, "m") as journal:
            env = Environment(small.warehouse, journal, client)
            return [found for name in load_order() for found in await count_destination(env, name, "ITCO ticket")]

    found = {item.object: (item.present, item.target, item.twice) for item in small.call(count)}
    assert found == {
        "contact": (2, 2, 0),
        "company": (1, 1, 0),
        "contact_company": (1, 1, 0),
        "tag": (2, 2, 0),
        "attribute": (2, 2, 0),
        "ticket_type": (1, 1, 0),
        "ticket_attribute": (2, 2, 0),
        "conversation": (4, 4, 0),
        "part": (5, 5, 0),
        "attachment": (0, 0, 0),
    }

    async def remove(client):
        ticket = small_ticket[0]
        await client._http.delete(f"/tickets/{ticket}")

    small_ticket = [small.tickets()["t1"].id]
    small.call(remove)
    found = {item.object: item.present for item in small.call(count)}
    assert (found["conversation"], found["part"]) == (3, 2)
