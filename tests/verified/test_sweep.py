"""The sweep against the embedded workspace: what is there twice is found; what nobody touched is taken back."""

import asyncio
import time
from dataclasses import replace

import pytest

from migration_assets.handoff.evidence import gather
from migration_assets.objects import registry
from migration_assets.objects.sweep import Sweep
from migration_assets.verified.sweep_workspace import READ_ONLY
from migration_assets.writing.records import Stopped
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from resources.journal import Command, Journal, Run, State, Write
from resources.journal.records import DUPLICATE
from tests.verified.conftest import doubling

CREATE = {"ticket": "create_ticket", "conversation": "create_conversation"}
NOTHING = {"missing": 0, "orphaned": 0, "twice": 0, "healed": 0, "left": 0, "foreign_parts": 0, "foreign_edits": 0}


def found(figures, **expected):
    """The figures are these, and all others of NOTHING are 0."""
    assert {name: figures[name] for name in NOTHING} == NOTHING | expected


def duplicates(migration):
    """The journal's rows of what was taken back."""
    return migration.site.rows(
        f"SELECT source_key, parent_key, operation, state FROM plan.journal WHERE object = '{DUPLICATE}' ORDER BY 1"
    )


def test_a_conversation_that_was_delivered_twice_is_deleted(migration):
    """A21: a proxy hands the creating call over twice; the journal knows of one."""
    figures = migration.run(doubling(CREATE[migration.route], nth=2))
    found(figures, twice=1, healed=1)
    ((copy, key, operation, state),) = duplicates(migration)
    assert (operation, state) == ("delete", "confirmed")
    ours = {migration.id_of("conversation", name) for name in ("t1", "t2", "t3", "t4")}
    assert migration.threads() == ours
    assert copy not in ours
    assert key in ("t1", "t2", "t3", "t4")
    assert [line for line in migration.site.control("notifications")["by"] if line["audience"] == "contact"] == []
    found(migration.run())
    assert migration.calls["writes"] == 0


def test_a_verification_tells_of_a_copy_and_takes_nothing_back(migration):
    migration.run()
    copy = migration.again("create")
    found(migration.run(deduplicate=False), twice=1, left=1)
    assert migration.calls["writes"] == 0
    assert copy in migration.threads()
    (stray,) = migration.strays()
    assert (stray["outcome"], stray["reason"]) == ("left", READ_ONLY)
    found(migration.run(), twice=1, healed=1)
    assert copy not in migration.threads()


def test_every_room_that_says_how_is_swept(ticket_route, monkeypatch, tmp_path):
    """What a further room finds is told beside the others' findings, and its figures are added to theirs."""
    strays = tmp_path / "strays.sql"
    strays.write_text(
        "INSERT INTO verdict.strays (kind, object, source_key, intercom_id) VALUES ('orphaned', 'tag', 'Odd', '7');"
        "INSERT INTO verdict.others (foreign_edits) VALUES (2);"
    )
    asked = []

    async def noting(*given):
        asked.append(given[1:])
        return []

    swept = Sweep(noting, lambda _connection: 0, strays, noting, noting, noting, noting, {"tag": "remove"})
    rooms = (replace(room, sweep=swept) if room.name == "tag" else room for room in registry.ROOMS)
    monkeypatch.setattr(registry, "ROOMS", tuple(rooms))
    ticket_route.run()
    asked.clear()
    copy = ticket_route.again("create")
    figures = ticket_route.run()
    found(figures, orphaned=1, twice=1, healed=1, foreign_edits=2)
    assert figures["tickets_read"] > 0
    assert [(row["object"], row["intercom_id"]) for row in ticket_route.strays()] == [
        ("tag", "7"),
        ("conversation", copy),
    ]
    # Read, asked for what is missing, asked what must be left: nothing of the conversations' is its to look at.
    assert asked[1:] == [([],), ([],)]


def arriving_late(name, held):
    """Return a wrap that withholds the first call of a method, as if it were under way for ever; it goes to `held`."""

    def wrap(client):
        real = getattr(client, name)

        async def withheld(*args):
            if not held:
                held.append((name, args))
                raise IntercomError(CallOutcome.AMBIGUOUS, None, "no_answer", "No answer in time.", None, "POST /x")
            return await real(*args)

        setattr(client, name, withheld)

    return wrap


def test_what_takes_effect_after_the_settle_time_is_found_and_taken_back(migration):
    """N5: a conversation is made, and a part, long after both were given up, looked up, and sent again."""
    part = {"ticket": "reply_ticket", "conversation": "reply_conversation"}[migration.route]
    conversations, parts = [], []
    found(migration.run(lambda client: [arriving_late(CREATE[migration.route], conversations)(client),
                                        arriving_late(part, parts)(client)]))  # fmt: skip
    ((create, created), (append, appended)) = conversations + parts
    migration.site.call(lambda client: getattr(client, create)(*created))
    migration.site.call(lambda client: getattr(client, append)(*appended))
    found(migration.run(), twice=2, healed=2)
    assert {row[2:] for row in duplicates(migration)} == {("delete", "confirmed"), ("redact", "confirmed")}
    assert len(migration.threads()) == 4
    found(migration.run())
    assert migration.calls["writes"] == 0


@pytest.mark.chaos
def test_an_effect_that_the_workspace_delays_is_found_and_taken_back(migration):
    """The same by a real delay: how much of it falls into the first run depends on the machine."""
    endpoint = {"ticket": "POST /tickets", "conversation": "POST /conversations"}[migration.route]
    rule = {"kind": "late", "calls": endpoint, "nth": 2, "seconds": 8}
    migration.site.control("faults", "POST", {"seed": 1, "rules": [rule]})
    try:
        first = migration.run(settle=0.2, deadline=2.0)
        until(lambda: first["healed"] or len(migration.threads()) == 5)
    finally:
        migration.site.control("faults", "POST", {"seed": 1, "rules": []})
    assert first["healed"] + migration.run()["healed"] == 1
    assert len(migration.threads()) == 4
    found(migration.run())


def until(condition):
    """Wait until something has come about."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.1)


FALLBACK = "fallback@example.com"


def admin(migration, email=FALLBACK):
    """The id of a teammate."""
    admins = migration.site.call(lambda client: client.list_admins())
    return next(item.id for item in admins if item.email == email)


async def reply(client, copy, person):
    """A teammate answers in it."""
    body = {"message_type": "note", "type": "admin", "admin_id": person, "body": "<p>Looked at it.</p>"}
    await client.reply_conversation(copy, body)


async def assign(client, copy, person):
    """A teammate takes it."""
    body = {"message_type": "assignment", "type": "admin", "admin_id": person, "assignee_id": person}
    await client.manage_conversation(copy, body)


async def close(client, copy, person):
    """A teammate closes it."""
    await client.manage_conversation(copy, {"message_type": "close", "type": "admin", "admin_id": person})


async def put_a_tag_on(client, copy, person):
    """A teammate tags it."""
    tag = await client.create_tag("Of a teammate")
    await client.tag_conversation(copy, tag.id, person)


def test_copies_that_somebody_touched_are_left_and_told_with_both_ids(migration):
    migration.run()
    touches = (reply, assign, close, put_a_tag_on)
    copies = [migration.again("create", number) for number in range(len(touches))]
    person = admin(migration)

    async def people(client):
        for touch, copy in zip(touches, copies, strict=True):
            await touch(client, copy, person)

    migration.site.call(people)
    found(migration.run(), twice=4, left=4)
    rows = migration.strays()
    assert {row["intercom_id"] for row in rows} == set(copies)
    for row in rows:
        assert (row["kind"], row["object"], row["outcome"]) == ("twice", "conversation", "left")
        assert row["ours_id"] == migration.id_of("conversation", row["source_key"])
        assert row["reason"]
    assert duplicates(migration) == []
    assert len(migration.threads()) == 8


def test_a_doubled_part_is_redacted_and_ours_stays(ticket_route):
    ticket_route.run()
    before = ticket_route.parts("t1")
    copy = ticket_route.again("reply")
    found(ticket_route.run(), twice=1, healed=1)
    assert [row[1:] for row in duplicates(ticket_route)] == [("m1", "redact", "confirmed")]
    after = {part.id: part for part in ticket_route.parts("t1")}
    assert [after[part.id].body for part in before] == [part.body for part in before]
    assert after[copy].redacted
    assert set(after) == {copy, *(part.id for part in before)}
    found(ticket_route.run())
    assert ticket_route.calls["writes"] == 0


def test_what_others_wrote_since_is_counted_and_let_be(ticket_route):
    """A17: a teammate and a customer answer in a migrated conversation, a teammate takes another one."""
    ticket_route.run()
    person = admin(ticket_route)
    ticket, other = (ticket_route.id_of("conversation", key) for key in ("t1", "t3"))
    customer = ticket_route.site.rows("SELECT intercom_id FROM plan.journal WHERE object = 'contact' LIMIT 1")[0][0]

    async def people(client):
        await reply(client, ticket, person)
        body = {"message_type": "comment", "type": "user", "intercom_user_id": customer, "body": "Thanks"}
        await client.reply_ticket(ticket, {**body, "skip_notifications": True})
        await assign(client, other, person)

    ticket_route.site.call(people)
    found(ticket_route.run(), foreign_parts=2, foreign_edits=1)
    assert ticket_route.calls["writes"] == 0


def test_ours_that_somebody_deleted_is_not_replaced_by_its_copy(ticket_route):
    """H5: the copy is the only one left, so it is told of and let be, and ours is told to be gone."""
    ticket_route.run()
    copy = ticket_route.again("create", 1)
    key = ticket_route.site.rows("SELECT source_key FROM plan.journal WHERE object = 'conversation' AND "
                                 "operation = 'create' ORDER BY write_id LIMIT 1 OFFSET 1")[0][0]  # fmt: skip
    ours = ticket_route.id_of("conversation", key)
    ticket_route.site.call(lambda client: client.delete_ticket(ours))
    found(ticket_route.run(), orphaned=1)
    (row,) = ticket_route.strays()
    assert (row["source_key"], row["intercom_id"], row["ours_id"]) == (key, copy, None)
    lost = ticket_route.site.rows("SELECT * FROM observed.deleted_in_intercom")
    assert ("conversation", key, ours, "deleted_in_intercom") in lost
    assert copy in ticket_route.threads()


def test_what_another_migration_wrote_is_never_taken_back(ticket_route):
    ticket_route.run()
    copy = ticket_route.again("create")

    async def note():
        with Journal(ticket_route.site.url, "another") as journal:
            journal.begin_run(Run("other"))
            number = await journal.intent(Write("conversation", "t1", "create", "f", "c1"))
            journal.outcome(number, State.CONFIRMED, intercom_id=copy)
            await journal.flush()

    asyncio.run(note())
    found(ticket_route.run())
    assert copy in ticket_route.threads()


def test_killed_between_intent_and_outcome_of_a_deletion_the_next_sweep_ends_it(migration):
    """What kills leave (P4): intents, of which one had reached Intercom and one had not."""
    migration.run()
    copies = [migration.again("create", number) for number in (0, 1)]

    async def killed():
        with Journal(migration.site.url, "m") as journal:
            journal.begin_run(Run("killed"))
            for copy, key in zip(copies, ("t1", "t2"), strict=True):
                await journal.intent(Write(DUPLICATE, copy, "delete", "ours", key))

    asyncio.run(killed())
    migration.site.call(lambda client: client.delete_conversation(copies[0]))
    found(migration.run(), twice=2, healed=2)
    assert {row[0]: row[3] for row in duplicates(migration)} == dict.fromkeys(copies, "confirmed")
    assert len(migration.threads()) == 4
    found(migration.run())


def test_a_deletion_whose_answer_is_lost_counts_once_it_is_seen_to_have_happened(ticket_route):
    ticket_route.run()
    copy = ticket_route.again("create")
    ticket_route.site.control(
        "faults", "POST", {"seed": 1, "rules": [{"kind": "after", "calls": "DELETE /tickets/{id}", "nth": 1}]}
    )
    try:
        found(ticket_route.run(), twice=1, healed=1)
    finally:
        ticket_route.site.control("faults", "POST", {"seed": 1, "rules": []})
    assert copy not in ticket_route.threads()


def test_a_refused_deletion_leaves_the_copy_to_a_person_and_is_no_failure_of_the_load(ticket_route):
    ticket_route.run()
    copy = ticket_route.again("create")

    def wrap(client):
        async def refuse(ticket_id):
            raise IntercomError(CallOutcome.REJECTED, 403, "forbidden", "No permission.", None, "DELETE /tickets/{id}")

        client.delete_ticket = refuse

    found(ticket_route.run(wrap), twice=1, left=1)
    assert ticket_route.strays()[0]["reason"].startswith("Intercom refused to take it back")
    with ticket_route.site.warehouse.connect() as connection:
        evidence = gather(connection, limited=False, notifications_sent=0)
    assert (evidence.failures, evidence.sweep.left) == ([], 1)
    found(ticket_route.run(), twice=1, healed=1)
    assert copy not in ticket_route.threads()


def test_what_came_after_the_count_is_seen(ticket_route):
    asked = []

    def wrap(client):
        search = client.search_tickets

        async def looking(query):
            asked.append(query)
            if len(asked) == 2:
                name, args = next(call for call in ticket_route.made if call[0] == "create_ticket")
                await getattr(client, name)(*args)
            async for page in search(query):
                yield page

        client.search_tickets = looking

    found(ticket_route.run(wrap), twice=1, healed=1)
    assert len(asked) == 2
    assert len(ticket_route.threads()) == 4


def test_a_stop_from_another_terminal_ends_the_wait_for_what_has_not_settled(ticket_route):
    def wrap(client):
        real = client.search_tickets

        def stopping(query):
            with Journal(ticket_route.site.url, "m") as journal:
                journal.ask(Command.STOP, "a test")
            return real(query)

        client.search_tickets = stopping

    with pytest.raises(Stopped, match="asked to stop"):
        ticket_route.run(wrap, settle=300.0)
    assert ticket_route.site.rows("SELECT count(*) FROM verdict.sweep") == [(0,)]
