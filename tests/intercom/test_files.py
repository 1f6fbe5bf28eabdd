"""Files go into Intercom with their messages, over real HTTP: whole, once, and never at the cost of a message."""

import asyncio
import hashlib

import httpx
import pytest

from migration_assets.objects.conversation.count import count_conversations
from migration_assets.objects.conversation.routes.files import Files
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import UnsendableError
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from resources.journal import Journal
from tests.support import target_tables as tt


def put(site, tt, key, message_id, content=b"content", position=1, ticket_id="t1", **kw):
    """Put a file into the drop, and return its row of target.attachments."""
    path = f"attachments/{key}"
    (site.drop / path).parent.mkdir(parents=True, exist_ok=True)
    (site.drop / path).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    row = tt.attachment(key, message_id, ticket_id, position=position, path=path, size=len(content), **kw)
    return row | {"sha256": digest, "mark": hashlib.sha256(f"{key}:{digest}".encode()).hexdigest()[:16]}


@pytest.fixture
def site(site):
    """A ticket with an agent's message, a contact's, and one more, the first two with files."""
    admin_files = [put(site, tt, "f1", "m1", b"\x00\x01 bytes \xff" * 1000), put(site, tt, "f2", "m1", b"two", 2)]
    contact_file = put(site, tt, "f3", "m2", "Grüße.txt".encode(), name="Grüße & co.txt", content_type="text/x-odd")
    site.target(
        attributes=[
            {"source_key": f"{model}.ITCO id", "model": model, "name": "ITCO id", "data_type": "string"}
            for model in ("contact", "ticket")
        ],
        contacts=[tt.contact("c1")],
        admins=[tt.admin("a1")],
        conversations=[tt.conversation("t1")],
        attachments=[*admin_files, contact_file],
        file_headings=[tt.heading("m1"), tt.heading("m2")],
        parts=[tt.part("m1", "t1", 1, "a1", "admin", attachments=["f1", "f2"]), *contacts_message(tt),
               tt.part("m3", "t1", 4)],
    )  # fmt: skip
    return site


def contacts_message(tt, route="ticket"):
    """Return the contact's message as the target has it: on the ticket route a note carries its file."""
    if route == "conversation":
        return [tt.part("m2", "t1", 2, attachments=["f3"])]
    note = tt.part("m2:files", "t1", 3, None, "admin", kind="note", generated=True, files_of="m2", attachments=["f3"],
                   created_at=1_600_000_120)  # fmt: skip
    return [tt.part("m2", "t1", 2), note]


def there(site, key="t1"):
    """Return [(kind of part, {file name: (size, type, sha256)})] of a ticket, as Intercom gives it back."""
    (ticket,) = [ticket for itco_id, ticket in site.tickets().items() if itco_id == key]
    found = []
    for part in ticket.parts:
        if part.part_type in ("comment", "note"):
            files = {
                item["name"]: (item["filesize"], item["content_type"], digest(site, item)) for item in part.attachments
            }
            found.append((part.part_type, files))
    return found


def digest(site, item):
    answer = httpx.get(item["url"], headers={"Authorization": f"Bearer {site.server.token}"}, trust_env=False)
    return hashlib.sha256(answer.raise_for_status().content).hexdigest()


def wanted(site, *keys):
    rows = {row["source_key"]: row for row in site.tables["attachments"]}
    return {rows[key]["name"]: (rows[key]["size"], rows[key]["content_type"], rows[key]["sha256"]) for key in keys}


def count_files(site):
    async def count(client):
        with Journal(site.url, "m") as journal:
            return (await count_conversations(Environment(site.warehouse, journal, client), "ITCO ticket"))[2]

    found = site.call(count)
    return found.target, found.present


def journalled(site):
    return dict(site.rows("SELECT source_key, state FROM plan.journal WHERE object = 'part'"))


@pytest.mark.parametrize("route", ["ticket", "conversation"])
def test_files_arrive_byte_for_byte_with_their_messages(site, route):
    first, *_, last = site.tables["parts"]
    site.target(parts=[first, *contacts_message(tt, route), last])
    site.options = {"route": route}
    result = site.migrate()["conversation"]
    assert (result.created, result.failed) == (1, 0)
    with_message = [("comment", wanted(site, "f1", "f2")), ("comment", wanted(site, "f3")), ("comment", {})]
    by_note = [("comment", wanted(site, "f1", "f2")), ("comment", {}), ("note", wanted(site, "f3")), ("comment", {})]
    assert there(site) == (with_message if route == "conversation" else by_note)
    assert site.control("state")["ignored_fields"] == {}
    assert site.control("state")["counts"]["attachments"] == 3
    assert count_files(site) == (3, 3)
    if route == "ticket":
        assert site.control("notifications")["total"] == 0

    again = site.migrate()["conversation"]
    assert (again.unchanged, again.calls) == (1, 0)
    assert site.control("state")["counts"]["attachments"] == 3


def test_eleven_files_go_in_two_calls(site):
    files = [put(site, tt, f"n{n:02}", "m1", b"%d" % n, n) for n in range(1, 12)]
    keys = [file["source_key"] for file in files]
    note = tt.part("m1:files#2", "t1", 2, None, "admin", kind="note", files_of="m1", attachments=keys[10:])
    site.target(attachments=files, parts=[tt.part("m1", "t1", 1, "a1", "admin", attachments=keys[:10]), note])
    site.migrate()
    assert there(site) == [("comment", wanted(site, *keys[:10])), ("note", wanted(site, *keys[10:]))]
    assert count_files(site) == (11, 11)


def test_a_file_that_came_late_follows_in_a_note_at_its_messages_time(site):
    every, parts = site.tables["attachments"], site.tables["parts"]
    site.target(attachments=every[:1], parts=[{**parts[0], "attachments": ["f1"]}, parts[1], parts[3]])
    site.migrate()
    site.target(attachments=every, parts=parts)
    result = site.migrate()["conversation"]
    assert result.sent == {"part/append": 2, "conversation/settle": 1}
    assert there(site) == [
        ("comment", wanted(site, "f1")), ("note", wanted(site, "f2")), ("comment", {}), ("note", wanted(site, "f3")),
        ("comment", {}),
    ]  # fmt: skip
    (late,) = [part for part in site.tickets()["t1"].parts if "ITCO attachment f2" in (part.body or "")]
    assert late.created_at == 1_600_000_060
    assert site.migrate()["conversation"].calls == 0


def refusing(names):
    """Make Intercom refuse a part that carries one of these files."""

    def wrap(client):
        real = client.reply_ticket

        async def reply(ticket_id, body, files=()):
            if {file.name for file in files} & names:
                raise IntercomError(CallOutcome.REJECTED, 400, "parameter_invalid", "no such files", "r", "POST /reply")
            return await real(ticket_id, body, files)

        client.reply_ticket = reply

    return wrap


def test_a_file_that_intercom_refuses_costs_no_message_and_no_other_file(site):
    result = site.migrate(wrap=refusing({"f2.txt"}))["conversation"]
    assert there(site) == [
        ("comment", {}), ("note", wanted(site, "f1")), ("comment", {}), ("note", wanted(site, "f3")), ("comment", {}),
    ]  # fmt: skip
    assert result.failed == 1
    states = {key: state for key, state in journalled(site).items() if state != "confirmed"}
    assert [key.partition(":")[0] for key in states] == ["f2"]
    assert set(states.values()) == {"rejected"}
    assert count_files(site) == (3, 2)
    assert site.migrate()["conversation"].calls == 0
    site.migrate(retry_failed=True)
    assert there(site)[2] == ("note", wanted(site, "f2"))
    assert count_files(site) == (3, 3)


@pytest.mark.parametrize("damage", ["gone", "changed", "longer", "link"])
def test_a_file_that_is_not_what_was_planned_is_not_sent_and_its_message_is(site, damage, tmp_path):
    path = site.drop / "attachments" / "f1"

    def wrap(client):
        if damage == "link":
            (tmp_path / "elsewhere").write_bytes(path.read_bytes())
        path.unlink()
        if damage == "changed":
            path.write_bytes(b"\x00\x01 bytes \xfe" * 1000)
        elif damage == "longer":
            path.write_bytes(b"\x00\x01 bytes \xff" * 1001)
        elif damage == "link":
            path.symlink_to(tmp_path / "elsewhere")

    site.migrate(wrap=wrap)
    assert there(site) == [
        ("comment", {}), ("note", wanted(site, "f2")), ("comment", {}), ("note", wanted(site, "f3")), ("comment", {}),
    ]  # fmt: skip
    ((message,),) = site.rows("SELECT error_message FROM plan.journal WHERE state = 'rejected'")
    words = {"gone": "cannot be read", "changed": "was changed", "longer": "was changed", "link": "lies outside"}[
        damage
    ]
    assert message.startswith("The file of the attachment f1 ")
    assert words in message
    assert str(site.drop) not in message


@pytest.mark.chaos
@pytest.mark.parametrize("route", ["ticket", "conversation"])
@pytest.mark.parametrize("after", [True, False])
def test_lost_answers_double_no_file(site, route, after):
    first, *_, last = site.tables["parts"]
    site.target(parts=[first, *contacts_message(tt, route), last])
    site.options = {"route": route}

    def wrap(client):
        for name in ("reply_ticket", "reply_conversation"):
            real, lost = getattr(client, name), []

            async def reply(*given, real=real, lost=lost):
                if len(lost) < 2:
                    lost.append(1)
                    if after:
                        await real(*given)
                    raise IntercomError(CallOutcome.AMBIGUOUS, None, "no_answer", "", None, "POST /x")
                return await real(*given)

            setattr(client, name, reply)

    site.migrate(wrap=wrap)
    site.migrate()
    assert site.control("state")["counts"]["attachments"] == 3
    assert count_files(site) == (3, 3)
    assert site.plan(route=route).calls == 0


def test_a_file_that_somebody_deleted_in_intercom_is_missed(site):
    site.migrate()
    shown = site.tickets()["t1"].parts

    async def count(client):
        real = client.search_tickets

        async def search(query):
            async for page in real(query):
                for ticket in page:
                    for part in ticket.parts:
                        del part.attachments[:1]
                yield page

        client.search_tickets = search
        with Journal(site.url, "m") as journal:
            return await count_conversations(Environment(site.warehouse, journal, client), "ITCO ticket")

    assert sum(len(part.attachments) for part in shown) == 3
    conversations, parts, files = site.call(count)
    assert (conversations.present, parts.present, files.target, files.present) == (1, 4, 3, 1)


def test_only_so_many_bytes_are_under_way_and_a_large_file_goes_alone(site):
    async def send_all():
        files, under_way, most = Files(site.drop, under_way=100), 0, 0
        sizes = [60, 60, 30, 300, 10]
        parts = [{"files": [put(site, tt, f"s{n}", "m1", b"x" * size) | {"attachment_key": f"s{n}"}]}
                 for n, size in enumerate(sizes)]  # fmt: skip

        async def send(part):
            nonlocal under_way, most
            async with files.of(part) as (upload,):
                under_way += upload.size
                most = max(most, under_way if upload.size <= 100 else 0)
                assert upload.size <= 100 or under_way == upload.size
                await asyncio.sleep(0.01)
                under_way -= upload.size

        await asyncio.gather(*map(send, parts))
        return most

    assert 60 <= asyncio.run(send_all()) <= 100


def test_the_turn_is_given_back_when_a_file_cannot_be_sent(site):
    bad = put(site, tt, "bad", "m1", b"x" * 100) | {"attachment_key": "bad", "sha256": "0" * 64}
    good = put(site, tt, "good", "m1", b"x" * 100) | {"attachment_key": "good"}

    async def send():
        files = Files(site.drop, under_way=100)
        for _ in range(3):
            with pytest.raises(UnsendableError, match="attachment bad was changed"):
                async with files.of({"files": [bad]}):
                    pass
        async with asyncio.timeout(5), files.of({"files": [good]}) as (upload,):
            return upload.name

    assert asyncio.run(send()) == "good.txt"
