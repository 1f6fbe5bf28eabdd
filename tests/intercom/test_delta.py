"""A second drop over a loaded one: only what changed is called for, and it ends up in Intercom, on both routes."""

import pytest

from tests.support import target_tables as tt

ROUTES = ["ticket", "conversation"]


def calls_of(site, **options):
    """Migrate and return the writes that were sent, by object/operation."""
    results = site.migrate(**options)
    sent = {}
    for result in results.values():
        sent |= result.sent
    return sent


@pytest.fixture(params=ROUTES)
def loaded(request, small):
    """The small target in Intercom, by either route."""
    small.options["route"] = request.param
    small.migrate()
    return small


def changed(site, table, key, **fields):
    """Change one row of a target table."""
    rows = [{**row, **fields} if row["source_key"] == key else row for row in site.tables[table]]
    site.target(**{table: rows})


def without(site, table, *keys):
    site.target(**{table: [row for row in site.tables[table] if row["source_key"] not in keys]})


def tags_of(site, key):
    (found,) = site.rows(
        f"SELECT intercom_id FROM plan.journal WHERE object = 'conversation' AND operation = 'create' "
        f"AND source_key = '{key}'"
    )

    async def read(client):
        return {tag.name for tag in (await client.get_conversation(found[0])).tags}

    return site.call(read)


def test_the_same_drop_again_writes_nothing(loaded):
    assert calls_of(loaded) == {}


def test_a_tag_that_was_removed_is_taken_off_and_can_be_put_on_again(loaded):
    changed(loaded, "conversations", "t1", tags=["VIP"])
    assert calls_of(loaded) == {"conversation_tag/take_off": 1}
    assert tags_of(loaded, "t1") == {"VIP"}
    assert calls_of(loaded) == {}

    changed(loaded, "conversations", "t1", tags=["VIP", "Late"])
    assert calls_of(loaded) == {"conversation_tag/attach": 1}
    assert tags_of(loaded, "t1") == {"VIP", "Late"}

    changed(loaded, "conversations", "t1", tags=[])
    assert calls_of(loaded) == {"conversation_tag/take_off": 2}
    assert tags_of(loaded, "t1") == set()
    assert calls_of(loaded) == {}


def test_a_tag_that_somebody_took_off_already_is_no_error(loaded):
    (found,) = loaded.rows("SELECT intercom_id FROM plan.journal WHERE object = 'conversation_tag' LIMIT 1")
    conversation_id, tag_id = found[0].split("|")
    loaded.call(lambda client: client.untag_ticket(conversation_id, tag_id, "1"))
    changed(loaded, "conversations", "t1", tags=[])
    assert calls_of(loaded) == {"conversation_tag/take_off": 2}
    assert calls_of(loaded) == {}


def test_a_customer_who_moved_belongs_to_the_new_company_only(loaded):
    loaded.target(
        companies=[*loaded.tables["companies"], tt.company("k2", custom_attributes={"ITCO company id": "k2"})],
        contact_companies=[tt.link("c1", "k2")],
    )
    assert calls_of(loaded) == {"company/upsert": 1, "contact_company/attach": 1, "contact_company/take_off": 1}

    async def read(client):
        contact = await client.find_contact("c1")
        return {company.id for company in contact.companies}

    ((wanted,),) = loaded.rows("SELECT intercom_id FROM plan.journal WHERE object = 'company' AND source_key = 'k2'")
    assert loaded.call(read) == {wanted}
    assert loaded.rows("SELECT count(*) FROM plan.actions WHERE action = 'unwanted'") == [(0,)]
    assert calls_of(loaded) == {}


def test_a_link_to_what_is_gone_at_source_is_left_alone(loaded):
    loaded.target(companies=[], contact_companies=[])
    changed(loaded, "conversations", "t1", company_key=None)
    sent = calls_of(loaded)
    assert "contact_company/take_off" not in sent
    gone = loaded.rows("SELECT object, source_key FROM plan.actions WHERE action = 'unwanted' ORDER BY ALL")
    assert gone == [("company", "k1"), ("contact_company", "c1|k1")]


def ticket_of(site, key):
    ((found,),) = site.rows(
        f"SELECT intercom_id FROM plan.journal WHERE object = 'conversation' AND operation = 'create' "
        f"AND source_key = '{key}'"
    )

    async def read(client):
        return await client.get_ticket(found)

    return site.call(read)


def test_new_messages_come_at_their_own_time_and_the_state_follows(loaded):
    late = tt.part("m9", "t1", 4, "c1", created_at=1_700_000_000, original_created_at=1_700_000_000)
    # Delivered late: it is older than what was sent already.
    early = tt.part("m0", "t1", 1, "a1", "admin", created_at=1_600_000_010, original_created_at=1_600_000_010)
    moved = [
        {**row, "seq": row["seq"] + 1} if row["conversation_key"] == "t1" else row for row in loaded.tables["parts"]
    ]
    loaded.target(parts=[*moved, early, {**late, "seq": 5}])
    changed(loaded, "conversations", "t1", state="open", ticket_state="In progress")
    assert calls_of(loaded) == {"part/append": 2, "conversation/settle": 1}
    ticket = ticket_of(loaded, "t1")
    sent = {part.body: part.created_at for part in ticket.parts}
    assert sent["<p>Body m0</p>"] == 1_600_000_010
    assert sent["<p>Body m9</p>"] == 1_700_000_000
    assert ticket.open is True
    assert calls_of(loaded) == {}


def test_assignee_and_team_follow_also_when_one_is_taken_away(loaded):
    changed(loaded, "conversations", "t1", team_id=None, needs_team=None)
    calls_of(loaded)
    ticket = ticket_of(loaded, "t1")
    assert (bool(ticket.admin_assignee_id), ticket.team_assignee_id) == (True, None)
    changed(loaded, "conversations", "t1", agent_id=None, needs_agents=[])
    calls_of(loaded)
    ticket = ticket_of(loaded, "t1")
    assert (ticket.admin_assignee_id, ticket.team_assignee_id) == (None, None)
    assert calls_of(loaded) == {}


def test_a_value_that_was_emptied_is_emptied(loaded):
    changed(loaded, "conversations", "t1", attributes={"ITCO id": "t1"})
    changed(loaded, "contacts", "c2", phone=None)
    calls_of(loaded)
    assert ticket_of(loaded, "t1").ticket_attributes.get("Priority") in (None, "")
    assert loaded.call(lambda client: client.find_contact("c2")).phone in (None, "")
    assert calls_of(loaded) == {}
